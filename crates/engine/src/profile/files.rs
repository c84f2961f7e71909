//! Which files go with messages, as the connection and its profile say it together.

use model::{ApiOptions, AttachmentOptions, ComposerOptions, Connection, Profile, UploadStrategy};

use super::{checked::at_home, layered::Over};

/// What a connection says of files; where it says nothing, its options, and then what its server publishes. Only a
/// connection itself has files sent to another server than its own.
pub(super) fn attachments(connection: &Connection, published: Option<&Profile>) -> Option<AttachmentOptions> {
    let options = connection.options.as_deref();
    if options.is_none() && published.is_none() {
        return connection.attachments.clone();
    }
    let files = |profile: Option<&Profile>| profile?.composer.as_ref()?.attachments.clone();
    let api = |profile: Option<&Profile>| profile?.api.clone();
    let attachments = files(options).over(files(published));
    let said = Profile {
        composer: Some(ComposerOptions { attachments, ..ComposerOptions::default() }),
        api: api(options).over(api(published)).map(|api| checked(api, &connection.url)),
        ..Profile::default()
    };
    let said = said.files();
    connection.attachments.clone().over((said != AttachmentOptions::default()).then_some(said))
}

fn checked(api: ApiOptions, server: &str) -> ApiOptions {
    let upload_strategy = api.upload_strategy.and_then(|strategy| match strategy {
        UploadStrategy::TwoPhase => Some(UploadStrategy::TwoPhase),
        UploadStrategy::Direct { upload_url } => {
            Some(UploadStrategy::Direct { upload_url: at_home(&upload_url, server)?.into() })
        }
    });
    ApiOptions { upload_strategy }
}

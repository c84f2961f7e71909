//! A file that is sent to the server, to see whether it takes it.

use std::path::Path;

use model::{Connection, Failure, Kind};
use tokio_util::bytes::Bytes;

use super::{
    asks::bare,
    chain::{Seen, Wrong, fact},
    words::count,
};
use crate::{
    attachments::{Source, open},
    backend::{Backend, Uploaded},
    failure::unnamed_file,
};

/// What a test sends by itself, where files have an address of their own.
const NAME: &str = "kittiwake-test.txt";
const TEXT: &[u8] = b"Kittiwake tests whether files arrive here. This one can be deleted.\n";
const TYPE: &str = "text/plain";

/// Sends a file, and has the server forget it again, where that can be asked for.
pub(super) async fn send(backend: &Backend, path: &Path) -> Result<((), Seen), Wrong> {
    sent(backend, Source::Path(path.to_owned())).await
}

/// The address at which the server of a connection takes files directly, if the settings name one and take such files as a
/// test sends.
pub(super) fn direct(connection: &Connection) -> Option<&str> {
    if !matches!(connection.kind, Kind::Chatkit | Kind::Hosted) {
        return None;
    }
    let options = connection.attachments.as_ref()?;
    let takes = options.is_enabled(connection.kind) && options.accepts(NAME, TYPE) && fits(options.largest(TYPE));
    options.upload_url.as_deref().filter(|_| takes)
}

fn fits(largest: u64) -> bool {
    u64::try_from(TEXT.len()).is_ok_and(|size| size <= largest)
}

/// Sends a tiny file to that address. Messages without files go on where it is not taken, so that is no failure of the
/// connection.
pub(super) async fn send_tiny(backend: &Backend, address: &str) -> Result<((), Seen), Wrong> {
    let address = fact("Sent to", bare_of(backend, address));
    let seen = match sent(backend, Source::Bytes(NAME.to_owned(), Bytes::from_static(TEXT))).await {
        Ok(((), seen)) => seen,
        Err(Wrong { failure, .. }) => {
            let words = "Messages without files are not touched by that. The address stands in the settings of the \
                         connection, as “attachments.upload_url”.";
            let seen = Seen { finding: failure.finding, ..Seen::noted(format!("{} {words}", failure.message)) };
            match failure.detail {
                Some(detail) => seen.fact("The server said", detail),
                None => seen,
            }
        }
    };
    let facts = [address].into_iter().chain(seen.facts).collect();
    Ok(((), Seen { facts, ..seen }))
}

/// An address as it is called: whole, and without its query.
fn bare_of(backend: &Backend, address: &str) -> String {
    let own = url::Url::parse(&backend.connection().url);
    own.and_then(|own| own.join(address)).map(|url| bare(url.as_str())).unwrap_or_default()
}

async fn sent(backend: &Backend, source: Source) -> Result<((), Seen), Wrong> {
    let opened = open(source).await.map_err(Failure::from)?;
    let Uploaded { id, file } = backend.upload(opened).await?;
    if id.is_none() && direct(backend.connection()).is_some() {
        return Err(unnamed_file(backend.name()).into());
    }
    let bytes = count(usize::try_from(file.size).unwrap_or(usize::MAX), "byte", "bytes");
    let line = format!("“{}” took the file “{}”: {bytes}, as {}.", backend.name(), file.name, file.mime_type);
    let left = match backend.discard(id).await {
        Ok(true) => "deleted again".to_owned(),
        Ok(false) => "stays on the server, which names no way to delete it".to_owned(),
        Err(failure) => format!("still on the server: {}", failure.message),
    };
    Ok(((), Seen::new(line).fact("The file", left)))
}

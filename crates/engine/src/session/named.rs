//! What exactly is wrong with a session endpoint, by name.

use adapters::session::{GrantError, places_key};
use model::{Connection, Finding, SessionSource};
use secrecy::SecretString;
use transport::TransportError;
use url::Url;

use super::Part;
use crate::failure::{
    credentials::{self, Sent},
    named,
};

/// Why it does not answer as it should. `key` is what it was asked with.
pub fn refused(
    connection: &Connection,
    part: Part,
    error: &TransportError,
    key: Option<&SecretString>,
) -> Option<Finding> {
    match error {
        TransportError::Status { status: 401, challenge, snippet, date, .. } => {
            let found = credentials::refused(challenge.as_deref(), snippet, sent(connection, part));
            let is_over = || key.is_some_and(|key| credentials::is_over(key, *date));
            let over = found == Finding::CredentialsRefused && is_over();
            Some(if over { Finding::CredentialsExpired } else { found })
        }
        TransportError::Status { status: 404 | 405, .. } => {
            let twice = address(connection, part).is_some_and(|url| named::doubled(url.path()).is_some());
            Some(if twice { Finding::VersionDoubled } else { Finding::SessionNotFound })
        }
        TransportError::Status { status: 422, snippet, .. } => {
            credentials::header_wanted(snippet, sent(connection, part))
        }
        TransportError::Status { status: 403, snippet, .. } => credentials::wanted(snippet, sent(connection, part)),
        TransportError::Status { status: 500.., .. } => Some(Finding::SessionFailed),
        TransportError::ContentType { .. } => Some(Finding::SessionNotJson),
        TransportError::WebPage { status: 200..=299, asked, .. } if asked.starts_with("https://") => {
            Some(Finding::SessionNotJson)
        }
        TransportError::TooLarge { .. } => Some(Finding::SecretTooLarge),
        _ => named::of(error),
    }
}

/// Why its answer grants nothing.
pub fn ungranted(error: &GrantError) -> Finding {
    match error {
        GrantError::Html | GrantError::NotJson => Finding::SessionNotJson,
        GrantError::Null { .. } => Finding::SecretNull,
        GrantError::TooLong { .. } => Finding::SecretTooLarge,
        GrantError::Unsendable { .. } => Finding::CredentialsMalformed,
        GrantError::Missing { .. } | GrantError::NotText { .. } if !error.places().is_empty() => {
            Finding::SecretElsewhere
        }
        GrantError::Missing { .. }
        | GrantError::NotText { .. }
        | GrantError::Empty { .. }
        | GrantError::NoCookie { .. } => Finding::SecretMissing,
    }
}

/// What it was asked with.
fn sent(connection: &Connection, part: Part) -> Sent<'_> {
    match part {
        Part::SignIn => Sent::Apart,
        Part::Session if !connection.session.needs_credential() => Sent::Nothing,
        Part::Session if places_key(&connection.session) => Sent::Apart,
        Part::Session if connection.sign_in.is_key() => Sent::After("Bearer"),
        Part::Session => Sent::to(connection),
    }
}

fn address(connection: &Connection, part: Part) -> Option<Url> {
    let SessionSource::Endpoint(endpoint) = &connection.session else { return None };
    Url::parse(&endpoint.url).ok().filter(|_| part == Part::Session)
}

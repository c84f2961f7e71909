//! Failures in words that fit the kind of server.

use adapters::Mismatch;
use model::{Connection, Failure, FailureCode, Finding, Kind, Mapping};
use transport::TransportError;

use super::{answers, credentials, named, on_the_way};
use crate::reason::says;

/// What happened on the way to a connection.
pub fn on_the_way_to(connection: &Connection, error: &TransportError) -> Failure {
    let failure = on_the_way(&connection.name, error);
    let finding = match answers::has_own_words(&failure) {
        true => failure.finding,
        false => named::of_refusal(connection, error).or(failure.finding),
    };
    let words = match error {
        _ if answers::has_own_words(&failure) => None,
        TransportError::Status { status, challenge, snippet, .. } => {
            let named = match finding {
                Some(Finding::WrongAddress) => Some(wants_tls(&connection.name, *status)),
                // What a server made is judged where it was asked for.
                Some(found) if !connection.is_made() => {
                    credentials::words(&connection.name, found, *status, challenge.as_deref())
                }
                _ => None,
            };
            let words = named.or_else(|| refused(connection.kind, &connection.name, *status));
            words.map(|words| words + &says(snippet))
        }
        TransportError::ContentType { snippet, .. } if answers::is_events(snippet) => None,
        TransportError::ContentType { found, .. } => {
            Some(not_expected(connection.kind, &connection.name, found.as_deref()))
        }
        _ => None,
    };
    Failure { message: words.unwrap_or(failure.message), finding, ..failure }
}

/// A port for TLS was asked without.
fn wants_tls(name: &str, status: u16) -> String {
    format!(
        "What answers at the address of “{name}” wants everything encrypted (status {status}), and was asked without. Write \
         the address with https:// in Settings → Connections."
    )
}

/// A refusal whose words depend on what was expected to be there.
fn refused(kind: Kind, name: &str, status: u16) -> Option<String> {
    Some(match (kind, status) {
        (Kind::Chatkit | Kind::Hosted, _) => return None,
        (Kind::Openai, 404) => format!(
            "“{name}” has no such model, or nothing that answers is at its address (status 404). Check both; the address mostly \
             ends in /v1."
        ),
        (Kind::Openai, 405) => format!(
            "What is at the address of “{name}” takes no POST (status 405), so it is not an OpenAI-compatible API. Check the \
             address, down to its path; mostly it ends in /v1."
        ),
        (Kind::Custom, 404) => format!(
            "“{name}” has nothing at the path where it was asked (status 404), or does not know this conversation any more. \
             Check the address, and the paths under “More settings” in Settings → Connections."
        ),
        (Kind::Custom, 405) => format!(
            "“{name}” takes no POST at the path where it was asked (status 405). Check the address, and the paths under “More \
             settings” in Settings → Connections."
        ),
        (Kind::Custom, 422) => format!(
            "“{name}” wants other fields than it was sent (status 422). Name them as it does under “More settings” in Settings \
             → Connections, or write a template."
        ),
        _ => return None,
    })
}

fn not_expected(kind: Kind, name: &str, found: Option<&str>) -> String {
    let what = match (kind, found) {
        (_, Some(found)) if found.contains("html") => "a web page",
        (Kind::Chatkit | Kind::Hosted | Kind::Openai, Some(found)) if found.contains("json") => {
            "JSON instead of a stream"
        }
        (Kind::Chatkit | Kind::Hosted, Some(_)) => "something that is not a ChatKit answer",
        (Kind::Openai, Some(_)) => "something that is not an answer of an OpenAI-compatible API",
        (Kind::Custom, Some(_)) => "something that is neither a stream nor JSON nor text",
        (_, None) => "an answer that does not say what it is",
    };
    let next = match kind {
        Kind::Chatkit | Kind::Hosted => "Check that the address is that of the ChatKit endpoint itself.",
        Kind::Openai => "Check that the address is that of the API itself; mostly it ends in /v1.",
        Kind::Custom => "Check the address, and the paths under “More settings” in Settings → Connections.",
    };
    format!("“{name}” answered with {what}. {next}")
}

/// An answer that came through and cannot be understood.
pub fn not_understood(kind: Kind, name: &str, what: &str) -> Failure {
    Failure::new(FailureCode::NotChatkit, not_expected(kind, name, Some("other"))).with_detail(what.to_owned())
}

/// An answer in whose shape no text was found.
pub fn mismatched(name: &str, Mismatch { shape, field, pointers }: Mismatch) -> Failure {
    let next = if pointers.is_empty() {
        "It holds no text at all. Ask whoever wrote the server."
    } else {
        "Say where it is; then try again."
    };
    let words = format!("“{name}” answered, but its text is not where it was looked for. {next}");
    let mapping = (!pointers.is_empty()).then(|| Box::new(Mapping { field: field.to_owned(), pointers }));
    let failure = Failure::new(FailureCode::FormatMismatch, words).with_detail(shape);
    Failure { mapping, ..failure.found(Finding::FormatMismatch) }
}

#[cfg(test)]
mod tests {
    use model::SessionSource;

    use super::*;

    fn told(kind: Kind, error: &TransportError) -> String {
        on_the_way_to(&Connection::new("c".into(), "Office", kind, "https://a.example", SessionSource::None), error)
            .message
    }

    #[test]
    fn no_server_is_called_what_it_is_not() {
        for kind in [Kind::Openai, Kind::Custom] {
            for status in [404, 405, 406, 415, 422, 500] {
                let snippet = r#"{"detail": "Unknown"}"#.to_owned();
                let words = told(
                    kind,
                    &TransportError::Status { status, retry_after: None, date: None, challenge: None, snippet },
                );
                assert!(!words.contains("ChatKit") && words.ends_with("The server says: “Unknown”."), "{words}");
            }
            for found in [Some("text/html"), Some("application/json"), Some("image/png"), None] {
                let error = TransportError::ContentType {
                    expected: transport::Expected::Events,
                    found: found.map(str::to_owned),
                    status: 200,
                    snippet: String::new(),
                };
                let words = told(kind, &error);
                assert!(!words.contains("ChatKit") && words.contains("Check"), "{words}");
            }
            assert!(!not_understood(kind, "Office", "x").message.contains("ChatKit"));
        }
        let status = |status| TransportError::Status {
            status,
            retry_after: None,
            date: None,
            challenge: None,
            snippet: String::new(),
        };
        assert!(told(Kind::Chatkit, &status(404)).contains("ChatKit endpoint"));
        assert!(told(Kind::Custom, &status(422)).contains("other fields"));
    }

    #[test]
    fn a_mismatch_shows_the_shape_and_offers_places() {
        let mismatch = Mismatch { shape: "{reply: text}".to_owned(), field: "f", pointers: vec!["/reply".to_owned()] };
        let failure = mismatched("Office", mismatch);
        assert_eq!((failure.code, failure.detail.as_deref()), (FailureCode::FormatMismatch, Some("{reply: text}")));
        assert_eq!(failure.mapping.unwrap().pointers, ["/reply"]);
        let none = mismatched("Office", Mismatch { shape: "{}".to_owned(), field: "f", pointers: Vec::new() });
        assert!(none.mapping.is_none() && none.message.contains("no text"));
    }
}

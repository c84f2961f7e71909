//! What happened to a WebSocket, in the words of a person.

use model::{Failure, FailureCode, Finding};
use transport::{TransportError, close_meaning};

use crate::reason::says;

/// A server closed its WebSocket while an answer was awaited.
pub fn closed(name: &str, code: Option<u16>, reason: &str, started: bool) -> (FailureCode, String) {
    // What calls itself 1005 is a code that was left out.
    let code = code.unwrap_or(1005);
    let when = if started { "in mid-answer" } else { "before it answered" };
    let meaning = close_meaning(code).unwrap_or("for a reason of its own");
    let says = match reason.trim() {
        "" => String::new(),
        reason => format!(" It says: “{reason}”."),
    };
    let next = match code {
        1008 | 3000 | 3003 => " Check the token in Settings → Connections, or ask whoever runs it.",
        1009 => " Send less at once.",
        _ => "",
    };
    let kept = if started { " What had arrived is kept." } else { "" };
    let failure = if code == 1009 { FailureCode::TooLarge } else { FailureCode::Interrupted };
    (failure, format!("“{name}” closed the connection {when}: {meaning} ({code}).{says}{next}{kept}"))
}

/// A server answers at an address, but opens no WebSocket there. `status` is how it answers.
pub fn no_socket(name: &str, status: u16) -> String {
    format!(
        "“{name}” opens no WebSocket at its address (status {status}). Check the path of the WebSocket in Settings → \
         Connections; some proxies have to be told to let WebSockets through."
    )
}

/// A handshake was refused. The usual words are about requests: a server with nothing at a path, or a proxy that hands on no
/// handshake, refuses in these ways, and many servers have but one refusal for whatever is wrong.
pub fn no_handshake(name: &str, error: &TransportError, failure: Failure) -> Failure {
    match error {
        TransportError::Status { status: status @ (400 | 403 | 404 | 405 | 426 | 501), snippet, .. } => {
            let access = if *status == 403 { " If it is right, ask whoever runs it for access." } else { "" };
            let message = no_socket(name, *status) + access + &says(snippet);
            Failure { message, ..failure }.found(Finding::SocketRefused)
        }
        TransportError::Cut { .. } => failure.found(Finding::SocketDropped),
        _ => failure,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closing_code_is_told_with_what_the_server_says_and_what_to_do() {
        let (code, words) = closed("Office", Some(1011), " no luck ", true);
        assert_eq!(code, FailureCode::Interrupted);
        let wanted = "“Office” closed the connection in mid-answer: it failed (1011). It says: “no luck”. What had arrived \
                      is kept.";
        assert_eq!(words, wanted);
        let (code, words) = closed("Office", Some(1009), "", false);
        assert_eq!(code, FailureCode::TooLarge);
        assert!(words.contains("before it answered") && words.ends_with("Send less at once."), "{words}");
        let refused = |status| {
            let error = TransportError::Status {
                status,
                retry_after: None,
                date: None,
                challenge: None,
                snippet: String::new(),
            };
            no_handshake("Office", &error, Failure::new(FailureCode::Forbidden, "As usual.")).message
        };
        assert_eq!(refused(401), "As usual.");
        assert!(refused(404).contains("path of the WebSocket") && refused(403).ends_with("for access."));
        let (_, words) = closed("Office", Some(4000), "", false);
        assert!(words.ends_with("for a reason of its own (4000)."), "{words}");
    }
}

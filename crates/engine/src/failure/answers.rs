//! What is wrong with an answer, by name: the words and findings of streams, models and limits.

use std::time::Duration;

use adapters::{Complaint, complaint};
use model::{Failure, FailureCode, Finding, Kind, ServerError};
use serde_json::json;
use transport::{Expected, TransportError};

use super::not_understood;
use crate::{
    patience::{asked, long},
    reason::says,
};

/// A failure on the way, with the name of what is wrong with the answer, where it has one, and in its words.
pub(super) fn named(name: &str, error: &TransportError, failure: Failure) -> Failure {
    let finding = match error {
        TransportError::FirstByteTimeout { begun: false, .. } => Finding::SilentBeforeHeaders,
        TransportError::FirstByteTimeout { .. } | TransportError::IdleTimeout { .. } => Finding::SilentAfterHeaders,
        TransportError::Closed { .. } => Finding::SocketDropped,
        TransportError::ContentType { expected: Expected::Socket, .. } => Finding::SocketRefused,
        TransportError::ContentType { found, snippet, .. } if is_events(snippet) => {
            let message = mislabelled(name, found.as_deref());
            return Failure { message, ..failure }.found(Finding::WrongContentType);
        }
        // A page is another server's, not this one's with a wrong label.
        TransportError::ContentType { snippet, .. } if !snippet.trim_start().starts_with('<') => {
            Finding::WrongContentType
        }
        TransportError::Status { status, snippet, .. } => {
            let Some(complaint) = complaint(Some(*status), snippet) else { return failure };
            return complained(name, complaint, *status, asked(error), says(snippet), failure);
        }
        _ => return failure,
    };
    failure.found(finding)
}

/// Whether the words of a failure know more than those that its kind of server has for its status.
pub(super) fn has_own_words(failure: &Failure) -> bool {
    matches!(
        failure.finding,
        Some(Finding::ModelNotSent | Finding::ModelUnknown | Finding::QuotaUsedUp | Finding::RateLimited)
    )
}

/// What a server is told to have done that said nothing. `begun` is whether the head of its answer came.
pub(super) fn silent(name: &str, limit: Duration, begun: bool) -> String {
    let seconds = limit.as_secs();
    if begun {
        format!(
            "“{name}” sent the head of an answer and then nothing for {seconds} s. Try again; if it stays so, whoever runs the \
             server should look at what it waits for, and at proxies before it that hold answers back."
        )
    } else {
        format!("“{name}” accepted the request but said nothing for {seconds} s. Try again, or later.")
    }
}

/// An error in a stream, with the name of what is wrong.
pub fn reported(error: &ServerError, failure: Failure) -> Failure {
    let said = json!({"code": error.code, "message": error.message}).to_string();
    match complaint(None, &said) {
        Some(complaint) => failure.found(finding(complaint)),
        None => failure,
    }
}

/// What broke was a WebSocket that was open: silence and a cut have other names there.
pub fn of_socket(error: &TransportError, failure: Failure) -> Failure {
    match error {
        TransportError::FirstByteTimeout { .. } | TransportError::IdleTimeout { .. } => {
            failure.found(Finding::SocketSilent)
        }
        // Those closings say by themselves what to do.
        TransportError::Closed { code: Some(1008 | 1009 | 3000 | 3003), .. } => failure.found(Finding::SocketDropped),
        TransportError::Cut { .. } | TransportError::Closed { .. } => {
            let message = format!(
                "{} Try again; if it stays so, whoever runs the server finds the reason in its log.",
                failure.message
            );
            Failure { message, ..failure }.found(Finding::SocketDropped)
        }
        _ => failure,
    }
}

/// A stream that ended as it should, and in which there was no event.
pub fn no_events(kind: Kind, name: &str) -> Failure {
    let least = match kind {
        Kind::Chatkit | Kind::Hosted => " ChatKit sends at least the conversation that it made.",
        Kind::Openai | Kind::Custom => " There should be at least a word.",
    };
    let words = format!(
        "“{name}” took the message and ended its stream without a single event: no line of it begins with “data:”.{least} \
         Whoever runs the server should look at its log, and at how it writes its events."
    );
    Failure::new(FailureCode::Interrupted, words).found(Finding::NoDataLines)
}

/// An answer that came through and cannot be understood; if it is not even UTF-8, it is told as that.
pub fn not_utf8(kind: Kind, name: &str, body: &[u8], what: &str) -> Failure {
    if std::str::from_utf8(body).is_ok() {
        return not_understood(kind, name, what);
    }
    let words = format!(
        "“{name}” answered, but not in UTF-8, so its text cannot be read. Whoever runs the server has to send UTF-8, which is \
         what JSON and streams are made of."
    );
    Failure::new(FailureCode::NotChatkit, words).with_detail(what.to_owned()).found(Finding::NotUtf8)
}

/// Whether a body is a stream of events, whatever it calls itself.
pub fn is_events(body: &str) -> bool {
    let body = body.trim_start();
    ["data:", "event:", ": "].iter().any(|begin| body.starts_with(begin)) && body.contains("data:")
}

fn mislabelled(name: &str, found: Option<&str>) -> String {
    let what = found.map_or_else(|| "does not say so".to_owned(), |found| format!("calls that {found}"));
    format!(
        "“{name}” streams events, and {what}. Whoever runs the server has to send the header “Content-Type: text/event-stream” \
         with them."
    )
}

fn finding(complaint: Complaint) -> Finding {
    match complaint {
        Complaint::ModelMissing => Finding::ModelNotSent,
        Complaint::ModelUnknown => Finding::ModelUnknown,
        Complaint::QuotaUsedUp => Finding::QuotaUsedUp,
        Complaint::TooOften => Finding::RateLimited,
    }
}

fn complained(
    name: &str,
    complaint: Complaint,
    status: u16,
    wait: Option<Duration>,
    says: String,
    failure: Failure,
) -> Failure {
    let message = match complaint {
        // Its words are there already.
        Complaint::TooOften => failure.message,
        Complaint::QuotaUsedUp => {
            let again = match long(wait) {
                Some(long) => format!(" It says that there is more in {long}."),
                None => String::new(),
            };
            format!(
                "There is nothing left to spend at “{name}” (status {status}), so waiting alone does not help. Look at your \
                 plan and its bill there, or ask whoever pays for it.{again}{says}"
            )
        }
        Complaint::ModelMissing => format!(
            "“{name}” wants to be told a model, and was told none that it could read (status {status}). Choose one, or write it \
             into “Model” in Settings → Connections; if one stands there, the server has another name for its field.{says}"
        ),
        Complaint::ModelUnknown => format!(
            "“{name}” does not know the model that it was asked for (status {status}). Choose another one, or correct its name \
             in Settings → Connections.{says}"
        ),
    };
    Failure { message, ..failure }.found(finding(complaint))
}

//! What servers say of their errors, in a stream or instead of one.

use model::ServerError;
use serde_json::Value;

use crate::unknown::short;

/// Codes, and types, of what comes again if the same is asked again.
const FINAL: &[&str] = &[
    "authentication_error",
    "content_filter",
    "content_policy_violation",
    "context_length_exceeded",
    "insufficient_quota",
    "invalid_api_key",
    "invalid_prompt",
    "invalid_request_error",
    "model_not_found",
    "permission_error",
    "refusal",
];

/// Why an answer ends before it is complete, in words.
pub(super) fn cut(reason: &str) -> ServerError {
    let (code, words) = match reason {
        "length" | "max_tokens" | "max_output_tokens" => (
            "length",
            "The answer has as many tokens as it may have and ends there. Ask for the rest, or allow more under “Maximum \
             tokens” in Settings → Connections."
                .to_owned(),
        ),
        "content_filter" => {
            ("content_filter", "The server's content filter ended the answer. Ask in other words.".to_owned())
        }
        "" => (
            "stream.cut",
            "The answer ended without its end mark, so some of it may be missing. What had arrived is kept.".to_owned(),
        ),
        other => ("incomplete", format!("The server ended the answer early and gives as its reason: {}.", short(other))),
    };
    ServerError { code: code.to_owned(), message: Some(words), allow_retry: code != "content_filter" }
}

/// An error as a server describes it: an object, or a text.
pub(crate) fn error(said: &Value) -> ServerError {
    let (code, kind) = (name(&said["code"]), name(&said["type"]).filter(|kind| kind != "error"));
    let message = words(said).map(str::trim).filter(|message| !message.is_empty());
    let allow_retry = [&code, &kind].into_iter().flatten().all(|name| !FINAL.contains(&name.as_str()));
    let code = code.or(kind).unwrap_or_else(|| "error".to_owned());
    let message = match (code.as_str(), message) {
        ("context_length_exceeded", said) => {
            let said = said.map(|said| format!(" The server says: “{said}”")).unwrap_or_default();
            Some(format!("The conversation is longer than the model can read. Begin a new one.{said}"))
        }
        (_, message) => message.map(str::to_owned),
    };
    ServerError { code, message, allow_retry }
}

/// The words in an error, wherever they are.
pub(super) fn words(said: &Value) -> Option<&str> {
    match said {
        Value::String(text) => Some(text),
        Value::Object(fields) => {
            ["message", "detail", "error", "msg"].iter().find_map(|name| words(fields.get(*name)?))
        }
        _ => None,
    }
}

/// A code, which some servers send as a number.
fn name(value: &Value) -> Option<String> {
    match value {
        Value::String(name) if !name.is_empty() => Some(short(name)),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(said: Value) -> (String, Option<String>, bool) {
        let ServerError { code, message, allow_retry } = error(&said);
        (code, message, allow_retry)
    }

    #[test]
    fn errors_as_servers_describe_them() {
        for (said, code, message, retry) in [
            (json!({"message": "Busy", "type": "server_error", "code": null}), "server_error", Some("Busy"), true),
            (json!({"message": "Bad gateway", "code": 502}), "502", Some("Bad gateway"), true),
            (json!({"message": "No", "type": "invalid_request_error", "code": "x"}), "x", Some("No"), false),
            (json!({"type": "error", "error": {"message": "Deep"}}), "error", Some("Deep"), true),
            (json!("no such model"), "error", Some("no such model"), true),
            (json!({"detail": "Not found"}), "error", Some("Not found"), true),
            (json!({"message": "  "}), "error", None, true),
            (json!(7), "error", None, true),
        ] {
            assert_eq!(read(said.clone()), (code.to_owned(), message.map(str::to_owned), retry), "{said}");
        }
    }

    #[test]
    fn a_conversation_that_is_too_long_is_told_what_to_do() {
        let (_, words, retry) = read(json!({"code": "context_length_exceeded", "message": "max is 8192 tokens"}));
        let words = words.unwrap();
        assert!(words.contains("Begin a new one") && words.contains("8192") && !retry, "{words}");
    }

    #[test]
    fn an_answer_that_was_cut_says_why() {
        assert_eq!(cut("max_output_tokens"), cut("length"));
        assert!(cut("length").message.unwrap().contains("Maximum tokens"));
        assert!(!cut("content_filter").allow_retry);
        assert!(cut("").message.unwrap().contains("end mark"));
        assert!(cut("sun\u{1b}set").message.unwrap().ends_with("sun set."));
    }
}

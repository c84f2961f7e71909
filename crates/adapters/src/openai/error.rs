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

/// The code of a conversation that is longer than the model can read, whatever its server calls that.
const TOO_LONG: &str = "context_length_exceeded";

/// What servers call such a conversation, in lower case: OpenAI, llama.cpp, LiteLLM, vLLM, Ollama, LM Studio, Mistral,
/// Anthropic's and Google's models behind a gateway.
const TOO_LONG_WORDS: &[&str] = &[
    TOO_LONG,
    "exceed_context_size",
    "contextwindowexceeded",
    "maximum context length",
    "maximum model length",
    "exceeds the context window",
    "exceeds the available context size",
    "exceeds the context length",
    "exceeds model context",
    "greater than the context length",
    "loaded with context length of only",
    "prompt is too long",
    "input is too long for requested model",
    "exceeds the maximum number of tokens allowed",
];

/// Codes of models that a server does not have.
const UNKNOWN_MODEL: &[&str] = &["model_not_found", "invalid model name", "unknown model", "no such model"];

/// What servers say of a model that they do not have.
const NOT_THERE: &[&str] = &["not found", "does not exist", "doesn't exist", "not exist", "not a valid model"];

/// What stands before the size of the window, where a server tells it.
const BEFORE_SIZE: &[&str] = &[
    "\"n_ctx\":",
    "maximum context length is",
    "maximum context length of",
    "maximum model length of",
    "available context size (",
    "context length of only",
    "number of tokens allowed (",
    " tokens >",
];

/// How far behind those words the number may begin, in characters.
const NEAR: usize = 3;

/// Whether a refusal says that the conversation is longer than the model can read.
pub(super) fn is_too_long(status: u16, body: &str) -> bool {
    // Too many tokens in a minute are another matter.
    status != 429 && speaks_of_length(body)
}

/// Whether a refusal says that the server has no such model.
pub(crate) fn is_unknown_model(status: u16, body: &str) -> bool {
    if !matches!(status, 400 | 404 | 422) {
        return false;
    }
    let said = body.to_lowercase();
    // What a server says of a path that it has not, it says without a word of models.
    UNKNOWN_MODEL.iter().any(|words| said.contains(words))
        || said.contains("model") && NOT_THERE.iter().any(|words| said.contains(words))
}

fn speaks_of_length(said: &str) -> bool {
    let said = said.to_lowercase();
    TOO_LONG_WORDS.iter().any(|words| said.contains(words))
}

/// The size of the model's window in tokens, if what a server says of a conversation that is too long tells it.
pub fn stated_window(said: &str) -> Option<u32> {
    let said = said.to_lowercase();
    BEFORE_SIZE.iter().find_map(|before| {
        let (_, after) = said.split_once(before)?;
        let begin = after.find(|char: char| char.is_ascii_digit()).filter(|begin| *begin <= NEAR)?;
        let digits = after[begin..].chars().take_while(|char| char.is_ascii_digit() || *char == ',');
        digits.filter(char::is_ascii_digit).collect::<String>().parse().ok().filter(|size| *size > 0)
    })
}

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
    let too_long = message.is_some_and(speaks_of_length) || speaks_of_length(&code);
    let (code, allow_retry) = if too_long { (TOO_LONG.to_owned(), false) } else { (code, allow_retry) };
    let message = match (code.as_str(), message) {
        (TOO_LONG, said) => {
            let said = said.map(|said| format!(" The server says: “{said}”")).unwrap_or_default();
            Some(format!("The conversation is longer than the model can read. Begin a new one.{said}"))
        }
        (_, message) => message.map(str::to_owned),
    };
    ServerError { code, message, allow_retry }
}

/// The words in an error, wherever they are.
pub(crate) fn words(said: &Value) -> Option<&str> {
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

    #[test]
    fn a_model_that_is_not_there_is_told_from_a_path_that_is_not() {
        for said in [
            r#"{"error": {"code": "model_not_found", "message": "The model `gone` does not exist"}}"#,
            r#"{"error": "model \"gone\" not found, try pulling it first"}"#,
            r#"{"error": {"message": "Invalid model name passed in model=gone"}}"#,
        ] {
            assert!(
                is_unknown_model(404, said) && is_unknown_model(400, said) && !is_unknown_model(500, said),
                "{said}"
            );
        }
        for said in ["404 page not found", r#"{"detail": "Not Found"}"#, r#"{"error": "the model is overloaded"}"#] {
            assert!(!is_unknown_model(404, said), "{said}");
        }
    }

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
    fn a_conversation_that_is_too_long_is_known_in_the_words_of_many_servers() {
        for (status, body, window) in [
            (
                400,
                r#"{"error":{"message":"This model's maximum context length is 8,192 tokens.","code":"context_length_exceeded"}}"#,
                Some(8192),
            ),
            (
                400,
                r#"{"error":{"code":400,"message":"the request exceeds the available context size","type":"exceed_context_size_error","n_prompt_tokens":5000,"n_ctx":4096}}"#,
                Some(4096),
            ),
            (
                400,
                r#"{"object":"error","message":"The decoder prompt (length 5000) is longer than the maximum model length of 2048."}"#,
                Some(2048),
            ),
            (
                400,
                r#"{"error":{"message":"litellm.ContextWindowExceededError: ContextWindowExceededError","type":null}}"#,
                None,
            ),
            (500, r#"{"error":"the input length exceeds the context length"}"#, None),
            (400, r#"{"error":"... the model is loaded with context length of only 4096 tokens ..."}"#, Some(4096)),
            (400, r#"{"error":{"message":"prompt is too long: 210000 tokens > 200000 maximum"}}"#, Some(200_000)),
            (400, r#"{"error":{"message":"Your input exceeds the context window of this model."}}"#, None),
        ] {
            assert!(is_too_long(status, body), "{body}");
            assert_eq!(stated_window(body), window, "{body}");
        }
        for (status, body) in [
            (429, r#"{"error":{"message":"Request too large: this model's maximum context length is 9 tokens"}}"#),
            (400, r#"{"error":{"message":"max_tokens is too large: 99999"}}"#),
            (413, "Request Entity Too Large"),
        ] {
            assert!(!is_too_long(status, body), "{body}");
        }
        assert_eq!(read(json!({"message": "Prompt is too long", "type": "invalid_request_error"})).0, TOO_LONG);
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

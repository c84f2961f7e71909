//! What a server complains of when it refuses, or in mid-stream, in the ways in which servers say it.

use serde_json::Value;

use crate::pause::is_used_up;

/// What is the matter, as the server has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Complaint {
    /// It wants to be told a model, and was told none that it could read.
    ModelMissing,
    /// It does not know the model.
    ModelUnknown,
    /// There is nothing left to spend.
    QuotaUsedUp,
    /// It is asked too often.
    TooOften,
}

/// Codes, and types, of models that nobody knows.
const UNKNOWN: [&str; 7] = [
    "model_not_found",
    "model_not_supported",
    "model_not_available",
    "invalid_model",
    "unknown_model",
    "DeploymentNotFound",
    "ModelNotFoundError",
];

/// Codes, and types, of being asked too often.
const OFTEN: [&str; 3] = ["rate_limit_exceeded", "rate_limit_error", "too_many_requests"];

/// What servers call their field for the model.
const FIELDS: [&str; 5] = ["model", "model_name", "model_id", "modelName", "modelId"];

/// How servers say that none was named: lower case, without quotation marks.
const MISSING_WORDS: [&str; 10] = [
    "model is required",
    "model field is required",
    "model parameter is required",
    "model is a required",
    "model name is required",
    "model name is missing",
    "must provide a model",
    "missing field model",
    "missing required parameter: model",
    "property model is missing",
];

/// How they say that they do not know one, beside the word “model”.
const UNKNOWN_WORDS: [&str; 7] = [
    "not found",
    "does not exist",
    "no such model",
    "unknown model",
    "invalid model",
    "not a valid model",
    "model not available",
];

/// How deep an answer is looked into.
const DEPTH: usize = 6;

/// What an answer complains of, by its status and its body, or by what an error in a stream says (then without a status).
/// `None` where it is something else, or is not said.
pub fn complaint(status: Option<u16>, said: &str) -> Option<Complaint> {
    // What fails on the server's own side is no complaint about the request.
    if status.is_some_and(|status| !(400..500).contains(&status)) {
        return None;
    }
    let json: Option<Value> = serde_json::from_str(said.trim()).ok();
    let names = |known: &[&str]| json.as_ref().is_some_and(|json| is_named(json, known, DEPTH));
    if status == Some(402) || is_used_up(said) {
        return Some(Complaint::QuotaUsedUp);
    }
    if status == Some(429) || names(&OFTEN) {
        return Some(Complaint::TooOften);
    }
    let line: String = said.to_lowercase().chars().filter(|char| !"\"'`“”\\".contains(*char)).collect();
    let wants_model = json.as_ref().is_some_and(|json| misses_model(json, DEPTH));
    if wants_model || MISSING_WORDS.iter().any(|words| line.contains(words)) {
        return Some(Complaint::ModelMissing);
    }
    // Other statuses, such as 403, say that something is known.
    let may_be_unknown = matches!(status, None | Some(400 | 404 | 422));
    let unknown = line.contains("model") && UNKNOWN_WORDS.iter().any(|words| line.contains(words));
    (names(&UNKNOWN) || may_be_unknown && unknown).then_some(Complaint::ModelUnknown)
}

/// Whether a code or a type in an answer is one of those.
fn is_named(json: &Value, known: &[&str], depth: usize) -> bool {
    match json {
        _ if depth == 0 => false,
        Value::Object(fields) => fields.iter().any(|(name, value)| match value {
            Value::String(text) => matches!(name.as_str(), "code" | "type") && known.contains(&text.as_str()),
            value => is_named(value, known, depth - 1),
        }),
        Value::Array(all) => all.iter().any(|one| is_named(one, known, depth - 1)),
        _ => false,
    }
}

/// Whether a list of wrong fields, as FastAPI has one, says that the model's is missing.
fn misses_model(json: &Value, depth: usize) -> bool {
    match json {
        _ if depth == 0 => false,
        Value::Object(fields) => match fields.get("loc").and_then(Value::as_array) {
            Some(place) => {
                let is_model = place.last().and_then(Value::as_str).is_some_and(|name| FIELDS.contains(&name));
                let texts = ["type", "msg"].iter().filter_map(|name| fields.get(*name)?.as_str());
                is_model
                    && texts.map(str::to_lowercase).any(|text| text.contains("missing") || text.contains("required"))
            }
            None => fields.values().any(|value| misses_model(value, depth - 1)),
        },
        Value::Array(all) => all.iter().any(|one| misses_model(one, depth - 1)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn complaints_as_servers_write_them() {
        use Complaint::{ModelMissing, ModelUnknown, QuotaUsedUp, TooOften};
        for (status, body, meant) in [
            (
                422,
                r#"{"detail": [{"type": "missing", "loc": ["body", "model"], "msg": "Field required"}]}"#,
                ModelMissing,
            ),
            (422, r#"{"detail": [{"loc": ["body", "model_name"], "msg": "field required"}]}"#, ModelMissing),
            (400, r#"{"error": {"message": "you must provide a model parameter"}}"#, ModelMissing),
            (400, r#"{"error": {"message": "model is required"}}"#, ModelMissing),
            (422, "Failed to deserialize the JSON body: missing field `model` at line 1", ModelMissing),
            (404, r#"{"error": {"message": "The model `x` does not exist", "code": "model_not_found"}}"#, ModelUnknown),
            (404, r#"{"error": {"message": "model \"x\" not found, try pulling it first"}}"#, ModelUnknown),
            (400, r#"{"error": {"message": "x is not a valid model ID", "code": 400}}"#, ModelUnknown),
            (403, r#"{"error": {"code": "model_not_found"}}"#, ModelUnknown),
            (400, r#"{"detail": "Unknown model: x"}"#, ModelUnknown),
            (429, r#"{"error": {"code": "insufficient_quota"}}"#, QuotaUsedUp),
            (403, r#"{"error": {"type": "billing_not_active"}}"#, QuotaUsedUp),
            (402, "", QuotaUsedUp),
            (429, "", TooOften),
        ] {
            assert_eq!(complaint(Some(status), body), Some(meant), "{status} {body}");
        }
        assert_eq!(complaint(None, r#"{"code": "rate_limit_exceeded"}"#), Some(TooOften));
        assert_eq!(complaint(None, r#"{"code": "error", "message": "Unknown model: x"}"#), Some(ModelUnknown));
    }

    #[test]
    fn nothing_else_is_taken_for_one() {
        for (status, body) in [
            (404, r#"{"detail": "Not Found"}"#),
            (404, r#"{"detail": "Session not found"}"#),
            (422, r#"{"detail": [{"loc": ["body", "question"], "type": "missing", "msg": "Field required"}]}"#),
            (
                422,
                r#"{"detail": [{"loc": ["body", "model"], "type": "string_type", "msg": "Input should be a string"}]}"#,
            ),
            (400, r#"{"error": {"message": "this model's maximum context length is 4096 tokens"}}"#),
            (401, r#"{"error": {"message": "model is fine, key not found"}}"#),
            (500, r#"{"error": {"code": "insufficient_quota", "message": "Unknown model"}}"#),
            (400, ""),
        ] {
            assert_eq!(complaint(Some(status), body), None, "{status} {body}");
        }
    }
}

//! The answers that do not stream.

use model::{Operation, Reply};
use serde_json::Value;

use super::error;
use crate::{MappingError, unknown::short};

/// Reads the answer to an operation.
pub(super) fn reply(operation: &Operation, body: &[u8]) -> Result<Reply, MappingError> {
    if *operation != Operation::ListModels {
        return Err(wrong("the answer should have been a stream"));
    }
    let answer: Value =
        serde_json::from_slice(body).map_err(|error| wrong(&format!("the answer is not JSON: {error}")))?;
    let list = [&answer["data"], &answer["models"], &answer].into_iter().find_map(Value::as_array);
    match list {
        Some(list) => Ok(Reply::Models(list.iter().filter_map(name).map(str::to_owned).collect())),
        None => match error::words(&answer) {
            Some(words) => Err(wrong(&format!("the server reports an error: {}", short(words)))),
            None => Err(wrong("a list of models without `data`")),
        },
    }
}

/// A model's name, by which it is asked for.
fn name(model: &Value) -> Option<&str> {
    let name = ["id", "model", "name"].iter().find_map(|field| model[field].as_str()).or_else(|| model.as_str());
    name.filter(|name| !name.is_empty())
}

fn wrong(what: &str) -> MappingError {
    MappingError { what: what.to_owned() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn models(body: &Value) -> Result<Reply, MappingError> {
        reply(&Operation::ListModels, body.to_string().as_bytes())
    }

    #[test]
    fn lists_of_models_as_servers_write_them() {
        let expected = Ok(Reply::Models(vec!["a".to_owned(), "b".to_owned()]));
        for body in [
            json!({"object": "list", "data": [{"id": "a", "object": "model"}, {"id": "b"}]}),
            json!([{"id": "a"}, {"id": ""}, {"id": "b"}, 7]),
            json!({"models": [{"name": "a", "model": "a"}, {"name": "b"}]}),
            json!({"data": ["a", "b"]}),
        ] {
            assert_eq!(models(&body), expected, "{body}");
        }
        assert_eq!(models(&json!({"data": []})), Ok(Reply::Models(Vec::new())));
    }

    #[test]
    fn anything_else_is_an_error_with_a_reason() {
        let words = |body: Value| models(&body).unwrap_err().to_string();
        assert_eq!(words(json!({"error": {"message": "No key"}})), "the server reports an error: No key");
        assert_eq!(words(json!({"ok": true})), "a list of models without `data`");
        assert_eq!(words(json!(7)), "a list of models without `data`");
        let nonsense = reply(&Operation::ListModels, b"<html>").unwrap_err();
        assert!(nonsense.what.starts_with("the answer is not JSON"));
        let other = Operation::ListThreads { after: None, limit: 1 };
        assert!(reply(&other, b"{}").is_err());
    }
}

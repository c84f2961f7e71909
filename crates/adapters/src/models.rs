//! The lists of models that servers publish: `GET …/models` as OpenAI has it, those of profiles, and what is close to them.

use model::{Listed, Price, Reply};
use serde_json::{Number, Value};
use url::Url;

use crate::{Answered, MappingError, Method, RequestSpec, openai::error, unknown::short};

/// Where servers say how much a model can read.
const CONTEXT: &[&str] = &["context", "context_length", "context_window", "max_context_length", "max_model_len"];

/// The request for a list at an address.
pub(crate) fn request(url: Url) -> RequestSpec {
    let headers = vec![("Accept".to_owned(), "application/json".to_owned())];
    RequestSpec { method: Method::Get, url, headers, body: Vec::new(), answered: Answered::Whole }
}

/// Whether a status says that a server has no such list.
pub(crate) fn is_no_list(status: u16) -> bool {
    matches!(status, 404 | 405 | 501)
}

/// Reads a list.
pub(crate) fn reply(body: &[u8]) -> Result<Reply, MappingError> {
    let answer: Value =
        serde_json::from_slice(body).map_err(|error| wrong(&format!("the answer is not JSON: {error}")))?;
    match listed_in(&answer) {
        Some(models) => Ok(Reply::Models(models)),
        None => match error::words(&answer) {
            Some(words) => Err(wrong(&format!("the server reports an error: {}", short(words)))),
            None => Err(wrong("a list of models without `data`")),
        },
    }
}

/// The models that a document lists; nothing if it has no such list.
pub(crate) fn listed_in(answer: &Value) -> Option<Vec<Listed>> {
    let places = [&answer["data"], &answer["models"], &answer["composer"]["models"], answer];
    let list = places.into_iter().find_map(Value::as_array)?;
    Some(list.iter().filter_map(listed).collect())
}

fn listed(model: &Value) -> Option<Listed> {
    let text = |field: &str| model[field].as_str().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    let id = ["id", "model", "name"].iter().find_map(|field| text(field));
    let id = id.or_else(|| model.as_str().map(str::to_owned)).filter(|id| !id.is_empty())?;
    let label = ["label", "display_name", "name"].iter().find_map(|field| text(field)).filter(|label| *label != id);
    let tags = model["tags"].as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect();
    let context = CONTEXT.iter().find_map(|field| model[*field].as_u64()).and_then(|size| u32::try_from(size).ok());
    Some(Listed {
        id,
        label,
        description: text("description"),
        tags,
        context: context.filter(|size| *size > 0),
        price: price(&model["price"]),
        default: model["default"].as_bool().unwrap_or_default(),
    })
}

fn price(said: &Value) -> Option<Price> {
    let number = |field: &str| -> Option<Number> { said[field].as_number().cloned() };
    Some(Price { input: number("input")?, output: number("output")?, currency: said["currency"].as_str()?.to_owned() })
}

fn wrong(what: &str) -> MappingError {
    MappingError { what: what.to_owned() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn models(body: &Value) -> Result<Reply, MappingError> {
        reply(body.to_string().as_bytes())
    }

    #[test]
    fn lists_of_models_as_servers_write_them() {
        let expected = Ok(Reply::Models(vec![Listed::new("a"), Listed::new("b")]));
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
    fn what_a_profile_says_of_a_model_is_read() {
        let price = json!({"input": 0.5, "output": 2, "currency": "EUR"});
        let body = json!({"models": [
            {"id": "a", "label": "Fast", "description": "Quick.", "tags": ["fast"], "context": 8192, "price": price, "default": true},
            {"id": "b", "name": "Large", "context_length": 200_000},
        ]});
        let Ok(Reply::Models(read)) = models(&body) else { panic!() };
        assert_eq!((read[0].label.as_deref(), read[0].description.as_deref()), (Some("Fast"), Some("Quick.")));
        assert_eq!(
            (read[0].tags.as_slice(), read[0].context, read[0].default),
            (&["fast".to_owned()][..], Some(8192), true)
        );
        assert_eq!(read[0].price.as_ref().unwrap().currency, "EUR");
        assert_eq!((read[1].label.as_deref(), read[1].context), (Some("Large"), Some(200_000)));
    }

    #[test]
    fn anything_else_is_an_error_with_a_reason() {
        let words = |body: Value| models(&body).unwrap_err().to_string();
        assert_eq!(words(json!({"error": {"message": "No key"}})), "the server reports an error: No key");
        assert_eq!(words(json!({"ok": true})), "a list of models without `data`");
        assert_eq!(words(json!(7)), "a list of models without `data`");
        assert!(reply(b"<html>").unwrap_err().what.starts_with("the answer is not JSON"));
    }
}

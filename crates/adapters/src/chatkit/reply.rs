//! The answers that do not stream (sections 3.7 to 3.12 and 6.1).

use model::{NewAttachment, Operation, Page, Reply, UploadMethod, UploadTarget};
use serde::Deserialize;
use serde_json::Value;

use super::{depth::shallow, item, wire};
use crate::MappingError;

/// Reads the answer to an operation.
pub(super) fn reply(operation: &Operation, body: &[u8]) -> Result<Reply, MappingError> {
    let mut value = shallow(body).map_err(|error| wrong(format!("the answer is not JSON: {error}")))?.value;
    match operation {
        Operation::GetThread { .. } => item::thread(&value).map(Reply::Thread).map_err(wrong),
        // It was renamed, whatever else the server has to say.
        Operation::RenameThread { .. } => Ok(item::thread(&value).map_or(Reply::Done, Reply::Thread)),
        Operation::ListThreads { .. } => page(value, |entry| item::thread(&entry).ok()).map(Reply::Threads),
        Operation::ListItems { .. } => page(value, |entry| item::item(entry).ok().flatten()).map(Reply::Items),
        Operation::CreateAttachment { .. } => attachment(&value).map(Reply::Attachment),
        Operation::SyncCustomAction { .. } => match value.get_mut("updated_item").map(Value::take) {
            None | Some(Value::Null) => Ok(Reply::Updated(None)),
            Some(updated) => Ok(Reply::Updated(item::item(updated).map_err(wrong)?.map(Box::new))),
        },
        Operation::DeleteThread { .. } | Operation::DeleteAttachment { .. } | Operation::Feedback { .. } => {
            Ok(Reply::Done)
        }
        Operation::CreateThread { .. }
        | Operation::AddUserMessage { .. }
        | Operation::RetryAfterItem { .. }
        | Operation::AddToolOutput { .. }
        | Operation::AddStructuredInput { .. }
        | Operation::CustomAction { .. }
        | Operation::Answer { .. } => Err(wrong("the answer should have been a stream".to_owned())),
        Operation::BeginConversation { .. } => Err(wrong("such a server begins none without a message".to_owned())),
        Operation::Health => Err(wrong("such a server does not say how it is".to_owned())),
        Operation::ListModels => crate::profile::reply(body),
    }
}

/// A file that is awaited: with a descriptor, or with the address alone, as servers before SDK 1.5 have it (section 8.1).
fn attachment(value: &Value) -> Result<NewAttachment, MappingError> {
    let id = value["id"].as_str().ok_or_else(|| wrong("an attachment without `id`".to_owned()))?.to_owned();
    let descriptor = &value["upload_descriptor"];
    let url = descriptor["url"].as_str().or_else(|| value["upload_url"].as_str());
    let method = match descriptor["method"].as_str() {
        Some(method) if method.eq_ignore_ascii_case("PUT") => UploadMethod::Put,
        _ => UploadMethod::Post,
    };
    let headers = descriptor["headers"].as_object().into_iter().flatten();
    let headers = headers.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned()))).collect();
    let upload = url.map(|url| UploadTarget { url: url.to_owned(), method, headers });
    Ok(NewAttachment { id, upload })
}

/// A page. Entries that cannot be read, or are nobody's to see, are left out; that says nothing about the next page.
fn page<T>(value: Value, read: impl Fn(Value) -> Option<T>) -> Result<Page<T>, MappingError> {
    let page = wire::Page::deserialize(value).map_err(|error| wrong(format!("a page with {error}")))?;
    let last = || page.data.last().and_then(|entry| entry["id"].as_str()).map(str::to_owned);
    let next = if page.has_more { page.after.or_else(last) } else { None };
    Ok(Page { data: page.data.into_iter().filter_map(read).collect(), next })
}

fn wrong(what: String) -> MappingError {
    MappingError { what }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ITEMS: &str = "items";

    fn read(operation: &str, body: Value) -> Result<Reply, MappingError> {
        let operation = match operation {
            ITEMS => {
                Operation::ListItems { thread: "t".into(), after: None, limit: 2, order: model::Order::Descending }
            }
            "threads" => Operation::ListThreads { after: None, limit: 2 },
            "rename" => Operation::RenameThread { thread: "t".into(), title: "x".into() },
            "create" => Operation::CreateThread { input: model::UserInput::default() },
            _ => Operation::DeleteThread { thread: "t".into() },
        };
        reply(&operation, body.to_string().as_bytes())
    }

    fn items(body: Value) -> Page<model::Item> {
        match read(ITEMS, body) {
            Ok(Reply::Items(page)) => page,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_next_page_is_where_the_server_says() {
        let item = json!({"id": "m1", "type": "end_of_turn"});
        assert_eq!(items(json!({"data": [item], "has_more": true, "after": "c"})).next.as_deref(), Some("c"));
        assert_eq!(items(json!({"data": [item], "has_more": true})).next.as_deref(), Some("m1"));
        assert_eq!(items(json!({"data": [item], "has_more": false, "after": "c"})).next, None);
        assert_eq!(items(json!({"data": [], "has_more": true, "after": "c"})).next.as_deref(), Some("c"));
        assert_eq!(items(json!({"data": []})).next, None);
    }

    #[test]
    fn hidden_and_unreadable_entries_are_left_out() {
        let hidden = json!({"id": "h1", "type": "sdk_hidden_context", "content": "x"});
        let page = items(json!({"data": [7, {"id": "m1", "type": "hologram"}, {}, hidden], "has_more": true}));
        assert_eq!(page.data.len(), 1);
        assert_eq!(page.next.as_deref(), Some("h1"), "the cursor counts what is left out");
    }

    #[test]
    fn one_item_that_is_too_deep_does_not_cost_the_others_of_its_page() {
        let deep = format!("{}{}", r#"{"children":["#.repeat(10_000), "]}".repeat(10_000));
        let data = format!(
            r#"{{"data":[{{"id":"m1","type":"end_of_turn"}},{{"id":"w","type":"widget","widget":{deep}}}],"has_more":false}}"#
        );
        let operation =
            Operation::ListItems { thread: "t".into(), after: None, limit: 2, order: model::Order::Descending };
        let Ok(Reply::Items(page)) = reply(&operation, data.as_bytes()) else { panic!() };
        let ids: Vec<_> = page.data.iter().map(|item| item.id.as_str()).collect();
        assert_eq!(ids, ["m1", "w"]);
        assert!(matches!(page.data[1].body, model::ItemBody::Widget(_)));
    }

    #[test]
    fn a_press_brings_a_widget_or_nothing() {
        let operation = Operation::SyncCustomAction {
            thread: "t".into(),
            item: None,
            action: model::CustomAction { kind: "a".into(), payload: None },
        };
        let read = |body: Value| reply(&operation, body.to_string().as_bytes());
        for nothing in [json!({}), json!({"updated_item": null}), json!([])] {
            assert_eq!(read(nothing), Ok(Reply::Updated(None)));
        }
        let updated = json!({"updated_item": {"id": "w", "type": "widget", "widget": {"type": "Card"}}});
        let Ok(Reply::Updated(Some(item))) = read(updated) else { panic!() };
        assert!(matches!(item.body, model::ItemBody::Widget(_)));
        let hidden = json!({"updated_item": {"id": "h", "type": "hidden_context_item"}});
        assert_eq!(read(hidden), Ok(Reply::Updated(None)));
        assert!(read(json!({"updated_item": {"id": "w"}})).is_err());
    }

    #[test]
    fn servers_before_sdk_1_5_say_the_address_alone() {
        let operation = Operation::CreateAttachment { name: "a".into(), mime_type: "text/plain".into(), size: 1 };
        let body = json!({"type": "file", "id": "a1", "name": "a", "upload_url": "https://u.example/1"});
        let target = UploadTarget { url: "https://u.example/1".into(), method: UploadMethod::Post, headers: vec![] };
        let expected = NewAttachment { id: "a1".into(), upload: Some(target) };
        assert_eq!(reply(&operation, body.to_string().as_bytes()), Ok(Reply::Attachment(expected)));
    }

    #[test]
    fn answers_of_another_kind_are_errors_with_a_reason() {
        let words = |operation, body| read(operation, body).unwrap_err().to_string();
        assert_eq!(words(ITEMS, json!({"error": "x"})), "a page with missing field `data`");
        assert!(words("threads", json!([])).starts_with("a page with invalid"));
        assert_eq!(words("create", json!({})), "the answer should have been a stream");
        let nonsense = reply(&Operation::GetThread { thread: "t".into() }, b"<html>").unwrap_err();
        assert!(nonsense.what.starts_with("the answer is not JSON"));
    }

    #[test]
    fn what_was_done_was_done() {
        assert_eq!(read("delete", json!({})), Ok(Reply::Done));
        assert_eq!(read("rename", json!({})), Ok(Reply::Done));
        assert!(matches!(read("rename", json!({"id": "t", "title": "x"})), Ok(Reply::Thread(_))));
    }
}

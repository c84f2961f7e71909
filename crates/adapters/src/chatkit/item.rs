//! Wire item → the model's item (section 6.3). The one place where ChatKit's kinds of items are matched.

use model::{Extra, Item, ItemBody, ItemId, RemoteThread, RemoteThreadId, ThreadStatus};
use serde::Deserialize;
use serde_json::Value;

use super::{asking, lenient::object, message, task, widget, wire};

/// What an item is, with the fields that nobody asked for; or its fields as they came, if they cannot be read.
type Read = Result<(ItemBody, Extra), Extra>;

/// Reads an item. `None` is an item that is nobody's to see.
///
/// # Errors
///
/// If it has no id or no type: then nothing can be done with it. An item whose body cannot be read is one of an unknown
/// kind, whole.
pub(super) fn item(value: Value) -> Result<Option<Item>, String> {
    let head = wire::ItemHead::deserialize(&value).map_err(|error| format!("an item with {error}"))?;
    let fields = without_head(object(value).map_err(|_| "an item that is a list")?);
    let read = match head.kind.as_str() {
        "hidden_context_item" | "sdk_hidden_context" => return Ok(None),
        "user_message" => body(message::user_message(fields), ItemBody::UserMessage),
        "assistant_message" => {
            body(message::assistant_message(fields), |content| ItemBody::AssistantMessage { content })
        }
        "client_tool_call" => body(asking::client_tool_call(fields), ItemBody::ClientToolCall),
        "widget" => body(widget::widget_item(fields), ItemBody::Widget),
        "generated_image" => body(Ok(widget::image_item(fields)), ItemBody::GeneratedImage),
        "structured_input" => body(asking::structured_input(fields), ItemBody::StructuredInput),
        "task" => body(task::task_item(fields), ItemBody::Task),
        "workflow" => body(task::workflow_item(fields), ItemBody::Workflow),
        "end_of_turn" => Ok((ItemBody::EndOfTurn, fields)),
        _ => Err(fields),
    };
    let (body, extra) = read.unwrap_or_else(|fields| (ItemBody::Unknown { name: head.kind, fields }, Extra::new()));
    Ok(Some(Item { id: ItemId::new(head.id), created_at: moment(head.created_at), body, extra }))
}

fn body<T>(read: Result<(T, Extra), Extra>, kind: fn(T) -> ItemBody) -> Read {
    read.map(|(value, extra)| (kind(value), extra))
}

/// Reads what a server says about a thread (section 6.2).
pub(super) fn thread(value: &Value) -> Result<RemoteThread, String> {
    let thread = wire::Thread::deserialize(value).map_err(|error| format!("a thread with {error}"))?;
    let status = match thread.status {
        Some(wire::Status { kind, reason }) if kind == "locked" => ThreadStatus::Locked { reason },
        Some(wire::Status { kind, reason }) if kind == "closed" => ThreadStatus::Closed { reason },
        _ => ThreadStatus::Active,
    };
    Ok(RemoteThread {
        id: RemoteThreadId::new(thread.id),
        title: thread.title,
        created_at: moment(thread.created_at),
        status,
        allowed_image_domains: thread.allowed_image_domains,
    })
}

/// What is left of an item's fields without those that all items have.
fn without_head(mut fields: Extra) -> Extra {
    for key in ["id", "type", "created_at", "thread_id"] {
        fields.remove(key);
    }
    fields
}

/// A point in time as the server writes it: a text, or a number where it is not the protocol's own server.
fn moment(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(value: Value) -> Item {
        item(value).unwrap().unwrap()
    }

    fn fields(value: Value) -> Extra {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn what_all_items_have() {
        let at =
            |created_at: Value| read(json!({"id": "m1", "type": "end_of_turn", "created_at": created_at})).created_at;
        assert_eq!(at(json!("2026-11-21T07:05:26.4")).as_deref(), Some("2026-11-21T07:05:26.4"));
        assert_eq!((at(json!(17)).as_deref(), at(json!(null)), at(json!({}))), (Some("17"), None, None));
        let read = read(json!({"id": "m1", "thread_id": "t", "type": "end_of_turn", "mood": "good"}));
        assert_eq!((read.id.as_str(), read.body), ("m1", ItemBody::EndOfTurn));
        assert_eq!(read.extra, fields(json!({"mood": "good"})));
    }

    #[test]
    fn an_unknown_kind_and_an_unreadable_body_are_kept_whole() {
        for (name, rest) in [
            ("hologram", json!({"beam": 9})),
            ("assistant_message", json!({"content": "text"})),
            ("client_tool_call", json!({"status": "pending", "arguments": {}})),
            ("widget", json!({"widget": [1], "copy_text": "a"})),
            ("structured_input", json!({"inputs": 7})),
            ("task", json!({"task": "dance"})),
            ("workflow", json!({"workflow": true, "summary": {}})),
        ] {
            let mut wire = json!({"id": "h1", "thread_id": "t1", "type": name, "created_at": "now"});
            wire.as_object_mut().unwrap().extend(fields(rest.clone()));
            let read = read(wire);
            assert_eq!(read.body, ItemBody::Unknown { name: name.into(), fields: fields(rest) });
            assert_eq!(read.extra, Extra::new());
        }
    }

    #[test]
    fn each_kind_is_read_as_what_it_is() {
        let is = |wire: Value| match read(wire).body {
            ItemBody::UserMessage(message) => message.plain_text(),
            ItemBody::AssistantMessage { content } => content[0].text.clone(),
            ItemBody::ClientToolCall(call) => call.name,
            ItemBody::Widget(widget) => widget.root["type"].as_str().unwrap().to_owned(),
            ItemBody::GeneratedImage(image) => image.image.unwrap().url,
            ItemBody::StructuredInput(input) => input.inputs[0].question.clone(),
            ItemBody::Task(task) => task.title.unwrap(),
            ItemBody::Workflow(workflow) => workflow.tasks[0].title.clone().unwrap(),
            other => panic!("{other:?}"),
        };
        let tasks = json!([{"type": "image", "title": "step"}]);
        for (kind, key, value, expected) in [
            ("user_message", "content", json!([{"type": "input_text", "text": "hello"}]), "hello"),
            ("assistant_message", "content", json!([{"type": "output_text", "text": "hi"}]), "hi"),
            ("client_tool_call", "name", json!("open"), "open"),
            ("widget", "widget", json!({"type": "Card"}), "Card"),
            ("generated_image", "image", json!({"id": "i", "url": "u"}), "u"),
            ("structured_input", "inputs", json!([{"id": "a", "question": "q"}]), "q"),
            ("task", "task", tasks[0].clone(), "step"),
            ("workflow", "workflow", json!({"type": "custom", "tasks": tasks}), "step"),
        ] {
            let wire = json!({"id": "x", "thread_id": "t", "type": kind, key: value, "new": 1});
            assert_eq!(read(wire.clone()).extra, fields(json!({"new": 1})), "{kind}");
            assert_eq!(is(wire), expected);
        }
    }

    #[test]
    fn hidden_items_are_nobodys_to_see() {
        for kind in ["hidden_context_item", "sdk_hidden_context"] {
            assert_eq!(item(json!({"id": "h", "type": kind, "content": "secret"})), Ok(None));
        }
    }

    #[test]
    fn an_item_without_id_or_type_is_an_error() {
        for wire in [
            json!({"type": "user_message"}),
            json!({"id": "x"}),
            json!({"id": 3, "type": "x"}),
            json!([1]),
            json!(["x", "widget"]),
        ] {
            assert!(item(wire.clone()).is_err(), "{wire}");
        }
    }

    #[test]
    fn threads_of_each_status() {
        let status = |status: Value| thread(&json!({"id": "t", "status": status})).unwrap().status;
        assert_eq!(status(json!({"type": "active"})), ThreadStatus::Active);
        assert_eq!(status(json!({"type": "locked"})), ThreadStatus::Locked { reason: None });
        assert_eq!(
            status(json!({"type": "closed", "reason": "done"})),
            ThreadStatus::Closed { reason: Some("done".into()) }
        );
        for odd in [json!({"type": "frozen"}), json!("active"), json!(null), json!({})] {
            assert_eq!(status(odd), ThreadStatus::Active);
        }
    }

    #[test]
    fn a_thread_survives_fields_of_the_wrong_type() {
        let read = thread(&json!({"id": "t", "title": 3, "created_at": 17, "allowed_image_domains": "x"})).unwrap();
        assert_eq!(read.created_at.as_deref(), Some("17"));
        assert_eq!((read.title, read.allowed_image_domains), (None, None));
        assert!(thread(&json!({"title": "x"})).is_err());
    }
}

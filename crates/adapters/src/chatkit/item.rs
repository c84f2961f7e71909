//! Wire item → the model's item (section 6.3). The one place where ChatKit's kinds of items are matched.

use model::{Attachment, Extra, InferenceOptions, Item, ItemBody, ItemId, RemoteThread, RemoteThreadId, ThreadStatus};
use model::{UserContent, UserMessage};
use serde::Deserialize;
use serde_json::Value;

use super::{
    text::{part, take},
    wire,
};

/// Reads an item. `None` is an item that is nobody's to see.
///
/// # Errors
///
/// If it has no id or no type: then nothing can be done with it. An item whose body cannot be read is one of an unknown
/// kind, whole.
pub(super) fn item(value: &Value) -> Result<Option<Item>, String> {
    let head = wire::ItemHead::deserialize(value).map_err(|error| format!("an item with {error}"))?;
    let read = match head.kind.as_str() {
        "hidden_context_item" | "sdk_hidden_context" => return Ok(None),
        "user_message" => user_message(value),
        "assistant_message" => assistant_message(value),
        "end_of_turn" => Extra::deserialize(value).ok().map(|extra| (ItemBody::EndOfTurn, extra)),
        _ => None,
    };
    let (body, extra) = match read {
        Some((body, extra)) => (body, without_head(extra)),
        None => {
            let fields = without_head(Extra::deserialize(value).unwrap_or_default());
            (ItemBody::Unknown { name: head.kind, fields }, Extra::new())
        }
    };
    Ok(Some(Item { id: ItemId::new(head.id), created_at: moment(head.created_at), body, extra }))
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

fn user_message(value: &Value) -> Option<(ItemBody, Extra)> {
    let message = wire::UserMessage::deserialize(value).ok()?;
    let mut extra = message.extra;
    let mut keep = |key: &str| {
        if let Some(raw) = value.get(key) {
            extra.insert(key.to_owned(), raw.clone());
        }
    };
    let (content, whole): (Vec<_>, Vec<_>) = message.content.into_iter().map(user_content).unzip();
    if whole.contains(&false) {
        keep("content");
    }
    let options = message.inference_options;
    if options.as_ref().is_some_and(|options| {
        !options.extra.is_empty() || options.tool_choice.as_ref().is_some_and(|tool| !tool.extra.is_empty())
    }) {
        keep("inference_options");
    }
    let inference_options = options.map_or_else(InferenceOptions::default, |options| InferenceOptions {
        model: options.model,
        tool: options.tool_choice.map(|tool| tool.id),
    });
    let body = UserMessage {
        content,
        attachments: message.attachments.into_iter().map(attachment).collect(),
        // Hosted servers send an empty quote where there is none.
        quoted_text: message.quoted_text.filter(|quote| !quote.is_empty()),
        inference_options,
    };
    Some((ItemBody::UserMessage(body), extra))
}

/// A part of a user message (section 9), and whether the model can hold all of it.
fn user_content(mut fields: Extra) -> (UserContent, bool) {
    let name = take(&mut fields, "type").unwrap_or_default();
    let has = |key| fields.get(key).is_some_and(Value::is_string);
    match name.as_str() {
        "input_text" if has("text") => {
            let text = take(&mut fields, "text").unwrap_or_default();
            (UserContent::Text { text }, fields.is_empty())
        }
        "input_tag" if has("id") && has("text") => {
            let id = take(&mut fields, "id").unwrap_or_default();
            let text = take(&mut fields, "text").unwrap_or_default();
            (UserContent::Tag { id, text, fields }, true)
        }
        _ => (UserContent::Unknown { name, fields }, true),
    }
}

fn attachment(attachment: wire::Attachment) -> Attachment {
    let wire::Attachment { id, name, extra } = attachment;
    Attachment { name: name.unwrap_or_else(|| id.clone()), id, extra }
}

fn assistant_message(value: &Value) -> Option<(ItemBody, Extra)> {
    let message = wire::AssistantMessage::deserialize(value).ok()?;
    let mut extra = message.extra;
    let (content, whole): (Vec<_>, Vec<_>) = message.content.into_iter().map(part).unzip();
    if whole.contains(&false)
        && let Some(raw) = value.get("content")
    {
        extra.insert("content".to_owned(), raw.clone());
    }
    Some((ItemBody::AssistantMessage { content }, extra))
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
        item(&value).unwrap().unwrap()
    }

    fn fields(value: Value) -> Extra {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn a_user_message_with_everything() {
        let read = read(json!({
            "id": "m1", "thread_id": "t1", "created_at": "2026-11-21T07:05:26.4", "type": "user_message",
            "content": [
                {"type": "input_text", "text": "Compare "},
                {"type": "input_tag", "id": "d7", "text": "Q3", "data": {"a": null}, "interactive": true},
                {"type": "input_song", "notes": "c"},
            ],
            "attachments": [{"type": "file", "id": "a1", "name": "a.pdf", "mime_type": "application/pdf"}],
            "quoted_text": "said", "inference_options": {"model": "fast", "tool_choice": {"id": "search"}},
            "mood": "good",
        }));
        let expected = UserMessage {
            content: vec![
                UserContent::Text { text: "Compare ".into() },
                UserContent::Tag {
                    id: "d7".into(),
                    text: "Q3".into(),
                    fields: fields(json!({"data": {"a": null}, "interactive": true})),
                },
                UserContent::Unknown { name: "input_song".into(), fields: fields(json!({"notes": "c"})) },
            ],
            attachments: vec![Attachment {
                id: "a1".into(),
                name: "a.pdf".into(),
                extra: fields(json!({"type": "file", "mime_type": "application/pdf"})),
            }],
            quoted_text: Some("said".into()),
            inference_options: InferenceOptions { model: Some("fast".into()), tool: Some("search".into()) },
        };
        assert_eq!(read.body, ItemBody::UserMessage(expected));
        assert_eq!((read.id.as_str(), read.created_at.as_deref()), ("m1", Some("2026-11-21T07:05:26.4")));
        assert_eq!(read.extra, fields(json!({"mood": "good"})));
    }

    #[test]
    fn null_is_absent() {
        let read = read(json!({
            "id": "m1", "type": "user_message", "content": null, "attachments": null, "quoted_text": null,
            "inference_options": null, "created_at": null,
        }));
        assert_eq!(read.body, ItemBody::UserMessage(UserMessage::default()));
        assert_eq!((read.created_at, read.extra), (None, Extra::new()));
    }

    #[test]
    fn what_the_model_cannot_hold_is_kept_beside_it() {
        let content = json!([{"type": "output_text", "text": "a"}, {"type": "output_song", "notes": "c"}]);
        let kept = read(json!({"id": "m1", "type": "assistant_message", "content": content}));
        let ItemBody::AssistantMessage { content: parts } = kept.body else { panic!("{kept:?}") };
        assert_eq!((parts.len(), parts[0].text.as_str()), (2, "a"));
        assert_eq!(kept.extra["content"], content);

        let options = json!({"model": "m", "warmth": 0.5});
        let kept = read(json!({"id": "m1", "type": "user_message", "content": [], "inference_options": options}));
        assert_eq!(kept.extra["inference_options"], options);
    }

    #[test]
    fn an_unknown_kind_and_an_unreadable_body_are_kept_whole() {
        for (name, rest) in [("hologram", json!({"beam": 9})), ("assistant_message", json!({"content": "text"}))] {
            let mut wire = json!({"id": "h1", "thread_id": "t1", "type": name, "created_at": "now"});
            wire.as_object_mut().unwrap().extend(fields(rest.clone()));
            let read = read(wire);
            assert_eq!(read.body, ItemBody::Unknown { name: name.into(), fields: fields(rest) });
            assert_eq!(read.extra, Extra::new());
        }
    }

    #[test]
    fn hidden_items_are_nobodys_to_see() {
        for kind in ["hidden_context_item", "sdk_hidden_context"] {
            assert_eq!(item(&json!({"id": "h", "type": kind, "content": "secret"})), Ok(None));
        }
    }

    #[test]
    fn an_item_without_id_or_type_is_an_error() {
        for wire in [json!({"type": "user_message"}), json!({"id": "x"}), json!({"id": 3, "type": "x"}), json!([1])] {
            assert!(item(&wire).is_err(), "{wire}");
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

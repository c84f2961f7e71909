//! Stream frame → events (sections 4 and 5).

use model::{ItemId, ItemUpdate, Notice, NoticeLevel, Progress, ServerError, ThreadEvent};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{
    depth::{DEEPEST, Shallow, shallow},
    item,
    lenient::{object, take, text},
    update::{TEXT_DELTA, update},
    wire,
};
use crate::{Mapper, unknown::unknown};

/// Reads a stream. Every event says everything about itself, so there is nothing to remember.
#[derive(Debug)]
pub(super) struct ChatkitMapper;

/// What is wrong with an event.
pub(super) type Wrong = String;

const UPDATED: &str = "thread.item.updated";

impl Mapper for ChatkitMapper {
    /// The name of the frame means nothing: the protocol has none, and gateways add their own (section 2.3).
    fn on_frame(&mut self, _event: &str, data: &str) -> Vec<ThreadEvent> {
        if let Some(event) = text_delta(data) {
            return vec![event];
        }
        let (event, cut) = event(data);
        let mut events: Vec<_> = event.unwrap_or_else(|name| Some(unknown(&name))).into_iter().collect();
        if cut {
            events.push(unknown(&format!("left out what was deeper than {DEEPEST} levels")));
        }
        events
    }
}

/// The most frequent event by far, without a tree of values in between. `None` leaves it to [`event`].
fn text_delta(data: &str) -> Option<ThreadEvent> {
    let event: wire::MaybeDelta<'_> = serde_json::from_str(data).ok()?;
    let update = event.update?;
    if event.kind != UPDATED || update.kind != TEXT_DELTA {
        return None;
    }
    let update = ItemUpdate::TextDelta { index: update.content_index?, delta: update.delta? };
    Some(ThreadEvent::ItemUpdated { id: ItemId::new(event.item_id?), update })
}

/// Any event, and whether something in it was too deep; `Ok(None)` is one about an item that is nobody's to see.
fn event(data: &str) -> (Result<Option<ThreadEvent>, Wrong>, bool) {
    if data.trim().is_empty() {
        return (Err("an empty event".to_owned()), false);
    }
    let Shallow { value, cut } = match shallow(data.as_bytes()) {
        Ok(read) => read,
        Err(error) => return (Err(format!("not JSON: {error}")), false),
    };
    let Some(kind) = value.get("type").and_then(Value::as_str).map(str::to_owned) else {
        return (Err("an event without a type".to_owned()), cut);
    };
    let named = |wrong: Wrong| if wrong.is_empty() { kind.clone() } else { format!("{kind}: {wrong}") };
    (known(&kind, value).map_err(named), cut)
}

/// The one list of ChatKit's events. An event that is not in it is an error without words.
fn known(kind: &str, mut event: Value) -> Result<Option<ThreadEvent>, Wrong> {
    Ok(Some(match kind {
        "thread.created" => ThreadEvent::ThreadCreated(item::thread(&event["thread"])?),
        "thread.updated" => ThreadEvent::ThreadUpdated(item::thread(&event["thread"])?),
        "thread.item.added" => return Ok(item::item(event["item"].take())?.map(ThreadEvent::ItemAdded)),
        "thread.item.done" => return Ok(item::item(event["item"].take())?.map(ThreadEvent::ItemDone)),
        "thread.item.replaced" => return Ok(item::item(event["item"].take())?.map(ThreadEvent::ItemReplaced)),
        "thread.item.removed" => ThreadEvent::ItemRemoved(item_id(&event)?),
        UPDATED => ThreadEvent::ItemUpdated { id: item_id(&event)?, update: update(event["update"].take())? },
        "stream_options" => {
            let wire::StreamOptions { allow_cancel } = read(&event["stream_options"])?;
            ThreadEvent::StreamOptions { allow_cancel }
        }
        "progress_update" => {
            let wire::Progress { text, icon } = read(&event)?;
            ThreadEvent::Progress(Progress { text, icon })
        }
        "notice" => ThreadEvent::Notice(notice(read(&event)?)),
        "client_effect" => client_effect(event)?,
        "error" => {
            let wire::Error { code, message, allow_retry } = read(&event)?;
            let code = code.unwrap_or_else(|| "custom".to_owned());
            ThreadEvent::Error(ServerError { code, message, allow_retry })
        }
        _ => return Err(String::new()),
    }))
}

/// Something for the program around the thread. What is handed over with it need not be there.
fn client_effect(event: Value) -> Result<ThreadEvent, Wrong> {
    let mut fields = object(event).unwrap_or_default();
    let name = take(&mut fields, "name", text).ok_or("no name")?;
    Ok(ThreadEvent::ClientEffect { name, data: take(&mut fields, "data", object).unwrap_or_default() })
}

fn notice(notice: wire::Notice) -> Notice {
    let level = match notice.level.as_str() {
        "warning" => NoticeLevel::Warning,
        "danger" => NoticeLevel::Danger,
        _ => NoticeLevel::Info,
    };
    Notice { level, title: notice.title, message: notice.message }
}

fn item_id(event: &Value) -> Result<ItemId, Wrong> {
    Ok(event["item_id"].as_str().map(ItemId::from).ok_or("no item_id")?)
}

fn read<T: DeserializeOwned>(value: &Value) -> Result<T, Wrong> {
    T::deserialize(value).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use model::ItemBody;
    use serde_json::json;

    use super::*;

    fn map(data: &str) -> Vec<ThreadEvent> {
        ChatkitMapper.on_frame("message", data)
    }

    fn one(event: Value) -> ThreadEvent {
        let events = map(&event.to_string());
        let [event] = events.as_slice() else { panic!("{events:?}") };
        event.clone()
    }

    fn unknown(name: &str) -> ThreadEvent {
        ThreadEvent::Unknown { name: name.into() }
    }

    fn effect(data: Value) -> ThreadEvent {
        ThreadEvent::ClientEffect { name: "x".into(), data: serde_json::from_value(data).unwrap() }
    }

    fn delta(index: Value) -> Value {
        json!({"type": UPDATED, "item_id": "m", "update": {"type": TEXT_DELTA, "content_index": index, "delta": "a\n\"b\" 🐦"}})
    }

    #[test]
    fn a_delta_takes_the_short_way_and_gives_what_the_long_way_gives() {
        let data = delta(json!(1)).to_string();
        let update = ItemUpdate::TextDelta { index: 1, delta: "a\n\"b\" 🐦".into() };
        let expected = ThreadEvent::ItemUpdated { id: "m".into(), update };
        assert_eq!(text_delta(&data).as_ref(), Some(&expected));
        assert_eq!(event(&data), (Ok(Some(expected.clone())), false));
        let float = delta(json!(1.0)).to_string();
        assert_eq!(text_delta(&float), None);
        assert_eq!(map(&float), [expected]);
    }

    #[test]
    fn a_delta_of_another_kind_is_not_text() {
        let event = json!({"type": UPDATED, "item_id": "w", "update":
            {"type": "widget.streaming_text.value_delta", "component_id": "c", "delta": "x", "done": false}});
        let update = ItemUpdate::WidgetTextDelta { component: "c".into(), delta: "x".into(), done: false };
        assert_eq!(one(event), ThreadEvent::ItemUpdated { id: "w".into(), update });
    }

    #[test]
    fn annotations_without_a_position_go_to_the_end() {
        let event = json!({"type": UPDATED, "item_id": "m", "update": {
            "type": "assistant_message.content_part.annotation_added", "content_index": 0,
            "annotation": {"source": {"type": "file", "filename": "a"}},
        }});
        let ThreadEvent::ItemUpdated { update: ItemUpdate::AnnotationAdded { position, .. }, .. } = one(event) else {
            panic!()
        };
        assert_eq!(position, usize::MAX);
    }

    #[test]
    fn the_small_events() {
        let cases = [
            (
                json!({"type": "stream_options", "stream_options": {"allow_cancel": false}}),
                ThreadEvent::StreamOptions { allow_cancel: false },
            ),
            (
                json!({"type": "progress_update", "text": "Looking", "icon": null}),
                ThreadEvent::Progress(Progress { text: "Looking".into(), icon: None }),
            ),
            (
                json!({"type": "notice", "level": "grave", "message": "m", "title": "t"}),
                ThreadEvent::Notice(Notice { level: NoticeLevel::Info, title: Some("t".into()), message: "m".into() }),
            ),
            (
                json!({"type": "error"}),
                ThreadEvent::Error(ServerError { code: "custom".into(), message: None, allow_retry: false }),
            ),
            (
                json!({"type": "error", "code": "x", "message": "m", "allow_retry": true}),
                ThreadEvent::Error(ServerError { code: "x".into(), message: Some("m".into()), allow_retry: true }),
            ),
            (json!({"type": "thread.item.removed", "item_id": "m"}), ThreadEvent::ItemRemoved("m".into())),
            (json!({"type": "client_effect", "name": "x", "data": {"a": null}}), effect(json!({"a": null}))),
            (json!({"type": "client_effect", "name": "x"}), effect(json!({}))),
            (json!({"type": "client_effect", "name": "x", "data": [1]}), effect(json!({}))),
            (json!({"type": "client_effect", "data": {}}), unknown("client_effect: no name")),
        ];
        for (event, expected) in cases {
            assert_eq!(one(event), expected);
        }
    }

    #[test]
    fn hidden_items_leave_no_event() {
        for kind in ["thread.item.added", "thread.item.done", "thread.item.replaced"] {
            let event = json!({"type": kind, "item": {"id": "h", "type": "hidden_context_item", "content": 1}});
            assert_eq!(map(&event.to_string()), []);
        }
    }

    #[test]
    fn nothing_is_fatal_and_everything_is_named() {
        for (data, name) in [
            ("", "an empty event"),
            ("[DONE]", "not JSON: expected value at line 1 column 2"),
            ("{not json", "not JSON: key must be a string at line 1 column 2"),
            ("[1]", "an event without a type"),
            ("{\"type\":7}", "an event without a type"),
            (r#"{"type":"thread.item.sparkled"}"#, "thread.item.sparkled"),
            (
                r#"{"type":"thread.created"}"#,
                "thread.created: a thread with invalid type: null, expected struct Thread",
            ),
            (r#"{"type":"thread.item.done","item":{"id":"x"}}"#, "thread.item.done: an item with missing field `type`"),
            (r#"{"type":"thread.item.removed"}"#, "thread.item.removed: no item_id"),
            (r#"{"type":"thread.item.updated","item_id":"m"}"#, "thread.item.updated: no update"),
            (r#"{"type":"stream_options","stream_options":{}}"#, "stream_options: missing field `allow_cancel`"),
        ] {
            assert_eq!(map(data), [unknown(name)], "{data}");
        }
        let index = json!({"type": UPDATED, "item_id": "m", "update": {"type": TEXT_DELTA, "delta": "a"}});
        assert_eq!(one(index), unknown("thread.item.updated: no content_index"));
        assert_eq!(one(json!({"type": "\u{1b}[2J"})), unknown(" [2J"));
        assert_eq!(one(json!({"type": "x".repeat(500)})), unknown(&"x".repeat(120)));
    }

    #[test]
    fn deep_nesting_is_left_out_and_said() {
        let deep = format!("{}{}", r#"{"type":"x","a":"#, "[".repeat(100_000));
        assert!(matches!(map(&deep).as_slice(), [ThreadEvent::Unknown { .. }]));
        let widget = format!("{}{}", r#"{"type":"Box","children":["#.repeat(10_000), "]}".repeat(10_000));
        let event = format!(
            r#"{{"type":"thread.item.done","item":{{"id":"w","type":"widget","widget":{widget},"copy_text":"c"}}}}"#
        );
        let events = map(&event);
        let [ThreadEvent::ItemDone(item), said] = events.as_slice() else { panic!("{}", events.len()) };
        assert_eq!(said, &unknown("left out what was deeper than 100 levels"));
        assert_eq!(item.body.plain_text().as_deref(), Some("c"), "what stands after it is read");
    }

    #[test]
    fn unknown_kinds_of_items_stay_items() {
        let event = json!({"type": "thread.item.added", "item": {"id": "h", "type": "hologram", "beam": 9}});
        assert!(matches!(one(event), ThreadEvent::ItemAdded(item) if matches!(item.body, ItemBody::Unknown { .. })));
    }
}

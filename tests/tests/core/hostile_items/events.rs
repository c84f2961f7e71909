//! One of each item, update and event of the protocol, with all that it may have, and a way to put something else into
//! each place of it.

use std::sync::LazyLock;

use proptest::prelude::*;
use serde_json::{Value, json};

/// Stands in an event where something else is put.
pub(super) const HERE: &str = "@here@";

/// One of each event, with one of each item and of each update.
pub(super) static EVENTS: LazyLock<Vec<Value>> = LazyLock::new(|| {
    let done = |item| json!({"type": "thread.item.done", "item": item});
    let updated = |update| json!({"type": "thread.item.updated", "item_id": "x", "update": update});
    let items = items().into_iter().map(done);
    items.chain(updates().into_iter().map(updated)).chain(others()).collect()
});

/// One item of each kind, with all that it may have.
pub(super) fn items() -> Vec<Value> {
    let bodies = [
        json!({"type": "user_message", "content": [{"type": "input_text", "text": "a"},
            {"type": "input_tag", "id": "d", "text": "b", "data": {"k": 1}, "group": "g", "interactive": true}],
            "attachments": [{"type": "file", "id": "a1", "name": "n", "mime_type": "m", "upload_url": "u"}],
            "quoted_text": "q", "inference_options": {"model": "m", "tool_choice": {"id": "t"}}}),
        json!({"type": "assistant_message", "content": [{"type": "output_text", "text": "a", "annotations": [
            {"type": "annotation", "index": 0, "source": source()}]}]}),
        json!({"type": "client_tool_call", "status": "pending", "call_id": "c", "name": "n", "arguments": {"a": 1},
            "output": {"b": 2}}),
        json!({"type": "widget", "widget": {"type": "Card", "children": [{"type": "Text", "value": "a"}]}, "copy_text": "c"}),
        json!({"type": "generated_image", "image": {"id": "i", "url": "u"}}),
        json!({"type": "structured_input", "status": "pending", "inputs": [
            {"type": "multiple_choice", "id": "a", "question": "q", "options": [{"value": "v"}], "multiple": true,
             "answer": {"values": ["v"], "skipped": false}},
            {"type": "freeform", "id": "b", "question": "q", "description": "d"}]}),
        json!({"type": "workflow", "workflow": {"type": "reasoning", "tasks": tasks(), "expanded": true,
            "summary": {"title": "t", "icon": "i"}}}),
        json!({"type": "workflow", "workflow": {"type": "custom", "tasks": [], "summary": {"duration": 7}}}),
        json!({"type": "end_of_turn"}),
        json!({"type": "hologram", "beam": [9]}),
    ];
    let tasks = tasks().into_iter().map(|task| json!({"type": "task", "task": task}));
    let head = |mut item: Value| {
        item["id"] = json!("x");
        item["thread_id"] = json!("t");
        item["created_at"] = json!("2026-11-21T07:05:26.4");
        item
    };
    bodies.into_iter().chain(tasks).map(head).collect()
}

pub(super) fn source() -> Value {
    json!({"type": "entity", "id": "e", "title": "t", "description": "d", "data": {"k": 1}, "interactive": true})
}

fn tasks() -> Vec<Value> {
    vec![
        json!({"type": "custom", "title": "t", "icon": "i", "content": "c", "status_indicator": "loading"}),
        json!({"type": "web_search", "title_query": "q", "queries": ["a"], "sources": [
            {"type": "url", "title": "t", "url": "u", "attribution": "a"}]}),
        json!({"type": "thought", "content": "c"}),
        json!({"type": "file", "sources": [{"type": "file", "filename": "f"}]}),
        json!({"type": "image", "title": "t"}),
    ]
}

/// One update of each kind.
fn updates() -> Vec<Value> {
    let part = json!({"type": "output_text", "text": "a", "annotations": [{"source": source()}]});
    vec![
        json!({"type": "assistant_message.content_part.added", "content_index": 0, "content": part}),
        json!({"type": "assistant_message.content_part.text_delta", "content_index": 0, "delta": "d"}),
        json!({"type": "assistant_message.content_part.annotation_added", "content_index": 0, "annotation_index": 0,
            "annotation": {"type": "annotation", "index": 1, "source": source()}}),
        json!({"type": "assistant_message.content_part.done", "content_index": 0, "content": part}),
        json!({"type": "widget.streaming_text.value_delta", "component_id": "c", "delta": "d", "done": false}),
        json!({"type": "widget.component.updated", "component_id": "c", "component": {"type": "Text", "value": "a"}}),
        json!({"type": "widget.root.updated", "widget": {"type": "Card", "children": [{"id": "c"}]}}),
        json!({"type": "workflow.task.added", "task_index": 0, "task": tasks()[1]}),
        json!({"type": "workflow.task.updated", "task_index": 0, "task": tasks()[0]}),
        json!({"type": "generated_image.updated", "image": {"id": "i", "url": "u"}, "progress": 0.5}),
    ]
}

/// One of each event that is about no item, or only names one.
fn others() -> Vec<Value> {
    let thread = json!({"id": "t", "title": "a", "created_at": "c", "status": {"type": "locked", "reason": "r"},
        "allowed_image_domains": ["d"], "metadata": {}, "items": {"data": [], "has_more": false}});
    vec![
        json!({"type": "thread.created", "thread": thread}),
        json!({"type": "thread.updated", "thread": thread}),
        json!({"type": "thread.item.removed", "item_id": "x"}),
        json!({"type": "stream_options", "stream_options": {"allow_cancel": true}}),
        json!({"type": "progress_update", "icon": "i", "text": "t"}),
        json!({"type": "client_effect", "name": "n", "data": {"a": 1}}),
        json!({"type": "notice", "level": "info", "message": "m", "title": "t"}),
        json!({"type": "error", "code": "c", "message": "m", "allow_retry": true}),
    ]
}

/// Every place in a value, the value itself first.
pub(super) fn places(value: &Value, at: &str) -> Vec<String> {
    let below: Vec<(String, &Value)> = match value {
        Value::Array(values) => values.iter().enumerate().map(|(key, value)| (key.to_string(), value)).collect(),
        Value::Object(fields) => fields.iter().map(|(key, value)| (key.clone(), value)).collect(),
        _ => Vec::new(),
    };
    let below = below.into_iter().flat_map(|(key, value)| places(value, &format!("{at}/{key}")));
    std::iter::once(at.to_owned()).chain(below).collect()
}

/// An event with something else in one of its places.
pub(super) fn with(event: &Value, place: &str, raw: &str) -> String {
    let mut event = event.clone();
    *event.pointer_mut(place).unwrap() = json!(HERE);
    event.to_string().replacen(&format!("\"{HERE}\""), raw, 1)
}

/// Any JSON, with names and words among it that the protocol knows.
pub(super) fn any_json() -> impl Strategy<Value = Value> {
    let names = prop::sample::select(vec![
        "type",
        "id",
        "title",
        "content",
        "text",
        "url",
        "index",
        "source",
        "sources",
        "tasks",
        "task",
        "values",
        "value",
        "options",
        "status",
        "summary",
        "duration",
        "image",
        "widget",
        "children",
        "answer",
        "data",
        "annotations",
    ]);
    let words =
        prop::sample::select(vec!["output_text", "url", "thought", "web_search", "reasoning", "pending", "freeform"]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1e12..1e12f64).prop_map(Value::from),
        words.prop_map(Value::from),
        "\\PC{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, move |inner| {
        let key = prop_oneof![names.clone().prop_map(str::to_owned), "\\PC{0,4}"];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((key, inner), 0..6).prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

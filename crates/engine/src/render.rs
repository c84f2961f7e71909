//! Items as they are shown. The one place of the core that tells the kinds of items apart for a window.

mod asking;
mod tasks;
mod widget;

use markdown::Patch;
use model::{Extra, Handover, Item, ItemBody, TextPart};
use serde_json::Value;

use crate::{
    growing::Growing,
    message::user_message,
    reduce::{Entry, ThreadState},
    sources::{marks, sources},
    view::{ItemView, ItemViewBody, SourceView},
};

/// What the server calls an item of a kind that this version does not know.
pub fn unknown_kind(body: &ItemBody) -> Option<&str> {
    match body {
        ItemBody::Unknown { name, .. } => Some(name),
        _ => None,
    }
}

#[cfg(test)]
pub(crate) use widget::readings;

/// Where an item stands, as far as that changes how it is shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Place {
    /// Whether nothing that is shown stands after it.
    pub is_last: bool,
    /// Whether no turn is under way.
    pub is_idle: bool,
    /// Whether this machine works on what it asks, or has sent the answer.
    pub is_worked_on: bool,
    /// Whether so many calls were answered already that the person is told of that.
    pub has_called_enough: bool,
}

/// Whether an item is of a kind that is ever seen.
pub fn is_shown(entry: &Entry) -> bool {
    is_seen(&entry.item.body)
}

/// Whether this is a kind of item that is ever seen.
pub fn is_seen(body: &ItemBody) -> bool {
    !matches!(body, ItemBody::EndOfTurn)
}

/// Whether an item waits for an answer from here. Such a one is shown otherwise in another [`Place`].
pub fn is_asking(entry: &Entry) -> bool {
    match &entry.item.body {
        ItemBody::StructuredInput(input) => asking::waits(input),
        ItemBody::ClientToolCall(call) => call.is_pending,
        _ => false,
    }
}

/// An item as it is shown; none for the kinds that are never seen.
pub fn item_view(entry: &Entry, growing: &Growing, place: Place) -> Option<ItemView> {
    let Item { id, body, .. } = &entry.item;
    let body = match body {
        ItemBody::UserMessage(message) => user_message(message),
        ItemBody::AssistantMessage { content } => ItemViewBody::AssistantMessage {
            parts: growing.snapshot(id).unwrap_or_else(|| rendered(content)),
            sources: sources(content),
        },
        ItemBody::ClientToolCall(call) => ItemViewBody::ClientToolCall(asking::tool_call(call, place)),
        ItemBody::Widget(widget) => ItemViewBody::Widget(Box::new(widget::widget(widget))),
        ItemBody::GeneratedImage(image) => ItemViewBody::GeneratedImage(widget::image(image, entry.stage)),
        ItemBody::StructuredInput(input) => ItemViewBody::StructuredInput(asking::questions(input, place)),
        ItemBody::Task(task) => ItemViewBody::Task(tasks::task(task, entry.stage)),
        ItemBody::Workflow(workflow) => ItemViewBody::Workflow(tasks::workflow(workflow, entry.stage)),
        ItemBody::EndOfTurn => return None,
        ItemBody::Handover(Handover { to, why, .. }) => {
            ItemViewBody::Handover { to: to.name.clone(), why: why.clone() }
        }
        ItemBody::Unknown { name, fields } => {
            ItemViewBody::Unknown { name: name.clone(), text: readable(name, fields) }
        }
    };
    Some(ItemView { id: id.clone(), stage: entry.stage, body, details: None })
}

/// What a person can read in something that is not drawn: what a model thought, and which tool it asked for.
fn readable(name: &str, fields: &Extra) -> Option<String> {
    let text = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default();
    let words = match name {
        "reasoning" => text("text").trim().to_owned(),
        "function_call" => format!("{} {}", text("name"), text("arguments")).trim().to_owned(),
        _ => String::new(),
    };
    (!words.is_empty()).then_some(words)
}

fn rendered(content: &[TextPart]) -> Vec<Vec<Patch>> {
    let marked = content.iter().zip(marks(content));
    marked.map(|(part, marks)| markdown::render_marked(&part.text, marks)).collect()
}

/// What all the answers of a thread rest on, as if they were one.
pub fn all_sources(state: &ThreadState) -> Vec<SourceView> {
    let bodies = state.entries().iter().map(|entry| &entry.item.body);
    sources(bodies.flat_map(|body| match body {
        ItemBody::AssistantMessage { content } => content.as_slice(),
        _ => &[],
    }))
}

#[cfg(test)]
mod tests {
    use model::ItemStage;

    use super::*;

    #[test]
    fn an_unknown_kind_is_shown_and_an_invisible_one_is_not() {
        let mut entry = Entry {
            rank: 0,
            item: Item {
                id: "a".into(),
                created_at: None,
                body: ItemBody::Unknown { name: "hologram".into(), fields: Extra::new() },
                extra: Extra::new(),
            },
            stage: ItemStage::Done,
        };
        let view = item_view(&entry, &Growing::default(), Place::default());
        assert!(matches!(view.unwrap().body, ItemViewBody::Unknown { name, text: None } if name == "hologram"));
        for (name, fields, words) in [
            ("reasoning", serde_json::json!({"text": " Is it two?\n"}), "Is it two?"),
            ("function_call", serde_json::json!({"name": "tide", "arguments": "{\"at\": 9}"}), "tide {\"at\": 9}"),
        ] {
            let fields = fields.as_object().cloned().unwrap();
            entry.item.body = ItemBody::Unknown { name: name.into(), fields };
            let view = item_view(&entry, &Growing::default(), Place::default()).unwrap();
            assert!(matches!(view.body, ItemViewBody::Unknown { text: Some(text), .. } if text == words));
        }
        entry.item.body = ItemBody::EndOfTurn;
        assert!(item_view(&entry, &Growing::default(), Place::default()).is_none());
    }
}

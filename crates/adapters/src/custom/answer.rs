//! An answer as it grows.

use model::{Extra, Item, ItemBody, ItemId, ItemUpdate, ServerError, TextPart, ThreadEvent, Usage};
use serde_json::Value;

use crate::{unknown::short, usage::usage};

/// What was heard of an answer so far: one message.
#[derive(Debug, Default)]
pub(super) struct Answer {
    /// The item that is answered, which makes the name of the answer unique in its thread.
    after: Option<ItemId>,
    text: String,
    begun: bool,
    over: bool,
    failed: bool,
    /// What the server says of the answer beside its text: the model, and what it used.
    extra: Extra,
    model: Option<String>,
    usage: Option<Usage>,
    /// Whether that was told.
    told: bool,
}

impl Answer {
    /// The answer to an item.
    pub(super) fn to(item: Option<&ItemId>) -> Self {
        Self { after: item.cloned(), ..Self::default() }
    }

    /// Whether anything was said.
    pub(super) fn has_words(&self) -> bool {
        self.begun
    }

    /// Whether it has ended: what still comes belongs to nothing.
    pub(super) fn is_over(&self) -> bool {
        self.over
    }

    /// Whether the server reported an error.
    pub(super) fn has_failed(&self) -> bool {
        self.failed
    }

    /// What stands beside the text of an answer: the model, and what it used. Fields that are not there change nothing.
    pub(super) fn head(&mut self, fields: &Value) {
        for (name, known) in [("model", fields["model"].is_string()), ("usage", fields["usage"].is_object())] {
            if known {
                self.extra.insert(name.to_owned(), fields[name].clone());
            }
        }
        let model = fields["model"].as_str().filter(|model| !model.is_empty()).map(short);
        if model.is_some() && model != self.model {
            (self.model, self.told) = (model, false);
        }
        let usage = usage(&fields["usage"]);
        if usage.is_some() && usage != self.usage {
            (self.usage, self.told) = (usage, false);
        }
    }

    /// What is known of the answer as a whole, if there is news of it.
    pub(super) fn news(&mut self) -> Option<ThreadEvent> {
        let (model, usage) = (self.model.clone(), self.usage);
        let is_new = !std::mem::replace(&mut self.told, true) && (model.is_some() || usage.is_some());
        is_new.then_some(ThreadEvent::Answered { model, usage })
    }

    /// Something was said.
    pub(super) fn say(&mut self, words: &str) -> Vec<ThreadEvent> {
        if words.is_empty() || self.over {
            return Vec::new();
        }
        let mut events = Vec::new();
        if !std::mem::replace(&mut self.begun, true) {
            events.push(ThreadEvent::ItemAdded(self.item(Vec::new(), Extra::new())));
        }
        self.text.push_str(words);
        let update = ItemUpdate::TextDelta { index: 0, delta: words.to_owned() };
        events.push(ThreadEvent::ItemUpdated { id: self.id(), update });
        events
    }

    /// The answer is whole.
    pub(super) fn finish(&mut self) -> Vec<ThreadEvent> {
        if std::mem::replace(&mut self.over, true) || !self.begun {
            return Vec::new();
        }
        let part = TextPart { text: std::mem::take(&mut self.text), ..TextPart::default() };
        let extra = std::mem::take(&mut self.extra);
        vec![ThreadEvent::ItemDone(self.item(vec![part], extra))]
    }

    /// The server reports an error, after which no end is missing.
    pub(super) fn fail(&mut self, error: ServerError) -> Vec<ThreadEvent> {
        (self.over, self.failed) = (true, true);
        vec![ThreadEvent::Error(error)]
    }

    fn item(&self, content: Vec<TextPart>, extra: Extra) -> Item {
        Item { id: self.id(), created_at: None, body: ItemBody::AssistantMessage { content }, extra }
    }

    fn id(&self) -> ItemId {
        match &self.after {
            Some(item) => ItemId::new(format!("answer.{item}")),
            None => ItemId::new("answer"),
        }
    }
}

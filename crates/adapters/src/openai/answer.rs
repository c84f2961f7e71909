//! An answer as it grows, whichever dialect it comes in: what is heard of it becomes events.

use jiff::Timestamp;
use model::{Annotation, Extra, Item, ItemId, ItemUpdate, Progress, ServerError, TextPart, ThreadEvent};
use serde_json::Value;

use super::{
    error, item,
    think::{self, Opening},
};
use crate::{unknown::short, usage::usage};

/// No answer has more messages or calls, nor a message more parts; a server that sends more must not cost memory.
const MOST: usize = 64;

/// What stands before the words in which a model refuses.
const REFUSED: &str = "**The model refuses:** ";

/// The events of one step.
pub(super) type Events = Vec<ThreadEvent>;

/// In what way something is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Voice {
    /// As the answer.
    Answer,
    /// Instead of one.
    Refusal,
}

/// Where something is said.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    /// The server's name for the message; empty where it has only one.
    pub message: &'a str,
    /// Which part of the message.
    pub part: u64,
    /// How it is said.
    pub voice: Voice,
}

/// One message of the answer.
#[derive(Debug)]
struct Message {
    /// The server's name for it.
    name: String,
    id: ItemId,
    /// Where each part belongs, beside its text.
    parts: Vec<(u64, Voice)>,
    content: Vec<TextPart>,
}

/// A call of a tool, which arrives in pieces.
#[derive(Debug, Default)]
struct Call {
    index: u64,
    id: String,
    name: String,
    arguments: String,
}

/// How an answer ends, once the server has said so.
#[derive(Debug, Default)]
enum Ending {
    #[default]
    Unsaid,
    Whole,
    Cut(ServerError),
}

/// What was heard so far.
#[derive(Debug, Default)]
pub(super) struct Answer {
    /// The item that is answered, which makes names unique in a thread: some servers call every answer alike.
    after: Option<ItemId>,
    /// Whether anything was heard at all.
    begun: bool,
    /// The server's name for the answer.
    name: String,
    created_at: Option<String>,
    model: Option<String>,
    usage: Option<Value>,
    /// Whether that was told, as far as it is known.
    told: bool,
    messages: Vec<Message>,
    /// How it begins.
    opening: Opening,
    /// What was thought since the last word.
    thought: String,
    /// Whether the person was told that it thinks.
    thinking: bool,
    /// How many items beside messages there were.
    others: usize,
    calls: Vec<Call>,
    ending: Ending,
    over: bool,
}

impl Answer {
    /// The answer to an item.
    pub(super) fn to(item: &ItemId) -> Self {
        Self { after: Some(item.clone()), ..Self::default() }
    }

    /// What the server says of the answer itself: its name, when it was begun in seconds since 1970, the model that gives
    /// it, and what it used. Fields that are not there change nothing.
    pub(super) fn head(&mut self, fields: &Value, began: &str) {
        self.begun = true;
        if let Some(name) = fields["id"].as_str().filter(|_| self.name.is_empty()) {
            self.name = short(name);
        }
        if self.created_at.is_none() {
            let seconds = fields[began].as_i64().filter(|seconds| *seconds > 0);
            self.created_at = seconds.and_then(|at| Timestamp::from_second(at).ok()).map(|at| at.to_string());
        }
        let model = fields["model"].as_str().filter(|model| !model.is_empty());
        if model.is_some() && model != self.model.as_deref() {
            (self.model, self.told) = (model.map(short), false);
        }
        let usage = Some(&fields["usage"]).filter(|usage| usage.is_object());
        if usage.is_some() && usage != self.usage.as_ref() {
            (self.usage, self.told) = (usage.cloned(), false);
        }
    }

    /// What is known of the answer as a whole, if there is news of it.
    pub(super) fn news(&mut self) -> Option<ThreadEvent> {
        let (model, usage) = (self.model.clone(), self.usage.as_ref().and_then(usage));
        let is_new = !std::mem::replace(&mut self.told, true) && (model.is_some() || usage.is_some());
        is_new.then_some(ThreadEvent::Answered { model, usage })
    }

    /// Something was said, or thought, at the beginning of an answer.
    pub(super) fn say(&mut self, place: Place<'_>, words: &str) -> Events {
        if place.voice != Voice::Answer {
            return self.utter(place, words);
        }
        let heard = self.opening.hear(words);
        let mut events = heard.thought.map(|thought| self.think(&thought)).unwrap_or_default();
        events.extend(self.utter(place, &heard.said));
        events
    }

    fn utter(&mut self, place: Place<'_>, words: &str) -> Events {
        if words.is_empty() {
            return Vec::new();
        }
        let mut events = self.end_of_thought();
        let at = self.message(place.message, &mut events);
        let message = &mut self.messages[at];
        let (index, is_new) = message.part(place);
        let delta = match place.voice {
            Voice::Refusal if is_new => format!("{REFUSED}{words}"),
            _ => words.to_owned(),
        };
        message.content[index].text.push_str(&delta);
        events
            .push(ThreadEvent::ItemUpdated { id: message.id.clone(), update: ItemUpdate::TextDelta { index, delta } });
        events
    }

    /// The whole text of a part, which may have come in pieces before, and counts more than they do.
    pub(super) fn set(&mut self, place: Place<'_>, words: &str) -> Events {
        let words = if place.part == 0 && place.voice == Voice::Answer { &think::said(words) } else { words };
        self.opening = Opening::Speaking;
        if words.is_empty() {
            return Vec::new();
        }
        let mut events = self.end_of_thought();
        let at = self.message(place.message, &mut events);
        let message = &mut self.messages[at];
        let (index, _) = message.part(place);
        let words = if place.voice == Voice::Refusal { format!("{REFUSED}{words}") } else { words.to_owned() };
        if message.content[index].text != words {
            message.content[index].text = words;
            let (id, part) = (message.id.clone(), message.content[index].clone());
            events.push(ThreadEvent::ItemUpdated { id, update: ItemUpdate::PartDone { index, part } });
        }
        events
    }

    /// A reference into what was said.
    pub(super) fn cite(&mut self, place: Place<'_>, annotation: Annotation) -> Events {
        let mut events = Vec::new();
        let at = self.message(place.message, &mut events);
        let message = &mut self.messages[at];
        let (index, _) = message.part(place);
        let annotations = &mut message.content[index].annotations;
        let position = annotations.len();
        annotations.push(annotation.clone());
        let update = ItemUpdate::AnnotationAdded { index, position, annotation };
        events.push(ThreadEvent::ItemUpdated { id: message.id.clone(), update });
        events
    }

    /// It thinks, and perhaps what. That is no part of what it says: it is kept beside it, and only told of.
    pub(super) fn think(&mut self, words: &str) -> Events {
        self.thought.push_str(words);
        if std::mem::replace(&mut self.thinking, true) {
            return Vec::new();
        }
        vec![ThreadEvent::Progress(Progress { text: "Thinking".to_owned(), icon: None })]
    }

    /// A piece of a call of a tool.
    pub(super) fn call(&mut self, index: u64, id: &str, name: &str, arguments: &str) {
        let at = self.calls.iter().rposition(|call| call.index == index);
        let at = match at {
            Some(at) => at,
            None if self.calls.len() < MOST => {
                self.calls.push(Call { index, ..Call::default() });
                self.calls.len() - 1
            }
            None => return,
        };
        let call = &mut self.calls[at];
        if call.id.is_empty() {
            id.clone_into(&mut call.id);
        }
        call.name.push_str(name);
        call.arguments.push_str(arguments);
    }

    /// Something else that belongs to the answer, whole.
    pub(super) fn other(&mut self, kind: &str, fields: Extra) -> Events {
        let mut events = self.end_of_thought();
        let item = self.undrawn(kind, fields);
        events.push(ThreadEvent::ItemDone(item));
        events
    }

    /// The server says how the answer ends. That it has ended is another matter: what it used may follow.
    pub(super) fn ends(&mut self, reason: &str) {
        self.ending = match reason {
            "length" | "max_tokens" | "max_output_tokens" | "content_filter" => Ending::Cut(error::cut(reason)),
            _ => Ending::Whole,
        };
    }

    /// The server says that it did not get to the end.
    pub(super) fn cut(&mut self, reason: &str) {
        self.ending = Ending::Cut(error::cut(reason));
    }

    /// Whether anything was said.
    pub(super) fn has_words(&self) -> bool {
        !self.messages.is_empty()
    }

    /// Whether it is known what was thought since the last word.
    pub(super) fn has_thought(&self) -> bool {
        !self.thought.trim().is_empty()
    }

    /// Whether it has ended: what still comes belongs to nothing.
    pub(super) fn is_over(&self) -> bool {
        self.over
    }

    /// Whether the server has said how it ends. What may still come is what it used, and the mark.
    pub(super) fn is_whole(&self) -> bool {
        self.over || !matches!(self.ending, Ending::Unsaid)
    }

    /// The server reports an error, after which no end is missing.
    pub(super) fn fail(&mut self, error: ServerError) -> Events {
        let mut events = self.held_back();
        events.extend(self.end_of_thought());
        self.over = true;
        events.push(ThreadEvent::Error(error));
        events
    }

    /// The end mark.
    pub(super) fn finish(&mut self) -> Events {
        if std::mem::replace(&mut self.over, true) {
            return Vec::new();
        }
        let mut events = self.held_back();
        events.extend(self.end_of_thought());
        let ending = std::mem::take(&mut self.ending);
        let (extra, created_at) = (self.extra(), self.created_at.clone());
        let messages = std::mem::take(&mut self.messages);
        let last = messages.len().saturating_sub(1);
        for (at, message) in messages.into_iter().enumerate() {
            let is_last = at == last;
            let extra = if is_last { extra.clone() } else { Extra::new() };
            let whole = item::answer(message.id, created_at.clone(), message.content, extra);
            // One that was cut is not done: it stays as far as it came.
            let is_cut = is_last && matches!(ending, Ending::Cut(_));
            events.push(if is_cut { ThreadEvent::ItemAdded(whole) } else { ThreadEvent::ItemDone(whole) });
        }
        for call in std::mem::take(&mut self.calls) {
            let fields = [("call_id", call.id), ("name", call.name), ("arguments", call.arguments)];
            let fields = fields.into_iter().map(|(name, value)| (name.to_owned(), Value::String(value))).collect();
            events.push(ThreadEvent::ItemDone(self.undrawn("function_call", fields)));
        }
        if let Ending::Cut(error) = ending {
            events.push(ThreadEvent::Error(error));
        }
        events
    }

    /// The body has ended. Without an end mark, what the server said of the end will do.
    pub(super) fn end_of_body(&mut self) -> Events {
        if !self.begun || self.over {
            return Vec::new();
        }
        match self.ending {
            Ending::Unsaid => self.fail(error::cut("")),
            Ending::Whole | Ending::Cut(_) => self.finish(),
        }
    }

    /// What could have been the beginning of a mark is none if nothing follows.
    fn held_back(&mut self) -> Events {
        let heard = self.opening.end();
        self.thought.push_str(heard.thought.as_deref().unwrap_or_default());
        self.utter(Place { message: "", part: 0, voice: Voice::Answer }, &heard.said)
    }

    /// What was thought becomes an item of its own, before what is said next.
    fn end_of_thought(&mut self) -> Events {
        self.thinking = false;
        let thought = std::mem::take(&mut self.thought);
        if thought.trim().is_empty() {
            return Vec::new();
        }
        let fields = Extra::from_iter([("text".to_owned(), Value::String(thought.trim_end().to_owned()))]);
        vec![ThreadEvent::ItemDone(self.undrawn("reasoning", fields))]
    }

    fn undrawn(&mut self, kind: &str, fields: Extra) -> Item {
        self.others += 1;
        let id = self.id(&format!("{}-{}", self.named(""), self.others));
        item::undrawn(id, self.created_at.clone(), &short(kind), fields)
    }

    /// The message of that name, which begins here if it is new.
    fn message(&mut self, name: &str, events: &mut Events) -> usize {
        if let Some(at) = self.messages.iter().rposition(|message| message.name == name) {
            return at;
        }
        if self.messages.len() == MOST {
            return MOST - 1;
        }
        let id = self.id(&self.named(name));
        let begun = item::answer(id.clone(), self.created_at.clone(), Vec::new(), Extra::new());
        events.push(ThreadEvent::ItemAdded(begun));
        self.messages.push(Message { name: name.to_owned(), id, parts: Vec::new(), content: Vec::new() });
        self.messages.len() - 1
    }

    /// A message's name, or else that of the answer.
    fn named(&self, name: &str) -> String {
        match (name, self.name.as_str()) {
            ("", "") => "answer".to_owned(),
            ("", name) => name.to_owned(),
            (name, _) => short(name),
        }
    }

    fn id(&self, name: &str) -> ItemId {
        match &self.after {
            Some(item) => ItemId::new(format!("{name}.{item}")),
            None => ItemId::new(name),
        }
    }

    /// What is known of the answer as a whole.
    fn extra(&self) -> Extra {
        let model = self.model.clone().map(Value::String);
        let known = [("model", model), ("usage", self.usage.clone())];
        known.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
    }
}

impl Message {
    /// Where a part is, and whether it is new.
    fn part(&mut self, place: Place<'_>) -> (usize, bool) {
        let wanted = (place.part, place.voice);
        if let Some(index) = self.parts.iter().rposition(|part| *part == wanted) {
            return (index, false);
        }
        if self.parts.len() == MOST {
            return (MOST - 1, false);
        }
        self.parts.push(wanted);
        self.content.push(TextPart::default());
        (self.parts.len() - 1, true)
    }
}

//! The pieces of answers.

use std::time::Duration;

use secrets::Redactor;
use serde_json::Value;

use super::{book::micros, text::kept};
use crate::view::{FrameKind, Mark, WireFrame, WireText};

/// How much of a frame is shown in a line, in bytes.
const PREVIEW: usize = 160;
/// The longest name of a frame, in bytes.
const NAME: usize = 120;
/// About how much a frame takes beside its text, in bytes.
const OVERHEAD: usize = 200;

/// A piece of an answer, as it is kept.
pub struct Frame {
    /// The revision in which it came.
    pub revision: u64,
    pub at: Duration,
    pub kind: FrameKind,
    /// The name of the event, unless it has none.
    pub event: Option<String>,
    /// Its `id:` field.
    pub id: Option<String>,
    pub name: String,
    pub about: Option<String>,
    pub text: WireText,
    pub marks: Vec<Mark>,
}

impl Frame {
    /// A piece that came at a time after the request. `text` is clean.
    pub fn new(redactor: &Redactor, at: Duration, kind: FrameKind, text: WireText, marks: Vec<Mark>) -> Self {
        let (name, about) = names(kind, &text.text);
        let clean = |Mark { sort, words }| Mark { sort, words: redactor.clean(&words).into_owned() };
        let marks = marks.into_iter().map(clean).collect();
        Self { revision: 0, at, kind, event: None, id: None, name, about, text, marks }
    }

    /// The same of something that was not looked through yet.
    pub fn raw(redactor: &Redactor, at: Duration, kind: FrameKind, text: &str, marks: Vec<Mark>) -> Self {
        Self::new(redactor, at, kind, kept(redactor, text.as_bytes()), marks)
    }

    /// The same with what else an event has.
    pub fn with(mut self, redactor: &Redactor, event: &str, id: Option<&str>) -> Self {
        let clean = |text: &str| cut(&redactor.clean(text), NAME);
        self.event = (event != "message").then(|| clean(event));
        self.id = id.map(clean);
        if self.name.is_empty() {
            self.name = self.event.clone().unwrap_or_default();
        }
        self
    }

    /// About how much room it takes, in bytes.
    pub fn room(&self) -> usize {
        let marks: usize = self.marks.iter().map(|mark| mark.words.len() + OVERHEAD / 4).sum();
        OVERHEAD + self.text.text.len() + marks
    }

    /// Its size on the wire, in bytes.
    pub fn size(&self) -> u64 {
        self.text.text.len() as u64 + self.text.left_out
    }

    /// The same, if it came from there.
    pub fn received(&self) -> u64 {
        if self.kind == FrameKind::Sent { 0 } else { self.size() }
    }

    /// As it is listed.
    pub fn view(&self, exchange: u64, index: usize) -> WireFrame {
        WireFrame {
            exchange,
            index: index as u64,
            at: micros(self.at),
            kind: self.kind,
            name: self.name.clone(),
            about: self.about.clone(),
            size: self.size(),
            preview: cut(&self.text.text, PREVIEW),
            marks: self.marks.clone(),
        }
    }
}

/// What the JSON of a frame calls itself, and what it is about.
fn names(kind: FrameKind, text: &str) -> (String, Option<String>) {
    if kind == FrameKind::Comment {
        return (String::new(), None);
    }
    let Ok(value) = serde_json::from_str::<Value>(text) else { return (String::new(), None) };
    let kind_of = |value: &Value| value.get("type").and_then(Value::as_str).map(|name| cut(name, NAME));
    let about = ["update", "item", "content", "delta"].iter().find_map(|key| kind_of(value.get(*key)?));
    (kind_of(&value).unwrap_or_default(), about)
}

fn cut(text: &str, most: usize) -> String {
    text[..text.floor_char_boundary(most)].to_owned()
}

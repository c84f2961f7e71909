//! What comes → events: frames of a stream, messages of a WebSocket, a whole answer. Each server writes them a little
//! differently, so this finds out what it can.
//!
//! What stands behind `data:` and one space is a token as the server meant it: blanks at its beginning belong to it, an
//! empty one says nothing, and a line break is one that the server wrote, in whatever way (`transport` gives back those that
//! servers write without regard to the format of the stream). What looks like JSON is text unless it is an object.

use model::{CustomAnswers, CustomSettings, ItemId, ThreadEvent};
use serde_json::Value;

use super::{
    answer::Answer,
    form::{EVENT, WHOLE},
    place,
};
use crate::{
    Mapper, MappingError, Mismatch,
    openai::error,
    unknown::{short, unknown},
};

/// The end mark that many took over from OpenAI.
const DONE: &str = "[DONE]";
/// What servers call their ends, as events or as types of messages.
const ENDS: &[&str] = &["done", "end", "complete", "completed", "finish", "finished", "final", "stop", "close", "eos"];
/// What servers call events that hold words.
const WORDS: &[&str] =
    &["message", "token", "delta", "chunk", "text", "content", "data", "response", "answer", "completion", "update"];
/// What servers call a piece of an answer.
const PIECES: &[&str] = &["token", "delta", "chunk", "stream", "partial", "text_delta", "content_delta", "update"];
/// Types of messages that hold no part of the answer, even if they hold words.
const ASIDES: &[&str] = &[
    "ack",
    "begin",
    "connected",
    "heartbeat",
    "info",
    "keepalive",
    "meta",
    "metadata",
    "ping",
    "pong",
    "session",
    "sources",
    "start",
    "started",
    "status",
    "thinking",
    "typing",
    "usage",
];

/// So many objects without a text are kept to be told of, none of them longer than this, in bytes.
const KEPT: usize = 8;
const LONGEST: usize = 256 * 1024;

/// By what way the answer comes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Way {
    /// Over the body of a request, which ends with it.
    #[default]
    Body,
    /// Over a WebSocket, which stays open.
    Socket,
}

/// How the server writes its tokens, as far as it was seen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Writing {
    #[default]
    Unseen,
    /// As they are.
    Plain,
    /// Each as a text of JSON.
    Quoted,
    /// In objects.
    Objects,
}

/// Reads one answer.
#[derive(Debug, Default)]
pub(super) struct CustomMapper {
    answer: Answer,
    way: Way,
    writing: Writing,
    whole: Option<String>,
    event: Option<String>,
    /// What came without a text in it.
    strange: Vec<Value>,
    /// Whether that came whole.
    strange_whole: bool,
}

impl CustomMapper {
    /// Reads the answer to an item.
    pub(super) fn new(settings: &CustomSettings, item: Option<&ItemId>) -> Self {
        let way = if settings.answers == CustomAnswers::Socket { Way::Socket } else { Way::Body };
        let (whole, event) = (settings.places.whole.clone(), settings.places.event.clone());
        Self { answer: Answer::to(item), way, whole, event, ..Self::default() }
    }

    /// An object of JSON, which came as `data`. `name` is that of its event.
    fn object(&mut self, name: &str, data: &str, json: &Value) -> Vec<ThreadEvent> {
        let kind = ["type", "event"].iter().find_map(|field| json[field].as_str()).unwrap_or_default();
        if name == "error" || kind == "error" || is_error(&json["error"]) {
            let said = if is_error(&json["error"]) { &json["error"] } else { json };
            return self.answer.fail(error::error(said));
        }
        let ends_by_flag = json["done"] == true || json["finished"] == true;
        let ends_by_name = ENDS.contains(&kind) || ENDS.contains(&name);
        let text = (!ASIDES.contains(&kind)).then(|| place::event(json, self.event.as_deref())).flatten();
        if self.writing == Writing::Plain && !(ends_by_flag || ends_by_name) {
            return self.answer.say(data);
        }
        self.answer.head(json);
        let mut events = Vec::from_iter(self.answer.news());
        let whole = self.holds_all(kind, json, text.as_ref());
        match text {
            // What comes with the end, or after pieces, is all of it once more.
            Some(_) if (ends_by_name || whole) && !ends_by_flag && self.answer.has_words() => {}
            Some(found) => {
                if !found.text.is_empty() {
                    self.writing = Writing::Objects;
                }
                events.extend(self.answer.say(&found.text));
            }
            None if ends_by_flag || ends_by_name || ASIDES.contains(&kind) => {}
            None => {
                events.extend(self.strange(kind, json));
                return events;
            }
        }
        if ends_by_flag || ends_by_name || whole {
            events.extend(self.answer.finish());
        }
        events
    }

    /// Whether a message of a WebSocket is a whole answer: it is none if it, or its place, calls itself a piece.
    fn holds_all(&self, kind: &str, json: &Value, text: Option<&place::Found>) -> bool {
        let piece = text.is_none_or(|found| found.is_piece) || PIECES.contains(&kind) || json["done"].is_boolean();
        self.way == Way::Socket && !piece
    }

    /// An object in which no text was found. Over a WebSocket nothing else may come, if it does not call itself a piece.
    fn strange(&mut self, kind: &str, json: &Value) -> Vec<ThreadEvent> {
        if self.strange.len() < KEPT && !self.answer.has_words() {
            self.strange.push(json.clone());
        }
        let is_whole = kind.is_empty() || (WORDS.contains(&kind) && !PIECES.contains(&kind));
        if self.way == Way::Socket && is_whole && !self.answer.has_words() {
            return self.answer.finish();
        }
        vec![unknown(if kind.is_empty() { "an object without a text" } else { kind })]
    }

    /// Anything but an object.
    fn token(&mut self, data: &str) -> Vec<ThreadEvent> {
        if self.writing == Writing::Objects {
            return if data.trim().is_empty() { Vec::new() } else { vec![unknown("a text among objects")] };
        }
        let quoted = quoted(data).filter(|_| self.writing != Writing::Plain);
        if !data.is_empty() && self.writing == Writing::Unseen {
            self.writing = if quoted.is_some() { Writing::Quoted } else { Writing::Plain };
        }
        let mut events = self.answer.say(quoted.as_deref().unwrap_or(data));
        if self.way == Way::Socket {
            events.extend(self.answer.finish());
        }
        events
    }
}

impl Mapper for CustomMapper {
    fn on_frame(&mut self, event: &str, data: &str) -> Vec<ThreadEvent> {
        if self.answer.is_over() {
            return vec![unknown("something after the end")];
        }
        let json = Some(data.trim()).filter(|data| data.starts_with('{') && data.len() <= LONGEST);
        let json = json.and_then(|data| serde_json::from_str::<Value>(data).ok());
        // Empty braces are a token of many programs.
        if let Some(json) = json.filter(|json| json.as_object().is_some_and(|fields| !fields.is_empty())) {
            return self.object(event, data, &json);
        }
        match event {
            _ if data.trim() == DONE => self.answer.finish(),
            "error" => self.answer.fail(error::error(&Value::String(short(data)))),
            _ if ENDS.contains(&event) => self.answer.finish(),
            _ if WORDS.contains(&event) => self.token(data),
            _ => vec![unknown(event)],
        }
    }

    fn on_end(&mut self) -> Vec<ThreadEvent> {
        self.answer.finish()
    }

    fn is_whole(&self) -> bool {
        // A mark said so, an error, or a message that holds all of it: nothing more is to come.
        self.answer.is_over()
    }

    fn on_whole(&mut self, body: &[u8]) -> Result<Vec<ThreadEvent>, MappingError> {
        let Ok(text) = std::str::from_utf8(body) else {
            return Err(MappingError { what: "the answer is not UTF-8".to_owned() });
        };
        let mut events = match serde_json::from_str::<Value>(text) {
            Ok(json) if json.is_object() || json.is_array() || json.is_string() || self.whole.is_some() => {
                match place::whole(&json, self.whole.as_deref()) {
                    Some(words) => {
                        self.answer.head(&json);
                        let mut events = Vec::from_iter(self.answer.news());
                        events.extend(self.answer.say(&words));
                        events
                    }
                    None if is_error(&json["error"]) => return Ok(self.answer.fail(error::error(&json["error"]))),
                    None => {
                        let what = format!("no text was found in an answer of this shape: {}", place::shape(&json));
                        (self.strange, self.strange_whole) = (vec![json], true);
                        return Err(MappingError { what });
                    }
                }
            }
            Err(error) if error.is_eof() && text.trim_start().starts_with(['{', '[']) => {
                return Err(MappingError { what: "the answer ends in the middle of its JSON".to_owned() });
            }
            _ if text.trim_start().starts_with(['<', '{', '[']) => {
                return Err(MappingError { what: "the answer is neither JSON nor plain text".to_owned() });
            }
            _ => self.answer.say(text),
        };
        events.extend(self.answer.finish());
        Ok(events)
    }

    fn mismatch(&self) -> Option<Mismatch> {
        let first = self.strange.first().filter(|_| !self.answer.has_words() && !self.answer.has_failed())?;
        let field = if self.strange_whole { WHOLE } else { EVENT };
        Some(Mismatch { shape: place::shape(first), field, pointers: place::candidates(&self.strange) })
    }

    fn is_over(&self) -> bool {
        self.answer.is_over()
    }
}

/// Whether a field called `error` holds one.
fn is_error(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::String(text) => !text.is_empty(),
        _ => true,
    }
}

/// A text that was written as JSON.
fn quoted(data: &str) -> Option<String> {
    let is_quoted = data.len() > 1 && data.starts_with('"') && data.ends_with('"');
    is_quoted.then(|| serde_json::from_str(data).ok()).flatten()
}

//! Keys that nothing reads, and secrets where none belong.

use engine::is_secret_name;
use serde_json::Value;

use super::{
    described::{self, Described},
    finding::{Wrong, below, called, called_within, did_you_mean, one_of},
};
use crate::exit;

/// Keys of the first version that are still read, and what they are called now.
const OLD: &[(&str, &str)] = &[("auth", "session")];

/// The most keys that are named in a message.
const MOST: usize = 12;

/// Looks at every key and every text of a file.
pub fn wrongs(described: &Described, content: &Value) -> Vec<Wrong> {
    let mut looking = Looking { described, found: Vec::new() };
    looking.value("", content, &described.says(content));
    looking.found
}

struct Looking<'a> {
    described: &'a Described,
    found: Vec<Wrong>,
}

impl<'a> Looking<'a> {
    fn value(&mut self, at: &str, value: &Value, says: &Vec<&'a Value>) {
        match value {
            Value::Object(members) => {
                let is_open = described::is_open(says);
                for (key, value) in members {
                    let pointer = below(at, key);
                    let mut inner = self.described.member(says, key, value);
                    if let Some(now) = today(key).filter(|_| inner.is_empty()) {
                        inner = self.described.member(says, now, value);
                        if !inner.is_empty() {
                            self.old(&pointer, key, now);
                        }
                    }
                    if is_open || inner.is_empty() {
                        if !is_open {
                            self.unknown(at, key, &pointer, &described::keys(says));
                        }
                        self.named(key, value, &pointer);
                    }
                    self.value(&pointer, value, &inner);
                }
                self.header(at, value);
            }
            Value::Array(elements) => {
                for (index, element) in elements.iter().enumerate() {
                    let inner = self.described.element(says, element);
                    self.value(&format!("{at}/{index}"), element, &inner);
                }
            }
            Value::String(text) if exit::redactor().clean(text) != *text => self.secret(at),
            _ => {}
        }
    }

    fn old(&mut self, pointer: &str, key: &str, now: &str) {
        let words = format!("“{key}” is called “{now}” now. The old name is still read; write the new one.");
        self.found.push(Wrong::key(pointer, words).hint());
    }

    fn unknown(&mut self, at: &str, key: &str, pointer: &str, known: &[String]) {
        let place = if at.is_empty() { "here".to_owned() } else { format!("in {}", called_within(at)) };
        let mean = did_you_mean(key, known);
        let words = match mean.as_str() {
            "." if known.len() > MOST => format!("“{key}” is not known {place}, so nothing reads it. Take it away."),
            "." => format!(
                "“{key}” is not known {place}, so nothing reads it. Known are {}.",
                one_of(known).replace(" or ", " and ")
            ),
            _ => format!("“{key}” is not known {place}, so nothing reads it{mean}"),
        };
        self.found.push(Wrong::key(pointer, words).hint());
    }

    /// Something that nobody described is judged by its name.
    fn named(&mut self, name: &str, value: &Value, pointer: &str) {
        let is_filled = value.as_str().is_some_and(|text| !text.is_empty() && !text.contains("{{"));
        if is_filled && is_secret_name(name) {
            self.secret(pointer);
        }
    }

    /// A header stands in a file by its name and its value.
    fn header(&mut self, at: &str, header: &Value) {
        let text = |key: &str| header.get(key).and_then(Value::as_str);
        if let (Some(name), Some(value)) = (text("name"), text("value"))
            && is_secret_name(name)
            && !value.is_empty()
            && !value.contains("{{")
        {
            self.secret(&below(at, "value"));
        }
    }

    fn secret(&mut self, pointer: &str) {
        let words = format!(
            "{} looks like a secret, and this file may hold none: others can read it. Take it away, and put it into the \
             keychain with “kittiwake-cli secret set”.",
            called(pointer)
        );
        let wrong = Wrong::value(pointer, words);
        if !self.found.iter().any(|known| known.pointer == wrong.pointer && known.words == wrong.words) {
            self.found.push(wrong);
        }
    }
}

/// What a key of the first version is called now.
fn today(key: &str) -> Option<&'static str> {
    OLD.iter().find(|(old, _)| *old == key).map(|(_, now)| *now)
}

//! What the recorded exchanges have of the protocol, as the core reads them.

use std::collections::{BTreeMap, BTreeSet};

use acceptance::{
    replaying::{End, Framing, replayed},
    traces,
};
use model::{ItemBody, ItemUpdate, Kind, ThreadEvent};
use serde_json::Value;

use super::file;

/// Where the recorded exchanges have a name, and whether the core reads it there as what it is.
#[derive(Debug, Default)]
pub struct Seen {
    /// Names by the place where they stand, such as `event thread.created`, with the exchanges that have them.
    named: BTreeMap<String, BTreeSet<String>>,
    /// What came that the core does not know, by the same names.
    unknown: BTreeSet<String>,
    /// The requests that are made here as they were recorded.
    made: BTreeSet<String>,
    /// The exchanges that are asserted three times.
    drawn: BTreeSet<String>,
}

impl Seen {
    pub fn all() -> Self {
        let table = std::fs::read_to_string(file("tests/tests/core/conformance.txt")).unwrap();
        let drawn = table.lines().filter(|line| line.ends_with("core, reducer, page"));
        let drawn = drawn.filter_map(|line| Some(line.get(..44)?.trim_end().to_owned())).collect();
        let mut seen = Self { drawn, ..Self::default() };
        for exchange in traces::chatkit() {
            let name = exchange.name.clone();
            if exchange.operation().is_some() {
                seen.made.insert(exchange.kind().to_owned());
            }
            if !exchange.kind().is_empty() {
                seen.note("request", exchange.kind(), &name);
            }
            if exchange.is_stream() {
                seen.stream(&name, &exchange.body);
            } else if let Ok(body) = serde_json::from_slice::<Value>(&exchange.body) {
                seen.inside(&body, &name);
            }
        }
        seen
    }

    /// An exchange that has a name, is read as what it is, and is drawn.
    pub fn exchange(&self, place: &str, name: &str) -> Option<&str> {
        let name = format!("{place} {name}");
        if self.unknown.contains(&name) {
            return None;
        }
        self.named.get(&name)?.iter().find(|exchange| self.drawn.contains(*exchange)).map(String::as_str)
    }

    /// An exchange with a request that is made here as it was recorded.
    pub fn made(&self, request: &str) -> Option<&str> {
        let all = self.named.get(&format!("request {request}")).filter(|_| self.made.contains(request))?;
        all.iter().next().map(String::as_str)
    }

    fn note(&mut self, place: &str, name: &str, exchange: &str) {
        self.named.entry(format!("{place} {name}")).or_default().insert(exchange.to_owned());
    }

    fn stream(&mut self, exchange: &str, body: &[u8]) {
        let text = String::from_utf8_lossy(body);
        for data in text.lines().filter_map(|line| line.trim_end().strip_prefix("data:")) {
            let Ok(event) = serde_json::from_str::<Value>(data.trim()) else { continue };
            let name = event["type"].as_str().unwrap_or_default().to_owned();
            self.note("event", &name, exchange);
            let update = event["update"]["type"].as_str().unwrap_or_default().to_owned();
            if !update.is_empty() {
                self.note("update", &update, exchange);
            }
            self.inside(&event, exchange);
            let frame = format!("data: {data}\n\n").into_bytes();
            let mut mapper = adapters::adapter(Kind::Chatkit).mapper();
            for read in replayed(mapper.as_mut(), Framing::Standard, vec![frame], End::Proper) {
                self.unknown.extend(unknown(&read, &name, &update));
            }
        }
    }

    /// The names of things inside of other things.
    fn inside(&mut self, value: &Value, exchange: &str) {
        match value {
            Value::Array(all) => all.iter().for_each(|one| self.inside(one, exchange)),
            Value::Object(fields) => {
                if let Some(name) = fields.get("type").and_then(Value::as_str) {
                    let place = if fields.contains_key("thread_id") { "item" } else { "thing" };
                    self.note(place, name, exchange);
                    // What an item holds has names of its own.
                    if fields.contains_key("status_indicator") {
                        self.note("task", name, exchange);
                    }
                    if fields.contains_key("mime_type") {
                        self.note("attachment", name, exchange);
                    }
                    if fields.contains_key("title") && !fields.contains_key("status_indicator") {
                        self.note("source", name, exchange);
                    }
                }
                fields.values().for_each(|one| self.inside(one, exchange));
            }
            _ => {}
        }
    }
}

/// What of an event the core does not know.
fn unknown(event: &ThreadEvent, name: &str, update: &str) -> Option<String> {
    match event {
        ThreadEvent::Unknown { .. } => Some(format!("event {name}")),
        ThreadEvent::ItemUpdated { update: ItemUpdate::Unknown { .. }, .. } => Some(format!("update {update}")),
        ThreadEvent::ItemAdded(item) | ThreadEvent::ItemDone(item) | ThreadEvent::ItemReplaced(item) => {
            match &item.body {
                ItemBody::Unknown { name, .. } => Some(format!("item {name}")),
                _ => None,
            }
        }
        _ => None,
    }
}

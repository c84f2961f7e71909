//! Whether what stands in a file makes sense: names that lead somewhere, addresses that can be called, and everything as
//! the program itself reads it.

use std::collections::BTreeMap;

use engine::{Unsound, sound, sound_form, unsound_options};
use model::{Connection, Kind, Model, Policy, Profile, Published, Route, SessionSource};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::{
    described::{self, Described},
    finding::{Weight, Wrong, below, called, did_you_mean, one_of},
};
use crate::args::FileKind;

/// The newest layout of files that this program knows.
const NEWEST: u64 = 2;

/// The field of forms that says where requests may go without encryption.
const PLAIN: &str = "plain_http";

/// The lists of things that have names.
const LISTS: [&str; 3] = ["connections", "routes", "models"];

/// Looks at the sense of a file. What is known to be `wrong` already is not told again.
pub fn wrongs(kind: FileKind, described: &Described, content: &Value, wrong: &[Wrong]) -> Vec<Wrong> {
    let wrong = wrong.iter().filter(|known| known.weight == Weight::Mistake).collect();
    let mut sense = Sense { kind, described, content, wrong, found: Vec::new() };
    match kind {
        FileKind::Settings | FileKind::Policy | FileKind::Models => sense.settings(),
        FileKind::Connection => sense.exported(),
        FileKind::Profile => sense.profile(),
        FileKind::Route => {}
    }
    sense.found
}

struct Sense<'a> {
    kind: FileKind,
    described: &'a Described,
    content: &'a Value,
    /// The mistakes that are known already.
    wrong: Vec<&'a Wrong>,
    found: Vec<Wrong>,
}

impl Sense<'_> {
    fn settings(&mut self) {
        if self.content.get("version").and_then(Value::as_u64).is_some_and(|version| version > NEWEST) {
            let words = "The file was written for a newer Kittiwake. This one reads what it understands of it.";
            self.found.push(Wrong::value("/version", words).hint());
        }
        for (key, value) in self.content.as_object().into_iter().flatten() {
            match (LISTS.contains(&key.as_str()), value.as_array()) {
                (true, Some(things)) => (0..).zip(things).for_each(|(index, thing)| self.thing(key, index, thing)),
                _ => {
                    self.readable::<Policy>(&below("", key), &json!({key: value}));
                }
            }
        }
        self.names();
        self.members();
        self.models();
        self.locks();
    }

    fn thing(&mut self, list: &str, index: usize, thing: &Value) {
        let at = format!("/{list}/{index}");
        if self.kind == FileKind::Settings && list != "models" && self.is_part(&at, list, thing) {
            return;
        }
        match list {
            "connections" => {
                let Some(connection) = self.readable::<Connection>(&at, thing) else { return };
                if let Err(unsound) = sound(&connection) {
                    self.unsound(&at, thing, &unsound);
                }
                if let Some(options) = &connection.options {
                    self.options(&below(&at, "options"), options, Some(&connection.url));
                }
                self.unsent(&at, &connection);
            }
            "routes" => {
                if self.readable::<Route>(&at, thing).is_some_and(|route| route.connections.is_empty()) {
                    let words = "The route asks nobody. Name at least one connection by its id.";
                    self.found.push(Wrong::value(below(&at, "connections"), words));
                }
            }
            _ => {
                self.readable::<Model>(&at, thing);
            }
        }
    }

    /// A profile alone.
    fn profile(&mut self) {
        if let Some(published) = self.readable::<Published>("", self.content) {
            self.options("", &published.options, None);
        }
    }

    /// Options of the right shape that cannot be used all the same.
    fn options(&mut self, at: &str, options: &Profile, server: Option<&str>) {
        if let Some((pointer, words)) = unsound_options(options, server) {
            self.found.push(Wrong::value(format!("{at}{pointer}"), words));
        }
    }

    /// The person's own file may change a part of what a policy brings. Says so where that is not sure.
    fn is_part(&mut self, at: &str, list: &str, thing: &Value) -> bool {
        let needed: &[&str] = if list == "routes" { &["name", "connections"] } else { &["name", "kind", "url"] };
        let missing: Vec<_> =
            needed.iter().filter(|key| thing.get(**key).is_none()).map(|key| (*key).to_owned()).collect();
        if missing.is_empty() || !thing.is_object() {
            return false;
        }
        let words = format!(
            "{} has no {}. That is right only where the administrator's policy brings the rest of it.",
            called(at),
            one_of(&missing).replace(" or ", " and ")
        );
        self.found.push(Wrong::key(at, words).hint());
        true
    }

    /// A thing as the program reads it.
    fn readable<T: DeserializeOwned>(&mut self, at: &str, thing: &Value) -> Option<T> {
        match serde_json::from_value(thing.clone()) {
            Ok(read) => Some(read),
            Err(error) => {
                let below = format!("{at}/");
                if !self.wrong.iter().any(|known| known.pointer == at || known.pointer.starts_with(&below)) {
                    self.found.push(Wrong::value(at, format!("{} cannot be read: {error}.", called(at))));
                }
                None
            }
        }
    }

    fn unsound(&mut self, at: &str, thing: &Value, unsound: &Unsound) {
        let url = thing.get("url").and_then(Value::as_str).unwrap_or_default();
        if unsound.field == PLAIN {
            let words = "The way to this server would not be encrypted. Write the address with https://, or set \
                         “plain_http” in “network” to “allowed”.";
            let place = if url.starts_with("http:") { below(at, "url") } else { at.to_owned() };
            return self.found.push(Wrong::value(place, words));
        }
        let place = match unsound.field {
            "url" => Some(below(at, "url")),
            _ => unsound.text.as_deref().and_then(|text| leaf(at, thing, text)),
        };
        let what = if unsound.field == "url" { "This address cannot be called." } else { "This cannot be used." };
        let words = format!("{what} {}", unsound.words);
        self.found.push(Wrong::value(place.unwrap_or_else(|| at.to_owned()), words));
    }

    /// Says where a key, or what signing in gives, is sent nowhere.
    fn unsent(&mut self, at: &str, connection: &Connection) {
        let given = match connection {
            Connection { session: SessionSource::None, key_variable: Some(_), .. } => "key_variable",
            Connection { session: SessionSource::None, sign_in, .. } if !sign_in.is_key() => "sign_in",
            _ => return,
        };
        let words = format!(
            "Nothing of this is sent, for “session” says that the server is open. If the server takes it as it is, add \
             “session” with {{\"type\": \"static\"}} beside “{given}”."
        );
        self.found.push(Wrong::key(below(at, given), words).hint());
    }

    /// A connection that was exported.
    fn exported(&mut self) {
        let Some(kind) = self.content.get("kind").and_then(|kind| serde_json::from_value::<Kind>(kind.clone()).ok())
        else {
            return;
        };
        let members = self.content.get("values").and_then(Value::as_object);
        let values: BTreeMap<String, String> = members
            .into_iter()
            .flatten()
            .filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned())))
            .collect();
        if self.wrong.iter().all(|known| !known.pointer.starts_with("/values"))
            && let Err(unsound) = sound_form(kind, &values)
        {
            let what = if unsound.field == "url" { "This address cannot be called." } else { "This cannot be used." };
            self.found.push(Wrong::value(below("/values", unsound.field), format!("{what} {}", unsound.words)));
        }
    }

    fn things(&self, list: &str) -> &[Value] {
        self.content.get(list).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
    }

    fn ids(&self, lists: &[&str]) -> Vec<String> {
        lists.iter().flat_map(|list| self.things(list).iter().filter_map(|thing| name(list, thing))).collect()
    }

    /// No two things have the same name; a route and a connection are told apart by it, too.
    fn names(&mut self) {
        let mut known: Vec<String> = Vec::new();
        let mut twice = Vec::new();
        for list in LISTS {
            for (index, thing) in self.things(list).iter().enumerate() {
                let Some(name) = name(list, thing) else { continue };
                if known.contains(&name) {
                    let words = match list {
                        "models" => format!("“{name}” stands here a second time. Keep one of them."),
                        _ => format!("The id “{name}” is taken by another connection or route. Choose another one."),
                    };
                    twice.push(Wrong::value(format!("/{list}/{index}/id"), words));
                }
                known.push(name);
            }
        }
        self.found.append(&mut twice);
    }

    /// Routes ask connections that are there.
    fn members(&mut self) {
        let ids = self.ids(&["connections"]);
        let mut lost = Vec::new();
        for (index, route) in self.things("routes").iter().enumerate() {
            let members = route.get("connections").and_then(Value::as_array);
            for (place, member) in members.into_iter().flatten().enumerate() {
                if let Some(member) = member.as_str().filter(|member| !ids.iter().any(|id| id == member)) {
                    lost.push(self.lost(&format!("/routes/{index}/connections/{place}"), member, "connection", &ids));
                }
            }
        }
        self.found.append(&mut lost);
    }

    /// Models are served by somebody.
    fn models(&mut self) {
        if self.kind != FileKind::Policy {
            return;
        }
        let ids = self.ids(&["connections", "routes"]);
        let mut lost = Vec::new();
        for (index, model) in self.things("models").iter().enumerate() {
            let connection = model.get("connection").and_then(Value::as_str);
            if let Some(connection) = connection.filter(|connection| !ids.iter().any(|id| id == connection)) {
                let at = format!("/models/{index}/connection");
                lost.push(self.lost(&at, connection, "connection or route", &ids));
            }
        }
        self.found.append(&mut lost);
    }

    fn lost(&self, at: &str, id: &str, what: &str, ids: &[String]) -> Wrong {
        let mean = did_you_mean(id, ids);
        let remedy = match mean.as_str() {
            "." => ". Write the id of one, or add it.",
            mean => mean,
        };
        let wrong = Wrong::value(at, format!("No {what} of this file has the id “{id}”{remedy}"));
        // The person's file may speak of what a policy brings.
        if self.kind == FileKind::Settings { wrong.hint() } else { wrong }
    }

    /// Locks name keys.
    fn locks(&mut self) {
        let locks: Vec<_> = self.things("locked").iter().map(|lock| lock.as_str().map(str::to_owned)).collect();
        for (index, lock) in locks.iter().enumerate() {
            if let Some(Err(why)) = lock.as_deref().map(|lock| self.lock(lock)) {
                self.found.push(Wrong::value(format!("/locked/{index}"), why));
            }
        }
    }

    fn lock(&self, lock: &str) -> Result<(), String> {
        let says = self.described.says(self.content);
        let (first, rest) = lock.split_once('.').map_or((lock, None), |(first, rest)| (first, Some(rest)));
        let value = self.content.get(first).unwrap_or(&Value::Null);
        let inner = self.described.member(&says, first, value);
        if inner.is_empty() {
            let mean = did_you_mean(first, &described::keys(&says));
            return Err(format!("“{lock}” names no key, so it locks nothing{mean}"));
        }
        let Some(rest) = rest else { return Ok(()) };
        if !LISTS.contains(&first) {
            return self.path(lock, &inner, value, rest);
        }
        let named = |thing: &&Value| {
            name(first, thing).is_some_and(|name| rest == name || rest.starts_with(&format!("{name}.")))
        };
        let Some(thing) = self.things(first).iter().filter(named).max_by_key(|thing| name(first, thing)) else {
            let ids = self.ids(&[first]);
            let mean = did_you_mean(rest.split('.').next().unwrap_or(rest), &ids);
            return Err(format!("“{lock}” names nothing that is in “{first}” of this file, so it locks nothing{mean}"));
        };
        let length = name(first, thing).map_or(0, |name| name.len());
        match rest.get(length + 1..) {
            None | Some("") => Ok(()),
            Some(path) => self.path(lock, &self.described.element(&inner, thing), thing, path),
        }
    }

    /// Whether a path of keys leads somewhere below what is described.
    fn path(&self, lock: &str, says: &[&Value], value: &Value, path: &str) -> Result<(), String> {
        let mut says = says.to_vec();
        let mut value = value;
        for key in path.split('.') {
            if described::is_open(&says) && says.iter().any(|say| say.get("type").is_none_or(|of| of == "object")) {
                return Ok(());
            }
            let inner = value.get(key).unwrap_or(&Value::Null);
            let next = self.described.member(&says, key, inner);
            if next.is_empty() {
                let mean = did_you_mean(key, &described::keys(&says));
                return Err(format!("“{lock}” names no key, so it locks nothing: there is no “{key}”{mean}"));
            }
            (says, value) = (next, inner);
        }
        Ok(())
    }
}

/// What a thing in a list is called, as locks call it.
fn name(list: &str, thing: &Value) -> Option<String> {
    let text = |key: &str| thing.get(key).and_then(Value::as_str);
    match list {
        "models" => Some(format!("{}/{}", text("connection")?, text("id")?)),
        _ => text("id").map(str::to_owned),
    }
}

/// Where a text stands below a place.
fn leaf(at: &str, value: &Value, text: &str) -> Option<String> {
    match value {
        Value::String(found) => (found == text).then(|| at.to_owned()),
        Value::Array(elements) => {
            elements.iter().enumerate().find_map(|(index, element)| leaf(&format!("{at}/{index}"), element, text))
        }
        Value::Object(members) => members.iter().find_map(|(key, value)| leaf(&below(at, key), value, text)),
        _ => None,
    }
}

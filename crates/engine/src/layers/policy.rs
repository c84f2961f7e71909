//! The administrator's file, read as far as it is understood.

use model::{Connection, Failure, FailureCode, Model, Route};
use serde_json::{Map, Value};

use super::{
    Locks, PolicyPlace, Writer,
    environment::OWN,
    jsonc::{Document, Mistake, Place, part},
    merge::named,
    trusted,
    understood::{LISTS, understood},
};

/// The version of a policy's layout that this program knows.
const VERSION: u64 = 2;

/// The keys of a policy beside those of settings.
const BESIDE: [&str; 5] = ["version", "managed_by", "locked", "models", "$schema"];

/// What a policy says, as far as it is understood.
#[derive(Debug, Default)]
pub(super) struct Read {
    /// Its settings, and the entries of the catalogue.
    pub content: Map<String, Value>,
    /// What it fixes.
    pub locks: Locks,
    /// Who looks after it.
    pub managed_by: Option<String>,
    /// The same entries of the catalogue.
    pub models: Vec<Model>,
    wrong: Vec<(Vec<String>, String)>,
}

/// Reads the policy at a place. What of it is not used is told.
///
/// # Errors
///
/// Why nothing of it is used.
pub(super) fn read(at: &PolicyPlace) -> Result<(Read, Option<Failure>), Failure> {
    let text = trusted::text(at).map_err(|why| refused(at, &why))?;
    let document = Document::read(&text).map_err(|mistake| unreadable(at, &mistake))?;
    let object = &document.content;
    let newer = object.get("version").and_then(Value::as_u64).is_some_and(|version| version > VERSION);
    let read = understand(object);
    let trouble = match (newer, read.wrong.is_empty()) {
        (true, _) => Some(written_for_newer(at)),
        (false, true) => None,
        (false, false) => Some(mistakes(at, &document, &read.wrong)),
    };
    Ok((read, trouble))
}

/// Takes apart what stands in a policy.
fn understand(object: &Map<String, Value>) -> Read {
    let settings = object.iter().filter(|(key, _)| !BESIDE.contains(&key.as_str()));
    let settings: Map<String, Value> = settings.map(|(key, value)| (key.clone(), value.clone())).collect();
    let mut read = Read::default();
    let settings = understood(&settings);
    read.wrong = settings.wrong;
    read.wrong.extend(settings.unknown.into_iter().map(|path| (path, "there is no such setting".to_owned())));
    read.content = settings.content;
    for list in LISTS {
        let Some(Value::Array(things)) = read.content.remove(list) else { continue };
        let mut whole = Vec::new();
        for thing in things {
            let place = numbered(object, list, &thing);
            match is_whole(list, &thing) {
                _ if named(list, &thing).as_deref() == Some(OWN) => {
                    read.wrong.push((place, format!("the id “{OWN}” is taken; choose another one")));
                }
                Ok(()) => whole.push(thing),
                Err(why) => {
                    let without = without_options(&thing).filter(|without| is_whole(list, without).is_ok());
                    let options = without.is_some().then(|| "options".to_owned());
                    whole.extend(without);
                    read.wrong.push((place.into_iter().chain(options).collect(), why));
                }
            }
        }
        read.content.insert(list.to_owned(), Value::Array(whole));
    }
    read.managed_by = object.get("managed_by").and_then(Value::as_str).map(str::trim).map(str::to_owned);
    read.managed_by = read.managed_by.filter(|who| !who.is_empty());
    read.models = models(object, &mut read.wrong);
    let entries: Vec<Value> = read.models.iter().filter_map(|model| serde_json::to_value(model).ok()).collect();
    if !entries.is_empty() {
        read.content.insert("models".to_owned(), Value::Array(entries));
    }
    read.locks = locks(object, &mut read.wrong);
    read
}

/// The keys that lead to a thing in a list of the file.
fn numbered(object: &Map<String, Value>, list: &str, thing: &Value) -> Vec<String> {
    let number = object.get(list).and_then(Value::as_array).and_then(|all| all.iter().position(|other| other == thing));
    [list.to_owned()].into_iter().chain(number.map(|number| number.to_string())).collect()
}

/// Whether a thing can stand by itself.
fn is_whole(list: &str, thing: &Value) -> Result<(), String> {
    let read = match list {
        "connections" => serde_json::from_value::<Connection>(thing.clone()).map(|_| ()),
        _ => serde_json::from_value::<Route>(thing.clone()).map(|_| ()),
    };
    read.map_err(|error| error.to_string())
}

/// A connection without its options: what is wrong with how it looks is no reason to be without it.
fn without_options(thing: &Value) -> Option<Value> {
    let mut without = thing.as_object()?.clone();
    without.remove("options").map(|_| Value::Object(without))
}

fn models(object: &Map<String, Value>, wrong: &mut Vec<(Vec<String>, String)>) -> Vec<Model> {
    let key = || vec!["models".to_owned()];
    let entries = match object.get("models") {
        None => return Vec::new(),
        Some(Value::Array(entries)) => entries,
        Some(_) => {
            wrong.push((key(), "this is to be a list of models".to_owned()));
            return Vec::new();
        }
    };
    let mut models = Vec::new();
    for (place, entry) in entries.iter().enumerate() {
        match serde_json::from_value(entry.clone()) {
            Ok(model) => models.push(model),
            Err(error) => wrong.push(([key(), vec![place.to_string()]].concat(), error.to_string())),
        }
    }
    models
}

fn locks(object: &Map<String, Value>, wrong: &mut Vec<(Vec<String>, String)>) -> Locks {
    let key = || vec!["locked".to_owned()];
    let all = match object.get("locked") {
        None => return Locks::default(),
        Some(Value::Array(all)) => all,
        Some(_) => {
            wrong.push((key(), "this is to be a list of keys, such as [\"appearance.theme\"]".to_owned()));
            return Locks::default();
        }
    };
    let mut keys = Vec::new();
    for (place, lock) in all.iter().enumerate() {
        match lock.as_str() {
            Some(lock) if !lock.is_empty() => keys.push(lock.to_owned()),
            _ => wrong
                .push(([key(), vec![place.to_string()]].concat(), "this is to be a key in quotation marks".to_owned())),
        }
    }
    Locks::new(keys)
}

/// How a problem with a policy begins.
fn called(at: &PolicyPlace) -> String {
    let what = match at.writer {
        Writer::Administrator => "The policy of this computer",
        Writer::Person => "The policy of KITTIWAKE_POLICY",
    };
    format!("{what}, “{}”,", at.file.display())
}

fn refused(at: &PolicyPlace, why: &str) -> Failure {
    let whose = match at.writer {
        Writer::Administrator => " Tell whoever looks after this computer.",
        Writer::Person => "",
    };
    Failure::new(FailureCode::DataDamaged, format!("{} is not used: {why}.{whose}", called(at)))
}

fn unreadable(at: &PolicyPlace, Mistake { line, column, message }: &Mistake) -> Failure {
    let message = message.trim_end_matches('.');
    refused(at, &format!("it cannot be read at line {line}, column {column}: {message}"))
}

fn written_for_newer(at: &PolicyPlace) -> Failure {
    let words = format!(
        "{} was written for a newer Kittiwake. What this one understands of it is in force. Update Kittiwake for the rest.",
        called(at)
    );
    Failure::new(FailureCode::NewerVersion, words)
}

fn mistakes(at: &PolicyPlace, document: &Document, wrong: &[(Vec<String>, String)]) -> Failure {
    let said = wrong.iter().map(|(path, why)| {
        let pointer: String = path.iter().map(|key| format!("/{}", part(key))).collect();
        let Place { line, column } = document.value(&pointer);
        format!("line {line}, column {column}: “{}”: {why}", path.join("."))
    });
    let said: Vec<_> = said.collect();
    let how_many = match said.len() {
        1 => "has a mistake".to_owned(),
        number => format!("has {number} mistakes"),
    };
    let words = format!(
        "{} {how_many}; the rest of it is in force. The first is at {}.",
        called(at),
        said.first().map(String::as_str).unwrap_or_default().trim_end_matches('.')
    );
    Failure::new(FailureCode::DataDamaged, words).with_detail(said.join("\n"))
}

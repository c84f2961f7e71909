//! What of an object of settings this program understands.

use model::Settings;
use serde_json::{Map, Value};

use super::merge::named;

/// The lists of things with names.
pub(crate) const LISTS: [&str; 2] = ["connections", "routes"];

/// The settings that this program has by itself.
pub(crate) fn built_in() -> Map<String, Value> {
    match serde_json::to_value(Settings::default()) {
        Ok(Value::Object(content)) => content,
        _ => Map::new(),
    }
}

/// The keys of everything that is one value.
pub(super) fn leaves(content: &Map<String, Value>) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    for (key, value) in content {
        match value {
            Value::Object(inner) => {
                let below = leaves(inner).into_iter();
                found.extend(below.map(|path| std::iter::once(key.clone()).chain(path).collect()));
            }
            Value::Array(_) => {}
            _ => found.push(vec![key.clone()]),
        }
    }
    found
}

/// An object that has nothing but this value at this place.
pub(super) fn within(path: &[String], value: Value) -> Map<String, Value> {
    let Some((key, rest)) = path.split_first() else { return Map::new() };
    let value = if rest.is_empty() { value } else { Value::Object(within(rest, value)) };
    Map::from_iter([(key.clone(), value)])
}

/// Whether a setting can have this value.
///
/// # Errors
///
/// What would be right, without an end.
pub(super) fn fits(path: &[String], value: &Value) -> Result<(), String> {
    let settings = serde_json::from_value::<Settings>(Value::Object(within(path, value.clone())));
    settings.map(|_| ()).map_err(|error| match error.to_string() {
        words if words.contains("u32") => format!("{value} cannot stand here, only a whole number from 0"),
        words => words,
    })
}

/// What is understood of an object, and what is not.
#[derive(Debug, Default)]
pub(super) struct Understood {
    /// What is. Things in lists are only looked at from outside: they have names.
    pub content: Map<String, Value>,
    /// Keys that are known, with other values than they can have; each with what would be right.
    pub wrong: Vec<(Vec<String>, String)>,
    /// Keys that are not known.
    pub unknown: Vec<Vec<String>>,
}

/// What of an object of settings can be used.
pub(super) fn understood(content: &Map<String, Value>) -> Understood {
    let mut all = Understood::default();
    let mut known = built_in();
    known.insert("device".to_owned(), Value::String(String::new()));
    let mut rest = content.clone();
    for list in LISTS {
        let path = vec![list.to_owned()];
        match rest.remove(list) {
            None => {}
            Some(Value::Array(things)) => {
                let mut usable = Vec::new();
                for (place, thing) in things.into_iter().enumerate() {
                    match (named(list, &thing), &thing) {
                        (Some(_), Value::Object(_)) => usable.push(thing),
                        _ => {
                            all.wrong.push((vec![list.to_owned(), place.to_string()], "an “id” is missing".to_owned()))
                        }
                    }
                }
                all.content.insert(list.to_owned(), Value::Array(usable));
            }
            Some(_) => all.wrong.push((path, "this is to be a list".to_owned())),
        }
        known.remove(list);
    }
    let usable = walk(&known, &rest, &mut Vec::new(), &mut all);
    all.content.extend(usable);
    all
}

fn walk(
    known: &Map<String, Value>,
    content: &Map<String, Value>,
    path: &mut Vec<String>,
    all: &mut Understood,
) -> Map<String, Value> {
    let mut usable = Map::new();
    for (key, value) in content {
        path.push(key.clone());
        match (known.get(key), value) {
            (None, _) => all.unknown.push(path.clone()),
            (Some(Value::Object(known)), Value::Object(inner)) => {
                let inner = walk(known, inner, path, all);
                usable.insert(key.clone(), Value::Object(inner));
            }
            (Some(_), value) => match fits(path, value) {
                Ok(()) => {
                    usable.insert(key.clone(), value.clone());
                }
                Err(why) => all.wrong.push((path.clone(), why)),
            },
        }
        path.pop();
    }
    usable
}

//! `config show`: what is in force, and where each value comes from.

use std::{
    io::{self, Write},
    path::PathBuf,
};

use engine::{
    is_secret_name,
    layers::{Environment, InForce, Layer, Merged, in_force},
};
use serde_json::{Map, Value, json};

use super::described::{self, Described};
use crate::{
    args::FileKind,
    exit::{self, Exit, Trouble},
    neutral,
};

/// What stands in the place of a secret.
const HIDDEN: &str = "[hidden]";

/// One value.
#[derive(Debug, PartialEq)]
struct Line {
    /// Its key, as locks call it.
    key: String,
    value: Value,
    layer: Layer,
}

/// Prints what is in force.
///
/// # Errors
///
/// If the data folder cannot be used, or nothing can be printed.
pub fn run(data_dir: Option<PathBuf>, json: bool) -> Result<Exit, Trouble> {
    let data_dir = engine::data_dir(data_dir)?;
    let InForce { merged, problems, policy } = in_force(&data_dir, &Environment::of_process());
    problems.iter().for_each(exit::report);
    let mut out = io::stdout().lock();
    for Line { key, value, layer } in lines(&merged) {
        let from = match layer {
            Layer::BuiltIn => "built in".to_owned(),
            Layer::Policy => policy.as_ref().map_or("policy".to_owned(), |file| file.display().to_string()),
            Layer::Person => "your settings".to_owned(),
            Layer::Environment => "environment".to_owned(),
        };
        if json {
            let line = json!({"key": key, "value": value, "layer": word(layer), "from": from}).to_string();
            writeln!(out, "{}", neutral::json(&line))?;
        } else {
            let line = format!("{key} = {value}  ({from})");
            writeln!(out, "{}", neutral::line(&line))?;
        }
    }
    out.flush()?;
    Ok(Exit::Done)
}

fn word(layer: Layer) -> &'static str {
    match layer {
        Layer::BuiltIn => "built_in",
        Layer::Policy => "policy",
        Layer::Person => "person",
        Layer::Environment => "environment",
    }
}

/// All values in force without a secret, by their keys.
fn lines(merged: &Merged) -> Vec<Line> {
    let described = Described::of(FileKind::Policy);
    let content = Value::Object(merged.content.clone());
    let content = without_secrets(&described, &content, &described.says(&content));
    let mut lines = Vec::new();
    for (key, value) in content.as_object().into_iter().flatten() {
        let things = value.as_array().filter(|_| ["connections", "routes", "models"].contains(&key.as_str()));
        match things {
            None => leaves(merged, key, value, &mut lines),
            Some(things) => {
                for thing in things {
                    leaves(merged, &format!("{key}.{}", name(key, thing)), thing, &mut lines);
                }
            }
        }
    }
    lines
}

/// What a thing in a list is called, as locks call it.
fn name(list: &str, thing: &Value) -> String {
    let text = |key: &str| thing.get(key).and_then(Value::as_str).unwrap_or("?");
    if list == "models" { format!("{}/{}", text("connection"), text("id")) } else { text("id").to_owned() }
}

fn leaves(merged: &Merged, key: &str, value: &Value, lines: &mut Vec<Line>) {
    match value {
        Value::Object(members) if !members.is_empty() && !merged.origins.contains_key(key) => {
            members.iter().for_each(|(member, value)| leaves(merged, &format!("{key}.{member}"), value, lines));
        }
        _ => {
            let layer = merged.origins.get(key).copied().unwrap_or(Layer::BuiltIn);
            lines.push(Line { key: key.to_owned(), value: value.clone(), layer });
        }
    }
}

/// A value without what is called like a secret where nobody described it, and without what looks like one anywhere.
fn without_secrets(described: &Described, value: &Value, says: &Vec<&Value>) -> Value {
    match value {
        Value::Object(members) => {
            let is_open = described::is_open(says);
            let header = value.get("name").and_then(Value::as_str).is_some_and(is_secret_name);
            let clean = |(key, value): (&String, &Value)| {
                let inner = described.member(says, key, value);
                let is_unknown = is_open || inner.is_empty();
                let hides = is_unknown && is_secret_name(key) || header && key == "value";
                let value = match value {
                    Value::String(text) if hides && !text.is_empty() && !text.contains("{{") => json!(HIDDEN),
                    other => without_secrets(described, other, &inner),
                };
                (key.clone(), value)
            };
            Value::Object(members.iter().map(clean).collect::<Map<_, _>>())
        }
        Value::Array(elements) => elements
            .iter()
            .map(|element| without_secrets(described, element, &described.element(says, element)))
            .collect(),
        Value::String(text) => Value::String(exit::redactor().clean(text).into_owned()),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use engine::layers::{Locks, merge};

    use super::*;

    #[test]
    fn each_value_is_told_with_whose_it_is_and_no_secret_is() {
        let object = |value: Value| value.as_object().unwrap().clone();
        let built_in = object(json!({"appearance": {"theme": "system"}, "patience": 120}));
        let person = object(json!({"appearance": {"theme": "dark"}, "api_key": "hunter2", "connections": [{
            "id": "a.b", "url": "https://ann:hunter2@chat.example/", "with_key": true,
            "headers": [{"name": "X-Api-Key", "value": "hunter2"}, {"name": "X-App", "value": "desktop"}],
            "session": {"type": "endpoint", "url": "https://a.example/s", "body": {"password": "hunter2", "user": "ann"}},
            "network": {"client_certificate": {"file": "/a.pem", "key": "/a.key"}},
        }]}));
        let merged = merge(&[(Layer::BuiltIn, built_in), (Layer::Person, person)], &Locks::default());
        let lines = lines(&merged);
        let line = |key: &str| lines.iter().find(|line| line.key == key).map(|line| (line.value.clone(), line.layer));
        assert_eq!(line("appearance.theme"), Some((json!("dark"), Layer::Person)));
        assert_eq!(line("patience"), Some((json!(120), Layer::BuiltIn)));
        assert_eq!(line("connections.a.b.session.body.password"), Some((json!(HIDDEN), Layer::Person)));
        assert_eq!(line("connections.a.b.session.body.user"), Some((json!("ann"), Layer::Person)));
        assert_eq!(line("connections.a.b.network.client_certificate.key"), Some((json!("/a.key"), Layer::Person)));
        let all = format!("{lines:?}");
        assert!(!all.contains("hunter2") && all.contains("desktop"), "{all}");
    }
}

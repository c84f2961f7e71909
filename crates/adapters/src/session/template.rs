//! Placeholders in what a session endpoint is sent.

use serde_json::Value;

/// What may stand between double braces.
pub const PLACEHOLDERS: &[&str] = &["user", "model", "device", "key", "token"];

/// The same text with its placeholders filled in. One that stands for nothing becomes nothing.
pub(crate) fn fill(text: &str, value: &dyn Fn(&str) -> Option<String>) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, name, after)) = next(rest) {
        filled.push_str(before);
        filled.push_str(&value(name).unwrap_or_default());
        rest = after;
    }
    filled + rest
}

/// The same JSON with the placeholders of all its strings filled in. A string is filled after it was read, so that no
/// value can become anything but text.
pub(super) fn fill_all(json: &Value, value: &dyn Fn(&str) -> Option<String>) -> Value {
    match json {
        Value::String(text) => Value::String(fill(text, value)),
        Value::Array(all) => all.iter().map(|one| fill_all(one, value)).collect(),
        Value::Object(fields) => {
            Value::Object(fields.iter().map(|(name, one)| (name.clone(), fill_all(one, value))).collect())
        }
        other => other.clone(),
    }
}

/// Whether a text has that placeholder.
pub(super) fn names(text: &str, placeholder: &str) -> bool {
    let mut rest = text;
    while let Some((_, name, after)) = next(rest) {
        if name == placeholder {
            return true;
        }
        rest = after;
    }
    false
}

/// Whether a string in some JSON has that placeholder.
pub(crate) fn holds(json: &Value, placeholder: &str) -> bool {
    match json {
        Value::String(text) => names(text, placeholder),
        Value::Array(all) => all.iter().any(|one| holds(one, placeholder)),
        Value::Object(fields) => fields.values().any(|one| holds(one, placeholder)),
        _ => false,
    }
}

/// The first placeholder in a text that stands for nothing Kittiwake knows.
pub fn unknown_placeholder(text: &str) -> Option<&str> {
    stranger(text, PLACEHOLDERS)
}

/// The first placeholder in a text that is none of these.
pub(crate) fn stranger<'a>(text: &'a str, known: &[&str]) -> Option<&'a str> {
    let mut rest = text;
    while let Some((_, name, after)) = next(rest) {
        if !known.contains(&name) {
            return Some(name);
        }
        rest = after;
    }
    None
}

/// What stands before the next placeholder, its name, and what stands after it.
fn next(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once("{{")?;
    let (name, after) = rest.split_once("}}")?;
    Some((before, name.trim(), after))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn value(name: &str) -> Option<String> {
        match name {
            "user" => Some("ann \"x\" {{token}}".to_owned()),
            "token" => Some("s".to_owned()),
            _ => None,
        }
    }

    #[test]
    fn placeholders_are_filled_once_and_stay_text() {
        assert_eq!(fill("a {{user}} b {{ token }}{{model}}.", &value), "a ann \"x\" {{token}} b s.");
        assert_eq!(fill("no {{ end", &value), "no {{ end");
        let template = json!({"u": "{{user}}", "deep": [{"{{user}}": "x{{token}}"}, 7, null]});
        let filled = json!({"u": "ann \"x\" {{token}}", "deep": [{"{{user}}": "xs"}, 7, null]});
        assert_eq!(fill_all(&template, &value), filled);
    }

    #[test]
    fn a_placeholder_that_is_written_wrong_is_found() {
        assert_eq!(unknown_placeholder("{{user}} {{ usr }}"), Some("usr"));
        assert_eq!(unknown_placeholder("{{user}} {{device}} }} {{"), None);
    }
}

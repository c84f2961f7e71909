//! Options as a person writes them into a form: JSON with comments, and every mistake with its place.

use model::Profile;
use serde_json::Value;
use serde_path_to_error::Segment;

use super::sense::unsound;
use crate::layers::jsonc::{Document, Mistake, part};

/// The names of the options, for whoever wrote another one.
const NAMES: &str = "theme, header, history, startScreen, threadItemActions, composer, disclaimer, entities, commands, \
                     thread and api";

/// A place in what was written, and what would be right there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Line {line}, column {column}: {words}")]
pub struct Wrong {
    line: usize,
    column: usize,
    words: String,
}

/// Reads options; nothing if none are written. `server` is the address of the connection.
///
/// # Errors
///
/// The first mistake.
pub fn typed(text: &str, server: &str) -> Result<Option<Box<Profile>>, Wrong> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let document = Document::read(text).map_err(unreadable)?;
    let at = |pointer: &str, words: String| {
        let place = document.value(pointer);
        Wrong { line: place.line, column: place.column, words }
    };
    let content = Value::Object(document.content.clone());
    let profile: Profile = serde_path_to_error::deserialize(&content).map_err(|error| {
        let pointer: String = error.path().iter().map(step).collect();
        at(&pointer, said(&error.inner().to_string()))
    })?;
    let understood = serde_json::to_value(&profile).unwrap_or_default();
    if let Some(Lost { pointer, is_list }) = lost(&content, &understood, "") {
        if is_list {
            return Err(at(&pointer, "This has to be an object in { }.".to_owned()));
        }
        let place = document.key(&pointer);
        let name = pointer.rsplit('/').next().unwrap_or_default();
        let mut words = format!("“{name}” is no option that Kittiwake has. Look how it is written, or take it away.");
        if pointer.matches('/').count() == 1 {
            words = format!("{words} There are {NAMES}.");
        }
        return Err(Wrong { line: place.line, column: place.column, words });
    }
    if let Some((pointer, words)) = unsound(&profile, Some(server)) {
        return Err(at(&pointer, words));
    }
    Ok((profile != Profile::default()).then(|| Box::new(profile)))
}

fn unreadable(Mistake { line, column, message }: Mistake) -> Wrong {
    Wrong { line, column, words: message.replace("The file", "The text") }
}

fn step(segment: &Segment) -> String {
    match segment {
        Segment::Seq { index } => format!("/{index}"),
        Segment::Map { key } => format!("/{}", part(key)),
        Segment::Enum { .. } | Segment::Unknown => String::new(),
    }
}

/// An entry of which nothing was made.
struct Lost {
    pointer: String,
    /// Whether it is a list in the place of an object, which was read as that object's entries in their order.
    is_list: bool,
}

/// The first entry that was lost. What is empty goes without saying.
fn lost(written: &Value, understood: &Value, at: &str) -> Option<Lost> {
    match (written, understood) {
        (Value::Object(written), Value::Object(understood)) => written.iter().find_map(|(key, value)| {
            let pointer = format!("{at}/{}", part(key));
            match understood.get(key) {
                Some(known) => lost(value, known, &pointer),
                None => (!is_empty(value)).then_some(Lost { pointer, is_list: false }),
            }
        }),
        (Value::Array(written), Value::Array(understood)) => {
            let mut both = written.iter().zip(understood).enumerate();
            both.find_map(|(place, (value, known))| lost(value, known, &format!("{at}/{place}")))
        }
        (Value::Array(_), Value::Object(_)) => Some(Lost { pointer: at.to_owned(), is_list: true }),
        _ => None,
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(elements) => elements.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    }
}

/// What would be right, of what the reader of JSON says.
fn said(words: &str) -> String {
    if let Some(field) = words.strip_prefix("missing field ") {
        return format!("{} is missing here. Add it.", quoted(field));
    }
    if words.contains("enum MaxSize") {
        return "This has to be a number of bytes, or numbers of bytes by media type.".to_owned();
    }
    let Some((_, expected)) = words.rsplit_once("expected ") else {
        return "This cannot stand here. Look at the manual, “Profiles”, for what can.".to_owned();
    };
    let expected = match expected {
        "a boolean" => "true or false, without quotation marks".to_owned(),
        "a string" => "text in quotation marks".to_owned(),
        "a sequence" => "a list in [ ]".to_owned(),
        whole if is_whole(whole) => "a whole number, and not too large or small".to_owned(),
        object if ["struct", "a map", "internally", "adjacently"].iter().any(|word| object.starts_with(word)) => {
            "an object in { }".to_owned()
        }
        other => quoted(other),
    };
    format!("This has to be {expected}.")
}

fn is_whole(expected: &str) -> bool {
    ["u8", "u16", "u32", "u64", "usize", "i8"].contains(&expected)
}

/// The names in a text, which stand in backticks there.
fn quoted(words: &str) -> String {
    let mut quoted = String::new();
    for (place, piece) in words.split('`').enumerate() {
        if place > 0 {
            quoted.push(if place % 2 == 1 { '“' } else { '”' });
        }
        quoted.push_str(piece);
    }
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    const SERVER: &str = "https://chat.example/chatkit";

    fn wrong(text: &str) -> String {
        typed(text, SERVER).unwrap_err().to_string()
    }

    #[test]
    fn options_are_json_with_comments_and_nothing_is_none() {
        assert_eq!(typed(" \n", SERVER), Ok(None));
        assert_eq!(typed("{ /* none */ }", SERVER), Ok(None));
        let text = "{\n  // Ours.\n  \"theme\": \"dark\", \"composer\": {\"tools\": [], \"placeholder\": \"Ask\",},\n}";
        let options = typed(text, SERVER).unwrap().unwrap();
        assert_eq!(options.composer.unwrap().placeholder.as_deref(), Some("Ask"));
        assert!(options.theme.unwrap().color_scheme.is_some());
    }

    #[test]
    fn a_mistake_has_a_place_and_says_what_would_be_right() {
        for (text, expected) in [
            ("[1]", "Line 1, column 1: This is not an object. The text begins with { and ends with }."),
            ("{\"theme\": oops}", "Line 1, column 11: “oops” is no value."),
            ("{\n  \"thread\": {\"autoScroll\": \"yes\"}\n}", "Line 2, column 28: This has to be true or false"),
            (
                "{\"theme\": {\n\"radius\": \"wobbly\"}}",
                "Line 2, column 11: This has to be one of “pill”, “round”, “soft”, “sharp”.",
            ),
            (
                "{\"theme\": {\"typography\": {\"baseSize\": 300}}}",
                "Line 1, column 39: This has to be a whole number, and not too large or small.",
            ),
            ("{\"header\": []}", "Line 1, column 12: This has to be an object in { }."),
            ("{\"composer\": {\"tools\": [{\"id\": \"a\"}]}}", "Line 1, column 25: “label” is missing here. Add it."),
            ("{\"disclaimer\": \"It errs.\"}", "Line 1, column 16: This has to be an object in { }."),
            (
                "{\"composer\": {\"attachments\": {\"maxSize\": \"7\"}}}",
                "Line 1, column 42: This has to be a number of bytes, or numbers of bytes by media type.",
            ),
        ] {
            let wrong = wrong(text);
            assert!(wrong.starts_with(expected), "{text} gave {wrong}");
        }
    }

    #[test]
    fn a_name_that_is_none_is_said_at_its_place() {
        let top = wrong("{\n  \"themes\": \"dark\"\n}");
        assert!(top.starts_with("Line 2, column 3: “themes” is no option that Kittiwake has."), "{top}");
        assert!(top.contains("There are theme, header,"));
        let inner = wrong("{\"composer\": {\"tools\": [{\"id\": \"a\", \"label\": \"A\", \"pined\": true}]}}");
        assert!(inner.starts_with("Line 1, column 51: “pined” is no option"), "{inner}");
    }

    #[test]
    fn what_would_be_left_out_is_said_before_it_is_kept() {
        for (text, expected) in [
            ("{\"theme\": {\"color\": {\"accent\": {\"primary\": \"bluish\"}}}}", "column 44: This is no colour."),
            ("{\"theme\": {\"typography\": {\"baseSize\": 40}}}", "column 39: The size of text is a whole number"),
            (
                "{\"entities\": {\"searchUrl\": \"https://other.example\"}}",
                "column 28: This address is on another server",
            ),
            (
                "{\"header\": {\"leftAction\": {\"icon\": \"home\", \"label\": \"H\", \"onClick\": {\"type\": \"open_url\", \"url\": \"file:///x\"}}}}",
                "Only addresses that begin with https://",
            ),
            (
                "{\"commands\": {\"list\": [{\"id\": \"a\", \"label\": \"A\", \"onSelect\": {\"type\": \"tool\", \"id\": \"b\"}}]}}",
                "There is no such tool",
            ),
        ] {
            let wrong = wrong(text);
            assert!(wrong.contains(expected), "{text} gave {wrong}");
        }
    }
}

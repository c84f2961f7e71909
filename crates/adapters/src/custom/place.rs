//! Where in JSON a text stands, and what JSON looks like in which none was found.

use serde_json::Value;

use crate::unknown::short;

/// Where texts stand in whole answers, in the order in which they are looked for.
const WHOLE: &[&str] =
    &["/response", "/text", "/content", "/message", "/choices/0/message/content", "/message/content"];
/// What is only ever a piece of an answer.
const PIECES: &[&str] = &["/token", "/delta", "/chunk", "/delta/content", "/delta/text", "/choices/0/delta/content"];
/// Where else it stands in an event.
const MORE: &[&str] = &["/response", "/text", "/content", "/message", "/data", "/message/content", "/choices/0/text"];

/// So deep is looked for texts, and told of a shape.
const DEPTH: usize = 5;
/// So many names of an object are told, and so many entries of a list are looked at.
const WIDTH: usize = 12;
const ENTRIES: usize = 3;
/// So many places are offered.
const OFFERED: usize = 4;

/// A text, and whether its place says that it is only a piece of the answer.
pub(super) struct Found {
    pub text: String,
    pub is_piece: bool,
}

/// The text of a whole answer.
pub(super) fn whole(json: &Value, pointer: Option<&str>) -> Option<String> {
    match (pointer, json) {
        (Some(pointer), _) => said(json.pointer(pointer)?),
        (None, Value::String(text)) => Some(text.clone()),
        (None, _) => first(json, WHOLE),
    }
}

/// The text of an event.
pub(super) fn event(json: &Value, pointer: Option<&str>) -> Option<Found> {
    if let Some(pointer) = pointer {
        return said(json.pointer(pointer)?).map(|text| Found { text, is_piece: false });
    }
    let piece = first(json, PIECES).map(|text| Found { text, is_piece: true });
    piece.or_else(|| first(json, MORE).map(|text| Found { text, is_piece: false }))
}

/// Numbers count only where somebody said that the text is there.
fn first(json: &Value, places: &[&str]) -> Option<String> {
    places.iter().find_map(|place| json.pointer(place)?.as_str().map(str::to_owned))
}

pub(super) fn said(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// What JSON looks like: its names and the kinds of its values, and nothing of what they hold.
pub(super) fn shape(json: &Value) -> String {
    shape_to(json, DEPTH)
}

fn shape_to(json: &Value, depth: usize) -> String {
    match json {
        Value::Null => "null".to_owned(),
        Value::Bool(_) => "true or false".to_owned(),
        Value::Number(_) => "number".to_owned(),
        Value::String(_) => "text".to_owned(),
        Value::Array(all) if all.is_empty() => "[]".to_owned(),
        Value::Object(fields) if fields.is_empty() => "{}".to_owned(),
        Value::Array(_) if depth == 0 => "[…]".to_owned(),
        Value::Object(_) if depth == 0 => "{…}".to_owned(),
        Value::Array(all) => {
            let more = if all.len() > 1 { ", …" } else { "" };
            format!("[{}{more}]", shape_to(&all[0], depth - 1))
        }
        Value::Object(fields) => {
            let named = fields.iter().take(WIDTH);
            let mut told: Vec<_> =
                named.map(|(name, value)| format!("{}: {}", short(name), shape_to(value, depth - 1))).collect();
            if fields.len() > WIDTH {
                told.push("…".to_owned());
            }
            format!("{{{}}}", told.join(", "))
        }
    }
}

/// Where in some answers, or in one, the text may stand: what changes from one to the next comes first, then what is long.
pub(super) fn candidates(all: &[Value]) -> Vec<String> {
    let mut places = Vec::new();
    all.iter().for_each(|json| texts(json, String::new(), DEPTH, &mut places));
    places.sort_by_cached_key(|place| {
        let texts: Vec<_> = all.iter().filter_map(|json| json.pointer(place)?.as_str()).collect();
        let varies = texts.iter().any(|text| *text != texts[0]);
        let length: usize = texts.iter().map(|text| text.len()).sum();
        std::cmp::Reverse((varies, length))
    });
    places.truncate(OFFERED);
    places
}

fn texts(json: &Value, at: String, depth: usize, places: &mut Vec<String>) {
    match json {
        Value::String(text) if !text.trim().is_empty() && !at.is_empty() && !places.contains(&at) => places.push(at),
        Value::Array(all) if depth > 0 => {
            for (index, one) in all.iter().enumerate().take(ENTRIES) {
                texts(one, format!("{at}/{index}"), depth - 1, places);
            }
        }
        Value::Object(fields) if depth > 0 => {
            for (name, one) in fields.iter().take(WIDTH) {
                texts(one, format!("{at}/{}", name.replace('~', "~0").replace('/', "~1")), depth - 1, places);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_text_is_found_where_most_servers_put_it() {
        for (answer, text) in [
            (json!({"response": "a", "text": "b"}), Some("a")),
            (json!({"text": "b", "content": "c", "message": "d"}), Some("b")),
            (json!({"content": "c", "message": "d"}), Some("c")),
            (json!({"message": "d", "id": 7}), Some("d")),
            (json!({"choices": [{"message": {"role": "assistant", "content": "e"}}]}), Some("e")),
            (json!({"message": {"content": "f"}}), Some("f")),
            (json!("g"), Some("g")),
            (json!({"response": 7}), None),
            (json!({"reply": {"body": "h"}}), None),
        ] {
            assert_eq!(whole(&answer, None).as_deref(), text, "{answer}");
        }
        let answer = json!({"reply": {"body": "h", "tokens": 7}, "response": "no"});
        assert_eq!(whole(&answer, Some("/reply/body")).as_deref(), Some("h"));
        assert_eq!(whole(&answer, Some("/reply/tokens")).as_deref(), Some("7"));
        assert_eq!(whole(&answer, Some("/reply/none")), None, "what was said of the place counts");
    }

    #[test]
    fn a_piece_is_told_from_a_text_by_its_name() {
        let found = |json: Value| event(&json, None).map(|found| (found.text, found.is_piece));
        assert_eq!(found(json!({"token": "a", "content": "all"})), Some(("a".to_owned(), true)));
        assert_eq!(found(json!({"choices": [{"delta": {"content": "b"}}]})), Some(("b".to_owned(), true)));
        assert_eq!(found(json!({"type": "response", "text": "c"})), Some(("c".to_owned(), false)));
        assert_eq!(found(json!({"usage": 7})), None);
    }

    #[test]
    fn a_shape_tells_names_and_kinds_and_nothing_else() {
        // Their order is that of the answer or that of the alphabet, as serde_json was built.
        let answer =
            json!({"list": [{"a": null}, 1], "none": [], "ok": true, "reply": {"body": "sesame", "tokens": 7}});
        assert_eq!(
            shape(&answer),
            "{list: [{a: null}, …], none: [], ok: true or false, reply: {body: text, tokens: number}}"
        );
        let deep = (0..20).fold(json!("sesame"), |json, _| json!({"a": json}));
        assert!(shape(&deep).ends_with("{…}}}}}}") && !shape(&deep).contains("sesame"));
        let wide: Value = (0..40).map(|at| (format!("n{at}"), json!(1))).collect::<serde_json::Map<_, _>>().into();
        assert!(shape(&wide).ends_with("…}"));
    }

    #[test]
    fn the_likeliest_places_are_offered_first() {
        let answer =
            json!({"id": "abc", "reply": {"body": "A long answer.", "n": 7}, "list": ["x/y", ""], "a/b": "123456"});
        assert_eq!(candidates(&[answer]), ["/reply/body", "/a~1b", "/id", "/list/0"]);
        let stream =
            [json!({"id": "long-and-always-the-same", "w": "a"}), json!({"id": "long-and-always-the-same", "w": "b"})];
        assert_eq!(candidates(&stream), ["/w", "/id"]);
        assert!(candidates(&[json!("x"), json!(7)]).is_empty());
    }
}

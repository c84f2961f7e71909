//! Wire parts, annotations and sources → those of the model (sections 5 and 7).

use model::{Annotation, Extra, Source, TextPart};
use serde::Deserialize;
use serde_json::Value;

use super::wire;

/// A part of an assistant message, and whether the model can hold all of it. A part of another kind is an empty text,
/// so that the parts after it keep their index.
pub(super) fn part(part: wire::TextPart) -> (TextPart, bool) {
    let known = part.kind.is_none_or(|kind| kind == "output_text");
    let annotations: Vec<_> = part.annotations.iter().filter_map(annotation).collect();
    let whole = known && part.extra.is_empty() && annotations.len() == part.annotations.len();
    (TextPart { text: part.text, annotations }, whole)
}

/// A reference, if it is one at all.
pub(super) fn annotation(value: &Value) -> Option<Annotation> {
    let annotation = wire::Annotation::deserialize(value).ok()?;
    Some(Annotation { index: annotation.index.map(|index| index.0), source: source(annotation.source) })
}

/// A source. One that lacks what its kind must have is one of an unknown kind.
fn source(mut fields: Extra) -> Source {
    let name = take(&mut fields, "type").unwrap_or_default();
    let required = match name.as_str() {
        "url" => "url",
        "file" => "filename",
        "entity" => "id",
        _ => return Source::Unknown { name, fields },
    };
    let Some(required) = take(&mut fields, required) else { return Source::Unknown { name, fields } };
    let title = take(&mut fields, "title").unwrap_or_else(|| required.clone());
    match name.as_str() {
        "url" => Source::Url { title, url: required, extra: fields },
        "file" => Source::File { title, filename: required, extra: fields },
        _ => Source::Entity { title, id: required, extra: fields },
    }
}

/// Takes a text out of some fields; leaves anything else where it is.
pub(super) fn take(fields: &mut Extra, key: &str) -> Option<String> {
    match fields.remove(key)? {
        Value::String(text) => Some(text),
        other => {
            fields.insert(key.to_owned(), other);
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn fields(value: Value) -> Extra {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn sources_of_each_kind() {
        let cases = [
            (
                json!({"type": "url", "title": "Atlas", "url": "https://e.example", "attribution": "x"}),
                Source::Url {
                    title: "Atlas".into(),
                    url: "https://e.example".into(),
                    extra: fields(json!({"attribution": "x"})),
                },
            ),
            (
                json!({"type": "file", "filename": "a.pdf"}),
                Source::File { title: "a.pdf".into(), filename: "a.pdf".into(), extra: Extra::new() },
            ),
            (
                json!({"type": "entity", "id": "e1", "title": "Ada", "interactive": true}),
                Source::Entity { title: "Ada".into(), id: "e1".into(), extra: fields(json!({"interactive": true})) },
            ),
            (
                json!({"type": "url", "title": "no address"}),
                Source::Unknown { name: "url".into(), fields: fields(json!({"title": "no address"})) },
            ),
            (
                json!({"type": "star", "title": "Vega", "far": 25}),
                Source::Unknown { name: "star".into(), fields: fields(json!({"title": "Vega", "far": 25})) },
            ),
        ];
        for (wire, expected) in cases {
            let annotation = annotation(&json!({"type": "annotation", "index": 3.0, "source": wire})).unwrap();
            assert_eq!(annotation, Annotation { index: Some(3), source: expected });
        }
    }

    #[test]
    fn an_annotation_without_an_index_is_still_listed() {
        let annotation = annotation(&json!({"index": null, "source": {"type": "file", "filename": "a"}})).unwrap();
        assert_eq!(annotation.index, None);
        assert_eq!(super::annotation(&json!({"index": 1})), None);
    }

    #[test]
    fn a_part_of_another_kind_is_an_empty_text_and_not_whole() {
        let read = |value| part(serde_json::from_value(value).unwrap());
        assert_eq!(
            read(json!({"type": "output_text", "text": "a"})),
            (TextPart { text: "a".into(), ..TextPart::default() }, true)
        );
        assert_eq!(read(json!({"type": "output_song", "notes": "c d e"})), (TextPart::default(), false));
        assert!(!read(json!({"type": "output_text", "text": "a", "annotations": [1]})).1);
    }
}

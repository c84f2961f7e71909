//! Wire parts, annotations and sources → those of the model (sections 5 and 7).

use model::{Annotation, Extra, Source, TextPart};
use serde_json::Value;

use super::lenient::{index, list, object, take, take_word, text};

/// A part of an assistant message, and whether the model can hold all of it. A part of another kind is an empty text,
/// unless it has one, so that the parts after it keep their index.
pub(super) fn part(value: Value) -> (TextPart, bool) {
    let Ok(mut fields) = object(value) else { return (TextPart::default(), false) };
    take_word(&mut fields, "type", |kind| (kind == "output_text").then_some(()));
    let text = take(&mut fields, "text", text).unwrap_or_default();
    let wire = take(&mut fields, "annotations", list).unwrap_or_default();
    let count = wire.len();
    let (annotations, whole): (Vec<_>, Vec<_>) = wire.into_iter().filter_map(annotation).unzip();
    let whole = fields.is_empty() && annotations.len() == count && !whole.contains(&false);
    (TextPart { text, annotations }, whole)
}

/// A reference, if it is one at all, and whether the model can hold all of it.
pub(super) fn annotation(value: Value) -> Option<(Annotation, bool)> {
    let mut fields = object(value).ok()?;
    take_word(&mut fields, "type", |kind| (kind == "annotation").then_some(()));
    let index = take(&mut fields, "index", index);
    let source = source(take(&mut fields, "source", object)?);
    Some((Annotation { index, source }, fields.is_empty()))
}

/// Takes sources out of some fields, in their order; what is none keeps its place as one of an unknown kind.
pub(super) fn take_sources(fields: &mut Extra) -> Vec<Source> {
    let sources = take(fields, "sources", list).unwrap_or_default();
    let read = |value| match object(value) {
        Ok(fields) => Some(source(fields)),
        Err(Value::Null) => None,
        Err(other) => {
            let fields = Extra::from_iter([("source".to_owned(), other)]);
            Some(Source::Unknown { name: String::new(), fields })
        }
    };
    sources.into_iter().filter_map(read).collect()
}

/// A source. One that lacks what its kind must have is one of an unknown kind.
pub(super) fn source(mut fields: Extra) -> Source {
    let name = take(&mut fields, "type", text).unwrap_or_default();
    let required = match name.as_str() {
        "url" => "url",
        "file" => "filename",
        "entity" => "id",
        _ => return Source::Unknown { name, fields },
    };
    let Some(required) = take(&mut fields, required, text) else { return Source::Unknown { name, fields } };
    let title = take(&mut fields, "title", text).unwrap_or_else(|| required.clone());
    match name.as_str() {
        "url" => Source::Url { title, url: required, extra: fields },
        "file" => Source::File { title, filename: required, extra: fields },
        _ => Source::Entity { title, id: required, extra: fields },
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
            let read = annotation(json!({"type": "annotation", "index": 3.0, "source": wire}));
            assert_eq!(read, Some((Annotation { index: Some(3), source: expected }, true)));
        }
    }

    #[test]
    fn all_that_a_source_says_is_kept() {
        let entity = json!({
            "type": "entity", "id": "e1", "title": "Ada", "description": "d", "timestamp": "t", "group": "g", "icon": "user",
            "label": "l", "inline_label": "i", "interactive": true, "data": {"n": null}, "preview": "lazy",
        });
        let Source::Entity { extra, .. } = source(fields(entity.clone())) else { panic!() };
        for (key, value) in fields(entity) {
            assert!(["type", "id", "title"].contains(&key.as_str()) || extra[&key] == value, "{key}");
        }
    }

    #[test]
    fn an_annotation_without_an_index_is_still_listed() {
        let source = json!({"type": "file", "filename": "a"});
        let read = |value| annotation(value).map(|(annotation, whole)| (annotation.index, whole));
        assert_eq!(read(json!({"index": null, "source": source})), Some((None, true)));
        assert_eq!(read(json!({"index": "here", "source": source})), Some((None, false)));
        assert_eq!(read(json!({"index": 1, "source": source, "score": 9})), Some((Some(1), false)));
        for none in [json!({"index": 1}), json!({"source": "a"}), json!(7)] {
            assert_eq!(read(none), None);
        }
    }

    #[test]
    fn a_part_of_another_kind_is_an_empty_text_and_not_whole() {
        let plain = TextPart { text: "a".into(), ..TextPart::default() };
        assert_eq!(part(json!({"type": "output_text", "text": "a"})), (plain.clone(), true));
        assert_eq!(part(json!({"text": "a", "annotations": null})), (plain.clone(), true));
        assert_eq!(part(json!({"type": "refusal", "text": "a"})), (plain, false));
        for odd in [
            json!({"type": "output_song", "notes": "c d e"}),
            json!({"type": "output_text", "text": 7}),
            json!({"type": "output_text", "annotations": [1]}),
            json!({"type": "output_text", "annotations": {}}),
            json!(7),
        ] {
            assert_eq!(part(odd), (TextPart::default(), false));
        }
        let scored = json!({"annotations": [{"source": {"type": "file", "filename": "a"}, "score": 9}]});
        let (read, whole) = part(scored);
        assert_eq!((read.annotations.len(), whole), (1, false));
    }
}

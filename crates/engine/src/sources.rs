//! What answers rest on, and the marks in their texts that lead there.

use std::collections::BTreeMap;

use markdown::Mark;
use model::{Annotation, Extra, Source, TextPart};
use serde_json::Value;

use crate::view::SourceView;

/// What a message rests on: in the order of the marks, those without a place last, each once.
pub fn sources<'a>(content: impl IntoIterator<Item = &'a TextPart>) -> Vec<SourceView> {
    let mut views: Vec<SourceView> = Vec::new();
    for part in content {
        let mut annotations: Vec<&Annotation> = part.annotations.iter().collect();
        annotations.sort_by_key(|annotation| annotation.index.unwrap_or(usize::MAX));
        for annotation in annotations {
            let view = source_view(&annotation.source);
            if !views.contains(&view) {
                views.push(view);
            }
        }
    }
    views
}

/// For each part of a message the marks in its text. They name the sources by their numbers in [`sources`], from 1.
pub fn marks(content: &[TextPart]) -> Vec<Vec<Mark>> {
    if content.iter().all(|part| part.annotations.is_empty()) {
        return content.iter().map(|_| Vec::new()).collect();
    }
    let sources = sources(content);
    content.iter().map(|part| marks_of(part, &sources)).collect()
}

fn marks_of(part: &TextPart, sources: &[SourceView]) -> Vec<Mark> {
    let mut marks: BTreeMap<usize, Mark> = BTreeMap::new();
    for annotation in &part.annotations {
        let Some(at) = annotation.index else { continue };
        let view = source_view(&annotation.source);
        let Some(number) = sources.iter().position(|source| *source == view).and_then(number) else { continue };
        let mark = marks.entry(at).or_insert_with(|| Mark { at, sources: Vec::new(), label: None });
        if mark.sources.contains(&number) {
            continue;
        }
        // Several at one place show their numbers.
        mark.label = if mark.sources.is_empty() { inline_label(&annotation.source) } else { None };
        mark.sources.push(number);
    }
    marks.into_values().collect()
}

fn number(place: usize) -> Option<u32> {
    u32::try_from(place + 1).ok()
}

fn inline_label(source: &Source) -> Option<String> {
    match source {
        Source::Entity { extra, .. } => words(extra, "inline_label"),
        Source::Url { .. } | Source::File { .. } | Source::Unknown { .. } => None,
    }
}

fn words(extra: &Extra, name: &str) -> Option<String> {
    extra.get(name).and_then(Value::as_str).map(str::trim).filter(|words| !words.is_empty()).map(str::to_owned)
}

/// A source as it is shown.
pub fn source_view(source: &Source) -> SourceView {
    let (title, description) = source.title_and_description();
    let mut view =
        SourceView { title: title.to_owned(), description: description.map(str::to_owned), ..SourceView::default() };
    let extra = match source {
        Source::Url { url, extra, .. } => {
            view.url = Some(url.clone());
            view.attribution = words(extra, "attribution");
            extra
        }
        Source::File { filename, extra, .. } => {
            view.filename = Some(filename.clone());
            extra
        }
        Source::Entity { extra, .. } => {
            view.label = words(extra, "label");
            extra
        }
        Source::Unknown { fields, .. } => fields,
    };
    view.group = words(extra, "group");
    view.timestamp = words(extra, "timestamp");
    view
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn annotation(index: Option<usize>, title: &str) -> Annotation {
        let source = Source::File { title: title.into(), filename: "a.md".into(), extra: Extra::new() };
        Annotation { index, source }
    }

    fn entity(index: usize, extra: Value) -> Annotation {
        let extra = extra.as_object().cloned().unwrap_or_default();
        Annotation { index: Some(index), source: Source::Entity { title: "Ada".into(), id: "ada".into(), extra } }
    }

    #[test]
    fn sources_stand_in_the_order_of_their_marks_and_only_once() {
        let annotations = vec![
            annotation(None, "last"),
            annotation(Some(9), "second"),
            annotation(Some(2), "first"),
            annotation(Some(20), "first"),
        ];
        let part = TextPart { text: "…".into(), annotations };
        let titles: Vec<_> = sources([&part]).into_iter().map(|source| source.title).collect();
        assert_eq!(titles, ["first", "second", "last"]);
        let marks = marks(&[part]).remove(0);
        let places: Vec<_> = marks.into_iter().map(|mark| (mark.at, mark.sources)).collect();
        assert_eq!(places, [(2, vec![1]), (9, vec![2]), (20, vec![1])]);
    }

    #[test]
    fn marks_at_one_place_are_one_and_a_label_stands_alone_only() {
        let ada = || entity(4, json!({"inline_label": "Ada", "label": "Person", "group": "People"}));
        let part = |annotations| TextPart { text: "…".into(), annotations };
        let alone = marks(&[part(vec![ada()])]).remove(0);
        assert_eq!(alone, [Mark { at: 4, sources: vec![1], label: Some("Ada".into()) }]);
        let together = marks(&[part(vec![ada(), annotation(Some(4), "b"), ada()])]).remove(0);
        assert_eq!(together, [Mark { at: 4, sources: vec![1, 2], label: None }]);
        let view = source_view(&ada().source);
        assert_eq!((view.label.as_deref(), view.group.as_deref()), (Some("Person"), Some("People")));
    }

    #[test]
    fn the_parts_of_a_message_have_one_row_of_numbers() {
        let part = |title| TextPart { text: "…".into(), annotations: vec![annotation(Some(1), title)] };
        let numbers: Vec<_> = marks(&[part("a"), part("b"), part("a")]).concat();
        assert_eq!(numbers.iter().map(|mark| mark.sources[0]).collect::<Vec<_>>(), [1, 2, 1]);
    }
}

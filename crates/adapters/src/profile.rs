//! The profiles that ChatKit servers publish: which models there are, and the options of their conversations (section 12).
//!
//! It is read as far as it is understood: what is wrong in one place costs what stands there, and nothing else.

use model::{Connection, Profile, Published, Reply};
use serde_json::{Map, Value, json};

use crate::{
    MappingError,
    form::{Field, Input, Values, pretty, put},
    models,
    openai::error,
    unknown::short,
};

/// The key of the field that holds a connection's own options. It takes comments, so it is read where those are.
pub const OPTIONS: &str = "options";

/// The field, which all kinds have.
pub(crate) const FIELDS: [Field; 1] = [Field {
    key: OPTIONS,
    label: "Options",
    help: "How conversations look and what they offer, as JSON, such as {\"startScreen\": {\"greeting\": \"Hello\"}}. What \
           stands here counts more than what the server publishes.",
    input: Input::Json,
    required: false,
    when: None,
    advanced: true,
}];

/// The field as it was filled in.
pub(crate) fn write(connection: &Connection, values: &mut Values) {
    let json = connection.options.as_deref().and_then(|options| serde_json::to_value(options).ok());
    put(values, OPTIONS, json.as_ref().map(pretty));
}

/// How far into a value the one wrong thing in it is looked for. What is wrong deeper down costs more than itself.
const DEPTH: usize = 9;

/// Reads a profile.
pub(crate) fn reply(body: &[u8]) -> Result<Reply, MappingError> {
    let wrong = |what: String| MappingError { what };
    let answer: Value =
        serde_json::from_slice(body).map_err(|error| wrong(format!("the answer is not JSON: {error}")))?;
    let models = models::listed_in(&answer);
    let options = options(&answer);
    let is_empty = answer.as_object().is_some_and(Map::is_empty);
    if models.is_none() && options.is_none() && !is_empty {
        return Err(wrong(match error::words(&answer) {
            Some(words) => format!("the server reports an error: {}", short(words)),
            None => "a profile with neither models nor options".to_owned(),
        }));
    }
    Ok(Reply::Profile(Box::new(Published { models, options: options.unwrap_or_default() })))
}

/// What of a document are options; nothing if it has none of their names.
fn options(answer: &Value) -> Option<Profile> {
    let usable = usable(answer, &|value| read(value).is_some(), DEPTH)?;
    let options = read(&usable)?;
    (options != Profile::default() || is_named(answer)).then_some(options)
}

fn read(value: &Value) -> Option<Profile> {
    // A list would be read as the options in their order.
    value.is_object().then(|| serde_json::from_value(value.clone()).ok()).flatten()
}

/// Whether any of its keys is one of a profile's, whatever stands there.
fn is_named(answer: &Value) -> bool {
    const NAMES: [&str; 10] = [
        "theme",
        "header",
        "history",
        "startScreen",
        "threadItemActions",
        "composer",
        "disclaimer",
        "entities",
        "commands",
        "thread",
    ];
    NAMES.iter().any(|name| answer.get(name).is_some())
}

/// A value without what keeps it from fitting; nothing if that is all of it.
fn usable(value: &Value, fits: &dyn Fn(&Value) -> bool, depth: usize) -> Option<Value> {
    if fits(value) {
        return Some(value.clone());
    }
    let depth = depth.checked_sub(1)?;
    let kept = match value {
        Value::Object(members) => {
            let kept = members.iter().filter_map(|(key, value)| {
                let inner = usable(value, &|inner| fits(&json!({key: inner})), depth)?;
                Some((key.clone(), inner))
            });
            Value::Object(kept.collect())
        }
        Value::Array(elements) => {
            let kept = elements.iter().filter_map(|element| usable(element, &|inner| fits(&json!([inner])), depth));
            Value::Array(kept.collect())
        }
        _ => return None,
    };
    fits(&kept).then_some(kept)
}

#[cfg(test)]
mod tests {
    use model::{ColorScheme, Listed};

    use super::*;

    fn published(body: &Value) -> Published {
        match reply(body.to_string().as_bytes()) {
            Ok(Reply::Profile(published)) => *published,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn models_and_options_are_read_from_one_document() {
        let body = json!({"models": [{"id": "a"}], "theme": "dark", "startScreen": {"greeting": "Hello"}, "api": {"url": "x"}});
        let read = published(&body);
        assert_eq!(read.models, Some(vec![Listed::new("a")]));
        assert_eq!(read.options.theme.unwrap().color_scheme, Some(ColorScheme::Dark));
        assert_eq!(read.options.start_screen.unwrap().greeting.as_deref(), Some("Hello"));
        let inner = json!({"composer": {"models": [{"id": "b", "label": "B"}], "placeholder": "Ask"}});
        assert_eq!(published(&inner).models.unwrap()[0].label.as_deref(), Some("B"));
        assert_eq!(published(&json!({"disclaimer": {"text": "It errs."}})).models, None);
        assert_eq!(published(&json!({})), Published::default());
        assert_eq!(published(&json!([{"id": "a"}])).models, Some(vec![Listed::new("a")]));
        assert_eq!(published(&json!({"data": ["a"]})).options, Profile::default());
    }

    #[test]
    fn one_bad_section_costs_no_other_and_one_bad_entry_no_other_entry() {
        let read = published(&json!({
            "theme": {"radius": "wobbly", "density": "compact", "color": {"accent": 7, "grayscale": {"hue": 200, "tint": 4}}},
            "header": 7,
            "history": {"showDelete": "no", "showRename": false},
            "composer": {"placeholder": 7, "tools": [{"id": "a", "label": "A"}, {"id": 1}, "x", {"id": "b", "label": "B", "new": []}]},
            "commands": {"list": [{"id": "fly", "label": "Fly", "onSelect": {"type": "fly"}}, {"id": "new", "label": "New", "onSelect": {"type": "new_thread"}}]},
            "disclaimer": "x",
            "startScreen": null,
        }))
        .options;
        let theme = read.theme.unwrap();
        assert_eq!((theme.radius, theme.density), (None, Some(model::Density::Compact)));
        assert!(theme.color.is_some_and(|color| color.accent.is_none() && color.grayscale.is_some()));
        assert_eq!((read.header, read.disclaimer), (None, None));
        assert_eq!(read.history.unwrap().show_rename, Some(false));
        let composer = read.composer.unwrap();
        assert_eq!(composer.tools.iter().map(|tool| tool.id.as_str()).collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(read.commands.unwrap().list.len(), 1);
    }

    #[test]
    fn what_is_no_profile_is_an_error_with_a_reason() {
        let words = |body: Value| reply(body.to_string().as_bytes()).unwrap_err().to_string();
        assert_eq!(words(json!({"error": {"message": "No key"}})), "the server reports an error: No key");
        for body in [json!({"ok": true}), json!(7)] {
            assert_eq!(words(body), "a profile with neither models nor options");
        }
        assert!(reply(b"<html>").unwrap_err().what.starts_with("the answer is not JSON"));
    }

    #[test]
    fn nothing_deep_or_long_takes_its_time() {
        let nested = (0..50).fold(json!(7), |inner, _| json!({"type": "menu", "commands": [inner]}));
        let many: Vec<_> = (0..20_000).map(|at| json!({"id": at})).collect();
        let read = published(&json!({"commands": {"list": [nested]}, "composer": {"tools": many}, "thread": {}}));
        assert_eq!(read.options.composer.unwrap().tools, []);
    }
}

//! A widget's tree, changed by the ids of its components (section 5).
//!
//! The tree is the server's. It is walked without recursion and only so far, and it is kept from growing deeper than what
//! can be written to disk and read again: whoever could put trees into trees without end would end the program.

use serde_json::{Map, Value};

use super::update::Effect;

/// So many components are looked at: more are not drawn either.
const COMPONENTS: usize = 10_000;

/// A change that makes JSON deeper than this is not taken. The reader of what is kept goes a little deeper.
const DEPTH: usize = 100;

/// Appends to the text of the Text or Markdown with an id. Nothing if there is none.
pub(super) fn append(root: &mut Value, id: &str, delta: &str, done: bool) -> Option<Effect> {
    let (component, _) = find(root, |fields| is_text(fields) && has_id(fields, id))?;
    let fields = component.as_object_mut()?;
    let mut effect = Effect::Nothing;
    if !delta.is_empty() {
        match fields.get_mut("value") {
            Some(Value::String(text)) => text.push_str(delta),
            None | Some(Value::Null) => {
                fields.insert("value".to_owned(), delta.into());
            }
            Some(_) => return None,
        }
        effect = Effect::Changed;
    }
    if done && still(fields) {
        effect = Effect::Changed;
    }
    Some(effect)
}

/// Puts another component in the place of the one with an id. Nothing if there is none, or if it would be too deep.
pub(super) fn replace(root: &mut Value, id: &str, by: Value) -> Option<Effect> {
    let (component, depth) = find(root, |fields| has_id(fields, id))?;
    // A component below another is two steps deeper: in the list, and in the component.
    put(component, by, 2 * depth)
}

/// Puts another tree in the place of all of it. Nothing if it is too deep.
pub(super) fn replace_root(root: &mut Value, by: Value) -> Option<Effect> {
    put(root, by, 0)
}

/// No text of it grows any more.
pub(super) fn settle(root: &mut Value) -> Effect {
    let mut effect = Effect::Nothing;
    let settled = |fields: &mut Map<String, Value>| {
        if is_text(fields) && still(fields) {
            effect = Effect::Changed;
        }
    };
    for_each(root, settled);
    effect
}

fn put(slot: &mut Value, by: Value, above: usize) -> Option<Effect> {
    if !by.is_object() || above + depth(&by) > DEPTH {
        return None;
    }
    let effect = if *slot == by { Effect::Nothing } else { Effect::Changed };
    *slot = by;
    Some(effect)
}

/// Ends the look of something that streams. Whether it had it.
fn still(fields: &mut Map<String, Value>) -> bool {
    match fields.get_mut("streaming") {
        Some(streaming) if *streaming == Value::Bool(true) => {
            *streaming = Value::Bool(false);
            true
        }
        _ => false,
    }
}

fn is_text(fields: &Map<String, Value>) -> bool {
    matches!(fields.get("type").and_then(Value::as_str), Some("Text" | "Markdown"))
}

fn has_id(fields: &Map<String, Value>, id: &str) -> bool {
    fields.get("id").and_then(Value::as_str) == Some(id)
}

/// The first component, in the order in which they are drawn, and how many stand above it.
fn find(root: &mut Value, is_it: impl Fn(&Map<String, Value>) -> bool) -> Option<(&mut Value, usize)> {
    let mut waiting = vec![(root, 0)];
    let mut left = COMPONENTS;
    while let Some((component, depth)) = waiting.pop() {
        left = left.checked_sub(1)?;
        if component.as_object().is_some_and(&is_it) {
            return Some((component, depth));
        }
        if let Some(fields) = component.as_object_mut() {
            waiting.extend(children(fields, left).rev().map(|child| (child, depth + 1)));
        }
    }
    None
}

fn for_each(root: &mut Value, mut visit: impl FnMut(&mut Map<String, Value>)) {
    let mut waiting = vec![root];
    for _ in 0..COMPONENTS {
        let Some(component) = waiting.pop() else { return };
        if let Some(fields) = component.as_object_mut() {
            visit(fields);
            waiting.extend(children(fields, COMPONENTS).rev());
        }
    }
}

/// The first of the components inside another: there are none, one, or a list (section 11.2).
fn children(fields: &mut Map<String, Value>, most: usize) -> impl DoubleEndedIterator<Item = &mut Value> {
    let all = match fields.get_mut("children") {
        Some(Value::Array(all)) => all.as_mut_slice(),
        Some(one @ Value::Object(_)) => std::slice::from_mut(one),
        _ => &mut [],
    };
    all.iter_mut().take(most)
}

/// How deep JSON is nested, as far as that matters: what is deeper than [`DEPTH`] counts as just that.
fn depth(value: &Value) -> usize {
    let mut deepest = 0;
    let mut waiting = vec![(value, 1)];
    while let Some((value, depth)) = waiting.pop() {
        deepest = deepest.max(depth);
        if deepest > DEPTH {
            break;
        }
        match value {
            Value::Array(all) => waiting.extend(all.iter().map(|one| (one, depth + 1))),
            Value::Object(fields) => waiting.extend(fields.values().map(|one| (one, depth + 1))),
            _ => {}
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn card() -> Value {
        json!({"type": "Card", "children": [
            {"type": "Row", "id": "row", "children": [{"type": "Title", "id": "t", "value": "Title"}]},
            {"type": "Transition", "children": {"type": "Text", "id": "t", "value": "He", "streaming": true}},
            {"type": "Hologram", "children": [{"type": "Markdown", "id": "m", "streaming": true}]},
        ]})
    }

    #[test]
    fn text_grows_wherever_it_stands_and_only_in_a_text() {
        let mut root = card();
        assert_eq!(append(&mut root, "t", "y", false), Some(Effect::Changed));
        assert_eq!(root["children"][1]["children"]["value"], "Hey");
        assert_eq!(root["children"][0]["children"][0]["value"], "Title", "a title of the same id does not grow");
        assert_eq!(append(&mut root, "m", "**M**", false), Some(Effect::Changed), "inside an unknown component");
        assert_eq!(root["children"][2]["children"][0]["value"], "**M**");
        assert_eq!(append(&mut root, "row", "x", true), None);
        assert_eq!(append(&mut root, "ghost", "x", true), None);
        assert_eq!(append(&mut root, "t", "", false), Some(Effect::Nothing));
    }

    #[test]
    fn the_last_delta_ends_the_look_of_growing_even_if_it_is_empty() {
        let mut root = card();
        assert_eq!(append(&mut root, "t", "", true), Some(Effect::Changed));
        assert_eq!(root["children"][1]["children"]["streaming"], false);
        assert_eq!(append(&mut root, "t", "", true), Some(Effect::Nothing));
        assert_eq!(settle(&mut root), Effect::Changed);
        assert_eq!(root["children"][2]["children"][0]["streaming"], false);
        assert_eq!(settle(&mut root), Effect::Nothing);
    }

    #[test]
    fn a_component_is_replaced_in_its_place_and_all_of_it_as_the_root() {
        let mut root = card();
        let text = json!({"type": "Text", "value": "x"});
        assert_eq!(replace(&mut root, "row", text.clone()), Some(Effect::Changed));
        assert_eq!(root["children"][0], text);
        assert_eq!(replace(&mut root, "row", text.clone()), None, "it is gone");
        assert_eq!(replace(&mut root, "m", json!("words")), None, "words are no component");
        assert_eq!(replace_root(&mut root, text.clone()), Some(Effect::Changed));
        assert_eq!(replace_root(&mut root, text.clone()), Some(Effect::Nothing));
        assert_eq!(root, text);
    }

    #[test]
    fn trees_put_into_trees_without_end_do_not_grow_without_end() {
        let nest = |id: &str| json!({"type": "Col", "children": [{"type": "Col", "id": id, "children": []}]});
        let mut root = nest("0");
        let taken = (0..1_000_000)
            .take_while(|n| replace(&mut root, &n.to_string(), nest(&(n + 1).to_string())).is_some())
            .count();
        assert!((20..60).contains(&taken), "{taken}");
        assert!(depth(&root) <= DEPTH);
        let text = serde_json::to_string(&json!({"item": {"body": {"root": root}}})).unwrap();
        assert!(serde_json::from_str::<Value>(&text).is_ok(), "what is kept can be read again");
    }

    #[test]
    fn what_is_wider_than_anybody_draws_is_not_searched_to_its_end() {
        let mut many = vec![json!({"type": "Spacer"}); 3 * COMPONENTS];
        many.push(json!({"type": "Text", "id": "last", "value": ""}));
        let mut root = json!({"type": "Card", "children": many});
        assert_eq!(append(&mut root, "last", "x", false), None);
    }
}

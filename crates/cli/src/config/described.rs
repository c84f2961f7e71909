//! The description of a file, its JSON Schema, asked about single places.

use serde_json::Value;

use super::finding::parts;
use crate::args::FileKind;

/// A schema.
#[derive(Debug)]
pub struct Described {
    root: Value,
}

/// What may stand at a place: all that has a say there.
type Says<'a> = Vec<&'a Value>;

impl Described {
    /// That of a kind of file.
    pub fn of(kind: FileKind) -> Self {
        // What is embedded is JSON: a test reads it.
        Self { root: serde_json::from_str(text(kind)).unwrap_or(Value::Bool(true)) }
    }

    /// The whole of it.
    pub fn root(&self) -> &Value {
        &self.root
    }

    /// What may stand in the file as a whole.
    pub fn says<'a>(&'a self, content: &Value) -> Says<'a> {
        self.gathered(&self.root, content)
    }

    /// What is said about a member of an object; empty if nothing is.
    pub fn member<'a>(&'a self, says: &Says<'a>, key: &str, value: &Value) -> Says<'a> {
        let named = says.iter().filter_map(|say| say.pointer("/properties")?.get(key));
        named.flat_map(|say| self.gathered(say, value)).collect()
    }

    /// What is said about the elements of a list.
    pub fn element<'a>(&'a self, says: &Says<'a>, value: &Value) -> Says<'a> {
        says.iter().filter_map(|say| say.get("items")).flat_map(|say| self.gathered(say, value)).collect()
    }

    /// What is said about a place in a file, by its pointer.
    pub fn at<'a>(&'a self, content: &Value, pointer: &str) -> Says<'a> {
        let (mut says, mut value) = (self.says(content), content);
        for part in parts(pointer) {
            let inner = match value {
                Value::Array(elements) => part.parse().ok().and_then(|index: usize| elements.get(index)),
                _ => value.get(&part),
            };
            let inner = inner.unwrap_or(&Value::Null);
            says = if value.is_array() { self.element(&says, inner) } else { self.member(&says, &part, inner) };
            value = inner;
        }
        says
    }

    /// What a schema says together with all that it refers to. Of forms to choose from, those count that a value can have.
    fn gathered<'a>(&'a self, schema: &'a Value, value: &Value) -> Says<'a> {
        let mut all = vec![schema];
        if let Some(name) = schema.get("$ref").and_then(Value::as_str) {
            let there = name.strip_prefix('#').and_then(|pointer| self.root.pointer(pointer));
            all.extend(there.into_iter().flat_map(|there| self.gathered(there, value)));
        }
        for key in ["oneOf", "anyOf"] {
            let forms = schema.get(key).and_then(Value::as_array).into_iter().flatten();
            let fitting = forms.filter(|form| can_be(form, value));
            all.extend(fitting.flat_map(|form| self.gathered(form, value)));
        }
        all
    }
}

/// Whether a form does not ask for another word than a value has, in a member that tells forms apart.
fn can_be(form: &Value, value: &Value) -> bool {
    let members = form.get("properties").and_then(Value::as_object).into_iter().flatten();
    members
        .filter_map(|(key, member)| Some((key, member.get("const")?)))
        .all(|(key, wanted)| value.get(key).is_none_or(|found| found == wanted))
}

/// The keys that some say an object may have.
pub fn keys(says: &Says<'_>) -> Vec<String> {
    let members = says.iter().filter_map(|say| say.get("properties")?.as_object());
    let mut keys: Vec<_> = members.flat_map(|members| members.keys().cloned()).filter(|key| key != "$schema").collect();
    keys.sort();
    keys.dedup();
    keys
}

/// Whether anything may stand in an object.
pub fn is_open(says: &Says<'_>) -> bool {
    keys(says).is_empty()
}

/// The first sentence of what is said about a place; what is nearest to it comes first.
pub fn sentence(says: &Says<'_>) -> Option<String> {
    let words = says.iter().find_map(|say| say.get("description")?.as_str())?;
    let end = words.find(". ").map_or(words.len(), |end| end + 1);
    words.get(..end).map(str::to_owned)
}

/// The schema as it is published.
pub fn text(kind: FileKind) -> &'static str {
    match kind {
        FileKind::Settings => include_str!("../../../../docs/schemas/settings.schema.json"),
        FileKind::Models => include_str!("../../../../docs/schemas/models.schema.json"),
        FileKind::Policy => include_str!("../../../../docs/schemas/policy.schema.json"),
        FileKind::Connection => include_str!("../../../../docs/schemas/connection.schema.json"),
        FileKind::Route => include_str!("../../../../docs/schemas/route.schema.json"),
        FileKind::Profile => include_str!("../../../../docs/schemas/profile.schema.json"),
    }
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum;
    use serde_json::json;

    use super::*;

    #[test]
    fn every_description_is_a_schema() {
        for kind in FileKind::value_variants() {
            let described = Described::of(*kind);
            assert!(!keys(&described.says(&json!({}))).is_empty(), "{kind:?}");
            assert!(jsonschema::validator_for(described.root()).is_ok(), "{kind:?}");
        }
    }

    #[test]
    fn a_place_is_found_through_references_lists_and_forms() {
        let described = Described::of(FileKind::Policy);
        let content =
            json!({"connections": [{"session": {"type": "endpoint"}, "network": {"proxy": {"type": "none"}}}]});
        let at = |pointer: &str| keys(&described.at(&content, pointer));
        assert!(at("/connections/0/session").contains(&"refresh".to_owned()));
        assert!(!at("/connections/0/session").contains(&"workflow".to_owned()), "that is another form");
        assert_eq!(at("/connections/0/network/proxy"), ["type"]);
        assert!(at("/connections/0/network").contains(&"per_minute".to_owned()));
        let url = described.at(&content, "/connections/0/url");
        assert_eq!(sentence(&url).unwrap(), "Its address: an absolute http or https URL.");
    }
}

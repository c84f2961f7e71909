//! Several objects of settings, put together.
//!
//! Objects are put together member by member. A list of things that have a name (connections, routes, models) is put
//! together thing by thing, as if it were an object by their names. Everything else is taken whole from the last layer that
//! has it.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::{Map, Value};

use super::Layer;

/// The keys that the administrator has fixed, each with all that is below it.
///
/// A key is written with dots: `appearance.theme`, `connections.office.url`, `models.office/gpt-4.1`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Locks {
    keys: Vec<String>,
    /// The same, to be found at once: lists of models are long.
    all: HashSet<String>,
}

impl Locks {
    /// These keys.
    pub fn new(keys: impl IntoIterator<Item = String>) -> Self {
        let keys: Vec<String> = keys.into_iter().collect();
        Self { all: keys.iter().cloned().collect(), keys }
    }

    /// The keys as they were written.
    pub fn keys(&self) -> &[String] {
        &self.keys
    }

    /// Whether a key is fixed, by itself or by one above it.
    pub fn hold<S: AsRef<str>>(&self, path: &[S]) -> bool {
        if self.all.is_empty() {
            return false;
        }
        let mut key = String::new();
        path.iter().any(|part| {
            if !key.is_empty() {
                key.push('.');
            }
            key.push_str(part.as_ref());
            self.all.contains(&key)
        })
    }

    /// Whether something below a key is fixed, so that the key cannot become another kind of thing.
    pub(super) fn hold_below<S: AsRef<str>>(&self, path: &[S]) -> bool {
        if self.all.is_empty() {
            return false;
        }
        let path: Vec<&str> = path.iter().map(AsRef::as_ref).collect();
        let above = path.join(".") + ".";
        self.keys.iter().any(|lock| lock.starts_with(&above))
    }
}

/// What came of it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Merged {
    /// The settings in force.
    pub content: Map<String, Value>,
    /// Whose each of them is: every key that has no keys below it, written as in [`Locks`].
    pub origins: BTreeMap<String, Layer>,
}

/// Puts layers together; they come in the order of [`Layer`], the lowest first.
pub fn merge(layers: &[(Layer, Map<String, Value>)], locks: &Locks) -> Merged {
    let mut merging = Merging { locks, origins: BTreeMap::new() };
    let mut content = Map::new();
    for (layer, object) in layers {
        merging.object(&mut content, object, *layer, &mut Vec::new());
    }
    Merged { content, origins: merging.origins }
}

/// The keys that name a thing in a list. A model is named by both of them, and nothing else has `connection`.
const NAMES: [&str; 2] = ["id", "connection"];

/// What a thing in a list is called, if it has a name. Models are called by their connection, too.
pub fn named(list: &str, thing: &Value) -> Option<String> {
    let text = |key: &str| thing.get(key).and_then(Value::as_str);
    match list {
        "models" => Some(format!("{}/{}", text("connection")?, text("id")?)),
        _ => text("id").map(str::to_owned),
    }
}

struct Merging<'a> {
    locks: &'a Locks,
    origins: BTreeMap<String, Layer>,
}

impl Merging<'_> {
    fn object(
        &mut self,
        into: &mut Map<String, Value>,
        from: &Map<String, Value>,
        layer: Layer,
        path: &mut Vec<String>,
    ) {
        for (key, value) in from {
            path.push(key.clone());
            self.value(into.entry(key.clone()).or_insert(Value::Null), value, layer, path);
            path.pop();
        }
        // What a lock kept out leaves nothing behind.
        into.retain(|_, value| !value.is_null());
    }

    fn value(&mut self, into: &mut Value, from: &Value, layer: Layer, path: &mut Vec<String>) {
        match (into, from) {
            (Value::Object(into), Value::Object(from)) => self.object(into, from, layer, path),
            (into @ Value::Null, Value::Object(from)) => {
                let mut fresh = Map::new();
                self.object(&mut fresh, from, layer, path);
                if !fresh.is_empty() || from.is_empty() && !self.is_kept_out(layer, path) {
                    *into = Value::Object(fresh);
                }
            }
            (into, Value::Array(from)) if is_named(path, from) => self.list(into, from, layer, path),
            (into, from) => {
                let is_above_a_lock = layer.is_held() && !into.is_null() && self.locks.hold_below(path);
                if !is_above_a_lock && !self.is_kept_out(layer, path) {
                    let key = path.join(".");
                    self.forget_below(&key);
                    *into = from.clone();
                    self.origins.insert(key, layer);
                }
            }
        }
    }

    /// Things by their names. Those that a layer names come in its order, after those that it does not.
    fn list(&mut self, into: &mut Value, from: &[Value], layer: Layer, path: &mut Vec<String>) {
        if self.is_kept_out(layer, path) {
            return;
        }
        let list = path.last().cloned().unwrap_or_default();
        let things: Vec<Value> = match into {
            Value::Array(things) => std::mem::take(things),
            _ => Vec::new(),
        };
        // Those that stay where they are, and those that move to the end, each by its name: lists may be long.
        let mut places: HashMap<String, usize> = HashMap::with_capacity(things.len());
        for (place, thing) in things.iter().enumerate() {
            places.extend(named(&list, thing).map(|name| (name, place)));
        }
        let mut things: Vec<Option<Value>> = things.into_iter().map(Some).collect();
        for thing in from {
            let Some(name) = named(&list, thing) else { continue };
            let mut known = places.get(&name).and_then(|place| things[*place].take()).unwrap_or(Value::Null);
            path.push(name);
            match (&mut known, thing) {
                // Its name is no choice of whoever says more of it.
                (Value::Object(known), Value::Object(more)) => {
                    let mut more = more.clone();
                    more.retain(|key, _| !NAMES.contains(&key.as_str()) || !known.contains_key(key));
                    self.object(known, &more, layer, path);
                }
                (known, thing) => self.value(known, thing, layer, path),
            }
            let name = path.pop().unwrap_or_default();
            if !known.is_null() {
                places.insert(name, things.len());
                things.push(Some(known));
            }
        }
        *into = Value::Array(things.into_iter().flatten().collect());
    }

    /// What stood below a key that is one value now is nobody's any more.
    fn forget_below(&mut self, key: &str) {
        // What begins with the key and a dot stands together: a slash is the character after the dot.
        let below = self.origins.range(format!("{key}.")..format!("{key}/"));
        let below: Vec<String> = below.map(|(key, _)| key.clone()).collect();
        for key in below {
            self.origins.remove(&key);
        }
    }

    fn is_kept_out(&self, layer: Layer, path: &[String]) -> bool {
        layer.is_held() && self.locks.hold(path)
    }
}

/// Whether a list is one of things with names: at the top, and each of them has one.
fn is_named(path: &[String], list: &[Value]) -> bool {
    matches!(path, [key] if ["connections", "routes", "models"].contains(&key.as_str()))
        && list.iter().all(|thing| named(&path[0], thing).is_some())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn merged(layers: &[(Layer, Value)], locks: &[&str]) -> Merged {
        let layers: Vec<_> = layers.iter().map(|(layer, value)| (*layer, value.as_object().unwrap().clone())).collect();
        merge(&layers, &Locks::new(locks.iter().map(|key| (*key).to_owned())))
    }

    #[test]
    fn the_later_layer_wins_key_by_key() {
        let all = merged(
            &[
                (Layer::BuiltIn, json!({"appearance": {"theme": "system"}, "patience": 120})),
                (Layer::Policy, json!({"patience": 60})),
                (Layer::Person, json!({"appearance": {"theme": "dark"}})),
            ],
            &[],
        );
        assert_eq!(Value::Object(all.content), json!({"appearance": {"theme": "dark"}, "patience": 60}));
        assert_eq!(all.origins["appearance.theme"], Layer::Person);
        assert_eq!(all.origins["patience"], Layer::Policy);
    }

    #[test]
    fn things_with_names_are_put_together_by_them_and_keep_the_last_order() {
        let policy =
            json!({"connections": [{"id": "a", "url": "https://a", "name": "A"}, {"id": "b", "url": "https://b"}]});
        let person = json!({"connections": [{"id": "c", "url": "https://c"}, {"id": "a", "disabled": true}]});
        let all = merged(&[(Layer::Policy, policy), (Layer::Person, person)], &[]);
        let expected = json!({"connections": [
            {"id": "b", "url": "https://b"},
            {"id": "c", "url": "https://c"},
            {"id": "a", "url": "https://a", "name": "A", "disabled": true}
        ]});
        assert_eq!(Value::Object(all.content), expected);
        assert_eq!(all.origins["connections.a.url"], Layer::Policy);
        assert_eq!(all.origins["connections.a.disabled"], Layer::Person);
    }

    #[test]
    fn a_thing_that_is_named_twice_is_there_once_and_one_value_takes_the_place_of_many() {
        let twice = json!({"models": [{"connection": "c", "id": "a", "label": "A"}, {"connection": "c", "id": "a", "hidden": true}]});
        let all = merged(&[(Layer::BuiltIn, twice)], &[]);
        assert_eq!(all.content["models"], json!([{"connection": "c", "id": "a", "label": "A", "hidden": true}]));
        let all = merged(&[(Layer::BuiltIn, json!({"a": {"b": 1}, "a-b": 2})), (Layer::Person, json!({"a": 3}))], &[]);
        assert_eq!(all.origins, BTreeMap::from([("a".into(), Layer::Person), ("a-b".into(), Layer::BuiltIn)]));
    }

    #[test]
    fn a_lock_holds_its_key_and_what_is_below_and_nothing_else() {
        let policy = json!({"patience": 60, "connections": [{"id": "a", "url": "https://a", "name": "A"}]});
        let person = json!({"patience": 5, "connections": [{"id": "a", "url": "https://x", "name": "Mine"}, {"id": "own", "url": "https://o"}]});
        let layers = [(Layer::Policy, policy), (Layer::Person, person.clone()), (Layer::Environment, person)];
        let one = merged(&layers, &["connections.a.url"]);
        assert_eq!(one.content["connections"][0]["url"], "https://a");
        assert_eq!(one.content["connections"][0]["name"], "Mine");
        assert_eq!(
            (one.content["patience"].clone(), one.content["connections"][1]["id"].clone()),
            (json!(5), json!("own"))
        );
        let all = merged(&layers, &["connections", "patience"]);
        assert_eq!(all.content["connections"], json!([{"id": "a", "url": "https://a", "name": "A"}]));
        assert_eq!(all.content["patience"], 60);
    }

    #[test]
    fn names_with_dots_are_locked_alone() {
        let locks = Locks::new(["models.office/gpt-4".to_owned()]);
        assert!(locks.hold(&["models", "office/gpt-4", "label"]));
        assert!(!locks.hold(&["models", "office/gpt-4.1", "label"]));
        assert!(!locks.hold(&["models"]), "what is above a locked key is not locked");
        assert!(Locks::new(["models.office/gpt-4.1.label".to_owned()]).hold(&["models", "office/gpt-4.1", "label"]));
    }
}

//! Components and their props: each read with and without.

use std::{collections::BTreeMap, fmt::Write as _, fs};

use serde_json::{Map, Value, json};
use widgets::{Limits, read};

use super::{file, json as json_of, look_for};

/// A component with a prop, and without it, as they are read.
pub struct Pair {
    component: String,
    prop: String,
    column: String,
    pub with: Value,
    pub without: Value,
}

impl Pair {
    pub fn name(&self) -> String {
        format!("{}.{}", self.component, self.prop)
    }

    pub fn line(&self) -> String {
        json!({"name": self.name(), "with": self.with, "without": self.without}).to_string()
    }
}

/// Every prop of every component, in the order of the reference.
pub fn pairs() -> Vec<Pair> {
    let components = json_of("tests/tests/repository/coverage/components.json");
    components.as_array().unwrap().iter().flat_map(of_component).collect()
}

fn of_component(component: &Value) -> Vec<Pair> {
    let name = component["name"].as_str().unwrap();
    let mut props: Vec<Value> = component["props"].as_array().unwrap().clone();
    // What every component has (section 11).
    props.extend([json!(["key", "both", "k"]), json!(["id", "both", "i"])]);
    let pair = |prop: &Value| {
        let (path, sample) = (prop[0].as_str().unwrap(), &prop[2]);
        let base = prop.get(3).unwrap_or(&component["base"]);
        let mut with = base.clone();
        let mut without = base.clone();
        set(&mut with, path, Some(sample.clone()));
        set(&mut without, path, None);
        Pair {
            component: name.to_owned(),
            prop: path.to_owned(),
            column: prop[1].as_str().unwrap().to_owned(),
            with: rooted(name, with, Some(path), &component["within"]),
            without: rooted(name, without, None, &component["within"]),
        }
    };
    props.iter().map(pair).collect()
}

/// Sets or removes a prop; after a dot that of what the prop holds, in a list that of the first.
fn set(fields: &mut Value, path: &str, value: Option<Value>) {
    let (key, rest) = path.split_once('.').map_or((path, None), |(key, rest)| (key, Some(rest)));
    let fields = fields.as_object_mut().unwrap();
    match (rest, value) {
        (Some(rest), value) => {
            let inner = fields.entry(key).or_insert_with(|| json!({}));
            set(if inner.is_array() { &mut inner[0] } else { inner }, rest, value);
        }
        (None, Some(value)) => {
            fields.insert(key.to_owned(), value);
        }
        (None, None) => {
            fields.remove(key);
        }
    }
}

/// The component in what it can stand in, read. A prop that was set has to have been of use.
fn rooted(name: &str, mut fields: Value, prop: Option<&str>, within: &Value) -> Value {
    fields.as_object_mut().unwrap().insert("type".to_owned(), json!(name));
    let mut root = fields;
    let mut around = within.as_str();
    while let Some(outer) = around {
        root = json!({"type": outer, "children": [root]});
        around = (outer == "Table.Row").then_some("Table");
    }
    let reading = read(&root, Limits::default());
    let hints = format!("{:?}", reading.hints);
    if let Some(prop) = prop {
        assert!(!hints.contains(&format!("prop: {prop:?}")), "{name}.{prop}: {hints}");
    }
    serde_json::to_value(reading.root).unwrap()
}

/// Writes a line for each, and says which no test shows.
pub fn write(text: &mut String) -> Vec<String> {
    let drawn: Map<String, Value> = fs::read_to_string(file("ui/src/test/coverage/drawn.json"))
        .ok()
        .and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default();
    let acts = acts();
    let mut untested = Vec::new();
    let mut component = String::new();
    for pair in pairs() {
        let name = pair.name();
        let is_drawn = drawn.get(&name).and_then(Value::as_bool);
        assert!(is_drawn.is_some(), "the window has not drawn {name}: run its test, coverage.test.tsx");
        let state = match (is_drawn, acts.get(&name)) {
            (Some(true), Some(test)) => format!("drawn; acts: {test}"),
            (Some(true), None) => "drawn".to_owned(),
            (_, Some(test)) => format!("acts: {test}"),
            (_, None) => {
                untested.push(name.clone());
                "read, without a test of what it does".to_owned()
            }
        };
        if pair.component != component {
            write!(text, "\n### {}\n\n| prop | in | state |\n|---|---|---|\n", pair.component).unwrap();
            component.clone_from(&pair.component);
        }
        writeln!(text, "| `{}` | {} | {state} |", pair.prop, pair.column).unwrap();
    }
    let known: Vec<_> = pairs().iter().map(Pair::name).collect();
    for name in drawn.keys().chain(acts.keys()) {
        assert!(known.contains(name), "there is no prop {name}");
    }
    untested
}

/// The props that are seen only when somebody does something, with the test that does it.
fn acts() -> BTreeMap<String, String> {
    let all = json_of("tests/tests/repository/coverage/acts.json");
    let mut acts = BTreeMap::new();
    for one in all.as_array().unwrap() {
        let (path, words) = (one["file"].as_str().unwrap(), one["test"].as_str().unwrap());
        look_for(path, words);
        let short = path.rsplit('/').next().unwrap();
        for name in one["props"].as_array().unwrap() {
            let before = acts.insert(name.as_str().unwrap().to_owned(), format!("{short}, “{words}”"));
            assert!(before.is_none(), "{name} is named twice");
        }
    }
    acts
}

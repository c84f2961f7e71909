//! The files that people and their tools write are described in `docs/schemas`: generated from the types that read them,
//! committed, and compared here.
#![allow(clippy::unwrap_used, reason = "a test's helpers fail as the test does")]

use std::{fs, path::Path};

use adapters::form::{Field, Input};
use model::{Kind, Model, Policy, Published, Settings};
use schemars::{
    JsonSchema, SchemaGenerator,
    generate::SchemaSettings,
    transform::{Transform, transform_subschemas},
};
use serde_json::{Map, Value, json};

const GENERATED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/schemas");

/// What is kept of models. Only its list is written by hand.
#[derive(JsonSchema)]
#[allow(dead_code, reason = "only its schema is needed")]
struct Models {
    /// The version of the file's layout.
    #[schemars(default)]
    version: u32,
    /// Entries of the catalogue of models.
    #[schemars(default)]
    models: Vec<Model>,
    /// What was chosen for conversations that begin. Kittiwake writes it.
    chosen: Option<Value>,
    /// What servers said which models they have. Kittiwake writes it.
    published: Option<Value>,
}

/// A route as it is exported.
#[derive(JsonSchema)]
#[allow(dead_code, reason = "only its schema is needed")]
struct Route {
    /// The version of the file's layout; that it is there tells such a file from others.
    kittiwake_route: u32,
    /// What the person calls it.
    name: String,
    /// What the connections are called that it asks, in this order.
    connections: Vec<String>,
    /// For how many seconds it waits when a server asks for a pause, before it asks the next one.
    patience: u32,
}

fn all() -> Vec<(&'static str, Value)> {
    let mut settings = schema::<Settings>("settings", "Kittiwake: settings.json");
    let version = json!({"description": "The version of the file's layout.", "type": "integer", "minimum": 0});
    settings["properties"]["version"] = version;
    // The person's file may change a part of what a policy brings.
    for thing in ["Connection", "Route"] {
        settings["$defs"][thing]["required"] = json!(["id"]);
    }
    vec![
        ("settings", settings),
        ("models", schema::<Models>("models", "Kittiwake: models.json")),
        ("policy", schema::<Policy>("policy", "Kittiwake: policy.json")),
        ("connection", connection()),
        ("route", schema::<Route>("route", "Kittiwake: an exported route")),
        ("profile", schema::<Published>("profile", "Kittiwake: a profile")),
    ]
}

fn schema<T: JsonSchema>(name: &str, title: &str) -> Value {
    let settings = SchemaSettings::draft2020_12().with_transform(Plain);
    let mut schema = SchemaGenerator::new(settings).into_root_schema_for::<T>();
    schema.insert("$id".into(), id(name).into());
    schema.insert("title".into(), title.into());
    let mut schema = schema.to_value();
    schema["properties"]["$schema"] =
        json!({"description": "Where this description of the file lies, for editors.", "type": "string"});
    schema
}

fn id(name: &str) -> String {
    format!("urn:kittiwake:schema:{name}")
}

/// Says for readers of files what was said for readers of sources.
#[derive(Clone)]
struct Plain;

impl Transform for Plain {
    fn transform(&mut self, schema: &mut schemars::Schema) {
        transform_subschemas(self, schema);
        if let Some(Value::String(words)) = schema.get_mut("description") {
            *words = keys(words);
            // Which section of the protocol it is from is of use in sources.
            if let Some((before, rest)) = words.split_once(" (section ")
                && let Some((_, after)) = rest.split_once(')')
            {
                *words = format!("{before}{after}");
            }
        }
        // The names of Rust's types say nothing to others, their limits do.
        if schema.get("format").is_some_and(|format| format == "uint32") {
            schema.insert("maximum".into(), u32::MAX.into());
        }
        schema.remove("format");
    }
}

/// Names in the place of links to types: `[`OauthFlow::Device`]` is `device`.
fn keys(words: &str) -> String {
    let words = words.replace('\n', " ");
    let mut parts = words.split("[`");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (link, rest) = part.split_once("`]").unwrap();
        let name = link.rsplit("::").next().unwrap_or(link);
        let mut key = String::new();
        for (index, char) in name.char_indices() {
            if char.is_uppercase() && index > 0 {
                key.push('_');
            }
            key.extend(char.to_lowercase());
        }
        plain.extend(["`", &key, "`", rest]);
    }
    plain
}

/// A connection as it is exported: what stands in the form of its kind.
fn connection() -> Value {
    let kinds = [Kind::Chatkit, Kind::Hosted, Kind::Openai, Kind::Custom].map(|kind| {
        let fields = adapters::fields(kind);
        let fields = fields.iter().filter(|field| !field.input.is_secret());
        let values: Map<String, Value> = fields.map(|field| (field.key.to_owned(), value(field))).collect();
        json!({
            "type": "object",
            "properties": {
                "kind": {"const": kind},
                "values": {"description": "What stands in the fields of the form.", "type": "object", "properties": values},
            },
            "required": ["kind"],
        })
    });
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": id("connection"),
        "title": "Kittiwake: an exported connection",
        "description": "A connection as it is exported, to give to somebody else. Holds no secret.",
        "type": "object",
        "properties": {
            "$schema": {"description": "Where this description of the file lies, for editors.", "type": "string"},
            "kittiwake_connection": {
                "description": "The version of the file's layout; that it is there tells such a file from others.",
                "type": "integer",
                "minimum": 0,
            },
            "name": {"description": "What the person calls it.", "type": "string"},
            "kind": {"description": "What protocol it speaks.", "type": "string"},
            "values": {"type": "object", "additionalProperties": {"type": "string"}},
        },
        "required": ["kittiwake_connection", "name", "kind", "values"],
        "oneOf": kinds,
    })
}

fn value(field: &Field) -> Value {
    let mut schema = json!({"title": field.label, "type": "string"});
    if !field.help.is_empty() {
        schema["description"] = field.help.into();
    }
    if let Input::Choice(choices) = field.input {
        schema["enum"] = choices.iter().map(|choice| choice.value).collect();
    }
    schema
}

fn text(schema: &Value) -> String {
    format!("{}\n", serde_json::to_string_pretty(schema).unwrap())
}

#[test]
fn the_descriptions_of_files_are_those_of_the_types() {
    let folder = Path::new(GENERATED);
    let update = std::env::var_os("KITTIWAKE_UPDATE_SCHEMAS").is_some();
    for (name, schema) in all() {
        let path = folder.join(format!("{name}.schema.json"));
        if update {
            fs::create_dir_all(folder).unwrap();
            fs::write(&path, text(&schema)).unwrap();
        }
        let committed = fs::read_to_string(&path).unwrap_or_default();
        // In which order JSON is kept depends on what else is built.
        assert!(
            serde_json::from_str::<Value>(&committed).unwrap_or_default() == schema,
            "docs/schemas/{name}.schema.json differs from the types: run `cargo xtask types` and commit what it wrote"
        );
    }
}

#[test]
fn a_description_speaks_of_keys() {
    assert_eq!(
        keys("needed for [`OauthFlow::Device`],\nor [`Connection::secret_headers`]."),
        "needed for `device`, or `secret_headers`."
    );
}

//! A connection as a file, to give to somebody else: how it is described, and none of its secrets.

use adapters::form::{Input, Values};
use model::{ConnectionId, Failure, FailureCode, Kind};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;

use crate::{
    engine::Engine,
    view::{ConnectionFile, ConnectionImport},
};

/// The version of the file's layout that this program writes.
const VERSION: u64 = 1;

/// What the name of such a file ends in.
const ENDING: &str = ".kittiwake.json";

/// The longest name of a file that every system takes, without the ending, in characters.
const NAME: usize = 60;

/// What stands in a file.
#[derive(Debug, Serialize, Deserialize)]
struct Written {
    /// The version of the layout; that it is there tells such a file from other JSON.
    kittiwake_connection: u64,
    name: String,
    kind: Kind,
    /// What stands in the fields of the kind's form.
    values: Values,
}

impl Engine {
    /// A connection as a file. Whatever is called like a secret, or is known to be one, is left out of it, wherever it was
    /// written.
    ///
    /// # Errors
    ///
    /// [`FailureCode::Unknown`] if it is not here, or the host's.
    pub fn export_connection(&self, id: &ConnectionId) -> Result<ConnectionFile, Failure> {
        let connection = self.own_connection(id)?;
        let mut values = adapters::values(&connection);
        for field in adapters::fields(connection.kind) {
            if let Some(value) = values.get_mut(field.key) {
                *value = without_secrets(field.input, value, &|text| self.http().redactor().knows(text));
            }
        }
        let name = file_name(&connection.name);
        let written = Written { kittiwake_connection: VERSION, name: connection.name, kind: connection.kind, values };
        let json = serde_json::to_string_pretty(&written).map_err(|error| internal(&error))?;
        Ok(ConnectionFile { name, json })
    }

    /// What a file says of a connection, for the person to look at. Nothing is kept.
    ///
    /// # Errors
    ///
    /// [`FailureCode::BadInput`] if it is not such a file, and [`FailureCode::NewerVersion`] if this version of the
    /// program does not know what it describes.
    pub fn read_connection(&self, file: &str, bytes: &[u8]) -> Result<ConnectionImport, Failure> {
        let json: Value = serde_json::from_slice(bytes).map_err(|error| not_one(file, Some(&error)))?;
        let version = json.get("kittiwake_connection").and_then(Value::as_u64).ok_or_else(|| not_one(file, None))?;
        let written: Written = match serde_json::from_value(json) {
            Ok(written) => written,
            Err(error) if version > VERSION => return Err(newer(file, &error)),
            Err(error) => return Err(not_one(file, Some(&error))),
        };
        let fields = adapters::fields(written.kind);
        let known = |key: &str| fields.iter().any(|field| field.key == key && !field.input.is_secret());
        let (values, unknown): (Values, Values) = written.values.into_iter().partition(|(key, _)| known(key));
        let file = file.to_owned();
        let unknown = unknown.into_keys().collect();
        Ok(ConnectionImport { file, name: written.name, kind: written.kind, values, unknown })
    }
}

/// A field without what is called like a secret in it, or known to be one.
fn without_secrets(input: Input, value: &str, known: &dyn Fn(&str) -> bool) -> String {
    match input {
        Input::Headers => {
            let header = |line: &str| match line.split_once(':') {
                Some((name, value)) if !value.contains("{{") && (is_secret_name(name) || known(value)) => {
                    format!("{name}:")
                }
                _ => line.to_owned(),
            };
            value.lines().map(header).collect::<Vec<_>>().join("\n")
        }
        Input::Json => match serde_json::from_str(value) {
            Ok(mut json) => {
                empty_secrets(&mut json, known);
                serde_json::to_string_pretty(&json).unwrap_or_default()
            }
            Err(_) => String::new(),
        },
        Input::Text if known(value) => String::new(),
        Input::Text => match Url::parse(value) {
            Ok(url) if url.query().is_some() => without_secret_queries(url),
            _ => value.to_owned(),
        },
        Input::Secret | Input::SecretHeaders => String::new(),
        Input::Number | Input::Lines | Input::Choice(_) => value.to_owned(),
    }
}

/// What is filled in later is no secret, only its place.
fn empty_secrets(json: &mut Value, known: &dyn Fn(&str) -> bool) {
    match json {
        Value::Object(members) => {
            for (name, value) in members {
                match value {
                    Value::String(text) if is_secret_name(name) && !text.contains("{{") => text.clear(),
                    other => empty_secrets(other, known),
                }
            }
        }
        Value::Array(values) => values.iter_mut().for_each(|value| empty_secrets(value, known)),
        Value::String(text) if known(text) => text.clear(),
        _ => {}
    }
}

/// Empties what in a connection's own file may be a secret, though none belongs there: values of headers and members of
/// bodies that are called like one, and what an address carries beside the way.
pub(crate) fn empty_what_may_be_secret(thing: &mut Value) {
    match thing {
        Value::Object(members) => {
            let named_so = members.get("name").and_then(Value::as_str).is_some_and(is_secret_name);
            for (name, value) in members {
                match (name.as_str(), value) {
                    ("value", Value::String(text)) if named_so && !text.contains("{{") => text.clear(),
                    ("body" | "metadata" | "template", value) => empty_secrets(value, &|_| false),
                    (_, Value::String(text)) if text.contains("://") => *text = without_secrets_in(text),
                    (_, value) => empty_what_may_be_secret(value),
                }
            }
        }
        Value::Array(values) => values.iter_mut().for_each(empty_what_may_be_secret),
        _ => {}
    }
}

/// An address without what is called like a secret in it, and without a password.
fn without_secrets_in(address: &str) -> String {
    let Ok(mut url) = Url::parse(address) else { return address.to_owned() };
    let has_password = url.password().is_some() && url.set_password(None).is_ok();
    if url.query().is_some() {
        return without_secret_queries(url);
    }
    if has_password { url.to_string() } else { address.to_owned() }
}

fn without_secret_queries(mut url: Url) -> String {
    let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    let kept = pairs
        .into_iter()
        .map(|(name, value)| if is_secret_name(&name) { (name, String::new()) } else { (name, value) });
    let kept: Vec<_> = kept.collect();
    url.query_pairs_mut().clear().extend_pairs(kept);
    url.to_string()
}

/// Whether something of this name is likely to be a secret.
pub fn is_secret_name(name: &str) -> bool {
    let name = name.trim().to_ascii_lowercase();
    ["auth", "cookie", "key", "pass", "secret", "signature", "token"].iter().any(|word| name.contains(word))
}

/// A name for the file that every system takes.
pub(crate) fn file_name(connection: &str) -> String {
    let plain = |char: char| if char.is_alphanumeric() { char } else { '-' };
    let name: String = connection.trim().chars().map(plain).take(NAME).collect();
    let name = name.trim_matches('-');
    format!("{}{ENDING}", if name.is_empty() { "connection" } else { name })
}

fn not_one(file: &str, error: Option<&serde_json::Error>) -> Failure {
    let words = format!("“{file}” is not a connection that Kittiwake has exported. Nothing was changed.");
    let failure = Failure::new(FailureCode::BadInput, words);
    match error {
        Some(error) => failure.with_detail(error.to_string()),
        None => failure,
    }
}

fn newer(file: &str, error: &serde_json::Error) -> Failure {
    let words = format!("“{file}” was exported by a newer Kittiwake. Update this one, and import it again.");
    Failure::new(FailureCode::NewerVersion, words).with_detail(error.to_string())
}

fn internal(error: &serde_json::Error) -> Failure {
    Failure::new(FailureCode::Internal, "The connection could not be written as a file.").with_detail(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cleaned(input: Input, value: &str) -> String {
        without_secrets(input, value, &|text| text.contains("sesame"))
    }

    #[test]
    fn what_is_called_like_a_secret_is_left_out_wherever_it_was_written() {
        let headers = cleaned(Input::Headers, "X-App: desktop\nX-Api-Key: hunter2\nX-Team: sesame\nX-Key: {{key}}");
        assert_eq!(headers, "X-App: desktop\nX-Api-Key:\nX-Team:\nX-Key: {{key}}");
        let body = r#"{"user": "ann", "who": "sesame", "api_key": "hunter2", "in": [{"password": "hunter2", "token": "{{token}}"}]}"#;
        let body: Value = serde_json::from_str(&cleaned(Input::Json, body)).unwrap();
        let expected = serde_json::json!({"user": "ann", "who": "", "api_key": "", "in": [{"password": "", "token": "{{token}}"}]});
        assert_eq!(body, expected);
        let url = cleaned(Input::Text, "https://a.example/s?user=ann&access_token=hunter2");
        assert_eq!(url, "https://a.example/s?user=ann&access_token=");
        assert_eq!(cleaned(Input::Text, "https://a.example/chatkit"), "https://a.example/chatkit");
        assert_eq!(cleaned(Input::Json, "hunter2"), "");
    }

    #[test]
    fn a_file_has_a_name_that_every_system_takes() {
        assert_eq!(file_name("Büro: a/b?"), "Büro--a-b.kittiwake.json");
        assert_eq!(file_name("…"), "connection.kittiwake.json");
        assert!(file_name(&"x".repeat(300)).len() < 100);
    }
}

//! What the environment of the program says. A host reads it once and hands it in.

use std::{collections::BTreeMap, ffi::OsString, path::PathBuf};

use model::{Connection, Failure, FailureCode, Kind};
use secrecy::SecretString;
use serde_json::{Map, Value, json};

use super::{
    Locks,
    understood::{built_in, fits, leaves, within},
};
use crate::{
    forms::{checked, sendable},
    view::{ConnectionDraft, Keep},
};

/// The connection of the environment. No connection of the person's or of a policy has this id.
pub(crate) const OWN: &str = "environment";

/// The key of the person's settings under which stands the address of the environment's connection that they switched off.
/// Another address in the variable is another server, which nobody has switched off.
pub(super) const SWITCHED_OFF: &str = "environment_switched_off";

/// The address of a backend; enough for a connection to it.
const URL: &str = "CUSTOM_BACKEND_URL";

/// Its key.
const KEY: &str = "CUSTOM_BACKEND_KEY";

/// The model that it is asked for.
const MODEL: &str = "CUSTOM_MODEL";

/// A policy to try out.
const POLICY: &str = "KITTIWAKE_POLICY";

/// What every variable for a setting begins with.
const PREFIX: &str = "KITTIWAKE_";

/// The variables of a program. What may be a secret cannot be looked into.
#[derive(Debug, Clone, Default)]
pub struct Environment {
    settings: BTreeMap<String, String>,
    others: BTreeMap<String, SecretString>,
    policy: Option<PathBuf>,
}

impl Environment {
    /// That of this process.
    pub fn of_process() -> Self {
        Self::of(std::env::vars_os())
    }

    /// The given variables. Empty ones are taken for absent.
    pub fn of(variables: impl IntoIterator<Item = (impl Into<OsString>, impl Into<OsString>)>) -> Self {
        let plain = plain();
        let mut all = Self::default();
        for (name, value) in variables {
            let (Ok(name), value) = (name.into().into_string(), value.into()) else { continue };
            if value.is_empty() {
                continue;
            }
            let name = spelled(&name);
            if name == POLICY {
                all.policy = Some(value.into());
            } else if plain.contains(&name) {
                all.settings.insert(name, value.to_string_lossy().into_owned());
            } else if let Ok(value) = value.into_string() {
                all.others.insert(name, value.into());
            }
        }
        all
    }

    /// What a variable holds that is no setting.
    pub(crate) fn secret(&self, name: &str) -> Option<&SecretString> {
        self.others.get(&spelled(name))
    }

    /// The policy that is to be tried out.
    pub(super) fn policy(&self) -> Option<PathBuf> {
        self.policy.as_ref().map(|path| std::path::absolute(path).unwrap_or_else(|_| path.clone()))
    }

    /// What it sets, as a layer; and what of it cannot be used.
    pub(super) fn layer(&self, locks: &Locks) -> Said {
        let mut said = Said::default();
        for path in leaves(&built_in()) {
            let name = variable(&path);
            let Some(text) = self.settings.get(&name) else { continue };
            match usable(&path, text, locks) {
                Ok(value) => put(&mut said.content, &path, value),
                Err(why) => said.problems.push(passed_over(&name, &why)),
            }
        }
        match self.connection() {
            None => {}
            Some(Ok(_)) if locks.hold(&["connections", OWN]) => {
                said.problems.push(passed_over(URL, "the administrator of this computer has locked the connections"));
            }
            Some(Ok(connection)) => said.connection = Some(connection),
            Some(Err(failure)) => said.problems.push(failure),
        }
        said
    }

    /// The connection that it makes by itself.
    fn connection(&self) -> Option<Result<Connection, Failure>> {
        let url = self.settings.get(URL)?.trim();
        let key = self.secret(KEY);
        if key.is_some_and(|key| sendable(key).is_err()) {
            let why = "it holds a space, a line break or a character that no key has. Set it again, whole and alone";
            return Some(Err(passed_over(KEY, why)));
        }
        let mut draft = ConnectionDraft::server("", url);
        draft.kind = Kind::Custom;
        draft.keep = Keep::ThisRun;
        draft.token = key.cloned();
        if let Some(model) = self.settings.get(MODEL) {
            draft.values.insert("model".to_owned(), model.trim().to_owned());
        }
        let connection = checked(OWN.into(), &draft, None);
        Some(match connection {
            Ok(connection) => Ok(Connection { key_variable: key.map(|_| KEY.to_owned()), ..connection }),
            Err(failure) => Err(passed_over(URL, failure.message.trim_end_matches('.'))),
        })
    }
}

/// What an environment sets.
#[derive(Debug, Default)]
pub(super) struct Said {
    /// The settings.
    pub content: Map<String, Value>,
    /// The connection.
    pub connection: Option<Connection>,
    /// What cannot be used.
    pub problems: Vec<Failure>,
}

/// The variable for a setting.
pub(crate) fn variable(path: &[String]) -> String {
    format!("{PREFIX}{}", path.join("_").to_uppercase())
}

/// How a variable's name is compared: it has no case on Windows.
fn spelled(name: &str) -> String {
    if cfg!(windows) { name.to_uppercase() } else { name.to_owned() }
}

/// The variables that hold no secret.
fn plain() -> Vec<String> {
    leaves(&built_in()).iter().map(|path| variable(path)).chain([URL, MODEL].map(str::to_owned)).collect()
}

/// A text as the value of a setting: as it stands, or else as the number or the word of JSON that it is.
fn usable(path: &[String], text: &str, locks: &Locks) -> Result<Value, String> {
    if locks.hold(path) {
        return Err("the administrator of this computer has locked this setting".to_owned());
    }
    let text = text.trim();
    let why = match fits(path, &json!(text)) {
        Ok(()) => return Ok(json!(text)),
        Err(why) => why,
    };
    match serde_json::from_str(text) {
        Ok(value) => fits(path, &value).map(|()| value),
        Err(_) => Err(why),
    }
}

fn put(content: &mut Map<String, Value>, path: &[String], value: Value) {
    for (key, value) in within(path, value) {
        match (content.get_mut(&key), value) {
            (Some(Value::Object(there)), Value::Object(more)) => there.extend(more),
            (_, value) => {
                content.insert(key, value);
            }
        }
    }
}

fn passed_over(name: &str, why: &str) -> Failure {
    let words = format!("The environment variable {name} is passed over: {why}.");
    Failure::new(FailureCode::BadInput, words)
}

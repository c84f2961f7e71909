//! The form in which a connection is described, as data: the window draws what it is told.

use std::collections::BTreeMap;

use model::Kind;
use serde::Serialize;
use ts_rs::TS;

/// The form of one kind of backend.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct KindForm {
    /// Which kind.
    pub kind: Kind,
    /// What the person reads.
    pub label: String,
    /// Its fields, in their order.
    pub fields: Vec<FormField>,
}

/// One field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct FormField {
    /// What the application calls it.
    pub key: String,
    /// What the person reads beside it.
    pub label: String,
    /// One sentence that helps to fill it in.
    pub help: String,
    /// How it is filled in.
    pub input: FormInput,
    /// Whether it may not stay empty.
    pub required: bool,
    /// In which case it is there at all; always, if absent.
    pub when: Option<FormCase>,
    /// Whether most people leave it as it is.
    pub advanced: bool,
}

/// How a field is filled in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum FormInput {
    /// A line of text.
    Text,
    /// A line of text that goes into the keychain and is never shown again.
    Secret,
    /// Lines of `Name: value` that go there, too.
    SecretHeaders,
    /// A whole number.
    Number,
    /// Lines of `Name: value`.
    Headers,
    /// Lines of text.
    Lines,
    /// JSON.
    Json,
    /// One of these; the first is meant if nothing was chosen.
    Choice {
        /// What there is to choose.
        choices: Vec<FormChoice>,
    },
}

/// Something to choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct FormChoice {
    /// What the application calls it.
    pub value: String,
    /// What the person reads.
    pub label: String,
}

/// Another field has this value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct FormCase {
    /// The other field.
    pub key: String,
    /// Its value.
    pub is: String,
}

/// What can be set for one conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ThreadOptions {
    /// The fields, in their order; none where nothing can be set.
    pub fields: Vec<FormField>,
    /// What stands in them, by their keys.
    pub values: BTreeMap<String, String>,
    /// What the connection says, which is meant where a field is empty.
    pub inherited: BTreeMap<String, String>,
}

/// A model server that answers on this computer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct LocalServer {
    /// What is usually found at its port.
    pub name: String,
    /// Its address, as it goes into the form.
    pub url: String,
    /// The names of its models.
    pub models: Vec<String>,
    /// Whether it tells them only to whoever has a key.
    pub wants_key: bool,
}

/// A connection as a file, without its secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectionFile {
    /// What the file may be called.
    pub name: String,
    /// What stands in it.
    pub json: String,
}

/// What a file says of a connection, which is not kept yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ConnectionImport {
    /// The file's name.
    pub file: String,
    /// What the connection is called.
    pub name: String,
    /// What it speaks.
    pub kind: Kind,
    /// What stands in the fields of the kind's form, by their keys.
    pub values: BTreeMap<String, String>,
    /// Fields in the file that this version does not know, and leaves out.
    pub unknown: Vec<String>,
}

impl From<&adapters::form::Field> for FormField {
    fn from(field: &adapters::form::Field) -> Self {
        use adapters::form::Input;

        let input = match field.input {
            Input::Text => FormInput::Text,
            Input::Secret => FormInput::Secret,
            Input::SecretHeaders => FormInput::SecretHeaders,
            Input::Number => FormInput::Number,
            Input::Headers => FormInput::Headers,
            Input::Lines => FormInput::Lines,
            Input::Json => FormInput::Json,
            Input::Choice(choices) => FormInput::Choice {
                choices: choices
                    .iter()
                    .map(|choice| FormChoice { value: choice.value.to_owned(), label: choice.label.to_owned() })
                    .collect(),
            },
        };
        Self {
            key: field.key.to_owned(),
            label: field.label.to_owned(),
            help: field.help.to_owned(),
            input,
            required: field.required,
            when: field.when.map(|when| FormCase { key: when.key.to_owned(), is: when.is.to_owned() }),
            advanced: field.advanced,
        }
    }
}

//! The catalogue of models: what can be chosen, known without a network.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Number;
use ts_rs::TS;

use crate::{ids::ConnectionId, openai::ModelParameters};

/// One entry: a model of one connection, or of a route.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Model {
    /// What its server calls it. Together with the connection it names the entry.
    pub id: String,
    /// Who serves it: a connection or a route.
    pub connection: ConnectionId,
    /// What the person reads; absent for the id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// What it is good for, in a sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// How it is to answer, where a conversation and its connection say nothing.
    #[serde(default, skip_serializing_if = "ModelParameters::is_default")]
    pub parameters: ModelParameters,
    /// Words to find it by, such as `fast` or `vision`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// How much it can read, question and answer together, in tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context: Option<u32>,
    /// What it costs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Price>,
    /// Whether it is the one that its connection begins with.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub default: bool,
    /// Whether it is left out of the picker.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub hidden: bool,
}

impl Model {
    /// A model of which nothing else is known.
    pub fn new(connection: ConnectionId, id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            connection,
            label: None,
            description: None,
            parameters: ModelParameters::default(),
            tags: Vec::new(),
            context: None,
            price: None,
            default: false,
            hidden: false,
        }
    }

    /// What it is called by others.
    pub fn name(&self) -> ModelRef {
        ModelRef { connection: self.connection.clone(), id: self.id.clone() }
    }
}

/// A model as a server lists it. What is absent, the server does not say.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Listed {
    /// What the server calls it.
    pub id: String,
    /// What a person reads.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// What it is good for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Words to find it by.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// How much it can read, in tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub context: Option<u32>,
    /// What it costs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price: Option<Price>,
    /// Whether the server takes this one where it is asked for none.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub default: bool,
}

impl Listed {
    /// A model of which the server says nothing but its name.
    pub fn new(id: impl Into<String>) -> Self {
        Self { id: id.into(), ..Self::default() }
    }
}

/// What a million tokens cost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct Price {
    /// Of the question.
    #[ts(type = "number")]
    pub input: Number,
    /// Of the answer.
    #[ts(type = "number")]
    pub output: Number,
    /// In which currency, by its code in ISO 4217.
    pub currency: String,
}

/// The name of an entry of the catalogue, which need not be there any more.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS, JsonSchema)]
pub struct ModelRef {
    /// Who serves it.
    pub connection: ConnectionId,
    /// What its server calls it.
    pub id: String,
}

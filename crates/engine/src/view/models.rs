//! The catalogue of models as it is shown.

use model::{ConnectionId, ModelRef, Price};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A model that can be chosen.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct ModelView {
    /// Who serves it.
    pub connection: ConnectionId,
    /// What its server calls it.
    pub id: String,
    /// What the person reads.
    pub label: String,
    /// What it is good for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional = nullable)]
    pub description: Option<String>,
    /// Words to find it by.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<String>>")]
    pub tags: Vec<String>,
    /// How much it can read, in tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional = nullable)]
    pub context: Option<u32>,
    /// What it costs.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional = nullable)]
    pub price: Option<Price>,
    /// Whether its connection begins with it.
    pub default: bool,
    /// Whether it is left out of the picker.
    pub hidden: bool,
    /// Who says that it exists.
    pub source: ModelSource,
    /// Whether the administrator has fixed it.
    pub locked: bool,
    /// Whether its server, which publishes a list, has it no more.
    pub gone: bool,
}

/// Who says that a model exists; of several the one that says most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ModelSource {
    /// The connection's own settings.
    Connection,
    /// The administrator.
    Policy,
    /// The person.
    Person,
    /// The environment of the program.
    Environment,
    /// Its server.
    Published,
}

/// Everything about models.
#[derive(Debug, Clone, Default, PartialEq, Serialize, TS)]
pub struct CatalogueView {
    /// All that are known, by connection in the person's order.
    pub models: Vec<ModelView>,
    /// What the next conversation with a connection begins with, where the person has chosen.
    pub chosen: Vec<ModelRef>,
    /// The connections whose servers publish a list, with when that was last read, in milliseconds since 1970 UTC.
    pub published: Vec<PublishedView>,
}

/// A list that a server publishes.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct PublishedView {
    /// Whose.
    pub connection: ConnectionId,
    /// When it was last read, in milliseconds since 1970 UTC.
    #[ts(type = "number")]
    pub read_at: i64,
}

/// The model of one conversation.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct ThreadModelView {
    /// Which; absent while nobody has chosen, so that the server does.
    pub model: Option<ModelRef>,
    /// What the person reads.
    pub label: String,
    /// Whether its server has it no more.
    pub gone: bool,
    /// What could take its place then.
    pub replacement: Option<ModelRef>,
    /// What the person reads of that.
    pub replacement_label: Option<String>,
}

/// What the person says of an entry of the catalogue.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct ModelDraft {
    /// Which; one that is not there is made.
    pub model: ModelRef,
    /// What to call it; empty for its id.
    pub label: String,
    /// Whether it is left out of the picker.
    pub hidden: bool,
    /// Whether its connection begins with it.
    pub default: bool,
}

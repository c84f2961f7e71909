//! The administrator's file. Holds no secret.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{catalogue::Model, settings::Settings};

/// Everything in a policy file: the same keys as in the person's settings, the catalogue of models, and what is fixed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Policy {
    /// The version of the file's layout.
    pub version: u32,
    /// Who looks after it, as the person reads it: the name of a department, for example.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub managed_by: Option<String>,
    /// What is set unless the person says otherwise.
    #[serde(flatten)]
    pub settings: Settings,
    /// Entries of the catalogue of models.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub models: Vec<Model>,
    /// The keys that the person cannot change, each with all below it: `appearance.theme`, `connections.office.url`,
    /// `connections` for all of them, so that none can be added.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub locked: Vec<String>,
}

//! Which files go with messages, and how they get to the server (section 12: `composer.attachments`, `api.uploadStrategy`).

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Profile;
use crate::attachment::{AttachmentOptions, MaxSize};

/// Which files go with messages (`composer.attachments`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct ComposerFiles {
    /// Whether files can be added to messages at all; absent for yes with ChatKit servers, and no with others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// How large a file may be, in bytes: for all of them, or by media type; absent for 100 MiB.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_size: Option<MaxSize>,
    /// How many files go with a message; absent for 10.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_count: Option<usize>,
    /// Which files are taken: media types such as `image/*`, each with the ends of names that count as such; empty for all.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub accept: BTreeMap<String, Vec<String>>,
}

/// How the server is spoken to, as far as that is not the connection's to say (`api`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct ApiOptions {
    /// How files get to the server; absent where the server says for each where it goes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upload_strategy: Option<UploadStrategy>,
}

/// How files get to the server (`api.uploadStrategy`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum UploadStrategy {
    /// Each is announced first, and the server says where it goes.
    TwoPhase,
    /// Each is sent at once.
    Direct {
        /// Where to: an address on the connection's own origin.
        #[serde(rename = "uploadUrl")]
        upload_url: String,
    },
}

impl Profile {
    /// What it says of files, in the words of a connection.
    pub fn files(&self) -> AttachmentOptions {
        let files = self.composer.as_ref().and_then(|composer| composer.attachments.clone()).unwrap_or_default();
        let upload_url = match self.api.as_ref().and_then(|api| api.upload_strategy.clone()) {
            Some(UploadStrategy::Direct { upload_url }) => Some(upload_url),
            Some(UploadStrategy::TwoPhase) | None => None,
        };
        let ComposerFiles { enabled, max_size, max_count, accept } = files;
        AttachmentOptions { enabled, max_size, max_count, accept, upload_url }
    }
}

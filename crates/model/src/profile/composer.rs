//! What a message can be made of (sections 9 and 12: `composer`, `entities`, `commands`).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::ComposerFiles;

/// The message field (`composer`). Its models are the profile's `models`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ComposerOptions {
    /// What stands in it as long as nothing is written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub placeholder: Option<String>,
    /// What a message can ask the assistant to use.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tools: Vec<ComposerTool>,
    /// Which files go with messages, as far as the connection does not say it itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attachments: Option<ComposerFiles>,
}

/// A tool that a message can ask for (`composer.tools`, section 9).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ComposerTool {
    /// What the server calls it: `inference_options.tool_choice.id`.
    pub id: String,
    /// In the menu.
    pub label: String,
    /// A picture, by the names of section 11.1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional = nullable)]
    pub icon: Option<String>,
    /// At the message field, while it is chosen; absent for the label.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional = nullable)]
    pub short_label: Option<String>,
    /// What stands in the empty message field while it is chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional = nullable)]
    pub placeholder_override: Option<String>,
    /// Whether it is a button of its own beside the menu.
    #[serde(default)]
    pub pinned: bool,
    /// Whether it stays chosen after a message.
    #[serde(default)]
    pub persistent: bool,
}

/// What can be mentioned with `@` (`entities`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct EntityOptions {
    /// What is there.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub list: Vec<Entity>,
    /// Where more of it is found: an address that is asked with `?q=` and what was typed, and answers with a list of
    /// entities. It is on the connection's own origin.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub search_url: Option<String>,
    /// Whether a button at the message field offers it as well.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub show_composer_menu: Option<bool>,
}

/// Something that can be mentioned; sent as a tag (section 9).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct Entity {
    /// What the server calls it.
    pub id: String,
    /// What the person sees.
    pub title: String,
    /// A picture, by the names of section 11.1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional = nullable)]
    pub icon: Option<String>,
    /// Under which heading it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional = nullable)]
    pub group: Option<String>,
    /// Whether it can be pressed in a message.
    #[serde(default)]
    pub interactive: bool,
    /// What the server wants to get back with it.
    #[serde(default, skip_serializing_if = "serde_json::Map::is_empty")]
    #[ts(type = "{ [key in string]: unknown }", optional)]
    pub data: serde_json::Map<String, serde_json::Value>,
}

/// What `/` offers beside Kittiwake's own (`commands`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct CommandOptions {
    /// Whether `/` offers anything; absent for yes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// What is there.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub list: Vec<Command>,
}

/// Something that `/` offers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Command {
    /// Its own among the commands of a profile.
    pub id: String,
    /// What the person types and sees.
    pub label: String,
    /// A second line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional = nullable)]
    pub description: Option<String>,
    /// A picture, by the names of section 11.1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional = nullable)]
    pub icon: Option<String>,
    /// Under which heading it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional = nullable)]
    pub group: Option<String>,
    /// What it does.
    pub on_select: Deed,
}

/// What a button or a command of a profile does. Nothing of it happens without a press of the person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Deed {
    /// Shows an http or https address, and opens it in the browser if the person agrees.
    OpenUrl {
        /// Which.
        url: String,
    },
    /// Sends a message.
    Send {
        /// What it says.
        text: String,
    },
    /// Writes into the message field.
    Insert {
        /// What.
        text: String,
    },
    /// Mentions something in the message field.
    Mention {
        /// What.
        entity: Entity,
    },
    /// Chooses a tool for the next message.
    Tool {
        /// Which of `composer.tools`.
        id: String,
    },
    /// Begins a conversation.
    NewThread,
    /// Shows more commands in place of these.
    Menu {
        /// Which.
        commands: Vec<Command>,
    },
}

//! How a connection's conversations look, and what they offer (section 12).
//!
//! A profile is what a page with ChatKit's own component would hand to it, as far as that is data: the same names, in
//! JSON. Where that page would bring a function, a profile says in data what is to happen ([`Deed`]). What is absent is
//! as Kittiwake has it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::Listed;

mod composer;
mod files;
mod prompt;
mod theme;

pub use composer::{Command, CommandOptions, ComposerOptions, ComposerTool, Deed, Entity, EntityOptions};
pub use files::{ApiOptions, ComposerFiles, UploadStrategy};
pub use prompt::{ProfilePrompt, PromptContent, PromptPart};
pub use theme::{
    Accent, ColorScheme, CornerRadius, Density, Grayscale, Surface, ThemeColors, ThemeOptions, Typography,
};

/// The options of a connection.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Profile {
    /// How its conversations look: options, or `light` or `dark` alone.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "theme::options_or_scheme")]
    #[schemars(with = "Option<theme::OptionsOrScheme>")]
    pub theme: Option<ThemeOptions>,
    /// The bar above its conversations.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub header: Option<HeaderOptions>,
    /// What can be done with its conversations in the sidebar.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub history: Option<HistoryOptions>,
    /// What a conversation that has not begun shows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_screen: Option<StartScreen>,
    /// What can be done with its answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thread_item_actions: Option<ItemActions>,
    /// The message field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub composer: Option<ComposerOptions>,
    /// A line below the message field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disclaimer: Option<Disclaimer>,
    /// What can be mentioned with `@`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entities: Option<EntityOptions>,
    /// What `/` offers beside Kittiwake's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commands: Option<CommandOptions>,
    /// How a conversation moves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thread: Option<ThreadBehaviour>,
    /// How files get to its server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api: Option<ApiOptions>,
}

/// What a server publishes at the address of its profile: its models, and the options of its conversations.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Published {
    /// Which models it has, in its order; absent if it says nothing of them.
    pub models: Option<Vec<Listed>>,
    /// How its conversations look, and what they offer.
    #[serde(flatten)]
    pub options: Profile,
}

/// The bar above conversations (`header`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct HeaderOptions {
    /// The title in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<TitleOptions>,
    /// A button at its left.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left_action: Option<HeaderAction>,
    /// A button at its right.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub right_action: Option<HeaderAction>,
}

/// The title above conversations.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct TitleOptions {
    /// Whether it is shown; absent for yes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// What it says in place of each conversation's own title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// A button in the bar above conversations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct HeaderAction {
    /// Its picture, by the names of section 12.
    pub icon: String,
    /// What it is called, for everybody who does not see the picture.
    pub label: String,
    /// What it does.
    pub on_click: Deed,
}

/// What can be done with conversations in the sidebar (`history`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct HistoryOptions {
    /// Whether they can be deleted; absent for yes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub show_delete: Option<bool>,
    /// Whether they can be renamed; absent for yes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub show_rename: Option<bool>,
}

/// What a conversation that has not begun shows (`startScreen`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct StartScreen {
    /// The line at the top.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub greeting: Option<String>,
    /// What can be sent with one press.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub prompts: Vec<ProfilePrompt>,
}

/// What can be done with answers (`threadItemActions`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ItemActions {
    /// Whether they can be judged; absent for yes where the server takes that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub feedback: Option<bool>,
    /// Whether a message can be answered again; absent for yes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry: Option<bool>,
}

/// A line below the message field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Disclaimer {
    /// What it says, as Markdown.
    pub text: String,
    /// Whether it is as dark as other text.
    #[serde(default)]
    pub high_contrast: bool,
}

/// How a conversation moves (`thread`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct ThreadBehaviour {
    /// Whether it follows an answer that grows, as long as the person looks at its end; absent for yes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auto_scroll: Option<bool>,
}

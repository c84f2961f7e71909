//! How a connection's conversations look and what they offer, as it is shown (section 12).

use markdown::Patch;
use model::{ColorScheme, Command, ComposerTool, CornerRadius, Density, Entity, HeaderAction};
use serde::Serialize;
use ts_rs::TS;

/// What a profile says: checked, bounded, and without anything that is as Kittiwake has it anyway.
#[derive(Debug, Clone, Default, PartialEq, Serialize, TS)]
pub struct ProfileView {
    /// How its conversations look.
    pub theme: Option<ThemeView>,
    /// The title above all conversations, in place of their own.
    pub title: Option<String>,
    /// Whether no title is shown above conversations.
    pub hides_title: bool,
    /// A button at the left of the title.
    pub left_action: Option<HeaderAction>,
    /// A button at the right of the title.
    pub right_action: Option<HeaderAction>,
    /// Whether conversations cannot be deleted.
    pub no_delete: bool,
    /// Whether conversations cannot be renamed.
    pub no_rename: bool,
    /// Whether answers cannot be judged.
    pub no_feedback: bool,
    /// Whether messages cannot be answered again.
    pub no_retry: bool,
    /// Whether a conversation stays where it is while an answer grows.
    pub no_scroll: bool,
    /// The line at the top of the start screen.
    pub greeting: Option<String>,
    /// What stands in the empty message field.
    pub placeholder: Option<String>,
    /// What a message can ask the assistant to use.
    pub tools: Vec<ComposerTool>,
    /// A line below the message field.
    pub disclaimer: Option<DisclaimerView>,
    /// What can be mentioned.
    pub entities: Option<EntitiesView>,
    /// Whether `/` offers nothing, not even Kittiwake's own commands.
    pub no_commands: bool,
    /// What `/` offers beside Kittiwake's own.
    pub commands: Vec<Command>,
}

/// A line below the message field.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct DisclaimerView {
    /// What makes its text, all at once.
    pub text: Vec<Patch>,
    /// Whether it is as dark as other text.
    pub high_contrast: bool,
}

/// What can be mentioned.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct EntitiesView {
    /// What is known here.
    pub list: Vec<Entity>,
    /// Whether the server can be asked for more.
    pub searches: bool,
    /// Whether a button at the message field offers it as well.
    pub in_menu: bool,
}

/// How conversations look. Colours are such that text can be read on them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, TS)]
pub struct ThemeView {
    /// Light or dark, whatever the window is.
    pub scheme: Option<ColorScheme>,
    /// How round corners are.
    pub radius: Option<CornerRadius>,
    /// How much space stands between things.
    pub density: Option<Density>,
    /// How large text is, in CSS pixels.
    pub base_size: Option<u8>,
    /// Names of fonts for text, as CSS writes them.
    pub font: Option<String>,
    /// Names of fonts for code, as CSS writes them.
    pub font_code: Option<String>,
    /// The colours that are different.
    pub colors: Vec<ThemeColorView>,
}

/// A colour in place of one of the window's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ThemeColorView {
    /// Which: the name of one of the window's own colours, such as `accent` or `surface-raised`.
    pub token: String,
    /// As `#rrggbb`, where it is light.
    pub light: String,
    /// As `#rrggbb`, where it is dark.
    pub dark: String,
}

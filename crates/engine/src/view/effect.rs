//! What a server has the window do that leaves the window for nothing.

use serde::Serialize;
use ts_rs::TS;

/// What the window does once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum EffectView {
    /// Shows a page of the settings.
    Settings {
        /// Which.
        page: SettingsPage,
    },
    /// Shows the start screen, on which a conversation begins.
    NewThread,
    /// Asks whether an address is to be opened, as it does for a link that was pressed.
    Link {
        /// The address, as the server wrote it.
        url: String,
    },
    /// Says something for a moment.
    Message {
        /// What, in a few words; the server's.
        title: String,
        /// And in some more.
        body: Option<String>,
        /// Who says it: what the person calls the connection.
        from: String,
    },
}

/// A page of the settings.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SettingsPage {
    /// Light and dark.
    #[default]
    Appearance,
    /// The servers.
    Connections,
    /// The models.
    Models,
    /// The version, and where the data is.
    About,
}

impl SettingsPage {
    /// What servers call them.
    pub const NAMES: [&str; 4] = ["appearance", "connections", "models", "about"];

    /// The page of that name.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "appearance" => Some(Self::Appearance),
            "connections" => Some(Self::Connections),
            "models" => Some(Self::Models),
            "about" => Some(Self::About),
            _ => None,
        }
    }

    /// What the window calls it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Appearance => "Appearance",
            Self::Connections => "Connections",
            Self::Models => "Models",
            Self::About => "About",
        }
    }
}

//! What the person has configured. Holds no secret.

use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{connection::Connection, route::Route};

/// Everything in the settings file. A key that is absent has its default; one that is unknown is left as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Settings {
    /// How the window looks.
    pub appearance: Appearance,
    /// The configured backends, in the person's order.
    pub connections: Vec<Connection>,
    /// What puts several of them behind one name, in the person's order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub routes: Vec<Route>,
    /// What this installation calls itself to session endpoints; empty until it is needed.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub device: String,
    /// When to look for a new version, where Kittiwake updates itself.
    pub update_check: UpdateCheck,
    /// What becomes of a message while its server cannot be reached.
    pub when_unreachable: WhenUnreachable,
    /// For how long a message waits in all whose server wants a pause.
    pub patience: Patience,
}

/// For how long a message waits in all whose server refused it and wants a pause, in seconds. Longer than that, the person
/// is told at once when it makes sense to try again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
#[serde(transparent)]
pub struct Patience(pub u32);

impl Patience {
    /// The person is told at once, always.
    pub const NONE: Self = Self(0);

    /// The same as a time.
    pub fn time(self) -> Duration {
        Duration::from_secs(self.0.into())
    }
}

impl Default for Patience {
    fn default() -> Self {
        Self(120)
    }
}

/// What becomes of a message whose server cannot be reached, so that it certainly was not sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum WhenUnreachable {
    /// It waits and is sent once the server can be reached.
    #[default]
    Wait,
    /// The person is told at once, and it stays unsent.
    Tell,
}

/// When to look for a new version. Nothing is asked for that the person did not want asked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum UpdateCheck {
    /// When the person presses the button.
    #[default]
    WhenAsked,
    /// At each start as well.
    AtStart,
}

/// How the window looks.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
#[serde(default)]
pub struct Appearance {
    /// Light, dark, or as the system says.
    pub theme: Theme,
}

/// The colour scheme.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the system says.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

//! What a server has drawn: widgets and pictures, and what a press in a widget asks for (sections 6.3, 10 and 11).

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::item::Extra;

/// A card, a list or a form (section 6.3, `widget`). Whoever draws it reads its root with the crate `widgets`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Widget {
    /// Its root, as the server sent it (section 11).
    pub root: Value,
    /// What *copy* puts on the clipboard.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copy_text: Option<String>,
}

/// What a press in a widget asks of the server (section 3.5).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CustomAction {
    /// The server's name for it.
    #[serde(rename = "type")]
    pub kind: String,
    /// What goes with it: that of the widget, and the values of its form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payload: Option<Value>,
}

/// A picture that a server made (section 6.3, `generated_image`).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct GeneratedImage {
    /// The picture, or a preview of it; absent at the beginning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<ImageSource>,
    /// How much of it is made, from 0 to 1, while it is being made. Servers that do not know say 0 (section 5).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub progress: Option<f64>,
}

/// Where a picture is (section 6.3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageSource {
    /// The server's id for it.
    pub id: String,
    /// Its address: `https:`, or `data:` with all of it.
    pub url: String,
    /// Unknown fields.
    #[serde(default, skip_serializing_if = "Extra::is_empty")]
    pub extra: Extra,
}

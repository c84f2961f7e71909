//! What stands in messages: the person's words and files, and what answers rest on.

use serde::Serialize;
use ts_rs::TS;

/// A part of the person's message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum UserPartView {
    /// Plain text.
    Text {
        /// The text.
        text: String,
    },
    /// Something that the person mentioned by name.
    Tag {
        /// Its name.
        text: String,
        /// What it belongs to, such as "People".
        group: Option<String>,
        /// Whether the server has more to say about it.
        interactive: bool,
    },
}

/// A file that was sent with a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct AttachmentView {
    /// Its id on the server.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its media type; empty if the server did not say.
    pub mime_type: String,
    /// Whether it is a picture.
    pub is_image: bool,
    /// The address of a small picture of it, which only the core can fetch.
    pub preview_url: Option<String>,
}

/// A source as it is shown.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, TS)]
pub struct SourceView {
    /// What to call it.
    pub title: String,
    /// A line about it.
    pub description: Option<String>,
    /// Where it is, for pages.
    pub url: Option<String>,
    /// Its name, for files.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub filename: Option<String>,
    /// What kind of thing it is, in the server's words, for what the server knows by an id.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub label: Option<String>,
    /// Whose it is, in the server's words, for pages.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub attribution: Option<String>,
    /// What it belongs to, such as "People".
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub group: Option<String>,
    /// From when it is, in the server's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub timestamp: Option<String>,
}

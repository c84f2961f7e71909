//! Items: what a thread holds (sections 6.3, 7 and 9).

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

use crate::{
    asking::{ClientToolCall, StructuredInput},
    ids::ItemId,
    route::Handover,
    task::{Task, Workflow},
    widget::{GeneratedImage, Widget},
};

/// Fields that this version does not know, kept so that nothing a server sent is lost.
pub type Extra = Map<String, Value>;

/// One entry of a thread.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// The server's id, or a local one until the server has confirmed it.
    pub id: ItemId,
    /// When the server says it was made: ISO 8601, often without an offset. Never used to order items (section 2.4).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<String>,
    /// What it is.
    pub body: ItemBody,
    /// Unknown fields of a known kind.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub extra: Extra,
}

/// The kinds of items that this version draws, and everything else as [`ItemBody::Unknown`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ItemBody {
    /// What the person wrote (section 6.3, `user_message`).
    UserMessage(UserMessage),
    /// What the assistant wrote (section 6.3, `assistant_message`).
    AssistantMessage {
        /// Its parts, each Markdown of its own (section 5).
        content: Vec<TextPart>,
    },
    /// Something that this machine is to do for the assistant (section 6.3, `client_tool_call`).
    ClientToolCall(ClientToolCall),
    /// A card, a list or a form (section 6.3, `widget`).
    Widget(Widget),
    /// A picture that was made (section 6.3, `generated_image`).
    GeneratedImage(GeneratedImage),
    /// Questions to the person (section 6.3, `structured_input`).
    StructuredInput(StructuredInput),
    /// A step of the assistant's work that stands alone (section 6.3, `task`).
    Task(Task),
    /// Steps of the assistant's work (section 6.3, `workflow`).
    Workflow(Workflow),
    /// An invisible mark between two assistant turns (section 6.3, `end_of_turn`).
    EndOfTurn,
    /// Another connection of the thread's route answers from here on. Made here, and sent to nobody.
    Handover(Handover),
    /// A kind that this version does not draw: one neutral line in the window, kept whole in history.
    Unknown {
        /// The server's name for the kind.
        name: String,
        /// Everything the server sent about it, but its id, kind and time.
        fields: Extra,
    },
}

impl Item {
    /// An item that was kept here in a form that this version cannot read: of an unknown kind, with all that was kept.
    pub fn unreadable(id: ItemId, kind: Option<&str>, fields: Extra) -> Self {
        let name = kind.unwrap_or("unreadable").to_owned();
        Self { id, created_at: None, body: ItemBody::Unknown { name, fields }, extra: Extra::new() }
    }
}

impl ItemBody {
    /// Whether the person wrote it.
    pub fn is_user_message(&self) -> bool {
        matches!(self, Self::UserMessage(_))
    }

    /// What a person can read in it: a message as it was written, an answer's Markdown. None if it holds no text.
    pub fn plain_text(&self) -> Option<String> {
        match self {
            Self::UserMessage(message) => Some(message.plain_text()),
            Self::AssistantMessage { content } => {
                let parts: Vec<_> = content.iter().map(|part| part.text.as_str()).collect();
                Some(parts.join("\n\n"))
            }
            Self::Widget(widget) => widget.plain_text(),
            Self::StructuredInput(input) => Some(input.plain_text()),
            Self::ClientToolCall(_)
            | Self::GeneratedImage(_)
            | Self::Task(_)
            | Self::Workflow(_)
            | Self::EndOfTurn
            | Self::Handover(_)
            | Self::Unknown { .. } => None,
        }
    }
}

/// The body of a `user_message`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct UserMessage {
    /// What was written, in order.
    pub content: Vec<UserContent>,
    /// Files that were sent with it.
    #[serde(default)]
    pub attachments: Vec<Attachment>,
    /// The passage the person replied to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quoted_text: Option<String>,
    /// Model and tool that were asked for.
    #[serde(default)]
    pub inference_options: InferenceOptions,
}

impl UserMessage {
    /// A message of plain text.
    pub fn text(text: impl Into<String>) -> Self {
        Self { content: vec![UserContent::Text { text: text.into() }], ..Self::default() }
    }

    /// The text as the person sees it: tags stand as their text.
    pub fn plain_text(&self) -> String {
        self.content.iter().map(UserContent::plain_text).collect()
    }

    /// The message where there are only words: the passage that it replies to stands before its text.
    pub fn spoken(&self) -> String {
        let quoted = self.quoted_text.iter().flat_map(|quoted| quoted.lines()).map(|line| format!("> {line}\n"));
        let quoted: String = quoted.collect();
        let between = if quoted.is_empty() { "" } else { "\n" };
        format!("{quoted}{between}{}", self.plain_text())
    }
}

/// A part of a user message (section 9).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum UserContent {
    /// Plain text; never rendered as Markdown (section 7).
    Text {
        /// The text.
        text: String,
    },
    /// An @-mention.
    Tag {
        /// Its id on the server.
        id: String,
        /// What the person sees.
        text: String,
        /// Unread, but sent back as it came.
        fields: Extra,
    },
    /// A part that this version does not know.
    Unknown {
        /// The server's name for it.
        name: String,
        /// Everything it held.
        fields: Extra,
    },
}

impl UserContent {
    fn plain_text(&self) -> &str {
        match self {
            Self::Text { text } | Self::Tag { text, .. } => text,
            Self::Unknown { .. } => "",
        }
    }
}

/// A file of a message (section 8.1), as far as it can be named. Its other fields are in `extra`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Attachment {
    /// Its id on the server.
    pub id: String,
    /// Its file name.
    pub name: String,
    /// Everything else the server said.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub extra: Extra,
}

/// What the person chose beside the text (section 9).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct InferenceOptions {
    /// The model's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// The tool's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tool: Option<String>,
}

/// One part of an assistant message: Markdown and what it refers to (section 7).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct TextPart {
    /// Markdown, GitHub flavour.
    pub text: String,
    /// References into the text, in the server's order.
    #[serde(default)]
    pub annotations: Vec<Annotation>,
}

/// A reference from a place in the text to a source (section 7).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Annotation {
    /// The character, counted in code points, after which its marker stands; without one it is only listed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub index: Option<usize>,
    /// What it refers to.
    pub source: Source,
}

/// Something an answer rests on (section 7).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Source {
    /// A page.
    Url {
        /// What to call it.
        title: String,
        /// Where it is.
        url: String,
        /// Everything else.
        #[serde(default, skip_serializing_if = "Map::is_empty")]
        extra: Extra,
    },
    /// A file on the server's side; it cannot be opened from here.
    File {
        /// What to call it.
        title: String,
        /// Its name.
        filename: String,
        /// Everything else.
        #[serde(default, skip_serializing_if = "Map::is_empty")]
        extra: Extra,
    },
    /// Something the server knows by an id.
    Entity {
        /// What to call it.
        title: String,
        /// Its id on the server.
        id: String,
        /// Everything else.
        #[serde(default, skip_serializing_if = "Map::is_empty")]
        extra: Extra,
    },
    /// A source of another kind.
    Unknown {
        /// The server's name for the kind.
        name: String,
        /// Everything it held.
        fields: Extra,
    },
}

impl Source {
    /// What to call it, and a line about it, if the server gave one.
    pub fn title_and_description(&self) -> (&str, Option<&str>) {
        let (title, extra) = match self {
            Self::Url { title, extra, .. } | Self::File { title, extra, .. } | Self::Entity { title, extra, .. } => {
                (title.as_str(), extra)
            }
            Self::Unknown { name, fields } => (fields.get("title").and_then(Value::as_str).unwrap_or(name), fields),
        };
        (title, extra.get("description").and_then(Value::as_str))
    }
}

/// How far an item has come. Only `Done` is the server's word; the others are what this machine saw.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ItemStage {
    /// On its way to the server.
    Sending,
    /// Not accepted by the server, or nobody can tell.
    Unsent,
    /// Still growing.
    Streaming,
    /// Whole.
    Done,
    /// The person stopped it; what was shown stays.
    Stopped,
    /// The stream broke; what was shown stays.
    Interrupted,
}

/// An item as it is kept on disk.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StoredItem {
    /// The item.
    pub item: Item,
    /// How far it had come.
    pub stage: ItemStage,
}

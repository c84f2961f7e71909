//! What happens to a thread while a turn streams (sections 4 and 5).

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use crate::{
    ids::ItemId,
    item::{Annotation, Extra, Item, TextPart},
    task::Task,
    thread::RemoteThread,
    turn::Usage,
    widget::ImageSource,
};

/// One event of a stream, whatever backend it came from.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", content = "data", rename_all = "snake_case")]
pub enum ThreadEvent {
    /// The server has made the thread; its id is adopted.
    ThreadCreated(RemoteThread),
    /// Title, status or image domains changed. Never clears items: the page it carries is always empty.
    ThreadUpdated(RemoteThread),
    /// An item begins.
    ItemAdded(Item),
    /// A known item changes.
    ItemUpdated {
        /// Which; an unknown id is ignored.
        id: ItemId,
        /// How.
        update: ItemUpdate,
    },
    /// An item is whole. Upsert: it may come without `ItemAdded`, and twice.
    ItemDone(Item),
    /// An item is gone; an unknown id is ignored.
    ItemRemoved(ItemId),
    /// Another item under the same id, in the same place.
    ItemReplaced(Item),
    /// Whether the server offers to be stopped; advisory.
    StreamOptions {
        /// Offer the stop button.
        allow_cancel: bool,
    },
    /// A transient line about what the server is doing.
    Progress(Progress),
    /// Something to tell the person beside the thread.
    Notice(Notice),
    /// Something for the program around the thread; nobody answers (section 4, `client_effect`).
    ClientEffect {
        /// What.
        name: String,
        /// With what.
        data: Extra,
    },
    /// What the server says of the answer as a whole; it may come more than once, and what is said later counts.
    Answered {
        /// The model that answers.
        model: Option<String>,
        /// What it used so far, or in all.
        usage: Option<Usage>,
    },
    /// The server reports an error. Not the end of the stream.
    Error(ServerError),
    /// An event, an update or an item that this version ignores; counted, never fatal.
    Unknown {
        /// The server's name for it, or what was wrong with it.
        name: String,
    },
}

/// A change inside an item (section 5).
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ItemUpdate {
    /// Set the part at an index, padding with empty parts.
    PartAdded {
        /// Index of the part.
        index: usize,
        /// The part.
        part: TextPart,
    },
    /// Append text; the part is made if it is missing.
    TextDelta {
        /// Index of the part.
        index: usize,
        /// What to append.
        delta: String,
    },
    /// Insert a reference; at the end if the position lies beyond it.
    AnnotationAdded {
        /// Index of the part.
        index: usize,
        /// Where among the part's references.
        position: usize,
        /// The reference.
        annotation: Annotation,
    },
    /// The part's text is final. Its references may be missing here: those already received stay until the item is
    /// done.
    PartDone {
        /// Index of the part.
        index: usize,
        /// The part.
        part: TextPart,
    },
    /// Text of a widget's Text or Markdown grew.
    WidgetTextDelta {
        /// The `id` of the component, anywhere in the tree.
        component: String,
        /// What to append; may be empty.
        delta: String,
        /// Whether it is whole now.
        done: bool,
    },
    /// A component of a widget is another one.
    WidgetComponent {
        /// The `id` of the component, anywhere in the tree.
        component: String,
        /// What takes its place (section 11).
        by: Value,
    },
    /// All of a widget is another one.
    WidgetRoot(Value),
    /// A workflow has one more task.
    TaskAdded {
        /// Where; at the end if that lies beyond it.
        index: usize,
        /// The task.
        task: Task,
    },
    /// A task of a workflow is another one now: thoughts grow so.
    TaskUpdated {
        /// Which; it is added if it is missing.
        index: usize,
        /// The task.
        task: Task,
    },
    /// A picture that is being made can be seen better.
    Image {
        /// The preview.
        image: ImageSource,
        /// How much of it is made, from 0 to 1.
        progress: Option<f64>,
    },
    /// An update that this version does not know.
    Unknown {
        /// The server's name for it.
        name: String,
    },
}

/// A line about what the server is doing; each replaces the one before (section 4, `progress_update`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Progress {
    /// The line.
    pub text: String,
    /// The name of an icon (section 7); unknown names draw nothing.
    pub icon: Option<String>,
}

/// A banner that does not belong to the thread (section 4, `notice`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Notice {
    /// How grave it is.
    pub level: NoticeLevel,
    /// A short heading.
    pub title: Option<String>,
    /// Markdown.
    pub message: String,
}

/// How grave a notice is; unknown levels read as `Info`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum NoticeLevel {
    /// Worth knowing.
    Info,
    /// Worth a second look.
    Warning,
    /// Something is wrong.
    Danger,
}

/// An error event (section 4.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ServerError {
    /// `custom`, `stream.error`, or anything else: the set is open.
    pub code: String,
    /// Meant for the person; plain text.
    pub message: Option<String>,
    /// Whether to offer another try.
    pub allow_retry: bool,
}

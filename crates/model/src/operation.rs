//! What a host asks of a backend, and what a backend answers (section 3).

use serde_json::Value;

use crate::{
    asking::StructuredAnswer,
    catalogue::Listed,
    ids::{ConversationId, ItemId, RemoteThreadId, ThreadId},
    item::{Item, UserMessage},
    openai::AnswerOptions,
    profile::Published,
    thread::RemoteThread,
    widget::CustomAction,
};

/// What the person sends: the same shape that comes back as a stored message, with attachments by id.
pub type UserInput = UserMessage;

/// One request to a backend.
#[derive(Debug, Clone, PartialEq)]
pub enum Operation {
    /// Start a thread with a message; streams (section 3.1).
    CreateThread {
        /// The first message.
        input: UserInput,
    },
    /// Continue a thread; streams (section 3.2).
    AddUserMessage {
        /// Where.
        thread: RemoteThreadId,
        /// The message.
        input: UserInput,
    },
    /// Answer a user message again; the server drops all items after it and says nothing of them; streams
    /// (section 3.6).
    RetryAfterItem {
        /// Where.
        thread: RemoteThreadId,
        /// The user message to answer again.
        item: ItemId,
    },
    /// Say what came of the tool call at the end of a thread; streams (section 3.3).
    AddToolOutput {
        /// Where.
        thread: RemoteThreadId,
        /// What came of it.
        result: Value,
    },
    /// Answer the questions at the end of a thread; streams (section 3.4).
    AddStructuredInput {
        /// Where.
        thread: RemoteThreadId,
        /// The questions.
        item: ItemId,
        /// The answers.
        answer: StructuredAnswer,
    },
    /// A press in a widget; streams (section 3.5).
    CustomAction {
        /// Where.
        thread: RemoteThreadId,
        /// The widget.
        item: Option<ItemId>,
        /// What it asks for.
        action: CustomAction,
    },
    /// A press in a widget that is answered at once, even while something streams (section 3.16).
    SyncCustomAction {
        /// Where.
        thread: RemoteThreadId,
        /// The widget.
        item: Option<ItemId>,
        /// What it asks for.
        action: CustomAction,
    },
    /// Title and status of a thread, with its oldest items (section 3.7).
    GetThread {
        /// Which.
        thread: RemoteThreadId,
    },
    /// A page of threads, newest first (section 3.8).
    ListThreads {
        /// Cursor of the page before.
        after: Option<String>,
        /// How many to ask for.
        limit: u32,
    },
    /// A page of items (section 3.9).
    ListItems {
        /// Where.
        thread: RemoteThreadId,
        /// Cursor of the page before.
        after: Option<String>,
        /// How many to ask for.
        limit: u32,
        /// Which end to start from.
        order: Order,
    },
    /// Set the title (section 3.10).
    RenameThread {
        /// Which.
        thread: RemoteThreadId,
        /// The new title.
        title: String,
    },
    /// Delete a thread (section 3.11).
    DeleteThread {
        /// Which.
        thread: RemoteThreadId,
    },
    /// Answer a conversation that only this machine keeps; streams. For backends without threads of their own.
    Answer {
        /// Which conversation: a name for it that stays the same.
        thread: ThreadId,
        /// The conversation so far, oldest first. The last item is the message to be answered.
        items: Vec<Item>,
        /// What it wants otherwise than its connection does.
        options: AnswerOptions,
    },
    /// A name for a conversation that begins, from backends that want to be told one of their own with each message.
    BeginConversation {
        /// The model that it is to be held with, where somebody chose one.
        model: Option<String>,
    },
    /// The models that a backend has.
    ListModels,
    /// How the server is, for those that say so at an address of its own. One without such an address answers all the same.
    Health,
    /// Says that a file is to come, for backends that want to hear of it first (sections 3.13 and 8.2). Its bytes go where
    /// the answer says.
    CreateAttachment {
        /// Its name, without a path.
        name: String,
        /// Its media type, such as `text/plain`.
        mime_type: String,
        /// How many bytes it has.
        size: u64,
    },
    /// Forgets a file that no message holds yet (section 3.14).
    DeleteAttachment {
        /// Its id on the server.
        attachment: String,
    },
    /// Praise or complaint about items (section 3.12).
    Feedback {
        /// Where.
        thread: RemoteThreadId,
        /// All items of the answer.
        items: Vec<ItemId>,
        /// Which of the two.
        kind: FeedbackKind,
    },
}

impl Operation {
    /// Whether the answer is a stream of events (section 2.2).
    pub fn streams(&self) -> bool {
        matches!(
            self,
            Self::CreateThread { .. }
                | Self::AddUserMessage { .. }
                | Self::RetryAfterItem { .. }
                | Self::AddToolOutput { .. }
                | Self::AddStructuredInput { .. }
                | Self::CustomAction { .. }
                | Self::Answer { .. }
        )
    }
}

/// Which end of a list comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Oldest first.
    Ascending,
    /// Newest first.
    Descending,
}

/// Praise or complaint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum FeedbackKind {
    /// Praise.
    Positive,
    /// Complaint.
    Negative,
}

/// A page of a list (section 6.1).
#[derive(Debug, Clone, PartialEq)]
pub struct Page<T> {
    /// Its entries, in the order that was asked for.
    pub data: Vec<T>,
    /// The cursor of the next page, if there is one. The length of `data` says nothing (section 3.9).
    pub next: Option<String>,
}

/// A file that a server awaits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAttachment {
    /// What messages call it.
    pub id: String,
    /// Where its bytes go; nowhere, where the server has them already.
    pub upload: Option<UploadTarget>,
}

/// Where the bytes of a file go (section 8.1). It may be another server, which must not see the token of this one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadTarget {
    /// The address.
    pub url: String,
    /// In what form they are sent.
    pub method: UploadMethod,
    /// Exactly the headers that go with them.
    pub headers: Vec<(String, String)>,
}

/// In what form the bytes of a file are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UploadMethod {
    /// With `POST`, as the field `file` of a form.
    Post,
    /// With `PUT`, as they are.
    Put,
}

/// The answer to an operation that does not stream.
#[derive(Debug, Clone, PartialEq)]
pub enum Reply {
    /// A thread.
    Thread(RemoteThread),
    /// Threads.
    Threads(Page<RemoteThread>),
    /// Items.
    Items(Page<Item>),
    /// A file that the server awaits.
    Attachment(NewAttachment),
    /// A widget after a press; nothing where nothing changed.
    Updated(Option<Box<Item>>),
    /// What a server calls a conversation.
    Conversation(ConversationId),
    /// The models that a server lists.
    Models(Vec<Listed>),
    /// What a server publishes of itself: the models that it lists, and the options of its conversations.
    Profile(Box<Published>),
    /// It was done, and there is nothing to say.
    Done,
    /// The server is there, and has nothing of that kind.
    Absent,
}

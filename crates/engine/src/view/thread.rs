//! A thread as it is shown.

use markdown::Patch;
use model::{ConnectionId, Draft, Failure, ItemId, ItemStage, Notice, Progress};
use serde::Serialize;
use ts_rs::TS;

use super::{
    AttachmentView, DetailsView, GeneratedImageView, QuestionsView, SlowView, SourceView, TaskView, ThreadModelView,
    ToolCallView, UserPartView, WidgetView, WorkflowView, app::ThreadView,
};

/// What a subscriber to a thread receives: first a snapshot, then batches. A subscriber that falls far behind gets a
/// new snapshot instead of a long queue.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
#[allow(clippy::large_enum_variant, reason = "made, serialised and dropped; never kept in numbers")]
pub enum ThreadMessage {
    /// The thread's newest part, whole. Replaces everything the subscriber had.
    Snapshot {
        /// Title, status, connection.
        thread: ThreadView,
        /// The newest items, oldest first.
        items: Vec<ItemView>,
        /// Whether there are older ones.
        has_older: bool,
        /// The turn.
        turn: TurnView,
        /// How it goes out; absent where its server keeps it.
        context: Option<ContextView>,
        /// Its model; absent where nobody can choose one.
        model: Option<ThreadModelView>,
        /// What was written and not sent.
        draft: Draft,
    },
    /// What changed since the message before, in order.
    Batch {
        /// The changes.
        ops: Vec<ThreadOp>,
    },
}

/// One change of a thread as it is shown.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(tag = "op", rename_all = "snake_case")]
#[allow(clippy::large_enum_variant, reason = "made, serialised and dropped; never kept in numbers")]
pub enum ThreadOp {
    /// Title, status or activity changed.
    Thread {
        /// The thread.
        thread: ThreadView,
    },
    /// An item is new or changed as a whole. If `replaces` (or else its own id) is shown, it takes that place;
    /// otherwise it stands after `after`, or first.
    PutItem {
        /// The item.
        item: ItemView,
        /// The item before it.
        after: Option<ItemId>,
        /// The local bubble that it takes the place of.
        replaces: Option<ItemId>,
    },
    /// An item is gone.
    RemoveItem {
        /// Which.
        id: ItemId,
    },
    /// A part of an assistant message grew. The part is made if it is missing.
    Patch {
        /// The message.
        id: ItemId,
        /// Index of the part.
        part: usize,
        /// Changes to the part's tree.
        patches: Vec<Patch>,
    },
    /// The sources of an assistant message changed.
    Sources {
        /// The message.
        id: ItemId,
        /// All of them.
        sources: Vec<SourceView>,
    },
    /// How far an item has come.
    Stage {
        /// The item.
        id: ItemId,
        /// Its stage.
        stage: ItemStage,
    },
    /// How the turn of an item went.
    Details {
        /// The item.
        id: ItemId,
        /// How; nothing where that is shown elsewhere now.
        details: Option<DetailsView>,
    },
    /// The turn moved on.
    Turn {
        /// The turn.
        turn: TurnView,
    },
    /// Its model changed, or what is known of that.
    Model {
        /// Which; absent where nobody can choose one.
        model: Option<ThreadModelView>,
    },
    /// How the conversation goes out changed.
    Context {
        /// How it does; absent where its server keeps it.
        context: Option<ContextView>,
    },
    /// A message that was not sent yet was taken back: it belongs into the message field, before what stands there.
    TakenBack {
        /// The message.
        draft: Draft,
    },
    /// The server has something to say beside the thread.
    Notice {
        /// What.
        notice: Notice,
    },
}

/// An item as it is shown.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct ItemView {
    /// Its id.
    pub id: ItemId,
    /// How far it has come.
    pub stage: ItemStage,
    /// What it is.
    pub body: ItemViewBody,
    /// How its turn went, if this is the item that shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub details: Option<DetailsView>,
}

/// What an item is; the window has one file for each.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ItemViewBody {
    /// The person's message.
    UserMessage {
        /// Plain text: all of it, as it is copied.
        text: String,
        /// What it is made of, in order.
        parts: Vec<UserPartView>,
        /// The passage replied to.
        quoted_text: Option<String>,
        /// The files sent with it.
        attachments: Vec<AttachmentView>,
        /// The model that was asked for with it.
        model: Option<String>,
        /// The tool that was asked for with it.
        tool: Option<String>,
    },
    /// The assistant's message.
    AssistantMessage {
        /// For each part, the patches that build its tree from nothing.
        parts: Vec<Vec<Patch>>,
        /// What it rests on, numbered in the order of their first mark.
        sources: Vec<SourceView>,
    },
    /// Something that this machine is to do for the assistant.
    ClientToolCall(ToolCallView),
    /// A card, a list or a form.
    Widget(Box<WidgetView>),
    /// A picture that was made.
    GeneratedImage(GeneratedImageView),
    /// Questions to the person.
    StructuredInput(QuestionsView),
    /// A step of the assistant's work.
    Task(TaskView),
    /// Steps of the assistant's work.
    Workflow(WorkflowView),
    /// Another connection of the route answers from here on.
    Handover {
        /// What it is called.
        to: String,
        /// Why it is not one that the route names before it, as the end of a sentence; absent on the way back.
        why: Option<String>,
    },
    /// A kind that this version does not draw.
    Unknown {
        /// The server's name for it.
        name: String,
        /// What a person can read in it, if anything.
        text: Option<String>,
    },
}

/// How a conversation goes out that its server does not keep.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ContextView {
    /// The model that is asked.
    pub model: String,
    /// About how many percent of its window are taken; absent where nobody knows its size.
    pub percent: Option<u32>,
    /// The first item that still goes out; absent if all do.
    pub from: Option<ItemId>,
    /// What goes out in place of the items before that one.
    pub summary: Option<String>,
    /// Whether the conversation wants something otherwise than its connection does.
    pub has_options: bool,
}

/// The turn of a thread.
#[derive(Debug, Clone, Default, PartialEq, Serialize, TS)]
pub struct TurnView {
    /// Where it stands.
    pub phase: TurnPhase,
    /// What the server says it is doing.
    pub progress: Option<Progress>,
    /// How the last turn ended; absent while one is under way and before the first.
    pub outcome: Option<TurnOutcome>,
    /// What it waits for while it is held.
    pub held: Option<HeldView>,
    /// Which connection of the route the person can have asked instead, after a failure that leaves that to them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional = nullable)]
    pub next: Option<NextView>,
    /// How it is slower than usual, while it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional = nullable)]
    pub slow: Option<SlowView>,
    /// Whether the server asks that the turn is not stopped (section 4, `stream_options`). The person can all the same.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[ts(as = "Option<bool>", optional)]
    pub stop_unwanted: bool,
}

/// A connection that can be asked instead of the one that failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct NextView {
    /// Which.
    pub connection: ConnectionId,
    /// What it is called.
    pub name: String,
}

/// What a turn waits for that has not begun.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct HeldView {
    /// Why it waits.
    pub why: HeldWhy,
    /// When it goes out by itself, in milliseconds since 1970 UTC; absent where nobody knows.
    #[ts(type = "number | null")]
    pub until: Option<i64>,
    /// What the server said.
    pub failure: Option<Failure>,
}

/// Why a turn waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum HeldWhy {
    /// The server cannot be reached.
    Unreachable,
    /// The server refused the message for now and wants a pause.
    RateLimited,
    /// The person lets out only so many messages in a minute.
    OwnLimit,
}

/// Where a turn stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TurnPhase {
    /// No turn is under way.
    #[default]
    Idle,
    /// Not sent, for a reason that passes; sent as soon as it has.
    Held,
    /// Sent; nothing has come back.
    Waiting,
    /// Something has come back.
    Streaming,
    /// The person has stopped it; what was shown is being kept.
    Stopping,
}

/// The one terminal event of a turn.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum TurnOutcome {
    /// The answer is whole.
    Done,
    /// The person stopped it.
    Stopped,
    /// The stream broke; what was shown stays.
    Interrupted {
        /// Why.
        failure: Failure,
        /// Whether *try again* makes sense.
        can_retry: bool,
    },
    /// There was no answer, or the server reported an error.
    Failed {
        /// Why.
        failure: Failure,
        /// Whether *try again* makes sense.
        can_retry: bool,
    },
}

impl TurnOutcome {
    /// Why there is no whole answer, if something went wrong.
    pub fn failure(&self) -> Option<&Failure> {
        match self {
            Self::Done | Self::Stopped => None,
            Self::Interrupted { failure, .. } | Self::Failed { failure, .. } => Some(failure),
        }
    }
}

/// Items that stand before those a subscriber has.
#[derive(Debug, Clone, Serialize, TS)]
pub struct OlderItems {
    /// Oldest first.
    pub items: Vec<ItemView>,
    /// Whether there are still older ones.
    pub has_older: bool,
}

//! What went over the wire, as the developer view shows it. All of it has been through the redactor.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What is new on the wire since a revision.
#[derive(Debug, Clone, Default, PartialEq, Serialize, TS)]
pub struct WireNews {
    /// What to ask for next: what comes after this.
    #[ts(type = "number")]
    pub revision: u64,
    /// Every exchange that is still here, oldest first; what is not in it is gone.
    #[ts(type = "number[]")]
    pub kept: Vec<u64>,
    /// How many exchanges were let go to keep what is here small.
    #[ts(type = "number")]
    pub dropped: u64,
    /// The exchanges that are new or have changed.
    pub exchanges: Vec<ExchangeView>,
    /// What came within them.
    pub frames: Vec<WireFrame>,
    /// Whether there is more already than one message holds.
    pub more: bool,
}

/// One request and what became of it.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct ExchangeView {
    /// Its number.
    #[ts(type = "number")]
    pub id: u64,
    /// What the person calls the connection.
    pub connection: String,
    /// Whether it belongs to no conversation: lists, sessions, files.
    pub apart: bool,
    /// When it left, in milliseconds since 1970 UTC.
    #[ts(type = "number")]
    pub at: i64,
    /// `POST`.
    pub method: String,
    /// What was asked for, such as `threads.create`.
    pub operation: String,
    /// Where.
    pub address: String,
    /// The status of the answer, once it is here.
    pub status: Option<u16>,
    /// When the head of the answer came, in microseconds since the request.
    #[ts(type = "number | null")]
    pub head: Option<u64>,
    /// When it ended, in microseconds since the request.
    #[ts(type = "number | null")]
    pub took: Option<u64>,
    /// The size of the request's body, in bytes.
    #[ts(type = "number")]
    pub sent: u64,
    /// The size of what was answered so far, in bytes.
    #[ts(type = "number")]
    pub received: u64,
    /// How many frames came, with those that were not kept.
    #[ts(type = "number")]
    pub frames: u64,
    /// How many of them were not kept.
    #[ts(type = "number")]
    pub left_out: u64,
    /// How many of those kept have something that this version does not know, or does not do.
    #[ts(type = "number")]
    pub marked: u64,
    /// How it ended.
    pub end: ExchangeEnd,
}

/// How an exchange ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ExchangeEnd {
    /// It has not.
    Open,
    /// As it should.
    Whole,
    /// Kittiwake closed it: it was stopped, or nobody waits for more.
    Closed,
    /// It went wrong.
    Failed {
        /// Why.
        words: String,
    },
}

/// One piece of an answer, or of what is said over a WebSocket.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct WireFrame {
    /// Of which exchange.
    #[ts(type = "number")]
    pub exchange: u64,
    /// Its place in it, from 0.
    #[ts(type = "number")]
    pub index: u64,
    /// When, in microseconds since the request.
    #[ts(type = "number")]
    pub at: u64,
    /// What it is.
    pub kind: FrameKind,
    /// What it calls itself: the `type` of its JSON, or the name of the event.
    pub name: String,
    /// What it is about: the `type` of the item or update in it.
    pub about: Option<String>,
    /// Its size, in bytes.
    #[ts(type = "number")]
    pub size: u64,
    /// Its beginning.
    pub preview: String,
    /// What this version does not know in it, or does not do.
    pub marks: Vec<Mark>,
}

/// What a frame is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FrameKind {
    /// A Server-Sent Event.
    Event,
    /// A comment in a stream of them.
    Comment,
    /// A message that left over a WebSocket.
    Sent,
    /// A message that came over one.
    Received,
    /// The whole body.
    Body,
}

/// Something of a frame that Kittiwake passes over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct Mark {
    /// Of what sort.
    pub sort: MarkSort,
    /// What, and what becomes of it.
    pub words: String,
}

/// Why a frame is marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum MarkSort {
    /// An event, an update, an item, or a field that this version does not know.
    Unknown,
    /// A part of a widget that is not drawn as it was meant.
    Widget,
    /// An effect, or a link into the program, that nobody here carries out.
    Unhandled,
}

/// The parts of an exchange that are only shown when somebody looks into it.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct ExchangeDetail {
    /// The headers of the request.
    pub request_headers: Vec<WireHeader>,
    /// Its body.
    pub request: WireText,
    /// The headers of the answer.
    pub answer_headers: Vec<WireHeader>,
}

/// A header.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct WireHeader {
    /// Its name.
    pub name: String,
    /// Its value; `[redacted]` in the place of a secret.
    pub value: String,
}

/// A text, or its beginning.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, TS)]
pub struct WireText {
    /// The text, as far as it is kept.
    pub text: String,
    /// How many bytes of it were not kept.
    #[ts(type = "number")]
    pub left_out: u64,
}

/// A place in which something was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct WireHit {
    /// In which exchange.
    #[ts(type = "number")]
    pub exchange: u64,
    /// In which of its frames; absent for the request itself.
    #[ts(type = "number | null")]
    pub index: Option<u64>,
}

/// What is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Recording {
    /// Every request from now on.
    On,
    /// None that begins from now on.
    Off,
}

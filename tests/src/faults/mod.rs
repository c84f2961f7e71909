//! Faults on the way: a server that gives recorded answers, and does with each of their stages what networks do.
//!
//! `peers` lists whose answers they are, `script` says what is done to one at a stage, `server` does it byte by byte as the
//! test releases it, over a `line` that may become a WebSocket, `trial` has the engine ask for it and sees what becomes of that, `table` writes it down. Nothing waits
//! for a time to pass: what is late is late until the test says so, and what never comes is given up by a limit of the
//! engine's own.

mod line;
mod peers;
mod request;
mod script;
mod server;
mod store;
mod table;
mod trial;

pub use peers::{PEERS, Peer, REST};
pub use table::page;
pub use trial::{Outcome, trial};

/// By what way an answer comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// By Server-Sent Events, in the body of an answer.
    Stream,
    /// Whole, as such a body, of which nothing is shown before all of it is there.
    Whole,
    /// By messages over a WebSocket.
    Socket,
}

/// How far a turn has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// There is no connection yet.
    Connecting,
    /// There is one, and the server has not looked at the request.
    Unread,
    /// The same, on a connection over which another request was answered before.
    Kept,
    /// The server has the request, and has not said anything.
    Read,
    /// In the head of the answer.
    Head,
    /// After the head, before the first event.
    Begun,
    /// In the first event.
    First,
    /// Between two pieces of the text.
    Middle,
    /// All was sent but what says last that it is all.
    Told,
    /// All was sent, and only the end of the body is missing.
    End,
}

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// What follows comes later.
    Delay,
    /// What follows comes later and in one piece.
    Buffer,
    /// What follows comes byte by byte.
    Drip,
    /// Nothing follows, and the connection stays.
    Stall,
    /// The connection is closed.
    Cut,
    /// The connection is reset.
    Reset,
    /// The length that was announced is larger than what comes before the connection is closed.
    TooLong,
    /// The length that was announced is reached here, and what follows comes all the same.
    TooShort,
    /// What comes next comes twice.
    Twice,
    /// What follows comes later, and a character is in two by that.
    SplitCharacter,
    /// The body ends as it should, but in a character.
    HalfCharacter,
    /// The server takes leave, as WebSockets are closed.
    Leave,
}

impl Stage {
    /// All of them, in their order.
    pub const ALL: [Self; 10] = [
        Self::Connecting,
        Self::Unread,
        Self::Kept,
        Self::Read,
        Self::Head,
        Self::Begun,
        Self::First,
        Self::Middle,
        Self::Told,
        Self::End,
    ];

    /// In words.
    pub fn name(self, way: Way) -> &'static str {
        match (self, way) {
            (Self::Connecting, _) => "connecting",
            (Self::Unread, Way::Socket) => "connected, handshake not read",
            (Self::Read, Way::Socket) => "handshake read, no answer yet",
            (Self::Head, Way::Socket) => "in the handshake",
            (Self::Begun, Way::Socket) => "message read, no answer yet",
            (Self::First, Way::Socket) => "in the first message",
            (Self::End, Way::Socket) => "after the last mark",
            (Self::First, Way::Whole) => "in the body",
            (Self::Unread, _) => "connected, request not read",
            (Self::Kept, _) => "the same, on a kept connection",
            (Self::Read, _) => "request read, no answer yet",
            (Self::Head, _) => "in the head",
            (Self::Begun, _) => "after the head",
            (Self::First, _) => "in the first event",
            (Self::Middle, _) => "in mid-answer",
            (Self::Told, _) => "before the last mark",
            (Self::End, _) => "before the end of the body",
        }
    }

    /// Whether text was shown by then.
    pub fn shows_text(self, way: Way) -> bool {
        way != Way::Whole && matches!(self, Self::Middle | Self::Told | Self::End)
    }

    /// Whether something of the body has come by then.
    pub fn is_in_body(self) -> bool {
        matches!(self, Self::First | Self::Middle | Self::Told | Self::End)
    }

    /// Whether the server has the message by then, should it go no further. Over a WebSocket, a message goes out only once
    /// that is open.
    pub fn has_message(self, way: Way) -> bool {
        way != Way::Socket || matches!(self, Self::Begun | Self::First | Self::Middle | Self::Told | Self::End)
    }
}

impl Fault {
    /// All of them, the harmless ones first.
    pub const ALL: [Self; 12] = [
        Self::Delay,
        Self::Buffer,
        Self::Drip,
        Self::SplitCharacter,
        Self::Twice,
        Self::Stall,
        Self::Cut,
        Self::Reset,
        Self::TooLong,
        Self::TooShort,
        Self::HalfCharacter,
        Self::Leave,
    ];

    /// In a few words, for the head of a column.
    pub fn name(self) -> &'static str {
        match self {
            Self::Delay => "delay",
            Self::Buffer => "buffer",
            Self::Drip => "slow drip",
            Self::SplitCharacter => "split character",
            Self::Twice => "duplicate",
            Self::Stall => "stall",
            Self::Cut => "cut",
            Self::Reset => "reset",
            Self::TooLong => "length too large",
            Self::TooShort => "length too small",
            Self::HalfCharacter => "half a character",
            Self::Leave => "closing frame",
        }
    }

    /// What it is, for the legend.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Delay => "what follows comes late, yet within the limits",
            Self::Buffer => "what follows is gathered on the way, and comes late and in one piece",
            Self::Drip => "what follows comes byte by byte",
            Self::SplitCharacter => {
                "what follows comes late, and the bytes of one character come half before and half after"
            }
            Self::Twice => "what comes next (the head, an event, a message, the end of the body) comes twice",
            Self::Stall => "nothing follows, and the connection stays open",
            Self::Cut => "the connection is closed",
            Self::Reset => "the connection is reset; while connecting, it is refused",
            Self::TooLong => "`Content-Length` announces more than there is, and the connection is closed here",
            Self::TooShort => {
                "`Content-Length` is reached here, so that the body ends as bodies should, as it does behind a proxy that \
                 makes a proper end of a cut; what follows comes all the same"
            }
            Self::HalfCharacter => {
                "the body, or the message of a WebSocket, ends as it should, but in the middle of a character"
            }
            Self::Leave => "the server closes the WebSocket as it should, saying that it is going away (1001)",
        }
    }
}

//! Who sees what goes over the wire for one request: for developers of servers, where they want that.

use std::sync::Arc;

use reqwest::header::HeaderMap;

use crate::{error::TransportError, events::Frame};

/// Something that went over the wire.
#[derive(Debug)]
pub enum Seen<'a> {
    /// The head of an answer. A request that was sent on has several; the last one counts.
    Head {
        /// Its status.
        status: u16,
        /// Its headers.
        headers: &'a HeaderMap,
    },
    /// An event of a stream.
    Event {
        /// The event.
        frame: &'a Frame,
        /// Its `id:` field, or that of the event before.
        id: Option<&'a str>,
    },
    /// A comment in a stream of events: most servers send some to keep the connection open.
    Comment(&'a str),
    /// A message that left over a WebSocket.
    Sent(&'a str),
    /// A message that came over one.
    Received(&'a str),
    /// The stream, or the WebSocket, is over: as it should be, or for this reason.
    Over(Option<&'a TransportError>),
}

/// Sees what goes over the wire for one request. It is called while the answer is read, so it is not to take long.
pub trait Watch: Send + Sync {
    /// Something went over the wire.
    fn see(&self, seen: Seen<'_>);
}

/// Nobody, most of the time.
pub(crate) type Watcher = Option<Arc<dyn Watch>>;

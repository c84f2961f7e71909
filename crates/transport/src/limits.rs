//! How long to wait and how much to take.

use std::time::Duration;

/// How long to wait for an answer, and how large it may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// From the moment the request is sent to the first byte of the answer's body. Headers alone do not count: servers
    /// send them before they have looked at the request.
    pub first_byte: Duration,
    /// The longest silence between two pieces of the body. Comments count as pieces, so a server's heartbeat keeps a
    /// stream alive. Models think for minutes without a word.
    pub idle: Duration,
    /// From the moment the request is sent to the end of the body; a long answer is not an error, so there is none
    /// unless somebody sets it.
    pub total: Option<Duration>,
    /// The largest event of a stream, in bytes. Exceeded by at most one piece of the body before it is noticed.
    pub event_bytes: usize,
    /// The largest answer that is not a stream, in bytes, after decompression.
    pub body_bytes: usize,
}

impl Limits {
    /// Room for a generated image that travels as a `data:` URL inside an event.
    const LARGEST: usize = 64 * 1024 * 1024;
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            first_byte: Duration::from_secs(60),
            idle: Duration::from_secs(5 * 60),
            total: None,
            event_bytes: Self::LARGEST,
            body_bytes: Self::LARGEST,
        }
    }
}

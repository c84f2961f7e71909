//! Requests, as far as they can be described without sending them.

use model::Operation;
use url::Url;

/// A request, as far as it can be described without sending it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestSpec {
    /// The method.
    pub method: Method,
    /// Where to.
    pub url: Url,
    /// Headers, without the token.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// In what form it is answered.
    pub answered: Answered,
}

/// In what form a request is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answered {
    /// Whole, as JSON.
    Whole,
    /// By a stream of Server-Sent Events.
    Stream,
    /// By such a stream or whole, as the content type of the answer says.
    Either,
    /// By messages over the thread's WebSocket, over which the body of the request is sent as one message of text.
    Socket,
}

impl Answered {
    /// The usual form for an operation.
    pub fn to(operation: &Operation) -> Self {
        if operation.streams() { Self::Stream } else { Self::Whole }
    }
}

/// The methods that backends use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Ask, without a body.
    Get,
    /// Ask, with a body.
    Post,
    /// Put, with a body.
    Put,
}

/// Why there is no request for an operation. The words are for the person.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// The address cannot be called.
    #[error("{reason}")]
    Address {
        /// What is wrong with it, and what to do about it.
        reason: String,
    },
    /// This kind of backend cannot do that.
    #[error("this kind of server cannot {operation}")]
    Unsupported {
        /// What it cannot do.
        operation: &'static str,
    },
}

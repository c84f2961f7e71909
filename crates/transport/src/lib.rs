//! Bytes: HTTP, Server-Sent Events, and the limits around them. Knows no backend and no other crate of Kittiwake.
//!
//! Everything the application sends leaves through one [`Http`]. What that means:
//!
//! - Nothing is sent twice. There is no retry and no reconnection here, and no redirect is followed: a request carries a
//!   conversation and a token, and both belong to the origin they were meant for. A public file ([`Http::file`]) is asked
//!   for with neither, and is the exception.
//! - An answer is judged by its status and its content type before its first byte is read as anything.
//! - Each wait has a limit of its own, and each limit an error of its own ([`TransportError`]).
//! - A body that ends is told apart from a body that breaks off.
//! - Dropping a future or an [`EventStream`] closes the connection, which is how a turn is stopped.
//! - No token is in any message, nor in what `Debug` prints.

mod body;
mod error;
mod events;
mod file;
mod http;
mod limits;
pub mod probe;
mod repair;
mod request;
mod retry_after;

pub use error::{Distrust, Expected, TransportError, Unreachable};
pub use events::{EventStream, Frame, decode};
pub use http::{Http, JsonAnswer};
pub use limits::Limits;
pub use request::{Credential, Method, Request};

//! Bytes: HTTP, Server-Sent Events, WebSockets, and the limits around them. Knows no backend and no other crate of Kittiwake.
//!
//! Everything the application sends leaves through one [`Http`]. What that means:
//!
//! - Nothing is sent twice. There is no retry and no reconnection here, and no redirect is followed: a request carries a
//!   conversation and a token, and both belong to the origin they were meant for. A public file ([`Http::file`]) is asked
//!   for with neither, and is the exception.
//! - What a server names ([`Http::foreign_step`]) is asked for one redirect at a time, and from no nearer than the server is.
//! - An answer is judged by its status and its content type before its first byte is read as anything.
//! - Each wait has a limit of its own, and each limit an error of its own ([`TransportError`]).
//! - A body that ends is told apart from a body that breaks off.
//! - A WebSocket ([`Http::socket`]) begins as a request like any other, on the same route.
//! - Dropping a future or an [`EventStream`] closes the connection, which is how a turn is stopped.
//! - Each [`Route`] has its proxy, its trust and its connections. No route accepts any certificate, none speaks a TLS
//!   older than 1.2, and nothing leaves this machine without encryption unless the route says so.
//! - A client certificate ([`Identity`]) is shown to the servers it is for, if they ask: to no other, and to no proxy.
//! - No token is in any message, nor in what `Debug` prints.

mod answer;
mod body;
mod cause;
mod either;
mod error;
mod events;
mod file;
mod http;
mod identity;
mod lane;
mod limits;
mod loose;
pub mod probe;
mod reach;
mod repair;
mod request;
mod retry_after;
mod route;
mod socket;
mod step;
mod trust;
mod upload;
mod watch;

pub use answer::{AnyAnswer, JsonAnswer};
pub use either::Either;
pub use error::{ClientCertificate, Distrust, Expected, ProxyTrouble, TransportError, Unreachable};
pub use events::{EventStream, Frame, decode, decode_loosely};
pub use http::{Http, is_loopback};
pub use identity::{Identity, IdentityError, Sealed};
pub use limits::Limits;
pub use reach::Space;
pub use request::{Credential, Method, Request};
pub use route::{ManualProxy, Pin, Plain, Proxy, Route, Trust};
pub use socket::{Pulse, Socket, close::meaning as close_meaning};
pub use step::Step;
pub use trust::authorities;
pub use upload::{Content, FileFault, OpenFile, Upload, UploadError};
pub use watch::{Seen, Watch};

//! What the transport does with what a server does, down to the bytes.

#![allow(clippy::unwrap_used, reason = "a test's helpers fail as the test does")]

mod answers;
mod environment;
mod files;
mod framing;
mod identity;
mod pool;
mod routes;
mod server;
mod sockets;
mod streams;
mod timing;
mod trust;

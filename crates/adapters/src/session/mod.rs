//! Sessions: how a session endpoint is asked, and what its answer says. The same for every kind of backend.

mod cookies;
mod expiry;
mod fields;
pub(crate) mod form;
mod grant;
mod request;
mod template;

pub use cookies::read_cookies;
pub use expiry::Expiry;
pub(crate) use fields::FIELDS;
pub use fields::POINTER;
pub use grant::{Grant, GrantError, has_ended, read};
pub use request::{Filled, hosted_conversation, places_key, prolong, session};
pub use template::{PLACEHOLDERS, unknown_placeholder};
pub(crate) use template::{fill, holds, stranger};

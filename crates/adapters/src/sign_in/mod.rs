//! How a person signs in, in a form. The same for every kind of backend with sign-in.

mod fields;
mod form;

pub(crate) use fields::FIELDS;
pub use fields::{LOGIN_POINTER, OAUTH_SECRET};
pub use form::carried;
pub(crate) use form::{read, stays_home, write};

//! Sessions and credentials.

use super::About;

/// What can be wrong there.
pub const ALL: &[About] = &[];

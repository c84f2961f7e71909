//! The server's answer.

use super::About;

/// What can be wrong there.
pub const ALL: &[About] = &[];

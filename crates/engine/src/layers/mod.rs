//! The layers of what is configured: built in, the administrator's, the person's, the environment's. The later one wins,
//! key by key, except where the administrator has locked a key.

pub mod jsonc;
mod merge;

pub use merge::{Locks, Merged, merge};

/// Who says something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Layer {
    /// This program.
    BuiltIn,
    /// The administrator, in a file.
    Policy,
    /// The person.
    Person,
    /// The environment of the program.
    Environment,
}

impl Layer {
    /// Whether a lock of the administrator's holds against it.
    fn is_held(self) -> bool {
        self > Self::Policy
    }
}

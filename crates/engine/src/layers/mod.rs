//! The layers of what is configured: built in, the administrator's, the person's, the environment's. The later one wins,
//! key by key, except where the administrator has locked a key.

mod change;
mod environment;
mod in_force;
pub mod jsonc;
mod merge;
mod policy;
mod stack;
mod trusted;
mod understood;

#[cfg(test)]
mod tests;

pub use environment::Environment;
pub use in_force::{InForce, in_force};
pub use merge::{Locks, Merged, merge};
pub use stack::Layers;
pub use trusted::{PolicyPlace, Writer, policy_place, system_place};

pub(crate) use change::changed;
pub(crate) use environment::OWN;
pub(crate) use understood::{LISTS, built_in};

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

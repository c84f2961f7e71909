//! New versions of an installation that no package manager looks after.
//!
//! The updater plugin reads the list of releases, verifies and installs; it is given bytes and fetches none itself, so
//! that this traffic too leaves through the engine. Without the feature `updates` the plugin is not in the program, and
//! what remains says that the system's packages bring new versions.

#[cfg(not(any(test, feature = "updates")))]
mod packages;
#[cfg(any(test, feature = "updates"))]
mod signed;

#[cfg(not(any(test, feature = "updates")))]
pub use packages::{at_start, check, install, plug, source};
#[cfg(any(test, feature = "updates"))]
pub use signed::{at_start, check, install, plug, source};

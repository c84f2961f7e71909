//! Where tokens are kept: the keychain of the system, or memory. Never a file. And what keeps them out of everything that
//! is written: the [`Redactor`].
//!
//! Each connection has one entry, under the service [`SERVICE`] and the connection's id. What is in it is bound to the
//! origin that it was stored for: it is not handed out for another one. Calls block for at most [`LIMIT`].
//!
//! Nothing here logs. What is printed or told of an entry is at most its service, its account and its length.

mod entry;
mod error;
mod keychain;
mod memory;
mod redact;
#[cfg(test)]
mod room;
mod store;
mod watched;
mod worker;

use std::time::Duration;

use model::ConnectionId;

pub use entry::{ConnectionSecrets, KeptSession, KeptSignIn};
pub use error::SecretError;
pub use keychain::Keychain;
pub use memory::Memory;
pub use redact::{HIDDEN, Redactor};
pub use watched::Watched;

/// The service under which every entry stands.
pub const SERVICE: &str = "app.kittiwake.desktop";

/// How long one call may take. A locked keychain waits for a person, and a broken one for ever.
pub const LIMIT: Duration = Duration::from_secs(3);

/// A place for the secrets of connections. Its calls block.
pub trait SecretStore: Send + Sync {
    /// The secrets of a connection, if there are any: those kept for this run, else those in the store. Each of them says
    /// for which origin it is.
    ///
    /// # Errors
    ///
    /// Why the store could not be asked, or what is wrong with the entry.
    fn get(&self, connection: &ConnectionId) -> Result<Option<ConnectionSecrets>, SecretError>;

    /// Stores the secrets of a connection, in the place of those before, also of those that were kept for this run only.
    ///
    /// # Errors
    ///
    /// Why they are not stored.
    fn set(&self, connection: &ConnectionId, secrets: ConnectionSecrets) -> Result<(), SecretError>;

    /// Keeps the secrets of a connection in memory until the program ends, in front of whatever is stored. That stays,
    /// and counts again in the next run.
    ///
    /// # Errors
    ///
    /// None in the stores of this crate.
    fn set_for_this_run(&self, connection: &ConnectionId, secrets: ConnectionSecrets) -> Result<(), SecretError>;

    /// Changes the secrets of a connection where they are: those kept for this run in memory, all others in the store. An
    /// entry that is damaged is begun anew, and one in which nothing is left is removed. Where the store has no room for
    /// all of it, the session is not kept, and the key is.
    ///
    /// # Errors
    ///
    /// Why the store could not be asked, or why they are not stored.
    fn change(
        &self,
        connection: &ConnectionId,
        change: &mut dyn FnMut(&mut ConnectionSecrets),
    ) -> Result<(), SecretError>;

    /// Has somebody told each time a call has succeeded after all that took longer than [`LIMIT`], and was reported as
    /// [`SecretError::TimedOut`]: the person may have unlocked the keychain meanwhile, and asking again makes sense. Stores
    /// that are never late tell nobody.
    fn when_late(&self, tell: Box<dyn Fn() + Send + Sync>);

    /// Forgets the secrets of a connection, wherever they are. It is no error if there are none, or no keychain.
    ///
    /// # Errors
    ///
    /// Why they may still be there.
    fn delete(&self, connection: &ConnectionId) -> Result<(), SecretError>;

    /// Forgets the secrets of all connections that there are or ever were, wherever they are. It is no error if there are
    /// none, or no keychain.
    ///
    /// # Errors
    ///
    /// Why some may still be there.
    fn delete_all(&self) -> Result<(), SecretError>;
}

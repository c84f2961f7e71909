//! What a server may have done on this computer: the tools that Kittiwake has for calls (sections 3.3 and 15, step 5).
//!
//! A call is answered by a turn of its own. What the person is asked, and what was allowed for good, is decided here; a host
//! with a window lends its [`Desk`]. A call that nobody here can answer is answered so, because it would stop the
//! conversation otherwise.

mod allowed;
mod answering;
mod calls;
pub mod effects;
mod task;

use std::{
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use allowed::Allowed;
pub use calls::{Calls, asks};
use model::{ConnectionId, Failure};
#[cfg(test)]
pub use task::declined;
pub use task::is_error;
pub(crate) use task::is_unseen;

use crate::settings::SettingsFile;

/// What a host with a window does on this computer, after the person was asked.
pub trait Desk: Send + Sync {
    /// Opens an address in the browser or the mail program; without it `open_link` is no tool.
    ///
    /// # Errors
    ///
    /// If it is none that may be opened, or nothing opens it.
    fn open_link(&self, url: &str) -> Result<(), Failure>;

    /// Puts text on the clipboard; without it `copy_text` is no tool.
    ///
    /// # Errors
    ///
    /// If it is not there afterwards.
    fn copy_text(&self, text: &str) -> Result<(), Failure>;

    /// Points at the window where the person looks elsewhere; without it nobody sees what `notify` says.
    fn call_attention(&self);
}

/// The tools of a run of the program.
pub(crate) struct Tools {
    desk: Option<Arc<dyn Desk>>,
    allowed: Mutex<Allowed>,
}

impl Tools {
    /// Reads what was allowed for good. What went wrong is said beside it.
    pub fn open(dir: &Path, file: Box<dyn SettingsFile>, desk: Option<Arc<dyn Desk>>) -> (Self, Vec<Failure>) {
        let (allowed, problems) = Allowed::open(dir, file);
        (Self { desk, allowed: Mutex::new(allowed) }, problems)
    }

    /// The tools that a connection may use unasked, by their names.
    pub fn allowed(&self, connection: &ConnectionId) -> Vec<String> {
        self.lock().of(connection)
    }

    fn lock(&self) -> MutexGuard<'_, Allowed> {
        self.allowed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;

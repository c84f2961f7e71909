//! The local store, called from async code: SQLite blocks, so every call runs where blocking is allowed.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use history::{History, HistoryError, Opened};
use model::{Failure, FailureCode};

use crate::failure::{in_history, in_opening};

/// The local store.
#[derive(Clone)]
pub struct Shelf {
    history: Arc<Mutex<History>>,
}

impl Shelf {
    /// A store that is open already.
    pub fn new(history: History) -> Self {
        Self { history: Arc::new(Mutex::new(history)) }
    }

    /// Opens the store in a folder, which is made if it is missing. What was wrong with it, and could be mended, is
    /// said beside it.
    ///
    /// # Errors
    ///
    /// If the folder or the store cannot be used.
    pub async fn open(dir: PathBuf) -> Result<(Self, Vec<Failure>), Failure> {
        let file = dir.join("history.sqlite");
        let opened = tokio::task::spawn_blocking(move || History::open(&file)).await.map_err(|_| broken())?;
        let Opened { history, set_aside } = opened.map_err(|error| in_opening(&error, &dir))?;
        let told = set_aside.map(|path| {
            let words = format!(
                "The conversations on this computer could not be read, so a new file was begun. The damaged one was kept \
                 as “{}”.",
                path.file_name().unwrap_or_default().to_string_lossy()
            );
            Failure::new(FailureCode::DataDamaged, words)
        });
        Ok((Self::new(history), told.into_iter().collect()))
    }

    /// Does something with the store.
    ///
    /// # Errors
    ///
    /// What the store says, in words.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut History) -> Result<T, HistoryError> + Send + 'static,
    ) -> Result<T, Failure> {
        let history = self.history.clone();
        let work = move || work(&mut history.lock().unwrap_or_else(PoisonError::into_inner));
        tokio::task::spawn_blocking(work).await.map_err(|_| broken())?.map_err(|error| in_history(&error))
    }
}

impl std::fmt::Debug for Shelf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shelf").finish_non_exhaustive()
    }
}

fn broken() -> Failure {
    Failure::new(FailureCode::Internal, "The local store stopped working. Start Kittiwake again.")
}

//! How this run of the program was begun: where its data is, and who asked for that place.

use std::{path::PathBuf, sync::Arc};

use engine::Reports;
use model::Failure;
use secrets::Redactor;

use crate::rendering::Why;

/// How the program was begun.
pub struct Launch {
    /// The folder of all that is kept.
    pub data_dir: PathBuf,
    /// Whether somebody chose that folder: then this is another Kittiwake than the one in the usual place.
    pub chosen: Option<PathBuf>,
    /// Why the folder cannot be used at all, if so.
    pub unusable: Option<Failure>,
    /// Why the window is drawn without the graphics card, if it is.
    pub safe: Option<Why>,
    /// Keeps secrets out of what is told and written.
    pub redactor: Arc<Redactor>,
    /// The folder of the log, if there is one.
    pub logs: Option<PathBuf>,
}

impl Launch {
    /// Reads `--data-dir` and `KITTIWAKE_DATA_DIR`, and makes the folder if it is missing.
    pub fn read() -> Self {
        let mut arguments = std::env::args_os().skip(1);
        let named = arguments.find(|argument| argument == "--data-dir").and_then(|_| arguments.next());
        let chosen = engine::chosen_data_dir(named.map(PathBuf::from));
        let (data_dir, unusable) = match engine::data_dir(chosen.clone()) {
            Ok(data_dir) => (data_dir, None),
            // Whatever else is to be written finds a place of its own, or none.
            Err(failure) => (nowhere(), Some(failure)),
        };
        Self { data_dir, chosen, unusable, safe: None, redactor: Arc::default(), logs: None }
    }

    /// The crash reports of this folder.
    pub fn reports(&self) -> Reports {
        Reports::new(&self.data_dir, self.redactor.clone())
    }

    /// Begins the log, where there is a folder for it.
    pub fn begin_log(&mut self) {
        if self.unusable.is_none() {
            self.logs = logs::begin(&self.data_dir, "kittiwake", self.redactor.clone());
        }
    }
}

/// A folder that is not there, for a run without a data folder.
fn nowhere() -> PathBuf {
    std::env::temp_dir().join(format!("kittiwake-{}", std::process::id()))
}

//! The log of a program: what it did and what failed, never what was typed or answered.
//!
//! Events are `tracing`'s. A host calls [`begin`] once; every line then goes through the redactor into a file in the
//! folder [`FOLDER`] of the data folder. A line is in the file when the call returns, so that a program that ends badly
//! has told what came before; therefore nothing that happens for each piece of an answer may be an event.

mod file;

use std::{
    env, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use secrets::Redactor;
use tracing::{Subscriber, level_filters::LevelFilter, subscriber::set_global_default};
use tracing_subscriber::{
    Layer,
    filter::{FilterExt, Targets, filter_fn},
    fmt::{self, MakeWriter},
    layer::SubscriberExt,
    registry,
};

use crate::file::LogFile;

/// The folder of the logs in the data folder.
pub const FOLDER: &str = "logs";

/// The environment variable that says how much is written: a level (`off`, `error`, `warn`, `info`, `debug`, `trace`), or
/// levels of parts, as in `info,engine::session=debug`.
pub const VARIABLE: &str = "KITTIWAKE_LOG";

/// Whose events are written. Libraries tell of headers and bodies, so none of theirs are, at whatever level.
const OURS: [&str; 10] = [
    "adapters",
    "engine",
    "guide",
    "history",
    "kittiwake",
    "kittiwake_cli",
    "logs",
    "markdown",
    "secrets",
    "transport",
];

/// Writes the log of this process from now on, into `<program>.log` and a few older ones beside it. Answers the folder;
/// nothing if there can be no log, which is no failure: whoever has no log can still talk.
pub fn begin(data_dir: &Path, program: &str, redactor: Arc<Redactor>) -> Option<PathBuf> {
    let folder = data_dir.join(FOLDER);
    let lines = Lines { file: Arc::new(Mutex::new(LogFile::open(&folder, program).ok()?)), redactor };
    let wanted = wanted(env::var(VARIABLE).ok().as_deref());
    let unreadable = wanted.is_none();
    set_global_default(subscriber(wanted.unwrap_or_else(usual), lines)).ok()?;
    let (version, system, machine) = (env!("CARGO_PKG_VERSION"), env::consts::OS, env::consts::ARCH);
    tracing::info!(program, version, system, machine, process = std::process::id(), "started");
    if unreadable {
        tracing::warn!("{VARIABLE} is neither a level nor a list of parts with levels, and is ignored");
    }
    Some(folder)
}

/// What is written where nobody says anything else.
fn usual() -> Targets {
    Targets::new().with_default(LevelFilter::INFO)
}

/// What is to be written; nothing if it cannot be understood.
fn wanted(variable: Option<&str>) -> Option<Targets> {
    match variable.map(str::trim) {
        None | Some("") => Some(usual()),
        Some(levels) => levels.parse().ok(),
    }
}

fn subscriber(wanted: Targets, lines: Lines) -> impl Subscriber + Send + Sync {
    let ours = filter_fn(|meta| OURS.contains(&meta.target().split("::").next().unwrap_or_default()));
    registry().with(fmt::layer().with_ansi(false).with_writer(lines).with_filter(wanted.and(ours)))
}

/// Where lines go.
#[derive(Clone)]
struct Lines {
    file: Arc<Mutex<LogFile>>,
    redactor: Arc<Redactor>,
}

impl MakeWriter<'_> for Lines {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

impl io::Write for Lines {
    /// Takes an event as it was formatted: always a whole one.
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(event);
        // One event is one line, whatever a server's words have in them.
        let line = text.trim_end().replace(['\n', '\r'], " ");
        let line = format!("{}\n", self.redactor.clean(&line));
        // On a full disk there is no log, and everything else goes on.
        let _ = self.file.lock().unwrap_or_else(PoisonError::into_inner).write(line.as_bytes());
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use tracing::subscriber::with_default;

    use super::*;

    /// What is in the log after the work.
    fn logged(levels: Option<&str>, work: impl FnOnce(&Redactor)) -> String {
        let (dir, redactor) = (tempfile::tempdir().unwrap(), Arc::new(Redactor::new()));
        let file = LogFile::open(dir.path(), "test").unwrap();
        let lines = Lines { file: Arc::new(Mutex::new(file)), redactor: redactor.clone() };
        with_default(subscriber(wanted(levels).unwrap(), lines), || work(&redactor));
        fs::read_to_string(dir.path().join("test.log")).unwrap()
    }

    #[test]
    fn a_line_has_its_time_level_place_and_words_and_no_secret() {
        let log = logged(None, |redactor| {
            redactor.register(&"sesame\"street".into());
            tracing::warn!(status = 401, detail = "no sesame\"street\nnor\u{1b}[2J sesame", "refused");
            tracing::info!("cut sesame\"");
        });
        let lines: Vec<_> = log.lines().collect();
        assert_eq!(lines.len(), 2, "{log}");
        assert!(lines[0].contains("WARN logs::tests: refused status=401 detail=\"no [hidden]"), "{log}");
        assert!(lines[0].starts_with("20") && lines[1].ends_with("cut [hidden]"), "{log}");
        assert!(!log.contains('\u{1b}') && !log.contains("street"), "{log}");
    }

    #[test]
    fn the_level_is_chosen_and_libraries_are_never_written() {
        let work = |_: &Redactor| {
            tracing::info!("ours, by default");
            tracing::debug!("ours, wanted");
            tracing::error!(target: "hyper::proto", "a library");
            tracing::error!(target: "engines", "a stranger");
            tracing::debug!(target: "engine::session", "a part");
        };
        let count = |levels| logged(levels, work).lines().count();
        assert_eq!((count(None), count(Some(" ")), count(Some("off"))), (1, 1, 0));
        assert_eq!((count(Some("trace")), count(Some("warn,engine=debug"))), (3, 1));
        assert!(!logged(Some("trace"), work).contains("library"));
        assert!(wanted(Some("=much=")).is_none());
    }
}

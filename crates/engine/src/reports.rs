//! Crash reports: written where the program fails, offered at the next start, sent nowhere.
//!
//! A report must not hold what the person typed or a secret. So a message is kept only if it is a literal of the source:
//! one that was put together at run time may hold anything. The whole goes through the redactor all the same.

use std::{
    backtrace::Backtrace,
    fs, io,
    panic::{self, PanicHookInfo},
    path::{Path, PathBuf},
    sync::Arc,
    thread,
};

use jiff::Timestamp;
use secrets::Redactor;
use tokio::sync::mpsc::{self, UnboundedReceiver};

use crate::{folder::make, settings::replace, view::CrashReport};

/// How many reports are kept. The first one of a series tells the most, but older ones say that it is a series.
const KEPT: usize = 5;

/// More than this of a report is not shown.
const SHOWN: usize = 64 * 1024;

/// The beginning of the name of a report that was not offered yet, and of one that was.
const NEW: &str = "new-";
const SEEN: &str = "seen-";

/// What the standard library says when a failure reaches code that cannot be unwound, after the failure itself.
const AFTERMATH: &str = "panic in a function that cannot unwind";

/// The reports in a data folder.
#[derive(Debug, Clone)]
pub struct Reports {
    dir: PathBuf,
    redactor: Arc<Redactor>,
}

impl Reports {
    /// Those in `reports` below the data folder.
    pub fn new(data_dir: &Path, redactor: Arc<Redactor>) -> Self {
        Self { dir: data_dir.join("reports"), redactor }
    }

    /// Writes a report whenever a thread of this program fails from now on. The receiver hears of each, so that a host
    /// that goes on can say so: a failure on a thread of the runtime ends one task, and not the program.
    pub fn on_panic(&self) -> UnboundedReceiver<()> {
        let (sender, receiver) = mpsc::unbounded_channel();
        let reports = self.clone();
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if literal(info) == Some(AFTERMATH) {
                return;
            }
            let written = reports.write(title(), &facts(info));
            // What it says on the terminal ends in the system's journal, where a literal is harmless as well; whoever
            // builds the program wants all of it.
            if cfg!(debug_assertions) {
                before(info);
            }
            match written {
                Ok(path) => eprintln!("{}. The report is in {}.", title(), path.display()),
                Err(error) => eprintln!("{} at {}. No report: {error}.", title(), place(info)),
            }
            // Nobody has to listen.
            let _ = sender.send(());
        }));
        receiver
    }

    /// Writes a report: a line that says what happened, and what is known of it.
    ///
    /// # Errors
    ///
    /// If the folder cannot be written to.
    pub fn write(&self, title: &str, facts: &str) -> io::Result<PathBuf> {
        make(&self.dir)?;
        let now = Timestamp::now();
        let text = format!(
            "{title}\n\ntime: {now}\nversion: {}\nsystem: {} {}\n{facts}",
            env!("CARGO_PKG_VERSION"),
            std::env::consts::OS,
            std::env::consts::ARCH,
        );
        let name = format!("{NEW}{}-{}.txt", now.strftime("%Y%m%dT%H%M%S%6fZ"), std::process::id());
        let path = self.dir.join(name);
        replace(&path, self.redactor.clean(&text).as_bytes())?;
        let mut all = self.all();
        all.sort_unstable_by_key(|path| std::cmp::Reverse(written_at(path)));
        for old in all.iter().skip(KEPT) {
            // One too many does no harm.
            let _ = fs::remove_file(old);
        }
        Ok(path)
    }

    /// The newest report that was not offered yet.
    pub fn newest(&self) -> Option<CrashReport> {
        let new = self.all().into_iter().filter(|path| name(path).starts_with(NEW));
        let path = new.max_by_key(|path| written_at(path))?;
        let mut text = String::from_utf8_lossy(&fs::read(&path).ok()?).into_owned();
        text.truncate(text.floor_char_boundary(SHOWN));
        let title = text.lines().next().unwrap_or_default().to_owned();
        Some(CrashReport { title, text, folder: self.dir.display().to_string() })
    }

    /// Offers none of the reports again, and keeps them.
    ///
    /// # Errors
    ///
    /// If the folder cannot be written to.
    pub fn keep(&self) -> io::Result<()> {
        for path in self.all() {
            if let Some(rest) = name(&path).strip_prefix(NEW) {
                fs::rename(&path, path.with_file_name(format!("{SEEN}{rest}")))?;
            }
        }
        Ok(())
    }

    /// Deletes all reports.
    ///
    /// # Errors
    ///
    /// If one cannot be deleted.
    pub fn delete(&self) -> io::Result<()> {
        self.all().into_iter().try_for_each(fs::remove_file)
    }

    fn all(&self) -> Vec<PathBuf> {
        let found = fs::read_dir(&self.dir).into_iter().flatten().flatten().map(|entry| entry.path());
        found.filter(|path| [NEW, SEEN].iter().any(|start| name(path).starts_with(start))).collect()
    }
}

fn name(path: &Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).unwrap_or_default()
}

/// The time in a report's name, which sorts as it is.
fn written_at(path: &Path) -> String {
    name(path).trim_start_matches(NEW).trim_start_matches(SEEN).to_owned()
}

/// A failure of the main thread takes the window with it. One of another thread ends what that thread was doing.
fn title() -> &'static str {
    match thread::current().name() {
        Some("main") => "Kittiwake ended unexpectedly",
        _ => "A part of Kittiwake failed",
    }
}

fn facts(info: &PanicHookInfo<'_>) -> String {
    let thread = thread::current();
    let message = literal(info).unwrap_or("(left out: it was put together at run time and may hold what you typed)");
    format!(
        "thread: {}\nplace: {}\nmessage: {message}\nloaded at: {}\n\n{:#}",
        thread.name().unwrap_or("(without a name)"),
        place(info),
        loaded_at().unwrap_or_default(),
        Backtrace::force_capture(),
    )
}

fn literal<'a>(info: &'a PanicHookInfo<'_>) -> Option<&'a str> {
    info.payload().downcast_ref::<&'static str>().copied()
}

fn place(info: &PanicHookInfo<'_>) -> String {
    info.location().map(ToString::to_string).unwrap_or_default()
}

/// Where the program lies in memory: without it, the addresses of a program without symbols cannot be looked up.
fn loaded_at() -> Option<String> {
    let program = std::env::current_exe().ok()?;
    let maps = fs::read_to_string("/proc/self/maps").ok()?;
    let line = maps.lines().find(|line| line.ends_with(&*program.to_string_lossy()))?;
    Some(format!("0x{}", line.split('-').next()?))
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    const CHILD: &str = "KITTIWAKE_TEST_REPORTS";
    const SECRET: &str = "sk-hunter2";
    /// How the child ends once the host was told of the failure.
    const TOLD: i32 = 7;

    fn texts(dir: &Path) -> Vec<String> {
        Reports::new(dir, Arc::default()).all().iter().map(|path| fs::read_to_string(path).unwrap()).collect()
    }

    /// Fails in a process of its own, in a thread of that name, and answers what was written.
    fn fails(how: &str) -> Vec<String> {
        let dir = tempfile::tempdir().unwrap();
        let mut child = Command::new(std::env::current_exe().unwrap());
        child.args(["--exact", "reports::tests::the_child_fails", "--ignored", "--nocapture", "--test-threads=1"]);
        let ended = child.env(CHILD, dir.path()).env("KITTIWAKE_TEST_HOW", how).output().unwrap();
        assert_eq!(ended.status.code(), Some(TOLD));
        texts(dir.path())
    }

    #[test]
    #[ignore = "fails on purpose, in the child process of the tests below"]
    fn the_child_fails() {
        let dir = PathBuf::from(std::env::var_os(CHILD).unwrap());
        let mut told = Reports::new(&dir, Arc::default()).on_panic();
        let work = || match std::env::var("KITTIWAKE_TEST_HOW").unwrap().as_str() {
            "literal" | "main" => panic!("the tide is out"),
            "formatted" => panic!("{SECRET} cannot be used"),
            _ => drop("x".parse::<u32>().map_err(|error| format!("{SECRET}: {error}")).unwrap()),
        };
        let name = if std::env::var("KITTIWAKE_TEST_HOW").unwrap() == "main" { "main" } else { "worker" };
        let ended = thread::Builder::new().name(name.into()).spawn(work).unwrap().join();
        std::process::exit(if ended.is_err() && told.try_recv().is_ok() { TOLD } else { 1 });
    }

    #[test]
    fn a_failure_leaves_a_report_with_its_place_and_the_message_of_the_source() {
        let reports = fails("literal");
        let [report] = reports.as_slice() else { panic!("{reports:?}") };
        assert!(report.starts_with("A part of Kittiwake failed\n"), "{report}");
        for fact in ["thread: worker", "reports.rs:", "message: the tide is out", "version: 0.", "system: "] {
            assert!(report.contains(fact), "no {fact} in {report}");
        }
        assert!(report.contains("the_child_fails"), "no backtrace in {report}");
    }

    #[test]
    fn a_failure_of_the_main_thread_is_the_end_of_the_program() {
        let reports = fails("main");
        let [report] = reports.as_slice() else { panic!("{reports:?}") };
        assert!(report.starts_with("Kittiwake ended unexpectedly\n"), "{report}");
    }

    #[test]
    fn what_was_put_together_at_run_time_is_left_out() {
        for how in ["formatted", "unwrapped"] {
            let reports = fails(how);
            let [report] = reports.as_slice() else { panic!("{reports:?}") };
            assert!(!report.contains(SECRET) && report.contains("message: (left out"), "{report}");
        }
    }

    #[test]
    fn a_secret_is_in_no_report() {
        let (dir, redactor) = (tempfile::tempdir().unwrap(), Arc::new(Redactor::new()));
        redactor.register(&"sesame-street".into());
        let written = Reports::new(dir.path(), redactor).write("No sesame-street", "token=abc").unwrap();
        let text = fs::read_to_string(written).unwrap();
        assert!(text.starts_with("No [hidden]\n") && text.ends_with("token=[hidden]"), "{text}");
    }

    #[test]
    fn a_handful_is_kept_and_the_newest_is_offered_until_it_was_seen() {
        let dir = tempfile::tempdir().unwrap();
        let reports = Reports::new(dir.path(), Arc::default());
        assert!(reports.newest().is_none());
        for number in 0..KEPT + 3 {
            reports.write(&format!("Number {number}"), "").unwrap();
        }
        assert_eq!(texts(dir.path()).len(), KEPT);
        let newest = reports.newest().unwrap();
        assert_eq!(newest.title, format!("Number {}", KEPT + 2));
        assert!(newest.text.starts_with(&newest.title) && Path::new(&newest.folder).exists());
        reports.keep().unwrap();
        assert!(reports.newest().is_none());
        assert_eq!(texts(dir.path()).len(), KEPT);
        reports.write("Another", "").unwrap();
        assert_eq!(reports.newest().unwrap().title, "Another");
        reports.delete().unwrap();
        assert!(reports.newest().is_none() && texts(dir.path()).is_empty());
    }
}

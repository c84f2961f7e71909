//! What the doctor finds on this computer: a data folder that is full or read-only, a keychain that is absent, locked or
//! slow, and a server that answers slower than it usually does. A real keyring is asked in `doctor.rs`.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test's helpers fail as the test does")]

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
    sync::Arc,
    thread,
    time::Duration,
};

use acceptance::{
    bench::Bench,
    gated::{added, assistant_message, delta, done, opening},
};
use engine::{
    Check, Engine, EngineConfig,
    view::{CheckOutcome, CheckStep, CheckStepKind, CheckVerdict, CheckView, ConnectionDraft},
};
use model::{Appearance, ConnectionId, FailureCode, Finding};
use secrets::{ConnectionSecrets, Memory, SecretError, SecretStore};
use tempfile::TempDir;

async fn ended(mut check: Check) -> CheckView {
    let mut last = None;
    while let Some(view) = check.next().await {
        last = Some(view);
    }
    last.unwrap()
}

fn step(view: &CheckView, kind: CheckStepKind) -> &CheckStep {
    view.steps.iter().find(|step| step.kind == kind).unwrap_or_else(|| panic!("{view:?}"))
}

fn found(step: &CheckStep) -> Option<Finding> {
    step.finding.as_ref().map(|finding| finding.name)
}

/// A disk of its own, of one megabyte. None where this account may not mount one.
struct SmallDisk(TempDir);

impl SmallDisk {
    fn new() -> Option<Self> {
        let dir = tempfile::tempdir().unwrap();
        mount(&["-t", "tmpfs", "-o", "size=1m", "none"], dir.path()).then_some(Self(dir))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.0.path()).status();
    }
}

fn mount(how: &[&str], at: &Path) -> bool {
    let status = Command::new("mount").args(how).arg(at).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}

/// A folder to which nothing can be written any more; files that are open stay so.
struct ReadOnly<'a>(&'a Path);

impl<'a> ReadOnly<'a> {
    fn new(dir: &'a Path) -> Self {
        let again = dir.to_str().unwrap();
        assert!(mount(&["--bind", again], dir) && mount(&["-o", "remount,bind,ro"], dir));
        Self(dir)
    }
}

impl Drop for ReadOnly<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.0).status();
    }
}

#[tokio::test]
async fn a_full_disk_and_one_that_is_nearly_full_are_found_while_the_server_works() {
    let Some(disk) = SmallDisk::new() else {
        eprintln!("left out: this account may not mount a small disk");
        return;
    };
    let mut bench = Bench::with(|config| config.data_dir = disk.0.path().to_owned()).await;
    let view = hello(&mut bench, Duration::ZERO).await;
    let folder = step(&view, CheckStepKind::Folder);
    assert_eq!((folder.outcome, found(folder)), (CheckOutcome::Noted, Some(Finding::DiskFull)), "{folder:?}");
    assert!(folder.line.contains("has only"), "{folder:?}");
    assert!(folder.facts.iter().any(|fact| fact.name == "Room"), "{folder:?}");

    let filler = disk.0.path().join("filler");
    fs::write(&filler, vec![0; 1 << 20]).unwrap_err();
    let view = hello(&mut bench, Duration::ZERO).await;
    let folder = step(&view, CheckStepKind::Folder);
    assert_eq!((folder.outcome, found(folder)), (CheckOutcome::Noted, Some(Finding::DiskFull)), "{folder:?}");
    assert!(folder.line.contains("no room left"), "{folder:?}");
    // The server answers all the same, and that is what the test is about.
    assert_eq!(view.verdict, CheckVerdict::Works);
    let report = view.report.unwrap();
    assert!(report.contains("(disk-full)") && report.contains("“--data-dir FOLDER”"), "{report}");
    let unsaved = bench.engine.set_appearance(Appearance::default()).await.unwrap_err();
    assert_eq!((unsaved.code, unsaved.finding), (FailureCode::DiskFull, Some(Finding::DiskFull)), "{unsaved}");
    fs::remove_file(&filler).unwrap();
}

#[tokio::test]
async fn a_read_only_folder_is_found_when_it_is_looked_at_written_to_and_opened() {
    let Some(disk) = SmallDisk::new() else {
        eprintln!("left out: this account may not mount a small disk");
        return;
    };
    let mut bench = Bench::with(|config| config.data_dir = disk.0.path().to_owned()).await;
    let _read_only = ReadOnly::new(disk.0.path());
    let view = hello(&mut bench, Duration::ZERO).await;
    let folder = step(&view, CheckStepKind::Folder);
    assert_eq!((folder.outcome, found(folder)), (CheckOutcome::Noted, Some(Finding::FolderReadOnly)), "{folder:?}");
    let unsaved = bench.engine.set_appearance(Appearance::default()).await.unwrap_err();
    assert_eq!(unsaved.finding, Some(Finding::FolderReadOnly), "{unsaved}");
    bench.engine.close().await;
    let opened = Engine::open(EngineConfig::new(disk.0.path().join("elsewhere"))).await;
    let failure = opened.err().unwrap();
    assert_eq!((failure.code, failure.finding), (FailureCode::DiskFull, Some(Finding::FolderReadOnly)), "{failure}");
}

/// A store that answers late, or not at all.
#[derive(Clone)]
struct Odd {
    trouble: Option<SecretError>,
    late: Duration,
    entries: Arc<Memory>,
}

impl Odd {
    fn get_to_it(&self) -> Result<&Memory, SecretError> {
        thread::sleep(self.late);
        self.trouble.clone().map_or(Ok(&*self.entries), Err)
    }
}

impl SecretStore for Odd {
    fn get(&self, id: &ConnectionId) -> Result<Option<ConnectionSecrets>, SecretError> {
        self.get_to_it()?.get(id)
    }
    fn set(&self, id: &ConnectionId, secrets: ConnectionSecrets) -> Result<(), SecretError> {
        self.get_to_it()?.set(id, secrets)
    }
    fn set_for_this_run(&self, id: &ConnectionId, secrets: ConnectionSecrets) -> Result<(), SecretError> {
        self.entries.set_for_this_run(id, secrets)
    }
    fn change(&self, id: &ConnectionId, change: &mut dyn FnMut(&mut ConnectionSecrets)) -> Result<(), SecretError> {
        self.get_to_it()?.change(id, change)
    }
    fn delete(&self, id: &ConnectionId) -> Result<(), SecretError> {
        self.get_to_it()?.delete(id)
    }
    fn when_late(&self, _: Box<dyn Fn() + Send + Sync>) {}
    fn delete_all(&self) -> Result<(), SecretError> {
        self.get_to_it()?.delete_all()
    }
}

#[tokio::test]
async fn each_trouble_with_a_keychain_has_its_name_and_ends_the_test_only_where_something_is_needed_of_it() {
    for (trouble, finding) in [
        (SecretError::Absent, Finding::KeychainAbsent),
        (SecretError::Locked, Finding::KeychainLocked),
        (SecretError::TimedOut, Finding::KeychainSlow),
    ] {
        let (dir, entries) = (tempfile::tempdir().unwrap(), Arc::new(Memory::default()));
        let whole = EngineConfig { secrets: entries.clone(), ..EngineConfig::new(dir.path().to_owned()) };
        let engine = Engine::open(whole).await.unwrap();
        let token = ConnectionDraft {
            token: Some("sesame".into()),
            ..ConnectionDraft::server("Office", "http://127.0.0.1:9/")
        };
        let with_token = engine.add_connection(token).await.unwrap().id;
        let mut open = ConnectionDraft::server("Open", "http://127.0.0.1:9/");
        let session = [("session", "endpoint"), ("session_url", "http://127.0.0.1:9/s")];
        open.values.extend(session.map(|(key, value)| (key.to_owned(), value.to_owned())));
        let without = engine.add_connection(open).await.unwrap().id;
        engine.close().await;

        let odd = Arc::new(Odd { trouble: Some(trouble), late: Duration::ZERO, entries });
        let config = EngineConfig { secrets: odd, ..EngineConfig::new(dir.path().to_owned()) };
        let engine = Engine::open(config).await.unwrap();
        let view = ended(engine.test_connection(&with_token).unwrap()).await;
        let keychain = step(&view, CheckStepKind::Keychain);
        assert_eq!((keychain.outcome, found(keychain)), (CheckOutcome::Failed, Some(finding)), "{keychain:?}");
        assert_eq!(keychain.failure.as_ref().unwrap().finding, Some(finding));
        assert!(view.steps[1..].iter().all(|step| step.outcome == CheckOutcome::Skipped), "{view:?}");
        // Such an endpoint asks for no key, and only the session would have been read.
        let view = ended(engine.test_connection(&without).unwrap()).await;
        let keychain = step(&view, CheckStepKind::Keychain);
        assert_eq!((keychain.outcome, found(keychain)), (CheckOutcome::Noted, Some(finding)), "{keychain:?}");
        assert_ne!(step(&view, CheckStepKind::Name).outcome, CheckOutcome::Skipped, "{view:?}");
        engine.close().await;
    }
}

#[tokio::test]
async fn a_new_connection_without_secrets_needs_no_keychain() {
    let dir = tempfile::tempdir().unwrap();
    let absent = Odd { trouble: Some(SecretError::Absent), late: Duration::ZERO, entries: Arc::default() };
    let config = EngineConfig { secrets: Arc::new(absent), ..EngineConfig::new(dir.path().to_owned()) };
    let engine = Engine::open(config).await.unwrap();
    let typed = |token: &str| {
        let server = ConnectionDraft::server("Office", "http://127.0.0.1:9/");
        ConnectionDraft { token: Some(token.into()), ..server }
    };
    engine.add_connection(typed("")).await.unwrap();
    let failure = engine.add_connection(typed("sesame")).await.unwrap_err();
    assert_eq!(failure.code, FailureCode::KeychainAbsent);
    engine.close().await;
}

#[tokio::test]
async fn a_keychain_that_takes_longer_than_a_second_is_noted() {
    let late = Duration::from_millis(1_100);
    let odd = Odd { trouble: None, late, entries: Arc::default() };
    let mut bench = Bench::with(|config| config.secrets = Arc::new(odd)).await;
    let view = hello(&mut bench, Duration::ZERO).await;
    let keychain = step(&view, CheckStepKind::Keychain);
    assert_eq!((keychain.outcome, found(keychain)), (CheckOutcome::Noted, Some(Finding::KeychainSlow)), "{view:?}");
    assert_eq!(view.verdict, CheckVerdict::Works);
}

#[tokio::test]
async fn an_answer_that_begins_much_later_than_usual_is_noted_once_there_is_something_usual() {
    let mut bench = Bench::new().await;
    let late = Duration::from_millis(900);
    for _ in 0..9 {
        bench.answered().await;
    }
    let view = hello(&mut bench, late).await;
    assert_eq!(found(step(&view, CheckStepKind::Hello)), None, "nine turns say nothing: {view:?}");
    bench.answered().await;
    let view = hello(&mut bench, late).await;
    let told = step(&view, CheckStepKind::Hello);
    assert_eq!((told.outcome, found(told)), (CheckOutcome::Noted, Some(Finding::SlowerThanUsual)), "{told:?}");
    assert!(told.line.contains("usual for this connection are"), "{told:?}");
    assert_eq!(view.verdict, CheckVerdict::Works);
    let view = hello(&mut bench, Duration::ZERO).await;
    assert_eq!(found(step(&view, CheckStepKind::Hello)), None, "{view:?}");
    let latency = bench.engine.connection_latency(&bench.connection).await.unwrap();
    assert_eq!((latency.turns.len(), latency.today.map(|today| today.turns)), (10, Some(10)), "tests are no turns");
}

/// The test of the bench's connection, whose server thinks for a while before it answers the hello word by word.
async fn hello(bench: &mut Bench, thinks: Duration) -> CheckView {
    let check = bench.engine.test_connection(&bench.connection).unwrap();
    let server = &mut bench.server;
    let answers = async {
        let mut exchange = server.next().await;
        exchange.begin_with(opening("Hello")).await;
        exchange.event(added("m")).await;
        // How long it takes is what is measured.
        tokio::time::sleep(thinks).await;
        for word in ["Yes", ", here", " I am"] {
            exchange.event(delta("m", word)).await;
            tokio::time::sleep(Duration::from_millis(40)).await;
        }
        exchange.event(done(assistant_message("m", "Yes, here I am"))).await;
        exchange.end().await;
    };
    let (view, ()) = tokio::join!(ended(check), answers);
    view
}

//! A data folder that is of another version, damaged, or full.
#![allow(clippy::unwrap_used, reason = "a test's helpers fail as the test does")]

use std::{fs, sync::Arc};

use acceptance::{
    bench::{Bench, config},
    gated::{added, assistant_message, delta, done, opening},
    screen::Screen,
};
use engine::{
    Engine,
    view::{AppMessage, AppView, TurnOutcome},
};
use model::{Failure, FailureCode};
use tempfile::TempDir;

async fn open(dir: &TempDir) -> Result<Engine, Failure> {
    Engine::open(config(dir, &Arc::default())).await
}

async fn app(engine: &Engine) -> AppView {
    match engine.subscribe_app().next().await {
        Some(AppMessage::Snapshot { app }) => app,
        other => panic!("the first message is a snapshot, not {other:?}"),
    }
}

#[tokio::test]
async fn conversations_of_a_newer_version_are_left_as_they_are() {
    let dir = tempfile::tempdir().unwrap();
    open(&dir).await.unwrap().close().await;
    let file = dir.path().join("history.sqlite");
    // SQLite keeps `user_version` in the four bytes at 60 of the header.
    let mut bytes = fs::read(&file).unwrap();
    bytes[60..64].copy_from_slice(&9_999u32.to_be_bytes());
    for file in ["history.sqlite-wal", "history.sqlite-shm"] {
        let _ = fs::remove_file(dir.path().join(file));
    }
    fs::write(&file, &bytes).unwrap();
    let Err(failure) = open(&dir).await else { panic!("it must not be opened") };
    assert_eq!(failure.code, FailureCode::NewerVersion);
    assert!(failure.message.contains("newer"), "{}", failure.message);
    assert!(fs::read(&file).unwrap() == bytes, "the file was changed");
}

#[tokio::test]
async fn a_damaged_file_is_set_aside_and_told() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("history.sqlite"), "no database".repeat(500)).unwrap();
    fs::write(dir.path().join("settings.json"), "{\"connections\": [").unwrap();
    let engine = open(&dir).await.unwrap();
    let problems = app(&engine).await.problems;
    assert_eq!(problems.len(), 2, "{problems:?}");
    for problem in problems {
        assert_eq!(problem.code, FailureCode::DataDamaged);
        let kept = problem.message.split('“').nth(1).unwrap().split('”').next().unwrap();
        assert!(dir.path().join(kept).exists(), "{}", problem.message);
    }
}

/// A folder on a disk of one megabyte. None where this account may not mount one.
#[cfg(target_os = "linux")]
struct SmallDisk(TempDir);

#[cfg(target_os = "linux")]
impl SmallDisk {
    fn new() -> Option<Self> {
        let dir = tempfile::tempdir().unwrap();
        let mut mount = std::process::Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=1m", "none"]).arg(dir.path()).stderr(std::process::Stdio::null());
        mount.status().is_ok_and(|status| status.success()).then_some(Self(dir))
    }
}

#[cfg(target_os = "linux")]
impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = std::process::Command::new("umount").arg("-l").arg(self.0.path()).status();
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_full_disk_is_told_and_takes_nothing_from_the_screen_or_from_before() {
    let Some(disk) = SmallDisk::new() else {
        eprintln!("left out: this account may not mount a small disk");
        return;
    };
    let mut bench = Bench::with(|config| config.data_dir = disk.0.path().to_owned()).await;
    let before = bench.answered().await;
    let filler = disk.0.path().join("filler");
    fs::write(&filler, vec![0; 1 << 20]).unwrap_err();

    let thread = bench.send(None, "more").await;
    let mut screen = Screen::open(&bench.engine, &thread).await;
    let mut exchange = bench.server.next().await;
    exchange.begin_with(opening("more")).await;
    let text = "word ".repeat(20_000);
    exchange.event(added("msg_9")).await;
    exchange.event(delta("msg_9", &text)).await;
    exchange.event(done(assistant_message("msg_9", &text))).await;
    exchange.end().await;
    assert_eq!(screen.ended().await, TurnOutcome::Done);
    assert_eq!(screen.last_text().trim_end(), text.trim_end());
    let problems = app(&bench.engine).await.problems;
    assert!(problems.iter().any(|problem| problem.code == FailureCode::DiskFull), "{problems:?}");
    assert_eq!(Screen::open(&bench.engine, &before).await.texts(), ["hello", "Hello there"]);

    // With room again, what is on screen is kept after all.
    fs::remove_file(&filler).unwrap();
    bench.engine.close().await;
    let engine = Engine::open(engine::EngineConfig::new(disk.0.path().to_owned())).await.unwrap();
    assert_eq!(Screen::open(&engine, &thread).await.last_text().trim_end(), text.trim_end());
    assert_eq!(Screen::open(&engine, &before).await.texts(), ["hello", "Hello there"]);
}

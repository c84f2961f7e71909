//! A disk that is really full: a file system of 1 MB, mounted where only this test sees it.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail by panicking")]
#![cfg(target_os = "linux")]

use std::{env, fs, io::Write, path::Path, process::Command};

use history::{Change, History, HistoryError};
use model::{ConnectionId, Extra, Item, ItemBody, ItemStage, StoredItem, Thread, ThreadId, ThreadStatus, UserMessage};

/// Names the folder in which the child process finds the small file system.
const CHILD: &str = "KITTIWAKE_TEST_FULL_DISK";

fn thread() -> Thread {
    Thread {
        id: ThreadId::from("a"),
        connection: ConnectionId::from("office"),
        remote: None,
        title: None,
        status: ThreadStatus::Active,
        created_at: 1,
        updated_at: 1,
    }
}

fn put(history: &mut History, rank: i64) -> Result<(), HistoryError> {
    let body = ItemBody::UserMessage(UserMessage::text("four words of text ".repeat(100)));
    let item = Item { id: rank.to_string().as_str().into(), created_at: None, body, extra: Extra::new() };
    history.apply(&thread().id, [Change::PutItem { rank, item: StoredItem { item, stage: ItemStage::Done } }])
}

fn kept(history: &History) -> usize {
    history.items(&thread().id, None, usize::MAX).unwrap().len()
}

/// Takes what room is left.
fn fill(path: &Path) {
    let mut file = fs::File::create(path).unwrap();
    while file.write_all(&[0; 4096]).is_ok() {}
}

fn on_a_small_disk(dir: &Path) {
    let path = dir.join("history.sqlite");
    let mut history = History::open(&path).unwrap().history;
    history.put_thread(&thread()).unwrap();
    let mut acknowledged = 0;
    let error = loop {
        match put(&mut history, acknowledged) {
            Ok(()) => acknowledged += 1,
            Err(error) => break error,
        }
    };
    assert!(matches!(error, HistoryError::DiskFull { .. }), "{error:?}");
    let expected = usize::try_from(acknowledged).unwrap();
    assert!(expected > 10 && kept(&history) == expected, "{expected} acknowledged, {} kept", kept(&history));
    assert_eq!(history.search("words", 5).unwrap().len(), 1);
    drop(history);

    // The same after a restart with the disk still full, if it can be opened at all.
    fill(&dir.join("filling"));
    match History::open(&path) {
        Ok(opened) => assert_eq!((opened.set_aside, kept(&opened.history)), (None, expected)),
        Err(error) => assert!(matches!(error, HistoryError::DiskFull { .. }), "{error:?}"),
    }

    let more = Command::new("mount").args(["-o", "remount,size=8m"]).arg(dir).status().unwrap();
    assert!(more.success());
    let opened = History::open(&path).unwrap();
    assert_eq!(opened.set_aside, None);
    let mut history = opened.history;
    assert_eq!(kept(&history), expected);
    put(&mut history, acknowledged).unwrap();
    assert_eq!(kept(&history), expected + 1);
}

#[test]
fn a_full_disk_loses_nothing_and_writing_goes_on_when_there_is_room() {
    if let Some(dir) = env::var_os(CHILD) {
        return on_a_small_disk(dir.as_ref());
    }
    let dir = tempfile::tempdir().unwrap();
    let mount = "mount -t tmpfs -o size=1m none \"$0\" || exit 77; exec \"$@\"";
    let name = "a_full_disk_loses_nothing_and_writing_goes_on_when_there_is_room";
    let done = Command::new("unshare")
        .args(["--mount", "--map-root-user", "sh", "-c", mount])
        .arg(dir.path())
        .arg(env::current_exe().unwrap())
        .args(["--exact", name, "--nocapture"])
        .env(CHILD, dir.path())
        .output();
    let done = done.expect("unshare, which is part of util-linux");
    let said = String::from_utf8_lossy(&done.stderr);
    if done.status.code() == Some(77) || said.contains("unshare failed") {
        // The unit test with a limited number of pages stands in for it.
        eprintln!("left out: this system does not let a test mount a file system ({})", said.trim());
        return;
    }
    assert!(done.status.success(), "{}\n{said}", String::from_utf8_lossy(&done.stdout));
}

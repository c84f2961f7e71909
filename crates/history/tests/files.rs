//! The store's file: damaged, of another version, private, and in a program that is killed.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a test may fail by panicking, and talks to its child"
)]

use std::{
    env, fs,
    io::{BufRead, BufReader, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use history::{Change, History, HistoryError};
use model::{ConnectionId, Extra, Item, ItemBody, ItemStage, StoredItem, Thread, ThreadId, ThreadStatus, UserMessage};

/// What a process that was killed leaves behind: a file, and a log that was not carried over into it.
fn killed(dir: &Path, changes: impl IntoIterator<Item = Change>) -> PathBuf {
    let (live, path) = (dir.join("live.sqlite"), dir.join("history.sqlite"));
    let mut history = History::open(&live).unwrap().history;
    history.put_thread(&thread()).unwrap();
    history.apply(&ThreadId::from("a"), changes.into_iter().collect::<Vec<_>>()).unwrap();
    for end in ["", "-wal"] {
        fs::copy(format!("{}{end}", live.display()), format!("{}{end}", path.display())).unwrap();
    }
    path
}

/// Names the file that the child process writes to.
const CHILD: &str = "KITTIWAKE_TEST_WRITES_TO";

fn thread() -> Thread {
    Thread {
        id: ThreadId::from("a"),
        connection: ConnectionId::from("office"),
        remote: None,
        title: Some("Kept".into()),
        status: ThreadStatus::Active,
        created_at: 1,
        updated_at: 1,
    }
}

fn item(number: i64) -> Change {
    let body = ItemBody::UserMessage(UserMessage::text(format!("message {number}")));
    let item = Item { id: number.to_string().as_str().into(), created_at: None, body, extra: Extra::new() };
    Change::PutItem { rank: number, item: StoredItem { item, stage: ItemStage::Done } }
}

#[test]
fn what_was_acknowledged_survives_a_kill() {
    if let Some(path) = env::var_os(CHILD) {
        let mut history = History::open(path.as_ref()).unwrap().history;
        history.put_thread(&thread()).unwrap();
        for number in 0.. {
            history.apply(&ThreadId::from("a"), &[item(number)]).unwrap();
            println!("acknowledged {number}");
        }
    }
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("history.sqlite");
    let mut child = Command::new(env::current_exe().unwrap())
        .args(["--exact", "what_was_acknowledged_survives_a_kill", "--nocapture"])
        .env(CHILD, &path)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut acknowledged = 0;
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        if let Some(number) = line.unwrap().strip_prefix("acknowledged ") {
            acknowledged = number.parse().unwrap();
            if acknowledged == 50 {
                child.kill().unwrap();
            }
        }
    }
    child.wait().unwrap();
    let opened = History::open(&path).unwrap();
    assert!(opened.set_aside.is_none());
    let items = opened.history.items(&ThreadId::from("a"), None, usize::MAX).unwrap();
    assert!(acknowledged >= 50 && items.len() > acknowledged, "{acknowledged} acknowledged, {} kept", items.len());
}

#[test]
fn a_damaged_file_is_set_aside_whole() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("history.sqlite");
    for number in 1..=2 {
        let damaged = format!("this was never a database, {number}").repeat(200);
        fs::write(&path, &damaged).unwrap();
        let opened = History::open(&path).unwrap();
        let aside = opened.set_aside.unwrap();
        assert_eq!(fs::read_to_string(&aside).unwrap(), damaged);
        assert!(aside.ends_with(format!("history.damaged-{number}.sqlite")));
        assert!(opened.history.threads().unwrap().is_empty());
        drop(opened.history);
        fs::remove_file(&path).unwrap();
    }
}

#[test]
fn a_file_of_a_newer_version_is_left_as_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("history.sqlite");
    drop(History::open(&path).unwrap());
    let newer = rusqlite::Connection::open(&path).unwrap();
    newer.pragma_update(None, "user_version", 99).unwrap();
    drop(newer);
    let before = fs::read(&path).unwrap();
    assert!(matches!(History::open(&path), Err(HistoryError::NewerVersion { found: 99, .. })));
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[test]
fn a_file_of_the_first_version_still_opens() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("history.sqlite");
    let first = rusqlite::Connection::open(&path).unwrap();
    first.execute_batch(include_str!("version-1.sql")).unwrap();
    drop(first);
    let history = History::open(&path).unwrap().history;
    assert_eq!(history.threads().unwrap(), [thread()]);
    assert_eq!(history.items(&ThreadId::from("a"), None, 5).unwrap().len(), 1);
    assert_eq!(history.search("message", 5).unwrap().len(), 1);
}

#[cfg(unix)]
#[test]
fn only_its_owner_can_read_it() {
    use std::os::unix::fs::PermissionsExt;

    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("history.sqlite");
    let mut history = History::open(&path).unwrap().history;
    history.put_thread(&thread()).unwrap();
    for entry in fs::read_dir(dir.path()).unwrap() {
        let entry = entry.unwrap();
        let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{}", entry.path().display());
    }
}

#[test]
fn what_a_killed_process_left_in_its_log_is_read() {
    let dir = tempfile::tempdir().unwrap();
    let path = killed(dir.path(), (0..20).map(item));
    let opened = History::open(&path).unwrap();
    assert_eq!(opened.set_aside, None);
    assert_eq!(opened.history.items(&ThreadId::from("a"), None, 100).unwrap().len(), 20);
}

#[test]
fn a_newer_file_with_a_log_is_left_as_it_is_too() {
    let dir = tempfile::tempdir().unwrap();
    let live = dir.path().join("live.sqlite");
    drop(History::open(&live).unwrap());
    let newer = rusqlite::Connection::open(&live).unwrap();
    newer.execute_batch("PRAGMA user_version = 77; CREATE TABLE later (x);").unwrap();
    let path = dir.path().join("history.sqlite");
    let names = ["", "-wal"].map(|end| (format!("{}{end}", live.display()), format!("{}{end}", path.display())));
    for (from, to) in &names {
        fs::copy(from, to).unwrap();
    }
    let before = names.clone().map(|(_, name)| fs::read(name).unwrap());
    assert!(before.iter().all(|bytes| !bytes.is_empty()), "there is no log");
    assert!(matches!(History::open(&path), Err(HistoryError::NewerVersion { found: 77, .. })));
    assert_eq!(names.map(|(_, name)| fs::read(name).unwrap()), before);
}

#[test]
fn a_database_of_another_program_is_set_aside() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("history.sqlite");
    let other = rusqlite::Connection::open(&path).unwrap();
    other.execute_batch("CREATE TABLE bookmarks (x)").unwrap();
    drop(other);
    let before = fs::read(&path).unwrap();
    let aside = History::open(&path).unwrap().set_aside.unwrap();
    assert_eq!(fs::read(aside).unwrap(), before);
}

/// A file of some hundred pages, closed.
fn filled(dir: &Path) -> PathBuf {
    let path = dir.join("history.sqlite");
    let mut history = History::open(&path).unwrap().history;
    history.put_thread(&thread()).unwrap();
    for rank in 0..100 {
        let body = ItemBody::UserMessage(UserMessage::text("many words ".repeat(200)));
        let item = Item { id: rank.to_string().as_str().into(), created_at: None, body, extra: Extra::new() };
        let item = StoredItem { item, stage: ItemStage::Done };
        history.apply(&ThreadId::from("a"), [Change::PutItem { rank, item }]).unwrap();
    }
    path
}

/// Overwrites the middle of a file; its first pages, which hold the schema, stay.
fn damage(path: &Path) {
    let mut file = fs::OpenOptions::new().write(true).open(path).unwrap();
    let length = file.metadata().unwrap().len();
    file.seek(SeekFrom::Start(length / 4)).unwrap();
    file.write_all(&vec![0x5a; usize::try_from(length / 2).unwrap()]).unwrap();
}

#[test]
fn damage_that_is_met_later_is_said_and_the_file_set_aside_at_the_next_start() {
    let dir = tempfile::tempdir().unwrap();
    let path = filled(dir.path());
    damage(&path);
    let damaged = fs::read(&path).unwrap();
    let opened = History::open(&path).unwrap();
    assert_eq!(opened.set_aside, None, "not every start reads the whole file");
    let error = opened.history.items(&ThreadId::from("a"), None, usize::MAX).unwrap_err();
    assert!(matches!(error, HistoryError::Damaged { .. }), "{error:?}");
    drop(opened);
    let opened = History::open(&path).unwrap();
    assert_eq!(fs::read(opened.set_aside.unwrap()).unwrap(), damaged);
    assert!(opened.history.threads().unwrap().is_empty());
    drop(opened.history);
    assert_eq!(History::open(&path).unwrap().set_aside, None, "it is set aside once");
}

#[test]
fn a_log_goes_with_the_damaged_file_and_never_into_the_new_one() {
    let dir = tempfile::tempdir().unwrap();
    let path = filled(dir.path());
    let mut history = History::open(&path).unwrap().history;
    history.apply(&ThreadId::from("a"), [item(1000)]).unwrap();
    let log = fs::read(dir.path().join("history.sqlite-wal")).unwrap();
    let file = fs::read(&path).unwrap();
    drop(history);
    assert!(!log.is_empty());
    fs::write(&path, file).unwrap();
    fs::write(dir.path().join("history.sqlite-wal"), &log).unwrap();
    damage(&path);
    let opened = History::open(&path).unwrap();
    assert!(opened.history.threads().unwrap().is_empty());
    let mut aside = opened.set_aside.unwrap().into_os_string();
    aside.push("-wal");
    assert_eq!(fs::read(aside).unwrap(), log);
}

#[test]
fn an_item_that_this_version_cannot_read_does_not_hide_the_rest() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("history.sqlite");
    let mut history = History::open(&path).unwrap().history;
    history.put_thread(&thread()).unwrap();
    history.apply(&ThreadId::from("a"), (0..4).map(item).collect::<Vec<_>>()).unwrap();
    drop(history);
    let newer = rusqlite::Connection::open(&path).unwrap();
    let later = r#"{"item":{"id":"1","body":{"kind":"hologram","depth":3}},"stage":"beamed"}"#;
    newer.execute("UPDATE items SET stored = ? WHERE id = '1'", [later]).unwrap();
    newer.execute("UPDATE items SET stored = 'neither' WHERE id = '2'", []).unwrap();
    drop(newer);
    let history = History::open(&path).unwrap().history;
    let items = history.items(&ThreadId::from("a"), None, 10).unwrap();
    let kinds: Vec<_> = items
        .iter()
        .map(|(_, stored)| match &stored.item.body {
            ItemBody::Unknown { name, fields } => format!("{name} {}", serde_json::to_string(fields).unwrap()),
            _ => stored.item.id.to_string(),
        })
        .collect();
    assert_eq!(kinds[0], "0");
    assert!(kinds[1].starts_with("hologram ") && kinds[1].contains(r#""depth":3"#), "{}", kinds[1]);
    assert_eq!(kinds[2], r#"unreadable {"stored":"neither"}"#);
    assert_eq!(kinds[3], "3");
}

#[test]
fn an_answer_is_found_once_it_is_whole_even_if_its_program_was_killed() {
    let dir = tempfile::tempdir().unwrap();
    let Change::PutItem { rank, mut item } = item(7) else { unreachable!() };
    item.stage = ItemStage::Streaming;
    let path = killed(dir.path(), [Change::PutItem { rank, item: item.clone() }]);
    let mut history = History::open(&path).unwrap().history;
    assert_eq!(history.search("message", 5).unwrap().len(), 1);
    item.stage = ItemStage::Done;
    item.item.body = ItemBody::UserMessage(UserMessage::text("another text"));
    history.apply(&ThreadId::from("a"), [Change::PutItem { rank, item }]).unwrap();
    assert_eq!(history.search("message", 5).unwrap().len(), 0);
    assert_eq!(history.search("another", 5).unwrap().len(), 1);
}

#[test]
fn what_was_deleted_is_not_in_the_file_any_more() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("history.sqlite");
    let mut history = History::open(&path).unwrap().history;
    history.put_thread(&Thread { title: Some("Zanzibar".into()), ..thread() }).unwrap();
    let text = "quetzalcoatlus ".repeat(2000);
    let body = ItemBody::UserMessage(UserMessage::text(text));
    let item = Item { id: "m".into(), created_at: None, body, extra: Extra::new() };
    history.put_items(&ThreadId::from("a"), &[(1, StoredItem { item, stage: ItemStage::Done })]).unwrap();
    drop(history);
    let held = |word: &str| {
        let bytes = fs::read(&path).unwrap().to_ascii_lowercase();
        bytes.windows(word.len()).any(|window| window == word.as_bytes())
    };
    assert!(held("quetzalcoatlus") && held("zanzibar"));
    let mut history = History::open(&path).unwrap().history;
    history.delete_thread(&ThreadId::from("a")).unwrap();
    drop(history);
    assert!(!held("quetzalcoatlus") && !held("zanzibar"));
}

#[cfg(unix)]
#[test]
fn a_folder_is_made_for_its_owner_and_a_file_made_private() {
    use std::os::unix::fs::PermissionsExt;

    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("made/here");
    let path = folder.join("history.sqlite");
    drop(History::open(&path).unwrap());
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    drop(History::open(&path).unwrap());
    assert_eq!(mode(&path), 0o600);
}

#[test]
fn a_place_where_no_file_can_be_is_an_error() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("file"), "").unwrap();
    let error = History::open(&dir.path().join("file/history.sqlite")).unwrap_err();
    assert!(matches!(error, HistoryError::ReadOnly { .. }), "{error:?}");
    fs::create_dir(dir.path().join("history.sqlite")).unwrap();
    assert!(History::open(&dir.path().join("history.sqlite")).is_err());
    assert!(dir.path().join("history.sqlite").is_dir());
}

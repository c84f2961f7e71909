//! How turns went, as it is kept.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail by panicking")]

use history::{Change, History};
use model::{
    ConnectionId, Extra, Item, ItemBody, ItemId, ItemStage, StoredItem, Thread, ThreadId, ThreadStatus, TurnRecord,
    UserMessage,
};
use serde_json::json;

fn thread(id: &str) -> Change {
    Change::PutThread(Thread {
        id: ThreadId::from(id),
        connection: ConnectionId::from("office"),
        remote: None,
        title: None,
        status: ThreadStatus::Active,
        created_at: 1,
        updated_at: 1,
    })
}

fn item(rank: i64, id: &str) -> Change {
    let body = ItemBody::UserMessage(UserMessage::text(id));
    let item = Item { id: id.into(), created_at: None, body, extra: Extra::new() };
    Change::PutItem { rank, item: StoredItem { item, stage: ItemStage::Done } }
}

fn record(connection: &str, began_at: i64) -> TurnRecord {
    let written = json!({"connection": connection, "began_at": began_at, "end": "done", "pieces": 3, "later": [1]});
    serde_json::from_value(written).unwrap()
}

fn turn(item: Option<&str>, record: TurnRecord) -> Change {
    Change::PutTurn { item: item.map(ItemId::from), record }
}

/// Two threads: one with three items and two turns, and one with a turn.
fn history() -> History {
    let mut history = History::in_memory().unwrap();
    let turns = [turn(Some("a"), record("office", 10)), turn(Some("c"), record("office", 20))];
    let first: Vec<_> = [thread("one"), item(1, "a"), item(2, "b"), item(3, "c")].into_iter().chain(turns).collect();
    history.apply(&"one".into(), first).unwrap();
    history.apply(&"two".into(), [thread("two"), item(1, "a"), turn(Some("a"), record("office", 15))]).unwrap();
    history
}

fn shown(history: &History, from: i64, to: i64) -> Vec<(String, i64)> {
    let turns = history.turns_shown(&"one".into(), from, to).unwrap();
    turns.into_iter().map(|(item, record)| (item.to_string(), record.began_at)).collect()
}

fn began(history: &History, connection: &str, limit: usize) -> Vec<i64> {
    let records = history.turn_records(&connection.into(), limit).unwrap();
    records.into_iter().map(|record| record.began_at).collect()
}

#[test]
fn turns_come_back_whole_with_their_items() {
    let history = history();
    assert_eq!(shown(&history, 1, 3), [("a".to_owned(), 10), ("c".to_owned(), 20)]);
    assert_eq!(shown(&history, 2, 3), [("c".to_owned(), 20)]);
    assert_eq!(shown(&history, 2, 2), []);
    let (_, read) = history.turns_shown(&"one".into(), 1, 1).unwrap().remove(0);
    assert_eq!(read, record("office", 10));
    assert_eq!(read.extra["later"], json!([1]));
}

#[test]
fn a_turn_can_move_to_another_item_and_to_none() {
    let mut history = history();
    history.apply(&"one".into(), [turn(Some("b"), record("office", 20))]).unwrap();
    assert_eq!(shown(&history, 1, 3), [("a".to_owned(), 10), ("b".to_owned(), 20)]);
    history.apply(&"one".into(), [turn(None, record("office", 20))]).unwrap();
    assert_eq!(shown(&history, 1, 3), [("a".to_owned(), 10)]);
    assert_eq!(began(&history, "office", 9), [20, 15, 10]);
}

#[test]
fn the_latest_turns_of_a_connection_are_found_in_all_its_threads() {
    let mut history = history();
    history.apply(&"two".into(), [turn(None, record("other", 30))]).unwrap();
    assert_eq!(began(&history, "office", 2), [20, 15]);
    assert_eq!(began(&history, "other", 2), [30]);
    assert_eq!(began(&history, "nobody", 2), Vec::<i64>::new());
}

#[test]
fn what_is_deleted_leaves_no_turns() {
    let mut history = history();
    // Of an item that is gone the turn is not shown, and counts all the same.
    history.apply(&"one".into(), [Change::RemoveItem("c".into())]).unwrap();
    assert_eq!((shown(&history, 1, 3), began(&history, "office", 9)), (vec![("a".to_owned(), 10)], vec![20, 15, 10]));
    history.delete_thread(&"one".into()).unwrap();
    assert_eq!(began(&history, "office", 9), [15]);
    history.apply(&"one".into(), [turn(Some("a"), record("office", 40))]).unwrap();
    assert_eq!(began(&history, "office", 9), [15], "nothing is written of a thread that is not here");
    history.delete_connection(&"office".into()).unwrap();
    assert_eq!(began(&history, "office", 9), Vec::<i64>::new());
}

//! The store as the engine uses it.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail by panicking")]

use history::{Change, History};
use model::{
    Answerer, ConnectionId, Draft, Extra, FeedbackKind, Handover, Item, ItemBody, ItemId, ItemStage, Leg, Legs,
    Mention, RemoteThreadId, StoredItem, TextPart, Thread, ThreadId, ThreadStatus, UserMessage,
};
use proptest::prelude::*;

fn thread(id: &str, title: &str, updated_at: i64) -> Thread {
    Thread {
        id: ThreadId::from(id),
        connection: ConnectionId::from("office"),
        remote: Some(RemoteThreadId::new(format!("thr_{id}"))),
        title: Some(title.to_owned()),
        status: ThreadStatus::Locked { reason: Some("audit".into()) },
        created_at: 1,
        updated_at,
    }
}

fn stored(id: &str, body: ItemBody) -> StoredItem {
    StoredItem { item: Item { id: id.into(), created_at: None, body, extra: Extra::new() }, stage: ItemStage::Done }
}

fn answer(id: &str, text: &str) -> StoredItem {
    let content = vec![TextPart { text: text.into(), annotations: vec![] }];
    stored(id, ItemBody::AssistantMessage { content })
}

fn question(id: &str, text: &str) -> StoredItem {
    stored(id, ItemBody::UserMessage(UserMessage::text(text)))
}

fn put(history: &mut History, thread: &str, items: Vec<(i64, StoredItem)>) {
    let changes: Vec<_> = items.into_iter().map(|(rank, item)| Change::PutItem { rank, item }).collect();
    history.apply(&ThreadId::from(thread), &changes).unwrap();
}

fn with_thread() -> History {
    let mut history = History::in_memory().unwrap();
    history.put_thread(&thread("a", "First", 5)).unwrap();
    history
}

fn ids(history: &History, before: Option<i64>, limit: usize) -> Vec<String> {
    let items = history.items(&ThreadId::from("a"), before, limit).unwrap();
    items.into_iter().map(|(_, stored)| stored.item.id.to_string()).collect()
}

#[test]
fn how_a_conversation_went_through_its_route_is_known_again_and_goes_with_it() {
    let mut history = with_thread();
    let (id, own) = (ThreadId::from("a"), ConnectionId::from("own"));
    assert_eq!(history.legs(&id).unwrap(), Legs::default());
    let leg = |remote: &str, goes_on| Leg { connection: own.clone(), remote: remote.into(), knows: None, goes_on };
    let to = Answerer { connection: own.clone(), name: "Own".to_owned() };
    let answering = Handover { from: None, to, why: Some("it is there".to_owned()) };
    let later = Leg { knows: Some("7".into()), ..leg("thr_2", true) };
    let legs = Legs { all: vec![leg("thr_1", false), later], answering: Some(answering.clone()) };
    history.apply(&id, [Change::PutLegs(Legs::default()), Change::PutLegs(legs.clone())]).unwrap();
    assert_eq!(history.legs(&id).unwrap(), legs);
    history.put_thread(&thread("a", "Renamed", 9)).unwrap();
    assert_eq!(history.legs(&id).unwrap().answering, Some(answering));
    assert!(history.is_leg(&own, &"thr_1".into()).unwrap(), "also one that was given up");
    assert!(!history.is_leg(&"office".into(), &"thr_1".into()).unwrap());
    history.delete_connection(&own).unwrap();
    assert!(history.legs(&id).unwrap().all.is_empty());
    history.apply(&id, [Change::PutLegs(legs)]).unwrap();
    history.delete_thread(&id).unwrap();
    assert!(!history.is_leg(&own, &"thr_1".into()).unwrap());
}

#[test]
fn what_is_put_comes_back_whole_even_of_an_unknown_kind() {
    let mut history = with_thread();
    let fields = serde_json::from_str(r#"{"weight": 3.5, "parts": [{"x": null}]}"#).unwrap();
    let unknown = stored("s", ItemBody::Unknown { name: "sculpture".into(), fields });
    let items = vec![(1, question("q", "hello")), (2, answer("b", "**hi**")), (3, unknown)];
    put(&mut history, "a", items.clone());
    assert_eq!(history.items(&ThreadId::from("a"), None, 10).unwrap(), items);
    assert_eq!(history.thread(&ThreadId::from("a")).unwrap(), Some(thread("a", "First", 5)));
}

#[test]
fn items_stand_by_rank_and_come_in_pages_from_the_newest() {
    let mut history = with_thread();
    put(&mut history, "a", (0..10).rev().map(|rank| (rank * 10, answer(&rank.to_string(), "x"))).collect());
    assert_eq!(ids(&history, None, 3), ["7", "8", "9"]);
    assert_eq!(ids(&history, Some(70), 4), ["3", "4", "5", "6"]);
    put(&mut history, "a", vec![(95, answer("0", "moved"))]);
    assert_eq!(ids(&history, None, 2), ["9", "0"]);
}

#[test]
fn changes_of_a_thread_that_is_gone_are_dropped() {
    let mut history = with_thread();
    history.delete_thread(&ThreadId::from("a")).unwrap();
    put(&mut history, "a", vec![(1, answer("late", "x"))]);
    assert!(history.items(&ThreadId::from("a"), None, 10).unwrap().is_empty());
}

#[test]
fn a_thread_marked_as_deleted_is_hidden_until_it_is_restored() {
    let mut history = with_thread();
    put(&mut history, "a", vec![(1, answer("b", "needle"))]);
    let id = ThreadId::from("a");
    history.mark_deleted(&id, 7).unwrap();
    assert!(history.threads().unwrap().is_empty() && history.search("needle", 5).unwrap().is_empty());
    assert!(history.is_deleted(&id).unwrap());
    assert_eq!(history.deleted().unwrap().len(), 1);
    // Its server may still list it, and its last save may still be under way.
    history.put_thread(&thread("a", "Again", 9)).unwrap();
    assert!(history.threads().unwrap().is_empty());
    assert!(history.restore(&id).unwrap());
    assert_eq!(history.threads().unwrap().len(), 1);
    history.delete_thread(&id).unwrap();
    assert!(!history.restore(&id).unwrap());
}

#[test]
fn threads_are_listed_by_time_and_found_by_their_servers_name() {
    let mut history = with_thread();
    history.put_thread(&thread("b", "Second", 9)).unwrap();
    let names: Vec<_> = history.threads().unwrap().into_iter().map(|thread| thread.id.to_string()).collect();
    assert_eq!(names, ["b", "a"]);
    let found = history.thread_by_remote(&ConnectionId::from("office"), &RemoteThreadId::new("thr_a")).unwrap();
    assert_eq!(found.unwrap().id, ThreadId::from("a"));
    history.delete_connection(&ConnectionId::from("office")).unwrap();
    assert!(history.threads().unwrap().is_empty());
}

#[test]
fn a_name_that_a_server_gives_again_belongs_to_the_newer_thread() {
    let mut history = with_thread();
    let again = Thread { remote: Some(RemoteThreadId::new("thr_a")), ..thread("b", "Second", 9) };
    history.put_thread(&again).unwrap();
    assert_eq!(history.thread(&ThreadId::from("a")).unwrap().unwrap().remote, None);
    assert_eq!(history.thread(&ThreadId::from("b")).unwrap(), Some(again));
}

#[test]
fn search_finds_titles_first_and_each_thread_once_without_accents() {
    let mut history = with_thread();
    history.put_thread(&thread("b", "About cafés", 1)).unwrap();
    put(&mut history, "a", vec![(1, question("q", "a café here")), (2, answer("r", "another café there"))]);
    let hits = history.search("CAFE", 10).unwrap();
    let found: Vec<_> = hits.iter().map(|hit| (hit.thread.id.to_string(), hit.excerpt.is_some())).collect();
    assert_eq!(found, [("b".into(), false), ("a".into(), true)]);
    assert_eq!(history.search("anoth", 10).unwrap().len(), 1, "the last word may be a beginning");
    put(&mut history, "a", vec![(2, answer("r", "changed"))]);
    assert!(history.search("another", 10).unwrap().is_empty(), "the index follows the text");
    history.apply(&ThreadId::from("a"), &[Change::RemoveItem(ItemId::from("q"))]).unwrap();
    assert!(history.search("café here", 10).unwrap().is_empty());
}

#[test]
fn drafts_are_kept_until_they_are_empty() {
    let mut history = with_thread();
    let mut draft = Draft::text("unfinished");
    history.put_draft("start", &draft).unwrap();
    assert_eq!(history.draft("start").unwrap().as_ref(), Some(&draft));
    let entity = serde_json::from_str(r#"{"id": "u1", "title": "unfinished", "data": {"a": 1}}"#).unwrap();
    draft.beside.mentions.push(Mention { at: 0, entity });
    draft.beside.quoted_text = Some("said".to_owned());
    draft.beside.tool = Some("search".to_owned());
    history.put_draft("start", &draft).unwrap();
    assert_eq!(history.draft("start").unwrap().as_ref(), Some(&draft), "with all that stands beside its words");
    draft.text.clear();
    history.put_draft("start", &draft).unwrap();
    assert!(history.draft("start").unwrap().is_some(), "a tool or a quote is worth keeping without words");
    history.put_draft("start", &Draft::default()).unwrap();
    assert_eq!(history.draft("start").unwrap(), None);
}

proptest! {
    #[test]
    fn no_query_is_an_error(query in any::<String>(), words in "[\"*()^:+\\-ANDORNT a-z\\x00]{0,40}") {
        let history = with_thread();
        history.search(&query, 5).unwrap();
        history.search(&words, 5).unwrap();
    }
}

#[test]
fn what_stands_behind_a_rank_can_be_cut_off_or_replaced() {
    let mut history = with_thread();
    let id = ThreadId::from("a");
    let items: Vec<_> = (1..=5).map(|rank| (rank, answer(&rank.to_string(), "x"))).collect();
    history.put_items(&id, &items).unwrap();
    history.apply(&id, [Change::TruncateAfter { rank: 4 }]).unwrap();
    assert_eq!(ids(&history, None, 10), ["1", "2", "3", "4"]);
    history.replace_tail(&id, 3, &[(3, answer("three", "x")), (4, answer("1", "moved"))]).unwrap();
    assert_eq!(ids(&history, None, 10), ["2", "three", "1"]);
    history.remove_items(&id, &[ItemId::from("2"), ItemId::from("never there")]).unwrap();
    assert_eq!(ids(&history, None, 10), ["three", "1"]);
}

#[test]
fn changes_are_made_in_their_order() {
    let mut history = History::in_memory().unwrap();
    let changes = vec![
        Change::PutThread(thread("a", "First", 5)),
        Change::PutItem { rank: 1, item: answer("x", "one") },
        Change::TruncateAfter { rank: 0 },
        Change::PutItem { rank: 2, item: answer("y", "two") },
        Change::RemoveItem(ItemId::from("y")),
        Change::PutItem { rank: 3, item: answer("z", "three") },
    ];
    history.apply(&ThreadId::from("a"), changes).unwrap();
    assert_eq!(ids(&history, None, 10), ["z"]);
}

#[test]
fn items_that_share_a_rank_are_not_parted_by_pages() {
    let mut history = with_thread();
    put(&mut history, "a", vec![(1, answer("1", "x")), (2, answer("2a", "x")), (2, answer("2b", "x"))]);
    assert_eq!(ids(&history, None, 1), ["2a", "2b"]);
    assert_eq!(ids(&history, Some(2), 1), ["1"]);
}

#[test]
fn numbers_come_back_to_the_last_digit() {
    let mut history = with_thread();
    let fields =
        serde_json::from_str(r#"{"f": 0.1234567890123456789e-7, "n": 51.24817837550540, "big": 18446744073709551615}"#);
    let item = stored("u", ItemBody::Unknown { name: "widget".into(), fields: fields.unwrap() });
    put(&mut history, "a", vec![(1, item.clone())]);
    assert_eq!(history.items(&ThreadId::from("a"), None, 1).unwrap()[0].1, item);
}

#[test]
fn feedback_is_kept_and_can_change() {
    let mut history = with_thread();
    let (id, first, second) = (ThreadId::from("a"), ItemId::from("1"), ItemId::from("2"));
    history.put_feedback(&id, &first, FeedbackKind::Negative).unwrap();
    history.put_feedback(&id, &second, FeedbackKind::Negative).unwrap();
    history.put_feedback(&id, &first, FeedbackKind::Positive).unwrap();
    history.put_feedback(&ThreadId::from("gone"), &first, FeedbackKind::Positive).unwrap();
    let kept = history.feedback(&id).unwrap();
    assert_eq!(kept, [(first, FeedbackKind::Positive), (second, FeedbackKind::Negative)]);
    history.delete_thread(&id).unwrap();
    history.put_thread(&thread("a", "Again", 1)).unwrap();
    assert!(history.feedback(&id).unwrap().is_empty());
}

#[test]
fn a_draft_goes_with_its_thread() {
    let mut history = with_thread();
    for delete in [
        |history: &mut History| history.delete_thread(&ThreadId::from("a")).map(usize::from),
        |history: &mut History| history.delete_connection(&ConnectionId::from("office")),
    ] {
        history.put_thread(&thread("a", "First", 5)).unwrap();
        history.put_draft("a", &Draft::text("unsent")).unwrap();
        history.put_draft("start", &Draft::text("stays")).unwrap();
        assert_eq!(delete(&mut history).unwrap(), 1);
        assert_eq!(history.draft("a").unwrap(), None);
        assert_eq!(history.draft("start").unwrap(), Some(Draft::text("stays")));
    }
}

#[test]
fn every_word_of_a_query_may_be_a_beginning_and_all_must_be_there() {
    let mut history = with_thread();
    put(&mut history, "a", vec![(1, question("q", "the migration of\nseabirds")), (2, answer("r", "terns and gulls"))]);
    for found in ["migr", "sea migr", "BIRD sea"].into_iter().zip([1, 1, 0]) {
        assert_eq!(history.search(found.0, 5).unwrap().len(), found.1, "{}", found.0);
    }
    assert!(history.search("seabirds gulls", 5).unwrap().is_empty(), "the words are in different messages");
    assert_eq!(history.search("migr", 5).unwrap()[0].excerpt.as_deref(), Some("the migration of seabirds"));
    assert!(history.search("  ", 5).unwrap().is_empty());
}

#[test]
fn a_limit_counts_threads_and_not_places() {
    let mut history = History::in_memory().unwrap();
    for number in 0..6 {
        let id = number.to_string();
        history.put_thread(&thread(&id, "needle in the title", number)).unwrap();
        put(&mut history, &id, (0..5).map(|rank| (rank, answer(&rank.to_string(), "needle"))).collect());
    }
    let found = |limit| -> Vec<String> {
        history.search("needle", limit).unwrap().iter().map(|hit| hit.thread.id.to_string()).collect()
    };
    assert_eq!(found(4), ["5", "4", "3", "2"]);
    assert_eq!(found(100).len(), 6);
}

use model::{Annotation, Extra, Source, TextPart, UserMessage};

use super::*;

mod any;
mod kinds;

fn message(id: &str, text: &str) -> Item {
    let content = vec![TextPart { text: text.into(), annotations: vec![] }];
    Item { id: id.into(), created_at: None, body: ItemBody::AssistantMessage { content }, extra: Extra::new() }
}

fn empty(id: &str) -> Item {
    let body = ItemBody::AssistantMessage { content: vec![] };
    Item { id: id.into(), created_at: None, body, extra: Extra::new() }
}

fn user(id: &str, text: &str) -> Item {
    let body = ItemBody::UserMessage(UserMessage::text(text));
    Item { id: id.into(), created_at: None, body, extra: Extra::new() }
}

fn update(id: &str, update: ItemUpdate) -> ThreadEvent {
    ThreadEvent::ItemUpdated { id: id.into(), update }
}

fn delta(id: &str, index: usize, delta: &str) -> ThreadEvent {
    update(id, ItemUpdate::TextDelta { index, delta: delta.into() })
}

fn remote() -> RemoteThread {
    RemoteThread {
        id: model::RemoteThreadId::new("thr_1"),
        title: Some("Title".into()),
        created_at: None,
        status: model::ThreadStatus::Active,
        allowed_image_domains: None,
    }
}

fn texts(state: &ThreadState) -> Vec<(String, String)> {
    let text = |entry: &Entry| entry.item.body.plain_text().unwrap_or_default();
    state.entries().iter().map(|entry| (entry.item.id.to_string(), text(entry))).collect()
}

#[test]
fn the_stored_message_takes_the_place_of_the_bubble() {
    let mut state = ThreadState::default();
    let local = ItemId::local(1);
    state.append(user(local.as_str(), "hello"), ItemStage::Sending);
    let changes = state.apply(ThreadEvent::ItemDone(user("msg_1", "hello")));
    assert_eq!(changes, [Change::Put { id: "msg_1".into(), replaces: Some(local) }]);
    assert_eq!(texts(&state), [("msg_1".into(), "hello".into())]);
    assert_eq!(state.entries()[0].stage, ItemStage::Done);
    assert!(!state.answered, "the person's own message is no answer");
}

#[test]
fn a_changed_thread_never_clears_items() {
    let mut state = ThreadState::default();
    state.apply(ThreadEvent::ItemDone(message("a", "text")));
    assert_eq!(state.apply(ThreadEvent::ThreadUpdated(remote())), [Change::Thread(remote())]);
    assert_eq!(texts(&state), [("a".into(), "text".into())]);
}

#[test]
fn deltas_make_the_part_if_it_is_missing_and_done_overwrites() {
    let mut state = ThreadState::default();
    state.apply(ThreadEvent::ItemAdded(empty("a")));
    let changes = state.apply(delta("a", 1, "second"));
    assert_eq!(changes, [Change::Appended { id: "a".into(), part: 1, delta: "second".into() }]);
    state.apply(delta("a", 0, "first"));
    assert_eq!(texts(&state), [("a".into(), "first\n\nsecond".into())]);
    state.apply(ThreadEvent::ItemDone(message("a", "quite another text")));
    assert_eq!(texts(&state), [("a".into(), "quite another text".into())]);
    assert_eq!(state.entries()[0].stage, ItemStage::Done);
}

#[test]
fn an_item_may_be_done_without_having_been_added_and_twice() {
    let mut state = ThreadState::default();
    state.apply(ThreadEvent::ItemDone(message("a", "one")));
    state.apply(ThreadEvent::ItemDone(message("b", "two")));
    state.apply(ThreadEvent::ItemDone(message("a", "three")));
    assert_eq!(texts(&state), [("a".into(), "three".into()), ("b".into(), "two".into())]);
}

#[test]
fn what_names_an_unknown_item_is_counted_and_ignored() {
    let mut state = ThreadState::default();
    assert_eq!(state.apply(delta("ghost", 0, "boo")), []);
    assert_eq!(state.apply(ThreadEvent::ItemRemoved("ghost".into())), []);
    assert_eq!(state.apply(ThreadEvent::Unknown { name: "later".into() }), []);
    assert_eq!(state.ignored, 2);
    assert!(state.entries().is_empty());
}

#[test]
fn a_replaced_item_keeps_its_place_even_as_another_kind() {
    let mut state = ThreadState::default();
    state.apply(ThreadEvent::ItemDone(message("a", "one")));
    state.apply(ThreadEvent::ItemDone(message("b", "two")));
    let body = ItemBody::Unknown { name: "widget".into(), fields: Extra::new() };
    state.apply(ThreadEvent::ItemReplaced(Item { id: "a".into(), created_at: None, body, extra: Extra::new() }));
    assert_eq!(state.entries()[0].item.id, "a".into());
    assert!(matches!(&state.entries()[0].item.body, ItemBody::Unknown { name, .. } if name == "widget"));
}

#[test]
fn a_retry_drops_everything_after_the_message() {
    let mut state = ThreadState::default();
    for item in [user("u1", "q"), message("a1", "x"), user("u2", "q2"), message("a2", "y"), message("a3", "z")] {
        state.apply(ThreadEvent::ItemDone(item));
    }
    let changes = state.truncate_after(&"u2".into());
    assert_eq!(changes, [Change::Removed("a2".into()), Change::Removed("a3".into())]);
    assert!(state.entry(&"a3".into()).is_none());
    state.apply(ThreadEvent::ItemDone(message("a4", "again")));
    assert_eq!(state.entries().len(), 4);
}

#[test]
fn the_final_text_of_a_part_appends_what_is_missing_and_keeps_its_references() {
    let source = Source::File { title: "t".into(), filename: "f".into(), extra: Extra::new() };
    let annotation = Annotation { index: Some(1), source };
    let mut state = ThreadState::default();
    state.apply(ThreadEvent::ItemAdded(empty("a")));
    state.apply(delta("a", 0, "Hel"));
    state.apply(update("a", ItemUpdate::AnnotationAdded { index: 0, position: 7, annotation: annotation.clone() }));
    let part = TextPart { text: "Hello".into(), annotations: vec![] };
    let changes = state.apply(update("a", ItemUpdate::PartDone { index: 0, part }));
    assert_eq!(changes, [Change::Appended { id: "a".into(), part: 0, delta: "lo".into() }]);
    let ItemBody::AssistantMessage { content } = &state.entries()[0].item.body else { panic!("a message") };
    assert_eq!(content[0].annotations, [annotation]);
}

#[test]
fn a_server_s_wish_not_to_be_stopped_is_for_one_turn() {
    let options = |allow_cancel| ThreadEvent::StreamOptions { allow_cancel };
    let mut state = ThreadState::default();
    assert_eq!(state.apply(options(true)), []);
    assert_eq!(state.apply(options(false)), [Change::Turn]);
    assert!(state.stop_unwanted && !state.answered);
    assert_eq!(state.apply(options(false)), []);
    state.begin_turn();
    assert!(!state.stop_unwanted);
}

#[test]
fn progress_goes_when_the_answer_begins_and_at_the_end() {
    let progress = || ThreadEvent::Progress(Progress { text: "Searching".into(), icon: None });
    let mut state = ThreadState::default();
    state.apply(progress());
    assert!(state.progress.is_some());
    let changes = state.apply(ThreadEvent::ItemAdded(empty("a")));
    assert_eq!(changes[0], Change::Turn);
    assert!(state.progress.is_none());
    state.apply(progress());
    let changes = state.settle(ItemStage::Unsent, ItemStage::Interrupted);
    assert_eq!(changes, [Change::Stage("a".into()), Change::Turn]);
}

#[test]
fn an_absurd_part_index_costs_no_memory() {
    let mut state = ThreadState::default();
    state.apply(ThreadEvent::ItemAdded(empty("a")));
    state.apply(delta("a", usize::MAX, "x"));
    let ItemBody::AssistantMessage { content } = &state.entries()[0].item.body else { panic!("a message") };
    assert!(content.len() <= 1_001);
}

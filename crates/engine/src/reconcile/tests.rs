use model::{Extra, TextPart, UserMessage};

use super::*;

fn answer(id: &str, text: &str) -> Item {
    let content = vec![TextPart { text: text.into(), annotations: vec![] }];
    Item { id: id.into(), created_at: None, body: ItemBody::AssistantMessage { content }, extra: Extra::new() }
}

fn user(id: &str) -> Item {
    let body = ItemBody::UserMessage(UserMessage::text(id));
    Item { id: id.into(), created_at: None, body, extra: Extra::new() }
}

fn local(items: Vec<(Item, ItemStage)>) -> Vec<Entry> {
    let place =
        |(index, (item, stage)): (usize, (Item, ItemStage))| Entry { rank: index as i64 * RANK_STEP, item, stage };
    items.into_iter().enumerate().map(place).collect()
}

fn ids(entries: &[Entry]) -> Vec<(&str, ItemStage)> {
    entries.iter().map(|entry| (entry.item.id.as_str(), entry.stage)).collect()
}

fn assert_ranks_rise(entries: &[Entry]) {
    assert!(entries.windows(2).all(|pair| pair[0].rank < pair[1].rank), "{entries:?}");
}

#[test]
fn a_partial_answer_that_the_server_did_not_keep_stays_marked() {
    let here = local(vec![(user("u"), ItemStage::Done), (answer("a", "half"), ItemStage::Interrupted)]);
    let tail = ServerTail { items: vec![user("u")], complete: true };
    assert_eq!(ids(&reconcile(&here, tail)), [("u", ItemStage::Done), ("a", ItemStage::Interrupted)]);
}

#[test]
fn an_answer_that_the_server_finished_is_taken_whole() {
    let here = local(vec![(user("u"), ItemStage::Done), (answer("a", "half"), ItemStage::Interrupted)]);
    let tail = ServerTail { items: vec![user("u"), answer("a", "half and whole")], complete: true };
    let merged = reconcile(&here, tail);
    assert_eq!(ids(&merged), [("u", ItemStage::Done), ("a", ItemStage::Done)]);
    assert_eq!(merged[1].item, answer("a", "half and whole"));
}

#[test]
fn a_stopped_answer_stays_stopped_whatever_the_server_kept_of_it() {
    let here = local(vec![(answer("a", "some words"), ItemStage::Stopped)]);
    let cut = ServerTail { items: vec![answer("a", "some")], complete: true };
    assert_eq!(ids(&reconcile(&here, cut)), [("a", ItemStage::Stopped)]);
    let more = ServerTail { items: vec![answer("a", "some words and more")], complete: true };
    let merged = reconcile(&here, more);
    assert_eq!(ids(&merged), [("a", ItemStage::Stopped)]);
    assert_eq!(merged[0].item, answer("a", "some words and more"));
}

#[test]
fn what_the_server_has_no_more_goes_and_what_is_new_comes_in_its_order() {
    let here = local(vec![(user("u1"), ItemStage::Done), (answer("gone", ""), ItemStage::Done)]);
    let tail = ServerTail { items: vec![user("u1"), answer("a1", "x"), user("u2"), answer("a2", "y")], complete: true };
    let merged = reconcile(&here, tail);
    assert_eq!(ids(&merged).iter().map(|(id, _)| *id).collect::<Vec<_>>(), ["u1", "a1", "u2", "a2"]);
    assert_ranks_rise(&merged);
}

#[test]
fn an_unsent_message_stays_where_it_was_written() {
    let unsent = Item { id: ItemId::local(7), ..user("x") };
    let here = local(vec![(user("u1"), ItemStage::Done), (unsent.clone(), ItemStage::Unsent)]);
    let tail = ServerTail { items: vec![user("u1"), answer("a1", "x")], complete: true };
    let merged = reconcile(&here, tail);
    assert_eq!(ids(&merged), [("u1", ItemStage::Done), ("local-7", ItemStage::Unsent), ("a1", ItemStage::Done)]);
    assert_ranks_rise(&merged);
}

#[test]
fn a_message_that_arrived_unnoticed_is_shown_once() {
    let bubble = |n: u8| Item { id: ItemId::local(n), ..user("u2") };
    let here =
        local(vec![(user("u1"), ItemStage::Done), (bubble(1), ItemStage::Unsent), (bubble(2), ItemStage::Unsent)]);
    let tail = ServerTail { items: vec![user("u1"), user("u2")], complete: true };
    let merged = reconcile(&here, tail);
    assert_eq!(ids(&merged), [("u1", ItemStage::Done), ("local-2", ItemStage::Unsent), ("u2", ItemStage::Done)]);
}

#[test]
fn what_is_older_than_the_page_is_left_alone() {
    let here = local(vec![(user("old"), ItemStage::Done), (user("u1"), ItemStage::Done)]);
    let tail = ServerTail { items: vec![user("u1"), answer("a1", "x")], complete: false };
    let merged = reconcile(&here, tail);
    assert_eq!(ids(&merged).iter().map(|(id, _)| *id).collect::<Vec<_>>(), ["old", "u1", "a1"]);
    assert_eq!(merged[..2], here[..]);
}

#[test]
fn a_page_that_shares_nothing_follows() {
    let here = local(vec![(user("old"), ItemStage::Done)]);
    let tail = ServerTail { items: vec![user("u9"), answer("a9", "x")], complete: false };
    let merged = reconcile(&here, tail);
    assert_eq!(ids(&merged).iter().map(|(id, _)| *id).collect::<Vec<_>>(), ["old", "u9", "a9"]);
    assert_ranks_rise(&merged);
}

#[test]
fn reading_the_same_again_changes_nothing() {
    let here = local(vec![(user("u"), ItemStage::Done), (answer("a", "x"), ItemStage::Done)]);
    let tail = ServerTail { items: vec![user("u"), answer("a", "x")], complete: true };
    assert_eq!(reconcile(&here, tail), here);
}

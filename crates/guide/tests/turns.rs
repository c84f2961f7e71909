//! Turns that end early, run side by side, get in each other's way, or outlive the program; and hostile questions.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail by panicking")]

mod common;

use std::time::{Duration, Instant};

use common::{Events, Peer, answer, message, text};
use guide::Pace;
use serde_json::{Value, json};

/// A pause that no test outlives: the answer stands still after its first word until something ends it.
const FROZEN: Pace = Pace::Every(Duration::from_secs(3600));

const DELTA: &str = "assistant_message.content_part.text_delta";

/// Begins a thread and reads up to the first word.
async fn frozen_thread(peer: &Peer, question: &str) -> (Events, String, String) {
    let mut events = peer.stream("threads.create", json!({"input": message(question)})).await;
    let thread = events.until("thread.created").await["thread"]["id"].as_str().unwrap().to_owned();
    let word = events.until(DELTA).await["update"]["delta"].as_str().unwrap().to_owned();
    (events, thread, word)
}

/// Asks until a thread has as many items, and gives them.
async fn items_once(peer: &Peer, thread: &str, count: usize) -> Vec<Value> {
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        let items = peer.items(thread).await;
        if items.len() == count {
            return items;
        }
        assert!(Instant::now() < deadline, "{thread} has {} items, not {count}", items.len());
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn when_the_client_leaves_what_was_said_is_stored_and_the_rest_is_not() {
    let peer = Peer::start(FROZEN).await;
    let (events, thread, word) = frozen_thread(&peer, "How do I stop an answer?").await;
    assert_eq!(peer.items(&thread).await.len(), 1, "only the question is stored while the answer is written");
    drop(events);
    let items = items_once(&peer, &thread, 2).await;
    assert_eq!(items[1]["type"], "assistant_message");
    assert_eq!(text(&items[1]), word);
}

#[tokio::test]
async fn trying_again_in_mid_answer_leaves_nothing_of_the_first_answer() {
    let peer = Peer::start(FROZEN).await;
    let (mut first, thread, _) = frozen_thread(&peer, "How do I stop an answer?").await;
    let question = peer.items(&thread).await[0]["id"].clone();
    let mut second = peer.stream("threads.retry_after_item", json!({"thread_id": thread, "item_id": question})).await;
    second.until(DELTA).await;
    assert!(first.next().await.is_none(), "the first stream ends");
    assert_eq!(peer.items(&thread).await.len(), 1);
}

#[tokio::test]
async fn a_second_message_stops_the_answer_to_the_first_and_stands_after_it() {
    let peer = Peer::start(FROZEN).await;
    let (_first, thread, word) = frozen_thread(&peer, "How do I stop an answer?").await;
    let params = json!({"thread_id": thread, "input": message("and again?")});
    let mut second = peer.stream("threads.add_user_message", params).await;
    second.until(DELTA).await;
    let items = peer.items(&thread).await;
    let kinds: Vec<_> = items.iter().map(|item| &item["type"]).collect();
    assert_eq!(kinds, ["user_message", "assistant_message", "user_message"]);
    assert_eq!(text(&items[1]), word);
}

#[tokio::test]
async fn deleting_a_thread_ends_its_answer() {
    let peer = Peer::start(FROZEN).await;
    let (mut events, thread, _) = frozen_thread(&peer, "hello").await;
    peer.json("threads.delete", json!({"thread_id": thread})).await;
    assert!(events.next().await.is_none());
    assert_eq!(peer.json("threads.list", json!({})).await["data"], json!([]));
}

#[tokio::test]
async fn two_threads_answer_side_by_side() {
    let peer = Peer::start(FROZEN).await;
    let (_one, first, _) = frozen_thread(&peer, "How do I stop an answer?").await;
    // The first answer stands still; the second begins nevertheless.
    let (two, second, word) = frozen_thread(&peer, "What is Kittiwake?").await;
    assert_ne!(first, second);
    drop(two);
    assert_eq!(text(&items_once(&peer, &second, 2).await[1]), word);
    assert_eq!(peer.items(&first).await.len(), 1, "the first goes on");
}

#[tokio::test]
async fn threads_outlive_the_program_and_a_shutdown_keeps_what_was_said() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("data/guide.sqlite");
    let peer = Peer::at(&file, FROZEN, guide::SESSION_LIFETIME).await;
    let (_events, thread, word) = frozen_thread(&peer, "How do I stop an answer?").await;
    let address = peer.address("/health");
    peer.guide.shutdown().await;
    assert!(peer.client.get(address).send().await.is_err(), "the port is closed");

    let peer = Peer::at(&file, Pace::Instant, guide::SESSION_LIFETIME).await;
    let whole = peer.json("threads.get_by_id", json!({"thread_id": thread})).await;
    assert_eq!(whole["title"], "How do I stop an answer?");
    assert_eq!(text(&whole["items"]["data"][1]), word);
    let params = json!({"thread_id": thread, "input": message("What is Kittiwake?")});
    peer.stream("threads.add_user_message", params).await.all().await;
    assert_eq!(peer.items(&thread).await.len(), 4);
}

#[tokio::test]
async fn hostile_questions_are_answered_like_others() {
    let peer = Peer::start(Pace::Instant).await;
    let megabyte = "stop \"OR\" NEAR( ".repeat(65_536);
    for question in [
        megabyte.as_str(),
        "",
        "\u{0}\u{1}\u{1b}[31m\u{7f}\u{202e}\u{2028}",
        "\" OR heading MATCH 'x' --",
        "NEAR(stop answer, 10) AND NOT (a* OR ^b) {c d}: e + \"f",
        "'); DROP TABLE threads; --",
        "<script>alert(1)</script>",
        "data: {}\n\ndata: x\r\n\r\n",
        "🧑‍🚀 漢字 e\u{301}",
    ] {
        let events = peer.create(question).await;
        let last = events.last().unwrap();
        assert_eq!(last["type"], "thread.item.done", "{:?}", question.chars().take(40).collect::<String>());
        assert_eq!(events[1]["item"]["content"][0]["text"], question, "the question is kept as it was");
        assert!(!text(answer(&events)).is_empty());
    }
    let huge = peer.post(&json!({"type": "threads.create", "params": {"input": message(&"x".repeat(5 << 20))}})).await;
    let (status, words) = common::refusal(huge).await;
    assert_eq!(status, 413);
    assert!(words.contains("larger than 4 MB"), "{words}");
    assert_eq!(peer.json("threads.list", json!({})).await["data"].as_array().unwrap().len(), 9);
}

#[tokio::test]
async fn words_come_one_by_one() {
    let peer = Peer::start(Pace::Instant).await;
    let events = peer.create("How do I stop an answer?").await;
    let deltas: Vec<&str> = events.iter().filter_map(|event| event["update"]["delta"].as_str()).collect();
    assert!(deltas.len() > 50);
    assert!(deltas.iter().all(|delta| delta.split_whitespace().count() <= 1));
}

//! The engine against a server whose every byte is released by the test: what goes well, and what people do.
#![allow(clippy::unwrap_used, reason = "a test's helpers fail as the test does")]

use std::time::Duration;

use acceptance::{
    bench::{Bench, draft},
    gated::{Gated, added, assistant_message, delta, done, opening, user_message},
    screen::Screen,
};
use engine::view::{Activity, ConnectionDraft, ConnectionState, TurnOutcome, TurnPhase};
use model::{FailureCode, ItemStage};
use serde_json::json;

#[tokio::test]
async fn a_message_is_shown_at_once_and_its_answer_as_it_comes() {
    let mut bench = Bench::new().await;
    let thread = bench.send(None, "hello").await;
    let mut screen = Screen::open(&bench.engine, &thread).await;
    assert_eq!(screen.texts(), ["hello"]);
    assert_eq!(screen.phase(), TurnPhase::Waiting);

    let mut exchange = bench.server.next().await;
    assert!(exchange.head.to_lowercase().contains("authorization: bearer secret-token"), "{}", exchange.head);
    assert_eq!(exchange.request["type"], "threads.create");
    exchange.begin_with(opening("hello")).await;
    exchange.event(added("msg_2")).await;
    exchange.event(delta("msg_2", "Hel")).await;
    screen.until("streaming", |screen| screen.last_text() == "Hel").await;
    assert_eq!(screen.items[0].id.as_str(), "msg_1", "the stored message takes the place of the bubble");
    assert_eq!(screen.items[1].stage, ItemStage::Streaming);

    exchange.event(delta("msg_2", "lo")).await;
    screen.until("more", |screen| screen.last_text() == "Hello").await;
    exchange.event(done(assistant_message("msg_2", "Hello"))).await;
    exchange.end().await;
    assert_eq!(screen.ended().await, TurnOutcome::Done);
    assert_eq!(screen.items.iter().map(|item| item.stage).collect::<Vec<_>>(), [ItemStage::Done; 2]);
    assert_eq!((screen.endings, screen.snapshots), (1, 1));
}

#[tokio::test]
async fn the_conversation_is_there_after_a_restart_and_without_a_server() {
    let mut bench = Bench::new().await;
    let thread = bench.answered().await;
    bench.server.stop();
    let bench = bench.restart().await;
    assert_eq!(bench.engine.threads().len(), 1);
    let screen = Screen::open(&bench.engine, &thread).await;
    assert_eq!(screen.texts(), ["hello", "Hello there"]);
    let failing = |bench: &Bench| matches!(bench.engine.connections()[0].state, ConnectionState::Failing { .. });
    while !failing(&bench) {
        tokio::task::yield_now().await;
    }
    assert_eq!(screen.texts(), ["hello", "Hello there"]);
}

#[tokio::test]
async fn a_long_thread_opens_at_its_newest_items_and_older_ones_follow() {
    let mut bench = Bench::new().await;
    let thread = bench.answered().await;
    let ids: Vec<String> = (0..60).map(|number| format!("msg_{number}")).collect();
    bench.server.items(ids.iter().map(|id| user_message(id, id)).collect());
    let mut screen = Screen::open(&bench.engine, &thread).await;
    screen.until("what the server has", |screen| screen.last_text() == "msg_59").await;
    drop(screen);

    let screen = Screen::open(&bench.engine, &thread).await;
    let shown = screen.items.len();
    assert!((10..60).contains(&shown), "{shown}");
    assert_eq!(screen.texts(), ids[60 - shown..]);
    let older = bench.engine.load_older(&thread, &screen.items[0].id).await.unwrap();
    let older_ids: Vec<_> = older.items.iter().map(|item| item.id.to_string()).collect();
    assert_eq!(older_ids, ids[..60 - shown]);
    assert!(!older.has_older);
}

#[tokio::test]
async fn what_follows_an_unseen_mark_stands_after_what_was_seen_last() {
    let mut bench = Bench::new().await;
    let thread = bench.answered().await;
    let mark = json!({"id": "end_1", "thread_id": "thr_1", "created_at": "2026-11-21T09:00:02", "type": "end_of_turn"});
    let kept = [user_message("msg_1", "hello"), assistant_message("msg_2", "Hello"), mark];
    bench.server.items(kept.to_vec());
    let mut screen = Screen::open(&bench.engine, &thread).await;
    screen.until("the server's copy", |screen| screen.texts() == ["hello", "Hello"]).await;
    bench.send(Some(&thread), "again").await;
    screen.until("the message", |screen| screen.last_text() == "again").await;
    assert_eq!(screen.texts(), ["hello", "Hello", "again"]);
}

#[tokio::test]
async fn two_threads_answer_at_once_and_do_not_mix() {
    let mut bench = Bench::new().await;
    let one = bench.send(None, "one").await;
    let mut first = bench.server.next().await;
    let two = bench.send(None, "two").await;
    let mut second = bench.server.next().await;
    let mut screens = (Screen::open(&bench.engine, &one).await, Screen::open(&bench.engine, &two).await);
    for (exchange, text) in [(&mut first, "one"), (&mut second, "two")] {
        exchange.begin().await;
        exchange.event(added("msg_2")).await;
        exchange.event(delta("msg_2", text)).await;
    }
    screens.0.until("streaming", |screen| screen.last_text() == "one").await;
    screens.1.until("streaming", |screen| screen.last_text() == "two").await;
    bench.engine.stop(&one).await.unwrap();
    assert_eq!(screens.0.ended().await, TurnOutcome::Stopped);
    second.event(delta("msg_2", " goes on")).await;
    screens.1.until("going on", |screen| screen.last_text() == "two goes on").await;
    second.event(done(assistant_message("msg_2", "two goes on"))).await;
    second.end().await;
    assert_eq!(screens.1.ended().await, TurnOutcome::Done);
}

#[tokio::test]
async fn a_second_subscriber_in_mid_stream_gets_all_of_it_first() {
    let mut bench = Bench::new().await;
    let thread = bench.send(None, "hello").await;
    let mut exchange = bench.server.next().await;
    let mut first = Screen::open(&bench.engine, &thread).await;
    exchange.begin().await;
    exchange.event(added("msg_2")).await;
    exchange.event(delta("msg_2", "# Title\n\nSome **bold")).await;
    first.until("streaming", |screen| screen.last_text().contains("bold")).await;
    let mut second = Screen::open(&bench.engine, &thread).await;
    assert_eq!(second.texts(), first.texts());
    exchange.event(delta("msg_2", " text**\n\n```rust\nfn main() {")).await;
    let more = |screen: &Screen| screen.last_text().contains("fn main");
    first.until("more", more).await;
    second.until("more", more).await;
    assert_eq!(second.texts(), first.texts());
    drop(first);
    exchange
        .event(done(assistant_message("msg_2", "# Title\n\nSome **bold text**\n\n```rust\nfn main() {}\n```")))
        .await;
    exchange.end().await;
    assert_eq!(second.ended().await, TurnOutcome::Done);
    assert!(second.last_text().contains("fn main() {}"));
    assert_eq!(bench.server.count("items.list"), 0, "a server that still answers has less than is shown");
}

#[tokio::test]
async fn a_thread_has_one_turn_at_a_time() {
    let mut bench = Bench::new().await;
    let thread = bench.send(None, "hello").await;
    let exchange = bench.server.next().await;
    let busy = bench.engine.send(bench.request(Some(&thread), "again")).await.unwrap_err();
    assert_eq!(busy.code, FailureCode::Busy);
    assert_eq!(bench.engine.retry(&thread).await.unwrap_err().code, FailureCode::Busy);
    bench.engine.stop(&thread).await.unwrap();
    exchange.closed().await;
    assert_eq!(bench.server.count("threads.create"), 1);
}

#[tokio::test]
async fn a_renamed_thread_is_renamed_on_the_server_or_not_at_all() {
    let mut bench = Bench::new().await;
    let thread = bench.answered().await;
    let title = |bench: &Bench| bench.engine.threads()[0].title.clone().unwrap();
    bench.engine.rename_thread(&thread, "  Mine ").await.unwrap();
    assert_eq!(title(&bench), "Mine");
    bench.server.refuse_next(500, "{}");
    assert_eq!(bench.engine.rename_thread(&thread, "Other").await.unwrap_err().code, FailureCode::ServerRefused);
    assert_eq!(title(&bench), "Mine");
    assert_eq!(bench.engine.rename_thread(&thread, " ").await.unwrap_err().code, FailureCode::BadInput);
}

#[tokio::test]
async fn a_deleted_thread_can_be_brought_back_until_it_is_gone() {
    let mut bench = Bench::with(|config| config.undo_window = Duration::from_secs(3600)).await;
    let thread = bench.answered().await;
    bench.engine.delete_thread(&thread).await.unwrap();
    assert!(bench.engine.threads().is_empty());
    bench.engine.restore_thread(&thread).await.unwrap();
    assert_eq!(bench.engine.threads().len(), 1);
    assert_eq!(Screen::open(&bench.engine, &thread).await.texts(), ["hello", "Hello there"]);
    assert_eq!(bench.server.count("threads.delete"), 0);

    bench.engine.delete_thread(&thread).await.unwrap();
    let bench = bench.restart().await;
    while bench.server.count("threads.delete") == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(bench.engine.threads().is_empty());
}

#[tokio::test]
async fn a_thread_that_ends_unseen_is_unread_until_it_is_looked_at() {
    let mut bench = Bench::new().await;
    let thread = bench.send(None, "hello").await;
    let mut exchange = bench.server.next().await;
    assert_eq!(bench.engine.threads()[0].activity, Activity::Running);
    exchange.begin().await;
    exchange.event(done(assistant_message("msg_2", "Hello"))).await;
    exchange.end().await;
    while bench.engine.threads()[0].activity != Activity::Unread {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    Screen::open(&bench.engine, &thread).await;
    assert_eq!(bench.engine.threads()[0].activity, Activity::Idle);
}

#[tokio::test]
async fn what_the_person_types_wrong_is_told_and_nothing_is_added() {
    let bench = Bench::new().await;
    for url in ["", "office", "ftp://x/", "http://", "https://user:pw@host/chatkit"] {
        let error = bench.engine.add_connection(draft(url)).await.unwrap_err();
        assert_eq!(error.code, FailureCode::BadAddress, "{url}");
    }
    let spaced = ConnectionDraft { token: Some("two words".into()), ..draft(bench.server.url()) };
    assert_eq!(bench.engine.add_connection(spaced).await.unwrap_err().code, FailureCode::BadInput);
    assert_eq!(bench.engine.connections().len(), 1);
    assert_eq!(bench.engine.send(bench.request(None, " \n ")).await.unwrap_err().code, FailureCode::BadInput);
}

#[tokio::test]
async fn a_server_that_is_not_there_is_told_with_its_address() {
    let bench = Bench::new().await;
    let view = bench.engine.add_connection(draft("http://127.0.0.1:9/chatkit")).await.unwrap();
    let ConnectionState::Failing { failure } = view.state else { panic!("{:?}", view.state) };
    assert_eq!(failure.code, FailureCode::Unreachable);
    assert!(failure.message.contains("127.0.0.1:9"), "{}", failure.message);
}

#[tokio::test]
async fn a_token_stays_with_its_server() {
    let bench = Bench::new().await;
    let other = Gated::start().await;
    let moved = ConnectionDraft { token: None, ..draft(other.url()) };
    let error = bench.engine.update_connection(&bench.connection, moved).await.unwrap_err();
    assert_eq!(error.code, FailureCode::BadInput);
    assert!(other.asked().is_empty());
}

#[tokio::test]
async fn no_token_is_written_outside_the_secret_store() {
    let mut bench = Bench::new().await;
    bench.answered().await;
    bench.engine.close().await;
    for entry in std::fs::read_dir(bench.dir.path()).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        let found = bytes.windows(12).any(|window| window == b"secret-token");
        assert!(!found, "the token is in {}", path.display());
    }
}

#[tokio::test]
async fn an_event_of_a_megabyte_and_events_nobody_knows_do_no_harm() {
    let mut bench = Bench::new().await;
    let thread = bench.send(None, "hello").await;
    let mut screen = Screen::open(&bench.engine, &thread).await;
    let mut exchange = bench.server.next().await;
    exchange.begin().await;
    let long = "word ".repeat(200_000);
    exchange.event(json!({"type": "thread.hologram", "blob": "x".repeat(1 << 20)})).await;
    exchange.chunk(b"data: this is not JSON\n\n: a comment\n\n").await;
    exchange.event(json!({"type": "thread.item.added", "item": {"type": "sculpture", "id": "s1", "weight": 3}})).await;
    exchange.event(done(assistant_message("msg_2", &long))).await;
    exchange.end().await;
    assert_eq!(screen.ended().await, TurnOutcome::Done);
    assert_eq!(screen.texts()[1], "[sculpture]");
    assert_eq!(screen.texts()[2].trim_end(), long.trim_end());
}

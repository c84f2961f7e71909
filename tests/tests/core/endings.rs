//! How turns end when they do not end well: stopped, cut, stalled, refused.
#![allow(clippy::unwrap_used, reason = "a test's helpers fail as the test does")]

use std::time::Duration;

use acceptance::{
    bench::{Bench, failure},
    gated::{added, assistant_message, continuing, delta, done, opening, user_message},
    screen::Screen,
};
use engine::{
    Limits,
    view::{ConnectionState, TurnOutcome},
};
use model::{FailureCode, ItemStage, Patience};
use serde_json::json;

#[tokio::test]
async fn a_stop_closes_the_connection_and_keeps_what_was_shown() {
    let mut bench = Bench::new().await;
    let (thread, mut screen, exchange) = bench.answering("Half of").await;
    bench.server.items(vec![user_message("msg_1", "hello"), assistant_message("msg_2", "Half")]);

    bench.engine.stop(&thread).await.unwrap();
    exchange.closed().await;
    assert_eq!(screen.ended().await, TurnOutcome::Stopped);
    assert_eq!(screen.items[1].stage, ItemStage::Stopped);
    assert_eq!(screen.last_text(), "Half of");

    screen.until("read again", |screen| screen.last_text() == "Half").await;
    assert_eq!(screen.items[1].stage, ItemStage::Stopped, "the server's copy, still marked");
    let bench = bench.restart().await;
    let screen = Screen::open(&bench.engine, &thread).await;
    assert_eq!((screen.last_text().as_str(), screen.items[1].stage), ("Half", ItemStage::Stopped));
}

#[tokio::test]
async fn a_broken_answer_is_kept_marked_and_can_be_tried_again() {
    let mut bench = Bench::new().await;
    let thread = bench.send(None, "hello").await;
    let mut screen = Screen::open(&bench.engine, &thread).await;
    let mut exchange = bench.server.next().await;
    exchange.begin_with(opening("hello")).await;
    bench.server.items(vec![user_message("msg_1", "hello")]);
    exchange.event(added("msg_2")).await;
    exchange.event(delta("msg_2", "Half of")).await;
    exchange.cut().await;
    assert_eq!(failure(screen.ended().await), (FailureCode::Interrupted, true));
    assert_eq!((screen.last_text().as_str(), screen.items[1].stage), ("Half of", ItemStage::Interrupted));
    while bench.server.count("items.list") == 0 {
        tokio::task::yield_now().await;
    }

    bench.engine.retry(&thread).await.unwrap();
    let mut exchange = bench.server.next().await;
    assert_eq!(exchange.request["type"], "threads.retry_after_item");
    assert_eq!(exchange.request["params"], json!({"thread_id": "thr_1", "item_id": "msg_1"}));
    screen.until("truncated", |screen| screen.texts() == ["hello"]).await;
    exchange.begin().await;
    exchange.event(added("msg_4")).await;
    exchange.event(done(assistant_message("msg_4", "Whole"))).await;
    exchange.end().await;
    assert_eq!(screen.ended().await, TurnOutcome::Done);
    assert_eq!(screen.texts(), ["hello", "Whole"]);
}

#[tokio::test]
async fn a_broken_answer_that_the_server_finished_is_taken_whole() {
    let mut bench = Bench::new().await;
    let (_, mut screen, exchange) = bench.answering("Half").await;
    bench.server.items(vec![user_message("msg_1", "hello"), assistant_message("msg_2", "Half and the rest")]);
    exchange.cut().await;
    screen.until("whole", |screen| screen.last_text() == "Half and the rest").await;
    screen.until("settled", |screen| screen.outcome().is_none()).await;
    assert_eq!(screen.items[1].stage, ItemStage::Done);
}

#[tokio::test]
async fn a_server_that_is_slow_or_silent_is_told_apart() {
    let limits =
        Limits { first_byte: Duration::from_millis(200), idle: Duration::from_millis(200), ..Limits::default() };
    let mut bench = Bench::with(|config| config.limits = limits).await;
    let thread = bench.send(None, "slow").await;
    let mut screen = Screen::open(&bench.engine, &thread).await;
    let _silent = bench.server.next().await;
    assert_eq!(failure(screen.ended().await), (FailureCode::FirstByteTimeout, true));
    assert_eq!(screen.items[0].stage, ItemStage::Unsent);

    let thread = bench.send(None, "stalls").await;
    let mut screen = Screen::open(&bench.engine, &thread).await;
    let mut exchange = bench.server.next().await;
    exchange.begin().await;
    exchange.event(added("msg_2")).await;
    exchange.event(delta("msg_2", "then nothing")).await;
    assert_eq!(failure(screen.ended().await), (FailureCode::IdleTimeout, true));
    assert_eq!((screen.last_text().as_str(), screen.items[1].stage), ("then nothing", ItemStage::Interrupted));
    exchange.closed().await;
}

#[tokio::test]
async fn errors_that_the_server_reports_are_told_in_its_words() {
    let mut bench = Bench::new().await;
    let error = |message: &str, retry: bool| json!({"type": "error", "code": "custom", "message": message, "allow_retry": retry});
    let thread = bench.send(None, "before").await;
    let mut screen = Screen::open(&bench.engine, &thread).await;
    let mut exchange = bench.server.next().await;
    exchange.begin_with(opening("before")).await;
    exchange.event(error("The model is asleep.", false)).await;
    // Read as soon as the turn is over.
    bench.server.items(vec![user_message("msg_1", "before")]);
    exchange.end().await;
    let outcome = screen.ended().await;
    let TurnOutcome::Failed { failure: told, can_retry: false } = outcome else { panic!("{outcome:?}") };
    assert_eq!((told.code, told.message.as_str()), (FailureCode::ServerError, "The model is asleep."));

    bench.server.items(vec![user_message("msg_1", "before"), user_message("msg_3", "amid")]);
    bench.send(Some(&thread), "amid").await;
    let mut exchange = bench.server.next().await;
    exchange.begin_with(continuing("amid")).await;
    exchange.event(added("msg_4")).await;
    exchange.event(delta("msg_4", "Half")).await;
    exchange.event(json!({"type": "error", "code": "stream.error", "allow_retry": true})).await;
    exchange.event(json!({"type": "thread.updated", "thread": acceptance::gated::thread(&json!("Named late"))})).await;
    exchange.end().await;
    screen.until("ended again", |screen| screen.endings == 2 || screen.snapshots > 1).await;
    assert_eq!(failure(screen.ended().await), (FailureCode::ServerError, true));
    assert_eq!(screen.thread.as_ref().and_then(|thread| thread.title.as_deref()), Some("Named late"));
    assert_eq!((screen.last_text().as_str(), screen.items[2].stage), ("Half", ItemStage::Interrupted));
}

#[tokio::test]
async fn a_clean_end_without_an_answer_is_suspicious() {
    let mut bench = Bench::new().await;
    let thread = bench.send(None, "hello").await;
    let mut screen = Screen::open(&bench.engine, &thread).await;
    let mut exchange = bench.server.next().await;
    exchange.begin_with(opening("hello")).await;
    bench.server.items(vec![user_message("msg_1", "hello"), assistant_message("msg_2", "Stored all the same")]);
    exchange.end().await;
    screen.until("read again", |screen| screen.last_text() == "Stored all the same").await;
    screen.until("settled", |screen| screen.outcome().is_none()).await;
}

#[tokio::test]
async fn refusals_lose_nothing_and_are_named() {
    let html = "<html><h1>502 Bad Gateway</h1></html>";
    let cases = [
        (401, "application/json", r#"{"detail":"no"}"#, FailureCode::Unauthorized),
        (404, "text/plain", "nothing here", FailureCode::NotFound),
        (429, "application/json", "{}", FailureCode::RateLimited),
        (500, "text/html", html, FailureCode::ServerRefused),
        (200, "text/html", html, FailureCode::NotChatkit),
        (200, "application/json", "{}", FailureCode::NotChatkit),
    ];
    let mut bench = Bench::new().await;
    bench.engine.set_patience(Patience::NONE).await.unwrap();
    for (status, content_type, body, code) in cases {
        let thread = bench.send(None, "keep me").await;
        let mut screen = Screen::open(&bench.engine, &thread).await;
        bench.server.next().await.answer(status, content_type, body).await;
        assert_eq!(failure(screen.ended().await), (code, true), "{status} {content_type}");
        assert_eq!((screen.texts(), screen.items[0].stage), (vec!["keep me".to_owned()], ItemStage::Unsent));
        let state = bench.engine.connections()[0].state.clone();
        assert!(matches!(state, ConnectionState::Failing { failure } if failure.code == code), "{status}");
    }
    let bench = bench.restart().await;
    assert_eq!(bench.engine.threads().len(), cases.len());
}

#[tokio::test]
async fn an_unsent_message_is_sent_again_only_if_it_did_not_arrive() {
    let mut bench = Bench::new().await;
    let thread = bench.answered().await;
    bench.send(Some(&thread), "more").await;
    let mut screen = Screen::open(&bench.engine, &thread).await;
    bench.server.next().await.cut().await;
    screen.ended().await;
    assert_eq!(screen.items[2].stage, ItemStage::Unsent);

    // The server had taken it: it is found there, and answered again instead of being sent again.
    let stored = [user_message("msg_1", "hello"), assistant_message("msg_2", "Hello"), user_message("msg_3", "more")];
    bench.server.items(stored.to_vec());
    bench.engine.retry(&thread).await.unwrap();
    let exchange = bench.server.next().await;
    assert_eq!(exchange.request["type"], "threads.retry_after_item", "{}", exchange.request);
    assert_eq!(exchange.request["params"]["item_id"], "msg_3");
    exchange.answer(500, "text/plain", "").await;
}

#[tokio::test]
async fn every_cut_of_a_stream_ends_the_turn_once_and_keeps_what_came() {
    let mut body = Vec::new();
    for event in opening("é") {
        body.extend(format!("data: {event}\n\n").into_bytes());
    }
    for event in [
        added("msg_2"),
        delta("msg_2", "Grüße, *wörtlich* 🙂"),
        done(assistant_message("msg_2", "Grüße, *wörtlich* 🙂")),
    ] {
        body.extend(format!("data: {event}\n\n").into_bytes());
    }
    let mut bench = Bench::new().await;
    for at in (0..body.len()).step_by(7) {
        let thread = bench.send(None, "é").await;
        let mut screen = Screen::open(&bench.engine, &thread).await;
        let mut exchange = bench.server.next().await;
        exchange.begin().await;
        exchange.chunk(&body[..at]).await;
        bench.server.items(vec![user_message("msg_1", "é")]);
        exchange.cut().await;
        let outcome = screen.ended().await;
        assert!(!matches!(outcome, TurnOutcome::Done | TurnOutcome::Stopped), "cut at {at}: {outcome:?}");
        assert_eq!(screen.items[0].text(), "é", "cut at {at}");
        let shown = screen.items.get(1).map(|item| item.text()).unwrap_or_default();
        assert!("Grüße, wörtlich 🙂".starts_with(shown.trim_end()), "cut at {at}: {shown:?}");
        bench.engine.delete_thread(&thread).await.unwrap();
    }
}

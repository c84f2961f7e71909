//! The record of the wire: what a server on the official SDK sent is in it, without secrets, and what is saved of it replays
//! to what the turn made of it.
#![allow(clippy::unwrap_used, reason = "a test's helpers fail as the test does")]

use std::{fs, path::Path};

use acceptance::{
    bench::Bench,
    gated::{added, delta, opening},
    peer::Peer,
    replaying::{End, Framing, pieces, replayed},
    screen::Screen,
    traces::{self, Exchange},
};
use engine::{
    Engine, EngineConfig, TurnEvent,
    view::{ConnectionDraft, ExchangeEnd, Keep, MarkSort, Recording, SendRequest, WireNews},
};
use model::{Kind, ThreadEvent, ThreadId};
use serde_json::{Value, json};

/// An engine that is connected to a peer.
async fn connected(peer: &Peer, dir: &Path) -> (Engine, SendRequest) {
    let engine = Engine::open(EngineConfig::new(dir.to_owned())).await.unwrap();
    let draft = ConnectionDraft {
        token: Some(peer.token.as_str().into()),
        keep: Keep::ThisRun,
        ..ConnectionDraft::server("Peer", &peer.url)
    };
    let connection = engine.add_connection(draft).await.unwrap().id;
    let request = SendRequest { connection, thread: None, text: String::new(), model: None };
    (engine, request)
}

/// Says something in a new conversation, and gives what the turn made of the answer.
async fn say(engine: &Engine, request: &SendRequest, text: &str) -> (ThreadId, Vec<ThreadEvent>) {
    let (thread, mut told) = engine.ask(SendRequest { text: text.to_owned(), ..request.clone() }).await.unwrap();
    let mut events = Vec::new();
    while let Some(next) = told.recv().await {
        if let TurnEvent::Event { event } = next {
            events.push(event);
        }
    }
    (thread, events)
}

/// What is saved of a conversation, as the tests of recorded answers read it.
async fn saved(engine: &Engine, thread: &ThreadId, dir: &Path) -> (String, Vec<Exchange>) {
    let text = engine.wire_trace(Some(thread), None).await.unwrap();
    let file = dir.join("saved.txt");
    fs::write(&file, &text).unwrap();
    let exchanges = traces::exchanges(&file);
    (text, exchanges)
}

/// Everything that the window can get of a conversation's record.
async fn all(engine: &Engine, thread: &ThreadId) -> (WireNews, String) {
    let news = engine.wire_news(Some(thread), 0).await.unwrap();
    let mut text = format!("{news:?}");
    for exchange in &news.exchanges {
        text += &format!("{:?} {}", engine.wire_exchange(exchange.id).unwrap(), engine.wire_curl(exchange.id).unwrap());
    }
    for frame in &news.frames {
        text += &engine.wire_frame(frame.exchange, frame.index).unwrap().text;
    }
    (news, text)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_official_sdk_sent_is_saved_and_replays_to_the_same_events() {
    if !Peer::wanted() {
        return;
    }
    let (peer, dir) = (Peer::start(), tempfile::tempdir().unwrap());
    let (engine, request) = connected(&peer, dir.path()).await;
    engine.record_wire(Recording::On);
    let words = ["it's \"quoted\" and $HOME", "/workflow", "/drop", "/widget", "/tell-token"];
    for text in words {
        let (thread, events) = say(&engine, &request, text).await;
        let (file, exchanges) = saved(&engine, &thread, dir.path()).await;
        let exchange = exchanges.iter().find(|exchange| exchange.kind() == "threads.create").unwrap();
        assert!(exchange.is_stream(), "{file}");
        assert_eq!(exchange.request.as_ref().unwrap()["params"]["input"]["content"][0]["text"], text);
        assert!(exchange.operation().is_some());
        assert_eq!(exchange.whole, !text.contains("drop"), "{file}");
        let mut mapper = adapters::adapter(Kind::Chatkit).mapper();
        let end = if exchange.whole { End::Proper } else { End::Broken };
        let body = pieces(&exchange.body, []);
        // It has a runtime of its own.
        let again = tokio::task::block_in_place(|| replayed(&mut *mapper, Framing::Standard, body, end));
        assert_eq!(again, events, "{file}");
        for place in [&file, &all(&engine, &thread).await.1] {
            assert!(!place.contains(&peer.token), "the token is in {place}");
        }
        assert!(file.contains("authorization: Bearer $TOKEN"), "{file}");
    }
    engine.close().await;
}

#[tokio::test]
async fn what_is_under_way_is_told_in_few_messages_and_what_was_stopped_says_so() {
    let mut bench = Bench::new().await;
    bench.engine.record_wire(Recording::On);
    let thread = bench.send(None, "hello").await;
    let mut exchange = bench.server.next().await;
    exchange.begin_with(opening("hello")).await;
    exchange.event(added("msg_2")).await;
    for _ in 0..100 {
        exchange.event(delta("msg_2", "x")).await;
    }
    exchange.event(json!({"type": "thread.item.sparkled", "glitter": true})).await;
    exchange.event(json!({"type": "client_effect", "name": "confetti", "data": {}})).await;
    exchange.event(delta("msg_2", "!")).await;
    let mut screen = Screen::open(&bench.engine, &thread).await;
    screen.until("all of it", |screen| screen.last_text().ends_with('!')).await;

    let (mut revision, mut frames, mut messages) = (0, Vec::new(), 0);
    let mut open = Vec::new();
    while !frames.last().is_some_and(|frame: &engine::view::WireFrame| frame.preview.contains('!')) {
        let news = bench.engine.wire_news(Some(&thread), revision).await.unwrap();
        (revision, messages) = (news.revision, messages + 1);
        frames.extend(news.frames);
        open = news.exchanges;
    }
    assert!(messages < 5, "{messages} messages for {} events", frames.len());
    let turn = open.iter().find(|exchange| exchange.operation == "threads.create").unwrap();
    assert_eq!((turn.status, &turn.end), (Some(200), &ExchangeEnd::Open));
    let marks: Vec<_> = frames.iter().flat_map(|frame| &frame.marks).map(|mark| mark.sort).collect();
    assert_eq!(marks, [MarkSort::Unknown, MarkSort::Unhandled]);
    assert!(frames.windows(2).all(|pair| pair[0].at <= pair[1].at && pair[0].index + 1 == pair[1].index));
    let found = bench.engine.wire_find(Some(&thread), "CONFETTI").await.unwrap();
    assert_eq!(found.len(), 1, "{found:?}");

    let id = turn.id;
    bench.engine.stop(&thread).await.unwrap();
    screen.ended().await;
    let news = bench.engine.wire_news(Some(&thread), 0).await.unwrap();
    let turn = news.exchanges.iter().find(|exchange| exchange.id == id).unwrap();
    assert_eq!(turn.end, ExchangeEnd::Closed);
    bench.engine.clear_wire();
    assert!(bench.engine.wire_news(Some(&thread), 0).await.unwrap().kept.is_empty());
    assert!(bench.engine.wire_exchange(id).is_err());
}

#[tokio::test]
async fn nothing_is_recorded_while_nobody_wants_it() {
    let mut bench = Bench::new().await;
    let thread = bench.answered().await;
    let news = bench.engine.wire_news(Some(&thread), 0).await.unwrap();
    assert_eq!((news.revision, news.kept.len()), (1, 0));
}

#[tokio::test]
async fn a_refusal_is_shown_with_what_the_server_said() {
    let mut bench = Bench::new().await;
    bench.engine.record_wire(Recording::On);
    let thread = bench.send(None, "hello").await;
    let exchange = bench.server.next().await;
    exchange.answer(500, "application/json", r#"{"error":"secret-token is odd"}"#).await;
    let mut screen = Screen::open(&bench.engine, &thread).await;
    screen.ended().await;
    let (news, shown) = all(&bench.engine, &thread).await;
    let turn = news.exchanges.iter().find(|exchange| exchange.operation == "threads.create").unwrap();
    assert!(matches!(turn.end, ExchangeEnd::Failed { .. }) && turn.status == Some(500), "{turn:?}");
    assert!(shown.contains(r#"{"error":"[hidden] is odd"}"#), "{shown}");
    assert!(!shown.contains("secret-token"), "{shown}");
    let dir = tempfile::tempdir().unwrap();
    let (text, exchanges) = saved(&bench.engine, &thread, dir.path()).await;
    let read = exchanges.iter().find(|exchange| exchange.kind() == "threads.create").unwrap();
    assert_eq!((read.status, read.content_type.as_str()), (500, "application/json"), "{text}");
    assert!(serde_json::from_slice::<Value>(&read.body).is_ok());
}

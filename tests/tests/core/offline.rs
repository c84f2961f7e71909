//! A network that comes and goes: being offline is a state that ends by itself, what certainly was not sent waits for that,
//! and nothing is sent twice.
#![allow(clippy::unwrap_used, reason = "a test's helpers fail as the test does")]

use std::time::Duration;

use acceptance::{
    bench::{Bench, draft, failure},
    gated::{Exchange, Gated, added, assistant_message, done, opening, user_message},
    screen::Screen,
};
use engine::{
    TurnEvent,
    view::{Activity, ConnectionState, ConnectionView, TurnOutcome, TurnPhase},
};
use model::{FailureCode, ItemStage, ThreadId, WhenUnreachable};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    time::sleep,
};

fn connection(bench: &Bench) -> ConnectionView {
    bench.engine.connections().into_iter().find(|view| view.id == bench.connection).unwrap()
}

/// A message to a server that is gone, once it waits.
async fn waiting(bench: &mut Bench, thread: Option<&ThreadId>, text: &str) -> (ThreadId, Screen) {
    bench.server.gone().await;
    let thread = bench.send(thread, text).await;
    let mut screen = Screen::open(&bench.engine, &thread).await;
    screen.until("waiting", |screen| screen.phase() == TurnPhase::Held).await;
    (thread, screen)
}

async fn answer(mut exchange: Exchange, text: &str) {
    exchange.begin_with(opening(text)).await;
    exchange.event(added("msg_2")).await;
    exchange.event(done(assistant_message("msg_2", "Here I am"))).await;
    exchange.end().await;
}

#[tokio::test]
async fn a_message_waits_for_its_server_and_goes_out_once_by_itself() {
    let mut bench = Bench::new().await;
    let (_, mut screen) = waiting(&mut bench, None, "hello").await;
    assert_eq!(screen.texts(), ["hello"]);
    assert_eq!(screen.items[0].stage, ItemStage::Sending);
    assert_eq!(screen.thread.as_ref().unwrap().activity, Activity::Held);
    assert_eq!(screen.endings, 0, "a turn that waits is not over");
    let view = connection(&bench);
    assert!(view.state.is_offline(), "{:?}", view.state);
    // The task that tries again tells when, as soon as it runs.
    while connection(&bench).again.is_none() {
        tokio::task::yield_now().await;
    }

    let mut server = bench.server.back().await;
    let exchange = server.next().await;
    assert_eq!(exchange.request["type"], "threads.create");
    assert_eq!(exchange.request["params"]["input"]["content"][0]["text"], "hello");
    answer(exchange, "hello").await;
    assert_eq!(screen.ended().await, TurnOutcome::Done);
    assert_eq!(screen.texts(), ["hello", "Here I am"]);
    assert_eq!((screen.endings, server.count("threads.create")), (1, 1));
    let view = connection(&bench);
    assert_eq!((view.state, view.again), (ConnectionState::Online, None));
}

#[tokio::test]
async fn whoever_does_not_want_to_wait_for_the_next_try_sends_it_now() {
    let mut bench = Bench::new().await;
    let (_, mut screen) = waiting(&mut bench, None, "hello").await;
    // In vain, and it still waits.
    assert!(bench.engine.check_connection(&bench.connection).await.unwrap().state.is_offline());
    assert_eq!(screen.phase(), TurnPhase::Held);
    let mut server = bench.server.back().await;
    assert_eq!(bench.engine.check_connection(&bench.connection).await.unwrap().state, ConnectionState::Online);
    answer(server.next().await, "hello").await;
    assert_eq!(screen.ended().await, TurnOutcome::Done);
    assert_eq!(server.count("threads.create"), 1);
}

#[tokio::test]
async fn several_conversations_wait_and_each_goes_out_once() {
    let mut bench = Bench::new().await;
    bench.server.gone().await;
    let mut screens = Vec::new();
    for text in ["one", "two", "three"] {
        let thread = bench.send(None, text).await;
        let mut screen = Screen::open(&bench.engine, &thread).await;
        screen.until("waiting", |screen| screen.phase() == TurnPhase::Held).await;
        screens.push(screen);
    }
    let mut server = bench.server.back().await;
    bench.engine.check_connection(&bench.connection).await.unwrap();
    let mut sent = Vec::new();
    for _ in 0..3 {
        let exchange = server.next().await;
        sent.push(exchange.request["params"]["input"]["content"][0]["text"].as_str().unwrap().to_owned());
        answer(exchange, "x").await;
    }
    for screen in &mut screens {
        assert_eq!(screen.ended().await, TurnOutcome::Done);
    }
    sent.sort();
    assert_eq!(sent, ["one", "three", "two"]);
    assert_eq!(server.count("threads.create"), 3);
}

#[tokio::test]
async fn what_is_taken_back_is_a_draft_again_and_is_never_sent() {
    let mut bench = Bench::new().await;
    let (thread, mut screen) = waiting(&mut bench, None, "hello").await;
    bench.engine.save_draft(Some(&thread), model::Draft::text("and more")).await.unwrap();
    bench.engine.stop(&thread).await.unwrap();
    assert_eq!(screen.ended().await, TurnOutcome::Stopped);
    assert!(screen.texts().is_empty(), "{}", screen.describe());
    assert_eq!((screen.taken_back.as_slice(), screen.endings), (["hello".to_owned()].as_slice(), 1));
    assert_eq!(bench.engine.draft(Some(&thread)).await.unwrap().text, "hello\n\nand more");
    let server = bench.server.back().await;
    bench.engine.check_connection(&bench.connection).await.unwrap();
    assert_eq!((server.count("threads.list"), server.count("threads.create")), (1, 0));
}

#[tokio::test]
async fn what_waits_when_the_program_ends_is_the_threads_draft_the_next_time() {
    let mut bench = Bench::new().await;
    let thread = bench.answered().await;
    let (_, screen) = waiting(&mut bench, Some(&thread), "and another").await;
    drop(screen);
    let bench = bench.restart().await;
    assert_eq!(bench.engine.draft(Some(&thread)).await.unwrap().text, "and another");
    let screen = Screen::open(&bench.engine, &thread).await;
    assert_eq!(screen.texts(), ["hello", "Hello there"]);
    assert_eq!(screen.phase(), TurnPhase::Idle);
}

#[tokio::test]
async fn whoever_wants_to_be_told_at_once_is() {
    let mut bench = Bench::new().await;
    bench.engine.set_when_unreachable(WhenUnreachable::Tell).await.unwrap();
    bench.server.gone().await;
    let thread = bench.send(None, "hello").await;
    let mut screen = Screen::open(&bench.engine, &thread).await;
    assert_eq!(failure(screen.ended().await), (FailureCode::Unreachable, true));
    assert_eq!(screen.items[0].stage, ItemStage::Unsent);
    // The connection's state is the same in both cases, and so is how it ends.
    let server = bench.server.back().await;
    while connection(&bench).state != ConnectionState::Online {
        sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(server.count("threads.create"), 0);
}

#[tokio::test]
async fn a_script_does_not_hang() {
    let mut bench = Bench::new().await;
    bench.server.gone().await;
    let (_, mut events) = bench.engine.ask(bench.request(None, "hello")).await.unwrap();
    let event = tokio::time::timeout(Duration::from_secs(5), events.recv()).await.unwrap().unwrap();
    let TurnEvent::Ended { outcome } = event else { panic!("{event:?}") };
    assert_eq!(failure(outcome), (FailureCode::Unreachable, true));
}

#[tokio::test]
async fn a_request_that_may_have_been_executed_neither_waits_nor_is_sent_again() {
    let mut bench = Bench::new().await;
    let thread = bench.send(None, "hello").await;
    let mut screen = Screen::open(&bench.engine, &thread).await;
    // It has read everything, hangs up without a word, and is gone.
    let exchange = bench.server.next().await;
    bench.server.gone().await;
    exchange.cut().await;
    assert_eq!(failure(screen.ended().await), (FailureCode::Unreachable, true));
    assert_eq!(screen.items[0].stage, ItemStage::Unsent);
    let server = bench.server.back().await;
    assert_eq!(bench.engine.check_connection(&bench.connection).await.unwrap().state, ConnectionState::Online);
    while connection(&bench).again.is_some() {
        tokio::task::yield_now().await;
    }
    assert_eq!((server.count("threads.list") > 0, server.count("threads.create")), (true, 0));
}

#[tokio::test]
async fn an_answer_that_is_cut_off_stays_interrupted_and_its_request_is_not_repeated() {
    let mut bench = Bench::new().await;
    let (_, mut screen, exchange) = bench.answering("Hel").await;
    bench.server.gone().await;
    exchange.cut().await;
    let outcome = screen.ended().await;
    assert!(matches!(outcome, TurnOutcome::Interrupted { .. }), "{outcome:?}");
    let server = bench.server.back().await;
    server.items(vec![user_message("msg_1", "hello"), assistant_message("msg_2", "Hel")]);
    bench.engine.check_connection(&bench.connection).await.unwrap();
    assert_eq!((server.count("threads.create"), server.count("threads.add_user_message")), (0, 0));
}

#[tokio::test]
async fn a_session_endpoint_that_cannot_be_reached_is_waited_for_as_well() {
    let mut bench = Bench::new().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let place = listener.local_addr().unwrap();
    drop(listener);
    let mut typed = draft(bench.server.url());
    typed.values.insert("session".to_owned(), "endpoint".to_owned());
    typed.values.insert("session_url".to_owned(), format!("http://{place}/sessions"));
    bench.connection = bench.engine.add_connection(typed).await.unwrap().id;
    assert!(connection(&bench).state.is_offline());
    let thread = bench.send(None, "hello").await;
    let mut screen = Screen::open(&bench.engine, &thread).await;
    screen.until("waiting", |screen| screen.phase() == TurnPhase::Held).await;

    let listener = TcpListener::bind(place).await.unwrap();
    let sessions = tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let _ = socket.read(&mut [0; 8192]).await;
            let body = r#"{"client_secret":"made-for-you-1234","expires_in":600}"#;
            let head = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: application/json\r\n";
            let _ = socket.write_all(format!("{head}content-length: {}\r\n\r\n{body}", body.len()).as_bytes()).await;
        }
    });
    let exchange = bench.server.next().await;
    assert!(exchange.head.contains("made-for-you-1234"), "{}", exchange.head);
    answer(exchange, "hello").await;
    assert_eq!(screen.ended().await, TurnOutcome::Done);
    assert_eq!(bench.server.count("threads.create"), 1);
    sessions.abort();
}

#[tokio::test]
async fn a_connection_that_is_switched_off_keeps_nothing_waiting() {
    let mut bench = Bench::new().await;
    let (_, mut screen) = waiting(&mut bench, None, "hello").await;
    bench.engine.disable_connection(&bench.connection, true).await.unwrap();
    assert_eq!(failure(screen.ended().await).0, FailureCode::Disabled);
    assert_eq!(screen.items[0].stage, ItemStage::Unsent);
    let server: Gated = bench.server.back().await;
    assert_eq!(server.asked().len(), 0);
}

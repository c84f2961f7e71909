//! Servers that want a pause: a message that was refused for now waits and goes out again by itself, as long as there is
//! patience; the person sends it now or takes it back; and none is ever sent twice.
#![allow(clippy::unwrap_used, reason = "a test's helpers fail as the test does")]

use std::time::{SystemTime, UNIX_EPOCH};

use acceptance::{
    bench::{Bench, draft, failure},
    gated::{Exchange, added, assistant_message, continuing, done, opening},
    screen::Screen,
};
use engine::{
    TurnEvent,
    view::{Activity, ConnectionState, HeldWhy, TurnOutcome, TurnPhase},
};
use model::{Failure, FailureCode, ItemStage, Patience, ThreadId};

async fn answer(mut exchange: Exchange, begins: Vec<serde_json::Value>) {
    exchange.begin_with(begins).await;
    exchange.event(added("msg_2")).await;
    exchange.event(done(assistant_message("msg_2", "Here I am"))).await;
    exchange.end().await;
}

/// A message that the server refuses, once it waits.
async fn refused(bench: &mut Bench, status: u16, headers: &[&str], body: &str) -> (ThreadId, Screen) {
    let thread = bench.send(None, "hello").await;
    let screen = Screen::open(&bench.engine, &thread).await;
    bench.server.next().await.refuse(status, headers, body).await;
    (thread, screen)
}

async fn held(screen: &mut Screen) -> (HeldWhy, Option<i64>, Option<Failure>) {
    screen.until("held", |screen| screen.phase() == TurnPhase::Held).await;
    let held = screen.turn.as_ref().unwrap().held.clone().unwrap();
    (held.why, held.until, held.failure)
}

/// In how many seconds from now that is.
fn seconds_to(until: i64) -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis();
    (until - i64::try_from(now).unwrap() + 500) / 1000
}

#[tokio::test]
async fn a_refused_message_waits_as_the_server_wants_and_goes_out_once_by_itself() {
    let mut bench = Bench::new().await;
    let (_, mut screen) = refused(&mut bench, 429, &[], r#"{"error": {"message": "Please try again in 1.2s"}}"#).await;
    let (why, until, told) = held(&mut screen).await;
    assert_eq!(why, HeldWhy::RateLimited);
    assert!((0..=2).contains(&seconds_to(until.unwrap())), "{until:?}");
    let told = told.unwrap();
    assert_eq!((told.code, told.retry_after_ms), (FailureCode::RateLimited, Some(1200)));
    assert_eq!(screen.thread.as_ref().unwrap().activity, Activity::Held);
    // It is there: what it wants is told with the message, and is no failure.
    assert_eq!(bench.engine.connections()[0].state, ConnectionState::Online);
    assert_eq!((screen.items[0].stage, screen.endings), (ItemStage::Sending, 0));

    let exchange = bench.server.next().await;
    assert_eq!(exchange.request["params"]["input"]["content"][0]["text"], "hello");
    answer(exchange, opening("hello")).await;
    assert_eq!(screen.ended().await, TurnOutcome::Done);
    assert_eq!(screen.texts(), ["hello", "Here I am"]);
    assert_eq!((screen.endings, bench.server.count("threads.create")), (1, 2));
    assert_eq!(screen.turn.as_ref().unwrap().held, None);
    assert_eq!(bench.engine.connections()[0].state, ConnectionState::Online);
}

#[tokio::test]
async fn whoever_does_not_want_to_wait_sends_it_now() {
    let mut bench = Bench::new().await;
    let (thread, mut screen) = refused(&mut bench, 429, &["retry-after: 60"], "{}").await;
    let (_, until, _) = held(&mut screen).await;
    // A little is added to what the server wants, so that not all come back at once.
    assert!((58..=63).contains(&seconds_to(until.unwrap())), "{until:?}");
    bench.engine.send_now(&thread).await.unwrap();
    // In vain: it waits again, for the rest of the patience.
    bench.server.next().await.refuse(429, &["retry-after: 50"], "{}").await;
    let first = until;
    let again = |screen: &Screen| screen.turn.as_ref().unwrap().held.as_ref().is_some_and(|held| held.until != first);
    screen.until("held again", again).await;
    let (_, until, _) = held(&mut screen).await;
    assert!((48..=53).contains(&seconds_to(until.unwrap())), "{until:?}");
    bench.engine.send_now(&thread).await.unwrap();
    answer(bench.server.next().await, opening("hello")).await;
    assert_eq!(screen.ended().await, TurnOutcome::Done);
    assert_eq!(bench.server.count("threads.create"), 3);
    // What is out already cannot be sent now, and that is no failure.
    bench.engine.send_now(&thread).await.unwrap();
    bench.engine.send_now(&ThreadId::new("elsewhere")).await.unwrap();
    assert_eq!(bench.server.count("threads.create"), 3);
}

#[tokio::test]
async fn what_waits_is_taken_back_and_never_sent() {
    let mut bench = Bench::new().await;
    let (thread, mut screen) = refused(&mut bench, 503, &["Retry-After: 60"], "").await;
    assert_eq!(held(&mut screen).await.0, HeldWhy::RateLimited);
    bench.engine.stop(&thread).await.unwrap();
    assert_eq!(screen.ended().await, TurnOutcome::Stopped);
    assert_eq!((screen.texts().len(), &screen.taken_back[..]), (0, &["hello".to_owned()][..]));
    assert_eq!(bench.engine.draft(Some(&thread)).await.unwrap().text, "hello");
    bench.engine.send_now(&thread).await.unwrap();
    assert_eq!(bench.server.count("threads.create"), 1);
}

#[tokio::test]
async fn what_waits_when_the_program_ends_is_a_draft_the_next_time() {
    let mut bench = Bench::new().await;
    let (thread, mut screen) = refused(&mut bench, 429, &["retry-after: 60"], "{}").await;
    held(&mut screen).await;
    drop(screen);
    let bench = bench.restart().await;
    assert_eq!(bench.engine.draft(Some(&thread)).await.unwrap().text, "hello");
    assert_eq!(bench.server.count("threads.create"), 1);
}

#[tokio::test]
async fn a_pause_beyond_patience_is_told_at_once_with_its_end() {
    let mut bench = Bench::new().await;
    for (patience, retry_after) in [(Patience::default(), "retry-after: 600"), (Patience::NONE, "retry-after: 1")] {
        bench.engine.set_patience(patience).await.unwrap();
        let (_, mut screen) = refused(&mut bench, 429, &[retry_after], "{}").await;
        let outcome = screen.ended().await;
        let TurnOutcome::Failed { failure, can_retry: true } = outcome else { panic!("{outcome:?}") };
        assert_eq!(failure.code, FailureCode::RateLimited);
        let (ms, words) = if patience == Patience::NONE { (1000, "a second.") } else { (600_000, "10 minutes.") };
        assert_eq!(failure.retry_after_ms, Some(ms));
        assert!(failure.message.contains(words), "{failure}");
        assert_eq!(screen.items[0].stage, ItemStage::Unsent);
    }
    // It is kept.
    bench.engine.set_patience(Patience(7)).await.unwrap();
    let settings = std::fs::read_to_string(bench.dir.path().join("settings.json")).unwrap();
    let settings: serde_json::Value = serde_json::from_str(&settings).unwrap();
    assert_eq!(settings["patience"], 7);
}

#[tokio::test]
async fn what_may_have_been_executed_is_told_and_not_repeated() {
    let mut bench = Bench::new().await;
    for (status, headers) in [(503, vec![]), (500, vec!["retry-after: 1"]), (502, vec!["retry-after: 1"])] {
        let before = bench.server.count("threads.create");
        let (_, mut screen) = refused(&mut bench, status, &headers, "{}").await;
        assert_eq!(failure(screen.ended().await), (FailureCode::ServerRefused, true), "{status}");
        assert_eq!(bench.server.count("threads.create"), before + 1);
    }
    let quota = r#"{"error": {"code": "insufficient_quota", "message": "Please try again in 1s"}}"#;
    let (_, mut screen) = refused(&mut bench, 429, &[], quota).await;
    assert_eq!(failure(screen.ended().await), (FailureCode::RateLimited, true));
    // A stream that broke is no refusal.
    let thread = bench.send(None, "hello").await;
    let mut screen = Screen::open(&bench.engine, &thread).await;
    bench.server.next().await.cut().await;
    assert_eq!(failure(screen.ended().await).0, FailureCode::Unreachable);
    assert_eq!(bench.server.count("threads.create"), 5);
}

#[tokio::test]
async fn many_conversations_do_not_hammer_a_server_that_refuses_all() {
    let mut bench = Bench::new().await;
    let mut screens = Vec::new();
    for number in 0..14 {
        let thread = bench.send(None, &number.to_string()).await;
        screens.push(Screen::open(&bench.engine, &thread).await);
    }
    let refusing = async {
        loop {
            bench.server.next().await.refuse(429, &[], r#"{"retry_after_ms": 1}"#).await;
        }
    };
    let ending = async {
        for screen in &mut screens {
            assert_eq!(failure(screen.ended().await).0, FailureCode::RateLimited);
        }
    };
    tokio::select! {
        () = ending => {}
        () = refusing => {}
    }
    let asked = bench.server.count("threads.create");
    // Fourteen by the person, ten that the budget holds, and what comes to it by the share and by time.
    assert!((24..=14 + 10 + 3 + 6).contains(&asked), "{asked}");
}

#[tokio::test]
async fn a_script_is_told_at_once_or_waits_if_it_says_so() {
    let mut bench = Bench::new().await;
    let (_, mut events) = bench.engine.ask(bench.request(None, "hello")).await.unwrap();
    bench.server.next().await.refuse(429, &["retry-after: 1"], "{}").await;
    let event = events.recv().await.unwrap();
    let TurnEvent::Ended { outcome } = event else { panic!("{event:?}") };
    assert_eq!(failure(outcome), (FailureCode::RateLimited, true));

    let (_, mut events) = bench.engine.ask_with(Patience(5), bench.request(None, "hello")).await.unwrap();
    bench.server.next().await.refuse(429, &[], r#"{"retry_after_ms": 100}"#).await;
    let event = events.recv().await.unwrap();
    assert!(matches!(&event, TurnEvent::Held { held } if held.why == HeldWhy::RateLimited), "{event:?}");
    answer(bench.server.next().await, opening("hello")).await;
    let mut last = None;
    while let Some(event) = events.recv().await {
        last = Some(event);
    }
    assert!(matches!(last, Some(TurnEvent::Ended { outcome: TurnOutcome::Done })), "{last:?}");
}

#[tokio::test]
async fn beyond_the_persons_own_limit_messages_wait_their_turn() {
    let mut bench = Bench::new().await;
    let mut typed = draft(bench.server.url());
    typed.values.insert("per_minute".to_owned(), "1".to_owned());
    bench.engine.update_connection(&bench.connection, typed).await.unwrap();
    let thread = bench.answered().await;
    bench.send(Some(&thread), "and now").await;
    let mut screen = Screen::open(&bench.engine, &thread).await;
    let (why, until, told) = held(&mut screen).await;
    assert_eq!((why, told), (HeldWhy::OwnLimit, None));
    assert!((50..=60).contains(&seconds_to(until.unwrap())), "{until:?}");
    assert_eq!(bench.server.count("threads.add_user_message"), 0);
    // What the program asks by itself is not counted, and a script is told how long it would be.
    bench.engine.refresh_threads().await;
    let (_, mut events) = bench.engine.ask(bench.request(None, "hello")).await.unwrap();
    let event = events.recv().await.unwrap();
    let TurnEvent::Ended { outcome: TurnOutcome::Failed { failure, .. } } = event else { panic!("{event:?}") };
    assert!(failure.message.contains("only so many messages per minute"), "{failure}");
    assert!(failure.retry_after_ms.is_some());

    bench.engine.send_now(&thread).await.unwrap();
    answer(bench.server.next().await, continuing("and now")).await;
    assert_eq!(screen.ended().await, TurnOutcome::Done);
    assert_eq!(bench.server.count("threads.create"), 1);
}

#[tokio::test]
async fn a_message_with_a_key_is_sent_once() {
    let mut bench = Bench::new().await;
    let send = |key: &str, text: &str| bench.engine.send_once(key.to_owned(), bench.request(None, text));
    let (one, two) = tokio::join!(send("a", "hello"), send("a", "hello"));
    let thread = one.unwrap();
    assert_eq!(two.unwrap(), thread);
    assert_eq!(bench.engine.threads().len(), 1);
    answer(bench.server.next().await, opening("hello")).await;
    let mut screen = Screen::open(&bench.engine, &thread).await;
    screen.ended().await;
    let again = bench.engine.send_once("a".to_owned(), bench.request(None, "hello")).await.unwrap();
    assert_eq!(again, thread);

    // In a conversation that answers, nothing is sent, and the key is not used up by that.
    bench.send(Some(&thread), "more").await;
    let busy = bench.engine.send_once("c".to_owned(), bench.request(Some(&thread), "and more")).await;
    assert_eq!(busy.unwrap_err().code, FailureCode::Busy);
    let mut exchange = bench.server.next().await;
    exchange.begin_with(continuing("more")).await;
    exchange.event(done(assistant_message("msg_4", "More"))).await;
    exchange.end().await;
    screen.until("answered", |screen| screen.phase() == TurnPhase::Idle && screen.texts().len() == 4).await;
    bench.engine.send_once("c".to_owned(), bench.request(Some(&thread), "and more")).await.unwrap();
    let exchange = bench.server.next().await;
    assert_eq!(exchange.request["params"]["input"]["content"][0]["text"], "and more");
    assert_eq!((bench.server.count("threads.create"), bench.engine.threads().len()), (1, 1));
    // The same words may be meant twice: another key is another message.
    let other = bench.engine.send_once("d".to_owned(), bench.request(None, "hello")).await.unwrap();
    assert_ne!(other, thread);
    exchange.cut().await;
}

#[tokio::test]
async fn what_waits_for_its_server_to_be_reached_is_sent_now_as_well() {
    let mut bench = Bench::new().await;
    bench.server.gone().await;
    let thread = bench.send(None, "hello").await;
    let mut screen = Screen::open(&bench.engine, &thread).await;
    assert_eq!(held(&mut screen).await.0, HeldWhy::Unreachable);
    let mut server = bench.server.back().await;
    bench.engine.send_now(&thread).await.unwrap();
    answer(server.next().await, opening("hello")).await;
    assert_eq!(screen.ended().await, TurnOutcome::Done);
    assert_eq!(server.count("threads.create"), 1);
}

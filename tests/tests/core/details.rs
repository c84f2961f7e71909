//! How an answer came about, as it is kept with each message.
#![allow(clippy::unwrap_used, reason = "a test's helpers fail as the test does")]

use std::sync::Arc;

use acceptance::{
    bench::{Bench, failure},
    gated::{added, assistant_message, delta, done, opening, user_message},
    openai::server,
    peer::Peer,
    screen::Screen,
};
use engine::{
    Engine, EngineConfig,
    view::{ConnectionDraft, DetailsView, SendRequest, TurnOutcome, TurnPhase},
};
use history::History;
use model::{FailureCode, Kind, TurnEnd, WhenUnreachable};

/// What each item on screen shows of its turn.
fn details(screen: &Screen) -> Vec<Option<DetailsView>> {
    screen.items.iter().map(|item| item.details.clone()).collect()
}

fn last(screen: &Screen) -> DetailsView {
    screen.items.last().unwrap().details.clone().unwrap_or_else(|| panic!("{}", screen.describe()))
}

fn steps(details: &DetailsView) -> Vec<(String, String)> {
    details.way.iter().map(|step| (step.name.clone(), step.words.clone())).collect()
}

async fn open(dir: &tempfile::TempDir, secrets: &Arc<secrets::Memory>) -> Engine {
    let config = EngineConfig { secrets: secrets.clone(), ..EngineConfig::new(dir.path().to_owned()) };
    Engine::open(config).await.unwrap()
}

#[tokio::test]
async fn model_usage_and_times_of_an_answer_are_shown_and_survive_a_restart() {
    let ((url, _), dir, secrets) = (server().await, tempfile::tempdir().unwrap(), Arc::default());
    let engine = open(&dir, &secrets).await;
    let mut draft = ConnectionDraft::server("Local", &url);
    draft.kind = Kind::Openai;
    draft.token = Some("sk-s3same".to_owned().into());
    draft.values.insert("model".to_owned(), "large".to_owned());
    let connection = engine.add_connection(draft).await.unwrap().id;
    let request = SendRequest { connection: connection.clone(), thread: None, text: "hello".to_owned(), model: None };
    let thread = engine.send(request).await.unwrap();
    let mut screen = Screen::open(&engine, &thread).await;
    assert_eq!(screen.ended().await, TurnOutcome::Done);

    let shown = last(&screen);
    assert_eq!(screen.items[0].details, None, "the answer shows it, and the question does not");
    assert_eq!((shown.name.as_str(), shown.end, &shown.failure), ("Local", TurnEnd::Done, &None));
    assert_eq!((shown.model_asked.as_deref(), shown.model_used.as_deref()), (Some("large"), Some("tiny")));
    assert!(shown.is_other_model);
    let usage = shown.usage.unwrap();
    assert_eq!((usage.input_tokens, usage.output_tokens, usage.reasoning_tokens), (Some(11), Some(6), Some(2)));
    assert_eq!((shown.pieces, shown.characters), (2, 18));
    let first_byte = shown.first_byte_ms.unwrap();
    assert!(first_byte <= shown.first_text_ms.unwrap() && first_byte <= shown.whole_ms && shown.began_at > 0);
    assert!(shown.session_ms.is_some() && shown.way.is_empty());
    assert_eq!(engine.last_details(&thread).await.unwrap(), shown);
    engine.close().await;

    let engine = open(&dir, &secrets).await;
    let screen = Screen::open(&engine, &thread).await;
    assert_eq!(details(&screen), [None, Some(shown.clone())]);
    engine.close().await;
    let history = History::open(&dir.path().join("history.sqlite")).unwrap().history;
    let records = history.turn_records(&connection, 9).unwrap();
    assert_eq!(records.iter().map(DetailsView::of).collect::<Vec<_>>(), [shown]);
}

#[tokio::test]
async fn times_follow_what_the_server_releases() {
    let mut bench = Bench::new().await;
    let thread = bench.send(None, "hello").await;
    let mut screen = Screen::open(&bench.engine, &thread).await;
    let mut exchange = bench.server.next().await;
    exchange.begin_with(opening("hello")).await;
    screen.until("streaming", |screen| screen.phase() == TurnPhase::Streaming).await;
    assert!(details(&screen).iter().all(Option::is_none), "nothing is told before the end");
    exchange.event(added("msg_2")).await;
    for words in ["One", " two", " three."] {
        exchange.event(delta("msg_2", words)).await;
    }
    exchange.event(done(assistant_message("msg_2", "One two three."))).await;
    exchange.end().await;
    assert_eq!(screen.ended().await, TurnOutcome::Done);
    let shown = last(&screen);
    assert_eq!((shown.pieces, shown.characters, shown.usage), (3, 14, None));
    assert_eq!((shown.model_asked, shown.model_used, shown.is_other_model), (None, None, false));
    assert!(shown.first_byte_ms <= shown.first_text_ms && shown.first_text_ms <= Some(shown.whole_ms));
}

#[tokio::test]
async fn a_turn_that_failed_or_broke_off_has_details_too() {
    let mut bench = Bench::new().await;
    let thread = bench.send(None, "hello").await;
    let mut screen = Screen::open(&bench.engine, &thread).await;
    bench.server.next().await.answer(500, "text/plain", "no").await;
    assert_eq!(failure(screen.ended().await).0, FailureCode::ServerRefused);
    let shown = last(&screen);
    assert_eq!((shown.end, shown.failure.as_deref()), (TurnEnd::Failed, Some("server_refused")));
    assert_eq!((shown.first_byte_ms, shown.first_text_ms, shown.rate), (None, None, None));

    // Its message is answered once more, and half of that answer comes.
    bench.engine.retry(&thread).await.unwrap();
    screen.until("gone", |screen| screen.items[0].details.is_none()).await;
    let mut exchange = bench.server.next().await;
    exchange.begin_with(opening("hello")).await;
    exchange.event(added("msg_2")).await;
    exchange.event(delta("msg_2", "Half of")).await;
    screen.until("half of it", |screen| screen.last_text() == "Half of").await;
    bench.server.items(vec![user_message("msg_1", "hello")]);
    exchange.cut().await;
    assert_eq!(failure(screen.ended().await).0, FailureCode::Interrupted);
    let shown = details(&screen);
    assert_eq!(shown[0], None, "the failed try is shown no more");
    let shown = shown[1].clone().unwrap();
    assert_eq!((shown.end, shown.failure.as_deref()), (TurnEnd::Interrupted, Some("interrupted")));
    assert_eq!((shown.pieces, shown.characters), (1, 7));

    let (connection, bench) = (bench.connection.clone(), bench.restart().await);
    let screen = Screen::open(&bench.engine, &thread).await;
    assert_eq!(details(&screen), [None, Some(shown)]);
    bench.engine.close().await;
    let history = History::open(&bench.dir.path().join("history.sqlite")).unwrap().history;
    let ends: Vec<_> = history.turn_records(&connection, 9).unwrap().into_iter().map(|record| record.end).collect();
    assert_eq!(ends, [TurnEnd::Interrupted, TurnEnd::Failed], "both tries count");
}

#[tokio::test]
async fn what_the_server_has_after_all_shows_how_its_turn_went() {
    let mut bench = Bench::new().await;
    let thread = bench.answered().await;
    let mut screen = Screen::open(&bench.engine, &thread).await;
    bench.send(Some(&thread), "and now").await;
    let mut exchange = bench.server.next().await;
    // The answer that would have told the names is lost on the way, and the server has finished it.
    let stored = [user_message("msg_1", "hello"), assistant_message("msg_2", "Hello **there**")];
    let more = [user_message("msg_8", "and now"), assistant_message("msg_9", "All of it")];
    bench.server.items(stored.into_iter().chain(more).collect());
    exchange.begin().await;
    exchange.cut().await;
    screen.until("the server's copy", |screen| screen.last_text() == "All of it").await;
    screen.until("its details", |screen| screen.items[3].details.is_some()).await;
    let shown = details(&screen);
    assert!(shown[1].is_some() && shown[2].is_none());
    assert_eq!(shown[3].as_ref().unwrap().end, TurnEnd::Failed);
    let bench = bench.restart().await;
    assert_eq!(details(&Screen::open(&bench.engine, &thread).await), shown);
}

#[tokio::test]
async fn a_wait_for_the_server_is_part_of_the_way() {
    let mut bench = Bench::new().await;
    bench.engine.set_when_unreachable(WhenUnreachable::Wait).await.unwrap();
    bench.server.gone().await;
    let thread = bench.send(None, "hello").await;
    let mut screen = Screen::open(&bench.engine, &thread).await;
    screen.until("waiting", |screen| screen.phase() == TurnPhase::Held).await;
    let mut server = bench.server.back().await;
    let mut exchange = server.next().await;
    exchange.begin_with(opening("hello")).await;
    exchange.event(done(assistant_message("msg_2", "Here I am"))).await;
    exchange.end().await;
    assert_eq!(screen.ended().await, TurnOutcome::Done);
    let office = |words: &str| ("Office".to_owned(), words.to_owned());
    let shown = last(&screen);
    assert_eq!(steps(&shown), [office("could not be reached"), office("waited until it could be reached")]);
    let waited: u32 = shown.way.iter().map(|step| step.took_ms).sum();
    assert!(waited <= shown.whole_ms && shown.first_byte_ms.unwrap() <= shown.whole_ms - waited);
}

#[tokio::test]
async fn a_message_that_was_taken_back_leaves_no_details() {
    let mut bench = Bench::new().await;
    let thread = bench.answered().await;
    let mut screen = Screen::open(&bench.engine, &thread).await;
    let before = details(&screen);
    bench.server.gone().await;
    bench.send(Some(&thread), "never mind").await;
    screen.until("waiting", |screen| screen.phase() == TurnPhase::Held).await;
    bench.engine.stop(&thread).await.unwrap();
    assert_eq!(screen.ended().await, TurnOutcome::Stopped);
    assert_eq!((details(&screen), before.len()), (before.clone(), 2));
}

#[tokio::test]
async fn a_session_that_was_refused_is_part_of_the_way() {
    if !Peer::wanted() {
        return;
    }
    let (peer, dir, secrets) = (Peer::with_sessions(), tempfile::tempdir().unwrap(), Arc::default());
    let engine = open(&dir, &secrets).await;
    let mut draft =
        ConnectionDraft { token: Some(peer.token.clone().into()), ..ConnectionDraft::server("Office", &peer.url) };
    let session = [("session", "endpoint"), ("session_url", &peer.address("/api/sessions"))];
    let values = session.iter().chain(&[("session_body", r#"{"user": "{{user}}"}"#)]);
    draft.values.extend(values.map(|(key, value)| ((*key).to_owned(), (*value).to_owned())));
    let connection = engine.add_connection(draft).await.unwrap().id;
    peer.tell("expire").await;
    let request = SendRequest { connection, thread: None, text: "hello".to_owned(), model: None };
    let thread = engine.send(request).await.unwrap();
    let mut screen = Screen::open(&engine, &thread).await;
    assert_eq!(screen.ended().await, TurnOutcome::Done);
    let shown = last(&screen);
    let expected = [("Office".to_owned(), "refused the session; asked again with another one".to_owned())];
    assert_eq!(steps(&shown), expected);
    assert!(shown.session_ms.is_some());
    engine.close().await;
}

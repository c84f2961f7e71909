//! The engine with a server that keeps nothing.

use model::{ConnectionId, FailureCode, FeedbackKind, ItemStage, ThreadId};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::mpsc;

use super::{
    answer,
    forgetful::{Says, Server, forgetful},
    user,
};
use crate::{
    Engine, EngineConfig, Entry, TurnEvent,
    local::ONCE_MORE,
    view::{ConnectionDraft, ConnectionState, ItemViewBody, SendRequest, ThreadMessage, TurnOutcome},
};

/// An engine with one connection to a server that keeps nothing.
struct Desk {
    engine: Engine,
    server: Server,
    connection: ConnectionId,
    dir: TempDir,
}

impl Desk {
    async fn new() -> Self {
        let (dir, server) = (tempfile::tempdir().unwrap(), Server::start().await);
        let engine = Self::open(&dir).await;
        let draft = ConnectionDraft::server("Office", &server.url);
        let view = engine.add_connection(draft).await.unwrap();
        assert_eq!((view.state, view.keeps_threads), (ConnectionState::Online, false));
        assert_eq!(server.asked(), [("/models".to_owned(), Value::Null)], "nothing is asked but whether it is there");
        Self { engine, server, connection: view.id, dir }
    }

    async fn open(dir: &TempDir) -> Engine {
        Engine::open_with(EngineConfig::new(dir.path().to_owned()), forgetful).await.unwrap()
    }

    /// The same after a restart.
    async fn again(self) -> Self {
        let Self { engine, server, connection, dir } = self;
        engine.close().await;
        drop(engine);
        let engine = Self::open(&dir).await;
        Self { engine, server, connection, dir }
    }

    /// Says something, and answers how that ended.
    async fn say(&self, thread: Option<&ThreadId>, text: &str, says: Says) -> (ThreadId, TurnOutcome) {
        self.server.says([says]);
        let request = SendRequest {
            connection: self.connection.clone(),
            thread: thread.cloned(),
            text: text.to_owned(),
            model: None,
        };
        let (thread, events) = self.engine.ask(request).await.unwrap();
        (thread, ended(events).await)
    }

    /// The texts of a thread with their stages, as the window has them.
    async fn shown(&self, thread: &ThreadId) -> Vec<(String, ItemStage)> {
        let live = self.engine.live(thread).await.unwrap();
        live.with(|inner| {
            let text = |entry: &Entry| (entry.item.body.plain_text().unwrap_or_default(), entry.stage);
            inner.state.entries().iter().map(text).collect()
        })
    }
}

async fn ended(mut events: mpsc::Receiver<TurnEvent>) -> TurnOutcome {
    loop {
        if let TurnEvent::Ended { outcome } = events.recv().await.expect("a turn ends") {
            return outcome;
        }
    }
}

fn line(text: &str, stage: ItemStage) -> (String, ItemStage) {
    (text.to_owned(), stage)
}

#[tokio::test]
async fn each_message_goes_out_with_what_was_said_and_nothing_else_is_asked() {
    let desk = Desk::new().await;
    let (thread, outcome) = desk.say(None, "My name is Ada.\nRemember it.", Says::Whole("Hello Ada.")).await;
    assert_eq!(outcome, TurnOutcome::Done);
    assert_eq!(desk.server.said(), json!(["My name is Ada.\nRemember it."]));
    assert_eq!(desk.engine.threads()[0].title.as_deref(), Some("My name is Ada."));
    desk.say(Some(&thread), "What is it?", Says::Whole("Ada.")).await;
    assert_eq!(desk.server.said(), json!(["My name is Ada.\nRemember it.", "Hello Ada.", "What is it?"]));
    let live = desk.engine.live(&thread).await.unwrap();
    assert!(live.with(|inner| inner.state.entries().iter().all(|entry| entry.item.id.is_local())));
    assert!(live.with(|inner| inner.thread.remote.is_none()));
    let all = ["My name is Ada.\nRemember it.", "Hello Ada.", "What is it?", "Ada."];
    assert_eq!(desk.shown(&thread).await, all.map(|text| line(text, ItemStage::Done)), "no answer replaced another");

    // What a window does with a thread asks its server nothing.
    let mut subscription = desk.engine.subscribe_thread(&thread).await.unwrap();
    let Some(ThreadMessage::Snapshot { items, .. }) = subscription.next().await else { panic!("no snapshot") };
    assert!(matches!(&items[1].body, ItemViewBody::AssistantMessage { .. }));
    desk.engine.load_older(&thread, &items[0].id).await.unwrap();
    desk.engine.refresh_threads().await;
    desk.engine.rename_thread(&thread, "Names").await.unwrap();
    let judged = desk.engine.feedback(&thread, &items[1].id, FeedbackKind::Positive).await;
    assert_eq!(judged.unwrap_err().code, FailureCode::Unknown);
    desk.engine.delete_thread(&thread).await.unwrap();
    let desk = desk.again().await;
    desk.engine.purge_deleted().await;
    assert!(desk.engine.threads().is_empty());
    assert_eq!(desk.engine.restore_thread(&thread).await.unwrap_err().code, FailureCode::Unknown);
    assert_eq!(desk.server.asked(), []);
}

#[tokio::test]
async fn a_long_conversation_is_there_after_a_restart_and_goes_out_whole() {
    let desk = Desk::new().await;
    let (thread, _) = desk.say(None, "message 0", Says::Whole("answer 0")).await;
    let live = desk.engine.live(&thread).await.unwrap();
    live.with(|inner| {
        for n in 1..150 {
            inner.append(user(&format!("u{n}"), &format!("message {n}")), ItemStage::Done);
            inner.append(answer(&format!("a{n}"), &format!("answer {n}")), ItemStage::Done);
        }
    });
    drop(live);
    let desk = desk.again().await;
    desk.server.asked();
    assert_eq!(desk.engine.threads()[0].title.as_deref(), Some("message 0"));
    assert_eq!(desk.shown(&thread).await.len(), crate::threads::PAGE, "a thread opens with its end");
    let (_, outcome) = desk.say(Some(&thread), "and now", Says::Whole("All of it.")).await;
    assert_eq!(outcome, TurnOutcome::Done);
    let expected: Vec<_> = (0..150).flat_map(|n| [format!("message {n}"), format!("answer {n}")]).collect();
    assert_eq!(desk.server.said(), json!([expected, vec!["and now".to_owned()]].concat()));
}

#[tokio::test]
async fn an_answer_that_breaks_stays_and_is_only_tried_again_when_that_is_wanted() {
    let desk = Desk::new().await;
    let (thread, outcome) = desk.say(None, "Count", Says::Part("one, tw")).await;
    let TurnOutcome::Interrupted { failure, can_retry: true } = outcome else { panic!("{outcome:?}") };
    assert!(failure.message.ends_with(ONCE_MORE), "{}", failure.message);
    let desk = desk.again().await;
    let before = [line("Count", ItemStage::Done), line("one, tw", ItemStage::Interrupted)];
    assert_eq!(desk.shown(&thread).await, before);
    assert_eq!(desk.server.asked().len(), 1, "nothing is read again, and nothing sent");

    desk.server.says([Says::Whole("one, two")]);
    let outcome = ended(desk.engine.ask_again(&thread).await.unwrap()).await;
    assert_eq!(outcome, TurnOutcome::Done);
    assert_eq!(desk.server.said(), json!(["Count"]), "the old answer is dropped");
    let after = [line("Count", ItemStage::Done), line("one, two", ItemStage::Done)];
    assert_eq!(desk.shown(&thread).await, after);
    let desk = desk.again().await;
    assert_eq!(desk.shown(&thread).await, after, "on disk, too");
}

#[tokio::test]
async fn what_was_refused_is_no_part_of_what_was_said_until_it_is_sent_again() {
    let desk = Desk::new().await;
    let (thread, outcome) = desk.say(None, "Too much", Says::Refuses(429)).await;
    assert!(matches!(&outcome, TurnOutcome::Failed { failure, .. } if failure.code == FailureCode::RateLimited));
    assert_eq!(desk.shown(&thread).await, [line("Too much", ItemStage::Unsent)]);
    desk.server.asked();
    desk.server.says([Says::Whole("Now.")]);
    assert_eq!(ended(desk.engine.ask_again(&thread).await.unwrap()).await, TurnOutcome::Done);
    assert_eq!(desk.server.said(), json!(["Too much"]));
    desk.say(Some(&thread), "Again too much", Says::Refuses(429)).await;
    desk.server.asked();
    desk.say(Some(&thread), "Less", Says::Whole("Good.")).await;
    assert_eq!(desk.server.said(), json!(["Too much", "Now.", "Less"]));
}

#[tokio::test]
async fn a_message_counts_as_sent_once_the_answer_begins_and_what_was_stopped_goes_along() {
    let desk = Desk::new().await;
    desk.server.says([Says::Hangs("one, tw")]);
    let request =
        SendRequest { connection: desk.connection.clone(), thread: None, text: "Count".to_owned(), model: None };
    let (thread, mut events) = desk.engine.ask(request).await.unwrap();
    let live = desk.engine.live(&thread).await.unwrap();
    let own = || live.with(|inner| inner.state.entries()[0].clone());
    let id = own().item.id;
    assert!(matches!(events.recv().await, Some(TurnEvent::Event { .. })));
    assert_eq!((own().item.id, own().stage), (id, ItemStage::Done));
    desk.engine.stop(&thread).await.unwrap();
    assert_eq!(ended(events).await, TurnOutcome::Stopped);
    let stopped = [line("Count", ItemStage::Done), line("one, tw", ItemStage::Stopped)];
    assert_eq!(desk.shown(&thread).await, stopped);
    desk.server.asked();
    desk.say(Some(&thread), "Go on", Says::Whole("o, three")).await;
    assert_eq!(desk.server.said(), json!(["Count", "one, tw", "Go on"]));
}

use std::collections::BTreeMap;

use model::{InputStatus, QuestionAnswer};
use serde_json::{Value, json};

use super::*;
use crate::view::{AppMessage, EffectView, ItemViewBody, SendRequest, SettingsPage};

pub(crate) mod scripted;

use scripted::{Stage, done, message, options, questions, replaced, user, widget};

fn press(streaming: bool) -> WidgetAction {
    WidgetAction { kind: "order".to_owned(), payload: Some(json!({"size": 2})), streaming }
}

fn error(allow_retry: bool) -> Value {
    json!({"type": "error", "code": "custom", "message": "Sold out.", "allow_retry": allow_retry})
}

fn green() -> StructuredAnswer {
    let answer = QuestionAnswer { values: vec!["Green".to_owned()], skipped: false };
    StructuredAnswer { skipped: false, answers: BTreeMap::from([("colour".to_owned(), answer)]) }
}

async fn texts(stage: &Stage, thread: &ThreadId) -> Vec<String> {
    let live = stage.engine.live(thread).await.unwrap();
    live.with(|inner| inner.state.entries().iter().map(|entry| entry.item.id.to_string()).collect())
}

#[tokio::test]
async fn a_press_runs_as_a_turn_and_ends_with_it() {
    let stage = Stage::new().await;
    let (thread, outcome) = stage.begun(&[done(widget("w", "one"))]).await;
    assert_eq!(outcome, TurnOutcome::Done);
    stage.says(&[options(), replaced(widget("w", "two")), done(message("m", "Ordered."))]);
    stage.engine.widget_action(&thread, &"w".into(), press(true)).await.unwrap();
    let asked = stage.asked("threads.custom_action");
    let action = json!({"type": "order", "payload": {"size": 2}});
    assert_eq!(asked, [json!({"thread_id": "thr_1", "item_id": "w", "action": action})]);
    assert_eq!(texts(&stage, &thread).await, ["msg_1", "w", "m"], "in its place");
    assert!(stage.body(&thread, "w").await.contains("two"));
    stage.says(&[options()]);
    stage.engine.widget_action(&thread, &"w".into(), press(true)).await.expect("a server may have nothing to say");
}

#[tokio::test]
async fn what_goes_wrong_with_a_press_is_told_to_whoever_pressed_and_the_message_can_be_tried_again() {
    let stage = Stage::new().await;
    let (thread, _) = stage.begun(&[done(widget("w", "one"))]).await;
    stage.has(vec![user("msg_1", "hello"), widget("w", "one")]);
    stage.says(&[error(true)]);
    let failure = stage.engine.widget_action(&thread, &"w".into(), press(true)).await.unwrap_err();
    assert_eq!((failure.code, failure.message.as_str()), (FailureCode::ServerError, "Sold out."));
    let outcome = stage.quiet(&thread).await;
    assert!(matches!(outcome, TurnOutcome::Failed { can_retry: true, .. }), "{outcome:?}");
    stage.says(&[options(), done(message("m", "Again."))]);
    stage.engine.retry(&thread).await.unwrap();
    assert_eq!(stage.quiet(&thread).await, TurnOutcome::Done);
    assert_eq!(stage.asked("threads.retry_after_item"), [json!({"thread_id": "thr_1", "item_id": "msg_1"})]);
    assert_eq!(texts(&stage, &thread).await, ["msg_1", "m"], "what stood after the message is dropped here");

    stage.opens().breaks();
    let failure = stage.engine.widget_action(&thread, &"m".into(), press(true)).await.unwrap_err();
    assert!(failure.message.starts_with("“Office” gave no answer to this button."), "{failure}");
}

#[tokio::test]
async fn only_what_is_answered_at_once_is_asked_while_a_turn_runs() {
    let stage = Stage::new().await;
    let (thread, _) = stage.begun(&[done(widget("w", "one"))]).await;
    let open = stage.opens();
    let request = SendRequest {
        connection: stage.connection.clone(),
        thread: Some(thread.clone()),
        text: "and".to_owned(),
        model: None,
    };
    stage.engine.send(request).await.unwrap();
    let failure = stage.engine.widget_action(&thread, &"w".into(), press(true)).await.unwrap_err();
    assert_eq!(failure.code, FailureCode::Busy);
    assert!(stage.asked("threads.custom_action").is_empty());
    stage.updates(widget("w", "at once"));
    stage.engine.widget_action(&thread, &"w".into(), press(false)).await.unwrap();
    assert!(stage.body(&thread, "w").await.contains("at once"));
    stage.updates(widget("elsewhere", "?"));
    stage.engine.widget_action(&thread, &"w".into(), press(false)).await.unwrap();
    open.event(&done(user("msg_3", "and")));
    open.event(&done(message("m", "Yes.")));
    drop(open);
    assert_eq!(stage.quiet(&thread).await, TurnOutcome::Done);
    assert_eq!(texts(&stage, &thread).await, ["msg_1", "w", "msg_3", "m"]);
}

#[tokio::test]
async fn what_cannot_be_asked_is_refused_in_words() {
    let stage = Stage::new().await;
    let (thread, _) = stage.begun(&[done(widget("w", "one"))]).await;
    let large = WidgetAction { payload: Some(json!("x".repeat(LARGEST))), ..press(true) };
    let failure = stage.engine.widget_action(&thread, &"w".into(), large).await.unwrap_err();
    assert_eq!(failure.code, FailureCode::BadInput);
    let failure = stage.engine.widget_action(&thread, &"gone".into(), press(true)).await.unwrap_err();
    assert_eq!(failure.code, FailureCode::Unknown);
    let live = stage.engine.live(&thread).await.unwrap();
    live.with(|inner| inner.thread.remote = None);
    let failure = stage.engine.widget_action(&thread, &"w".into(), press(true)).await.unwrap_err();
    assert!(failure.message.starts_with("No server keeps this conversation"), "{failure}");
    assert!(stage.asked("threads.custom_action").is_empty());
}

#[tokio::test]
async fn questions_are_answered_once_and_only_at_the_end() {
    let stage = Stage::new().await;
    let (thread, _) = stage.begun(&[done(questions("q", "pending"))]).await;
    assert!(stage.questions(&thread, "q").await.is_open);
    let open = stage.opens();
    let engine = stage.engine.clone();
    let (answering, of) = (thread.clone(), "q".into());
    let answered = tokio::spawn(async move { engine.answer_questions(&answering, &of, green()).await });
    open.event(&options());
    open.event(&replaced(questions("q", "answered")));
    open.event(&done(message("m", "Green it is.")));
    drop(open);
    answered.await.unwrap().unwrap();
    let sent = json!({"status": "answered", "answers": {"colour": {"values": ["Green"], "skipped": false}}});
    let asked = stage.asked("threads.add_structured_input");
    assert_eq!(asked, [json!({"thread_id": "thr_1", "item_id": "q", "input": sent})]);
    let shown = stage.questions(&thread, "q").await;
    assert_eq!((shown.status, shown.is_open), (InputStatus::Answered, false));
    let failure = stage.engine.answer_questions(&thread, &"q".into(), green()).await.unwrap_err();
    assert_eq!(failure.code, FailureCode::Unknown);
    assert_eq!(stage.asked("threads.add_structured_input").len(), 1);
}

#[tokio::test]
async fn questions_that_were_answered_elsewhere_are_said_to_be_and_read_again() {
    let stage = Stage::new().await;
    let (thread, _) = stage.begun(&[done(questions("q", "pending"))]).await;
    stage.has(vec![user("msg_1", "hello"), questions("q", "answered"), message("m", "Red it is.")]);
    stage.opens().breaks();
    let failure = stage.engine.answer_questions(&thread, &"q".into(), green()).await.unwrap_err();
    assert!(failure.message.starts_with("“Office” did not take the answers."), "{failure}");
    let live = stage.engine.live(&thread).await.unwrap();
    let mut messages = live.subscribe();
    while texts(&stage, &thread).await.len() < 3 {
        messages.next().await;
    }
    assert_eq!(stage.questions(&thread, "q").await.status, InputStatus::Answered);
}

#[tokio::test]
async fn effects_reach_the_window_while_the_thread_is_in_sight() {
    let stage = Stage::new().await;
    let effect = |page: &str| json!({"type": "client_effect", "name": "show_settings", "data": {"page": page}});
    let mut app = stage.engine.subscribe_app();
    assert!(matches!(app.next().await, Some(AppMessage::Snapshot { .. })));
    let (thread, _) = stage.begun(&[effect("about"), done(widget("w", "one"))]).await;
    let _seen = stage.engine.live(&thread).await.unwrap().subscribe();
    stage.says(&[options(), effect("models")]);
    stage.engine.widget_action(&thread, &"w".into(), press(true)).await.unwrap();
    loop {
        if let Some(AppMessage::Effect { effect }) = app.next().await {
            assert_eq!(
                effect,
                EffectView::Settings { page: SettingsPage::Models },
                "the one that nobody saw is not shown"
            );
            break;
        }
    }
    assert!(matches!(stage.shown(&thread, "w").await, ItemViewBody::Widget(_) | ItemViewBody::Unknown { .. }));
}

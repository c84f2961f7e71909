use model::FailureCode;
use serde_json::json;

use crate::{
    acting::tests::scripted::{Stage, call, done, message, options, user},
    view::{AppMessage, Consent, EffectView, SettingsPage, ToolCallState, TurnOutcome},
};

const LINK: &str = "https://a.example/b";

fn link(id: &str) -> serde_json::Value {
    done(call(id, "open_link", json!({"url": LINK})))
}

fn outputs(stage: &Stage) -> Vec<serde_json::Value> {
    stage.asked("threads.add_client_tool_output").iter().map(|params| params["result"].clone()).collect()
}

#[tokio::test]
async fn a_call_is_asked_about_done_once_and_answered() {
    let stage = Stage::new().await;
    let (thread, _) = stage.begun(&[link("t")]).await;
    let shown = stage.call(&thread, "t").await;
    assert_eq!(shown.state, ToolCallState::Asks);
    assert_eq!(shown.asks, "Open https://a.example/b in your browser?");
    assert!(stage.hands.did().is_empty() && outputs(&stage).is_empty());
    let open = stage.opens();
    stage.engine.answer_tool_call(&thread, &"t".into(), Consent::Once).await.unwrap();
    assert_eq!(stage.call(&thread, "t").await.state, ToolCallState::Running);
    let failure = stage.engine.answer_tool_call(&thread, &"t".into(), Consent::Once).await.unwrap_err();
    assert_eq!(failure.code, FailureCode::Unknown);
    open.event(&options());
    open.event(&done(message("m", "Opened.")));
    drop(open);
    assert_eq!(stage.quiet(&thread).await, TurnOutcome::Done);
    let shown = stage.call(&thread, "t").await;
    assert_eq!(shown.state, ToolCallState::Answered);
    assert!(shown.output.unwrap().contains("done"));
    assert_eq!(stage.hands.did(), [format!("open {LINK}")]);
    assert_eq!(outputs(&stage), [json!({"done": true})]);
}

#[tokio::test]
async fn calls_that_nobody_here_can_answer_are_answered_so_and_the_conversation_goes_on() {
    let unknown = [done(call("t1", "launch", json!({})))];
    // The first stream is the message's, the others answer the calls.
    let stage = Stage::new().await;
    let begun = stage.begun(&unknown);
    let others = async {
        stage.says(&[options(), done(call("t2", "open_link", json!({"url": "file:///etc/passwd"})))]);
        stage.says(&[options(), done(message("m", "Then not."))]);
    };
    let ((thread, outcome), ()) = tokio::join!(begun, others);
    assert_eq!(outcome, TurnOutcome::Done, "whoever follows sees one end, that of the last");
    assert_eq!(stage.call(&thread, "t2").await.state, ToolCallState::Failed);
    let said = outputs(&stage);
    assert_eq!(said[0], json!({"error": "Kittiwake has no tool named “launch”."}));
    assert_eq!(said[1], json!({"error": "“url” has to begin with https:, http: or mailto:."}));
    assert!(stage.hands.did().is_empty());
}

#[tokio::test]
async fn what_is_declined_is_not_done_and_what_is_allowed_for_good_asks_no_more() {
    let stage = Stage::new().await;
    let (thread, _) = stage.begun(&[link("t1")]).await;
    stage.says(&[options(), link("t2")]);
    stage.engine.answer_tool_call(&thread, &"t1".into(), Consent::Refuse).await.unwrap();
    stage.quiet(&thread).await;
    assert_eq!((outputs(&stage), stage.hands.did().len()), (vec![json!({"error": "The person declined."})], 0));
    assert_eq!(stage.call(&thread, "t2").await.state, ToolCallState::Asks);
    stage.says(&[options(), link("t3")]);
    stage.says(&[options(), done(message("m", "Opened."))]);
    stage.engine.answer_tool_call(&thread, &"t2".into(), Consent::Always).await.unwrap();
    while stage.quiet(&thread).await != TurnOutcome::Done || outputs(&stage).len() < 3 {
        tokio::task::yield_now().await;
    }
    assert_eq!(stage.hands.did().len(), 2, "the third was not asked about");
    let allowed = || stage.engine.connections()[0].allowed_tools.clone();
    assert_eq!(allowed(), ["open_link"]);
    stage.engine.forget_tool(&stage.connection, "open_link").unwrap();
    assert!(allowed().is_empty());
}

#[tokio::test]
async fn what_was_done_and_not_taken_is_sent_again_and_not_done_again() {
    let stage = Stage::new().await;
    let (thread, _) = stage.begun(&[link("t")]).await;
    stage.has(vec![user("msg_1", "hello"), call("t", "open_link", json!({"url": LINK}))]);
    stage.opens().breaks();
    stage.engine.answer_tool_call(&thread, &"t".into(), Consent::Once).await.unwrap();
    // What is told of it goes when the conversation was read again, and the call waits as before.
    while stage.call(&thread, "t").await.state != ToolCallState::Asks {
        tokio::task::yield_now().await;
    }
    stage.says(&[options(), done(message("m", "Opened."))]);
    stage.engine.answer_tool_call(&thread, &"t".into(), Consent::Once).await.unwrap();
    assert_eq!(stage.quiet(&thread).await, TurnOutcome::Done);
    assert_eq!(stage.hands.did().len(), 1);
    assert_eq!(outputs(&stage), [json!({"done": true}), json!({"done": true})]);
}

#[tokio::test]
async fn after_a_restart_a_call_asks_again_whatever_was_allowed() {
    let stage = Stage::new().await;
    let (thread, _) = stage.begun(&[link("t")]).await;
    stage.engine.shared.tools.lock().allow(&stage.connection, "open_link").unwrap();
    stage.has(vec![user("msg_1", "hello"), call("t", "open_link", json!({"url": LINK}))]);
    let stage = stage.again().await;
    let mut seen = stage.engine.subscribe_thread(&thread).await.unwrap();
    seen.next().await;
    while stage.asked("items.list").is_empty() {
        tokio::task::yield_now().await;
    }
    assert_eq!(stage.call(&thread, "t").await.state, ToolCallState::Asks);
    assert!(stage.hands.did().is_empty() && outputs(&stage).is_empty());
}

#[tokio::test]
async fn after_many_calls_for_one_message_the_person_is_asked_to_go_on() {
    let stage = Stage::new().await;
    let first = [done(call("t1", "launch", json!({})))];
    let begun = stage.begun(&first);
    let others = async {
        (2..=26).for_each(|number| stage.says(&[options(), done(call(&format!("t{number}"), "launch", json!({})))]));
    };
    let ((thread, _), ()) = tokio::join!(begun, others);
    assert_eq!(outputs(&stage).len(), 25);
    let shown = stage.call(&thread, "t26").await;
    assert_eq!(shown.state, ToolCallState::Asks);
    let asks = &shown.asks;
    assert!(asks.starts_with("The server has called tools 25 times and more for one message."), "{asks}");
    stage.says(&[options(), done(call("t27", "launch", json!({})))]);
    stage.says(&[options(), done(message("m", "Enough."))]);
    stage.engine.answer_tool_call(&thread, &"t26".into(), Consent::Once).await.unwrap();
    while outputs(&stage).len() < 27 {
        tokio::task::yield_now().await;
    }
    assert_eq!(stage.quiet(&thread).await, TurnOutcome::Done);
}

#[tokio::test]
async fn a_call_that_the_conversation_went_past_is_left_alone() {
    let stage = Stage::new().await;
    let (thread, _) = stage.begun(&[link("t"), done(message("m", "Never mind."))]).await;
    assert_eq!(stage.call(&thread, "t").await.state, ToolCallState::Passed);
    let failure = stage.engine.answer_tool_call(&thread, &"t".into(), Consent::Once).await.unwrap_err();
    assert_eq!(failure.code, FailureCode::Unknown);
    assert!(stage.hands.did().is_empty());
}

#[tokio::test]
async fn the_window_shows_what_a_tool_has_it_show() {
    let stage = Stage::new().await;
    let mut app = stage.engine.subscribe_app();
    assert!(matches!(app.next().await, Some(AppMessage::Snapshot { .. })));
    let (thread, _) = stage.begun(&[done(call("t1", "notify", json!({"title": "Done", "body": "All of it"})))]).await;
    stage.says(&[options(), done(call("t2", "show_settings", json!({"page": "models"})))]);
    stage.says(&[options(), done(call("t3", "get_settings", json!({})))]);
    stage.says(&[options(), done(message("m", "Thanks."))]);
    for id in ["t1", "t2", "t3"] {
        stage.engine.answer_tool_call(&thread, &id.into(), Consent::Once).await.unwrap();
        stage.quiet(&thread).await;
    }
    let mut effects = Vec::new();
    while effects.len() < 2 {
        if let Some(AppMessage::Effect { effect }) = app.next().await {
            effects.push(effect);
        }
    }
    let from = "Office".to_owned();
    assert_eq!(effects[0], EffectView::Message { title: "Done".to_owned(), body: Some("All of it".to_owned()), from });
    assert_eq!(effects[1], EffectView::Settings { page: SettingsPage::Models });
    assert_eq!(stage.hands.did(), ["call"]);
    let told = json!({"locale": "en-US", "version": env!("CARGO_PKG_VERSION"), "color_scheme": "system"});
    assert_eq!(outputs(&stage)[2], told);
}

#[tokio::test]
async fn a_terminal_has_no_tools_of_a_window_and_tells_only_what_requests_tell() {
    let stage = Stage::new().await.in_terminal().await;
    let first = [link("t1")];
    let begun = stage.begun(&first);
    let others = async {
        stage.says(&[options(), done(call("t2", "get_settings", json!({})))]);
        stage.says(&[options(), done(message("m", "Well."))]);
    };
    let ((_, outcome), ()) = tokio::join!(begun, others);
    assert_eq!(outcome, TurnOutcome::Done);
    let told = json!({"locale": "en-US", "version": env!("CARGO_PKG_VERSION")});
    assert_eq!(outputs(&stage), [json!({"error": "Kittiwake has no tool named “open_link”."}), told]);
}

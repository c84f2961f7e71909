//! The engine with backends that people wrote for themselves, as the tutorials for FastAPI write them.
#![allow(clippy::unwrap_used, reason = "a test's helpers fail as the test does")]

use acceptance::{
    own::{Told, added, answer, draft, engine, failure, paths, say, tested, told},
    peer::Peer,
};
use engine::view::{CheckOutcome, CheckVerdict, TurnOutcome};
use model::FailureCode;

/// What the peer answers to “hi”, token by token.
const SAID: &str = "You said:\n\n- hi\n- and nothing else.\n\nIs that so?";

#[tokio::test]
async fn an_address_is_enough_for_a_server_that_answers_in_json() {
    if !Peer::wanted() {
        return;
    }
    let (peer, (engine, _dir)) = (Peer::custom(), engine().await);
    let own = added(&engine, &peer, "/json", &[]).await;
    let first = say(&engine, &own, None, "hello").await;
    assert_eq!((first.text.as_deref(), first.outcome), (Some("Message 1: hello"), TurnOutcome::Done));
    assert_eq!(first.notices.len(), 1, "it is said once that nothing streams");
    assert!(first.notices[0].contains("does not stream"), "{:?}", first.notices);
    let second = say(&engine, &own, Some(&first.thread), "again").await;
    assert_eq!(second.text.as_deref(), Some("Message 2: again"), "the name of the conversation stays the same");
    let other = say(&engine, &own, None, "hello").await;
    assert_eq!(other.text.as_deref(), Some("Message 1: hello"), "each conversation has a name of its own");
    assert!(second.notices.is_empty() && other.notices.is_empty());
    let (sessions, stream) = ("/json/api/sessions", "/json/api/chat/stream");
    assert_eq!(
        paths(&peer).await,
        [sessions, stream, "/json/api/chat", "/json/api/chat", "/json/api/chat"],
        "a refusal is remembered"
    );
}

#[tokio::test]
async fn a_refusal_to_stream_is_told_from_an_error() {
    if !Peer::wanted() {
        return;
    }
    let (peer, (engine, _dir)) = (Peer::custom(), engine().await);
    let refusing = added(&engine, &peer, "/refusing", &[]).await;
    assert_eq!(answer(&engine, &refusing, "hi").await, "You said: hi");
    let chosen = added(&engine, &peer, "/refusing", &[("answers", "json")]).await;
    assert_eq!(answer(&engine, &chosen, "hi").await, "You said: hi");
    let streamed = added(&engine, &peer, "/refusing", &[("answers", "sse")]).await;
    let refused = failure(say(&engine, &streamed, None, "hi").await.outcome);
    assert!(refused.message.contains("Streaming is switched off"), "{refused}");
    let chat = "/refusing/api/chat".to_owned();
    let stream = format!("{chat}/stream");
    let sessions = "/refusing/api/sessions".to_owned();
    let asked = [&sessions, &stream, &chat, &sessions, &chat, &sessions, &stream];
    assert_eq!(paths(&peer).await.iter().collect::<Vec<_>>(), asked);

    let nothing = added(&engine, &peer, "/nothing", &[]).await;
    let absent = failure(say(&engine, &nothing, None, "hi").await.outcome);
    assert_eq!(absent.code, FailureCode::NotFound);
    assert!(absent.message.contains("paths") && !absent.message.contains("ChatKit"), "{absent}");
}

#[tokio::test]
async fn streamed_tokens_come_out_as_the_server_meant_them() {
    if !Peer::wanted() {
        return;
    }
    let (peer, (engine, _dir)) = (Peer::custom(), engine().await);
    for path in ["/sse", "/tokens"] {
        let own = added(&engine, &peer, path, &[]).await;
        assert_eq!(answer(&engine, &own, "hi").await, SAID, "{path}");
        // The message itself may have lines, too.
        let lines = answer(&engine, &own, "two\nlines: here").await;
        assert!(lines.contains("- two\nlines: here\n- and"), "{path}: {lines}");
    }
}

#[tokio::test]
async fn a_login_and_sessions_that_expire() {
    if !Peer::wanted() {
        return;
    }
    let (peer, (engine, _dir)) = (Peer::custom(), engine().await);
    let login = peer.address("/login/auth/login");
    let fields = [
        ("sign_in", "login"),
        ("login_url", login.as_str()),
        ("login_user", "ann@example.com"),
        ("session", "endpoint"),
        ("answers", "json"),
    ];
    let mut draft = draft(&peer, "/login", &fields);
    draft.token = Some("s3same".to_owned().into());
    let own = engine.add_connection(draft).await.unwrap().id;
    assert_eq!(answer(&engine, &own, "hi").await, "ann@example.com said: hi");
    peer.tell("expire").await;
    assert_eq!(answer(&engine, &own, "still there?").await, "ann@example.com said: still there?");
    let made = paths(&peer).await.into_iter().filter(|path| path == "/login/api/sessions").count();
    assert_eq!(made, 2, "one at first, and one in the place of that which expired");
}

#[tokio::test]
async fn several_models_behind_several_paths() {
    if !Peer::wanted() {
        return;
    }
    let (peer, (engine, _dir)) = (Peer::custom(), engine().await);
    for (more, said) in [
        (&[("chat_path", "/api/small/chat")][..], "small heard hi"),
        (&[("chat_path", "/api/large/chat"), ("answers", "json")], "large heard hi"),
        (&[("model", "middling")], "middling heard hi"),
        (&[("template", r#"{"message": "{{text}}!", "model": "tiny"}"#)], "tiny heard hi!"),
    ] {
        let own = added(&engine, &peer, "/models", more).await;
        assert_eq!(answer(&engine, &own, "hi").await, said);
    }
    let strict = added(&engine, &peer, "/strict", &[]).await;
    let refused = failure(say(&engine, &strict, None, "hi").await.outcome);
    assert!(refused.message.contains("wants other fields") && refused.message.contains("question"), "{refused}");
    let templated = added(&engine, &peer, "/strict", &[("template", r#"{"question": "{{text}}"}"#)]).await;
    assert_eq!(answer(&engine, &templated, "hi").await, "You asked: hi");
}

#[tokio::test]
async fn an_answer_in_another_shape_is_mended_by_one_choice() {
    if !Peer::wanted() {
        return;
    }
    let (peer, (engine, _dir)) = (Peer::custom(), engine().await);
    for (path, shape, pointer, said) in [
        ("/odd", "{id: text, reply: {body: text, tokens: number}}", "/reply/body", "You said: hi"),
        ("/odd-stream", "{run: text, w: text}", "/w", SAID),
    ] {
        let own = added(&engine, &peer, path, &[]).await;
        let failed = say(&engine, &own, None, "hi").await;
        let (thread, mismatch) = (failed.thread, failure(failed.outcome));
        assert_eq!((mismatch.code, mismatch.detail.as_deref()), (FailureCode::FormatMismatch, Some(shape)));
        assert!(mismatch.message.contains("may cost once more"), "the server has worked: {mismatch}");
        let mapping = mismatch.mapping.unwrap();
        assert_eq!(mapping.pointers[0], pointer);
        engine.map_text(&own, &mapping.field, pointer).await.unwrap();
        let again = told(thread.clone(), engine.ask_again(&thread).await.unwrap()).await;
        assert_eq!((again.text.as_deref(), again.outcome), (Some(said), TurnOutcome::Done));
    }
    let own = added(&engine, &peer, "/odd", &[]).await;
    for (field, pointer) in
        [("url", "/reply"), ("text_in_answer", "reply"), ("nonsense", "/reply"), ("token", "/reply")]
    {
        let refused = engine.map_text(&own, field, pointer).await;
        assert!(refused.is_err(), "{field} {pointer}: {refused:?}");
    }
}

#[tokio::test]
async fn what_goes_wrong_in_mid_answer_is_told() {
    if !Peer::wanted() {
        return;
    }
    let (peer, (engine, _dir)) = (Peer::custom(), engine().await);
    for (path, code, words) in [
        ("/error", FailureCode::ServerError, "The model is out of memory"),
        ("/cut", FailureCode::Interrupted, "broke in mid-answer"),
        ("/silent", FailureCode::Interrupted, "without a single event"),
    ] {
        let own = added(&engine, &peer, path, &[]).await;
        let Told { outcome, .. } = say(&engine, &own, None, "hi").await;
        let interrupted = matches!(outcome, TurnOutcome::Interrupted { .. });
        assert_eq!(interrupted, path != "/silent", "{path}: what was said before counts: {outcome:?}");
        let failure = failure(outcome);
        assert_eq!(failure.code, code, "{path}: {failure}");
        assert!(failure.message.contains(words), "{path}: {failure}");
    }
}

#[tokio::test]
async fn such_a_server_is_tested() {
    if !Peer::wanted() {
        return;
    }
    let (peer, (engine, _dir)) = (Peer::custom(), engine().await);
    for (path, line) in [("/json", "came whole"), ("/sse", "The answer streamed"), ("/tokens", "The answer streamed")] {
        let view = tested(&engine, draft(&peer, path, &[])).await;
        assert_eq!(view.verdict, CheckVerdict::Works, "{view:?}");
        let last = view.steps.last().unwrap();
        assert!(last.line.contains(line), "{last:?}");
        // Only the first of them has an address for its health.
        let health = &view.steps[view.steps.len() - 2];
        assert_eq!((health.outcome, health.line.contains("needs none")), (CheckOutcome::Passed, path != "/json"));
    }
    let view = tested(&engine, draft(&peer, "/odd", &[])).await;
    let CheckVerdict::Fails { failure } = view.verdict else { panic!("{view:?}") };
    assert_eq!(failure.code, FailureCode::FormatMismatch);
    assert_eq!(failure.mapping.unwrap().pointers[0], "/reply/body");
    let view = tested(&engine, draft(&peer, "/odd", &[("text_in_answer", "/reply/body")])).await;
    assert_eq!(view.verdict, CheckVerdict::Works, "{view:?}");
    assert!(engine.threads().is_empty());
}

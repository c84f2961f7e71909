//! Backends that name conversations themselves, as the tutorials for FastAPI write them: a session for each, which expires.
#![allow(clippy::unwrap_used, reason = "a test's helpers fail as the test does")]

use std::sync::Arc;

use acceptance::{
    own::{added, answer, draft, engine, failure, say, tested},
    peer::Peer,
};
use engine::{Engine, EngineConfig, view::CheckVerdict};
use model::ConnectionId;

/// A server that does not stream.
const JSON: (&str, &str) = ("answers", "json");

/// How often each path was asked, and the names of conversations that messages came under.
async fn under(peer: &Peer, path: &str) -> (usize, Vec<String>) {
    let asked = peer.asked().await;
    let begun = asked.iter().filter(|(asked, _)| *asked == format!("{path}/api/sessions")).count();
    let said = asked.iter().filter(|(asked, _)| asked.starts_with(&format!("{path}/api/chat")));
    (begun, said.filter_map(|(_, body)| body["session_id"].as_str().map(str::to_owned)).collect())
}

#[tokio::test]
async fn a_conversation_is_begun_by_the_server_and_goes_on_after_a_restart() {
    if !Peer::wanted() {
        return;
    }
    let (peer, (engine, dir)) = (Peer::custom(), engine().await);
    let own = added(&engine, &peer, "/sessions", &[JSON]).await;
    let first = say(&engine, &own, None, "hello").await;
    assert_eq!(first.text.as_deref(), Some("Message 1: hello"), "{:?}", first.outcome);
    let second = say(&engine, &own, Some(&first.thread), "again").await;
    assert_eq!(second.text.as_deref(), Some("Message 2: again"));
    let other = say(&engine, &own, None, "hello").await;
    assert_eq!(other.text.as_deref(), Some("Message 1: hello"), "two conversations have two names");
    engine.close().await;
    drop(engine);
    let config =
        EngineConfig { secrets: Arc::<secrets::Memory>::default(), ..EngineConfig::new(dir.path().to_owned()) };
    let engine = Engine::open(config).await.unwrap();
    let third = say(&engine, &own, Some(&first.thread), "still").await;
    assert_eq!(third.text.as_deref(), Some("Message 3: still"), "{:?}", third.outcome);
    assert!(third.notices.is_empty());
    let (begun, names) = under(&peer, "/sessions").await;
    assert_eq!((begun, names.len()), (2, 4));
    assert!(names.iter().all(|name| name.starts_with("conv_")), "{names:?}");
    assert_eq!((&names[0], &names[0]), (&names[1], &names[3]));
    assert_ne!(names[0], names[2]);
}

#[tokio::test]
async fn a_conversation_that_the_server_forgot_is_begun_anew_once() {
    if !Peer::wanted() {
        return;
    }
    let (peer, (engine, _dir)) = (Peer::custom(), engine().await);
    for (path, more) in [
        ("/sessions", &[][..]),
        ("/sessions", &[JSON]),
        ("/sessions-stream", &[]),
        ("/sessions-422", &[JSON]),
        ("/sessions-401", &[JSON]),
        ("/sessions", &[("answers", "socket")]),
    ] {
        let own = added(&engine, &peer, path, more).await;
        let before = under(&peer, path).await.0;
        let first = say(&engine, &own, None, "hello").await;
        assert_eq!(first.text.as_deref(), Some("Message 1: hello"), "{path} {more:?}: {:?}", first.outcome);
        peer.tell("expire").await;
        if more == [("answers", "socket")] {
            // The socket that is open outlives the conversation; the next one is not let in.
            let cut = say(&engine, &own, Some(&first.thread), "lost").await;
            assert!(failure(cut.outcome).message.contains("4404"));
        }
        let second = say(&engine, &own, Some(&first.thread), "again").await;
        assert_eq!(second.text.as_deref(), Some("Message 1: again"), "{path} {more:?}: {:?}", second.outcome);
        assert_eq!(second.notices.len(), 1, "{path} {more:?}: {:?}", second.notices);
        assert!(second.notices[0].contains("does not remember what was said before"), "{:?}", second.notices);
        let third = say(&engine, &own, Some(&first.thread), "more").await;
        assert_eq!((third.text.as_deref(), third.notices.len()), (Some("Message 2: more"), 0), "{path} {more:?}");
        assert_eq!(under(&peer, path).await.0 - before, 2, "{path} {more:?}");
    }
}

#[tokio::test]
async fn nothing_is_lost_where_the_history_goes_out_with_each_message() {
    if !Peer::wanted() {
        return;
    }
    let (peer, (engine, _dir)) = (Peer::custom(), engine().await);
    let template = r#"{"message": "{{text}}", "session_id": "{{session}}", "all": "{{history}}", "t": "{{thread}}"}"#;
    let own = added(&engine, &peer, "/sessions", &[JSON, ("template", template)]).await;
    let first = say(&engine, &own, None, "hello").await;
    peer.tell("expire").await;
    let second = say(&engine, &own, Some(&first.thread), "again").await;
    assert_eq!((second.text.as_deref(), second.notices.len()), (Some("Message 1: again"), 0), "{:?}", second.notices);
    let (_, last) = peer.asked().await.pop().unwrap();
    assert_eq!(last["all"][1]["content"], "Message 1: hello");
    assert_eq!(last["t"], first.thread.as_str(), "Kittiwake's own name stays the same");
    assert_ne!(last["session_id"], last["t"]);
}

#[tokio::test]
async fn a_server_that_names_no_conversations_is_asked_for_one_once() {
    if !Peer::wanted() {
        return;
    }
    let (peer, (engine, _dir)) = (Peer::custom(), engine().await);
    let found = added(&engine, &peer, "/json", &[JSON]).await;
    let one = say(&engine, &found, None, "hello").await;
    let two = say(&engine, &found, None, "hello").await;
    let names = [&one, &two].map(|told| told.thread.as_str().to_owned()).to_vec();
    assert_eq!(under(&peer, "/json").await, (1, names));
    let own = added(&engine, &peer, "/json", &[JSON, ("conversations", "own")]).await;
    assert_eq!(answer(&engine, &own, "hi").await, "Message 1: hi");
    assert_eq!(under(&peer, "/json").await.0, 1, "nobody is to ask");
    let wanted = added(&engine, &peer, "/json", &[JSON, ("conversations", "server")]).await;
    let refused = failure(say(&engine, &wanted, None, "hi").await.outcome);
    assert!(refused.message.contains("Path of conversations") && refused.message.contains("404"), "{refused}");
    assert_eq!(under(&peer, "/json").await.1.len(), 3, "nothing was said");
    let placed = [JSON, ("conversations", "server"), ("name_in_answer", "/model/id")];
    let placed = added(&engine, &peer, "/sessions", &placed).await;
    let nameless = failure(say(&engine, &placed, None, "hi").await.outcome);
    assert!(nameless.message.contains("Place of the conversation’s name"), "{nameless}");
}

/// A connection whose server lets in whoever has a session of the login's endpoint.
async fn behind_endpoint(engine: &Engine, peer: &Peer, path: &str, conversations: &str) -> ConnectionId {
    let (login, session) = (peer.address("/login/auth/login"), peer.address("/login/api/sessions"));
    let fields = [
        ("sign_in", "login"),
        ("login_url", login.as_str()),
        ("login_user", "ann@example.com"),
        ("session", "endpoint"),
        ("session_url", session.as_str()),
        ("conversations", conversations),
        JSON,
    ];
    let mut draft = draft(peer, path, &fields);
    draft.token = Some("s3same".to_owned().into());
    engine.add_connection(draft).await.unwrap().id
}

#[tokio::test]
async fn a_session_endpoint_and_conversations_do_not_get_in_each_others_way() {
    if !Peer::wanted() {
        return;
    }
    let (peer, (engine, _dir)) = (Peer::custom(), engine().await);
    for (conversations, begun, said) in [("found", 0, None), ("server", 1, Some("Message 1: hi"))] {
        let own = behind_endpoint(&engine, &peer, "/sessions", conversations).await;
        let told = say(&engine, &own, None, "hi").await;
        assert_eq!(told.text.as_deref(), said, "{conversations}: {:?}", told.outcome);
        let (made, names) = under(&peer, "/sessions").await;
        assert_eq!((made, names.len()), (begun, begun + 1), "{conversations}");
        let ours = names.last().unwrap() == told.thread.as_str();
        assert_eq!(ours, conversations == "found", "{names:?}");
    }
}

#[tokio::test]
async fn a_refused_session_is_renewed_before_the_conversation_is_given_up() {
    if !Peer::wanted() {
        return;
    }
    let (peer, (engine, _dir)) = (Peer::custom(), engine().await);
    let own = behind_endpoint(&engine, &peer, "/sessions-401", "server").await;
    let first = say(&engine, &own, None, "hello").await;
    assert_eq!(first.text.as_deref(), Some("Message 1: hello"), "{:?}", first.outcome);
    peer.tell("expire").await;
    let second = say(&engine, &own, Some(&first.thread), "again").await;
    assert_eq!(second.text.as_deref(), Some("Message 1: again"), "{:?}", second.outcome);
    let (begun, names) = under(&peer, "/sessions-401").await;
    let lets_in = under(&peer, "/login").await.0;
    assert_eq!((begun, lets_in, names.len()), (2, 2, 4), "{names:?}");
    assert!(names[0] == names[1] && names[1] == names[2] && names[2] != names[3], "{names:?}");
}

#[tokio::test]
async fn a_test_says_who_names_conversations() {
    if !Peer::wanted() {
        return;
    }
    let (peer, (engine, _dir)) = (Peer::custom(), engine().await);
    for (path, words) in [("/sessions", "The server makes the sessions"), ("/json", "The server makes none")] {
        let view = tested(&engine, draft(&peer, path, &[])).await;
        assert_eq!(view.verdict, CheckVerdict::Works, "{view:?}");
        let facts = &view.steps.last().unwrap().facts;
        assert!(facts.iter().any(|fact| fact.value.starts_with(words)), "{path}: {facts:?}");
    }
    let view = tested(&engine, draft(&peer, "/json", &[("conversations", "server")])).await;
    let CheckVerdict::Fails { failure } = view.verdict else { panic!("{view:?}") };
    assert!(failure.message.contains("Path of conversations"), "{failure}");
}

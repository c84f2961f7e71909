//! Mistakes with sessions and credentials, told by name: each by a server that makes it.
#![allow(clippy::unwrap_used, reason = "a test's helpers fail as the test does")]

use std::sync::OnceLock;

use acceptance::{
    own::{engine, failure, say, tested},
    peer::Peer,
};
use engine::{
    Engine,
    view::{CheckOutcome, CheckStep, CheckStepKind, CheckVerdict, CheckView, ConnectionDraft, ConnectionState, Whose},
};
use model::{ConnectionId, FailureCode, Finding};

/// One process with all the mistakes: none of them minds another.
fn mistakes() -> &'static Peer {
    static SHARED: OnceLock<Peer> = OnceLock::new();
    SHARED.get_or_init(Peer::of_session_mistakes)
}

/// A server, as it is typed, with a token or none, and with more in its form.
fn server(peer: &Peer, path: &str, token: Option<&str>, more: &[(&str, &str)]) -> ConnectionDraft {
    let mut draft = ConnectionDraft::server("Office", &peer.address(path));
    draft.token = token.map(Into::into);
    draft.values.extend(more.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())));
    draft
}

/// The same with the session endpoint of a mistake.
fn office(peer: &Peer, mistake: &str, more: &[(&str, &str)]) -> ConnectionDraft {
    let url = peer.address(&format!("/{mistake}/api/chatkit/session"));
    let session = [("session", "endpoint"), ("session_url", url.as_str())];
    server(peer, &format!("/{mistake}/chatkit"), Some(&peer.token), &[&session[..], more].concat())
}

fn report(view: &CheckView) -> &str {
    view.report.as_deref().unwrap()
}

/// The step that failed, by that name and with words that say what to do.
fn failed<'a>(view: &'a CheckView, finding: Finding, words: &str) -> &'a CheckStep {
    let step = view.steps.iter().find(|step| step.outcome == CheckOutcome::Failed);
    let step = step.unwrap_or_else(|| panic!("{finding}: {}", report(view)));
    let told = step.finding.as_ref().unwrap_or_else(|| panic!("{finding} has no name: {}", report(view)));
    assert_eq!(told.name, finding, "{}", report(view));
    assert_eq!(step.failure.as_ref().unwrap().finding, Some(finding));
    assert!(step.line.contains(words), "{finding}: {}", step.line);
    assert!(!told.cause.is_empty() && !told.remedy.is_empty() && told.question.ends_with('?'));
    let all = format!("{view:?}");
    assert!(!all.contains("ek_"), "{all}");
    step
}

#[tokio::test]
async fn a_server_without_mistakes_has_no_findings() {
    if !Peer::wanted() {
        return;
    }
    let (peer, (engine, _dir)) = (mistakes(), engine().await);
    for draft in [office(peer, "good", &[]), server(peer, "/good/chatkit", Some(&peer.token), &[])] {
        let view = tested(&engine, draft).await;
        assert_eq!(view.verdict, CheckVerdict::Works, "{}", report(&view));
        assert!(view.steps.iter().all(|step| step.finding.is_none()), "{}", report(&view));
    }
}

#[tokio::test]
async fn what_is_wrong_with_the_answer_of_a_session_endpoint_has_a_name() {
    if !Peer::wanted() {
        return;
    }
    let (peer, (engine, _dir)) = (mistakes(), engine().await);
    for (mistake, finding, words) in [
        ("secret-missing", Finding::SecretMissing, "has no secret at “client_secret”"),
        ("secret-empty", Finding::SecretMissing, "an empty secret at /client_secret"),
        ("secret-null", Finding::SecretNull, "has null at /client_secret"),
        ("secret-elsewhere", Finding::SecretElsewhere, "the one at /data/chat_token, write that into its field"),
        ("secret-too-large", Finding::SecretTooLarge, "is 20000 bytes long"),
        ("secret-unsendable", Finding::CredentialsMalformed, "a space or another character"),
        ("session-html", Finding::SessionNotJson, "a web page, probably a login page"),
        ("session-text", Finding::SessionNotJson, "not JSON"),
        ("session-failed", Finding::SessionFailed, "failed (status 500)"),
        ("session-short", Finding::SessionEndsAtOnce, "it has to be 10 s at least"),
        ("session-past", Finding::SessionInThePast, "s before it was given"),
    ] {
        let view = tested(&engine, office(peer, mistake, &[])).await;
        let step = failed(&view, finding, words);
        assert_eq!(step.kind, CheckStepKind::Session, "{mistake}");
    }
    for (more, words) in [
        (("session_url", peer.address("/good/api/chatkit/sessions")), "(status 404). Check it, down to its path"),
        (("session_method", "get".to_owned()), "(status 405). It does not take GET: choose POST"),
    ] {
        let view = tested(&engine, office(peer, "bearer", &[(more.0, &more.1)])).await;
        assert_eq!(failed(&view, Finding::SessionNotFound, words).kind, CheckStepKind::Session);
    }
    let doubled = peer.address("/good/api/api/chatkit/session");
    let view = tested(&engine, office(peer, "good", &[("session_url", &doubled)])).await;
    failed(&view, Finding::VersionDoubled, "down to its path");
    // It is made, and worth nothing with the first request.
    let view = tested(&engine, office(peer, "session-forgotten", &[])).await;
    let step = failed(
        &view,
        Finding::SessionEndsAtOnce,
        "does not accept the session that its session endpoint has just made",
    );
    assert_eq!(step.kind, CheckStepKind::Ask);
}

#[tokio::test]
async fn a_secret_that_is_elsewhere_is_found_by_one_press() {
    if !Peer::wanted() {
        return;
    }
    let (peer, (engine, _dir)) = (mistakes(), engine().await);
    let view = tested(&engine, office(peer, "secret-elsewhere", &[])).await;
    let step = failed(&view, Finding::SecretElsewhere, "/data/chat_token");
    assert_eq!(step.finding.as_ref().unwrap().whose, Whose::Settings);
    let mapping = step.failure.as_ref().unwrap().mapping.clone().unwrap();
    assert_eq!(
        (mapping.field.as_str(), mapping.pointers.as_slice()),
        ("session_pointer", &["/data/chat_token".to_owned()][..])
    );

    let id = added(&engine, office(peer, "secret-elsewhere", &[])).await;
    engine.map_text(&id, &mapping.field, &mapping.pointers[0]).await.unwrap();
    let view = tested_again(&engine, &id).await;
    assert_eq!(view.verdict, CheckVerdict::Works, "{}", report(&view));
    assert!(view.steps.iter().all(|step| step.finding.is_none()), "{}", report(&view));
}

#[tokio::test]
async fn what_is_wrong_with_credentials_has_a_name_and_nothing_of_them_is_told() {
    if !Peer::wanted() {
        return;
    }
    let (peer, (engine, _dir)) = (mistakes(), engine().await);
    let (good, over) = (peer.web_token(600).await, peer.web_token(-600).await);
    let key = [("token_header", "X-Auth-Token")];
    for (path, token, more, finding, words) in [
        ("bearer", None, &[][..], Finding::CredentialsMissing, "who is calling, as Bearer (status 401)"),
        ("key", None, &[], Finding::CredentialsMissing, "who is calling, as APIKey (status 401)"),
        ("header", None, &[], Finding::CredentialsMissing, "who is calling (status 422)"),
        ("jwt", Some("nonsense"), &[], Finding::CredentialsMalformed, "cannot read the token that it was sent"),
        ("jwt", Some(&over), &[], Finding::CredentialsExpired, "has expired. Put a new one"),
        ("silent", Some(&over), &[], Finding::CredentialsExpired, "has expired. Put a new one"),
        ("silent", Some(&good), &[], Finding::CredentialsRefused, "Put a valid one in Settings"),
        (
            "basic",
            Some(&good),
            &[],
            Finding::CredentialsWrongScheme,
            "in another way, as Basic. Set “Header of the token”",
        ),
        ("key", Some(&good), &[], Finding::CredentialsWrongScheme, "in another way, as APIKey. Set “Header"),
        ("bearer", Some(&good), &key, Finding::CredentialsWrongScheme, "in another way, as Bearer. Set “Header"),
        ("header", Some(&good), &[], Finding::CredentialsWrongScheme, "in another way. Set “Header"),
        ("refused", Some(&good), &[], Finding::CredentialsRefused, "The server says: “Invalid API key”."),
    ] {
        let view = tested(&engine, server(peer, &format!("/{path}/chatkit"), token, more)).await;
        let step = failed(&view, finding, words);
        assert_eq!(step.kind, CheckStepKind::Ask, "{path}");
        assert!(token.is_none_or(|token| !format!("{view:?}").contains(token)), "{path}");
    }
    // The same at the session endpoint.
    let draft = ConnectionDraft { token: Some("wrong".into()), ..office(peer, "good", &[]) };
    let view = tested(&engine, draft).await;
    assert_eq!(failed(&view, Finding::CredentialsRefused, "does not accept the token").kind, CheckStepKind::Session);
    let draft = ConnectionDraft { token: Some(over.as_str().into()), ..office(peer, "good", &[]) };
    failed(&tested(&engine, draft).await, Finding::CredentialsExpired, "which has expired. Give a new one.");
}

#[tokio::test]
async fn clocks_that_are_apart_are_noted_with_how_much_and_do_no_harm() {
    if !Peer::wanted() {
        return;
    }
    let (peer, (engine, _dir)) = (Peer::with_sessions(), engine().await);
    let mut draft =
        ConnectionDraft { token: Some(peer.token.as_str().into()), ..ConnectionDraft::server("Office", &peer.url) };
    let endpoint = peer.address("/api/sessions");
    let session = [("session", "endpoint"), ("session_url", endpoint.as_str())];
    draft.values.extend(session.map(|(key, value)| (key.to_owned(), value.to_owned())));
    peer.tell("clock/10800").await;
    let view = tested(&engine, draft).await;
    assert_eq!(view.verdict, CheckVerdict::Works, "{}", report(&view));
    for kind in [CheckStepKind::Reach, CheckStepKind::Session] {
        let step = view.steps.iter().find(|step| step.kind == kind).unwrap();
        assert_eq!(step.outcome, CheckOutcome::Noted, "{}", report(&view));
        assert_eq!(step.finding.as_ref().unwrap().name, Finding::ClocksApart);
        let told = ["2 h ahead", "3 h ahead"].iter().any(|words| step.line.contains(words));
        assert!(told, "{}", step.line);
    }
}

#[tokio::test]
async fn the_same_names_are_told_in_a_turn_and_at_a_connection() {
    if !Peer::wanted() {
        return;
    }
    let (peer, (engine, _dir)) = (mistakes(), engine().await);
    let token = peer.token.clone();
    for (draft, finding, code) in [
        (office(peer, "secret-null", &[]), Finding::SecretNull, FailureCode::BadSession),
        (office(peer, "secret-elsewhere", &[]), Finding::SecretElsewhere, FailureCode::BadSession),
        (office(peer, "session-past", &[]), Finding::SessionInThePast, FailureCode::BadSession),
        (server(peer, "/bearer/chatkit", None, &[]), Finding::CredentialsMissing, FailureCode::Unauthorized),
        (server(peer, "/basic/chatkit", Some(&token), &[]), Finding::CredentialsWrongScheme, FailureCode::Unauthorized),
        (server(peer, "/moved/chatkit", Some(&token), &[]), Finding::WrongAddress, FailureCode::Redirected),
        (server(peer, "/good/chatkitt", Some(&token), &[]), Finding::WrongPath, FailureCode::NotFound),
    ] {
        let view = engine.add_connection(draft).await.unwrap();
        let ConnectionState::Failing { failure: seen } = &view.state else { panic!("{finding}: {view:?}") };
        assert_eq!(seen.finding, Some(finding), "{seen:?}");
        let told = failure(say(&engine, &view.id, None, "hello").await.outcome);
        assert_eq!((told.code, told.finding), (code, Some(finding)), "{told:?}");
    }
}

async fn added(engine: &Engine, draft: ConnectionDraft) -> ConnectionId {
    engine.add_connection(draft).await.unwrap().id
}

async fn tested_again(engine: &Engine, id: &ConnectionId) -> CheckView {
    let mut check = engine.test_connection(id).unwrap();
    let mut last = None;
    while let Some(view) = check.next().await {
        last = Some(view);
    }
    last.unwrap()
}

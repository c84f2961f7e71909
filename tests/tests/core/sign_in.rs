//! The engine with whoever signs in: in the browser at a real OpenID provider, or with a cookie; for the server itself, and
//! for its session endpoint.
#![allow(clippy::unwrap_used, reason = "a test's helpers fail as the test does")]

use std::sync::Arc;

use acceptance::{
    oidc::{Browser, Click, Oidc},
    peer::Peer,
    screen::Screen,
};
use engine::{
    Engine, EngineConfig, SigningIn,
    view::{
        CheckStepKind, CheckVerdict, CheckView, ConnectionDraft, ConnectionState, ConnectionView, Keep, SendRequest,
        SessionPhase, SignInWay, SignOutView, SigningInView, TurnOutcome,
    },
};
use model::{ConnectionId, FailureCode, ThreadId};
use reqwest::Url;
use secrets::SecretStore;
use tempfile::TempDir;

/// An engine, a server, and who knows the person.
struct Office {
    engine: Engine,
    connection: ConnectionId,
    secrets: Arc<secrets::Memory>,
    provider: Oidc,
    peer: Peer,
    dir: TempDir,
}

const DIRECT: &[(&str, &str)] = &[];

fn draft(provider: &Oidc, peer: &Peer, more: &[(&str, &str)]) -> ConnectionDraft {
    let mut draft = ConnectionDraft::server("Office", &peer.url);
    let all = [
        ("sign_in", "browser"),
        ("oauth_issuer", provider.issuer.as_str()),
        ("oauth_client", "kittiwake"),
        ("oauth_scopes", "profile email offline_access"),
    ];
    draft.values.extend(all.iter().chain(more).map(|(key, value)| ((*key).to_owned(), (*value).to_owned())));
    draft
}

impl Office {
    async fn new(more: &[(&str, &str)]) -> Self {
        let provider = Oidc::start();
        let peer = Peer::of_issuer(&provider.issuer);
        let (dir, secrets) = (tempfile::tempdir().unwrap(), Arc::<secrets::Memory>::default());
        let config = EngineConfig { secrets: secrets.clone(), ..EngineConfig::new(dir.path().to_owned()) };
        let engine = Engine::open(config).await.unwrap();
        let endpoint = peer.address("/api/sessions");
        let more: Vec<_> = more.iter().map(|(key, value)| (*key, value.replace("ENDPOINT", &endpoint))).collect();
        let more: Vec<_> = more.iter().map(|(key, value)| (*key, value.as_str())).collect();
        let connection = engine.add_connection(draft(&provider, &peer, &more)).await.unwrap().id;
        Self { engine, connection, secrets, provider, peer, dir }
    }

    async fn restart(&mut self) {
        self.engine.close().await;
        let config = EngineConfig { secrets: self.secrets.clone(), ..EngineConfig::new(self.dir.path().to_owned()) };
        self.engine = Engine::open(config).await.unwrap();
    }

    /// Begins to sign in, up to the page that is to be opened.
    async fn begin(&self) -> (SigningIn, Url) {
        let mut signing_in = self.engine.sign_in(&self.connection).unwrap();
        assert_eq!(signing_in.next().await, Some(SigningInView::Asking));
        let Some(SigningInView::Browser { url }) = signing_in.next().await else { panic!("no page to open") };
        (signing_in, Url::parse(&url).unwrap())
    }

    /// Signs in as a person does who agrees.
    async fn sign_in(&self) {
        let (mut signing_in, url) = self.begin().await;
        Browser::default().walk(&url, Click::Agree, "").await;
        let who = Some("Ann Example".to_owned());
        assert_eq!(signing_in.next().await, Some(SigningInView::Done { who, kept: Keep::Keychain }));
        assert_eq!(signing_in.next().await, None);
    }

    async fn say(&self, thread: Option<&ThreadId>, text: &str) -> (ThreadId, TurnOutcome) {
        let (thread, mut screen) = Screen::said(&self.engine, &self.connection, thread, text).await;
        (thread, screen.ended().await)
    }

    fn view(&self) -> ConnectionView {
        self.engine.connections().into_iter().find(|view| view.id == self.connection).unwrap()
    }

    fn phase(&self) -> SessionPhase {
        self.view().sign_in.unwrap().session.phase
    }

    async fn tested(&self) -> CheckView {
        let mut check = self.engine.test_connection(&self.connection).unwrap();
        let mut last = None;
        while let Some(view) = check.next().await {
            last = Some(view);
        }
        last.unwrap()
    }
}

fn is_signed_out(outcome: &TurnOutcome) -> bool {
    matches!(outcome, TurnOutcome::Failed { failure, can_retry: true } if failure.code == FailureCode::SignedOut)
}

#[tokio::test]
async fn who_signs_in_once_chats_on_when_the_token_ends_and_after_a_restart() {
    if !Peer::wanted() {
        return;
    }
    let mut office = Office::new(DIRECT).await;
    assert_eq!(office.view().sign_in.unwrap().way, SignInWay::Browser);
    assert!(matches!(office.phase(), SessionPhase::SignedOut { .. }), "{:?}", office.phase());
    let (thread, outcome) = office.say(None, "hello").await;
    assert!(is_signed_out(&outcome), "{outcome:?}");

    office.sign_in().await;
    let signed_in = office.view().sign_in.unwrap().session;
    assert_eq!(signed_in.phase, SessionPhase::Live);
    assert!(signed_in.ends.is_some() && office.view().session.is_none());
    assert_eq!(signed_in.fields, [("signed_in_as".to_owned(), "Ann Example".to_owned())]);
    office.engine.retry(&thread).await.unwrap();
    assert_eq!(Screen::open(&office.engine, &thread).await.ended().await, TurnOutcome::Done);

    // The token ends, and another one is had without a word.
    let asked = office.provider.asked("/token").await;
    office.provider.expire().await;
    assert_eq!(office.say(Some(&thread), "and now?").await.1, TurnOutcome::Done);
    assert!(office.provider.asked("/token").await > asked);

    office.restart().await;
    assert_eq!(office.say(Some(&thread), "again").await.1, TurnOutcome::Done);
    assert_eq!(office.provider.asked("/auth").await, 1, "nobody was asked a second time");
}

#[tokio::test]
async fn a_sign_in_makes_sessions_at_a_session_endpoint() {
    if !Peer::wanted() {
        return;
    }
    let session = [("session", "endpoint"), ("session_url", "ENDPOINT"), ("session_body", r#"{"user": "ann"}"#)];
    let office = Office::new(&session).await;
    let (thread, outcome) = office.say(None, "hello").await;
    assert!(is_signed_out(&outcome), "{outcome:?}");
    office.sign_in().await;
    office.engine.retry(&thread).await.unwrap();
    assert_eq!(Screen::open(&office.engine, &thread).await.ended().await, TurnOutcome::Done);
    let view = office.view();
    let (sign_in, session) = (view.sign_in.unwrap().session, view.session.unwrap());
    assert_eq!((sign_in.phase, session.phase), (SessionPhase::Live, SessionPhase::Live));
    assert!(sign_in.ends.is_some() && session.ends.is_some() && sign_in.ends != session.ends);

    // The session ends; another one is made with the same sign-in.
    let asked = office.provider.asked("/token").await;
    office.peer.tell("expire").await;
    assert_eq!(office.say(Some(&thread), "and now?").await.1, TurnOutcome::Done);
    assert_eq!((office.peer.sessions().await.0, office.provider.asked("/token").await), (2, asked));

    let tested = office.tested().await;
    assert!(matches!(tested.verdict, CheckVerdict::Works), "{tested:?}");
    let step = |kind| tested.steps.iter().find(|step| step.kind == kind).unwrap();
    assert!(step(CheckStepKind::SignIn).line.contains("Signed in as Ann Example"), "{tested:?}");
    assert_eq!(office.engine.sign_out(&office.connection).await.unwrap(), SignOutView::Done);
    let tested = office.tested().await;
    assert!(matches!(&tested.verdict, CheckVerdict::Fails { failure } if failure.code == FailureCode::SignedOut));
}

#[tokio::test]
async fn signing_out_ends_it_here_and_at_the_provider_and_leaves_nothing() {
    if !Peer::wanted() {
        return;
    }
    let office = Office::new(DIRECT).await;
    office.sign_in().await;
    let (thread, outcome) = office.say(None, "hello").await;
    assert_eq!(outcome, TurnOutcome::Done);
    assert!(office.secrets.get(&office.connection).unwrap().is_some());
    assert_eq!(office.engine.sign_out(&office.connection).await.unwrap(), SignOutView::Done);
    assert!(office.secrets.get(&office.connection).unwrap().is_none_or(|kept| kept.is_empty()));
    assert!(office.provider.asked("/token/revocation").await >= 1);
    assert!(matches!(office.phase(), SessionPhase::SignedOut { .. }));
    assert!(is_signed_out(&office.say(Some(&thread), "anybody there?").await.1));
    // Signing out once more has nothing to do.
    assert_eq!(office.engine.sign_out(&office.connection).await.unwrap(), SignOutView::Done);
}

#[tokio::test]
async fn whom_an_administrator_signed_out_is_told_and_nothing_is_sent_twice() {
    if !Peer::wanted() {
        return;
    }
    let office = Office::new(DIRECT).await;
    office.sign_in().await;
    let (thread, _) = office.say(None, "hello").await;
    office.provider.forget().await;
    assert!(is_signed_out(&office.say(Some(&thread), "anybody there?").await.1));
    assert!(matches!(office.phase(), SessionPhase::SignedOut { .. }));
    let asked = office.provider.asked("/token").await;
    let view = office.engine.check_connection(&office.connection).await.unwrap();
    assert!(matches!(&view.state, ConnectionState::Failing { failure } if failure.code == FailureCode::SignedOut));
    assert!(office.provider.asked("/token").await <= asked + 1);
    office.sign_in().await;
    office.engine.retry(&thread).await.unwrap();
    assert_eq!(Screen::open(&office.engine, &thread).await.ended().await, TurnOutcome::Done);
}

#[tokio::test]
async fn what_was_signed_in_to_is_never_used_for_another_server() {
    if !Peer::wanted() {
        return;
    }
    let office = Office::new(DIRECT).await;
    office.sign_in().await;
    let elsewhere = Peer::of_issuer(&office.provider.issuer);
    let moved = draft(&office.provider, &elsewhere, DIRECT);
    let view = office.engine.update_connection(&office.connection, moved).await.unwrap();
    assert!(matches!(&view.state, ConnectionState::Failing { failure } if failure.code == FailureCode::SignedOut));
    assert!(office.secrets.get(&office.connection).unwrap().is_none_or(|kept| kept.is_empty()));
    office.sign_in().await;
    // A path of the same server is no other server.
    let mut there = draft(&office.provider, &elsewhere, DIRECT);
    there.values.insert("url".to_owned(), elsewhere.address("/chatkit?a=1"));
    office.engine.update_connection(&office.connection, there).await.unwrap();
    assert_eq!(office.phase(), SessionPhase::Live);
}

#[tokio::test]
async fn giving_up_closes_the_port_and_leaves_everything_as_it_was() {
    if !Peer::wanted() {
        return;
    }
    let office = Office::new(DIRECT).await;
    let (signing_in, asked) = office.begin().await;
    let back = asked.query_pairs().find(|(name, _)| name == "redirect_uri").unwrap().1.into_owned();
    assert!(reqwest::get(&back).await.is_ok());
    drop(signing_in);
    // The port is closed by a task that nobody waits for.
    while reqwest::get(&back).await.is_ok() {
        tokio::task::yield_now().await;
    }
    assert!(matches!(office.phase(), SessionPhase::SignedOut { .. }));
}

#[tokio::test]
async fn who_refuses_at_the_provider_is_told_so() {
    if !Peer::wanted() {
        return;
    }
    let office = Office::new(DIRECT).await;
    let (mut signing_in, url) = office.begin().await;
    Browser::default().walk(&url, Click::Refuse, "").await;
    let Some(SigningInView::Failed { failure }) = signing_in.next().await else { panic!("it did not fail") };
    assert_eq!(failure.code, FailureCode::SignedOut);
    assert!(failure.message.contains("refused on the page"), "{failure}");
}

#[tokio::test]
async fn a_login_that_gives_a_cookie_is_carried_as_one_and_renewed() {
    if !Peer::wanted() {
        return;
    }
    let peer = Peer::with_sessions();
    let (dir, secrets) = (tempfile::tempdir().unwrap(), Arc::<secrets::Memory>::default());
    let config = EngineConfig { secrets: secrets.clone(), ..EngineConfig::new(dir.path().to_owned()) };
    let engine = Engine::open(config).await.unwrap();
    let mut draft = ConnectionDraft::server("Office", &peer.url);
    draft.token = Some(peer.token.clone().into());
    let address = peer.address("/auth/cookie");
    let values = [
        ("sign_in", "login"),
        ("login_url", address.as_str()),
        ("login_user", "ann@example.org"),
        ("login_gives", "cookie"),
        ("login_pointer", "sid"),
    ];
    draft.values.extend(values.map(|(key, value)| (key.to_owned(), value.to_owned())));
    let view = engine.add_connection(draft.clone()).await.unwrap();
    assert_eq!(view.state, ConnectionState::Online, "{view:?}");
    assert!(view.sign_in.unwrap().session.ends.is_some());
    peer.tell("expire").await;
    let request = SendRequest { connection: view.id.clone(), thread: None, text: "hello".to_owned(), model: None };
    let thread = engine.send(request).await.unwrap();
    assert_eq!(Screen::open(&engine, &thread).await.ended().await, TurnOutcome::Done);
    assert_eq!(peer.sessions().await.0, 2);

    draft.values.insert("login_pointer".to_owned(), "other".to_owned());
    let view = engine.update_connection(&view.id, draft).await.unwrap();
    let ConnectionState::Failing { failure } = &view.state else { panic!("{view:?}") };
    assert!(failure.message.contains("it sets no cookie called “other”"), "{failure}");
}

#[tokio::test]
async fn headers_of_the_person_s_are_carried_and_their_secrets_stay_in_the_keychain() {
    if !Peer::wanted() {
        return;
    }
    let peer = Peer::behind_gateway("X-Gateway-Key: s3same-open");
    let (dir, secrets) = (tempfile::tempdir().unwrap(), Arc::<secrets::Memory>::default());
    let config = EngineConfig { secrets: secrets.clone(), ..EngineConfig::new(dir.path().to_owned()) };
    let engine = Engine::open(config).await.unwrap();
    let mut draft = ConnectionDraft::server("Office", &peer.url);
    draft.token = Some(peer.token.clone().into());
    draft.values.insert("headers".to_owned(), "X-Client-Version: 2".to_owned());
    let without = engine.add_connection(draft.clone()).await.unwrap();
    assert!(matches!(without.state, ConnectionState::Failing { .. }), "{without:?}");
    draft.token = None;
    draft.secrets.insert("secret_headers".to_owned(), "X-Gateway-Key: s3same-open\nX-Other: 1".into());
    let view = engine.update_connection(&without.id, draft.clone()).await.unwrap();
    assert_eq!(view.state, ConnectionState::Online, "{view:?}");
    assert_eq!(view.secrets, ["secret_headers"]);
    for file in std::fs::read_dir(dir.path()).unwrap() {
        let file = file.unwrap().path();
        let text = if file.is_file() { std::fs::read(&file).unwrap() } else { continue };
        assert!(!text.windows(6).any(|part| part == b"s3same"), "{}", file.display());
    }
    // What is kept is used for a change that says nothing of it, and forgotten when it is emptied.
    draft.secrets.clear();
    draft.name = "Gateway".to_owned();
    let view = engine.update_connection(&view.id, draft.clone()).await.unwrap();
    assert_eq!(view.state, ConnectionState::Online);
    draft.secrets.insert("secret_headers".to_owned(), "nonsense".into());
    let wrong = engine.update_connection(&view.id, draft.clone()).await.unwrap_err();
    assert_eq!(wrong.detail.as_deref(), Some("secret_headers"));
    draft.secrets.insert("secret_headers".to_owned(), "".into());
    let view = engine.update_connection(&view.id, draft).await.unwrap();
    assert!(matches!(view.state, ConnectionState::Failing { .. }) && view.secrets.is_empty());
}

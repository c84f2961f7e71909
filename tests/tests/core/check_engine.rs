//! The test of a connection, step by step, against servers that work and servers that do not.
#![allow(clippy::unwrap_used, reason = "a test's helpers fail as the test does")]

use std::sync::Arc;

use acceptance::{
    gated::{self, Gated},
    peer::Peer,
};
use engine::{
    Check, Engine, EngineConfig,
    view::{CheckOutcome, CheckStep, CheckStepKind, CheckVerdict, CheckView, ConnectionDraft, ConnectionState},
};
use model::{ConnectionId, FailureCode};
use serde_json::json;
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use CheckOutcome::{Failed, Noted, Passed, Skipped};

struct Desk {
    engine: Engine,
    secrets: Arc<secrets::Memory>,
    _dir: TempDir,
}

impl Desk {
    async fn new() -> Self {
        let (dir, secrets) = (tempfile::tempdir().unwrap(), Arc::<secrets::Memory>::default());
        let config = EngineConfig { secrets: secrets.clone(), ..EngineConfig::new(dir.path().to_owned()) };
        Self { engine: Engine::open(config).await.unwrap(), secrets, _dir: dir }
    }

    async fn draft(&self, draft: ConnectionDraft) -> CheckView {
        ended(self.engine.test_draft(None, draft).await.unwrap()).await
    }

    async fn connection(&self, id: &ConnectionId) -> CheckView {
        ended(self.engine.test_connection(id).unwrap()).await
    }

    fn state(&self, id: &ConnectionId) -> ConnectionState {
        self.engine.connections().into_iter().find(|view| &view.id == id).unwrap().state
    }
}

/// The test when it has ended. On the way every step begins before it ends, and none before the one before it.
async fn ended(mut check: Check) -> CheckView {
    let mut last = None;
    while let Some(view) = check.next().await {
        let over = |step: &CheckStep| step.ms.is_some();
        let so_far = view.steps.iter().take_while(|step| over(step)).count();
        assert!(view.steps[so_far..].iter().all(|step| !over(step)), "{view:?}");
        last = Some(view);
    }
    let view = last.unwrap();
    assert!(view.report.is_some() && view.verdict != CheckVerdict::Running, "{view:?}");
    view
}

/// How the steps to the server ended; those that look at this computer are before them.
fn outcomes(view: &CheckView) -> Vec<CheckOutcome> {
    to_the_server(view).map(|step| step.outcome).collect()
}

fn to_the_server(view: &CheckView) -> impl Iterator<Item = &CheckStep> {
    let here = [CheckStepKind::Keychain, CheckStepKind::Folder];
    view.steps.iter().filter(move |step| !here.contains(&step.kind))
}

fn step(view: &CheckView, kind: CheckStepKind) -> &CheckStep {
    view.steps.iter().find(|step| step.kind == kind).unwrap()
}

fn failed(view: &CheckView) -> &CheckStep {
    view.steps.iter().find(|step| step.outcome == Failed).unwrap_or_else(|| panic!("{}", report(view)))
}

fn report(view: &CheckView) -> &str {
    view.report.as_deref().unwrap()
}

fn fact<'a>(step: &'a CheckStep, name: &str) -> &'a str {
    let found = step.facts.iter().find(|fact| fact.name == name);
    &found.unwrap_or_else(|| panic!("{name} is not among {:?}", step.facts)).value
}

fn server(peer: &Peer) -> ConnectionDraft {
    ConnectionDraft { token: Some(peer.token.clone().into()), ..ConnectionDraft::server("Office", &peer.url) }
}

fn office(peer: &Peer, more: &[(&str, &str)]) -> ConnectionDraft {
    let mut draft = server(peer);
    let session = [("session", "endpoint"), ("session_url", &peer.address("/api/sessions"))];
    draft.values.extend(session.iter().chain(more).map(|(key, value)| ((*key).to_owned(), (*value).to_owned())));
    draft
}

#[tokio::test]
async fn a_server_that_works_passes_every_step_and_keeps_nothing_of_it() {
    if !Peer::wanted() {
        return;
    }
    let (peer, desk) = (Peer::start(), Desk::new().await);
    let id = desk.engine.add_connection(server(&peer)).await.unwrap().id;
    let view = desk.connection(&id).await;
    assert_eq!(view.verdict, CheckVerdict::Works, "{}", report(&view));
    assert_eq!(outcomes(&view), [Passed; 7], "{}", report(&view));
    assert!(step(&view, CheckStepKind::Name).line.contains("nothing to look up"));
    assert!(step(&view, CheckStepKind::Reach).line.contains("uvicorn"), "{}", report(&view));
    let hello = step(&view, CheckStepKind::Hello);
    assert_eq!(fact(hello, "Its conversation"), "deleted again");
    assert!(hello.line.contains("streamed"), "{}", hello.line);
    assert_eq!(peer.state().await["threads"], json!([]));
    assert!(desk.engine.threads().is_empty());
    assert_eq!(desk.state(&id), ConnectionState::Online);
    for text in [report(&view), &format!("{view:?}")] {
        assert!(!text.contains(&peer.token), "{text}");
    }
}

#[tokio::test]
async fn a_session_is_made_anew_and_told_without_its_secret() {
    if !Peer::wanted() {
        return;
    }
    let (peer, desk) = (Peer::with_sessions(), Desk::new().await);
    let id = desk.engine.add_connection(office(&peer, &[])).await.unwrap().id;
    assert_eq!(peer.sessions().await, (1, 0));
    let view = desk.connection(&id).await;
    assert_eq!(view.verdict, CheckVerdict::Works, "{}", report(&view));
    assert_eq!(peer.sessions().await, (2, 0));
    let session = step(&view, CheckStepKind::Session);
    assert_eq!(session.outcome, Passed, "{session:?}");
    assert_eq!(fact(session, "Secret"), "at /client_secret, 35 characters");
    assert!(session.line.contains("good for 10 min"), "{}", session.line);
    assert_eq!(fact(session, "Clock"), "the same as this computer's");
    assert_eq!(fact(session, "domain_key"), "domain_pk_local");
    assert!(!report(&view).contains("ek_") && !report(&view).contains(&peer.token));
    // A test that fails leaves the live session as it is.
    peer.tell("mistake/null").await;
    let view = desk.connection(&id).await;
    assert_eq!(failed(&view).kind, CheckStepKind::Session);
    assert_eq!(desk.state(&id), ConnectionState::Online);
    peer.tell("mistake/none").await;
    desk.engine.refresh_threads().await;
    assert_eq!(desk.state(&id), ConnectionState::Online);
    assert_eq!(peer.sessions().await, (3, 0), "only the tests asked for sessions");
}

#[tokio::test]
async fn the_usual_mistakes_of_session_endpoints_are_named_in_their_step() {
    if !Peer::wanted() {
        return;
    }
    let (peer, desk) = (Peer::with_sessions(), Desk::new().await);
    for (mistake, code, words) in [
        ("null", FailureCode::BadSession, "null at /client_secret"),
        ("empty", FailureCode::BadSession, "an empty secret"),
        ("renamed", FailureCode::BadSession, "the one at /data/chat_token"),
        ("past", FailureCode::BadSession, "90 s before it was given"),
        ("short", FailureCode::BadSession, "it has to be 10 s at least"),
        ("html", FailureCode::BadSession, "login page"),
        ("text", FailureCode::BadSession, "not JSON"),
        ("moved", FailureCode::Redirected, "page to sign in at"),
        ("method", FailureCode::NotFound, "choose GET as its method"),
        ("failing", FailureCode::ServerRefused, "status 500"),
    ] {
        peer.tell(&format!("mistake/{mistake}")).await;
        let view = desk.draft(office(&peer, &[])).await;
        let step = failed(&view);
        assert_eq!(step.kind, CheckStepKind::Session, "{}", report(&view));
        let failure = step.failure.as_ref().unwrap();
        assert_eq!(failure.code, code, "{mistake}: {failure}");
        assert!(failure.message.contains(words), "{mistake}: {failure}");
        assert_eq!(outcomes(&view)[5..], [Skipped, Skipped], "{mistake}");
        let all = format!("{view:?}");
        assert!(!all.contains("ek_") && !all.contains(&peer.token), "{mistake}: {all}");
    }
    peer.tell("mistake/none").await;
    for (more, words) in [
        (("session_url", peer.address("/api/session")), "(status 404). Check it, down to its path"),
        (("session_method", "get".to_owned()), "whether it wants POST or GET"),
        (
            ("session_pointer", "/user_id".to_owned()),
            "does not accept the session that its session endpoint has just made",
        ),
    ] {
        let view = desk.draft(office(&peer, &[(more.0, &more.1)])).await;
        assert!(failed(&view).line.contains(words), "{}", report(&view));
    }
    let wrong = ConnectionDraft { token: Some("wrong".into()), ..office(&peer, &[]) };
    let view = desk.draft(wrong).await;
    assert!(failed(&view).line.ends_with("The server says: “Invalid API key”."), "{}", report(&view));
}

#[tokio::test]
async fn a_draft_is_tested_and_nothing_of_it_is_kept() {
    if !Peer::wanted() {
        return;
    }
    let (peer, desk) = (Peer::with_sessions(), Desk::new().await);
    let view = desk.draft(office(&peer, &[])).await;
    assert_eq!(view.verdict, CheckVerdict::Works, "{}", report(&view));
    assert!(desk.engine.connections().is_empty() && desk.engine.threads().is_empty());
    assert_eq!(peer.state().await["threads"], json!([]));
    // Changed and not yet saved: the stored token goes along, and the connection stays as it is.
    let id = desk.engine.add_connection(office(&peer, &[])).await.unwrap().id;
    let kept = format!("{:?}", secrets::SecretStore::get(&*desk.secrets, &id).unwrap());
    let changed = ConnectionDraft { token: None, ..office(&peer, &[("session_method", "get")]) };
    let view = ended(desk.engine.test_draft(Some(&id), changed).await.unwrap()).await;
    assert_eq!(failed(&view).kind, CheckStepKind::Session);
    assert_eq!(desk.state(&id), ConnectionState::Online);
    assert_eq!(format!("{:?}", secrets::SecretStore::get(&*desk.secrets, &id).unwrap()), kept);
    // It never goes elsewhere.
    let elsewhere = [("session_url", "http://127.0.0.1:9/api/sessions")];
    let moved = ConnectionDraft { token: None, ..office(&peer, &elsewhere) };
    assert_eq!(desk.engine.test_draft(Some(&id), moved).await.err().unwrap().code, FailureCode::BadInput);
}

#[tokio::test]
async fn a_closed_port_and_an_unknown_name_end_the_chain_where_they_are() {
    let desk = Desk::new().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let closed = format!("http://{}/chatkit", listener.local_addr().unwrap());
    drop(listener);
    let view = desk.draft(ConnectionDraft::server("Office", &closed)).await;
    assert_eq!(outcomes(&view), [Passed, Failed, Skipped, Skipped, Skipped, Skipped, Skipped]);
    assert!(failed(&view).line.contains("Nothing answers at"), "{}", report(&view));
    assert!(matches!(&view.verdict, CheckVerdict::Fails { failure } if failure.code == FailureCode::Unreachable));

    let view = desk.draft(ConnectionDraft::server("Office", "https://nowhere.invalid/chatkit?key=sesame")).await;
    assert_eq!(outcomes(&view)[..2], [Failed, Skipped]);
    assert!(failed(&view).line.contains("There is no server called https://nowhere.invalid"), "{}", report(&view));
    assert!(!report(&view).contains("sesame"));
    // A session endpoint elsewhere is a way of its own.
    let mut two = ConnectionDraft::server("Office", &closed);
    two.values.extend(
        [("session", "endpoint"), ("session_url", "https://nowhere.invalid/s")]
            .map(|(key, value)| (key.to_owned(), value.to_owned())),
    );
    let view = desk.draft(two).await;
    assert_eq!(to_the_server(&view).count(), 11);
    assert!(to_the_server(&view).nth(4).unwrap().label.contains("session endpoint"));
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_is_shown_all_the_same() {
    let desk = Desk::new().await;
    let own = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = own.signing_key.serialize_der().try_into().unwrap();
    let config = tokio_rustls::rustls::ServerConfig::builder().with_no_client_auth();
    let config = config.with_single_cert(vec![own.cert.der().clone()], key).unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            // Whoever does not trust it hangs up.
            let _ = acceptor.accept(socket).await;
        }
    });
    let view = desk.draft(ConnectionDraft::server("Office", &format!("https://localhost:{port}/"))).await;
    let step = failed(&view);
    assert_eq!(step.kind, CheckStepKind::Certificate, "{}", report(&view));
    assert!(step.line.contains("issuer that this computer does not know"), "{}", step.line);
    assert!(fact(step, "Certificate of").contains("rcgen"));
    assert_eq!(fact(step, "For"), "localhost");
    assert_eq!(fact(step, "SHA-256").len(), 95);

    // What is no TLS at all is something else.
    let plain = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = plain.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = plain.accept().await {
            let _ = socket.write_all(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n").await;
        }
    });
    let view = desk.draft(ConnectionDraft::server("Office", &format!("https://localhost:{port}/"))).await;
    assert!(failed(&view).line.contains("begins with http://"), "{}", report(&view));
}

#[tokio::test]
async fn a_server_that_collects_its_answer_is_noticed() {
    let (mut server, desk) = (Gated::start().await, Desk::new().await);
    let draft = ConnectionDraft::server("Office", server.url());
    let (view, ()) = tokio::join!(desk.draft(draft), async {
        let exchange = server.next().await;
        let events =
            [gated::opening("Hello"), vec![gated::added("m"), gated::done(gated::assistant_message("m", "Yes"))]];
        let body: String = events.concat().iter().map(|event| format!("data: {event}\n\n")).collect();
        exchange.answer(200, "text/event-stream", &body).await;
    });
    let hello = step(&view, CheckStepKind::Hello);
    assert_eq!((hello.outcome, &view.verdict), (Noted, &CheckVerdict::Works), "{}", report(&view));
    assert!(hello.line.contains("came at once") && hello.line.contains("proxy_buffering off"), "{}", hello.line);
    assert_eq!(server.count("threads.delete"), 1);
}

#[tokio::test]
async fn events_that_come_one_by_one_are_seen_as_they_come_and_their_thread_is_nobodys_to_see() {
    let (mut server, desk) = (Gated::start().await, Desk::new().await);
    let mut check = desk.engine.test_draft(None, ConnectionDraft::server("Office", server.url())).await.unwrap();
    let mut exchange = server.next().await;
    assert_eq!(exchange.request["type"], "threads.create");
    exchange.begin_with(gated::opening("Hello")).await;
    exchange.event(gated::added("m")).await;
    exchange.event(gated::delta("m", "Yes")).await;
    // The step is under way, and whoever stops it now has the thread deleted all the same.
    while step(&check.next().await.unwrap(), CheckStepKind::Hello).outcome != CheckOutcome::Running {}
    drop(check);
    exchange.closed().await;
    while server.count("threads.delete") == 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(server.asked().last().unwrap()["params"]["thread_id"], "thr_1");
}

#[tokio::test]
async fn what_a_server_does_wrong_with_the_hello_is_named() {
    let desk = Desk::new().await;
    let cases = [
        (200, "text/html", "<html>Welcome</html>", "a web page"),
        (200, "application/json", r#"{"reply": "Yes"}"#, "JSON instead of a stream"),
        (405, "application/json", r#"{"detail": "Method Not Allowed"}"#, "takes no POST"),
        (401, "application/json", r#"{"detail": "Token expired"}"#, "“Token expired”"),
        (200, "text/event-stream", "", "without a single event"),
        (200, "text/event-stream", "data: {\"choices\": []}\n\n", "none of its events is one of ChatKit's"),
    ];
    for (status, kind, body, words) in cases {
        let mut server = Gated::start().await;
        let (view, ()) = tokio::join!(desk.draft(ConnectionDraft::server("Office", server.url())), async {
            server.next().await.answer(status, kind, body).await;
        });
        assert_eq!(failed(&view).kind, CheckStepKind::Hello);
        assert!(failed(&view).line.contains(words), "{}", report(&view));
        assert_eq!(server.count("threads.delete"), 0);
    }
    // The question before it is answered in the same words.
    let server = Gated::start().await;
    // The first one is the request for its first page.
    server.refuse_next(200, "{}");
    server.refuse_next(404, "{}");
    let view = desk.draft(ConnectionDraft::server("Office", server.url())).await;
    assert_eq!(failed(&view).kind, CheckStepKind::Ask);
    assert!(failed(&view).line.contains("no ChatKit endpoint"), "{}", report(&view));
}

#[tokio::test]
async fn a_token_that_a_server_sends_back_is_in_nothing_that_is_told() {
    let (mut server, desk) = (Gated::start().await, Desk::new().await);
    let draft =
        ConnectionDraft { token: Some("sesame-1234".into()), ..ConnectionDraft::server("Office", server.url()) };
    let (view, ()) = tokio::join!(desk.draft(draft), async {
        let mut exchange = server.next().await;
        let message = "your token is sesame-1234";
        exchange.begin_with(vec![json!({"type": "error", "code": "custom", "message": message})]).await;
        exchange.end().await;
    });
    assert!(failed(&view).line.contains("your token is [hidden]"), "{}", report(&view));
    assert!(!format!("{view:?}").contains("sesame"), "{view:?}");
}

#[tokio::test]
async fn the_end_of_the_engine_ends_a_test() {
    let desk = Desk::new().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/chatkit", listener.local_addr().unwrap());
    let mut check = desk.engine.test_draft(None, ConnectionDraft::server("Office", &url)).await.unwrap();
    // The look at the connection, and then a request that is never answered.
    let _first = listener.accept().await.unwrap();
    let (mut second, _) = listener.accept().await.unwrap();
    let mut head = [0; 16];
    second.read_exact(&mut head).await.unwrap();
    assert!(head.starts_with(b"GET / HTTP/1.1"));
    desk.engine.close().await;
    let mut last = None;
    while let Some(view) = check.next().await {
        last = Some(view);
    }
    assert_eq!(last.unwrap().verdict, CheckVerdict::Stopped);
}

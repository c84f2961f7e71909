//! The way to a connection's servers: proxies, certificates, encryption, and pages that stand in the way.
//!
//! `0.0.0.0` is this machine and no loopback address, so it takes the part of a server elsewhere.
#![allow(clippy::unwrap_used, reason = "a test's helpers fail as the test does")]

use std::{process::Stdio, sync::Arc};

use acceptance::{
    gated::Gated,
    proxy::{Same, Tinyproxy},
};
use engine::{
    Engine, EngineConfig,
    view::{CheckStepKind, CheckView, ConnectionDraft, ConnectionState, ConnectionView},
};
use model::{ConnectionId, Failure, FailureCode};
use rcgen::{CertificateParams, KeyPair};
use secrets::SecretStore;
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use tokio_rustls::{TlsAcceptor, rustls::ServerConfig};

const LIST: &str = r#"{"data":[],"has_more":false}"#;

struct Desk {
    engine: Engine,
    secrets: Arc<secrets::Memory>,
    dir: TempDir,
}

impl Desk {
    async fn new() -> Self {
        Self::of(tempfile::tempdir().unwrap()).await
    }

    async fn of(dir: TempDir) -> Self {
        let secrets = Arc::<secrets::Memory>::default();
        let config = EngineConfig { secrets: secrets.clone(), ..EngineConfig::new(dir.path().to_owned()) };
        Self { engine: Engine::open(config).await.unwrap(), secrets, dir }
    }

    async fn add(&self, draft: ConnectionDraft) -> ConnectionView {
        self.engine.add_connection(draft).await.unwrap()
    }

    async fn tested(&self, draft: ConnectionDraft) -> CheckView {
        let mut check = self.engine.test_draft(None, draft).await.unwrap();
        let mut last = None;
        while let Some(view) = check.next().await {
            last = Some(view);
        }
        last.unwrap()
    }
}

/// A connection as it is typed, with more in its form.
fn draft(url: &str, more: &[(&str, &str)]) -> ConnectionDraft {
    let mut draft = ConnectionDraft::server("Office", url);
    draft.values.extend(more.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())));
    draft
}

fn elsewhere(url: &str) -> String {
    url.replace("127.0.0.1", "0.0.0.0")
}

fn failure(view: &ConnectionView) -> &Failure {
    let ConnectionState::Failing { failure } = &view.state else { panic!("{view:?}") };
    failure
}

fn is_online(view: &ConnectionView) -> bool {
    view.state == ConnectionState::Online
}

fn with_password(mut draft: ConnectionDraft, password: &str) -> ConnectionDraft {
    draft.secrets.insert("proxy_password".to_owned(), password.into());
    draft
}

fn answer(status: &str, head: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\nconnection: close\r\n{head}\r\ncontent-length: {}\r\n\r\n{body}", body.len())
}

fn json(body: &str) -> String {
    answer("200 OK", "content-type: application/json", body)
}

/// A server with a certificate, whose threads can be listed.
async fn secure(certificate: &rcgen::Certificate, key: &KeyPair) -> u16 {
    let key = key.serialize_der().try_into().unwrap();
    let config = ServerConfig::builder().with_no_client_auth();
    let config = config.with_single_cert(vec![certificate.der().clone()], key).unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                // Whoever does not trust it hangs up.
                let Ok(mut stream) = acceptor.accept(socket).await else { return };
                let _ = stream.read(&mut [0; 8192]).await;
                let _ = stream.write_all(json(LIST).as_bytes()).await;
                let _ = stream.shutdown().await;
            });
        }
    });
    port
}

/// A certificate of its own, for this machine.
fn own() -> (rcgen::Certificate, KeyPair) {
    let key = KeyPair::generate().unwrap();
    let names = ["localhost", "0.0.0.0"].map(str::to_owned);
    (CertificateParams::new(names).unwrap().self_signed(&key).unwrap(), key)
}

#[tokio::test]
async fn a_proxy_that_asks_nobody_is_gone_through_and_told() {
    if !Tinyproxy::wanted() {
        return;
    }
    let (proxy, mut server, desk) = (Tinyproxy::start(None), Gated::start().await, Desk::new().await);
    let through = [("proxy", "manual"), ("proxy_url", proxy.url.as_str()), ("plain_http", "allowed")];
    let (view, head) = tokio::join!(desk.tested(draft(&elsewhere(server.url()), &through)), async {
        let exchange = server.next().await;
        let head = exchange.head.clone();
        exchange.answer(500, "text/plain", "enough").await;
        head
    });
    assert!(head.to_lowercase().contains("via: ") && head.contains("tinyproxy"), "{head}");
    let report = view.report.as_deref().unwrap();
    let name = view.steps.iter().find(|step| step.kind == CheckStepKind::Name).unwrap();
    assert!(name.line.contains(&proxy.url), "{report}");
    assert!(name.line.contains("in the connection's settings"), "{report}");
    // What runs here is not asked for there.
    let view = desk.add(draft(server.url(), &[("proxy", "manual"), ("proxy_url", "http://127.0.0.1:1")])).await;
    assert!(is_online(&view), "{view:?}");
}

#[tokio::test]
async fn a_proxy_with_a_password_asks_for_it_in_its_own_words_and_gets_it_from_the_keychain() {
    if !Tinyproxy::wanted() {
        return;
    }
    let (proxy, server, desk) =
        (Tinyproxy::start(Some(("ann", "s3samePass"))), Gated::start().await, Desk::new().await);
    let url = elsewhere(server.url());
    let through = [("proxy", "manual"), ("proxy_url", proxy.url.as_str()), ("plain_http", "allowed")];
    let known = [&through[..], &[("proxy_user", "ann")]].concat();
    for asks in [draft(&url, &through), with_password(draft(&url, &known), "wrongPass")] {
        let view = desk.add(asks).await;
        let failure = failure(&view);
        assert_eq!(failure.code, FailureCode::ProxyLogin, "{failure:?}");
        assert!(failure.message.contains(&format!("The proxy {} wants", proxy.url)), "{failure}");
        assert!(failure.message.contains("They are not the token"), "{failure}");
        desk.engine.remove_connection(&view.id).await.unwrap();
    }
    let view = desk.add(with_password(draft(&url, &known), "s3samePass")).await;
    assert!(is_online(&view), "{view:?}");
    assert_eq!(view.secrets, ["proxy_password"]);
    let kept = desk.secrets.get(&view.id).unwrap().unwrap();
    assert!(kept.secret_for("proxy_password", &proxy.url).is_some());
    assert!(kept.secret_for("proxy_password", "http://other.example:3128").is_none());
    let settings = std::fs::read_to_string(desk.dir.path().join("settings.json")).unwrap();
    assert!(settings.contains(&proxy.url) && !settings.contains("s3same"), "{settings}");
    let values = desk.engine.form_values(&view.id).unwrap();
    assert!(values.contains_key("proxy_user") && !values.contains_key("proxy_password"));

    // Untouched it stays, and goes to no other proxy.
    let again = desk.engine.update_connection(&view.id, draft(&url, &known)).await.unwrap();
    assert!(is_online(&again), "{again:?}");
    let moved = [("proxy_url", "http://127.0.0.1:1")];
    let moved = desk.engine.update_connection(&view.id, draft(&url, &[&known[..], &moved].concat())).await.unwrap_err();
    assert_eq!((moved.code, moved.detail.as_deref()), (FailureCode::BadInput, Some("proxy_password")));
    // Without the proxy nothing of it is left.
    desk.engine.update_connection(&view.id, draft(&url, &[("plain_http", "allowed")])).await.unwrap();
    assert!(desk.secrets.get(&view.id).unwrap().is_none());
    // A password without anybody to go with is not dropped in silence.
    let alone = desk.engine.add_connection(with_password(draft(&url, &through), "s3samePass")).await.unwrap_err();
    assert_eq!(alone.detail.as_deref(), Some("proxy_password"));
}

#[tokio::test]
async fn a_secure_server_is_reached_through_a_proxy_with_a_password_and_looked_at_through_it() {
    if !Tinyproxy::wanted() {
        return;
    }
    let (proxy, desk) = (Tinyproxy::start(Some(("ann", "s3samePass"))), Desk::new().await);
    let (certificate, key) = own();
    let port = secure(&certificate, &key).await;
    let file = desk.dir.path().join("office.pem");
    std::fs::write(&file, certificate.pem()).unwrap();
    let file = file.to_string_lossy().into_owned();
    let url = format!("https://0.0.0.0:{port}/chatkit");
    let known =
        [("proxy", "manual"), ("proxy_url", proxy.url.as_str()), ("proxy_user", "ann"), ("authorities", file.as_str())];
    let view = desk.add(with_password(draft(&url, &known), "s3samePass")).await;
    assert!(is_online(&view), "{view:?}");
    let view = desk.tested(with_password(draft(&url, &known), "s3samePass")).await;
    let step = view.steps.iter().find(|step| step.kind == CheckStepKind::Certificate).unwrap();
    assert!(step.line.contains("The certificate is trusted"), "{step:?}");
    let view = desk.tested(with_password(draft(&url, &known), "wrong")).await;
    let failed = view.steps.iter().find_map(|step| step.failure.as_ref()).unwrap();
    assert_eq!(failed.code, FailureCode::ProxyLogin, "{failed:?}");
    assert!(!view.report.unwrap().contains("s3same"));
}

#[tokio::test]
async fn a_server_that_wants_a_token_is_not_taken_for_its_proxy() {
    let proxy = Same::start(answer("401 Unauthorized", "content-type: application/json", "{}")).await;
    let through = [("proxy", "manual"), ("proxy_url", proxy.url.as_str()), ("plain_http", "allowed")];
    let view = Desk::new().await.add(draft("http://chat.example/chatkit", &through)).await;
    assert_eq!(failure(&view).code, FailureCode::Unauthorized);
}

#[tokio::test]
async fn the_session_endpoint_is_reached_the_same_way() {
    let mut proxy = Same::start(json(r#"{"client_secret": "ek_1", "data": [], "has_more": false}"#)).await;
    let desk = Desk::new().await;
    let view = desk.add(draft(
        "http://chat.example/chatkit",
        &[
            ("session", "endpoint"),
            ("session_url", "http://login.example/session"),
            ("proxy", "manual"),
            ("proxy_url", &proxy.url),
            ("plain_http", "allowed"),
        ],
    ));
    let view = view.await;
    assert!(is_online(&view), "{view:?}");
    let asked = proxy.asked();
    assert!(asked[0].starts_with("post http://login.example/session "), "{asked:?}");
    assert!(asked[1].starts_with("post http://chat.example/chatkit "), "{asked:?}");
    assert!(asked[1].contains("authorization: bearer ek_1"), "{asked:?}");
}

/// Where the second run finds the server.
const CALL: &str = "KITTIWAKE_TEST_NETWORK_CALL";

/// Not a test of its own: what the second run says of a server, by each kind of proxy.
#[tokio::test]
async fn second_run() {
    let Ok(url) = std::env::var(CALL) else { return };
    let desk = Desk::new().await;
    for proxy in ["system", "none"] {
        let view = desk.add(draft(&url, &[("proxy", proxy), ("plain_http", "allowed")])).await;
        let said = match &view.state {
            ConnectionState::Failing { failure } => failure.code.to_string(),
            state => format!("{state:?}").to_lowercase(),
        };
        eprintln!("said: {said}");
    }
}

async fn again(url: &str, environment: &[(&str, &str)]) -> Vec<String> {
    let child = tokio::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "network::second_run", "--nocapture"])
        .env(CALL, url)
        .envs(environment.iter().copied())
        .stdout(Stdio::null())
        .output();
    let errors = String::from_utf8(child.await.unwrap().stderr).unwrap();
    errors.lines().filter_map(|line| line.strip_prefix("said: ")).map(str::to_owned).collect()
}

#[tokio::test]
async fn the_systems_proxy_is_taken_with_its_exceptions_unless_none_is_wanted() {
    let server = Gated::start().await;
    let url = elsewhere(server.url());
    let proxy = ("http_proxy", "http://127.0.0.1:1");
    assert_eq!(again(&url, &[proxy]).await, ["proxy_failed", "online"]);
    assert_eq!(again(&url, &[proxy, ("NO_PROXY", "other.example,0.0.0.0")]).await, ["online", "online"]);
}

#[tokio::test]
async fn an_authority_that_was_added_is_trusted_for_its_connection_and_no_other() {
    let desk = Desk::new().await;
    let (certificate, key) = own();
    let port = secure(&certificate, &key).await;
    let url = format!("https://localhost:{port}/chatkit");
    let file = desk.dir.path().join("office.pem");
    std::fs::write(&file, certificate.pem()).unwrap();
    let trusting = desk.add(draft(&url, &[("authorities", &file.to_string_lossy())])).await;
    assert!(is_online(&trusting), "{trusting:?}");
    let other = desk.add(draft(&url, &[])).await;
    assert_eq!(failure(&other).code, FailureCode::Untrusted);
    for (file, words) in [("/nowhere/office.pem", "no such file"), ("office.pem", "whole path")] {
        let wrong = desk.engine.add_connection(draft(&url, &[("authorities", file)])).await.unwrap_err();
        assert_eq!((wrong.code, wrong.detail.as_deref()), (FailureCode::BadInput, Some("authorities")));
        assert!(wrong.message.contains(words), "{wrong}");
    }
    std::fs::write(&file, "nonsense").unwrap();
    let view = desk.engine.check_connection(&trusting.id).await.unwrap();
    assert!(failure(&view).message.contains("BEGIN CERTIFICATE"), "{view:?}");
}

#[tokio::test]
async fn a_certificate_is_pinned_by_what_the_test_shows_and_any_other_is_refused() {
    let desk = Desk::new().await;
    let (certificate, key) = own();
    let port = secure(&certificate, &key).await;
    let url = format!("https://localhost:{port}/chatkit");
    let view = desk.tested(draft(&url, &[])).await;
    let step = view.steps.iter().find(|step| step.failure.is_some()).unwrap();
    assert!(step.line.contains("More settings"), "{step:?}");
    let shown = step.facts.iter().find(|fact| fact.name == "SHA-256").unwrap().value.clone();
    let pinned = desk.add(draft(&url, &[("pins", &shown)])).await;
    assert!(is_online(&pinned), "{pinned:?}");
    assert_eq!(desk.engine.form_values(&pinned.id).unwrap()["pins"], shown);

    let (other, other_key) = own();
    let replaced = format!("https://localhost:{}/chatkit", secure(&other, &other_key).await);
    let view = desk.add(draft(&replaced, &[("pins", &shown)])).await;
    let failure = failure(&view);
    assert_eq!(failure.code, FailureCode::Untrusted);
    assert!(failure.message.contains("not the one that was pinned"), "{failure}");
}

#[tokio::test]
async fn without_encryption_nothing_leaves_this_machine_unless_it_was_allowed_and_then_that_is_shown() {
    let (server, desk) = (Gated::start().await, Desk::new().await);
    let url = elsewhere(server.url());
    let refused = desk.engine.add_connection(draft(&url, &[])).await.unwrap_err();
    assert_eq!((refused.code, refused.detail.as_deref()), (FailureCode::BadInput, Some("plain_http")));
    assert_eq!(server.asked().len(), 0);
    let here = desk.add(draft(server.url(), &[])).await;
    assert!(is_online(&here) && here.cautions.is_empty(), "{here:?}");
    let allowed = desk.add(draft(&url, &[("plain_http", "allowed")])).await;
    assert!(is_online(&allowed), "{allowed:?}");
    assert!(allowed.cautions[0].contains("Not encrypted"), "{allowed:?}");

    // One that an earlier version has kept, which asked nobody.
    desk.engine.close().await;
    let Desk { dir, engine, .. } = desk;
    drop(engine);
    let file = dir.path().join("settings.json");
    let mut settings: serde_json::Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    for connection in settings["connections"].as_array_mut().unwrap() {
        connection.as_object_mut().unwrap().remove("network");
    }
    std::fs::write(&file, settings.to_string()).unwrap();
    let desk = Desk::of(dir).await;
    let asked = server.asked().len();
    let view = desk.engine.check_connection(&ConnectionId::new(allowed.id.to_string())).await.unwrap();
    assert_eq!(failure(&view).code, FailureCode::Unencrypted);
    assert!(server.asked().len() <= asked + 1, "only the one on this machine may be asked");
    assert!(!view.cautions.is_empty());
}

#[tokio::test]
async fn a_page_to_sign_in_at_is_recognised_and_can_be_opened() {
    let html = "<html><form>Welcome to our hotel</form></html>";
    for (portal, at) in [
        (answer("302 Found", "location: http://portal.example/login?room=7", ""), Some("http://portal.example/login")),
        (answer("200 OK", "content-type: text/html", html), None),
        (answer("511 Network Authentication Required", "content-type: text/html", html), None),
    ] {
        let (portal, desk) = (Same::start(portal).await, Desk::new().await);
        let through = [("proxy", "manual"), ("proxy_url", portal.url.as_str()), ("plain_http", "allowed")];
        let view = desk.add(draft("http://chat.example/chatkit", &through)).await;
        let failure = failure(&view);
        assert_eq!(failure.code, FailureCode::WebPage, "{failure:?}");
        assert_eq!(failure.page.as_deref(), Some("http://chat.example/chatkit"));
        assert!(failure.message.contains("sign in") && failure.message.contains("in the browser"), "{failure}");
        assert!(at.is_none_or(|at| failure.message.contains(at)), "{failure}");
        // The test of the connection tells it, too.
        let view = desk.tested(draft("http://chat.example/chatkit", &through)).await;
        let failed = view.steps.iter().find_map(|step| step.failure.as_ref()).unwrap();
        assert_eq!(failed.code, FailureCode::WebPage, "{failed:?}");
    }
}

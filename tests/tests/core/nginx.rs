//! The way to servers behind a real nginx: certificates of both sides, versions of HTTP and of TLS, and buffers.
#![allow(clippy::unwrap_used, reason = "a test's helpers fail as the test does")]

use std::sync::Arc;

use acceptance::{
    certificates::{Authority, PASSWORD, Pair},
    nginx::{Nginx, Speaks},
    peer::Peer,
    screen::Screen,
};
use engine::{
    Check, Engine, EngineConfig,
    view::{
        CheckStepKind, CheckVerdict, CheckView, ConnectionDraft, ConnectionState, ConnectionView, SendRequest,
        TurnOutcome,
    },
};
use model::{Failure, FailureCode};
use secrets::SecretStore;
use tempfile::TempDir;

/// Whose threads can be listed: there are none.
const LIST: &str = r#"    location / { return 200 '{"data":[],"has_more":false}'; }"#;
struct Desk {
    engine: Engine,
    secrets: Arc<secrets::Memory>,
    dir: TempDir,
    /// The file with the authority's certificate.
    authority: String,
}

impl Desk {
    async fn new(authority: &Authority) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let secrets = Arc::<secrets::Memory>::default();
        let config = EngineConfig { secrets: secrets.clone(), ..EngineConfig::new(dir.path().to_owned()) };
        let engine = Engine::open(config).await.unwrap();
        let mut desk = Self { engine, secrets, dir, authority: String::new() };
        desk.authority = desk.file("office.pem", &authority.pem);
        desk
    }

    /// A file; gives its path.
    fn file(&self, name: &str, contents: impl AsRef<[u8]>) -> String {
        let path = self.dir.path().join(name);
        std::fs::write(&path, contents).unwrap();
        path.to_string_lossy().into_owned()
    }

    /// A connection to a server of the authority's, as it is typed, with more in its form.
    fn draft(&self, nginx: &Nginx, more: &[(&str, &str)]) -> ConnectionDraft {
        let mut draft = ConnectionDraft::server("Office", &format!("{}/chatkit", nginx.url));
        let own = [("authorities", self.authority.as_str())];
        draft.values.extend(own.iter().chain(more).map(|(key, value)| ((*key).to_owned(), (*value).to_owned())));
        draft
    }

    /// The same with a client certificate in a file.
    fn showing(&self, nginx: &Nginx, file: &str, more: &[(&str, &str)], password: &str) -> ConnectionDraft {
        let own = [("client", "file"), ("client_certificate", file)];
        let mut draft = self.draft(nginx, &[&own[..], more].concat());
        if !password.is_empty() {
            draft.secrets.insert("client_key_password".to_owned(), password.into());
        }
        draft
    }

    async fn add(&self, draft: ConnectionDraft) -> ConnectionView {
        self.engine.add_connection(draft).await.unwrap()
    }

    async fn tested(&self, draft: ConnectionDraft) -> CheckView {
        over(self.engine.test_draft(None, draft).await.unwrap()).await
    }
}

/// A test at its end.
async fn over(mut check: Check) -> CheckView {
    let mut last = None;
    while let Some(view) = check.next().await {
        last = Some(view);
    }
    last.unwrap()
}

/// What the test has seen of the server's certificate, and of ours.
fn certificate(view: &CheckView) -> &str {
    &view.steps.iter().find(|step| step.kind == CheckStepKind::Certificate).unwrap().line
}

fn failure(view: &ConnectionView) -> &Failure {
    let ConnectionState::Failing { failure } = &view.state else { panic!("{view:?}") };
    failure
}

fn is_online(view: &ConnectionView) -> bool {
    view.state == ConnectionState::Online
}

/// A server with a good certificate of the authority's.
fn served(authority: &Authority, speaks: Speaks, more: &str) -> Nginx {
    let Pair { certificate, key } = authority.vouches("localhost", 2090);
    Nginx::start(speaks, &certificate, &key, more)
}

/// What a server has that wants to be shown a certificate of the authority's.
fn wants(desk: &Desk) -> String {
    format!("    ssl_client_certificate {};\n    ssl_verify_client on;\n{LIST}", desk.authority)
}

#[tokio::test]
async fn a_private_authority_is_trusted_once_it_was_added_and_every_other_fault_is_still_seen() {
    if !Nginx::wanted() {
        return;
    }
    let authority = Authority::new();
    let desk = Desk::new(&authority).await;
    let good = served(&authority, Speaks::Http2, LIST);
    assert!(is_online(&desk.add(desk.draft(&good, &[])).await));
    let unknown = desk.add(desk.draft(&good, &[("authorities", "")])).await;
    assert_eq!(failure(&unknown).code, FailureCode::Untrusted);
    assert!(failure(&unknown).message.contains("an issuer that this computer does not know"), "{unknown:?}");
    for (name, until, words) in
        [("elsewhere.example", 2090, "is that of another server"), ("localhost", 2021, "has expired")]
    {
        let Pair { certificate, key } = authority.vouches(name, until);
        let nginx = Nginx::start(Speaks::Http2, &certificate, &key, LIST);
        let view = desk.add(desk.draft(&nginx, &[])).await;
        assert_eq!(failure(&view).code, FailureCode::Untrusted);
        assert!(failure(&view).message.contains(words), "{view:?}");
        assert!(nginx.log().is_empty(), "nothing may be asked there: {:?}", nginx.log());
        let view = desk.tested(desk.draft(&nginx, &[])).await;
        let failed = view.steps.iter().find(|step| step.failure.is_some()).unwrap();
        assert_eq!(failed.kind, CheckStepKind::Certificate);
        assert!(failed.line.contains(words) && failed.facts.iter().any(|fact| fact.value.contains(name)), "{failed:?}");
    }
}

#[tokio::test]
async fn a_server_that_wants_a_client_certificate_is_shown_it_from_every_kind_of_file() {
    if !Nginx::wanted() {
        return;
    }
    let authority = Authority::new();
    let desk = Desk::new(&authority).await;
    let ann = authority.vouches("Ann", 2090);
    let whole = desk.file("ann.pem", ann.whole());
    let (certificate, key) = (desk.file("ann.crt", &ann.certificate), desk.file("ann.key", &ann.key));
    let encrypted = desk.file("encrypted.key", ann.encrypted_key());
    let together = desk.file("together.pem", [ann.certificate.as_bytes(), &ann.encrypted_key()].concat());
    let modern = desk.file("modern.p12", ann.pkcs12(&[]));
    let legacy = desk.file("legacy.pfx", ann.pkcs12(&["-legacy"]));
    let (apart, sealed) = ([("client_key", key.as_str())], [("client_key", encrypted.as_str())]);
    for speaks in [Speaks::Http1, Speaks::Http2] {
        let nginx = served(&authority, speaks, &wants(&desk));
        for (file, more, password) in [
            (&whole, &[][..], ""),
            (&certificate, &apart[..], ""),
            (&certificate, &sealed[..], PASSWORD),
            (&together, &[][..], PASSWORD),
            (&modern, &[][..], PASSWORD),
            (&legacy, &[][..], PASSWORD),
        ] {
            let view = desk.add(desk.showing(&nginx, file, more, password)).await;
            assert!(is_online(&view), "{file}: {view:?}");
            assert_eq!(view.secrets.is_empty(), password.is_empty(), "{file}: {view:?}");
        }
        let protocol = if speaks == Speaks::Http1 { "HTTP/1.1" } else { "HTTP/2.0" };
        nginx.until_logged(&format!("{protocol} 200 /chatkit SUCCESS")).await;
        assert!(nginx.log().iter().all(|line| line.ends_with("SUCCESS")), "{:?}", nginx.log());
    }
}

#[tokio::test]
async fn without_a_client_certificate_or_with_a_strangers_the_failure_says_what_to_do() {
    if !Nginx::wanted() {
        return;
    }
    let authority = Authority::new();
    let desk = Desk::new(&authority).await;
    let stranger = desk.file("stranger.pem", Authority::new().vouches("Eve", 2090).whole());
    let ann = desk.file("ann.pem", authority.vouches("Ann", 2090).whole());
    for speaks in [Speaks::Http1, Speaks::Http2] {
        let nginx = served(&authority, speaks, &wants(&desk));
        let none = || desk.draft(&nginx, &[]);
        let other = || desk.showing(&nginx, &stranger, &[], "");
        let drafts: [(&dyn Fn() -> ConnectionDraft, &str); 2] =
            [(&none, "name its file"), (&other, "does not accept the client certificate")];
        for (draft, words) in drafts {
            let view = desk.add(draft()).await;
            assert_eq!(failure(&view).code, FailureCode::ClientCertificate, "{view:?}");
            assert!(failure(&view).message.contains(words), "{view:?}");
            let view = desk.tested(draft()).await;
            let failed = view.steps.iter().find_map(|step| step.failure.as_ref()).unwrap();
            assert_eq!(failed.code, FailureCode::ClientCertificate, "{view:?}");
            assert!(matches!(view.verdict, CheckVerdict::Fails { .. }), "{view:?}");
        }
        // The test says what was asked for, and what was shown.
        let vain = desk.tested(desk.draft(&nginx, &[])).await;
        assert!(certificate(&vain).contains("asks for a client certificate, and there is none"), "{vain:?}");
        let shown = desk.tested(desk.showing(&nginx, &ann, &[], "")).await;
        assert!(certificate(&shown).contains("was shown the client certificate"), "{shown:?}");
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_client_certificate_is_said_at_its_field() {
    if !Nginx::wanted() {
        return;
    }
    let authority = Authority::new();
    let desk = Desk::new(&authority).await;
    let nginx = served(&authority, Speaks::Http2, &wants(&desk));
    let (ann, bob) = (authority.vouches("Ann", 2090), authority.vouches("Bob", 2090));
    let certificate = desk.file("ann.crt", &ann.certificate);
    let other = desk.file("bob.key", &bob.key);
    let sealed = desk.file("sealed.p12", ann.pkcs12(&[]));
    let expired = desk.file("old.pem", authority.vouches("Ann", 2021).whole());
    let nonsense = desk.file("nonsense.p12", "nonsense");
    let (apart, nowhere) = ([("client_key", other.as_str())], [("client_key", "/nowhere/ann.key")]);
    let nothing: &[(&str, &str)] = &[];
    for (file, more, password, field, words) in [
        (sealed.as_str(), nothing, "wrong", "client_key_password", "the password does not open its key"),
        (&sealed, nothing, "", "client_key_password", "no password was given"),
        (&certificate, nothing, "", "client_certificate", "there is no private key in it"),
        (&certificate, &apart, "", "client_key", "the key is not the one of this certificate"),
        (&certificate, &nowhere, "", "client_key", "there is no such file"),
        (&expired, nothing, "", "client_certificate", "it has expired"),
        (&nonsense, nothing, "", "client_certificate", "neither PEM nor PKCS#12"),
        ("/nowhere/ann.pem", nothing, "", "client_certificate", "there is no such file"),
        ("ann.pem", nothing, "", "client_certificate", "write its whole path"),
        ("", nothing, "", "client_certificate", "is missing"),
    ] {
        let wrong = desk.engine.add_connection(desk.showing(&nginx, file, more, password)).await.unwrap_err();
        assert_eq!((wrong.code, wrong.detail.as_deref()), (FailureCode::BadInput, Some(field)), "{wrong}");
        assert!(wrong.message.contains(words), "{wrong}");
    }
    assert!(desk.engine.connections().is_empty() && nginx.log().is_empty(), "nothing was kept, and nobody asked");
    // A file that goes away later is told as well.
    let file = desk.file("ann.pem", ann.whole());
    let view = desk.add(desk.showing(&nginx, &file, &[], "")).await;
    assert!(is_online(&view));
    std::fs::remove_file(&file).unwrap();
    let view = desk.engine.check_connection(&view.id).await.unwrap();
    assert!(failure(&view).message.contains("there is no such file"), "{view:?}");
}

#[tokio::test]
async fn the_password_of_the_key_stays_in_the_keychain_and_with_its_servers() {
    if !Nginx::wanted() {
        return;
    }
    let authority = Authority::new();
    let desk = Desk::new(&authority).await;
    let [nginx, moved] = [(); 2].map(|()| served(&authority, Speaks::Http2, &wants(&desk)));
    let file = desk.file("ann.p12", authority.vouches("Ann", 2090).pkcs12(&[]));
    let view = desk.add(desk.showing(&nginx, &file, &[], PASSWORD)).await;
    assert_eq!(view.secrets, ["client_key_password"]);
    let kept = desk.secrets.get(&view.id).unwrap().unwrap();
    assert!(kept.secret_for("client_key_password", &nginx.url).is_some());
    assert!(kept.secret_for("client_key_password", &moved.url).is_none());
    let settings = std::fs::read_to_string(desk.dir.path().join("settings.json")).unwrap();
    assert!(settings.contains("ann.p12") && !settings.contains("s3same"), "{settings}");
    let values = desk.engine.form_values(&view.id).unwrap();
    assert_eq!((values["client"].as_str(), values["client_certificate"].as_str()), ("file", file.as_str()));
    assert!(!values.contains_key("client_key_password"));

    // The test of a connection that is kept takes it from there.
    let test = over(desk.engine.test_connection(&view.id).unwrap()).await;
    assert!(certificate(&test).contains("was shown the client certificate"), "{test:?}");

    // Untouched it stays; with another address the certificate is not shown there before it was given again.
    let again = desk.engine.update_connection(&view.id, desk.showing(&nginx, &file, &[], "")).await.unwrap();
    assert!(is_online(&again), "{again:?}");
    let elsewhere = desk.showing(&moved, &file, &[], "");
    let wrong = desk.engine.update_connection(&view.id, elsewhere).await.unwrap_err();
    assert_eq!((wrong.code, wrong.detail.as_deref()), (FailureCode::BadInput, Some("client_key_password")));
    assert!(moved.log().is_empty());
    let given = desk.engine.update_connection(&view.id, desk.showing(&moved, &file, &[], PASSWORD)).await.unwrap();
    assert!(is_online(&given), "{given:?}");
    // Without the certificate nothing of it is left.
    desk.engine.update_connection(&view.id, desk.draft(&moved, &[])).await.unwrap();
    assert!(desk.secrets.get(&view.id).unwrap().is_none());
}

#[tokio::test]
async fn the_session_endpoint_is_shown_the_client_certificate_too() {
    if !Nginx::wanted() {
        return;
    }
    let authority = Authority::new();
    let desk = Desk::new(&authority).await;
    let both = r#"    location / { return 200 '{"client_secret":"ek_1","data":[],"has_more":false}'; }"#;
    let own = wants(&desk).replace(LIST, both);
    let [nginx, sessions] = [(); 2].map(|()| served(&authority, Speaks::Http2, &own));
    let file = desk.file("ann.p12", authority.vouches("Ann", 2090).pkcs12(&[]));
    let endpoint = format!("{}/session", sessions.url);
    let made = [("session", "endpoint"), ("session_url", endpoint.as_str())];
    let view = desk.add(desk.showing(&nginx, &file, &made, PASSWORD)).await;
    assert!(is_online(&view), "{view:?}");
    sessions.until_logged("HTTP/2.0 200 /session SUCCESS").await;
    nginx.until_logged("HTTP/2.0 200 /chatkit SUCCESS").await;
}

#[tokio::test]
async fn a_server_that_knows_nothing_newer_than_tls_1_1_is_refused_and_told_why() {
    if !Nginx::wanted() {
        return;
    }
    let authority = Authority::new();
    let desk = Desk::new(&authority).await;
    let old = format!("    ssl_protocols TLSv1.1;\n    ssl_ciphers DEFAULT@SECLEVEL=0;\n{LIST}");
    let nginx = served(&authority, Speaks::Http1, &old);
    let words = "older than TLS 1.2";
    let view = desk.add(desk.draft(&nginx, &[])).await;
    assert_eq!(failure(&view).code, FailureCode::Unreachable);
    assert!(failure(&view).message.contains(words), "{view:?}");
    let view = desk.tested(desk.draft(&nginx, &[])).await;
    let failed = view.steps.iter().find(|step| step.failure.is_some()).unwrap();
    assert_eq!(failed.kind, CheckStepKind::Certificate);
    assert!(failed.line.contains(words), "{failed:?}");
    assert!(nginx.log().is_empty());
}

/// A server that streams, behind an nginx that passes its pieces on or gathers them.
fn before(peer: &Peer, buffering: &str) -> String {
    let to = peer.address("");
    // The peer itself would switch the buffers off.
    format!(
        "    location / {{\n      proxy_pass {to};\n      proxy_http_version 1.1;\n      proxy_set_header Connection \"\";\n      \
         proxy_buffering {buffering};\n      proxy_ignore_headers X-Accel-Buffering;\n    }}"
    )
}

/// Sends a message; gives the thread as it is shown.
async fn say(desk: &Desk, nginx: &Nginx, peer: &Peer, text: &str) -> Screen {
    let draft = ConnectionDraft { token: Some(peer.token.as_str().into()), ..desk.draft(nginx, &[]) };
    let view = desk.add(draft).await;
    assert!(is_online(&view), "{view:?}");
    let request = SendRequest { connection: view.id, thread: None, text: text.to_owned(), model: None };
    let thread = desk.engine.send(request).await.unwrap();
    Screen::open(&desk.engine, &thread).await
}

#[tokio::test]
async fn without_buffers_a_word_is_seen_before_the_answer_ends() {
    if !Nginx::wanted() || !Peer::wanted() {
        return;
    }
    let (authority, peer) = (Authority::new(), Peer::start());
    for (speaks, protocol) in [(Speaks::Http1, "HTTP/1.1"), (Speaks::Http2, "HTTP/2.0")] {
        let (desk, nginx) = (Desk::new(&authority).await, served(&authority, speaks, &before(&peer, "off")));
        let mut screen = say(&desk, &nginx, &peer, &format!("/gate {speaks:?}")).await;
        screen.until("a word", |screen| screen.items.len() == 2 && !screen.last_text().trim().is_empty()).await;
        peer.until_waiting(&format!("{speaks:?}")).await;
        let seen = screen.last_text();
        peer.open(&format!("{speaks:?}")).await;
        assert_eq!(screen.ended().await, TurnOutcome::Done);
        assert!(screen.last_text().starts_with(seen.trim()) && screen.last_text().len() > seen.len(), "{seen}");
        nginx.until_logged(&format!("{protocol} 200 /chatkit NONE")).await;
        assert!(nginx.log().iter().all(|line| line.starts_with(protocol)), "{:?}", nginx.log());
    }
}

#[tokio::test]
async fn with_buffers_the_answer_comes_whole_all_the_same() {
    if !Nginx::wanted() || !Peer::wanted() {
        return;
    }
    let (authority, peer) = (Authority::new(), Peer::start());
    for speaks in [Speaks::Http1, Speaks::Http2] {
        let (desk, nginx) = (Desk::new(&authority).await, served(&authority, speaks, &before(&peer, "on")));
        let mut screen = say(&desk, &nginx, &peer, &format!("/gate {speaks:?}")).await;
        peer.until_waiting(&format!("{speaks:?}")).await;
        peer.open(&format!("{speaks:?}")).await;
        assert_eq!(screen.ended().await, TurnOutcome::Done);
        let state = peer.state().await;
        let mut threads = state["threads"].as_array().unwrap().iter();
        let thread = threads.find(|thread| thread["items"][0]["content"][0]["text"] == screen.texts()[0]).unwrap();
        let whole = thread["items"][1]["content"][0]["text"].as_str().unwrap();
        assert_eq!(screen.last_text().trim(), whole.trim());
    }
}

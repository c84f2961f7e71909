//! Mistakes on the way to a server, told by name: each by a server, a proxy or a network that makes it.
//!
//! `0.0.0.0` is this machine and no loopback address, so it takes the part of a server elsewhere.
#![allow(clippy::unwrap_used, reason = "a test's helpers fail as the test does")]

use acceptance::{
    certificates::{Authority, Pair},
    nginx::{Nginx, Speaks},
    openai,
    own::{engine, failure, say, tested},
    peer::Peer,
    proxy::{Same, Tinyproxy},
};
use engine::{
    Engine,
    view::{CheckOutcome, CheckStep, CheckStepKind, CheckVerdict, CheckView, ConnectionDraft, ConnectionState},
};
use model::{Finding, Kind};
use tempfile::TempDir;
use tokio::{
    io::{AsyncWriteExt, Interest},
    net::TcpListener,
};

/// A connection as it is typed, with more in its form.
fn draft(url: &str, more: &[(&str, &str)]) -> ConnectionDraft {
    let mut draft = ConnectionDraft::server("Office", url);
    draft.values.extend(more.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())));
    draft
}

fn report(view: &CheckView) -> &str {
    view.report.as_deref().unwrap()
}

/// The step that failed, by that name and with words that say what to do.
fn failed<'a>(view: &'a CheckView, kind: CheckStepKind, finding: Finding, words: &str) -> &'a CheckStep {
    let step = view.steps.iter().find(|step| step.outcome == CheckOutcome::Failed);
    let step = step.unwrap_or_else(|| panic!("{finding}: {}", report(view)));
    let told = step.finding.as_ref().unwrap_or_else(|| panic!("{finding} has no name: {}", report(view)));
    assert_eq!((told.name, step.kind), (finding, kind), "{}", report(view));
    assert_eq!(step.failure.as_ref().unwrap().finding, Some(finding));
    assert!(step.line.contains(words), "{finding}: {}", step.line);
    assert!(!told.cause.is_empty() && !told.remedy.is_empty());
    step
}

/// The same names come with a connection that is kept, and with a message.
async fn told_in_a_turn(engine: &Engine, draft: ConnectionDraft, finding: Finding) {
    let view = engine.add_connection(draft).await.unwrap();
    let ConnectionState::Failing { failure: seen } = &view.state else { panic!("{finding}: {view:?}") };
    assert_eq!(seen.finding, Some(finding), "{seen:?}");
    let told = failure(say(engine, &view.id, None, "hello").await.outcome);
    assert_eq!(told.finding, Some(finding), "{told:?}");
}

/// An authority that is trusted where its file is named.
fn authority() -> (Authority, TempDir, String) {
    let (authority, dir) = (Authority::new(), tempfile::tempdir().unwrap());
    let file = dir.path().join("office.pem");
    std::fs::write(&file, &authority.pem).unwrap();
    let path = file.to_string_lossy().into_owned();
    (authority, dir, path)
}

fn nginx(authority: &Authority, name: &str, until: i32, more: &str) -> Nginx {
    let Pair { certificate, key } = authority.vouches(name, until);
    Nginx::start(Speaks::Http1, &certificate, &key, more)
}

#[tokio::test]
async fn a_server_behind_nginx_without_mistakes_has_no_findings() {
    if !Peer::wanted() || !Nginx::wanted() {
        return;
    }
    let (peer, (engine, _dir), (authority, _files, file)) = (Peer::start(), engine().await, authority());
    let behind = format!(
        "    location / {{\n      proxy_pass {};\n      proxy_http_version 1.1;\n      proxy_set_header Connection \"\";\n      \
         proxy_buffering off;\n    }}",
        peer.address("")
    );
    let nginx = nginx(&authority, "localhost", 2090, &behind);
    let typed = draft(&format!("{}/chatkit", nginx.url), &[("authorities", &file)]);
    let typed = ConnectionDraft { token: Some(peer.token.as_str().into()), ..typed };
    let view = tested(&engine, typed).await;
    assert_eq!(view.verdict, CheckVerdict::Works, "{}", report(&view));
    assert!(view.steps.iter().all(|step| step.finding.is_none()), "{}", report(&view));
}

#[tokio::test]
async fn a_name_that_nobody_knows_and_a_port_where_nobody_listens() {
    let (engine, _dir) = engine().await;
    let view = tested(&engine, draft("https://nowhere.invalid/chatkit", &[])).await;
    failed(&view, CheckStepKind::Name, Finding::NameNotFound, "Check the address of “Office”");

    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let closed = format!("http://{}/chatkit", listener.local_addr().unwrap());
    drop(listener);
    let view = tested(&engine, draft(&closed, &[])).await;
    failed(&view, CheckStepKind::Connect, Finding::ConnectionRefused, "Check that the server of “Office” is running");
    let kept = engine.add_connection(draft(&closed, &[])).await.unwrap();
    let ConnectionState::Failing { failure } = &kept.state else { panic!("{kept:?}") };
    assert_eq!(failure.finding, Some(Finding::ConnectionRefused));
}

#[tokio::test]
async fn a_connection_that_is_dropped_over_the_request() {
    let (engine, _dir) = engine().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            tokio::spawn(async move {
                // What was not read when a connection is closed makes that a reset.
                let _ = socket.ready(Interest::READABLE).await;
            });
        }
    });
    let view = tested(&engine, draft(&format!("http://{address}/chatkit"), &[])).await;
    failed(&view, CheckStepKind::Reach, Finding::ConnectionReset, "Check its address, and try again");
    let view = tested(&engine, draft(&format!("https://localhost:{}/chatkit", address.port()), &[])).await;
    failed(&view, CheckStepKind::Certificate, Finding::ConnectionReset, "does not answer with TLS");
}

// Others refuse who comes when as many wait as may.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_call_that_nobody_takes_in_time() {
    use tokio::net::{TcpSocket, TcpStream};

    let (engine, _dir) = engine().await;
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let busy = socket.listen(1).unwrap();
    let address = busy.local_addr().unwrap();
    // As many wait to be taken as may; whoever comes then is not answered at all.
    let mut waiting = Vec::new();
    while let Ok(connected) =
        tokio::time::timeout(std::time::Duration::from_millis(500), TcpStream::connect(address)).await
    {
        waiting.push(connected.unwrap());
    }
    let view = tested(&engine, draft(&format!("http://{address}/chatkit"), &[])).await;
    let step = failed(&view, CheckStepKind::Connect, Finding::ConnectionTimedOut, "Check that this computer is online");
    assert!(step.ms.unwrap() > 10_000.0, "{step:?}");
}

#[tokio::test]
async fn certificates_of_both_sides() {
    if !Nginx::wanted() {
        return;
    }
    let ((engine, _dir), (authority, _files, file)) = (engine().await, authority());
    let list = r#"    location / { return 200 '{"data":[],"has_more":false}'; }"#;
    let trusting = [("authorities", file.as_str())];
    for (name, until, more, finding, words) in [
        ("localhost", 2090, &[][..], Finding::CertificateUntrusted, "can give you the issuer's certificate"),
        ("localhost", 2021, &trusting, Finding::CertificateExpired, "has to renew it"),
        ("elsewhere.example", 2090, &trusting, Finding::CertificateWrongName, "give it one for this name"),
    ] {
        let server = nginx(&authority, name, until, list);
        let typed = || draft(&format!("{}/chatkit", server.url), more);
        let view = tested(&engine, typed()).await;
        failed(&view, CheckStepKind::Certificate, finding, words);
        told_in_a_turn(&engine, typed(), finding).await;
    }
    let mutual = format!("    ssl_client_certificate {file};\n    ssl_verify_client on;\n{list}");
    let server = nginx(&authority, "localhost", 2090, &mutual);
    let typed = || draft(&format!("{}/chatkit", server.url), &trusting);
    let view = tested(&engine, typed()).await;
    failed(&view, CheckStepKind::Reach, Finding::ClientCertificateWanted, "name its file in Settings");
    let asked = view.steps.iter().find(|step| step.kind == CheckStepKind::Certificate).unwrap();
    assert_eq!(asked.finding.as_ref().unwrap().name, Finding::ClientCertificateWanted, "{asked:?}");
    told_in_a_turn(&engine, typed(), Finding::ClientCertificateWanted).await;

    // What comes without encryption to a port for it is told what it is.
    let plain = server.url.replace("https://", "http://");
    let view = tested(&engine, draft(&format!("{plain}/chatkit"), &[])).await;
    failed(&view, CheckStepKind::Ask, Finding::WrongAddress, "Write the address with https://");
}

#[tokio::test]
async fn what_is_not_the_server_at_the_address() {
    let (engine, _dir) = engine().await;
    let page = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: text/html\r\ncontent-length: 6\r\n\r\n<html>";
    let server = Same::start(page.to_owned()).await;
    let view = tested(&engine, draft(&server.url, &[])).await;
    failed(
        &view,
        CheckStepKind::Ask,
        Finding::WrongAddress,
        "a web page. Check that the address is that of the ChatKit",
    );
    told_in_a_turn(&engine, draft(&server.url, &[]), Finding::WrongAddress).await;
    // It speaks no TLS.
    let plain = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let secure = format!("https://localhost:{}/chatkit", plain.local_addr().unwrap().port());
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = plain.accept().await {
            let _ = socket.write_all(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n").await;
        }
    });
    let view = tested(&engine, draft(&secure, &[])).await;
    failed(&view, CheckStepKind::Certificate, Finding::WrongAddress, "its address begins with http://");
    // It speaks no HTTP.
    let mail = Same::start("220 mail.example ESMTP\r\n".to_owned()).await;
    let view = tested(&engine, draft(&mail.url, &[])).await;
    failed(&view, CheckStepKind::Reach, Finding::WrongAddress, "Check its address");
}

#[tokio::test]
async fn paths_that_are_not_there_and_parts_of_them_that_stand_twice() {
    let (engine, _dir) = engine().await;
    let (url, _asked) = openai::server().await;
    let typed = |path: &str| {
        let typed = draft(&format!("{url}{path}"), &[("model", "tiny")]);
        ConnectionDraft { kind: Kind::Openai, token: Some("sk-s3same".into()), ..typed }
    };
    let view = tested(&engine, typed("/v1/v1")).await;
    let words = "was asked at /v1/v1/chat/completions, where “/v1” stands twice";
    failed(&view, CheckStepKind::Hello, Finding::VersionDoubled, words);
    let doubled = engine.add_connection(typed("/v1/v1")).await.unwrap().id;
    let told = failure(say(&engine, &doubled, None, "hello").await.outcome);
    assert_eq!(told.finding, Some(Finding::VersionDoubled), "{told:?}");
    let view = tested(&engine, typed("/api/v2")).await;
    failed(&view, CheckStepKind::Hello, Finding::WrongPath, "Check both; the address mostly ends in /v1");
    let view = tested(&engine, typed("")).await;
    assert_eq!(view.verdict, CheckVerdict::Works, "{}", report(&view));
}

#[tokio::test]
async fn proxies_that_let_nothing_through() {
    let (engine, _dir) = engine().await;
    let forbids = Same::start("HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n".to_owned()).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let gone = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    for (proxy, kind, words) in [
        (gone.as_str(), CheckStepKind::Connect, "The proxy is set in the connection's settings"),
        (&forbids.url, CheckStepKind::Certificate, "does not let you go there"),
    ] {
        let through = [("proxy", "manual"), ("proxy_url", proxy)];
        let view = tested(&engine, draft("https://chat.example/chatkit", &through)).await;
        failed(&view, kind, Finding::ProxyInTheWay, words);
    }
    if !Tinyproxy::wanted() {
        return;
    }
    let proxy = Tinyproxy::start(Some(("ann", "s3samePass")));
    let through = [("proxy", "manual"), ("proxy_url", proxy.url.as_str()), ("plain_http", "allowed")];
    for (url, kind) in [
        ("https://chat.example/chatkit", CheckStepKind::Certificate),
        ("http://chat.example/chatkit", CheckStepKind::Reach),
    ] {
        let view = tested(&engine, draft(url, &through)).await;
        failed(&view, kind, Finding::ProxyLogin, "Give them in Settings");
    }
    told_in_a_turn(&engine, draft("http://chat.example/chatkit", &through), Finding::ProxyLogin).await;
}

#[tokio::test]
async fn a_page_of_the_network_to_sign_in_at() {
    let (engine, _dir) = engine().await;
    for portal in [
        "HTTP/1.1 302 Found\r\nlocation: http://portal.example/login\r\ncontent-length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 6\r\n\r\n<form>",
        "HTTP/1.1 511 Network Authentication Required\r\ncontent-type: text/html\r\ncontent-length: 6\r\n\r\n<form>",
    ] {
        let portal = Same::start(portal.to_owned()).await;
        let through = [("proxy", "manual"), ("proxy_url", portal.url.as_str()), ("plain_http", "allowed")];
        let typed = || draft("http://chat.example/chatkit", &through);
        let view = tested(&engine, typed()).await;
        failed(&view, CheckStepKind::Ask, Finding::CaptivePortal, "open it in the browser");
        told_in_a_turn(&engine, typed(), Finding::CaptivePortal).await;
    }
}

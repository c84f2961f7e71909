//! Who is let in: tokens, client secrets, and nobody from another machine or a web page.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail by panicking")]

mod common;

use std::time::Duration;

use common::{Peer, message, refusal};
use guide::{Guide, GuideConfig, GuideError, Pace};
use serde_json::{Value, json};

fn list() -> Value {
    json!({"type": "threads.list", "params": {}})
}

#[tokio::test]
async fn without_the_token_there_is_only_health() {
    let peer = Peer::start(Pace::Instant).await;
    let health: Value = peer.client.get(peer.address("/health")).send().await.unwrap().json().await.unwrap();
    assert_eq!(health, json!({"status": "ok"}));
    for path in ["/chatkit", "/session", "/refresh", "/nowhere"] {
        let missing = peer.client.post(peer.address(path)).json(&list()).send().await.unwrap();
        assert_eq!(missing.headers()["www-authenticate"], "Bearer", "{path}");
        assert_eq!(refusal(missing).await.0, 401, "{path}");
        let wrong = peer.client.post(peer.address(path)).bearer_auth("guess").json(&list()).send().await.unwrap();
        assert_eq!(refusal(wrong).await.0, 401, "{path}");
    }
    let token = peer.guide.token();
    let nowhere = peer.client.post(peer.address("/nowhere")).bearer_auth(token).send().await.unwrap();
    assert_eq!(refusal(nowhere).await.0, 404);
    let get = peer.client.get(peer.guide.url()).bearer_auth(token).send().await.unwrap();
    assert_eq!(refusal(get).await.0, 405);
}

#[tokio::test]
async fn a_client_secret_opens_the_conversation_and_nothing_more() {
    let peer = Peer::start(Pace::Instant).await;
    let open = peer.client.post(peer.address("/session")).bearer_auth(peer.guide.token());
    let session: Value = open.send().await.unwrap().json().await.unwrap();
    let secret = session["client_secret"].as_str().unwrap();
    assert!(session["expires_at"].as_u64().unwrap() > 1_700_000_000);
    let listed = peer.client.post(peer.guide.url()).bearer_auth(secret).json(&list()).send().await.unwrap();
    assert_eq!(listed.status(), 200);
    let another = peer.client.post(peer.address("/session")).bearer_auth(secret).send().await.unwrap();
    assert_eq!(refusal(another).await.0, 403);

    let refresh = peer.client.post(peer.address("/refresh")).bearer_auth(secret).json(&json!({"token": secret}));
    let new: Value = refresh.send().await.unwrap().json().await.unwrap();
    let new = new["client_secret"].as_str().unwrap();
    assert_ne!(new, secret);
    let listed = peer.client.post(peer.guide.url()).bearer_auth(new).json(&list()).send().await.unwrap();
    assert_eq!(listed.status(), 200);
    for (body, status) in [(json!({"token": "ek_invented"}), 401), (json!({}), 400)] {
        let refresh = peer.client.post(peer.address("/refresh")).bearer_auth(peer.guide.token()).json(&body);
        assert_eq!(refusal(refresh.send().await.unwrap()).await.0, status, "{body}");
    }
}

#[tokio::test]
async fn an_expired_secret_is_refused_with_its_reason_and_can_be_exchanged_by_the_owner() {
    let peer = Peer::with_lifetime(Pace::Instant, Duration::ZERO).await;
    let open = peer.client.post(peer.address("/session")).bearer_auth(peer.guide.token());
    let session: Value = open.send().await.unwrap().json().await.unwrap();
    let secret = session["client_secret"].as_str().unwrap();
    let late = peer.client.post(peer.guide.url()).bearer_auth(secret).json(&list()).send().await.unwrap();
    assert_eq!(late.status(), 401);
    let late: Value = late.json().await.unwrap();
    assert_eq!(late["error"]["code"], "expired_client_secret");
    assert!(late["error"]["message"].as_str().unwrap().contains("expired"));
    let refresh = |bearer: &str| {
        peer.client.post(peer.address("/refresh")).bearer_auth(bearer).json(&json!({"token": secret})).send()
    };
    assert_eq!(refresh(secret).await.unwrap().status(), 401, "an expired secret cannot prolong itself");
    assert_eq!(refresh(peer.guide.token()).await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_web_page_is_kept_out_even_with_the_token() {
    let peer = Peer::start(Pace::Instant).await;
    for (name, value) in [("origin", "https://example.com"), ("origin", "null"), ("host", "example.com")] {
        let request = peer.client.post(peer.guide.url()).bearer_auth(peer.guide.token()).header(name, value);
        assert_eq!(refusal(request.json(&list()).send().await.unwrap()).await.0, 403, "{name}: {value}");
        let health = peer.client.get(peer.address("/health")).header(name, value).send().await.unwrap();
        assert_eq!(refusal(health).await.0, 403, "{name}: {value}");
    }
}

#[tokio::test]
async fn it_listens_on_loopback_and_says_when_a_port_is_taken() {
    let peer = Peer::start(Pace::Instant).await;
    let url = peer.guide.url();
    let port = url.strip_prefix("http://127.0.0.1:").unwrap().strip_suffix("/chatkit").unwrap().parse().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let config = GuideConfig { port: Some(port), ..GuideConfig::new(folder.path().join("guide.sqlite")) };
    let error = Guide::start(config).await.unwrap_err();
    assert!(matches!(error, GuideError::Listen { .. }), "{error}");
    assert!(error.to_string().contains(&port.to_string()), "{error}");
}

#[tokio::test]
async fn a_chosen_token_is_the_token_and_no_token_is_printed() {
    let folder = tempfile::tempdir().unwrap();
    let config =
        GuideConfig { token: Some("chosen-by-me".into()), ..GuideConfig::new(folder.path().join("guide.sqlite")) };
    assert!(!format!("{config:?}").contains("chosen-by-me"));
    let guide = Guide::start(config).await.unwrap();
    assert_eq!(guide.token(), "chosen-by-me");
    assert!(!format!("{guide:?}").contains("chosen-by-me"));
    guide.shutdown().await;

    let (one, other) = (Peer::start(Pace::Instant).await, Peer::start(Pace::Instant).await);
    assert!(one.guide.token().len() >= 64);
    assert_ne!(one.guide.token(), other.guide.token());
    let stranger = one.client.post(one.guide.url()).bearer_auth(other.guide.token());
    let body = json!({"type": "threads.create", "params": {"input": message("hello")}});
    assert_eq!(stranger.json(&body).send().await.unwrap().status(), 401);
}

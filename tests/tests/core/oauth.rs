//! Signing in at a real OpenID provider.
#![allow(clippy::unwrap_used, reason = "a test's helpers fail as the test does")]

use std::{sync::Arc, time::Duration};

use acceptance::{
    oidc::{Browser, Click, Oidc},
    peer::Peer,
    signing_in::{SignIn, assert_inert, client, signed_in, source},
};
use engine::{
    Outbound,
    oauth::{Endpoint, OauthClient, OauthError, Progress, Revocation},
};
use model::{FailureCode, OauthEndpoints, OauthFlow, OauthProvider, OauthSource};
use secrecy::{ExposeSecret, SecretString};
use secrets::Redactor;
use transport::Http;

#[tokio::test]
async fn a_person_signs_in_in_the_browser_and_out_again() {
    if !Peer::wanted() {
        return;
    }
    let provider = Oidc::start();
    let (client, redactor) = client(source(&provider.issuer));
    let sign_in = SignIn::start(&client).await;
    assert_eq!(sign_in.asked("code_challenge_method"), "S256");
    assert_eq!(sign_in.asked("scope"), "openid profile email offline_access");
    assert!(sign_in.asked("state").len() >= 32 && sign_in.asked("nonce").len() >= 32);
    let page = Browser::default().walk(&sign_in.url(), Click::Agree, "").await;
    assert!(page.text.contains("You are signed in"), "{page:?}");
    assert_inert(&page);
    let tokens = sign_in.ended().await.unwrap();
    assert_eq!(tokens.who.as_deref(), Some("Ann Example"));
    assert_eq!(tokens.expires_in, Some(Duration::from_secs(600)));
    let refresh = tokens.refresh.unwrap();
    for secret in [&tokens.access, &refresh] {
        assert!(provider.takes(secret.expose_secret()).await);
        assert_eq!(redactor.clean(secret.expose_secret()), "[hidden]");
    }
    // Nobody listens any more.
    assert!(reqwest::get(page.url).await.is_err());

    assert_eq!(client.revoke(&tokens.access, Some(&refresh)).await, Ok(Revocation::Done));
    for secret in [&tokens.access, &refresh] {
        assert!(!provider.takes(secret.expose_secret()).await);
    }
    assert_eq!(client.refresh(&refresh).await.err(), Some(OauthError::SignedOut));
}

#[tokio::test]
async fn a_refresh_token_is_replaced_and_one_used_twice_ends_the_sign_in() {
    if !Peer::wanted() {
        return;
    }
    let provider = Oidc::with_lives(Duration::from_secs(2));
    let (client, _) = client(source(&provider.issuer));
    let (tokens, _) = signed_in(&client).await;
    assert_eq!(tokens.expires_in, Some(Duration::from_secs(2)));
    let first = tokens.refresh.unwrap();
    let second = client.refresh(&first).await.unwrap();
    let latest = second.refresh.unwrap();
    assert_ne!(first.expose_secret(), latest.expose_secret());
    assert!(provider.takes(second.access.expose_secret()).await);
    let third = client.refresh(&latest).await.unwrap().refresh.unwrap();
    // Somebody has a copy of the first one: the provider ends all that came of it.
    assert_eq!(client.refresh(&first).await.err(), Some(OauthError::SignedOut));
    let error = client.refresh(&third).await.unwrap_err();
    assert_eq!(error, OauthError::SignedOut);
    assert_eq!(error.failure("Office").code, FailureCode::SignedOut);
}

#[tokio::test]
async fn who_was_signed_out_by_an_administrator_is_signed_out() {
    if !Peer::wanted() {
        return;
    }
    let provider = Oidc::start();
    let (client, _) = client(source(&provider.issuer));
    let refresh = signed_in(&client).await.0.refresh.unwrap();
    provider.forget().await;
    assert_eq!(client.refresh(&refresh).await.err(), Some(OauthError::SignedOut));
}

#[tokio::test]
async fn a_sign_in_that_cannot_be_prolonged_now_is_none_the_worse() {
    if !Peer::wanted() {
        return;
    }
    let provider = Oidc::start();
    let (client, _) = client(source(&provider.issuer));
    let refresh = signed_in(&client).await.0.refresh.unwrap();
    provider.mistake("html-discovery").await;
    let error = client.refresh(&refresh).await.unwrap_err();
    assert!(matches!(error, OauthError::Way { endpoint: Endpoint::Issuer, .. }), "{error:?}");
    provider.mistake("none").await;
    assert!(client.refresh(&refresh).await.is_ok());
}

#[tokio::test]
async fn a_token_is_made_for_the_server_that_was_named() {
    if !Peer::wanted() {
        return;
    }
    let provider = Oidc::start();
    let resource = Some("https://chat.example/".to_owned());
    let scopes = ["offline_access", "chat"].map(str::to_owned).to_vec();
    let (client, _) = client(OauthSource { resource, scopes, ..source(&provider.issuer) });
    let (tokens, _) = signed_in(&client).await;
    assert_eq!(audience(&tokens.access), "https://chat.example/");
    let refreshed = client.refresh(&tokens.refresh.unwrap()).await.unwrap();
    assert_eq!(audience(&refreshed.access), "https://chat.example/");
}

/// For whom a token is.
fn audience(token: &SecretString) -> String {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    let claims = token.expose_secret().split('.').nth(1).unwrap();
    let claims: serde_json::Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap();
    claims["aud"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_client_with_a_secret_shows_it_to_the_provider_alone() {
    if !Peer::wanted() {
        return;
    }
    let provider = Oidc::start();
    let source = OauthSource { client_id: "kittiwake-secret".to_owned(), ..source(&provider.issuer) };
    let out = || Outbound::new(Http::new("kittiwake-test").unwrap(), Arc::new(Redactor::new()));
    let client = OauthClient::new(out(), source.clone(), Some("a-secret-of-the-client".into()));
    let sign_in = SignIn::start(&client).await;
    assert!(!sign_in.url().as_str().contains("a-secret-of-the-client"));
    Browser::default().walk(&sign_in.url(), Click::Agree, "").await;
    let tokens = sign_in.ended().await.unwrap();
    assert!(client.refresh(&tokens.refresh.unwrap()).await.is_ok());

    let client = OauthClient::new(out(), source, Some("another".into()));
    let sign_in = SignIn::start(&client).await;
    let page = Browser::default().walk(&sign_in.url(), Click::Agree, "").await;
    assert!(page.text.contains("You are not signed in"), "{page:?}");
    assert!(matches!(sign_in.ended().await, Err(OauthError::Refused { code, .. }) if code == "invalid_client"));
}

#[tokio::test]
async fn a_code_is_typed_in_a_browser_elsewhere() {
    if !Peer::wanted() {
        return;
    }
    let provider = Oidc::start();
    let (client, _) = client(OauthSource { flow: OauthFlow::Device, ..source(&provider.issuer) });
    for click in [Click::Agree, Click::Refuse] {
        let sign_in = SignIn::start(&client).await;
        let Progress::Device { address, code, .. } = &sign_in.progress else { panic!("{:?}", sign_in.progress) };
        // The provider is asked before the person is there.
        while provider.asked("/token").await == 0 {
            tokio::task::yield_now().await;
        }
        let page = Browser::default().walk(address, click, code).await;
        assert!(page.status.is_success(), "{page:?}");
        match (click, sign_in.ended().await) {
            (Click::Agree, Ok(tokens)) => {
                assert_eq!(tokens.who.as_deref(), Some("Ann Example"));
                assert!(client.refresh(&tokens.refresh.unwrap()).await.is_ok());
            }
            (Click::Refuse, Err(OauthError::Refused { code, .. })) => assert_eq!(code, "access_denied"),
            (click, ended) => panic!("{click:?}: {ended:?}"),
        }
    }
}

#[tokio::test]
async fn a_provider_without_discovery_is_asked_where_the_person_says() {
    if !Peer::wanted() {
        return;
    }
    let provider = Oidc::start();
    let at = |path: &str| Some(format!("{}{path}", provider.issuer));
    let endpoints =
        OauthEndpoints { authorization: at("/auth"), token: at("/token").unwrap(), ..OauthEndpoints::default() };
    let whole = OauthSource {
        provider: OauthProvider::Endpoints(endpoints),
        scopes: vec!["chat".to_owned()],
        resource: Some("https://chat.example/".to_owned()),
        ..source("")
    };
    let (client, _) = client(whole.clone());
    let (tokens, _) = signed_in(&client).await;
    assert_eq!(audience(&tokens.access), "https://chat.example/");
    assert_eq!((tokens.who, tokens.refresh.is_none()), (None, true));
    assert_eq!(client.revoke(&tokens.access, None).await, Ok(Revocation::NotOffered));
    let (client, _) = self::client(OauthSource { flow: OauthFlow::Device, ..whole });
    let error = client.sign_in(|_| panic!("nothing is to be opened")).await.unwrap_err();
    assert_eq!(error, OauthError::Lacks(Endpoint::Device));
}

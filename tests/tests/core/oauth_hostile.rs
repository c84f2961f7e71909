//! Signing in where somebody in between is not honest, or does not come back.
#![allow(clippy::unwrap_used, reason = "a test's helpers fail as the test does")]

use std::time::Duration;

use acceptance::{
    oidc::{Browser, Click, Oidc},
    peer::Peer,
    signing_in::{SignIn, assert_inert, client, signed_in, source},
};
use engine::oauth::{Endpoint, Fault, OauthError};
use model::{FailureCode, OauthSource};
use transport::TransportError;

/// What stands behind the question mark.
type Query = &'static [(&'static str, &'static str)];

#[tokio::test]
async fn a_provider_that_calls_itself_otherwise_is_not_asked_for_anything() {
    if !Peer::wanted() {
        return;
    }
    let provider = Oidc::start();
    let typed = provider.issuer.replace("127.0.0.1", "localhost");
    let (client, _) = client(source(&typed));
    let error = client.sign_in(|_| panic!("nothing is to be opened")).await.unwrap_err();
    assert_eq!(error, OauthError::WrongIssuer { expected: typed, found: provider.issuer.clone() });
    assert!(error.failure("Office").message.contains(&provider.issuer));
    assert_eq!(provider.asked("/jwks").await, 0);
}

#[tokio::test]
async fn whoever_refuses_is_not_signed_in_and_markup_in_the_reason_is_left_out() {
    if !Peer::wanted() {
        return;
    }
    let provider = Oidc::start();
    let (client, _) = client(source(&provider.issuer));
    let sign_in = SignIn::start(&client).await;
    let page = Browser::default().walk(&sign_in.url(), Click::Refuse, "").await;
    assert!(page.url.as_str().contains("access_denied") && page.url.as_str().contains("refused"), "{}", page.url);
    assert!(page.text.contains("You are not signed in"), "{page:?}");
    assert_inert(&page);
    let error = sign_in.ended().await.unwrap_err();
    assert_eq!(error, OauthError::Refused { code: "access_denied".into(), words: None });
}

#[tokio::test]
async fn a_callback_that_is_not_the_answer_ends_the_sign_in_and_gives_no_code_away() {
    if !Peer::wanted() {
        return;
    }
    let provider = Oidc::start();
    let (client, _) = client(source(&provider.issuer));
    const HOSTILE: &str = "<script>alert('evil')</script>";
    let refused = |words: Option<&str>| OauthError::Refused { code: "error".into(), words: words.map(str::to_owned) };
    let cases: [(Query, bool, OauthError); 5] = [
        (&[("code", "c"), ("state", "another")], false, OauthError::WrongState),
        (&[("code", "c"), ("state", HOSTILE)], false, OauthError::WrongState),
        (&[], true, OauthError::NoAnswer),
        (&[("error", HOSTILE), ("error_description", HOSTILE)], true, refused(None)),
        (&[("error", HOSTILE), ("error_description", "Not \u{202e}you")], true, refused(Some("Not you"))),
    ];
    for (query, with_state, expected) in cases {
        let sign_in = SignIn::start(&client).await;
        let state = sign_in.asked("state");
        let query: Vec<_> = query.iter().copied().chain(with_state.then_some(("state", state.as_str()))).collect();
        let page = Browser::default().open(sign_in.back(&query)).await;
        assert_eq!(page.status, 400);
        assert_inert(&page);
        let error = sign_in.ended().await.unwrap_err();
        assert_eq!(error, expected);
        let failure = error.failure("Office");
        assert!(!failure.message.contains('<') && !failure.detail.unwrap().contains('<'));
    }
    assert_eq!(provider.asked("/token").await, 0);
}

#[tokio::test]
async fn another_provider_s_code_is_not_brought_to_this_one() {
    if !Peer::wanted() {
        return;
    }
    let provider = Oidc::start();
    let (client, _) = client(source(&provider.issuer));
    for issuer in [Some("https://evil.example"), None] {
        let sign_in = SignIn::start(&client).await;
        let state = sign_in.asked("state");
        let iss = issuer.map(|issuer| ("iss", issuer));
        let query: Vec<_> = [("code", "c"), ("state", &state)].into_iter().chain(iss).collect();
        assert_inert(&Browser::default().open(sign_in.back(&query)).await);
        let found = issuer.unwrap_or_default().to_owned();
        let error = OauthError::WrongIssuer { expected: provider.issuer.clone(), found };
        assert_eq!(sign_in.ended().await.err(), Some(error));
    }
    assert_eq!(provider.asked("/token").await, 0);
}

#[tokio::test]
async fn a_callback_of_another_page_or_under_another_name_is_not_taken() {
    if !Peer::wanted() {
        return;
    }
    let provider = Oidc::start();
    let (client, _) = client(source(&provider.issuer));
    for (name, value) in [
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("host", "evil.example"),
        ("sec-fetch-mode", "no-cors"),
    ] {
        let sign_in = SignIn::start(&client).await;
        let state = sign_in.asked("state");
        let back = sign_in.back(&[("code", "c"), ("state", &state), ("iss", &provider.issuer)]);
        let answer = reqwest::Client::new().get(back).header(name, value).send().await.unwrap();
        assert_eq!(answer.status(), 403);
        assert_eq!(sign_in.ended().await.err(), Some(OauthError::Elsewhere), "{name}: {value}");
    }
    assert_eq!(provider.asked("/token").await, 0);
}

#[tokio::test]
async fn the_first_answer_counts_and_a_second_one_is_told_so() {
    if !Peer::wanted() {
        return;
    }
    let provider = Oidc::start();
    provider.mistake("wait").await;
    let (client, _) = client(source(&provider.issuer));
    let sign_in = SignIn::start(&client).await;
    let url = sign_in.url();
    let first = tokio::spawn(async move { Browser::default().walk(&url, Click::Agree, "").await });
    while provider.asked("/token").await == 0 {
        tokio::task::yield_now().await;
    }
    let state = sign_in.asked("state");
    let second = sign_in.back(&[("code", "another"), ("state", &state), ("iss", &provider.issuer)]);
    let page = Browser::default().open(second).await;
    assert_eq!(page.status, 410);
    assert!(page.text.contains("This sign-in was answered before"), "{page:?}");
    assert_inert(&page);
    provider.mistake("none").await;
    assert!(first.await.unwrap().text.contains("You are signed in"));
    assert!(sign_in.ended().await.is_ok());
    assert_eq!(provider.asked("/token").await, 1);
}

#[tokio::test]
async fn what_is_no_callback_changes_nothing() {
    if !Peer::wanted() {
        return;
    }
    let provider = Oidc::start();
    let (client, _) = client(source(&provider.issuer));
    let sign_in = SignIn::start(&client).await;
    let state = sign_in.asked("state");
    let back = sign_in.back(&[("code", "c"), ("state", &state)]);
    let http = reqwest::Client::new();
    assert_eq!(http.head(back.clone()).send().await.unwrap().status(), 405);
    assert_eq!(http.post(back.clone()).send().await.unwrap().status(), 405);
    assert_eq!(http.get(back.join("/favicon.ico").unwrap()).send().await.unwrap().status(), 404);
    let page = Browser::default().walk(&sign_in.url(), Click::Agree, "").await;
    assert!(page.text.contains("You are signed in"), "{page:?}");
    assert!(sign_in.ended().await.is_ok());
}

#[tokio::test]
async fn a_browser_that_never_returns_is_not_waited_for_for_ever() {
    if !Peer::wanted() {
        return;
    }
    let provider = Oidc::start();
    let (client, _) = client(source(&provider.issuer));
    let patience = Duration::from_millis(50);
    let sign_in = SignIn::start(&client.with_patience(patience)).await;
    let back = sign_in.back(&[]);
    assert_eq!(sign_in.ended().await.err(), Some(OauthError::NeverReturned(patience)));
    assert!(reqwest::get(back).await.is_err(), "nobody listens");
}

#[tokio::test]
async fn a_sign_in_that_is_given_up_leaves_nobody_listening() {
    if !Peer::wanted() {
        return;
    }
    let provider = Oidc::start();
    let (client, _) = client(source(&provider.issuer));
    let sign_in = SignIn::start(&client).await;
    let back = sign_in.back(&[]);
    sign_in.task.abort();
    assert!(sign_in.task.await.unwrap_err().is_cancelled());
    let closed = async { while reqwest::get(back.clone()).await.is_ok() {} };
    tokio::time::timeout(Duration::from_secs(10), closed).await.unwrap();
}

#[tokio::test]
async fn a_port_that_is_taken_is_named() {
    if !Peer::wanted() {
        return;
    }
    let provider = Oidc::start();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let (client, _) = client(OauthSource { port: Some(port), ..source(&provider.issuer) });
    let error = client.sign_in(|_| panic!("nothing is to be opened")).await.unwrap_err();
    assert_eq!(error, OauthError::PortTaken(port));
    drop(taken);
    let sign_in = SignIn::start(&client).await;
    assert_eq!(sign_in.back(&[]).port(), Some(port));
}

#[tokio::test]
async fn an_id_token_that_is_not_the_provider_s_word_to_us_is_not_believed() {
    if !Peer::wanted() {
        return;
    }
    let provider = Oidc::start();
    let (client, _) = client(source(&provider.issuer));
    for (mistake, fault) in [
        ("nonce", Fault::Nonce),
        ("signature", Fault::Signature),
        ("unsigned", Fault::Signature),
        ("audience", Fault::Audience),
        ("issuer", Fault::Issuer),
        ("expired", Fault::Expired),
        ("token", Fault::AccessToken),
        ("no-id-token", Fault::Missing),
    ] {
        provider.mistake(mistake).await;
        let sign_in = SignIn::start(&client).await;
        let page = Browser::default().walk(&sign_in.url(), Click::Agree, "").await;
        assert!(page.text.contains("You are not signed in"), "{mistake}: {page:?}");
        assert_eq!(sign_in.ended().await.err(), Some(OauthError::IdToken(fault)), "{mistake}");
    }
}

#[tokio::test]
async fn an_id_token_that_belongs_to_its_access_token_is_believed() {
    if !Peer::wanted() {
        return;
    }
    let provider = Oidc::start();
    let (client, _) = client(source(&provider.issuer));
    provider.mistake("right-hash").await;
    assert_eq!(signed_in(&client).await.0.who.as_deref(), Some("Ann Example"));
}

#[tokio::test]
async fn a_token_endpoint_that_answers_something_else_is_named() {
    if !Peer::wanted() {
        return;
    }
    let provider = Oidc::start();
    let (client, redactor) = client(source(&provider.issuer));
    for mistake in ["html", "broken", "mac"] {
        provider.mistake(mistake).await;
        let sign_in = SignIn::start(&client).await;
        let page = Browser::default().walk(&sign_in.url(), Click::Agree, "").await;
        assert_inert(&page);
        let code = page.url.query_pairs().find(|(key, _)| key == "code").unwrap().1.into_owned();
        assert_eq!(redactor.clean(&code), "[hidden]");
        let error = sign_in.ended().await.unwrap_err();
        match (mistake, &error) {
            ("html", OauthError::Way { endpoint: Endpoint::Token, error: TransportError::ContentType { .. } })
            | ("broken", OauthError::Unreadable(Endpoint::Token))
            | ("mac", OauthError::NotBearer) => {}
            _ => panic!("{mistake}: {error:?}"),
        }
        let failure = error.failure("Office");
        assert_eq!(failure.code, FailureCode::BadSession);
        assert!(!format!("{failure:?}").contains("half-a-tok") && !format!("{failure:?}").contains('<'), "{failure:?}");
    }
}

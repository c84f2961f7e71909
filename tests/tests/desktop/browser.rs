//! The window, a real browser, a real identity provider and a real keyring.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a journey's helpers fail as the journey does")]

use acceptance::{
    browser::Chromium,
    desktop::{Desktop, Home},
    keyring::{Keyring, Prompt},
    leaks::Marked,
    office::{converse, leave_settings, look, settings},
    oidc::Oidc,
    peer::Peer,
};
use thirtyfour::Key;

const DIALOG: &str = "[data-testid=sign-in-dialog]";
const SIGN_IN: &str = "[data-testid=sign-in]";

#[tokio::test]
async fn one_signs_in_once_chats_on_when_the_token_ends_and_signs_out_without_a_trace() {
    let mut home = Home::new();
    let keyring = Keyring::start(&mut home, Prompt::Nowhere).await;
    let browser = Chromium::start(&mut home).await;
    let provider = Oidc::start();
    let peer = Peer::of_issuer(&provider.issuer);
    let mut window = Desktop::start("browser", &home).await;

    settings(&mut window).await;
    window.press("Add a server").await;
    window.fill("Address", &peer.url).await;
    window.fill("Name", "Office").await;
    window.press("Your browser").await;
    window.fill("Identity provider", &provider.issuer).await;
    window.fill("Client ID", "kittiwake").await;
    window.fill("Scopes", "profile email offline_access").await;
    window.shot("form").await;
    window.press("Save and test").await;

    window.until("what the browser does", DIALOG).await;
    let asked = browser.open_what_is_asked(1).await;
    assert!(asked.starts_with(&format!("{}/auth?", provider.issuer)), "{asked}");
    look(&mut window, "asks").await;
    browser.agree("Sign in as Ann").await;
    browser.agree("Agree").await;
    browser.until_said("You are signed in").await;
    browser.close().await;
    window.until_gone("what the browser does", DIALOG).await;
    window.until("until when", &format!("{SIGN_IN}[data-phase=live]")).await;
    assert!(window.text(SIGN_IN).await.contains("Ann Example"));
    look(&mut window, "signed-in").await;
    leave_settings(&mut window).await;

    converse(&mut window, "hello").await;
    // The token ends, and nobody notices.
    provider.expire().await;
    let answers = window.count("[data-kind=assistant_message]").await;
    window.say("and now").await;
    let more =
        format!("document.querySelectorAll('[data-kind=assistant_message][data-stage=done]').length > {answers}");
    window.until_true("one more answer", &more).await;
    window.until_answered().await;
    assert_eq!(provider.asked("/auth").await, 1);
    assert!(keyring.entry().await.is_some());

    settings(&mut window).await;
    window.press("More for Office").await;
    window.until("the menu", "[role=menu]").await;
    window.keys("Sign out").await;
    window.keys(Key::Enter).await;
    window.until("that it is signed out", &format!("{SIGN_IN}[data-phase=signed_out]")).await;
    look(&mut window, "signed-out").await;
    assert_eq!(keyring.entry().await, None);
    leave_settings(&mut window).await;
    window.until("what helps", "[data-testid=standing][data-kind=signed_out]").await;
    window.close().await;

    let given = provider.given().await;
    assert!(given.len() >= 4, "a code, and two pairs of tokens: {given:?}");
    let mut marked = Marked::default();
    for (at, secret) in given.iter().enumerate() {
        assert!(!provider.takes(secret).await, "the provider still takes number {at}");
        marked.add(&format!("number {at}"), secret);
    }
    assert_eq!(marked.in_folder(home.path(), &[]), Vec::<String>::new());
}

//! The example of a profile, published by a server on the official SDK: what the window makes of it, and what the server
//! is sent.
#![allow(clippy::unwrap_used, reason = "a journey's helpers fail as the journey does")]

use acceptance::{
    desktop::{Desktop, Home},
    office::{leave_settings, look, settings},
    peer::Peer,
};
use serde_json::{Value, json};
use thirtyfour::Key;

const LIST: &str = "[data-testid=suggestions] [role=option]";
const TITLE: &str = "[data-testid=header-title]";
const TOOL: &str = "[data-testid=chosen-tool]";

/// Adds the server with the address of what it publishes, and waits until its profile is worn.
async fn set_up(window: &mut Desktop, peer: &Peer) {
    settings(window).await;
    window.press("Add a server").await;
    window.fill("Address", &peer.url).await;
    window.fill("Name", "Office").await;
    window.fill("Token", &peer.token).await;
    window.press("More settings").await;
    window.fill("Address of a profile", &peer.address("/profile/office")).await;
    window.press("Save and test").await;
    window.press("Keep for this run only").await;
    window.until_gone("the form", "[data-testid=settings] form").await;
    leave_settings(window).await;
    window.control('n').await;
    window.until_true("its greeting", "document.body.innerText.includes('What can I look up for you?')").await;
}

/// Waits until the first choice that is offered says so.
async fn until_offered(window: &mut Desktop, words: &str) {
    let offered = format!("document.querySelector('{LIST}')?.innerText.includes('{words}')");
    window.until_true(words, &offered).await;
}

/// What the person said in the peer's only conversation, newest first.
async fn said(peer: &Peer) -> Vec<Value> {
    let state = peer.state().await;
    let items = state["threads"][0]["items"].as_array().unwrap().clone();
    items.into_iter().rev().filter(|item| item["type"] == "user_message").collect()
}

#[tokio::test]
async fn a_conversation_looks_and_works_as_its_server_publishes() {
    let (home, peer) = (Home::new(), Peer::start());
    let mut window = Desktop::start("profile", &home).await;
    set_up(&mut window, &peer).await;
    look(&mut window, "start").await;

    // A prompt is a message; the frame says whose conversation it is.
    window.press("Plan a trip").await;
    window.until_answered().await;
    assert_eq!(window.text(TITLE).await, "Office assistant");
    assert!(window.text("[data-testid=disclaimer]").await.contains("Look them up"));
    assert_eq!(window.count("[data-testid=header-action]").await, 2);
    look(&mut window, "answered").await;

    // Somebody whom the server finds, somebody who stands in the profile, and a tool.
    window.click("[data-testid=composer-input]").await;
    window.keys("Ask @ad").await;
    until_offered(&mut window, "Ada").await;
    look(&mut window, "people").await;
    window.keys(Key::Enter).await;
    window.keys("and @trav").await;
    until_offered(&mut window, "Travel desk").await;
    window.keys(Key::Enter).await;
    window.keys("about terns").await;
    window.press("Handbook").await;
    window.until("the tool", &format!("{TOOL}[data-tool=search]")).await;
    look(&mut window, "composed").await;
    window.keys(Key::Enter).await;
    let second = "document.querySelectorAll('[data-kind=assistant_message][data-stage=done]').length === 2";
    window.until_true("the second answer", second).await;
    window.until_answered().await;
    look(&mut window, "mentions").await;
    let message = &said(&peer).await[0];
    let tags: Vec<_> =
        message["content"].as_array().unwrap().iter().filter(|part| part["type"] == "input_tag").collect();
    assert_eq!(tags.len(), 2, "{message}");
    assert_eq!([&tags[0]["id"], &tags[1]["id"]], ["ada", "travel"]);
    assert_eq!([&tags[0]["data"], &tags[1]["data"]], [&json!({"team": "sea"}), &json!({"floor": "2"})]);
    assert_eq!(message["inference_options"]["tool_choice"], json!({"id": "search"}));
    window.until_true("the tool's name", "document.body.innerText.includes('Tool: Search the handbook')").await;
    assert_eq!(window.text("[data-testid=model-button]").await.trim(), "Fast", "what the server begins with");
    // The tool was for that message alone.
    assert_eq!(window.count(TOOL).await, 0);

    // A command of the profile leads on to others, one of which is a message.
    window.click("[data-testid=composer-input]").await;
    window.keys("/team").await;
    until_offered(&mut window, "team").await;
    window.keys(Key::Enter).await;
    until_offered(&mut window, "Travel desk").await;
    look(&mut window, "commands").await;
    window.keys(Key::Down).await;
    window.keys(Key::Enter).await;
    window.until_true("the message of the command", "document.body.innerText.includes('List all teams.')").await;
    window.until_answered().await;

    // The next start has all of it without asking.
    window.close().await;
    drop(peer);
    let mut window = Desktop::start("profile-offline", &home).await;
    window.control('n').await;
    window.until_true("its greeting", "document.body.innerText.includes('What can I look up for you?')").await;
    window.close().await;
}

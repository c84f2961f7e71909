//! The developer view in the real window: what a server's author sees of a conversation, and that no token is in it.
#![allow(clippy::unwrap_used, reason = "a journey's helpers fail as the journey does")]

use std::{fs, path::PathBuf, process::Command};

use acceptance::{
    desktop::{Desktop, Home},
    gated::{Gated, added, assistant_message, delta, done, opening},
    office::{leave_settings, look, settings},
    traces,
};
use serde_json::{Value, json};

const PANEL: &str = "[data-testid=developer]";
const DETAIL: &str = "[data-testid=wire-detail]";
const TOKEN: &str = "sesame-street-1748";

/// Clicks the line of the list with these words.
async fn choose(window: &mut Desktop, words: &str) {
    let line = format!(
        "[...document.querySelectorAll('{PANEL} [role=treeitem]')].find((line) => line.innerText.includes('{words}'))"
    );
    window.until_true(words, &line).await;
    window.run(&format!("({line}).click()")).await;
}

/// Everything that the page has, in its texts and attributes.
async fn everything(window: &mut Desktop) -> String {
    let all = window.run("return document.documentElement.outerHTML + document.documentElement.innerText").await;
    all.as_str().unwrap().to_owned()
}

/// Types the name of a file into a dialog of the system's, as its person would.
fn type_into_dialog(title: &str, path: &str) {
    let keys: [&[&str]; 3] =
        [&["search", "--sync", "--name", title, "windowfocus"], &["type", "--delay", "20", path], &["key", "Return"]];
    for keys in keys {
        let done = Command::new("timeout").args(["30", "xdotool"]).args(keys).status();
        assert!(done.is_ok_and(|status| status.success()), "xdotool {keys:?}");
    }
}

/// What a command of the core answers to the page.
async fn asked(window: &mut Desktop, command: &str, args: Value) -> String {
    let name = format!("answer-{command}");
    window
        .run(&format!(
            "const told = (text) => document.body.setAttribute('data-{name}', text);
             window.__TAURI_INTERNALS__.invoke('{command}', {args}).then((answer) => told(JSON.stringify(answer)), (error) => told(String(error)))"
        ))
        .await;
    window.until_true(command, &format!("document.body.hasAttribute('data-{name}')")).await;
    let answer = window.run(&format!("return document.body.getAttribute('data-{name}')")).await;
    window.run(&format!("document.body.removeAttribute('data-{name}')")).await;
    answer.as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_server_s_author_sees_what_goes_over_the_wire() {
    let (home, mut server) = (Home::new(), Gated::start().await);
    let mut window = Desktop::start("developer", &home).await;
    settings(&mut window).await;
    window.press("Add a server").await;
    window.fill("Address", server.url()).await;
    window.fill("Name", "Office").await;
    window.fill("Token", TOKEN).await;
    window.press("Save and test").await;
    window.press("Keep for this run only").await;
    window.until_gone("the form", "[data-testid=settings] form").await;
    leave_settings(&mut window).await;
    window.control('n').await;
    window.until("the start screen", "[data-testid=start]").await;

    // The view says what it is for, and then shows what leaves and what comes.
    window.click("[data-testid=connection-state]").await;
    window.press("Developer view").await;
    window.until("the developer view", PANEL).await;
    look(&mut window, "empty").await;
    window.say("hello").await;
    let mut exchange = server.next().await;
    exchange.begin_with(opening("hello")).await;
    exchange.event(added("msg_2")).await;
    exchange.event(delta("msg_2", "Hello")).await;
    exchange.event(json!({"type": "thread.item.sparkled", "echo": TOKEN})).await;
    exchange.event(json!({"type": "client_effect", "name": "confetti", "data": {}})).await;
    exchange.event(done(assistant_message("msg_2", "Hello there"))).await;
    exchange.end().await;
    window.until_answered().await;

    choose(&mut window, "threads.create").await;
    window.until("its headers", &format!("{DETAIL} pre")).await;
    let detail = window.text(DETAIL).await;
    assert!(detail.contains("Bearer [redacted]") && detail.contains("\"type\": \"threads.create\""), "{detail}");
    look(&mut window, "request").await;
    assert!(!everything(&mut window).await.contains(TOKEN));

    choose(&mut window, "thread.item.sparkled").await;
    window.until("why it is marked", "[data-testid=mark]").await;
    window.until("its content", &format!("{DETAIL} pre")).await;
    assert!(window.text(DETAIL).await.contains("thread.item.sparkled"));
    look(&mut window, "unknown-event").await;
    assert!(!everything(&mut window).await.contains(TOKEN));

    window.click(&format!("{PANEL} input[type=checkbox]")).await;
    window.until_true("the rest is left out", "document.querySelectorAll('[data-testid=frame]').length === 2").await;
    choose(&mut window, "client_effect").await;
    window
        .until_true("the effect", &format!("document.querySelector('{DETAIL}').innerText.includes('confetti')"))
        .await;
    look(&mut window, "only-marked").await;
    window.click(&format!("{PANEL} input[type=checkbox]")).await;

    // What is copied has no token.
    choose(&mut window, "threads.create").await;
    window.press("Copy as curl").await;
    let news = asked(&mut window, "wire_news", json!({"thread": null, "after": 0})).await;
    let read: Value = serde_json::from_str(&news).unwrap();
    let exchanges = read["exchanges"].as_array().unwrap();
    let id = &exchanges.iter().find(|it| it["operation"] == "threads.create").unwrap()["id"];
    let curl = asked(&mut window, "wire_curl", json!({"exchange": id})).await;
    assert!(curl.contains("Bearer $TOKEN") && curl.contains("--data-binary"), "{curl}");
    for text in [&news, &curl] {
        assert!(!text.contains(TOKEN), "{text}");
    }

    // What is saved through the system's dialog can be replayed, and has none either.
    let file = home.path().join("saved.txt");
    window.press("Save all as a trace").await;
    type_into_dialog("Save as a trace", file.to_str().unwrap());
    window.until_true("that it is saved", "document.body.innerText.includes('Saved as')").await;
    // Where the dialog put it: it may have kept the name that was proposed.
    let file = window.run("return document.body.innerText.match(/Saved as (.*)/)[1]").await;
    let file = PathBuf::from(file.as_str().unwrap());
    let saved = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    assert!(!saved.contains(TOKEN), "{saved}");
    let exchanges = traces::exchanges(&file);
    let turn = exchanges.iter().find(|exchange| exchange.kind() == "threads.create").unwrap();
    assert!(turn.is_stream() && turn.whole, "{saved}");
    assert!(String::from_utf8_lossy(&turn.body).contains("thread.item.sparkled"));

    // It is there again after the page was loaded anew, and gone when it is closed.
    window.reload().await;
    window.until("the developer view", PANEL).await;
    choose(&mut window, "threads.create").await;
    window.press("Close the developer view").await;
    window.until_gone("the developer view", PANEL).await;
    window.close().await;
}

//! What a person does in the window, in the real program. Each journey leaves pictures in `tests/artifacts`.
#![allow(clippy::unwrap_used, reason = "a journey's helpers fail as the journey does")]

use acceptance::{
    desktop::{Desktop, Home},
    gated::{Gated, added, assistant_message, delta, done, opening, user_message},
    peer::Peer,
};
use thirtyfour::Key;

const STREAMING: &str = "[data-testid=thread][data-phase=streaming] [data-stage=streaming]";
const ANSWER: &str = "[data-kind=assistant_message]";
const ROW: &str = "[data-testid=thread-row]";

#[tokio::test]
async fn the_first_start_and_a_streamed_answer() {
    let home = Home::new();
    let mut window = Desktop::start("first-start", &home).await;
    assert!(window.count("[data-testid=start-prompt]").await >= 3);
    window.shot("start").await;
    window.click("[data-testid=start-prompt]").await;
    window.until("the answer streams", STREAMING).await;
    window.shot("streaming").await;
    window.until_answered().await;
    window.shot("answered").await;
    assert_eq!(window.count(ROW).await, 1);
    let title = window.text("[data-testid=header-title]").await;
    assert!(!title.trim().is_empty());
    window.say("What are the keyboard shortcuts?").await;
    window
        .until_true(
            "two answers",
            "document.querySelectorAll('[data-kind=assistant_message][data-stage=done]').length === 2",
        )
        .await;
    window.shot("table").await;
    window.close().await;
}

#[tokio::test]
async fn a_stop_keeps_what_was_shown_and_it_can_be_tried_again() {
    let home = Home::new();
    let mut window = Desktop::start("stop", &home).await;
    window.say("How do I connect my own server?").await;
    window.until("the answer streams", STREAMING).await;
    window
        .until_true("some words are there", &format!("document.querySelector('{ANSWER}').innerText.length > 20"))
        .await;
    window.click("[data-testid=composer-button][data-action=stop]").await;
    window.until("it is marked", "[data-kind=assistant_message][data-stage=stopped]").await;
    window.shot("stopped").await;
    let kept = window.text(ANSWER).await;
    assert!(kept.len() > 10, "{kept}");
    window.click("[data-testid=try-again]").await;
    window.until_answered().await;
    assert_eq!(window.count(ANSWER).await, 1);
    assert!(window.text(ANSWER).await.len() > kept.len());
    window.shot("again").await;
    window.close().await;
}

#[tokio::test]
async fn a_restart_brings_the_conversation_back() {
    let home = Home::new();
    let mut window = Desktop::start("restart", &home).await;
    window.say("Where is my data kept?").await;
    window.until_answered().await;
    let before = window.text(ANSWER).await;
    window.close().await;

    let mut window = Desktop::start("restart", &home).await;
    window.click(ROW).await;
    window.until_answered().await;
    assert_eq!(window.text(ANSWER).await, before);
    window.shot("after").await;
    window.close().await;
}

#[tokio::test]
async fn a_reload_in_mid_stream_loses_nothing() {
    let home = Home::new();
    let mut window = Desktop::start("reload", &home).await;
    window.say("What happens when a server fails?").await;
    window.until("the answer streams", STREAMING).await;
    window.reload().await;
    if window.find("[data-testid=thread]").await.is_none() {
        window.click(ROW).await;
    }
    window.until("what was asked is there", "[data-kind=user_message]").await;
    window.until_answered().await;
    let whole = window.text(ANSWER).await;
    window.reload().await;
    if window.find("[data-testid=thread]").await.is_none() {
        window.click(ROW).await;
    }
    window.until_answered().await;
    assert_eq!(window.text(ANSWER).await, whole);
    window.close().await;
}

#[tokio::test]
async fn two_conversations_answer_at_once() {
    let home = Home::new();
    let mut window = Desktop::start("two", &home).await;
    window.say("What is a ChatKit server?").await;
    window.until("the first answer streams", STREAMING).await;
    window.control('n').await;
    window.until("the start screen", "[data-testid=start]").await;
    window.say("Where is my data kept?").await;
    window.until("the second answer streams", STREAMING).await;
    window.until("the first still runs beside it", "[data-testid=thread-row][data-activity=running]").await;
    window.shot("both").await;
    window.until_answered().await;
    window.click("[data-testid=thread-row]:not(:has([aria-current]))").await;
    window
        .until_true(
            "the first answer",
            "document.querySelector('[data-testid=header-title]').innerText.includes('ChatKit')",
        )
        .await;
    window.until_answered().await;
    window.close().await;
}

#[tokio::test]
async fn a_conversation_is_renamed_deleted_and_brought_back() {
    let home = Home::new();
    let mut window = Desktop::start("rename", &home).await;
    window.say("Hello").await;
    window.until_answered().await;
    window.click(ROW).await;
    window.keys(Key::F2).await;
    window.until("the title can be edited", "[data-testid=thread-row] input").await;
    window.control('a').await;
    window.keys("My first conversation").await;
    window.shot("renaming").await;
    window.keys(Key::Enter).await;
    window
        .until_true(
            "it is renamed",
            "document.querySelector('[data-testid=thread-row]').innerText.includes('My first')",
        )
        .await;

    window.click(ROW).await;
    window.keys(Key::Delete).await;
    window.until_gone("the conversation", ROW).await;
    window.shot("deleted").await;
    window.click("[data-testid=undo]").await;
    window.until("it is back", ROW).await;
    window.click(ROW).await;
    window.until_answered().await;
    window.close().await;
}

#[tokio::test]
async fn everything_by_keyboard() {
    let home = Home::new();
    let mut window = Desktop::start("keyboard", &home).await;
    // The composer has the focus from the start.
    window.keys("What can Kittiwake do?").await;
    window.keys(Key::Enter).await;
    window.until("the answer streams", STREAMING).await;
    window.keys(Key::Escape).await;
    window.until("it is stopped", "[data-kind=assistant_message][data-stage=stopped]").await;
    window.control('n').await;
    window.until("the start screen", "[data-testid=start]").await;
    window.keys("Second question").await;
    window.newline().await;
    window.keys("about appearance").await;
    window.keys(Key::Enter).await;
    window.until_true("two conversations", "document.querySelectorAll('[data-testid=thread-row]').length === 2").await;
    let written = window.text("[data-kind=user_message]").await;
    assert!(written.contains("Second question\nabout appearance"), "{written}");
    window.until_answered().await;
    window.control('k').await;
    window.until("the search", "[data-testid=find-dialog]").await;
    window.keys("kittiwake do").await;
    window.shot("find").await;
    let found = "document.querySelector('[data-testid=find-dialog]').innerText.includes('What can Kittiwake do?')";
    window.until_true("it is found", found).await;
    window.keys(Key::Enter).await;
    window.until("the first conversation", "[data-testid=thread] [data-stage=stopped]").await;
    window.control(',').await;
    window.until("the settings", "[data-testid=settings]").await;
    window.keys(Key::Escape).await;
    window.until_gone("the settings", "[data-testid=settings]").await;
    window.close().await;
}

#[tokio::test]
async fn dark_light_large_and_small() {
    let home = Home::new();
    let mut window = Desktop::start("looks", &home).await;
    window.say("Which Markdown is shown?").await;
    window.until_answered().await;
    window.control(',').await;
    window.until("the settings", "[data-testid=settings]").await;
    window.shot("settings").await;
    for theme in ["dark", "light"] {
        if window.find("[data-testid=settings]").await.is_none() {
            window.control(',').await;
        }
        window.press("Appearance").await;
        window.press(if theme == "dark" { "Dark" } else { "Light" }).await;
        window.until("the theme is in force", &format!(":root[data-theme={theme}]")).await;
        window.shot(&format!("settings-{theme}")).await;
        window.keys(Key::Escape).await;
        window.until_gone("the settings", "[data-testid=settings]").await;
        for (width, height) in [(900, 640), (1440, 900)] {
            window.resize(width, height).await;
            window.shot(&format!("{theme}-{width}")).await;
        }
    }
    window.close().await;
    // The choice is there at the next start.
    let mut window = Desktop::start("looks", &home).await;
    window.until("light again", ":root[data-theme=light]").await;
    window.close().await;
}

/// Fills in the connection form of a ChatKit server. There is no keychain here, so the person chooses.
async fn connect(window: &mut Desktop, name: &str, url: &str, token: &str) {
    window.control(',').await;
    window.until("the settings", "[data-testid=settings]").await;
    window.press("Connections").await;
    window.press("Add a server").await;
    for (field, text) in [("Address", url), ("Name", name), ("Token", token)] {
        window.fill(field, text).await;
    }
    window.shot("form").await;
    window.press("Save and test").await;
    window.until("the keychain is absent", "[data-testid=settings] [data-testid=failure]").await;
    window.shot("no-keychain").await;
    window.press("Keep for this run only").await;
    window.until_gone("the form", "[data-testid=settings] form").await;
    window.shot("connected").await;
    window.keys(Key::Escape).await;
    window.until_gone("the settings", "[data-testid=settings]").await;
    window.control('n').await;
    window.until("the start screen", "[data-testid=start]").await;
}

#[tokio::test]
async fn a_real_chatkit_server_is_added_and_talked_to() {
    let (home, peer) = (Home::new(), Peer::start());
    let mut window = Desktop::start("peer", &home).await;
    connect(&mut window, "Office", &peer.url, &peer.token).await;
    window.say("/markdown").await;
    window.until_answered().await;
    window.shot("markdown").await;
    window.click("[data-kind=assistant_message] a").await;
    window.until("where the link goes", "[data-testid=link-dialog]").await;
    window.shot("link").await;
    window.keys(Key::Escape).await;
    window.until_gone("the question", "[data-testid=link-dialog]").await;
    window.say("/crash").await;
    window.until("the failure is told", "[data-testid=failure]").await;
    window.shot("crash").await;
    window.close().await;
}

#[tokio::test]
async fn a_broken_stream_is_told_and_tried_again() {
    let home = Home::new();
    let mut server = Gated::start().await;
    let mut window = Desktop::start("broken", &home).await;
    connect(&mut window, "Flaky", server.url(), "token").await;
    window.say("hello").await;
    let mut exchange = server.next().await;
    server.items(vec![user_message("msg_1", "hello")]);
    exchange.begin_with(opening("hello")).await;
    exchange.event(added("msg_2")).await;
    exchange.event(delta("msg_2", "The first half of an answer, and then")).await;
    window
        .until_true("the half is there", &format!("document.querySelector('{ANSWER}').innerText.includes('and then')"))
        .await;
    exchange.cut().await;
    window.until("it is told", "[data-testid=failure]").await;
    window.shot("cut").await;
    assert!(window.text(ANSWER).await.contains("The first half of an answer"));
    window.click("[data-testid=try-again]").await;
    let mut exchange = server.next().await;
    assert_eq!(exchange.request["type"], "threads.retry_after_item");
    exchange.begin().await;
    exchange.event(done(assistant_message("msg_4", "All of it."))).await;
    exchange.end().await;
    window.until_answered().await;
    assert!(window.text(ANSWER).await.contains("All of it."));
    window.close().await;
}

#[tokio::test]
async fn a_message_waits_while_its_server_is_away_and_goes_out_when_it_is_back() {
    let (home, mut server) = (Home::new(), Gated::start().await);
    let mut window = Desktop::start("offline", &home).await;
    connect(&mut window, "Office", server.url(), "token").await;

    server.gone().await;
    window.say("Are you there?").await;
    window.until("it waits", "[data-testid=held]").await;
    window.until("the window says why", "[data-testid=standing][data-kind=offline]").await;
    let said = window.text("[data-testid=standing]").await;
    assert!(said.contains("Office cannot be reached"), "{said}");
    assert!(window.text("[data-testid=held]").await.contains("Will be sent when Office can be reached"));
    // It is a state of the connection, and no failure of anything.
    assert_eq!(window.count("[data-testid=failure]").await, 0);
    window.until("the sidebar says so", &format!("{ROW}[data-activity=held]")).await;
    for (width, height) in [(1200, 800), (700, 560)] {
        window.resize(width, height).await;
        for theme in ["light", "dark"] {
            window.run(&format!("document.documentElement.dataset.theme = '{theme}'")).await;
            window.shot(&format!("waits-{theme}-{width}")).await;
        }
    }

    // Taken back, it stands in the field as it was written.
    window.click("[data-testid=take-back]").await;
    window
        .until_true("it is back", "document.querySelector('[data-testid=composer-input]').value === 'Are you there?'")
        .await;
    window.keys(Key::Enter).await;
    window.until("it waits again", "[data-testid=held]").await;

    let mut server = server.back().await;
    let mut exchange = server.next().await;
    exchange.begin_with(opening("Are you there?")).await;
    exchange.event(added("msg_2")).await;
    exchange.event(done(assistant_message("msg_2", "I am back."))).await;
    exchange.end().await;
    server.items(vec![user_message("msg_1", "Are you there?"), assistant_message("msg_2", "I am back.")]);
    window.until_answered().await;
    assert!(window.text(ANSWER).await.contains("I am back."));
    window.until_gone("the window says so", "[data-testid=standing]").await;
    assert_eq!(server.count("threads.create"), 1);
    window.shot("answered").await;

    // The choice is in the settings.
    window.control(',').await;
    window.until("the settings", "[data-testid=settings]").await;
    window.press("Connections").await;
    window.until_true("the choice", "document.body.innerText.includes('When a server cannot be reached')").await;
    window.shot("choice").await;
    window.close().await;
}

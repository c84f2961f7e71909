//! The message field in the real window: commands, and a reply to a part of an answer.
#![allow(clippy::unwrap_used, reason = "a journey's helpers fail as the journey does")]

use acceptance::desktop::{Desktop, Home};
use thirtyfour::Key;

const LIST: &str = "[data-testid=suggestions] [role=option]";
const QUOTE: &str = "[data-testid=quote] blockquote";

#[tokio::test]
async fn a_part_of_an_answer_is_quoted_and_a_command_is_chosen() {
    let home = Home::new();
    let mut window = Desktop::start("composing", &home).await;
    window.say("What are the keyboard shortcuts?").await;
    window.until_answered().await;

    window
        .run("document.getSelection().selectAllChildren([...document.querySelectorAll('[data-testid=answer-text] p')].at(-2))")
        .await;
    window.until("it can be quoted", "[data-testid=quote-selection]").await;
    window.shot("selected").await;
    window.click("[data-testid=quote-selection]").await;
    let quoted = window.text(QUOTE).await;
    assert!(!quoted.trim().is_empty());
    window.shot("quoted").await;
    window.keys("What does that mean?").await;
    window.keys(Key::Enter).await;
    window.until("the message has the quote", "[data-kind=user_message] blockquote").await;
    window.until_gone("the quote has left the field", QUOTE).await;
    window
        .until_true(
            "two answers",
            "document.querySelectorAll('[data-kind=assistant_message][data-stage=done]').length === 2",
        )
        .await;
    assert_eq!(window.text("[data-kind=user_message] blockquote").await, quoted);

    window.click("[data-testid=composer-input]").await;
    window.keys("/").await;
    window.until("commands are offered", LIST).await;
    window.shot("commands").await;
    window.keys("new").await;
    window.until_true("one is left", &format!("document.querySelectorAll('{LIST}').length === 1")).await;
    window.keys(Key::Enter).await;
    window.until("the start screen", "[data-testid=start]").await;
    window.close().await;
}

//! What the Guide shows beside its words: a button that opens a page of the settings, a form that searches, a chart.
#![allow(clippy::unwrap_used, reason = "a journey's helpers fail as the journey does")]

use acceptance::{
    desktop::{Desktop, Home},
    office::{leave_settings, look},
};

#[tokio::test]
async fn the_guide_uses_what_it_teaches() {
    let home = Home::new();
    let mut window = Desktop::start("guide", &home).await;
    window.say("How do I switch to dark mode?").await;
    window.until("the card", "[data-testid=widget] button").await;
    window.until_answered().await;
    look(&mut window, "card").await;
    window.press("Open Appearance").await;
    window.until("the settings", "[data-testid=settings]").await;
    window
        .until_true(
            "their page",
            "document.querySelector('[role=tab][aria-selected=true]').innerText.includes('Appearance')",
        )
        .await;
    window.shot("settings").await;
    leave_settings(&mut window).await;

    window.control('n').await;
    window.until("the start screen", "[data-testid=start]").await;
    window.say("What is the weather in Lisbon today?").await;
    window.until("the form", "[data-testid=widget] input").await;
    window.until_answered().await;
    look(&mut window, "form").await;
    window.fill("Words to look for", "proxy").await;
    window.press("Search").await;
    let found = "[...document.querySelectorAll('[data-testid=widget]')].some((one) => one.innerText.includes('Found for “proxy”'))";
    window.until_true("what was found stands in place of the form", found).await;
    assert_eq!(window.count("[data-testid=widget] input").await, 0);
    look(&mut window, "found").await;
    let first = "[data-testid=widget] button[aria-labelledby]";
    let heading =
        format!("document.getElementById(document.querySelector('{first}').getAttribute('aria-labelledby')).innerText");
    let heading = window.run(&format!("return {heading}.split('\\n')[0].trim()")).await;
    window.click(first).await;
    let quoted = "[...document.querySelectorAll('[data-kind=assistant_message][data-stage=done]')]";
    let quoted = format!("{quoted}.length === 2 && {quoted}[1].innerText.includes({heading})");
    window.until_true("the section is quoted", &quoted).await;
    window.control('n').await;
    window.until("the start screen", "[data-testid=start]").await;
    window.say("Are you a person, a robot, or a language model?").await;
    window.until("the chart", "[data-testid=widget] svg .recharts-bar-rectangle path").await;
    window.until_answered().await;
    look(&mut window, "chart").await;
    window.close().await;
}

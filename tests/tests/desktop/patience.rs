//! The window and a server that wants a pause.
#![allow(clippy::unwrap_used, reason = "a journey's helpers fail as the journey does")]

use acceptance::{
    desktop::{Desktop, Home},
    gated::{Exchange, Gated, added, assistant_message, done, opening},
    office::{connect, look, settings},
};

const HELD: &str = "[data-testid=held]";
const COUNTDOWN: &str = "[data-testid=countdown]";

async fn refuse(exchange: Exchange) {
    let body = r#"{"error": {"message": "Rate limit reached: 3 requests per minute.", "code": "rate_limit_exceeded"}}"#;
    exchange.refuse(429, &["retry-after: 20"], body).await;
}

async fn answer(mut exchange: Exchange, text: &str) {
    exchange.begin_with(opening(text)).await;
    exchange.event(added("msg_2")).await;
    exchange.event(done(assistant_message("msg_2", "Now I have time for you."))).await;
    exchange.end().await;
}

#[tokio::test]
async fn a_busy_server_is_waited_for_with_a_count_down() {
    let (home, mut server) = (Home::new(), Gated::start().await);
    let mut window = Desktop::start("patience", &home).await;
    connect(&mut window, &server).await;
    window.say("Are you there?").await;
    refuse(server.next().await).await;
    window.until("it counts down", COUNTDOWN).await;
    let said = window.text(HELD).await;
    assert!(said.contains("Office asks to wait: goes out in"), "{said}");
    let first = window.text(COUNTDOWN).await;
    let script = format!("document.querySelector('{COUNTDOWN}').innerText !== '{first}'");
    window.until_true("the seconds pass", &script).await;
    window.until("the sidebar says so", "[data-testid=thread-row][data-activity=held]").await;
    assert_eq!(window.count("[data-testid=failure]").await, 0);
    look(&mut window, "counts-down").await;
    window.press("Details").await;
    let details = format!("document.querySelector('{HELD} pre')?.innerText.includes('3 requests per minute')");
    window.until_true("what the server says", &details).await;
    window.shot("details").await;
    window.click("[data-testid=send-now]").await;
    answer(server.next().await, "Are you there?").await;
    window.until_answered().await;
    window.until_gone("the count-down", HELD).await;
    assert!(window.text("[data-kind=assistant_message]").await.contains("Now I have time for you."));
    assert_eq!(server.count("threads.create"), 2);

    // Another one is taken back: it stands in the field as it was written, and is not sent again.
    window.control('n').await;
    window.until("the start screen", "[data-testid=start]").await;
    window.say("Never mind").await;
    refuse(server.next().await).await;
    window.until("it counts down", COUNTDOWN).await;
    window.click("[data-testid=take-back]").await;
    let back = "document.querySelector('[data-testid=composer-input]').value === 'Never mind'";
    window.until_true("it is back", back).await;
    window.until_gone("the count-down", HELD).await;
    window.shot("taken-back").await;
    assert_eq!(server.count("threads.create"), 3);

    // What the person can choose.
    settings(&mut window).await;
    let waits = "Array.from(document.querySelectorAll('[data-testid=settings] label')).find((label) => \
                 label.innerText.includes('Wait up to 2 minutes')).scrollIntoView({ block: 'center' }) ?? true";
    window.until_true("the choice", waits).await;
    look(&mut window, "settings").await;
    window.close().await;
}

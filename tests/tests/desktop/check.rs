//! The test of a connection in the window: run by `cargo xtask test`, which builds the program and gives it a display.
#![allow(clippy::unwrap_used, reason = "a test's helpers fail as the test does")]

use acceptance::{
    desktop::{Desktop, Home},
    peer::Peer,
};

const WORKS: &str = "[data-testid=verdict][data-verdict=works]";
const FAILS: &str = "[data-testid=verdict][data-verdict=fails]";

/// How many steps ended like that.
async fn ended(window: &Desktop, outcome: &str) -> usize {
    window.count(&format!("[data-testid=check-step][data-outcome={outcome}]")).await
}

#[tokio::test]
async fn a_connection_is_tested_before_it_is_kept_and_again_when_its_server_is_broken() {
    let (home, peer) = (Home::new(), Peer::with_sessions());
    let mut window = Desktop::start("check", &home).await;
    window.control(',').await;
    window.until("the settings", "[data-testid=settings]").await;
    window.press("Connections").await;
    window.press("Add a server").await;
    window.fill("Address", &peer.url).await;
    window.press("A session from an endpoint").await;
    for (field, text) in [
        ("Session endpoint", peer.address("/api/sessions")),
        ("Token", peer.token.clone()),
        ("Name", "Office".to_owned()),
    ] {
        window.fill(field, &text).await;
    }
    // There is no keychain here, and none is needed: nothing is kept of it.
    window.press("Test").await;
    window.until("what was typed works", WORKS).await;
    window.shot("draft").await;
    assert_eq!(ended(&window, "passed").await, 8);
    assert_eq!(peer.state().await["threads"], serde_json::json!([]));
    window.press("Save and test").await;
    window.press("Keep for this run only").await;
    window.until("the session", "[data-testid=session][data-phase=live]").await;

    window.press("Test Office").await;
    window.until("the connection works", WORKS).await;
    window.press("Details: New session").await;
    let steps = window.text("[data-testid=check]").await;
    assert!(steps.contains("35 characters") && !steps.contains("ek_"), "{steps}");
    window.shot("works").await;

    peer.tell("mistake/renamed").await;
    window.press("Test again").await;
    window.until("the step that failed", FAILS).await;
    assert_eq!((ended(&window, "passed").await, ended(&window, "skipped").await), (6, 2));
    let failed = window.text("[data-testid=check-step][data-outcome=failed]").await;
    assert!(failed.contains("no secret") && failed.contains("/data/chat_token"), "{failed}");
    window.shot("broken").await;
    window.press("Copy the report").await;
    window
        .until_true("it is copied", "document.querySelector('[data-testid=check]').innerText.includes('Copied')")
        .await;
    window.resize(700, 560).await;
    window.run("document.documentElement.dataset.theme = 'dark'").await;
    window.run("document.querySelector('[data-testid=check-step][data-outcome=failed]').scrollIntoView()").await;
    window.shot("broken-small-and-dark").await;

    // The live session went on all the while; once the server is mended the test says so.
    peer.tell("mistake/none").await;
    window.press("Test again").await;
    window.until("it works again", WORKS).await;
    window.press("Close the test").await;
    window.until_gone("the test", "[data-testid=check]").await;
    assert_eq!(window.count("[data-testid=thread-row]").await, 0);
    window.close().await;
}

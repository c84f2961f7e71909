//! What a person does with a server that has sessions, in the window: connect it, look at it, leave.

use thirtyfour::Key;

use crate::{desktop::Desktop, gated::Gated, peer::Peer};

/// Opens the list of connections.
pub async fn settings(window: &mut Desktop) {
    window.control(',').await;
    window.until("the settings", "[data-testid=settings]").await;
    window.press("Connections").await;
}

/// Closes the settings.
pub async fn leave_settings(window: &mut Desktop) {
    window.keys(Key::Escape).await;
    window.until_gone("the settings", "[data-testid=settings]").await;
}

/// Describes the server in the form for a new one.
pub async fn describe(window: &mut Desktop, peer: &Peer) {
    settings(window).await;
    window.press("Add a server").await;
    window.fill("Address", &peer.url).await;
    window.fill("Name", "Office").await;
    window.press("A session from an endpoint").await;
    window.fill("Session endpoint", &peer.address("/api/sessions")).await;
    window.fill("Token", &peer.token).await;
}

/// Adds the server by hand, up to the button that keeps it.
pub async fn fill_in(window: &mut Desktop, peer: &Peer) {
    describe(window, peer).await;
    window.press("Save and test").await;
}

/// Describes an OpenAI-compatible server in the form for a new one; without a key where it wants none.
pub async fn describe_openai(window: &mut Desktop, name: &str, url: &str, key: Option<&str>, model: &str) {
    window.press("Add a server").await;
    window.press("OpenAI-compatible server").await;
    window.fill("Address", url).await;
    window.fill("Name", name).await;
    if let Some(key) = key {
        window.fill("API key", key).await;
    }
    window.fill("Model", model).await;
}

/// Adds a ChatKit server that lets everybody in, and goes to where a conversation with it begins.
pub async fn connect(window: &mut Desktop, server: &Gated) {
    settings(window).await;
    window.press("Add a server").await;
    window.fill("Address", server.url()).await;
    window.fill("Name", "Office").await;
    window.press("Save and test").await;
    window.until_gone("the form", "[data-testid=settings] form").await;
    leave_settings(window).await;
    window.control('n').await;
    window.until("the start screen", "[data-testid=start]").await;
}

/// Waits until there is a session, and begins a conversation.
pub async fn begin(window: &mut Desktop, message: &str) {
    window.until("the session", "[data-testid=session][data-phase=live]").await;
    leave_settings(window).await;
    converse(window, message).await;
}

/// Begins a conversation.
pub async fn converse(window: &mut Desktop, message: &str) {
    window.control('n').await;
    window.until("the start screen", "[data-testid=start]").await;
    window.say(message).await;
    window.until_answered().await;
}

/// Pictures of the window in both themes, large and small.
pub async fn look(window: &mut Desktop, name: &str) {
    for (width, height) in [(900, 640), (1440, 900)] {
        window.resize(width, height).await;
        for theme in ["light", "dark"] {
            window.run(&format!("document.documentElement.dataset.theme = '{theme}'")).await;
            window.shot(&format!("{name}-{theme}-{width}")).await;
        }
    }
    window.run("delete document.documentElement.dataset.theme").await;
}

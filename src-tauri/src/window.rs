//! The one window.

use std::time::Duration;

use tauri::{
    App, Manager, Url, WebviewUrl, WebviewWindow, WebviewWindowBuilder, async_runtime, webview::PageLoadEvent,
};

use crate::subscriptions::Subscriptions;

/// How long the window waits for its page before it is shown all the same.
const PATIENCE: Duration = Duration::from_secs(3);

/// Opens the window. It shows the embedded files and can go nowhere else. It is seen once its page has drawn itself, so
/// that nobody looks at an empty sheet, white in the middle of the night.
///
/// # Errors
///
/// If the system has no web view, or no display.
pub fn open(app: &App) -> tauri::Result<()> {
    let window = WebviewWindowBuilder::new(app, "main", WebviewUrl::default())
        .title("Kittiwake")
        .inner_size(1180.0, 780.0)
        .min_inner_size(480.0, 420.0)
        .visible(false)
        .on_navigation(is_own)
        .on_page_load(|window, load| {
            // Whatever the page had subscribed to is gone with it.
            if load.event() == PageLoadEvent::Started {
                window.state::<Subscriptions>().clear();
            }
        })
        .build()?;
    async_runtime::spawn(async move {
        tokio::time::sleep(PATIENCE).await;
        show(&window);
    });
    Ok(())
}

/// Shows the window. What a system without windows says to that is of no use to anyone.
pub fn show(window: &WebviewWindow) {
    let _ = window.show();
}

fn is_own(url: &Url) -> bool {
    url.scheme() == "tauri" || (matches!(url.scheme(), "http" | "https") && url.host_str() == Some("tauri.localhost"))
}

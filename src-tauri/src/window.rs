//! The one window.

use std::time::Duration;

use tauri::{
    App, Manager, Url, WebviewUrl, WebviewWindow, WebviewWindowBuilder, WindowEvent, async_runtime,
    webview::PageLoadEvent,
};

use crate::{drops::Drops, place::Place, subscriptions::Subscriptions, watchdog::Watchdog};

/// The window's name inside the program; `capabilities/main.json` names it as well.
pub const LABEL: &str = "main";

/// How long the window waits for its page before it is shown all the same.
const PATIENCE: Duration = Duration::from_secs(3);

/// Opens the window. It shows the embedded files and can go nowhere else. It is seen once its page has its colours and is
/// about to draw, so that nobody looks at an empty sheet, white in the middle of the night.
///
/// # Errors
///
/// If the system has no web view, or no display.
pub fn open(app: &App) -> tauri::Result<()> {
    let window = WebviewWindowBuilder::new(app, LABEL, WebviewUrl::default())
        .title("Kittiwake")
        .inner_size(1180.0, 780.0)
        .min_inner_size(480.0, 420.0)
        .visible(false)
        .on_navigation(is_own)
        .on_page_load(|window, load| {
            window.state::<Watchdog>().alive();
            // Whatever the page had subscribed to is gone with it.
            if load.event() == PageLoadEvent::Started {
                window.state::<Subscriptions>().clear();
            }
        })
        .build()?;
    app.state::<Place>().restore(&window)?;
    listen(&window);
    app.state::<Watchdog>().begin(&window)?;
    #[cfg(target_os = "linux")]
    crate::caret::rest(&window)?;
    async_runtime::spawn(async move {
        tokio::time::sleep(PATIENCE).await;
        show(&window);
    });
    Ok(())
}

fn listen(window: &WebviewWindow) {
    let shown = window.clone();
    window.on_window_event(move |event| {
        let place = shown.state::<Place>();
        match event {
            // A window that cannot say where it is opens where it did before.
            WindowEvent::Moved(_) | WindowEvent::Resized(_) | WindowEvent::CloseRequested { .. }
                if place.note(&shown).is_ok() =>
            {
                place.save_soon(shown.app_handle());
            }
            WindowEvent::DragDrop(event) => shown.state::<Drops>().happened(event),
            WindowEvent::Focused(focused) => shown.state::<Watchdog>().focus(*focused),
            _ => {}
        }
    });
}

/// Shows the window. What a system without windows says to that is of no use to anyone.
pub fn show(window: &WebviewWindow) {
    let _ = window.show();
}

/// Brings the window to the front, wherever it is.
pub fn raise(window: &WebviewWindow) {
    show(window);
    let _ = window.unminimize();
    let _ = window.set_focus();
}

fn is_own(url: &Url) -> bool {
    url.scheme() == "tauri" || (matches!(url.scheme(), "http" | "https") && url.host_str() == Some("tauri.localhost"))
}

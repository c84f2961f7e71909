//! Lets the caret rest while nobody writes, as the fields of GTK do by themselves. The caret of WebKitGTK blinks for as
//! long as the window has the focus, and each blink is drawn.

use std::{
    cell::Cell,
    rc::Rc,
    time::{Duration, Instant},
};

use gtk::{
    Settings,
    glib::{self, ControlFlow, Propagation},
    prelude::*,
};
use tauri::WebviewWindow;

/// The system's setting that is changed while the caret rests; the web view follows it.
const BLINK: &str = "gtk-cursor-blink";

/// How a caret blinks in this window.
struct Caret {
    settings: Settings,
    /// After how much time it stops, as the system has it.
    limit: Duration,
    /// When something was last typed or clicked.
    used: Cell<Instant>,
    /// Whether it has stopped.
    rests: Cell<bool>,
}

/// Stops the caret's blinking when nothing was typed or clicked for as long as the system says.
///
/// # Errors
///
/// If the window is gone already.
pub fn rest(window: &WebviewWindow) -> tauri::Result<()> {
    window.with_webview(|webview| {
        let Some(settings) = Settings::default() else { return };
        // In seconds. Where carets do not blink, or are meant to blink for ever, nothing is to be done.
        let limit = u64::try_from(settings.gtk_cursor_blink_timeout()).unwrap_or(0);
        if !settings.is_gtk_cursor_blink() || !(1..86_400).contains(&limit) {
            return;
        }
        let caret = Rc::new(Caret {
            settings,
            limit: Duration::from_secs(limit),
            used: Cell::new(Instant::now()),
            rests: Cell::new(false),
        });
        let view = webview.inner();
        let (keys, clicks, focus) = (caret.clone(), caret.clone(), caret.clone());
        view.connect_key_press_event(move |_, _| keys.use_it());
        view.connect_button_press_event(move |_, _| clicks.use_it());
        view.connect_focus_in_event(move |_, _| focus.use_it());
        caret.look_in(caret.limit);
    })
}

impl Caret {
    /// The caret is of use at this moment: it blinks for a while from now on.
    fn use_it(self: &Rc<Self>) -> Propagation {
        self.used.set(Instant::now());
        if self.rests.take() {
            self.settings.reset_property(BLINK);
            self.look_in(self.limit);
        }
        Propagation::Proceed
    }

    fn look_in(self: &Rc<Self>, time: Duration) {
        let caret = self.clone();
        glib::timeout_add_local(time, move || {
            match caret.limit.checked_sub(caret.used.get().elapsed()) {
                Some(left) if !left.is_zero() => caret.look_in(left),
                _ => {
                    caret.rests.set(true);
                    caret.settings.set_gtk_cursor_blink(false);
                }
            }
            ControlFlow::Break
        });
    }
}

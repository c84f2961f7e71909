//! Notices a window that stays blank, or whose page has ended, and brings it back: by loading the page again, and where
//! that does not help by starting the program once more with safe rendering. Never twice.

use std::{
    sync::{Mutex, MutexGuard, OnceLock, PoisonError},
    time::{Duration, Instant},
};

use engine::Reports;
use model::{Failure, FailureCode};
use tauri::{AppHandle, Manager, WebviewWindow, Wry, async_runtime};

use crate::{launch::Launch, rendering, rendering::Why, start::Host, window};

/// How long a page may go without a sign of life until it has drawn itself.
const LIMIT: Duration = Duration::from_secs(10);

/// How often that is looked at.
const LOOK: Duration = Duration::from_millis(500);

/// A page that ends again within this time would end again and again.
const SOON: Duration = Duration::from_secs(60);

/// How long the program may take to end in order before it is started anew all the same.
const ORDERLY: Duration = Duration::from_secs(10);

/// How far the page has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Page {
    /// It was asked for.
    Asked,
    /// Its script has run, and the window is shown.
    Ready,
    /// It has drawn a frame after that.
    Drawn,
}

/// What is known of the page.
#[derive(Debug)]
struct Watch {
    page: Page,
    /// The last sign of life.
    alive: Instant,
    /// Whether the window has the focus. One that nobody can see need not draw.
    focused: bool,
    /// Whether any page of this start has drawn.
    ever_drawn: bool,
    died: Option<Instant>,
}

/// What a look at the page shows.
#[derive(Debug, PartialEq, Eq)]
enum Look {
    Fine,
    NotYet,
    Blank,
}

/// What is done about a page that has ended.
#[derive(Debug, PartialEq, Eq)]
enum Remedy {
    Reload,
    Restart,
}

impl Watch {
    fn new(now: Instant) -> Self {
        Self { page: Page::Asked, alive: now, focused: false, ever_drawn: false, died: None }
    }

    fn look(&self, now: Instant) -> Look {
        match self.page {
            Page::Drawn => Look::Fine,
            Page::Ready if !self.focused => Look::NotYet,
            _ if now.duration_since(self.alive) < LIMIT => Look::NotYet,
            _ => Look::Blank,
        }
    }

    fn reach(&mut self, page: Page, now: Instant) {
        self.page = page;
        self.alive = now;
        self.ever_drawn |= page == Page::Drawn;
    }

    fn died(&mut self, now: Instant) -> Remedy {
        let again = self.died.is_some_and(|before| now.duration_since(before) < SOON);
        self.died = Some(now);
        self.reach(Page::Asked, now);
        if self.ever_drawn && !again { Remedy::Reload } else { Remedy::Restart }
    }
}

/// Watches over the window.
pub struct Watchdog {
    watch: Mutex<Watch>,
    reports: Reports,
    /// Set once the program is to be started anew.
    again: OnceLock<Why>,
}

impl Watchdog {
    /// Nothing is watched yet.
    pub fn new(reports: Reports) -> Self {
        Self { watch: Mutex::new(Watch::new(Instant::now())), reports, again: OnceLock::new() }
    }

    /// Why the program is to be started anew after it has ended, if it is.
    pub fn again(&self) -> Option<Why> {
        self.again.get().copied()
    }

    /// The window's page was asked for.
    ///
    /// # Errors
    ///
    /// If the window is gone already.
    pub fn begin(&self, window: &WebviewWindow) -> tauri::Result<()> {
        *self.lock() = Watch::new(Instant::now());
        rendering::begun(&window.state::<Launch>().data_dir);
        watch_process(window)?;
        wait_until_drawn(window.app_handle().clone());
        Ok(())
    }

    /// The page gives a sign of life.
    pub fn alive(&self) {
        self.lock().alive = Instant::now();
    }

    /// The window got the focus, or lost it.
    pub fn focus(&self, focused: bool) {
        let mut watch = self.lock();
        watch.focused = focused;
        watch.alive = Instant::now();
    }

    /// The page's script has run.
    pub fn ready(&self) {
        let mut watch = self.lock();
        if watch.page == Page::Asked {
            watch.reach(Page::Ready, Instant::now());
        }
    }

    /// The page has drawn itself where it can be seen.
    pub fn drawn(&self, launch: &Launch) {
        self.lock().reach(Page::Drawn, Instant::now());
        rendering::got_through(&launch.data_dir);
        if matches!(launch.safe, Some(Why::Blank | Why::Died | Why::Unfinished)) {
            rendering::remember(&launch.data_dir);
        }
    }

    /// The process behind the page has ended by itself.
    #[cfg(target_os = "linux")]
    fn died(&self, app: &AppHandle<Wry>) -> Remedy {
        if self.again.get().is_some() {
            return Remedy::Restart;
        }
        let remedy = self.lock().died(Instant::now());
        match remedy {
            Remedy::Reload => {
                tracing::warn!("the process of the page ended; loading it again");
                tell(
                    app,
                    "The part of Kittiwake that draws this window ended unexpectedly and was started again. Your \
                           conversations went on; nothing was lost.",
                );
                wait_until_drawn(app.clone());
            }
            Remedy::Restart => self.restart(app, Why::Died),
        }
        remedy
    }

    /// Ends the program, to be started anew with safe rendering; or, if it has that already, says that it is at an end.
    fn restart(&self, app: &AppHandle<Wry>, why: Why) {
        if !rendering::can_be_safer() {
            return self.give_up(app);
        }
        if self.again.set(why).is_err() {
            return;
        }
        tracing::warn!("the window stayed blank; starting again with safe rendering");
        eprintln!("Kittiwake's window stayed blank. It starts again with safe rendering.");
        std::thread::spawn(move || {
            // The main thread may be the one that is stuck.
            std::thread::sleep(ORDERLY);
            rendering::start_safely(why);
        });
        end_process(app);
        app.exit(0);
    }

    /// Nothing is left to be tried. The title is drawn by the desktop, and can be read.
    fn give_up(&self, app: &AppHandle<Wry>) {
        let facts = format!(
            "web view: {}\nsession: {}\ndesktop: {}\n",
            tauri::webview_version().unwrap_or_default(),
            std::env::var("XDG_SESSION_TYPE").unwrap_or_default(),
            std::env::var("XDG_CURRENT_DESKTOP").unwrap_or_default(),
        );
        tracing::error!("the window stays blank, also with safe rendering");
        let report = self.reports.write("The window of Kittiwake stayed blank", &facts);
        let report = report.map(|path| format!(" The report is in {}.", path.display())).unwrap_or_default();
        eprintln!(
            "Kittiwake's window stays blank, also with safe rendering.{report} Until it is mended, kittiwake-cli does the \
             same in a terminal."
        );
        if let Some(window) = app.get_webview_window(window::LABEL) {
            let _ = window.set_title("Kittiwake cannot draw its window on this computer");
            window::show(&window);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Watch> {
        self.watch.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Looks at the page until it has drawn itself, or is not going to.
fn wait_until_drawn(app: AppHandle<Wry>) {
    async_runtime::spawn(async move {
        loop {
            tokio::time::sleep(LOOK).await;
            let watchdog = app.state::<Watchdog>();
            let look = watchdog.lock().look(Instant::now());
            match look {
                Look::Fine => return,
                Look::NotYet => {}
                Look::Blank => return watchdog.restart(&app, Why::Blank),
            }
        }
    });
}

fn tell(app: &AppHandle<Wry>, words: &str) {
    if let Some(host) = app.try_state::<Host>() {
        host.engine.tell(Failure::new(FailureCode::Internal, words));
    }
}

/// Listens for the end of the process behind the page.
#[cfg(target_os = "linux")]
fn watch_process(window: &WebviewWindow) -> tauri::Result<()> {
    use webkit2gtk::{WebProcessTerminationReason, WebViewExt};

    let app = window.app_handle().clone();
    window.with_webview(move |webview| {
        webview.inner().connect_web_process_terminated(move |view, reason| {
            if reason == WebProcessTerminationReason::TerminatedByApi {
                return;
            }
            if app.state::<Watchdog>().died(&app) == Remedy::Reload {
                view.reload();
            }
        });
    })
}

#[cfg(not(target_os = "linux"))]
fn watch_process(_window: &WebviewWindow) -> tauri::Result<()> {
    Ok(())
}

/// Ends the process behind the page, which may be stuck and would not notice that the program is gone.
#[cfg(target_os = "linux")]
fn end_process(app: &AppHandle<Wry>) {
    use webkit2gtk::WebViewExt;

    if let Some(window) = app.get_webview_window(window::LABEL) {
        // A window that is gone has no such process.
        let _ = window.with_webview(|webview| webview.inner().terminate_web_process());
    }
}

#[cfg(not(target_os = "linux"))]
fn end_process(_app: &AppHandle<Wry>) {}

#[cfg(test)]
mod tests {
    use super::*;

    fn watch() -> (Watch, Instant) {
        let now = Instant::now();
        (Watch::new(now), now)
    }

    #[test]
    fn a_page_that_draws_is_fine_for_ever() {
        let (mut watch, start) = watch();
        assert_eq!(watch.look(start), Look::NotYet);
        watch.reach(Page::Ready, start);
        watch.reach(Page::Drawn, start);
        assert_eq!(watch.look(start + LIMIT * 100), Look::Fine);
    }

    #[test]
    fn a_page_without_a_sign_of_life_is_blank() {
        let (mut watch, start) = watch();
        assert_eq!(watch.look(start + LIMIT - LOOK), Look::NotYet);
        assert_eq!(watch.look(start + LIMIT), Look::Blank);
        watch.alive = start + LIMIT;
        assert_eq!(watch.look(start + LIMIT + LOOK), Look::NotYet, "a slow computer is no broken one");
    }

    #[test]
    fn a_page_that_runs_and_draws_nothing_is_blank_only_where_it_can_be_seen() {
        let (mut watch, start) = watch();
        watch.reach(Page::Ready, start);
        assert_eq!(watch.look(start + LIMIT * 10), Look::NotYet, "it may lie behind another window");
        watch.focused = true;
        assert_eq!(watch.look(start + LIMIT), Look::Blank);
    }

    #[test]
    fn a_page_that_ends_is_loaded_again_once_a_minute() {
        let (mut watch, start) = watch();
        watch.reach(Page::Drawn, start);
        assert_eq!(watch.died(start), Remedy::Reload);
        assert_eq!(watch.look(start), Look::NotYet, "the new page is watched as the first one was");
        watch.reach(Page::Drawn, start);
        assert_eq!(watch.died(start + SOON), Remedy::Reload);
        watch.reach(Page::Drawn, start);
        assert_eq!(watch.died(start + SOON + SOON / 2), Remedy::Restart);
    }

    #[test]
    fn a_page_that_ends_before_it_was_ever_drawn_is_not_loaded_again() {
        let (mut watch, start) = watch();
        assert_eq!(watch.died(start), Remedy::Restart);
    }
}

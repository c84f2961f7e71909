//! What the person pastes, where the web view keeps it from its page: WebKitGTK hands a page the text of the clipboard and
//! nothing else, neither a picture nor files. Other web views hand over all of it, and nothing is read here.

use std::path::PathBuf;

use model::Failure;
use tauri::{WebviewWindow, Wry};

/// What is on the clipboard and is no text.
#[derive(Debug, PartialEq, Eq)]
#[cfg_attr(not(target_os = "linux"), allow(dead_code, reason = "the page was given all of it there"))]
pub enum Pasted {
    /// Files, as file managers copy them.
    Files(Vec<PathBuf>),
    /// A picture: a name for it, and its bytes.
    Picture(&'static str, Vec<u8>),
    /// Nothing that goes with a message.
    Nothing,
}

/// Looks at the clipboard.
///
/// # Errors
///
/// If the program that has it does not answer.
#[cfg(not(target_os = "linux"))]
pub async fn read(_: &WebviewWindow<Wry>) -> Result<Pasted, Failure> {
    Ok(Pasted::Nothing)
}

#[cfg(target_os = "linux")]
pub use gtk_clipboard::read;

#[cfg(target_os = "linux")]
mod gtk_clipboard {
    use std::time::Duration;

    use gtk::{Clipboard, gdk, glib::filename_from_uri};
    use model::FailureCode;
    use tokio::{sync::oneshot, time::timeout};

    use super::{Failure, Pasted, PathBuf, WebviewWindow, Wry};

    /// How long the program that has the clipboard may take.
    const LIMIT: Duration = Duration::from_secs(10);

    /// The kinds of pictures that are pasted, the best first, and what each is called.
    const KINDS: &[(&str, &str)] = &[
        ("image/png", "image.png"),
        ("image/jpeg", "image.jpg"),
        ("image/webp", "image.webp"),
        ("image/gif", "image.gif"),
    ];

    pub async fn read(window: &WebviewWindow<Wry>) -> Result<Pasted, Failure> {
        let unanswered = || {
            let words = "The clipboard did not answer. Copy it once more, and paste it again.";
            Failure::new(FailureCode::Internal, words)
        };
        let (answer, pasted) = oneshot::channel();
        window.run_on_main_thread(move || look(answer)).map_err(|_| unanswered())?;
        timeout(LIMIT, pasted).await.ok().and_then(Result::ok).ok_or_else(unanswered)
    }

    fn look(answer: oneshot::Sender<Pasted>) {
        Clipboard::get(&gdk::SELECTION_CLIPBOARD).request_uris(|clipboard, addresses| {
            let paths: Vec<PathBuf> =
                addresses.iter().filter_map(|address| Some(filename_from_uri(address).ok()?.0)).collect();
            if paths.is_empty() {
                look_for(clipboard, KINDS, answer);
            } else {
                // Nobody waits any more: it took too long.
                let _ = answer.send(Pasted::Files(paths));
            }
        });
    }

    fn look_for(clipboard: &Clipboard, kinds: &'static [(&str, &str)], answer: oneshot::Sender<Pasted>) {
        let Some(((kind, name), others)) = kinds.split_first() else {
            let _ = answer.send(Pasted::Nothing);
            return;
        };
        clipboard.request_contents(&gdk::Atom::intern(kind), move |clipboard, found| match found.data() {
            bytes if bytes.is_empty() => look_for(clipboard, others, answer),
            bytes => {
                let _ = answer.send(Pasted::Picture(name, bytes));
            }
        });
    }
}

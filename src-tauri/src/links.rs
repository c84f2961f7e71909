//! The one place that opens links, and the folder of the log.

use std::path::Path;

use model::{Failure, FailureCode};
use tauri::{AppHandle, Wry};
use tauri_plugin_opener::OpenerExt;
use url::Url;

/// Opens a link in the person's browser or mail program.
///
/// # Errors
///
/// If it is anything but http, https or mailto, or nothing opens it.
pub fn open(app: &AppHandle<Wry>, link: &str) -> Result<(), Failure> {
    let url = allowed(link)?;
    app.opener().open_url(url.as_str(), None::<&str>).map_err(|error| {
        Failure::new(FailureCode::Internal, "No program on this computer opens the link. Copy it instead.")
            .with_detail(error.to_string())
    })
}

/// Opens the folder of the log in the person's file manager. The window cannot name another one.
///
/// # Errors
///
/// If there is none, or nothing opens it.
pub fn open_logs(app: &AppHandle<Wry>, folder: Option<&Path>) -> Result<(), Failure> {
    let folder = folder.ok_or_else(|| Failure::new(FailureCode::Unknown, "There is no log in this run."))?;
    app.opener().open_path(folder.display().to_string(), None::<&str>).map_err(|error| {
        let words = format!("No program on this computer opens the folder. It is “{}”.", folder.display());
        Failure::new(FailureCode::Internal, words).with_detail(error.to_string())
    })
}

fn allowed(link: &str) -> Result<Url, Failure> {
    let url = Url::parse(link.trim()).ok().filter(|url| matches!(url.scheme(), "http" | "https" | "mailto"));
    url.ok_or_else(|| {
        Failure::new(FailureCode::BadInput, "Kittiwake opens only web and mail addresses, and this link is neither.")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_and_mail_addresses_are_opened() {
        for link in ["https://example.com/a?b#c", "http://localhost:1/", " mailto:a@example.com"] {
            assert!(allowed(link).is_ok(), "{link}");
        }
        let refused = [
            "file:///etc/passwd",
            "javascript:alert(1)",
            "java\nscript:x",
            "data:text/html,x",
            "smb://h/s",
            "",
            "/x",
            "ms-word:x",
        ];
        for link in refused {
            assert_eq!(allowed(link).unwrap_err().code, FailureCode::BadInput, "{link}");
        }
    }
}

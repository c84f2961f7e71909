//! What the browser shows at the end. Every word of it is written here: nothing of the address gets into it.

use axum::{
    http::{
        StatusCode,
        header::{
            ALLOW, CACHE_CONTROL, CONNECTION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY,
            X_CONTENT_TYPE_OPTIONS,
        },
    },
    response::{IntoResponse, Response},
};

/// Nothing is loaded, nothing runs, nothing is sent, and no other page shows it inside of itself.
const POLICY: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox";

/// A page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    /// It worked.
    SignedIn,
    /// It did not; the program tells why.
    Failed,
    /// This was answered before.
    Again,
    /// Another page sent the browser here.
    Elsewhere,
    /// Nobody waits any more.
    Over,
    /// There is nothing at this address.
    Nothing,
    /// The address takes GET only.
    NotThus,
}

impl Page {
    fn parts(self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Self::SignedIn => (StatusCode::OK, "You are signed in", "Go back to Kittiwake. You can close this page."),
            Self::Failed => (
                StatusCode::BAD_REQUEST,
                "You are not signed in",
                "Go back to Kittiwake, which says why, and try again there. You can close this page.",
            ),
            Self::Again => (
                StatusCode::GONE,
                "This sign-in was answered before",
                "An answer counts once, and this one was not used. Go back to Kittiwake.",
            ),
            Self::Elsewhere => (
                StatusCode::FORBIDDEN,
                "This answer came from elsewhere",
                "It was not used. Go back to Kittiwake and sign in again there.",
            ),
            Self::Over => (
                StatusCode::GONE,
                "This sign-in is over",
                "Kittiwake does not wait for it any more. Go back and sign in again there.",
            ),
            Self::Nothing => (StatusCode::NOT_FOUND, "Nothing is here", "You can close this page."),
            Self::NotThus => (StatusCode::METHOD_NOT_ALLOWED, "Nothing is here", "You can close this page."),
        }
    }
}

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        let (status, title, words) = self.parts();
        let page = format!(
            "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<meta name=\"color-scheme\" content=\"light \
             dark\">\n<meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n<h1>{title}</h1>\n\
             <p>{words}</p>\n</html>\n"
        );
        let headers = [
            (CONTENT_TYPE, "text/html; charset=utf-8"),
            (CONTENT_SECURITY_POLICY, POLICY),
            (X_CONTENT_TYPE_OPTIONS, "nosniff"),
            // The address holds the code.
            (REFERRER_POLICY, "no-referrer"),
            (CACHE_CONTROL, "no-store"),
            (CONNECTION, "close"),
            (ALLOW, "GET"),
        ];
        (status, headers, page).into_response()
    }
}

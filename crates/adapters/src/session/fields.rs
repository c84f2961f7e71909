//! The fields of a form that say what requests carry, as data.

use crate::form::{Choice, Field, Input, When};

pub(super) const SESSION: &str = "session";
pub(super) const DIRECT: &str = "direct";
pub(super) const ENDPOINT: &str = "endpoint";
pub(super) const URL: &str = "session_url";
pub(super) const METHOD: &str = "session_method";
pub(super) const HEADERS: &str = "session_headers";
pub(super) const BODY: &str = "session_body";
/// The field that says where the secret stands in the answer of a session endpoint.
pub const POINTER: &str = "session_pointer";
pub(super) const REFRESH_URL: &str = "refresh_url";
pub(super) const REFRESH_BODY: &str = "refresh_body";
pub(super) const USER: &str = "user";
pub(super) const CARRIED: &str = "token_header";

const MADE: Option<When> = Some(When { key: SESSION, is: ENDPOINT });

const fn plain(when: Option<When>, key: &'static str, label: &'static str, help: &'static str, input: Input) -> Field {
    Field { key, label, help, input, required: false, when, advanced: false }
}

const fn advanced(key: &'static str, label: &'static str, help: &'static str, input: Input) -> Field {
    Field { advanced: true, ..plain(MADE, key, label, help, input) }
}

/// The fields.
pub(crate) const FIELDS: [Field; 10] = [
    plain(
        None,
        SESSION,
        "What the server takes",
        "Most servers take what you sign in with. Some want a session, which their session endpoint makes of it.",
        Input::Choice(&[
            Choice { value: DIRECT, label: "That itself" },
            Choice { value: ENDPOINT, label: "A session from an endpoint" },
        ]),
    ),
    Field {
        required: true,
        ..plain(
            MADE,
            URL,
            "Session endpoint",
            "The address that makes a session, such as https://chat.example.com/api/chatkit/session.",
            Input::Text,
        )
    },
    advanced(
        METHOD,
        "Method",
        "How the session endpoint is asked.",
        Input::Choice(&[Choice { value: "post", label: "POST" }, Choice { value: "get", label: "GET" }]),
    ),
    advanced(
        BODY,
        "Body",
        "The JSON that it is sent. {{user}}, {{model}}, {{device}} and {{key}}, the token, are filled in.",
        Input::Json,
    ),
    advanced(
        HEADERS,
        "Headers of the session endpoint",
        "More headers for it, one in each line, such as X-App: desktop.",
        Input::Headers,
    ),
    advanced(
        POINTER,
        "Place of the secret",
        "Where the secret stands in its answer, such as /data/token. Empty: client_secret, token or session_id.",
        Input::Text,
    ),
    advanced(REFRESH_URL, "Refresh address", "Where a session is prolonged, if the server can do that.", Input::Text),
    advanced(REFRESH_BODY, "Refresh body", "The JSON that it is sent. {{token}} is the secret so far.", Input::Json),
    advanced(USER, "User", "What {{user}} stands for. Empty: a name made up for this computer.", Input::Text),
    Field {
        when: None,
        ..advanced(
            CARRIED,
            "Header of the token",
            "Where requests carry it, such as X-Auth-Token, or Authorization: Token. Empty: Authorization, after the word \
             Bearer.",
            Input::Text,
        )
    },
];

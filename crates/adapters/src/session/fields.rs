//! The fields of a form that say where the secret comes from, as data.

use serde_json::{Value, json};

use crate::form::{Choice, Field, Input, TOKEN, When};

pub(super) const SESSION: &str = "session";
pub(super) const KEY: &str = "token";
pub(super) const ENDPOINT: &str = "endpoint";
pub(super) const URL: &str = "session_url";
pub(super) const METHOD: &str = "session_method";
pub(super) const HEADERS: &str = "session_headers";
pub(super) const BODY: &str = "session_body";
pub(super) const POINTER: &str = "session_pointer";
pub(super) const REFRESH_URL: &str = "refresh_url";
pub(super) const REFRESH_BODY: &str = "refresh_body";
pub(super) const USER: &str = "user";
pub(super) const LOGIN: &str = "login";
pub(super) const LOGIN_URL: &str = "login_url";
pub(super) const LOGIN_USER: &str = "login_user";
pub(super) const LOGIN_BODY: &str = "login_body";
pub(super) const LOGIN_POINTER: &str = "login_pointer";
pub(super) const CARRIED: &str = "token_header";

const GIVEN: Option<When> = Some(When { key: SESSION, is: KEY });
const MADE: Option<When> = Some(When { key: SESSION, is: ENDPOINT });
const SIGNED_IN: Option<When> = Some(When { key: SESSION, is: LOGIN });

const fn plain(when: Option<When>, key: &'static str, label: &'static str, help: &'static str, input: Input) -> Field {
    Field { key, label, help, input, required: false, when, advanced: false }
}

const fn advanced(key: &'static str, label: &'static str, help: &'static str, input: Input) -> Field {
    Field { advanced: true, ..plain(MADE, key, label, help, input) }
}

const TOKEN_HELP: &str = "From whoever runs the server. Leave it empty if none is needed.";

/// The fields.
pub(crate) const FIELDS: [Field; 17] = [
    plain(
        None,
        SESSION,
        "Sign in with",
        "Most servers take a token. Some want a name and a password, or a session first, which their endpoint makes.",
        Input::Choice(&[
            Choice { value: KEY, label: "A token, or nothing" },
            Choice { value: LOGIN, label: "E-mail and password" },
            Choice { value: ENDPOINT, label: "A session endpoint" },
        ]),
    ),
    Field {
        required: true,
        ..plain(
            SIGNED_IN,
            LOGIN_URL,
            "Login address",
            "The address that takes the name and the password, such as https://chat.example.com/auth/login.",
            Input::Text,
        )
    },
    Field {
        required: true,
        ..plain(SIGNED_IN, LOGIN_USER, "E-mail or user name", "As the server knows you.", Input::Text)
    },
    Field {
        required: true,
        ..plain(SIGNED_IN, TOKEN, "Password", "It goes to the login address and nowhere else.", Input::Secret)
    },
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
    plain(MADE, TOKEN, "Token", TOKEN_HELP, Input::Secret),
    plain(GIVEN, TOKEN, "Token", TOKEN_HELP, Input::Secret),
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
    advanced(HEADERS, "Headers", "More headers for it, one in each line, such as X-App: desktop.", Input::Headers),
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
        when: SIGNED_IN,
        ..advanced(
            LOGIN_BODY,
            "Body",
            "The JSON that the login address is sent: {{user}} and {{key}} are the name and the password. Empty: email and \
             password.",
            Input::Json,
        )
    },
    Field {
        when: SIGNED_IN,
        ..advanced(
            LOGIN_POINTER,
            "Place of the token",
            "Where the token stands in the answer, such as /data/jwt. Empty: access_token or token.",
            Input::Text,
        )
    },
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

/// What a login address is sent if nothing else was said.
pub(super) fn usual_login() -> Value {
    json!({"email": "{{user}}", "password": "{{key}}"})
}

//! The fields of a form that say how the person signs in, as data.

use serde_json::{Value, json};

use crate::form::{Choice, Field, Input, TOKEN, When};

/// The key of the field that holds the secret which few identity providers give to a program.
pub const OAUTH_SECRET: &str = "oauth_secret";

pub(super) const SIGN_IN: &str = "sign_in";
pub(super) const KEY: &str = "token";
pub(super) const LOGIN: &str = "login";
pub(super) const BROWSER: &str = "browser";
pub(super) const LOGIN_URL: &str = "login_url";
pub(super) const LOGIN_USER: &str = "login_user";
pub(super) const LOGIN_BODY: &str = "login_body";
/// The field that says where the token stands in the answer of a login.
pub const LOGIN_POINTER: &str = "login_pointer";
pub(super) const LOGIN_GIVES: &str = "login_gives";
pub(super) const COOKIE: &str = "cookie";
pub(super) const ISSUER: &str = "oauth_issuer";
pub(super) const CLIENT: &str = "oauth_client";
pub(super) const SCOPES: &str = "oauth_scopes";
pub(super) const FLOW: &str = "oauth_flow";
pub(super) const DEVICE_FLOW: &str = "device";
pub(super) const AUDIENCE: &str = "oauth_audience";
pub(super) const RESOURCE: &str = "oauth_resource";
pub(super) const PROMPT: &str = "oauth_prompt";
pub(super) const PORT: &str = "oauth_port";
pub(super) const AUTHORIZATION_URL: &str = "oauth_authorization_url";
pub(super) const TOKEN_URL: &str = "oauth_token_url";
pub(super) const DEVICE_URL: &str = "oauth_device_url";
pub(super) const REVOCATION_URL: &str = "oauth_revocation_url";

const GIVEN: Option<When> = Some(When { key: SIGN_IN, is: KEY });
const LOGGED_IN: Option<When> = Some(When { key: SIGN_IN, is: LOGIN });
const BROWSED: Option<When> = Some(When { key: SIGN_IN, is: BROWSER });

const fn plain(when: Option<When>, key: &'static str, label: &'static str, help: &'static str, input: Input) -> Field {
    Field { key, label, help, input, required: false, when, advanced: false }
}

const fn needed(when: Option<When>, key: &'static str, label: &'static str, help: &'static str, input: Input) -> Field {
    Field { required: true, ..plain(when, key, label, help, input) }
}

const fn advanced(
    when: Option<When>,
    key: &'static str,
    label: &'static str,
    help: &'static str,
    input: Input,
) -> Field {
    Field { advanced: true, ..plain(when, key, label, help, input) }
}

const fn of_provider(key: &'static str, label: &'static str, help: &'static str) -> Field {
    advanced(BROWSED, key, label, help, Input::Text)
}

/// The fields.
pub(crate) const FIELDS: [Field; 21] = [
    plain(
        None,
        SIGN_IN,
        "Sign in with",
        "A token from whoever runs the server, a name and a password, or the page where you sign in everywhere else.",
        Input::Choice(&[
            Choice { value: KEY, label: "A token, or nothing" },
            Choice { value: LOGIN, label: "E-mail and password" },
            Choice { value: BROWSER, label: "Your browser" },
        ]),
    ),
    plain(GIVEN, TOKEN, "Token", "From whoever runs the server. Leave it empty if none is needed.", Input::Secret),
    needed(
        LOGGED_IN,
        LOGIN_URL,
        "Login address",
        "The address that takes the name and the password, such as https://chat.example.com/auth/login.",
        Input::Text,
    ),
    needed(LOGGED_IN, LOGIN_USER, "E-mail or user name", "As the server knows you.", Input::Text),
    needed(LOGGED_IN, TOKEN, "Password", "It goes to the login address and nowhere else.", Input::Secret),
    plain(
        BROWSED,
        ISSUER,
        "Identity provider",
        "Its issuer, such as https://login.example.com. Where to sign in is found there (OpenID Connect).",
        Input::Text,
    ),
    needed(BROWSED, CLIENT, "Client ID", "What the provider knows Kittiwake as, from whoever runs it.", Input::Text),
    plain(
        BROWSED,
        SCOPES,
        "Scopes",
        "What to ask for, such as profile offline_access. Many providers prolong a sign-in only with offline_access.",
        Input::Text,
    ),
    advanced(
        LOGGED_IN,
        LOGIN_BODY,
        "Login body",
        "The JSON that the login address is sent: {{user}} and {{key}} are the name and the password. Empty: email and \
         password.",
        Input::Json,
    ),
    advanced(
        LOGGED_IN,
        LOGIN_GIVES,
        "What the login gives",
        "What requests carry from then on.",
        Input::Choice(&[
            Choice { value: "token", label: "A token in its answer" },
            Choice { value: COOKIE, label: "A session cookie" },
        ]),
    ),
    advanced(
        LOGGED_IN,
        LOGIN_POINTER,
        "Place of the token",
        "Where the token stands in the answer, such as /data/jwt; for a cookie its name. Empty: access_token or token, or \
         all cookies.",
        Input::Text,
    ),
    advanced(
        BROWSED,
        FLOW,
        "Where to sign in",
        "A code is for a computer that has no browser.",
        Input::Choice(&[
            Choice { value: "browser", label: "In this computer's browser" },
            Choice { value: DEVICE_FLOW, label: "Elsewhere, with a code" },
        ]),
    ),
    of_provider(AUDIENCE, "Audience", "For whom the token is to be, where the provider asks for that."),
    of_provider(RESOURCE, "Resource", "The same as an address, for providers that go by RFC 8707."),
    of_provider(PROMPT, "Prompt", "Such as login or select_account. Empty: as the provider needs it."),
    advanced(
        BROWSED,
        PORT,
        "Port to come back to",
        "For providers that allow only http://127.0.0.1 with a certain port. Empty: any that is free.",
        Input::Number,
    ),
    advanced(BROWSED, OAUTH_SECRET, "Client secret", "Few providers give one to a program.", Input::Secret),
    of_provider(AUTHORIZATION_URL, "Authorization address", "Only for providers without an issuer."),
    of_provider(TOKEN_URL, "Token address", "Only for providers without an issuer."),
    of_provider(DEVICE_URL, "Device code address", "Only for providers without an issuer."),
    of_provider(
        REVOCATION_URL,
        "Revocation address",
        "Only for providers without an issuer: where signing out is told.",
    ),
];

/// What a login address is sent if nothing else was said.
pub(super) fn usual_login() -> Value {
    json!({"email": "{{user}}", "password": "{{key}}"})
}

//! What is wrong with the credentials of a request that was refused: by what the server asks for, by what it says, and by
//! what was sent.

use std::time::{SystemTime, UNIX_EPOCH};

use adapters::session::has_ended;
use model::{Carried, Connection, Failure, Finding, SessionSource};
use secrecy::SecretString;
use serde_json::Value;
use transport::TransportError;

use crate::reason::says;

/// What a request carried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent<'a> {
    /// Nothing that says who is calling.
    Nothing,
    /// A secret, after a word in `Authorization`.
    After(&'a str),
    /// A secret in a place of its own.
    Apart,
}

impl<'a> Sent<'a> {
    /// What requests to the server of a connection carry.
    pub fn to(connection: &'a Connection) -> Self {
        let open = connection.session == SessionSource::None && connection.sign_in.is_key();
        match &connection.carried {
            _ if open && connection.secret_headers.is_empty() => Self::Nothing,
            _ if open => Self::Apart,
            carried => Self::carried(carried.as_ref()),
        }
    }

    /// A secret that is carried in a header, or as usual.
    pub fn carried(carried: Option<&'a Carried>) -> Self {
        match carried {
            None => Self::After("Bearer"),
            Some(Carried { header, scheme: Some(scheme) }) if header.eq_ignore_ascii_case("authorization") => {
                Self::After(scheme)
            }
            Some(_) => Self::Apart,
        }
    }
}

/// What is wrong with the credentials of a request that was refused with 401. `challenge` is what the server asks for, and
/// `body` what it says.
pub fn refused(challenge: Option<&str>, body: &str, sent: Sent<'_>) -> Finding {
    let challenge = challenge.unwrap_or_default();
    let wanted = schemes(challenge);
    let other = match sent {
        Sent::Nothing => return Finding::CredentialsMissing,
        Sent::After(scheme) => !wanted.iter().any(|wanted| wanted.eq_ignore_ascii_case(scheme)),
        // What is asked for in a place of its own has no name that everybody knows.
        Sent::Apart => wanted.iter().any(|wanted| ["basic", "bearer"].contains(&wanted.to_lowercase().as_str())),
    };
    let said = format!("{challenge} {body}").to_lowercase();
    if !wanted.is_empty() && other || has(&said, MISSING) || misses_header(body) {
        return Finding::CredentialsWrongScheme;
    }
    if said.contains("expired") && !has(&said, UNSURE) {
        return Finding::CredentialsExpired;
    }
    if has(&said, MALFORMED) || parameter(challenge, "error") == Some("invalid_request") {
        return Finding::CredentialsMalformed;
    }
    Finding::CredentialsRefused
}

/// The same for 403, with which some frameworks refuse whoever sends no credentials.
pub fn wanted(body: &str, sent: Sent<'_>) -> Option<Finding> {
    let said = body.to_lowercase();
    let is_missing = said.contains("not authenticated") || has(&said, MISSING);
    (sent == Sent::Nothing && is_missing).then_some(Finding::CredentialsMissing)
}

/// The same for 422, with which FastAPI says that a header is missing.
pub fn header_wanted(body: &str, sent: Sent<'_>) -> Option<Finding> {
    let other = if sent == Sent::Nothing { Finding::CredentialsMissing } else { Finding::CredentialsWrongScheme };
    misses_header(body).then_some(other)
}

/// What a server says that sees no credentials.
const MISSING: &[&str] = &[
    "missing authorization",
    "missing bearer",
    "missing token",
    "missing api key",
    "missing credentials",
    "authorization header missing",
    "authorization header is missing",
    "authorization header required",
    "authorization header is required",
    "token missing",
    "token is missing",
    "key missing",
    "key is missing",
    "not provided",
    "no token",
    "no api key",
    "no credentials",
    "didn't provide",
];

/// What a server says that cannot read them.
const MALFORMED: &[&str] = &[
    "malformed",
    "segments",
    "decode",
    "could not parse",
    "cannot parse",
    "unable to parse",
    "invalid token format",
    "invalid format",
    "wrong format",
    "bad format",
    "invalid jwt",
    "not a jwt",
];

/// What a server says that does not tell one from the other.
const UNSURE: &[&str] = &["or expired", "expired or", "/expired", "expired/"];

fn has(said: &str, words: &[&str]) -> bool {
    words.iter().any(|words| said.contains(words))
}

/// Whether a server says, as FastAPI does, that it misses a header in which credentials are carried.
fn misses_header(body: &str) -> bool {
    let Ok(json) = serde_json::from_str::<Value>(body) else { return false };
    json["detail"].as_array().into_iter().flatten().any(|wrong| {
        let name = wrong["loc"][1].as_str().unwrap_or_default().to_lowercase();
        let carries = ["authorization", "key", "token", "auth"].iter().any(|part| name.contains(part));
        wrong["loc"][0] == "header" && wrong["type"] == "missing" && carries
    })
}

/// The parts of a challenge: what stands between commas that are not in quotes.
fn parts(challenge: &str) -> Vec<&str> {
    let mut quoted = false;
    let between = challenge.split(|char| {
        quoted ^= char == '"';
        char == ',' && !quoted
    });
    between.map(str::trim).collect()
}

/// The schemes that a challenge names, such as `Bearer`.
pub fn schemes(challenge: &str) -> Vec<&str> {
    let first = |part: &str| part.split_whitespace().next().map(str::len);
    let all = parts(challenge).into_iter().filter_map(|part| part.get(..first(part)?));
    all.filter(|word| !word.contains('=')).collect()
}

/// A parameter of a challenge.
fn parameter<'a>(challenge: &'a str, name: &str) -> Option<&'a str> {
    parts(challenge).into_iter().find_map(|part| {
        let (key, value) = part.split_once('=')?;
        let key = key.split_whitespace().last()?;
        key.eq_ignore_ascii_case(name).then(|| value.trim().trim_matches('"'))
    })
}

/// What to tell whoever gave a token, or none, of a refusal with a status. `None` where the usual words say it.
pub fn words(name: &str, finding: Finding, status: u16, challenge: Option<&str>) -> Option<String> {
    let wanted = schemes(challenge.unwrap_or_default());
    let wanted = if wanted.is_empty() { String::new() } else { format!(", as {}", wanted.join(" or ")) };
    Some(match finding {
        Finding::CredentialsMissing => format!(
            "“{name}” wants to know who is calling{wanted} (status {status}), and nothing was sent that says so. Give it a \
             token in Settings → Connections."
        ),
        Finding::CredentialsExpired => format!(
            "“{name}” does not accept the token (status {status}), which has expired. Put a new one in Settings → Connections."
        ),
        Finding::CredentialsMalformed => format!(
            "“{name}” cannot read the token that it was sent (status {status}). Copy it again, whole and without a word before \
             it, into Settings → Connections."
        ),
        Finding::CredentialsWrongScheme => format!(
            "“{name}” does not see the token that it was sent (status {status}): it wants it in another way{wanted}. Set \
             “Header of the token” under “More settings” in Settings → Connections."
        ),
        _ => return None,
    })
}

/// A refusal of which more is known by what was sent: a token may say itself that its time is over. `name` is that of the
/// connection, if the token is what the person gave. Nothing of the token is told.
pub fn looked_into(
    failure: Failure,
    name: Option<&str>,
    token: Option<&SecretString>,
    error: &TransportError,
) -> Failure {
    let TransportError::Status { status, date, challenge, snippet, .. } = error else { return failure };
    if failure.finding != Some(Finding::CredentialsRefused) || !token.is_some_and(|token| is_over(token, *date)) {
        return failure;
    }
    let words = name.and_then(|name| words(name, Finding::CredentialsExpired, *status, challenge.as_deref()));
    let message = words.map_or(failure.message, |words| words + &says(snippet));
    Failure { message, ..failure }.found(Finding::CredentialsExpired)
}

/// Whether a token says itself that its time is over, by the server's clock if that is known.
pub fn is_over(token: &SecretString, date: Option<SystemTime>) -> bool {
    let now = date.unwrap_or_else(SystemTime::now).duration_since(UNIX_EPOCH).unwrap_or_default();
    has_ended(token, i64::try_from(now.as_millis()).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use Finding::{
        CredentialsExpired as Expired, CredentialsMalformed as Malformed, CredentialsMissing as Missing,
        CredentialsRefused as Refused, CredentialsWrongScheme as WrongScheme,
    };

    #[test]
    fn what_a_server_asks_for_and_says_tells_what_is_wrong() {
        let bearer = Sent::After("Bearer");
        for (challenge, body, sent, found) in [
            ("Bearer", r#"{"detail": "Not authenticated"}"#, Sent::Nothing, Missing),
            ("", "", Sent::Nothing, Missing),
            ("", r#"{"detail": "Invalid API key"}"#, bearer, Refused),
            ("Bearer", r#"{"detail": "Not authenticated"}"#, bearer, Refused),
            ("Bearer error=\"invalid_token\"", "", bearer, Refused),
            ("Bearer error=\"invalid_token\", error_description=\"The token expired, twice\"", "", bearer, Expired),
            ("", r#"{"error": {"code": "expired_client_secret"}}"#, bearer, Expired),
            ("", "Invalid or expired token", bearer, Refused),
            ("Bearer error=\"invalid_request\"", "", bearer, Malformed),
            ("", r#"{"msg": "Not enough segments"}"#, bearer, Malformed),
            ("Basic realm=\"a, Bearer b\"", "", bearer, WrongScheme),
            ("Basic realm=\"a\", bearer", "", bearer, Refused),
            ("Basic", "", Sent::After("basic"), Refused),
            ("Bearer", "", Sent::Apart, WrongScheme),
            ("APIKey", "", Sent::Apart, Refused),
            ("", r#"{"error": "Missing API key in X-API-Key"}"#, bearer, WrongScheme),
        ] {
            assert_eq!(refused(Some(challenge), body, sent), found, "{challenge} {body} {sent:?}");
        }
        assert_eq!(refused(None, "", bearer), Refused);
    }

    #[test]
    fn other_statuses_say_it_only_in_clear_words() {
        let (nothing, bearer) = (Sent::Nothing, Sent::After("Bearer"));
        assert_eq!(wanted(r#"{"detail": "Not authenticated"}"#, nothing), Some(Missing));
        assert_eq!(wanted(r#"{"detail": "Not authenticated"}"#, bearer), None);
        assert_eq!(wanted("You may not do this", nothing), None);
        let header = r#"{"detail": [{"type": "missing", "loc": ["header", "x-api-key"], "msg": "Field required"}]}"#;
        assert_eq!(header_wanted(header, nothing), Some(Missing));
        assert_eq!(header_wanted(header, bearer), Some(WrongScheme));
        let body = r#"{"detail": [{"type": "missing", "loc": ["body", "token"], "msg": "Field required"}]}"#;
        assert_eq!(header_wanted(body, nothing), None);
    }

    #[test]
    fn the_words_name_what_is_wanted() {
        let told = |finding, challenge| words("Office", finding, 401, Some(challenge)).unwrap();
        assert!(told(WrongScheme, "Basic realm=\"x\"").contains("in another way, as Basic."));
        assert!(told(Missing, "").contains("who is calling (status 401)"));
        assert_eq!(words("Office", Refused, 401, None), None);
    }
}

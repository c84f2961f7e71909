//! The answer of a session endpoint.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value};

use super::expiry::{self, Expiry};

/// Where a secret stands in the answers of most servers, the likeliest first.
const USUAL: [&str; 4] = ["client_secret", "token", "access_token", "session_id"];

/// The longest secret, in bytes: no server takes a longer header.
const LONGEST: usize = 16 * 1024;

/// How far down a secret is looked for, and how many places are offered.
const DEPTH: usize = 5;
const OFFERED: usize = 5;

/// How many other fields are kept, and how long each may be, in characters.
const SHOWN: usize = 20;
const SHOWN_LENGTH: usize = 200;

/// What a session endpoint granted.
#[derive(Debug, Clone)]
pub struct Grant {
    /// What requests carry from now on.
    pub secret: SecretString,
    /// When that ends.
    pub expiry: Expiry,
    /// A field that should say when it ends and cannot be read.
    pub unreadable_expiry: Option<&'static str>,
    /// Where the secret stood, as a JSON Pointer.
    pub found_at: String,
    /// The other fields of the answer that are words or numbers, such as `user_id` and `domain_key`: for the person to
    /// see. None whose name sounds like a secret.
    pub fields: Vec<(String, String)>,
}

/// Why an answer grants nothing. The words are for whoever runs the server, and hold nothing of a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GrantError {
    /// It is a web page, as a login page would be.
    #[error("it answered with a web page, probably a login page, instead of JSON.")]
    Html,
    /// It is no JSON.
    #[error("it answered with something that is not JSON.")]
    NotJson,
    /// It has no secret where one is looked for.
    #[error("its answer has no secret at {looked}. It has these fields: {has}.{}", hint(.maybe))]
    Missing {
        /// Where it was looked for.
        looked: String,
        /// The names that are there instead.
        has: String,
        /// Where it may stand, as JSON Pointers, the likeliest first.
        maybe: Vec<String>,
    },
    /// There is null.
    #[error("its answer has null at {at}, where the secret should be a text.{}", hint(.maybe))]
    Null {
        /// Where.
        at: String,
        /// Where it may stand, as JSON Pointers, the likeliest first.
        maybe: Vec<String>,
    },
    /// What stands there is no text.
    #[error("its answer has {what} at {at}, where the secret should be a text.{}", hint(.maybe))]
    NotText {
        /// Where.
        at: String,
        /// What it is: a number, a list …
        what: &'static str,
        /// Where it may stand, as JSON Pointers, the likeliest first.
        maybe: Vec<String>,
    },
    /// It is empty.
    #[error("its answer has an empty secret at {at}.")]
    Empty {
        /// Where.
        at: String,
    },
    /// It cannot stand in a header.
    #[error(
        "the secret at {at} in its answer has a line break, a space or another character that cannot \
         be sent."
    )]
    Unsendable {
        /// Where.
        at: String,
    },
    /// It sets no cookie.
    #[error("it sets no cookie{}. The name and the password may be wrong, or it gives a token instead.", named(.name.as_deref()))]
    NoCookie {
        /// What was looked for.
        name: Option<String>,
    },
    /// It is longer than any server takes.
    #[error("the secret at {at} in its answer is {bytes} bytes long; no server takes that.")]
    TooLong {
        /// Where.
        at: String,
        /// How long.
        bytes: usize,
    },
}

fn named(name: Option<&str>) -> String {
    name.map(|name| format!(" called “{name}”")).unwrap_or_default()
}

fn hint(maybe: &[String]) -> String {
    maybe.first().map(|at| format!(" If the secret is the one at {at}, write that into its field.")).unwrap_or_default()
}

impl GrantError {
    /// Where the secret may stand instead, as JSON Pointers, the likeliest first.
    pub fn places(&self) -> &[String] {
        match self {
            Self::Missing { maybe, .. } | Self::Null { maybe, .. } | Self::NotText { maybe, .. } => maybe,
            _ => &[],
        }
    }
}

/// Reads an answer. `pointer` is where its secret stands, if that was said.
///
/// # Errors
///
/// If there is no secret in it that could be sent.
pub fn read(body: &[u8], pointer: Option<&str>) -> Result<Grant, GrantError> {
    let json: Value = serde_json::from_slice(body).map_err(|_| match body.trim_ascii_start().first() {
        Some(b'<') => GrantError::Html,
        _ => GrantError::NotJson,
    })?;
    let none = Map::new();
    let root = json.as_object().unwrap_or(&none);
    let (at, value) = find(&json, pointer).ok_or_else(|| missing(&json, pointer))?;
    // OpenAI's own habit elsewhere: the secret is an object with its value and its end.
    let (at, value, inside) = match value {
        Value::Object(fields) if fields.contains_key("value") => {
            (format!("{at}/value"), &fields["value"], Some(fields))
        }
        _ => (at, value, None),
    };
    let secret = sendable(&at, value).map_err(|error| elsewhere(error, &json))?;
    let beside = at.rsplit_once('/').and_then(|(parent, _)| json.pointer(parent)).and_then(Value::as_object);
    let mut said = (Expiry::Unsaid, None);
    for fields in [inside, beside, Some(root)].into_iter().flatten() {
        said = expiry::read(fields);
        if said != (Expiry::Unsaid, None) {
            break;
        }
    }
    if said.0 == Expiry::Unsaid
        && let Some(end) = expiry::of_jwt(secret.expose_secret())
    {
        said.0 = end;
    }
    Ok(Grant { secret, expiry: said.0, unreadable_expiry: said.1, fields: shown(root), found_at: at })
}

fn find<'a>(json: &'a Value, pointer: Option<&str>) -> Option<(String, &'a Value)> {
    if let Some(pointer) = pointer {
        return json.pointer(pointer).map(|value| (pointer.to_owned(), value));
    }
    // What is null may have its real place in another field.
    let named = USUAL.iter().find(|name| json.get(name).is_some_and(|value| !value.is_null()));
    let name = named.or_else(|| USUAL.iter().find(|name| json.get(name).is_some()))?;
    Some((format!("/{name}"), &json[name]))
}

pub(super) fn sendable(at: &str, value: &Value) -> Result<SecretString, GrantError> {
    let at = at.to_owned();
    let text = match value {
        Value::String(text) => text,
        Value::Null => return Err(GrantError::Null { at, maybe: Vec::new() }),
        other => return Err(GrantError::NotText { at, what: what(other), maybe: Vec::new() }),
    };
    if text.trim().is_empty() {
        return Err(GrantError::Empty { at });
    }
    if text.len() > LONGEST {
        return Err(GrantError::TooLong { at, bytes: text.len() });
    }
    if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(GrantError::Unsendable { at });
    }
    Ok(text.as_str().into())
}

fn what(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

fn missing(json: &Value, pointer: Option<&str>) -> GrantError {
    let looked = match pointer {
        Some(pointer) => pointer.to_owned(),
        None => USUAL.map(|name| format!("“{name}”")).join(", "),
    };
    let names: Vec<&str> = match json {
        Value::Object(fields) => fields.keys().map(String::as_str).take(SHOWN).collect(),
        _ => Vec::new(),
    };
    let has = if names.is_empty() { format!("none, it is {}", what(json)) } else { names.join(", ") };
    GrantError::Missing { looked, has, maybe: guesses(json) }
}

/// What is no secret, with the places where one may be.
fn elsewhere(error: GrantError, json: &Value) -> GrantError {
    match error {
        GrantError::Null { at, .. } => GrantError::Null { at, maybe: guesses(json) },
        GrantError::NotText { at, what, .. } => GrantError::NotText { at, what, maybe: guesses(json) },
        other => other,
    }
}

/// Where a secret may stand whose place nobody said: in fields that sound like one and could be sent, from above.
fn guesses(json: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let mut level = vec![(String::new(), json)];
    for _ in 0..DEPTH {
        let mut below = Vec::new();
        for (at, value) in level {
            for (name, value) in value.as_object().into_iter().flatten() {
                let place = format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
                let long = value.as_str().is_some_and(|text| text.len() > 7);
                // With what a session is prolonged is not what requests carry.
                let meant = sounds_secret(name) && !name.to_ascii_lowercase().contains("refresh");
                if long && meant && sendable(&place, value).is_ok() {
                    found.push(place.clone());
                }
                below.push((place, value));
            }
        }
        level = below;
    }
    found.truncate(OFFERED);
    found
}

/// Whether what stands under a name may be a secret. A domain key is none: it stands in the page of whoever embeds the
/// chat.
fn sounds_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    if name == "domain_key" {
        return false;
    }
    ["secret", "token", "key", "password", "cookie", "credential", "auth"].iter().any(|part| name.contains(part))
}

/// What may be shown of an answer.
fn shown(fields: &Map<String, Value>) -> Vec<(String, String)> {
    let words = fields.iter().filter_map(|(name, value)| {
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            Value::Bool(truth) => truth.to_string(),
            _ => return None,
        };
        let told_elsewhere = USUAL.contains(&name.as_str()) || name.starts_with("expires");
        let open = !(sounds_secret(name) || told_elsewhere);
        open.then(|| (name.clone(), text.chars().take(SHOWN_LENGTH).collect()))
    });
    words.take(SHOWN).collect()
}

impl fmt::Display for Expiry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unsaid => f.write_str("no end said"),
            Self::In(time) => write!(f, "ends in {} s", time.as_secs()),
            Self::At(time) => match jiff::Timestamp::from_millisecond(*time) {
                Ok(time) => write!(f, "ends at {time}"),
                Err(_) => f.write_str("ends at a time that no calendar has"),
            },
        }
    }
}

/// Whether a token says itself that it has ended, at a time in milliseconds since 1970 UTC. False for one that says nothing.
pub fn has_ended(token: &SecretString, now: i64) -> bool {
    matches!(expiry::of_jwt(token.expose_secret()), Some(Expiry::At(end)) if end <= now)
}

impl Grant {
    /// How long the secret is, in bytes: all that may be told of it.
    pub fn length(&self) -> usize {
        self.secret.expose_secret().len()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::json;

    use super::*;

    fn granted(json: &Value, pointer: Option<&str>) -> (String, Expiry) {
        let grant = read(json.to_string().as_bytes(), pointer).unwrap();
        (grant.secret.expose_secret().to_owned(), grant.expiry)
    }

    fn refused(json: &Value, pointer: Option<&str>) -> GrantError {
        read(json.to_string().as_bytes(), pointer).unwrap_err()
    }

    #[test]
    fn a_secret_is_found_where_servers_put_it() {
        let at = Expiry::At(1_795_280_400_000);
        for (answer, pointer, expiry) in [
            (json!({"client_secret": "ek_1", "expires_at": 1_795_280_400, "id": "x"}), None, at),
            (json!({"token": "ek_1", "session_id": "s"}), None, Expiry::Unsaid),
            (json!({"session_id": "ek_1", "expires_in": 60}), None, Expiry::In(Duration::from_secs(60))),
            (json!({"client_secret": {"value": "ek_1", "expires_at": 1_795_280_400}}), None, at),
            (json!({"client_secret": null, "token": "ek_1"}), None, Expiry::Unsaid),
            (json!({"data": {"jwt": "ek_1", "expires_at": 1_795_280_400}}), Some("/data/jwt"), at),
            (json!({"data": {"jwt": "ek_1"}, "expires_at": 1_795_280_400}), Some("/data/jwt"), at),
            (json!("ek_1"), Some(""), Expiry::Unsaid),
        ] {
            assert_eq!(granted(&answer, pointer), ("ek_1".to_owned(), expiry), "{answer}");
        }
    }

    #[test]
    fn every_mistake_has_its_name_and_tells_nothing() {
        let long = "x".repeat(20_000);
        for (answer, pointer, wrong) in [
            (json!({"client_secret": null}), None, "null at /client_secret"),
            (json!({"client_secret": 7}), None, "a number at /client_secret"),
            (json!({"client_secret": ""}), None, "an empty secret"),
            (json!({"client_secret": " \n"}), None, "an empty secret"),
            (json!({"token": "sesame\nsesame"}), None, "line break"),
            (json!({"token": "sesamé"}), None, "cannot be sent"),
            (json!({"token": long}), None, "20000 bytes"),
            (json!({"data": {"api_key": "sesame-sesame"}, "domain_key": "domain_pk_1"}), None, "/data/api_key"),
            (json!({"secret/x": "sesame-sesame"}), None, "/secret~1x"),
            (json!({"token": null, "data": {"jwt_token": "sesame-sesame"}}), None, "the one at /data/jwt_token"),
            (json!({"token": {"secret": "sesame-sesame"}}), None, "the one at /token/secret"),
            (json!({"ok": true}), Some("/a/b"), "no secret at /a/b. It has these fields: ok."),
            (json!(["sesame"]), None, "it is a list"),
        ] {
            let words = refused(&answer, pointer).to_string();
            assert!(words.contains(wrong) && !words.contains("sesame"), "{answer}: {words}");
        }
        assert_eq!(read(b"  <!doctype html>", None).unwrap_err(), GrantError::Html);
        for body in [&b""[..], b"ek_1", b"{\"token\":"] {
            assert_eq!(read(body, None).unwrap_err(), GrantError::NotJson);
        }
    }

    #[test]
    fn the_places_where_a_secret_may_be_are_offered_from_above() {
        let answer = json!({"data": {"auth": {"key": "sesame-sesame"}, "chat_token": "sesame-sesame"}, "my_key": "sesame-sesame",
            "secret_words": "sesame sesame", "domain_key": "domain_pk_1"});
        assert_eq!(refused(&answer, None).places(), ["/my_key", "/data/chat_token", "/data/auth/key"]);
        assert!(refused(&json!({"client_secret": 7}), None).places().is_empty());
    }

    #[test]
    fn a_token_says_whether_it_has_ended() {
        // {"exp": 1795280400}
        let token: SecretString = "e30.eyJleHAiOiAxNzk1MjgwNDAwfQ.c2ln".into();
        assert!(has_ended(&token, 1_795_280_400_000) && !has_ended(&token, 1_795_280_399_999));
        assert!(!has_ended(&"ek_1".into(), i64::MAX));
    }

    #[test]
    fn what_else_was_said_is_shown_and_secrets_are_not() {
        let answer = json!({"client_secret": "ek_1", "expires_in": 600, "user_id": 7, "domain_key": "domain_pk_1", "refresh_token": "r",
            "plan": "x".repeat(1000), "nested": {"a": 1}, "session_id": "s"});
        let grant = read(answer.to_string().as_bytes(), None).unwrap();
        let mut names: Vec<_> = grant.fields.iter().map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        assert_eq!(names, ["domain_key", "plan", "user_id"]);
        assert!(grant.fields.iter().all(|(_, value)| value.chars().count() <= SHOWN_LENGTH));
        assert!(!format!("{grant:?}").contains("ek_1"));
        assert_eq!((grant.length(), grant.found_at.as_str()), (4, "/client_secret"));
    }
}

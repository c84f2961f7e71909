//! When a session ends, in the ways in which servers say it.

use std::time::Duration;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD as URL_SAFE_NO_PAD};
use serde_json::{Map, Value};

/// From here on a number of Unix time is milliseconds: as seconds it would be in the year 5138.
const MILLISECONDS: f64 = 1e11;

/// What an answer says about the end of the session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expiry {
    /// Nothing, or nothing that can be read: the secret is good until it is refused.
    Unsaid,
    /// At a time by the server's clock, in milliseconds since 1970 UTC.
    At(i64),
    /// After a time.
    In(Duration),
}

/// What the fields of an answer say. One that cannot be read is named, and counts as unsaid.
pub(super) fn read(fields: &Map<String, Value>) -> (Expiry, Option<&'static str>) {
    let mut unreadable = None;
    let mut look = |names: [&'static str; 2], read: fn(&Value) -> Option<Expiry>| {
        let name = names.into_iter().find(|name| fields.get(*name).is_some_and(|value| !value.is_null()))?;
        let expiry = read(&fields[name]);
        if expiry.is_none() {
            unreadable = Some(name);
        }
        expiry
    };
    let expiry = look(["expires_at", "expiresAt"], at).or_else(|| look(["expires_in", "expiresIn"], within));
    (expiry.unwrap_or(Expiry::Unsaid), unreadable)
}

/// What a JSON Web Token says of its own end; nothing for whatever is none. Nobody checks its signature: it is the server
/// that has to believe it.
pub(super) fn of_jwt(token: &str) -> Option<Expiry> {
    let mut parts = token.split('.');
    let (Some(_), Some(claims), Some(_), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return None;
    };
    let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()?;
    at(claims.get("exp")?)
}

fn at(value: &Value) -> Option<Expiry> {
    if let Some(number) = number(value) {
        let milliseconds = if number.abs() < MILLISECONDS { number * 1000.0 } else { number };
        return (milliseconds.abs() < 1e15).then(|| Expiry::At(whole(milliseconds)));
    }
    let text = value.as_str()?.trim();
    let time = text.parse::<jiff::Timestamp>().ok().or_else(|| {
        // Without an offset it is UTC: a server that meant its own place could not be understood by anybody.
        let civil: jiff::civil::DateTime = text.parse().ok()?;
        Some(civil.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp())
    })?;
    Some(Expiry::At(time.as_millisecond()))
}

fn within(value: &Value) -> Option<Expiry> {
    Duration::try_from_secs_f64(number(value)?).ok().map(Expiry::In)
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok().filter(|number: &f64| number.is_finite()),
        _ => None,
    }
}

#[allow(clippy::cast_possible_truncation, reason = "the caller has seen to its size")]
fn whole(milliseconds: f64) -> i64 {
    milliseconds as i64
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn said(fields: Value) -> (Expiry, Option<&'static str>) {
        let Value::Object(fields) = fields else { panic!("no object") };
        read(&fields)
    }

    #[test]
    fn a_token_says_its_end_itself() {
        let token = |claims: &str| format!("eyJhbGciOiJIUzI1NiJ9.{}.c2ln", URL_SAFE_NO_PAD.encode(claims));
        assert_eq!(of_jwt(&token(r#"{"sub": "ann", "exp": 1795280400}"#)), Some(Expiry::At(1_795_280_400_000)));
        for none in [token(r#"{"sub": "ann"}"#), token("[]"), token("?"), "a.b.c".to_owned(), "ek_1".to_owned()] {
            assert_eq!(of_jwt(&none), None, "{none}");
        }
    }

    #[test]
    fn every_way_of_saying_it() {
        let at = 1_795_280_400_000;
        for time in [
            json!("2026-11-21T17:00:00Z"),
            json!("2026-11-21T18:00:00+01:00"),
            json!("2026-11-21T17:00:00"),
            json!("2026-11-21 17:00:00.000"),
            json!(1_795_280_400),
            json!(1_795_280_400.0),
            json!(1_795_280_400_000_i64),
            json!("1795280400"),
        ] {
            assert_eq!(said(json!({"expires_at": time})), (Expiry::At(at), None), "{time}");
        }
        for time in [json!(90), json!("90"), json!(90.0)] {
            assert_eq!(said(json!({"expiresIn": time})), (Expiry::In(Duration::from_secs(90)), None));
        }
        assert_eq!(said(json!({"expires_at": null, "expires_in": 5})), (Expiry::In(Duration::from_secs(5)), None));
    }

    #[test]
    fn what_is_not_said_or_cannot_be_read() {
        assert_eq!(said(json!({})), (Expiry::Unsaid, None));
        assert_eq!(said(json!({"expires_at": "soon"})), (Expiry::Unsaid, Some("expires_at")));
        assert_eq!(said(json!({"expires_at": 1e300})), (Expiry::Unsaid, Some("expires_at")));
        assert_eq!(said(json!({"expires_in": -5})), (Expiry::Unsaid, Some("expires_in")));
        assert_eq!(said(json!({"expires_in": {}})), (Expiry::Unsaid, Some("expires_in")));
    }
}

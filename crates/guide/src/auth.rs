//! Who may ask: the bearer token, and client secrets that live for a while.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use axum::http::{HeaderMap, header};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use subtle::ConstantTimeEq;

use crate::failure::Refusal;

/// An expired secret is remembered for as long as this, so that it is called expired and not unknown.
const REMEMBERED: Duration = Duration::from_secs(24 * 3600);

/// A random secret of 256 bits, in hexadecimal, behind a prefix that says what it is.
pub(crate) fn random_secret(prefix: &str) -> SecretString {
    let mut text = String::from(prefix);
    for byte in rand::random::<[u8; 32]>() {
        text.push_str(&format!("{byte:02x}"));
    }
    SecretString::from(text)
}

/// What `POST /session` and `POST /refresh` answer. The one place where a client secret leaves the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Session {
    pub client_secret: String,
    /// Seconds since 1970 UTC.
    pub expires_at: u64,
}

/// Who is asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Caller {
    /// Whoever holds the bearer token.
    Owner,
    /// Whoever holds a live client secret.
    Session,
}

/// The bearer token and the client secrets given out.
pub(crate) struct Gate {
    token: SecretString,
    lifetime: Duration,
    /// When each secret expires.
    secrets: Mutex<HashMap<String, SystemTime>>,
}

impl Gate {
    pub fn new(token: SecretString, lifetime: Duration) -> Self {
        Self { token, lifetime, secrets: Mutex::default() }
    }

    /// Finds out who is asking.
    pub fn check(&self, headers: &HeaderMap, now: SystemTime) -> Result<Caller, Refusal> {
        let given = bearer(headers)?;
        if bool::from(given.as_bytes().ct_eq(self.token.expose_secret().as_bytes())) {
            return Ok(Caller::Owner);
        }
        match self.expiry(given) {
            Some(expiry) if now < expiry => Ok(Caller::Session),
            Some(_) => Err(Refusal::unauthorized("expired_client_secret", "The client secret has expired.")),
            None => Err(Refusal::unauthorized("invalid_token", "The bearer token is wrong.")),
        }
    }

    /// Gives out a new secret.
    pub fn open_session(&self, now: SystemTime) -> Session {
        let client_secret = random_secret("ek_").expose_secret().to_owned();
        let expiry = now + self.lifetime;
        let mut secrets = self.secrets.lock().unwrap_or_else(PoisonError::into_inner);
        secrets.retain(|_, expiry| *expiry + REMEMBERED > now);
        secrets.insert(client_secret.clone(), expiry);
        let expires_at = expiry.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        Session { client_secret, expires_at }
    }

    /// Gives out a new secret in exchange for one that it gave out before, alive or expired. The old one keeps its own
    /// end, so that requests under way are not cut off.
    pub fn refresh(&self, old: &str, now: SystemTime) -> Result<Session, Refusal> {
        match self.expiry(old) {
            Some(_) => Ok(self.open_session(now)),
            None => Err(Refusal::unauthorized("unknown_client_secret", "This server gave out no such client secret.")),
        }
    }

    fn expiry(&self, secret: &str) -> Option<SystemTime> {
        // A hash table compares in a time that depends on the guess; 256 random bits leave nothing to be learned by it.
        self.secrets.lock().unwrap_or_else(PoisonError::into_inner).get(secret).copied()
    }
}

fn bearer(headers: &HeaderMap) -> Result<&str, Refusal> {
    let missing = || Refusal::unauthorized("missing_token", "A bearer token is missing from the request.");
    let value = headers.get(header::AUTHORIZATION).ok_or_else(missing)?.to_str().map_err(|_| missing())?;
    let (scheme, token) = value.split_once(' ').ok_or_else(missing)?;
    if scheme.eq_ignore_ascii_case("bearer") { Ok(token.trim()) } else { Err(missing()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIFETIME: Duration = Duration::from_secs(600);

    fn gate() -> Gate {
        Gate::new(SecretString::from("the-token"), LIFETIME)
    }

    fn with(value: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::AUTHORIZATION, value.parse().unwrap());
        headers
    }

    fn at(seconds: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(1_800_000_000 + seconds)
    }

    fn code(result: Result<Caller, Refusal>) -> &'static str {
        result.unwrap_err().code
    }

    #[test]
    fn the_token_opens_and_nothing_else_does() {
        let gate = gate();
        assert_eq!(gate.check(&with("Bearer the-token"), at(0)), Ok(Caller::Owner));
        assert_eq!(gate.check(&with("bearer the-token"), at(0)), Ok(Caller::Owner));
        assert_eq!(code(gate.check(&HeaderMap::new(), at(0))), "missing_token");
        assert_eq!(code(gate.check(&with("Basic the-token"), at(0))), "missing_token");
        for wrong in ["Bearer the-toke", "Bearer the-token2", "Bearer The-token", "Bearer "] {
            assert_eq!(gate.check(&with(wrong), at(0)).unwrap_err().status, 401, "{wrong}");
        }
    }

    #[test]
    fn a_secret_lives_for_its_time_and_is_then_called_expired() {
        let gate = gate();
        let session = gate.open_session(at(0));
        assert_eq!(session.expires_at, 1_800_000_600);
        let header = with(&format!("Bearer {}", session.client_secret));
        assert_eq!(gate.check(&header, at(599)), Ok(Caller::Session));
        assert_eq!(code(gate.check(&header, at(600))), "expired_client_secret");
        gate.open_session(at(600 + 24 * 3600));
        assert_eq!(code(gate.check(&header, at(600 + 24 * 3600))), "invalid_token");
    }

    #[test]
    fn an_expired_secret_is_exchanged_for_a_live_one_and_an_invented_one_is_not() {
        let gate = gate();
        let old = gate.open_session(at(0));
        let new = gate.refresh(&old.client_secret, at(700)).unwrap();
        assert_ne!(new.client_secret, old.client_secret);
        assert_eq!(gate.check(&with(&format!("Bearer {}", new.client_secret)), at(701)), Ok(Caller::Session));
        assert_eq!(gate.refresh("ek_invented", at(0)).unwrap_err().code, "unknown_client_secret");
    }

    #[test]
    fn secrets_are_long_and_differ() {
        let (one, other) = (random_secret("ek_"), random_secret("ek_"));
        assert_eq!(one.expose_secret().len(), 3 + 64);
        assert_ne!(one.expose_secret(), other.expose_secret());
    }
}

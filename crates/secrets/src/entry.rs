//! What an entry holds.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value};

use crate::error::SecretError;

const ORIGIN: &str = "origin";
const BEARER: &str = "bearer";

/// The secrets of one connection. It cannot be serialised or printed; only this crate turns it into the JSON of an
/// entry.
#[derive(Clone)]
pub struct ConnectionSecrets {
    /// The scheme, host and port they were stored for.
    pub origin: String,
    /// The bearer token.
    pub bearer: SecretString,
    /// What a newer version keeps beside them: written back as it was read.
    others: Map<String, Value>,
}

impl ConnectionSecrets {
    /// A bearer token for an origin.
    pub fn bearer(origin: impl Into<String>, bearer: SecretString) -> Self {
        Self { origin: origin.into(), bearer, others: Map::new() }
    }

    /// The JSON of the entry.
    pub(crate) fn to_entry(&self) -> SecretString {
        let mut fields = self.others.clone();
        fields.insert(ORIGIN.to_owned(), self.origin.as_str().into());
        fields.insert(BEARER.to_owned(), self.bearer.expose_secret().into());
        Value::Object(fields).to_string().into()
    }

    /// What the JSON of an entry says.
    pub(crate) fn from_entry(entry: &SecretString) -> Result<Self, SecretError> {
        // The parser's error may quote the entry.
        let mut others: Map<String, Value> =
            serde_json::from_str(entry.expose_secret()).map_err(|_| SecretError::Corrupt)?;
        let mut take = |key: &str| match others.remove(key) {
            Some(Value::String(text)) => Ok(text),
            _ => Err(SecretError::Corrupt),
        };
        Ok(Self { origin: take(ORIGIN)?, bearer: take(BEARER)?.into(), others })
    }
}

impl fmt::Debug for ConnectionSecrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let length = self.bearer.expose_secret().len();
        f.debug_struct("ConnectionSecrets").field("origin", &self.origin).field("bearer_length", &length).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_can_be_read_back_and_is_never_printed() {
        let secrets = ConnectionSecrets::bearer("https://a.example", "s3cr\"et".into());
        let back = ConnectionSecrets::from_entry(&secrets.to_entry()).unwrap();
        assert_eq!((back.origin.as_str(), back.bearer.expose_secret()), ("https://a.example", "s3cr\"et"));
        assert!(!format!("{secrets:?}").contains("s3cr"));
    }

    #[test]
    fn what_a_newer_version_keeps_beside_the_token_stays_when_the_token_changes() {
        let entry = r#"{"bearer":"old","origin":"https://a.example","session":{"expires":7}}"#;
        let mut secrets = ConnectionSecrets::from_entry(&entry.into()).unwrap();
        secrets.bearer = "new".into();
        let json = |text: &str| serde_json::from_str::<Value>(text).unwrap();
        assert_eq!(json(secrets.to_entry().expose_secret()), json(&entry.replace("old", "new")));
        assert!(!format!("{secrets:?}").contains("session"));
    }

    #[test]
    fn what_is_no_entry_is_corrupt() {
        for entry in ["", "token", "[]", "{}", r#"{"origin":"x"}"#, r#"{"origin":"x","bearer":7}"#] {
            assert!(matches!(ConnectionSecrets::from_entry(&entry.into()), Err(SecretError::Corrupt)), "{entry}");
        }
    }
}

//! What an entry holds.

use std::{collections::BTreeMap, fmt};

use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value, json};

use crate::error::SecretError;

const ORIGIN: &str = "origin";
const BEARER: &str = "bearer";
const SESSION: &str = "session";
const SECRET: &str = "secret";
const ENDS: &str = "ends";
const AHEAD: &str = "ahead";
const FIELDS: &str = "fields";
const NAMED: &str = "named";
const SIGN_IN: &str = "sign_in";
const ACCESS: &str = "access";
const REFRESH: &str = "refresh";

/// The secrets of one connection: the key that the person gave, what a sign-in gave, the session that was made with one of
/// them, and others by their names, such as a proxy's password. Each is bound to the origin that it may be sent to, and handed out for no other. It
/// cannot be serialised or printed; only this crate turns it into the JSON of an entry.
#[derive(Clone, Default)]
pub struct ConnectionSecrets {
    key: Option<Bound>,
    session: Option<(String, KeptSession)>,
    sign_in: Option<(String, KeptSignIn)>,
    named: BTreeMap<String, Bound>,
    /// What a newer version keeps beside them: written back as it was read.
    others: Map<String, Value>,
}

#[derive(Clone)]
struct Bound {
    origin: String,
    secret: SecretString,
}

/// A session that outlives the program.
#[derive(Clone)]
pub struct KeptSession {
    /// What requests carry.
    pub secret: SecretString,
    /// When it ends by the server's clock, in milliseconds since 1970 UTC; absent if nobody said.
    pub ends: Option<i64>,
    /// By how many milliseconds that clock was ahead of this computer's.
    pub ahead: i64,
    /// What else the server said of it, for the person to see.
    pub fields: Vec<(String, String)>,
}

/// A sign-in that outlives the program.
#[derive(Debug, Clone, Default)]
pub struct KeptSignIn {
    /// What requests carry; absent where there was no room for it.
    pub access: Option<KeptSession>,
    /// With what another one is had.
    pub refresh: Option<SecretString>,
}

impl ConnectionSecrets {
    /// A key for an origin, and no session.
    pub fn key(origin: impl Into<String>, key: SecretString) -> Self {
        Self { key: Some(Bound { origin: origin.into(), secret: key }), ..Self::default() }
    }

    /// The key, if it may be sent to this origin.
    pub fn key_for(&self, origin: &str) -> Option<&SecretString> {
        self.key.as_ref().filter(|key| key.origin == origin).map(|key| &key.secret)
    }

    /// The session, if it may be sent to this origin.
    pub fn session_for(&self, origin: &str) -> Option<&KeptSession> {
        self.session.as_ref().filter(|(bound, _)| bound == origin).map(|(_, session)| session)
    }

    /// The sign-in, if it was made for this use: `bound` names who gave it and who gets it.
    pub fn sign_in_for(&self, bound: &str) -> Option<&KeptSignIn> {
        self.sign_in.as_ref().filter(|(known, _)| known == bound).map(|(_, kept)| kept)
    }

    /// Puts a sign-in beside what else is here, in the place of the one before, or takes it away.
    pub fn set_sign_in(&mut self, bound: &str, kept: Option<KeptSignIn>) {
        self.sign_in = kept.map(|kept| (bound.to_owned(), kept));
    }

    /// The secret of a name, if it may be sent to this origin.
    pub fn secret_for(&self, name: &str, origin: &str) -> Option<&SecretString> {
        self.named.get(name).filter(|bound| bound.origin == origin).map(|bound| &bound.secret)
    }

    /// Puts a secret of a name beside what else is here, in the place of the one before, or takes it away.
    pub fn set_secret(&mut self, name: &str, origin: &str, secret: Option<SecretString>) {
        match secret {
            Some(secret) => self.named.insert(name.to_owned(), Bound { origin: origin.to_owned(), secret }),
            None => self.named.remove(name),
        };
    }

    /// Puts a session beside the key, in the place of the one before, or takes it away.
    pub fn set_session(&mut self, origin: &str, session: Option<KeptSession>) {
        self.session = session.map(|session| (origin.to_owned(), session));
    }

    /// Takes away what can be had again without the person, one thing at a time, and says whether there was any.
    pub(crate) fn make_room(&mut self) -> bool {
        let renewable = self.sign_in.as_mut().filter(|(_, kept)| kept.refresh.is_some());
        self.session.take().is_some() || renewable.is_some_and(|(_, kept)| kept.access.take().is_some())
    }

    /// Puts a key beside what else is here, or takes it away. What was made with the old one goes.
    pub fn set_key(&mut self, origin: &str, key: Option<SecretString>) {
        self.key = key.map(|secret| Bound { origin: origin.to_owned(), secret });
        self.session = None;
        self.sign_in = None;
    }

    /// Every secret in it.
    pub(crate) fn each(&self) -> impl Iterator<Item = &SecretString> {
        let key = self.key.iter().map(|key| &key.secret);
        let session = self.session.iter().map(|(_, session)| &session.secret);
        let access = self.sign_in.iter().filter_map(|(_, kept)| Some(&kept.access.as_ref()?.secret));
        let refresh = self.sign_in.iter().filter_map(|(_, kept)| kept.refresh.as_ref());
        key.chain(session).chain(access).chain(refresh).chain(self.named.values().map(|bound| &bound.secret))
    }

    /// Whether there is nothing in it that would be worth an entry.
    pub fn is_empty(&self) -> bool {
        let made = self.session.is_some() || self.sign_in.is_some();
        self.key.is_none() && !made && self.named.is_empty() && self.others.is_empty()
    }

    /// The JSON of the entry.
    pub(crate) fn to_entry(&self) -> SecretString {
        let mut fields = self.others.clone();
        if let Some(key) = &self.key {
            fields.insert(ORIGIN.to_owned(), key.origin.as_str().into());
            fields.insert(BEARER.to_owned(), key.secret.expose_secret().into());
        }
        if let Some((origin, session)) = &self.session {
            let mut kept = written(session);
            kept.insert(ORIGIN.to_owned(), origin.as_str().into());
            fields.insert(SESSION.to_owned(), kept.into());
        }
        if let Some((bound, KeptSignIn { access, refresh })) = &self.sign_in {
            let mut kept = Map::from_iter([(ORIGIN.to_owned(), bound.as_str().into())]);
            kept.extend(access.as_ref().map(|access| (ACCESS.to_owned(), written(access).into())));
            kept.extend(refresh.as_ref().map(|secret| (REFRESH.to_owned(), secret.expose_secret().into())));
            fields.insert(SIGN_IN.to_owned(), kept.into());
        }
        if !self.named.is_empty() {
            let bound = |bound: &Bound| json!({ ORIGIN: bound.origin, SECRET: bound.secret.expose_secret() });
            let named = self.named.iter().map(|(name, secret)| (name.clone(), bound(secret)));
            fields.insert(NAMED.to_owned(), Value::Object(named.collect()));
        }
        Value::Object(fields).to_string().into()
    }

    /// What the JSON of an entry says. A session that cannot be read counts as none: another one can be made; and so does
    /// one of the named secrets: it is asked for again where it is missed.
    pub(crate) fn from_entry(entry: &SecretString) -> Result<Self, SecretError> {
        // The parser's error may quote the entry.
        let mut others: Map<String, Value> =
            serde_json::from_str(entry.expose_secret()).map_err(|_| SecretError::Corrupt)?;
        let session = others.remove(SESSION).and_then(|session| Some((text(&session, ORIGIN)?, kept(&session)?)));
        let sign_in = others.remove(SIGN_IN).and_then(|found| Some((text(&found, ORIGIN)?, signed_in(&found)?)));
        let named = others.remove(NAMED).map(|named| bound(&named)).unwrap_or_default();
        let key = match (others.remove(ORIGIN), others.remove(BEARER)) {
            (Some(Value::String(origin)), Some(Value::String(secret))) => Some(Bound { origin, secret: secret.into() }),
            (None, None) => None,
            _ => return Err(SecretError::Corrupt),
        };
        let secrets = Self { key, session, sign_in, named, others };
        if secrets.is_empty() { Err(SecretError::Corrupt) } else { Ok(secrets) }
    }
}

fn text(value: &Value, name: &str) -> Option<String> {
    value.get(name)?.as_str().map(str::to_owned)
}

fn bound(named: &Value) -> BTreeMap<String, Bound> {
    let read = |value| Some(Bound { origin: text(value, ORIGIN)?, secret: text(value, SECRET)?.into() });
    let named = named.as_object().into_iter().flatten();
    named.filter_map(|(name, value)| Some((name.clone(), read(value)?))).collect()
}

fn written(session: &KeptSession) -> Map<String, Value> {
    let mut kept = Map::new();
    kept.insert(SECRET.to_owned(), session.secret.expose_secret().into());
    kept.insert(AHEAD.to_owned(), session.ahead.into());
    if let Some(ends) = session.ends {
        kept.insert(ENDS.to_owned(), ends.into());
    }
    let words = session.fields.iter().map(|(name, value)| (name.clone(), value.as_str().into()));
    kept.insert(FIELDS.to_owned(), Value::Object(words.collect()));
    kept
}

fn kept(session: &Value) -> Option<KeptSession> {
    let words = session.get(FIELDS).and_then(Value::as_object).into_iter().flatten();
    Some(KeptSession {
        secret: text(session, SECRET)?.into(),
        ends: session.get(ENDS).and_then(Value::as_i64),
        ahead: session.get(AHEAD).and_then(Value::as_i64).unwrap_or(0),
        fields: words.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned()))).collect(),
    })
}

/// A sign-in with nothing in it that can be used is none.
fn signed_in(found: &Value) -> Option<KeptSignIn> {
    let access = found.get(ACCESS).and_then(kept);
    let refresh = text(found, REFRESH).map(SecretString::from);
    (access.is_some() || refresh.is_some()).then_some(KeptSignIn { access, refresh })
}

impl fmt::Debug for ConnectionSecrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = self.key.as_ref().map(|key| (&key.origin, key.secret.expose_secret().len()));
        let session = self.session.as_ref().map(|(origin, session)| (origin, session));
        f.debug_struct("ConnectionSecrets")
            .field("key_origin_and_length", &key)
            .field("session", &session)
            .field("sign_in", &self.sign_in.as_ref().map(|(bound, kept)| (bound, &kept.access)))
            .field("names", &self.named.keys())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for KeptSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let length = self.secret.expose_secret().len();
        f.debug_struct("KeptSession").field("length", &length).field("ends", &self.ends).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: &str = "https://a.example";
    const B: &str = "https://b.example";

    fn session() -> KeptSession {
        let fields = vec![("user_id".to_owned(), "7".to_owned())];
        KeptSession { secret: "ek_s3cret".into(), ends: Some(1_795_280_400_000), ahead: -5, fields }
    }

    fn read(text: &SecretString) -> Value {
        serde_json::from_str(text.expose_secret()).unwrap()
    }

    #[test]
    fn an_entry_can_be_read_back_and_is_never_printed() {
        let mut secrets = ConnectionSecrets::key(A, "s3cr\"et".into());
        secrets.set_session(B, Some(session()));
        let back = ConnectionSecrets::from_entry(&secrets.to_entry()).unwrap();
        assert_eq!(back.key_for(A).unwrap().expose_secret(), "s3cr\"et");
        let kept = back.session_for(B).unwrap();
        assert_eq!((kept.secret.expose_secret(), kept.ends, kept.ahead), ("ek_s3cret", Some(1_795_280_400_000), -5));
        assert_eq!(kept.fields, session().fields);
        assert!(!format!("{secrets:?} {kept:?}").contains("s3cr"));
    }

    #[test]
    fn nothing_is_handed_out_for_another_origin() {
        let mut secrets = ConnectionSecrets::key(A, "key".into());
        secrets.set_session(B, Some(session()));
        assert!(secrets.key_for(B).is_none() && secrets.key_for("http://a.example").is_none());
        assert!(secrets.session_for(A).is_none());
    }

    #[test]
    fn named_secrets_stand_beside_the_key_and_are_bound_like_it() {
        let mut secrets = ConnectionSecrets::default();
        secrets.set_secret("proxy", A, Some("s3cret-1".into()));
        secrets.set_secret("header", B, Some("s3cret-2".into()));
        let mut back = ConnectionSecrets::from_entry(&secrets.to_entry()).unwrap();
        assert_eq!(back.secret_for("proxy", A).unwrap().expose_secret(), "s3cret-1");
        assert!(back.secret_for("proxy", B).is_none() && back.secret_for("other", A).is_none());
        assert_eq!(back.each().count(), 2);
        assert!(!format!("{back:?}").contains("s3cret"));
        back.set_key(A, Some("key".into()));
        back.set_key(A, None);
        back.set_secret("header", B, None);
        assert!(back.secret_for("proxy", A).is_some() && !back.is_empty(), "the key takes nothing else along");
        back.set_secret("proxy", A, None);
        assert!(back.is_empty());
        let damaged = r#"{"named":{"proxy":7,"header":{"origin":"https://b.example","secret":"s3cret-2"}}}"#;
        let read = ConnectionSecrets::from_entry(&damaged.into()).unwrap();
        assert!(read.secret_for("header", B).is_some() && read.secret_for("proxy", A).is_none());
    }

    #[test]
    fn a_sign_in_is_kept_for_its_use_alone_and_gives_way_where_there_is_no_room() {
        let mut secrets = ConnectionSecrets::default();
        let sign_in = KeptSignIn { access: Some(session()), refresh: Some("s3cret-refresh".into()) };
        secrets.set_session(B, Some(session()));
        secrets.set_sign_in(A, Some(sign_in));
        let mut back = ConnectionSecrets::from_entry(&secrets.to_entry()).unwrap();
        assert!(back.sign_in_for(B).is_none() && back.each().count() == 3);
        let kept = back.sign_in_for(A).unwrap();
        assert_eq!(kept.access.as_ref().unwrap().ends, Some(1_795_280_400_000));
        assert_eq!(kept.refresh.as_ref().unwrap().expose_secret(), "s3cret-refresh");
        assert!(!format!("{back:?} {kept:?}").contains("s3cret"));
        assert!(back.make_room() && back.session_for(B).is_none());
        assert!(back.make_room() && back.sign_in_for(A).unwrap().access.is_none());
        assert!(!back.make_room() && back.sign_in_for(A).unwrap().refresh.is_some(), "that cannot be had again");
        let back = ConnectionSecrets::from_entry(&back.to_entry()).unwrap();
        assert!(back.sign_in_for(A).unwrap().refresh.is_some());
        secrets.set_sign_in(A, Some(KeptSignIn { access: Some(session()), refresh: None }));
        secrets.set_session(B, None);
        assert!(!secrets.make_room(), "nor can this");
    }

    #[test]
    fn a_new_key_ends_the_session_that_the_old_one_made() {
        let mut secrets = ConnectionSecrets::key(A, "old".into());
        secrets.set_session(B, Some(session()));
        secrets.set_key(A, Some("new".into()));
        assert!(secrets.session_for(B).is_none());
        secrets.set_key(A, None);
        assert!(secrets.is_empty());
    }

    #[test]
    fn what_a_newer_version_keeps_beside_them_stays() {
        let entry = r#"{"bearer":"old","origin":"https://a.example","device":{"name":7}}"#;
        let mut secrets = ConnectionSecrets::from_entry(&entry.into()).unwrap();
        secrets.set_key(A, Some("new".into()));
        assert_eq!(read(&secrets.to_entry()), read(&entry.replace("old", "new").into()));
        assert!(!format!("{secrets:?}").contains("device"));
    }

    #[test]
    fn what_is_no_entry_is_corrupt_and_a_damaged_session_is_none() {
        for entry in ["", "token", "[]", "{}", r#"{"origin":"x"}"#, r#"{"origin":"x","bearer":7}"#] {
            assert!(matches!(ConnectionSecrets::from_entry(&entry.into()), Err(SecretError::Corrupt)), "{entry}");
        }
        let damaged = r#"{"origin":"https://a.example","bearer":"x","session":{"secret":7}}"#;
        let secrets = ConnectionSecrets::from_entry(&damaged.into()).unwrap();
        assert!(secrets.key_for(A).is_some() && secrets.session_for(A).is_none());
    }
}

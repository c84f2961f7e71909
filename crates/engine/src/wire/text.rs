//! What is kept of headers and bodies: without secrets, and only so much.

use secrets::Redactor;
use serde_json::Value;
use transport::{Credential, Request};

use crate::view::{WireHeader, WireText};

/// What stands in the place of a header's secret, and of whatever an endpoint for sessions says.
pub const REDACTED: &str = "[redacted]";

/// So much is kept of one body or frame, in bytes.
const LARGEST: usize = 256 * 1024;

/// Headers whose values open doors, whatever they look like.
const SECRET: [&str; 4] = ["authorization", "proxy-authorization", "cookie", "set-cookie"];

/// A header, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// Its name.
    pub name: String,
    /// The word before the secret.
    pub scheme: Option<String>,
    /// Its value, unless that is a secret.
    pub value: Option<String>,
}

impl Header {
    /// A header whose value may be one.
    pub fn seen(redactor: &Redactor, name: &str, value: &str) -> Self {
        let line = format!("{name}: {value}");
        let is_secret = SECRET.iter().any(|secret| name.eq_ignore_ascii_case(secret));
        let is_clean = !is_secret && redactor.clean(&line) == line.as_str();
        Self { name: name.to_owned(), scheme: None, value: is_clean.then(|| value.to_owned()) }
    }

    fn of(credential: &Credential) -> Self {
        Self { name: credential.header.clone(), scheme: credential.scheme.clone(), value: None }
    }

    /// Those of a request.
    pub fn all(redactor: &Redactor, request: &Request) -> Vec<Self> {
        let plain = request.headers.iter().map(|(name, value)| Self::seen(redactor, name, value));
        request.credentials.iter().map(Self::of).chain(plain).collect()
    }

    /// Its value, unless that is a secret, be it that this became known since.
    pub fn open(&self, redactor: &Redactor) -> Option<&str> {
        self.value.as_deref().filter(|value| redactor.clean(value) == *value)
    }

    /// As it is shown.
    pub fn shown(&self, redactor: &Redactor) -> WireHeader {
        let value = match (self.open(redactor), &self.scheme) {
            (Some(value), _) => value.to_owned(),
            (None, Some(scheme)) => format!("{scheme} {REDACTED}"),
            (None, None) => REDACTED.to_owned(),
        };
        WireHeader { name: self.name.clone(), value }
    }
}

/// The beginning of a body, without secrets.
pub fn kept(redactor: &Redactor, bytes: &[u8]) -> WireText {
    let beginning = if bytes.len() > LARGEST { &bytes[..LARGEST] } else { bytes };
    let left_out = (bytes.len() - beginning.len()) as u64;
    // What is cut at the end may be a part of a secret, which the redactor knows as well.
    let text = String::from_utf8_lossy(beginning);
    WireText { text: redactor.clean(&text).into_owned(), left_out }
}

/// The shape of a body that opens doors: its names and numbers, and none of its texts.
pub fn shape(bytes: &[u8]) -> WireText {
    let text = match serde_json::from_slice::<Value>(bytes) {
        _ if bytes.is_empty() => String::new(),
        Ok(mut value) => {
            blank(&mut value);
            value.to_string()
        }
        Err(_) => format!("{REDACTED} ({} bytes)", bytes.len()),
    };
    kept(&Redactor::default(), text.as_bytes())
}

/// The reader of JSON goes no deeper than 128, so this does not either.
fn blank(value: &mut Value) {
    match value {
        Value::String(text) if !text.is_empty() => *text = REDACTED.to_owned(),
        Value::Array(values) => values.iter_mut().for_each(blank),
        Value::Object(fields) => fields.values_mut().for_each(blank),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn of_what_opens_doors_only_the_shape_is_kept() {
        let kept = shape(br#"{"ticket":"abc","life":{"ends_at":17,"of":["x",""]}}"#).text;
        let kept: Value = serde_json::from_str(&kept).unwrap();
        assert_eq!(kept, json!({"ticket": REDACTED, "life": {"ends_at": 17, "of": [REDACTED, ""]}}));
        assert_eq!(shape(b"plain-ticket").text, "[redacted] (12 bytes)");
        assert_eq!(shape(b""), WireText::default());
    }

    #[test]
    fn headers_that_carry_secrets_say_so_and_others_are_as_they_were() {
        let redactor = Redactor::default();
        redactor.register(&"sesame-street".into());
        let shown = |name: &str, value: &str| Header::seen(&redactor, name, value).shown(&redactor).value;
        assert_eq!(shown("Accept", "text/event-stream"), "text/event-stream");
        assert_eq!(shown("X-Trace", "a sesame-street b"), REDACTED);
        assert_eq!(shown("x-api-key", "k1"), REDACTED);
        assert_eq!(shown("Set-Cookie", "a=b"), REDACTED);
        let bearer = Header::of(&Credential::bearer("sesame-street".into()));
        assert_eq!(bearer.shown(&redactor).value, "Bearer [redacted]");
    }

    #[test]
    fn a_secret_that_becomes_known_later_is_not_shown() {
        let redactor = Redactor::default();
        let header = Header::seen(&redactor, "X-Trace", "sesame-street");
        redactor.register(&"sesame-street".into());
        assert_eq!(header.shown(&redactor).value, REDACTED);
    }

    #[test]
    fn a_large_body_is_kept_in_part_and_that_is_said() {
        let text = kept(&Redactor::default(), &vec![b'x'; LARGEST + 7]);
        assert_eq!((text.text.len(), text.left_out), (LARGEST, 7));
    }
}

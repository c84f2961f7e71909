//! The form in which a connection is described: its fields as data, so that whoever draws it knows no kind of backend.

use std::collections::BTreeMap;

use model::{Carried, CustomSettings, Header, Network, OpenaiSettings, SessionSource, SignIn};

/// What stands in the fields of a form, by their keys. Secret ones are never in it.
pub type Values = BTreeMap<String, String>;

/// The key of the field that holds the person's key. Other secret fields have keys of their own.
pub const TOKEN: &str = "token";

/// One field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// What the application calls it.
    pub key: &'static str,
    /// What the person reads beside it.
    pub label: &'static str,
    /// One sentence that helps to fill it in.
    pub help: &'static str,
    /// How it is filled in.
    pub input: Input,
    /// Whether it may not stay empty.
    pub required: bool,
    /// In which case it is there at all; always, if absent.
    pub when: Option<When>,
    /// Whether most people leave it as it is.
    pub advanced: bool,
}

/// How a field is filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input {
    /// A line of text.
    Text,
    /// A line of text that is kept in the keychain and never shown again.
    Secret,
    /// Lines of `Name: value` that are kept like it.
    SecretHeaders,
    /// A whole number.
    Number,
    /// Lines of `Name: value`.
    Headers,
    /// Lines of text.
    Lines,
    /// JSON.
    Json,
    /// One of these; the first is meant if nothing was chosen.
    Choice(&'static [Choice]),
}

impl Input {
    /// Whether what is filled in is kept in the keychain.
    pub fn is_secret(self) -> bool {
        matches!(self, Self::Secret | Self::SecretHeaders)
    }
}

/// Something to choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// What the application calls it.
    pub value: &'static str,
    /// What the person reads.
    pub label: &'static str,
}

/// A field is there only when another one has this value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct When {
    /// The other field.
    pub key: &'static str,
    /// Its value.
    pub is: &'static str,
}

/// What a filled-in form says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Described {
    /// The address of the server.
    pub url: String,
    /// How the person shows who they are.
    pub sign_in: SignIn,
    /// Where the secret of its requests comes from.
    pub session: SessionSource,
    /// The header that carries it, if it is not the usual one.
    pub carried: Option<Carried>,
    /// What else its requests carry.
    pub headers: Vec<Header>,
    /// The way to its servers.
    pub network: Network,
    /// What an OpenAI-compatible server is asked for.
    pub openai: Option<OpenaiSettings>,
    /// How a backend that somebody wrote for themselves is spoken to.
    pub custom: Option<CustomSettings>,
    /// Where a ChatKit server says which models it has.
    pub profile: Option<String>,
}

impl Described {
    /// A server of which everything else is as it usually is.
    pub(crate) fn new(url: String, session: SessionSource) -> Self {
        let (headers, network) = (Vec::new(), Network::default());
        Self {
            url,
            sign_in: SignIn::Key,
            session,
            carried: None,
            headers,
            network,
            openai: None,
            custom: None,
            profile: None,
        }
    }
}

/// Why a form cannot be used. The words are for the person, and quote nothing: a secret may have been pasted into the
/// wrong field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct Wrong {
    /// The field.
    pub key: &'static str,
    /// What is wrong with it, and what would be right.
    pub reason: String,
}

impl Wrong {
    /// Something is wrong with a field.
    pub(crate) fn new(key: &'static str, reason: impl Into<String>) -> Self {
        Self { key, reason: reason.into() }
    }
}

/// What stands in a field, without the blanks around it; `None` if nothing does.
pub(crate) fn text<'a>(values: &'a Values, key: &str) -> Option<&'a str> {
    values.get(key).map(|value| value.trim()).filter(|value| !value.is_empty())
}

/// An address in a field.
pub(crate) fn url(values: &Values, key: &'static str) -> Result<String, Wrong> {
    let typed = text(values, key).unwrap_or_default();
    crate::address(typed).map(|url| url.to_string()).map_err(|error| Wrong::new(key, error.to_string()))
}

/// JSON in a field; `None` if it is empty.
pub(crate) fn json(values: &Values, key: &'static str) -> Result<Option<serde_json::Value>, Wrong> {
    let Some(typed) = text(values, key) else { return Ok(None) };
    let wrong = |error: serde_json::Error| {
        Wrong::new(key, format!("This is not JSON: look at line {}, column {}.", error.line(), error.column()))
    };
    serde_json::from_str(typed).map(Some).map_err(wrong)
}

/// A JSON object in a field; empty if the field is.
pub(crate) fn object(values: &Values, key: &'static str) -> Result<serde_json::Map<String, serde_json::Value>, Wrong> {
    match json(values, key)? {
        None => Ok(serde_json::Map::new()),
        Some(serde_json::Value::Object(fields)) => Ok(fields),
        Some(_) => Err(Wrong::new(key, "This has to be a JSON object: names and values between { and }.")),
    }
}

/// A whole number in a field; `None` if it is empty.
pub(crate) fn number(values: &Values, key: &'static str) -> Result<Option<u32>, Wrong> {
    let Some(typed) = text(values, key) else { return Ok(None) };
    typed.parse().map(Some).map_err(|_| Wrong::new(key, "Write a whole number, or leave it empty."))
}

/// Lines of `Name: value` in a field.
pub(crate) fn headers(values: &Values, key: &'static str) -> Result<Vec<Header>, Wrong> {
    let read = text(values, key).map_or(Some(Vec::new()), headers_in);
    read.ok_or_else(|| Wrong::new(key, ONE_HEADER))
}

/// What is wrong with lines that are no headers.
pub const ONE_HEADER: &str = "Write one header in each line, its name and its value, as in X-App: desktop.";

/// The headers in lines of `Name: value`; `None` if a line is none.
pub fn headers_in(lines: &str) -> Option<Vec<Header>> {
    let lines = lines.lines().map(str::trim).filter(|line| !line.is_empty());
    lines
        .map(|line| {
            let (name, value) = line.split_once(':')?;
            let (name, value) = (name.trim(), value.trim());
            let fits = !name.is_empty() && name.bytes().all(is_of_a_name);
            let fits = fits && value.bytes().all(|byte| (32..127).contains(&byte));
            fits.then(|| Header { name: name.to_owned(), value: value.to_owned() })
        })
        .collect()
}

/// Headers as lines, if there are any.
pub(crate) fn lines(headers: &[Header]) -> Option<String> {
    let lines: Vec<_> = headers.iter().map(|header| format!("{}: {}", header.name, header.value)).collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// Whether a byte may stand in the name of a header.
pub(crate) fn is_of_a_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

/// Whether what stands in a header of that name is a secret everywhere.
pub(crate) fn is_for_secrets(name: &str) -> bool {
    ["authorization", "cookie", "proxy-authorization"].contains(&name.to_ascii_lowercase().as_str())
}

/// Puts a value into a form, if there is one.
pub(crate) fn put(values: &mut Values, key: &str, value: Option<String>) {
    if let Some(value) = value {
        values.insert(key.to_owned(), value);
    }
}

/// JSON as it is shown in a field.
pub(crate) fn pretty(json: &serde_json::Value) -> String {
    serde_json::to_string_pretty(json).unwrap_or_else(|_| json.to_string())
}

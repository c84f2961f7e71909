//! How a turn went: who answered, when what came, and what it used.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    failure::{Failure, FailureCode},
    ids::ConnectionId,
    item::Extra,
};

/// A text that came in less time than this says nothing about a rate, in milliseconds: it came at once.
const AT_ONCE_MS: u32 = 50;

/// How one turn went. Times are in milliseconds; what is absent was not said, or did not happen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TurnRecord {
    /// The connection that answered, or else the one that was asked last.
    pub connection: ConnectionId,
    /// What it was called then; empty if it is not known.
    #[serde(default)]
    pub name: String,
    /// When the turn began, in milliseconds since 1970 UTC. No two turns of a thread begin at the same time.
    pub began_at: i64,
    /// How it ended.
    #[serde(default)]
    pub end: TurnEnd,
    /// The code of the failure that ended it, spelled as [`FailureCode`] is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
    /// The model that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model_asked: Option<String>,
    /// The model that answered, as its server says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model_used: Option<String>,
    /// When what came.
    #[serde(default)]
    pub times: TurnTimes,
    /// In how many pieces the text came.
    #[serde(default)]
    pub pieces: u32,
    /// How long the text of the answer is, in characters.
    #[serde(default)]
    pub characters: u32,
    /// What the server says that it used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage: Option<Usage>,
    /// What came to nothing on the way to this end, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub way: Vec<Attempt>,
    /// What another version wrote down.
    #[serde(flatten)]
    pub extra: Extra,
}

/// When what came in a turn, in milliseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TurnTimes {
    /// How long getting a session, or prolonging one, was waited for, all of it together. Next to nothing where there was
    /// one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session_ms: Option<u32>,
    /// From the request to the head of its answer; of the last request, as the two that follow.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_byte_ms: Option<u32>,
    /// From the request to the first text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_text_ms: Option<u32>,
    /// From the request to the last text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_text_ms: Option<u32>,
    /// The whole turn, with what it waited for.
    pub whole_ms: u32,
}

/// How a turn ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TurnEnd {
    /// The answer is whole.
    Done,
    /// The person stopped it.
    Stopped,
    /// It broke off.
    Interrupted,
    /// There was no answer.
    Failed,
    /// In a way that this version does not know.
    #[default]
    #[serde(other)]
    Unknown,
}

/// What an answer used, in tokens, as its server says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Usage {
    /// What was sent: the conversation.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(type = "number | null")]
    pub input_tokens: Option<u64>,
    /// What came back, with what was thought.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(type = "number | null")]
    pub output_tokens: Option<u64>,
    /// How many of what came back were thought, not said.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(type = "number | null")]
    pub reasoning_tokens: Option<u64>,
    /// How many of what was sent the server still had.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(type = "number | null")]
    pub cached_tokens: Option<u64>,
}

impl Usage {
    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Something on the way of a turn that did not bring its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// The connection.
    pub connection: ConnectionId,
    /// What it was called then; empty if it is not known.
    #[serde(default)]
    pub name: String,
    /// Why it brought no answer.
    pub reason: AttemptReason,
    /// How long it took, in milliseconds.
    #[serde(default)]
    pub took_ms: u32,
}

/// Why an attempt brought no answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttemptReason {
    /// The session was refused; the same was asked with another one.
    SessionRefused,
    /// Nobody was reached.
    Unreachable,
    /// It was waited until the server could be reached.
    WaitedForServer,
    /// It was waited for as long as the server wanted.
    WaitedAsTold,
    /// Too many requests.
    RateLimited,
    /// The answer did not begin in time.
    NoFirstByte,
    /// The server is in trouble.
    ServerTrouble,
    /// It was not asked, since it had failed too often.
    PassedOver,
    /// Something else: a word of another version, or the code of a failure.
    #[serde(untagged)]
    Other(String),
}

impl AttemptReason {
    /// The reason in words, as they stand after the name of a connection.
    pub fn words(&self) -> String {
        let words = match self {
            Self::SessionRefused => "refused the session; asked again with another one",
            Self::Unreachable => "could not be reached",
            Self::WaitedForServer => "waited until it could be reached",
            Self::WaitedAsTold => "waited for as long as it wanted",
            Self::RateLimited => "had too many requests",
            Self::NoFirstByte => "did not begin to answer in time",
            Self::ServerTrouble => "is in trouble",
            Self::PassedOver => "was passed over, since it had failed before",
            Self::Other(word) => return word.replace('_', " "),
        };
        words.to_owned()
    }
}

/// The reason for which another way was looked for after a failure.
impl From<&Failure> for AttemptReason {
    fn from(failure: &Failure) -> Self {
        match failure.code {
            FailureCode::Unauthorized | FailureCode::SignedOut => Self::SessionRefused,
            FailureCode::RateLimited => Self::RateLimited,
            FailureCode::FirstByteTimeout => Self::NoFirstByte,
            FailureCode::ServerRefused => Self::ServerTrouble,
            code if code.is_offline() => Self::Unreachable,
            code => Self::Other(code.to_string()),
        }
    }
}

/// How fast a text came.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, TS)]
pub struct Rate {
    /// How many each second.
    pub per_second: f64,
    /// Of what.
    pub of: RateOf,
}

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RateOf {
    /// Tokens, as the server counted them.
    Tokens,
    /// The pieces in which the text came, for want of anything better. Servers put one token or many into a piece.
    Pieces,
}

impl TurnRecord {
    /// How fast the text came, between its first piece and its last. What was thought came before, and does not count.
    /// Nothing where the text came at once.
    pub fn rate(&self) -> Option<Rate> {
        let lasted = self.times.last_text_ms?.checked_sub(self.times.first_text_ms?)?;
        if lasted < AT_ONCE_MS || self.pieces < 2 {
            return None;
        }
        let said = self.usage.and_then(|usage| {
            let said = usage.output_tokens?.checked_sub(usage.reasoning_tokens.unwrap_or(0))?;
            u32::try_from(said).ok().filter(|said| *said > 0)
        });
        let (count, of) = said.map_or((self.pieces, RateOf::Pieces), |said| (said, RateOf::Tokens));
        Some(Rate { per_second: f64::from(count) * 1000.0 / f64::from(lasted), of })
    }

    /// Whether another model answered than the one that was asked for, and nobody was told.
    pub fn is_other_model(&self) -> bool {
        match (&self.model_asked, &self.model_used) {
            (Some(asked), Some(used)) => !is_same_model(asked, used),
            _ => false,
        }
    }
}

/// Whether a server's name for a model means the one that was asked for. A provider before it (`openai/gpt-4o`), a date that
/// says which state of it (`gpt-4o-2024-08-06`), and *latest* make no difference.
///
/// ```
/// assert!(model::is_same_model("gpt-4o", "openai/gpt-4o-2024-08-06"));
/// assert!(!model::is_same_model("gpt-4o", "gpt-4o-mini"));
/// ```
pub fn is_same_model(asked: &str, used: &str) -> bool {
    let (asked, used) = (asked.trim().to_lowercase(), used.trim().to_lowercase());
    if asked.is_empty() || used.is_empty() {
        return true;
    }
    let (asked, used) = without_provider(&asked, &used);
    let (asked, used) = (without_latest(asked), without_latest(used));
    match used.strip_prefix(asked) {
        Some("") => true,
        Some(rest) => rest.strip_prefix(['-', '@']).is_some_and(is_date),
        None => false,
    }
}

/// Both names without a provider that only one of them has.
fn without_provider<'a>(asked: &'a str, used: &'a str) -> (&'a str, &'a str) {
    let parts = |name: &str| name.matches('/').count();
    let end = |name: &'a str, parts: usize| {
        let start = name.rmatch_indices('/').nth(parts).map_or(0, |(at, _)| at + 1);
        &name[start..]
    };
    let shared = parts(asked).min(parts(used));
    (end(asked, shared), end(used, shared))
}

fn without_latest(name: &str) -> &str {
    name.strip_suffix(":latest").or_else(|| name.strip_suffix("-latest")).unwrap_or(name)
}

/// Whether it is a date as models have it: `2024-08-06`, `20240806`, `0806`, or `2408`.
fn is_date(text: &str) -> bool {
    let digits: String = match text.as_bytes() {
        [_, _, _, _, b'-', _, _, b'-', _, _] => text.replace('-', ""),
        _ => text.to_owned(),
    };
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let number = |at: usize| digits.get(at..at + 2).and_then(|two| two.parse::<u8>().ok()).unwrap_or_default();
    let is_day = |at: usize| (1..=12).contains(&number(at)) && (1..=31).contains(&number(at + 2));
    match digits.len() {
        8 => number(0) == 20 && is_day(4),
        4 => is_day(0) || ((20..=39).contains(&number(0)) && (1..=12).contains(&number(2))),
        _ => false,
    }
}

#[cfg(test)]
mod tests;

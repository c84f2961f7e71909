//! How an answer came about, as it is shown.

use model::{Attempt, Rate, TurnEnd, TurnRecord, TurnTimes, Usage};
use serde::Serialize;
use ts_rs::TS;

/// How a turn went. Times are in milliseconds; what is absent was not said, or did not happen.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct DetailsView {
    /// The connection that answered, or that was asked last, as it was called then; empty if that is not known.
    pub name: String,
    /// When the turn began, in milliseconds since 1970 UTC.
    #[ts(type = "number")]
    pub began_at: i64,
    /// How it ended.
    pub end: TurnEnd,
    /// The code of the failure that ended it.
    pub failure: Option<String>,
    /// The model that was asked for.
    pub model_asked: Option<String>,
    /// The model that answered, as the server says.
    pub model_used: Option<String>,
    /// Whether that is another one, beyond a date or a provider in its name.
    pub is_other_model: bool,
    /// How long a session was waited for.
    pub session_ms: Option<u32>,
    /// From the request to the head of the answer.
    pub first_byte_ms: Option<u32>,
    /// From the request to the first text.
    pub first_text_ms: Option<u32>,
    /// The whole turn, with what it waited for.
    pub whole_ms: u32,
    /// How fast the text came.
    pub rate: Option<Rate>,
    /// In how many pieces it came.
    pub pieces: u32,
    /// How long it is, in characters.
    pub characters: u32,
    /// What the server says that it used.
    pub usage: Option<Usage>,
    /// What came to nothing on the way, in order.
    pub way: Vec<StepView>,
}

/// Something on the way that brought no answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct StepView {
    /// The connection, as it was called then; empty if that is not known.
    pub name: String,
    /// Why it brought none, in words that follow the name.
    pub words: String,
    /// How long it took, in milliseconds.
    pub took_ms: u32,
}

impl DetailsView {
    /// What is shown of how a turn went.
    pub fn of(record: &TurnRecord) -> Self {
        let TurnTimes { session_ms, first_byte_ms, first_text_ms, last_text_ms: _, whole_ms } = record.times;
        Self {
            name: record.name.clone(),
            began_at: record.began_at,
            end: record.end,
            failure: record.failure.clone(),
            model_asked: record.model_asked.clone(),
            model_used: record.model_used.clone(),
            is_other_model: record.is_other_model(),
            session_ms,
            first_byte_ms,
            first_text_ms,
            whole_ms,
            rate: record.rate(),
            pieces: record.pieces,
            characters: record.characters,
            usage: record.usage,
            way: record.way.iter().map(StepView::of).collect(),
        }
    }
}

impl StepView {
    fn of(attempt: &Attempt) -> Self {
        Self { name: attempt.name.clone(), words: attempt.reason.words(), took_ms: attempt.took_ms }
    }
}

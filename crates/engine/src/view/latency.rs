//! How long a connection's answers took, as it is shown.

use serde::Serialize;
use ts_rs::TS;

/// The last turns of a connection, and today's medians.
#[derive(Debug, Clone, Default, PartialEq, Serialize, TS)]
pub struct LatencyView {
    /// At most a hundred, the oldest first.
    pub turns: Vec<LatencyTurn>,
    /// The medians of those of today; absent where there were none.
    pub today: Option<LatencyToday>,
}

/// How long one turn took. What was not seen is absent.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct LatencyTurn {
    /// When it began, in milliseconds since 1970 UTC.
    #[ts(type = "number")]
    pub at: i64,
    /// How long it took.
    pub times: LatencyTimes,
}

/// Times in milliseconds, and a rate.
#[derive(Debug, Clone, Default, PartialEq, Serialize, TS)]
pub struct LatencyTimes {
    /// Until there was a session.
    pub session_ms: Option<f64>,
    /// Until the first byte.
    pub first_byte_ms: Option<f64>,
    /// Until the first token.
    pub first_token_ms: Option<f64>,
    /// Tokens, or pieces, for each second.
    pub rate: Option<f64>,
}

/// The medians of a day.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct LatencyToday {
    /// Of how many turns.
    pub turns: usize,
    /// The medians.
    pub median: LatencyTimes,
}

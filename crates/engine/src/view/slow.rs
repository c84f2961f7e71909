//! A turn that is slower than usual, as it is shown.

use model::ConnectionId;
use serde::Serialize;
use ts_rs::TS;

/// How a turn that is under way is slower than those of its connection usually are.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct SlowView {
    /// The connection that is waited for.
    pub connection: ConnectionId,
    /// What is slow.
    pub what: SlowWhat,
}

/// What of a turn is slow.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum SlowWhat {
    /// No text has come yet.
    FirstWords {
        /// After how many milliseconds the first text usually comes.
        usual_ms: u32,
        /// Since when it is waited for, in milliseconds since 1970 UTC.
        #[ts(type = "number")]
        since: i64,
    },
    /// The text comes slowly.
    Rate {
        /// How many pieces usually come each second.
        usual: f64,
        /// How many do now, on the average of this answer.
        now: f64,
    },
}

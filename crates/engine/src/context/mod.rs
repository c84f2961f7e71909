//! What of a conversation goes out, where it is longer than its model can read: by a rule that the person chose and sees.
//!
//! `estimate` says how long something is, `fit` chooses, `kept` is what is remembered of a thread, `summary` puts the older
//! part into few words; all of that is pure. `turn/fitting.rs` does it for a request, and `going_out` remembers it. `names`
//! is what servers call a conversation, and `options` what one conversation wants otherwise than its connection does.

mod estimate;
mod fit;
mod going_out;
mod kept;
mod names;
mod options;
pub mod summary;
mod words;

pub use estimate::costs;
pub use fit::{choose, place};
pub use kept::{Context, OPTIONS, SentPart, Summary, model};
pub use names::Named;
pub use words::{TOO_LONG, too_long, would_be_too_long};

//! Words about conversations that are longer than their model can read.

use model::{Failure, FailureCode};

/// What adapters call such a conversation when a server reports it in a stream.
pub const TOO_LONG: &str = "context_length_exceeded";

/// The server refused a request for its length. `said` is what it said itself, as a sentence to put behind another one.
pub fn too_long(name: &str, said: &str) -> Failure {
    let words = format!(
        "The conversation is longer than the model of “{name}” can read, so it did nothing. Leave out the oldest turns and try \
         again, or begin a new conversation.{said}"
    );
    Failure::new(FailureCode::TooLong, words)
}

/// The rule is to ask first.
pub fn would_be_too_long(name: &str, model: &str, window: u32) -> Failure {
    let words = format!(
        "The conversation is about to be longer than “{model}” can read, which is {window} tokens by the settings of “{name}”. \
         Nothing was sent. Leave out the oldest turns and try again, or begin a new conversation."
    );
    Failure::new(FailureCode::TooLong, words)
}

/// There is nothing left that could be left out.
pub fn one_turn_left(name: &str) -> Failure {
    let words = format!(
        "Nothing older is left that could be left out: your last message alone is longer than the model of “{name}” can read. \
         Write a shorter one, or choose a model with a larger window."
    );
    Failure::new(FailureCode::TooLong, words)
}

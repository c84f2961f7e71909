//! What the server has of the conversation.

use serde_json::Value;

use super::{peers::Peer, request::Asked, script::Step};

/// What it stores, if its kind stores anything.
#[derive(Debug)]
pub struct Store {
    peer: &'static Peer,
    /// The person's message, once a request was read.
    message: Option<Value>,
    /// The answer, once it was given whole.
    answer: Option<Value>,
}

impl Store {
    /// Nothing yet.
    pub fn new(peer: &'static Peer) -> Self {
        Self { peer, message: None, answer: None }
    }

    /// A request was read.
    pub fn took(&mut self) {
        self.message.get_or_insert_with(|| self.peer.stored("user_message"));
    }

    /// The server has said all: its own part went well, whatever became of that on the way.
    pub fn answered(&mut self) {
        self.answer.get_or_insert_with(|| self.peer.stored("assistant_message"));
    }

    /// What is stored.
    pub fn newest_first(&self) -> Vec<&Value> {
        [&self.answer, &self.message].into_iter().flatten().collect()
    }

    /// How a request is answered when nothing goes wrong.
    pub fn well(&self, asked: &Asked) -> Vec<Step> {
        let answer = self.peer.answer().to(asked);
        match asked.body["type"].as_str() {
            // What the thread holds already is not told again.
            Some("threads.retry_after_item") => answer.again(self.peer.opening),
            _ => answer.whole(),
        }
    }
}

//! What a test of a connection asks of a kind of backend, once its server was reached and there is a session.

use model::{AnswerOptions, Extra, Item, ItemBody, ItemId, Operation, ThreadId, UserInput};

/// What is said to a server that is tried.
const HELLO: &str = "Hello! This is Kittiwake, testing the connection. Please answer with one short sentence.";

/// One thing that is tried. Those of a kind are tried in order; the first failure ends the test.
#[derive(Debug, Clone, PartialEq)]
pub enum Trial {
    /// Asks something that changes nothing, and is answered whole.
    Asks {
        /// What is asked for, as in “asking for the list of conversations”.
        what: &'static str,
        /// The request.
        operation: Operation,
    },
    /// Says something in a thread of its own, whose answer streams. If the server made a thread of it, it is deleted with
    /// [`Operation::DeleteThread`] afterwards.
    Greets {
        /// The request; it streams.
        operation: Operation,
    },
}

/// What is tried with servers that keep threads: a short page of them, and a hello.
pub(crate) fn with_threads() -> Vec<Trial> {
    vec![
        Trial::Asks { what: "the list of conversations", operation: Operation::ListThreads { after: None, limit: 1 } },
        Trial::Greets { operation: Operation::CreateThread { input: UserInput::text(HELLO) } },
    ]
}

/// The same hello for servers that keep no threads.
pub(crate) fn greeting() -> Trial {
    let hello = Item {
        id: ItemId::local("hello"),
        created_at: None,
        body: ItemBody::UserMessage(UserInput::text(HELLO)),
        extra: Extra::new(),
    };
    let (thread, options) = (ThreadId::from("hello"), AnswerOptions::default());
    Trial::Greets { operation: Operation::Answer { thread, items: vec![hello], options } }
}

//! Who names the conversations of a connection.

/// Who names a conversation: see [`model::ConversationId`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Naming {
    /// Kittiwake, with the name of its thread.
    Here,
    /// The server if it does, as its answer to [`Operation::BeginConversation`] shows, and otherwise Kittiwake.
    Found,
    /// The server.
    Server,
}

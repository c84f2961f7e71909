//! Whose a request is, and what it is for.

use std::sync::Arc;

use adapters::Adapter;
use model::{Connection, Operation, RemoteThreadId, ThreadId};

/// What is known of a request where it is made.
#[derive(Clone)]
pub struct Label {
    /// The connection it is made for.
    pub connection: Arc<Connection>,
    /// The conversation of this machine it belongs to, where that is known.
    pub thread: Option<ThreadId>,
    /// That of the server.
    pub remote: Option<RemoteThreadId>,
    /// What it is for.
    pub purpose: Purpose,
}

/// What a request is for.
#[derive(Clone)]
pub enum Purpose {
    /// To get something that opens doors, or nobody said what: of its bodies only the shape is kept.
    Access,
    /// An operation, answered in the words of an adapter.
    Operation(&'static dyn Adapter, Box<Operation>),
    /// The bytes of a file.
    Upload,
}

impl Label {
    /// What was asked for, in the protocol's words where it has some.
    pub fn operation(&self) -> &'static str {
        match &self.purpose {
            Purpose::Access => "session",
            Purpose::Upload => "upload",
            Purpose::Operation(_, operation) => name(operation),
        }
    }
}

fn name(operation: &Operation) -> &'static str {
    match operation {
        Operation::CreateThread { .. } => "threads.create",
        Operation::AddUserMessage { .. } => "threads.add_user_message",
        Operation::RetryAfterItem { .. } => "threads.retry_after_item",
        Operation::AddToolOutput { .. } => "threads.add_client_tool_output",
        Operation::AddStructuredInput { .. } => "threads.add_structured_input",
        Operation::CustomAction { .. } => "threads.custom_action",
        Operation::SyncCustomAction { .. } => "threads.sync_custom_action",
        Operation::GetThread { .. } => "threads.get_by_id",
        Operation::ListThreads { .. } => "threads.list",
        Operation::ListItems { .. } => "items.list",
        Operation::RenameThread { .. } => "threads.update",
        Operation::DeleteThread { .. } => "threads.delete",
        Operation::Answer { .. } => "answer",
        Operation::BeginConversation { .. } => "begin conversation",
        Operation::ListModels => "models",
        Operation::Health => "health",
        Operation::CreateAttachment { .. } => "attachments.create",
        Operation::DeleteAttachment { .. } => "attachments.delete",
        Operation::Feedback { .. } => "items.feedback",
    }
}

/// The server's conversation that an operation is about.
pub fn remote(operation: &Operation) -> Option<&RemoteThreadId> {
    match operation {
        Operation::AddUserMessage { thread, .. }
        | Operation::RetryAfterItem { thread, .. }
        | Operation::AddToolOutput { thread, .. }
        | Operation::AddStructuredInput { thread, .. }
        | Operation::CustomAction { thread, .. }
        | Operation::SyncCustomAction { thread, .. }
        | Operation::GetThread { thread }
        | Operation::ListItems { thread, .. }
        | Operation::RenameThread { thread, .. }
        | Operation::DeleteThread { thread }
        | Operation::Feedback { thread, .. } => Some(thread),
        Operation::CreateThread { .. }
        | Operation::ListThreads { .. }
        | Operation::Answer { .. }
        | Operation::BeginConversation { .. }
        | Operation::ListModels
        | Operation::Health
        | Operation::CreateAttachment { .. }
        | Operation::DeleteAttachment { .. } => None,
    }
}

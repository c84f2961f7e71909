//! Conversations that begin with a name from their server.

use adapters::{Naming, Refusal};
use model::{AnswerOptions, ConnectionId, ConversationId, Failure, FailureCode, Operation, Reply};
use transport::TransportError;

use super::{
    Backend, Unopened,
    answers::{bad, refused_with},
};
use crate::{failure::on_the_way_to, patience::wants_pause};

/// What a server says to the beginning of a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Begun {
    /// It has a name for it.
    Named(ConversationId),
    /// It has none, or nobody is to ask for one: it takes what Kittiwake calls it.
    Unnamed,
}

/// When a server is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// Unless it is known that it names none.
    IfItMay,
    /// Also then.
    Always,
}

impl Backend {
    /// Whether the connection's server may name conversations.
    pub fn may_name(&self) -> bool {
        self.adapter.names_conversations(&self.connection) != Naming::Here
    }

    /// Whether it takes what Kittiwake calls a conversation where it gives no name of its own.
    pub fn takes_ours(&self) -> bool {
        self.adapter.names_conversations(&self.connection) != Naming::Server
    }

    /// Whether what was said before goes out with each message.
    pub fn sends_history(&self) -> bool {
        self.adapter.sends_history(&self.connection)
    }

    /// Has a conversation begun, in which an operation will be asked. A server that names none has done nothing; that is
    /// remembered for this run. One too many does no harm: nothing was said in it.
    ///
    /// # Errors
    ///
    /// What went wrong, where the server has to name it, or does not answer at all.
    pub async fn begin(&self, operation: &Operation, manner: Manner) -> Result<Begun, Unopened> {
        let naming = self.adapter.names_conversations(&self.connection);
        let Operation::Answer { options, .. } = operation else { return Ok(Begun::Unnamed) };
        if naming == Naming::Here {
            return Ok(Begun::Unnamed);
        }
        let ask = Operation::BeginConversation { model: options.model.clone() };
        let spec = self.adapter.request(&self.connection, &ask, &self.locale);
        let spec = spec.map_err(|error| Unopened::Refused(bad(&error)))?;
        let place = self.place_of_names(spec.url.as_str());
        if naming == Naming::Found && manner == Manner::IfItMay && self.refusals.known().contains(&place) {
            return Ok(Begun::Unnamed);
        }
        let failed = |error: &TransportError| {
            let failure = on_the_way_to(&self.connection, error);
            if wants_pause(error) { Unopened::Busy(failure) } else { Unopened::unasked(failure) }
        };
        let answer = self.out(&ask).any(self.sent(spec), &self.limits).await.map_err(|error| failed(&error))?;
        let is_page = answer.content_type().is_some_and(|it| it == "text/html");
        let reply = match answer.status {
            200..=299 => self.adapter.reply_to(&self.connection, &ask, &answer.body),
            _ => Ok(Reply::Absent),
        };
        if let Ok(Reply::Conversation(id)) = reply {
            self.refusals.known().remove(&place);
            return Ok(Begun::Named(id));
        }
        match (naming, answer.status) {
            (_, status @ (408 | 429 | 502..=504)) => Err(failed(&self.http.cleaned(refused_with(status, &answer)))),
            (Naming::Server, status) => Err(self.unnamed(&self.http.cleaned(refused_with(status, &answer)))),
            // It may once it knows who asks, or is well; what the message itself meets will tell.
            (_, 401 | 403 | 500 | 505..) => Ok(Begun::Unnamed),
            _ => {
                // What a page that stands in the way says is nothing of the server's.
                if !is_page {
                    self.refusals.known().insert(place);
                }
                Ok(Begun::Unnamed)
            }
        }
    }

    /// Under what it is remembered that names are asked for in vain.
    fn place_of_names(&self, url: &str) -> (ConnectionId, String) {
        let looked = self.connection.custom.as_ref().and_then(|custom| custom.session_place.as_deref());
        (self.connection.id.clone(), format!("{url}#{}", looked.unwrap_or_default()))
    }

    /// A server that is to name conversations does not.
    fn unnamed(&self, error: &TransportError) -> Unopened {
        let failure = on_the_way_to(&self.connection, error);
        let TransportError::Status { status, .. } = error else { return Unopened::unasked(failure) };
        let name = &self.connection.name;
        let next = "in Settings → Connections, or choose “Found out” for where a conversation begins.";
        match status {
            401 => Unopened::Refused(failure),
            200..=299 => {
                let words = format!(
                    "“{name}” was asked to begin the conversation and answered without a name for it. Set “Place of the \
                     conversation’s name” {next}"
                );
                Unopened::unasked(Failure::new(FailureCode::FormatMismatch, words))
            }
            404 | 405 | 501 => {
                let words = format!(
                    "“{name}” was asked to begin the conversation and has nothing at that address (status {status}). Check \
                     “Path of conversations” {next}"
                );
                Unopened::unasked(Failure { message: words, ..failure })
            }
            _ => Unopened::unasked(failure),
        }
    }

    /// What a refusal says of the conversation, if anything.
    pub(super) fn forgets(&self, operation: &Operation, error: &TransportError) -> Option<Refusal> {
        let TransportError::Status { status, snippet, .. } = error else { return None };
        let refusal = self.adapter.refusal(operation, *status, snippet);
        refusal.filter(|refusal| matches!(refusal, Refusal::Forgotten | Refusal::NotThere))
    }

    /// Whether a refusal says so itself.
    pub(super) fn says_forgotten(&self, operation: &Operation, error: &TransportError) -> bool {
        self.forgets(operation, error) == Some(Refusal::Forgotten)
    }

    /// The same for a handshake, whose address names the conversation: many servers have but one refusal there.
    pub(super) fn forgets_at_door(&self, operation: &Operation, error: &TransportError) -> Option<Refusal> {
        let is_closed = matches!(error, TransportError::Status { status: 403, .. }) && self.may_name();
        self.forgets(operation, error).or_else(|| is_closed.then_some(Refusal::NotThere))
    }
}

/// The operation with what the server calls the conversation.
pub fn under(operation: &Operation, session: Option<ConversationId>) -> Operation {
    match operation {
        Operation::Answer { thread, items, options } => {
            let options = AnswerOptions { session, ..options.clone() };
            Operation::Answer { thread: thread.clone(), items: items.clone(), options }
        }
        other => other.clone(),
    }
}

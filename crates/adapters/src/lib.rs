//! One folder per kind of backend: how its requests are written and its answers read.
//!
//! An adapter is two pure parts: one describes a request, the other turns what comes back into the application's own
//! events. Nothing here does IO; bytes are `transport`'s matter, and what the events lead to is `engine`'s.
//!
//! A new kind is one folder here, one line in [`registry`], and one variant of [`Kind`]. The connection form, the picker
//! and the replay tests find it.
//!
//! ```
//! use model::{Connection, Kind, Operation, SessionSource};
//!
//! let adapter = adapters::adapter(Kind::Chatkit);
//! let url = "https://chat.example/chatkit";
//! let connection = Connection::new("c".into(), "Office", Kind::Chatkit, url, SessionSource::Static);
//! let operation = Operation::ListThreads { after: None, limit: 20 };
//! let request = adapter.request(&connection, &operation, "en").unwrap();
//! assert_eq!(request.answered, adapters::Answered::Whole);
//!
//! let mut mapper = adapter.mapper();
//! let events = mapper.on_frame("message", r#"{"type":"stream_options","stream_options":{"allow_cancel":true}}"#);
//! assert_eq!(events, [model::ThreadEvent::StreamOptions { allow_cancel: true }]);
//! ```

mod address;
mod chatkit;
mod complaint;
mod custom;
pub mod form;
pub mod headers;
mod hosted;
mod limit;
mod models;
mod naming;
pub mod network;
mod openai;
mod pause;
pub mod profile;
mod request;
pub mod session;
pub mod sign_in;
mod trial;
mod unknown;
pub mod upload;
mod usage;

use model::{AnswerOptions, Connection, Kind, Operation, Reply, ThreadEvent};

pub use address::address;
pub use complaint::{Complaint, complaint};
use form::{Described, Field, Values, Wrong};
pub use naming::Naming;
pub use openai::stated_window;
pub use pause::{Pause, pause};
pub use request::{Answered, Method, RequestError, RequestSpec};
pub use trial::Trial;

/// Every kind of backend.
static REGISTRY: &[&dyn Adapter] = &[
    &chatkit::Chatkit, // a server that speaks the ChatKit protocol
    &hosted::Hosted,   // a workflow that OpenAI hosts
    &openai::Openai,   // a server that speaks one of OpenAI's protocols for answers
    &custom::Custom,   // a backend that somebody wrote for themselves
];

/// Every kind of backend, in the order in which they are offered.
pub fn registry() -> &'static [&'static dyn Adapter] {
    REGISTRY
}

/// The adapter of a kind.
pub fn adapter(kind: Kind) -> &'static dyn Adapter {
    match kind {
        Kind::Chatkit => &chatkit::Chatkit,
        Kind::Hosted => &hosted::Hosted,
        Kind::Openai => &openai::Openai,
        Kind::Custom => &custom::Custom,
    }
}

/// What the person fills in to connect to a backend of a kind: the kind's own fields, and those that all have.
pub fn fields(kind: Kind) -> Vec<Field> {
    [adapter(kind).fields(), &headers::FIELDS, &network::FIELDS, &profile::FIELDS].concat()
}

/// What a filled-in form says: the backend, and the way to it. `has_token` is whether there is a token, typed now or kept
/// from before.
///
/// # Errors
///
/// The first field that cannot be used, and why.
pub fn describe(kind: Kind, values: &Values, has_token: bool) -> Result<Described, Wrong> {
    let described = adapter(kind).describe(values, has_token)?;
    sign_in::stays_home(&described)?;
    let (headers, network) = (headers::read(values)?, network::read(values, &described)?);
    Ok(Described { headers, network, ..described })
}

/// The form as it was filled in for a connection.
pub fn values(connection: &Connection) -> Values {
    let mut values = adapter(connection.kind).values(connection);
    headers::write(connection, &mut values);
    network::write(&connection.network, &connection.url, &mut values);
    profile::write(connection, &mut values);
    values
}

/// What the application needs to know of a kind of backend.
pub trait Adapter: Send + Sync {
    /// Which kind.
    fn kind(&self) -> Kind;

    /// What the person fills in to connect to one, beside what all kinds ask for.
    fn fields(&self) -> &'static [Field];

    /// What a filled-in form says. `has_token` is whether there is a token, typed now or kept from before.
    ///
    /// # Errors
    ///
    /// The first field that cannot be used, and why.
    fn describe(&self, values: &Values, has_token: bool) -> Result<Described, Wrong>;

    /// The form as it was filled in for a connection.
    fn values(&self, connection: &Connection) -> Values;

    /// The request for an operation, without the token. `locale` is the language in which the server should speak, as a
    /// BCP 47 tag.
    ///
    /// # Errors
    ///
    /// If the address cannot be called, or this kind of backend has no such operation.
    fn request(
        &self,
        connection: &Connection,
        operation: &Operation,
        locale: &str,
    ) -> Result<RequestSpec, RequestError>;

    /// The model that the request for an operation asks for, where it names one.
    fn model_asked(&self, _connection: &Connection, operation: &Operation) -> Option<String> {
        match operation {
            Operation::CreateThread { input } | Operation::AddUserMessage { input, .. } => {
                input.inference_options.model.clone()
            }
            _ => None,
        }
    }

    /// The request that asks for the same as a whole answer, for a server that has refused to stream one. `None` where
    /// nobody left that to be found out.
    ///
    /// # Errors
    ///
    /// If the address cannot be called.
    fn whole(&self, _connection: &Connection, _operation: &Operation) -> Result<Option<RequestSpec>, RequestError> {
        Ok(None)
    }

    /// Reads one stream. Each stream needs its own.
    fn mapper(&self) -> Box<dyn Mapper + Send>;

    /// Reads the stream that answers an operation. Kinds whose servers have no unique names for what they say make them of
    /// what was asked.
    fn mapper_for(&self, _connection: &Connection, _operation: &Operation) -> Box<dyn Mapper + Send> {
        self.mapper()
    }

    /// Reads the answer to an operation that does not stream.
    ///
    /// # Errors
    ///
    /// If the answer is not what this kind of backend answers to that operation.
    fn reply(&self, operation: &Operation, body: &[u8]) -> Result<Reply, MappingError>;

    /// The same for kinds whose connections say where in an answer something stands.
    ///
    /// # Errors
    ///
    /// As [`Adapter::reply`].
    fn reply_to(&self, _connection: &Connection, operation: &Operation, body: &[u8]) -> Result<Reply, MappingError> {
        self.reply(operation, body)
    }

    /// Whether such backends keep the conversations. Those of the others are kept by this machine alone: each message goes
    /// out with what was said before, as [`Operation::Answer`].
    fn keeps_threads(&self) -> bool {
        true
    }

    /// Who names the conversations that are held through a connection. Most kinds of backends have no use for a name.
    fn names_conversations(&self, _connection: &Connection) -> Naming {
        Naming::Here
    }

    /// Whether what was said before goes out with each message, so that nothing is lost if a server forgets a conversation.
    fn sends_history(&self, _connection: &Connection) -> bool {
        true
    }

    /// What it means that an operation was refused with a status and these first bytes of an answer, where a kind of backend
    /// tells more than its status does.
    fn refusal(&self, _operation: &Operation, _status: u16, _body: &str) -> Option<Refusal> {
        None
    }

    /// What a person can set for one conversation, beside what the connection says; nothing with most kinds.
    fn options(&self, _connection: &Connection) -> Vec<Field> {
        Vec::new()
    }

    /// What was set for one conversation. Fields that are empty are as the connection has them.
    ///
    /// # Errors
    ///
    /// The first field that cannot be used, and why.
    fn read_options(&self, _connection: &Connection, _values: &Values) -> Result<AnswerOptions, Wrong> {
        Ok(AnswerOptions::default())
    }

    /// The fields of [`Adapter::options`] as they were filled in.
    fn write_options(&self, _options: &AnswerOptions) -> Values {
        Values::new()
    }

    /// What a test of a connection asks of its server, in this order.
    fn trials(&self) -> Vec<Trial>;
}

/// Turns the frames of one stream into events.
pub trait Mapper {
    /// What a frame means: usually one event, none for what is never to be seen. A frame that makes no sense is
    /// [`ThreadEvent::Unknown`]; there is no error, because no frame may end a stream.
    fn on_frame(&mut self, event: &str, data: &str) -> Vec<ThreadEvent>;

    /// What it means that the body has ended as bodies should: nothing, where an answer has no other end. Called once.
    fn on_end(&mut self) -> Vec<ThreadEvent> {
        Vec::new()
    }

    /// Whether the server has said how the answer ends, so that nothing of it is missing should the way break or fall
    /// silent now. Where only the end of the body says so, it never has.
    fn is_whole(&self) -> bool {
        false
    }

    /// What an answer means that came whole where a stream was asked for. Called once, instead of the others.
    ///
    /// # Errors
    ///
    /// If it is no answer of this kind of backend.
    fn on_whole(&mut self, _body: &[u8]) -> Result<Vec<ThreadEvent>, MappingError> {
        Err(MappingError { what: "it came whole, and servers of this kind answer by a stream".to_owned() })
    }

    /// Why nothing could be made of what came, once all of it has: its shape was not what was expected. `None` if anything
    /// was understood.
    fn mismatch(&self) -> Option<Mismatch> {
        None
    }

    /// Whether the answer is whole although the way on which it came stays open, as a WebSocket does.
    fn is_over(&self) -> bool {
        false
    }
}

/// An answer that is in a shape in which no text was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// The shape: names and kinds of values, none of what they hold.
    pub shape: String,
    /// The key of the field in the connection's form that says where the text stands.
    pub field: &'static str,
    /// What might be written there, the likeliest first.
    pub pointers: Vec<String>,
}

/// What a refusal means, beside what its status says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The conversation is longer than the model can read.
    TooLong,
    /// The server has no list of what was asked for, and needs none.
    NoList,
    /// The server says that it does not know the conversation, or not any more.
    Forgotten,
    /// The server does not know the model that was asked for.
    UnknownModel,
    /// There is nothing at the address: the conversation may be what it does not know.
    NotThere,
}

/// Why an answer cannot be read. The words are for whoever runs the server.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct MappingError {
    /// What is wrong with the answer.
    pub what: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_registered_once_under_its_name() {
        for (at, entry) in registry().iter().enumerate() {
            assert_eq!(adapter(entry.kind()).kind(), entry.kind());
            assert!(registry()[..at].iter().all(|other| other.kind() != entry.kind()));
        }
    }

    #[test]
    fn every_kind_is_tried_without_harm_before_it_is_spoken_to() {
        for entry in registry() {
            let trials = entry.trials();
            assert!(matches!(&trials[0], Trial::Asks { operation, .. } if !operation.streams()));
            assert!(matches!(trials.last(), Some(Trial::Greets { operation }) if operation.streams()));
        }
    }

    #[test]
    fn every_form_asks_for_an_address_and_keeps_secrets_apart() {
        for entry in registry() {
            let fields = fields(entry.kind());
            assert!(fields.iter().any(|field| field.key == "url" && field.required));
            assert!(fields.iter().all(|field| !field.label.is_empty() && !field.help.is_empty()));
            assert!(fields.iter().any(|field| field.key == form::TOKEN && field.input == form::Input::Secret));
            // The same secret may be a token in one case and a password in the other.
            let case = |field: &form::Field| (field.key, field.when.map(|when| (when.key, when.is)));
            let unique: std::collections::BTreeSet<_> = fields.iter().map(case).collect();
            assert_eq!(unique.len(), fields.len());
            for field in &fields {
                assert!(
                    field.when.is_none_or(|when| fields.iter().any(|other| other.key == when.key)),
                    "{}",
                    field.key
                );
            }
        }
    }
}

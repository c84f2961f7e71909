//! Backends that somebody wrote for themselves: an endpoint that takes a message and answers in JSON, by Server-Sent Events
//! or over a WebSocket, each a little differently.

mod address;
mod answer;
mod form;
mod mapper;
mod paths;
mod place;
mod request;
mod session;
#[cfg(test)]
mod tests;

use std::sync::LazyLock;

use model::{Connection, CustomAnswers, CustomSettings, Kind, Operation, Reply};

use crate::{
    Adapter, Mapper, MappingError, Naming, Refusal, RequestError, RequestSpec, Trial,
    form::{Described, Field, Values, Wrong},
    models,
    openai::error,
    session::holds,
    trial,
};

/// The adapter of backends that somebody wrote for themselves.
#[derive(Debug)]
pub(crate) struct Custom;

/// How most of them are spoken to.
static USUAL: LazyLock<CustomSettings> = LazyLock::new(CustomSettings::default);

/// Where a connection's backend takes files.
pub(crate) fn takes_files(connection: &Connection) -> Result<url::Url, RequestError> {
    address::at(&connection.url, &settings(connection).paths.upload, "")
}

/// How a connection's backend is spoken to.
fn settings(connection: &Connection) -> &CustomSettings {
    connection.custom.as_ref().unwrap_or(&USUAL)
}

impl Adapter for Custom {
    fn kind(&self) -> Kind {
        Kind::Custom
    }

    fn fields(&self) -> &'static [Field] {
        &form::FIELDS
    }

    fn describe(&self, values: &Values, has_token: bool) -> Result<Described, Wrong> {
        form::read(values, has_token)
    }

    fn values(&self, connection: &Connection) -> Values {
        form::write(connection)
    }

    fn request(&self, connection: &Connection, operation: &Operation, _: &str) -> Result<RequestSpec, RequestError> {
        request::request(connection, operation)
    }

    fn model_asked(&self, connection: &Connection, operation: &Operation) -> Option<String> {
        request::model(connection, operation)
    }

    fn whole(&self, connection: &Connection, operation: &Operation) -> Result<Option<RequestSpec>, RequestError> {
        match operation {
            Operation::Answer { thread, items, options } if settings(connection).answers == CustomAnswers::Found => {
                request::whole(connection, request::Talk { thread, items, options }).map(Some)
            }
            _ => Ok(None),
        }
    }

    fn mapper(&self) -> Box<dyn Mapper + Send> {
        Box::new(mapper::CustomMapper::default())
    }

    fn mapper_for(&self, connection: &Connection, operation: &Operation) -> Box<dyn Mapper + Send> {
        let items = if let Operation::Answer { items, .. } = operation { items.as_slice() } else { &[] };
        Box::new(mapper::CustomMapper::new(settings(connection), items.last().map(|last| &last.id)))
    }

    fn names_conversations(&self, connection: &Connection) -> Naming {
        session::names(connection)
    }

    fn sends_history(&self, connection: &Connection) -> bool {
        settings(connection).request.template.as_ref().is_some_and(|template| holds(template, "history"))
    }

    fn refusal(&self, operation: &Operation, status: u16, body: &str) -> Option<Refusal> {
        let refusal = session::refusal(operation, status, body);
        let is_unknown = || matches!(operation, Operation::Answer { .. }) && error::is_unknown_model(status, body);
        match refusal {
            Some(Refusal::Forgotten) => refusal,
            _ if *operation == Operation::ListModels => models::is_no_list(status).then_some(Refusal::NoList),
            _ if is_unknown() => Some(Refusal::UnknownModel),
            refusal => refusal,
        }
    }

    fn reply_to(&self, connection: &Connection, operation: &Operation, body: &[u8]) -> Result<Reply, MappingError> {
        match operation {
            Operation::BeginConversation { .. } => Ok(session::read(settings(connection), body)),
            _ => self.reply(operation, body),
        }
    }

    fn reply(&self, operation: &Operation, body: &[u8]) -> Result<Reply, MappingError> {
        match operation {
            // Whatever it says of its health, it says something.
            Operation::Health => Ok(Reply::Done),
            Operation::ListModels => models::reply(body),
            _ => Err(MappingError { what: "nothing like that is asked of servers of this kind".to_owned() }),
        }
    }

    fn keeps_threads(&self) -> bool {
        false
    }

    fn trials(&self) -> Vec<Trial> {
        vec![Trial::Asks { what: "how the server is", operation: Operation::Health }, trial::greeting()]
    }
}

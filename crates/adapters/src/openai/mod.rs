//! Servers that speak one of OpenAI's two protocols for answers: Chat Completions, which nearly all have, or Responses.
//!
//! They keep no threads, so each request carries the conversation. One mapper reads both protocols: what a frame is can be
//! seen in it.

mod address;
mod answer;
mod chat;
pub(crate) mod error;
mod form;
pub(crate) mod item;
mod mapper;
mod reply;
mod request;
mod responses;
mod think;

use model::{AnswerOptions, Connection, Kind, Operation, Reply};

use crate::{
    Adapter, Mapper, MappingError, Refusal, RequestError, RequestSpec, Trial,
    form::{Described, Field, Values, Wrong},
    models, trial,
};

pub use error::stated_window;

/// The adapter of OpenAI-compatible servers.
#[derive(Debug)]
pub(crate) struct Openai;

impl Adapter for Openai {
    fn kind(&self) -> Kind {
        Kind::Openai
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

    fn mapper(&self) -> Box<dyn Mapper + Send> {
        Box::new(mapper::OpenaiMapper::default())
    }

    fn mapper_for(&self, _: &Connection, operation: &Operation) -> Box<dyn Mapper + Send> {
        let items = if let Operation::Answer { items, .. } = operation { items.as_slice() } else { &[] };
        Box::new(items.last().map_or_else(mapper::OpenaiMapper::default, |last| mapper::OpenaiMapper::after(&last.id)))
    }

    fn reply(&self, operation: &Operation, body: &[u8]) -> Result<Reply, MappingError> {
        reply::reply(operation, body)
    }

    fn refusal(&self, operation: &Operation, status: u16, body: &str) -> Option<Refusal> {
        match operation {
            Operation::ListModels => models::is_no_list(status).then_some(Refusal::NoList),
            _ if error::is_too_long(status, body) => Some(Refusal::TooLong),
            _ => error::is_unknown_model(status, body).then_some(Refusal::UnknownModel),
        }
    }

    fn options(&self, connection: &Connection) -> Vec<Field> {
        form::options(connection)
    }

    fn read_options(&self, connection: &Connection, values: &Values) -> Result<AnswerOptions, Wrong> {
        form::read_options(connection, values)
    }

    fn write_options(&self, options: &AnswerOptions) -> Values {
        form::write_options(options)
    }

    fn keeps_threads(&self) -> bool {
        false
    }

    fn trials(&self) -> Vec<Trial> {
        vec![Trial::Asks { what: "the list of models", operation: Operation::ListModels }, trial::greeting()]
    }
}

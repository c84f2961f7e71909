//! Servers that speak the ChatKit protocol. Sections are those of the protocol reference.

mod item;
mod lenient;
mod mapper;
mod reply;
mod request;
mod text;
mod wire;

use model::{Kind, Operation, Reply};

use crate::{Adapter, Field, Mapper, MappingError, RequestError, RequestSpec};

/// The adapter of ChatKit servers.
#[derive(Debug)]
pub(crate) struct Chatkit;

const FIELDS: &[Field] = &[
    Field {
        key: "url",
        label: "Address",
        help: "The ChatKit endpoint of the server, such as https://chat.example.com/chatkit.",
        required: true,
        secret: false,
    },
    Field {
        key: "token",
        label: "Token",
        help: "Sent as a bearer token and kept in the keychain. Leave it empty if the server asks for none.",
        required: false,
        secret: true,
    },
];

impl Adapter for Chatkit {
    fn kind(&self) -> Kind {
        Kind::Chatkit
    }

    fn fields(&self) -> &'static [Field] {
        FIELDS
    }

    fn request(&self, base: &str, operation: &Operation, locale: &str) -> Result<RequestSpec, RequestError> {
        request::request(base, operation, locale)
    }

    fn mapper(&self) -> Box<dyn Mapper + Send> {
        Box::new(mapper::ChatkitMapper)
    }

    fn reply(&self, operation: &Operation, body: &[u8]) -> Result<Reply, MappingError> {
        reply::reply(operation, body)
    }
}

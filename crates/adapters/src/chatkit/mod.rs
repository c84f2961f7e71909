//! Servers that speak the ChatKit protocol. Sections are those of the protocol reference.

mod asking;
mod depth;
mod item;
mod lenient;
mod mapper;
mod message;
mod reply;
mod request;
mod task;
mod text;
mod update;
mod widget;
mod wire;

use std::sync::LazyLock;

use model::{Connection, Kind, Operation, Reply, SessionSource};

use crate::{
    Adapter, Mapper, MappingError, RequestError, RequestSpec, Trial,
    form::{Described, Field, Input, Values, Wrong, put, text, url},
    session::{FIELDS as SESSION_FIELDS, form},
    sign_in::{self, FIELDS as SIGN_IN_FIELDS},
    trial,
};

/// The adapter of ChatKit servers.
#[derive(Debug)]
pub(crate) struct Chatkit;

const ADDRESS: &str = "url";
const PROFILE: &str = "profile";

const ADDRESS_FIELD: Field = Field {
    key: ADDRESS,
    label: "Address",
    help: "The ChatKit endpoint of the server, such as https://chat.example.com/chatkit.",
    input: Input::Text,
    required: true,
    when: None,
    advanced: false,
};

const PROFILE_FIELD: Field = Field {
    key: PROFILE,
    label: "Address of a profile",
    help: "Where a JSON document says which models there are, and how conversations look. Empty: there is none.",
    input: Input::Text,
    required: false,
    when: None,
    advanced: true,
};

static FIELDS: LazyLock<Vec<Field>> =
    LazyLock::new(|| [&[ADDRESS_FIELD][..], &SIGN_IN_FIELDS, &SESSION_FIELDS, &[PROFILE_FIELD]].concat());

impl Adapter for Chatkit {
    fn kind(&self) -> Kind {
        Kind::Chatkit
    }

    fn fields(&self) -> &'static [Field] {
        &FIELDS
    }

    fn describe(&self, values: &Values, has_token: bool) -> Result<Described, Wrong> {
        let (url, sign_in) = (url(values, ADDRESS)?, sign_in::read(values, has_token)?);
        let session = form::read(values, has_token || !sign_in.is_key())?;
        let carried = match form::read_carried(values)? {
            None if session == SessionSource::Static => sign_in::carried(&sign_in),
            carried => carried,
        };
        let profile = text(values, PROFILE).map(|_| self::url(values, PROFILE)).transpose()?;
        Ok(Described { sign_in, carried, profile, ..Described::new(url, session) })
    }

    fn values(&self, connection: &Connection) -> Values {
        let mut values = Values::from([(ADDRESS.to_owned(), connection.url.clone())]);
        sign_in::write(&connection.sign_in, &mut values);
        form::write(connection, &mut values);
        put(&mut values, PROFILE, connection.profile.clone());
        values
    }

    fn request(
        &self,
        connection: &Connection,
        operation: &Operation,
        locale: &str,
    ) -> Result<RequestSpec, RequestError> {
        match (operation, &connection.profile) {
            (Operation::ListModels, Some(profile)) => Ok(crate::models::request(crate::address(profile)?)),
            _ => request::request(&connection.url, operation, locale),
        }
    }

    fn mapper(&self) -> Box<dyn Mapper + Send> {
        Box::new(mapper::ChatkitMapper)
    }

    fn reply(&self, operation: &Operation, body: &[u8]) -> Result<Reply, MappingError> {
        reply::reply(operation, body)
    }

    fn trials(&self) -> Vec<Trial> {
        trial::with_threads()
    }
}

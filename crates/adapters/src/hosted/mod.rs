//! OpenAI's hosted ChatKit: the protocol of any other ChatKit server, with an address and a session endpoint that are
//! known (section 14).

use model::{Connection, HostedSource, Kind, Operation, Reply, SessionSource};
use serde_json::Value;

use crate::{
    Adapter, Mapper, MappingError, RequestError, RequestSpec, Trial,
    chatkit::Chatkit,
    form::{Described, Field, Input, TOKEN, Values, Wrong, number, object, pretty, put, text},
    session,
};

/// The adapter of hosted workflows.
#[derive(Debug)]
pub(crate) struct Hosted;

/// Where OpenAI's API is.
const BASE: &str = "https://api.openai.com/v1";

const WORKFLOW: &str = "workflow";
const VERSION: &str = "version";
const USER: &str = "user";
const STATE: &str = "state_variables";
const EXPIRES: &str = "expires_after";
const RATE: &str = "max_requests_per_minute";
const CONFIGURATION: &str = "configuration";
const ADDRESS: &str = "url";

const fn field(key: &'static str, label: &'static str, help: &'static str, input: Input) -> Field {
    Field { key, label, help, input, required: false, when: None, advanced: true }
}

const FIELDS: &[Field] = &[
    Field {
        required: true,
        advanced: false,
        ..field(
            WORKFLOW,
            "Workflow",
            "Its id, which begins with wf_. Hosted workflows end on 30 November 2026.",
            Input::Text,
        )
    },
    Field {
        required: true,
        advanced: false,
        ..field(TOKEN, "API key", "An API key of the project that the workflow belongs to.", Input::Secret)
    },
    field(VERSION, "Version", "Empty: the version that is deployed.", Input::Text),
    field(USER, "User", "To whom the conversations belong. Empty: a name made up for this computer.", Input::Text),
    field(STATE, "State variables", "What the workflow begins with, as a JSON object.", Input::Json),
    field(EXPIRES, "Session length", "In seconds. Empty: as OpenAI has it, ten minutes.", Input::Number),
    field(RATE, "Requests a minute", "Empty: as OpenAI has it, ten.", Input::Number),
    field(CONFIGURATION, "ChatKit configuration", "Titles, uploads and history, as a JSON object.", Input::Json),
    Field { required: true, ..field(ADDRESS, "Address of the API", "Another one only behind a gateway.", Input::Text) },
];

impl Adapter for Hosted {
    fn kind(&self) -> Kind {
        Kind::Hosted
    }

    fn fields(&self) -> &'static [Field] {
        FIELDS
    }

    fn describe(&self, values: &Values, has_token: bool) -> Result<Described, Wrong> {
        if !has_token {
            return Err(Wrong::new(TOKEN, "An API key is needed: sessions are made with it."));
        }
        let base = match text(values, ADDRESS) {
            None => BASE.to_owned(),
            Some(_) => crate::form::url(values, ADDRESS)?.trim_end_matches('/').to_owned(),
        };
        let workflow = match text(values, WORKFLOW) {
            Some(workflow) if workflow.starts_with("wf_") => workflow.to_owned(),
            _ => return Err(Wrong::new(WORKFLOW, "Write the id of the workflow, which begins with wf_.")),
        };
        let version = match text(values, VERSION) {
            Some("latest") => {
                let reason =
                    "Leave it empty for the version that is deployed; “latest” makes sessions that do not work.";
                return Err(Wrong::new(VERSION, reason));
            }
            version => version.map(str::to_owned),
        };
        let hosted = HostedSource {
            base,
            workflow,
            version,
            state_variables: object(values, STATE)?,
            expires_after: number(values, EXPIRES)?,
            max_requests_per_minute: number(values, RATE)?,
            configuration: object(values, CONFIGURATION)?,
            user: text(values, USER).map(str::to_owned),
        };
        let url = session::hosted_conversation(&hosted).map_err(|error| Wrong::new(ADDRESS, error.to_string()))?;
        Ok(Described::new(url.to_string(), SessionSource::Hosted(hosted)))
    }

    fn values(&self, connection: &Connection) -> Values {
        let mut values = Values::new();
        let SessionSource::Hosted(hosted) = &connection.session else { return values };
        let json =
            |fields: &serde_json::Map<String, Value>| (!fields.is_empty()).then(|| pretty(&fields.clone().into()));
        put(&mut values, ADDRESS, Some(hosted.base.clone()));
        put(&mut values, WORKFLOW, Some(hosted.workflow.clone()));
        put(&mut values, VERSION, hosted.version.clone());
        put(&mut values, USER, hosted.user.clone());
        put(&mut values, STATE, json(&hosted.state_variables));
        put(&mut values, EXPIRES, hosted.expires_after.map(|seconds| seconds.to_string()));
        put(&mut values, RATE, hosted.max_requests_per_minute.map(|limit| limit.to_string()));
        put(&mut values, CONFIGURATION, json(&hosted.configuration));
        values
    }

    fn request(
        &self,
        connection: &Connection,
        operation: &Operation,
        locale: &str,
    ) -> Result<RequestSpec, RequestError> {
        Chatkit.request(connection, operation, locale)
    }

    fn mapper(&self) -> Box<dyn Mapper + Send> {
        Chatkit.mapper()
    }

    fn reply(&self, operation: &Operation, body: &[u8]) -> Result<Reply, MappingError> {
        Chatkit.reply(operation, body)
    }

    fn trials(&self) -> Vec<Trial> {
        Chatkit.trials()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(fields: &[(&str, &str)]) -> Values {
        fields.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_workflow_and_a_key_are_enough_and_all_can_be_edited_later() {
        let least = Hosted.describe(&values(&[(WORKFLOW, "wf_1")]), true).unwrap();
        assert_eq!(least.url, "https://api.openai.com/v1/chatkit/conversation");
        let whole = values(&[
            (ADDRESS, "https://gate.example/openai/v1/"),
            (WORKFLOW, "wf_1"),
            (VERSION, "3"),
            (USER, "ann"),
            (STATE, "{\"plan\": \"pro\"}"),
            (EXPIRES, "900"),
            (RATE, "20"),
            (CONFIGURATION, "{\"history\": {\"enabled\": true}}"),
        ]);
        let described = Hosted.describe(&whole, true).unwrap();
        assert_eq!(described.url, "https://gate.example/openai/v1/chatkit/conversation");
        let session = described.session.clone();
        let connection = Connection::new("c".into(), "", Kind::Hosted, &described.url, session);
        assert_eq!(Hosted.describe(&Hosted.values(&connection), true).unwrap(), described);
    }

    #[test]
    fn what_is_wrong_is_said_at_its_field() {
        let wrong = |fields: &[(&str, &str)], key: bool| Hosted.describe(&values(fields), key).unwrap_err().key;
        assert_eq!(wrong(&[(WORKFLOW, "wf_1")], false), TOKEN);
        assert_eq!(wrong(&[(WORKFLOW, "sk-1")], true), WORKFLOW);
        assert_eq!(wrong(&[], true), WORKFLOW);
        assert_eq!(wrong(&[(WORKFLOW, "wf_1"), (VERSION, "latest")], true), VERSION);
        assert_eq!(wrong(&[(WORKFLOW, "wf_1"), (STATE, "[1]")], true), STATE);
        assert_eq!(wrong(&[(WORKFLOW, "wf_1"), (EXPIRES, "1.5")], true), EXPIRES);
        assert_eq!(wrong(&[(WORKFLOW, "wf_1"), (ADDRESS, "x")], true), ADDRESS);
    }
}

//! Servers that name a conversation themselves: how they are asked to begin one, and what they say of one that is gone.

use model::{Connection, ConversationId, CustomSessions, CustomSettings, Operation, Reply, SessionSource, SignIn};
use serde_json::{Value, json};

use super::{
    address::at,
    place,
    request::{ACCEPT_JSON, bytes},
    settings,
};
use crate::{Answered, Method, Naming, Refusal, RequestError, RequestSpec};

/// Where the name stands in the answers of most servers, the likeliest first.
const USUAL: &[&str] = &[
    "/session_id",
    "/sessionId",
    "/conversation_id",
    "/conversationId",
    "/session",
    "/session/id",
    "/conversation/id",
    "/id",
];

/// The longest name, in bytes: it has to go into an address.
const LONGEST: usize = 512;

/// The field that says who the person is.
const USER: &str = "user";

/// What servers call a conversation in their refusals.
const CALLED: &[&str] = &["session", "conversation"];
/// What they say of one that is not there.
const GONE: &[&str] =
    &["not found", "not_found", "notfound", "expired", "unknown", "invalid", "no such", "not exist", "doesn't exist"];

/// Who names the conversations of a connection.
pub(super) fn names(connection: &Connection) -> Naming {
    let settings = settings(connection);
    match settings.sessions {
        CustomSessions::Own => Naming::Here,
        CustomSessions::Server => Naming::Server,
        // What is made there lets the person in, and is not for a conversation.
        CustomSessions::Found if lets_in(connection, settings) => Naming::Here,
        CustomSessions::Found => Naming::Found,
    }
}

/// Whether sessions of another sort come from the server: such an address must not be asked for the wrong ones.
fn lets_in(connection: &Connection, settings: &CustomSettings) -> bool {
    let here = || at(&connection.url, &settings.paths.sessions, "").map(String::from);
    match (&connection.session, &connection.sign_in) {
        (SessionSource::Endpoint(_), _) => true,
        (_, SignIn::Login(login)) => here().is_ok_and(|here| here == login.url),
        _ => false,
    }
}

/// The request that has a conversation begun.
pub(super) fn request(connection: &Connection, model: Option<&str>) -> Result<RequestSpec, RequestError> {
    let settings = settings(connection);
    let mut fields = settings.request.metadata.clone();
    if let Some(model) = model.or(settings.model.as_deref()) {
        fields.insert(settings.request.model.clone(), json!(model));
    }
    if let Some(user) = user(connection) {
        fields.entry(USER).or_insert_with(|| json!(user));
    }
    let headers = [("Accept", ACCEPT_JSON), ("Content-Type", "application/json")];
    Ok(RequestSpec {
        method: Method::Post,
        url: at(&connection.url, &settings.paths.sessions, "")?,
        headers: headers.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
        body: bytes(&Value::Object(fields)),
        answered: Answered::Whole,
    })
}

/// Who the person is, where the connection says so.
fn user(connection: &Connection) -> Option<&str> {
    match (&connection.session, &connection.sign_in) {
        (SessionSource::Endpoint(endpoint), _) if endpoint.user.is_some() => endpoint.user.as_deref(),
        (_, SignIn::Login(login)) => login.user.as_deref(),
        _ => None,
    }
}

/// The name in an answer; [`Reply::Absent`] if there is none.
pub(super) fn read(settings: &CustomSettings, body: &[u8]) -> Reply {
    let json: Value = serde_json::from_slice(body).unwrap_or_default();
    let named = |place: &str| json.pointer(place).and_then(name);
    let found = match &settings.session_place {
        Some(place) => named(place),
        None => USUAL.iter().find_map(|place| named(place)),
    };
    found.map_or(Reply::Absent, Reply::Conversation)
}

fn name(value: &Value) -> Option<ConversationId> {
    let name = place::said(value).filter(|_| !value.is_boolean())?;
    let usable = !name.is_empty() && name.len() <= LONGEST && !name.contains(char::is_control);
    usable.then(|| ConversationId::new(name))
}

/// What it means for a conversation that a message was refused.
pub(super) fn refusal(operation: &Operation, status: u16, body: &str) -> Option<Refusal> {
    if !matches!(operation, Operation::Answer { .. }) {
        return None;
    }
    match status {
        410 => Some(Refusal::Forgotten),
        400 | 404 | 422 if says_gone(body) => Some(Refusal::Forgotten),
        404 => Some(Refusal::NotThere),
        _ => None,
    }
}

fn says_gone(body: &str) -> bool {
    let body = body.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| body.contains(word));
    has(CALLED) && has(GONE)
}

#[cfg(test)]
mod tests {
    use model::{AnswerOptions, EndpointSource, Gives, Kind, SessionMethod};

    use super::*;

    fn server(custom: CustomSettings) -> Connection {
        let url = "http://127.0.0.1:8000/";
        let mut connection = Connection::new("c".into(), "", Kind::Custom, url, SessionSource::None);
        connection.custom = Some(custom);
        connection
    }

    fn endpoint(url: &str) -> EndpointSource {
        EndpointSource {
            url: url.to_owned(),
            method: SessionMethod::Post,
            headers: Vec::new(),
            body: None,
            pointer: None,
            with_key: false,
            gives: Gives::Token,
            refresh: None,
            user: Some("ann".to_owned()),
        }
    }

    fn body(spec: &RequestSpec) -> Value {
        serde_json::from_slice(&spec.body).unwrap()
    }

    #[test]
    fn a_conversation_is_begun_with_what_is_known() {
        let mut connection = server(CustomSettings::default());
        let spec = request(&connection, None).unwrap();
        assert_eq!((spec.method, spec.url.as_str()), (Method::Post, "http://127.0.0.1:8000/api/sessions"));
        assert_eq!(body(&spec), json!({}));
        assert_eq!(body(&request(&connection, Some("large")).unwrap()), json!({"model": "large"}));
        let custom = connection.custom.as_mut().unwrap();
        custom.model = Some("small".to_owned());
        custom.paths.sessions = "/conversations".to_owned();
        custom.request.metadata = json!({"tenant": 7}).as_object().unwrap().clone();
        connection.sign_in = SignIn::Login(endpoint("http://127.0.0.1:8000/auth/login"));
        let spec = request(&connection, None).unwrap();
        assert_eq!(spec.url.path(), "/conversations");
        assert_eq!(body(&spec), json!({"model": "small", "tenant": 7, "user": "ann"}));
    }

    #[test]
    fn a_name_is_found_where_most_servers_put_it() {
        let found = |settings: &CustomSettings, body: Value| match read(settings, body.to_string().as_bytes()) {
            Reply::Conversation(id) => Some(id.as_str().to_owned()),
            other => {
                assert_eq!(other, Reply::Absent);
                None
            }
        };
        let usual = CustomSettings::default();
        for (answer, name) in [
            (json!({"session_id": "a", "id": "b"}), Some("a")),
            (json!({"sessionId": "a"}), Some("a")),
            (json!({"conversation_id": "a", "id": "row"}), Some("a")),
            (json!({"session": "a"}), Some("a")),
            (json!({"session": {"id": "a"}, "id": "b"}), Some("a")),
            (json!({"id": 42}), Some("42")),
            (json!({"client_secret": "ek", "expires_at": 1}), None),
            (json!({"session_id": "", "session": null}), None),
            (json!({"session_id": "a\nb"}), None),
            (json!({"session_id": true}), None),
            (json!("a"), None),
        ] {
            assert_eq!(found(&usual, answer.clone()).as_deref(), name, "{answer}");
        }
        assert_eq!(read(&usual, b"<html>"), Reply::Absent);
        let placed = CustomSettings { session_place: Some("/data/key".to_owned()), ..usual };
        assert_eq!(found(&placed, json!({"data": {"key": "a"}, "id": "b"})).as_deref(), Some("a"));
        assert_eq!(found(&placed, json!({"id": "b"})), None, "what was said of the place counts");
    }

    #[test]
    fn a_session_that_lets_somebody_in_is_not_taken_for_a_conversation() {
        let mut connection = server(CustomSettings::default());
        assert_eq!(names(&connection), Naming::Found);
        connection.sign_in = SignIn::Login(endpoint("http://127.0.0.1:8000/auth/login"));
        assert_eq!(names(&connection), Naming::Found);
        connection.sign_in = SignIn::Login(endpoint("http://127.0.0.1:8000/api/sessions"));
        assert_eq!(names(&connection), Naming::Here, "that would be a login with a wrong password");
        connection.sign_in = SignIn::Key;
        connection.session = SessionSource::Endpoint(endpoint("http://127.0.0.1:8000/api/sessions"));
        assert_eq!(names(&connection), Naming::Here);
        for (sessions, naming) in [(CustomSessions::Server, Naming::Server), (CustomSessions::Own, Naming::Here)] {
            connection.custom = Some(CustomSettings { sessions, ..CustomSettings::default() });
            assert_eq!(names(&connection), naming, "what the person chose counts");
        }
    }

    #[test]
    fn a_refusal_says_that_a_conversation_is_gone() {
        let (thread, options) = ("t".into(), AnswerOptions::default());
        let answer = Operation::Answer { thread, items: Vec::new(), options };
        for (status, body, meaning) in [
            (404, "{\"detail\":\"Session not found\"}", Some(Refusal::Forgotten)),
            (404, "{\"detail\":\"Not Found\"}", Some(Refusal::NotThere)),
            (410, "", Some(Refusal::Forgotten)),
            (400, "{\"error\":\"SESSION_EXPIRED\"}", Some(Refusal::Forgotten)),
            (422, "{\"detail\":\"Unknown conversation abc\"}", Some(Refusal::Forgotten)),
            (422, "{\"detail\":[{\"loc\":[\"body\",\"session_id\"],\"msg\":\"Field required\"}]}", None),
            (400, "{\"detail\":\"invalid model\"}", None),
            (401, "{\"detail\":\"Session expired\"}", None),
            (500, "{\"detail\":\"Session not found\"}", None),
        ] {
            assert_eq!(refusal(&answer, status, body), meaning, "{status} {body}");
        }
        assert_eq!(refusal(&Operation::Health, 410, ""), None);
    }
}

//! The form of a backend that somebody wrote for themselves: its fields, and what they say.

use std::sync::LazyLock;

use model::{Connection, CustomAnswers, CustomPaths, CustomRequest, CustomSessions, CustomSettings, TextPlaces};
use serde_json::Value;

use super::{
    address::{at, base},
    paths::{self, CHAT_PATH, CONVERSATIONS_PATH, HEALTH_PATH, MODELS_PATH, SOCKET_PATH, STREAM_PATH, UPLOAD_PATH},
    request::PLACEHOLDERS,
};
use crate::{
    Adapter,
    chatkit::Chatkit,
    form::{Choice, Described, Field, Input, Values, When, Wrong, json, object, pretty, put, text},
    session::{FIELDS as SESSION_FIELDS, form::pointer, stranger},
    sign_in::FIELDS as SIGN_IN_FIELDS,
};

const ADDRESS: &str = "url";
const ANSWERS: &str = "answers";
const FOUND: &str = "found";
const JSON: &str = "json";
const SSE: &str = "sse";
const SOCKET: &str = "socket";
const CONVERSATIONS: &str = "conversations";
const SERVER: &str = "server";
const OWN: &str = "own";
/// The key of the field that says where the server's name of a conversation stands.
const NAME: &str = "name_in_answer";
const MODEL: &str = "model";
const MESSAGE_FIELD: &str = "message_field";
const SESSION_FIELD: &str = "session_field";
const MODEL_FIELD: &str = "model_field";
const METADATA: &str = "metadata";
const TEMPLATE: &str = "template";
/// The key of the field that says where in a whole answer the text stands.
pub(super) const WHOLE: &str = "text_in_answer";
/// The key of the field that says where in an event it does.
pub(super) const EVENT: &str = "text_in_event";

/// Fields of the session's part whose address may be a path here.
const SESSION: &str = "session";
const ENDPOINT: &str = "endpoint";
const SESSION_URL: &str = "session_url";
const REFRESH_URL: &str = "refresh_url";
/// Where sessions are made if nobody said otherwise.
const SESSIONS: &str = "/api/sessions";

const fn advanced(key: &'static str, label: &'static str, help: &'static str, input: Input) -> Field {
    Field { key, label, help, input, required: false, when: None, advanced: true }
}

const FIRST: Field = Field {
    required: true,
    advanced: false,
    ..advanced(
        ADDRESS,
        "Address",
        "Where your server is, such as http://localhost:8000. It is asked at /api/chat/stream, or at /api/chat if it does not \
         stream; other paths are set under “More settings”.",
        Input::Text,
    )
};

const LAST: [Field; 18] = [
    advanced(
        ANSWERS,
        "How it answers",
        "Found out: a stream is asked for first, and a whole answer if the server refuses that.",
        Input::Choice(&[
            Choice { value: FOUND, label: "Found out" },
            Choice { value: JSON, label: "Whole, as JSON" },
            Choice { value: SSE, label: "Streamed (Server-Sent Events)" },
            Choice { value: SOCKET, label: "Over a WebSocket" },
        ]),
    ),
    advanced(
        CHAT_PATH,
        "Chat path",
        "Where a whole answer is asked for, with POST. Empty: /api/chat. {session} in a path is the conversation's name.",
        Input::Text,
    ),
    advanced(
        STREAM_PATH,
        "Stream path",
        "Where a streamed answer is asked for, with POST. Empty: /api/chat/stream.",
        Input::Text,
    ),
    Field {
        when: Some(When { key: ANSWERS, is: SOCKET }),
        ..advanced(
            SOCKET_PATH,
            "WebSocket path",
            "Where the WebSocket of a conversation is opened. Empty: /ws/chat/{session}.",
            Input::Text,
        )
    },
    advanced(
        HEALTH_PATH,
        "Health path",
        "Where it says that it is well. Empty: /health. Nothing depends on it: a server without one works, too.",
        Input::Text,
    ),
    advanced(
        UPLOAD_PATH,
        "Upload path",
        "Where a file is sent, with POST, as the field “file” of a form. Empty: /api/upload.",
        Input::Text,
    ),
    advanced(
        CONVERSATIONS,
        "Where a conversation begins",
        "Found out: the server is asked for a session of the conversation, and if it makes none, Kittiwake names the \
         conversation itself; so also where a session endpoint is asked.",
        Input::Choice(&[
            Choice { value: FOUND, label: "Found out" },
            Choice { value: SERVER, label: "Asked of the server" },
            Choice { value: OWN, label: "Kittiwake’s own name for it" },
        ]),
    ),
    advanced(
        CONVERSATIONS_PATH,
        "Path of conversations",
        "Where a conversation begins, with POST. Empty: /api/sessions.",
        Input::Text,
    ),
    advanced(
        NAME,
        "Place of the conversation’s name",
        "Where it stands in the answer to that: a JSON Pointer, such as /data/id. Empty: session_id, conversation_id, session \
         or id.",
        Input::Text,
    ),
    advanced(MODEL, "Model", "What it is asked for where a message names none. Empty: nothing is sent.", Input::Text),
    advanced(
        MODELS_PATH,
        "Path of models",
        "Where it lists the models that it has, such as /v1/models, for you to choose from. Empty: it lists none.",
        Input::Text,
    ),
    advanced(MESSAGE_FIELD, "Field of the message", "Its name in what is sent. Empty: message.", Input::Text),
    advanced(
        SESSION_FIELD,
        "Field of the conversation",
        "Its name in what is sent. Empty: session_id. It holds the name that the server gave to the conversation, or else one \
         that Kittiwake made up; the secret of a session is not in it.",
        Input::Text,
    ),
    advanced(MODEL_FIELD, "Field of the model", "Its name in what is sent. Empty: model.", Input::Text),
    advanced(METADATA, "More fields", "What is sent beside them, as a JSON object.", Input::Json),
    advanced(
        TEMPLATE,
        "Template",
        "JSON to be sent instead of all these fields. {{text}}, {{session}}, {{thread}}, {{model}} and {{history}} are filled \
         in; a text that is only {{history}} becomes a list of role and content.",
        Input::Json,
    ),
    advanced(
        WHOLE,
        "Place of the text in an answer",
        "A JSON Pointer, such as /reply/body. Empty: response, text, content or message.",
        Input::Text,
    ),
    advanced(
        EVENT,
        "Place of the text in an event",
        "The same for one event of a stream. Empty: plain text, or token, delta, chunk and the names above.",
        Input::Text,
    ),
];

/// The fields: those of signing in and of the session are the same everywhere, but here paths will do.
pub(super) static FIELDS: LazyLock<Vec<Field>> = LazyLock::new(|| {
    let mut fields = [&[FIRST][..], &SIGN_IN_FIELDS, &SESSION_FIELDS, &LAST].concat();
    for field in &mut fields {
        match field.key {
            SESSION_URL => {
                field.required = false;
                field.help = "Where a session is made: a path, or a whole address. Empty: /api/sessions.";
            }
            REFRESH_URL => {
                field.help = "Where a session is prolonged, if the server can do that, such as /api/sessions/refresh.";
            }
            _ => {}
        }
    }
    fields
});

/// What the fields say.
pub(super) fn read(values: &Values, has_token: bool) -> Result<Described, Wrong> {
    let custom = settings(values)?;
    let CustomPaths { chat, stream, .. } = &custom.paths;
    let typed = text(values, ADDRESS).unwrap_or_default();
    let url = base(typed, &[stream, chat]).map_err(|error| Wrong::new(ADDRESS, error.to_string()))?;
    for (key, path) in paths::named(&custom.paths) {
        at(&url, path, "s").map_err(|error| Wrong::new(key, error.to_string()))?;
    }
    let described = Chatkit.describe(&with_addresses(values, &url)?, has_token)?;
    Ok(Described { url, custom: Some(custom), ..described })
}

/// The same values with whole addresses where a path stands, or nothing.
fn with_addresses(values: &Values, url: &str) -> Result<Values, Wrong> {
    let mut values = values.clone();
    values.insert(ADDRESS.to_owned(), url.to_owned());
    if text(&values, SESSION) != Some(ENDPOINT) {
        return Ok(values);
    }
    for (key, usual) in [(SESSION_URL, Some(SESSIONS)), (REFRESH_URL, None)] {
        let Some(path) = text(&values, key).or(usual).filter(|path| path.starts_with('/')) else { continue };
        let whole = at(url, path, "").map_err(|error| Wrong::new(key, error.to_string()))?;
        values.insert(key.to_owned(), whole.into());
    }
    Ok(values)
}

fn settings(values: &Values) -> Result<CustomSettings, Wrong> {
    let or = |key, usual: String| text(values, key).map_or(usual, str::to_owned);
    let CustomRequest { message, session, model, .. } = CustomRequest::default();
    let template = json(values, TEMPLATE)?;
    if stranger(text(values, TEMPLATE).unwrap_or_default(), PLACEHOLDERS).is_some() {
        let known = PLACEHOLDERS.iter().map(|name| format!("{{{{{name}}}}}")).collect::<Vec<_>>().join(", ");
        let reason = format!("One of the placeholders stands for nothing here. There are {known}.");
        return Err(Wrong::new(TEMPLATE, reason));
    }
    Ok(CustomSettings {
        paths: paths::read(values),
        answers: match text(values, ANSWERS) {
            Some(JSON) => CustomAnswers::Json,
            Some(SSE) => CustomAnswers::Sse,
            Some(SOCKET) => CustomAnswers::Socket,
            _ => CustomAnswers::Found,
        },
        request: CustomRequest {
            message: or(MESSAGE_FIELD, message),
            session: or(SESSION_FIELD, session),
            model: or(MODEL_FIELD, model),
            metadata: object(values, METADATA)?,
            template,
        },
        places: TextPlaces { whole: pointer(values, WHOLE)?, event: pointer(values, EVENT)? },
        sessions: match text(values, CONVERSATIONS) {
            Some(SERVER) => CustomSessions::Server,
            Some(OWN) => CustomSessions::Own,
            _ => CustomSessions::Found,
        },
        session_place: pointer(values, NAME)?,
        model: text(values, MODEL).map(str::to_owned),
    })
}

/// The fields as they were filled in. What is as usual is left empty.
pub(super) fn write(connection: &Connection) -> Values {
    let mut values = Chatkit.values(connection);
    let CustomSettings { paths: own, answers, request, places, sessions, session_place, model } =
        super::settings(connection);
    let usual = CustomPaths::default();
    for ((key, path), (_, usual)) in paths::named(own).into_iter().zip(paths::named(&usual)) {
        put(&mut values, key, (path != usual).then(|| path.to_owned()));
    }
    let usual = CustomRequest::default();
    for (key, name, usual) in [
        (MESSAGE_FIELD, &request.message, &usual.message),
        (SESSION_FIELD, &request.session, &usual.session),
        (MODEL_FIELD, &request.model, &usual.model),
    ] {
        put(&mut values, key, (name != usual).then(|| name.clone()));
    }
    let answers = match answers {
        CustomAnswers::Found => FOUND,
        CustomAnswers::Json => JSON,
        CustomAnswers::Sse => SSE,
        CustomAnswers::Socket => SOCKET,
    };
    let sessions = match sessions {
        CustomSessions::Found => FOUND,
        CustomSessions::Server => SERVER,
        CustomSessions::Own => OWN,
    };
    let metadata = &request.metadata;
    put(&mut values, CONVERSATIONS, Some(sessions.to_owned()));
    put(&mut values, NAME, session_place.clone());
    put(&mut values, ANSWERS, Some(answers.to_owned()));
    put(&mut values, MODEL, model.clone());
    put(&mut values, METADATA, (!metadata.is_empty()).then(|| pretty(&Value::Object(metadata.clone()))));
    put(&mut values, TEMPLATE, request.template.as_ref().map(pretty));
    put(&mut values, WHOLE, places.whole.clone());
    put(&mut values, EVENT, places.event.clone());
    values
}

#[cfg(test)]
mod tests;

//! What a backend is sent.

use model::{
    AnswerOptions, Connection, ConversationId, CustomAnswers, CustomRequest, Item, ItemBody, Operation, ThreadId,
};
use serde_json::{Map, Value, json};

use super::{address::at, session, settings};
use crate::{
    Answered, Method, RequestError, RequestSpec,
    openai::item::{self, said},
    session::{fill, holds},
};

/// What may stand between double braces in a template.
pub(super) const PLACEHOLDERS: &[&str] = &["text", "session", "thread", "model", "history"];

/// How an answer may come. A stream is liked best.
const ANY: &str = "text/event-stream, application/json;q=0.9, text/plain;q=0.8";
const WHOLE: &str = "application/json, text/plain;q=0.8";
/// What is no answer comes in this form.
pub(super) const ACCEPT_JSON: &str = "application/json";

/// The request for an operation.
pub(super) fn request(connection: &Connection, operation: &Operation) -> Result<RequestSpec, RequestError> {
    let settings = settings(connection);
    match operation {
        Operation::Answer { thread, items, options } => match settings.answers {
            CustomAnswers::Json => whole(connection, Talk { thread, items, options }),
            CustomAnswers::Found | CustomAnswers::Sse => {
                asked(connection, Talk { thread, items, options }, &settings.paths.stream, ANY, Answered::Either)
            }
            CustomAnswers::Socket => Ok(RequestSpec {
                method: Method::Get,
                url: at(&connection.url, &settings.paths.socket, name(thread, options))?,
                headers: Vec::new(),
                body: bytes(&message(&settings.request, &Filled::new(connection, Talk { thread, items, options }))),
                answered: Answered::Socket,
            }),
        },
        Operation::Health => Ok(RequestSpec {
            method: Method::Get,
            url: at(&connection.url, &settings.paths.health, "")?,
            headers: vec![("Accept".to_owned(), "*/*".to_owned())],
            body: Vec::new(),
            answered: Answered::Whole,
        }),
        Operation::BeginConversation { model } => session::request(connection, model.as_deref()),
        Operation::CreateAttachment { .. } | Operation::DeleteAttachment { .. } => {
            Err(RequestError::Unsupported { operation: "keep files" })
        }
        Operation::AddToolOutput { .. }
        | Operation::AddStructuredInput { .. }
        | Operation::CustomAction { .. }
        | Operation::SyncCustomAction { .. } => Err(RequestError::Unsupported { operation: "ask back" }),
        Operation::Feedback { .. } => Err(RequestError::Unsupported { operation: "take feedback" }),
        Operation::ListModels if settings.paths.models.is_empty() => {
            Err(RequestError::Unsupported { operation: "list its models" })
        }
        Operation::ListModels => Ok(crate::models::request(at(&connection.url, &settings.paths.models, "")?)),
        Operation::CreateThread { .. }
        | Operation::AddUserMessage { .. }
        | Operation::RetryAfterItem { .. }
        | Operation::GetThread { .. }
        | Operation::ListThreads { .. }
        | Operation::ListItems { .. }
        | Operation::RenameThread { .. }
        | Operation::DeleteThread { .. } => Err(RequestError::Unsupported { operation: "keep conversations" }),
    }
}

/// The model that an answer is asked of: none where the template has no room for its name.
pub(super) fn model(connection: &Connection, operation: &Operation) -> Option<String> {
    let Operation::Answer { items, options, .. } = operation else { return None };
    let template = settings(connection).request.template.as_ref();
    let is_sent = template.is_none_or(|template| holds(template, "model"));
    wanted(connection, items, options).filter(|_| is_sent).map(str::to_owned)
}

/// That of the message, else that of the conversation, else that of the connection.
fn wanted<'a>(connection: &'a Connection, items: &'a [Item], options: &'a AnswerOptions) -> Option<&'a str> {
    let wanted = item::model(items).or(options.model.as_deref()).or(settings(connection).model.as_deref());
    wanted.filter(|model| !model.is_empty())
}

/// What is to be answered.
#[derive(Clone, Copy)]
pub(super) struct Talk<'a> {
    /// In which conversation.
    pub thread: &'a ThreadId,
    /// The conversation so far, with the message at its end.
    pub items: &'a [Item],
    /// What was set for it.
    pub options: &'a AnswerOptions,
}

/// What the server calls a conversation, or else what Kittiwake does.
fn name<'a>(thread: &'a ThreadId, options: &'a AnswerOptions) -> &'a str {
    options.session.as_ref().map_or(thread.as_str(), ConversationId::as_str)
}

/// The request for a whole answer.
pub(super) fn whole(connection: &Connection, talk: Talk<'_>) -> Result<RequestSpec, RequestError> {
    asked(connection, talk, &settings(connection).paths.chat, WHOLE, Answered::Whole)
}

fn asked(
    connection: &Connection,
    talk: Talk<'_>,
    path: &str,
    accept: &str,
    answered: Answered,
) -> Result<RequestSpec, RequestError> {
    let filled = Filled::new(connection, talk);
    let headers = [("Accept", accept), ("Content-Type", "application/json")];
    Ok(RequestSpec {
        method: Method::Post,
        url: at(&connection.url, path, name(talk.thread, talk.options))?,
        headers: headers.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
        body: bytes(&body(&settings(connection).request, &filled)),
        answered,
    })
}

/// What the placeholders stand for.
struct Filled<'a> {
    text: String,
    session: &'a str,
    thread: &'a str,
    model: Option<&'a str>,
    items: &'a [Item],
}

impl<'a> Filled<'a> {
    fn new(connection: &'a Connection, Talk { thread, items, options }: Talk<'a>) -> Self {
        let last = items.iter().rev().find_map(|item| match &item.body {
            ItemBody::UserMessage(message) => Some(message.spoken()),
            _ => None,
        });
        let model = wanted(connection, items, options);
        let session = name(thread, options);
        Self { text: last.unwrap_or_default(), session, thread: thread.as_str(), model, items }
    }

    /// What was said before the message that is to be answered, oldest first.
    fn history(&self) -> Vec<(&'static str, String)> {
        let end = self.items.iter().rposition(|item| matches!(item.body, ItemBody::UserMessage(_)));
        let said = said(&self.items[..end.unwrap_or(0)]).into_iter();
        said.filter(|said| !said.text.trim().is_empty()).map(|said| (said.role, said.text)).collect()
    }

    fn value(&self, name: &str) -> Option<String> {
        match name {
            "text" => Some(self.text.clone()),
            "session" => Some(self.session.to_owned()),
            "thread" => Some(self.thread.to_owned()),
            "model" => self.model.map(str::to_owned),
            "history" => {
                let lines: Vec<_> = self.history().iter().map(|(who, text)| format!("{who}: {text}")).collect();
                Some(lines.join("\n"))
            }
            _ => None,
        }
    }

    /// A template with its placeholders filled in. A text that is nothing but the history becomes a list, and one that is
    /// nothing but a model that nobody chose becomes null; everything else stays text.
    fn fill(&self, template: &Value) -> Value {
        match template {
            Value::String(text) => match text.trim().strip_prefix("{{").and_then(|rest| rest.strip_suffix("}}")) {
                Some(name) if name.trim() == "history" => {
                    self.history().into_iter().map(|(who, text)| json!({"role": who, "content": text})).collect()
                }
                Some(name) if name.trim() == "model" && self.model.is_none() => Value::Null,
                _ => Value::String(fill(text, &|name| self.value(name))),
            },
            Value::Array(all) => all.iter().map(|one| self.fill(one)).collect(),
            Value::Object(fields) => {
                Value::Object(fields.iter().map(|(name, one)| (name.clone(), self.fill(one))).collect())
            }
            other => other.clone(),
        }
    }
}

/// The body of a request: named fields, or the template.
fn body(request: &CustomRequest, filled: &Filled<'_>) -> Value {
    if let Some(template) = &request.template {
        return filled.fill(template);
    }
    let named = [(&request.message, json!(filled.text)), (&request.session, json!(filled.session))];
    fields(request, filled, named.map(|(name, value)| (name.clone(), value)))
}

/// A message of a WebSocket. Which conversation it belongs to is said by the address.
fn message(request: &CustomRequest, filled: &Filled<'_>) -> Value {
    if let Some(template) = &request.template {
        return filled.fill(template);
    }
    let named = [("type".to_owned(), json!("message")), ("text".to_owned(), json!(filled.text))];
    fields(request, filled, named)
}

/// What is always the same comes first, so that nothing in it can take the place of what is said.
fn fields<const N: usize>(request: &CustomRequest, filled: &Filled<'_>, named: [(String, Value); N]) -> Value {
    let mut fields: Map<String, Value> = request.metadata.clone();
    if let Some(model) = filled.model {
        fields.insert(request.model.clone(), json!(model));
    }
    fields.extend(named);
    Value::Object(fields)
}

pub(super) fn bytes(json: &Value) -> Vec<u8> {
    json.to_string().into_bytes()
}

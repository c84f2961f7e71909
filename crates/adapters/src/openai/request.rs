//! Operation → request, in either dialect.

use model::{AnswerOptions, Connection, Item, ModelParameters, OpenaiDialect, OpenaiSettings, Operation};
use serde_json::{Map, Value, json};
use url::{Host, Url};

use super::{
    address,
    item::{self, File, Said},
};
use crate::{Answered, Method, RequestError, RequestSpec};

/// The request for an operation.
pub(super) fn request(connection: &Connection, operation: &Operation) -> Result<RequestSpec, RequestError> {
    let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    match operation {
        Operation::Answer { items, options, .. } => {
            let settings = connection.openai.as_ref().ok_or_else(no_settings)?;
            let settings = &wanted(settings, options);
            let url = address::endpoint(&connection.url, address::of_answers(settings.dialect))?;
            let fields = match settings.dialect {
                OpenaiDialect::ChatCompletions => chat(settings, items, &url),
                OpenaiDialect::Responses => responses(settings, items),
            };
            let headers = vec![header("Accept", "text/event-stream"), header("Content-Type", "application/json")];
            let body = Value::Object(fields).to_string().into_bytes();
            Ok(RequestSpec { method: Method::Post, url, headers, body, answered: Answered::Stream })
        }
        Operation::ListModels => {
            let url = address::endpoint(&connection.url, &["models"])?;
            Ok(crate::models::request(url))
        }
        Operation::CreateThread { .. }
        | Operation::AddUserMessage { .. }
        | Operation::RetryAfterItem { .. }
        | Operation::GetThread { .. }
        | Operation::ListThreads { .. }
        | Operation::ListItems { .. }
        | Operation::RenameThread { .. }
        | Operation::DeleteThread { .. } => Err(RequestError::Unsupported { operation: "keep conversations" }),
        Operation::BeginConversation { .. } => Err(RequestError::Unsupported { operation: "name conversations" }),
        Operation::Health => Err(RequestError::Unsupported { operation: "say how it is" }),
        Operation::CreateAttachment { .. } | Operation::DeleteAttachment { .. } => {
            Err(RequestError::Unsupported { operation: "keep files" })
        }
        Operation::AddToolOutput { .. }
        | Operation::AddStructuredInput { .. }
        | Operation::CustomAction { .. }
        | Operation::SyncCustomAction { .. } => Err(RequestError::Unsupported { operation: "ask back" }),
        Operation::Feedback { .. } => Err(RequestError::Unsupported { operation: "take feedback" }),
    }
}

/// The model that an answer is asked of.
pub(super) fn model(connection: &Connection, operation: &Operation) -> Option<String> {
    let Operation::Answer { items, options, .. } = operation else { return None };
    let usual = || connection.openai.as_ref().map(|settings| settings.model.as_str());
    let wanted = item::model(items).or(options.model.as_deref()).or_else(usual);
    wanted.filter(|model| !model.is_empty()).map(str::to_owned)
}

/// What is asked for in this conversation.
fn wanted(settings: &OpenaiSettings, options: &AnswerOptions) -> OpenaiSettings {
    let model = options.model.clone().unwrap_or_else(|| settings.model.clone());
    OpenaiSettings { model, parameters: options.parameters.over(&settings.parameters), ..*settings }
}

/// Only a file that was changed by hand describes such a connection.
fn no_settings() -> RequestError {
    let reason = "The connection does not say which model to ask for. Enter one in Settings → Connections.";
    RequestError::Address { reason: reason.to_owned() }
}

fn chat(settings: &OpenaiSettings, items: &[Item], url: &Url) -> Map<String, Value> {
    let ModelParameters { system_prompt, max_tokens, stop, seed, reasoning_effort, .. } = &settings.parameters;
    let system = system_prompt.iter().map(|prompt| json!({"role": "system", "content": prompt}));
    let said = item::said(items)
        .into_iter()
        .map(|said| json!({"role": said.role, "content": parts(&said, "text", chat_file)}));
    let mut fields = usual(settings, items);
    fields.insert("messages".to_owned(), system.chain(said).collect());
    // Usage comes in one more chunk, and only if it is asked for.
    fields.insert("stream_options".to_owned(), json!({"include_usage": true}));
    put(&mut fields, if is_openai(url) { "max_completion_tokens" } else { "max_tokens" }, max_tokens);
    put(&mut fields, "stop", &(!stop.is_empty()).then_some(stop));
    put(&mut fields, "seed", seed);
    put(&mut fields, "reasoning_effort", reasoning_effort);
    fields
}

fn responses(settings: &OpenaiSettings, items: &[Item]) -> Map<String, Value> {
    let ModelParameters { system_prompt, max_tokens, reasoning_effort, .. } = &settings.parameters;
    let said = item::said(items).into_iter();
    let mut fields = usual(settings, items);
    let message = |said: Said<'_>| json!({"type": "message", "role": said.role, "content": parts(&said, "input_text", input_file)});
    let input = said.map(message).collect();
    fields.insert("input".to_owned(), input);
    // The conversation is this machine's alone.
    fields.insert("store".to_owned(), json!(false));
    put(&mut fields, "instructions", system_prompt);
    put(&mut fields, "max_output_tokens", max_tokens);
    put(&mut fields, "reasoning", &reasoning_effort.as_ref().map(|effort| json!({"effort": effort})));
    fields
}

/// The content of a message: its text, or that and its files, each as a dialect writes it. Of a file of which a dialect
/// takes no address nothing is sent.
fn parts(said: &Said<'_>, kind: &str, part: fn(&File<'_>) -> Option<Value>) -> Value {
    let files: Vec<_> = said.files.iter().filter_map(part).collect();
    if files.is_empty() {
        return json!(said.text);
    }
    let text = (!said.text.trim().is_empty()).then(|| json!({"type": kind, "text": said.text}));
    text.into_iter().chain(files).collect()
}

fn chat_file(file: &File<'_>) -> Option<Value> {
    match file {
        File { is_image: true, url, .. } => Some(json!({"type": "image_url", "image_url": {"url": url}})),
        File { name, url, .. } if is_data(url) => {
            Some(json!({"type": "file", "file": {"filename": name, "file_data": url}}))
        }
        File { .. } => None,
    }
}

fn input_file(file: &File<'_>) -> Option<Value> {
    Some(match file {
        File { is_image: true, url, .. } => json!({"type": "input_image", "image_url": url}),
        File { name, url, .. } if is_data(url) => json!({"type": "input_file", "filename": name, "file_data": url}),
        File { url, .. } => json!({"type": "input_file", "file_url": url}),
    })
}

fn is_data(url: &str) -> bool {
    url.starts_with("data:")
}

/// What both dialects call alike.
fn usual(settings: &OpenaiSettings, items: &[Item]) -> Map<String, Value> {
    let mut fields = Map::new();
    fields.insert("model".to_owned(), json!(item::model(items).unwrap_or(&settings.model)));
    fields.insert("stream".to_owned(), json!(true));
    put(&mut fields, "temperature", &settings.parameters.temperature);
    put(&mut fields, "top_p", &settings.parameters.top_p);
    fields
}

fn put<T: serde::Serialize>(fields: &mut Map<String, Value>, name: &str, value: &Option<T>) {
    if let Some(value) = value {
        fields.insert(name.to_owned(), json!(value));
    }
}

/// OpenAI's own models that think refuse the old name of the limit, and many other servers know no new one.
fn is_openai(url: &Url) -> bool {
    let Some(Host::Domain(host)) = url.host() else { return false };
    host == "api.openai.com" || host.ends_with(".openai.azure.com")
}

#[cfg(test)]
mod tests {
    use model::{Attachment, Extra, InferenceOptions, ItemBody, Kind, SessionSource, TextPart, UserMessage};

    use super::*;

    fn server(url: &str, dialect: OpenaiDialect, parameters: ModelParameters) -> Connection {
        let mut connection = Connection::new("c".into(), "", Kind::Openai, url, SessionSource::None);
        connection.openai =
            Some(OpenaiSettings { dialect, model: "m".to_owned(), parameters, ..OpenaiSettings::default() });
        connection
    }

    fn asking(messages: Vec<ItemBody>) -> Operation {
        let item = |body| Item { id: "i".into(), created_at: None, body, extra: Extra::new() };
        let (items, options) = (messages.into_iter().map(item).collect(), AnswerOptions::default());
        Operation::Answer { thread: "t".into(), items, options }
    }

    fn talk() -> Operation {
        let part = TextPart { text: "Hi.".to_owned(), ..TextPart::default() };
        asking(vec![
            ItemBody::UserMessage(UserMessage::text("Hello")),
            ItemBody::AssistantMessage { content: vec![part] },
            ItemBody::UserMessage(UserMessage::text("Well?")),
        ])
    }

    fn all() -> ModelParameters {
        ModelParameters {
            system_prompt: Some("Be brief.".to_owned()),
            temperature: serde_json::Number::from_f64(0.7),
            top_p: serde_json::Number::from_f64(0.9),
            max_tokens: Some(50),
            stop: vec!["###".to_owned()],
            seed: Some(7),
            reasoning_effort: Some("low".to_owned()),
        }
    }

    fn body(connection: &Connection, operation: &Operation) -> Value {
        serde_json::from_slice(&request(connection, operation).unwrap().body).unwrap()
    }

    #[test]
    fn a_conversation_as_chat_completions() {
        let least = server("http://127.0.0.1:4000/v1", OpenaiDialect::ChatCompletions, ModelParameters::default());
        let spec = request(&least, &talk()).unwrap();
        assert_eq!((spec.url.as_str(), spec.answered), ("http://127.0.0.1:4000/v1/chat/completions", Answered::Stream));
        let messages = json!([
            {"role": "user", "content": "Hello"},
            {"role": "assistant", "content": "Hi."},
            {"role": "user", "content": "Well?"},
        ]);
        let expected =
            json!({"model": "m", "messages": messages, "stream": true, "stream_options": {"include_usage": true}});
        assert_eq!(body(&least, &talk()), expected);

        let more = body(&server("http://127.0.0.1:4000/v1", OpenaiDialect::ChatCompletions, all()), &talk());
        assert_eq!(more["messages"][0], json!({"role": "system", "content": "Be brief."}));
        assert_eq!((&more["temperature"], &more["top_p"], &more["seed"]), (&json!(0.7), &json!(0.9), &json!(7)));
        assert_eq!((&more["max_tokens"], &more["stop"]), (&json!(50), &json!(["###"])));
        assert_eq!((&more["reasoning_effort"], more.get("max_completion_tokens")), (&json!("low"), None));
    }

    #[test]
    fn openai_itself_is_told_the_limit_by_its_new_name() {
        for url in ["https://api.openai.com/v1", "https://x.openai.azure.com/openai/v1"] {
            let sent = body(&server(url, OpenaiDialect::ChatCompletions, all()), &talk());
            assert_eq!((&sent["max_completion_tokens"], sent.get("max_tokens")), (&json!(50), None));
        }
        let other = body(&server("https://api.openai.com.evil.example/v1", OpenaiDialect::default(), all()), &talk());
        assert_eq!(other["max_tokens"], 50);
    }

    #[test]
    fn a_conversation_as_responses() {
        let connection = server("https://a.example/v1?key=7", OpenaiDialect::Responses, all());
        assert_eq!(request(&connection, &talk()).unwrap().url.as_str(), "https://a.example/v1/responses?key=7");
        let expected = json!({
            "model": "m",
            "stream": true,
            "store": false,
            "input": [
                {"type": "message", "role": "user", "content": "Hello"},
                {"type": "message", "role": "assistant", "content": "Hi."},
                {"type": "message", "role": "user", "content": "Well?"},
            ],
            "instructions": "Be brief.",
            "temperature": 0.7,
            "top_p": 0.9,
            "max_output_tokens": 50,
            "reasoning": {"effort": "low"},
        });
        assert_eq!(body(&connection, &talk()), expected);
    }

    #[test]
    fn a_message_may_ask_for_another_model() {
        let inference_options = InferenceOptions { model: Some("other".to_owned()), tool: None };
        let message = UserMessage { inference_options, ..UserMessage::text("a") };
        let operation = asking(vec![ItemBody::UserMessage(message)]);
        for dialect in [OpenaiDialect::ChatCompletions, OpenaiDialect::Responses] {
            let connection = server("https://a.example/v1", dialect, ModelParameters::default());
            assert_eq!(body(&connection, &operation)["model"], "other");
            assert_eq!(model(&connection, &operation).as_deref(), Some("other"));
            assert_eq!(model(&connection, &talk()).as_deref(), Some("m"));
            assert_eq!(model(&connection, &Operation::ListModels), None);
        }
    }

    #[test]
    fn a_conversation_may_ask_for_another_model_and_have_parameters_of_its_own() {
        let connection = server("https://a.example/v1", OpenaiDialect::default(), all());
        let Operation::Answer { thread, items, .. } = talk() else { panic!() };
        let parameters = ModelParameters { seed: Some(8), ..ModelParameters::default() };
        let options = AnswerOptions { model: Some("larger".to_owned()), parameters, ..AnswerOptions::default() };
        let sent = body(&connection, &Operation::Answer { thread, items, options });
        assert_eq!((&sent["model"], &sent["seed"], &sent["max_tokens"]), (&json!("larger"), &json!(8), &json!(50)));
    }

    #[test]
    fn pictures_and_files_go_along_as_each_dialect_writes_them() {
        let file = |name: &str, kind: &str, url: &str| {
            let extra = json!({"mime_type": kind, "url": url}).as_object().cloned().unwrap();
            Attachment { id: name.to_owned(), name: name.to_owned(), extra }
        };
        let attachments = vec![
            file("a.png", "image/png", "data:image/png;base64,AA=="),
            file("b.pdf", "application/pdf", "data:application/pdf;base64,BB=="),
            file("c.pdf", "application/pdf", "https://files.example/c.pdf"),
            Attachment { id: "d".to_owned(), name: "d".to_owned(), extra: Extra::new() },
        ];
        let asked = |text: &str| {
            let message = UserMessage { attachments: attachments.clone(), ..UserMessage::text(text) };
            asking(vec![ItemBody::UserMessage(message)])
        };
        let server = |dialect| server("https://a.example/v1", dialect, ModelParameters::default());
        let chat = body(&server(OpenaiDialect::ChatCompletions), &asked("What is it?"));
        let expected = json!([
            {"type": "text", "text": "What is it?"},
            {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}},
            {"type": "file", "file": {"filename": "b.pdf", "file_data": "data:application/pdf;base64,BB=="}},
        ]);
        assert_eq!(chat["messages"][0]["content"], expected);
        let responses = body(&server(OpenaiDialect::Responses), &asked(" "));
        let expected = json!([
            {"type": "input_image", "image_url": "data:image/png;base64,AA=="},
            {"type": "input_file", "filename": "b.pdf", "file_data": "data:application/pdf;base64,BB=="},
            {"type": "input_file", "file_url": "https://files.example/c.pdf"},
        ]);
        assert_eq!(responses["input"][0]["content"], expected);
    }

    #[test]
    fn the_models_are_asked_for_without_a_body() {
        let connection = server("https://a.example/v1", OpenaiDialect::Responses, ModelParameters::default());
        let spec = request(&connection, &Operation::ListModels).unwrap();
        assert_eq!(
            (spec.method, spec.url.as_str(), spec.answered),
            (Method::Get, "https://a.example/v1/models", Answered::Whole)
        );
        assert!(spec.body.is_empty());
    }

    #[test]
    fn what_such_servers_cannot_do_is_said() {
        let connection = server("https://a.example/v1", OpenaiDialect::default(), ModelParameters::default());
        let operation = Operation::ListThreads { after: None, limit: 1 };
        let words = request(&connection, &operation).unwrap_err().to_string();
        assert_eq!(words, "this kind of server cannot keep conversations");
        let bare = Connection { openai: None, ..connection };
        assert!(request(&bare, &talk()).unwrap_err().to_string().contains("which model"));
        assert!(request(&bare, &Operation::ListModels).is_ok());
    }
}

//! What they are sent.

use super::*;

pub(super) fn server(custom: CustomSettings) -> Connection {
    let url = "http://127.0.0.1:8000/";
    let mut connection = Connection::new("c".into(), "", Kind::Custom, url, SessionSource::None);
    connection.custom = Some(custom);
    connection
}

pub(super) fn talk() -> Operation {
    let item = |body| Item { id: "i".into(), created_at: None, body, extra: Extra::new() };
    let answer = vec![TextPart { text: "Hi.".to_owned(), ..TextPart::default() }];
    let bodies = [
        ItemBody::UserMessage(UserMessage::text("Hello")),
        ItemBody::AssistantMessage { content: answer },
        ItemBody::UserMessage(UserMessage::text("{{model}}\n\"Well?\"")),
    ];
    Operation::Answer {
        thread: ThreadId::from("t-1"),
        items: bodies.map(item).into(),
        options: AnswerOptions::default(),
    }
}

pub(super) fn sent(connection: &Connection) -> (RequestSpec, Value) {
    let spec = Custom.request(connection, &talk(), "en").unwrap();
    let body = serde_json::from_slice(&spec.body).unwrap();
    (spec, body)
}

#[test]
fn a_message_goes_out_in_named_fields() {
    let connection = server(CustomSettings::default());
    let (spec, body) = sent(&connection);
    assert_eq!((spec.method, spec.url.as_str()), (Method::Post, "http://127.0.0.1:8000/api/chat/stream"));
    assert_eq!(spec.answered, Answered::Either);
    assert_eq!(body, json!({"message": "{{model}}\n\"Well?\"", "session_id": "t-1"}));
    let instead = Custom.whole(&connection, &talk()).unwrap().unwrap();
    assert_eq!((instead.url.as_str(), instead.answered), ("http://127.0.0.1:8000/api/chat", Answered::Whole));
    assert_eq!(instead.body, spec.body);

    let mut other = CustomSettings { model: Some("small".to_owned()), ..CustomSettings::default() };
    other.answers = CustomAnswers::Json;
    other.request = CustomRequest {
        message: "question".to_owned(),
        metadata: json!({"user": {"name": "Ann"}, "question": "no"}).as_object().unwrap().clone(),
        ..CustomRequest::default()
    };
    let connection = server(other);
    let (spec, body) = sent(&connection);
    assert_eq!((spec.url.path(), spec.answered), ("/api/chat", Answered::Whole));
    let question = "{{model}}\n\"Well?\"";
    let expected = json!({"question": question, "session_id": "t-1", "model": "small", "user": {"name": "Ann"}});
    assert_eq!(body, expected);
    assert_eq!(Custom.whole(&connection, &talk()).unwrap(), None, "nobody left that to be found out");
}

#[test]
fn a_template_says_what_is_sent() {
    let template = json!({
        "input": {"q": "{{text}}", "who": "a {{session}}/{{thread}}"},
        "model": "{{model}}",
        "messages": "{{ history }}",
        "prompt": "{{history}}\nuser: {{text}}",
        "n": 7,
    });
    let request = CustomRequest { template: Some(template), ..CustomRequest::default() };
    let (_, body) = sent(&server(CustomSettings { request, ..CustomSettings::default() }));
    let text = "{{model}}\n\"Well?\"";
    let expected = json!({
        "input": {"q": text, "who": "a t-1/t-1"},
        "model": null,
        "messages": [{"role": "user", "content": "Hello"}, {"role": "assistant", "content": "Hi."}],
        "prompt": format!("user: Hello\nassistant: Hi.\nuser: {text}"),
        "n": 7,
    });
    assert_eq!(body, expected);
}

#[test]
fn a_conversation_has_the_name_that_the_server_gave() {
    let Operation::Answer { thread, items, options } = talk() else { panic!("no answer") };
    let named = Operation::Answer { thread, items, options: AnswerOptions { session: Some("a/b".into()), ..options } };
    let body = |connection: &Connection| -> Value {
        serde_json::from_slice(&Custom.request(connection, &named, "en").unwrap().body).unwrap()
    };
    assert_eq!(body(&server(CustomSettings::default()))["session_id"], "a/b");
    let template = Some(json!({"s": "{{session}}", "t": "{{thread}}"}));
    let request = CustomRequest { template, ..CustomRequest::default() };
    let connection = server(CustomSettings { request, ..CustomSettings::default() });
    assert_eq!(body(&connection), json!({"s": "a/b", "t": "t-1"}));
    assert!(!Custom.sends_history(&connection));
    let answers = CustomAnswers::Socket;
    let spec = Custom.request(&server(CustomSettings { answers, ..CustomSettings::default() }), &named, "en").unwrap();
    assert_eq!(spec.url.path(), "/ws/chat/a%2Fb");
    let request = CustomRequest { template: Some(json!(["{{ history }}"])), ..CustomRequest::default() };
    assert!(Custom.sends_history(&server(CustomSettings { request, ..CustomSettings::default() })));
}

#[test]
fn a_message_of_a_websocket() {
    let answers = CustomAnswers::Socket;
    let (spec, body) = sent(&server(CustomSettings { answers, ..CustomSettings::default() }));
    assert_eq!((spec.url.as_str(), spec.answered), ("http://127.0.0.1:8000/ws/chat/t-1", Answered::Socket));
    assert_eq!(body, json!({"type": "message", "text": "{{model}}\n\"Well?\""}));
}

#[test]
fn the_model_that_is_asked_for_is_the_one_that_is_sent() {
    let mut operation = talk();
    let mut asked = |custom: &CustomSettings, of_thread: Option<&str>, of_message: Option<&str>| {
        let Operation::Answer { items, options, .. } = &mut operation else { panic!("no answer") };
        options.model = of_thread.map(str::to_owned);
        let Some(ItemBody::UserMessage(message)) = items.last_mut().map(|item| &mut item.body) else {
            panic!("nothing")
        };
        message.inference_options.model = of_message.map(str::to_owned);
        let connection = server(custom.clone());
        let spec = Custom.request(&connection, &operation, "en").unwrap();
        let sent: Value = serde_json::from_slice(&spec.body).unwrap();
        let asked = Custom.model_asked(&connection, &operation);
        assert_eq!(sent["model"].as_str(), asked.as_deref());
        asked
    };
    let none = CustomSettings::default();
    let small = CustomSettings { model: Some("small".to_owned()), ..none.clone() };
    assert_eq!(asked(&none, None, None), None);
    assert_eq!(asked(&small, None, None).as_deref(), Some("small"));
    assert_eq!(asked(&small, Some("large"), None).as_deref(), Some("large"));
    assert_eq!(asked(&small, Some("large"), Some("tiny")).as_deref(), Some("tiny"));
    let template = |template| CustomSettings {
        request: CustomRequest { template: Some(template), ..CustomRequest::default() },
        ..small.clone()
    };
    assert_eq!(asked(&template(json!({"model": "{{ model }}"})), None, None).as_deref(), Some("small"));
    assert_eq!(asked(&template(json!({"q": "{{text}}"})), Some("large"), None), None, "it is not sent");
    assert_eq!(Custom.model_asked(&server(small), &Operation::Health), None);
}

#[test]
fn what_such_servers_cannot_do_is_said() {
    let connection = server(CustomSettings::default());
    let spec = Custom.request(&connection, &Operation::Health, "en").unwrap();
    assert_eq!((spec.method, spec.url.path()), (Method::Get, "/health"));
    assert_eq!(Custom.reply(&Operation::Health, b"OK"), Ok(Reply::Done));
    let refused = Custom.request(&connection, &Operation::ListThreads { after: None, limit: 1 }, "en");
    assert_eq!(refused.unwrap_err().to_string(), "this kind of server cannot keep conversations");
}

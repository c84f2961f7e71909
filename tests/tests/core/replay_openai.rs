//! What servers with OpenAI's protocols sent, replayed: operation → request, bytes → events → what is shown.
#![allow(clippy::unwrap_used, reason = "a test's helpers fail as the test does")]

use std::sync::LazyLock;

use acceptance::{
    replaying::{self, End, Framing, replayed},
    traces::{self, Exchange},
};
use engine::ThreadState;
use model::{
    AnswerOptions, Connection, Extra, Item, ItemBody, ItemStage, Kind, ModelParameters, OpenaiDialect, OpenaiSettings,
    Operation, Reply, SessionSource, TextPart, ThreadEvent, UserMessage,
};
use proptest::{prelude::*, sample::Index};
use serde_json::Value;

static EXCHANGES: LazyLock<Vec<Exchange>> = LazyLock::new(traces::openai);
static STREAMS: LazyLock<Vec<&Exchange>> =
    LazyLock::new(|| EXCHANGES.iter().filter(|exchange| exchange.is_stream()).collect());

fn exchange(name: &str) -> &'static Exchange {
    EXCHANGES.iter().find(|exchange| exchange.name == format!("{name} #1")).unwrap()
}

/// The question that a recorded request asks, and the connection that asks it so.
fn asked(exchange: &Exchange) -> Option<(Connection, Operation)> {
    let request = exchange.request.as_ref()?;
    let text = |name: &str| request[name].as_str().map(str::to_owned);
    let number = |name: &str| request[name].as_number().cloned();
    let whole = |name: &str| request[name].as_u64().map(|number| u32::try_from(number).unwrap());
    let is_chat = request["messages"].is_array();
    let said = request[if is_chat { "messages" } else { "input" }].as_array().unwrap();
    let system = said.iter().find(|message| message["role"] == "system");
    let parameters = ModelParameters {
        system_prompt: system.map(|system| system["content"].as_str().unwrap().to_owned()).or(text("instructions")),
        temperature: number("temperature"),
        top_p: number("top_p"),
        max_tokens: whole(if is_chat { "max_tokens" } else { "max_output_tokens" }),
        stop: request["stop"].as_array().into_iter().flatten().map(|stop| stop.as_str().unwrap().to_owned()).collect(),
        seed: whole("seed"),
        reasoning_effort: None,
    };
    let dialect = if is_chat { OpenaiDialect::ChatCompletions } else { OpenaiDialect::Responses };
    let url = "http://127.0.0.1:4017/v1";
    let mut connection = Connection::new("c".into(), "", Kind::Openai, url, SessionSource::Static);
    connection.openai =
        Some(OpenaiSettings { dialect, model: text("model").unwrap(), parameters, ..OpenaiSettings::default() });
    let items = said.iter().filter(|message| message["role"] != "system").enumerate().map(item).collect();
    Some((connection, Operation::Answer { thread: "t".into(), items, options: AnswerOptions::default() }))
}

fn item((at, message): (usize, &Value)) -> Item {
    let text = message["content"].as_str().unwrap().to_owned();
    let body = match message["role"].as_str() {
        Some("assistant") => ItemBody::AssistantMessage { content: vec![TextPart { text, ..TextPart::default() }] },
        _ => ItemBody::UserMessage(UserMessage::text(text)),
    };
    Item { id: format!("i{at}").as_str().into(), created_at: None, body, extra: Extra::new() }
}

/// The events of a body that comes in these pieces, with those of its end if it is whole.
fn replay(exchange: &Exchange, pieces: Vec<Vec<u8>>, whole: bool) -> Vec<ThreadEvent> {
    let (connection, operation) = asked(exchange).unwrap();
    let mut mapper = adapters::adapter(Kind::Openai).mapper_for(&connection, &operation);
    replayed(&mut *mapper, Framing::Standard, pieces, if whole { End::Proper } else { End::Broken })
}

/// What is there after an answer, and what went wrong.
fn shown(name: &str) -> (Vec<(String, ItemStage)>, Option<String>, usize) {
    let exchange = exchange(name);
    let mut state = ThreadState::default();
    for event in replay(exchange, vec![exchange.body.clone()], exchange.whole) {
        state.apply(event);
    }
    let texts = state.entries().iter().map(|entry| (entry.item.body.plain_text().unwrap(), entry.stage)).collect();
    (texts, state.error.map(|error| error.code), state.ignored)
}

#[test]
fn every_recorded_request_is_the_one_we_make() {
    let mut compared = 0;
    for exchange in EXCHANGES.iter() {
        let Some((connection, operation)) = asked(exchange) else { continue };
        let spec = adapters::adapter(Kind::Openai).request(&connection, &operation, "en").unwrap();
        let ours: Value = serde_json::from_slice(&spec.body).unwrap();
        assert_eq!(&ours, exchange.request.as_ref().unwrap(), "{}", exchange.name);
        assert_eq!(spec.answered, adapters::Answered::Stream);
        compared += 1;
    }
    assert_eq!(compared, 11);
}

#[test]
fn answers_in_both_dialects_are_whole_and_tell_what_they_used() {
    for (name, text, used) in [
        ("01-chat-text", "Kittiwakes nest on *cliffs* 🐦.", "prompt_tokens"),
        ("02-chat-conversation", "Another model.", "prompt_tokens"),
        ("10-responses-text", "Kittiwakes nest on *cliffs* 🐦.", "input_tokens"),
        ("11-responses-conversation", "Kittiwakes nest on *cliffs* 🐦.", "input_tokens"),
    ] {
        assert_eq!(shown(name), (vec![(text.to_owned(), ItemStage::Done)], None, 0), "{name}");
        let exchange = exchange(name);
        let events = replay(exchange, vec![exchange.body.clone()], true);
        let Some(ThreadEvent::ItemDone(item)) = events.last() else { panic!("{events:?}") };
        assert!(item.extra["usage"][used].as_u64().unwrap() > 0, "{name}: {:?}", item.extra);
        let growing = events.iter().filter(|event| matches!(event, ThreadEvent::ItemUpdated { .. })).count();
        assert!(growing > 3, "{name} came in {growing} pieces");
    }
}

#[test]
fn the_model_and_what_was_used_are_told_as_they_were_recorded() {
    for (name, asked_for, model, counts) in [
        ("01-chat-text", "calm", "calm", Some((8, 14))),
        ("02-chat-conversation", "other", "other", Some((27, 3))),
        ("06-chat-nothing-said", "tools", "tools", None),
        ("10-responses-text", "bridged", "calm", Some((8, 14))),
        ("11-responses-conversation", "bridged", "calm", Some((27, 14))),
        ("14-responses-nothing-said", "bridged-tools", "tools", Some((9, 0))),
    ] {
        let exchange = exchange(name);
        let (connection, operation) = asked(exchange).unwrap();
        let wanted = adapters::adapter(Kind::Openai).model_asked(&connection, &operation);
        assert_eq!(wanted.as_deref(), Some(asked_for), "{name}");
        let events = replay(exchange, vec![exchange.body.clone()], true);
        let told = events.iter().rev().find_map(|event| match event {
            ThreadEvent::Answered { model, usage } => Some((model.clone(), *usage)),
            _ => None,
        });
        let (used, usage) = told.unwrap();
        let read = usage.map(|usage| (usage.input_tokens.unwrap(), usage.output_tokens.unwrap()));
        assert_eq!((used.as_deref(), read), (Some(model), counts), "{name}");
        assert_eq!(model::is_same_model(asked_for, model), asked_for == model, "{name}");
    }
}

#[test]
fn a_server_that_says_nothing_leaves_nothing() {
    for name in ["06-chat-nothing-said", "14-responses-nothing-said"] {
        assert_eq!(shown(name), (Vec::new(), None, 0), "{name}");
    }
}

#[test]
fn an_error_in_the_place_of_a_stream_is_told() {
    // Its status is that of a failure, so this body is shown as the reason of one; in a stream it means the same.
    let exchange = exchange("13-responses-server-fails");
    assert_eq!(exchange.status, 500);
    let events = replay(exchange, vec![exchange.body.clone()], true);
    let [ThreadEvent::Error(error)] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!((error.code.as_str(), error.message.as_deref()), ("500", Some("Error processing stream start")));
}

#[test]
fn the_models_are_listed() {
    let reply = |name: &str| adapters::adapter(Kind::Openai).reply(&Operation::ListModels, &exchange(name).body);
    let Ok(Reply::Models(models)) = reply("20-models") else { panic!() };
    let names: Vec<_> = models.iter().map(|model| model.id.as_str()).collect();
    assert_eq!(names[..2], ["calm", "other"]);
    assert!(reply("21-models-wrong-key").unwrap_err().to_string().starts_with("the server reports an error"));
}

/// A body in pieces.
fn pieces(body: &[u8], cuts: &[Index]) -> Vec<Vec<u8>> {
    replaying::pieces(body, cuts.iter().map(|cut| cut.index(body.len() + 1)))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn any_cut_into_pieces_gives_the_same_events(which in any::<Index>(), cuts in prop::collection::vec(any::<Index>(), 0..40)) {
        let exchange = which.get(&STREAMS);
        let whole = replay(exchange, vec![exchange.body.clone()], true);
        prop_assert_eq!(replay(exchange, pieces(&exchange.body, &cuts), true), whole);
    }

    #[test]
    fn a_body_that_breaks_off_gives_the_first_of_the_events(which in any::<Index>(), end in any::<Index>(), cuts in prop::collection::vec(any::<Index>(), 0..8)) {
        let exchange = which.get(&STREAMS);
        let whole = replay(exchange, vec![exchange.body.clone()], true);
        let body = &exchange.body[..end.index(exchange.body.len() + 1)];
        let broken = replay(exchange, pieces(body, &cuts), false);
        prop_assert!(whole.starts_with(&broken));
        // A proxy may make a proper end of it: then the answer is whole, or it says that it is not.
        let ended = replay(exchange, pieces(body, &cuts), true);
        let is_told = ended.iter().any(|event| matches!(event, ThreadEvent::Error(_) | ThreadEvent::ItemDone(_)));
        let is_begun = broken.iter().any(|event| !matches!(event, ThreadEvent::Answered { .. }));
        prop_assert!(!is_begun || is_told, "{:?}", ended);
    }
}

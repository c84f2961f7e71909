//! What backends sent that people wrote for themselves, replayed: operation → request, bytes → events → what is shown.
#![allow(clippy::unwrap_used, reason = "a test's helpers fail as the test does")]

use std::sync::LazyLock;

use acceptance::{
    replaying::{self, End, Framing, replayed},
    traces::{self, Exchange},
};
use adapters::{Answered, Mapper, Mismatch};
use engine::ThreadState;
use model::{
    Connection, CustomSettings, Extra, Item, ItemBody, ItemStage, Kind, Operation, SessionSource, ThreadEvent,
    UserMessage,
};
use proptest::{prelude::*, sample::Index};
use serde_json::Value;

static EXCHANGES: LazyLock<Vec<Exchange>> = LazyLock::new(traces::custom);
static STREAMS: LazyLock<Vec<&Exchange>> =
    LazyLock::new(|| EXCHANGES.iter().filter(|exchange| exchange.is_stream()).collect());

const SAID: &str = "You said:\n\n- hi\n- and nothing else.\n\nIs that so?";

fn exchange(name: &str) -> &'static Exchange {
    EXCHANGES.iter().find(|exchange| exchange.name == format!("{name} #1")).unwrap()
}

/// The question that a recorded request asks, and the connection that asks it so.
fn asked(exchange: &Exchange) -> (Connection, Operation) {
    let request = exchange.request.as_ref().unwrap();
    let text = |name: &str| request[name].as_str().map(str::to_owned);
    let url = "http://127.0.0.1:4099/";
    let mut connection = Connection::new("c".into(), "", Kind::Custom, url, SessionSource::None);
    connection.custom = Some(CustomSettings { model: text("model"), ..CustomSettings::default() });
    let body = ItemBody::UserMessage(UserMessage::text(text("message").unwrap()));
    let item = Item { id: "i".into(), created_at: None, body, extra: Extra::new() };
    let thread = text("session_id").unwrap().as_str().into();
    (connection, Operation::Answer { thread, items: vec![item], options: model::AnswerOptions::default() })
}

fn mapper(exchange: &Exchange) -> Box<dyn Mapper + Send> {
    let (connection, operation) = asked(exchange);
    adapters::adapter(Kind::Custom).mapper_for(&connection, &operation)
}

/// The events of an answer, as far as it could be understood, and otherwise why not.
fn read(exchange: &Exchange) -> (Vec<ThreadEvent>, Option<Mismatch>) {
    let mut mapper = mapper(exchange);
    let events = if exchange.is_stream() {
        let end = if exchange.whole { End::Proper } else { End::Broken };
        replayed(&mut *mapper, Framing::Loose, vec![exchange.body.clone()], end)
    } else {
        mapper.on_whole(&exchange.body).unwrap_or_default()
    };
    (events, mapper.mismatch())
}

/// What is there after an answer, and what went wrong.
fn shown(name: &str) -> (Vec<(String, ItemStage)>, Option<String>) {
    let mut state = ThreadState::default();
    read(exchange(name)).0.into_iter().for_each(|event| drop(state.apply(event)));
    let texts = state.entries().iter().map(|entry| (entry.item.body.plain_text().unwrap(), entry.stage)).collect();
    (texts, state.error.and_then(|error| error.message))
}

#[test]
fn every_recorded_request_is_the_one_we_make() {
    let adapter = adapters::adapter(Kind::Custom);
    let mut compared = 0;
    for exchange in EXCHANGES.iter() {
        let (connection, operation) = asked(exchange);
        let stream = adapter.request(&connection, &operation, "en").unwrap();
        let whole = adapter.whole(&connection, &operation).unwrap().unwrap();
        for (spec, answered) in [(stream, Answered::Either), (whole, Answered::Whole)] {
            let ours: Value = serde_json::from_slice(&spec.body).unwrap();
            assert_eq!(Some(&ours), exchange.request.as_ref(), "{}", exchange.name);
            assert_eq!(spec.answered, answered);
            compared += 1;
        }
    }
    assert_eq!(compared, 32);
}

#[test]
fn answers_in_every_form_are_whole() {
    for (name, text) in [
        ("01-whole", "Message 1: hi"),
        ("03-whole-model", "large heard hi"),
        ("08-whole-unicode", "Message 1: Möwen 🐦"),
        ("10-plain-tokens", SAID),
        ("11-plain-tokens-lines", &SAID.replace("hi\n", "two\nlines: here\n")),
        ("12-json-tokens", SAID),
        ("17-plain-tokens-unicode", &SAID.replace("- hi", "- Möwen 🐦")),
    ] {
        assert_eq!(shown(name), (vec![(text.to_owned(), ItemStage::Done)], None), "{name}");
    }
    let growing = read(exchange("10-plain-tokens")).0;
    let pieces = growing.iter().filter(|event| matches!(event, ThreadEvent::ItemUpdated { .. })).count();
    assert!(pieces > 10, "it came in {pieces} pieces");
}

#[test]
fn what_is_no_whole_answer_is_none() {
    for (name, status) in
        [("02-not-signed-in", 401), ("05-fields-missing", 422), ("06-no-stream", 404), ("07-stream-refused", 501)]
    {
        assert_eq!(exchange(name).status, status, "{name}");
    }
    let half = || vec![("You said".to_owned(), ItemStage::Streaming)];
    assert_eq!(shown("14-error-event"), (half(), Some("The model is out of memory".to_owned())));
    assert_eq!(shown("15-cut"), (half(), None));
    assert_eq!(shown("16-nothing"), (Vec::new(), None));
}

#[test]
fn other_shapes_are_told_and_mended() {
    for (name, field, pointer) in
        [("04-whole-other-shape", "text_in_answer", "/reply/body"), ("13-other-shape", "text_in_event", "/w")]
    {
        let (events, mismatch) = read(exchange(name));
        assert!(events.iter().all(|event| matches!(event, ThreadEvent::Unknown { .. })), "{events:?}");
        let mismatch = mismatch.unwrap();
        assert_eq!((mismatch.field, mismatch.pointers[0].as_str()), (field, pointer), "{name}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn any_cut_into_pieces_gives_the_same_events(which in any::<Index>(), cuts in prop::collection::vec(any::<Index>(), 0..40)) {
        let exchange = which.get(&STREAMS);
        let places = cuts.iter().map(|cut| cut.index(exchange.body.len() + 1));
        let cut = replayed(&mut *mapper(exchange), Framing::Loose, replaying::pieces(&exchange.body, places), End::Proper);
        prop_assert_eq!(cut, replayed(&mut *mapper(exchange), Framing::Loose, vec![exchange.body.clone()], End::Proper));
    }

    #[test]
    fn a_body_that_breaks_off_gives_the_first_of_the_events(which in any::<Index>(), end in any::<Index>()) {
        let exchange = which.get(&STREAMS);
        let body = &exchange.body[..end.index(exchange.body.len() + 1)];
        let whole = replayed(&mut *mapper(exchange), Framing::Loose, vec![exchange.body.clone()], End::Proper);
        let broken = replayed(&mut *mapper(exchange), Framing::Loose, vec![body.to_vec()], End::Broken);
        prop_assert!(whole.starts_with(&broken));
    }
}

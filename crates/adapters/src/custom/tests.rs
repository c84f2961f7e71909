//! What backends send, as people write them.

mod requests;

use model::{
    AnswerOptions, CustomAnswers, CustomRequest, CustomSettings, Extra, Item, ItemBody, ItemUpdate, SessionSource,
    TextPart, TextPlaces, ThreadEvent, ThreadId, UserMessage,
};
use serde_json::{Value, json};

use super::*;
use crate::{Answered, Method, Mismatch};

/// What came of some frames: the text that was said, and what else is to be told.
#[derive(Debug, Default, PartialEq)]
struct Heard {
    text: String,
    /// Whether the answer was given whole at its end, with the same text.
    done: bool,
    error: Option<String>,
    unknown: usize,
}

fn heard(events: &[ThreadEvent]) -> Heard {
    let mut heard = Heard::default();
    for event in events {
        match event {
            ThreadEvent::ItemUpdated { update: ItemUpdate::TextDelta { delta, .. }, .. } => heard.text.push_str(delta),
            ThreadEvent::ItemDone(item) => {
                assert_eq!(item.body.plain_text().as_ref(), Some(&heard.text));
                heard.done = true;
            }
            ThreadEvent::Error(error) => heard.error = Some(error.message.clone().unwrap_or_default()),
            ThreadEvent::Unknown { .. } => heard.unknown += 1,
            _ => {}
        }
    }
    heard
}

fn streamed_with(settings: &CustomSettings, frames: &[(&str, &str)]) -> (Heard, Option<Mismatch>) {
    let mut mapper = mapper::CustomMapper::new(settings, Some(&"i".into()));
    let mut events: Vec<_> = frames.iter().flat_map(|(event, data)| mapper.on_frame(event, data)).collect();
    events.extend(mapper.on_end());
    (heard(&events), mapper.mismatch())
}

fn streamed(data: &[&str]) -> Heard {
    let frames: Vec<_> = data.iter().map(|data| ("message", *data)).collect();
    streamed_with(&CustomSettings::default(), &frames).0
}

fn said(text: &str) -> Heard {
    Heard { text: text.to_owned(), done: true, ..Heard::default() }
}

#[test]
fn plain_tokens_come_out_as_they_were_meant() {
    assert_eq!(
        streamed(&["Hello", " world", "", "  twice", "\n", "\n", "- a\n- b", "[DONE]"]),
        said("Hello world  twice\n\n- a\n- b")
    );
    assert_eq!(streamed(&["4", "2", " is ", "true", "null", "{}", "[1]", "\"so\""]), said("42 is truenull{}[1]\"so\""));
    assert_eq!(streamed(&["A program: ", "{\"a\": 1}", "."]), said("A program: {\"a\": 1}."));
    assert_eq!(streamed(&["It is", " [DONE] done"]), said("It is [DONE] done"), "only alone it is a mark");
    assert_eq!(streamed(&["Hi", "{\"done\": true}"]), said("Hi"));
}

#[test]
fn tokens_in_quotes_are_read_as_json() {
    assert_eq!(streamed(&["\"Hello\"", "\"\\n\\n\"", "\" \\\"you\\\"\"", "[DONE]"]), said("Hello\n\n \"you\""));
    assert_eq!(streamed(&["\"Hello", " you\""]), said("\"Hello you\""), "a quotation is none");
}

#[test]
fn tokens_in_objects_are_found_by_their_names() {
    for frames in [
        &["{\"token\": \"Hello\"}", "{\"token\": \" world\"}", "[DONE]"][..],
        &["{\"delta\": \"Hello\"}", "{\"delta\": \" world\"}", "{\"type\": \"done\"}"],
        &[
            "{\"type\":\"start\",\"message\":\"Thinking\"}",
            "{\"type\":\"token\",\"content\":\"Hello\"}",
            "{\"type\":\"token\",\"content\":\" world\"}",
            "{\"type\":\"end\",\"content\":\"Hello world\"}",
        ],
        &[
            "{\"choices\":[{\"delta\":{\"content\":\"Hello\"}}]}",
            "{\"choices\":[{\"delta\":{\"content\":\" world\"}}]}",
        ],
        &["{\"content\": \"Hello\", \"done\": false}", "\n", "{\"content\": \" world\", \"done\": true}"],
        &[
            "{\"session_id\": \"7\", \"error\": null, \"token\": \"\"}",
            "{\"text\": \"Hello\"}",
            "{\"text\": \" world\"}",
        ],
        &["{\"response\": \"Hello world\"}"],
        &["{\"type\": \"done\", \"response\": \"Hello world\"}"],
    ] {
        assert_eq!(streamed(frames), said("Hello world"), "{frames:?}");
    }
    let settings = CustomSettings {
        places: TextPlaces { event: Some("/d/w".to_owned()), whole: None },
        ..CustomSettings::default()
    };
    let frames = [("message", "{\"d\": {\"w\": \"4\"}, \"token\": \"no\"}"), ("words", "{\"d\": {\"w\": 2}}")];
    assert_eq!(streamed_with(&settings, &frames), (said("42"), None));
}

#[test]
fn events_have_names() {
    let read = |frames: &[(&str, &str)]| streamed_with(&CustomSettings::default(), frames).0;
    assert_eq!(read(&[("token", "Hello"), ("token", " world"), ("done", "")]), said("Hello world"));
    assert_eq!(read(&[("token", "Hello"), ("end", "{\"usage\": {\"tokens\": 1}}")]), said("Hello"));
    let noted = read(&[("ping", "2026-01-01"), ("message", "Hello")]);
    assert_eq!((noted.text.as_str(), noted.unknown), ("Hello", 1));
    for (frames, words) in [
        (&[("message", "Half"), ("error", "out of memory")][..], "out of memory"),
        (&[("message", "Half"), ("error", "{\"detail\": \"No model\"}")], "No model"),
        (&[("message", "{\"token\": \"Half\"}"), ("message", "{\"error\": {\"message\": \"Gone\"}}")], "Gone"),
        (&[("message", "Half"), ("message", "{\"type\": \"error\", \"message\": \"Gone\"}")], "Gone"),
    ] {
        let failed = read(frames);
        assert_eq!((failed.text.as_str(), failed.error.as_deref(), failed.done), ("Half", Some(words), false));
    }
}

#[test]
fn what_has_no_text_is_told_by_its_shape() {
    let frames =
        [("message", "{\"id\":\"run-0815\",\"w\":\"Hello\"}"), ("message", "{\"id\":\"run-0815\",\"w\":\" you\"}")];
    let (heard, mismatch) = streamed_with(&CustomSettings::default(), &frames);
    assert_eq!((heard.text.as_str(), heard.done), ("", false));
    let mismatch = mismatch.unwrap();
    assert_eq!((mismatch.shape.as_str(), mismatch.field), ("{id: text, w: text}", form::EVENT));
    assert_eq!(mismatch.pointers, ["/w", "/id"]);
    let (_, none) = streamed_with(&CustomSettings::default(), &[frames[0], ("message", "{\"token\": \"a\"}")]);
    assert_eq!(none, None, "something was understood");
    let (_, none) = streamed_with(&CustomSettings::default(), &[frames[0], ("error", "Gone")]);
    assert_eq!(none, None, "the server says itself what is wrong");
    assert_eq!(streamed_with(&CustomSettings::default(), &[]).1, None);
}

fn whole(settings: &CustomSettings, body: &str) -> (Option<Heard>, Option<Mismatch>) {
    let mut mapper = mapper::CustomMapper::new(settings, Some(&"i".into()));
    let read = mapper.on_whole(body.as_bytes()).ok();
    (read.map(|events| heard(&events)), mapper.mismatch())
}

#[test]
fn whole_answers() {
    let usual = CustomSettings::default();
    for body in ["{\"response\": \"Hello\"}", "\"Hello\"", "Hello", "{\"message\": {\"content\": \"Hello\"}}"] {
        assert_eq!(whole(&usual, body), (Some(said("Hello")), None), "{body}");
    }
    assert_eq!(whole(&usual, "42").0, Some(said("42")));
    assert_eq!(whole(&usual, "").0, Some(Heard::default()), "nothing was said");
    let failed = whole(&usual, "{\"error\": \"No model\"}").0.unwrap();
    assert_eq!(failed.error.as_deref(), Some("No model"));
    assert_eq!(whole(&usual, "<html>").0, None);
    let (none, mismatch) = whole(&usual, "{\"reply\": {\"body\": \"Hello\", \"tokens\": 7}}");
    let expected = Mismatch {
        shape: "{reply: {body: text, tokens: number}}".to_owned(),
        field: form::WHOLE,
        pointers: vec!["/reply/body".to_owned()],
    };
    assert_eq!((none, mismatch), (None, Some(expected)));
    let mended = CustomSettings { places: TextPlaces { whole: Some("/reply/body".to_owned()), event: None }, ..usual };
    assert_eq!(whole(&mended, "{\"reply\": {\"body\": \"Hello\", \"tokens\": 7}}").0, Some(said("Hello")));
    assert!(whole(&mended, "{\"response\": \"Hello\"}").1.is_some());
}

/// The messages of a WebSocket until the answer is whole; what is left of them comes later.
fn over_socket<'a>(messages: &[&'a str]) -> (Heard, Vec<&'a str>) {
    let settings = CustomSettings { answers: CustomAnswers::Socket, ..CustomSettings::default() };
    let mut mapper = mapper::CustomMapper::new(&settings, Some(&"i".into()));
    let mut events = Vec::new();
    let mut left = messages.iter().copied();
    for message in left.by_ref() {
        events.extend(mapper.on_frame("message", message));
        if mapper.is_over() {
            break;
        }
    }
    (heard(&events), left.collect())
}

#[test]
fn an_answer_over_a_websocket_is_over_when_it_is_whole() {
    for messages in [
        &["{\"type\":\"response\",\"text\":\"Hello\"}", "next"][..],
        &["{\"type\":\"ack\",\"text\":\"Got it\"}", "{\"response\":\"Hello\"}", "next"],
        &["Hello", "next"],
        &[
            "{\"type\":\"token\",\"text\":\"Hel\"}",
            "{\"type\":\"token\",\"text\":\"lo\"}",
            "{\"type\":\"done\"}",
            "next",
        ],
        &["{\"token\":\"Hel\"}", "{\"token\":\"lo\"}", "{\"type\":\"response\",\"text\":\"Hello\"}", "next"],
        &["{\"chunk\":\"Hel\"}", "{\"chunk\":\"lo\"}", "[DONE]", "next"],
        &["{\"text\":\"Hel\",\"done\":false}", "{\"text\":\"lo\",\"done\":true}", "next"],
    ] {
        assert_eq!(over_socket(messages), (said("Hello"), vec!["next"]), "{messages:?}");
    }
    let (failed, left) = over_socket(&["{\"token\":\"Hel\"}", "{\"type\":\"error\",\"message\":\"Gone\"}", "next"]);
    assert_eq!((failed.text.as_str(), failed.error.as_deref(), left), ("Hel", Some("Gone"), vec!["next"]));
    let (strange, left) = over_socket(&["{\"reply\":{\"body\":\"Hello\"}}", "next"]);
    assert_eq!((strange.text.as_str(), left), ("", vec!["next"]), "nothing else may come");
}

/// What was told of an answer as a whole: models and counts, each time there was news.
fn news(events: Vec<ThreadEvent>) -> Vec<(Option<String>, Option<u64>)> {
    let told = events.into_iter().filter_map(|event| match event {
        ThreadEvent::Answered { model, usage } => Some((model, usage.and_then(|usage| usage.output_tokens))),
        _ => None,
    });
    told.collect()
}

#[test]
fn what_a_server_says_of_its_answer_is_told() {
    let gull = || Some("gull".to_owned());
    let both = || [(gull(), Some(7))];
    let read = |answers, frames: &[(&str, &str)]| {
        let settings = CustomSettings { answers, ..CustomSettings::default() };
        let mut mapper = mapper::CustomMapper::new(&settings, None);
        news(frames.iter().flat_map(|(event, data)| mapper.on_frame(event, data)).collect())
    };
    let stream = [
        ("message", r#"{"id": "a", "model": "gull"}"#),
        ("message", r#"{"token": "Hel", "model": "gull"}"#),
        ("message", r#"{"token": "lo", "usage": null}"#),
        ("end", r#"{"usage": {"completion_tokens": 7}}"#),
    ];
    assert_eq!(read(CustomAnswers::Sse, &stream), [(gull(), None), (gull(), Some(7))], "only what is new");
    let plain = [
        ("message", "Hello"),
        ("message", r#"{"model": "a token"}"#),
        ("done", r#"{"model": "gull", "usage": {"output_tokens": 7}}"#),
    ];
    assert_eq!(read(CustomAnswers::Sse, &plain), both(), "what is a token says nothing of the answer");
    let message = r#"{"type": "response", "text": "Hi", "model": "gull", "usage": {"output_tokens": 7}}"#;
    assert_eq!(read(CustomAnswers::Socket, &[("message", message)]), both());
    let aside = [("message", r#"{"type": "usage", "usage": {"output_tokens": 7}}"#), ("message", "Hello")];
    assert_eq!(read(CustomAnswers::Socket, &aside), [(None, Some(7))]);
    assert_eq!(read(CustomAnswers::Sse, &[("message", r#"{"token": "a", "model": "", "usage": {"cost": 1}}"#)]), []);

    let whole = |body: &[u8]| news(mapper::CustomMapper::default().on_whole(body).unwrap());
    assert_eq!(whole(br#"{"response": "Hi", "model": "gull", "usage": {"output_tokens": 7}}"#), both());
    assert_eq!(whole(br#"{"response": "Hi"}"#), []);
}

#[test]
fn what_said_its_end_is_whole_although_the_way_is_still_open() {
    let is_whole = |answers, frames: &[(&str, &str)]| {
        let settings = CustomSettings { answers, ..CustomSettings::default() };
        let mut mapper = mapper::CustomMapper::new(&settings, Some(&"i".into()));
        frames.iter().for_each(|(event, data)| drop(mapper.on_frame(event, data)));
        Mapper::is_whole(&mapper)
    };
    let said = ("message", "Hello");
    for end in [
        ("message", "[DONE]"),
        ("done", ""),
        ("end", "{\"usage\": {\"tokens\": 1}}"),
        ("message", "{\"done\": true}"),
        ("message", "{\"type\": \"end\"}"),
        ("error", "out of memory"),
    ] {
        assert!(is_whole(CustomAnswers::Sse, &[said, end]), "{end:?}");
    }
    for more in [("message", "done"), ("message", "{\"done\": false}"), ("ping", "1"), ("message", "")] {
        assert!(!is_whole(CustomAnswers::Sse, &[said, more]), "{more:?}");
    }
    assert!(!is_whole(CustomAnswers::Sse, &[]) && !is_whole(CustomAnswers::Sse, &[("message", "{\"text\": \"all\"}")]));
    assert!(is_whole(CustomAnswers::Socket, &[("message", "{\"type\": \"response\", \"text\": \"all\"}")]));
    assert!(!is_whole(CustomAnswers::Socket, &[("message", "{\"type\": \"token\", \"text\": \"a\"}")]));
}

#[test]
fn a_torn_answer_is_told_from_one_of_another_kind() {
    let told = |body: &str| {
        let read = mapper::CustomMapper::new(&CustomSettings::default(), None).on_whole(body.as_bytes());
        read.unwrap_err().what
    };
    assert_eq!(told("{\"response\": \"Hel"), "the answer ends in the middle of its JSON");
    assert_eq!(told("<html>"), "the answer is neither JSON nor plain text");
}

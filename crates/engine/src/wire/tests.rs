//! What is kept of requests and answers, and what never is.

use std::time::Duration;

use adapters::adapter;
use axum::http::HeaderMap;
use model::{Connection, Kind, Operation, SessionSource, ThreadId};
use serde_json::{Value, json};
use transport::{Frame as Event, Request, Seen, TransportError, Watch};
use url::Url;

use super::{frames::Frame, *};
use crate::view::{ExchangeEnd, FrameKind, MarkSort, WireText};

const TOKEN: &str = "sesame-street-17";

fn wire() -> Arc<Wire> {
    let redactor = Arc::new(Redactor::new());
    redactor.register(&TOKEN.into());
    let wire = Wire::new(redactor);
    wire.set(Recording::On);
    wire
}

fn label(purpose: Purpose) -> Label {
    let connection =
        Connection::new("c".into(), "Office", Kind::Chatkit, "https://a.example/chatkit", SessionSource::Static);
    Label { connection: Arc::new(connection), thread: Some(ThreadId::new("t")), remote: None, purpose }
}

fn listing() -> Purpose {
    Purpose::Operation(adapter(Kind::Chatkit), Box::new(Operation::ListThreads { after: None, limit: 20 }))
}

fn answering() -> Purpose {
    let operation = Operation::CreateThread { input: model::UserInput::default() };
    Purpose::Operation(adapter(Kind::Chatkit), Box::new(operation))
}

fn request() -> Request {
    let url = format!("https://ann:pw@a.example/chatkit?key={TOKEN}");
    let body = format!(r#"{{"type":"threads.create","it's":"{TOKEN}"}}"#);
    Request::post(Url::parse(&url).unwrap(), body)
        .header("Accept", "text/event-stream")
        .header("X-Trace", TOKEN)
        .bearer(TOKEN.into())
}

fn event(ear: &Ear, data: &str) {
    let frame = Event { event: "message".to_owned(), data: data.to_owned() };
    ear.see(Seen::Event { frame: &frame, id: None });
}

/// Everything that anybody can see of the record.
fn shown(wire: &Wire) -> String {
    let book = wire.book();
    let each = book.exchanges().map(|exchange| {
        let headers = exchange.headers.iter().chain(&exchange.answer_headers);
        let headers: Vec<_> = headers.map(|header| header.shown(&wire.redactor)).collect();
        let frames: Vec<_> = exchange.frames.iter().enumerate().map(|(at, frame)| frame.view(1, at)).collect();
        let texts: Vec<_> = exchange.frames.iter().map(|frame| &frame.text).collect();
        format!(
            "{:?} {headers:?} {frames:?} {texts:?} {:?} {}",
            exchange.view(),
            exchange.request,
            curl::command(exchange, &wire.redactor)
        )
    });
    let all: String = each.collect();
    all + &trace::file(book.exchanges(), &wire.redactor)
}

#[test]
fn nothing_is_recorded_until_somebody_wants_it() {
    let wire = Wire::new(Arc::default());
    assert!(wire.begin(&label(listing()), &request()).is_none());
    wire.set(Recording::On);
    assert!(wire.begin(&label(listing()), &request()).is_some());
    wire.set(Recording::Off);
    assert!(wire.begin(&label(listing()), &request()).is_none());
}

#[test]
fn no_secret_reaches_the_record_by_any_way() {
    let wire = wire();
    let ear = wire.begin(&label(answering()), &request()).unwrap();
    let mut headers = HeaderMap::new();
    headers.insert("set-cookie", "sid=open-it".parse().unwrap());
    headers.insert("x-echo", TOKEN.parse().unwrap());
    ear.see(Seen::Head { status: 200, headers: &headers });
    event(&ear, &json!({"type": TOKEN, "echo": TOKEN}).to_string());
    ear.see(Seen::Comment(TOKEN));
    ear.see(Seen::Over(Some(&TransportError::Cut { started: true, detail: TOKEN.to_owned() })));
    drop(ear);
    let shown = shown(&wire);
    for secret in [TOKEN, "open-it", "ann:pw"] {
        assert!(!shown.contains(secret), "{secret} is in {shown}");
    }
    assert!(shown.contains("[redacted]") && shown.contains(r#"-H "authorization: Bearer $TOKEN""#), "{shown}");
}

#[test]
fn of_a_session_only_the_shape_is_recorded() {
    let wire = wire();
    let ask = Request::post(Url::parse("https://a.example/session").unwrap(), r#"{"code":"open-it","of":3}"#);
    let ear = wire.begin(&label(Purpose::Access), &ask).unwrap();
    ear.whole(br#"{"ticket":"other-door","ends":99}"#);
    let shown = shown(&wire);
    assert!(!shown.contains("open-it") && !shown.contains("other-door"), "{shown}");
    let kept = wire.book().exchanges().next().unwrap().frames[0].text.text.clone();
    assert_eq!(serde_json::from_str::<Value>(&kept).unwrap(), json!({"ends": 99, "ticket": "[redacted]"}));
}

#[test]
fn what_nobody_here_knows_is_marked() {
    let wire = wire();
    let ear = wire.begin(&label(answering()), &request()).unwrap();
    let card = json!({"type": "Card", "children": [{"type": "Hologram", "children": []}]});
    let item = |kind: &str| json!({"type": kind, "id": "i", "thread_id": "t", "created_at": "", "widget": card});
    for (event, sort) in [
        (json!({"type": "thread.item.sparkled"}), Some(MarkSort::Unknown)),
        (json!({"type": "thread.item.done", "item": item("hologram")}), Some(MarkSort::Unknown)),
        (json!({"type": "thread.item.done", "item": item("widget")}), Some(MarkSort::Widget)),
        (json!({"type": "client_effect", "name": "confetti", "data": {}}), Some(MarkSort::Unhandled)),
        (json!({"type": "client_effect", "name": "new_thread", "data": {}}), None),
        (json!({"type": "stream_options", "stream_options": {"allow_cancel": true}}), None),
    ] {
        self::event(&ear, &event.to_string());
        let book = wire.book();
        let marks = &book.exchanges().next().unwrap().frames.last().unwrap().marks;
        assert_eq!(marks.first().map(|mark| mark.sort), sort, "{event}: {marks:?}");
    }
}

#[test]
fn frames_have_their_names_and_an_end() {
    let wire = wire();
    let ear = wire.begin(&label(answering()), &request()).unwrap();
    ear.see(Seen::Head { status: 200, headers: &HeaderMap::new() });
    event(
        &ear,
        r#"{"type":"thread.item.updated","item_id":"m","update":{"type":"assistant_message.content_part.text_delta"}}"#,
    );
    drop(ear);
    let view = wire.book().exchanges().next().unwrap().view();
    assert_eq!((view.operation.as_str(), view.status, view.frames), ("threads.create", Some(200), 1));
    assert_eq!(view.end, ExchangeEnd::Closed, "nobody waited for its end");
    let frame = wire.book().exchanges().next().unwrap().frames[0].view(1, 0);
    assert_eq!((frame.kind, frame.name.as_str()), (FrameKind::Event, "thread.item.updated"));
    assert_eq!(frame.about.as_deref(), Some("assistant_message.content_part.text_delta"));
}

/// A frame of so many bytes.
fn frame(bytes: usize) -> Frame {
    let text = WireText { text: "x".repeat(bytes), left_out: 0 };
    Frame::new(&Redactor::default(), Duration::ZERO, FrameKind::Event, text, Vec::new())
}

#[test]
fn the_record_stays_small_and_says_what_it_let_go() {
    let wire = wire();
    let of = label(listing());
    let begin = |frames: usize, bytes| {
        let ear = wire.begin(&of, &request()).unwrap();
        let id = wire.book().exchanges().last().unwrap().id;
        (0..frames).for_each(|_| wire.change(|book| book.frame(id, frame(bytes))));
        drop(ear);
    };
    (0..30).for_each(|_| begin(10, 200 * 1024));
    let book = wire.book();
    let room: usize = book.exchanges().map(|exchange| exchange.room).sum();
    assert!(room <= 16 << 20 && book.dropped() > 0, "{room} {}", book.dropped());
    drop(book);
    begin(10_005, 1);
    let book = wire.book();
    let view = book.exchanges().last().unwrap().view();
    assert_eq!((view.frames, view.left_out), (10_005, 5));
    assert!(trace::file(book.exchanges(), &wire.redactor).contains("# 5 more pieces were not kept."));
    drop(book);
    (0..600).for_each(|_| begin(1, 1));
    assert_eq!(wire.book().exchanges().count(), 200);
}

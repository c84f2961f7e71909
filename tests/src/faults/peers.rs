//! Whose answers are tried: one entry for each way in which a server can answer.

use engine::view::ConnectionDraft;
use model::Kind;
use serde_json::{Value, json};

use super::{Way, request::Asked, script::Answer, store::Store};
use crate::traces::{self, Exchange};

/// A way of answering: what was recorded of it, and how to connect to whom it is from.
#[derive(Debug)]
pub struct Peer {
    /// Its heading.
    pub name: &'static str,
    /// Whose answers they are, for the reader.
    pub about: &'static str,
    /// What speaks to it.
    pub kind: Kind,
    /// By what way its answers come.
    pub way: Way,
    /// What was asked when it was recorded.
    pub question: &'static str,
    /// What is shown of the answer.
    pub shown: &'static str,
    /// Its recorded answer: the content type, and the pieces in which it was written.
    pub recorded: fn() -> (String, Vec<Vec<u8>>),
    /// What stands in an event that carries a piece of the text.
    pub text: &'static str,
    /// What stands in the event that is the last mark of the answer, if it has one: it says that the answer is whole.
    pub mark: Option<&'static str>,
    /// How many events come before those of the answer itself.
    pub opening: usize,
    /// Where its address ends.
    pub path: &'static str,
    /// The connection, by its address.
    pub draft: fn(&str) -> ConnectionDraft,
    /// Whether a request begins a turn.
    pub is_turn: fn(&Asked) -> bool,
    /// What anything else is answered with.
    pub other: fn(&Asked, &Store) -> Value,
}

/// All that are tried.
pub static PEERS: [Peer; 7] = [
    Peer {
        name: "ChatKit",
        about: "Recorded from a server on the official SDK. It ends a message, and then its turn; only then does it keep the message.",
        kind: Kind::Chatkit,
        way: Way::Stream,
        question: "/unicode",
        shown: "a👩\u{200d}👩\u{200d}👧\u{200d}👦b e\u{301} עברית 漢字 \u{2028}?",
        recorded: || stream(traces::chatkit(), "20-text-unicode"),
        text: "text_delta",
        mark: Some("thread.item.done"),
        opening: 3,
        path: "/chatkit",
        draft: |url| ConnectionDraft { token: Some("secret-token".into()), ..ConnectionDraft::server("Office", url) },
        is_turn: |asked| {
            let kind = asked.body["type"].as_str();
            matches!(kind, Some("threads.create" | "threads.add_user_message" | "threads.retry_after_item"))
        },
        other: |asked, store| match asked.body["type"].as_str() {
            Some("items.list") => json!({"data": store.newest_first(), "has_more": false}),
            _ => json!({"data": [], "has_more": false}),
        },
    },
    Peer {
        name: "OpenAI, Chat Completions",
        about: "Recorded from LiteLLM's proxy. The last mark is `[DONE]`; that the answer is whole is said before it.",
        kind: Kind::Openai,
        way: Way::Stream,
        question: "Hello",
        shown: "Kittiwakes nest on cliffs 🐦.",
        recorded: || stream(traces::openai(), "01-chat-text"),
        text: r#""content":"#,
        mark: Some("[DONE]"),
        opening: 0,
        path: "/v1",
        draft: |url| openai(url, "chat_completions"),
        is_turn: |asked| asked.line.ends_with("/chat/completions"),
        other: |_, _| models(),
    },
    Peer {
        name: "OpenAI, Responses",
        about: "Recorded from LiteLLM's proxy. The last mark is `response.completed`, which says that the answer is whole.",
        kind: Kind::Openai,
        way: Way::Stream,
        question: "Hello",
        shown: "Kittiwakes nest on cliffs 🐦.",
        recorded: || stream(traces::openai(), "10-responses-text"),
        text: "response.output_text.delta",
        mark: Some("response.completed"),
        opening: 0,
        path: "/v1",
        draft: |url| openai(url, "responses"),
        is_turn: |asked| asked.line.ends_with("/responses"),
        other: |_, _| models(),
    },
    Peer {
        name: "Custom, whole answers in JSON",
        about: "Recorded from a small FastAPI server. Nothing is shown before all of it is there.",
        way: Way::Whole,
        question: "Möwen 🐦",
        shown: "Message 1: Möwen 🐦",
        recorded: || {
            let Exchange { content_type, body, .. } = recorded(traces::custom(), "08-whole-unicode");
            (content_type, vec![body])
        },
        text: "response",
        mark: None,
        draft: |url| custom(url, "json"),
        is_turn: |asked| asked.line.ends_with("/api/chat"),
        ..CUSTOM
    },
    Peer {
        name: "Custom, tokens as they are",
        about: "Recorded from a small FastAPI server: each event is a piece of the text. The last mark is `[DONE]`; many such \
                servers have none, so an end without it is an end, too.",
        question: "Möwen 🐦",
        shown: "You said:\n\nMöwen 🐦\nand nothing else.\n\nIs that so?",
        recorded: || stream(traces::custom(), "17-plain-tokens-unicode"),
        text: "data: ",
        mark: Some("[DONE]"),
        ..CUSTOM
    },
    Peer {
        name: "Custom, tokens in JSON",
        about: "Recorded from a small FastAPI server: the pieces of the text are objects. The last mark is `event: end`, and \
                here, too, an end without it is one.",
        question: "hi",
        shown: "You said:\n\nhi\nand nothing else.\n\nIs that so?",
        recorded: || stream(traces::custom(), "12-json-tokens"),
        text: "token",
        mark: Some("event: end"),
        ..CUSTOM
    },
    Peer {
        name: "Custom, over a WebSocket",
        about: "Recorded from a small FastAPI server: the pieces of the text are messages, and the last mark is one of the type \
                `done`. The WebSocket stays open; one that is lost is opened anew while somebody looks at the conversation, and \
                nothing is sent over it by that.",
        way: Way::Socket,
        question: "words Möwen brüten an Klippen 🐦.",
        shown: "Möwen brüten an Klippen 🐦.",
        recorded: || {
            let messages = traces::custom_messages("20-socket-tokens");
            (String::new(), messages.into_iter().map(String::into_bytes).collect())
        },
        text: "token",
        mark: Some("done"),
        draft: |url| custom(url, "socket"),
        is_turn: |asked| asked.line.contains("/ws/chat/"),
        ..CUSTOM
    },
];

/// What all backends that people wrote for themselves have in common here.
const CUSTOM: Peer = Peer {
    name: "",
    about: "",
    kind: Kind::Custom,
    way: Way::Stream,
    question: "",
    shown: "",
    recorded: || (String::new(), Vec::new()),
    text: "",
    mark: None,
    opening: 0,
    path: "",
    draft: |url| custom(url, "sse"),
    is_turn: |asked| asked.line.ends_with("/api/chat/stream"),
    other: |_, _| json!({"status": "ok"}),
};

/// Kinds that are not tried, and why: `hosted` is ChatKit's protocol at an address that is known, read by ChatKit's adapter.
pub const REST: [Kind; 1] = [Kind::Hosted];

impl Peer {
    /// The recorded answer, and where its stages are.
    pub fn answer(&self) -> Answer {
        let (content_type, pieces) = (self.recorded)();
        let carries = |piece: &Vec<u8>, what: &str| String::from_utf8_lossy(piece).contains(what);
        let mark = self.mark.and_then(|mark| pieces.iter().rposition(|piece| carries(piece, mark)));
        let is_text = |at: &usize| carries(&pieces[*at], self.text) && Some(*at) != mark;
        let texts: Vec<usize> = (0..pieces.len()).filter(is_text).collect();
        let character = texts.iter().rev().find_map(|at| {
            let within = pieces[*at].iter().position(|byte| !byte.is_ascii())?;
            Some((*at, within + 1))
        });
        Answer {
            way: self.way,
            accept: "=".repeat(28),
            content_type,
            middle: texts.get(texts.len() / 2).copied().filter(|_| self.way != Way::Whole),
            character,
            mark,
            pieces,
        }
    }

    /// An item that the recorded answer tells of when it is whole, as its server stores it.
    pub fn stored(&self, kind: &str) -> Value {
        let events = self.answer().pieces;
        let events = events.iter().filter_map(|piece| {
            let text = std::str::from_utf8(piece).ok()?;
            serde_json::from_str::<Value>(text.strip_prefix("data: ")?).ok()
        });
        let mut items = events.filter(|event| event["type"] == "thread.item.done").map(|event| event["item"].clone());
        items.find(|item| item["type"] == kind).unwrap_or(Value::Null)
    }
}

/// A recorded body of Server-Sent Events.
fn stream(exchanges: Vec<Exchange>, name: &str) -> (String, Vec<Vec<u8>>) {
    let Exchange { content_type, body, .. } = recorded(exchanges, name);
    (content_type, events(&body))
}

/// A body of Server-Sent Events, each with its blank line, and with those that a token brought with it.
fn events(body: &[u8]) -> Vec<Vec<u8>> {
    let text = std::str::from_utf8(body).expect("it was recorded as text");
    let mut events: Vec<Vec<u8>> = Vec::new();
    for piece in text.trim_end_matches('\n').split_inclusive("\n\n") {
        match events.last_mut() {
            Some(event) if piece.starts_with('\n') => event.extend(piece.as_bytes()),
            _ => events.push(piece.as_bytes().to_vec()),
        }
    }
    events.iter_mut().rev().take(1).for_each(|last| last.extend(b"\n\n"));
    events
}

fn recorded(exchanges: Vec<Exchange>, name: &str) -> Exchange {
    let name = format!("{name} #1");
    exchanges.into_iter().find(|exchange| exchange.name == name).expect("it was recorded")
}

fn openai(url: &str, dialect: &str) -> ConnectionDraft {
    let mut draft = ConnectionDraft::server("Model", url);
    draft.kind = Kind::Openai;
    draft.token = Some("secret-key".into());
    draft.values.insert("model".to_owned(), "calm".to_owned());
    draft.values.insert("dialect".to_owned(), dialect.to_owned());
    draft
}

fn custom(url: &str, answers: &str) -> ConnectionDraft {
    let mut draft = ConnectionDraft::server("Own", url);
    draft.kind = Kind::Custom;
    draft.values.insert("answers".to_owned(), answers.to_owned());
    // The servers of recorded answers take no other request.
    draft.values.insert("conversations".to_owned(), "own".to_owned());
    draft
}

fn models() -> Value {
    json!({"object": "list", "data": [{"id": "calm", "object": "model"}]})
}

//! Whose answers are tried: one entry for each way in which a server can answer.

use engine::view::ConnectionDraft;
use model::Kind;
use serde_json::{Value, json};

use super::{request::Asked, script::Answer, store::Store};
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
    /// What was asked when it was recorded.
    pub question: &'static str,
    /// What is shown of the answer.
    pub shown: &'static str,
    /// Its recorded answer.
    pub recorded: fn() -> Exchange,
    /// What stands in an event that carries a piece of the text.
    pub text: &'static str,
    /// What stands in the event that is the last mark of the answer: it says that the answer is whole.
    pub mark: &'static str,
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
pub static PEERS: [Peer; 3] = [
    Peer {
        name: "ChatKit",
        about: "Recorded from a server on the official SDK. It ends a message, and then its turn; only then does it keep the message.",
        kind: Kind::Chatkit,
        question: "/unicode",
        shown: "a👩\u{200d}👩\u{200d}👧\u{200d}👦b e\u{301} עברית 漢字 \u{2028}?",
        recorded: || recorded(traces::chatkit(), "20-text-unicode"),
        text: "text_delta",
        mark: "thread.item.done",
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
        question: "Hello",
        shown: "Kittiwakes nest on cliffs 🐦.",
        recorded: || recorded(traces::openai(), "01-chat-text"),
        text: r#""content":"#,
        mark: "[DONE]",
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
        question: "Hello",
        shown: "Kittiwakes nest on cliffs 🐦.",
        recorded: || recorded(traces::openai(), "10-responses-text"),
        text: "response.output_text.delta",
        mark: "response.completed",
        opening: 0,
        path: "/v1",
        draft: |url| openai(url, "responses"),
        is_turn: |asked| asked.line.ends_with("/responses"),
        other: |_, _| models(),
    },
];

/// Kinds that are not tried, and why: `hosted` is ChatKit's protocol at an address that is known, read by ChatKit's adapter.
pub const REST: [Kind; 1] = [Kind::Hosted];

impl Peer {
    /// The recorded answer, and where its stages are.
    pub fn answer(&self) -> Answer {
        let Exchange { content_type, body, .. } = (self.recorded)();
        let pieces: Vec<Vec<u8>> = events(&body);
        let carries = |piece: &Vec<u8>, what: &str| String::from_utf8_lossy(piece).contains(what);
        let texts: Vec<usize> = (0..pieces.len()).filter(|at| carries(&pieces[*at], self.text)).collect();
        let character = texts.iter().rev().find_map(|at| {
            let within = pieces[*at].iter().position(|byte| !byte.is_ascii())?;
            Some((*at, within + 1))
        });
        Answer {
            content_type,
            middle: texts.get(texts.len() / 2).copied(),
            character,
            mark: pieces.iter().rposition(|piece| carries(piece, self.mark)),
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

/// A body of Server-Sent Events, each with its blank line.
fn events(body: &[u8]) -> Vec<Vec<u8>> {
    let text = std::str::from_utf8(body).expect("it was recorded as text");
    text.split_inclusive("\n\n").map(|event| event.as_bytes().to_vec()).filter(|event| event != b"\n").collect()
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

fn models() -> Value {
    json!({"object": "list", "data": [{"id": "calm", "object": "model"}]})
}

//! Each adapter's stream: the same text as servers of each kind send it, from a socket to batches.

use std::time::{Duration, Instant};

use acceptance::gated;
use engine::view::ConnectionDraft;
use model::Kind;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::protocol::frame::{
    Frame,
    coding::{Data, OpCode},
};
use transport::{Http, Limits, Pulse, Request};
use url::Url;

use super::{
    load::{CHATKIT, ITEM, Manners, Server, deltas, frame},
    readers::answered,
};
use crate::{
    Error,
    row::{Row, Target, Unit},
};

/// The heading.
const TOPIC: &str = "Core: each adapter's stream";

const ROUNDS: usize = 5;

/// In what pieces it is written, as by a proxy that gathers: what is measured is the reading.
pub const PIECE: usize = 16 * 1024;

/// What a stream is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Framing {
    /// Server-Sent Events.
    Events,
    /// Messages over a WebSocket.
    Messages,
}

impl Framing {
    /// Who reads that alone.
    fn peer(self) -> &'static str {
        match self {
            Self::Events => "eventsource-client, framing alone",
            Self::Messages => "tungstenite, framing alone",
        }
    }
}

/// A way in which servers stream.
pub struct Stream {
    /// What it is called.
    pub name: &'static str,
    framing: Framing,
    /// How its server tells a turn.
    pub manners: Manners,
    /// The path at which a turn is asked for.
    path: &'static str,
    /// The connection, by the server's address.
    pub draft: fn(&str) -> ConnectionDraft,
    /// The answer, of which each delta is an event.
    pub events: fn(&[String]) -> Vec<Vec<u8>>,
}

/// All that are measured. Another adapter's stream is another entry.
pub static STREAMS: [Stream; 5] = [
    Stream {
        name: "ChatKit",
        framing: Framing::Events,
        manners: CHATKIT,
        path: "/chatkit",
        draft: |url| ConnectionDraft::server("Bench", &format!("{url}/chatkit")),
        events: chatkit,
    },
    Stream {
        name: "OpenAI, Chat Completions",
        framing: Framing::Events,
        manners: Manners { turn: "/chat/completions", other: MODELS },
        path: "/v1/chat/completions",
        draft: |url| openai(url, "chat_completions"),
        events: chat_completions,
    },
    Stream {
        name: "OpenAI, Responses",
        framing: Framing::Events,
        manners: Manners { turn: "/responses", other: MODELS },
        path: "/v1/responses",
        draft: |url| openai(url, "responses"),
        events: responses,
    },
    Stream {
        name: "custom, tokens in JSON",
        framing: Framing::Events,
        manners: Manners { turn: "/api/chat/stream", other: HEALTH },
        path: "/api/chat/stream",
        draft: |url| custom(url, "sse"),
        events: tokens,
    },
    Stream {
        name: "custom, WebSocket",
        framing: Framing::Messages,
        manners: Manners { turn: "/ws/chat/", other: HEALTH },
        path: "/ws/chat/bench",
        draft: |url| custom(url, "socket"),
        events: messages,
    },
];

/// What a backend that somebody wrote says of its health.
const HEALTH: &str = r#"{"status":"ok"}"#;

/// What an OpenAI-compatible server says of its models.
const MODELS: &str = r#"{"object":"list","data":[{"id":"bench","object":"model"}]}"#;

/// The rows.
///
/// # Errors
///
/// If a stream is not read to its end.
pub async fn rows() -> Result<Vec<Row>, Error> {
    let deltas = deltas();
    let mut rows = Vec::new();
    for stream in &STREAMS {
        let [framing, engine] =
            stream.best(&deltas, ROUNDS).await?.map(|took| deltas.len() as f64 / took.as_secs_f64());
        let row = Row::new(TOPIC, format!("engine, {}", stream.name), engine, Unit::EventsPerSecond);
        rows.push(row.peer(stream.framing.peer(), framing, Target::AtLeast(0.5)));
    }
    Ok(rows)
}

impl Stream {
    /// The best times of the parser alone and of the engine, which read it in turns.
    async fn best(&self, deltas: &[String], rounds: usize) -> Result<[Duration; 2], Error> {
        let events = (self.events)(deltas);
        let server = Server::start(events.concat().chunks(PIECE).map(<[u8]>::to_vec).collect(), self.manners)?;
        let mut best = [Duration::MAX; 2];
        for _ in 0..rounds {
            best[0] = best[0].min(self.framed(&server.url, events.len()).await?);
            best[1] = best[1].min(answered((self.draft)(&server.url)).await?);
        }
        Ok(best)
    }

    async fn framed(&self, url: &str, events: usize) -> Result<Duration, Error> {
        let url = Url::parse(&format!("{url}{}", self.path))?;
        let request = Request::post(url, r#"{"type":"threads.create"}"#).header("content-type", "application/json");
        let (start, limits, mut count) = (Instant::now(), Limits::default(), 0);
        match self.framing {
            Framing::Events => {
                let mut frames = Http::new("bench")?.events(request, &limits).await?;
                while let Some(frame) = frames.next().await {
                    frame?;
                    count += 1;
                }
            }
            Framing::Messages => {
                let request = Request::get(request.url);
                let mut socket = Http::new("bench")?.socket(request, &limits, Pulse::default()).await?;
                socket.send("{}".to_owned(), &limits).await?;
                while count < events {
                    socket.next().await?;
                    count += 1;
                }
            }
        }
        if count != events {
            return Err(format!("{} frames of {events} of {}", count, self.name).into());
        }
        Ok(start.elapsed())
    }
}

fn openai(url: &str, dialect: &str) -> ConnectionDraft {
    let mut draft = ConnectionDraft::server("Bench", url);
    draft.kind = Kind::Openai;
    draft.values.insert("model".to_owned(), "bench".to_owned());
    draft.values.insert("dialect".to_owned(), dialect.to_owned());
    draft
}

fn custom(url: &str, answers: &str) -> ConnectionDraft {
    let mut draft = ConnectionDraft::server("Bench", url);
    draft.kind = Kind::Custom;
    draft.values.insert("answers".to_owned(), answers.to_owned());
    draft.values.insert("conversations".to_owned(), "own".to_owned());
    draft
}

fn tokens(deltas: &[String]) -> Vec<Vec<u8>> {
    let said = deltas.iter().map(|delta| frame(&json!({"token": delta})));
    said.chain([b"data: [DONE]\n\n".to_vec()]).collect()
}

fn messages(deltas: &[String]) -> Vec<Vec<u8>> {
    let said = deltas.iter().map(|delta| json!({"type": "token", "text": delta}));
    said.chain([json!({"type": "done"})]).map(|message| written(&message)).collect()
}

/// A message as a server writes it over a WebSocket.
fn written(message: &Value) -> Vec<u8> {
    let text = message.to_string().into_bytes();
    let mut bytes = Vec::with_capacity(text.len() + 4);
    // Memory takes whatever is written.
    let _ = Frame::message(text, OpCode::Data(Data::Text), true).format(&mut bytes);
    bytes
}

fn chatkit(deltas: &[String]) -> Vec<Vec<u8>> {
    let opening = gated::opening("how do kittiwakes live?").into_iter().chain([gated::added(ITEM)]);
    let closing = gated::done(gated::assistant_message(ITEM, &deltas.concat()));
    let deltas = deltas.iter().map(|delta| gated::delta(ITEM, delta));
    opening.chain(deltas).chain([closing]).map(|event| frame(&event)).collect()
}

fn chat_completions(deltas: &[String]) -> Vec<Vec<u8>> {
    let chunk = |delta: Value, finish: Value| {
        let choice = json!({"index": 0, "delta": delta, "logprobs": null, "finish_reason": finish});
        json!({
            "id": "chatcmpl-8f3a61c2d94e4b70a5", "object": "chat.completion.chunk", "created": 1_795_308_443,
            "model": "bench", "choices": [choice],
        })
    };
    let opening = chunk(json!({"role": "assistant", "content": ""}), Value::Null);
    let said = deltas.iter().map(|delta| chunk(json!({"content": delta}), Value::Null));
    let events = [opening].into_iter().chain(said).chain([chunk(json!({}), json!("stop"))]);
    events.map(|event| frame(&event)).chain([b"data: [DONE]\n\n".to_vec()]).collect()
}

fn responses(deltas: &[String]) -> Vec<Vec<u8>> {
    let place = json!({"item_id": ITEM, "output_index": 0, "content_index": 0});
    let event = |kind: &str, fields: Value| {
        let mut event = place.clone();
        event["type"] = kind.into();
        if let (Some(event), Value::Object(fields)) = (event.as_object_mut(), fields) {
            event.extend(fields);
        }
        event
    };
    let response =
        |status: &str, output: Value| json!({"id": "resp_1", "model": "bench", "status": status, "output": output});
    let text = deltas.concat();
    let part = json!({"type": "output_text", "text": text, "annotations": []});
    let message = json!({"id": ITEM, "type": "message", "role": "assistant", "content": [part]});
    let opening = json!({"type": "response.created", "response": response("in_progress", json!([]))});
    let said = deltas.iter().map(|delta| event("response.output_text.delta", json!({"delta": delta, "logprobs": []})));
    let closing = [
        event("response.output_text.done", json!({"text": text})),
        event("response.output_item.done", json!({"item": message})),
        json!({"type": "response.completed", "response": response("completed", json!([message]))}),
    ];
    [opening].into_iter().chain(said).chain(closing).map(|event| frame(&event)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn every_stream_is_read_whole_by_the_parser_and_by_the_engine() {
        let few: Vec<String> = deltas().into_iter().take(200).collect();
        for stream in &STREAMS {
            let best = stream.best(&few, 1).await.unwrap_or_else(|error| panic!("{}: {error}", stream.name));
            assert!(best.iter().all(|took| *took < Duration::MAX), "{}", stream.name);
        }
    }

    #[test]
    fn the_events_of_all_are_about_as_large_as_those_of_servers() {
        let few: Vec<String> = deltas().into_iter().take(1000).collect();
        for stream in &STREAMS {
            let events = (stream.events)(&few);
            let size = events[500].len();
            // Whoever writes a server by hand sends little beside the text.
            let usual = if stream.name.starts_with("custom") { 20..50 } else { 130..260 };
            assert!(usual.contains(&size), "{}: {size} bytes", stream.name);
        }
    }
}

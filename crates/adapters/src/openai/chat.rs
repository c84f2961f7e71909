//! What a chunk of Chat Completions says, with what other servers than OpenAI's put into it.

use serde_json::Value;

use super::answer::{Answer, Events, Place, Voice};

/// Where everything stands that is said: there is one message.
const ANSWER: Place<'_> = Place { message: "", part: 0, voice: Voice::Answer };
const REFUSAL: Place<'_> = Place { voice: Voice::Refusal, ..ANSWER };

/// Reads a chunk.
pub(super) fn chunk(answer: &mut Answer, chunk: &Value) -> Events {
    answer.head(chunk, "created");
    let choices = chunk["choices"].as_array().map(Vec::as_slice).unwrap_or_default();
    // One answer was asked for; what a server makes beside it is not shown.
    let Some(choice) = choices.iter().find(|choice| choice["index"].as_u64().unwrap_or(0) == 0) else {
        return Vec::new();
    };
    // A server that does not really stream sends the message as a whole.
    let delta = if choice["delta"].is_object() { &choice["delta"] } else { &choice["message"] };
    let mut events = thought(answer, delta);
    events.extend(content(answer, &delta["content"]));
    if let Some(words) = delta["refusal"].as_str() {
        events.extend(answer.say(REFUSAL, words));
    }
    for (at, call) in delta["tool_calls"].as_array().into_iter().flatten().enumerate() {
        let index = call["index"].as_u64().unwrap_or(at as u64);
        tool(answer, index, call["id"].as_str(), &call["function"]);
    }
    if delta["function_call"].is_object() {
        tool(answer, 0, None, &delta["function_call"]);
    }
    if let Some(reason) = choice["finish_reason"].as_str() {
        answer.ends(reason);
    }
    events
}

/// What a model thinks has two names, and some servers send it under both.
fn thought(answer: &mut Answer, delta: &Value) -> Events {
    let names = ["reasoning_content", "reasoning"];
    let words = names.iter().find_map(|name| delta[name].as_str().filter(|words| !words.is_empty()));
    words.map(|words| answer.think(words)).unwrap_or_default()
}

/// Text, or a list of parts, of which some are thoughts.
fn content(answer: &mut Answer, content: &Value) -> Events {
    match content {
        Value::String(words) => answer.say(ANSWER, words),
        Value::Array(parts) => parts.iter().flat_map(|part| part_of(answer, part)).collect(),
        _ => Vec::new(),
    }
}

fn part_of(answer: &mut Answer, part: &Value) -> Events {
    match part["type"].as_str() {
        Some("thinking") => {
            let thoughts = part["thinking"].as_array().into_iter().flatten();
            let words: String = thoughts.filter_map(|thought| thought["text"].as_str()).collect();
            answer.think(part["thinking"].as_str().unwrap_or(&words))
        }
        Some("refusal") => answer.say(REFUSAL, part["refusal"].as_str().unwrap_or_default()),
        _ => answer.say(ANSWER, part["text"].as_str().unwrap_or_default()),
    }
}

fn tool(answer: &mut Answer, index: u64, id: Option<&str>, function: &Value) {
    let text = |name: &str| function[name].as_str().unwrap_or_default();
    answer.call(index, id.unwrap_or_default(), text("name"), text("arguments"));
}

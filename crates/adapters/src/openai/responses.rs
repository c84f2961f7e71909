//! What an event of Responses says.

use model::{Annotation, Extra, Source};
use serde_json::Value;

use super::{
    answer::{Answer, Events, Place, Voice},
    error,
};
use crate::unknown::unknown;

/// Reads an event. The one list of them.
pub(super) fn event(answer: &mut Answer, kind: &str, event: &Value) -> Events {
    match kind {
        "response.created" | "response.in_progress" | "response.queued" => {
            answer.head(&event["response"], "created_at");
            Vec::new()
        }
        "response.output_item.added" if event["item"]["type"] == "reasoning" => answer.think(""),
        "response.output_text.delta" => answer.say(place(event, Voice::Answer), text(event, "delta")),
        "response.output_text.done" => answer.set(place(event, Voice::Answer), text(event, "text")),
        "response.refusal.delta" => answer.say(place(event, Voice::Refusal), text(event, "delta")),
        "response.refusal.done" => answer.set(place(event, Voice::Refusal), text(event, "refusal")),
        "response.output_text.annotation.added" => match annotation(&event["annotation"]) {
            Some(annotation) => answer.cite(place(event, Voice::Answer), annotation),
            None => vec![unknown(kind)],
        },
        "response.reasoning_summary_text.delta" | "response.reasoning_text.delta" => answer.think(text(event, "delta")),
        // Parts of a summary are paragraphs.
        "response.reasoning_summary_part.done" => answer.think("\n\n"),
        "response.output_item.done" => done(answer, event),
        "response.completed" => {
            answer.head(&event["response"], "created_at");
            let mut events = unheard(answer, &event["response"]);
            answer.ends("stop");
            events.extend(answer.finish());
            events
        }
        "response.incomplete" => {
            answer.head(&event["response"], "created_at");
            let reason = event["response"]["incomplete_details"]["reason"].as_str();
            answer.cut(reason.unwrap_or("incomplete"));
            answer.finish()
        }
        "response.failed" => {
            answer.head(&event["response"], "created_at");
            answer.fail(error::error(&event["response"]["error"]))
        }
        // They say again, or before, what others say.
        "response.output_item.added"
        | "response.content_part.added"
        | "response.content_part.done"
        | "response.reasoning_summary_part.added"
        | "response.reasoning_summary_text.done"
        | "response.reasoning_text.done"
        | "response.function_call_arguments.delta"
        | "response.function_call_arguments.done" => Vec::new(),
        _ => vec![unknown(kind)],
    }
}

fn place(event: &Value, voice: Voice) -> Place<'_> {
    Place { message: text(event, "item_id"), part: event["content_index"].as_u64().unwrap_or(0), voice }
}

fn text<'a>(event: &'a Value, name: &str) -> &'a str {
    event[name].as_str().unwrap_or_default()
}

/// An item of the answer is whole. Messages are done at the end, when it is known what they used.
fn done(answer: &mut Answer, event: &Value) -> Events {
    let item = &event["item"];
    match item["type"].as_str() {
        Some("message") => Vec::new(),
        Some("reasoning") if answer.has_thought() || answer.has_words() => Vec::new(),
        Some("reasoning") => {
            let parts = [&item["summary"], &item["content"]].into_iter().filter_map(Value::as_array).flatten();
            let thoughts: Vec<_> = parts.filter_map(|part| part["text"].as_str()).collect();
            answer.think(&thoughts.join("\n\n"))
        }
        Some(kind) => answer.other(kind, fields(item)),
        None => vec![unknown("response.output_item.done")],
    }
}

/// The messages of a server that streams nothing of them, or not a single word.
fn unheard(answer: &mut Answer, response: &Value) -> Events {
    if answer.has_words() {
        return Vec::new();
    }
    let mut events = Vec::new();
    let items = response["output"].as_array().into_iter().flatten();
    for item in items.filter(|item| item["type"] == "message") {
        for (at, part) in item["content"].as_array().into_iter().flatten().enumerate() {
            let place = |voice| Place { message: text(item, "id"), part: at as u64, voice };
            events.extend(match part["type"].as_str() {
                Some("refusal") => answer.set(place(Voice::Refusal), text(part, "refusal")),
                _ => answer.set(place(Voice::Answer), text(part, "text")),
            });
        }
    }
    events
}

fn fields(item: &Value) -> Extra {
    let mut fields = item.as_object().cloned().unwrap_or_default();
    fields.remove("type");
    fields
}

/// A reference into a text.
fn annotation(wire: &Value) -> Option<Annotation> {
    let source = match wire["type"].as_str()? {
        "url_citation" => {
            let url = wire["url"].as_str()?.to_owned();
            let title = wire["title"].as_str().filter(|title| !title.is_empty()).unwrap_or(&url).to_owned();
            Source::Url { title, url, extra: Extra::new() }
        }
        "file_citation" | "container_file_citation" => {
            let filename = wire["filename"].as_str()?.to_owned();
            Source::File { title: filename.clone(), filename, extra: Extra::new() }
        }
        _ => return None,
    };
    let index = wire["end_index"].as_u64().and_then(|index| usize::try_from(index).ok());
    Some(Annotation { index, source })
}

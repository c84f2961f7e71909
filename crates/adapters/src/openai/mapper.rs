//! Stream frame → events. Which dialect a frame belongs to can be seen in it.

use model::{ItemId, ThreadEvent};
use serde_json::Value;

use super::{answer::Answer, chat, error, responses};
use crate::{
    Mapper,
    unknown::{short, unknown},
};

/// The end mark of Chat Completions.
const DONE: &str = "[DONE]";

/// Reads a stream.
#[derive(Debug, Default)]
pub(super) struct OpenaiMapper {
    answer: Answer,
}

impl OpenaiMapper {
    /// Reads the answer to an item.
    pub(super) fn after(item: &ItemId) -> Self {
        Self { answer: Answer::to(item) }
    }

    fn read(&mut self, event: &str, frame: &Value) -> Vec<ThreadEvent> {
        let answer = &mut self.answer;
        let kind = frame["type"].as_str().unwrap_or_default();
        if !frame["error"].is_null() && kind != "response.failed" {
            return answer.fail(error::error(&frame["error"]));
        }
        if kind == "error" || (event == "error" && frame["choices"].is_null()) {
            return answer.fail(error::error(frame));
        }
        if kind.starts_with("response.") {
            return responses::event(answer, kind, frame);
        }
        if frame["choices"].is_array() || frame["usage"].is_object() {
            return chat::chunk(answer, frame);
        }
        let name = [kind, frame["object"].as_str().unwrap_or_default(), "an event of neither dialect"];
        vec![unknown(name.into_iter().find(|name| !name.is_empty()).unwrap_or_default())]
    }
}

impl Mapper for OpenaiMapper {
    fn on_frame(&mut self, event: &str, data: &str) -> Vec<ThreadEvent> {
        match data.trim() {
            DONE => self.answer.finish(),
            _ if self.answer.is_over() => vec![unknown("something after the end")],
            "" => vec![unknown("an empty event")],
            data => match serde_json::from_str(data) {
                Ok(frame) => {
                    let events = self.read(event, &frame);
                    // Before what it belongs to, so that the end stays the last word.
                    self.answer.news().into_iter().chain(events).collect()
                }
                Err(_) if event == "error" => self.answer.fail(error::error(&Value::String(short(data)))),
                Err(error) => vec![unknown(&format!("not JSON: {error}"))],
            },
        }
    }

    fn on_end(&mut self) -> Vec<ThreadEvent> {
        self.answer.end_of_body()
    }

    fn is_whole(&self) -> bool {
        self.answer.is_whole()
    }
}

#[cfg(test)]
mod tests;

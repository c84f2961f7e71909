//! What the server sends (sections 4 to 7): threads, items, pages and events. Absent values are left out, empty lists
//! are not (section 2.4).

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::request::{InferenceOptions, UserContent};

/// A thread (section 6.2). The Guide's threads are always active.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Thread {
    pub id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    pub created_at: String,
    pub status: Status,
    pub metadata: Map<String, Value>,
    pub items: Page<Item>,
}

impl Thread {
    /// A thread with an empty page of items.
    pub fn new(id: String, title: Option<String>, created_at: String) -> Self {
        let status = Status { kind: "active" };
        Self { id, title, created_at, status, metadata: Map::new(), items: Page::default() }
    }
}

/// Whether a thread takes messages (section 6.2).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Status {
    #[serde(rename = "type")]
    pub kind: &'static str,
}

/// A page of a list (section 6.1).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Page<T> {
    pub data: Vec<T>,
    pub has_more: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

impl<T> Default for Page<T> {
    fn default() -> Self {
        Self { data: Vec::new(), has_more: false, after: None }
    }
}

/// An item (section 6.3), also as it is stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Item {
    pub id: String,
    pub thread_id: String,
    pub created_at: String,
    #[serde(flatten)]
    pub body: ItemBody,
}

/// The kinds of items that the Guide makes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum ItemBody {
    UserMessage {
        content: Vec<UserContent>,
        /// Always empty: the Guide takes none.
        attachments: Vec<Value>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        quoted_text: Option<String>,
        inference_options: InferenceOptions,
    },
    AssistantMessage {
        content: Vec<OutputText>,
    },
    Widget {
        /// Its root (section 11).
        widget: Value,
        /// The same in words.
        copy_text: String,
    },
}

impl ItemBody {
    /// What the person wrote, if it is theirs.
    pub fn question(&self) -> Option<String> {
        match self {
            Self::UserMessage { content, .. } => Some(content.iter().map(UserContent::text).collect()),
            Self::AssistantMessage { .. } | Self::Widget { .. } => None,
        }
    }
}

/// A part of an assistant message (section 7).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename = "output_text")]
pub(crate) struct OutputText {
    pub text: String,
    pub annotations: Vec<Annotation>,
}

/// A mark in the text that refers to a section of the manual (section 7).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename = "annotation")]
pub(crate) struct Annotation {
    /// The number of code points before the mark.
    pub index: usize,
    pub source: Source,
}

/// A section of the manual as a source (section 7).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename = "file")]
pub(crate) struct Source {
    /// The section's heading.
    pub title: String,
    /// The title of its page.
    pub description: String,
    /// The manual's file.
    pub filename: String,
}

/// An event of a stream (section 4).
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type")]
pub(crate) enum Event {
    #[serde(rename = "thread.created")]
    ThreadCreated { thread: Thread },
    #[serde(rename = "thread.updated")]
    ThreadUpdated { thread: Thread },
    #[serde(rename = "thread.item.added")]
    ItemAdded { item: Item },
    #[serde(rename = "thread.item.updated")]
    ItemUpdated { item_id: String, update: Update },
    #[serde(rename = "thread.item.done")]
    ItemDone { item: Item },
    #[serde(rename = "thread.item.replaced")]
    ItemReplaced { item: Item },
    #[serde(rename = "client_effect")]
    Effect { name: &'static str, data: Map<String, Value> },
    #[serde(rename = "stream_options")]
    StreamOptions { stream_options: StreamOptions },
    #[serde(rename = "progress_update")]
    Progress { icon: &'static str, text: &'static str },
    #[serde(rename = "error")]
    Error { code: &'static str, message: String, allow_retry: bool },
}

/// What a client may do with the stream (section 4).
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(crate) struct StreamOptions {
    pub allow_cancel: bool,
}

/// A change of a growing message (section 5).
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type")]
pub(crate) enum Update {
    #[serde(rename = "assistant_message.content_part.added")]
    PartAdded { content_index: usize, content: OutputText },
    #[serde(rename = "assistant_message.content_part.text_delta")]
    TextDelta { content_index: usize, delta: String },
    #[serde(rename = "assistant_message.content_part.annotation_added")]
    AnnotationAdded { content_index: usize, annotation_index: usize, annotation: Annotation },
    #[serde(rename = "assistant_message.content_part.done")]
    PartDone { content_index: usize, content: OutputText },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absent_values_are_left_out_and_empty_lists_are_not() {
        let thread = Thread::new("thr_1".into(), None, "2026-11-21T09:00:00.000Z".into());
        assert_eq!(
            serde_json::to_string(&Event::ThreadCreated { thread }).unwrap(),
            concat!(
                r#"{"type":"thread.created","thread":{"id":"thr_1","created_at":"2026-11-21T09:00:00.000Z","#,
                r#""status":{"type":"active"},"metadata":{},"items":{"data":[],"has_more":false}}}"#
            )
        );
    }

    #[test]
    fn an_item_reads_back_as_it_was_written() {
        let part = OutputText {
            text: "a\nb".into(),
            annotations: vec![Annotation {
                index: 3,
                source: Source { title: "T".into(), description: "P".into(), filename: "f.md".into() },
            }],
        };
        let item = Item {
            id: "msg_1".into(),
            thread_id: "thr_1".into(),
            created_at: "now".into(),
            body: ItemBody::AssistantMessage { content: vec![part] },
        };
        let text = serde_json::to_string(&item).unwrap();
        assert!(
            text.contains(r#""type":"assistant_message","content":[{"type":"output_text","text":"a\nb""#),
            "{text}"
        );
        assert!(text.contains(r#"{"type":"annotation","index":3,"source":{"type":"file","title":"T""#), "{text}");
        assert_eq!(serde_json::from_str::<Item>(&text).unwrap(), item);
    }
}

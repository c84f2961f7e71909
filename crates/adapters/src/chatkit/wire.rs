//! What is on the wire (sections 3 to 7). The types say what this version reads; everything else lands in `extra`.

use std::{borrow::Cow, collections::BTreeMap};

use model::{CustomAction, FeedbackKind, QuestionAnswer};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::lenient::{optional, or_default};

/// A request (sections 2.1 and 3).
#[derive(Debug, Serialize)]
#[serde(tag = "type", content = "params")]
pub(super) enum Request<'a> {
    /// Section 3.1.
    #[serde(rename = "threads.create")]
    Create { input: Input<'a> },
    /// Section 3.2.
    #[serde(rename = "threads.add_user_message")]
    AddUserMessage { thread_id: &'a str, input: Input<'a> },
    /// Section 3.6.
    #[serde(rename = "threads.retry_after_item")]
    RetryAfterItem { thread_id: &'a str, item_id: &'a str },
    /// Section 3.3.
    #[serde(rename = "threads.add_client_tool_output")]
    AddClientToolOutput { thread_id: &'a str, result: &'a Value },
    /// Section 3.4.
    #[serde(rename = "threads.add_structured_input")]
    AddStructuredInput { thread_id: &'a str, item_id: &'a str, input: StructuredInput<'a> },
    /// Section 3.5.
    #[serde(rename = "threads.custom_action")]
    CustomAction(Pressed<'a>),
    /// Section 3.16.
    #[serde(rename = "threads.sync_custom_action")]
    SyncCustomAction(Pressed<'a>),
    /// Section 3.7.
    #[serde(rename = "threads.get_by_id")]
    GetById { thread_id: &'a str },
    /// Section 3.8.
    #[serde(rename = "threads.list")]
    ListThreads {
        limit: u32,
        order: &'static str,
        #[serde(skip_serializing_if = "Option::is_none")]
        after: Option<&'a str>,
    },
    /// Section 3.9.
    #[serde(rename = "items.list")]
    ListItems {
        thread_id: &'a str,
        limit: u32,
        order: &'static str,
        #[serde(skip_serializing_if = "Option::is_none")]
        after: Option<&'a str>,
    },
    /// Section 3.10.
    #[serde(rename = "threads.update")]
    Update { thread_id: &'a str, title: &'a str },
    /// Section 3.11.
    #[serde(rename = "threads.delete")]
    Delete { thread_id: &'a str },
    /// Section 3.13.
    #[serde(rename = "attachments.create")]
    CreateAttachment { name: &'a str, size: u64, mime_type: &'a str },
    /// Section 3.14.
    #[serde(rename = "attachments.delete")]
    DeleteAttachment { attachment_id: &'a str },
    /// Section 3.12.
    #[serde(rename = "items.feedback")]
    Feedback { thread_id: &'a str, item_ids: Vec<&'a str>, kind: FeedbackKind },
}

/// A press in a widget (section 3.5).
#[derive(Debug, Serialize)]
pub(super) struct Pressed<'a> {
    pub(super) thread_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) item_id: Option<&'a str>,
    pub(super) action: &'a CustomAction,
}

/// The answers to questions (section 3.4).
#[derive(Debug, Serialize)]
pub(super) struct StructuredInput<'a> {
    pub(super) status: &'static str,
    pub(super) answers: &'a BTreeMap<String, QuestionAnswer>,
}

/// What the person sends (`UserMessageInput`, section 3). Attachments and inference options are required even when empty.
#[derive(Debug, Serialize)]
pub(super) struct Input<'a> {
    pub(super) content: Vec<Map<String, Value>>,
    pub(super) attachments: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) quoted_text: Option<&'a str>,
    pub(super) inference_options: InferenceInput<'a>,
}

/// Model and tool (section 9).
#[derive(Debug, Serialize)]
pub(super) struct InferenceInput<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) model: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) tool_choice: Option<ToolInput<'a>>,
}

/// A tool by its id (section 9).
#[derive(Debug, Serialize)]
pub(super) struct ToolInput<'a> {
    pub(super) id: &'a str,
}

/// The most frequent event by far, `thread.item.updated` with a `text_delta` (section 5), read in one pass. Any other
/// event fits as well, or fails; both mean that it has to be looked at properly.
#[derive(Debug, Deserialize)]
pub(super) struct MaybeDelta<'a> {
    #[serde(rename = "type", borrow)]
    pub(super) kind: Cow<'a, str>,
    pub(super) item_id: Option<String>,
    #[serde(borrow)]
    pub(super) update: Option<MaybeDeltaUpdate<'a>>,
}

/// The inner part of [`MaybeDelta`].
#[derive(Debug, Deserialize)]
pub(super) struct MaybeDeltaUpdate<'a> {
    #[serde(rename = "type", borrow)]
    pub(super) kind: Cow<'a, str>,
    pub(super) content_index: Option<usize>,
    pub(super) delta: Option<String>,
}

/// `progress_update` (section 4).
#[derive(Debug, Deserialize)]
pub(super) struct Progress {
    pub(super) text: String,
    #[serde(default, deserialize_with = "optional")]
    pub(super) icon: Option<String>,
}

/// `notice` (section 4).
#[derive(Debug, Deserialize)]
pub(super) struct Notice {
    #[serde(default, deserialize_with = "or_default")]
    pub(super) level: String,
    pub(super) message: String,
    #[serde(default, deserialize_with = "optional")]
    pub(super) title: Option<String>,
}

/// `error` (section 4.1).
#[derive(Debug, Deserialize)]
pub(super) struct Error {
    #[serde(default, deserialize_with = "optional")]
    pub(super) code: Option<String>,
    #[serde(default, deserialize_with = "optional")]
    pub(super) message: Option<String>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) allow_retry: bool,
}

/// `stream_options` (section 4).
#[derive(Debug, Deserialize)]
pub(super) struct StreamOptions {
    pub(super) allow_cancel: bool,
}

/// A page of a list (section 6.1).
#[derive(Debug, Deserialize)]
pub(super) struct Page {
    pub(super) data: Vec<Value>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) has_more: bool,
    #[serde(default, deserialize_with = "optional")]
    pub(super) after: Option<String>,
}

/// A thread (section 6.2). Its page of items is not read: it is empty in events, and holds the oldest items elsewhere.
#[derive(Debug, Deserialize)]
pub(super) struct Thread {
    pub(super) id: String,
    #[serde(default, deserialize_with = "optional")]
    pub(super) title: Option<String>,
    #[serde(default)]
    pub(super) created_at: Value,
    #[serde(default, deserialize_with = "optional")]
    pub(super) status: Option<Status>,
    #[serde(default, deserialize_with = "optional")]
    pub(super) allowed_image_domains: Option<Vec<String>>,
}

/// Whether a thread takes messages (section 6.2).
#[derive(Debug, Deserialize)]
pub(super) struct Status {
    #[serde(rename = "type")]
    pub(super) kind: String,
    #[serde(default, deserialize_with = "optional")]
    pub(super) reason: Option<String>,
}

/// What all items have (section 6.3).
#[derive(Debug, Deserialize)]
pub(super) struct ItemHead {
    pub(super) id: String,
    #[serde(rename = "type")]
    pub(super) kind: String,
    #[serde(default)]
    pub(super) created_at: Value,
}

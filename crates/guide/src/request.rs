//! What a client sends (section 3): one JSON object with a type and its parameters.

use model::FeedbackKind;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use crate::failure::Refusal;

/// Requests of the protocol that the Guide has no use for; refused by name, so that a developer knows why.
const UNSUPPORTED: [&str; 6] = [
    "threads.add_client_tool_output",
    "threads.add_structured_input",
    "threads.sync_custom_action",
    "attachments.create",
    "attachments.delete",
    "input.transcribe",
];

/// A page holds this many entries when the client names no number, or 0 (section 3.8).
const DEFAULT_LIMIT: u32 = 20;

/// A page never holds more. The protocol lets a client count on `after`, not on a page's length.
const MAX_LIMIT: u32 = 500;

/// A request, understood.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(tag = "type", content = "params")]
pub(crate) enum Request {
    /// Section 3.1.
    #[serde(rename = "threads.create")]
    CreateThread { input: Input },
    /// Section 3.2.
    #[serde(rename = "threads.add_user_message")]
    AddUserMessage { thread_id: String, input: Input },
    /// Section 3.6.
    #[serde(rename = "threads.retry_after_item")]
    Retry { thread_id: String, item_id: String },
    /// Section 3.5.
    #[serde(rename = "threads.custom_action")]
    Press {
        thread_id: String,
        #[serde(default)]
        item_id: Option<String>,
        action: Action,
    },
    /// Section 3.7.
    #[serde(rename = "threads.get_by_id")]
    GetThread { thread_id: String },
    /// Section 3.8.
    #[serde(rename = "threads.list")]
    ListThreads {
        #[serde(flatten)]
        page: PageRequest,
    },
    /// Section 3.9.
    #[serde(rename = "items.list")]
    ListItems {
        thread_id: String,
        #[serde(flatten)]
        page: PageRequest,
    },
    /// Section 3.10.
    #[serde(rename = "threads.update")]
    Rename { thread_id: String, title: String },
    /// Section 3.11.
    #[serde(rename = "threads.delete")]
    Delete { thread_id: String },
    /// Section 3.12.
    #[serde(rename = "items.feedback")]
    Feedback { thread_id: String, item_ids: Vec<String>, kind: FeedbackKind },
}

impl Request {
    /// Reads a request's body.
    pub fn parse(body: &[u8]) -> Result<Self, Refusal> {
        let value: Value = serde_json::from_slice(body)
            .map_err(|error| Refusal::bad_request(format!("The body is not JSON: {error}.")))?;
        let Some(name) = value.get("type").and_then(Value::as_str).map(str::to_owned) else {
            return Err(Refusal::bad_request("The body has no \"type\". A ChatKit request is an object with a type."));
        };
        if UNSUPPORTED.contains(&name.as_str()) {
            return Err(Refusal::bad_request(format!("The Guide does not support the request {name}.")));
        }
        serde_json::from_value(value).map_err(|error| {
            let reason: String = error.to_string().chars().take(400).collect();
            let name: String = name.chars().take(80).collect();
            Refusal::bad_request(format!("The Guide cannot read this {name:?} request: {reason}."))
        })
    }
}

/// What a press in a card asks for (section 10).
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(crate) struct Action {
    /// Its name.
    #[serde(rename = "type")]
    pub kind: String,
    /// What goes with it.
    #[serde(default)]
    pub payload: Value,
}

/// Which part of a list is asked for.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(crate) struct PageRequest {
    #[serde(default = "default_limit", deserialize_with = "limit")]
    pub limit: u32,
    #[serde(default)]
    pub order: Order,
    #[serde(default)]
    pub after: Option<String>,
}

/// Which end of a list comes first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Order {
    /// Oldest first.
    Asc,
    /// Newest first.
    #[default]
    Desc,
}

fn default_limit() -> u32 {
    DEFAULT_LIMIT
}

fn limit<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    Ok(match Option::<u32>::deserialize(deserializer)? {
        None | Some(0) => DEFAULT_LIMIT,
        Some(limit) => limit.min(MAX_LIMIT),
    })
}

/// A user message as it is sent (section 3). Attachments and options must be there, even if empty.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(crate) struct Input {
    pub content: Vec<UserContent>,
    pub attachments: Vec<String>,
    #[serde(default)]
    pub quoted_text: Option<String>,
    pub inference_options: InferenceOptions,
}

impl Input {
    /// Refuses what the Guide cannot take, before anything is stored.
    pub fn check(&self) -> Result<(), Refusal> {
        if self.attachments.is_empty() { Ok(()) } else { Err(Refusal::bad_request("The Guide takes no attachments.")) }
    }
}

/// A part of a user message (section 9); stored and sent back as it came.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum UserContent {
    InputText {
        text: String,
    },
    InputTag {
        id: String,
        text: String,
        #[serde(default)]
        data: Map<String, Value>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        group: Option<String>,
        #[serde(default)]
        interactive: bool,
    },
}

impl UserContent {
    /// The text as the person sees it.
    pub fn text(&self) -> &str {
        match self {
            Self::InputText { text } | Self::InputTag { text, .. } => text,
        }
    }
}

/// Model and tool that were asked for (section 9). The Guide has neither, and echoes them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct InferenceOptions {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tool_choice: Option<ToolChoice>,
}

/// The tool that was asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct ToolChoice {
    pub id: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(params: &str) -> PageRequest {
        let body = format!(r#"{{"type":"threads.list","params":{params}}}"#);
        match Request::parse(body.as_bytes()).unwrap() {
            Request::ListThreads { page } => page,
            other => panic!("{other:?}"),
        }
    }

    fn refused(body: &str) -> String {
        let refusal = Request::parse(body.as_bytes()).unwrap_err();
        assert_eq!(refusal.status, 400);
        refusal.message
    }

    #[test]
    fn a_page_has_defaults_and_bounds() {
        assert_eq!(page("{}"), PageRequest { limit: 20, order: Order::Desc, after: None });
        assert_eq!(page(r#"{"limit":0}"#).limit, 20);
        assert_eq!(page(r#"{"limit":null,"after":null}"#).limit, 20);
        assert_eq!(page(r#"{"limit":7,"order":"asc","after":"x"}"#).limit, 7);
        assert_eq!(page(r#"{"limit":4000000}"#).limit, 500);
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        assert!(refused("{").contains("not JSON"));
        assert!(refused("[]").contains("no \"type\""));
        assert!(refused(r#"{"type":"threads.fly"}"#).contains("threads.fly"));
        assert!(refused(r#"{"type":"attachments.create","params":{}}"#).contains("does not support"));
        assert!(refused(r#"{"type":"threads.update","params":{"thread_id":"t"}}"#).contains("title"));
        assert!(refused(r#"{"type":"threads.list","params":{"limit":-1}}"#).contains("-1"));
        let no_attachments = r#"{"type":"threads.create","params":{"input":{"content":[],"inference_options":{}}}}"#;
        assert!(refused(no_attachments).contains("attachments"));
    }

    #[test]
    fn fields_that_are_not_known_are_ignored() {
        let body = r#"{"type":"threads.delete","params":{"thread_id":"t","later":1},"metadata":{"a":1},"x":[]}"#;
        assert_eq!(Request::parse(body.as_bytes()).unwrap(), Request::Delete { thread_id: "t".into() });
    }
}

//! How a backend that somebody wrote for themselves is spoken to.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::item::Extra;

/// How a backend of its own kind is spoken to. What is absent is as most of them have it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct CustomSettings {
    /// Where it is asked for what.
    #[serde(skip_serializing_if = "is_default")]
    pub paths: CustomPaths,
    /// In what form it answers.
    #[serde(skip_serializing_if = "is_default")]
    pub answers: CustomAnswers,
    /// What it is sent.
    #[serde(skip_serializing_if = "is_default")]
    pub request: CustomRequest,
    /// Where in its answers the text stands.
    #[serde(skip_serializing_if = "is_default")]
    pub places: TextPlaces,
    /// Who names a conversation.
    #[serde(skip_serializing_if = "is_default")]
    pub sessions: CustomSessions,
    /// Where in the answer of [`CustomPaths::sessions`] the name of the conversation stands: a JSON Pointer. If it is absent,
    /// that is found out by usual names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session_place: Option<String>,
    /// The model that is asked for where a message names none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
}

/// Where a backend is asked for what: each a path below the address of the connection, or a whole address on the same
/// origin. `{session}` stands for the name of the conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct CustomPaths {
    /// Where an answer is given whole.
    pub chat: String,
    /// Where an answer is streamed.
    pub stream: String,
    /// Where a WebSocket is opened.
    pub socket: String,
    /// Where it says that it is well.
    pub health: String,
    /// Where it gives a name to a conversation that begins.
    pub sessions: String,
    /// Where it says which models it has; empty if nowhere.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub models: String,
    /// Where it takes a file.
    pub upload: String,
}

impl Default for CustomPaths {
    fn default() -> Self {
        Self {
            chat: "/api/chat".to_owned(),
            stream: "/api/chat/stream".to_owned(),
            socket: "/ws/chat/{session}".to_owned(),
            health: "/health".to_owned(),
            sessions: "/api/sessions".to_owned(),
            models: String::new(),
            upload: "/api/upload".to_owned(),
        }
    }
}

/// In what form a backend answers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CustomAnswers {
    /// That is found out: it is asked for a stream, and for a whole answer where it refuses that.
    #[default]
    Found,
    /// Whole, as JSON.
    Json,
    /// By Server-Sent Events.
    Sse,
    /// By messages of a WebSocket.
    Socket,
}

/// Who names a conversation, in messages and in paths.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CustomSessions {
    /// That is found out: the server is asked, and where it gives no names, Kittiwake does.
    #[default]
    Found,
    /// The server.
    Server,
    /// Kittiwake.
    Own,
}

/// What a backend is sent for an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct CustomRequest {
    /// The name of the field that holds the person's message.
    pub message: String,
    /// The name of the field that holds the name of the conversation.
    pub session: String,
    /// The name of the field that holds the name of the model. It is sent only where one is asked for.
    pub model: String,
    /// More fields, which are always the same.
    #[serde(skip_serializing_if = "Extra::is_empty")]
    pub metadata: Extra,
    /// JSON that is sent instead of such fields; `{{text}}` and the like in its texts are filled in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template: Option<Value>,
}

impl Default for CustomRequest {
    fn default() -> Self {
        Self {
            message: "message".to_owned(),
            session: "session_id".to_owned(),
            model: "model".to_owned(),
            metadata: Extra::new(),
            template: None,
        }
    }
}

/// Where in the answers of a backend the text stands: JSON Pointers. One that is absent is found out by usual names.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct TextPlaces {
    /// In a whole answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub whole: Option<String>,
    /// In one event of a stream, or one message of a WebSocket.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<String>,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_kept_is_little_and_reads_back() {
        assert_eq!(serde_json::to_value(CustomSettings::default()).unwrap(), json!({}));
        assert_eq!(serde_json::from_value::<CustomSettings>(json!({})).unwrap(), CustomSettings::default());
        let least = json!({"paths": {"chat": "/chat"}, "answers": "json", "places": {"whole": "/reply/body"}});
        let read: CustomSettings = serde_json::from_value(least).unwrap();
        assert_eq!((read.paths.chat.as_str(), read.paths.stream.as_str()), ("/chat", "/api/chat/stream"));
        assert_eq!((read.answers, read.request.message.as_str()), (CustomAnswers::Json, "message"));
        let kept = serde_json::to_value(&read).unwrap();
        assert_eq!(kept["places"], json!({"whole": "/reply/body"}));
        assert_eq!(serde_json::from_value::<CustomSettings>(kept).unwrap(), read);
    }
}

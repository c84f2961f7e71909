//! Something to begin a conversation with (`startScreen.prompts`).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Draft, Entity, Extra, UserContent};

/// Something to begin with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProfilePrompt {
    /// On the button.
    pub label: String,
    /// What is sent.
    pub prompt: PromptContent,
    /// A picture, by the names of section 11.1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub icon: Option<String>,
}

/// What a prompt sends: words alone, or parts of a message (section 9).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum PromptContent {
    /// Words alone.
    Words(String),
    /// Words and mentions, in order.
    Parts(Vec<PromptPart>),
}

/// A part of a message that a prompt sends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type")]
pub enum PromptPart {
    /// Words.
    #[serde(rename = "input_text")]
    Text {
        /// The words.
        text: String,
    },
    /// Something that is mentioned.
    #[serde(rename = "input_tag")]
    Tag {
        /// What the server calls it.
        id: String,
        /// What the person sees.
        text: String,
        /// Under which heading it stands.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        group: Option<String>,
        /// Whether it can be pressed in a message.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        interactive: bool,
        /// What the server wants to get back with it.
        #[serde(default, skip_serializing_if = "Extra::is_empty")]
        data: Extra,
    },
}

impl PromptContent {
    /// The message that it is.
    pub fn draft(&self) -> Draft {
        match self {
            Self::Words(words) => Draft::text(words),
            Self::Parts(parts) => Draft::of_content(&parts.iter().map(PromptPart::content).collect::<Vec<_>>()),
        }
    }
}

impl PromptPart {
    /// A mention of something.
    pub fn tag(Entity { id, title, group, interactive, data, .. }: Entity) -> Self {
        Self::Tag { id, text: title, group, interactive, data }
    }

    fn content(&self) -> UserContent {
        match self.clone() {
            Self::Text { text } => UserContent::Text { text },
            Self::Tag { id, text, group, interactive, data } => {
                UserContent::tag(&Entity { id, title: text, icon: None, group, interactive, data })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn words_and_parts_become_a_message_and_are_written_as_they_were_read() {
        let written = json!([
            {"type": "input_text", "text": "Ask "},
            {"type": "input_tag", "id": "u1", "text": "Ada", "group": "People", "data": {"team": "b"}},
            {"type": "input_text", "text": " about terns"},
        ]);
        let content: PromptContent = serde_json::from_value(written.clone()).unwrap();
        assert_eq!(json!(content), written);
        let draft = content.draft();
        assert_eq!(draft.text, "Ask Ada about terns");
        let [mention] = draft.beside.mentions.as_slice() else { panic!("{draft:?}") };
        assert_eq!((mention.at, mention.entity.id.as_str()), (4, "u1"));
        assert_eq!(json!(mention.entity.data), json!({"team": "b"}));
        let words: PromptContent = serde_json::from_value(json!("Hello")).unwrap();
        assert_eq!((words.draft(), json!(words)), (Draft::text("Hello"), json!("Hello")));
    }
}

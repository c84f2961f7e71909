//! What an assistant asks back: questions to the person, calls to this machine (sections 3.3, 3.4 and 6.3).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use crate::item::Extra;

/// Questions that the person answers in place of a message (section 6.3, `structured_input`; servers since SDK 1.6.4).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StructuredInput {
    /// Whether it still waits.
    pub status: InputStatus,
    /// What is asked, in order.
    pub inputs: Vec<Question>,
}

impl StructuredInput {
    /// The questions with their answers, as far as there are any.
    pub fn plain_text(&self) -> String {
        let lines = self.inputs.iter().map(|one| match &one.answer {
            Some(answer) if !answer.values.is_empty() => format!("{}\n{}", one.question, answer.values.join(", ")),
            _ => one.question.clone(),
        });
        lines.collect::<Vec<_>>().join("\n\n")
    }
}

/// Whether questions still wait for an answer. Unknown words read as `Answered`: nothing is asked then that nobody awaits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum InputStatus {
    /// They do.
    Pending,
    /// They were answered.
    Answered,
    /// They were skipped as a whole.
    Skipped,
}

/// One question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Question {
    /// Its id, by which it is answered.
    pub id: String,
    /// What is asked.
    pub question: String,
    /// How it is answered.
    pub body: QuestionBody,
    /// What was answered, once it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<QuestionAnswer>,
    /// Unknown fields.
    #[serde(default, skip_serializing_if = "Extra::is_empty")]
    pub extra: Extra,
}

/// How a question is answered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum QuestionBody {
    /// With one or several of a few words, or with one's own.
    MultipleChoice {
        /// The words.
        options: Vec<String>,
        /// Whether several may be chosen.
        multiple: bool,
    },
    /// With words of one's own. An unknown type is asked so.
    Freeform {
        /// A line below the question.
        description: Option<String>,
    },
}

/// The answer to one question (section 3.4).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct QuestionAnswer {
    /// What was chosen or written.
    #[serde(default)]
    pub values: Vec<String>,
    /// Whether it was passed over.
    #[serde(default)]
    pub skipped: bool,
}

/// What the person answers to questions (section 3.4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct StructuredAnswer {
    /// Whether all of them are passed over.
    pub skipped: bool,
    /// The answers, by the id of their question.
    pub answers: BTreeMap<String, QuestionAnswer>,
}

/// Something that this machine is to do for the assistant (section 6.3, `client_tool_call`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClientToolCall {
    /// The server's id for the call; its answer does not need it (section 3.3).
    pub call_id: String,
    /// Which tool.
    pub name: String,
    /// With what.
    pub arguments: Extra,
    /// Whether it still waits.
    pub is_pending: bool,
    /// What was answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<Value>,
}

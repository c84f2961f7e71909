//! What is asked of OpenAI-compatible servers beside the conversation itself.

use serde::{Deserialize, Serialize};
use serde_json::Number;

/// How an OpenAI-compatible server is spoken to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenaiSettings {
    /// Which of the two protocols it is.
    #[serde(default)]
    pub dialect: OpenaiDialect,
    /// The model that is asked for where a message names none.
    pub model: String,
    /// How it is to answer.
    #[serde(default, skip_serializing_if = "ModelParameters::is_default")]
    pub parameters: ModelParameters,
}

/// The two protocols of OpenAI for answers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OpenaiDialect {
    /// `POST …/chat/completions`, which nearly all compatible servers have.
    #[default]
    ChatCompletions,
    /// `POST …/responses`.
    Responses,
}

/// How a model is to answer. What is absent is as the server has it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ModelParameters {
    /// What stands before every conversation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system_prompt: Option<String>,
    /// How freely words are chosen: from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub temperature: Option<Number>,
    /// How many of the likeliest words are chosen from: their share, from 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub top_p: Option<Number>,
    /// The most tokens that an answer may have.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_tokens: Option<u32>,
    /// Texts at which an answer ends.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub stop: Vec<String>,
    /// With the same one, the same question is answered alike where the server can do that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<u32>,
    /// How long it may think: `low`, `medium`, `high` and their like; the set is open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reasoning_effort: Option<String>,
}

impl ModelParameters {
    /// Whether everything is as the server has it.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_kept_is_little_and_reads_back() {
        let least = OpenaiSettings { model: "m".to_owned(), ..OpenaiSettings::default() };
        assert_eq!(serde_json::to_value(&least).unwrap(), json!({"dialect": "chat_completions", "model": "m"}));
        assert_eq!(serde_json::from_value::<OpenaiSettings>(json!({"model": "m"})).unwrap(), least);
        let temperature = Number::from_f64(0.7);
        let parameters = ModelParameters { temperature, stop: vec!["###".to_owned()], ..ModelParameters::default() };
        let more = OpenaiSettings { dialect: OpenaiDialect::Responses, parameters, ..least };
        let kept = serde_json::to_value(&more).unwrap();
        assert_eq!(kept["parameters"], json!({"temperature": 0.7, "stop": ["###"]}));
        assert_eq!(serde_json::from_value::<OpenaiSettings>(kept).unwrap(), more);
    }
}

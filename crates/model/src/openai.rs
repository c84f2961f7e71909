//! What is asked of OpenAI-compatible servers beside the conversation itself.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Number;

use crate::ids::{ConnectionId, ConversationId};

/// How an OpenAI-compatible server is spoken to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OpenaiSettings {
    /// Which of the two protocols it is.
    #[serde(default)]
    pub dialect: OpenaiDialect,
    /// The model that is asked for where a message names none.
    pub model: String,
    /// How it is to answer.
    #[serde(default, skip_serializing_if = "ModelParameters::is_default")]
    pub parameters: ModelParameters,
    /// How much it can read, and what becomes of conversations that are longer.
    #[serde(default, skip_serializing_if = "ContextSettings::is_default")]
    pub context: ContextSettings,
}

/// How much of a conversation a model can read, and what is done when that is not all of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ContextSettings {
    /// The size of its window in tokens, question and answer together; absent if nobody has said it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window: Option<u32>,
    /// What is done with a conversation that does not fit.
    pub rule: ContextRule,
}

impl ContextSettings {
    /// Whether nothing was said about it.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// What is done with a conversation that is longer than its model can read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ContextRule {
    /// The oldest turns are not sent any more.
    #[default]
    Drop,
    /// The same, and a summary of them goes out in their place.
    Summarise,
    /// Nothing is left out unless the person says so.
    Tell,
}

/// What one conversation wants otherwise than its connection does. What is absent is as the connection has it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AnswerOptions {
    /// The model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// Whose model that is, where the conversation goes through a route.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member: Option<ConnectionId>,
    /// How it is to answer.
    #[serde(flatten)]
    pub parameters: ModelParameters,
    /// What the server that is asked calls the conversation, where it gave it a name. It is kept elsewhere.
    #[serde(skip)]
    pub session: Option<ConversationId>,
}

/// The two protocols of OpenAI for answers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OpenaiDialect {
    /// `POST …/chat/completions`, which nearly all compatible servers have.
    #[default]
    ChatCompletions,
    /// `POST …/responses`.
    Responses,
}

/// How a model is to answer. What is absent is as the server has it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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

    /// These, and for each that is absent that of `others`.
    pub fn over(&self, others: &Self) -> Self {
        let Self { system_prompt, temperature, top_p, max_tokens, stop, seed, reasoning_effort } = self.clone();
        Self {
            system_prompt: system_prompt.or_else(|| others.system_prompt.clone()),
            temperature: temperature.or_else(|| others.temperature.clone()),
            top_p: top_p.or_else(|| others.top_p.clone()),
            max_tokens: max_tokens.or(others.max_tokens),
            stop: if stop.is_empty() { others.stop.clone() } else { stop },
            seed: seed.or(others.seed),
            reasoning_effort: reasoning_effort.or_else(|| others.reasoning_effort.clone()),
        }
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
        let context = ContextSettings { window: Some(8192), rule: ContextRule::Summarise };
        let more = OpenaiSettings { dialect: OpenaiDialect::Responses, parameters, context, ..least };
        let kept = serde_json::to_value(&more).unwrap();
        assert_eq!(kept["parameters"], json!({"temperature": 0.7, "stop": ["###"]}));
        assert_eq!(kept["context"], json!({"window": 8192, "rule": "summarise"}));
        assert_eq!(serde_json::from_value::<OpenaiSettings>(kept).unwrap(), more);
    }

    #[test]
    fn what_a_conversation_wants_comes_before_what_its_connection_does() {
        let all = ModelParameters {
            system_prompt: Some("Be brief.".to_owned()),
            temperature: Number::from_f64(0.7),
            top_p: Number::from_f64(0.9),
            max_tokens: Some(50),
            stop: vec!["###".to_owned()],
            seed: Some(7),
            reasoning_effort: Some("low".to_owned()),
        };
        let one = ModelParameters { seed: Some(8), stop: vec!["END".to_owned()], ..ModelParameters::default() };
        assert_eq!(ModelParameters::default().over(&all), all);
        assert_eq!(all.over(&one), all);
        let both = one.over(&all);
        assert_eq!((both.seed, both.stop.as_slice(), both.max_tokens), (Some(8), &["END".to_owned()][..], Some(50)));
        let options = AnswerOptions { model: Some("m".to_owned()), parameters: one, ..AnswerOptions::default() };
        let kept = serde_json::to_value(&options).unwrap();
        assert_eq!(kept, json!({"model": "m", "seed": 8, "stop": ["END"]}));
        assert_eq!(serde_json::from_value::<AnswerOptions>(kept).unwrap(), options);
    }
}

//! What a composed message holds, before it goes out.

use model::{Attachment, Failure, FailureCode, InferenceOptions, Mention, UserContent, UserMessage};

use crate::view::Composed;

/// The longest quote, in characters.
const QUOTE: usize = 10_000;

/// So much can be mentioned.
const MENTIONS: usize = 100;

/// How much a server may want to get back with one mention, in bytes of JSON.
const DATA: usize = 64 * 1024;

/// The longest name of a tool, or of something that is mentioned, in bytes.
const NAME: usize = 1024;

impl Composed {
    /// The words of the message and what is mentioned in them, in order.
    ///
    /// # Errors
    ///
    /// [`FailureCode::BadInput`], also for a quote or a tool that cannot go out.
    pub(crate) fn content(&self) -> Result<Vec<UserContent>, Failure> {
        if self.quote().is_some_and(|quote| quote.chars().count() > QUOTE) {
            return Err(bad(format!(
                "The quote is too long: at most {QUOTE} characters go with a message. Quote less of it."
            )));
        }
        if self.tool().is_some_and(|tool| tool.len() > NAME) {
            return Err(bad("The tool of this message has too long a name. Choose another one."));
        }
        let mentions = &self.beside.mentions;
        if mentions.len() > MENTIONS {
            return Err(bad(format!("At most {MENTIONS} things can be mentioned in a message. Remove some of them.")));
        }
        if let Some(Mention { entity, .. }) = mentions.iter().find(|mention| is_too_large(mention)) {
            let title: String = entity.title.chars().take(60).collect();
            return Err(bad(format!("“{title}” brings too much with it to be mentioned. Remove it from the message.")));
        }
        let words = "Something that is mentioned is not where it was in the text. Remove it, and mention it again.";
        self.beside.content(&self.request.text).map_err(|_| bad(words))
    }

    /// The message itself.
    pub(crate) fn message(&self, content: Vec<UserContent>, attachments: Vec<Attachment>) -> UserMessage {
        let owned = |text: &str| text.to_owned();
        UserMessage {
            content,
            attachments,
            quoted_text: self.quote().map(owned),
            inference_options: InferenceOptions { model: None, tool: self.tool().map(owned) },
        }
    }

    fn quote(&self) -> Option<&str> {
        self.beside.quoted_text.as_deref().map(str::trim).filter(|quote| !quote.is_empty())
    }

    fn tool(&self) -> Option<&str> {
        self.beside.tool.as_deref().map(str::trim).filter(|tool| !tool.is_empty())
    }
}

fn is_too_large(Mention { entity, .. }: &Mention) -> bool {
    let data = serde_json::to_string(&entity.data).map_or(0, |data| data.len());
    entity.id.len() > NAME || entity.title.len() > NAME || data > DATA
}

fn bad(words: impl Into<String>) -> Failure {
    Failure::new(FailureCode::BadInput, words)
}

#[cfg(test)]
mod tests {
    use model::{Beside, Entity};
    use serde_json::json;

    use super::*;

    fn composed(value: serde_json::Value) -> Composed {
        let mut whole = json!({"connection": "c", "thread": null});
        whole.as_object_mut().unwrap().extend(value.as_object().unwrap().clone());
        serde_json::from_value(whole).unwrap()
    }

    fn sent(composed: &Composed) -> Result<UserMessage, Failure> {
        Ok(composed.message(composed.content()?, Vec::new()))
    }

    #[test]
    fn what_the_window_sends_becomes_a_message() {
        let message = sent(&composed(json!({
            "text": "Ask Ada \n", "mentions": [{"at": 4, "entity": {"id": "u1", "title": "Ada"}}],
            "quoted_text": " said\n", "tool": "search", "files": [],
        })))
        .unwrap();
        assert_eq!(message.plain_text(), "Ask Ada");
        assert!(matches!(&message.content[1], UserContent::Tag { id, .. } if id == "u1"));
        assert_eq!(message.quoted_text.as_deref(), Some("said"));
        assert_eq!(message.inference_options.tool.as_deref(), Some("search"));
    }

    #[test]
    fn words_alone_are_what_they_were_before() {
        assert_eq!(sent(&composed(json!({"text": " hi \n"}))).unwrap(), UserMessage::text(" hi"));
        let empty = composed(json!({"text": "hi", "quoted_text": " ", "tool": ""}));
        assert_eq!(sent(&empty).unwrap(), UserMessage::text("hi"), "nothing is nothing");
    }

    #[test]
    fn what_cannot_go_out_is_said_in_words() {
        let refused = |beside: Beside| {
            let composed = Composed { beside, ..composed(json!({"text": "Ada Ada"})) };
            let failure = sent(&composed).unwrap_err();
            assert_eq!(failure.code, FailureCode::BadInput);
            failure.message
        };
        let quote = |length: usize| Beside { quoted_text: Some("ä".repeat(length)), ..Beside::default() };
        assert!(refused(quote(QUOTE + 1)).contains("The quote is too long"));
        assert!(sent(&Composed { beside: quote(QUOTE), ..composed(json!({"text": "x"})) }).is_ok());
        assert!(refused(Beside { tool: Some("x".repeat(NAME + 1)), ..Beside::default() }).contains("tool"));
        let ada = |data: &str| {
            let data = json!({"of": data}).as_object().unwrap().clone();
            Entity { id: "u".into(), title: "Ada".into(), icon: None, group: None, interactive: false, data }
        };
        let mentions = |mentions: Vec<Mention>| Beside { mentions, ..Beside::default() };
        let misplaced = refused(mentions(vec![Mention { at: 1, entity: ada("") }]));
        assert!(misplaced.contains("not where it was"), "{misplaced}");
        assert!(refused(mentions(vec![Mention { at: 0, entity: ada("") }; MENTIONS + 1])).contains("At most"));
        let large = refused(mentions(vec![Mention { at: 0, entity: ada(&"x".repeat(DATA)) }]));
        assert!(large.contains("“Ada”"), "{large}");
    }
}

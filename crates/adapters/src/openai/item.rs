//! Items as they are said to a server, and what a server said as items.

use model::{Attachment, Extra, Item, ItemBody, ItemId, TextPart};
use serde_json::Value;

/// Who says something in a conversation, as both dialects call them.
pub(super) const USER: &str = "user";
/// The other one.
pub(super) const ASSISTANT: &str = "assistant";

/// Something that was said.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Said<'a> {
    /// By whom.
    pub role: &'static str,
    /// In words.
    pub text: String,
    /// And with files.
    pub files: Vec<File<'a>>,
}

/// A file that was sent along.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct File<'a> {
    /// What it is called.
    pub name: &'a str,
    /// What is in it: a `data:` URL, or the address where it can be fetched.
    pub url: &'a str,
    /// Whether it is a picture.
    pub is_image: bool,
}

/// The field of an attachment that has what is in the file: a `data:` URL, or an address.
const CONTENT: &str = "url";

/// What was said in a conversation. Whatever has neither words nor files is left out.
pub(crate) fn said(items: &[Item]) -> Vec<Said<'_>> {
    let turns = items.iter().filter_map(|item| match &item.body {
        ItemBody::UserMessage(message) => {
            let files = message.attachments.iter().filter_map(file).collect();
            Some(Said { role: USER, text: message.spoken(), files })
        }
        ItemBody::AssistantMessage { .. } => {
            Some(Said { role: ASSISTANT, text: item.body.plain_text()?, files: Vec::new() })
        }
        ItemBody::ClientToolCall(_)
        | ItemBody::Widget(_)
        | ItemBody::GeneratedImage(_)
        | ItemBody::StructuredInput(_)
        | ItemBody::Task(_)
        | ItemBody::Workflow(_)
        | ItemBody::EndOfTurn
        | ItemBody::Handover(_)
        | ItemBody::Unknown { .. } => None,
    });
    turns.filter(|said| !said.text.trim().is_empty() || !said.files.is_empty()).collect()
}

/// A file, as far as what is in it is known.
fn file(attachment: &Attachment) -> Option<File<'_>> {
    let url = attachment.extra.get(CONTENT)?.as_str()?;
    let kind = attachment.extra.get("mime_type").and_then(Value::as_str).unwrap_or_default();
    let is_image = kind.starts_with("image/") || url.starts_with("data:image/");
    Some(File { name: &attachment.name, url, is_image })
}

/// The model that the last message of the person asks for.
pub(crate) fn model(items: &[Item]) -> Option<&str> {
    let message = items.iter().rev().find_map(|item| match &item.body {
        ItemBody::UserMessage(message) => Some(message),
        _ => None,
    });
    message?.inference_options.model.as_deref()
}

/// An answer.
pub(super) fn answer(id: ItemId, created_at: Option<String>, content: Vec<TextPart>, extra: Extra) -> Item {
    Item { id, created_at, body: ItemBody::AssistantMessage { content }, extra }
}

/// Something that is not drawn, and kept whole.
pub(super) fn undrawn(id: ItemId, created_at: Option<String>, name: &str, fields: Extra) -> Item {
    Item { id, created_at, body: ItemBody::Unknown { name: name.to_owned(), fields }, extra: Extra::new() }
}

#[cfg(test)]
mod tests {
    use model::{InferenceOptions, UserContent, UserMessage};
    use serde_json::json;

    use super::*;

    fn of(body: ItemBody) -> Item {
        Item { id: "i".into(), created_at: None, body, extra: Extra::new() }
    }

    fn asks(message: UserMessage) -> Item {
        of(ItemBody::UserMessage(message))
    }

    fn mentioning() -> Vec<UserContent> {
        let text = |text: &str| UserContent::Text { text: text.into() };
        let fields = json!({"data": {"secret": 1}}).as_object().cloned().unwrap_or_default();
        vec![text("Ask "), UserContent::Tag { id: "u1".into(), text: "Ada".into(), fields }, text(".")]
    }

    #[test]
    fn what_was_said_is_told_in_order_and_nothing_else_is() {
        let part = |text: &str| TextPart { text: text.into(), ..TextPart::default() };
        let items = [
            asks(UserMessage::text("one")),
            undrawn("t".into(), None, "reasoning", Extra::new()),
            of(ItemBody::AssistantMessage { content: vec![part("two"), part("three")] }),
            of(ItemBody::EndOfTurn),
            of(ItemBody::AssistantMessage { content: Vec::new() }),
            asks(UserMessage { quoted_text: Some("two\nlines".into()), ..UserMessage::text("what?") }),
            asks(UserMessage { content: mentioning(), ..UserMessage::default() }),
        ];
        let told = said(&items);
        let told: Vec<_> = told.iter().map(|said| (said.role, said.text.as_str())).collect();
        assert_eq!(
            told,
            [(USER, "one"), (ASSISTANT, "two\n\nthree"), (USER, "> two\n> lines\n\nwhat?"), (USER, "Ask Ada.")]
        );
    }

    #[test]
    fn the_last_message_says_which_model() {
        let asked = |name: &str| {
            let inference_options = InferenceOptions { model: Some(name.into()), tool: None };
            asks(UserMessage { inference_options, ..UserMessage::text("a") })
        };
        assert_eq!(model(&[asked("old"), asked("new"), of(ItemBody::EndOfTurn)]), Some("new"));
        assert_eq!(model(&[asked("old"), asks(UserMessage::text("a"))]), None);
        assert_eq!(model(&[]), None);
    }
}

//! What a server missed of a conversation goes along with the next message, in plain words.

use model::{Item, ItemBody, ItemId, UserContent, UserMessage};

/// The longest transcript, in characters. What is older is left out, and said so.
const LONGEST: usize = 24_000;

/// How much of the conversation a server does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missed<'a> {
    /// All of it: to the server it is a new one.
    All,
    /// What came after an item.
    After(&'a ItemId),
}

/// The message as it is sent: behind what was said and the server does not know. `said` is the conversation with the
/// message at its end.
pub fn with_missed(said: &[Item], missed: Missed<'_>, message: UserMessage) -> UserMessage {
    let before = &said[..said.len().saturating_sub(1)];
    let (head, unknown) = match missed {
        Missed::All => ("What was said before in this conversation:", before),
        Missed::After(known) => match before.iter().position(|item| &item.id == known) {
            Some(place) => ("What was said meanwhile:", &before[place + 1..]),
            None => ("What was said before in this conversation:", before),
        },
    };
    let lines: Vec<_> = unknown.iter().filter_map(line).collect();
    if lines.is_empty() { message } else { behind(&format!("{head}\n\n{}", cut(&lines.join("\n\n"))), message) }
}

/// Who said something, and what.
fn line(item: &Item) -> Option<String> {
    let text = match &item.body {
        ItemBody::UserMessage(message) => Some(message.spoken()),
        body => body.plain_text(),
    };
    let text = text.filter(|text| !text.trim().is_empty())?;
    Some(format!("{}: {}", if item.body.is_user_message() { "Me" } else { "Assistant" }, text.trim()))
}

/// The end of a text that is too long.
fn cut(text: &str) -> String {
    let length = text.chars().count();
    if length <= LONGEST {
        return text.to_owned();
    }
    let rest: String = text.chars().skip(length - LONGEST).collect();
    format!("(The beginning is left out.) …{rest}")
}

/// One part with both, since not every server reads more than the first.
fn behind(transcript: &str, mut message: UserMessage) -> UserMessage {
    let before = format!("{transcript}\n\nMy message now:\n\n");
    match message.content.first_mut() {
        Some(UserContent::Text { text }) => text.insert_str(0, &before),
        _ => message.content.insert(0, UserContent::Text { text: before }),
    }
    message
}

#[cfg(test)]
mod tests {
    use model::{Extra, TextPart};

    use super::*;

    fn item(id: &str, body: ItemBody) -> Item {
        Item { id: id.into(), created_at: None, body, extra: Extra::new() }
    }

    fn me(id: &str, text: &str) -> Item {
        item(id, ItemBody::UserMessage(UserMessage::text(text)))
    }

    fn they(id: &str, text: &str) -> Item {
        let content = vec![TextPart { text: text.to_owned(), annotations: vec![] }];
        item(id, ItemBody::AssistantMessage { content })
    }

    fn said() -> Vec<Item> {
        vec![me("1", "I am Ada."), they("2", "Hello."), me("3", "Who am I?"), they("4", "Ada."), me("5", "Sure?")]
    }

    fn sent(missed: Missed<'_>) -> String {
        with_missed(&said(), missed, UserMessage::text("Sure?")).plain_text()
    }

    #[test]
    fn a_server_hears_what_it_missed_and_nothing_of_what_it_knows() {
        assert_eq!(
            sent(Missed::After(&"2".into())),
            "What was said meanwhile:\n\nMe: Who am I?\n\nAssistant: Ada.\n\nMy message now:\n\nSure?"
        );
        assert_eq!(sent(Missed::After(&"4".into())), "Sure?");
    }

    #[test]
    fn one_that_knows_nothing_hears_all_of_it_and_the_first_message_stands_alone() {
        let all = "What was said before in this conversation:\n\nMe: I am Ada.\n\nAssistant: Hello.\n\nMe: Who am I?\n\n\
                   Assistant: Ada.\n\nMy message now:\n\nSure?";
        assert_eq!(sent(Missed::All), all);
        assert_eq!(sent(Missed::After(&"gone".into())), all);
        let first = with_missed(&said()[..1], Missed::All, UserMessage::text("I am Ada."));
        assert_eq!(first, UserMessage::text("I am Ada."));
    }

    #[test]
    fn what_was_replied_to_is_told_with_the_reply() {
        let reply = UserMessage { quoted_text: Some("Ada.".to_owned()), ..UserMessage::text("Sure?") };
        let items = [item("1", ItemBody::UserMessage(reply)), me("2", "x")];
        let text = with_missed(&items, Missed::All, UserMessage::text("x")).plain_text();
        assert!(text.contains("Me: > Ada.\n\nSure?"), "{text}");
    }

    #[test]
    fn of_a_very_long_conversation_the_end_goes_along() {
        let items = [me("1", &"ä".repeat(LONGEST)), they("2", "the end"), me("3", "x")];
        let text = with_missed(&items, Missed::All, UserMessage::text("x")).plain_text();
        assert!(text.contains("left out") && text.contains("the end") && text.chars().count() < LONGEST + 200);
    }
}

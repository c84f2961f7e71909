//! The older part of a conversation in few words: the model that answers writes them.

use model::{AnswerOptions, Extra, Item, ItemBody, ItemId, ModelParameters, Operation, ThreadId, UserMessage};

/// What the model is told that writes a summary.
const TASK: &str = "You summarise conversations. Write what somebody has to know to carry this one on: what was asked, what \
                    was found or decided, names, numbers, and what is still open. Write at most 200 words, in the language \
                    of the conversation, and nothing else.";

/// What stands before a summary when it goes out.
const BEFORE: &str = "The beginning of this conversation is left out for lack of room. This is a summary of it:";

/// The request for a summary of items, and of what stood for the items before them. What is longer than `most` bytes loses
/// its beginning.
pub fn request(
    thread: &ThreadId,
    before: Option<&str>,
    items: &[Item],
    options: &AnswerOptions,
    most: usize,
) -> Operation {
    let mut told: Vec<String> = before.map(|before| format!("{BEFORE}\n{before}")).into_iter().collect();
    told.extend(items.iter().filter_map(line));
    let told = told.join("\n\n");
    let mut begin = told.len().saturating_sub(most);
    while !told.is_char_boundary(begin) {
        begin += 1;
    }
    let text = format!("Summarise this conversation.\n\n{}", &told[begin..]);
    let body = ItemBody::UserMessage(UserMessage::text(text));
    let item = Item { id: ItemId::local("summary"), created_at: None, body, extra: Extra::new() };
    let parameters = ModelParameters { system_prompt: Some(TASK.to_owned()), ..options.parameters.clone() };
    let options = AnswerOptions { parameters, ..options.clone() };
    Operation::Answer { thread: thread.clone(), items: vec![item], options }
}

fn line(item: &Item) -> Option<String> {
    let (who, text) = match &item.body {
        ItemBody::UserMessage(message) => ("Person", Some(message.spoken())),
        body => ("Assistant", body.plain_text()),
    };
    let text = text.filter(|text| !text.trim().is_empty())?;
    Some(format!("{who}: {text}"))
}

/// A system prompt with a summary behind it.
pub fn behind(prompt: Option<&str>, summary: &str) -> String {
    let prompt = prompt.map(|prompt| format!("{prompt}\n\n")).unwrap_or_default();
    format!("{prompt}{BEFORE}\n{summary}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_said_is_told_with_who_said_it_and_the_newest_of_it_if_it_is_long() {
        let item = |text: &str| {
            let body = ItemBody::UserMessage(UserMessage::text(text));
            Item { id: "i".into(), created_at: None, body, extra: Extra::new() }
        };
        let asked = |most| {
            let items = [item("Tee für zwei?"), item(" ")];
            let options = AnswerOptions { model: Some("m".into()), ..AnswerOptions::default() };
            match request(&"t".into(), Some("Earlier."), &items, &options, most) {
                Operation::Answer { items, options, .. } => {
                    assert_eq!(options.parameters.system_prompt.as_deref(), Some(TASK));
                    assert_eq!(options.model.as_deref(), Some("m"));
                    items[0].body.plain_text().unwrap()
                }
                other => panic!("{other:?}"),
            }
        };
        assert!(asked(1000).ends_with("summary of it:\nEarlier.\n\nPerson: Tee für zwei?"));
        assert!(asked(8).ends_with("\n\nr zwei?"), "{}", asked(8));
    }

    #[test]
    fn a_summary_stands_behind_the_system_prompt() {
        assert_eq!(behind(Some("Be brief."), "Tea."), format!("Be brief.\n\n{BEFORE}\nTea."));
        assert_eq!(behind(None, "Tea."), format!("{BEFORE}\nTea."));
    }
}

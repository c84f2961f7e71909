//! About how many tokens something has. Every model cuts text in its own way, so this is an estimate, which is corrected by
//! what the server said of the last request.

use model::{Item, ItemBody};
use serde::{Deserialize, Serialize};

/// So many bytes are taken for a token: about four letters of English, two of Greek, one and a half signs of Chinese.
const BYTES: u64 = 4;

/// What stands around a message: who says it, and the marks at its ends.
const AROUND: u64 = 4;

/// About how many tokens a text has.
pub fn tokens(text: &str) -> u64 {
    (text.len() as u64).div_ceil(BYTES)
}

/// About how many tokens an item takes when it goes out; none if it has no words. Only messages go out.
pub fn cost(item: &Item) -> u64 {
    let quoted = match &item.body {
        ItemBody::UserMessage(message) => message.quoted_text.as_deref().map_or(0, tokens),
        ItemBody::AssistantMessage { .. } => 0,
        _ => return 0,
    };
    match item.body.plain_text().filter(|text| !text.trim().is_empty()) {
        Some(text) => tokens(&text) + quoted + AROUND,
        None => 0,
    }
}

/// About how many tokens items take.
pub fn costs(items: &[Item]) -> u64 {
    items.iter().map(cost).sum()
}

/// How an estimate has to be corrected: the last request was taken for so many tokens, and the server counted so many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scale {
    estimated: u64,
    counted: u64,
}

impl Default for Scale {
    fn default() -> Self {
        Self { estimated: 1, counted: 1 }
    }
}

impl Scale {
    /// What a server counted of a request. A count that is far off tells of something else, such as of what it had kept.
    pub fn new(estimated: u64, counted: u64) -> Self {
        let estimated = estimated.max(1);
        Self { estimated, counted: counted.clamp(estimated.div_ceil(2), estimated.saturating_mul(4)) }
    }

    /// An estimate, corrected.
    pub fn of(self, estimate: u64) -> u64 {
        let exact = u128::from(estimate) * u128::from(self.counted) / u128::from(self.estimated.max(1));
        u64::try_from(exact).unwrap_or(u64::MAX)
    }
}

/// What a server counted of the request that an item answers: question, and answer.
pub fn counted(item: &Item) -> Option<(u64, u64)> {
    let usage = item.extra.get("usage")?;
    let number = |names: [&str; 2]| names.iter().find_map(|name| usage[name].as_u64());
    let asked = number(["prompt_tokens", "input_tokens"]).filter(|count| *count > 0)?;
    Some((asked, number(["completion_tokens", "output_tokens"]).unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use model::{Extra, TextPart, UserMessage, Widget};
    use serde_json::json;

    use super::*;

    fn item(body: ItemBody) -> Item {
        Item { id: "i".into(), created_at: None, body, extra: Extra::new() }
    }

    #[test]
    fn what_has_no_words_costs_nothing() {
        let unknown = ItemBody::Unknown { name: "reasoning".into(), fields: Extra::new() };
        assert_eq!(cost(&item(unknown)), 0);
        assert_eq!(cost(&item(ItemBody::AssistantMessage { content: vec![TextPart::default()] })), 0);
        let root = json!({"type": "Text", "value": "words that stay here"});
        assert_eq!(cost(&item(ItemBody::Widget(Widget { root, copy_text: None }))), 0);
        let message = UserMessage { quoted_text: Some("12345678".into()), ..UserMessage::text("12345") };
        assert_eq!(cost(&item(ItemBody::UserMessage(message))), 2 + 2 + AROUND);
    }

    #[test]
    fn what_the_server_counted_corrects_the_next_estimate() {
        let scale = Scale::new(100, 150);
        assert_eq!(scale.of(200), 300);
        assert_eq!(Scale::new(100, 1).of(100), 50, "it had kept most of it, and counted the rest");
        assert_eq!(Scale::new(0, 0).of(100), 100);
        assert_eq!(Scale::default().of(7), 7);
    }

    #[test]
    fn usage_is_found_in_both_dialects() {
        let mut answer = item(ItemBody::AssistantMessage { content: Vec::new() });
        assert_eq!(counted(&answer), None);
        answer.extra.insert("usage".into(), json!({"prompt_tokens": 9, "completion_tokens": 3}));
        assert_eq!(counted(&answer), Some((9, 3)));
        answer.extra.insert("usage".into(), json!({"input_tokens": 8, "output_tokens": 2}));
        assert_eq!(counted(&answer), Some((8, 2)));
    }
}

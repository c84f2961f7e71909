//! A message that is being written: its words, and what stands beside them (section 9).

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use crate::{Entity, Extra, UserContent, UserMessage};

/// Between two messages that become one, and between two quotes.
const BETWEEN: &str = "\n\n";

/// What was written and not sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Draft {
    /// Its words. What is mentioned stands among them by its title.
    pub text: String,
    /// What stands beside them.
    #[serde(flatten)]
    #[ts(flatten)]
    pub beside: Beside,
}

/// What stands beside the words of a message.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Beside {
    /// What is mentioned, in the order in which it stands in the words.
    pub mentions: Vec<Mention>,
    /// The passage that it replies to.
    pub quoted_text: Option<String>,
    /// What the assistant is asked to use, as the server calls it.
    pub tool: Option<String>,
}

/// Something that is mentioned, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Mention {
    /// Where its title begins in the words, in UTF-16 code units, as a window counts.
    pub at: usize,
    /// What.
    pub entity: Entity,
}

/// A mention whose title is not where it is said to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Misplaced;

impl Beside {
    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.mentions.is_empty() && self.quoted_text.is_none() && self.tool.is_none()
    }

    /// The parts of a message with these words, in order (section 9); without the white space at the end of its words.
    ///
    /// # Errors
    ///
    /// If a mention is not where it is said to be, or two of them overlap.
    pub fn content(&self, text: &str) -> Result<Vec<UserContent>, Misplaced> {
        let (mut parts, mut rest, mut done) = (Vec::new(), text, 0);
        for Mention { at, entity } in &self.mentions {
            let before = at.checked_sub(done).and_then(|units| place(rest, units)).ok_or(Misplaced)?;
            let (words, from) = rest.split_at(before);
            let behind = from.strip_prefix(entity.title.as_str()).ok_or(Misplaced)?;
            if entity.title.is_empty() {
                return Err(Misplaced);
            }
            if !words.is_empty() {
                parts.push(UserContent::Text { text: words.to_owned() });
            }
            parts.push(UserContent::tag(entity));
            (rest, done) = (behind, at + length(&entity.title));
        }
        let rest = rest.trim_end();
        if !rest.is_empty() || parts.is_empty() {
            parts.push(UserContent::Text { text: rest.to_owned() });
        }
        Ok(parts)
    }
}

impl Draft {
    /// A draft of words alone.
    pub fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), beside: Beside::default() }
    }

    /// Whether there is nothing to keep.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty() && self.beside.is_empty()
    }

    /// A message as it was before it was sent: what was mentioned is known as far as the server is told of it.
    pub fn of(message: &UserMessage) -> Self {
        let Self { text, beside } = Self::of_content(&message.content);
        let (quoted_text, tool) = (message.quoted_text.clone(), message.inference_options.tool.clone());
        Self { text, beside: Beside { quoted_text, tool, ..beside } }
    }

    /// The same of what stands in a message alone.
    pub fn of_content(content: &[UserContent]) -> Self {
        let (mut text, mut mentions) = (String::new(), Vec::new());
        for part in content {
            match part {
                UserContent::Text { text: words } => text.push_str(words),
                UserContent::Tag { id, text: title, fields } => {
                    mentions.push(Mention { at: length(&text), entity: entity(id, title, fields) });
                    text.push_str(title);
                }
                UserContent::Unknown { .. } => {}
            }
        }
        Self { text, beside: Beside { mentions, ..Beside::default() } }
    }

    /// One message of two: this one, and behind it what was written since. Of two tools the later one was meant.
    #[must_use]
    pub fn before(self, since: Self) -> Self {
        let Beside { mentions, quoted_text, tool } = self.beside;
        let (text, moved) = match since.text.trim().is_empty() {
            true => (self.text, 0),
            false => {
                let head = format!("{}{BETWEEN}", self.text);
                (format!("{head}{}", since.text), length(&head))
            }
        };
        let later = since.beside.mentions.into_iter().filter(|_| moved > 0);
        let later = later.map(|mention| Mention { at: mention.at + moved, ..mention });
        let quoted_text = match (quoted_text, since.beside.quoted_text) {
            (Some(first), Some(second)) => Some(format!("{first}{BETWEEN}{second}")),
            (one, other) => one.or(other),
        };
        let beside = Beside {
            mentions: mentions.into_iter().chain(later).collect(),
            quoted_text,
            tool: since.beside.tool.or(tool),
        };
        Self { text, beside }
    }
}

impl UserContent {
    /// What is mentioned, as the server is told it. It insists on `data`.
    pub(crate) fn tag(entity: &Entity) -> Self {
        let mut fields = Extra::from_iter([
            ("data".to_owned(), Value::Object(entity.data.clone())),
            ("interactive".to_owned(), Value::Bool(entity.interactive)),
        ]);
        if let Some(group) = &entity.group {
            fields.insert("group".to_owned(), Value::String(group.clone()));
        }
        Self::Tag { id: entity.id.clone(), text: entity.title.clone(), fields }
    }
}

fn entity(id: &str, title: &str, fields: &Extra) -> Entity {
    Entity {
        id: id.to_owned(),
        title: title.to_owned(),
        icon: None,
        group: fields.get("group").and_then(Value::as_str).map(str::to_owned),
        interactive: fields.get("interactive").and_then(Value::as_bool).unwrap_or_default(),
        data: fields.get("data").and_then(Value::as_object).cloned().unwrap_or_default(),
    }
}

/// How long a text is, in UTF-16 code units.
fn length(text: &str) -> usize {
    text.encode_utf16().count()
}

/// Which byte of a text stands after so many UTF-16 code units; none inside of a character, or behind the end.
fn place(text: &str, units: usize) -> Option<usize> {
    let mut left = units;
    for (place, char) in text.char_indices() {
        if left == 0 {
            return Some(place);
        }
        left = left.checked_sub(char.len_utf16())?;
    }
    (left == 0).then_some(text.len())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::InferenceOptions;

    fn ada() -> Entity {
        let value = json!({"id": "u1", "title": "Ada 🐦", "group": "People", "interactive": true, "data": {"a": 1}});
        serde_json::from_value(value).unwrap()
    }

    fn at(at: usize) -> Mention {
        Mention { at, entity: ada() }
    }

    fn mentioning(mentions: Vec<Mention>) -> Beside {
        Beside { mentions, ..Beside::default() }
    }

    fn words(text: &str) -> UserContent {
        UserContent::Text { text: text.to_owned() }
    }

    #[test]
    fn a_message_is_its_parts_in_order_and_comes_back_as_it_was() {
        let draft = Draft {
            text: "🐧 ask Ada 🐦 and Ada 🐦".to_owned(),
            beside: Beside {
                mentions: vec![at(7), at(18)],
                quoted_text: Some("said".to_owned()),
                tool: Some("search".to_owned()),
            },
        };
        let parts = draft.beside.content(&draft.text).unwrap();
        let fields = json!({"data": {"a": 1}, "interactive": true, "group": "People"}).as_object().unwrap().clone();
        let tag = UserContent::Tag { id: "u1".to_owned(), text: "Ada 🐦".to_owned(), fields };
        assert_eq!(parts, [words("🐧 ask "), tag.clone(), words(" and "), tag]);
        let message = UserMessage {
            content: parts,
            attachments: Vec::new(),
            quoted_text: Some("said".to_owned()),
            inference_options: InferenceOptions { model: None, tool: Some("search".to_owned()) },
        };
        assert_eq!(Draft::of(&message), draft);
    }

    #[test]
    fn data_is_always_an_object_and_what_is_not_there_is_not_told() {
        let bare = Entity { group: None, interactive: false, data: Extra::new(), ..ada() };
        let parts = mentioning(vec![Mention { at: 0, entity: bare }]).content("Ada 🐦  \n").unwrap();
        let [UserContent::Tag { fields, .. }] = parts.as_slice() else { panic!("{parts:?}") };
        assert_eq!(json!(fields), json!({"data": {}, "interactive": false}));
    }

    #[test]
    fn words_alone_lose_the_space_at_their_end() {
        assert_eq!(Beside::default().content("  hello \n"), Ok(vec![words("  hello")]));
        assert_eq!(Beside::default().content(""), Ok(vec![words("")]));
    }

    #[test]
    fn a_mention_that_is_not_there_is_refused() {
        let text = "🐧 Ada 🐦 Ada 🐦";
        for places in [&[4][..], &[0], &[1], &[99], &[3, 3], &[10, 3], &[3, 5]] {
            let mentions: Vec<_> = places.iter().copied().map(at).collect();
            assert_eq!(mentioning(mentions).content(text), Err(Misplaced), "{places:?}");
        }
        assert!(mentioning(vec![at(3), at(10)]).content(text).is_ok());
        let nameless = Entity { title: String::new(), ..ada() };
        assert_eq!(mentioning(vec![Mention { at: 0, entity: nameless }]).content(text), Err(Misplaced));
    }

    #[test]
    fn what_is_taken_back_stands_before_what_was_written_since() {
        let draft = |text: &str, at_place: Option<usize>, quoted: Option<&str>, tool: Option<&str>| Draft {
            text: text.to_owned(),
            beside: Beside {
                mentions: at_place.map(at).into_iter().collect(),
                quoted_text: quoted.map(str::to_owned),
                tool: tool.map(str::to_owned),
            },
        };
        let first = draft("é Ada 🐦", Some(2), Some("one"), Some("search"));
        let both = first.clone().before(draft("Ada 🐦", Some(0), Some("two"), Some("draw")));
        assert_eq!(both.text, "é Ada 🐦\n\nAda 🐦");
        let places: Vec<_> = both.beside.mentions.iter().map(|mention| mention.at).collect();
        assert_eq!(places, [2, 10]);
        assert!(both.beside.content(&both.text).is_ok());
        assert_eq!(
            (both.beside.quoted_text.as_deref(), both.beside.tool.as_deref()),
            (Some("one\n\ntwo"), Some("draw"))
        );
        assert_eq!(first.clone().before(draft(" ", None, None, None)), first);
        assert_eq!(first.clone().before(draft("", None, None, Some("draw"))).beside.tool.as_deref(), Some("draw"));
    }

    #[test]
    fn an_older_draft_is_read_without_what_it_did_not_have() {
        assert_eq!(serde_json::from_value::<Draft>(json!({"text": "x"})).unwrap(), Draft::text("x"));
        assert_eq!(json!(Draft::default()), json!({"text": "", "mentions": [], "quoted_text": null, "tool": null}));
    }
}

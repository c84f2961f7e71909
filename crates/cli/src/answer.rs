//! The words of an answer in the order in which they are printed.
//!
//! Events may grow several parts at once, replace what was there, or take it away; what is printed stays. So the parts
//! are printed one after another, and a part whose printed words were replaced is printed once more.

use model::{Item, ItemBody, ItemId, ItemUpdate, TextPart, ThreadEvent};

use crate::kinds;

/// What is to be printed next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// A text of its own begins.
    Begin,
    /// More of the text.
    Text(String),
    /// The text is whole.
    End,
    /// What was printed last is void: the text that follows takes its place.
    Again,
    /// Lines to be read as they are.
    Lines(String),
    /// One line about something that a terminal does not show.
    Aside(String),
    /// One line about what the assistant waits for and cannot get here.
    Waits(String),
}

/// An answer, as far as it has come.
#[derive(Debug, Default)]
pub struct Answer {
    parts: Vec<Part>,
    /// The part that is being printed.
    current: usize,
    /// Whether the current part was begun.
    begun: bool,
    steps: Vec<Step>,
}

#[derive(Debug)]
struct Part {
    item: ItemId,
    index: usize,
    text: String,
    printed: usize,
    done: bool,
    /// Whether it repeats a part whose printed words were replaced.
    again: bool,
    /// What is told of an item that is no message, in the place of a text.
    told: Vec<Step>,
}

impl Answer {
    /// Takes an event, and answers what can be printed.
    pub fn event(&mut self, event: &ThreadEvent) -> Vec<Step> {
        match event {
            ThreadEvent::ItemAdded(item) => self.item(item, false),
            ThreadEvent::ItemDone(item) | ThreadEvent::ItemReplaced(item) => self.item(item, true),
            ThreadEvent::ItemUpdated { id, update } => self.update(id, update),
            ThreadEvent::ItemRemoved(id) => self.drop_from(id, 0),
            _ => {}
        }
        self.advance(false)
    }

    /// The turn is over: answers what is left.
    pub fn end(&mut self) -> Vec<Step> {
        self.advance(true)
    }

    fn item(&mut self, item: &Item, done: bool) {
        match &item.body {
            ItemBody::AssistantMessage { content } => {
                for (index, part) in content.iter().enumerate() {
                    self.set(&item.id, index, part, done);
                }
                if done {
                    self.drop_from(&item.id, content.len());
                }
            }
            body if done && self.find(&item.id, 0).is_none() => {
                let told = kinds::told(body);
                if !told.is_empty() {
                    let part = self.part(&item.id, 0);
                    part.told = told;
                    part.done = true;
                }
            }
            _ => {}
        }
    }

    fn update(&mut self, id: &ItemId, update: &ItemUpdate) {
        match update {
            ItemUpdate::PartAdded { index, part } => self.set(id, *index, part, false),
            ItemUpdate::TextDelta { index, delta } => self.part(id, *index).text.push_str(delta),
            ItemUpdate::PartDone { index, part } => self.set(id, *index, part, true),
            _ => {}
        }
    }

    /// The text of a part, as a whole.
    fn set(&mut self, id: &ItemId, index: usize, new: &TextPart, done: bool) {
        let part = self.part(id, index);
        if new.text.starts_with(&part.text[..part.printed]) {
            part.text.clone_from(&new.text);
            part.done |= done;
            return;
        }
        part.text.truncate(part.printed);
        part.done = true;
        let text = new.text.clone();
        let again = Part { item: id.clone(), index, text, printed: 0, done, again: true, told: Vec::new() };
        self.parts.push(again);
    }

    /// Takes away what is not printed of the parts of an item from `index` on.
    fn drop_from(&mut self, id: &ItemId, index: usize) {
        for part in self.parts.iter_mut().filter(|part| &part.item == id && part.index >= index) {
            part.text.truncate(part.printed);
            part.done = true;
        }
    }

    fn find(&mut self, id: &ItemId, index: usize) -> Option<usize> {
        self.parts.iter().rposition(|part| &part.item == id && part.index == index)
    }

    fn part(&mut self, id: &ItemId, index: usize) -> &mut Part {
        let place = self.find(id, index).unwrap_or_else(|| {
            let item = id.clone();
            let text = String::new();
            self.parts.push(Part { item, index, text, printed: 0, done: false, again: false, told: Vec::new() });
            self.parts.len() - 1
        });
        &mut self.parts[place]
    }

    fn advance(&mut self, ended: bool) -> Vec<Step> {
        while let Some(part) = self.parts.get_mut(self.current) {
            self.steps.append(&mut part.told);
            if part.printed < part.text.len() {
                if !self.begun {
                    self.begun = true;
                    self.steps.extend(part.again.then_some(Step::Again));
                    self.steps.push(Step::Begin);
                }
                self.steps.push(Step::Text(part.text[part.printed..].to_owned()));
                part.printed = part.text.len();
            }
            if !part.done && !ended {
                break;
            }
            if std::mem::take(&mut self.begun) {
                self.steps.push(Step::End);
            }
            self.current += 1;
        }
        std::mem::take(&mut self.steps)
    }
}

#[cfg(test)]
mod tests {
    use model::{Extra, UserMessage};

    use super::*;

    fn text(words: &str) -> TextPart {
        TextPart { text: words.to_owned(), annotations: Vec::new() }
    }

    fn message(id: &str, parts: &[&str]) -> Item {
        let content = parts.iter().copied().map(text).collect();
        Item { id: id.into(), created_at: None, body: ItemBody::AssistantMessage { content }, extra: Extra::new() }
    }

    fn delta(id: &str, index: usize, words: &str) -> ThreadEvent {
        ThreadEvent::ItemUpdated { id: id.into(), update: ItemUpdate::TextDelta { index, delta: words.to_owned() } }
    }

    /// What is printed: `<` and `>` around each text, `!` before one that is said again.
    fn printed(events: &[ThreadEvent]) -> String {
        let mut answer = Answer::default();
        let mut steps: Vec<_> = events.iter().flat_map(|event| answer.event(event)).collect();
        steps.extend(answer.end());
        let sign = |step: Step| match step {
            Step::Begin => "<".to_owned(),
            Step::Text(text) => text,
            Step::End => ">".to_owned(),
            Step::Again => "!".to_owned(),
            Step::Lines(lines) => format!("({lines})"),
            Step::Aside(line) | Step::Waits(line) => format!("[{line}]"),
        };
        steps.into_iter().map(sign).collect()
    }

    #[test]
    fn deltas_come_out_as_they_come_in() {
        let mut answer = Answer::default();
        assert_eq!(answer.event(&ThreadEvent::ItemAdded(message("a", &[]))), []);
        assert_eq!(answer.event(&delta("a", 0, "He")), [Step::Begin, Step::Text("He".into())]);
        assert_eq!(answer.event(&delta("a", 0, "y")), [Step::Text("y".into())]);
        assert_eq!(answer.event(&ThreadEvent::ItemDone(message("a", &["Hey"]))), [Step::End]);
        assert_eq!(answer.end(), []);
    }

    #[test]
    fn parts_that_grow_together_are_printed_one_after_another() {
        let events = [delta("a", 0, "1"), delta("a", 1, "2"), delta("a", 0, "1"), delta("b", 0, "3")];
        assert_eq!(printed(&events), "<11><2><3>");
        let done = ThreadEvent::ItemDone(message("a", &["11", "22"]));
        assert_eq!(printed(&[delta("a", 1, "2"), delta("a", 0, "1"), done]), "<22><11>");
    }

    #[test]
    fn the_end_of_a_text_that_was_missed_is_filled_in() {
        assert_eq!(printed(&[delta("a", 0, "He"), ThreadEvent::ItemDone(message("a", &["Hello", "!"]))]), "<Hello><!>");
    }

    #[test]
    fn words_that_were_replaced_are_said_again() {
        let replaced = ThreadEvent::ItemReplaced(message("a", &["Good"]));
        assert_eq!(printed(&[delta("a", 0, "Bad"), replaced]), "<Bad>!<Good>");
        let unseen = [delta("a", 0, "1"), delta("b", 0, "Bad"), ThreadEvent::ItemReplaced(message("b", &["Good"]))];
        assert_eq!(printed(&unseen), "<1><Good>");
    }

    #[test]
    fn what_is_taken_away_before_it_was_printed_is_not_printed() {
        let removed = ThreadEvent::ItemRemoved("b".into());
        assert_eq!(printed(&[delta("a", 0, "1"), delta("b", 0, "2"), removed]), "<1>");
    }

    #[test]
    fn a_kind_that_is_not_known_is_named_once_and_the_question_is_not_repeated() {
        let item =
            |id: &str, body| ThreadEvent::ItemDone(Item { id: id.into(), created_at: None, body, extra: Extra::new() });
        let hologram = || item("w", ItemBody::Unknown { name: "hologram".into(), fields: Extra::new() });
        let question = item("q", ItemBody::UserMessage(UserMessage::text("?")));
        assert_eq!(
            printed(&[question, hologram(), hologram(), delta("a", 0, "1")]),
            "[hologram: this version cannot show it]<1>"
        );
    }
}

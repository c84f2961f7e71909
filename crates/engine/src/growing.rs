//! The texts of a thread that are still growing, each with its incremental Markdown.

use std::collections::HashMap;

use markdown::{Mark, Patch, Stream};
use model::{ItemBody, ItemId, ItemStage, TextPart};

use crate::{
    reduce::Entry,
    sources::{marks, sources},
    view::ThreadOp,
};

/// The growing texts: for each message, one for each part.
///
/// Text is read as Markdown when somebody is about to be sent what changed, all that came since in one go: reading
/// every delta by itself would read the unfinished end of the text anew for each of them.
#[derive(Debug, Default)]
pub struct Growing {
    items: HashMap<ItemId, Vec<Part>>,
    /// The parts with text that was not read yet.
    unread: Vec<(ItemId, usize)>,
}

/// One text that grows.
#[derive(Debug, Default)]
struct Part {
    text: String,
    /// How much of the text the stream has.
    read: usize,
    stream: Stream,
    marks: Vec<Mark>,
    /// The stream does not have the marks yet.
    unmarked: bool,
}

impl Part {
    fn is_read(&self) -> bool {
        self.read == self.text.len() && !self.unmarked
    }

    fn mark(&mut self, marks: Vec<Mark>) {
        if marks != self.marks {
            self.marks = marks;
            self.unmarked = true;
        }
    }

    /// Reads what was appended. The marks come first: those of text that is settled come late.
    fn read(&mut self) -> Vec<Patch> {
        let mut patches = Vec::new();
        if std::mem::take(&mut self.unmarked) {
            patches = self.stream.mark(self.marks.clone());
        }
        patches.extend(self.stream.push(&self.text[self.read..]));
        self.read = self.text.len();
        patches
    }

    /// Reads what was appended, and settles all of it.
    fn finish(&mut self) -> Vec<Patch> {
        let mut patches = self.read();
        patches.extend(self.stream.finish());
        patches
    }
}

impl Growing {
    /// The trees of a message that is growing, as far as they were read, each as the patches that build it from nothing.
    pub fn snapshot(&self, id: &ItemId) -> Option<Vec<Vec<Patch>>> {
        Some(self.items.get(id)?.iter().map(|part| part.stream.snapshot()).collect())
    }

    /// Text was appended to a part.
    pub fn append(&mut self, id: &ItemId, part: usize, delta: &str) {
        if !self.items.contains_key(id) {
            self.items.insert(id.clone(), Vec::new());
        }
        let Some(parts) = self.items.get_mut(id) else { return };
        if parts.len() <= part {
            parts.resize_with(part + 1, Part::default);
        }
        let part_of = &mut parts[part];
        if part_of.is_read() {
            self.unread.push((id.clone(), part));
        }
        part_of.text.push_str(delta);
    }

    /// The sources of a message changed. False if it is not one that is growing.
    pub fn mark(&mut self, id: &ItemId, content: &[TextPart]) -> bool {
        let Some(parts) = self.items.get_mut(id) else { return false };
        if parts.len() < content.len() {
            parts.resize_with(content.len(), Part::default);
        }
        for (index, (part, marks)) in parts.iter_mut().zip(marks(content)).enumerate() {
            let was_read = part.is_read();
            part.mark(marks);
            if was_read && !part.is_read() {
                self.unread.push((id.clone(), index));
            }
        }
        true
    }

    /// Reads what was appended: what changes in the trees.
    pub fn read(&mut self) -> Vec<ThreadOp> {
        let mut ops = Vec::new();
        for (id, part) in std::mem::take(&mut self.unread) {
            let Some(of) = self.items.get_mut(&id).and_then(|parts| parts.get_mut(part)) else { continue };
            let patches = of.read();
            if !patches.is_empty() {
                ops.push(ThreadOp::Patch { id, part, patches });
            }
        }
        ops
    }

    /// A message came whole. If it only says to the end what was growing, the ops that finish it in place, so that
    /// nothing that is on screen is drawn again; otherwise nothing, and the message is to be drawn anew.
    pub fn take_over(&mut self, entry: &Entry) -> Option<Vec<ThreadOp>> {
        let ItemBody::AssistantMessage { content } = &entry.item.body else {
            self.drop_item(&entry.item.id);
            return None;
        };
        if entry.stage == ItemStage::Streaming {
            self.items.insert(entry.item.id.clone(), content.iter().zip(marks(content)).map(begun).collect());
            return None;
        }
        let parts = self.items.remove(&entry.item.id)?;
        if parts.len() > content.len()
            || !parts.iter().zip(content).all(|(part, done)| done.text.starts_with(&part.text))
        {
            return None;
        }
        let id = &entry.item.id;
        let mut parts = parts.into_iter();
        let mut ops: Vec<_> = content
            .iter()
            .zip(marks(content))
            .enumerate()
            .map(|(index, (done, marks))| {
                let mut part = parts.next().unwrap_or_default();
                let rest = &done.text[part.text.len()..];
                part.text.push_str(rest);
                part.mark(marks);
                ThreadOp::Patch { id: id.clone(), part: index, patches: part.finish() }
            })
            .filter(|op| !matches!(op, ThreadOp::Patch { patches, .. } if patches.is_empty()))
            .collect();
        ops.push(ThreadOp::Sources { id: id.clone(), sources: sources(content) });
        ops.push(ThreadOp::Stage { id: id.clone(), stage: entry.stage });
        Some(ops)
    }

    /// A message will not grow any more: the patches that settle its parts.
    pub fn finish(&mut self, id: &ItemId) -> Vec<(usize, Vec<Patch>)> {
        let parts = self.items.remove(id).unwrap_or_default();
        parts
            .into_iter()
            .enumerate()
            .map(|(index, mut part)| (index, part.finish()))
            .filter(|(_, patches)| !patches.is_empty())
            .collect()
    }

    /// Forgets a message.
    pub fn drop_item(&mut self, id: &ItemId) {
        self.items.remove(id);
    }
}

fn begun((part, marks): (&TextPart, Vec<Mark>)) -> Part {
    let mut growing = Part { text: part.text.clone(), ..Part::default() };
    growing.mark(marks);
    // A message that is shown for the first time is shown with these, so they are no change.
    growing.read();
    growing
}

#[cfg(test)]
mod tests {
    use markdown::{Tree, render};

    use super::*;

    const TEXT: &str = "Some **bold** words,\n\n- and a list\n- of `two`\n";

    fn id() -> ItemId {
        ItemId::from("msg_1")
    }

    fn tree(ops: Vec<ThreadOp>) -> Tree {
        let mut tree = Tree::default();
        for op in ops {
            let ThreadOp::Patch { part: 0, patches, .. } = op else { panic!("{op:?}") };
            tree.apply(&patches);
        }
        tree
    }

    #[test]
    fn what_came_since_is_read_in_one_go() {
        let mut growing = Growing::default();
        for character in TEXT.chars() {
            growing.append(&id(), 0, &character.to_string());
        }
        let ops = growing.read();
        assert_eq!(ops.len(), 1);
        let mut drawn = tree(ops);
        assert!(growing.read().is_empty(), "it was read twice");
        growing.finish(&id()).into_iter().for_each(|(_, patches)| drawn.apply(&patches));
        let mut whole = Tree::default();
        whole.apply(&render(TEXT));
        assert_eq!(drawn.snapshot(), whole.snapshot());
    }

    #[test]
    fn a_mark_shows_while_its_text_grows() {
        let source = model::Source::File { title: "a".into(), filename: "a.md".into(), extra: model::Extra::new() };
        let annotations = vec![model::Annotation { index: Some(4), source }];
        let content = [TextPart { text: "Some words".into(), annotations }];
        let mut growing = Growing::default();
        assert!(!growing.mark(&id(), &content), "it is not growing");
        growing.append(&id(), 0, "Some words");
        assert!(growing.mark(&id(), &content) && growing.mark(&id(), &content));
        let marked = tree(growing.read());
        let mut whole = Tree::default();
        whole.apply(&markdown::render_marked("Some words", marks(&content).remove(0)));
        assert_eq!(marked.snapshot(), whole.snapshot());
        assert!(growing.read().is_empty(), "the same mark came twice");
    }

    #[test]
    fn a_message_that_ends_unread_is_whole_all_the_same() {
        let mut growing = Growing::default();
        growing.append(&id(), 0, TEXT);
        let ended = growing.finish(&id());
        let ops = ended.into_iter().map(|(part, patches)| ThreadOp::Patch { id: id(), part, patches });
        let mut whole = Tree::default();
        whole.apply(&render(TEXT));
        assert_eq!(tree(ops.collect()).snapshot(), whole.snapshot());
        assert!(growing.read().is_empty(), "what is gone is read no more");
    }
}

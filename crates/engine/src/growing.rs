//! The texts of a thread that are still growing, each with its incremental Markdown.

use std::collections::HashMap;

use markdown::{Patch, Stream};
use model::{ItemBody, ItemId, ItemStage, TextPart};

use crate::{reduce::Entry, render::sources, view::ThreadOp};

/// The growing texts: for each message, one for each part.
#[derive(Debug, Default)]
pub struct Growing {
    items: HashMap<ItemId, Vec<Part>>,
}

/// One text that grows.
#[derive(Debug, Default)]
struct Part {
    text: String,
    stream: Stream,
}

impl Part {
    fn push(&mut self, delta: &str) -> Vec<Patch> {
        self.text.push_str(delta);
        self.stream.push(delta)
    }
}

impl Growing {
    /// The trees of a message that is growing, each as the patches that build it from nothing.
    pub fn snapshot(&self, id: &ItemId) -> Option<Vec<Vec<Patch>>> {
        Some(self.items.get(id)?.iter().map(|part| part.stream.snapshot()).collect())
    }

    /// Text was appended to a part: what changes in its tree.
    pub fn push(&mut self, id: &ItemId, part: usize, delta: &str) -> Vec<Patch> {
        let parts = self.items.entry(id.clone()).or_default();
        if parts.len() <= part {
            parts.resize_with(part + 1, Part::default);
        }
        parts[part].push(delta)
    }

    /// A message came whole. If it only says to the end what was growing, the ops that finish it in place, so that
    /// nothing that is on screen is drawn again; otherwise nothing, and the message is to be drawn anew.
    pub fn take_over(&mut self, entry: &Entry) -> Option<Vec<ThreadOp>> {
        let ItemBody::AssistantMessage { content } = &entry.item.body else {
            self.drop_item(&entry.item.id);
            return None;
        };
        if entry.stage == ItemStage::Streaming {
            self.items.insert(entry.item.id.clone(), content.iter().map(begun).collect());
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
            .enumerate()
            .map(|(index, done)| {
                let mut part = parts.next().unwrap_or_default();
                let mut patches = part.push(&done.text[part.text.len()..]);
                patches.extend(part.stream.finish());
                ThreadOp::Patch { id: id.clone(), part: index, patches }
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
            .map(|(index, mut part)| (index, part.stream.finish()))
            .filter(|(_, patches)| !patches.is_empty())
            .collect()
    }

    /// Forgets a message.
    pub fn drop_item(&mut self, id: &ItemId) {
        self.items.remove(id);
    }
}

fn begun(part: &TextPart) -> Part {
    let mut growing = Part::default();
    growing.push(&part.text);
    growing
}

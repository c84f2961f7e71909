//! An open fenced block of code at the top level: lines are appended without being parsed.

use crate::{
    convert::Draft,
    diff::Page,
    patch::{Node, NodeId},
    source::Opening,
};

/// The block and how far its text was read.
#[derive(Debug)]
pub(crate) struct Fence {
    opening: Opening,
    block: NodeId,
    /// Where the text begins that was not read yet.
    at: usize,
    /// The last line has begun and has a node.
    in_line: bool,
}

impl Fence {
    /// A block that was just opened; its lines begin at `at`.
    pub(crate) fn new(opening: Opening, block: NodeId, at: usize) -> Self {
        Self { opening, block, at, in_line: false }
    }

    /// Reads on. Where the block was closed, gives the place after its last line.
    pub(crate) fn read(&mut self, text: &str, page: &mut Page) -> Option<usize> {
        while let Some(length) = text[self.at..].find('\n') {
            let line = &text[self.at..self.at + length];
            self.at += length + 1;
            if self.in_line {
                page.append(line);
                page.end_line();
                self.in_line = false;
            } else if self.opening.is_closed_by(line) {
                return Some(self.at);
            } else {
                self.open(line, true, page);
            }
        }
        let begun = &text[self.at..];
        if self.in_line {
            if !begun.is_empty() {
                page.append(begun);
            }
        } else if begun.trim().is_empty() || self.opening.may_be_closed_by(begun) {
            return None;
        } else {
            self.open(begun, false, page);
            self.in_line = true;
        }
        self.at = text.len();
        None
    }

    fn open(&self, line: &str, ended: bool, page: &mut Page) {
        let node = Node::CodeLine { text: self.opening.content(line), spans: Vec::new() };
        page.open(page.last() + 1, Draft { parent: self.block, node, ended });
    }
}

//! A text that grows, and what of it is settled.

use crate::{
    autolink::may_hold_address,
    complete::complete,
    convert::{Continued, Definitions, Parsed, Request, parse},
    diff::Page,
    fence::Fence,
    highlight::Grammar,
    hold::held_from,
    marks::{Mark, Marks},
    patch::{Node, NodeId, Patch, ROOT},
    source::{Newlines, Opening},
    tree::Tree,
};

/// The finished items or rows of a list or table leave the tail when it is longer, in bytes.
const LONG_BLOCK: usize = 2 * 1024;

/// A longer tail is parsed again only when it grew by a part of its length, so that the bytes parsed stay in
/// proportion to the text whatever it is.
const LONG_TAIL: usize = 4 * 1024;
const GROWTH: usize = 32;

/// Marks that come late, for text that is settled, are put in at once while the text is not longer than this, in bytes;
/// in a longer one they wait for the end.
const LATE_MARKS: usize = 16 * 1024;

/// More footnotes than these in one tail show as their source until the text is settled.
const MOST_FOOTNOTES: usize = 64;

/// A text that grows, as patches of its tree.
///
/// The text is in two parts. What is before the last stable border between blocks is settled: its nodes are not
/// touched again until [`Stream::finish`]. The rest is the tail: with each delta it is parsed again, with what is open
/// in it closed for the time being, and what differs from the nodes that it had goes out.
#[derive(Debug, Default)]
pub struct Stream {
    text: String,
    newlines: Newlines,
    /// Where the last line begins.
    line: usize,
    /// Where the tail begins.
    tail: usize,
    page: Page,
    /// The last node of what is settled.
    settled: NodeId,
    /// What the tail goes on with, and what must be read before it for that.
    continued: Continued,
    table_head: String,
    definitions: Definitions,
    fence: Option<Fence>,
    /// How much of the text was looked at.
    read: usize,
    /// Nothing is held back, and the last node is text that plain characters make longer.
    in_words: bool,
    marks: Marks,
    parsed_bytes: u64,
}

impl Stream {
    /// An empty text.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds text and returns what changed.
    pub fn push(&mut self, delta: &str) -> Vec<Patch> {
        let delta = self.newlines.normal(delta);
        let mut rest = delta.as_str();
        while !rest.is_empty() {
            let piece = self.up_to_fence(rest);
            self.text.push_str(&rest[..piece]);
            self.marks.locate(&self.text, self.newlines.dropped());
            rest = &rest[piece..];
            self.advance();
        }
        self.page.take()
    }

    /// Other marks from now on: all that the text has, in any order. Returns what changed.
    pub fn mark(&mut self, marks: Vec<Mark>) -> Vec<Patch> {
        let before = self.marks.up_to(self.tail);
        self.marks.set(marks);
        self.marks.locate(&self.text, self.newlines.dropped());
        let is_late = self.marks.up_to(self.tail) != before;
        if is_late && self.text.len() <= LATE_MARKS {
            (self.tail, self.settled, self.fence) = (0, ROOT, None);
            (self.continued, self.table_head) = (Continued::Nothing, String::new());
        }
        if self.fence.is_none() && !self.text.is_empty() {
            self.read_tail();
        }
        self.page.take()
    }

    /// Settles the text: late reference definitions, footnotes. Returns what changed. The tree is then that of
    /// [`render`] of the whole text. Text may still be added, at the cost of reading all of it again.
    pub fn finish(&mut self) -> Vec<Patch> {
        let definitions = Definitions::new();
        let marks = self.marks.all(&self.text);
        let request = Request {
            prefix: "",
            source: &self.text,
            base: ROOT,
            continued: Continued::Nothing,
            definitions: &definitions,
            more: false,
            marks: &marks,
        };
        self.parsed_bytes += self.text.len() as u64;
        self.page.replace_after(ROOT, parse(&request).nodes);
        (self.tail, self.settled, self.read) = (0, ROOT, 0);
        (self.continued, self.fence, self.in_words) = (Continued::Nothing, None, false);
        self.page.take()
    }

    /// The patches that build the tree as it was sent so far, from nothing: one for each node.
    pub fn snapshot(&self) -> Vec<Patch> {
        self.page.tree().snapshot()
    }

    /// The tree as it was sent so far.
    pub fn tree(&self) -> &Tree {
        self.page.tree()
    }

    /// How many bytes went through the parser so far: the measure of the work, for tests and benchmarks.
    pub fn parsed_bytes(&self) -> u64 {
        self.parsed_bytes
    }

    /// How much of the new text to take in one step: a line that may open or close a fence ends it.
    fn up_to_fence(&mut self, new: &str) -> usize {
        let (base, mut end) = (self.text.len(), 0);
        while let Some(length) = new[end..].find('\n') {
            let start = self.line;
            end += length + 1;
            self.line = base + end;
            let begun = self.text[start.min(base)..].trim_start_matches(' ');
            let line = if begun.is_empty() { new[start.saturating_sub(base)..].trim_start_matches(' ') } else { begun };
            if line.starts_with(['`', '~']) {
                return end;
            }
        }
        new.len()
    }

    fn advance(&mut self) {
        if let Some(fence) = &mut self.fence {
            let Some(after) = fence.read(&self.text, &mut self.page) else { return };
            self.fence = None;
            self.tail = after;
            self.settled = self.page.last();
            self.read = after;
            if after == self.text.len() {
                return;
            }
        }
        let is_marked = self.marks.any_in(self.read, self.text.len());
        if self.in_words && !is_marked && self.add_words() {
            return;
        }
        let length = self.table_head.len() + self.text.len() - self.tail;
        if length <= LONG_TAIL || (self.text.len() - self.read) * GROWTH >= length {
            self.read_tail();
        }
    }

    /// Appends plain characters without parsing. False if there are others.
    fn add_words(&mut self) -> bool {
        let new = &self.text[self.read..];
        if may_hold_address(&self.text[word_start(&self.text, self.read)..]) {
            return false;
        }
        let mut shown = 0;
        let mut after_space = self.text[..self.read].ends_with(' ');
        for (at, character) in new.char_indices() {
            if character == ' ' && !after_space {
                after_space = true;
            } else if is_plain(character) {
                after_space = false;
                shown = at + character.len_utf8();
            } else {
                return false;
            }
        }
        if shown > 0 {
            let space = self.text[..self.read].len() - self.text[..self.read].trim_end_matches(' ').len();
            let from = self.read - space;
            self.page.append(&self.text[from..self.read + shown]);
        }
        self.read = self.text.len();
        true
    }

    fn read_tail(&mut self) {
        let tail = &self.text[self.tail..];
        self.read = self.text.len();
        let held = held_from(tail);
        let prefix = [missing_footnotes(tail), self.table_head.clone()].concat();
        let request = Request {
            prefix: &prefix,
            source: &tail[..held],
            base: self.settled,
            continued: self.continued,
            definitions: &self.definitions,
            more: true,
            marks: &[],
        };
        self.parsed_bytes += (prefix.len() + held) as u64;
        let mut parsed = parse(&request);
        let completed = complete(&tail[..held], &parsed.literals);
        let shown = completed.as_ref().map_or(held, |completed| completed.shown);
        let marks = self.marks.within(self.tail, self.tail + shown);
        let ends_in_word = parsed.ends_in_text
            && held == tail.len()
            && tail.ends_with(char::is_alphanumeric)
            && !may_hold_address(&tail[word_start(tail, tail.len())..])
            && completed.as_ref().is_none_or(|completed| completed.shows_all);
        if completed.is_some() || !marks.is_empty() {
            let source = completed.as_ref().map_or(request.source, |completed| &completed.text);
            self.parsed_bytes += (prefix.len() + source.len()) as u64;
            parsed = parse(&Request { source, marks: &marks, ..request });
        }
        let last = parsed.nodes.last().map(|draft| &draft.node);
        self.in_words = ends_in_word && matches!(last, Some(Node::Text { .. } | Node::Code { .. }));
        let drafts = std::mem::take(&mut parsed.nodes);
        self.page.replace_after(self.settled, drafts);
        self.settle(&parsed);
    }

    /// Lets what is certainly finished leave the tail: all blocks before the last one whose first line is whole, and
    /// of a long list or table the items or rows before the last such.
    fn settle(&mut self, parsed: &Parsed) {
        let lines_end = self.text[self.tail..].rfind('\n').unwrap_or(0);
        let Some(block) = parsed.blocks.iter().rposition(|block| block.start < lines_end) else { return };
        let (origin, base) = (self.tail, self.settled);
        let is_last = block + 1 == parsed.blocks.len();
        let block = parsed.blocks[block];
        if block.node > 0 {
            self.settle_up_to(origin + block.start, base + block.node as NodeId, parsed, origin);
            (self.continued, self.table_head) = (Continued::Nothing, String::new());
        }
        // Once parts of it are settled, each further one can be as well.
        let is_long = self.continued != Continued::Nothing || self.text.len() - self.tail > LONG_BLOCK;
        if is_last
            && is_long
            && let Some(part) = parsed.parts.iter().rfind(|part| part.start < lines_end)
            && part.node > parsed.parts[0].node
        {
            let (head, body) = (self.tail, line_start(&self.text, origin + parsed.parts[0].start));
            if matches!(parsed.last, Continued::Table { .. }) && self.table_head.is_empty() {
                self.table_head = self.text[head..body].to_owned();
            }
            self.continued = parsed.last;
            self.settle_up_to(origin + part.start, base + part.node as NodeId, parsed, origin);
        }
        self.enter_fence();
    }

    fn settle_up_to(&mut self, start: usize, node: NodeId, parsed: &Parsed, origin: usize) {
        self.tail = line_start(&self.text, start);
        self.settled = node;
        for (label, definition, end) in &parsed.definitions {
            if origin + end <= self.tail {
                self.definitions.entry(label.clone()).or_insert_with(|| definition.clone());
            }
        }
    }

    /// If the tail is just the line that opens a block of code, what comes is its lines.
    fn enter_fence(&mut self) {
        let Some(line) = self.text[self.tail..].strip_suffix('\n') else { return };
        if line.contains('\n') || self.page.last() != self.settled + 1 {
            return;
        }
        let block = self.page.last();
        let is_block = self.page.tree().parent(block) == Some(ROOT)
            && matches!(self.page.tree().get(block), Some(Node::CodeBlock { .. }));
        if let Some(opening) = Opening::read(line).filter(|_| is_block) {
            self.fence = Some(Fence::new(opening, block, self.text.len()));
            self.settled = block;
            self.in_words = false;
        }
    }
}

/// Loads what colours code, which the first block of code would otherwise wait for: some tens of milliseconds.
pub fn warm_up() {
    Grammar::load();
}

/// The patches that build the tree of a whole text, from nothing: one for each node.
pub fn render(text: &str) -> Vec<Patch> {
    render_marked(text, Vec::new())
}

/// The same of a text with marks.
pub fn render_marked(text: &str, marks: Vec<Mark>) -> Vec<Patch> {
    let mut stream = Stream::new();
    stream.text = stream.newlines.normal(text);
    stream.marks.set(marks);
    stream.marks.locate(&stream.text, stream.newlines.dropped());
    stream.finish()
}

/// Whether a character after a letter in a line of text changes nothing but the text.
fn is_plain(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, ',' | '.' | '?' | '\'' | '"' | ':' | '(' | ')' | '/' | '-')
}

/// Where the word begins that `at` is in.
fn word_start(text: &str, at: usize) -> usize {
    text[..at].rfind([' ', '\n', '\t']).map_or(0, |space| space + 1)
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |line_break| line_break + 1)
}

/// Definitions for the footnotes that a text mentions and that come later, as they nearly always do. The parser takes
/// a mark without a definition for plain text.
fn missing_footnotes(text: &str) -> String {
    let mut labels: Vec<&str> = Vec::new();
    for (at, _) in text.match_indices("[^").take(MOST_FOOTNOTES) {
        let rest = &text[at + 2..];
        let label = &rest[..rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len())];
        let is_mark = rest[label.len()..].starts_with(']') && !label.is_empty();
        if is_mark && !labels.contains(&label) && !text.contains(&format!("[^{label}]:")) {
            labels.push(label);
        }
    }
    if labels.is_empty() {
        return String::new();
    }
    // The rule ends the last definition, whatever the text begins with.
    labels.iter().map(|label| format!("[^{label}]: .\n\n")).chain(["***\n".to_owned()]).collect()
}

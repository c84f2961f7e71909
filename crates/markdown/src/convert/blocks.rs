//! Blocks: what opens and closes them, and where they begin.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Tag, TagEnd};

use super::{Builder, Continued, DEEPEST, Draft, Frame, Kind, Leaf, Part};
use crate::patch::{Alignment, Node};

impl Builder<'_> {
    pub(super) fn start(&mut self, tag: Tag<'_>, range: Range<usize>) {
        let of_prefix = range.start < self.origin;
        if of_prefix && !self.goes_on_with_table(&tag) {
            self.dropped = 1;
            return;
        }
        match tag {
            Tag::Paragraph => self.open_leaf(Node::Paragraph, &range, Leaf::Paragraph),
            Tag::Heading { level, .. } => self.open_leaf(Node::Heading { level: level as u8 }, &range, Leaf::Line),
            Tag::HtmlBlock => self.open_block(Kind::Html, Node::Paragraph, &range),
            Tag::CodeBlock(kind) => self.open_block(Kind::Code, Node::CodeBlock { language: language(&kind) }, &range),
            Tag::BlockQuote(_) => self.open_capped(Kind::Block, Node::Quote, &range),
            Tag::FootnoteDefinition(label) => {
                self.open_capped(Kind::Block, Node::Footnote { label: label.to_string() }, &range);
            }
            Tag::List(start) => self.open_list(start, &range),
            Tag::Item => self.open_item(&range),
            Tag::Table(alignments) => self.open_table(&alignments, &range),
            Tag::TableHead => self.open_row(true, &range),
            Tag::TableRow => self.open_row(false, &range),
            // One that the parser adds to fill the row up. The text of the cell before it may go on.
            Tag::TableCell if range.is_empty() => self.open_filler(),
            Tag::TableCell => self.open_leaf(Node::TableCell, &range, Leaf::Line),
            Tag::Emphasis => self.open_inline(Node::Emphasis),
            Tag::Strong => self.open_inline(Node::Strong),
            Tag::Strikethrough => self.open_inline(Node::Strikethrough),
            Tag::Link { link_type, dest_url, title, .. } => self.open_link(link_type, &dest_url, &title),
            Tag::Image { dest_url, title, .. } => {
                self.open_image(&dest_url, &title);
                self.add_spot_after(&range);
            }
            _ => self.open(Kind::Block, None),
        }
    }

    fn goes_on_with_table(&self, tag: &Tag<'_>) -> bool {
        self.stack.is_empty()
            && matches!(tag, Tag::Table(_))
            && matches!(self.request.continued, Continued::Table { .. })
            // Footnotes that stand in the prefix hold no tables.
            && self.out.blocks.is_empty()
    }

    pub(super) fn finish(&mut self, tag: TagEnd, range: Range<usize>) {
        if tag == TagEnd::Item {
            self.leave_implied();
        }
        let Some(frame) = self.stack.pop() else { return };
        match frame.kind {
            Kind::Code => {
                self.flush_code(&frame, &range);
                self.add_spot_after(&range);
            }
            Kind::Html => self.trim_html(),
            Kind::Row => self.trim_row(),
            Kind::Half => {
                self.apart = true;
                self.text_end = range.end;
            }
            Kind::Inline => {
                self.text_end = range.end;
                self.in_link &= tag != TagEnd::Link;
                self.add_spot_after(&range);
            }
            _ => {}
        }
    }

    /// Notes where a block at the top level begins, and how the text in a block ends.
    pub(super) fn begin_block(&mut self, range: &Range<usize>, leaf: Leaf) {
        self.leave_implied();
        if self.stack.is_empty() {
            let start = range.start.saturating_sub(self.origin);
            self.out.blocks.push(Part { start, node: self.out.nodes.len() });
            self.out.parts.clear();
            self.out.last = Continued::Nothing;
        }
        self.out.literals.clear();
        self.begun = (self.begun.0 + 1, range.start.saturating_sub(self.origin));
        self.leaf = leaf;
        self.text_end = range.start;
    }

    fn open_block(&mut self, kind: Kind, node: Node, range: &Range<usize>) {
        self.begin_block(range, Leaf::None);
        self.code.clear();
        self.open(kind, Some(node));
    }

    fn open_capped(&mut self, kind: Kind, node: Node, range: &Range<usize>) {
        self.begin_block(range, Leaf::None);
        let fits = self.depth() < DEEPEST;
        self.open(kind, fits.then_some(node));
    }

    fn open_leaf(&mut self, node: Node, range: &Range<usize>, leaf: Leaf) {
        self.begin_block(range, leaf);
        if let ([_, Frame { kind: Kind::Item, .. }], Continued::List { loose, .. }) =
            (&self.stack[..], &mut self.out.last)
            && node == Node::Paragraph
        {
            *loose = true;
        }
        self.open(Kind::Leaf, Some(node));
    }

    fn open_list(&mut self, start: Option<u64>, range: &Range<usize>) {
        self.begin_block(range, Leaf::None);
        let is_top = self.stack.is_empty();
        match self.request.continued {
            Continued::List { id, loose } if is_top && self.out.blocks.len() == 1 => {
                self.out.last = Continued::List { id, loose };
                self.stack.push(Frame { kind: Kind::List, id, depth: 1, real: true });
            }
            _ => {
                let fits = self.depth() < DEEPEST;
                self.open(Kind::List, fits.then_some(Node::List { start }));
                if is_top {
                    self.out.last = Continued::List { id: self.parent(), loose: false };
                }
            }
        }
    }

    fn open_item(&mut self, range: &Range<usize>) {
        self.begin_block(range, Leaf::Paragraph);
        if self.stack.len() == 1 {
            self.out.parts.push(Part { start: range.start - self.origin, node: self.out.nodes.len() });
        }
        let in_list = self.stack.last().is_some_and(|frame| frame.kind == Kind::List && frame.real);
        self.open(Kind::Item, in_list.then_some(Node::ListItem { checked: None }));
    }

    fn open_table(&mut self, alignments: &[pulldown_cmark::Alignment], range: &Range<usize>) {
        self.begin_block(range, Leaf::None);
        let is_top = self.stack.is_empty();
        match self.request.continued {
            Continued::Table { id } if range.start < self.origin => {
                self.stack.push(Frame { kind: Kind::Table, id, depth: 1, real: true });
            }
            _ => self.open(Kind::Table, Some(Node::Table { alignments: alignments.iter().map(alignment).collect() })),
        }
        if is_top {
            self.out.last = Continued::Table { id: self.parent() };
        }
    }

    fn open_row(&mut self, head: bool, range: &Range<usize>) {
        self.begin_block(range, Leaf::None);
        if self.stack.len() == 1 && !head {
            self.out.parts.push(Part { start: range.start - self.origin, node: self.out.nodes.len() });
        }
        self.open(Kind::Row, Some(Node::TableRow { head }));
    }

    fn open_filler(&mut self) {
        self.open(Kind::Leaf, Some(Node::TableCell));
        if let Some(cell) = self.out.nodes.last_mut() {
            cell.ended = false;
        }
    }

    pub(super) fn leave_implied(&mut self) {
        self.stack.pop_if(|frame| frame.kind == Kind::Implied);
    }

    fn flush_code(&mut self, frame: &Frame, range: &Range<usize>) {
        let code = std::mem::take(&mut self.code);
        let is_cut_short = self.request.more && range.end >= self.text.trim_end_matches('\n').len();
        let mut lines = code.split_inclusive('\n').peekable();
        while let Some(line) = lines.next() {
            let text = line.strip_suffix('\n');
            let ended = text.is_some() || !is_cut_short || lines.peek().is_some();
            let node = Node::CodeLine { text: text.unwrap_or(line).to_owned(), spans: Vec::new() };
            self.out.nodes.push(Draft { parent: frame.id, node, ended });
        }
    }

    fn trim_html(&mut self) {
        if let Some(Draft { node: Node::Text { text }, .. }) = self.out.nodes.last_mut() {
            text.truncate(text.trim_end_matches('\n').len());
        }
    }

    /// The cells that fill a row up are left out: in a row that is being written others are yet to come, and short rows
    /// below a wide head would be far more cells than text.
    fn trim_row(&mut self) {
        while self.out.nodes.pop_if(|last| last.node == Node::TableCell && !last.ended).is_some() {}
    }
}

fn language(kind: &CodeBlockKind<'_>) -> Option<String> {
    match kind {
        CodeBlockKind::Indented => None,
        CodeBlockKind::Fenced(info) => info.split_whitespace().next().map(str::to_owned),
    }
}

fn alignment(alignment: &pulldown_cmark::Alignment) -> Alignment {
    match alignment {
        pulldown_cmark::Alignment::None => Alignment::None,
        pulldown_cmark::Alignment::Left => Alignment::Left,
        pulldown_cmark::Alignment::Center => Alignment::Center,
        pulldown_cmark::Alignment::Right => Alignment::Right,
    }
}

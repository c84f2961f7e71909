//! What stands in a line of text.

use std::ops::Range;

use pulldown_cmark::{Event, LinkType};

use super::{Builder, Continued, DEEPEST, Draft, Frame, Kind};
use crate::{complete::HALF_LINK, patch::Node};

impl Builder<'_> {
    pub(super) fn in_image(&mut self, event: &Event<'_>) {
        match event {
            Event::Start(_) => self.images += 1,
            Event::End(_) => self.images -= 1,
            Event::Text(text) | Event::Code(text) | Event::InlineHtml(text) | Event::InlineMath(text) => {
                if let Some(Draft { node: Node::Image { alt, .. }, .. }) = self.out.nodes.last_mut() {
                    alt.push_str(text);
                }
            }
            Event::SoftBreak | Event::HardBreak => {
                if let Some(Draft { node: Node::Image { alt, .. }, .. }) = self.out.nodes.last_mut() {
                    alt.push(' ');
                }
            }
            _ => {}
        }
    }

    pub(super) fn inline(&mut self, event: Event<'_>, range: Range<usize>) {
        self.imply_paragraph();
        self.text_end = range.end;
        match event {
            Event::InlineMath(_) if self.is_money(&range) => {
                let raw = &self.text[range.clone()];
                return self.add_placed(raw, &range);
            }
            Event::InlineHtml(text) => return self.add_placed(&text, &range),
            Event::SoftBreak => return self.add_text("\n"),
            Event::Code(code) => self.add(Node::Code { text: code.to_string() }),
            Event::InlineMath(tex) => self.add(Node::Math { tex: tex.to_string(), display: false }),
            Event::DisplayMath(tex) => self.add(Node::Math { tex: tex.to_string(), display: true }),
            Event::FootnoteReference(label) => self.add(Node::FootnoteMark { label: label.to_string() }),
            Event::HardBreak => self.add(Node::Break),
            _ => return,
        }
        self.add_spot_after(&range);
    }

    /// `$5-$10` is no formula: a dollar sign before a digit closes none.
    fn is_money(&self, range: &Range<usize>) -> bool {
        self.text.as_bytes().get(range.end).is_some_and(u8::is_ascii_digit)
    }

    pub(super) fn literal(&mut self, text: &str, source: Range<usize>) {
        self.imply_paragraph();
        self.text_end = source.end;
        let is_outermost = self.stack.last().is_none_or(|frame| frame.kind != Kind::Inline);
        // What differs from its source is an entity.
        if is_outermost && text.len() == source.len() && source.start >= self.origin {
            let range = source.start - self.origin..source.end - self.origin;
            match self.out.literals.last_mut() {
                Some(last) if last.end == range.start => last.end = range.end,
                _ => self.out.literals.push(range),
            }
        }
        self.add_placed(text, &source);
    }

    pub(super) fn task(&mut self, checked: bool) {
        let Some(item) = self.stack.iter().rev().find(|frame| frame.kind == Kind::Item && frame.real) else {
            return;
        };
        let place = (item.id - self.request.base) as usize - 1;
        if let Some(Draft { node: Node::ListItem { checked: state }, .. }) = self.out.nodes.get_mut(place) {
            *state = Some(checked);
        }
    }

    pub(super) fn open_inline(&mut self, node: Node) {
        self.imply_paragraph();
        let fits = self.depth() < DEEPEST;
        self.open(Kind::Inline, fits.then_some(node));
    }

    pub(super) fn open_link(&mut self, link_type: LinkType, address: &str, title: &str) {
        if self.request.more && address == HALF_LINK {
            self.imply_paragraph();
            self.apart = true;
            return self.open(Kind::Half, None);
        }
        let scheme = if link_type == LinkType::Email { "mailto:" } else { "" };
        self.in_link = true;
        self.open_inline(Node::Link { href: format!("{scheme}{address}"), title: given(title) });
    }

    pub(super) fn open_image(&mut self, address: &str, title: &str) {
        self.imply_paragraph();
        self.add(Node::Image { href: address.to_owned(), alt: String::new(), title: given(title) });
        self.images = 1;
    }

    pub(super) fn imply_paragraph(&mut self) {
        let is_loose =
            matches!(self.request.continued, Continued::List { loose: true, .. }) && self.out.blocks.len() == 1;
        if let [_, Frame { kind: Kind::Item, .. }] = &self.stack[..]
            && is_loose
        {
            self.open(Kind::Implied, Some(Node::Paragraph));
        }
    }
}

fn given(title: &str) -> Option<String> {
    (!title.is_empty()).then(|| title.to_owned())
}

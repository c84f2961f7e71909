//! The words of a block, with their styles, before they are put into lines.

use std::ops::Range;

use anstyle::{AnsiColor, Style};
use markdown::{Node, NodeId, Tree};

use super::Look;
use crate::neutral;

/// The words of the nodes from `first` up to `end`, in one string for each line that the author asked for.
///
/// It does not call itself, however deep the nodes are nested.
pub fn lines(tree: &Tree, first: NodeId, end: NodeId, base: Style, look: Look) -> Vec<String> {
    let mut words = Words { look, lines: vec![String::new()], around: Vec::new(), base };
    for id in first..end {
        let (Some(node), Some(parent)) = (tree.get(id), tree.parent(id)) else { break };
        words.close_all_but(parent);
        words.put_node(tree, id..end, node);
    }
    words.close_all_but(0);
    words.lines
}

struct Words {
    look: Look,
    lines: Vec<String>,
    around: Vec<Around>,
    base: Style,
}

/// A node that is not closed yet.
struct Around {
    id: NodeId,
    style: Style,
    /// What is written when it closes.
    closing: String,
}

impl Words {
    fn put_node(&mut self, tree: &Tree, rest: Range<NodeId>, node: &Node) {
        let id = rest.start;
        let style = self.style();
        match node {
            Node::Text { text } => self.put(style, text),
            Node::Code { text } => self.put_code("`", text),
            Node::Math { tex, .. } => self.put_code("$", tex),
            Node::CodeLine { text, .. } => self.put_code("`", text),
            Node::Image { href, alt, .. } => {
                self.put(style, &format!("[{alt}] "));
                self.put(super::faint(), &format!("({href})"));
            }
            Node::FootnoteMark { label } => self.put(super::faint(), &format!("[^{label}]")),
            // The terminal asks for none.
            Node::Mark { .. } => {}
            Node::Break => self.lines.push(String::new()),
            Node::Emphasis => self.open(id, style.italic(), "*"),
            Node::Strong => self.open(id, style.bold(), "**"),
            Node::Strikethrough => self.open(id, style.strikethrough(), "~~"),
            Node::Link { href, .. } => {
                let closing = self.address(href, &text_of(tree, rest));
                self.around.push(Around { id, style: style.underline(), closing });
            }
            // A block, drawn as words because it is nested too deep.
            _ => {
                self.put(style, " ");
                self.around.push(Around { id, style, closing: String::new() });
            }
        }
    }

    /// What follows the text of a link: where it leads, unless the text says that already.
    fn address(&self, href: &str, text: &str) -> String {
        let href = neutral::line(href);
        let shown = neutral::line(text);
        if href.is_empty() || href == shown || href.strip_prefix("mailto:") == Some(&shown) {
            return String::new();
        }
        format!(" {}", self.look.paint(super::faint(), &format!("({href})")))
    }

    fn open(&mut self, id: NodeId, style: Style, mark: &str) {
        let mark = if self.look.colours { "" } else { mark };
        self.line().push_str(mark);
        self.around.push(Around { id, style, closing: mark.to_owned() });
    }

    fn put_code(&mut self, mark: &str, text: &str) {
        if self.look.colours {
            self.put(self.style().fg_color(Some(AnsiColor::Cyan.into())), text);
        } else {
            self.put(Style::new(), &[mark, text, mark].concat());
        }
    }

    /// Adds text. Each word is styled by itself, so that a line can be broken between any two.
    fn put(&mut self, style: Style, text: &str) {
        let look = self.look;
        let text = neutral::text(text).replace(['\n', '\t'], " ");
        let line = self.line();
        for (index, word) in text.split(' ').enumerate() {
            if index > 0 {
                line.push(' ');
            }
            line.push_str(&look.paint(style, word));
        }
    }

    fn close_all_but(&mut self, parent: NodeId) {
        while let Some(top) = self.around.pop_if(|top| top.id != parent) {
            self.line().push_str(&top.closing);
        }
    }

    fn style(&self) -> Style {
        self.around.last().map_or(self.base, |around| around.style)
    }

    fn line(&mut self) -> &mut String {
        if self.lines.is_empty() {
            self.lines.push(String::new());
        }
        let last = self.lines.len() - 1;
        &mut self.lines[last]
    }
}

/// The words in the subtree that begins a range.
fn text_of(tree: &Tree, rest: Range<NodeId>) -> String {
    let top = rest.start;
    let inside = (top + 1..rest.end).take_while(|&id| tree.parent(id).is_some_and(|parent| parent >= top));
    inside
        .filter_map(|id| match tree.get(id)? {
            Node::Text { text } | Node::Code { text } => Some(text.as_str()),
            _ => None,
        })
        .collect()
}

//! Markdown drawn for a terminal: the nodes of a text as lines of characters. Pure; what a server sent is made
//! harmless where it is put into a line.
//!
//! With colours, marks become styles. Without them the marks of Markdown stay, so that nothing of the meaning is lost.

mod inline;
mod table;

use anstyle::{AnsiColor, Style};
use markdown::{Node, NodeId, Span, Token, Tree};
use textwrap::{Options, WordSeparator, WordSplitter, WrapAlgorithm};

use crate::neutral;

/// Blocks nested deeper than this are drawn as plain words: a line has only so much room.
const DEEPEST: usize = 16;

/// The least width that text is wrapped to, however far it is indented.
const NARROWEST: usize = 20;

/// What stands before each line of code.
const CODE_INDENT: &str = "    ";

/// How to draw.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// Characters in a line.
    pub width: usize,
    /// Whether colours and styles are wanted.
    pub colours: bool,
}

impl Look {
    fn narrower(self, by: usize) -> Self {
        Self { width: self.width.saturating_sub(by).max(NARROWEST), ..self }
    }

    /// The words in a style, if styles are wanted.
    pub fn paint(self, style: Style, words: &str) -> String {
        if self.colours && style != Style::new() && !words.is_empty() {
            format!("{style}{words}{style:#}")
        } else {
            words.to_owned()
        }
    }
}

/// Colour of what matters less than the text.
pub fn faint() -> Style {
    Style::new().dimmed()
}

/// A block of the text, as lines.
pub fn block(tree: &Tree, id: NodeId, look: Look) -> Vec<String> {
    block_at(tree, id, look, 0)
}

/// A line of code.
pub fn code_line(text: &str, spans: &[Span], look: Look) -> String {
    let mut line = CODE_INDENT.to_owned();
    if spans.is_empty() || !look.colours {
        line.push_str(&neutral::text(text));
    } else {
        for span in spans {
            let style = span.token.map_or_else(Style::new, colour);
            line.push_str(&look.paint(style, &neutral::text(&span.text)));
        }
    }
    line
}

/// An item of a list, which is the one at `index`, counted from 0.
pub fn item(tree: &Tree, list: NodeId, index: usize, id: NodeId, look: Look) -> Vec<String> {
    item_at(tree, list, index, id, look, 0)
}

/// Whether the items of a list stand apart: those of a loose list hold paragraphs.
pub fn is_loose(tree: &Tree, list: NodeId) -> bool {
    tree.children(list).any(|(item, _)| tree.children(item).any(|(_, node)| matches!(node, Node::Paragraph)))
}

fn block_at(tree: &Tree, id: NodeId, look: Look, depth: usize) -> Vec<String> {
    let Some(node) = tree.get(id) else { return Vec::new() };
    if depth > DEEPEST {
        return wrapped(inline::lines(tree, id, end(tree, id), Style::new(), look), look);
    }
    match node {
        Node::Heading { level } => heading(tree, id, *level, look),
        Node::Quote => prefixed(&look.paint(faint(), "│ "), "", children(tree, id, look.narrower(2), depth)),
        Node::List { .. } => list(tree, id, look, depth),
        Node::CodeBlock { .. } => tree
            .children(id)
            .filter_map(|(_, line)| match line {
                Node::CodeLine { text, spans } => Some(code_line(text, spans, look)),
                _ => None,
            })
            .collect(),
        Node::CodeLine { text, spans } => vec![code_line(text, spans, look)],
        Node::Rule => vec![look.paint(faint(), &"─".repeat(look.width.min(40)))],
        Node::Table { alignments } => table::lines(tree, id, alignments, look),
        Node::Footnote { label } => {
            let mark = format!("[^{}]: ", neutral::line(label));
            prefixed("  ", &mark, children(tree, id, look.narrower(4), depth))
        }
        _ => children(tree, id, look, depth),
    }
}

/// The lines of everything in a block: blocks one after another, and the words between them as paragraphs.
fn children(tree: &Tree, parent: NodeId, look: Look, depth: usize) -> Vec<String> {
    let tight = matches!(tree.get(parent), Some(Node::ListItem { .. }))
        && !tree.children(parent).any(|(_, node)| matches!(node, Node::Paragraph));
    let mut lines = Vec::new();
    let mut kids = tree.children(parent).peekable();
    while let Some((id, node)) = kids.next() {
        let more = if is_block(node) {
            block_at(tree, id, look, depth + 1)
        } else {
            let mut last = id;
            while let Some((next, _)) = kids.next_if(|(_, node)| !is_block(node)) {
                last = next;
            }
            wrapped(inline::lines(tree, id, end(tree, last), Style::new(), look), look)
        };
        if !lines.is_empty() && !tight && !more.is_empty() {
            lines.push(String::new());
        }
        lines.extend(more);
    }
    lines
}

fn heading(tree: &Tree, id: NodeId, level: u8, look: Look) -> Vec<String> {
    let words = inline::lines(tree, id + 1, end(tree, id), Style::new().bold(), look);
    if look.colours {
        return wrapped(words, look);
    }
    let marks = "#".repeat(level.into()) + " ";
    prefixed(" ".repeat(marks.len()).as_str(), &marks, wrapped(words, look.narrower(marks.len())))
}

fn list(tree: &Tree, id: NodeId, look: Look, depth: usize) -> Vec<String> {
    let loose = is_loose(tree, id);
    let mut lines = Vec::new();
    for (index, (item, _)) in tree.children(id).enumerate() {
        if loose && index > 0 {
            lines.push(String::new());
        }
        lines.extend(item_at(tree, id, index, item, look, depth));
    }
    lines
}

fn item_at(tree: &Tree, list: NodeId, index: usize, id: NodeId, look: Look, depth: usize) -> Vec<String> {
    let mut mark = match tree.get(list) {
        Some(Node::List { start: Some(start) }) => format!("{}. ", start.saturating_add(index as u64)),
        _ => "• ".to_owned(),
    };
    let indent = " ".repeat(mark.chars().count());
    match tree.get(id) {
        Some(Node::ListItem { checked: Some(true) }) => mark.push_str("[x] "),
        Some(Node::ListItem { checked: Some(false) }) => mark.push_str("[ ] "),
        _ => {}
    }
    prefixed(&indent, &mark, children(tree, id, look.narrower(mark.chars().count()), depth))
}

/// Lines behind something: `first` before the first, if it is not empty, and `rest` before the others.
fn prefixed(rest: &str, first: &str, mut lines: Vec<String>) -> Vec<String> {
    if lines.is_empty() {
        lines.push(String::new());
    }
    let put = |(index, line): (usize, String)| {
        let prefix = if index == 0 && !first.is_empty() { first } else { rest };
        format!("{prefix}{line}").trim_end().to_owned()
    };
    lines.into_iter().enumerate().map(put).collect()
}

fn wrapped(lines: Vec<String>, look: Look) -> Vec<String> {
    let wrap = |line: &String| wrap(line, look.width, false);
    lines.iter().flat_map(wrap).collect()
}

/// Text in lines of a width. Words that are too long stay whole, unless they have to be broken.
fn wrap(text: &str, width: usize, break_words: bool) -> Vec<String> {
    let options = Options::new(width.max(1))
        .break_words(break_words)
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation)
        .wrap_algorithm(WrapAlgorithm::FirstFit);
    textwrap::wrap(text, options).into_iter().map(std::borrow::Cow::into_owned).collect()
}

/// The first node that is not in the subtree of `id`.
fn end(tree: &Tree, id: NodeId) -> NodeId {
    let mut next = id + 1;
    while tree.parent(next).is_some_and(|parent| parent >= id) {
        next += 1;
    }
    next
}

fn is_block(node: &Node) -> bool {
    matches!(
        node,
        Node::Paragraph
            | Node::Heading { .. }
            | Node::Quote
            | Node::List { .. }
            | Node::ListItem { .. }
            | Node::CodeBlock { .. }
            | Node::CodeLine { .. }
            | Node::Rule
            | Node::Table { .. }
            | Node::TableRow { .. }
            | Node::TableCell
            | Node::Footnote { .. }
    )
}

/// The colours of code, from the sixteen that every terminal has and its owner has chosen.
fn colour(token: Token) -> Style {
    let color = match token {
        Token::Comment => AnsiColor::BrightBlack,
        Token::String | Token::Inserted => AnsiColor::Green,
        Token::Constant => AnsiColor::Magenta,
        Token::Keyword => AnsiColor::Blue,
        Token::Function => AnsiColor::Cyan,
        Token::Type | Token::Attribute => AnsiColor::Yellow,
        Token::Tag | Token::Deleted => AnsiColor::Red,
    };
    color.on_default()
}

#[cfg(test)]
mod tests;

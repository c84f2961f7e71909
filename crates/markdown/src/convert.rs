//! The parser's events become a list of nodes in document order.

mod blocks;
mod inline;

use std::{collections::HashMap, ops::Range};

use pulldown_cmark::{BrokenLink, CowStr, Event, Options, Parser};

use crate::{
    autolink,
    marks::{self, Mark, Place, Spot},
    patch::{Node, NodeId, ROOT},
};

/// Quotes, lists and inline markup inside this many others are left out and their text stands in what is around them:
/// drawers may recurse.
const DEEPEST: usize = 48;

/// Link reference definitions of text that is already settled: normal label → address and title.
pub(crate) type Definitions = HashMap<String, (String, String)>;

/// What to parse, and where it stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Request<'a> {
    /// Text to be read before the source for its effect only.
    pub(crate) prefix: &'a str,
    /// The text.
    pub(crate) source: &'a str,
    /// The id of the last node before the text.
    pub(crate) base: NodeId,
    /// What the first block of the source goes on with.
    pub(crate) continued: Continued,
    /// Definitions from elsewhere.
    pub(crate) definitions: &'a Definitions,
    /// Whether more text may come.
    pub(crate) more: bool,
    /// What stands at places of the source, in bytes, in their order.
    pub(crate) marks: &'a [(usize, &'a Mark)],
}

/// A block that was begun before the text to be parsed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Continued {
    /// None: the text begins a block.
    #[default]
    Nothing,
    /// A list, of which the text begins another item.
    List {
        /// Its node.
        id: NodeId,
        /// Whether its items hold paragraphs.
        loose: bool,
    },
    /// A table, of which the text begins another row.
    Table {
        /// Its node.
        id: NodeId,
    },
}

/// A node to be.
#[derive(Debug)]
pub(crate) struct Draft {
    pub(crate) parent: NodeId,
    pub(crate) node: Node,
    /// For a line of code: it has ended. For a cell: its row has a place for it.
    pub(crate) ended: bool,
}

/// Where a part of the text begins: its place in the source and its place among the nodes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Part {
    pub(crate) start: usize,
    pub(crate) node: usize,
}

/// What a text parses to.
#[derive(Debug, Default)]
pub(crate) struct Parsed {
    /// The nodes in document order.
    pub(crate) nodes: Vec<Draft>,
    /// The blocks at the top level.
    pub(crate) blocks: Vec<Part>,
    /// The last block at the top level, if it has parts: as what further parts of it would be parsed.
    pub(crate) last: Continued,
    /// The items or body rows of that block.
    pub(crate) parts: Vec<Part>,
    /// Where the source has plain text, outside of all inline markup, in the leaf block that is still open.
    pub(crate) literals: Vec<Range<usize>>,
    /// The last thing is a run of plain text that ends with the source.
    pub(crate) ends_in_text: bool,
    /// Link reference definitions in the source: label, address and title, end.
    pub(crate) definitions: Vec<(String, (String, String), usize)>,
    /// Where marks can stand; noted only where there are any.
    pub(crate) spots: Vec<Spot>,
}

/// A label as it is compared.
pub(crate) fn normal_label(label: &str) -> String {
    label.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Parses a text.
pub(crate) fn parse(request: &Request<'_>) -> Parsed {
    let joined;
    let text = if request.prefix.is_empty() {
        request.source
    } else {
        joined = [request.prefix, request.source].concat();
        &joined
    };
    let lookup = |link: BrokenLink<'_>| {
        let (address, title) = request.definitions.get(&normal_label(&link.reference))?;
        Some((CowStr::from(address.clone()), CowStr::from(title.clone())))
    };
    let parser = Parser::new_with_broken_link_callback(text, options(), Some(lookup));
    let mut builder = Builder::new(request, text);
    builder.define(&parser);
    for (event, range) in parser.into_offset_iter() {
        builder.event(event, range);
    }
    builder.end()
}

fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_MATH
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A block that holds blocks.
    Block,
    List,
    Item,
    /// The paragraph that the parser leaves out in an item which is parsed without the rest of its loose list.
    Implied,
    /// A block that holds text.
    Leaf,
    Html,
    Code,
    Table,
    Row,
    Inline,
    /// Inline markup that is not shown, but whose text is kept apart from the text around it.
    Half,
}

#[derive(Debug, Clone, Copy)]
struct Frame {
    kind: Kind,
    /// The node that takes the children: its own or the nearest around it.
    id: NodeId,
    depth: usize,
    /// It has a node of its own.
    real: bool,
}

/// How the text of a leaf block ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Leaf {
    None,
    /// With its line.
    Line,
    /// With an empty line.
    Paragraph,
}

struct Builder<'a> {
    request: &'a Request<'a>,
    text: &'a str,
    origin: usize,
    out: Parsed,
    stack: Vec<Frame>,
    /// How deep we are in something that belongs to the prefix.
    dropped: usize,
    /// How deep we are in an image, whose text is its alternative text.
    images: usize,
    code: String,
    leaf: Leaf,
    text_end: usize,
    /// The next text begins a node.
    apart: bool,
    in_link: bool,
    /// The number of the last block that was begun, and where that is in the source.
    begun: (usize, usize),
}

impl<'a> Builder<'a> {
    fn new(request: &'a Request<'a>, text: &'a str) -> Self {
        Self {
            request,
            text,
            origin: request.prefix.len(),
            out: Parsed::default(),
            stack: Vec::new(),
            dropped: 0,
            images: 0,
            code: String::new(),
            leaf: Leaf::None,
            text_end: 0,
            apart: false,
            in_link: false,
            begun: (0, 0),
        }
    }

    fn define<'i, F: pulldown_cmark::BrokenLinkCallback<'i>>(&mut self, parser: &Parser<'i, F>) {
        for (label, definition) in parser.reference_definitions().iter() {
            let title = definition.title.as_ref().map(ToString::to_string).unwrap_or_default();
            let end = definition.span.end.saturating_sub(self.origin);
            self.out.definitions.push((normal_label(label), (definition.dest.to_string(), title), end));
        }
    }

    fn end(mut self) -> Parsed {
        let rest = self.text.get(self.text_end..).unwrap_or_default();
        let breaks = rest.bytes().filter(|byte| *byte == b'\n').count();
        let is_open = match self.leaf {
            Leaf::None => false,
            Leaf::Line => breaks == 0,
            Leaf::Paragraph => breaks <= 1,
        };
        if !is_open || !rest.trim().is_empty() {
            self.out.literals.clear();
        }
        let source_len = self.text.len() - self.origin;
        self.out.ends_in_text = self.leaf != Leaf::None
            && self.out.literals.last().is_some_and(|range| range.end == source_len)
            && matches!(self.out.nodes.last(), Some(Draft { node: Node::Text { .. }, .. }));
        marks::put(&mut self.out, self.request.base, self.request.marks);
        autolink::link(&mut self.out, self.request.base);
        self.out
    }

    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        if self.dropped > 0 {
            match event {
                Event::Start(_) => self.dropped += 1,
                Event::End(_) => self.dropped -= 1,
                _ => {}
            }
            return;
        }
        if self.images > 0 {
            return self.in_image(&event);
        }
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(tag) => self.finish(tag, range),
            Event::Rule if range.start < self.origin => {}
            Event::Rule => {
                self.begin_block(&range, Leaf::None);
                self.add(Node::Rule);
            }
            Event::Text(text) => match self.stack.last().map(|frame| frame.kind) {
                Some(Kind::Code) => self.code.push_str(&text),
                Some(Kind::Html) => self.add_placed(&text, &range),
                _ => self.literal(&text, range),
            },
            Event::Html(text) => self.add_placed(&text, &range),
            Event::TaskListMarker(checked) => self.task(checked),
            inline => self.inline(inline, range),
        }
    }

    fn parent(&self) -> NodeId {
        self.stack.last().map_or(ROOT, |frame| frame.id)
    }

    fn depth(&self) -> usize {
        self.stack.last().map_or(0, |frame| frame.depth)
    }

    fn open(&mut self, kind: Kind, node: Option<Node>) {
        let (mut id, mut depth, real) = (self.parent(), self.depth(), node.is_some());
        if let Some(node) = node {
            self.add(node);
            id = self.request.base + self.out.nodes.len() as NodeId;
            depth += 1;
        }
        self.stack.push(Frame { kind, id, depth, real });
    }

    fn add(&mut self, node: Node) {
        self.out.nodes.push(Draft { parent: self.parent(), node, ended: true });
    }

    fn add_text(&mut self, more: &str) {
        let parent = self.parent();
        let apart = std::mem::take(&mut self.apart);
        match self.out.nodes.last_mut() {
            Some(Draft { parent: last, node: Node::Text { text }, .. }) if *last == parent && !apart => {
                text.push_str(more)
            }
            _ => self.add(Node::Text { text: more.to_owned() }),
        }
    }

    /// Adds text from a place in the source, at which marks can stand.
    fn add_placed(&mut self, text: &str, range: &Range<usize>) {
        self.add_text(text);
        if let Some(Draft { node: Node::Text { text: whole }, .. }) = self.out.nodes.last() {
            let at = whole.len() - text.len();
            self.note_spot(range, Place::Text { node: self.out.nodes.len() - 1, at, length: text.len() });
        }
    }

    /// Marks of what was just added or closed stand after it.
    fn add_spot_after(&mut self, range: &Range<usize>) {
        let place = Place::After { node: self.out.nodes.len(), parent: self.parent() };
        self.note_spot(range, place);
    }

    fn note_spot(&mut self, range: &Range<usize>, place: Place) {
        if self.request.marks.is_empty() || self.in_link || range.start < self.origin {
            return;
        }
        // What closes ends with the source at which its last text ended, if that was only held to be closed.
        let start = self.out.spots.last().map_or(0, |last| last.source.end).max(range.start - self.origin);
        let end = (range.end - self.origin).max(start);
        self.out.spots.push(Spot { source: start..end, leaf: self.begun, place });
    }
}

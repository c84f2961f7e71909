//! What is sent to whoever draws the text: small changes to a tree of typed nodes.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The name of a node within one text. The root is 0 and is never opened; ids rise in document order, without gaps.
pub type NodeId = u32;

/// The root of every tree: it exists before the first patch.
pub const ROOT: NodeId = 0;

/// One change to the tree. Nodes are only ever added at the end and cut from the end, so whatever stands before a
/// cut is never touched again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum Patch {
    /// Add a node as the last child of a parent.
    Open {
        /// The new node: always one more than the last.
        id: NodeId,
        /// An open node, or the root.
        parent: NodeId,
        /// What it is.
        node: Node,
    },
    /// Add to the text of the last [`Node::Text`], [`Node::Code`] or [`Node::CodeLine`].
    Append {
        /// The node.
        id: NodeId,
        /// What to add.
        text: String,
    },
    /// Colour a finished [`Node::CodeLine`]: the spans' text together is the line's text.
    Paint {
        /// The line.
        id: NodeId,
        /// Its pieces.
        spans: Vec<Span>,
    },
    /// Remove the node `from` and every node after it.
    Cut {
        /// The first node to go.
        from: NodeId,
    },
}

/// A node of the tree. What is not named here does not exist: HTML in the text arrives as [`Node::Text`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Node {
    /// A paragraph. In a tight list the items hold their text without one.
    Paragraph,
    /// A heading.
    Heading {
        /// 1 to 6.
        level: u8,
    },
    /// A block quote.
    Quote,
    /// A list of [`Node::ListItem`]s.
    List {
        /// The first number of an ordered list; none for bullets.
        #[ts(type = "number | null")]
        start: Option<u64>,
    },
    /// An item of a list.
    ListItem {
        /// The state of a task's box, if it is a task.
        checked: Option<bool>,
    },
    /// A block of code, whose children are [`Node::CodeLine`]s.
    CodeBlock {
        /// The language as the author wrote it.
        language: Option<String>,
    },
    /// One line of code without its line break. Its text grows until the line ends; then it is painted.
    CodeLine {
        /// Its text so far.
        text: String,
        /// Its colours, when they are known.
        spans: Vec<Span>,
    },
    /// A thematic break.
    Rule,
    /// A table of [`Node::TableRow`]s; the first is the head.
    Table {
        /// One for each column.
        alignments: Vec<Alignment>,
    },
    /// A row of [`Node::TableCell`]s.
    TableRow {
        /// Whether it is the head.
        head: bool,
    },
    /// A cell; its column is its place in the row.
    TableCell,
    /// The text that a footnote's mark refers to.
    Footnote {
        /// The author's label.
        label: String,
    },
    /// A run of text.
    Text {
        /// The text.
        text: String,
    },
    /// Emphasis.
    Emphasis,
    /// Strong emphasis.
    Strong,
    /// Struck out.
    Strikethrough,
    /// Code in a line.
    Code {
        /// The code.
        text: String,
    },
    /// A link; its children are its text. Whether it may be opened is decided when it is opened.
    Link {
        /// Where it leads, as the author wrote it.
        href: String,
        /// The author's title.
        title: Option<String>,
    },
    /// An image, never loaded by itself.
    Image {
        /// Where it is.
        href: String,
        /// What it shows, in words.
        alt: String,
        /// The author's title.
        title: Option<String>,
    },
    /// A formula in TeX.
    Math {
        /// The formula.
        tex: String,
        /// Whether it stands by itself.
        display: bool,
    },
    /// A line break that the author asked for.
    Break,
    /// The mark of a footnote.
    FootnoteMark {
        /// The author's label.
        label: String,
    },
    /// A mark that was put at a character of the text (see [`crate::Mark`]).
    Mark {
        /// What it refers to, by number.
        sources: Vec<u32>,
        /// What it shows in place of the numbers.
        label: Option<String>,
    },
}

/// Where a column's text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Alignment {
    /// As the language reads.
    None,
    /// Left.
    Left,
    /// In the middle.
    Center,
    /// Right.
    Right,
}

/// A piece of a line of code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Span {
    /// Its text.
    pub text: String,
    /// What it is, if it differs from plain code.
    pub token: Option<Token>,
}

/// What a piece of code is; the drawer gives each a colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Token {
    /// A comment.
    Comment,
    /// A string or character.
    String,
    /// A number or another constant.
    Constant,
    /// A keyword or storage class.
    Keyword,
    /// The name of a function where it is defined or called.
    Function,
    /// The name of a type.
    Type,
    /// A tag of a markup language.
    Tag,
    /// An attribute or key.
    Attribute,
    /// An added line of a difference.
    Inserted,
    /// A removed line of a difference.
    Deleted,
}

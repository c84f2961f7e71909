//! The tree that patches build: for hosts that draw from Rust, for snapshots and for tests.

use crate::patch::{Node, NodeId, Patch, ROOT, Span};

/// The nodes of one text in document order. The root is not stored; the node `n` stands at the place `n - 1`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tree {
    nodes: Vec<Entry>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    parent: NodeId,
    node: Node,
}

/// A patch that does not fit the tree it was given to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Misfit {
    /// The id of an opened node is not the one after the last.
    #[error("node {0} is not the next one")]
    Id(NodeId),
    /// The parent of an opened node is not the last node or one around it, or it cannot have children.
    #[error("node {0} is not open, or takes no children")]
    Parent(NodeId),
    /// Text for a node that is not the last, or that holds no text, or that is painted.
    #[error("node {0} takes no more text")]
    Append(NodeId),
    /// Colours for a node that is no line of code, or whose text differs.
    #[error("node {0} is not a line of code with that text")]
    Paint(NodeId),
    /// A cut at a node that does not exist.
    #[error("node {0} cannot be cut, for it does not exist")]
    Cut(NodeId),
}

impl Tree {
    /// A tree with nothing but the root.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many nodes there are, the root not counted. It is also the id of the last node.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there is nothing but the root.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// Applies patches. One that does not fit is left out, as a drawer would have to; see [`Tree::try_apply`].
    pub fn apply(&mut self, patches: &[Patch]) {
        for patch in patches {
            let _unfit = self.try_apply(patch);
        }
    }

    /// Applies one patch, or says why it does not fit; the tree is then as before.
    pub fn try_apply(&mut self, patch: &Patch) -> Result<(), Misfit> {
        match patch {
            Patch::Open { id, parent, node } => self.open(*id, *parent, node.clone()),
            Patch::Append { id, text } => self.append(*id, text),
            Patch::Paint { id, spans } => self.paint(*id, spans.clone()),
            Patch::Cut { from } => self.cut(*from),
        }
    }

    /// The node with this id; none for the root and for what does not exist.
    pub fn get(&self, id: NodeId) -> Option<&Node> {
        self.entry(id).map(|entry| &entry.node)
    }

    /// The parent of a node; none for the root and for what does not exist.
    pub fn parent(&self, id: NodeId) -> Option<NodeId> {
        self.entry(id).map(|entry| entry.parent)
    }

    /// All nodes in document order, each with its id and its parent's.
    pub fn nodes(&self) -> impl Iterator<Item = (NodeId, NodeId, &Node)> {
        (1..).zip(&self.nodes).map(|(id, entry)| (id, entry.parent, &entry.node))
    }

    /// The children of a node (or of [`ROOT`]), in order.
    pub fn children(&self, id: NodeId) -> impl Iterator<Item = (NodeId, &Node)> {
        // Document order: the descendants of a node follow it, and the first node whose parent came before it ends them.
        self.nodes()
            .skip(id as usize)
            .take_while(move |(_, parent, _)| *parent >= id)
            .filter(move |(_, parent, _)| *parent == id)
            .map(|(child, _, node)| (child, node))
    }

    /// The patches that build this tree from nothing, one for each node.
    pub fn snapshot(&self) -> Vec<Patch> {
        self.nodes().map(|(id, parent, node)| Patch::Open { id, parent, node: node.clone() }).collect()
    }

    /// The words without the markup: blocks apart by an empty line, items, rows and lines of code by a line break,
    /// cells by a tab. Formulas stand as their TeX, images as their alternative text; marks are left out.
    pub fn plain_text(&self) -> String {
        let mut out = String::new();
        // Set by a row: its first cell is not preceded by a tab.
        let mut row_begins = false;
        for (_, parent, node) in self.nodes() {
            if matches!(node, Node::Mark { .. }) {
                continue;
            }
            let breaks = if parent == ROOT { 2 } else { usize::from(starts_line(node)) };
            if breaks > 0 && !out.is_empty() {
                let present = out.len() - out.trim_end_matches('\n').len();
                out.extend(std::iter::repeat_n('\n', breaks.saturating_sub(present)));
            }
            match node {
                Node::TableRow { .. } => row_begins = true,
                Node::TableCell if std::mem::take(&mut row_begins) => {}
                Node::TableCell => out.push('\t'),
                // An empty line of code is a line too.
                Node::CodeLine { text, .. } if text.is_empty() => out.push('\n'),
                Node::Text { text } | Node::Code { text } | Node::CodeLine { text, .. } => out.push_str(text),
                Node::Math { tex, .. } => out.push_str(tex),
                Node::Image { alt, .. } => out.push_str(alt),
                Node::FootnoteMark { label } => out.extend(["[", label, "]"]),
                Node::Break => out.push('\n'),
                _ => {}
            }
        }
        out
    }

    fn entry(&self, id: NodeId) -> Option<&Entry> {
        self.nodes.get((id as usize).checked_sub(1)?)
    }

    fn open(&mut self, id: NodeId, parent: NodeId, node: Node) -> Result<(), Misfit> {
        if id as usize != self.nodes.len() + 1 {
            return Err(Misfit::Id(id));
        }
        if parent != ROOT && !(self.is_open(parent) && self.get(parent).is_some_and(takes_children)) {
            return Err(Misfit::Parent(parent));
        }
        self.nodes.push(Entry { parent, node });
        Ok(())
    }

    /// Whether a node is the last one or stands around it.
    fn is_open(&self, id: NodeId) -> bool {
        let mut at = self.nodes.len() as NodeId;
        while at > id {
            at = self.parent(at).unwrap_or(ROOT);
        }
        at == id
    }

    fn append(&mut self, id: NodeId, more: &str) -> Result<(), Misfit> {
        let is_last = id as usize == self.nodes.len();
        match self.nodes.last_mut().map(|entry| &mut entry.node) {
            Some(Node::Text { text } | Node::Code { text }) if is_last => text.push_str(more),
            Some(Node::CodeLine { text, spans }) if is_last && spans.is_empty() => text.push_str(more),
            _ => return Err(Misfit::Append(id)),
        }
        Ok(())
    }

    fn paint(&mut self, id: NodeId, colours: Vec<Span>) -> Result<(), Misfit> {
        let place = (id as usize).checked_sub(1).ok_or(Misfit::Paint(id))?;
        match self.nodes.get_mut(place).map(|entry| &mut entry.node) {
            Some(Node::CodeLine { text, spans }) if covers(&colours, text) => *spans = colours,
            _ => return Err(Misfit::Paint(id)),
        }
        Ok(())
    }

    fn cut(&mut self, from: NodeId) -> Result<(), Misfit> {
        if from == ROOT || from as usize > self.nodes.len() {
            return Err(Misfit::Cut(from));
        }
        self.nodes.truncate(from as usize - 1);
        Ok(())
    }
}

fn takes_children(node: &Node) -> bool {
    !matches!(
        node,
        Node::CodeLine { .. }
            | Node::Rule
            | Node::Text { .. }
            | Node::Code { .. }
            | Node::Image { .. }
            | Node::Math { .. }
            | Node::Break
            | Node::FootnoteMark { .. }
            | Node::Mark { .. }
    )
}

fn starts_line(node: &Node) -> bool {
    matches!(
        node,
        Node::Paragraph
            | Node::Heading { .. }
            | Node::ListItem { .. }
            | Node::CodeLine { .. }
            | Node::Table { .. }
            | Node::TableRow { .. }
            | Node::Footnote { .. }
    )
}

fn covers(spans: &[Span], text: &str) -> bool {
    let mut rest = text;
    spans.iter().all(|span| rest.strip_prefix(span.text.as_str()).map(|after| rest = after).is_some())
        && rest.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Node {
        Node::Text { text: text.into() }
    }

    fn open(id: NodeId, parent: NodeId, node: Node) -> Patch {
        Patch::Open { id, parent, node }
    }

    #[test]
    fn patches_build_and_cut() {
        let mut tree = Tree::new();
        tree.apply(&[
            open(1, 0, Node::Paragraph),
            open(2, 1, text("a")),
            Patch::Append { id: 2, text: "b".into() },
            open(3, 1, Node::Strong),
            open(4, 3, text("c")),
        ]);
        assert_eq!(tree.plain_text(), "abc");
        assert_eq!(tree.children(1).map(|(id, _)| id).collect::<Vec<_>>(), [2, 3]);
        tree.apply(&[Patch::Cut { from: 3 }]);
        assert_eq!((tree.len(), tree.plain_text().as_str()), (2, "ab"));
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let mut tree = Tree::new();
        tree.apply(&[open(1, 0, Node::Paragraph), open(2, 1, text("a")), open(3, 0, Node::Paragraph)]);
        let before = tree.clone();
        let misfits = [
            (open(5, 0, Node::Rule), Misfit::Id(5)),
            (open(4, 1, Node::Break), Misfit::Parent(1)),
            (Patch::Append { id: 2, text: "x".into() }, Misfit::Append(2)),
            (Patch::Append { id: 3, text: "x".into() }, Misfit::Append(3)),
            (Patch::Paint { id: 2, spans: Vec::new() }, Misfit::Paint(2)),
            (Patch::Cut { from: 4 }, Misfit::Cut(4)),
            (Patch::Cut { from: 0 }, Misfit::Cut(0)),
        ];
        for (patch, misfit) in misfits {
            assert_eq!(tree.try_apply(&patch), Err(misfit));
        }
        assert_eq!(tree, before);
    }

    #[test]
    fn children_skip_what_is_deeper() {
        let mut tree = Tree::new();
        tree.apply(&[
            open(1, 0, Node::List { start: None }),
            open(2, 1, Node::ListItem { checked: None }),
            open(3, 2, text("a")),
            open(4, 1, Node::ListItem { checked: None }),
            open(5, 0, Node::Rule),
        ]);
        assert_eq!(tree.children(ROOT).map(|(id, _)| id).collect::<Vec<_>>(), [1, 5]);
        assert_eq!(tree.children(1).map(|(id, _)| id).collect::<Vec<_>>(), [2, 4]);
        assert_eq!(tree.children(3).count(), 0);
    }
}

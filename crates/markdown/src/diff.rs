//! What was sent and what is to be seen now: only the difference goes out.

use crate::{
    convert::Draft,
    highlight::Grammar,
    patch::{Node, NodeId, Patch, Span},
    tree::Tree,
};

/// A tree together with the patches that were made to it and have not gone out yet.
#[derive(Debug, Default)]
pub(crate) struct Page {
    tree: Tree,
    out: Vec<Patch>,
    painter: Painter,
}

impl Page {
    /// The tree as it is after the patches.
    pub(crate) fn tree(&self) -> &Tree {
        &self.tree
    }

    /// The id of the last node.
    pub(crate) fn last(&self) -> NodeId {
        self.tree.len() as NodeId
    }

    /// Takes the patches made since the last time.
    pub(crate) fn take(&mut self) -> Vec<Patch> {
        std::mem::take(&mut self.out)
    }

    /// Makes what follows the node `base` to be these nodes.
    pub(crate) fn replace_after(&mut self, base: NodeId, drafts: Vec<Draft>) {
        let end = base + drafts.len() as NodeId;
        let mut drafts = (base + 1..).zip(drafts).peekable();
        while let Some((id, draft)) = drafts.next_if(|(id, draft)| self.keep(*id, draft)) {
            self.paint(id, &draft);
        }
        let first_new = drafts.peek().map_or(end + 1, |(id, _)| *id);
        if first_new <= self.last() {
            self.apply(Patch::Cut { from: first_new });
        }
        for (id, draft) in drafts {
            self.open(id, draft);
        }
    }

    /// Opens the next node.
    pub(crate) fn open(&mut self, id: NodeId, mut draft: Draft) {
        if draft.ended
            && let Node::CodeLine { text, spans } = &mut draft.node
        {
            *spans = self.painter.line(&self.tree, draft.parent, id, text);
        }
        self.apply(Patch::Open { id, parent: draft.parent, node: draft.node });
    }

    /// Adds text to the last node.
    pub(crate) fn append(&mut self, text: &str) {
        if let Some(Patch::Append { text: last, .. }) = self.out.last_mut() {
            // It is the last node's: any other patch would have come after it.
            last.push_str(text);
            self.tree.apply(&[Patch::Append { id: self.tree.len() as NodeId, text: text.to_owned() }]);
        } else {
            self.apply(Patch::Append { id: self.last(), text: text.to_owned() });
        }
    }

    /// The last node is a line of code and has ended.
    pub(crate) fn end_line(&mut self) {
        let id = self.last();
        if let (Some(parent), Some(Node::CodeLine { text, .. })) = (self.tree.parent(id), self.tree.get(id)) {
            let spans = self.painter.line(&self.tree, parent, id, text);
            self.apply_paint(id, spans);
        }
    }

    /// Whether a node can stay as it is, perhaps with more text.
    fn keep(&mut self, id: NodeId, draft: &Draft) -> bool {
        let (Some(parent), Some(old)) = (self.tree.parent(id), self.tree.get(id)) else {
            return false;
        };
        if parent != draft.parent {
            return false;
        }
        let more = match (old, &draft.node) {
            (Node::CodeLine { text: old, .. }, Node::CodeLine { text: new, .. }) if old == new => return true,
            (Node::CodeLine { text: old, .. }, Node::CodeLine { text: new, .. }) if id > self.painter.painted => {
                new.strip_prefix(old.as_str())
            }
            (Node::Text { text: old }, Node::Text { text: new })
            | (Node::Code { text: old }, Node::Code { text: new })
                if old != new =>
            {
                new.strip_prefix(old.as_str())
            }
            (old, new) => return old == new,
        };
        match more.filter(|_| id == self.last()) {
            Some(more) => {
                self.append(more);
                true
            }
            None => false,
        }
    }

    fn paint(&mut self, id: NodeId, draft: &Draft) {
        if let Node::CodeLine { text, .. } = &draft.node
            && draft.ended
            && id > self.painter.painted
        {
            let spans = self.painter.line(&self.tree, draft.parent, id, text);
            self.apply_paint(id, spans);
        }
    }

    fn apply_paint(&mut self, id: NodeId, spans: Vec<Span>) {
        if !spans.is_empty() {
            self.apply(Patch::Paint { id, spans });
        }
    }

    fn apply(&mut self, patch: Patch) {
        if let Patch::Cut { from } = patch {
            self.painter.cut(from);
        }
        let fits = self.tree.try_apply(&patch);
        debug_assert_eq!(fits, Ok(()), "{patch:?}");
        self.out.push(patch);
    }
}

/// Colours each ended line once, in document order.
#[derive(Debug, Default)]
struct Painter {
    /// All ended lines up to this node have their colours.
    painted: NodeId,
    block: NodeId,
    /// The line that the grammar expects next.
    next: NodeId,
    grammar: Option<Grammar>,
}

impl Painter {
    fn cut(&mut self, from: NodeId) {
        self.painted = self.painted.min(from - 1);
        if self.next > from {
            self.next = 0;
        }
    }

    fn line(&mut self, tree: &Tree, block: NodeId, id: NodeId, text: &str) -> Vec<Span> {
        if self.block != block || self.next != id || id == block + 1 {
            self.read_up_to(tree, block, id);
        }
        self.painted = id;
        self.next = id + 1;
        self.grammar.as_mut().map(|grammar| grammar.line(text)).unwrap_or_default()
    }

    fn read_up_to(&mut self, tree: &Tree, block: NodeId, id: NodeId) {
        self.block = block;
        self.grammar = match tree.get(block) {
            Some(Node::CodeBlock { language }) => Grammar::named(language.as_deref()),
            _ => None,
        };
        let Some(grammar) = &mut self.grammar else { return };
        for line in block + 1..id {
            if let Some(Node::CodeLine { text, .. }) = tree.get(line) {
                grammar.line(text);
            }
        }
    }
}

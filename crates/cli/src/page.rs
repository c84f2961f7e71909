//! A text that grows, printed block by block: what was printed is never touched again.

use markdown::{Node, NodeId, ROOT, Stream, Tree};

use crate::render::{self, Look};

/// One text on its way to the terminal.
///
/// A block is printed once another one follows it; of a list and of a block of code, each item and line once another
/// one follows.
#[derive(Debug)]
pub struct Page {
    look: Look,
    stream: Stream,
    tree: Tree,
    /// How many blocks are printed whole.
    blocks: usize,
    /// How many lines or items of the block after them are printed.
    pieces: usize,
}

impl Page {
    /// An empty text.
    pub fn new(look: Look) -> Self {
        Self { look, stream: Stream::new(), tree: Tree::new(), blocks: 0, pieces: 0 }
    }

    /// Adds text, and answers the lines that can be printed. Blocks end where lines end, so it looks only there.
    pub fn push(&mut self, delta: &str) -> String {
        let Some(line_end) = delta.rfind('\n') else {
            self.tree.apply(&self.stream.push(delta));
            return String::new();
        };
        let (lines, rest) = delta.split_at(line_end + 1);
        self.tree.apply(&self.stream.push(lines));
        let printable = self.advance(false);
        if !rest.is_empty() {
            self.tree.apply(&self.stream.push(rest));
        }
        printable
    }

    /// Answers the lines that are left when the text has ended.
    pub fn finish(&mut self) -> String {
        self.tree.apply(&self.stream.finish());
        self.advance(true)
    }

    fn advance(&mut self, ended: bool) -> String {
        let blocks: Vec<NodeId> = self.tree.children(ROOT).map(|(id, _)| id).collect();
        let mut out = String::new();
        while let Some(&block) = blocks.get(self.blocks) {
            let growing = !ended && self.blocks + 1 == blocks.len();
            self.advance_in(block, growing, &mut out);
            if growing {
                break;
            }
            self.blocks += 1;
            self.pieces = 0;
        }
        out
    }

    fn advance_in(&mut self, block: NodeId, growing: bool, out: &mut String) {
        let in_pieces = matches!(self.tree.get(block), Some(Node::List { .. } | Node::CodeBlock { .. }));
        if in_pieces {
            let pieces: Vec<NodeId> = self.tree.children(block).map(|(id, _)| id).collect();
            let ready = if growing { pieces.len().saturating_sub(1) } else { pieces.len() };
            for (index, &piece) in pieces.iter().enumerate().take(ready).skip(self.pieces) {
                self.put_piece(block, index, piece, out);
            }
            self.pieces = self.pieces.max(ready);
        } else if !growing {
            let lines = render::block(&self.tree, block, self.look);
            put(out, lines, self.blocks > 0);
        }
    }

    fn put_piece(&self, block: NodeId, index: usize, piece: NodeId, out: &mut String) {
        match self.tree.get(piece) {
            Some(Node::CodeLine { text, spans }) => {
                put(out, vec![render::code_line(text, spans, self.look)], index == 0 && self.blocks > 0);
            }
            _ => {
                let apart = if index == 0 { self.blocks > 0 } else { render::is_loose(&self.tree, block) };
                put(out, render::item(&self.tree, block, index, piece, self.look), apart);
            }
        }
    }
}

fn put(out: &mut String, lines: Vec<String>, apart: bool) {
    if apart && !lines.is_empty() {
        out.push('\n');
    }
    for line in lines {
        out.push_str(&line);
        out.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PLAIN: Look = Look { width: 60, colours: false };

    fn whole(text: &str) -> String {
        let mut page = Page::new(PLAIN);
        page.push(text) + &page.finish()
    }

    #[test]
    fn a_block_is_printed_when_the_next_one_begins() {
        let mut page = Page::new(PLAIN);
        assert_eq!(page.push("# Head\n\nSome te"), "");
        assert_eq!(page.push("xt.\n"), "# Head\n");
        assert_eq!(page.push("\nMore.\n"), "\nSome text.\n");
        assert_eq!(page.finish(), "\nMore.\n");
    }

    #[test]
    fn code_comes_line_by_line_and_a_list_item_by_item() {
        let mut page = Page::new(PLAIN);
        assert_eq!(page.push("```\none\ntwo\nthr"), "    one\n");
        assert_eq!(page.push("ee\n```\n\n- a\n- b\n"), "    two\n    three\n\n• a\n");
        assert_eq!(page.finish(), "• b\n");
    }

    proptest! {
        #[test]
        fn every_split_prints_what_the_whole_prints(
            blocks in prop::collection::vec(prop_oneof![
                "[a-z *`_]{1,30}", "#{1,3} [a-z]{1,9}", "- [a-z]{1,9}", "  - [a-z]{1,9}", "[1-3]\\. [a-z]{1,9}", "> [a-z]{1,9}", "    [a-z]{1,9}",
                "```[a-z]{0,3}", "\\| a \\| b \\|", "\\|---\\|---\\|", "---", "",
            ], 0..16),
            cuts in prop::collection::vec(1_usize..9, 0..40),
        ) {
            let text = blocks.join("\n");
            let mut page = Page::new(PLAIN);
            let mut printed = String::new();
            let mut rest = text.as_str();
            for cut in cuts {
                let (delta, after) = rest.split_at(cut.min(rest.len()));
                printed += &page.push(delta);
                rest = after;
            }
            printed += &page.push(rest);
            printed += &page.finish();
            // Whether a list is loose may be known only after its first items are printed.
            let lines = |text: &str| text.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect::<Vec<_>>();
            prop_assert_eq!(lines(&printed), lines(&whole(&text)));
        }
    }
}

//! A drawer that checks the contract, and texts cut into deltas.
#![allow(dead_code, reason = "each test file uses some of it")]

use markdown::{Node, Patch, Stream, Tree};

/// Draws what a stream sends and checks that each patch fits.
#[derive(Default)]
pub struct Viewer {
    pub stream: Stream,
    pub tree: Tree,
    /// Patches and the bytes of their text since the beginning.
    pub patches: usize,
    pub cut_nodes: usize,
}

impl Viewer {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn push(&mut self, delta: &str) {
        let patches = self.stream.push(delta);
        self.draw(&patches);
    }

    pub fn finish(&mut self) -> Vec<Patch> {
        let patches = self.stream.finish();
        self.draw(&patches);
        patches
    }

    fn draw(&mut self, patches: &[Patch]) {
        self.patches += patches.len();
        for patch in patches {
            if let Patch::Cut { from } = patch {
                self.cut_nodes += self.tree.len() + 1 - *from as usize;
            }
            if let Err(misfit) = self.tree.try_apply(patch) {
                panic!("{patch:?}: {misfit}");
            }
        }
    }
}

/// A text in deltas of about these many bytes, again and again.
pub fn cut<'a>(text: &'a str, sizes: &[usize]) -> Vec<&'a str> {
    let mut deltas = Vec::new();
    let mut rest = text;
    for size in sizes.iter().cycle() {
        if rest.is_empty() {
            break;
        }
        let mut end = (*size).max(1).min(rest.len());
        while !rest.is_char_boundary(end) {
            end += 1;
        }
        let (delta, after) = rest.split_at(end);
        deltas.push(delta);
        rest = after;
    }
    deltas
}

/// The tree as indented lines, for tests to be read.
pub fn outline(tree: &Tree) -> String {
    let mut depths = vec![0_usize];
    let mut out = String::new();
    for (_, parent, node) in tree.nodes() {
        let depth = depths[parent as usize];
        depths.push(depth + 1);
        out.push_str(&"  ".repeat(depth));
        out.push_str(&describe(node));
        out.push('\n');
    }
    out
}

fn describe(node: &Node) -> String {
    match node {
        Node::Text { text } => format!("{text:?}"),
        Node::Code { text } => format!("code {text:?}"),
        Node::CodeLine { text, spans } => {
            format!("line {text:?} {}", if spans.is_empty() { "plain" } else { "painted" })
        }
        Node::CodeBlock { language } => format!("code block {}", language.as_deref().unwrap_or("-")),
        Node::Heading { level } => format!("heading {level}"),
        Node::List { start } => start.map_or_else(|| "list".into(), |start| format!("list from {start}")),
        Node::ListItem { checked } => {
            ["item", "item [ ]", "item [x]"][checked.map_or(0, |checked| 1 + usize::from(checked))].into()
        }
        Node::TableRow { head } => if *head { "head" } else { "row" }.into(),
        Node::Link { href, .. } => format!("link {href}"),
        Node::Image { href, alt, .. } => format!("image {href} {alt:?}"),
        Node::Math { tex, display } => format!("{} {tex:?}", if *display { "display" } else { "math" }),
        Node::Footnote { label } => format!("footnote {label}"),
        Node::FootnoteMark { label } => format!("mark {label}"),
        Node::Mark { sources, .. } => format!("source {sources:?}"),
        Node::Table { alignments } => format!("table {alignments:?}"),
        other => format!("{other:?}").to_lowercase(),
    }
}

//! However a text is cut into deltas, the tree at the end is that of the whole, and every patch fits.

mod common;

use common::{Viewer, cut};
use markdown::{Stream, Tree, render};
use proptest::prelude::*;

/// Pieces of Markdown that meet in all ways: whole blocks, borders, and marks that open or close something.
const FRAGMENTS: [&str; 94] = [
    "word",
    "two words",
    " ",
    "  ",
    "\n",
    "\n\n",
    "\r\n",
    "\t",
    "    ",
    "# Head",
    "## ",
    "Title\n===",
    "Title\n---",
    "---",
    "***",
    "- item",
    "* item",
    "+ ",
    "- [ ] task",
    "- [x] done",
    "1. one",
    "2) two",
    "10. ten",
    "  - nested",
    "    more",
    "> quote",
    "> > deep",
    ">",
    "```rust\nfn main() {}\n```",
    "```",
    "~~~",
    "````\n",
    "``` py\nx = 1",
    "`code`",
    "`",
    "``a`b``",
    "**bold**",
    "**",
    "*em*",
    "*",
    "_em_",
    "__",
    "~~gone~~",
    "~~",
    "***both***",
    "a*b*c",
    "[text](http://a.example)",
    "[text](",
    "[text]",
    "[",
    "](",
    "](x \"t\")",
    "![alt](x.png)",
    "![",
    "[ref][id]",
    "[id]",
    "[id]: http://b.example",
    "[id]: <x> 'title'\n",
    "[^1]",
    "[^1]: note",
    "[^n]: \n",
    "| a | b |",
    "|---|:-:|",
    "| c | d | e |",
    "|",
    "a | b\n--|--",
    "$x^2$",
    "$",
    "$$y$$",
    "$$",
    "$5",
    "\\",
    "\\*",
    "<b>",
    "<div>\n",
    "</div>",
    "<!--",
    "-->",
    "<http://c.example>",
    "https://d.example/a_b?c=(d)",
    "http://",
    "www.e.example",
    "me@f.example",
    "://",
    "@",
    "<",
    "&amp;",
    "&",
    "&#42;",
    "\\\n",
    "  \n",
    "ä",
    "漢字",
    "\u{1F600}",
];

fn document() -> impl Strategy<Value = String> {
    let fragment = prop_oneof![
        6 => prop::sample::select(&FRAGMENTS[..]).prop_map(str::to_owned),
        1 => "[ -~\n]{0,12}",
        1 => ".{0,6}",
    ];
    let border = prop::sample::select(&["", "", " ", "\n", "\n", "\n\n", "\n\n"][..]);
    prop::collection::vec((fragment, border), 0..24)
        .prop_map(|pieces| pieces.into_iter().flat_map(|(piece, border)| [piece, border.to_owned()]).collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, ..ProptestConfig::default() })]

    #[test]
    fn any_split_ends_in_the_tree_of_the_whole((text, sizes) in (document(), prop::collection::vec(1_usize..20, 1..16))) {
        let mut viewer = Viewer::new();
        for delta in cut(&text, &sizes) {
            viewer.push(delta);
            prop_assert_eq!(viewer.stream.snapshot(), viewer.tree.snapshot());
        }
        viewer.finish();
        prop_assert_eq!(viewer.tree.snapshot(), render(&text));
    }

    #[test]
    fn any_string_is_survived((text, sizes) in ("\\PC*", prop::collection::vec(1_usize..9, 1..9))) {
        let mut viewer = Viewer::new();
        for delta in cut(&text, &sizes) {
            viewer.push(delta);
        }
        viewer.finish();
        prop_assert_eq!(viewer.tree.snapshot(), render(&text));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn a_long_block_is_settled_in_parts_and_ends_the_same(
        (kind, pieces, size) in (0_usize..4, prop::collection::vec(prop::sample::select(&FRAGMENTS[..]), 200..400), 1_usize..40)
    ) {
        let head = ["", "", "| a | b |\n|---|---|\n", ""][kind];
        let lines = pieces.iter().map(|piece| {
            let line = piece.replace(['\n', '\r'], " ");
            match kind {
                0 => format!("- some text {line}\n"),
                1 => format!("1. some text {line}\n\n"),
                2 => format!("| {} | some text |\n", line.replace('|', "")),
                _ => format!("some text {line}\n"),
            }
        });
        let text: String = std::iter::once(head.to_owned()).chain(lines).collect();
        let mut viewer = Viewer::new();
        for delta in cut(&text, &[size]) {
            viewer.push(delta);
        }
        viewer.finish();
        prop_assert_eq!(viewer.tree.snapshot(), render(&text));
    }
}

#[test]
fn text_after_the_end_is_taken() {
    let mut stream = Stream::new();
    let mut tree = Tree::new();
    for delta in ["a *b", "* [c][d]\n\n- e"] {
        tree.apply(&stream.push(delta));
        tree.apply(&stream.finish());
    }
    tree.apply(&stream.push("\n\n[d]: f"));
    tree.apply(&stream.finish());
    assert_eq!(tree.snapshot(), render("a *b* [c][d]\n\n- e\n\n[d]: f"));
}

#[test]
fn what_closes_a_mark_makes_no_fence_of_a_short_line() {
    let text = "Title\n===```\n`\n|---|:-:|\n# Head\n\nthe end\n\n";
    let mut viewer = Viewer::new();
    for delta in cut(text, &[1]) {
        viewer.push(delta);
    }
    assert_eq!(viewer.finish(), []);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

    #[test]
    fn without_late_definitions_nothing_is_left_to_settle(
        (pieces, size) in (
            prop::collection::vec((prop::sample::select(&FRAGMENTS[..]), prop::sample::select(&["", "\n", "\n\n"][..])), 0..60),
            1_usize..9,
        )
    ) {
        let is_late = |piece: &str| piece.contains("]:") || piece.contains("[^");
        let pieces = pieces.into_iter().filter(|(piece, _)| !is_late(piece)).flat_map(|(piece, border)| [piece, border]);
        // With the last block whole, no end is left to guess.
        let text: String = pieces.chain(["\n\nthe end\n\n"]).collect();
        prop_assume!(!text.contains("]:"), "two pieces met and became a definition");
        let mut viewer = Viewer::new();
        for delta in cut(&text, &[size]) {
            viewer.push(delta);
        }
        prop_assert_eq!(viewer.finish(), []);
    }
}

//! Marks stand where they belong, whatever the text around them is and however it comes.
#![allow(clippy::unwrap_used, reason = "a test's helpers fail as the test does")]

use markdown::{Mark, Node, NodeId, ROOT, Stream, Tree, render_marked};

fn mark(at: usize, source: u32) -> Mark {
    Mark { at, sources: vec![source], label: None }
}

/// The texts of a tree with marks as `[1]` and a letter around each kind of markup.
fn shown(tree: &Tree) -> String {
    children(tree, ROOT)
}

fn children(tree: &Tree, id: NodeId) -> String {
    tree.children(id)
        .map(|(id, node)| {
            let inside = children(tree, id);
            match node {
                Node::Text { text } => text.clone(),
                Node::Code { text } => format!("c({text})"),
                Node::CodeLine { text, .. } => format!("{text}/"),
                Node::CodeBlock { .. } => format!("code({inside})"),
                Node::Math { tex, .. } => format!("m({tex})"),
                Node::Strong => format!("b({inside})"),
                Node::Emphasis => format!("i({inside})"),
                Node::Link { .. } => format!("a({inside})"),
                Node::Mark { sources, label } => format!("{sources:?}{}", label.as_deref().unwrap_or_default()),
                Node::Paragraph | Node::ListItem { .. } | Node::TableCell | Node::Heading { .. } => {
                    format!("<{inside}>")
                }
                _ => inside,
            }
        })
        .collect()
}

fn whole(text: &str, marks: &[Mark]) -> Tree {
    let mut tree = Tree::new();
    for patch in render_marked(text, marks.to_vec()) {
        tree.try_apply(&patch).unwrap();
    }
    tree
}

#[test]
fn a_mark_stands_at_its_character_or_after_what_cannot_hold_it() {
    let cases = [
        ("In Lisbon.", 9, "<In Lisbon[1].>"),
        ("In Lisbon.", 10, "<In Lisbon.[1]>"),
        ("In Lisbon.", 99, "<In Lisbon.[1]>"),
        ("In Lisbon.", 0, "<[1]In Lisbon.>"),
        ("Ünïcode wörks", 7, "<Ünïcode[1] wörks>"),
        ("a **bold** word", 8, "<a b(bold[1]) word>"),
        ("a **bold** word", 10, "<a b(bold)[1] word>"),
        ("a ***bold*** word", 12, "<a i(b(bold))[1] word>"),
        ("a **bold** word", 3, "<a b([1]bold) word>"),
        ("run `cargo test` now", 8, "<run c(cargo test)[1] now>"),
        ("so $x + y$ is", 5, "<so m(x + y)[1] is>"),
        ("see [the text](https://a.example/b) now", 25, "<see a(the text)[1] now>"),
        ("see [the text](https://a.example/b) now", 8, "<see a(the text)[1] now>"),
        ("see https://a.example/b now", 12, "<see a(https://a.example/b)[1] now>"),
        ("One.\n\nTwo.", 4, "<One.[1]><Two.>"),
        ("One.\n\nTwo.", 5, "<One.[1]><Two.>"),
        ("One.\n\nTwo.", 6, "<One.[1]><Two.>"),
        ("# Head\n\nText", 6, "<Head[1]><Text>"),
        ("- one\n- two\n", 5, "<one[1]><two>"),
        ("- one\n- two\n", 11, "<one><two[1]>"),
        ("| a | b |\n|---|---|\n| c | d |\n", 23, "<a><b><c[1]><d>"),
        ("a\r\nb c", 4, "<a\nb[1] c>"),
        ("x &amp; y", 4, "<x &[1] y>"),
        ("```\nlet x;\n```\n\nafter", 8, "code(let x;/)[1]<after>"),
        ("", 3, ""),
    ];
    for (text, at, expected) in cases {
        assert_eq!(shown(&whole(text, &[mark(at, 1)])), expected, "{text:?} at {at}");
    }
}

#[test]
fn marks_that_meet_are_one() {
    let named = Mark { label: Some("Ada".into()), ..mark(2, 3) };
    assert_eq!(shown(&whole("`ab` c", &[mark(1, 1), mark(2, 2), mark(2, 1)])), "<c(ab)[1, 2] c>");
    assert_eq!(shown(&whole("ab c", std::slice::from_ref(&named))), "<ab[3]Ada c>");
    assert_eq!(shown(&whole("ab c", &[named, mark(2, 1)])), "<ab[3, 1] c>");
}

#[test]
fn a_mark_is_no_text() {
    let text = "One.\n\n```\ncode\n```\n\n- two";
    let marks = [mark(4, 1), mark(12, 2), mark(25, 3)];
    assert_eq!(whole(text, &marks).plain_text(), whole(text, &[]).plain_text());
}

const LONG: &str = "# Tides\n\nThe **moon** pulls, and `so` does the [sun](https://a.example).\n\nA list:\n\n- one *thing*\n- \
                    another, see https://b.example/c?d\n\n| a | b |\n|---|---|\n| c | d |\n\n```rust\nlet x = 1;\n```\n\nThe end, \
                    with $x^2$ and more words to come.\n";

#[test]
fn however_a_text_and_its_marks_come_the_end_is_the_same() {
    let count = LONG.chars().count();
    for step in [1, 3, 7, 40] {
        for distance in [0, 5, 60, 400] {
            let all: Vec<Mark> = (0..count).step_by(11).zip(1..).map(|(at, number)| mark(at, number)).collect();
            let (mut stream, mut tree) = (Stream::new(), Tree::new());
            let characters: Vec<char> = LONG.chars().collect();
            let mut read = 0;
            for piece in characters.chunks(step) {
                read += piece.len();
                let known: Vec<Mark> = all.iter().filter(|mark| mark.at + distance <= read + 20).cloned().collect();
                let patches = [stream.push(&piece.iter().collect::<String>()), stream.mark(known)].concat();
                for patch in &patches {
                    tree.try_apply(patch).unwrap();
                }
            }
            for patch in [stream.mark(all.clone()), stream.finish()].concat() {
                tree.try_apply(&patch).unwrap();
            }
            assert_eq!(shown(&tree), shown(&whole(LONG, &all)), "steps of {step}, marks {distance} late");
        }
    }
}

#[test]
fn a_mark_shows_while_the_text_grows_and_moves_nothing() {
    let mut stream = Stream::new();
    stream.push("In Lisbon");
    let patches = stream.mark(vec![mark(9, 1), mark(18, 2)]);
    assert_eq!(patches.len(), 1, "{patches:?}");
    assert_eq!(shown(stream.tree()), "<In Lisbon[1]>");
    let patches = stream.push(" it rain");
    assert_eq!(patches.len(), 1, "{patches:?}");
    assert_eq!(shown(stream.tree()), "<In Lisbon[1] it rain>");
    let patches = stream.push("s often");
    assert_eq!(patches.len(), 3, "{patches:?}");
    assert_eq!(shown(stream.tree()), "<In Lisbon[1] it rains[2] often>");
}

#[test]
fn late_marks_of_a_short_text_show_at_once_and_of_a_long_one_at_the_end() {
    let mut stream = Stream::new();
    stream.push("One.\n\nTwo.\n\nThree");
    stream.mark(vec![mark(4, 1)]);
    assert_eq!(shown(stream.tree()), "<One.[1]><Two.><Three>");
    stream.push(&"\n\nMore words.".repeat(2_000));
    stream.mark(vec![mark(4, 1), mark(10, 2)]);
    assert!(shown(stream.tree()).starts_with("<One.[1]><Two.><Three>"));
    stream.finish();
    assert!(shown(stream.tree()).starts_with("<One.[1]><Two.[2]><Three>"));
}

//! The work for a text stays in proportion to its length, counted in bytes that go through the parser.

mod common;

use common::{Viewer, cut};
use markdown::render;

fn stream(text: &str, delta: usize) -> Viewer {
    let mut viewer = Viewer::new();
    for delta in cut(text, &[delta]) {
        viewer.push(delta);
    }
    viewer.finish();
    assert!(viewer.tree.snapshot() == render(text), "the tree differs from that of the whole");
    viewer
}

/// How many times a text goes through the parser, the whole parse at the end among them.
fn times(text: &str, delta: usize) -> u64 {
    let viewer = stream(text, delta);
    viewer.stream.parsed_bytes() / text.len() as u64
}

fn prose(length: usize) -> String {
    let sentences = [
        "A sentence of plain words stands here, and it is followed by another one. ",
        "This one has **strong words** and `code` in it, and a [link](https://a.example/page) as well. ",
        "It is said that *nothing* lasts; the rest is plain again, for the most part of the line. ",
    ];
    let mut text = String::new();
    for (at, sentence) in sentences.iter().cycle().enumerate() {
        text.push_str(sentence);
        match at % 30 {
            4 | 9 | 19 => text.push_str("\n\n"),
            14 => text.push_str("\n\n## A heading\n\n"),
            29 => text.push_str("\n\n- an item\n- another **item**\n\n"),
            _ => {}
        }
        if text.len() >= length {
            break;
        }
    }
    text
}

#[test]
fn prose_is_parsed_a_few_times_however_long() {
    let (short, long) = (times(&prose(50_000), 4), times(&prose(200_000), 4));
    assert!(long <= 100, "{long} times");
    assert!(long <= short + short / 10 + 1, "{short} times for 50 KB, {long} times for 200 KB");
}

#[test]
fn a_block_of_code_is_parsed_once() {
    let line = "    let value = compute(index, \"text\") + 42; // why\n";
    let code = format!("```rust\n{}```\n\nDone.\n", line.repeat(2_000));
    let viewer = stream(&code, 4);
    // Once at the end; before that only the lines around the block.
    assert!(viewer.stream.parsed_bytes() < code.len() as u64 + 2_000, "{}", viewer.stream.parsed_bytes());
    assert_eq!(viewer.cut_nodes, 0);
}

#[test]
fn long_lists_and_tables_are_settled_in_parts() {
    let list: String = (0..1_000).map(|n| format!("- item {n} with **strong** words in its line\n")).collect();
    let loose: String = (0..1_000).map(|n| format!("{n}. item with **strong** words in its line\n\n")).collect();
    let rows: String = (0..1_000).map(|n| format!("| row {n} | with **strong** words | `code` |\n")).collect();
    let table = format!("| a | b | c |\n|---|:-:|--:|\n{rows}");
    for (name, text) in [("list", list), ("loose list", loose), ("table", table)] {
        let viewer = stream(&text, 4);
        let times = viewer.stream.parsed_bytes() / text.len() as u64;
        assert!(times <= 60, "the {name} was parsed {times} times");
        assert!(viewer.cut_nodes <= 3_000, "{} nodes of the {name} were cut", viewer.cut_nodes);
    }
}

#[test]
fn what_is_settled_is_never_touched() {
    let text = prose(20_000);
    let mut viewer = Viewer::new();
    let mut oldest = Vec::new();
    for delta in cut(&text, &[5]) {
        let before = viewer.tree.len();
        let cut_before = viewer.cut_nodes;
        viewer.push(delta);
        if viewer.cut_nodes > cut_before {
            oldest.push(before.min(viewer.cut_nodes - cut_before));
        }
    }
    assert!(oldest.iter().all(|nodes| *nodes <= 30), "{oldest:?}");
    assert_eq!(viewer.finish(), []);
}

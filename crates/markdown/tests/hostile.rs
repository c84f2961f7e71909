//! Texts made to break whoever reads them. They must not crash, nest without bound, or cost more than in proportion.

mod common;

use common::{Viewer, cut};
use markdown::{Tree, render};

/// No drawer has to recurse deeper.
const DEEPEST: usize = 64;

fn survives(name: &str, text: &str) {
    let mut viewer = Viewer::new();
    for delta in cut(text, &[text.len() / 97 + 1]) {
        viewer.push(delta);
    }
    viewer.finish();
    assert!(viewer.tree.snapshot() == render(text), "{name}: the tree differs from that of the whole");
    assert!(depth(&viewer.tree) <= DEEPEST, "{name}: nested {} deep", depth(&viewer.tree));
    let parsed = viewer.stream.parsed_bytes() as usize;
    assert!(parsed <= 80 * text.len() + 200_000, "{name}: parsed {parsed} bytes for {}", text.len());
}

fn depth(tree: &Tree) -> usize {
    let mut depths = vec![0];
    for (_, parent, _) in tree.nodes() {
        depths.push(depths[parent as usize] + 1);
    }
    depths.into_iter().max().unwrap_or(0)
}

#[test]
fn nesting() {
    survives("quotes", &">".repeat(10_000));
    survives("quotes with text", &format!("{} text", "> ".repeat(10_000)));
    survives("quotes over lines", &(1..300).map(|depth| format!("{} line\n", ">".repeat(depth))).collect::<String>());
    survives("list in list", &(0..300).map(|depth| format!("{}- item\n", "  ".repeat(depth))).collect::<String>());
    survives("items on a line", &"- ".repeat(5_000));
    survives("numbered on a line", &"1. ".repeat(5_000));
    survives("quotes and items", &"> - ".repeat(3_000));
    survives("emphasis", &format!("{}a{}", "*a **b ".repeat(1_000), "** *".repeat(1_000)));
    survives("closed emphasis", &format!("{}a{}", "**".repeat(2_000), "**".repeat(2_000)));
    survives("brackets closed", &format!("{}a{}", "[".repeat(5_000), "]".repeat(5_000)));
    survives("brackets with address", &format!("{}a{}", "[".repeat(2_000), "](b)".repeat(2_000)));
    survives("images", &format!("{}a{}", "![".repeat(2_000), "](b)".repeat(2_000)));
}

#[test]
fn openers() {
    for (name, opener, times) in [
        ("brackets", "[", 10_000),
        ("images", "![", 10_000),
        ("emphasis", "*a _b ", 8_000),
        ("strong", "**a ", 10_000),
        ("under", "_a", 10_000),
        ("strike", "~~a ", 10_000),
        ("dollars", "$a ", 10_000),
        ("dollars and braces", "$a{", 10_000),
        ("display", "$$a ", 10_000),
        ("links", "[a](", 10_000),
        ("links and less", "[a](<b", 10_000),
        ("less", "<", 10_000),
        ("tags", "<a href=\"", 5_000),
        ("comments", "<!-- ", 5_000),
        ("instructions", "<?", 5_000),
        ("declarations", "<!A ", 5_000),
        ("data", "<![CDATA[", 5_000),
        ("entities", "&amp;&nosuch;&#x;", 3_000),
        ("pipes", "|", 10_000),
        ("backslashes", "\\", 10_001),
        ("addresses", "http://a.b", 5_000),
        ("schemes", "://", 10_000),
        ("at signs", "a@", 10_000),
        ("mails", "a@b.c@", 5_000),
        ("dots after www", "www.", 10_000),
        ("brackets in an address", "https://a.b/((", 5_000),
        ("footnotes", "[^a]", 5_000),
        ("mails", "<a@b.c ", 5_000),
        ("stars", "*", 10_000),
        ("hashes", "#", 10_000),
        ("divs", "<div>\n", 5_000),
        ("fences", "```\n", 5_000),
        ("fences in a quote", "> ```\n", 3_000),
        ("open comments and fences", "<!--\n```\n", 2_000),
        ("references", "[a]: b\n", 3_000),
        ("half references", "[a]:\n", 3_000),
        ("notes", "[^a]: b\n", 3_000),
        ("rules", "---\n", 5_000),
        ("heads", "| a | b |\n", 3_000),
        ("empty items", "-\n", 5_000),
        ("tabs", "\t", 10_000),
        ("line breaks", "\n", 20_000),
        ("returns", "\r", 20_000),
        ("zeros", "\0", 10_000),
        ("marks", "\u{202E}\u{200D}\u{301}", 5_000),
    ] {
        survives(name, &opener.repeat(times));
    }
}

#[test]
fn backticks_of_all_lengths() {
    survives("backticks", &(1..400).map(|length| format!("a{} ", "`".repeat(length))).collect::<String>());
}

#[test]
fn many_distinct() {
    survives("footnotes", &(0..3_000).map(|n| format!("[^n{n}] ")).collect::<String>());
    survives("references", &(0..3_000).map(|n| format!("[n{n}]: a\n\n[n{n}]\n\n")).collect::<String>());
    survives("one address often", &format!("[x]: {}\n\n{}", "a".repeat(10_000), "[x]\n\n".repeat(3_000)));
}

#[test]
fn a_wide_table() {
    let row = format!("|{}\n", " a |".repeat(500));
    survives("wide table", &format!("{row}|{}\n{}", "---|".repeat(500), row.repeat(40)));
    survives("short rows of a wide table", &format!("{row}|{}\n{}", "---|".repeat(500), "| a |\n".repeat(500)));
}

#[test]
fn a_megabyte_on_a_line() {
    survives("no spaces", &"a".repeat(1_000_000));
    survives("words", &"word ".repeat(200_000));
    survives("bold", &format!("**{}**", "word ".repeat(200_000)));
    survives("code", &format!("```js\n{}\n```\n", "let a;".repeat(170_000)));
    survives("letters of three bytes", &"漢".repeat(300_000));
}

#[test]
fn a_megabyte_without_end() {
    survives("quote", &"> some words in a quote\n".repeat(20_000));
    survives("paragraph", &"some *words* on a line\n".repeat(20_000));
    survives("item", &format!("- {}", "some words in an item\n  ".repeat(20_000)));
    survives("html", &format!("<!--\n{}", "some words\n".repeat(40_000)));
}

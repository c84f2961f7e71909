use markdown::{ROOT, render};
use proptest::prelude::*;

use super::*;
use crate::neutral;

fn drawn_in(text: &str, look: Look) -> String {
    let mut tree = Tree::new();
    tree.apply(&render(text));
    let blocks: Vec<_> = tree.children(ROOT).map(|(id, _)| block(&tree, id, look).join("\n")).collect();
    blocks.join("\n\n")
}

fn drawn(text: &str) -> String {
    drawn_in(text, Look { width: 40, colours: false })
}

fn coloured(text: &str) -> String {
    drawn_in(text, Look { width: 40, colours: true })
}

#[test]
fn without_colours_the_marks_stay() {
    assert_eq!(drawn("## A *b* **c** ~~d~~ `e`"), "## A *b* **c** ~~d~~ `e`");
    assert_eq!(drawn("one\ntwo  \nthree"), "one two\nthree");
    assert_eq!(drawn("$x^2$"), "$x^2$");
}

#[test]
fn with_colours_styles_take_their_place() {
    assert_eq!(coloured("# Big news"), "\u{1b}[1mBig\u{1b}[0m \u{1b}[1mnews\u{1b}[0m");
    let nested = coloured("**a *b***");
    assert!(nested.contains("\u{1b}[1m\u{1b}[3mb"), "{nested:?}");
    let code = coloured("```rust\nfn main() {}\n```");
    assert!(code.contains("\u{1b}[34mfn \u{1b}[0m"), "{code:?}");
}

#[test]
fn a_link_is_its_text_and_its_address() {
    assert_eq!(drawn("[the site](https://a.example)"), "the site (https://a.example)");
    assert_eq!(drawn("<https://a.example>"), "https://a.example");
    assert_eq!(drawn("[](https://a.example)").trim(), "(https://a.example)");
    assert_eq!(drawn("![a cat](https://a.example/c.png)"), "[a cat] (https://a.example/c.png)");
}

#[test]
fn lists_are_indented_under_their_text() {
    let list = "3. one two three four five six seven eight nine\n4. b\n   - [x] c\n   - [ ] d\n";
    assert_eq!(drawn(list), "3. one two three four five six seven\n   eight nine\n4. b\n   • [x] c\n   • [ ] d");
    assert_eq!(drawn("- a\n\n  b\n- c\n"), "• a\n\n  b\n\n• c");
}

#[test]
fn quotes_and_footnotes_are_marked() {
    assert_eq!(drawn("> a\n>\n> b"), "│ a\n│\n│ b");
    assert!(drawn("x[^1]\n\n[^1]: note\n").ends_with("[^1]: note"));
}

#[test]
fn code_is_indented_and_never_wrapped() {
    let line = "x".repeat(90);
    assert_eq!(drawn(&format!("```\n{line}\n\n\ta\n```")), format!("    {line}\n    \n    \ta"));
}

#[test]
fn tables_are_columns() {
    let table = "| Name | N |\n|---|---:|\n| a | 1 |\n| 北京 | 100 |\n";
    assert_eq!(drawn(table), "Name    N\n────  ───\na       1\n北京  100");
}

#[test]
fn a_wide_table_is_fitted_into_the_line() {
    let table = format!("| a | b |\n|---|---|\n| short | {} |\n", "word ".repeat(20));
    let lines = drawn(&table);
    assert!(lines.lines().count() > 3, "{lines}");
    assert!(lines.lines().all(|line| textwrap::core::display_width(line) <= 40), "{lines}");
}

#[test]
fn what_markdown_decodes_is_made_harmless_too() {
    let text = "a&#27;[2J `b\u{1b}c` [d](<e\u{1b}f> \"t\") [^\u{1b}]\n\n```\n\u{9b}2J\n```\n\n| \u{1b} |\n|-|\n\n![\u{1b}](\u{1b})";
    let drawn = drawn(text);
    assert!(!drawn.chars().any(neutral::is_harmful), "{drawn:?}");
}

#[test]
fn nesting_without_end_is_drawn() {
    for text in ["> ".repeat(5_000) + "deep", "- ".repeat(2_000) + "deep", "*a ".repeat(3_000), "[".repeat(5_000)] {
        assert!(!drawn(&text).is_empty());
    }
}

proptest! {
    #[test]
    fn only_our_own_escapes_come_out(text in "[-a-z0-9 *_`#>|\\[\\]()!&;\\n\\x{1b}\\x{9b}\\x{7}\\x{202e}]{0,80}") {
        let plain = drawn(&text);
        prop_assert!(!plain.chars().any(neutral::is_harmful), "{:?}", plain);
        let stripped = anstream::adapter::strip_str(&coloured(&text)).to_string();
        prop_assert!(!stripped.chars().any(neutral::is_harmful), "{:?}", stripped);
    }
}

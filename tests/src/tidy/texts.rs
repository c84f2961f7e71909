//! What holds for every text that we write.

use super::{Finding, Tree};

/// The most lines that a source may have.
const MOST_LINES: usize = 400;

/// The most lines of ARCHITECTURE.md.
const MOST_LINES_OF_THE_MAP: usize = 210;

/// The folder of these rules: what they forbid stands in them.
const RULES: &str = "tests/src/tidy/";

const SOURCES: &[&str] = &[".rs", ".ts", ".tsx", ".css", ".mjs", ".js", ".py"];

/// Sources are split by meaning before they attract everything.
pub fn sources_are_short(tree: &Tree) -> Vec<Finding> {
    let mut findings: Vec<_> = tree
        .under("", SOURCES)
        .map(|(path, text)| (path, text.lines().count()))
        .filter(|(_, lines)| *lines > MOST_LINES)
        .map(|(path, lines)| Finding::file(path, format!("{lines} lines, {MOST_LINES} at most: split it by meaning")))
        .collect();
    let map = tree.get("ARCHITECTURE.md").unwrap_or_default().lines().count();
    if map > MOST_LINES_OF_THE_MAP {
        findings
            .push(Finding::file("ARCHITECTURE.md", format!("{map} lines, {MOST_LINES_OF_THE_MAP} at most: tell less")));
    }
    findings
}

/// Nothing is left to be done in a comment, and nothing is printed for a look.
pub fn nothing_is_left_over(tree: &Tree) -> Vec<Finding> {
    let marks = [
        "TODO",
        "FIXME",
        "XXX:",
        "HACK:",
        "dbg!(",
        "console.log(",
        "debugger;",
        "breakpoint()",
        ".only(",
        "@ts-ignore",
        "eslint-disable ",
    ];
    find(tree, SOURCES, &marks, |mark| format!("`{mark}` is left over: do it, or tell it where work is planned"))
}

/// No path of somebody's machine.
pub fn no_machine_is_named(tree: &Tree) -> Vec<Finding> {
    let everything = &[""];
    let marks = ["/root/", "/work/", "/home/", "/Users/", "C:\\Users", "/tmp/bash"];
    find(tree, everything, &marks, |mark| {
        format!("`{mark}…` is a path of one machine: make it relative, or ask the system for it")
    })
}

/// Text files end with one line break and have no carriage returns.
pub fn lines_end_alike(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.under("", SOURCES).chain(tree.under("", &[".md", ".toml"])) {
        if text.contains('\r') {
            findings.push(Finding::file(path, "has carriage returns: write line feeds only"));
        }
        if !text.is_empty() && (!text.ends_with('\n') || text.ends_with("\n\n")) {
            findings.push(Finding::file(path, "must end with exactly one line break"));
        }
    }
    findings
}

fn find(tree: &Tree, endings: &[&str], marks: &[&str], advice: fn(&str) -> String) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.under("", endings).filter(|(path, _)| !path.starts_with(RULES)) {
        for (at, line) in text.lines().enumerate() {
            findings.extend(
                marks.iter().filter(|mark| line.contains(**mark)).map(|mark| Finding::line(path, at, advice(mark))),
            );
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(rule: fn(&Tree) -> Vec<Finding>, path: &str, text: &str) -> usize {
        rule(&Tree::of(&[(path, text)])).len()
    }

    #[test]
    fn a_long_source_is_found() {
        assert_eq!(count(sources_are_short, "a.rs", &"x\n".repeat(400)), 0);
        assert_eq!(count(sources_are_short, "a.rs", &"x\n".repeat(401)), 1);
        assert_eq!(count(sources_are_short, "a.md", &"x\n".repeat(401)), 0);
        assert_eq!(count(sources_are_short, "ARCHITECTURE.md", &"x\n".repeat(211)), 1);
    }

    #[test]
    fn a_left_over_is_found() {
        assert_eq!(count(nothing_is_left_over, "a.rs", "// TODO later\ndbg!(x);\n"), 2);
        assert_eq!(count(nothing_is_left_over, "ui/src/a.ts", "it.only('x', () => {});"), 1);
        assert_eq!(count(nothing_is_left_over, "a.rs", "// done\n"), 0);
    }

    #[test]
    fn a_path_of_a_machine_is_found() {
        assert_eq!(count(no_machine_is_named, "README.md", "see /home/me/kittiwake"), 1);
        assert_eq!(count(no_machine_is_named, "README.md", "see ~/.local/share"), 0);
    }

    #[test]
    fn odd_line_ends_are_found() {
        assert_eq!(count(lines_end_alike, "a.rs", "x\r\n"), 1);
        assert_eq!(count(lines_end_alike, "a.rs", "x"), 1);
        assert_eq!(count(lines_end_alike, "a.rs", "x\n\n"), 1);
        assert_eq!(count(lines_end_alike, "a.rs", "x\n"), 0);
    }
}

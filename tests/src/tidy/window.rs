//! What the web UI must not do. Its sources are `ui/src`, without the generated types.

use super::{Finding, Tree, has_word};

/// The one module that knows the shell.
const HOST: &str = "ui/src/host/tauri.ts";

/// Ways to put a string of HTML into the page, or to run one.
const SINKS: &[&str] = &[
    "innerHTML",
    "outerHTML",
    "insertAdjacentHTML",
    "dangerouslySetInnerHTML",
    "setHTMLUnsafe",
    "createContextualFragment",
    "DOMParser",
    "srcdoc",
    "srcDoc",
    "document.write",
    "eval(",
    "new Function(",
    "\"javascript:",
    "'javascript:",
    "`javascript:",
];

/// Ways out of the page, and places that outlive it.
const DOORS: &[&str] = &[
    "fetch(",
    "XMLHttpRequest",
    "WebSocket",
    "EventSource",
    "sendBeacon",
    "RTCPeerConnection",
    "window.open(",
    "localStorage",
    "sessionStorage",
    "indexedDB",
    "document.cookie",
];

const CODE: &[&str] = &[".ts", ".tsx", ".html"];

/// `@tauri-apps/*` is imported by one module, which implements the host's interface.
pub fn one_module_knows_the_shell(tree: &Tree) -> Vec<Finding> {
    let advice = format!("only {HOST} talks to the shell: add what you need to the Host interface");
    lines(tree, &["@tauri-apps/", "__TAURI"])
        .filter(|(path, ..)| *path != HOST)
        .map(|(path, at, _)| Finding::line(path, at, advice.clone()))
        .collect()
}

/// No HTML string is inserted anywhere.
pub fn no_html_is_inserted(tree: &Tree) -> Vec<Finding> {
    lines(tree, SINKS)
        .filter(|(path, ..)| !is_test(path))
        .map(|(path, at, sink)| {
            Finding::line(
                path,
                at,
                format!("no `{sink}`: build elements and text nodes, which no text can break out of"),
            )
        })
        .collect()
}

/// The page connects nowhere and keeps nothing.
pub fn the_page_has_no_doors(tree: &Tree) -> Vec<Finding> {
    lines(tree, DOORS)
        .filter(|(path, ..)| !is_test(path))
        .map(|(path, at, door)| {
            Finding::line(path, at, format!("no `{door}`: the core connects, opens links and remembers; ask the host"))
        })
        .collect()
}

/// The lines of the window's code, comments left out, that hold one of the words.
fn lines<'a>(tree: &'a Tree, words: &'a [&'a str]) -> impl Iterator<Item = (&'a str, usize, &'a str)> {
    tree.under("ui/", CODE).flat_map(move |(path, text)| {
        text.lines().enumerate().filter(|(_, line)| !is_comment(line)).flat_map(move |(at, line)| {
            words.iter().filter(|word| holds(line, word)).map(move |word| (path, at, *word))
        })
    })
}

/// A word that ends in a bracket or a colon has a border there already.
fn holds(line: &str, word: &str) -> bool {
    match word.strip_suffix(['(', ':', '/']) {
        Some(stem) => line.match_indices(word).any(|(start, _)| has_word(&line[..start + stem.len()], stem)),
        None => line.contains(word),
    }
}

fn is_comment(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("//") || line.starts_with("* ") || line.starts_with("/*")
}

fn is_test(path: &str) -> bool {
    path.contains(".test.") || path.contains("/test/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(rule: fn(&Tree) -> Vec<Finding>, path: &str, text: &str) -> usize {
        rule(&Tree::of(&[(path, text)])).len()
    }

    #[test]
    fn a_second_module_that_knows_the_shell_is_found() {
        let text = "import { invoke } from '@tauri-apps/api/core';";
        assert_eq!(count(one_module_knows_the_shell, HOST, text), 0);
        assert_eq!(count(one_module_knows_the_shell, "ui/src/app.tsx", text), 1);
        assert_eq!(count(one_module_knows_the_shell, "ui/src/app.tsx", "window.__TAURI__.core"), 1);
    }

    #[test]
    fn inserted_html_is_found() {
        for text in [
            "node.innerHTML = text;",
            "<div dangerouslySetInnerHTML={x} />",
            "eval(text)",
            "(eval(text))",
            "new Function('a')",
            "href=\"javascript:void 0\"",
        ] {
            assert_eq!(count(no_html_is_inserted, "ui/src/a.tsx", text), 1, "{text}");
        }
        assert_eq!(count(no_html_is_inserted, "ui/src/a.test.ts", "expect(page.innerHTML)"), 0);
        for text in ["// innerHTML would be wrong here", "medieval(text)", "retrieval(x)", "{ javascript: 'js' }"] {
            assert_eq!(count(no_html_is_inserted, "ui/src/a.tsx", text), 0, "{text}");
        }
    }

    #[test]
    fn a_way_out_of_the_page_is_found() {
        assert_eq!(count(the_page_has_no_doors, "ui/src/a.ts", "const x = await fetch(url);"), 1);
        assert_eq!(count(the_page_has_no_doors, "ui/src/a.ts", "localStorage.setItem('a', 'b');"), 1);
        assert_eq!(count(the_page_has_no_doors, "ui/src/a.ts", "prefetch(url); host.fetchOlder(1)"), 0);
    }
}

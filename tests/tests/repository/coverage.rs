//! `docs/protocol-coverage.md`: what of the protocol is there, made from what can be seen of it.
//!
//! The names are written down in `coverage/`, from the protocol reference. What is said of each comes from the recorded
//! exchanges, from reading each component with and without each prop, and from what the window drew of the two
//! (`ui/src/test/coverage.test.tsx`); where a test of its own is the evidence, that test is looked for.
//!
//! Set `KITTIWAKE_UPDATE_COVERAGE` to write `ui/src/test/coverage/props.json` and the document anew; the window's test writes
//! its part, between the two.
#![allow(clippy::unwrap_used, reason = "a test's helpers fail as the test does")]

mod names;
mod props;
mod seen;

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;

/// A file of the repository.
fn file(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

fn json(path: &str) -> Value {
    serde_json::from_str(&fs::read_to_string(file(path)).unwrap_or_else(|error| panic!("{path}: {error}"))).unwrap()
}

/// Keeps a file that is made here, or compares it.
fn keep(path: &str, fresh: &str) {
    if std::env::var_os("KITTIWAKE_UPDATE_COVERAGE").is_some() {
        fs::create_dir_all(file(path).parent().unwrap()).unwrap();
        fs::write(file(path), fresh).unwrap();
    }
    let kept = fs::read_to_string(file(path)).unwrap_or_default();
    assert!(kept == fresh, "{path} is old: see the head of tests/tests/repository/coverage.rs");
}

/// Sees that a test is where it is said to be: `path`, and words of it.
fn look_for(path: &str, words: &str) {
    let text = fs::read_to_string(file(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    assert!(text.contains(words), "{path} has no test “{words}” any more");
}

#[test]
fn each_prop_is_read() {
    let pairs = props::pairs();
    assert!(pairs.len() > 300, "{} props", pairs.len());
    let unread: Vec<_> = pairs.iter().filter(|pair| pair.with == pair.without).map(|pair| pair.name()).collect();
    assert!(unread.is_empty(), "removing these changes nothing that is read: {unread:?}");
    let lines: Vec<_> = pairs.iter().map(props::Pair::line).collect();
    keep("ui/src/test/coverage/props.json", &format!("[\n{}\n]\n", lines.join(",\n")));
}

#[test]
fn the_document_says_what_is_there() {
    let mut text = String::from(HEAD);
    let untested = props::write(&mut text);
    names::write(&mut text);
    writeln!(text, "\n## Props without a test\n").unwrap();
    match &untested[..] {
        [] => writeln!(text, "None.").unwrap(),
        all => all.iter().for_each(|name| writeln!(text, "- `{name}`").unwrap()),
    }
    keep("docs/protocol-coverage.md", &text);
    assert!(untested.is_empty(), "props without a test: {untested:?}");
}

const HEAD: &str = "# What of the ChatKit protocol is there

Made by a test, `tests/tests/repository/coverage.rs`, from what it sees; do not edit it.

- *Drawn*: the component was drawn with the prop and without it, and looks or reads otherwise.
- *Acts*: it is not to be seen until somebody does something; the test beside it does that.
- *Shown*: a recorded exchange has it, and what is drawn of that exchange is compared (`ui/src/test/conformance`).
- *Understood*: it is read, and its effect is not in the conversation; the test beside it shows which effect.
- *Read in a profile*: a profile keeps it as it is written.
- *Not taken*: with the reason.

## Components and their props

`both`: in the Python models and in the declarations for JavaScript. `py`, `js`: in one of them alone.
";

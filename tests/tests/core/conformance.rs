//! Every recorded exchange, asserted three times: what the mapper reads (`replay.rs`), what the reducer makes of it
//! (`replay_state.rs`), and, from here, what the window is sent and draws.
//!
//! The engine is run against a server that answers as the recorded one did; the messages that a window would get are kept
//! in `ui/src/test/conformance`, one file for each exchange that shows in a conversation, with the items as the reducer
//! alone has them. `ui/src/test/conformance.test.tsx` draws each file with the window's own parts and compares what a person
//! sees and a screen reader hears with `page.txt` there, and with the reducer's items. `conformance.txt` names every
//! exchange with what is asserted of it, so that none is left out in silence.
//!
//! Set `KITTIWAKE_UPDATE_REPLAY` to write the files anew, and read the difference before you commit it.
#![allow(clippy::unwrap_used, reason = "a test's helpers fail as the test does")]

mod played;
mod reduced;
mod staged;

use std::{collections::BTreeMap, fmt::Write as _, fs, path::Path};

use acceptance::traces::{self, Exchange};
use futures_util::{StreamExt, stream};
use serde_json::{Value, json};

use self::staged::{Known, Scene};

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../ui/src/test/conformance");
const TABLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/core/conformance.txt");

/// How many exchanges are played at the same time.
const AT_ONCE: usize = 16;

/// What is asserted of the requests that show nothing in a conversation.
fn asserted_elsewhere(exchange: &Exchange) -> &'static str {
    match (exchange.kind(), exchange.status) {
        ("threads.list" | "threads.get_by_id" | "threads.delete" | "items.list", 400..) => {
            "a refusal of what no conversation waits for: doctor_answer.rs and findings by their status"
        }
        ("threads.list", _) => "the sidebar: replay.rs reads the page, chatkit_sdk.rs lists, versions.rs pages",
        ("threads.get_by_id", _) => "title and state alone are taken: replay.rs",
        ("threads.update", _) => "the title in the sidebar: replay.rs, chatkit_sdk.rs renames",
        ("threads.delete", _) => "the sidebar: replay.rs, chatkit_sdk.rs deletes",
        ("items.feedback", _) => "nothing comes back: replay.rs, chatkit_sdk.rs praises",
        ("attachments.create" | "attachments.delete", _) => "the files of the message field: attachments.rs",
        ("input.transcribe", _) => "not made by this version: docs/protocol-coverage.md",
        ("threads.stop", _) => "not made by this version: no server of the SDK knows it",
        ("", _) => "no request of the protocol: an upload, a session, or a body that is none",
        _ => panic!("{}: say what is asserted of it", exchange.name),
    }
}

/// The name of an exchange's file.
fn file_name(exchange: &Exchange) -> String {
    format!("{}.json", exchange.name.replace(" #", "-"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_window_is_sent_what_was_recorded() {
    let exchanges = traces::chatkit();
    let known = Known::of(&exchanges);
    let scenes = exchanges.iter().enumerate().filter_map(|(place, one)| Some((one, Scene::of(one, place, &known)?)));
    let files: BTreeMap<String, String> = stream::iter(scenes)
        .map(|(exchange, scene)| async move {
            let messages = played::messages(exchange, &scene).await;
            (file_name(exchange), written(&exchange.name, &reduced::items(exchange, &scene), &messages))
        })
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    assert!(files.len() >= 110, "{} exchanges are drawn", files.len());
    let table = table(&exchanges, &files);
    if std::env::var_os("KITTIWAKE_UPDATE_REPLAY").is_some() {
        write_all(&files);
        fs::write(TABLE, &table).unwrap();
    }
    compare(&files);
    assert!(
        fs::read_to_string(TABLE).unwrap_or_default() == table,
        "conformance.txt is old: see the head of this file"
    );
}

/// A file: a line for each item and each message, so that a difference can be read.
fn written(name: &str, items: &[Value], messages: &[Value]) -> String {
    let lines = |all: &[Value]| all.iter().map(|one| format!("\n  {one}")).collect::<Vec<_>>().join(",");
    format!("{{\"name\": {},\n\"items\": [{}],\n\"messages\": [{}]}}\n", json!(name), lines(items), lines(messages))
}

/// Every exchange, with where it is drawn or what else is asserted of it.
fn table(exchanges: &[Exchange], files: &BTreeMap<String, String>) -> String {
    let mut table = String::new();
    for exchange in exchanges {
        let file = file_name(exchange);
        let what = if files.contains_key(&file) { "core, reducer, page" } else { asserted_elsewhere(exchange) };
        writeln!(table, "{:<44} {:<32} {what}", exchange.name, exchange.kind()).unwrap();
    }
    table
}

fn kept() -> Vec<String> {
    let Ok(folder) = fs::read_dir(PAGE) else { return Vec::new() };
    let names = folder.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.ends_with(".json")).collect()
}

fn write_all(files: &BTreeMap<String, String>) {
    fs::create_dir_all(PAGE).unwrap();
    for name in kept().iter().filter(|name| !files.contains_key(*name)) {
        fs::remove_file(Path::new(PAGE).join(name)).unwrap();
    }
    for (name, text) in files {
        fs::write(Path::new(PAGE).join(name), text).unwrap();
    }
}

fn compare(files: &BTreeMap<String, String>) {
    let mut kept = kept();
    kept.sort();
    assert_eq!(kept, files.keys().cloned().collect::<Vec<_>>(), "see the head of this file");
    for (name, fresh) in files {
        let kept = fs::read_to_string(Path::new(PAGE).join(name)).unwrap();
        for (ours, theirs) in fresh.lines().zip(kept.lines()) {
            assert_eq!(ours, theirs, "{name}: see the head of this file");
        }
        assert_eq!(*fresh, kept, "{name}: see the head of this file");
    }
}

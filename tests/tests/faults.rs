//! What becomes of every fault, at every stage of a turn, with every way of answering.
//!
//! `docs/faults.md` is what this test saw. It is compared here; set `KITTIWAKE_UPDATE_FAULTS` to write it anew, and read the
//! difference before you commit it.
// How systems treat connections that nobody takes differs, and only Linux tells of them.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test's helpers fail as the test does")]

use std::{env, fs, time::Duration};

use acceptance::faults::{Fault, PEERS, Peer, REST, Stage, page, trial};
use futures_util::{StreamExt, stream};
use tokio::time::timeout;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/faults.md");

/// So many cases run at once. Most of them wait for most of the time.
const AT_ONCE: usize = 12;

#[test]
fn every_kind_is_tried_or_is_read_by_another_ones_adapter() {
    for adapter in adapters::registry() {
        let kind = adapter.kind();
        let tried = PEERS.iter().filter(|peer| peer.kind == kind).count();
        assert!((tried > 0) != REST.contains(&kind), "{kind:?}: put an answer of such a server into PEERS");
    }
}

/// No trial takes nearly as long; one that waits for what never comes would hold up all the tests after it.
const LONGEST: Duration = Duration::from_secs(120);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_fault_costs_more_than_it_must() {
    let stages = || Stage::ALL.into_iter().flat_map(|stage| Fault::ALL.map(|fault| (stage, fault)));
    let cases = PEERS.iter().flat_map(|peer| stages().map(move |(stage, fault)| (peer, stage, fault)));
    let cases: Vec<_> = cases.collect();
    let run = cases.iter().enumerate().map(|(at, &(peer, stage, fault))| async move {
        // In a task of its own: if it fails, the others go on.
        let seen = tokio::spawn(timeout(LONGEST, trial(peer, stage, fault))).await;
        let seen = seen.map_err(|error| error.to_string()).and_then(|seen| seen.map_err(|_| "has no end".to_owned()));
        (at, seen.map_err(|error| format!("{}, {}, {}: {error}", peer.name, stage.name(peer.way), fault.name())))
    });
    let mut seen: Vec<_> = stream::iter(run).buffer_unordered(AT_ONCE).collect().await;
    seen.sort_by_key(|(at, _)| *at);
    let failed: Vec<_> = seen.iter().filter_map(|(_, outcome)| outcome.as_ref().err()).collect();
    assert!(failed.is_empty(), "{failed:#?}");
    let seen: Vec<_> = seen.into_iter().filter_map(|(_, outcome)| outcome.ok()).collect();
    let cells = cases.iter().zip(seen).map(|(&(_, stage, fault), outcome)| (stage, fault, outcome));
    let cells: Vec<_> = cells.collect();
    let all: Vec<(&Peer, &[_])> = PEERS.iter().zip(cells.chunks(stages().count())).collect();

    let page = page(&all);
    if env::var_os("KITTIWAKE_UPDATE_FAULTS").is_some() {
        fs::write(PAGE, &page).unwrap();
    }
    assert!(
        page == fs::read_to_string(PAGE).unwrap_or_default(),
        "docs/faults.md is not what was seen: set KITTIWAKE_UPDATE_FAULTS=1, read the difference and commit it\n{page}"
    );
}

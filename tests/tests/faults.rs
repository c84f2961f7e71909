//! What becomes of every fault, at every stage of a turn, with every way of answering.
//!
//! `docs/faults.md` is what this test saw. It is compared here; set `KITTIWAKE_UPDATE_FAULTS` to write it anew, and read the
//! difference before you commit it.
// How systems treat connections that nobody takes differs, and only Linux tells of them.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test's helpers fail as the test does")]

use std::{env, fs};

use acceptance::faults::{Fault, PEERS, Peer, REST, Stage, page, trial};
use futures_util::{StreamExt, stream};

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/faults.md");

/// So many cases run at once. Most of them wait for most of the time.
const AT_ONCE: usize = 6;

#[test]
fn every_kind_is_tried_or_is_read_by_another_ones_adapter() {
    for adapter in adapters::registry() {
        let kind = adapter.kind();
        let tried = PEERS.iter().filter(|peer| peer.kind == kind).count();
        assert!((tried > 0) != REST.contains(&kind), "{kind:?}: put an answer of such a server into PEERS");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_fault_costs_more_than_it_must() {
    let cases = |peer: &'static Peer| {
        let all = Stage::ALL.into_iter().flat_map(|stage| Fault::ALL.map(|fault| (stage, fault)));
        let all = all.map(move |(stage, fault)| async move {
            // A case of its own, so that one that fails says which it was.
            let told = format!("{}, {}, {}", peer.name, stage.name(), fault.name());
            match tokio::spawn(trial(peer, stage, fault)).await {
                Ok(outcome) => (stage, fault, Ok(outcome)),
                Err(failed) => (stage, fault, Err(format!("{told}: {failed}"))),
            }
        });
        stream::iter(all).buffered(AT_ONCE).collect::<Vec<_>>()
    };
    let (mut all, mut failed) = (Vec::new(), Vec::new());
    for peer in &PEERS {
        let mut seen = Vec::new();
        for (stage, fault, result) in cases(peer).await {
            match result {
                Ok(outcome) => seen.push((stage, fault, outcome)),
                Err(why) => failed.push(why),
            }
        }
        all.push((peer, seen));
    }
    assert!(failed.is_empty(), "{failed:#?}");
    let page = page(&all);
    if env::var_os("KITTIWAKE_UPDATE_FAULTS").is_some() {
        fs::write(PAGE, &page).unwrap();
    }
    let kept = fs::read_to_string(PAGE).unwrap_or_default();
    assert!(
        page == kept,
        "docs/faults.md is not what was seen: set KITTIWAKE_UPDATE_FAULTS=1, read the difference and commit it\n{page}"
    );
}

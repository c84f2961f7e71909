//! Questions that a new user asks, and the section of the manual that must be quoted first.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail by panicking")]

mod common;

use common::{Peer, answer};
use guide::Pace;

const QUESTIONS: &str = include_str!("questions.tsv");

#[tokio::test]
async fn a_new_users_questions_find_their_sections() {
    let peer = Peer::start(Pace::Instant).await;
    let mut wrong = Vec::new();
    let mut asked = 0;
    for line in QUESTIONS.lines() {
        let [question, file, heading] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let events = peer.create(question).await;
        let annotations = &answer(&events)["content"][0]["annotations"];
        let first = &annotations[0]["source"];
        if (first["filename"].as_str(), first["title"].as_str()) != (Some(file), Some(heading)) {
            let found: Vec<_> =
                annotations.as_array().unwrap().iter().map(|a| a["source"]["title"].to_string()).collect();
            wrong.push(format!("{question:?} should find {heading:?}, found {}", found.join(", ")));
        }
        asked += 1;
    }
    assert!(asked >= 25);
    assert!(wrong.is_empty(), "{} of {asked}:\n{}", wrong.len(), wrong.join("\n"));
}

//! The manual's chapter about the doctor is what the doctor knows, the Guide answers from it, and each finding is shown by
//! a test.
//!
//! `docs/manual/doctor.md` is generated and compared here; set `KITTIWAKE_UPDATE_MANUAL` to write it anew.
#![allow(clippy::unwrap_used, reason = "a test's helpers fail as the test does")]

use std::{collections::HashSet, env, fs, path::Path};

use acceptance::chapter::chapter;
use engine::findings::{About, about, all};
use guide::{Guide, GuideConfig, Pace};
use model::Finding;
use serde_json::{Value, json};

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/manual/doctor.md");
const TESTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests");

#[test]
fn the_chapter_is_what_the_doctor_knows() {
    let chapter = chapter();
    if env::var_os("KITTIWAKE_UPDATE_MANUAL").is_some() {
        fs::write(PAGE, &chapter).unwrap();
    }
    assert!(
        chapter == fs::read_to_string(PAGE).unwrap_or_default(),
        "docs/manual/doctor.md is not what the findings say: set KITTIWAKE_UPDATE_MANUAL=1 and commit what it wrote"
    );
}

#[test]
fn every_finding_is_explained_once_and_well() {
    let unexplained: Vec<_> = Finding::ALL.iter().filter(|finding| about(**finding).is_none()).collect();
    assert!(unexplained.is_empty(), "these have no entry in crates/engine/src/findings: {unexplained:?}");
    let (mut names, mut titles) = (HashSet::new(), HashSet::new());
    for About { finding, title, cause, remedy, ask, .. } in all() {
        assert!(names.insert(finding) && titles.insert(title), "{finding} is explained twice");
        let words = cause.split_whitespace().chain(remedy.split_whitespace()).count();
        assert!((40..=90).contains(&words), "{finding}: {words} words of cause and remedy; 40 to 90 say enough");
        assert!(cause.ends_with('.') && remedy.ends_with('.') && !title.ends_with('.'), "{finding}");
        assert!(!ask.is_empty() && ask.iter().all(|question| question.ends_with('?')), "{finding}: {ask:?}");
    }
}

#[test]
fn every_finding_is_shown_by_a_test() {
    let sources: String =
        ["core", "desktop"].iter().flat_map(|folder| sources(&Path::new(TESTS).join(folder))).collect();
    let is_shown = |finding: &Finding| {
        sources.contains(&format!("Finding::{finding:?}")) || sources.contains(&format!("\"{finding}\""))
    };
    let unshown: Vec<_> = Finding::ALL.iter().filter(|finding| !is_shown(finding)).collect();
    assert!(unshown.is_empty(), "no test in tests/tests names these: {unshown:?}");
}

fn sources(dir: &Path) -> Vec<String> {
    let files = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    let tests = files.filter(|path| path.extension().is_some_and(|ext| ext == "rs"));
    tests.map(|path| fs::read_to_string(path).unwrap()).collect()
}

#[tokio::test]
async fn the_guide_answers_every_question_about_a_finding_from_its_own_section() {
    let dir = tempfile::tempdir().unwrap();
    let config = GuideConfig { pace: Pace::Instant, ..GuideConfig::new(dir.path().join("guide.sqlite")) };
    let guide = Guide::start(config).await.unwrap();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let mut wrong = Vec::new();
    for (title, question) in all().flat_map(|about| about.ask.iter().map(|question| (about.title, *question))) {
        let content = json!([{"type": "input_text", "text": question}]);
        let input = json!({"content": content, "attachments": [], "inference_options": {}});
        let request = json!({"type": "threads.create", "params": {"input": input}});
        let answer = client.post(guide.url()).bearer_auth(guide.token()).json(&request).send().await.unwrap();
        let events = answer.text().await.unwrap();
        let first = sources_of(&events).into_iter().next();
        if first.as_deref() != Some(title) {
            wrong.push(format!("{question:?} should find {title:?}, found {first:?}"));
        }
    }
    guide.shutdown().await;
    assert!(wrong.is_empty(), "give these other words, or more of them, in `also`:\n{}", wrong.join("\n"));
}

/// The sections that an answer was taken from, in its order.
fn sources_of(events: &str) -> Vec<String> {
    let last = events.lines().filter_map(|line| line.strip_prefix("data: ")).next_back().unwrap();
    let last: Value = serde_json::from_str(last).unwrap();
    let annotations = last["item"]["content"][0]["annotations"].as_array().cloned().unwrap_or_default();
    annotations.iter().filter_map(|one| Some(one["source"]["title"].as_str()?.to_owned())).collect()
}

//! The trial of a file in the test of a connection: servers that take it, and those that each make one mistake with it.
#![allow(clippy::unwrap_used, reason = "a test's helpers fail as the test does")]

use std::path::PathBuf;

use acceptance::peer::Peer;
use engine::{
    CheckExtra, Engine, EngineConfig,
    view::{CheckOutcome, CheckStep, CheckStepKind, CheckVerdict, ConnectionDraft},
};
use model::{Finding, Kind};
use serde_json::{Value, json};
use tempfile::TempDir;

const TEXT: &str = "A few words.\r\nAnd a line.";

struct Desk {
    engine: Engine,
    peer: Peer,
    file: PathBuf,
    _dir: TempDir,
}

impl Desk {
    async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("words.txt");
        std::fs::write(&file, TEXT).unwrap();
        let engine = Engine::open(EngineConfig::new(dir.path().join("data"))).await.unwrap();
        Self { engine, peer: Peer::of_mistakes(), file, _dir: dir }
    }

    /// The step in which a file is sent to one of the peer's backends.
    async fn sent(&self, path: &str, kind: Kind) -> CheckStep {
        let end = if kind == Kind::Chatkit { "/chatkit" } else { "" };
        let draft = ConnectionDraft::server("Own", &self.peer.address(&format!("/{path}{end}")));
        let draft = ConnectionDraft { kind, token: Some("s3same".into()), ..draft };
        let connection = self.engine.add_connection(draft).await.unwrap().id;
        let extra = CheckExtra { upload: Some(self.file.clone()) };
        let mut check = self.engine.test_connection_with(&connection, extra).unwrap();
        let mut last = None;
        while let Some(view) = check.next().await {
            last = Some(view);
        }
        let view = last.unwrap();
        let step = view.steps.last().unwrap().clone();
        assert_eq!(step.kind, CheckStepKind::Upload);
        assert_ne!(step.outcome, CheckOutcome::Skipped, "{}", view.report.unwrap());
        assert_eq!(view.verdict == CheckVerdict::Works, step.failure.is_none(), "{path}: {step:?}");
        step
    }

    async fn files(&self) -> Value {
        reqwest::get(self.peer.address("/debug/files")).await.unwrap().json().await.unwrap()
    }
}

#[tokio::test]
async fn a_file_comes_as_it_is_with_the_token_only_where_that_belongs_and_is_deleted_again() {
    if !Peer::wanted() {
        return;
    }
    let desk = Desk::new().await;
    for (path, kind, left) in [
        ("files", Kind::Custom, "names no way to delete it"),
        ("chatkit-put", Kind::Chatkit, "deleted again"),
        ("chatkit-post", Kind::Chatkit, "deleted again"),
        ("chatkit-old", Kind::Chatkit, "deleted again"),
    ] {
        let step = desk.sent(path, kind).await;
        assert_eq!((step.outcome, &step.finding), (CheckOutcome::Passed, &None), "{path}: {step:?}");
        assert!(step.line.contains("took the file “words.txt”: 25 bytes, as text/plain."), "{}", step.line);
        assert!(step.facts[0].value.contains(left), "{path}: {:?}", step.facts);
    }
    let file = |name: &str, signed: bool| json!({"name": name, "type": "text/plain", "text": TEXT, "signed": signed});
    let came = [file("words.txt", true), file("", false), file("words.txt", false), file("words.txt", false)];
    assert_eq!(desk.files().await, json!({"came": came, "deleted": ["atc_1", "atc_1", "atc_1"]}));
}

/// A test of a ChatKit connection whose settings say where files go. Such settings come from files.
async fn tested_directly(desk: &Desk, path: &str, upload: &str) -> (CheckVerdict, Option<CheckStep>) {
    let data = tempfile::tempdir().unwrap();
    let office = json!({"id": "office", "name": "Office", "kind": "chatkit", "session": {"type": "static"},
        "url": desk.peer.address(&format!("/{path}/chatkit")), "attachments": {"upload_url": upload}});
    let settings = json!({"version": 2, "connections": [office]});
    std::fs::write(data.path().join("settings.json"), settings.to_string()).unwrap();
    let engine = Engine::open(EngineConfig::new(data.path().to_owned())).await.unwrap();
    engine.lend_token(&"office".into(), "s3same".into()).await.unwrap();
    let mut check = engine.test_connection(&"office".into()).unwrap();
    let mut last = None;
    while let Some(view) = check.next().await {
        last = Some(view);
    }
    engine.close().await;
    let view = last.unwrap();
    (view.verdict.clone(), view.steps.into_iter().find(|step| step.kind == CheckStepKind::Upload))
}

#[tokio::test]
async fn where_files_go_directly_a_tiny_one_is_sent_and_deleted_again() {
    if !Peer::wanted() {
        return;
    }
    let desk = Desk::new().await;
    let (verdict, step) = tested_directly(&desk, "chatkit-direct", "upload").await;
    let step = step.unwrap();
    assert_eq!((verdict, step.outcome), (CheckVerdict::Works, CheckOutcome::Passed), "{step:?}");
    assert!(step.facts[0].value.ends_with("/chatkit-direct/upload"), "{:?}", step.facts);
    assert_eq!(step.facts[1].value, "deleted again");
    let files = desk.files().await;
    assert_eq!((files["came"].as_array().unwrap().len(), &files["deleted"]), (1, &json!(["atc_direct"])));
    assert_eq!(files["came"][0]["signed"], true);
}

#[tokio::test]
async fn a_direct_upload_that_is_refused_is_told_by_name_and_the_connection_works() {
    if !Peer::wanted() {
        return;
    }
    let desk = Desk::new().await;
    for (path, upload, finding) in [
        ("chatkit-direct-413", "upload", Finding::UploadTooLarge),
        ("chatkit-direct-501", "upload", Finding::UploadUnsupported),
        ("chatkit-direct-401", "upload", Finding::CredentialsRefused),
        ("chatkit-direct", "nowhere", Finding::UploadUnsupported),
    ] {
        let (verdict, step) = tested_directly(&desk, path, upload).await;
        let step = step.unwrap();
        assert_eq!((verdict, step.outcome), (CheckVerdict::Works, CheckOutcome::Noted), "{path}: {step:?}");
        assert_eq!(step.finding.as_ref().map(|told| told.name), Some(finding), "{path}: {step:?}");
        assert!(step.line.contains("attachments.upload_url"), "{path}: {}", step.line);
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_file_is_told_by_name() {
    if !Peer::wanted() {
        return;
    }
    let desk = Desk::new().await;
    for (path, kind, finding, words) in [
        ("files-large", Kind::Custom, Finding::UploadTooLarge, "Send a smaller one"),
        ("files-type", Kind::Custom, Finding::UploadWrongType, "Save it in another format"),
        ("files-none", Kind::Custom, Finding::UploadUnsupported, "as text"),
        ("files-missing", Kind::Custom, Finding::UploadUnsupported, "check “Upload path”"),
        ("chatkit-large", Kind::Chatkit, Finding::UploadTooLarge, "Send a smaller one"),
        ("chatkit-none", Kind::Chatkit, Finding::UploadUnsupported, "as text"),
    ] {
        let step = desk.sent(path, kind).await;
        assert_eq!(step.finding.as_ref().map(|told| told.name), Some(finding), "{path}: {step:?}");
        assert_eq!(step.outcome, CheckOutcome::Failed, "{path}");
        assert!(step.line.contains(words), "{path}: {}", step.line);
    }
    // What the server awaited in vain is forgotten there.
    assert_eq!(desk.files().await, json!({"came": [], "deleted": ["atc_1"]}));
}

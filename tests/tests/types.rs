//! The window's types are the core's: `ui/src/gen` is generated, committed, and compared here.
#![allow(clippy::unwrap_used, reason = "a test's helpers fail as the test does")]

use std::{fs, path::Path};

use engine::view;
use ts_rs::{Config, TS};

const GENERATED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../ui/src/gen");

fn generate(into: &Path) {
    let config = Config::default().with_out_dir(into);
    view::AppMessage::export_all(&config).unwrap();
    view::ThreadMessage::export_all(&config).unwrap();
    view::CheckView::export_all(&config).unwrap();
    view::SigningInView::export_all(&config).unwrap();
    view::SignOutView::export_all(&config).unwrap();
    view::OlderItems::export_all(&config).unwrap();
    view::SendRequest::export_all(&config).unwrap();
    view::Sent::export_all(&config).unwrap();
    view::ConnectionDraft::export_all(&config).unwrap();
    view::RouteDraft::export_all(&config).unwrap();
    view::RouteImport::export_all(&config).unwrap();
    view::ConnectionImport::export_all(&config).unwrap();
    view::LocalServer::export_all(&config).unwrap();
    view::ThreadOptions::export_all(&config).unwrap();
    view::KindForm::export_all(&config).unwrap();
    view::ModelDraft::export_all(&config).unwrap();
    view::LatencyView::export_all(&config).unwrap();
    view::SearchHit::export_all(&config).unwrap();
    view::About::export_all(&config).unwrap();
    view::CrashReport::export_all(&config).unwrap();
    view::NewVersion::export_all(&config).unwrap();
    model::FeedbackKind::export_all(&config).unwrap();
}

fn files(dir: &Path) -> Vec<(String, String)> {
    let mut all: Vec<_> = fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ext| ext == "ts"))
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read_to_string(&path).unwrap()))
        .collect();
    all.sort();
    all
}

#[test]
fn the_generated_types_are_those_of_the_core() {
    if std::env::var_os("KITTIWAKE_UPDATE_TYPES").is_some() {
        let _ = fs::remove_dir_all(GENERATED);
        generate(Path::new(GENERATED));
    }
    let fresh = tempfile::tempdir().unwrap();
    generate(fresh.path());
    assert!(
        files(fresh.path()) == files(Path::new(GENERATED)),
        "ui/src/gen differs from the Rust types: run `cargo xtask types` and commit what it wrote"
    );
}

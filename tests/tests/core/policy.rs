//! The administrator's file on a real disk, with real owners and rights.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test's helpers fail as the test does")]

use std::{
    fs::{self, Permissions},
    os::unix::fs::{PermissionsExt, chown, symlink},
    path::{Path, PathBuf},
    sync::Arc,
};

use acceptance::{own::answer, peer::Peer};
use engine::{
    Engine, EngineConfig,
    layers::{Environment, PolicyPlace, Writer},
    view::{AppMessage, AppView, ConnectionDraft, ModelDraft},
};
use model::{ConnectionId, Failure, FailureCode, ModelRef, Patience};
use secrets::SecretStore;
use serde_json::json;
use tempfile::TempDir;

use crate::environment::is_written;

/// An account that is nobody's.
const NOBODY: u32 = 65_534;

/// A policy that says one thing that can be seen.
const POLICY: &str = r#"{"patience": 7, "connections": [
    {"id": "office", "name": "Office", "kind": "chatkit", "url": "http://127.0.0.1:9/chatkit"}
]}"#;

/// Whether owners can be given away here.
fn is_root() -> bool {
    let file = tempfile::NamedTempFile::new().unwrap();
    let may = chown(file.path(), Some(NOBODY), None).is_ok();
    if !may {
        eprintln!("left out: only root can give files to others");
    }
    may
}

/// A folder as the system's place has it: nobody else may write there.
struct Place {
    dir: TempDir,
    file: PathBuf,
}

impl Place {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("kittiwake");
        fs::create_dir(&folder).unwrap();
        mode(dir.path(), 0o755);
        mode(&folder, 0o755);
        let file = folder.join("policy.json");
        fs::write(&file, POLICY).unwrap();
        mode(&file, 0o644);
        Self { dir, file }
    }

    fn folder(&self) -> &Path {
        self.file.parent().unwrap()
    }

    async fn app(&self, writer: Writer) -> AppView {
        let data = tempfile::tempdir().unwrap();
        let place = PolicyPlace { file: self.file.clone(), writer };
        let engine = Engine::open(EngineConfig { policy: Some(place), ..EngineConfig::new(data.path().to_owned()) });
        app(&engine.await.unwrap()).await
    }

    /// The words in which the policy is refused. The program goes on without it.
    async fn refused(&self, writer: Writer) -> String {
        let app = self.app(writer).await;
        assert_eq!((app.patience, app.connections.len()), (Patience::default(), 0), "nothing of it is in force");
        assert_eq!(app.managed.policy, None);
        let [problem] = &app.problems[..] else { panic!("{:?}", app.problems) };
        assert_eq!(problem.code, FailureCode::DataDamaged);
        assert!(problem.message.contains("is not used"), "{problem}");
        problem.message.clone()
    }

    async fn is_used(&self, writer: Writer) {
        let app = self.app(writer).await;
        assert!(app.problems.is_empty(), "{:?}", app.problems);
        assert_eq!(app.patience, Patience(7));
        assert_eq!(app.managed.policy, Some(self.file.display().to_string()));
        assert_eq!(app.managed.connections, [ConnectionId::from("office")]);
    }
}

fn mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

pub(crate) async fn app(engine: &Engine) -> AppView {
    match engine.subscribe_app().next().await {
        Some(AppMessage::Snapshot { app }) => app,
        other => panic!("the first message is a snapshot, not {other:?}"),
    }
}

#[tokio::test]
async fn a_policy_that_others_may_write_to_is_refused_in_words() {
    if !is_root() {
        return;
    }
    let place = Place::new();
    place.is_used(Writer::Administrator).await;
    for rights in [0o664, 0o646] {
        mode(&place.file, rights);
        let words = place.refused(Writer::Administrator).await;
        assert!(words.contains("may write") && words.contains(&format!("{rights:o}")), "{words}");
    }
    mode(&place.file, 0o600);
    place.is_used(Writer::Administrator).await;
    mode(place.folder(), 0o777);
    let words = place.refused(Writer::Administrator).await;
    assert!(words.contains("kittiwake” (mode 777)"), "{words}");
    mode(place.folder(), 0o755);
    mode(place.dir.path(), 0o775);
    place.refused(Writer::Administrator).await;
    mode(place.dir.path(), 0o755);
    place.is_used(Writer::Administrator).await;
}

#[tokio::test]
async fn a_policy_of_somebody_else_is_refused_in_words() {
    if !is_root() {
        return;
    }
    let place = Place::new();
    for writer in [Writer::Administrator, Writer::Person] {
        for theirs in [&place.file, place.folder(), place.dir.path()] as [&Path; 3] {
            chown(theirs, Some(NOBODY), None).unwrap();
            let words = place.refused(writer).await;
            assert!(words.contains("belongs to user 65534") && words.contains("root"), "{words}");
            chown(theirs, Some(0), None).unwrap();
        }
        place.is_used(writer).await;
    }
}

#[tokio::test]
async fn a_link_is_as_good_as_what_it_points_to() {
    if !is_root() {
        return;
    }
    let (place, other) = (Place::new(), Place::new());
    fs::remove_file(&place.file).unwrap();
    symlink(&other.file, &place.file).unwrap();
    place.is_used(Writer::Administrator).await;
    mode(&other.file, 0o666);
    place.refused(Writer::Administrator).await;
    mode(&other.file, 0o644);
    chown(other.folder(), Some(NOBODY), None).unwrap();
    let words = place.refused(Writer::Administrator).await;
    assert!(words.contains(&other.folder().display().to_string()), "{words}");
    chown(other.folder(), Some(0), None).unwrap();
    std::os::unix::fs::lchown(&place.file, Some(NOBODY), None).unwrap();
    let words = place.refused(Writer::Administrator).await;
    assert!(words.contains("belongs to user 65534"), "{words}");
}

#[tokio::test]
async fn what_is_no_file_or_too_large_or_no_text_is_refused() {
    if !is_root() {
        return;
    }
    let place = Place::new();
    fs::File::options().write(true).open(&place.file).unwrap().set_len(1 << 30).unwrap();
    let words = place.refused(Writer::Administrator).await;
    assert!(words.contains("larger than"), "{words}");
    fs::write(&place.file, b"{\"patience\": \xff}").unwrap();
    let words = place.refused(Writer::Administrator).await;
    assert!(words.contains("UTF-8"), "{words}");
    fs::write(&place.file, "{\n  \"patience\": 7\n  \"appearance\": {}\n}").unwrap();
    let words = place.refused(Writer::Administrator).await;
    assert!(words.contains("line 2, column 16: A comma is missing"), "{words}");
    fs::remove_file(&place.file).unwrap();
    let words = place.refused(Writer::Person).await;
    assert!(words.contains("there is no"), "{words}");
    fs::create_dir(&place.file).unwrap();
    let words = place.refused(Writer::Administrator).await;
    assert!(words.contains("not a file"), "{words}");
}

#[tokio::test]
async fn what_the_policy_brings_cannot_be_removed_and_what_it_locks_cannot_be_changed() {
    if !is_root() {
        return;
    }
    let (place, data) = (Place::new(), tempfile::tempdir().unwrap());
    let open = || async {
        let policy = Some(PolicyPlace { file: place.file.clone(), writer: Writer::Administrator });
        Engine::open(EngineConfig { policy, ..EngineConfig::new(data.path().to_owned()) }).await.unwrap()
    };
    let locked = |failure: Failure| {
        assert_eq!(failure.code, FailureCode::Locked, "{failure}");
        failure.message
    };
    let (engine, office) = (open().await, ConnectionId::from("office"));
    let words = locked(engine.remove_connection(&office).await.unwrap_err());
    assert!(words.contains("Switch it off instead"), "{words}");
    engine.disable_connection(&office, true).await.unwrap();
    assert!(engine.connections()[0].disabled);
    engine.set_patience(Patience(3)).await.unwrap();
    engine.close().await;

    let mut policy: serde_json::Value = serde_json::from_str(POLICY).unwrap();
    policy["managed_by"] = "the IT desk".into();
    policy["locked"] = json!(["connections", "patience"]);
    fs::write(&place.file, policy.to_string()).unwrap();
    let engine = open().await;
    let app = app(&engine).await;
    assert_eq!(
        (app.patience, &app.managed.locked[..]),
        (Patience(7), &["connections".to_owned(), "patience".to_owned()][..])
    );
    assert!(!engine.connections()[0].disabled, "what was chosen before is not in force");
    let words = locked(engine.remove_connection(&office).await.unwrap_err());
    assert!(words.contains("neither removed nor switched off"), "{words}");
    let words = locked(engine.disable_connection(&office, true).await.unwrap_err());
    assert!(words.contains("the IT desk") && words.contains(place.file.to_str().unwrap()), "{words}");
    locked(engine.set_patience(Patience(3)).await.unwrap_err());
    let own = ConnectionDraft::server("Own", "http://127.0.0.1:9/chatkit");
    let words = locked(engine.add_connection(own.clone()).await.unwrap_err());
    assert!(words.contains("Nothing can be added"), "{words}");
    locked(engine.update_connection(&office, own).await.unwrap_err());
    assert_eq!(engine.connections().len(), 1);
    let kept: serde_json::Value =
        serde_json::from_slice(&fs::read(data.path().join("settings.json")).unwrap()).unwrap();
    assert_eq!(kept["patience"], 3, "what was chosen before is kept, for when it is not locked any more");
}

#[tokio::test]
async fn a_name_can_be_changed_in_the_form_of_a_connection_whose_address_is_locked() {
    if !is_root() {
        return;
    }
    let (place, data) = (Place::new(), tempfile::tempdir().unwrap());
    // The form would write a slash behind this address.
    let office = json!({"id": "office", "name": "Office", "kind": "chatkit", "url": "http://127.0.0.1:9"});
    fs::write(&place.file, json!({"connections": [office], "locked": ["connections.office.url"]}).to_string()).unwrap();
    let policy = Some(PolicyPlace { file: place.file.clone(), writer: Writer::Administrator });
    let config = EngineConfig { policy, ..EngineConfig::new(data.path().to_owned()) };
    let (engine, office) = (Engine::open(config).await.unwrap(), ConnectionId::from("office"));
    let values = engine.form_values(&office).unwrap();
    let mut draft = ConnectionDraft { values, ..ConnectionDraft::server("Work", "") };
    assert_eq!(engine.update_connection(&office, draft.clone()).await.unwrap().name, "Work");
    let kept: serde_json::Value =
        serde_json::from_slice(&fs::read(data.path().join("settings.json")).unwrap()).unwrap();
    assert_eq!(kept["connections"], json!([{"id": "office", "name": "Work"}]));
    draft.values.insert("url".to_owned(), "http://127.0.0.1:10".to_owned());
    let refused = engine.update_connection(&office, draft).await.unwrap_err();
    assert!(refused.code == FailureCode::Locked && refused.message.contains("connections.office.url"), "{refused}");
}

#[tokio::test]
async fn a_single_thing_about_a_model_that_is_locked_is_refused_in_words_and_the_rest_is_free() {
    if !is_root() {
        return;
    }
    let (place, data) = (Place::new(), tempfile::tempdir().unwrap());
    let office = json!({"id": "office", "name": "Office", "kind": "chatkit", "url": "http://127.0.0.1:9"});
    let models = json!([{"connection": "office", "id": "gpt-4.1", "label": "Large", "default": true}]);
    let locked = json!(["models.office/gpt-4.1.label", "models.office/gpt-4.1.default"]);
    fs::write(&place.file, json!({"connections": [office], "models": models, "locked": locked}).to_string()).unwrap();
    let policy = Some(PolicyPlace { file: place.file.clone(), writer: Writer::Administrator });
    let config = EngineConfig { policy, ..EngineConfig::new(data.path().to_owned()) };
    let engine = Engine::open(config).await.unwrap();
    let draft = |id: &str, label: &str, hidden: bool, default: bool| {
        let model = ModelRef { connection: "office".into(), id: id.to_owned() };
        ModelDraft { model, label: label.to_owned(), hidden, default }
    };
    for (draft, words) in [
        (draft("gpt-4.1", "Mine", false, true), "What this model is called is set by your administrator"),
        (draft("gpt-4.1", "", false, true), "What this model is called is set by your administrator"),
        (draft("gpt-4.1", "Large", false, false), "Whether conversations begin with this model is set"),
        (draft("other", "", false, true), "begin with “Large”"),
    ] {
        let refused = engine.put_model(draft).unwrap_err();
        assert!(refused.code == FailureCode::Locked && refused.message.contains(words), "{refused}");
    }
    engine.put_model(draft("gpt-4.1", "Large", true, true)).unwrap();
    engine.put_model(draft("other", "Mine", false, false)).unwrap();
    let shown: Vec<_> = engine.models().models.into_iter().map(|it| (it.label, it.hidden, it.default)).collect();
    assert_eq!(shown, [("Large".to_owned(), true, true), ("Mine".to_owned(), false, false)]);
    engine.close().await;
    // A default that somebody once wrote down does not count beside one that is locked.
    let file = data.path().join("models.json");
    let mut kept: serde_json::Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    kept["models"]
        .as_array_mut()
        .unwrap()
        .iter_mut()
        .for_each(|entry| entry["default"] = (entry["id"] == "other").into());
    fs::write(&file, kept.to_string()).unwrap();
    let policy = Some(PolicyPlace { file: place.file.clone(), writer: Writer::Administrator });
    let config = EngineConfig { policy, ..EngineConfig::new(data.path().to_owned()) };
    let engine = Engine::open(config).await.unwrap();
    let first: Vec<_> = engine.models().models.into_iter().filter(|it| it.default).map(|it| it.label).collect();
    assert_eq!(first, ["Large"]);
    engine.close().await;
}

#[tokio::test]
async fn a_variable_that_the_policy_names_holds_the_key_and_a_lent_one_counts_more() {
    if !Peer::wanted() || !is_root() {
        return;
    }
    let (peer, place, data) = (Peer::custom(), Place::new(), tempfile::tempdir().unwrap());
    let office = json!({"id": "office", "name": "Office", "kind": "custom", "url": peer.address("/keyed"),
        "session": {"type": "static"}, "key_variable": "KITTIWAKE_OFFICE_KEY"});
    fs::write(&place.file, json!({"connections": [office]}).to_string()).unwrap();
    let secrets = Arc::<secrets::Memory>::default();
    let open = |key: String| {
        let config = EngineConfig {
            policy: Some(PolicyPlace { file: place.file.clone(), writer: Writer::Administrator }),
            environment: Environment::of([("KITTIWAKE_OFFICE_KEY", key)]),
            secrets: secrets.clone(),
            ..EngineConfig::new(data.path().to_owned())
        };
        async { Engine::open(config).await.unwrap() }
    };
    let office = ConnectionId::from("office");
    let engine = open(peer.token.clone()).await;
    assert_eq!(answer(&engine, &office, "hi").await, "You said: hi");
    assert_eq!(engine.token_length(&office).await.unwrap(), Some(peer.token.len()));
    assert_eq!(engine.keep_environment_key(&office).await.unwrap_err().code, FailureCode::Unknown);
    assert!(secrets.get(&office).unwrap().is_none());
    engine.close().await;
    let engine = open("wrong".to_owned()).await;
    engine.lend_token(&office, peer.token.clone().into()).await.unwrap();
    assert_eq!(answer(&engine, &office, "hi").await, "You said: hi");
    engine.close().await;
    assert!(!is_written(data.path(), &peer.token), "the key stands in a file");
}

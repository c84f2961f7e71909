//! Layers around the person's own settings, and what a change of theirs writes.

mod laws;

use std::{fs, path::Path};

use model::{Connection, FailureCode, Kind, Patience, SessionSource, Settings, Theme};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::*;
use crate::settings::{PlainFile, SettingsKeeper};

/// A folder with a policy, and one with settings.
struct Bed {
    dir: TempDir,
    place: PolicyPlace,
    environment: Environment,
}

impl Bed {
    fn new(policy: &Value, environment: &[(&str, &str)]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let place = PolicyPlace { file: dir.path().join("policy.json"), writer: Writer::Person };
        fs::write(&place.file, serde_json::to_string_pretty(policy).unwrap()).unwrap();
        Self { dir, place, environment: Environment::of(environment.iter().copied()) }
    }

    fn open(&self) -> (SettingsKeeper, Vec<model::Failure>) {
        let (layers, mut problems) = Layers::read(Some(&self.place), &self.environment);
        let (keeper, more) = SettingsKeeper::open(self.dir.path(), Box::new(PlainFile), layers);
        problems.extend(more);
        (keeper, problems)
    }

    fn keeper(&self) -> SettingsKeeper {
        let (keeper, problems) = self.open();
        assert!(problems.is_empty(), "{problems:?}");
        keeper
    }

    fn written(&self) -> Value {
        written(self.dir.path())
    }
}

fn written(dir: &Path) -> Value {
    serde_json::from_slice(&fs::read(dir.join("settings.json")).unwrap()).unwrap()
}

fn office() -> Value {
    json!({"id": "office", "name": "Office", "kind": "chatkit", "url": "https://office.example/chatkit"})
}

fn ids(settings: &Settings) -> Vec<&str> {
    settings.connections.iter().map(|connection| connection.id.as_str()).collect()
}

fn mine(id: &str) -> Connection {
    Connection::new(id.into(), id, Kind::Chatkit, "https://mine.example/", SessionSource::None)
}

#[test]
fn only_what_the_person_chose_is_written_and_the_rest_follows_the_policy() {
    let bed = Bed::new(&json!({"patience": 30, "appearance": {"theme": "dark"}, "connections": [office()]}), &[]);
    let mut keeper = bed.keeper();
    assert_eq!((keeper.settings().patience, keeper.settings().appearance.theme), (Patience(30), Theme::Dark));
    keeper.change(|settings| settings.patience = Patience(5)).unwrap();
    assert_eq!(bed.written(), json!({"version": 2, "patience": 5}));
    keeper.change(|settings| settings.connections[0].disabled = true).unwrap();
    assert_eq!(bed.written()["connections"], json!([{"id": "office", "disabled": true}]));
    let mut moved = office();
    moved["url"] = "https://new.example/chatkit".into();
    fs::write(&bed.place.file, json!({"patience": 99, "connections": [moved]}).to_string()).unwrap();
    let keeper = bed.keeper();
    let settings = keeper.settings();
    assert_eq!((settings.patience, settings.appearance.theme), (Patience(5), Theme::System));
    assert_eq!(settings.connections[0].url, "https://new.example/chatkit");
    assert!(settings.connections[0].disabled, "that was the person's choice");
}

#[test]
fn what_the_policy_drops_is_ignored_and_what_was_chosen_of_it_is_not_lost() {
    let bed = Bed::new(&json!({"connections": [office()]}), &[]);
    bed.keeper().change(|settings| settings.connections[0].disabled = true).unwrap();
    let brought = fs::read(&bed.place.file).unwrap();
    fs::write(&bed.place.file, "{}").unwrap();
    let mut keeper = bed.keeper();
    assert!(keeper.settings().connections.is_empty());
    keeper.change(|settings| settings.connections.push(mine("mine"))).unwrap();
    fs::write(&bed.place.file, brought).unwrap();
    let keeper = bed.keeper();
    let office = keeper.settings().connections.iter().find(|known| known.id.as_str() == "office").unwrap();
    assert!(office.disabled);
}

#[test]
fn an_order_is_the_persons_and_switching_off_does_not_change_it() {
    let mut home = office();
    home["id"] = "home".into();
    let bed = Bed::new(&json!({"connections": [office(), home]}), &[]);
    let mut keeper = bed.keeper();
    keeper.change(|settings| settings.connections.push(mine("mine"))).unwrap();
    assert_eq!(ids(keeper.settings()), ["office", "home", "mine"]);
    keeper.change(|settings| settings.connections[0].disabled = true).unwrap();
    assert_eq!(ids(keeper.settings()), ["office", "home", "mine"]);
    keeper.change(|settings| settings.connections.reverse()).unwrap();
    let again = bed.keeper();
    assert_eq!(ids(again.settings()), ["mine", "home", "office"]);
    assert!(
        again.settings().connections[2].disabled && again.settings().connections[1] != again.settings().connections[2]
    );
}

#[test]
fn what_is_locked_stays_as_it_is_and_the_words_say_by_whom() {
    let locked = ["appearance.theme", "connections.office.url", "connections.office.disabled"];
    let policy = json!({"managed_by": "the IT desk", "connections": [office()], "locked": locked});
    let bed = Bed::new(&policy, &[]);
    let mut keeper = bed.keeper();
    let refused = keeper.change(|settings| settings.appearance.theme = Theme::Light).unwrap_err();
    assert_eq!(refused.code, FailureCode::Locked);
    let file = bed.place.file.display().to_string();
    assert!(refused.message.contains("the IT desk") && refused.message.contains(&file), "{refused}");
    let refused = keeper.change(|settings| settings.connections[0].url = "https://x.example".to_owned()).unwrap_err();
    assert!(refused.message.contains("connections.office.url"), "{refused}");
    let refused = keeper.change(|settings| settings.connections.clear()).unwrap_err();
    assert!(refused.message.contains("neither removed nor switched off"), "{refused}");
    assert!(!bed.dir.path().join("settings.json").exists(), "nothing was changed");
    keeper.change(|settings| settings.connections[0].name = "Work".to_owned()).unwrap();
    keeper.change(|settings| settings.connections.push(mine("mine"))).unwrap();
    keeper.change(|settings| settings.connections.reverse()).unwrap();
    assert_eq!(ids(keeper.settings()), ["mine", "office"]);

    let bed = Bed::new(&json!({"connections": [office()], "locked": ["connections"]}), &[]);
    let refused = bed.keeper().change(|settings| settings.connections.push(mine("mine"))).unwrap_err();
    assert!(refused.message.contains("Nothing can be added"), "{refused}");
    let bed = Bed::new(&json!({"connections": [office()]}), &[]);
    let refused = bed.keeper().change(|settings| settings.connections.clear()).unwrap_err();
    assert!(refused.message.contains("Switch it off instead"), "{refused}");
}

#[test]
fn what_the_policy_has_and_the_person_does_not_want_is_gone() {
    let mut brought = office();
    brought["headers"] = json!([{"name": "X-Team", "value": "a"}]);
    brought["key_variable"] = "OFFICE_KEY".into();
    let bed = Bed::new(&json!({"connections": [brought]}), &[]);
    bed.keeper()
        .change(|settings| {
            settings.connections[0].headers.clear();
            settings.connections[0].key_variable = None;
        })
        .unwrap();
    let keeper = bed.keeper();
    let settings = keeper.settings();
    assert!(settings.connections[0].headers.is_empty() && settings.connections[0].key_variable.is_none());
}

#[test]
fn a_policy_with_mistakes_is_used_as_far_as_it_is_understood() {
    let bed = Bed::new(&json!({}), &[]);
    let text = "{\n  \"patience\": 7,\n  \"appearance\": {\"theme\": \"purple\"},\n  \"pateince\": 1,\n  \"connections\": \
                [{\"id\": \"a\"}],\n  \"models\": [{\"id\": \"m\", \"connection\": \"office\"}, {\"id\": 1}]\n}";
    fs::write(&bed.place.file, text).unwrap();
    let (keeper, problems) = bed.open();
    assert_eq!(keeper.settings().patience, Patience(7));
    assert_eq!(keeper.policy_models().len(), 1);
    let said = problems[0].detail.clone().unwrap();
    for words in [
        "line 3, column 27",
        "purple",
        "light",
        "line 4, column 15",
        "pateince",
        "line 5, column 19",
        "line 6, column 51",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    fs::write(&bed.place.file, "{\n  \"patience\": 7,\n  oops\n}").unwrap();
    let (keeper, problems) = bed.open();
    assert_eq!(keeper.settings().patience, Patience::default());
    assert!(problems[0].message.contains("line 3"), "{problems:?}");
    fs::write(&bed.place.file, r#"{"patience": "soon"}"#).unwrap();
    let (_, problems) = bed.open();
    assert!(problems[0].message.contains("\"soon\" cannot stand here, only a whole number"), "{problems:?}");
    fs::write(&bed.place.file, r#"{"version": 99, "patience": 8, "holograms": true}"#).unwrap();
    let (keeper, problems) = bed.open();
    assert_eq!((keeper.settings().patience, problems[0].code), (Patience(8), FailureCode::NewerVersion));
}

#[test]
fn an_address_in_the_environment_makes_a_connection_that_no_file_has() {
    let variables = [
        ("CUSTOM_BACKEND_URL", "https://ai.example/base"),
        ("CUSTOM_BACKEND_KEY", "sesame"),
        ("CUSTOM_MODEL", "big"),
        ("KITTIWAKE_PATIENCE", "9"),
        ("KITTIWAKE_APPEARANCE_THEME", "dark"),
        ("KITTIWAKE_UPDATE_CHECK", "sometimes"),
    ];
    let bed = Bed::new(&json!({"connections": [office()], "patience": 1}), &variables);
    let (mut keeper, problems) = bed.open();
    let settings = keeper.settings();
    assert_eq!(
        (ids(settings), settings.patience, settings.appearance.theme),
        (vec!["environment", "office"], Patience(9), Theme::Dark)
    );
    let own = &settings.connections[0];
    assert_eq!((own.name.as_str(), own.kind, own.needs_key()), ("ai.example", Kind::Custom, true));
    assert_eq!(own.custom.as_ref().unwrap().model.as_deref(), Some("big"));
    assert!(problems.len() == 1 && problems[0].message.contains("KITTIWAKE_UPDATE_CHECK"), "{problems:?}");
    assert_eq!(keeper.managed().environment.unwrap().key.as_deref(), Some("CUSTOM_BACKEND_KEY"));

    for refused in [
        keeper.change(|settings| settings.patience = Patience(3)).unwrap_err(),
        keeper.change(|settings| drop(settings.connections.remove(0))).unwrap_err(),
        keeper.change(|settings| settings.connections[0].name = "Mine".into()).unwrap_err(),
    ] {
        assert_eq!(refused.code, FailureCode::Locked);
        assert!(refused.message.contains("environment variable"), "{refused}");
    }
    keeper.change(|settings| settings.connections[1].disabled = true).unwrap();
    keeper.note_kept_key("https://ai.example").unwrap();
    assert_eq!(keeper.managed().environment.unwrap().key, None);
    let text = bed.written().to_string();
    assert!(!text.contains("\"environment\"") && !text.contains("sesame"), "{text}");

    let without_key = Bed { environment: Environment::of(variables[..1].iter().copied()), ..bed };
    let kept = without_key.keeper();
    assert!(kept.settings().connections[0].needs_key(), "the keychain has its key");
}

#[test]
fn locks_hold_against_the_environment() {
    let policy = json!({"patience": 30, "locked": ["patience", "connections"]});
    let bed = Bed::new(&policy, &[("KITTIWAKE_PATIENCE", "9"), ("CUSTOM_BACKEND_URL", "https://ai.example")]);
    let (keeper, problems) = bed.open();
    assert_eq!((keeper.settings().patience, keeper.settings().connections.len()), (Patience(30), 0));
    assert_eq!(problems.len(), 2, "{problems:?}");
}

#[test]
fn what_is_in_force_has_origins_and_no_secret() {
    let bed = Bed::new(&json!({"patience": 30}), &[]);
    let mut own = serde_json::to_value(mine("mine")).unwrap();
    own["headers"] = json!([{"name": "X-Api-Key", "value": "sesame"}, {"name": "X-Team", "value": "a"}]);
    own["url"] = "https://ann:sesame@mine.example/?token=sesame".into();
    fs::write(bed.dir.path().join("settings.json"), json!({"version": 2, "connections": [own]}).to_string()).unwrap();
    let variables = [
        ("KITTIWAKE_POLICY", bed.place.file.to_str().unwrap()),
        ("CUSTOM_BACKEND_URL", "https://ai.example"),
        ("CUSTOM_BACKEND_KEY", "sesame"),
    ];
    let all = in_force(bed.dir.path(), &Environment::of(variables));
    if system_place().exists() {
        eprintln!("left out: this computer has a policy of its own");
        return;
    }
    assert_eq!(all.policy, Some(bed.place.file.clone()));
    let origin = |key: &str| all.merged.origins[key];
    assert_eq!(
        [
            origin("patience"),
            origin("update_check"),
            origin("connections.mine.url"),
            origin("connections.environment.url")
        ],
        [Layer::Policy, Layer::BuiltIn, Layer::Person, Layer::Environment]
    );
    let text = serde_json::to_string(&all.merged.content).unwrap();
    assert!(!text.contains("sesame") && text.contains("X-Api-Key"), "{text}");
}

#[test]
fn options_with_a_mistake_cost_a_connection_its_options_alone() {
    let bed = Bed::new(&json!({}), &[]);
    let connection = r#""id": "a", "name": "A", "kind": "chatkit", "url": "https://a.example/""#;
    let text =
        format!("{{\"connections\": [{{{connection},\n  \"options\": {{\"theme\": {{\"radius\": \"rund\"}}}}}}]}}");
    fs::write(&bed.place.file, text).unwrap();
    let (keeper, problems) = bed.open();
    assert_eq!(ids(keeper.settings()), ["a"]);
    assert_eq!(keeper.settings().connections[0].options, None);
    assert!(problems[0].detail.clone().unwrap().contains("line 2, column 14: “connections.0.options”"), "{problems:?}");
}

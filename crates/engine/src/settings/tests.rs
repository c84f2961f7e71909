//! The settings file: written, read again, of other versions, damaged.

use model::Theme;

use super::*;

fn open(dir: &Path) -> (SettingsKeeper, Vec<Failure>) {
    SettingsKeeper::open(dir, Box::new(PlainFile), Layers::default())
}

#[test]
fn what_is_changed_is_there_the_next_time() {
    let dir = tempfile::tempdir().unwrap();
    open(dir.path()).0.change(|settings| settings.appearance.theme = Theme::Dark).unwrap();
    let (keeper, problems) = open(dir.path());
    assert_eq!(keeper.settings().appearance.theme, Theme::Dark);
    assert!(problems.is_empty());
}

#[test]
fn a_damaged_file_is_kept_and_the_last_good_copy_used() {
    let dir = tempfile::tempdir().unwrap();
    open(dir.path()).0.change(|settings| settings.appearance.theme = Theme::Dark).unwrap();
    fs::write(dir.path().join("settings.json"), "{\"appearance\":").unwrap();
    let (keeper, problems) = open(dir.path());
    assert_eq!(keeper.settings().appearance.theme, Theme::Dark);
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].code, FailureCode::DataDamaged);
    assert_eq!(fs::read_to_string(dir.path().join("settings.damaged-1.json")).unwrap(), "{\"appearance\":");
}

#[test]
fn fields_of_another_version_are_written_back() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("settings.json"), r#"{"later":{"a":1}}"#).unwrap();
    open(dir.path()).0.change(|settings| settings.appearance.theme = Theme::Light).unwrap();
    let text = fs::read_to_string(dir.path().join("settings.json")).unwrap();
    let content: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(content["later"]["a"], 1);
    assert_eq!(content["appearance"]["theme"], "light");
}

#[test]
fn a_file_of_a_newer_version_is_read_and_never_written_over() {
    let dir = tempfile::tempdir().unwrap();
    let newer = r#"{"version":9,"appearance":{"theme":"dark"},"connections":[{"kind":"hologram"}]}"#;
    fs::write(dir.path().join("settings.json"), newer).unwrap();
    let (mut keeper, _) = open(dir.path());
    assert_eq!(keeper.settings().appearance.theme, Theme::Dark);
    let error = keeper.change(|settings| settings.appearance.theme = Theme::Light).unwrap_err();
    assert_eq!(error.code, FailureCode::NewerVersion);
    assert_eq!(fs::read_to_string(dir.path().join("settings.json")).unwrap(), newer);
}

#[test]
fn a_file_that_held_everything_is_taken_for_what_was_chosen() {
    let dir = tempfile::tempdir().unwrap();
    let whole =
        r#"{"version":1,"appearance":{"theme":"system"},"connections":[],"patience":7,"update_check":"when_asked"}"#;
    fs::write(dir.path().join("settings.json"), whole).unwrap();
    let (mut keeper, problems) = open(dir.path());
    assert!(problems.is_empty() && keeper.settings().patience.0 == 7);
    keeper.change(|settings| settings.update_check = model::UpdateCheck::AtStart).unwrap();
    let content: Value = serde_json::from_slice(&fs::read(dir.path().join("settings.json")).unwrap()).unwrap();
    assert_eq!(content, serde_json::json!({"version": 2, "patience": 7, "update_check": "at_start"}));
}

#[test]
fn a_connection_of_an_unknown_kind_stays_in_the_file_and_is_said() {
    let dir = tempfile::tempdir().unwrap();
    let odd = serde_json::json!({"id": "x", "name": "Odd", "kind": "hologram", "url": "https://x"});
    let own = serde_json::json!({"id": "y", "name": "Own", "kind": "custom", "url": "https://y", "later": 1});
    let content = serde_json::json!({"version": 2, "connections": [odd, own]});
    fs::write(dir.path().join("settings.json"), content.to_string()).unwrap();
    let (mut keeper, problems) = open(dir.path());
    assert_eq!(keeper.settings().connections.len(), 1);
    assert!(problems.len() == 1 && problems[0].message.contains("“Odd”"), "{problems:?}");
    keeper.change(|settings| settings.connections[0].name = "Mine".to_owned()).unwrap();
    let written: Value = serde_json::from_slice(&fs::read(dir.path().join("settings.json")).unwrap()).unwrap();
    assert_eq!(written["connections"][0], odd);
    assert_eq!((&written["connections"][1]["name"], &written["connections"][1]["later"]), (&"Mine".into(), &1.into()));
}

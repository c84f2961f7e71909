//! What is said about files that are wrong.

use proptest::prelude::*;

use super::{
    check::{check, kind_of},
    finding::Weight,
};
use crate::args::FileKind;

/// Each thing that is wrong, as a line.
fn said(kind: FileKind, text: &str) -> Vec<String> {
    let line = |found: super::check::Found| {
        let hint = if found.weight == Weight::Hint { "hint: " } else { "" };
        format!("{}:{}: {hint}{}", found.line, found.column, found.words)
    };
    check(text, kind).into_iter().map(line).collect()
}

/// A policy in which everything is right.
const POLICY: &str = r#"// The office's.
{
  "$schema": "policy.schema.json",
  "version": 1,
  "managed_by": "IT",
  "appearance": {"theme": "dark"},
  "patience": 60,
  "connections": [
    {"id": "office", "name": "Office", "kind": "chatkit", "url": "https://chat.example/chatkit",
      "session": {"type": "endpoint", "url": "https://chat.example/session", "body": {"token": "{{key}}"}, "with_key": true},
      "headers": [{"name": "X-App", "value": "desktop"}]},
    {"id": "own.one", "name": "Own", "kind": "openai", "url": "https://models.example/v1",
      "session": {"type": "static"}, "openai": {"model": "m", "parameters": {"temperature": 0.5, "max_tokens": 500}}},
  ],
  "routes": [{"id": "both", "name": "Both", "connections": ["office", "own.one"]}],
  "models": [{"id": "gpt-4.1", "connection": "own.one", "price": {"input": 1, "output": 2.5, "currency": "EUR"}}],
  "locked": ["appearance.theme", "connections.own.one.url", "models.own.one/gpt-4.1", "routes", "connections.office.session.body.token"],
}
"#;

#[test]
fn what_is_right_is_not_complained_about() {
    assert_eq!(said(FileKind::Policy, POLICY), [""; 0]);
    assert_eq!(said(FileKind::Settings, "{}"), [""; 0]);
    let first_version = r#"{"connections": [{"id": "a", "name": "A", "kind": "chatkit", "url": "http://127.0.0.1:8000/", "auth": "bearer"}]}"#;
    let said = said(FileKind::Settings, first_version);
    assert_eq!(said, ["1:95: hint: “auth” is called “session” now. The old name is still read; write the new one."]);
}

#[test]
fn what_the_program_writes_is_right() {
    let settings = serde_json::to_string_pretty(&model::Settings::default()).unwrap();
    assert_eq!(said(FileKind::Settings, &settings), [""; 0]);
    let policy: model::Policy =
        serde_json::from_value(serde_json::Value::Object(engine::layers::jsonc::object(POLICY).unwrap())).unwrap();
    let policy = serde_json::to_string_pretty(&policy).unwrap();
    assert_eq!(said(FileKind::Policy, &policy), [""; 0]);
}

/// The example of the manual.
const PROFILE: &str = include_str!("../../../../docs/profile.example.json");

#[test]
fn the_example_of_a_profile_is_right_and_all_of_it_is_in_force() {
    assert_eq!(kind_of("example.json", PROFILE), FileKind::Profile);
    assert_eq!(said(FileKind::Profile, PROFILE), [""; 0]);
    let published: model::Published = serde_json::from_str(PROFILE).unwrap();
    assert_eq!(published.models.unwrap_or_default().len(), 2);
}

#[test]
fn mistakes_in_a_profile_have_their_place() {
    let told = said(FileKind::Profile, "{\n  \"theme\": {\"radius\": \"rund\"},\n  \"disclaimer\": {\"txt\": \"x\"}}");
    assert_eq!(told.len(), 3, "{told:?}");
    assert!(told[0].starts_with("2:23: ") && told[0].contains("pill"), "{}", told[0]);
    assert!(told[1].starts_with("3:") && told[1].contains("“text” is missing"), "{}", told[1]);
    assert!(told[2].starts_with("3:18: hint: “txt” is not known"), "{}", told[2]);
    let sense = said(FileKind::Profile, "{\"theme\": {\"color\": {\"accent\": {\"primary\": \"bluish\"}}}}");
    assert!(sense[0].starts_with("1:44: This is no colour."), "{sense:?}");
    let comment = said(FileKind::Profile, "{\n// Ours.\n\"theme\": \"dark\"}");
    assert!(
        comment.len() == 1 && comment[0].starts_with("2:1: hint: A server has to publish plain JSON."),
        "{comment:?}"
    );
}

#[test]
fn the_options_of_a_policys_connection_are_looked_at_too() {
    let policy = |options: &str| {
        let connection = r#""id": "a", "name": "A", "kind": "chatkit", "url": "https://chat.example/chatkit""#;
        format!("{{\"connections\": [{{{connection},\n\"options\": {options}}}]}}")
    };
    assert_eq!(said(FileKind::Policy, &policy(r#"{"theme": "dark", "composer": {"placeholder": "Ask"}}"#)), [""; 0]);
    for (options, expected) in [
        (r#"{"composer": {"placeholder": 7}}"#, "2:41: "),
        (r#"{"composr": {}}"#, "2:13: hint: “composr” is not known"),
        (r#"{"theme": "drak"}"#, "2:22: "),
        (r#"{"entities": {"searchUrl": "https://other.example/"}}"#, "2:39: This address is on another server"),
    ] {
        let said = said(FileKind::Policy, &policy(options));
        assert!(said.first().is_some_and(|first| first.starts_with(expected)), "{options}: {said:?}");
    }
}

/// What stands in the policy, what stands there instead, and what is said about that.
const MISTAKES: &[(&str, &str, &str)] = &[
    (
        r#""dark""#,
        r#""drak""#,
        "6:27: “theme” cannot be “drak”. It has to be “system”, “light” or “dark”; did you mean “dark”?",
    ),
    (r#""dark""#, "5", "6:27: “theme” is a number. It has to be “system”, “light” or “dark”."),
    (r#": 60"#, r#": "60""#, "7:15: “patience” is text. It has to be a whole number, without quotation marks."),
    (r#": 60"#, ": -60", "7:15: “patience” is too small. The least is 0."),
    (
        r#": 60"#,
        ": 60.5",
        "7:15: “patience” is a number with a fraction. It has to be a whole number, without quotation marks.",
    ),
    (r#""Office""#, "7", "9:30: “name” is a number. It has to be text in quotation marks."),
    (
        r#" "url": "https://chat.example/chatkit","#,
        "",
        "9:5: “url” is missing in entry 1 of “connections”. Add it. Its address: an absolute http or https URL.",
    ),
    (
        r#""chatkit""#,
        r#""chatkitt""#,
        "9:48: “kind” cannot be “chatkitt”. It has to be “chatkit”, “hosted”, “openai” or “custom”; did you mean “chatkit”?",
    ),
    (
        "https://chat.example/chatkit",
        "chat.example/chatkit",
        "9:66: This address cannot be called. Write the whole address, beginning with https:// or http://.",
    ),
    (
        "https://chat.example/chatkit",
        "http://chat.example/chatkit",
        "9:66: The way to this server would not be encrypted. Write the address with https://, or set “plain_http” in \
             “network” to “allowed”.",
    ),
    (
        r#""type": "endpoint""#,
        r#""type": "endpont""#,
        "10:27: “type” cannot be “endpont”. It has to be “none”, “static”, “endpoint” or “hosted”; did you mean “endpoint”?",
    ),
    (
        r#"{"type": "endpoint", "#,
        "{",
        "10:7: “type” is missing in “session”. Add it. It is “none”, “static”, “endpoint” or “hosted”.",
    ),
    (
        r#""url": "https://chat.example/session", "#,
        "",
        "10:7: “url” is missing in “session”. Add it. Its address: an absolute http or https URL.",
    ),
    (r#"{"type": "static"}"#, r#""static""#, "13:18: “session” is text. It has to be an object in { }."),
    (
        r#""headers": "#,
        r#""haeders": "#,
        "11:7: hint: “haeders” is not known in entry 1 of “connections”, so nothing reads it; did you mean “headers”?",
    ),
    (
        r#""X-App", "value": "desktop""#,
        r#""X-Api-Key", "value": "hunter2""#,
        "11:50: “value” looks like a secret, and this file may hold none: others can read it. Take it away, and put it into the keychain with “kittiwake-cli secret set”.",
    ),
    (
        r#""{{key}}""#,
        r#""hunter2""#,
        "10:96: “token” looks like a secret, and this file may hold none: others can read it. Take it away, and put it into the keychain with “kittiwake-cli secret set”.",
    ),
    (
        r#"["office", "own.one"]"#,
        r#"["ofice", "own.one"]"#,
        "15:61: No connection of this file has the id “ofice”; did you mean “office”?",
    ),
    (
        r#""connection": "own.one""#,
        r#""connection": "other""#,
        "16:46: No connection or route of this file has the id “other”. Write the id of one, or add it.",
    ),
    (
        r#"["appearance.theme","#,
        r#"["apearance.theme","#,
        "17:14: “apearance.theme” names no key, so it locks nothing; did you mean “appearance”?",
    ),
    (
        r#""connections.own.one.url""#,
        r#""connections.own.one.ulr""#,
        "17:34: “connections.own.one.ulr” names no key, so it locks nothing: there is no “ulr”; did you mean “url”?",
    ),
    (
        r#""id": "both""#,
        r#""id": "office""#,
        "15:21: The id “office” is taken by another connection or route. Choose another one.",
    ),
    (
        r#""temperature": 0.5"#,
        r#""temperature": "warm""#,
        "13:93: “temperature” is text. It has to be a number, without quotation marks.",
    ),
    (
        r#""version": 1"#,
        r#""version": 99"#,
        "4:14: hint: The file was written for a newer Kittiwake. This one reads what it understands of it.",
    ),
    (
        r#""managed_by": "IT","#,
        r#""managed_by": "IT""#,
        "5:21: A comma is missing here. Put one between this entry and the next.",
    ),
];

#[test]
fn each_mistake_has_its_place_and_says_what_would_be_right() {
    let mut others = Vec::new();
    for &(right, wrong, expected) in MISTAKES {
        assert!(POLICY.contains(right), "{right}");
        let said = said(FileKind::Policy, &POLICY.replacen(right, wrong, 1));
        if !said.iter().any(|line| line == expected) {
            others.push(format!("{wrong} gave {said:#?}\nand not {expected}"));
        }
    }
    assert!(others.is_empty(), "{}", others.join("\n"));
}

#[test]
fn several_mistakes_are_told_at_once_in_their_order() {
    let text = "{\n  \"thme\": 1,\n  \"appearance\": [],\n  \"update_check\": \"never\",\n  \"patience\": true\n}";
    assert_eq!(
        said(FileKind::Settings, text),
        [
            "2:3: hint: “thme” is not known here, so nothing reads it. Known are “appearance”, “connections”, “device”, \
             “patience”, “routes”, “update_check”, “version” and “when_unreachable”.",
            "3:17: “appearance” is a list. It has to be an object in { }.",
            "4:19: “update_check” cannot be “never”. It has to be “when_asked” or “at_start”.",
            "5:15: “patience” is true. It has to be a whole number, without quotation marks.",
        ]
    );
}

#[test]
fn a_key_that_would_be_sent_nowhere_is_told() {
    let policy = |more: &str| {
        format!(
            r#"{{"connections": [{{"id": "a", "name": "A", "kind": "chatkit", "url": "https://a.example/"{more}}}]}}"#
        )
    };
    let variable = r#", "key_variable": "A_KEY""#;
    let browser = r#", "sign_in": {"type": "oauth", "provider": {"type": "issuer", "issuer": "https://i.example"},
        "client_id": "k"}"#;
    for (more, key) in [(variable, "“key_variable”"), (browser, "“sign_in”")] {
        let told = said(FileKind::Policy, &policy(more));
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].starts_with("1:91: hint: Nothing of this is sent") && told[0].contains(key), "{told:?}");
        let sent = policy(&format!(r#"{more}, "session": {{"type": "static"}}"#));
        assert_eq!(said(FileKind::Policy, &sent), Vec::<String>::new());
    }
    assert_eq!(said(FileKind::Policy, &policy("")), Vec::<String>::new(), "an open server");
}

#[test]
fn a_person_may_change_a_part_of_what_a_policy_brings() {
    let text = r#"{"connections": [{"id": "office", "disabled": true}], "routes": [{"id": "r", "name": "R", "connections": ["office"]}]}"#;
    assert_eq!(
        said(FileKind::Settings, text),
        ["1:18: hint: Entry 1 of “connections” has no “name”, “kind” and “url”. That is right only where the \
          administrator's policy brings the rest of it."]
    );
}

#[test]
fn what_was_exported_is_checked_by_the_form_of_its_kind() {
    let text =
        r#"{"kittiwake_connection": 1, "name": "A", "kind": "chatkit", "values": {"url": "chat.example", "ulr": "x"}}"#;
    assert_eq!(
        said(kind_of("any.json", text), text),
        [
            "1:79: This address cannot be called. Write the whole address, beginning with https:// or http://.",
            "1:95: hint: “ulr” is not known in “values”, so nothing reads it; did you mean “url”?",
        ]
    );
    let text = "{\"kittiwake_route\": 1, \"name\": \"A\", // comment\n \"connections\": [\"B\"], \"patience\": 3}";
    let plain = "1:37: An exported file is plain JSON. Take away comments, and a comma after the last entry.";
    assert_eq!(said(kind_of("any.json", text), text), [plain]);
}

#[test]
fn a_file_is_known_by_its_name_and_by_what_stands_in_it() {
    for (name, text, kind) in [
        ("settings.json", "{}", FileKind::Settings),
        ("policy.json", "{", FileKind::Policy),
        ("models.json", "{}", FileKind::Models),
        ("x.json", "{\"locked\": []}", FileKind::Policy),
        ("x.json", "{\"models\": []}", FileKind::Models),
        ("x.json", "{\"models\": [], \"connections\": []}", FileKind::Policy),
        ("Work.kittiwake.json", "{\"kittiwake_connection\": 1}", FileKind::Connection),
        ("x.json", "nonsense", FileKind::Settings),
    ] {
        assert_eq!(kind_of(name, text), kind, "{name} {text}");
    }
}

fn kinds() -> impl Strategy<Value = FileKind> {
    prop_oneof![
        Just(FileKind::Settings),
        Just(FileKind::Models),
        Just(FileKind::Policy),
        Just(FileKind::Connection),
        Just(FileKind::Route),
        Just(FileKind::Profile)
    ]
}

fn in_the_text(text: &str, kind: FileKind) -> Result<(), TestCaseError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    for found in check(text, kind) {
        let line = text.split('\n').nth(found.line.wrapping_sub(1));
        prop_assert!(line.is_some(), "{found:?}");
        prop_assert!((1..=line.unwrap_or_default().chars().count() + 1).contains(&found.column), "{found:?}");
        prop_assert!(!found.words.is_empty());
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_it_panic(text in ".*", kind in kinds()) {
        in_the_text(&text, kind)?;
    }

    #[test]
    fn no_damage_to_a_file_makes_it_panic(from in 0..POLICY.len(), length in 0..200usize, put in r#"[\[\]{},:"]|null|é|-1|"x""#, kind in kinds()) {
        let from = POLICY.floor_char_boundary(from);
        let to = POLICY.floor_char_boundary((from + length).min(POLICY.len()));
        in_the_text(&format!("{}{put}{}", &POLICY[..from], &POLICY[to..]), kind)?;
    }
}

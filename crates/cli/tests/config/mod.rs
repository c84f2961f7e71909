//! Files of settings, and keys for the keychain, as scripts use them.

use std::fs;

use super::*;

#[test]
fn a_file_is_checked_by_line_and_column_and_the_exit_code_tells() {
    let bed = Bed::new();
    let file = bed.data.path().join("policy.json");
    let path = file.display().to_string();
    fs::write(&file, "{\n  // ours\n  \"appearance\": {\"theme\": \"drak\"},\n  \"patiense\": 5,\n}\n").unwrap();
    let ran = bed.run(&["config", "check", &path]);
    let theme = "“theme” cannot be “drak”. It has to be “system”, “light” or “dark”; did you mean “dark”?";
    let patience = "“patiense” is not known here, so nothing reads it; did you mean “patience”?";
    assert_eq!(ran.out, format!("{path}:3:27: {theme}\n{path}:4:3: hint: {patience}\n"));
    assert_eq!((ran.code, ran.err.as_str()), (Some(2), ""));

    let ran = bed.run(&["config", "check", &path, "--json"]);
    let lines: Vec<Value> = ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines[0], json!({"type": "mistake", "file": path, "line": 3, "column": 27, "message": theme}));
    assert_eq!(lines[2], json!({"type": "ended", "kind": "policy", "mistakes": 1, "hints": 1}));
    assert_eq!(ran.code, Some(2));

    let hint = "{\"patiense\": 5}";
    let ran = bed.run_with(&["config", "check", "-", "--kind", "settings"], hint);
    assert_eq!((ran.code, ran.out.starts_with("-:1:2: hint: ")), (Some(0), true), "{ran:?}");
    assert_eq!(bed.run_with(&["config", "check", "-", "--strict"], hint).code, Some(2));
    let ran = bed.run_with(&["config", "check", "-"], "{}");
    assert_eq!((ran.code, ran.out.as_str()), (Some(0), "-: no mistakes. It was read as a person's settings.\n"));

    fs::write(&file, b"{\n\"a\": \"\xff\"}").unwrap();
    let ran = bed.run(&["config", "check", &path]);
    assert!(ran.out.contains(":2:7: From here on this is not text in UTF-8."), "{ran:?}");
    let ran = bed.run(&["config", "check", "nowhere.json"]);
    assert!(ran.code == Some(1) && ran.err.contains("“nowhere.json” cannot be read"), "{ran:?}");
}

#[test]
fn a_secret_in_a_file_is_told_and_not_repeated() {
    let bed = Bed::new();
    let text = r#"{"connections": [{"id": "a", "name": "A", "kind": "chatkit", "url": "https://ann:hunter2secret@a.example/",
        "api_key": "hunter2secret", "headers": [{"name": "Authorization", "value": "Bearer hunter2secret"}]}]}"#;
    let ran = bed.run_with(&["config", "check", "-"], text);
    assert_eq!(ran.out.matches("looks like a secret").count(), 3, "{ran:?}");
    assert!(ran.code == Some(2) && !ran.out.contains("hunter2"), "{ran:?}");
}

#[test]
fn what_is_in_force_is_shown_with_where_it_comes_from() {
    let bed = Bed::new();
    let settings = json!({"version": 1, "appearance": {"theme": "dark"}, "api_key": "hunter2"});
    fs::write(bed.data.path().join("settings.json"), settings.to_string()).unwrap();
    let ran = bed.run(&["config", "show"]);
    assert!(ran.out.contains("appearance.theme = \"dark\"  (your settings)\n"), "{ran:?}");
    assert!(ran.out.contains("patience = 120  (built in)\n") && !ran.out.contains("hunter2"), "{ran:?}");
    assert_eq!(ran.code, Some(0));
    let ran = bed.run(&["config", "show", "--json"]);
    let lines: Vec<Value> = ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let theme = json!({"key": "appearance.theme", "value": "dark", "layer": "person", "from": "your settings"});
    assert!(lines.contains(&theme), "{ran:?}");
    bed.assert_clean();
}

#[test]
fn the_schema_that_is_printed_is_the_published_one() {
    let bed = Bed::new();
    for (kind, published) in [
        ("settings", include_str!("../../../../docs/schemas/settings.schema.json")),
        ("models", include_str!("../../../../docs/schemas/models.schema.json")),
        ("policy", include_str!("../../../../docs/schemas/policy.schema.json")),
    ] {
        let ran = bed.run(&["config", "schema", kind]);
        assert_eq!((ran.code, ran.out.as_str()), (Some(0), published));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_key_that_cannot_be_kept_is_not_told() {
    let bed = Bed::new();
    let office = json!({"id": "o", "name": "Office", "kind": "chatkit", "url": "https://a.example/", "session": {"type": "static"}});
    fs::write(bed.data.path().join("settings.json"), json!({"connections": [office]}).to_string()).unwrap();
    let run = |args: &[&str]| {
        let mut command = bed.command(&[&["secret"], args, &["--connection", "office"]].concat());
        command.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/bus").env("KEY", "hunter2secret");
        bed::Ran::from(command.output().unwrap())
    };
    for args in [&["set", "--token-env", "KEY"][..], &["status"], &["remove"]] {
        let ran = run(args);
        assert!(ran.code == Some(1) && ran.err.contains("[keychain_"), "{ran:?}");
        assert!(!ran.out.contains("hunter2") && !ran.err.contains("hunter2"), "{ran:?}");
    }
    let ran = run(&["set", "--token-env", "MISSING"]);
    assert!(ran.code == Some(2) && ran.err.contains("MISSING"), "{ran:?}");
    let ran = run(&["status", "--field", "proxy_password"]);
    assert!(ran.code == Some(2) && ran.err.contains("no secret called “proxy_password”"), "{ran:?}");
}

//! The keychain against a real gnome-keyring, on a D-Bus and in folders of its own: nothing of the person's is touched.
//!
//! Each test runs this binary again, as a child in such a surrounding, and the child does one part.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail by panicking")]

use std::{
    collections::HashMap,
    env, fs,
    io::Write,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Command, Stdio},
    sync::Barrier,
    thread,
};

use model::ConnectionId;
use secrecy::ExposeSecret;
use secrets::{ConnectionSecrets, KeptSession, Keychain, SERVICE, SecretError, SecretStore};
use tempfile::TempDir;

/// Says to the child which part it does.
const PART: &str = "KITTIWAKE_TEST_KEYRING_PART";

/// Says that what needs other programs is left out.
const FAST: &str = "KITTIWAKE_TEST_FAST";

const ORIGIN: &str = "https://chat.example";

/// Unlocks a new keyring, or the one that is there. The password is read to the end of the input.
const UNLOCKED: &str =
    "printf %s password | gnome-keyring-daemon --daemonize --unlock --components=secrets >/dev/null && \"$@\"";

/// The daemon is started, and nobody gives it the password.
const LOCKED: &str = "gnome-keyring-daemon --start --components=secrets >/dev/null && \"$@\"";

/// A bus that lets everything pass and knows no service to start.
const BUS_WITHOUT_SERVICES: &str = "<busconfig><type>session</type><listen>unix:tmpdir=HOME</listen>
<policy context=\"default\"><allow send_destination=\"*\" eavesdrop=\"true\"/><allow eavesdrop=\"true\"/><allow own=\"*\"/></policy>
</busconfig>";

fn id() -> ConnectionId {
    ConnectionId::from("office")
}

fn token(text: &str) -> ConnectionSecrets {
    ConnectionSecrets::key(ORIGIN, text.into())
}

fn read(keychain: &Keychain) -> Option<String> {
    keychain.get(&id()).unwrap()?.key_for(ORIGIN).map(|key| key.expose_secret().to_owned())
}

/// Folders of a person who does not exist.
fn home() -> TempDir {
    let home = tempfile::tempdir().unwrap();
    for folder in ["run", "data", "config", "cache"] {
        fs::create_dir(home.path().join(folder)).unwrap();
    }
    fs::set_permissions(home.path().join("run"), fs::Permissions::from_mode(0o700)).unwrap();
    home
}

/// A program in these folders, without a display and without the person's bus.
fn program(name: &str, home: &Path) -> Command {
    let mut command = Command::new(name);
    command
        .env("HOME", home)
        .env("XDG_RUNTIME_DIR", home.join("run"))
        .env("XDG_DATA_HOME", home.join("data"))
        .env("XDG_CONFIG_HOME", home.join("config"))
        .env("XDG_CACHE_HOME", home.join("cache"))
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .env_remove("DBUS_SESSION_BUS_ADDRESS")
        .env_remove("GNOME_KEYRING_CONTROL")
        .stdin(Stdio::null());
    command
}

/// Whether the programs are there. They have to be, unless the person wants only what is fast.
fn can_run() -> bool {
    if env::var_os(FAST).is_some() {
        let _ =
            writeln!(std::io::stderr(), "left out, because {FAST} is set: the keychain against a real gnome-keyring");
        return false;
    }
    for name in ["dbus-run-session", "gnome-keyring-daemon"] {
        let found = Command::new(name).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
        assert!(found.is_ok(), "{name} is missing; `cargo xtask test` installs what the tests need");
    }
    true
}

/// This binary as the child that does a part, wrapped in a bus whose first process is a shell script.
fn on_a_bus(home: &Path, bus: &[&str], script: &str, part: &str) {
    let mut command = program("dbus-run-session", home);
    command.args(bus).args(["--", "sh", "-c", script, "sh"]).arg(env::current_exe().unwrap());
    child(command, part);
}

fn child(mut command: Command, part: &str) {
    let done = command.args(["--exact", "the_child", "--ignored", "--nocapture"]).env(PART, part).output().unwrap();
    let said = String::from_utf8_lossy(&done.stdout) + String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success() && said.contains("1 passed"), "the part {part} failed:\n{said}");
}

#[test]
#[ignore = "run by the other tests, in a surrounding of its own"]
fn the_child() {
    match env::var(PART).as_deref() {
        Ok("keeps and forgets") => keeps_and_forgets(),
        Ok("stores one") => Keychain::new().set(&id(), token("tok-1")).unwrap(),
        Ok("reads it") => assert_eq!(read(&Keychain::new()).as_deref(), Some("tok-1")),
        Ok("finds it locked") => finds_it_locked(),
        Ok("finds none") => finds_none(),
        Ok("outlives the daemon") => outlives_the_daemon(),
        part => panic!("there is no part {part:?}"),
    }
}

#[test]
fn an_entry_is_kept_replaced_shared_and_forgotten() {
    if can_run() {
        on_a_bus(home().path(), &[], UNLOCKED, "keeps and forgets");
    }
}

fn keeps_and_forgets() {
    let keychain = Keychain::new();
    assert_eq!(read(&keychain), None);
    keychain.delete(&id()).unwrap();
    keychain.set(&id(), token("tok-1")).unwrap();
    keychain.set(&id(), token("tök-2 \"quoted\"")).unwrap();
    assert_eq!(read(&keychain).as_deref(), Some("tök-2 \"quoted\""));
    assert!(keychain.get(&id()).unwrap().unwrap().key_for("https://other.example").is_none());

    let again = Keychain::new();
    let all_at_once = Barrier::new(16);
    thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| {
                all_at_once.wait();
                assert_eq!(read(&again).as_deref(), Some("tök-2 \"quoted\""));
            });
        }
    });

    keychain.set_for_this_run(&id(), token("only now")).unwrap();
    assert_eq!(read(&keychain).as_deref(), Some("only now"));
    assert_eq!(read(&again).as_deref(), Some("tök-2 \"quoted\""), "what is for this run was remembered");
    keychain.delete(&id()).unwrap();
    assert_eq!((read(&keychain), read(&again)), (None, None));

    a_session_stands_beside_the_key_and_leaves_nothing(&keychain);
    all_are_forgotten_and_nothing_of_others(&keychain);
    what_is_not_ours_is_corrupt_and_can_be_replaced(&keychain);
}

fn a_session_stands_beside_the_key_and_leaves_nothing(keychain: &Keychain) {
    const SERVER: &str = "https://server.example";
    let session = KeptSession {
        secret: "ek_1".into(),
        ends: Some(1_795_280_400_000),
        ahead: 0,
        fields: vec![("user_id".to_owned(), "u7".to_owned())],
    };
    keychain.set(&id(), token("tok-1")).unwrap();
    keychain.change(&id(), &mut |kept| kept.set_session(SERVER, Some(session.clone()))).unwrap();
    let kept = Keychain::new().get(&id()).unwrap().unwrap();
    assert_eq!(kept.key_for(ORIGIN).unwrap().expose_secret(), "tok-1");
    assert_eq!(kept.session_for(SERVER).unwrap().secret.expose_secret(), "ek_1");
    assert!(kept.session_for(ORIGIN).is_none());
    keychain.change(&id(), &mut |kept| kept.set_session(SERVER, None)).unwrap();
    keychain.change(&id(), &mut |kept| kept.set_key(ORIGIN, None)).unwrap();
    assert!(Keychain::new().get(&id()).unwrap().is_none());
}

fn all_are_forgotten_and_nothing_of_others(keychain: &Keychain) {
    let store: std::sync::Arc<keyring_core::CredentialStore> = zbus_secret_service_keyring_store::Store::new().unwrap();
    let others = store.build("org.example.mail", "office", None).unwrap();
    others.set_password("theirs").unwrap();
    for name in ["office", "home", "a connection that was removed long ago"] {
        keychain.set(&name.into(), token("tok")).unwrap();
    }
    keychain.set_for_this_run(&"run".into(), token("tok")).unwrap();
    keychain.delete_all().unwrap();
    let left = store.search(&HashMap::from([("service", SERVICE)])).unwrap();
    assert!(left.is_empty(), "{} entries are left", left.len());
    assert!(keychain.get(&"run".into()).unwrap().is_none());
    assert_eq!(others.get_password().unwrap(), "theirs");
    keychain.delete_all().unwrap();
}

fn what_is_not_ours_is_corrupt_and_can_be_replaced(keychain: &Keychain) {
    let store: std::sync::Arc<keyring_core::CredentialStore> = zbus_secret_service_keyring_store::Store::new().unwrap();
    let foreign = store.build(SERVICE, id().as_str(), None).unwrap();
    for bytes in [&b"{\"origin\":"[..], b"\xff\xfe"] {
        foreign.set_secret(bytes).unwrap();
        assert_eq!(keychain.get(&id()).unwrap_err(), SecretError::Corrupt);
        keychain.set(&id(), token("tok-3")).unwrap();
        assert_eq!(read(keychain).as_deref(), Some("tok-3"));
    }
}

#[test]
fn an_entry_outlives_its_bus_and_a_locked_keyring_is_told_apart() {
    if can_run() {
        let home = home();
        on_a_bus(home.path(), &[], UNLOCKED, "stores one");
        on_a_bus(home.path(), &[], UNLOCKED, "reads it");
        on_a_bus(home.path(), &[], LOCKED, "finds it locked");
    }
}

fn finds_it_locked() {
    let keychain = Keychain::new();
    assert_eq!(keychain.get(&id()).unwrap_err(), SecretError::Locked);
    assert_eq!(keychain.set(&id(), token("x")).unwrap_err(), SecretError::Locked);
    assert_eq!(keychain.set(&"another".into(), token("x")).unwrap_err(), SecretError::Locked);
    assert_eq!(keychain.delete(&id()).unwrap_err(), SecretError::Locked);
    assert_eq!(keychain.delete_all().unwrap_err(), SecretError::Locked);
    // What was never there needs no unlocking to be forgotten.
    keychain.delete(&"another".into()).unwrap();
    keychain.set_for_this_run(&id(), token("only now")).unwrap();
    assert_eq!(read(&keychain).as_deref(), Some("only now"));
}

#[test]
fn without_a_bus_or_a_service_on_it_there_is_no_keychain() {
    if can_run() {
        let home = home();
        let mut alone = program(env::current_exe().unwrap().to_str().unwrap(), home.path());
        alone.env("DBUS_SESSION_BUS_ADDRESS", format!("unix:path={}/none", home.path().display()));
        child(alone, "finds none");
        child(program(env::current_exe().unwrap().to_str().unwrap(), home.path()), "finds none");

        let config = home.path().join("bus.conf");
        fs::write(&config, BUS_WITHOUT_SERVICES.replace("HOME", home.path().to_str().unwrap())).unwrap();
        on_a_bus(home.path(), &[&format!("--config-file={}", config.display())], "\"$@\"", "finds none");
    }
}

fn finds_none() {
    let keychain = Keychain::new();
    assert_eq!(keychain.get(&id()).unwrap_err(), SecretError::Absent);
    assert_eq!(keychain.set(&id(), token("x")).unwrap_err(), SecretError::Absent);
    keychain.set_for_this_run(&id(), token("only now")).unwrap();
    assert_eq!(read(&keychain).as_deref(), Some("only now"));
    keychain.delete(&id()).unwrap();
    keychain.delete_all().unwrap();
    assert_eq!(keychain.get(&id()).unwrap_err(), SecretError::Absent);
}

#[test]
fn a_daemon_that_is_restarted_is_found_again() {
    if can_run() {
        on_a_bus(home().path(), &[], UNLOCKED, "outlives the daemon");
    }
}

fn outlives_the_daemon() {
    let keychain = Keychain::new();
    keychain.set(&id(), token("tok-1")).unwrap();
    let mut again = Command::new("gnome-keyring-daemon")
        .args(["--replace", "--daemonize", "--unlock", "--components=secrets"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    again.stdin.take().unwrap().write_all(b"password").unwrap();
    assert!(again.wait().unwrap().success());
    assert_eq!(read(&keychain).as_deref(), Some("tok-1"));
}

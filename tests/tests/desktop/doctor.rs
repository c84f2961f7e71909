//! A server that is broken and mended while the doctor is read in the window, and a real keyring: run by `cargo xtask test`,
//! which builds the program and gives it a display.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a journey's helpers fail as the journey does")]

use std::{fs, path::Path, process::Command, sync::Arc};

use acceptance::{
    desktop::{Desktop, Home},
    keyring::{Keyring, Prompt},
    office::{begin, fill_in, leave_settings, look, settings},
    peer::Peer,
};
use engine::{
    Engine, EngineConfig,
    view::{CheckOutcome, CheckStepKind, ConnectionDraft},
};
use secrets::Keychain;

const WORKS: &str = "[data-testid=verdict][data-verdict=works]";
const FAILS: &str = "[data-testid=verdict][data-verdict=fails]";
const CHECK: &str = "[data-testid=check]";
const FAILED: &str = "[data-testid=check-step][data-outcome=failed]";

/// Presses the button, and waits until the test has another end than before.
async fn test_again(window: &mut Desktop, ends: &str) -> String {
    window.press("Test again").await;
    window.until("how it ended", ends).await;
    window.text(CHECK).await
}

#[tokio::test]
async fn a_backend_is_mended_while_the_doctor_is_read() {
    let (home, own) = (Home::new(), Peer::custom());
    let mut window = Desktop::start("doctor", &home).await;
    settings(&mut window).await;
    window.press("Add a server").await;
    window.press("Your own backend").await;
    // The path is wrong: its end is missing.
    window.fill("Address", &own.address("/js")).await;
    window.press("Test").await;
    window.until("that it does not work", FAILS).await;
    assert_eq!(window.count(FAILED).await, 1);
    look(&mut window, "wrong-path").await;
    window.fill("Address", "on").await;
    let told = test_again(&mut window, WORKS).await;
    assert!(told.contains("works now") && told.contains("Since the last test:"), "{told}");
    window.shot("right-path").await;
    window.press("Save and test").await;
    // There is no keychain here, and none is needed.
    window.until_gone("the form", CHECK).await;

    // The text is elsewhere: one press says where, and the test begins again.
    window.press("Add a server").await;
    window.press("Your own backend").await;
    window.fill("Address", &own.address("/odd")).await;
    window.fill("Name", "Odd").await;
    window.press("Test").await;
    window.until("where the text may be", "[data-testid=check] [data-testid=places]").await;
    look(&mut window, "text-elsewhere").await;
    window.press("Use /reply/body").await;
    window.until("that it works", WORKS).await;
    let told = window.text(CHECK).await;
    assert!(told.contains("works now"), "{told}");
    window.close().await;
}

#[tokio::test]
async fn a_session_server_and_a_keyring_are_mended_while_the_doctor_is_read() {
    let (mut home, office) = (Home::new(), Peer::with_sessions());
    let keyring = Keyring::start(&mut home, Prompt::Nowhere).await;
    let mut window = Desktop::start("doctor-sessions", &home).await;
    fill_in(&mut window, &office).await;
    begin(&mut window, "hello").await;
    settings(&mut window).await;

    // The secret stands under another key.
    office.tell("mistake/renamed").await;
    window.press("Test Office").await;
    window.until("that it does not work", FAILS).await;
    let told = window.text(FAILED).await;
    assert!(told.contains("New session") && told.contains("/data/chat_token"), "{told}");
    look(&mut window, "renamed-secret").await;
    office.tell("mistake/none").await;
    let told = test_again(&mut window, WORKS).await;
    assert!(told.contains("New session works now"), "{told}");
    window.shot("secret-found").await;

    // The keyring is locked meanwhile.
    keyring.lock().await;
    let told = test_again(&mut window, "[data-testid=finding][data-finding=keychain-locked]").await;
    assert!(told.contains("Keychain locked") && told.contains("To be mended on this computer"), "{told}");
    assert!(told.contains("Unlock it") && told.contains("Keychain worked before"), "{told}");
    look(&mut window, "keychain-locked").await;
    window.press("Read more").await;
    window.until_gone("the settings", "[data-testid=settings]").await;
    window.until_answered().await;
    window.until_true("the manual's words", "document.body.innerText.includes('Unlock it: its own window')").await;
    window.shot("read-more").await;
    keyring.unlock().await;
    settings(&mut window).await;
    window.press("Test Office").await;
    window.until("that it works", WORKS).await;
    window.press("Close the test").await;

    // How fast it was stands there as well.
    window.press("How fast Office answers").await;
    window.until("the last answers", "[data-testid=latency]").await;
    let told = window.text("[data-testid=latency]").await;
    assert!(told.contains("First token") && told.contains("The last answer"), "{told}");
    look(&mut window, "latency").await;
    leave_settings(&mut window).await;
    window.close().await;
}

/// Says to this program that it is the one with the keyring.
const WITH_KEYRING: &str = "KITTIWAKE_TEST_WITH_KEYRING";
const NAME: &str = "doctor::a_real_keyring_is_found_locked_slow_and_absent";

/// Which connection is kept, and what was found of its keychain, by a program that has the home's bus.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_real_keyring_is_found_locked_slow_and_absent() {
    if let Some(dir) = std::env::var_os(WITH_KEYRING) {
        return look_into_the_keyring(Path::new(&dir)).await;
    }
    let (mut home, dir) = (Home::new(), tempfile::tempdir().unwrap());
    let keyring = Keyring::start(&mut home, Prompt::Nowhere).await;
    assert_eq!(seen(&home, dir.path()), "passed none");
    keyring.lock().await;
    assert_eq!(seen(&home, dir.path()), "failed keychain-locked");
    keyring.unlock().await;
    assert_eq!(seen(&home, dir.path()), "passed none");
    keyring.pause();
    assert_eq!(seen(&home, dir.path()), "failed keychain-slow");
    keyring.go_on();
    drop(keyring);
    let _bus = Keyring::absent(&mut home);
    assert_eq!(seen(&home, dir.path()), "failed keychain-absent");
}

/// What another process sees that lives in a home.
fn seen(home: &Home, dir: &Path) -> String {
    let mut program = Command::new(std::env::current_exe().unwrap());
    home.apply(&mut program);
    program.args(["--exact", NAME, "--nocapture"]).env(WITH_KEYRING, dir);
    let ran = program.output().unwrap();
    let said = String::from_utf8_lossy(&ran.stdout).into_owned();
    assert!(ran.status.success(), "{said}{}", String::from_utf8_lossy(&ran.stderr));
    fs::read_to_string(dir.join("seen")).unwrap()
}

async fn look_into_the_keyring(dir: &Path) {
    let config = EngineConfig { secrets: Arc::new(Keychain::new()), ..EngineConfig::new(dir.join("data")) };
    let engine = Engine::open(config).await.unwrap();
    let id = match engine.connection_named("Office") {
        Some(view) => view.id,
        None => {
            let draft = ConnectionDraft::server("Office", "http://127.0.0.1:9/");
            engine.add_connection(ConnectionDraft { token: Some("sesame".into()), ..draft }).await.unwrap().id
        }
    };
    let mut check = engine.test_connection(&id).unwrap();
    let mut last = None;
    while let Some(view) = check.next().await {
        last = view.steps.into_iter().find(|step| step.kind == CheckStepKind::Keychain);
    }
    let keychain = last.unwrap();
    let outcome = if keychain.outcome == CheckOutcome::Passed { "passed" } else { "failed" };
    let finding = keychain.finding.map_or("none".to_owned(), |finding| finding.name.to_string());
    fs::write(dir.join("seen"), format!("{outcome} {finding}")).unwrap();
    engine.close().await;
}

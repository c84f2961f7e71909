//! First starts without a question: from the environment, and from an administrator's file.
#![allow(clippy::unwrap_used, reason = "a journey's helpers fail as the journey does")]

use std::{fs, path::Path};

use acceptance::{
    desktop::{Desktop, Home},
    leaks::Marked,
    office::{converse, leave_settings, look, settings},
    peer::Peer,
};
use serde_json::{Value, json};

const SETTINGS: &str = "[data-testid=settings]";
const PICKER: &str = "[data-testid=connection-picker]";
const KEY: &str = "s3same-of-the-environment-alone";

/// What stands beside everything that is fixed.
const LOCKED: &str = "Set by your administrator";

#[tokio::test]
async fn three_variables_are_enough_for_a_first_start_and_the_key_is_on_no_disk() {
    let (mut home, peer) = (Home::new(), Peer::custom());
    home.set_variable("CUSTOM_BACKEND_URL", &peer.address("/tokens"));
    home.set_variable("CUSTOM_BACKEND_KEY", KEY);
    home.set_variable("CUSTOM_MODEL", "small");
    let mut window = Desktop::start("environment", &home).await;
    assert_eq!(window.count("[data-testid=problem]").await, 0);
    converse(&mut window, "hello").await;
    let answer = window.text("[data-kind=assistant_message]").await;
    assert!(answer.contains("You said:") && answer.contains("hello"), "{answer}");
    window.shot("answered").await;
    let (_, body) = peer.asked().await.into_iter().next_back().unwrap();
    assert_eq!(body["model"], "small", "{body}");

    settings(&mut window).await;
    let told = window.text(SETTINGS).await;
    assert!(told.contains("From the environment") && told.contains("CUSTOM_BACKEND_KEY"), "{told}");
    assert!(!told.contains(KEY), "{told}");
    look(&mut window, "connections").await;
    leave_settings(&mut window).await;
    window.close().await;
    let mut marked = Marked::default();
    marked.add("the environment's key", KEY);
    assert_eq!(marked.in_folder(home.path(), &[]), Vec::<String>::new());

    // Without the variables nothing of it is left but the conversation.
    let without = Home::new();
    copy(&home.data(), &without.data());
    let mut window = Desktop::start("environment", &without).await;
    window.until("the conversation", "[data-testid=thread-row]").await;
    assert_eq!(window.count("[data-testid=thread-row]").await, 1);
    assert!(window.text(PICKER).await.contains("Guide"));
}

#[tokio::test]
async fn a_policy_brings_its_connection_without_a_question_and_what_it_locks_stays() {
    let (mut home, peer) = (Home::new(), Peer::custom());
    let file = home.path().join("policy.json");
    // Comments may stand in it.
    fs::write(&file, format!("// Ours.\n{}", policy(&peer.address("/tokens")))).unwrap();
    for_all_to_read(&file);
    home.set_variable("KITTIWAKE_POLICY", &file.to_string_lossy());
    let mut window = Desktop::start("policy", &home).await;
    assert_eq!(window.count("[data-testid=problem]").await, 0);
    assert!(window.text(PICKER).await.contains("House"));
    let dark = "document.documentElement.dataset.theme === 'dark'";
    window.until_true("the colours are those of the policy", dark).await;
    converse(&mut window, "hello").await;
    window.shot("answered").await;

    window.control(',').await;
    let managed = window.text("[data-testid=managed]").await.trim().to_owned();
    assert_eq!(managed, format!("Managed by IT of Example: {}", file.display()));
    window.press("Appearance").await;
    let group = "[role=radiogroup][aria-readonly=true]";
    let described =
        "document.getElementById(document.querySelector('[role=radiogroup]').getAttribute('aria-describedby'))";
    window.until("the colours are fixed", group).await;
    window.until_true("it is said why", &format!("{described}.textContent === '{LOCKED}'")).await;
    window.press("Light").await;
    window.until_true("dark stays chosen", "document.querySelectorAll('[role=radiogroup] input')[2].checked").await;
    look(&mut window, "appearance").await;

    window.press("Connections").await;
    window.until("the policy's connection cannot be removed", "[aria-label='Remove House'][disabled]").await;
    window.shot("connections").await;
    window.press("Edit House").await;
    window.until("its address is fixed", "input[readonly]").await;
    look(&mut window, "form").await;
    leave_settings(&mut window).await;
    window.close().await;
    // What the person may not change was not kept for them either.
    let kept = fs::read_to_string(home.data().join("settings.json")).unwrap_or_default();
    assert!(!kept.contains("light"), "{kept}");
}

#[tokio::test]
async fn a_policy_that_others_may_write_to_is_refused_in_words() {
    let mut home = Home::new();
    let file = home.path().join("policy.json");
    fs::write(&file, policy("http://127.0.0.1:9/").to_string()).unwrap();
    fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o666)).unwrap();
    home.set_variable("KITTIWAKE_POLICY", &file.to_string_lossy());
    let mut window = Desktop::start("open-policy", &home).await;
    let words = window.text("[data-testid=problem]").await;
    assert!(words.contains(&*file.to_string_lossy()), "{words}");
    assert!(window.text(PICKER).await.contains("Guide"));
    window.shot("refused").await;
}

/// One connection, and two things that are fixed.
fn policy(url: &str) -> Value {
    json!({
        "version": 2,
        "managed_by": "IT of Example",
        "appearance": { "theme": "dark" },
        "connections": [{
            "id": "house", "name": "House", "kind": "custom", "url": url, "session": { "type": "none" },
        }],
        "locked": ["appearance.theme", "connections.house.url"],
    })
}

/// As an administrator leaves it: everybody reads, the owner alone writes. The tests' user is its owner.
fn for_all_to_read(file: &Path) {
    fs::set_permissions(file, std::os::unix::fs::PermissionsExt::from_mode(0o644)).unwrap();
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().flatten().filter(|entry| entry.path().is_file()) {
        fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}

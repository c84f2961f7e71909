//! Files that go with a message: pasted, dropped and chosen, against the official SDK, whose server takes them in two steps.
#![allow(clippy::unwrap_used, reason = "a journey's helpers fail as the journey does")]

use std::{path::PathBuf, process::Command, time::Duration};

use acceptance::{
    desktop::{Desktop, Home},
    office::{begin, fill_in, look},
    peer::Peer,
    x11::{Clipboard, Drag},
};
use serde_json::{Value, json};
use thirtyfour::Key;

const BIRD: &[u8] = include_bytes!("../../../icons/128.png");
const FIELD: &str = "[data-testid=composer-input]";
const FILES: &str = "[data-testid=attachments]";
const READY: &str = "[data-testid=attachments] li[data-state=ready]";
const FAILED: &str = "[data-testid=attachments] li[data-state=failed]";

async fn start(journey: &'static str) -> (Home, Peer, Desktop) {
    let (home, peer) = (Home::new(), Peer::with_sessions());
    let mut window = Desktop::start(journey, &home).await;
    fill_in(&mut window, &peer).await;
    window.press("Keep for this run only").await;
    begin(&mut window, "hello").await;
    (home, peer, window)
}

/// A file of the person's.
fn file(home: &Home, name: &str, bytes: &[u8]) -> PathBuf {
    let path = home.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

/// Waits until a message of the person's names files, and gives their names and sizes as the server has them.
async fn arrived(window: &mut Desktop, peer: &Peer, message: &str) -> Vec<(String, u64)> {
    window
        .until_true(message, &format!("document.querySelector('[data-testid=thread]').innerText.includes('{message}')"))
        .await;
    window.until_gone("the files have left the field", FILES).await;
    let state = peer.state().await;
    let items = state["threads"][0]["items"].as_array().unwrap();
    let said = items.iter().rfind(|item| item["type"] == "user_message").unwrap();
    let told = |file: &Value| {
        let size = state["files"][file["id"].as_str().unwrap()]["size"].as_u64().unwrap();
        (file["name"].as_str().unwrap().to_owned(), size)
    };
    said["attachments"].as_array().unwrap().iter().map(told).collect()
}

/// A picture that the page draws, which is more than that it is there.
fn drawn(within: &str) -> String {
    format!(
        "[...document.querySelectorAll('{within} img')].some((img) => img.src.startsWith('blob:') && img.naturalWidth === 128)"
    )
}

#[tokio::test]
async fn a_picture_is_pasted_looked_at_removed_and_sent() {
    let (home, peer, mut window) = start("paste").await;
    let clipboard = Clipboard::with_png(BIRD);
    window.click(FIELD).await;
    window.control('v').await;
    window.until("it is uploaded", READY).await;
    window.until_true("it is seen", &drawn(FILES)).await;
    look(&mut window, "preview").await;
    window.click(&format!("{FILES} button[aria-label^=Remove]")).await;
    window.until_gone("it is gone", FILES).await;
    assert_eq!(window.run("return document.activeElement.dataset.testid").await, "composer-input");
    window.control('v').await;
    window.until("it is uploaded again", READY).await;
    window.keys("What is this?").await;
    window.keys(Key::Enter).await;
    let came = arrived(&mut window, &peer, "You said: What is this?").await;
    assert_eq!(came.len(), 1, "{came:?}");
    window.until_true("the message shows it", &drawn("[data-kind=user_message]")).await;
    look(&mut window, "sent").await;
    // What was removed is not kept by the server.
    let state = peer.state().await;
    assert_eq!(state["deleted_files"].as_array().unwrap().len(), 1, "{state}");
    assert_eq!(state["files"].as_object().unwrap().len(), 1, "{state}");
    drop(clipboard);

    // What a file manager copies are files, and their places as text.
    let clipboard =
        Clipboard::with_files(&[file(&home, "notes.txt", b"Two eggs."), file(&home, "more notes.txt", b"One.")]);
    window.control('v').await;
    window.until_true("both are there", &format!("document.querySelectorAll('{READY}').length === 2")).await;
    window.keys("And these?").await;
    window.keys(Key::Enter).await;
    let came = arrived(&mut window, &peer, "You said: And these?").await;
    assert_eq!(came, [("notes.txt".to_owned(), 9), ("more notes.txt".to_owned(), 4)]);
    drop(clipboard);
    window.close().await;
}

#[tokio::test]
async fn files_are_dropped_on_the_window_and_the_wrong_ones_are_told_in_words() {
    let (home, peer, mut window) = start("drop").await;
    let (notes, bird) = (file(&home, "field notes.txt", b"Nine of them."), file(&home, "bird.png", BIRD));
    let mut drag = Drag::new();
    drag.take(&[notes, bird]);
    drag.hold_at(450, 300);
    window.until("what would happen is said", "[data-testid=drop-overlay]").await;
    assert_eq!(window.text("[data-testid=drop-overlay]").await.trim(), "Drop the 2 files to add them to the message");
    window.shot("over").await;
    drag.leave();
    window.until_gone("they went on", "[data-testid=drop-overlay]").await;
    assert_eq!(window.count(FILES).await, 0);

    drag.hold_at(450, 300);
    drag.let_go();
    window.until_true("both are there", &format!("document.querySelectorAll('{READY}').length === 2")).await;
    window.until_gone("nothing is held over the window", "[data-testid=drop-overlay]").await;
    window.click(FIELD).await;
    window.keys("Look").await;
    look(&mut window, "dropped").await;
    window.keys(Key::Enter).await;
    let came = arrived(&mut window, &peer, "You said: Look").await;
    assert_eq!(came, [("field notes.txt".to_owned(), 13), ("bird.png".to_owned(), BIRD.len() as u64)]);

    // Nothing of a message is lost when a file cannot go with it.
    window.keys("With words").await;
    let (folder, large) = (home.path().join("folder"), home.path().join("large.bin"));
    std::fs::create_dir(&folder).unwrap();
    std::fs::File::create(&large).unwrap().set_len(101 << 20).unwrap();
    drag.take(&[folder, large, file(&home, "empty.txt", b"")]);
    drag.hold_at(450, 300);
    drag.let_go();
    window.until_true("two are refused", &format!("document.querySelectorAll('{FAILED}').length === 2")).await;
    window.until("the empty one is a file", READY).await;
    let said = window.text(FILES).await;
    assert!(said.contains("it is a folder") && said.contains("takes 100 MiB at most"), "{said}");
    look(&mut window, "refused").await;
    assert_eq!(window.run(&format!("return document.querySelector('{FIELD}').value")).await, "With words");
    for name in ["folder", "large.bin"] {
        window.press(&format!("Remove {name}")).await;
    }
    window.until_gone("what was refused", FAILED).await;
    window.keys(Key::Enter).await;
    let came = arrived(&mut window, &peer, "You said: With words").await;
    assert_eq!(came, [("empty.txt".to_owned(), 0)]);
    window.close().await;
}

#[tokio::test]
async fn how_far_a_large_file_has_come_is_shown_and_it_can_be_given_up() {
    let (home, peer, mut window) = start("progress").await;
    let slow = file(&home, "slow film.bin", &vec![7; 48 << 20]);
    let mut drag = Drag::new();
    drag.take(&[slow]);
    drag.hold_at(450, 300);
    drag.let_go();
    peer.until_waiting("files").await;
    window.until("it is on its way", &format!("{FILES} li[data-state=uploading] progress")).await;
    window
        .until_true("it has come a part of the way", &format!("document.querySelector('{FILES} progress').value > 0"))
        .await;
    window.click(FIELD).await;
    window.keys("Watch this").await;
    look(&mut window, "uploading").await;
    window.keys(Key::Enter).await;
    assert_eq!(window.run(&format!("return document.querySelector('{FIELD}').value")).await, "Watch this");
    window.press("Remove slow film.bin").await;
    window.until_gone("it is gone", FILES).await;
    peer.open("files").await;
    window.keys(Key::Enter).await;
    assert_eq!(arrived(&mut window, &peer, "You said: Watch this").await, []);
    let state = peer.state().await;
    assert_eq!((&state["files"], state["deleted_files"].as_array().unwrap().len()), (&json!({}), 1), "{state}");
    window.close().await;
}

/// Does something with the system's dialog, which is a window of the same program.
fn in_dialog(keys: &[&str]) {
    let done = Command::new("timeout").args(["60", "xdotool"]).args(keys).status();
    assert!(done.is_ok_and(|done| done.success()), "the dialog for files does not answer: {keys:?}");
}

/// Whether a file is uploaded, a moment after something was done for it.
async fn is_uploaded(window: &Desktop) -> bool {
    for _ in 0..100 {
        if window.find(READY).await.is_some() {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
    false
}

#[tokio::test]
async fn files_are_chosen_in_the_systems_dialog() {
    let (home, peer, mut window) = start("pick").await;
    let notes = file(&home, "notes.txt", b"Two eggs.");
    let opened = ["search", "--sync", "--onlyvisible", "--name", "^Add files$", "windowfocus", "--sync"];
    window.click("[data-testid=attach]").await;
    in_dialog(&opened);
    window.shot("dialog").await;
    in_dialog(&["key", "Escape"]);
    window.click("[data-testid=attach]").await;
    in_dialog(&opened);
    let mut tries = 0;
    loop {
        // The dialog makes room for a path when its first letter comes, and may lose letters meanwhile.
        in_dialog(&["key", "ctrl+a"]);
        in_dialog(&["type", "--delay", "20", &notes.display().to_string()]);
        in_dialog(&["key", "Return"]);
        if is_uploaded(&window).await {
            break;
        }
        tries += 1;
        assert!(tries < 6, "the dialog takes no path");
        in_dialog(&["key", "Return"]);
    }
    assert_eq!(window.count(&format!("{FILES} li")).await, 1);
    window.click(FIELD).await;
    window.keys("Count").await;
    window.keys(Key::Enter).await;
    let came = arrived(&mut window, &peer, "You said: Count").await;
    assert_eq!(came, [("notes.txt".to_owned(), 9)]);
    window.shot("sent").await;
    window.close().await;
}

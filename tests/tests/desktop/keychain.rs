//! The window, a real keyring and a real session server: what is kept, and what is said where it cannot be.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a journey's helpers fail as the journey does")]

use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

use acceptance::{
    desktop::{Desktop, Home},
    keyring::{Keyring, Prompt},
    office::{begin, fill_in, look, settings},
    peer::Peer,
};
use thirtyfour::Key;

const ROW: &str = "[data-testid=thread-row]";
const NOTICE: &str = "[data-testid=keychain]";
const TRY: &str = "[data-testid=ask-keychain]";

/// A person who has a connection with a session, and a conversation, and has closed the window.
async fn with_a_conversation(journey: &'static str, home: &Home, peer: &Peer) {
    let mut window = Desktop::start(journey, home).await;
    fill_in(&mut window, peer).await;
    begin(&mut window, "hello").await;
    window.close().await;
    assert_eq!(peer.sessions().await, (1, 0));
}

/// Goes on with the one conversation that there is.
async fn go_on(window: &mut Desktop, message: &str) {
    window.click(ROW).await;
    say_more(window, message).await;
}

/// Goes on with the older one of two conversations.
async fn go_on_with_the_older(window: &mut Desktop, message: &str) {
    window.until_true("two conversations", &format!("document.querySelectorAll('{ROW}').length === 2")).await;
    window.click(&format!("{ROW}:last-child")).await;
    say_more(window, message).await;
}

async fn say_more(window: &mut Desktop, message: &str) {
    window.until("the conversation", "[data-testid=thread][data-phase=idle] [data-kind=user_message]").await;
    let answers = window.count("[data-kind=assistant_message]").await;
    window.say(message).await;
    let more =
        format!("document.querySelectorAll('[data-kind=assistant_message][data-stage=done]').length > {answers}");
    window.until_true("one more answer", &more).await;
    window.until_answered().await;
}

/// Asks the Guide, which needs no keychain.
async fn ask_the_guide(window: &mut Desktop, question: &str) {
    window.control('n').await;
    window.click("[data-testid=connection-picker]").await;
    window.until("the menu", "[role=menu]").await;
    window.keys("Guide").await;
    window.keys(Key::Enter).await;
    window.until_gone("the menu", "[role=menu]").await;
    let chosen = "document.querySelector('[data-testid=connection-picker]').innerText.includes('Guide')";
    window.until_true("the Guide is chosen", chosen).await;
    window.say(question).await;
    window.until_answered().await;
}

/// Waits for the words above the conversation, and answers them.
async fn noticed(window: &mut Desktop, code: &str) -> String {
    window.until("it is said", &format!("{NOTICE}[data-code={code}]")).await;
    window.text(NOTICE).await
}

/// No file in the home holds the text. The keyring's own are not readable, and are looked at all the same.
fn is_in_no_file(home: &Home, secret: &str) {
    fn search(folder: &Path, secret: &[u8]) {
        for entry in fs::read_dir(folder).unwrap().flatten() {
            let kind = entry.file_type().unwrap();
            if kind.is_dir() {
                search(&entry.path(), secret);
            } else if kind.is_file() {
                // What ends with the program may be gone by now.
                let bytes = fs::read(entry.path()).unwrap_or_default();
                let found = bytes.windows(secret.len()).any(|window| window == secret);
                assert!(!found, "{} holds it", entry.path().display());
            }
        }
    }
    search(home.path(), secret.as_bytes());
}

#[tokio::test]
async fn the_key_and_the_session_are_there_after_a_restart() {
    let (mut home, peer) = (Home::new(), Peer::with_sessions());
    let keyring = Keyring::start(&mut home, Prompt::Nowhere).await;
    with_a_conversation("kept", &home, &peer).await;
    let entry = keyring.entry().await.unwrap();
    assert!(entry.contains(&peer.token) && entry.contains("ek_"), "what is kept is not both of them");
    is_in_no_file(&home, &peer.token);
    is_in_no_file(&home, "ek_");
    let mut window = Desktop::start("kept", &home).await;
    go_on(&mut window, "and now").await;
    window.shot("after").await;
    window.close().await;
    assert_eq!(peer.sessions().await, (1, 0));
}

#[tokio::test]
async fn a_keyring_that_waits_for_its_password_is_said_and_once_unlocked_all_goes_on() {
    let (mut home, peer) = (Home::new(), Peer::with_sessions());
    let keyring = Keyring::start(&mut home, Prompt::Shown).await;
    with_a_conversation("locked", &home, &peer).await;
    keyring.lock().await;
    let mut window = Desktop::start("locked", &home).await;
    let words = noticed(&mut window, "keychain_failed").await;
    assert!(words.contains("within 3 seconds") && words.contains("look for its window"), "{words}");
    assert!(words.contains("Try again") && words.contains("Keep for this run only"), "{words}");
    look(&mut window, "waits").await;
    // The window can be used meanwhile.
    ask_the_guide(&mut window, "Where are my access tokens kept?").await;
    window.click(TRY).await;
    window.until("nothing has changed", &format!("{NOTICE} [role=status]:not(:empty)")).await;
    keyring.answer_prompt().await;
    // Nobody need press anything for that.
    window.until_gone("the trouble", NOTICE).await;
    window.shot("unlocked").await;
    go_on_with_the_older(&mut window, "and now").await;
    window.close().await;
    assert_eq!(peer.sessions().await, (1, 0));
}

#[tokio::test]
async fn a_locked_keyring_that_asks_nobody_is_unlocked_elsewhere() {
    let (mut home, peer) = (Home::new(), Peer::with_sessions());
    let keyring = Keyring::start(&mut home, Prompt::Nowhere).await;
    with_a_conversation("locked-elsewhere", &home, &peer).await;
    keyring.lock().await;
    let mut window = Desktop::start("locked-elsewhere", &home).await;
    let words = noticed(&mut window, "keychain_locked").await;
    assert!(words.contains("Unlock it and try again") && words.contains("“Office” cannot be used"), "{words}");
    look(&mut window, "locked").await;
    window.press("Keep for this run only").await;
    window.until("the token is asked for", &format!("{NOTICE} input[type=password]")).await;
    look(&mut window, "token").await;
    window.press("Cancel").await;
    keyring.unlock().await;
    window.click(TRY).await;
    window.until_gone("the trouble", NOTICE).await;
    go_on(&mut window, "and now").await;
    window.close().await;
    assert_eq!(peer.sessions().await, (1, 0));
}

#[tokio::test]
async fn without_a_keyring_nothing_is_written_and_the_token_is_asked_for_in_each_run() {
    let (mut home, peer) = (Home::new(), Peer::with_sessions());
    let _bus = Keyring::absent(&mut home);
    let mut window = Desktop::start("absent", &home).await;
    fill_in(&mut window, &peer).await;
    window.until("it is said", "[data-testid=settings] [data-testid=failure][data-code=keychain_absent]").await;
    window.press("Try again").await;
    window.until("it is said again", "[data-testid=settings] [data-testid=failure][data-code=keychain_absent]").await;
    look(&mut window, "form").await;
    window.press("Keep for this run only").await;
    begin(&mut window, "hello").await;
    window.close().await;
    is_in_no_file(&home, &peer.token);
    is_in_no_file(&home, "ek_");

    let mut window = Desktop::start("absent", &home).await;
    let words = noticed(&mut window, "keychain_absent").await;
    assert!(words.contains("There is no keychain on this computer"), "{words}");
    look(&mut window, "next-run").await;
    window.click(TRY).await;
    window.until("nothing has changed", &format!("{NOTICE} [role=status]:not(:empty)")).await;
    window.press("Keep for this run only").await;
    window.fill("Token of Office", &peer.token).await;
    window.keys(Key::Enter).await;
    window.until_gone("the trouble", NOTICE).await;
    go_on(&mut window, "and now").await;
    window.close().await;
    assert_eq!(peer.sessions().await, (2, 0));
    is_in_no_file(&home, &peer.token);
    is_in_no_file(&home, "ek_");
}

/// How late the keyring of the next journey answers.
const SLOW: Duration = Duration::from_secs(10);

#[tokio::test]
async fn a_keyring_that_answers_late_holds_up_nothing_and_does_no_harm() {
    let (mut home, peer) = (Home::new(), Peer::with_sessions());
    let keyring = Keyring::start(&mut home, Prompt::Nowhere).await;
    with_a_conversation("slow", &home, &peer).await;
    let entry = keyring.entry().await;
    keyring.pause();
    let paused = Instant::now();
    let mut window = Desktop::start("slow", &home).await;
    // A page that stands still does not count.
    window
        .run(
            "window.late = 0; let last = performance.now(); setInterval(() => { const now = performance.now(); \
             window.late = Math.max(window.late, now - last); last = now; }, 50)",
        )
        .await;
    let words = noticed(&mut window, "keychain_failed").await;
    assert!(words.contains("within 3 seconds"), "{words}");
    window.shot("late").await;
    ask_the_guide(&mut window, "What happens when a server fails?").await;
    // Whoever insists waits no longer than the limit either.
    window.click(TRY).await;
    window.until("nothing has changed", &format!("{NOTICE} [role=status]:not(:empty)")).await;
    let late = window.run("return window.late").await.as_f64().unwrap();
    assert!(late < 2000.0, "the page stood still for {late} ms");
    tokio::time::sleep(SLOW.saturating_sub(paused.elapsed())).await;
    keyring.go_on();
    // Nobody need press anything for that.
    window.until_gone("the trouble", NOTICE).await;
    go_on_with_the_older(&mut window, "and now").await;
    window.close().await;
    assert_eq!(peer.sessions().await, (1, 0));
    assert_eq!(keyring.entry().await, entry);
}

#[tokio::test]
async fn an_entry_that_others_change_is_noticed_and_mended() {
    let (mut home, peer) = (Home::new(), Peer::with_sessions());
    let keyring = Keyring::start(&mut home, Prompt::Nowhere).await;
    with_a_conversation("changed", &home, &peer).await;
    let good = keyring.entry().await.unwrap();

    // Between two runs: what is there cannot be read, and is replaced by giving the token again.
    keyring.replace("{\"origin\":").await;
    let mut window = Desktop::start("changed", &home).await;
    let words = noticed(&mut window, "keychain_damaged").await;
    assert!(words.contains("cannot be read"), "{words}");
    window.shot("damaged").await;
    window.press("Give the token again").await;
    window.fill("Token of Office", &peer.token).await;
    window.press("Store it in the keychain").await;
    window.until_gone("the trouble", NOTICE).await;
    go_on(&mut window, "mended").await;
    assert_eq!(peer.sessions().await.0, 2);
    assert!(keyring.entry().await.unwrap().contains(&peer.token));

    // While the program runs: it goes on with what it has, and says so when it needs what is gone.
    let attributes = keyring.delete().await;
    go_on(&mut window, "still there").await;
    peer.tell("expire").await;
    window.say("and now").await;
    window.until("it is said", "[data-testid=failure][data-code=signed_out]").await;
    let words = window.text("[data-testid=failure][data-code=signed_out]").await;
    assert!(words.contains("is not on this computer"), "{words}");
    window.shot("deleted").await;

    // Another token, one that is wrong and one that is right: each is used when it is there.
    keyring.create(attributes, &good.replace(&peer.token, "wrong")).await;
    window.click("[data-testid=try-again]").await;
    let refused = "document.querySelector('[data-testid=failure]')?.innerText.includes('does not accept the token')";
    window.until_true("the server refuses it", refused).await;
    keyring.replace(&good).await;
    window.click("[data-testid=try-again]").await;
    window.until_answered().await;
    window.close().await;
}

#[tokio::test]
async fn a_clock_that_is_hours_off_makes_no_difference() {
    let (mut home, peer) = (Home::new(), Peer::with_sessions());
    let _keyring = Keyring::start(&mut home, Prompt::Nowhere).await;
    home.set_clock(-7500);
    peer.tell("live/12").await;
    let mut window = Desktop::start("clock", &home).await;
    fill_in(&mut window, &peer).await;
    window.until("the session", "[data-testid=session][data-phase=live]").await;
    let words = window.text("[data-testid=session]").await;
    assert!(words.contains("clock is 2 h ahead of"), "{words}");
    window.shot("ahead").await;
    begin(&mut window, "hello").await;
    // It lives for 12 s, and is renewed in the last quarter of that.
    peer.until_made(2).await;
    let at = peer.made_at().await;
    let life = at[1] - at[0];
    assert!(life > 8.5, "renewed after {life} s");
    say_more(&mut window, "and now").await;

    // Then the server's clock is wrong, too, and 3 hours behind this one.
    peer.tell("clock/-18300").await;
    peer.tell("live/600").await;
    peer.tell("expire").await;
    go_on(&mut window, "and then").await;
    let made = peer.sessions().await;
    settings(&mut window).await;
    let behind = "document.querySelector('[data-testid=session]')?.innerText.includes('clock is 3 h behind')";
    window.until_true("the difference is told", behind).await;
    window.shot("behind").await;
    window.close().await;

    // The next run knows the difference, and with it that the session is still good.
    let mut window = Desktop::start("clock", &home).await;
    go_on(&mut window, "and again").await;
    window.close().await;
    assert_eq!(peer.sessions().await, made);
}

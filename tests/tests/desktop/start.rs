//! How the program starts, and what it does when something is wrong then: in the real program, from outside.
#![allow(clippy::unwrap_used, reason = "a journey's helpers fail as the journey does")]

use std::{fs, process::Command};

use acceptance::{
    desktop::{self, Desktop, Home},
    program::{Bus, Program, signal, until},
};
use serde_json::{Value, json};

const PROBLEM: &str = "[data-testid=problem]";
const NO_CARD: &str = "WEBKIT_DISABLE_COMPOSITING_MODE";

/// Where the program writes down that it needs safe rendering.
const REMEMBERED: &str = "safe-rendering.txt";

#[tokio::test]
async fn a_window_that_stays_blank_comes_back_with_safe_rendering_and_says_so() {
    let home = Home::new();
    let program = Program::start(&home);
    let stuck = program.page(&[]);
    signal(stuck, "STOP");
    assert_eq!(program.variable(NO_CARD), None);
    program.page(&[stuck]);
    let mut window = program.window("blank", &home).await;
    let words = window.text(PROBLEM).await;
    assert!(words.contains("without the graphics card") && words.contains(REMEMBERED), "{words}");
    window.shot("again").await;
    assert_eq!(program.variable(NO_CARD).as_deref(), Some("1"));
    until("it is remembered", || home.data().join(REMEMBERED).exists().then_some(()));
    drop((window, program));

    // From now on it starts like that, without a word.
    let program = Program::start(&home);
    let window = program.window("blank", &home).await;
    assert_eq!(program.variable(NO_CARD).as_deref(), Some("1"));
    assert_eq!(window.count(PROBLEM).await, 0);
}

#[tokio::test]
async fn a_page_that_ends_is_loaded_again_and_the_second_time_the_program_starts_anew() {
    let home = Home::new();
    let program = Program::start(&home);
    let mut window = program.window("killed", &home).await;
    window.say("Hello").await;
    window.until_answered().await;
    drop(window);
    until("the window is drawn", || (!home.data().join("starting.txt").exists()).then_some(()));
    let first = program.page(&[]);
    signal(first, "KILL");
    let second = program.page(&[first]);
    let mut window = program.window("killed", &home).await;
    let words = window.text(PROBLEM).await;
    assert!(words.contains("nothing was lost"), "{words}");
    window.until("the conversation is listed", "[data-testid=thread-row]").await;
    assert_eq!(window.count("[data-testid=thread-row]").await, 1);
    window.shot("loaded-again").await;
    drop(window);
    assert_eq!(program.variable(NO_CARD), None);

    signal(second, "KILL");
    program.page(&[first, second]);
    let mut window = program.window("killed", &home).await;
    let words = window.text(PROBLEM).await;
    assert!(words.contains("without the graphics card"), "{words}");
    window.until("the conversation is listed", "[data-testid=thread-row]").await;
    assert_eq!(window.count("[data-testid=thread-row]").await, 1);
    assert_eq!(program.variable(NO_CARD).as_deref(), Some("1"));
    window.shot("anew").await;
}

#[tokio::test]
async fn a_window_that_stays_blank_in_spite_of_all_is_told_and_not_started_for_ever() {
    let home = Home::new();
    let program = Program::start_with(&home, |command| {
        command.env("WEBKIT_DISABLE_DMABUF_RENDERER", "1").env(NO_CARD, "1");
    });
    let stuck = program.page(&[]);
    signal(stuck, "STOP");
    let report = until("there is a report", || {
        fs::read_dir(home.data().join("reports")).ok()?.next()?.ok().map(|entry| entry.path())
    });
    assert!(fs::read_to_string(report).unwrap().starts_with("The window of Kittiwake stayed blank"));
    assert_eq!(program.page(&[]), stuck, "it was not started again");
    signal(stuck, "CONT");
}

#[tokio::test]
async fn a_start_that_ended_before_its_window_is_followed_by_a_safe_one() {
    let home = Home::new();
    let program = Program::start(&home);
    until("it is on its way", || home.data().join("starting.txt").exists().then_some(()));
    drop(program);
    assert!(home.data().join("starting.txt").exists(), "it was killed on its way");
    let program = Program::start(&home);
    let mut window = program.window("unfinished", &home).await;
    let words = window.text(PROBLEM).await;
    assert!(words.contains("The last start ended"), "{words}");
    assert_eq!(program.variable(NO_CARD).as_deref(), Some("1"));
}

#[tokio::test]
async fn a_second_start_shows_the_first_and_ends() {
    let (home, other, bus) = (Home::new(), Home::new(), Bus::start());
    let start = |home: &Home| {
        Program::start_with(home, |command| {
            command.env("DBUS_SESSION_BUS_ADDRESS", &bus.address);
        })
    };
    let mut first = start(&home);
    let window = first.window("single", &home).await;
    let second = start(&home);
    assert_eq!(second.ended().code(), Some(0));
    assert!(first.runs());
    // Another folder is another Kittiwake.
    let mut third = start(&other);
    drop(third.window("single", &other).await);
    assert!(third.runs() && first.runs());
    drop(window);
}

/// Where the window is, in pixels of the screen.
async fn rect(window: &Desktop) -> (i64, i64, i64, i64) {
    let place = window.run("return [screenX, screenY, outerWidth, outerHeight]").await;
    let number = |index: usize| place[index].as_i64().unwrap();
    (number(0), number(1), number(2), number(3))
}

#[tokio::test]
async fn the_window_opens_where_it_was_and_as_large() {
    let home = Home::new();
    let window = Desktop::start("place", &home).await;
    window.place(120, 60, 900, 640).await;
    let before = rect(&window).await;
    assert_eq!((before.2, before.3), (900, 640));
    let expected = json!({ "x": 120, "y": 60, "width": 900, "height": 640, "maximized": false });
    until("it is written down", || {
        let kept: Value = serde_json::from_slice(&fs::read(home.data().join("window.json")).ok()?).ok()?;
        (kept == expected).then_some(())
    });
    window.close().await;

    let mut window = Desktop::start("place", &home).await;
    // The page learns of it a little later than the screen.
    let (x, y, width, height) = before;
    let same = format!("[screenX, screenY, outerWidth, outerHeight].join() === '{x},{y},{width},{height}'");
    window.until_true("the window is where it was", &same).await;
    window.close().await;
}

#[tokio::test]
async fn a_window_from_a_larger_screen_comes_back_onto_this_one() {
    let home = Home::new();
    fs::create_dir_all(home.data()).unwrap();
    let far = json!({ "x": 5000, "y": -3000, "width": 9000, "height": 640, "maximized": false });
    fs::write(home.data().join("window.json"), far.to_string()).unwrap();
    let mut window = Desktop::start("far", &home).await;
    let fits = "screenX === 0 && screenY === 0 && outerWidth === screen.width && outerHeight === 640";
    window.until_true("all of the window is on the screen", fits).await;
    window.shot("back").await;
    window.close().await;
}

/// What the window says is wrong at its start.
async fn told(window: &mut Desktop) -> String {
    window.until("it is told", PROBLEM).await;
    let all = window.run("return [...document.querySelectorAll('[data-testid=problem]')].map(e => e.innerText)").await;
    let all: Vec<_> = all.as_array().unwrap().iter().map(|one| one.as_str().unwrap().to_owned()).collect();
    assert_eq!(all.len(), 1, "one reason is told once: {all:?}");
    all.concat()
}

#[tokio::test]
async fn a_data_folder_of_a_newer_version_is_told_and_left_alone() {
    let home = Home::new();
    let window = Desktop::start("newer", &home).await;
    window.close().await;
    let mut before = Vec::new();
    for name in ["history.sqlite", "guide.sqlite"] {
        let file = home.data().join(name);
        for beside in ["-wal", "-shm"] {
            let _ = fs::remove_file(home.data().join(format!("{name}{beside}")));
        }
        // SQLite keeps `user_version` in the four bytes at 60 of the header.
        let mut bytes = fs::read(&file).unwrap();
        bytes[60..64].copy_from_slice(&9_999u32.to_be_bytes());
        fs::write(&file, &bytes).unwrap();
        before.push((file, bytes));
    }
    let mut window = Desktop::start("newer", &home).await;
    let words = told(&mut window).await;
    let folder = home.data().display().to_string();
    for part in [folder.as_str(), "newer Kittiwake", "--data-dir", "only until this window is closed"] {
        assert!(words.contains(part), "no “{part}” in “{words}”");
    }
    window.shot("told").await;
    // There is somebody to ask.
    window.say("What if the data folder was written by a newer version?").await;
    window.until_answered().await;
    window.close().await;
    for (file, bytes) in before {
        assert!(fs::read(&file).unwrap() == bytes, "{} was changed", file.display());
    }
}

#[tokio::test]
async fn a_data_folder_that_cannot_be_made_is_told() {
    let home = Home::new();
    fs::write(home.data(), "a file").unwrap();
    let mut window = Desktop::start("no-folder", &home).await;
    let words = told(&mut window).await;
    for part in ["cannot use", "--data-dir", "only until this window is closed"] {
        assert!(words.contains(part), "no “{part}” in “{words}”");
    }
    window.shot("told").await;
    window.say("Hello").await;
    window.until_answered().await;
    window.close().await;
    assert_eq!(fs::read_to_string(home.data()).unwrap(), "a file");
}

#[tokio::test]
async fn a_crash_report_is_offered_shown_and_deleted() {
    let home = Home::new();
    let reports = home.data().join("reports");
    fs::create_dir_all(&reports).unwrap();
    let text = "Kittiwake ended unexpectedly\n\nversion: 0.1.0\nthread: main\nplace: src/main.rs:1:2\n";
    let write = || fs::write(reports.join("new-20260101T000000000000Z-1.txt"), text).unwrap();
    let left = || fs::read_dir(&reports).unwrap().count();
    write();
    let mut window = Desktop::start("crash", &home).await;
    window.until("it is offered", "[data-testid=crash-notice]").await;
    window.shot("offered").await;
    window.press("Show the report").await;
    assert_eq!(window.text("[data-testid=report-text]").await.trim(), text.trim());
    window.shot("shown").await;
    window.press("Keep it").await;
    window.until_gone("the offer", "[data-testid=crash-notice]").await;
    window.close().await;
    assert_eq!(left(), 1);

    // It is not offered twice; a new one is.
    let window = Desktop::start("crash", &home).await;
    assert_eq!(window.count("[data-testid=crash-notice]").await, 0);
    window.close().await;
    write();
    let mut window = Desktop::start("crash", &home).await;
    window.until("the new one is offered", "[data-testid=crash-notice]").await;
    window.press("Delete").await;
    window.until_gone("the offer", "[data-testid=crash-notice]").await;
    until("the reports are gone", || (left() == 0).then_some(()));
    window.close().await;
}

#[test]
fn without_a_display_it_says_what_to_do_and_reports_no_fault() {
    let home = Home::new();
    let mut command = Command::new(desktop::program());
    home.apply(&mut command);
    let ended = command.env("DISPLAY", ":").output().unwrap();
    let said = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert_eq!(ended.status.code(), Some(1), "{said}");
    assert!(said.contains("no display") && said.contains("kittiwake-cli chat"), "{said}");
    assert!(!home.data().join("reports").exists(), "{said}");
    assert!(!home.data().join("starting.txt").exists(), "the next start would draw without the graphics card");
}

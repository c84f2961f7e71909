//! Secrets are nowhere but in the keychain: the real programs are used with secrets that can be told from everything else,
//! by servers that quote them, and then all that they leave behind is searched.
#![allow(clippy::unwrap_used, reason = "a journey's helpers fail as the journey does")]

use std::{
    fs::{self, File},
    path::PathBuf,
    process::{Command, Stdio},
};

use acceptance::{
    desktop::{Desktop, Home, program},
    keyring::{Keyring, Prompt},
    leaks::Marked,
    office::{begin, converse, fill_in, settings},
    peer::Peer,
    program::Program,
};

/// Looks different in plain, in base64, in an address and in JSON.
const KEY: &str = r#"mk+7/Q=s&t"u\v?~w>key"#;
const MARK: &str = r#"+/=&"\?~>z"#;
const TOKEN: &str = r#"tm+8/Z=y&x"w\u?~t>token"#;

/// What the person writes: it has to be found, or nothing was searched.
const WORDS: &str = "Puffins nest in burrows";

/// The variable that the terminal program is told to read its token from.
const GIVEN: &str = "OFFICE_TOKEN";

/// Where the keychain keeps its file.
fn except(home: &Home) -> Vec<PathBuf> {
    let keyrings = home.path().join("data/keyrings");
    assert!(keyrings.is_dir(), "the keychain keeps its file elsewhere by now");
    vec![keyrings]
}

/// The desktop program with its keychain, and a file for all that it prints.
fn start(home: &Home, run: &str) -> Program {
    let printed = File::create(home.path().join(format!("printed-{run}"))).unwrap();
    Program::start_with(home, |command| {
        command.env("KITTIWAKE_LOG", "trace").stdout(printed.try_clone().unwrap()).stderr(printed);
    })
}

/// The page as it is, with everything that it could show.
async fn page(window: &Desktop) -> String {
    let script = "return document.documentElement.outerHTML + [...document.querySelectorAll('input, textarea')].map(\
                  (field) => field.value)";
    window.run(script).await.as_str().unwrap().to_owned()
}

/// The server fails and quotes the key, then the session: what is shown of that has to have been cleaned.
async fn is_told(window: &mut Desktop, peer: &Peer) {
    peer.tell("expire").await;
    peer.tell("mistake/telling").await;
    window.say("again").await;
    window.until("why there is no session", "[data-testid=failure][data-code=server_refused]").await;
    let shown = page(window).await;
    assert!(shown.contains("cannot use [hidden]"), "the server's words are not shown: {shown}");
    peer.tell("mistake/none").await;
    window.click("[data-testid=try-again]").await;
    window.until_answered().await;
    window.say("/tell-token").await;
    window.until("what the server reports", "[data-testid=failure][data-code=server_error]").await;
    let shown = page(window).await;
    assert!(shown.contains("The token was [hidden]"), "the server's words are not shown: {shown}");
}

#[tokio::test]
async fn the_desktop_program_leaves_no_secret_behind() {
    let mut home = Home::new();
    let _keyring = Keyring::start(&mut home, Prompt::Nowhere).await;
    let peer = Peer::with_marked_sessions(KEY, MARK);
    let mut found = Vec::new();
    for run in ["first", "second"] {
        let program = start(&home, run);
        let mut window = program.window("leaks", &home).await;
        if run == "first" {
            fill_in(&mut window, &peer).await;
            begin(&mut window, WORDS).await;
        } else {
            converse(&mut window, WORDS).await;
        }
        peer.tell("expire").await;
        window.say("and now").await;
        window
            .until_true(
                "it is answered",
                "document.querySelectorAll('[data-kind=assistant_message][data-stage=done]').length === 2",
            )
            .await;
        is_told(&mut window, &peer).await;
        window.shot(run).await;

        let mut marked = Marked::default();
        marked.add("the key", KEY);
        for (number, secret) in peer.secrets().await.iter().enumerate() {
            assert!(secret.ends_with(MARK));
            marked.add(&format!("session {number}"), secret);
        }
        found.extend(marked.in_bytes(page(&window).await.as_bytes(), "the page"));
        found.extend(marked.in_process(program.id(), None));
        found.extend(marked.in_folder(home.path(), &except(&home)));
        drop((window, program));
        found.extend(marked.in_folder(home.path(), &except(&home)));
    }
    assert!(found.is_empty(), "{found:#?}");
    assert!(peer.secrets().await.len() >= 5);
    written(&home, "kittiwake.log", "phase=\"live\"");
}

#[tokio::test]
async fn forgetting_everything_leaves_nothing() {
    let mut home = Home::new();
    let keyring = Keyring::start(&mut home, Prompt::Nowhere).await;
    let peer = Peer::with_sessions();
    let program = start(&home, "forgetting");
    let mut window = program.window("forgetting", &home).await;
    fill_in(&mut window, &peer).await;
    begin(&mut window, WORDS).await;
    assert!(keyring.entry().await.unwrap().contains("ek_"));
    settings(&mut window).await;
    window.press("About").await;
    window.press("Forget everything…").await;
    window.shot("asked").await;
    window.press("Forget everything").await;
    assert!(program.ended().success());
    drop(window);

    assert_eq!(keyring.entry().await, None);
    let left: Vec<_> = fs::read_dir(home.data()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, [""; 0]);
    let mut marked = Marked::default();
    marked.add("the key", &peer.token);
    marked.add("the session", &peer.secrets().await[0]);
    marked.add("what was said", WORDS);
    let found = marked.in_folder(home.path(), &except(&home));
    assert!(found.is_empty(), "{found:#?}");

    // The next start is the first one.
    let window = Desktop::start("forgetting", &home).await;
    assert_eq!(window.count("[data-testid=thread-row]").await, 0);
    window.close().await;
}

/// What was searched is what was written, and the log is one of it.
fn written(home: &Home, log: &str, line: &str) {
    let text = fs::read_to_string(home.data().join("logs").join(log)).unwrap();
    for line in ["started", "/chatkit", "a turn is over", line] {
        assert!(text.contains(line), "no line with {line}: {text}");
    }
    assert!(!text.contains("Puffins"), "what is said is in the log: {text}");
    let mut words = Marked::default();
    words.add("what was said", WORDS);
    if log == "kittiwake.log" {
        assert!(!words.in_folder(&home.data(), &[]).is_empty(), "conversations are not where they were looked for");
    }
}

#[tokio::test]
async fn the_terminal_program_leaves_no_secret_behind() {
    let (home, peer) = (Home::new(), Peer::with_token(TOKEN));
    let mut marked = Marked::default();
    marked.add("the token", TOKEN);
    let ask = |run: &str, more: &[&str], words: &str| {
        let printed = |what: &str| File::create(home.path().join(format!("{run}-{what}"))).unwrap();
        let mut command = Command::new(program().with_file_name("kittiwake-cli"));
        home.apply(&mut command);
        command.env("KITTIWAKE_LOG", "trace").env(GIVEN, TOKEN).stdin(Stdio::null());
        command.args(["ask", "--url", &peer.url, "--token-env", GIVEN]).args(more).arg(words);
        command.stdout(printed("out")).stderr(printed("err")).spawn().unwrap()
    };
    let printed = |name: &str| fs::read_to_string(home.path().join(name)).unwrap();

    let mut waiting = ask("gate", &[], "/gate one");
    peer.until_waiting("one").await;
    let mut found = marked.in_process(waiting.id(), Some(GIVEN));
    assert!(!marked.in_process(waiting.id(), None).is_empty(), "the variable that holds it was not looked at");
    peer.open("one").await;
    assert!(waiting.wait().unwrap().success(), "{}", printed("gate-err"));

    assert_eq!(ask("told", &[], "/tell-token").wait().unwrap().code(), Some(3));
    assert!(printed("told-err").contains("The token was [hidden]"), "{}", printed("told-err"));
    assert_eq!(ask("json", &["--json"], "/tell-token").wait().unwrap().code(), Some(3));
    assert!(printed("json-out").contains("The token was [hidden]"), "{}", printed("json-out"));
    assert!(ask("words", &[], WORDS).wait().unwrap().success());
    found.extend(marked.in_folder(home.path(), &[]));
    assert!(found.is_empty(), "{found:#?}");
    written(&home, "kittiwake-cli.log", "code=\"server_error\"");
}

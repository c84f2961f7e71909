//! The window and a backend with sessions, as tutorials write it.
#![allow(clippy::unwrap_used, reason = "a journey's helpers fail as the journey does")]

use acceptance::{
    desktop::{Desktop, Home},
    office::{begin, converse, describe, describe_openai, fill_in, leave_settings, look, settings},
    openai::{Manner, server, server_that},
    peer::Peer,
};

const STANDING: &str = "[data-testid=standing]";

#[tokio::test]
async fn a_session_that_ends_in_mid_conversation_is_not_noticed() {
    let (home, peer) = (Home::new(), Peer::with_sessions());
    let mut window = Desktop::start("session", &home).await;
    describe(&mut window, &peer).await;
    window.press("More settings").await;
    window.shot("form").await;
    window.resize(900, 640).await;
    window.run("document.documentElement.dataset.theme = 'dark'").await;
    window.shot("form-small-and-dark").await;
    window.press("Save and test").await;
    window.press("Keep for this run only").await;
    window.until("the session", "[data-testid=session][data-phase=live]").await;
    window.shot("live").await;
    window.resize(1440, 900).await;
    window.run("delete document.documentElement.dataset.theme").await;
    begin(&mut window, "hello").await;
    peer.tell("expire").await;
    window.say("and now").await;
    window.until_answered().await;
    assert_eq!(peer.sessions().await, (2, 0));
    // What cannot be passed over is told, and one click goes on once it is mended.
    peer.tell("expire").await;
    peer.tell("mistake/null").await;
    window.say("still there?").await;
    window.until("why there is no session", "[data-testid=failure][data-code=bad_session]").await;
    window.shot("no-session").await;
    peer.tell("mistake/none").await;
    window.click("[data-testid=try-again]").await;
    window.until_answered().await;
    window.close().await;
}

#[tokio::test]
async fn whom_the_server_refuses_is_signed_out_and_back_with_one_button() {
    let (home, peer) = (Home::new(), Peer::with_sessions());
    let mut window = Desktop::start("refused", &home).await;
    fill_in(&mut window, &peer).await;
    window.press("Keep for this run only").await;
    begin(&mut window, "hello").await;
    peer.tell("expire").await;
    peer.tell("mistake/revoked").await;
    window.say("still there?").await;
    window.until("it is said", &format!("{STANDING}[data-kind=signed_out]")).await;
    window.until("why there is no answer", "[data-testid=failure][data-code=signed_out]").await;
    look(&mut window, "signed-out").await;

    // The server knows the token again; one button leads to it, and Enter is enough.
    peer.tell("mistake/none").await;
    window.press("Sign in").await;
    window.until("the place for the token", "[data-testid=settings] input[type=password]:focus").await;
    window.shot("token").await;
    window.press("Save and test").await;
    window.until_gone("the settings", "[data-testid=settings]").await;
    window.until_gone("that it is signed out", STANDING).await;
    window.click("[data-testid=try-again]").await;
    window.until_answered().await;
    window.shot("back").await;
    window.close().await;
}

#[tokio::test]
async fn a_server_in_trouble_is_waited_for_and_asked_again_by_itself() {
    let (home, peer) = (Home::new(), Peer::with_sessions());
    let mut window = Desktop::start("waiting", &home).await;
    fill_in(&mut window, &peer).await;
    window.press("Keep for this run only").await;
    begin(&mut window, "hello").await;
    peer.tell("expire").await;
    peer.tell("mistake/failing").await;
    window.say("still there?").await;
    window.until("it counts down", &format!("{STANDING}[data-kind=waiting]")).await;
    window.shot("counts-down").await;
    peer.tell("mistake/none").await;
    // Nobody presses anything.
    window.until_gone("that it is waited for", STANDING).await;
    window.click("[data-testid=try-again]").await;
    window.until_answered().await;
    window.close().await;
}

#[tokio::test]
async fn an_openai_compatible_server_is_talked_to_like_any_other() {
    let manner = Manner { window: 130, ..Manner::default() };
    let (home, (url, asked)) = (Home::new(), server_that(manner).await);
    let mut window = Desktop::start("openai", &home).await;
    settings(&mut window).await;
    describe_openai(&mut window, "Local", &url, Some("sk-s3same"), "tiny").await;
    window.shot("form").await;
    window.press("Save and test").await;
    window.press("Keep for this run only").await;
    leave_settings(&mut window).await;
    converse(&mut window, "hello").await;
    window.say("and now").await;
    let words = "document.body.innerText.includes('You said 3 things.')";
    window.until_true("the second answer", words).await;
    window.until_answered().await;
    assert_eq!(asked.lock().unwrap().len(), 2);
    look(&mut window, "answered").await;

    // What the model cannot read any more is left out, and seen to be.
    for (word, answer) in [("tide ", "You said 5 things."), ("gull ", "You said 1 things.")] {
        window.say(&word.repeat(60)).await;
        window.until_true("the answer", &format!("document.body.innerText.includes('{answer}')")).await;
        window.until_answered().await;
    }
    window.until("where it begins to be sent", "[data-testid=window-edge]").await;
    window.until("how full the window is", "[data-testid=window-meter]").await;
    assert_eq!(asked.lock().unwrap().len(), 5, "one of them was too long");
    look(&mut window, "window-full").await;

    // Another model for this conversation alone, by the server's own list.
    window.click("[data-testid=thread-options]").await;
    window.until("the parameters", "[data-testid=options-sheet] input").await;
    look(&mut window, "parameters").await;
    window.click("[data-testid=options-sheet] [aria-label*='Models of the server']").await;
    window.until("the models", "[role=option]").await;
    window.shot("models").await;
    window.click("[role=option]:last-child").await;
    window.press("Save").await;
    window.until_gone("the parameters", "[data-testid=options-sheet]").await;
    window.say("and you?").await;
    window.until_answered().await;
    assert_eq!(asked.lock().unwrap().last().unwrap()["model"], "large");
    window.close().await;
}

#[tokio::test]
async fn how_an_answer_came_about_stands_beside_it() {
    let (home, (url, _)) = (Home::new(), server().await);
    let mut window = Desktop::start("details", &home).await;
    settings(&mut window).await;
    describe_openai(&mut window, "Local", &url, Some("sk-s3same"), "large").await;
    window.press("Save and test").await;
    window.press("Keep for this run only").await;
    leave_settings(&mut window).await;
    converse(&mut window, "hello").await;
    // Another model than that answered, and the message says so.
    window.until("the mark", "[data-testid=other-model]").await;
    look(&mut window, "marked").await;
    window.click("[data-testid=other-model]").await;
    window.until("the details", "[data-testid=details-sheet]").await;
    look(&mut window, "open").await;
    let told = window.text("[data-testid=details-sheet]").await;
    for words in ["Local", "Asked for large, answered by tiny", "First byte", "11", "6, 2 of them to think"] {
        assert!(told.contains(words), "{words}: {told}");
    }
    window.keys(thirtyfour::Key::Escape).await;
    window.until_gone("the details", "[data-testid=details-sheet]").await;
    // They are kept.
    window.reload().await;
    window.until("the mark again", "[data-testid=other-model]").await;
    window.close().await;
}

#[tokio::test]
async fn a_backend_of_ones_own_is_connected_by_its_address_and_mended_by_one_press() {
    let (home, peer) = (Home::new(), Peer::custom());
    let mut window = Desktop::start("custom", &home).await;
    settings(&mut window).await;
    window.press("Add a server").await;
    window.press("Your own backend").await;
    window.fill("Address", &peer.address("/json")).await;
    window.press("More settings").await;
    look(&mut window, "form").await;
    window.press("Test").await;
    window.until("that it works", "[data-verdict=works]").await;
    window.shot("works").await;
    window.press("Save and test").await;
    window.until_gone("the form", "[data-verdict]").await;
    leave_settings(&mut window).await;
    converse(&mut window, "hello").await;
    window.until_true("the answer", "document.body.innerText.includes('Message 1: hello')").await;
    window.shot("answered").await;

    // Another one has its text where nobody looks for it.
    settings(&mut window).await;
    window.press("Add a server").await;
    window.press("Your own backend").await;
    window.fill("Address", &peer.address("/odd")).await;
    window.fill("Name", "Odd").await;
    window.press("Test").await;
    window.until("what is wrong with it", "[data-testid=check] [data-testid=places]").await;
    window.shot("mismatch-in-the-test").await;
    window.press("Save and test").await;
    window.until_gone("the form", "[data-verdict]").await;
    leave_settings(&mut window).await;
    window.control('n').await;
    window.until("the start screen", "[data-testid=start]").await;
    window.say("hello").await;
    window.until("what is wrong", "[data-testid=failure][data-code=format_mismatch]").await;
    look(&mut window, "mismatch").await;
    window.press("Use /reply/body").await;
    window.until_true("that it is set", "document.body.innerText.includes('looked for at /reply/body')").await;
    window.shot("mended").await;
    window.click("[data-testid=try-again]").await;
    window.until_answered().await;
    window.until_true("the answer", "document.body.innerText.includes('You said: hello')").await;
    window.close().await;
}

#[tokio::test]
async fn a_websocket_server_is_restarted_in_mid_conversation() {
    let (home, mut peer) = (Home::new(), Peer::over_websockets(None));
    let port = peer.port();
    let mut window = Desktop::start("websocket", &home).await;
    settings(&mut window).await;
    window.press("Add a server").await;
    window.press("Your own backend").await;
    window.fill("Address", &peer.address("")).await;
    window.fill("Name", "Talks").await;
    window.fill("Token", &peer.token).await;
    window.press("More settings").await;
    window.press("Over a WebSocket").await;
    window.press("Test").await;
    window.until("that it works", "[data-verdict=works]").await;
    window.until_true("what was seen", "document.body.innerText.includes('Hello over a WebSocket')").await;
    look(&mut window, "tested").await;
    window.press("Save and test").await;
    window.press("Keep for this run only").await;
    window.until_gone("the form", "[data-verdict]").await;
    leave_settings(&mut window).await;
    converse(&mut window, "hello").await;
    let says = |words: &str| format!("document.body.innerText.includes('{words}')");
    window.until_true("the answer", &says("You said hello")).await;

    // Nobody talks while it is started anew.
    peer.kill();
    peer = Peer::over_websockets(Some(port));
    window.say("still there?").await;
    window.until_true("the next answer", &says("You said still there?")).await;
    assert_eq!(window.count("[data-testid=failure]").await, 0);
    window.shot("restarted").await;

    // It dies in mid-answer.
    peer.tell("stall").await;
    window.say("tokens").await;
    window.until_true("half an answer", &says("One two")).await;
    peer.kill();
    window.until("that it was cut", "[data-testid=failure][data-code=interrupted]").await;
    assert!(window.text("[data-testid=thread]").await.contains("One two"), "what was shown stays");
    look(&mut window, "interrupted").await;
    peer = Peer::over_websockets(Some(port));
    window.click("[data-testid=try-again]").await;
    window.until_true("the whole answer", &says("One two three.")).await;
    window.until_gone("what went wrong", "[data-testid=failure]").await;
    window.shot("answered").await;
    assert_eq!(peer.sockets().await["most"], 1, "never two");

    // How it came about is known here, too.
    converse(&mut window, "named").await;
    window.click("[data-testid=details]").await;
    let told = window.text("[data-testid=details-sheet]").await;
    assert!(told.contains("gull-1") && told.contains("11"), "{told}");
    window.shot("details").await;
    window.close().await;
    peer.until_open(0).await;
}

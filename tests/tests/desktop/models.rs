//! The window and a server with 5,000 models: one is found and chosen, and the choice and the list outlive the server.
// The network is taken away from it, which only Linux lets a test do.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a journey's helpers fail as the journey does")]

use acceptance::{
    desktop::{Desktop, Home},
    namespaces::Wire,
    office::{describe_openai, leave_settings, look, settings},
    openai::{LetsIn, Manner, server_that},
};
use thirtyfour::Key;
use tokio::runtime::Runtime;

const BUTTON: &str = "[data-testid=model-button]";
const SHEET: &str = "[data-testid=model-sheet]";
const OPTIONS: &str = "[data-testid=model-option]";

/// Adds the server, which wants no key, and has its list read.
async fn set_up(window: &mut Desktop, url: &str) {
    settings(window).await;
    describe_openai(window, "Office", url, None, "tiny").await;
    window.press("Save and test").await;
    window.until("the server", "[aria-label='Edit Office']").await;
    window.press("Models").await;
    window.press("Refresh").await;
    let read = "document.body.innerText.includes('list was read on')";
    window.until_true("its list was read", read).await;
    window.until("a model", "[data-testid=model-row]").await;
    let rows = window.count("[data-testid=model-row]").await;
    assert!(rows < 100, "{rows} of 5,002 rows are drawn");
    look(window, "settings").await;
    leave_settings(window).await;
}

/// Opens the list, and sees that it draws a few of its entries.
async fn open_list(window: &mut Desktop) {
    window.control('l').await;
    window.until("the models", &format!("{SHEET} {OPTIONS}")).await;
    window.until("its field has the focus", "[data-testid=model-search]:focus").await;
    let options = window.count(OPTIONS).await;
    assert!(options < 100, "{options} of more than 5,000 options are drawn");
}

/// Finds a model by its name, and chooses it with Enter.
async fn choose(window: &mut Desktop, id: &str) {
    open_list(window).await;
    window.keys(id).await;
    let found = format!("document.querySelector('{OPTIONS}[data-active]')?.innerText.includes('{id}')");
    window.until_true("it is found", &found).await;
    window.keys(Key::Enter).await;
    window.until_gone("the list", SHEET).await;
    window.until("it is chosen", &format!("{BUTTON}[data-model='{id}']")).await;
    window.until("the focus is back", "[data-testid=composer-input]:focus").await;
}

#[tokio::test]
async fn one_of_5000_models_is_chosen_and_the_list_is_there_without_the_server() {
    let manner = Manner { more: 5000, lets_in: LetsIn::All, ..Manner::default() };
    let (home, elsewhere) = (Home::new(), Runtime::new().unwrap());
    let (url, asked) = elsewhere.spawn(server_that(manner)).await.unwrap();
    let mut window = Desktop::start("models", &home).await;
    set_up(&mut window, &url).await;
    window.control('n').await;
    window.until("the start screen", "[data-testid=start]").await;
    open_list(&mut window).await;
    look(&mut window, "list").await;
    window.keys(Key::Escape).await;
    window.until_gone("the list", SHEET).await;
    choose(&mut window, "model-4321").await;
    window.say("hello").await;
    window.until_answered().await;
    assert_eq!(asked.lock().unwrap().last().unwrap()["model"], "model-4321");
    // Another one for this conversation alone, which no list has.
    choose(&mut window, "my-own:7b").await;
    window.say("and now").await;
    window.until_true("the second answer", "document.body.innerText.includes('You said 3 things.')").await;
    window.until_answered().await;
    assert_eq!(asked.lock().unwrap().last().unwrap()["model"], "my-own:7b");
    window.close().await;

    // The server is gone, and where this machine allows it, so is the network: nothing is left but the loopback.
    elsewhere.shutdown_background();
    if Wire::wanted() {
        let wire = Wire::new();
        wire.unplug();
        wire.near(async move || choose_offline(&home).await).join().unwrap();
    } else {
        choose_offline(&home).await;
    }
}

/// The next start, with nobody to ask.
async fn choose_offline(home: &Home) {
    let mut window = Desktop::start("models-offline", home).await;
    window.until("what was chosen is kept", &format!("{BUTTON}[data-model='model-4321']")).await;
    open_list(&mut window).await;
    window.keys(Key::Escape).await;
    window.until_gone("the list", SHEET).await;
    window.say("still there?").await;
    window.until("it cannot be reached", "[data-testid=standing][data-kind=offline]").await;
    window.control('n').await;
    window.until("the start screen", "[data-testid=start]").await;
    open_list(&mut window).await;
    window.until("it is marked as away", "[data-testid=model-unreachable]").await;
    look(&mut window, "unreachable").await;
    window.keys(Key::Escape).await;
    window.until_gone("the list", SHEET).await;
    choose(&mut window, "model-17").await;
    // The conversation keeps what was chosen for it.
    window.click("[data-testid=thread-row]:last-of-type button").await;
    window.until("its model", &format!("{BUTTON}[data-model='my-own:7b']")).await;
    window.close().await;
}

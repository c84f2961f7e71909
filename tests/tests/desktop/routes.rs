//! The window and a route: the own backend dies in mid-day, and the conversation goes on.
#![allow(clippy::unwrap_used, reason = "a journey's helpers fail as the journey does")]

use acceptance::{
    desktop::{Desktop, Home},
    gated::{Gated, added, delta, opening},
    office::{describe_openai, leave_settings, look, settings},
    openai::server,
};

const HANDOVERS: &str = "document.querySelectorAll('[data-testid=handover]').length";
const BADGE: &str = "[data-testid=connection-state]";

/// Adds both servers and a route over them.
async fn set_up(window: &mut Desktop, own: &Gated, other: &str) {
    settings(window).await;
    window.press("Add a server").await;
    window.fill("Address", own.url()).await;
    window.fill("Name", "Own backend").await;
    window.press("Save and test").await;
    window.until("the first server", "[aria-label='Edit Own backend']").await;
    describe_openai(window, "OpenAI", other, Some("sk-s3same"), "tiny").await;
    window.press("Save and test").await;
    window.press("Keep for this run only").await;
    window.until("both servers", "[aria-label='Edit OpenAI']").await;
    window.press("Add a route").await;
    window.fill("Name", "Office").await;
    window.press("Add Own backend").await;
    window.press("Add OpenAI").await;
    look(window, "form").await;
    window.press("Save").await;
    window.until("the route", "[aria-label='Edit Office']").await;
    look(window, "settings").await;
    leave_settings(window).await;
}

#[tokio::test]
async fn the_own_backend_dies_in_mid_day_and_the_route_carries_on_and_comes_back() {
    let (home, mut own, (url, asked)) = (Home::new(), Gated::start().await, server().await);
    let mut window = Desktop::start("route", &home).await;
    set_up(&mut window, &own, &url).await;
    window.control('n').await;
    window.until("the route is chosen", &format!("{BADGE}[data-answering='Own backend']")).await;
    window.shot("start").await;
    window.say("My name is Ada.").await;
    own.next().await.says("Hello Ada, what can I do for you?").await;
    window.until_answered().await;

    own.gone().await;
    window.say("What is my name?").await;
    window.until("OpenAI answers", &format!("{BADGE}[data-answering=OpenAI]")).await;
    window.until_true("a line says so", &format!("{HANDOVERS} === 1")).await;
    window.until_answered().await;
    look(&mut window, "carried-on").await;
    let said = asked.lock().unwrap().last().unwrap()["messages"].to_string();
    assert!(
        said.contains("My name is Ada.") && said.contains("Hello Ada") && said.contains("What is my name?"),
        "{said}"
    );
    window.click(BADGE).await;
    window.until("whom it asks", "[role=dialog] ol").await;
    look(&mut window, "sheet").await;
    window.press("Check now").await;
    window.keys(thirtyfour::Key::Escape).await;

    own = own.back().await;
    // The program tries it by itself; nobody presses anything.
    window.until_true("it is back", "document.querySelector('[data-testid=standing]') === null").await;
    window.control('n').await;
    window.until("it is asked first again", &format!("{BADGE}[data-answering='Own backend']")).await;
    window.click("[data-testid=thread-row]").await;
    window.say("Are you sure?").await;
    let exchange = own.next().await;
    let sent = exchange.said().to_owned();
    assert!(sent.starts_with("What was said meanwhile:") && sent.contains("What is my name?"), "{sent}");
    exchange.says("Quite sure, Ada.").await;
    window.until("the own backend answers", &format!("{BADGE}[data-answering='Own backend']")).await;
    window.until_true("a line says so", &format!("{HANDOVERS} === 2")).await;
    window.until_answered().await;
    look(&mut window, "back").await;

    // What may have been worked on goes to the other one only if the person says so.
    window.say("Count to three.").await;
    let mut exchange = own.next().await;
    exchange.begin_with(opening("Count to three.")).await;
    exchange.event(added("msg_9")).await;
    exchange.event(delta("msg_9", "One, two")).await;
    window.until_true("text is there", "document.body.innerText.includes('One, two')").await;
    let before = asked.lock().unwrap().len();
    exchange.cut().await;
    window.until("the choice", "[data-testid=ask-next]").await;
    look(&mut window, "choice").await;
    assert_eq!(asked.lock().unwrap().len(), before, "it was not asked");
    window.press("Ask OpenAI instead").await;
    window.until("OpenAI answers", &format!("{BADGE}[data-answering=OpenAI]")).await;
    window.until_answered().await;
    assert_eq!(asked.lock().unwrap().len(), before + 1);
    window.shot("asked-instead").await;
    window.close().await;
}

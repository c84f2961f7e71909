//! Routes: what one connection cannot do goes to the next, where that is certain to do no harm, and nothing else does.
#![allow(clippy::unwrap_used, reason = "a test's helpers fail as the test does")]

use std::{sync::Arc, time::Duration};

use acceptance::{
    bench::config,
    desk::{Desk, draft},
    gated::{added, delta, opening},
    openai,
    peer::Peer,
    screen::Screen,
};
use engine::{
    Engine, TurnEvent,
    view::{ConnectionDraft, ItemViewBody, RouteDraft, SendRequest, TurnOutcome, TurnPhase},
};
use model::{FailureCode, ItemStage, Kind, ThreadId};
use serde_json::Value;

/// The thread's answering connection, as its header tells it.
fn answering(screen: &Screen) -> (String, Option<String>) {
    let view = screen.thread.as_ref().unwrap().answering.clone().unwrap();
    (view.name, view.why)
}

fn failed(outcome: TurnOutcome) -> (FailureCode, String) {
    match outcome {
        TurnOutcome::Failed { failure, .. } | TurnOutcome::Interrupted { failure, .. } => {
            (failure.code, failure.message)
        }
        other => panic!("{other:?}"),
    }
}

const BEFORE: &str = "What was said before in this conversation:\n\nMe: I am Ada\n\nAssistant: Hello Ada\n\nMy message \
                      now:\n\nWho am I?";

#[tokio::test]
async fn when_one_dies_the_next_answers_knows_what_was_said_and_the_way_back_is_as_calm() {
    let mut desk = Desk::new().await;
    let thread = desk.begun().await;
    desk.own.gone().await;
    let (_, mut screen) = desk.send(Some(&thread), "Who am I?").await;
    let exchange = desk.other.next().await;
    assert_eq!((exchange.request["type"].as_str(), exchange.said()), (Some("threads.create"), BEFORE));
    exchange.says("Ada").await;
    assert_eq!(screen.ended().await, TurnOutcome::Done);
    let line = "[Other answers: Own cannot be reached]";
    assert_eq!(
        screen.texts(),
        ["I am Ada", "Hello Ada", "Who am I?", line, "Ada"],
        "the message stays as it was written"
    );
    assert_eq!(answering(&screen), ("Other".to_owned(), Some("Own cannot be reached".to_owned())));
    let view = desk.view().route.unwrap();
    assert_eq!((view.answers.as_ref(), view.why.as_deref()), (Some(&desk.ids[1]), Some("Own cannot be reached")));

    desk.own = desk.own.back().await;
    desk.engine.check_connection(&desk.ids[0]).await.unwrap();
    assert_eq!(desk.view().route.unwrap().answers.as_ref(), Some(&desk.ids[0]));
    let (_, mut screen) = desk.send(Some(&thread), "Sure?").await;
    let exchange = desk.own.next().await;
    let meanwhile = "What was said meanwhile:\n\nMe: Who am I?\n\nAssistant: Ada\n\nMy message now:\n\nSure?";
    assert_eq!((exchange.request["type"].as_str(), exchange.said()), (Some("threads.add_user_message"), meanwhile));
    exchange.says("Yes").await;
    assert_eq!(screen.ended().await, TurnOutcome::Done);
    assert_eq!(screen.texts()[5..], ["Sure?", "[Own answers]", "Yes"]);
    assert_eq!(answering(&screen), ("Own".to_owned(), None));
    let (_, mut screen) = desk.send(Some(&thread), "Good").await;
    let exchange = desk.own.next().await;
    assert_eq!(exchange.said(), "Good", "it knows the rest");
    exchange.says("Fine").await;
    assert_eq!(screen.ended().await, TurnOutcome::Done);
    assert_eq!(screen.texts()[8..], ["Good", "Fine"]);
}

#[tokio::test]
async fn a_server_that_lost_the_thread_while_it_was_away_hears_all_of_it() {
    let mut desk = Desk::new().await;
    let thread = desk.begun().await;
    desk.own.gone().await;
    let (_, mut screen) = desk.send(Some(&thread), "Who am I?").await;
    desk.other.next().await.says("Ada").await;
    screen.ended().await;
    desk.own = desk.own.back().await;
    desk.engine.check_connection(&desk.ids[0]).await.unwrap();
    desk.own.refuse_next(404, "{}");
    let (_, mut screen) = desk.send(Some(&thread), "Sure?").await;
    let exchange = desk.own.next().await;
    assert_eq!(exchange.request["type"], "threads.create");
    assert!(
        exchange.said().contains("Me: I am Ada") && exchange.said().contains("Assistant: Ada"),
        "{}",
        exchange.said()
    );
    exchange.says("Yes").await;
    assert_eq!(screen.ended().await, TurnOutcome::Done);
}

#[tokio::test]
async fn after_text_was_streamed_the_next_is_asked_only_if_the_person_says_so() {
    let mut desk = Desk::new().await;
    let (thread, mut screen) = desk.send(None, "I am Ada").await;
    let mut exchange = desk.own.next().await;
    exchange.begin_with(opening("I am Ada")).await;
    exchange.event(added("msg_2")).await;
    exchange.event(delta("msg_2", "Hel")).await;
    screen.until("text", |screen| screen.last_text() == "Hel").await;
    exchange.cut().await;
    let outcome = screen.ended().await;
    assert!(matches!(outcome, TurnOutcome::Interrupted { .. }), "{outcome:?}");
    assert!(failed(outcome).1.contains("may cost once more"));
    assert_eq!(desk.other.count("threads.create"), 0);
    assert_eq!(screen.turn.as_ref().unwrap().next.as_ref().map(|next| next.name.as_str()), Some("Other"));

    desk.engine.ask_next(&thread).await.unwrap();
    let exchange = desk.other.next().await;
    assert_eq!(exchange.said(), "I am Ada");
    exchange.says("Hello").await;
    screen.until("an answer", |screen| screen.last_text() == "Hello" && screen.phase() == TurnPhase::Idle).await;
    assert_eq!(screen.texts(), ["I am Ada", "[Other answers: you asked for it]", "Hello"]);
    assert_eq!(screen.turn.as_ref().unwrap().next, None);
    assert!(desk.engine.ask_next(&thread).await.is_err(), "nobody is offered any more");
}

#[tokio::test]
async fn a_request_that_may_have_been_executed_is_not_sent_to_the_next() {
    let mut desk = Desk::new().await;
    for begins in [false, true] {
        let (_, mut screen) = desk.send(None, "Order it").await;
        let mut exchange = desk.own.next().await;
        if begins {
            exchange.begin().await;
        }
        exchange.cut().await;
        let outcome = screen.ended().await;
        assert!(matches!(outcome, TurnOutcome::Failed { can_retry: true, .. }), "{outcome:?}");
        assert_eq!(screen.items[0].stage, if begins { ItemStage::Done } else { ItemStage::Unsent });
        assert!(screen.turn.as_ref().unwrap().next.is_some(), "the person may decide");
        assert_eq!((desk.own.count("threads.create"), desk.other.asked().len()), (1 + usize::from(begins), 1));
        desk.engine.check_connection(&desk.ids[0]).await.unwrap();
    }
}

#[tokio::test]
async fn trying_again_does_not_leave_the_message_twice_in_a_servers_thread() {
    let mut desk = Desk::new().await;
    let thread = desk.begun().await;
    let (_, mut screen) = desk.send(Some(&thread), "Who am I?").await;
    desk.own.next().await.says("Bob").await;
    screen.ended().await;
    desk.engine.retry(&thread).await.unwrap();
    let exchange = desk.own.next().await;
    assert_eq!((exchange.request["type"].as_str(), exchange.said()), (Some("threads.create"), BEFORE));
    exchange.says("Ada").await;
    screen.until("an answer", |screen| screen.last_text() == "Ada" && screen.phase() == TurnPhase::Idle).await;
    assert_eq!(screen.texts(), ["I am Ada", "Hello Ada", "Who am I?", "Ada"]);
}

#[tokio::test]
async fn one_that_is_overloaded_twice_is_left_out_until_a_try_by_itself_finds_it_well() {
    let mut desk = Desk::new().await;
    let mut thread = None;
    for text in ["one", "two"] {
        let (id, mut screen) = desk.send(thread.as_ref(), text).await;
        desk.own.next().await.answer(503, "text/plain", "overloaded").await;
        desk.other.next().await.says("Here").await;
        assert_eq!(screen.ended().await, TurnOutcome::Done);
        thread = Some(id);
    }
    let (_, mut screen) = desk.send(thread.as_ref(), "three").await;
    desk.other.next().await.says("Here").await;
    assert_eq!(screen.ended().await, TurnOutcome::Done);
    let lines = screen.items.iter().filter(|item| matches!(item.body, ItemViewBody::Handover { .. })).count();
    assert_eq!((lines, desk.own.count("threads.create")), (1, 2), "said once, and not asked a third time");
    assert_eq!(answering(&screen).1.as_deref(), Some("Own failed (status 503)"));

    desk.until_asked(0).await;
    let (_, mut screen) = desk.send(thread.as_ref(), "four").await;
    desk.own.next().await.says("Back").await;
    assert_eq!(screen.ended().await, TurnOutcome::Done);
    assert_eq!(screen.texts().last().map(String::as_str), Some("Back"));
}

#[tokio::test]
async fn a_short_pause_is_waited_for_and_a_long_one_is_not() {
    let mut desk = Desk::new().await;
    let (thread, mut screen) = desk.send(None, "one").await;
    desk.own.next().await.wants_pause(0).await;
    desk.own.next().await.says("Now").await;
    assert_eq!(screen.ended().await, TurnOutcome::Done);
    assert_eq!(screen.texts(), ["one", "Now"]);
    let (_, mut screen) = desk.send(Some(&thread), "two").await;
    desk.own.next().await.wants_pause(60).await;
    desk.other.next().await.says("I have time").await;
    assert_eq!(screen.ended().await, TurnOutcome::Done);
    assert_eq!(screen.texts()[2..], ["two", "[Other answers: Own wants a pause]", "I have time"]);
}

#[tokio::test]
async fn whoever_lets_nobody_in_or_says_nothing_in_time_is_passed_over() {
    let mut desk = Desk::with(|config| config.limits.first_byte = Duration::from_millis(400)).await;
    let (_, mut screen) = desk.send(None, "one").await;
    desk.own.next().await.answer(401, "text/plain", "who are you").await;
    desk.other.next().await.says("Come in").await;
    assert_eq!(screen.ended().await, TurnOutcome::Done);
    assert_eq!(screen.texts(), ["one", "[Other answers: you are signed out of Own]", "Come in"]);
    for begins in [false, true] {
        desk.engine.check_connection(&desk.ids[0]).await.unwrap();
        let (_, mut screen) = desk.send(None, "two").await;
        let mut silent = desk.own.next().await;
        if begins {
            silent.begin().await;
        }
        desk.other.next().await.says("At once").await;
        assert_eq!(screen.ended().await, TurnOutcome::Done);
        assert_eq!(screen.texts()[1..], ["[Other answers: Own did not answer in time]", "At once"]);
        silent.closed().await;
    }
}

#[tokio::test]
async fn if_nobody_can_answer_each_says_why_and_a_message_waits_only_where_nobody_is_reached() {
    let mut desk = Desk::new().await;
    desk.own.gone().await;
    let (_, mut screen) = desk.send(None, "one").await;
    desk.other.next().await.answer(503, "text/plain", "").await;
    let (_, message) = failed(screen.ended().await);
    assert!(message.contains("Own: Nothing answers") && message.contains("Other: “Other” failed"), "{message}");
    assert_eq!(screen.turn.as_ref().unwrap().next, None, "nobody is left");

    desk.other.gone().await;
    let (_, mut events) = desk.engine.ask(desk.request(None, "two")).await.unwrap();
    let Some(TurnEvent::Ended { outcome }) = events.recv().await else { panic!("it does not wait") };
    assert!(failed(outcome).0.is_offline());
    let (_, mut screen) = desk.send(None, "three").await;
    screen.until("waiting", |screen| screen.phase() == TurnPhase::Held).await;
    assert!(desk.view().state.is_offline());
    let mut other = desk.other.back().await;
    desk.engine.check_connection(&desk.route).await.unwrap();
    let exchange = other.next().await;
    assert_eq!(exchange.said(), "three");
    exchange.says("Here").await;
    assert_eq!(screen.ended().await, TurnOutcome::Done);
    assert_eq!(other.count("threads.create"), 1);
}

#[tokio::test]
async fn after_a_restart_each_server_is_spoken_to_in_its_thread_and_the_header_knows_who_answers() {
    let mut desk = Desk::new().await;
    let thread = desk.begun().await;
    desk.own.gone().await;
    let (_, mut screen) = desk.send(Some(&thread), "Who am I?").await;
    desk.other.next().await.says("Ada").await;
    screen.ended().await;
    let mut desk = desk.restart().await;
    let (_, mut screen) = desk.send(Some(&thread), "Sure?").await;
    assert_eq!(answering(&screen), ("Other".to_owned(), Some("Own cannot be reached".to_owned())));
    let exchange = desk.other.next().await;
    assert_eq!((exchange.request["type"].as_str(), exchange.said()), (Some("threads.add_user_message"), "Sure?"));
    exchange.says("Yes").await;
    assert_eq!(screen.ended().await, TurnOutcome::Done);
    assert_eq!(screen.texts()[3..], ["[Other answers: Own cannot be reached]", "Ada", "Sure?", "Yes"]);
    desk.own = desk.own.back().await;
    desk.engine.check_connection(&desk.ids[0]).await.unwrap();
    let (_, mut screen) = desk.send(Some(&thread), "Back?").await;
    let exchange = desk.own.next().await;
    assert_eq!(exchange.request["type"], "threads.add_user_message", "its thread is known after the restart");
    assert!(!exchange.said().contains("I am Ada") && exchange.said().contains("Me: Sure?"), "{}", exchange.said());
    exchange.says("Yes").await;
    assert_eq!(screen.ended().await, TurnOutcome::Done);
}

#[tokio::test]
async fn routes_are_written_to_files_and_lose_what_is_removed() {
    let mut desk = Desk::new().await;
    let thread = desk.begun().await;
    let file = desk.engine.export_route(&desk.route).unwrap();
    assert_eq!(file.name, "Office.kittiwake.json");
    let read = desk.engine.read_route("file", file.json.as_bytes()).unwrap();
    assert_eq!((read.connections.as_slice(), read.patience, read.missing.len()), (desk.ids.as_slice(), 3, 0));
    assert_eq!(desk.engine.read_route("file", b"{}").unwrap_err().code, FailureCode::BadInput);

    let few = RouteDraft { connections: vec![desk.ids[0].clone(), desk.ids[0].clone()], ..draft(&[]) };
    assert_eq!(desk.engine.put_route(few).await.unwrap_err().code, FailureCode::BadInput);
    let nested = draft(&[desk.ids[0].clone(), desk.route.clone()]);
    assert_eq!(desk.engine.put_route(nested).await.unwrap_err().code, FailureCode::Unknown);
    let turned = RouteDraft { id: Some(desk.route.clone()), ..draft(&[desk.ids[1].clone(), desk.ids[0].clone()]) };
    let view = desk.engine.put_route(turned).await.unwrap();
    assert_eq!((&view.id, view.route.unwrap().answers), (&desk.route, Some(desk.ids[1].clone())));

    desk.engine.remove_connection(&desk.ids[1]).await.unwrap();
    assert_eq!(desk.view().route.unwrap().members, [desk.ids[0].clone()]);
    let read = desk.engine.read_route("file", file.json.as_bytes()).unwrap();
    assert_eq!(read.missing, ["Other"]);
    desk.engine.remove_connection(&desk.ids[0]).await.unwrap();
    let (_, mut screen) = desk.send(Some(&thread), "Anybody?").await;
    assert!(failed(screen.ended().await).1.contains("no connections left"));
    desk.engine.remove_route(&desk.route).await.unwrap();
    assert!(desk.engine.threads().is_empty() && desk.engine.connections().is_empty());
}

fn openai_draft(url: &str) -> ConnectionDraft {
    let mut draft = ConnectionDraft::server("OpenAI", url);
    draft.kind = Kind::Openai;
    draft.token = Some("sk-s3same".to_owned().into());
    draft.values.insert("model".to_owned(), "tiny".to_owned());
    draft
}

/// The threads that the peer stores.
async fn threads(peer: &Peer) -> Vec<Value> {
    peer.state().await["threads"].as_array().unwrap().clone()
}

/// What was said to such a server in its last request: who, and what.
fn said(asked: &openai::Asked) -> Vec<(String, String)> {
    let asked = asked.lock().unwrap();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let messages = asked.last().unwrap()["messages"].as_array().unwrap().clone();
    messages.iter().map(|one| (text(&one["role"]), text(&one["content"]))).collect()
}

#[tokio::test]
async fn the_conversation_goes_from_a_chatkit_server_to_one_that_keeps_nothing_and_back() {
    if !Peer::wanted() {
        return;
    }
    let (peer, (url, asked), dir) = (Peer::start(), openai::server().await, tempfile::tempdir().unwrap());
    let secrets = Arc::new(secrets::Memory::default());
    let engine = Engine::open(config(&dir, &secrets)).await.unwrap();
    let own = ConnectionDraft { token: Some(peer.token.clone().into()), ..ConnectionDraft::server("Own", &peer.url) };
    let own = engine.add_connection(own).await.unwrap().id;
    let other = engine.add_connection(openai_draft(&url)).await.unwrap().id;
    let route = engine.put_route(draft(&[own.clone(), other])).await.unwrap().id;
    let say = async |thread: Option<&ThreadId>, text: &str| {
        let request =
            SendRequest { connection: route.clone(), thread: thread.cloned(), text: text.to_owned(), model: None };
        let thread = engine.send(request).await.unwrap();
        let mut screen = Screen::open(&engine, &thread).await;
        assert_eq!(screen.ended().await, TurnOutcome::Done, "{text}");
        (thread, screen)
    };
    let (thread, screen) = say(None, "/say Good morning").await;
    assert_eq!(screen.last_text(), "Good morning");
    engine.refresh_threads().await;
    assert_eq!(engine.threads().len(), 1, "the server's thread is a part of this one, and not another");

    engine.disable_connection(&own, true).await.unwrap();
    let (_, screen) = say(Some(&thread), "And you?").await;
    let words = |who: &str, what: &str| (who.to_owned(), what.to_owned());
    let expected = [words("user", "/say Good morning"), words("assistant", "Good morning"), words("user", "And you?")];
    assert_eq!((said(&asked).as_slice(), screen.last_text().as_str()), (expected.as_slice(), "You said 3 things."));

    engine.disable_connection(&own, false).await.unwrap();
    let (_, screen) = say(Some(&thread), "Goodbye").await;
    assert!(screen.texts().contains(&"[Own answers]".to_owned()), "{:?}", screen.texts());
    let remotes = threads(&peer).await;
    assert_eq!(remotes.len(), 1, "it goes on in the same thread");
    let items = remotes[0]["items"].as_array().unwrap();
    let last = items.iter().rfind(|item| item["type"] == "user_message").unwrap();
    let text = last["content"][0]["text"].as_str().unwrap();
    assert!(
        text.contains("Me: And you?") && text.contains("Assistant: You said 3 things.") && text.ends_with("Goodbye")
    );
    assert!(!text.contains("Good morning"), "it knows that already: {text}");

    engine.delete_thread(&thread).await.unwrap();
    while !threads(&peer).await.is_empty() {
        tokio::task::yield_now().await;
    }
}

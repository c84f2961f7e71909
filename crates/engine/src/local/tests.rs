use model::{Extra, Kind, RemoteThread, TextPart, ThreadStatus, UserMessage};

use super::*;

mod forgetful;
mod whole;

fn user(id: &str, text: &str) -> Item {
    let body = ItemBody::UserMessage(UserMessage::text(text));
    Item { id: id.into(), created_at: None, body, extra: Extra::new() }
}

fn answer(id: &str, text: &str) -> Item {
    let content = vec![TextPart { text: text.into(), annotations: vec![] }];
    Item { id: id.into(), created_at: None, body: ItemBody::AssistantMessage { content }, extra: Extra::new() }
}

fn entries(items: Vec<(Item, ItemStage)>) -> Vec<Entry> {
    items.into_iter().zip(0..).map(|((item, stage), rank)| Entry { rank, item, stage }).collect()
}

fn texts(items: &[Item]) -> Vec<String> {
    items.iter().map(|item| item.body.plain_text().unwrap_or_default()).collect()
}

#[test]
fn what_was_said_is_all_but_what_was_not_sent_and_what_never_began() {
    let entries = entries(vec![
        (user("1", "first"), ItemStage::Done),
        (answer("2", "whole"), ItemStage::Done),
        (user("3", "never left"), ItemStage::Unsent),
        (user("4", "second"), ItemStage::Done),
        (answer("5", "half of"), ItemStage::Stopped),
        (user("6", "third"), ItemStage::Done),
        (answer("7", " "), ItemStage::Interrupted),
        (user("8", "fourth"), ItemStage::Done),
        (answer("9", "broke o"), ItemStage::Interrupted),
        (user("10", "now"), ItemStage::Sending),
        (answer("11", "what is after it does not count"), ItemStage::Done),
    ]);
    let said = texts(&conversation(&entries));
    assert_eq!(said, ["first", "whole", "second", "half of", "third", "fourth", "broke o", "now"]);
    assert!(conversation(&entries[1..2]).is_empty());
}

#[test]
fn answers_of_the_same_name_in_different_turns_are_different_items() {
    let added = |names: &mut Names| match names.taken(vec![ThreadEvent::ItemAdded(answer("chat-1", ""))]).remove(0) {
        ThreadEvent::ItemAdded(item) => item.id,
        other => panic!("{other:?}"),
    };
    let (mut one, mut other) = (Names::default(), Names::default());
    let name = added(&mut one);
    assert_eq!(name, added(&mut one), "within a turn a name stays");
    assert_ne!(name, added(&mut other));
    assert!(name.is_local());
}

#[test]
fn such_a_server_has_no_say_over_threads_and_the_persons_messages() {
    let thread = RemoteThread {
        id: RemoteThreadId::new("elsewhere"),
        title: Some("Another".into()),
        created_at: None,
        status: ThreadStatus::Active,
        allowed_image_domains: None,
    };
    let progress = ThreadEvent::Unknown { name: "ping".into() };
    let events = vec![
        ThreadEvent::ThreadCreated(thread.clone()),
        ThreadEvent::ThreadUpdated(thread),
        ThreadEvent::ItemDone(user("echo", "hello")),
        progress.clone(),
    ];
    assert_eq!(Names::default().taken(events), [progress]);
}

#[test]
fn another_try_is_called_what_it_is_where_the_server_may_have_worked() {
    let failed = |code| TurnOutcome::Failed { failure: Failure::new(code, "It broke."), can_retry: true };
    let words = |outcome: TurnOutcome, arrived: Arrived| match told(outcome, arrived) {
        TurnOutcome::Failed { failure, .. } | TurnOutcome::Interrupted { failure, .. } => failure.message,
        other => panic!("{other:?}"),
    };
    assert_eq!(words(failed(FailureCode::Unreachable), Arrived::Never), "It broke.");
    assert!(words(failed(FailureCode::Unreachable), Arrived::Perhaps).ends_with(ONCE_MORE));
    assert_eq!(words(failed(FailureCode::Unauthorized), Arrived::Perhaps), "It broke.");
    assert!(words(failed(FailureCode::FirstByteTimeout), Arrived::Perhaps).ends_with(ONCE_MORE));
    assert!(words(failed(FailureCode::NotChatkit), Arrived::Perhaps).ends_with(ONCE_MORE));
    let failure = Failure::new(FailureCode::Interrupted, "It broke.");
    assert!(words(TurnOutcome::Interrupted { failure, can_retry: true }, Arrived::Perhaps).ends_with(ONCE_MORE));
}

#[test]
fn every_kind_says_who_keeps_its_conversations() {
    assert_eq!(Keeper::of(adapters::adapter(Kind::Chatkit)), Keeper::Server);
    assert_eq!(Keeper::of(&forgetful::Forgetful), Keeper::Here);
}

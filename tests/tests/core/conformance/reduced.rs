//! The items of a conversation as the reducer alone has them, without engine and window.

use acceptance::{
    replaying::{End, Framing, replayed},
    traces::Exchange,
};
use engine::ThreadState;
use markdown::{Tree, render};
use model::{Item, ItemBody, ItemId, ItemStage, Kind, Operation, Reply, UserMessage, Widget, WorkflowSummary};
use serde_json::{Value, json};

use super::staged::{Deed, Scene};

/// Each item that is ever seen: its kind, and the lines of text that a person has to find in it.
pub fn items(exchange: &Exchange, scene: &Scene) -> Vec<Value> {
    let mut state = ThreadState::default();
    let adapter = adapters::adapter(Kind::Chatkit);
    let opening: String = scene.opening().iter().map(|event| format!("data: {event}\n\n")).collect();
    play(&mut state, opening.into_bytes(), End::Proper);
    state.begin_turn();
    match &scene.deed {
        Deed::Says { text, .. } => {
            let body = ItemBody::UserMessage(UserMessage::text(text.trim_end()));
            state.append(
                Item { id: ItemId::local("1"), created_at: None, body, extra: model::Extra::new() },
                ItemStage::Sending,
            );
        }
        Deed::TriesAgain => {
            let message = state.entries().iter().rfind(|entry| entry.is_user()).map(|entry| entry.item.id.clone());
            state.truncate_after(&message.unwrap());
        }
        Deed::Declines(_) | Deed::Answers(..) | Deed::Presses { .. } | Deed::Opens => {}
    }
    if exchange.is_stream() {
        play(&mut state, exchange.body.clone(), if exchange.whole { End::Proper } else { End::Broken });
    } else if exchange.status == 200 && matches!(scene.deed, Deed::Opens | Deed::Presses { .. }) {
        let operation = exchange.operation().unwrap();
        match adapter.reply(&operation, &exchange.body).unwrap() {
            Reply::Items(page) => {
                let mut items = page.data;
                if matches!(operation, Operation::ListItems { order: model::Order::Ascending, .. }) {
                    items.reverse();
                }
                state.prepend_new(items);
            }
            Reply::Updated(Some(item)) => {
                state.put_in_place(*item);
            }
            Reply::Updated(None) => {}
            other => panic!("{}: {other:?}", exchange.name),
        }
    }
    state.entries().iter().filter_map(|entry| told(&entry.item.body)).collect()
}

fn play(state: &mut ThreadState, body: Vec<u8>, end: End) {
    let mut mapper = adapters::adapter(Kind::Chatkit).mapper();
    let events = std::thread::scope(|scope| {
        // It has a runtime of its own, which cannot run inside another one.
        scope.spawn(|| replayed(mapper.as_mut(), Framing::Standard, vec![body], end)).join().unwrap()
    });
    for event in events {
        state.apply(event);
    }
}

fn told(body: &ItemBody) -> Option<Value> {
    let (kind, text) = match body {
        ItemBody::UserMessage(message) => ("user_message", message.plain_text()),
        ItemBody::AssistantMessage { content } => {
            ("assistant_message", content.iter().map(|part| unmarked(&part.text)).collect::<Vec<_>>().join("\n"))
        }
        ItemBody::ClientToolCall(call) => ("client_tool_call", call.name.clone()),
        // Its own words, not those that its server gives to be copied; some of them are Markdown, and no other has marks.
        ItemBody::Widget(widget) => {
            let words = Widget { copy_text: None, ..widget.clone() }.plain_text().unwrap_or_default();
            ("widget", words.lines().map(unmarked).collect::<Vec<_>>().join("\n"))
        }
        ItemBody::GeneratedImage(_) => ("generated_image", String::new()),
        ItemBody::StructuredInput(input) => ("structured_input", input.plain_text()),
        ItemBody::Task(task) => ("task", task.title.clone().unwrap_or_default()),
        ItemBody::Workflow(flow) => {
            let summary = match &flow.summary {
                Some(WorkflowSummary::Custom { title, .. }) => title.clone(),
                Some(WorkflowSummary::Duration { .. }) | None => String::new(),
            };
            ("workflow", summary)
        }
        ItemBody::EndOfTurn => return None,
        ItemBody::Handover(handover) => ("handover", handover.to.name.clone()),
        ItemBody::Unknown { name, .. } => ("unknown", name.clone()),
    };
    let lines: Vec<_> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    Some(json!({"kind": kind, "lines": lines}))
}

/// Markdown without its marks.
fn unmarked(text: &str) -> String {
    let mut tree = Tree::default();
    tree.apply(&render(text));
    tree.plain_text()
}

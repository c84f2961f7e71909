use model::{
    ClientToolCall, ConnectionId, Extra, InputStatus, Item, ItemBody, ItemStage, ItemUpdate, Legs, StructuredInput,
    Task, TaskBody, TaskStatus, TextPart, Thread, ThreadEvent, ThreadId, ThreadStatus, UserMessage, Widget, Workflow,
};
use serde_json::json;

use super::*;
use crate::{
    hub::Hub,
    live::Live,
    render::readings,
    saver::Saver,
    shelf::Shelf,
    subscription::ThreadSubscription,
    view::{ItemView, ItemViewBody, ThreadMessage, ToolCallState, TurnOutcome},
};
use std::sync::Arc;

fn live() -> Arc<Live> {
    let hub = Arc::new(Hub::default());
    let saver = Saver::new(Shelf::new(history::History::in_memory().unwrap()), hub.clone());
    let thread = Thread {
        id: ThreadId::new("t"),
        connection: ConnectionId::new("c"),
        remote: None,
        title: None,
        status: ThreadStatus::Active,
        created_at: 0,
        updated_at: 0,
    };
    Live::new(hub, saver, thread, Vec::new(), false, model::Draft::default(), Legs::default())
}

fn item(id: &str, body: ItemBody) -> Item {
    Item { id: id.into(), created_at: None, body, extra: Extra::new() }
}

fn widget(id: &str) -> Item {
    let root = json!({"type": "Card", "children": [{"type": "Text", "id": "t", "value": "", "streaming": true}]});
    item(id, ItemBody::Widget(Widget { root, copy_text: None }))
}

fn delta(id: &str) -> ThreadEvent {
    let update = ItemUpdate::WidgetTextDelta { component: "t".into(), delta: "x".into(), done: false };
    ThreadEvent::ItemUpdated { id: id.into(), update }
}

fn asks(id: &str) -> Item {
    item(id, ItemBody::StructuredInput(StructuredInput { status: InputStatus::Pending, inputs: vec![] }))
}

fn calls(id: &str) -> Item {
    item(
        id,
        ItemBody::ClientToolCall(ClientToolCall {
            call_id: "c".into(),
            name: "tide".into(),
            arguments: Extra::new(),
            is_pending: true,
            output: None,
        }),
    )
}

fn answer(id: &str) -> Item {
    let content = vec![TextPart { text: "words".into(), annotations: vec![] }];
    item(id, ItemBody::AssistantMessage { content })
}

/// A window that keeps what it was last told of each item.
struct Window {
    subscription: ThreadSubscription,
    items: Vec<ItemView>,
    /// How often each item was put by the last message.
    puts: usize,
}

impl Window {
    async fn of(live: &Arc<Live>) -> Self {
        let mut window = Self { subscription: live.subscribe(), items: Vec::new(), puts: 0 };
        window.next().await;
        window
    }

    async fn next(&mut self) {
        self.puts = 0;
        match self.subscription.next().await.unwrap() {
            ThreadMessage::Snapshot { items, .. } => self.items = items,
            ThreadMessage::Batch { ops } => ops.into_iter().for_each(|op| self.draw(op)),
        }
    }

    fn draw(&mut self, op: ThreadOp) {
        match op {
            ThreadOp::PutItem { item, .. } => {
                self.puts += 1;
                match self.items.iter_mut().find(|old| old.id == item.id) {
                    Some(old) => *old = item,
                    None => self.items.push(item),
                }
            }
            ThreadOp::RemoveItem { id } => self.items.retain(|item| item.id != id),
            ThreadOp::Stage { id, stage } => self.items.iter_mut().filter(|item| item.id == id).for_each(|item| {
                item.stage = stage;
            }),
            _ => {}
        }
    }

    fn body(&self, id: &str) -> &ItemViewBody {
        &self.items.iter().find(|item| item.id == id.into()).unwrap().body
    }

    fn is_open(&self, id: &str) -> bool {
        let ItemViewBody::StructuredInput(view) = self.body(id) else { panic!("questions") };
        view.is_open
    }

    fn state(&self, id: &str) -> ToolCallState {
        let ItemViewBody::ClientToolCall(view) = self.body(id) else { panic!("a call") };
        view.state
    }
}

fn apply(live: &Arc<Live>, events: impl IntoIterator<Item = ThreadEvent>) {
    live.with(|inner| events.into_iter().for_each(|event| inner.apply(event)));
}

fn begin(live: &Arc<Live>) {
    live.with(|inner| inner.begin_turn(0)).unwrap();
}

fn end(live: &Arc<Live>) {
    live.with(|inner| {
        inner.settle(ItemStage::Done, ItemStage::Done);
        inner.end_turn(TurnOutcome::Done);
    });
}

#[tokio::test]
async fn ten_thousand_deltas_are_one_reading_for_who_looks_and_none_for_nobody() {
    let live = live();
    begin(&live);
    apply(&live, [ThreadEvent::ItemAdded(widget("w"))]);
    let mut window = Window::of(&live).await;
    let before = readings();
    for _ in 0..10_000 {
        apply(&live, [delta("w")]);
    }
    assert_eq!(readings(), before, "nothing is made before somebody asks");
    window.next().await;
    assert_eq!((readings() - before, window.puts), (1, 1));
    let ItemViewBody::Widget(view) = window.body("w") else { panic!("a widget") };
    assert_eq!(view.copy_text.as_ref().map(String::len), Some(10_000));
    drop(window);
    let before = readings();
    apply(&live, (0..100).map(|_| delta("w")));
    end(&live);
    assert_eq!(readings(), before);
}

#[tokio::test]
async fn what_happens_beside_it_does_not_draw_an_item_more_often() {
    let live = live();
    begin(&live);
    apply(&live, [ThreadEvent::ItemAdded(widget("w")), ThreadEvent::ItemAdded(widget("v"))]);
    let mut window = Window::of(&live).await;
    let progress = || ThreadEvent::Progress(model::Progress { text: "…".into(), icon: None });
    let again = || ThreadEvent::ItemReplaced(widget("v"));
    apply(&live, (0..10).flat_map(|_| [progress(), delta("w"), delta("v"), again()]));
    window.next().await;
    assert_eq!(window.puts, 2);
    apply(&live, [delta("w"), ThreadEvent::ItemRemoved("w".into())]);
    window.next().await;
    assert!(window.puts == 0 && window.items.len() == 1, "what is gone is not drawn again");
}

#[tokio::test]
async fn an_item_is_drawn_as_it_ended_before_its_turn_is_over() {
    let live = live();
    begin(&live);
    let task = Task { status: TaskStatus::Loading, title: None, body: TaskBody::Image, extra: Extra::new() };
    let flow = Workflow { is_reasoning: true, tasks: vec![task], summary: None, expanded: false, extra: Extra::new() };
    apply(&live, [ThreadEvent::ItemAdded(item("f", ItemBody::Workflow(flow)))]);
    let mut subscription = live.subscribe();
    subscription.next().await;
    end(&live);
    let Some(ThreadMessage::Batch { ops }) = subscription.next().await else { panic!("a batch") };
    let (mut put, mut over) = (None, None);
    for (place, op) in ops.iter().enumerate() {
        match op {
            ThreadOp::PutItem { item, .. } => {
                let ItemViewBody::Workflow(view) = &item.body else { panic!("a workflow") };
                assert_eq!((item.stage, view.tasks[0].status), (ItemStage::Done, TaskStatus::None), "it is paused");
                put = Some(place);
            }
            ThreadOp::Turn { turn } if turn.outcome.is_some() => over = Some(place),
            _ => {}
        }
    }
    assert!(put.is_some() && put < over, "{ops:?}");
}

#[tokio::test]
async fn questions_open_when_the_turn_ends_and_close_when_something_follows() {
    let live = live();
    begin(&live);
    let mut window = Window::of(&live).await;
    apply(&live, [ThreadEvent::ItemDone(asks("q"))]);
    window.next().await;
    assert!(!window.is_open("q"), "the turn still runs");
    end(&live);
    window.next().await;
    assert!(window.is_open("q"));
    let user = item(model::ItemId::local(1).as_str(), ItemBody::UserMessage(UserMessage::text("no")));
    live.with(|inner| {
        inner.begin_turn(1).unwrap();
        inner.append(user, ItemStage::Sending);
    });
    window.next().await;
    assert!(!window.is_open("q"));
    live.with(|inner| {
        inner.take_back();
        inner.end_turn(TurnOutcome::Stopped);
    });
    window.next().await;
    assert!(window.is_open("q"), "what followed was taken back");
}

#[tokio::test]
async fn a_call_waits_runs_and_is_passed_as_the_thread_goes_on() {
    let live = live();
    begin(&live);
    apply(&live, [ThreadEvent::ItemDone(calls("c")), ThreadEvent::ItemDone(item("e", ItemBody::EndOfTurn))]);
    end(&live);
    let mut window = Window::of(&live).await;
    assert_eq!(window.state("c"), ToolCallState::Asks, "what is never seen does not stand behind it");
    live.with(|inner| inner.mark_running("c".into()));
    window.next().await;
    assert_eq!(window.state("c"), ToolCallState::Running);
    live.with(|inner| inner.leave_call(&"c".into()));
    window.next().await;
    assert_eq!(window.state("c"), ToolCallState::Asks);
    apply(&live, [ThreadEvent::ItemDone(answer("a"))]);
    window.next().await;
    assert_eq!(window.state("c"), ToolCallState::Passed);
    let mut late = Window::of(&live).await;
    assert_eq!(late.state("c"), ToolCallState::Passed);
    live.with(|inner| inner.truncate_after(&"c".into()));
    late.next().await;
    assert_eq!(late.state("c"), ToolCallState::Asks);
}

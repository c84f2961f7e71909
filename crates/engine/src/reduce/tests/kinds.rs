//! Items that are no messages: widgets, workflows, pictures, and how they end.

use model::{GeneratedImage, ImageSource, Task, TaskBody, TaskStatus, Widget, Workflow, WorkflowSummary};
use serde_json::{Value, json};

use super::*;

fn item(id: &str, body: ItemBody) -> Item {
    Item { id: id.into(), created_at: None, body, extra: Extra::new() }
}

fn widget(id: &str) -> Item {
    let text = json!({"type": "Text", "id": "t", "value": "He", "streaming": true});
    let root = json!({"type": "Card", "children": [text, {"type": "Divider", "id": "d"}]});
    item(id, ItemBody::Widget(Widget { root, copy_text: None }))
}

fn thought(words: &str) -> Task {
    let body = TaskBody::Thought { content: words.into() };
    Task { status: TaskStatus::Loading, title: None, body, extra: Extra::new() }
}

fn workflow(id: &str, tasks: Vec<Task>, summary: Option<WorkflowSummary>) -> Item {
    let flow = Workflow { is_reasoning: true, tasks, summary, expanded: false, extra: Extra::new() };
    item(id, ItemBody::Workflow(flow))
}

fn picture(id: &str) -> Item {
    item(id, ItemBody::GeneratedImage(GeneratedImage::default()))
}

fn with(items: Vec<Item>) -> ThreadState {
    let mut state = ThreadState::default();
    items.into_iter().for_each(|item| {
        state.apply(ThreadEvent::ItemAdded(item));
    });
    state
}

fn value_delta(component: &str, delta: &str, done: bool) -> ItemUpdate {
    ItemUpdate::WidgetTextDelta { component: component.into(), delta: delta.into(), done }
}

fn root(state: &ThreadState, id: &str) -> Value {
    let Some(ItemBody::Widget(widget)) = state.entry(&id.into()).map(|entry| &entry.item.body) else { panic!("{id}") };
    widget.root.clone()
}

fn thoughts(state: &ThreadState) -> Vec<String> {
    let ItemBody::Workflow(flow) = &state.entries()[0].item.body else { panic!("a workflow") };
    let words = |task: &Task| match &task.body {
        TaskBody::Thought { content } => content.clone(),
        other => panic!("{other:?}"),
    };
    flow.tasks.iter().map(words).collect()
}

fn stages(state: &ThreadState) -> Vec<(&str, ItemStage)> {
    state.entries().iter().map(|entry| (entry.item.id.as_str(), entry.stage)).collect()
}

#[test]
fn a_widget_grows_by_its_components_and_as_a_whole() {
    let mut state = with(vec![widget("w")]);
    let redraw = [Change::Redraw("w".into())];
    assert_eq!(state.apply(update("w", value_delta("t", "y", false))), redraw);
    assert_eq!(state.apply(update("w", value_delta("t", "", true))), redraw);
    assert_eq!(
        root(&state, "w")["children"][0],
        json!({"type": "Text", "id": "t", "value": "Hey", "streaming": false})
    );
    let by = json!({"type": "Title", "value": "!"});
    assert_eq!(state.apply(update("w", ItemUpdate::WidgetComponent { component: "d".into(), by: by.clone() })), redraw);
    assert_eq!(root(&state, "w")["children"][1], by);
    assert_eq!(state.apply(update("w", ItemUpdate::WidgetRoot(by.clone()))), redraw);
    assert_eq!((root(&state, "w"), state.ignored), (by.clone(), 0));
    assert_eq!(state.apply(update("w", ItemUpdate::WidgetRoot(by))), [], "nothing is drawn anew for nothing");
}

#[test]
fn what_does_not_fit_is_counted_and_changes_nothing() {
    let mut state = with(vec![widget("w"), empty("a"), workflow("f", vec![], None), picture("p"), user("u", "hi")]);
    let before = state.entries().to_vec();
    let preview = ImageSource { id: "i".into(), url: "https://a.example/1".into(), extra: Extra::new() };
    let misfits = [
        ("w", ItemUpdate::TextDelta { index: 0, delta: "x".into() }),
        ("w", value_delta("ghost", "x", false)),
        ("w", value_delta("d", "x", false)),
        ("w", ItemUpdate::WidgetComponent { component: "ghost".into(), by: json!({"type": "Text"}) }),
        ("w", ItemUpdate::WidgetRoot(Value::Null)),
        ("a", value_delta("t", "x", false)),
        ("a", ItemUpdate::TaskAdded { index: 0, task: thought("x") }),
        ("f", ItemUpdate::Image { image: preview, progress: None }),
        ("p", ItemUpdate::TaskUpdated { index: 0, task: thought("x") }),
        ("u", ItemUpdate::TextDelta { index: 0, delta: "x".into() }),
        ("f", ItemUpdate::Unknown { name: "later".into() }),
        ("ghost", value_delta("t", "x", false)),
    ];
    let count = misfits.len();
    for (id, misfit) in misfits {
        assert_eq!(state.apply(update(id, misfit)), []);
    }
    assert_eq!((state.entries(), state.ignored), (&before[..], count));
}

#[test]
fn tasks_take_their_places_and_no_index_costs_anything() {
    let mut state = with(vec![workflow("f", vec![], None)]);
    let task = |index, words: &str| update("f", ItemUpdate::TaskAdded { index, task: thought(words) });
    state.apply(task(0, "b"));
    state.apply(task(0, "a"));
    state.apply(task(usize::MAX, "c"));
    assert_eq!(thoughts(&state), ["a", "b", "c"]);
    let again = |index, words: &str| update("f", ItemUpdate::TaskUpdated { index, task: thought(words) });
    assert_eq!(state.apply(again(1, "b, and more")), [Change::Redraw("f".into())]);
    assert_eq!(state.apply(again(1, "b, and more")), []);
    state.apply(again(usize::MAX, "d"));
    assert_eq!(thoughts(&state), ["a", "b, and more", "c", "d"]);
}

#[test]
fn a_preview_takes_the_place_of_the_one_before() {
    let mut state = with(vec![picture("p")]);
    let preview = |id: &str, progress| {
        let image = ImageSource { id: id.into(), url: format!("https://a.example/{id}"), extra: Extra::new() };
        update("p", ItemUpdate::Image { image, progress })
    };
    state.apply(preview("1", Some(0.5)));
    assert_eq!(state.apply(preview("2", None)), [Change::Redraw("p".into())]);
    let ItemBody::GeneratedImage(image) = &state.entries()[0].item.body else { panic!("a picture") };
    assert_eq!((image.image.as_ref().unwrap().id.as_str(), image.progress), ("2", Some(0.5)));
}

#[test]
fn progress_goes_when_something_else_than_text_is_seen_and_stays_for_what_is_never_seen() {
    let progress = || ThreadEvent::Progress(Progress { text: "Searching".into(), icon: None });
    let mut state = with(vec![widget("w")]);
    state.apply(progress());
    state.apply(ThreadEvent::ItemDone(item("e", ItemBody::EndOfTurn)));
    state.apply(update("w", value_delta("ghost", "x", false)));
    assert!(state.progress.is_some());
    let changes = state.apply(update("w", value_delta("t", "x", false)));
    assert_eq!(changes, [Change::Turn, Change::Redraw("w".into())]);
    assert!(state.progress.is_none());
}

#[test]
fn a_workflow_is_paused_at_the_end_of_its_stream_and_goes_on_in_the_next() {
    for end in [ItemStage::Done, ItemStage::Interrupted, ItemStage::Stopped] {
        let mut state = with(vec![workflow("f", vec![thought("a")], None)]);
        assert!(!state.has_open_answer(), "a server may leave it open");
        assert_eq!(state.settle(ItemStage::Done, end), [Change::Redraw("f".into())]);
        assert_eq!(stages(&state), [("f", ItemStage::Done)]);
        state.begin_turn();
        state.apply(update("f", ItemUpdate::TaskAdded { index: 1, task: thought("b") }));
        assert_eq!(stages(&state), [("f", ItemStage::Streaming)]);
        let summary = Some(WorkflowSummary::Duration { seconds: 2 });
        state.apply(ThreadEvent::ItemDone(workflow("f", vec![], summary)));
        state.apply(update("f", ItemUpdate::TaskAdded { index: 1, task: thought("late") }));
        assert_eq!(stages(&state), [("f", ItemStage::Done)], "one with a summary is over");
    }
}

#[test]
fn after_a_cut_widgets_and_pictures_stay_as_they_are_and_after_a_stop_they_go() {
    let items = || vec![widget("w"), picture("p"), empty("a")];
    let mut cut = with(items());
    assert!(cut.has_open_answer());
    cut.settle(ItemStage::Done, ItemStage::Interrupted);
    let all = ["w", "p", "a"].map(|id| (id, ItemStage::Interrupted));
    assert_eq!(stages(&cut), all);
    assert_eq!(root(&cut, "w")["children"][0]["streaming"], false, "nothing grows any more");
    let mut stopped = with(items());
    let changes = stopped.settle(ItemStage::Done, ItemStage::Stopped);
    assert!(changes.contains(&Change::Removed("w".into())) && changes.contains(&Change::Removed("p".into())));
    assert_eq!(stages(&stopped), [("a", ItemStage::Stopped)]);
    let mut clean = with(vec![picture("p")]);
    assert!(!clean.has_open_answer());
    clean.settle(ItemStage::Done, ItemStage::Done);
    assert_eq!(stages(&clean), [("p", ItemStage::Done)]);
}

#[test]
fn what_was_under_way_when_the_program_ended_is_kept_in_the_same_way() {
    let kept = |item| Entry::restored(0, StoredItem { item, stage: ItemStage::Streaming });
    assert_eq!(kept(workflow("f", vec![], None)).stage, ItemStage::Done);
    let state = ThreadState::new(vec![kept(widget("w"))]);
    assert_eq!(stages(&state), [("w", ItemStage::Interrupted)]);
    assert_eq!(root(&state, "w")["children"][0]["streaming"], false);
}

#[test]
fn another_item_in_its_place_may_be_of_another_kind() {
    let mut state = with(vec![widget("w"), empty("a")]);
    let changes = state.apply(ThreadEvent::ItemReplaced(workflow("w", vec![], None)));
    assert_eq!(changes, [Change::Redraw("w".into())]);
    let changes = state.apply(ThreadEvent::ItemReplaced(message("w", "text")));
    assert_eq!(changes, [Change::Put { id: "w".into(), replaces: None }], "text is drawn by what grows");
    assert_eq!(stages(&state), [("w", ItemStage::Done), ("a", ItemStage::Streaming)]);
}

#[test]
fn what_is_said_of_one_item_is_said_of_the_whole_answer() {
    let mut state = ThreadState::default();
    let end = || item("e", ItemBody::EndOfTurn);
    for item in [user("u1", "q"), message("a1", "x"), end(), widget("w"), message("a2", "y"), user("u2", "q")] {
        state.apply(ThreadEvent::ItemDone(item));
    }
    state.append(message(ItemId::local(1).as_str(), "from here"), ItemStage::Done);
    state.append(message("cut", "the server does not have it"), ItemStage::Interrupted);
    state.append(message("a3", "z"), ItemStage::Done);
    let of = |id: &str| state.answer_with(&id.into()).iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(of("a1"), ["a1"]);
    assert_eq!(of("a2"), ["w", "a2"]);
    assert_eq!(of("a3"), ["a3"]);
    assert_eq!(of("cut"), ["cut", "a3"]);
    assert_eq!(of("ghost"), ["ghost"]);
}

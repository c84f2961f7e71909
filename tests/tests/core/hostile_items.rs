//! What no honest server sends, in every place where an item, an update or an event may hold it: nothing of it stops a
//! stream, nothing costs more than its size, and what became of it can be kept and read back.
#![allow(clippy::unwrap_used, reason = "a test's helpers fail as the test does")]

mod events;

use engine::ThreadState;
use model::{Item, ItemBody, ItemStage, ItemUpdate, Kind, StoredItem, ThreadEvent};
use proptest::{prelude::*, sample::Index};
use serde_json::{Value, json};

use self::events::{EVENTS, HERE, any_json, items, places, source, with};

/// How deep anything read may be: what is left of the wire's nesting, and the little that the model adds.
const DEEPEST: usize = 110;

fn map(frame: &str) -> Vec<ThreadEvent> {
    adapters::adapter(Kind::Chatkit).mapper().on_frame("message", frame)
}

/// The one event of a frame in which nothing is too deep.
fn one(frame: &Value) -> ThreadEvent {
    let mut events = map(&frame.to_string());
    assert_eq!(events.len(), 1);
    events.remove(0)
}

fn item(event: &ThreadEvent) -> Option<&Item> {
    match event {
        ThreadEvent::ItemAdded(item) | ThreadEvent::ItemDone(item) | ThreadEvent::ItemReplaced(item) => Some(item),
        _ => None,
    }
}

fn depth(value: &Value) -> usize {
    let (mut deepest, mut open) = (0, vec![(value, 1)]);
    while let Some((value, depth)) = open.pop() {
        deepest = deepest.max(depth);
        match value {
            Value::Array(values) => open.extend(values.iter().map(|value| (value, depth + 1))),
            Value::Object(fields) => open.extend(fields.values().map(|value| (value, depth + 1))),
            _ => {}
        }
    }
    deepest
}

/// Reads a frame and looks at all that must hold, whatever it is.
fn looked_at(frame: &str) -> Vec<ThreadEvent> {
    let events = map(frame);
    assert!(events.len() <= 2, "a frame is one event, and at most one word about what was left out of it");
    if let [_, said] = events.as_slice() {
        let name = "left out what was deeper than 100 levels";
        assert_eq!(said, &ThreadEvent::Unknown { name: name.to_owned() });
    }
    for event in &events {
        assert!(depth(&serde_json::to_value(event).unwrap()) <= DEEPEST);
        if let Some(item) = item(event) {
            let kept = StoredItem { item: item.clone(), stage: ItemStage::Done };
            let read: StoredItem = serde_json::from_str(&serde_json::to_string(&kept).unwrap()).unwrap();
            assert_eq!(read, kept, "what is on disk is what was read");
        }
    }
    events
}

fn deep(open: &str, close: &str, levels: usize) -> String {
    format!("{}{}", open.repeat(levels), close.repeat(levels))
}

#[test]
fn anything_may_stand_anywhere() {
    let odd = ["null", "true", "-1", "1e300", "18446744073709551615", "\"\"", "\"x\"", "[]", "{}", "[null, 7, [], {}]"];
    let deep = [deep("[", "]", 1_000), deep(r#"{"children":["#, "]}", 1_000)];
    let mut looked = 0;
    for event in EVENTS.iter() {
        for place in places(event, "").iter().skip(1) {
            for raw in odd.into_iter().chain(deep.iter().map(String::as_str)) {
                looked_at(&with(event, place, raw));
                looked += 1;
            }
        }
    }
    assert!(looked > 3_000, "{looked}");
}

#[test]
fn nothing_that_is_said_of_an_item_is_lost() {
    let head = ["/item", "/item/id", "/item/type", "/item/thread_id", "/item/created_at"];
    let mut looked = 0;
    for event in EVENTS.iter().filter(|event| event["type"] == "thread.item.done") {
        for place in places(event, "").iter().filter(|place| place.starts_with("/item")) {
            if !head.contains(&place.as_str()) {
                let events = looked_at(&with(event, place, r#"{"odd": "kept?"}"#));
                let kept = serde_json::to_string(item(&events[0]).unwrap()).unwrap();
                assert!(kept.contains("kept?"), "{place} of {event} in {kept}");
                looked += 1;
            }
            let mut more = event.clone();
            if let Some(Value::Object(fields)) = more.pointer_mut(place) {
                fields.insert("novelty".to_owned(), json!("kept?"));
                let kept = serde_json::to_string(item(&one(&more)).unwrap()).unwrap();
                assert!(kept.contains("kept?"), "a new field in {place} of {event} in {kept}");
                looked += 1;
            }
        }
    }
    assert!(looked > 150, "{looked}");
}

#[test]
fn widgets_nested_ten_thousand_deep_keep_their_item() {
    let widget = deep(r#"{"type":"Box","children":["#, "]}", 10_000);
    for kind in ["thread.item.added", "thread.item.done", "thread.item.replaced"] {
        let frame = json!({"type": kind, "item": {"id": "w", "type": "widget", "widget": HERE, "copy_text": "c"}});
        let events = looked_at(&with(&frame, "/item/widget", &widget));
        assert_eq!(events.len(), 2);
        let Some(ItemBody::Widget(read)) = item(&events[0]).map(|item| &item.body) else { panic!("{kind}") };
        assert_eq!(read.copy_text.as_deref(), Some("c"));
        let drawn = 2 * 40; // of each component that is drawn, itself and its list of children
        assert!(depth(&read.root) > drawn, "all that is drawn is there");
    }
    for (event, place) in [("widget.root.updated", "/update/widget"), ("widget.component.updated", "/update/component")]
    {
        let event = EVENTS.iter().find(|wire| wire["update"]["type"] == event).unwrap();
        let events = looked_at(&with(event, place, &widget));
        let update = |event: &ThreadEvent| match event {
            ThreadEvent::ItemUpdated { update: ItemUpdate::WidgetRoot(by), .. } => depth(by),
            ThreadEvent::ItemUpdated { update: ItemUpdate::WidgetComponent { by, .. }, .. } => depth(by),
            other => panic!("{other:?}"),
        };
        assert_eq!(events.len(), 2);
        assert!((90..=DEEPEST).contains(&update(&events[0])));
    }
}

#[test]
fn pictures_of_twenty_megabytes_are_there_once() {
    let url = format!("data:image/png;base64,{}", "iVBORw0K".repeat((20 << 20) / 8));
    for (event, place) in [
        (
            json!({"type": "thread.item.done", "item": {"id": "i", "type": "generated_image", "image": {"id": "p", "url": HERE}}}),
            "/item/image/url",
        ),
        (
            json!({"type": "thread.item.done", "item": {"id": "i", "type": "widget", "widget": {"type": "Image", "src": HERE}}}),
            "/item/widget/src",
        ),
        (json!({"type": "thread.item.done", "item": {"id": "i", "type": "hologram", "beam": HERE}}), "/item/beam"),
        (
            json!({"type": "thread.item.updated", "item_id": "i", "update":
            {"type": "generated_image.updated", "image": {"id": "p", "url": HERE}}}),
            "/update/image/url",
        ),
    ] {
        let frame = with(&event, place, &format!("\"{url}\""));
        let events = map(&frame);
        assert_eq!(events.len(), 1);
        let size = serde_json::to_string(&events).unwrap().len();
        assert!((url.len()..frame.len() + 200).contains(&size), "{size} of {}", frame.len());
    }
}

/// Items with a list of so many rows, one for each place where an item has a list. The rows are good ones, or this one.
fn lists(count: usize, row: Option<&Value>) -> impl Iterator<Item = Item> {
    let choice = |options: Value| json!({"type": "multiple_choice", "id": "a", "question": "q", "options": options});
    let text = json!([{"type": "output_text", "text": "a", "annotations": HERE}]);
    let lists = [
        (json!({"type": "widget", "widget": {"type": "ListView", "children": HERE}}), json!({"type": "ListViewItem"})),
        (json!({"type": "workflow", "workflow": {"type": "custom", "tasks": HERE}}), json!({"type": "image"})),
        (json!({"type": "task", "task": {"type": "file", "sources": HERE}}), json!({"type": "file", "filename": "f"})),
        (json!({"type": "task", "task": {"type": "web_search", "queries": HERE}}), json!("q")),
        (json!({"type": "structured_input", "inputs": HERE}), choice(json!([]))),
        (json!({"type": "structured_input", "inputs": [choice(json!(HERE))]}), json!({"value": "v"})),
        (json!({"type": "user_message", "content": HERE}), json!({"type": "input_text", "text": "a"})),
        (json!({"type": "user_message", "attachments": HERE}), json!({"id": "a"})),
        (json!({"type": "assistant_message", "content": text}), json!({"source": source()})),
    ];
    let row = row.cloned();
    lists.into_iter().map(move |(mut body, good)| {
        body["id"] = json!("x");
        let rows = vec![row.as_ref().unwrap_or(&good).to_string(); count].join(",");
        let frame = json!({"type": "thread.item.done", "item": body}).to_string();
        let events = map(&frame.replacen(&format!("\"{HERE}\""), &format!("[{rows}]"), 1));
        item(&events[0]).unwrap().clone()
    })
}

fn size(item: &Item) -> usize {
    serde_json::to_string(item).unwrap().len()
}

#[test]
fn twice_as_many_rows_are_twice_as_much() {
    for row in [None, Some(json!(7)), Some(json!({})), Some(json!({"odd": 1}))] {
        for (few, many) in lists(1_000, row.as_ref()).zip(lists(2_000, row.as_ref())) {
            assert!(size(&many) <= 2 * size(&few), "{} and {}", size(&few), size(&many));
        }
    }
}

#[test]
fn lists_of_a_hundred_thousand_rows_are_read_whole() {
    let rows = 100_000;
    let lengths = lists(rows, None).map(|item| match item.body {
        ItemBody::Widget(widget) => widget.root["children"].as_array().unwrap().len(),
        ItemBody::Workflow(workflow) => workflow.tasks.len(),
        ItemBody::Task(task) => match task.body {
            model::TaskBody::File { sources } => sources.len(),
            model::TaskBody::WebSearch { queries, .. } => queries.len(),
            other => panic!("{other:?}"),
        },
        ItemBody::StructuredInput(input) => match &input.inputs[0].body {
            model::QuestionBody::MultipleChoice { options, .. } => options.len().max(input.inputs.len()),
            other @ model::QuestionBody::Freeform { .. } => panic!("{other:?}"),
        },
        ItemBody::UserMessage(message) => message.content.len() + message.attachments.len(),
        ItemBody::AssistantMessage { content } => content[0].annotations.len(),
        other => panic!("{other:?}"),
    });
    assert_eq!(lengths.collect::<Vec<_>>(), vec![rows; 9]);
}

/// A thread after these events, and how many changes they made.
fn played(events: impl IntoIterator<Item = ThreadEvent>) -> (ThreadState, usize) {
    let mut state = ThreadState::default();
    let changes = events.into_iter().map(|event| state.apply(event).len()).sum();
    (state, changes)
}

#[test]
fn items_under_one_id_are_one_item() {
    let kinds = ["thread.item.added", "thread.item.done", "thread.item.replaced"];
    let frames: Vec<_> = items().into_iter().cycle().zip(kinds.into_iter().cycle()).take(3_000).collect();
    let events: Vec<_> = frames.into_iter().map(|(item, kind)| one(&json!({"type": kind, "item": item}))).collect();
    let last = item(events.last().unwrap()).unwrap().clone();
    let (state, changes) = played(events);
    assert_eq!(state.entries().len(), 1);
    assert_eq!(state.entries()[0].item, last);
    assert!(changes <= 2 * 3_000, "{changes}");
}

#[test]
fn questions_and_components_under_one_id_are_all_kept() {
    let question = json!({"type": "freeform", "id": "a", "question": "q"});
    let wire = json!({"type": "thread.item.done", "item":
        {"id": "x", "type": "structured_input", "status": "pending", "inputs": vec![question; 1_000]}});
    let Some(ItemBody::StructuredInput(input)) = item(&one(&wire)).map(|item| item.body.clone()) else { panic!() };
    assert_eq!(input.inputs.len(), 1_000);
    let root =
        json!({"type": "Card", "id": "c", "children": vec![json!({"type": "Text", "id": "c", "value": ""}); 1_000]});
    let wire = json!({"type": "thread.item.added", "item": {"id": "x", "type": "widget", "widget": root}});
    let (state, _) = played([wire].iter().chain(&*EVENTS).filter(|wire| wire["type"] != "thread.item.done").map(one));
    assert!(state.entries().len() <= 1);
}

#[test]
fn updates_for_items_that_are_not_there_are_counted_and_nothing_else() {
    let updates: Vec<_> = EVENTS.iter().filter(|event| event["type"] == "thread.item.updated").map(one).collect();
    assert!(updates.iter().all(|event| matches!(event, ThreadEvent::ItemUpdated { .. })));
    let count = 100 * updates.len();
    let (state, changes) = played(updates.iter().cycle().take(count).cloned());
    assert_eq!((state.entries().len(), changes, state.ignored), (0, 0, count));
}

#[test]
fn updates_meant_for_another_kind_leave_an_item_what_it_is() {
    for wire in items() {
        let added = one(&json!({"type": "thread.item.added", "item": wire}));
        let before = item(&added).unwrap().clone();
        let updates = EVENTS.iter().filter(|event| event["type"] == "thread.item.updated").map(one);
        let (state, _) = played(std::iter::once(added).chain(updates));
        let [entry] = state.entries() else { panic!() };
        assert_eq!(std::mem::discriminant(&entry.item.body), std::mem::discriminant(&before.body));
    }
}

#[test]
fn places_far_beyond_the_end_cost_nothing() {
    let far = 9_007_199_254_740_991_u64;
    for wire in items() {
        let added = one(&json!({"type": "thread.item.added", "item": wire}));
        let updates = EVENTS.iter().filter(|event| event["type"] == "thread.item.updated").map(|event| {
            let mut event = event.clone();
            for key in ["content_index", "annotation_index", "task_index"] {
                if event["update"].get(key).is_some() {
                    event["update"][key] = json!(far);
                }
            }
            one(&event)
        });
        let (state, _) = played(std::iter::once(added).chain(updates));
        assert!(size(&state.entries()[0].item) < 100_000, "{wire}");
    }
}

proptest! {
    #[test]
    fn any_json_in_any_place_is_read(which in any::<Index>(), place in any::<Index>(), value in any_json()) {
        let event = which.get(&EVENTS);
        let places = places(event, "");
        looked_at(&with(event, place.get::<String>(&places), &value.to_string()));
    }

    #[test]
    fn any_stream_leaves_a_thread(
        frames in prop::collection::vec((any::<Index>(), any::<Index>(), prop::option::of(any_json())), 1..30),
    ) {
        let events = frames.iter().flat_map(|(which, place, value)| {
            let event = which.get(&EVENTS);
            match value {
                Some(value) => looked_at(&with(event, place.get::<String>(&places(event, "")), &value.to_string())),
                None => looked_at(&event.to_string()),
            }
        });
        let (state, changes) = played(events);
        prop_assert!(state.entries().len() <= frames.len());
        prop_assert!(changes <= 2 * frames.len());
    }
}

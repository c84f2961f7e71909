//! Whatever comes: every id once, every place where it belongs.

use std::collections::HashSet;

use model::{GeneratedImage, ImageSource, Task, TaskBody, TaskStatus, Widget, Workflow};
use proptest::prelude::*;
use serde_json::json;

use super::*;

fn body() -> impl Strategy<Value = ItemBody> {
    let tree =
        json!({"type": "Card", "id": "c", "children": [{"type": "Text", "id": "t", "value": "", "streaming": true}]});
    let flow = Workflow { is_reasoning: false, tasks: vec![], summary: None, expanded: false, extra: Extra::new() };
    prop_oneof![
        Just(ItemBody::AssistantMessage { content: vec![] }),
        Just(ItemBody::UserMessage(UserMessage::text("hi"))),
        Just(ItemBody::Widget(Widget { root: tree, copy_text: None })),
        Just(ItemBody::Workflow(flow)),
        Just(ItemBody::GeneratedImage(GeneratedImage::default())),
        Just(ItemBody::EndOfTurn),
        Just(ItemBody::Unknown { name: "hologram".into(), fields: Extra::new() }),
    ]
}

fn id() -> impl Strategy<Value = ItemId> {
    (0..6_u8).prop_map(|n| ItemId::new(format!("i{n}")))
}

fn index() -> impl Strategy<Value = usize> {
    prop_oneof![0..4_usize, Just(usize::MAX)]
}

fn any_update() -> impl Strategy<Value = ItemUpdate> {
    let part = || TextPart { text: "part".into(), annotations: vec![] };
    let task = || Task {
        status: TaskStatus::Loading,
        title: None,
        body: TaskBody::Thought { content: "x".into() },
        extra: Extra::new(),
    };
    let image = || ImageSource { id: "i".into(), url: "https://a.example".into(), extra: Extra::new() };
    let component = || prop_oneof![Just("c".to_owned()), Just("t".to_owned()), Just("ghost".to_owned())];
    let tree = || json!({"type": "Col", "id": "c", "children": [{"type": "Markdown", "id": "t"}]});
    prop_oneof![
        index().prop_map(|index| ItemUpdate::TextDelta { index, delta: "x".into() }),
        index().prop_map(move |index| ItemUpdate::PartAdded { index, part: part() }),
        index().prop_map(move |index| ItemUpdate::PartDone { index, part: part() }),
        (component(), any::<bool>())
            .prop_map(|(component, done)| { ItemUpdate::WidgetTextDelta { component, delta: "x".into(), done } }),
        component().prop_map(move |component| ItemUpdate::WidgetComponent { component, by: tree() }),
        Just(ItemUpdate::WidgetRoot(tree())),
        index().prop_map(move |index| ItemUpdate::TaskAdded { index, task: task() }),
        index().prop_map(move |index| ItemUpdate::TaskUpdated { index, task: task() }),
        any::<Option<f64>>().prop_map(move |progress| ItemUpdate::Image { image: image(), progress }),
        Just(ItemUpdate::Unknown { name: "later".into() }),
    ]
}

/// What happens to a thread: an event, or the end of its turn.
#[derive(Debug, Clone)]
#[allow(clippy::large_enum_variant, reason = "made, applied and dropped")]
enum Happening {
    Event(ThreadEvent),
    End(ItemStage),
    Bubble(u8),
    Again(ItemId),
}

fn happening() -> impl Strategy<Value = Happening> {
    let item = || (id(), body()).prop_map(|(id, body)| Item { id, created_at: None, body, extra: Extra::new() });
    let ends = prop_oneof![Just(ItemStage::Done), Just(ItemStage::Stopped), Just(ItemStage::Interrupted)];
    prop_oneof![
        3 => item().prop_map(|item| Happening::Event(ThreadEvent::ItemAdded(item))),
        3 => item().prop_map(|item| Happening::Event(ThreadEvent::ItemDone(item))),
        1 => item().prop_map(|item| Happening::Event(ThreadEvent::ItemReplaced(item))),
        1 => id().prop_map(|id| Happening::Event(ThreadEvent::ItemRemoved(id))),
        8 => (id(), any_update()).prop_map(|(id, update)| Happening::Event(ThreadEvent::ItemUpdated { id, update })),
        1 => ends.prop_map(Happening::End),
        1 => (0..3_u8).prop_map(Happening::Bubble),
        1 => id().prop_map(Happening::Again),
    ]
}

fn assert_sound(state: &ThreadState) {
    let ids: HashSet<_> = state.entries().iter().map(|entry| &entry.item.id).collect();
    assert_eq!(ids.len(), state.entries().len(), "an id is there twice");
    assert_eq!(state.places.len(), state.entries().len());
    for (place, entry) in state.entries().iter().enumerate() {
        assert_eq!(state.places.get(&entry.item.id), Some(&place));
    }
    assert!(state.entries().windows(2).all(|pair| pair[0].rank < pair[1].rank), "ranks rise");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn whatever_happens_every_id_is_there_once_and_in_its_place(all in prop::collection::vec(happening(), 0..60)) {
        let mut state = ThreadState::default();
        for one in all {
            let changes = match one {
                Happening::Event(event) => state.apply(event),
                Happening::End(stage) => state.settle(ItemStage::Unsent, stage),
                Happening::Again(id) => state.truncate_after(&id),
                Happening::Bubble(n) if state.entry(&ItemId::local(n)).is_none() => {
                    vec![state.append(user(ItemId::local(n).as_str(), "hi"), ItemStage::Sending)]
                }
                Happening::Bubble(_) => Vec::new(),
            };
            assert_sound(&state);
            for change in changes {
                match change {
                    Change::Put { id, .. } | Change::Redraw(id) | Change::Appended { id, .. } | Change::Sources(id)
                    | Change::Stage(id) => prop_assert!(state.entry(&id).is_some(), "{id} changed and is not there"),
                    Change::Removed(id) => prop_assert!(state.entry(&id).is_none(), "{id} is gone and is there"),
                    _ => {}
                }
            }
        }
        let stored: Vec<_> = state.entries().iter().map(Entry::stored).collect();
        for kept in stored {
            let text = serde_json::to_string(&kept).unwrap();
            prop_assert!(serde_json::from_str::<StoredItem>(&text).is_ok());
        }
    }
}

//! What changes inside an item (section 5), from the wire.

use model::{Extra, ItemUpdate, TextPart};
use serde_json::Value;

use super::{
    lenient::{flag, index, number, object, take, text as string},
    mapper::Wrong,
    task::task,
    text, widget,
};
use crate::unknown::short;

/// The name of the most frequent update by far.
pub(super) const TEXT_DELTA: &str = "assistant_message.content_part.text_delta";

/// The one list of ChatKit's updates.
///
/// # Errors
///
/// If it has no type, or lacks what its type must have.
pub(super) fn update(value: Value) -> Result<ItemUpdate, Wrong> {
    let mut fields = object(value).map_err(|_| "no update")?;
    let kind = take(&mut fields, "type", string).ok_or("an update without a type")?;
    let fields = &mut fields;
    Ok(match kind.as_str() {
        "assistant_message.content_part.added" => {
            ItemUpdate::PartAdded { index: place(fields, "content_index")?, part: part(fields)? }
        }
        "assistant_message.content_part.done" => {
            ItemUpdate::PartDone { index: place(fields, "content_index")?, part: part(fields)? }
        }
        TEXT_DELTA => ItemUpdate::TextDelta {
            index: place(fields, "content_index")?,
            delta: take(fields, "delta", string).ok_or("no delta")?,
        },
        "assistant_message.content_part.annotation_added" => ItemUpdate::AnnotationAdded {
            index: place(fields, "content_index")?,
            position: place_or_end(fields, "annotation_index"),
            annotation: take(fields, "annotation", object)
                .and_then(|fields| text::annotation(Value::Object(fields)))
                .map(|(annotation, _)| annotation)
                .ok_or("no annotation")?,
        },
        "widget.streaming_text.value_delta" => ItemUpdate::WidgetTextDelta {
            component: component_id(fields)?,
            // The last one may only say that the text is whole.
            delta: take(fields, "delta", string).unwrap_or_default(),
            done: take(fields, "done", flag).unwrap_or_default(),
        },
        "widget.component.updated" => ItemUpdate::WidgetComponent {
            component: component_id(fields)?,
            by: take(fields, "component", object).map(Value::Object).ok_or("no component")?,
        },
        "widget.root.updated" => {
            ItemUpdate::WidgetRoot(take(fields, "widget", object).map(Value::Object).ok_or("no widget")?)
        }
        "workflow.task.added" => {
            ItemUpdate::TaskAdded { index: place_or_end(fields, "task_index"), task: task(task_fields(fields)?) }
        }
        "workflow.task.updated" => {
            ItemUpdate::TaskUpdated { index: place(fields, "task_index")?, task: task(task_fields(fields)?) }
        }
        "generated_image.updated" => ItemUpdate::Image {
            image: take(fields, "image", widget::image).ok_or("no image")?,
            progress: take(fields, "progress", number).filter(|progress| (0.0..=1.0).contains(progress)),
        },
        _ => ItemUpdate::Unknown { name: short(&kind) },
    })
}

/// An index that must be there.
fn place(fields: &mut Extra, key: &str) -> Result<usize, Wrong> {
    take(fields, key, index).ok_or_else(|| format!("no {key}"))
}

/// An index of something new. Without one it goes to the end, as one beyond the end does.
fn place_or_end(fields: &mut Extra, key: &str) -> usize {
    take(fields, key, index).unwrap_or(usize::MAX)
}

fn component_id(fields: &mut Extra) -> Result<String, Wrong> {
    take(fields, "component_id", string).ok_or_else(|| "no component_id".to_owned())
}

fn task_fields(fields: &mut Extra) -> Result<Value, Wrong> {
    take(fields, "task", object).map(Value::Object).ok_or_else(|| "no task".to_owned())
}

fn part(fields: &mut Extra) -> Result<TextPart, Wrong> {
    let content = take(fields, "content", object).ok_or("no content")?;
    Ok(text::part(Value::Object(content)).0)
}

#[cfg(test)]
mod tests {
    use model::{ImageSource, Task, TaskBody, TaskStatus};
    use serde_json::json;

    use super::*;

    fn thought(content: &str) -> Task {
        let body = TaskBody::Thought { content: content.into() };
        Task { status: TaskStatus::None, title: None, body, extra: Extra::new() }
    }

    fn wrong(value: Value) -> String {
        update(value).unwrap_err()
    }

    #[test]
    fn updates_of_widgets() {
        let kind = "widget.streaming_text.value_delta";
        let delta =
            |delta: &str, done| ItemUpdate::WidgetTextDelta { component: "c".into(), delta: delta.into(), done };
        for (wire, expected) in [
            (json!({"type": kind, "component_id": "c", "delta": "x", "done": false}), delta("x", false)),
            (json!({"type": kind, "component_id": "c", "delta": "", "done": true}), delta("", true)),
            (json!({"type": kind, "component_id": "c", "delta": null, "done": true}), delta("", true)),
            (json!({"type": kind, "component_id": "c", "delta": "x", "done": "no"}), delta("x", false)),
            (
                json!({"type": "widget.component.updated", "component_id": "c", "component": {"type": "Badge", "n": 1.0}}),
                ItemUpdate::WidgetComponent { component: "c".into(), by: json!({"type": "Badge", "n": 1.0}) },
            ),
            (
                json!({"type": "widget.root.updated", "widget": {"type": "Card", "children": []}}),
                ItemUpdate::WidgetRoot(json!({"type": "Card", "children": []})),
            ),
        ] {
            assert_eq!(update(wire), Ok(expected));
        }
        assert_eq!(wrong(json!({"type": kind, "delta": "x"})), "no component_id");
        assert_eq!(wrong(json!({"type": kind, "delta": "x", "component_id": 7})), "no component_id");
        assert_eq!(
            wrong(json!({"type": "widget.component.updated", "component_id": "c", "component": null})),
            "no component"
        );
        assert_eq!(wrong(json!({"type": "widget.root.updated", "widget": ["Card"]})), "no widget");
    }

    #[test]
    fn updates_of_workflows() {
        let wire = |kind: &str, index: Value| json!({"type": kind, "task_index": index, "task": {"type": "thought", "content": "a"}});
        let (added, updated) = ("workflow.task.added", "workflow.task.updated");
        assert_eq!(update(wire(added, json!(2))), Ok(ItemUpdate::TaskAdded { index: 2, task: thought("a") }));
        assert_eq!(update(wire(updated, json!(0.0))), Ok(ItemUpdate::TaskUpdated { index: 0, task: thought("a") }));
        let at_the_end = ItemUpdate::TaskAdded { index: usize::MAX, task: thought("a") };
        assert_eq!(update(wire(added, json!(null))), Ok(at_the_end));
        assert_eq!(wrong(wire(updated, json!(null))), "no task_index");
        assert_eq!(wrong(wire(updated, json!(-1))), "no task_index");
        assert_eq!(wrong(json!({"type": added, "task_index": 0, "task": "x"})), "no task");
    }

    #[test]
    fn updates_of_pictures() {
        let wire = |progress: Value| json!({"type": "generated_image.updated", "image": {"id": "i", "url": "u"}, "progress": progress});
        let expected = |progress| {
            let image = ImageSource { id: "i".into(), url: "u".into(), extra: Extra::new() };
            Ok(ItemUpdate::Image { image, progress })
        };
        for (progress, read) in [
            (json!(0), Some(0.0)),
            (json!(0.25), Some(0.25)),
            (json!(1), Some(1.0)),
            (json!(50), None),
            (json!(-0.1), None),
            (json!("half"), None),
            (json!(null), None),
        ] {
            assert_eq!(update(wire(progress)), expected(read));
        }
        assert_eq!(wrong(json!({"type": "generated_image.updated", "image": {"id": "i"}})), "no image");
    }

    #[test]
    fn updates_of_text_without_what_they_need() {
        assert_eq!(wrong(json!(null)), "no update");
        assert_eq!(wrong(json!({"content_index": 0})), "an update without a type");
        assert_eq!(wrong(json!({"type": TEXT_DELTA, "content_index": 0})), "no delta");
        assert_eq!(wrong(json!({"type": "assistant_message.content_part.added", "content_index": 0})), "no content");
        assert_eq!(
            update(json!({"type": "hologram.turned"})),
            Ok(ItemUpdate::Unknown { name: "hologram.turned".into() })
        );
    }
}

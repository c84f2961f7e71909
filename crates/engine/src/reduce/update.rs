//! What an update changes inside an item (section 5). One that does not fit the kind of its item changes nothing.

use model::{Annotation, GeneratedImage, ItemBody, ItemId, ItemUpdate, Task, TextPart, Widget, Workflow};

use super::{Change, widget};

/// Updates an item. Answers what that changed, or nothing where the update does not fit.
pub(super) fn update(body: &mut ItemBody, id: &ItemId, update: ItemUpdate) -> Option<Vec<Change>> {
    match body {
        ItemBody::AssistantMessage { content } => message(content, id, update),
        ItemBody::Widget(widget) => redraw(id, drawn(widget, update)?),
        ItemBody::Workflow(workflow) => redraw(id, worked(workflow, update)?),
        ItemBody::GeneratedImage(image) => redraw(id, pictured(image, update)?),
        _ => None,
    }
}

/// What an update that fits did to an item that is drawn as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    /// It looks otherwise.
    Changed,
    /// It says what was said before.
    Nothing,
}

impl Effect {
    fn of(changed: bool) -> Self {
        if changed { Self::Changed } else { Self::Nothing }
    }
}

fn redraw(id: &ItemId, effect: Effect) -> Option<Vec<Change>> {
    Some(match effect {
        Effect::Changed => vec![Change::Redraw(id.clone())],
        Effect::Nothing => Vec::new(),
    })
}

fn message(content: &mut Vec<TextPart>, id: &ItemId, update: ItemUpdate) -> Option<Vec<Change>> {
    Some(match update {
        ItemUpdate::TextDelta { index, delta } => {
            part_at(content, index).text.push_str(&delta);
            vec![Change::Appended { id: id.clone(), part: index, delta }]
        }
        ItemUpdate::PartAdded { index, part } => {
            let is_empty = part == TextPart::default();
            let slot = part_at(content, index);
            if is_empty && *slot == part {
                return Some(Vec::new());
            }
            *slot = part;
            vec![Change::Put { id: id.clone(), replaces: None }]
        }
        ItemUpdate::PartDone { index, part } => finish_part(part_at(content, index), id, index, part),
        ItemUpdate::AnnotationAdded { index, position, annotation } => {
            insert_annotation(&mut part_at(content, index).annotations, position, annotation);
            vec![Change::Sources(id.clone())]
        }
        _ => return None,
    })
}

/// The part at an index, padding with empty parts (section 5).
fn part_at(content: &mut Vec<TextPart>, index: usize) -> &mut TextPart {
    // A hostile index must not cost memory: nobody sends a thousand parts.
    let index = index.min(1_000);
    if content.len() <= index {
        content.resize_with(index + 1, TextPart::default);
    }
    &mut content[index]
}

/// The text of the part is final; references already received stay when the final part brings none (section 5).
fn finish_part(slot: &mut TextPart, id: &ItemId, index: usize, part: TextPart) -> Vec<Change> {
    let mut changes = Vec::new();
    if slot.text != part.text {
        changes.push(match part.text.strip_prefix(slot.text.as_str()) {
            Some(rest) => Change::Appended { id: id.clone(), part: index, delta: rest.to_owned() },
            None => Change::Put { id: id.clone(), replaces: None },
        });
        slot.text = part.text;
    }
    if !part.annotations.is_empty() && part.annotations != slot.annotations {
        slot.annotations = part.annotations;
        changes.push(Change::Sources(id.clone()));
    }
    changes
}

fn insert_annotation(annotations: &mut Vec<Annotation>, position: usize, annotation: Annotation) {
    annotations.insert(position.min(annotations.len()), annotation);
}

fn drawn(widget: &mut Widget, update: ItemUpdate) -> Option<Effect> {
    match update {
        ItemUpdate::WidgetTextDelta { component, delta, done } => {
            widget::append(&mut widget.root, &component, &delta, done)
        }
        ItemUpdate::WidgetComponent { component, by } => widget::replace(&mut widget.root, &component, by),
        ItemUpdate::WidgetRoot(root) => widget::replace_root(&mut widget.root, root),
        _ => None,
    }
}

/// A task takes its place among the others, at the end if its index lies beyond that: no index costs anything.
fn worked(workflow: &mut Workflow, update: ItemUpdate) -> Option<Effect> {
    let tasks = &mut workflow.tasks;
    Some(match update {
        ItemUpdate::TaskAdded { index, task } => {
            tasks.insert(index.min(tasks.len()), task);
            Effect::Changed
        }
        ItemUpdate::TaskUpdated { index, task } => match tasks.get_mut(index) {
            Some(old) => Effect::of(put(old, task)),
            None => {
                tasks.push(task);
                Effect::Changed
            }
        },
        _ => return None,
    })
}

fn put(slot: &mut Task, task: Task) -> bool {
    let differs = *slot != task;
    *slot = task;
    differs
}

fn pictured(image: &mut GeneratedImage, update: ItemUpdate) -> Option<Effect> {
    let ItemUpdate::Image { image: preview, progress } = update else { return None };
    // An update that says nothing of the progress does not take it back.
    let next = GeneratedImage { image: Some(preview), progress: progress.or(image.progress) };
    let changed = *image != next;
    *image = next;
    Some(Effect::of(changed))
}

//! Items as they are shown. The one place of the core that tells the kinds of items apart for a window.

use markdown::Patch;
use model::{
    ClientToolCall, Extra, Handover, Item, ItemBody, Source, StructuredInput, Task, TaskBody, TextPart, Widget,
    Workflow,
};
use serde_json::Value;
use widgets::{Limits, Reading};

use crate::{
    growing::Growing,
    message::user_message,
    reduce::{Entry, ThreadState},
    sources::{marks, source_view, sources},
    view::{
        GeneratedImageView, ItemView, ItemViewBody, QuestionView, QuestionsView, SourceView, TaskKind, TaskView,
        ToolCallState, ToolCallView, WidgetView, WorkflowView,
    },
};

/// Whether an item is of a kind that is ever seen.
pub fn is_shown(entry: &Entry) -> bool {
    !matches!(entry.item.body, ItemBody::EndOfTurn)
}

/// An item as it is shown; none for the kinds that are never seen.
pub fn item_view(entry: &Entry, growing: &Growing) -> Option<ItemView> {
    let Item { id, body, .. } = &entry.item;
    let body = match body {
        ItemBody::UserMessage(message) => user_message(message),
        ItemBody::AssistantMessage { content } => ItemViewBody::AssistantMessage {
            parts: growing.snapshot(id).unwrap_or_else(|| rendered(content)),
            sources: sources(content),
        },
        ItemBody::ClientToolCall(call) => ItemViewBody::ClientToolCall(tool_call(call)),
        ItemBody::Widget(widget) => ItemViewBody::Widget(Box::new(self::widget(widget))),
        ItemBody::GeneratedImage(image) => ItemViewBody::GeneratedImage(GeneratedImageView {
            url: image.image.as_ref().map(|image| image.url.clone()),
            progress: image.progress,
        }),
        ItemBody::StructuredInput(input) => ItemViewBody::StructuredInput(questions(input)),
        ItemBody::Task(task) => ItemViewBody::Task(self::task(task)),
        ItemBody::Workflow(workflow) => ItemViewBody::Workflow(self::workflow(workflow)),
        ItemBody::EndOfTurn => return None,
        ItemBody::Handover(Handover { to, why, .. }) => {
            ItemViewBody::Handover { to: to.name.clone(), why: why.clone() }
        }
        ItemBody::Unknown { name, fields } => {
            ItemViewBody::Unknown { name: name.clone(), text: readable(name, fields) }
        }
    };
    Some(ItemView { id: id.clone(), stage: entry.stage, body, details: None })
}

fn widget(widget: &Widget) -> WidgetView {
    let Reading { root, hints } = widgets::read(&widget.root, Limits::default());
    WidgetView { root, hints, copy_text: widget.copy_text.clone() }
}

fn workflow(workflow: &Workflow) -> WorkflowView {
    WorkflowView {
        is_reasoning: workflow.is_reasoning,
        tasks: workflow.tasks.iter().map(task).collect(),
        summary: workflow.summary.clone(),
        expanded: workflow.expanded,
    }
}

fn task(task: &Task) -> TaskView {
    let mut view = TaskView {
        kind: TaskKind::Unknown,
        status: task.status,
        title: task.title.clone(),
        icon: None,
        content: Vec::new(),
        queries: Vec::new(),
        sources: Vec::new(),
    };
    let views = |sources: &[Source]| sources.iter().map(source_view).collect();
    match &task.body {
        TaskBody::Custom { icon, content } => {
            view.kind = TaskKind::Custom;
            view.icon.clone_from(icon);
            view.content = content.as_deref().map(markdown::render).unwrap_or_default();
        }
        TaskBody::WebSearch { query, queries, sources } => {
            view.kind = TaskKind::WebSearch;
            view.title = view.title.or_else(|| query.clone());
            view.queries.clone_from(queries);
            view.sources = views(sources);
        }
        TaskBody::Thought { content } => {
            view.kind = TaskKind::Thought;
            view.content = markdown::render(content);
        }
        TaskBody::File { sources } => {
            view.kind = TaskKind::File;
            view.sources = views(sources);
        }
        TaskBody::Image => view.kind = TaskKind::Image,
        TaskBody::Unknown { .. } => {}
    }
    view
}

fn questions(input: &StructuredInput) -> QuestionsView {
    let questions = input.inputs.iter().map(|one| QuestionView {
        id: one.id.clone(),
        question: one.question.clone(),
        body: one.body.clone(),
        answer: one.answer.clone(),
    });
    QuestionsView { status: input.status, is_open: false, questions: questions.collect() }
}

fn tool_call(call: &ClientToolCall) -> ToolCallView {
    let pretty = |value: &Value| serde_json::to_string_pretty(value).unwrap_or_default();
    ToolCallView {
        name: call.name.clone(),
        asks: None,
        arguments: pretty(&Value::Object(call.arguments.clone())),
        state: if call.is_pending { ToolCallState::Passed } else { ToolCallState::Answered },
        output: call.output.as_ref().map(pretty),
    }
}

/// What a person can read in something that is not drawn: what a model thought, and which tool it asked for.
fn readable(name: &str, fields: &Extra) -> Option<String> {
    let text = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default();
    let words = match name {
        "reasoning" => text("text").trim().to_owned(),
        "function_call" => format!("{} {}", text("name"), text("arguments")).trim().to_owned(),
        _ => String::new(),
    };
    (!words.is_empty()).then_some(words)
}

fn rendered(content: &[TextPart]) -> Vec<Vec<Patch>> {
    let marked = content.iter().zip(marks(content));
    marked.map(|(part, marks)| markdown::render_marked(&part.text, marks)).collect()
}

/// What all the answers of a thread rest on, as if they were one.
pub fn all_sources(state: &ThreadState) -> Vec<SourceView> {
    let bodies = state.entries().iter().map(|entry| &entry.item.body);
    sources(bodies.flat_map(|body| match body {
        ItemBody::AssistantMessage { content } => content.as_slice(),
        _ => &[],
    }))
}

#[cfg(test)]
mod tests {
    use model::ItemStage;

    use super::*;

    #[test]
    fn an_unknown_kind_is_shown_and_an_invisible_one_is_not() {
        let mut entry = Entry {
            rank: 0,
            item: Item {
                id: "a".into(),
                created_at: None,
                body: ItemBody::Unknown { name: "hologram".into(), fields: Extra::new() },
                extra: Extra::new(),
            },
            stage: ItemStage::Done,
        };
        let view = item_view(&entry, &Growing::default());
        assert!(matches!(view.unwrap().body, ItemViewBody::Unknown { name, text: None } if name == "hologram"));
        for (name, fields, words) in [
            ("reasoning", serde_json::json!({"text": " Is it two?\n"}), "Is it two?"),
            ("function_call", serde_json::json!({"name": "tide", "arguments": "{\"at\": 9}"}), "tide {\"at\": 9}"),
        ] {
            let fields = fields.as_object().cloned().unwrap();
            entry.item.body = ItemBody::Unknown { name: name.into(), fields };
            let view = item_view(&entry, &Growing::default()).unwrap();
            assert!(matches!(view.body, ItemViewBody::Unknown { text: Some(text), .. } if text == words));
        }
        entry.item.body = ItemBody::EndOfTurn;
        assert!(item_view(&entry, &Growing::default()).is_none());
    }
}

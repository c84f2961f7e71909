//! What an assistant did on the way to its answer, as it is shown.

use model::{ItemStage, Source, Task, TaskBody, TaskStatus, Workflow};

use crate::{
    sources::source_view,
    view::{TaskKind, TaskView, WorkflowView},
};

pub(super) fn workflow(workflow: &Workflow, stage: ItemStage) -> WorkflowView {
    WorkflowView {
        is_reasoning: workflow.is_reasoning,
        tasks: workflow.tasks.iter().map(|one| task(one, stage)).collect(),
        summary: workflow.summary.clone(),
        expanded: workflow.expanded,
    }
}

/// A task of an item that has come so far: where that is over, or paused, nothing is being done, whatever was said last.
pub(super) fn task(task: &Task, stage: ItemStage) -> TaskView {
    let is_done = stage != ItemStage::Streaming;
    let mut view = TaskView {
        kind: TaskKind::Unknown,
        status: if is_done && task.status == TaskStatus::Loading { TaskStatus::None } else { task.status },
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

#[cfg(test)]
mod tests {
    use model::Extra;

    use super::*;

    #[test]
    fn in_a_workflow_that_is_paused_nothing_is_being_done() {
        let one = |status| Task { status, title: None, body: TaskBody::Image, extra: Extra::new() };
        let flow = Workflow {
            is_reasoning: false,
            tasks: vec![one(TaskStatus::Complete), one(TaskStatus::Loading)],
            summary: None,
            expanded: false,
            extra: Extra::new(),
        };
        let statuses = |stage| workflow(&flow, stage).tasks.into_iter().map(|task| task.status).collect::<Vec<_>>();
        assert_eq!(statuses(ItemStage::Streaming), [TaskStatus::Complete, TaskStatus::Loading]);
        assert_eq!(statuses(ItemStage::Done), [TaskStatus::Complete, TaskStatus::None]);
    }
}

//! Wire tasks and workflows → those of the model (sections 6.3 and 7).

use model::{Extra, Task, TaskBody, TaskStatus, Workflow, WorkflowSummary};
use serde_json::Value;

use super::{
    lenient::{flag, list, number, object, take, take_texts, take_word, text, whole},
    text::take_sources,
};

/// Reads an item that is one task.
///
/// # Errors
///
/// The fields as they came, if there is no task in them.
pub(super) fn task_item(mut fields: Extra) -> Result<(Task, Extra), Extra> {
    match take(&mut fields, "task", object) {
        Some(fields_of_task) => Ok((task(Value::Object(fields_of_task)), fields)),
        None => Err(fields),
    }
}

/// Reads an item that is a workflow.
///
/// # Errors
///
/// The fields as they came, if there is no workflow in them.
pub(super) fn workflow_item(mut fields: Extra) -> Result<(Workflow, Extra), Extra> {
    match take(&mut fields, "workflow", object) {
        Some(fields_of_workflow) => Ok((workflow(fields_of_workflow), fields)),
        None => Err(fields),
    }
}

/// Reads a task. Anything can be one: what is not, keeps its place among the others, for updates name tasks by their place.
pub(super) fn task(value: Value) -> Task {
    let mut fields = match object(value) {
        Ok(fields) => fields,
        Err(other) => Extra::from_iter([("task".to_owned(), other)]),
    };
    let status = take_word(&mut fields, "status_indicator", status).unwrap_or_default();
    let title = take(&mut fields, "title", text);
    let body = body(&mut fields);
    Task { status, title, body, extra: fields }
}

fn status(word: &str) -> Option<TaskStatus> {
    Some(match word {
        "none" => TaskStatus::None,
        "loading" => TaskStatus::Loading,
        "complete" => TaskStatus::Complete,
        _ => return None,
    })
}

/// What a task is. One that lacks what its type must have is one of an unknown type.
fn body(fields: &mut Extra) -> TaskBody {
    let name = take(fields, "type", text).unwrap_or_default();
    match name.as_str() {
        "custom" => TaskBody::Custom { icon: take(fields, "icon", text), content: take(fields, "content", text) },
        "web_search" => TaskBody::WebSearch {
            query: take(fields, "title_query", text),
            queries: take_texts(fields, "queries"),
            sources: take_sources(fields),
        },
        "thought" => match take(fields, "content", text) {
            Some(content) => TaskBody::Thought { content },
            None => TaskBody::Unknown { name },
        },
        "file" => TaskBody::File { sources: take_sources(fields) },
        "image" => TaskBody::Image,
        _ => TaskBody::Unknown { name },
    }
}

fn workflow(mut fields: Extra) -> Workflow {
    let is_reasoning = take_word(&mut fields, "type", |word| match word {
        "reasoning" => Some(true),
        "custom" => Some(false),
        _ => None,
    });
    let tasks = take(&mut fields, "tasks", list).unwrap_or_default();
    Workflow {
        is_reasoning: is_reasoning.unwrap_or_default(),
        tasks: tasks.into_iter().map(task).collect(),
        summary: summary(&mut fields),
        expanded: take(&mut fields, "expanded", flag).unwrap_or_default(),
        extra: fields,
    }
}

/// What a workflow came to. Nothing says which of its two forms it has but its fields. Where the model cannot hold all of
/// it, it stays in the fields as well, whole.
fn summary(fields: &mut Extra) -> Option<WorkflowSummary> {
    let whole_summary = take(fields, "summary", object)?;
    let mut rest = whole_summary.clone();
    let summary = match take(&mut rest, "title", text) {
        Some(title) => Some(WorkflowSummary::Custom { title, icon: take(&mut rest, "icon", text) }),
        None => take(&mut rest, "duration", seconds).map(|seconds| WorkflowSummary::Duration { seconds }),
    };
    let is_exact = match &summary {
        Some(WorkflowSummary::Duration { .. }) => {
            whole_summary.get("duration").and_then(Value::as_f64).is_some_and(|duration| duration.fract() == 0.0)
        }
        Some(WorkflowSummary::Custom { .. }) => true,
        None => false,
    };
    if !is_exact || !rest.is_empty() {
        fields.insert("summary".to_owned(), Value::Object(whole_summary));
    }
    summary
}

/// Whole seconds, however the number was written.
fn seconds(value: Value) -> Result<u64, Value> {
    number(value).and_then(|number| whole(number).ok_or_else(|| number.into()))
}

#[cfg(test)]
mod tests {
    use model::Source;
    use serde_json::json;

    use super::*;

    fn fields(value: Value) -> Extra {
        object(value).unwrap()
    }

    fn flow(value: Value) -> Workflow {
        let (workflow, extra) = workflow_item(fields(json!({"workflow": value}))).unwrap();
        assert_eq!(extra, Extra::new());
        workflow
    }

    fn of(body: TaskBody) -> Task {
        Task { status: TaskStatus::None, title: None, body, extra: Extra::new() }
    }

    #[test]
    fn tasks_of_each_type() {
        let url = json!({"type": "url", "title": "A", "url": "https://a.example", "timestamp": "2026", "group": "Web"});
        let file = json!({"type": "file", "title": "B", "filename": "b.pdf", "description": "Page 4"});
        let sources = [url, file].map(|source| super::super::text::source(fields(source)));
        let [Source::Url { extra, .. }, Source::File { extra: of_file, .. }] = &sources else { panic!("{sources:?}") };
        assert_eq!(extra, &fields(json!({"timestamp": "2026", "group": "Web"})));
        assert_eq!(of_file, &fields(json!({"description": "Page 4"})));
        let cases = [
            (
                json!({"type": "custom", "icon": "cube", "content": "*a*"}),
                TaskBody::Custom { icon: Some("cube".into()), content: Some("*a*".into()) },
            ),
            (json!({"type": "custom", "icon": null}), TaskBody::Custom { icon: None, content: None }),
            (
                json!({"type": "web_search", "title_query": "q", "queries": ["a", "b"], "sources": [
                    {"type": "url", "title": "A", "url": "https://a.example", "timestamp": "2026", "group": "Web"}]}),
                TaskBody::WebSearch {
                    query: Some("q".into()),
                    queries: vec!["a".into(), "b".into()],
                    sources: vec![sources[0].clone()],
                },
            ),
            (json!({"type": "web_search"}), TaskBody::WebSearch { query: None, queries: vec![], sources: vec![] }),
            (json!({"type": "thought", "content": "Hm"}), TaskBody::Thought { content: "Hm".into() }),
            (
                json!({"type": "file", "sources": [
                    {"type": "file", "title": "B", "filename": "b.pdf", "description": "Page 4"}]}),
                TaskBody::File { sources: vec![sources[1].clone()] },
            ),
            (json!({"type": "image"}), TaskBody::Image),
        ];
        for (wire, body) in cases {
            assert_eq!(task(wire), of(body));
        }
    }

    #[test]
    fn what_a_task_has_beside_its_type() {
        let read = task(json!({"type": "image", "title": "Drew", "status_indicator": "loading", "size": 3}));
        assert_eq!((read.status, read.title.as_deref()), (TaskStatus::Loading, Some("Drew")));
        assert_eq!(read.extra, fields(json!({"size": 3})));
        for (word, status) in [("none", TaskStatus::None), ("complete", TaskStatus::Complete)] {
            assert_eq!(task(json!({"type": "image", "status_indicator": word})).status, status);
        }
        let odd = task(json!({"type": "image", "title": 7, "status_indicator": "paused"}));
        assert_eq!((odd.status, odd.title), (TaskStatus::None, None));
        assert_eq!(odd.extra, fields(json!({"title": 7, "status_indicator": "paused"})), "kept");
    }

    #[test]
    fn a_task_of_another_type_is_kept_whole() {
        let unknown = |name: &str| TaskBody::Unknown { name: name.into() };
        let read = task(json!({"type": "dance", "title": "T", "steps": [1]}));
        assert_eq!((read.body, read.title.as_deref()), (unknown("dance"), Some("T")));
        assert_eq!(read.extra, fields(json!({"steps": [1]})));
        let thoughtless = task(json!({"type": "thought", "content": 5}));
        assert_eq!((thoughtless.body, thoughtless.extra), (unknown("thought"), fields(json!({"content": 5}))));
        let none = task(json!("x"));
        assert_eq!((none.body, none.extra), (unknown(""), fields(json!({"task": "x"}))));
    }

    #[test]
    fn sources_that_are_none_are_kept_in_their_place() {
        let read = task(json!({"type": "file", "sources": [7, null, {"type": "file", "filename": "a"}]}));
        let TaskBody::File { sources } = &read.body else { panic!("{read:?}") };
        let odd = Source::Unknown { name: String::new(), fields: fields(json!({"source": 7})) };
        let file = Source::File { title: "a".into(), filename: "a".into(), extra: Extra::new() };
        assert_eq!(sources, &[odd, file]);
        let read = task(json!({"type": "web_search", "queries": ["a", 1], "sources": "none"}));
        assert_eq!(read.body, TaskBody::WebSearch { query: None, queries: vec!["a".into()], sources: vec![] });
        assert_eq!(read.extra, fields(json!({"queries": ["a", 1], "sources": "none"})), "what was not read is kept");
    }

    #[test]
    fn a_workflow_with_everything() {
        let read = flow(json!({
            "type": "reasoning", "expanded": true, "tasks": [{"type": "image"}, 7, {"type": "thought", "content": "a"}],
            "summary": {"duration": 7}, "mood": "calm",
        }));
        assert!(read.is_reasoning && read.expanded);
        assert_eq!(read.tasks.len(), 3, "each keeps its place");
        assert_eq!(read.tasks[2], of(TaskBody::Thought { content: "a".into() }));
        assert_eq!(read.summary, Some(WorkflowSummary::Duration { seconds: 7 }));
        assert_eq!(read.extra, fields(json!({"mood": "calm"})));
    }

    #[test]
    fn an_empty_workflow_and_one_of_another_type() {
        let none = Workflow { is_reasoning: false, tasks: vec![], summary: None, expanded: false, extra: Extra::new() };
        assert_eq!(flow(json!({})), none);
        assert_eq!(flow(json!({"type": "custom", "tasks": null, "summary": null, "expanded": null})), none);
        let odd = json!({"type": "dream", "tasks": {}, "expanded": "yes"});
        assert_eq!(flow(odd.clone()), Workflow { extra: fields(odd), ..none });
    }

    #[test]
    fn summaries_are_told_apart_by_their_fields() {
        let custom = |title: &str, icon: Option<&str>| {
            Some(WorkflowSummary::Custom { title: title.into(), icon: icon.map(str::to_owned) })
        };
        let lasted = |seconds| Some(WorkflowSummary::Duration { seconds });
        for (wire, expected, is_kept) in [
            (json!({"title": "Done", "icon": "check"}), custom("Done", Some("check")), false),
            (json!({"title": "Done", "icon": null}), custom("Done", None), false),
            (json!({"duration": 7}), lasted(7), false),
            (json!({"duration": 7.0}), lasted(7), false),
            (json!({"duration": 7.9}), lasted(7), true),
            (json!({"title": "Done", "duration": 7}), custom("Done", None), true),
            (json!({"title": null, "duration": 7}), lasted(7), false),
            (json!({"title": "Done", "by": "me"}), custom("Done", None), true),
            (json!({"duration": -1}), None, true),
            (json!({"duration": "long"}), None, true),
            (json!({}), None, true),
            (json!("Done"), None, true),
        ] {
            let read = flow(json!({"summary": wire}));
            assert_eq!(read.summary, expected, "{wire}");
            assert_eq!(read.extra.get("summary"), is_kept.then_some(&wire), "{wire}");
        }
    }

    #[test]
    fn without_its_body_an_item_is_given_back() {
        for wire in [json!({"task": 7, "workflow": [1]}), json!({"a": 1})] {
            assert_eq!(task_item(fields(wire.clone())), Err(fields(wire.clone())));
            assert_eq!(workflow_item(fields(wire.clone())), Err(fields(wire)));
        }
    }
}

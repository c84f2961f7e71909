//! Every kind of item is kept whole, and found by what a person can read in it.

#![allow(clippy::unwrap_used, reason = "a test may fail by panicking")]

use history::{Change, History};
use model::{
    ClientToolCall, ConnectionId, Extra, GeneratedImage, ImageSource, InputStatus, Item, ItemBody, ItemStage, Question,
    QuestionAnswer, QuestionBody, Source, StoredItem, StructuredInput, Task, TaskBody, TaskStatus, Thread, ThreadId,
    ThreadStatus, Widget, Workflow, WorkflowSummary,
};
use serde_json::{Value, json};

fn fields(value: Value) -> Extra {
    value.as_object().cloned().unwrap()
}

fn tasks() -> Vec<Task> {
    let url = |title: &str| Source::Url {
        title: title.into(),
        url: "https://a.example".into(),
        extra: fields(json!({"attribution": "A"})),
    };
    let file = Source::File { title: "Plan".into(), filename: "plan.pdf".into(), extra: Extra::new() };
    let bodies = [
        TaskBody::Custom { icon: Some("bolt".into()), content: Some("**x**".into()) },
        TaskBody::WebSearch {
            query: Some("tides".into()),
            queries: vec!["tide today".into()],
            sources: vec![url("T")],
        },
        TaskBody::Thought { content: "thoughtful".into() },
        TaskBody::File { sources: vec![file] },
        TaskBody::Image,
        TaskBody::Unknown { name: "hologram".into() },
    ];
    let statuses = [TaskStatus::None, TaskStatus::Loading, TaskStatus::Complete].into_iter().cycle();
    let task = |(body, status)| Task { status, title: Some("Step".into()), body, extra: fields(json!({"new": [1.5]})) };
    bodies.into_iter().zip(statuses).map(task).collect()
}

fn workflow(summary: Option<WorkflowSummary>) -> ItemBody {
    ItemBody::Workflow(Workflow {
        is_reasoning: true,
        tasks: tasks(),
        summary,
        expanded: true,
        extra: fields(json!({"new": null})),
    })
}

fn questions() -> ItemBody {
    let question = |id: &str, question: &str, body, answer| Question {
        id: id.into(),
        question: question.into(),
        body,
        answer,
        extra: fields(json!({"hint": "h"})),
    };
    let choice = QuestionBody::MultipleChoice { options: vec!["S".into(), "M".into()], multiple: true };
    let answer = QuestionAnswer { values: vec!["marzipan".into()], skipped: false };
    ItemBody::StructuredInput(StructuredInput {
        status: InputStatus::Answered,
        inputs: vec![
            question("size", "Which size?", choice, None),
            question("note", "Anything else?", QuestionBody::Freeform { description: None }, Some(answer)),
        ],
    })
}

fn bodies() -> Vec<ItemBody> {
    let root = json!({"type": "Card", "padding": 2.0, "children": [
        {"type": "Text", "id": "t", "value": "espresso machine", "new": null}]});
    let image = ImageSource { id: "i".into(), url: "data:image/png;base64,AA".into(), extra: fields(json!({"w": 1})) };
    let call = |is_pending, output| {
        ItemBody::ClientToolCall(ClientToolCall {
            call_id: "call_7".into(),
            name: "tide".into(),
            arguments: fields(json!({"at": null, "deep": {"er": [1]}})),
            is_pending,
            output,
        })
    };
    let mut bodies = vec![
        ItemBody::Widget(Widget { root: root.clone(), copy_text: None }),
        ItemBody::Widget(Widget { root, copy_text: Some("periwinkle".into()) }),
        ItemBody::GeneratedImage(GeneratedImage { image: Some(image), progress: Some(0.25) }),
        ItemBody::GeneratedImage(GeneratedImage::default()),
        questions(),
        call(true, None),
        call(false, Some(json!({"height": 2}))),
        workflow(None),
        workflow(Some(WorkflowSummary::Duration { seconds: 3 })),
        workflow(Some(WorkflowSummary::Custom { title: "Looked around".into(), icon: None })),
    ];
    bodies.extend(tasks().into_iter().map(ItemBody::Task));
    bodies
}

#[test]
fn every_kind_is_read_as_it_was_written_and_found_by_its_words() {
    let mut history = History::in_memory().unwrap();
    let id = ThreadId::from("a");
    let thread = Thread {
        id: id.clone(),
        connection: ConnectionId::from("office"),
        remote: None,
        title: None,
        status: ThreadStatus::Active,
        created_at: 1,
        updated_at: 1,
    };
    history.put_thread(&thread).unwrap();
    let items: Vec<_> = (0..)
        .zip(bodies())
        .map(|(rank, body)| {
            let id = format!("i{rank}").as_str().into();
            let item = Item { id, created_at: None, body, extra: fields(json!({"later": true})) };
            (rank, StoredItem { item, stage: ItemStage::Done })
        })
        .collect();
    let changes: Vec<_> = items.iter().cloned().map(|(rank, item)| Change::PutItem { rank, item }).collect();
    history.apply(&id, &changes).unwrap();
    assert_eq!(history.items(&id, None, 100).unwrap(), items);

    let finds = |words: &str| !history.search(words, 10).unwrap().is_empty();
    for words in ["espresso", "periwinkle", "marzipan", "which size"] {
        assert!(finds(words), "{words}");
    }
    for words in ["thoughtful", "tide", "hologram", "base64"] {
        assert!(!finds(words), "{words}");
    }
}

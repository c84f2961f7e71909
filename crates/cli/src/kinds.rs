//! What a terminal tells of items that are no messages, each in a line or a few.

use model::{
    ClientToolCall, GeneratedImage, InputStatus, ItemBody, Question, QuestionBody, StructuredInput, Task, TaskBody,
    Workflow, WorkflowSummary,
};

use crate::answer::Step;

/// What is told of an item that is whole. Nothing of one that is told otherwise, or never seen.
pub fn told(body: &ItemBody) -> Vec<Step> {
    match body {
        ItemBody::Widget(widget) => match widget.plain_text() {
            Some(words) => vec![Step::Lines(words)],
            None => vec![Step::Aside("a widget without words".to_owned())],
        },
        ItemBody::GeneratedImage(image) => vec![picture(image)],
        ItemBody::StructuredInput(input) => questions(input),
        ItemBody::ClientToolCall(call) => call_waits(call).into_iter().collect(),
        ItemBody::Task(one) => task(one).map(Step::Aside).into_iter().collect(),
        ItemBody::Workflow(flow) => workflow(flow).map(Step::Aside).into_iter().collect(),
        ItemBody::Unknown { name, .. } => vec![Step::Aside(format!("{name}: this version cannot show it"))],
        ItemBody::UserMessage(_) | ItemBody::AssistantMessage { .. } | ItemBody::EndOfTurn | ItemBody::Handover(_) => {
            Vec::new()
        }
    }
}

/// The address of a picture, where it has one that can be opened.
fn picture(image: &GeneratedImage) -> Step {
    match &image.image {
        Some(image) if !image.url.starts_with("data:") => Step::Lines(image.url.clone()),
        Some(_) => Step::Aside("a picture: the window shows it".to_owned()),
        None => Step::Aside("a picture that did not come".to_owned()),
    }
}

fn questions(input: &StructuredInput) -> Vec<Step> {
    let lines: Vec<_> = input.inputs.iter().map(question).collect();
    let mut steps = Vec::new();
    if !lines.is_empty() {
        steps.push(Step::Lines(lines.join("\n\n")));
    }
    if input.status == InputStatus::Pending {
        steps.push(Step::Waits("the window asks this; here, answer with a message".to_owned()));
    }
    steps
}

fn question(question: &Question) -> String {
    let mut lines = vec![question.question.clone()];
    match &question.body {
        QuestionBody::MultipleChoice { options, .. } => {
            lines.extend(options.iter().map(|option| format!("- {option}")))
        }
        QuestionBody::Freeform { description } => lines.extend(description.clone()),
    }
    let answers = question.answer.iter().filter(|answer| !answer.values.is_empty());
    lines.extend(answers.map(|answer| format!("Answer: {}", answer.values.join(", "))));
    lines.join("\n")
}

fn call_waits(call: &ClientToolCall) -> Option<Step> {
    let line = format!("it waits for “{}”, which the terminal cannot do; a message goes on without it", call.name);
    call.is_pending.then_some(Step::Waits(line))
}

fn workflow(flow: &Workflow) -> Option<String> {
    match &flow.summary {
        Some(WorkflowSummary::Custom { title, .. }) => Some(title.clone()),
        Some(WorkflowSummary::Duration { seconds }) => Some(format!("Thought for {seconds} s")),
        None => flow.tasks.iter().rev().find_map(task),
    }
}

/// What a task calls itself, or else the beginning of what it says.
fn task(task: &Task) -> Option<String> {
    let first_line = |text: &str| text.lines().map(str::trim).find(|line| !line.is_empty()).map(str::to_owned);
    task.title.clone().or_else(|| match &task.body {
        TaskBody::Custom { content, .. } => content.as_deref().and_then(first_line),
        TaskBody::WebSearch { query, queries, .. } => query.clone().or_else(|| queries.first().cloned()),
        TaskBody::Thought { content } => first_line(content),
        TaskBody::File { sources } => sources.first().map(|source| source.title_and_description().0.to_owned()),
        TaskBody::Image => Some("a picture".to_owned()),
        TaskBody::Unknown { name } => Some(name.clone()),
    })
}

#[cfg(test)]
mod tests {
    use model::{Extra, ImageSource, QuestionAnswer, TaskStatus, Widget};

    use super::*;

    fn aside(line: &str) -> Vec<Step> {
        vec![Step::Aside(line.to_owned())]
    }

    #[test]
    fn questions_are_told_with_what_can_be_chosen() {
        let one = |question: &str, body, answer| Question {
            id: question.to_owned(),
            question: question.to_owned(),
            body,
            answer,
            extra: Extra::new(),
        };
        let options = vec!["S".to_owned(), "M".to_owned()];
        let answer = QuestionAnswer { values: vec!["soon".to_owned()], skipped: false };
        let mut input = StructuredInput {
            status: InputStatus::Pending,
            inputs: vec![
                one("Which size?", QuestionBody::MultipleChoice { options, multiple: false }, None),
                one("When?", QuestionBody::Freeform { description: Some("A day".to_owned()) }, Some(answer)),
            ],
        };
        let words = Step::Lines("Which size?\n- S\n- M\n\nWhen?\nA day\nAnswer: soon".to_owned());
        let steps = told(&ItemBody::StructuredInput(input.clone()));
        assert_eq!((&steps[0], steps.len()), (&words, 2));
        input.status = InputStatus::Answered;
        assert_eq!(told(&ItemBody::StructuredInput(input)), [words]);
    }

    #[test]
    fn a_call_is_told_only_while_it_waits() {
        let call = |is_pending| {
            ItemBody::ClientToolCall(ClientToolCall {
                call_id: "c".to_owned(),
                name: "tide".to_owned(),
                arguments: Extra::new(),
                is_pending,
                output: None,
            })
        };
        assert!(matches!(&told(&call(true))[..], [Step::Waits(line)] if line.contains("“tide”")));
        assert_eq!(told(&call(false)), []);
    }

    #[test]
    fn pictures_tasks_and_empty_widgets_are_a_line() {
        let image = |url: &str| {
            let image = ImageSource { id: "i".to_owned(), url: url.to_owned(), extra: Extra::new() };
            ItemBody::GeneratedImage(GeneratedImage { image: Some(image), progress: None })
        };
        assert_eq!(told(&image("https://a.example/1.png")), [Step::Lines("https://a.example/1.png".to_owned())]);
        assert_eq!(told(&image("data:image/png;base64,AA")), aside("a picture: the window shows it"));
        let body = TaskBody::Thought { content: "\nCheck the map\nand more".to_owned() };
        let task = Task { status: TaskStatus::None, title: None, body, extra: Extra::new() };
        assert_eq!(told(&ItemBody::Task(task.clone())), aside("Check the map"));
        let flow =
            Workflow { is_reasoning: true, tasks: vec![task], summary: None, expanded: false, extra: Extra::new() };
        assert_eq!(told(&ItemBody::Workflow(flow)), aside("Check the map"));
        let widget = Widget { root: serde_json::json!({"type": "Chart"}), copy_text: None };
        assert_eq!(told(&ItemBody::Widget(widget)), aside("a widget without words"));
    }
}

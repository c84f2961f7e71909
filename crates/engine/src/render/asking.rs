//! What an assistant asks, as it is shown: that can be answered only where it stands at the end.

use model::{ClientToolCall, InputStatus, StructuredInput};
use serde_json::Value;

use super::Place;
use crate::{
    tools,
    view::{QuestionView, QuestionsView, ToolCallState, ToolCallView},
};

/// Whether questions wait for the person.
pub(super) fn waits(input: &StructuredInput) -> bool {
    input.status == InputStatus::Pending
}

pub(super) fn questions(input: &StructuredInput, place: Place) -> QuestionsView {
    let questions = input.inputs.iter().map(|one| QuestionView {
        id: one.id.clone(),
        question: one.question.clone(),
        body: one.body.clone(),
        answer: one.answer.clone(),
    });
    let is_open = waits(input) && place.is_last && place.is_idle;
    QuestionsView { status: input.status, is_open, questions: questions.collect() }
}

pub(super) fn tool_call(call: &ClientToolCall, place: Place) -> ToolCallView {
    let pretty = |value: &Value| serde_json::to_string_pretty(value).unwrap_or_default();
    let state = match place {
        _ if !call.is_pending && tools::is_error(call.output.as_ref()) => ToolCallState::Failed,
        _ if !call.is_pending => ToolCallState::Answered,
        // The turn that brought it may not be over yet, and may still decide.
        Place { is_worked_on: true, .. } | Place { is_last: true, is_idle: false, .. } => ToolCallState::Running,
        Place { is_last: true, .. } => ToolCallState::Asks,
        // A server drops it when it is next asked for something else (section 6.3).
        _ => ToolCallState::Passed,
    };
    ToolCallView {
        name: call.name.clone(),
        asks: tools::asks(call, place.has_called_enough),
        arguments: pretty(&Value::Object(call.arguments.clone())),
        state,
        output: call.output.as_ref().map(pretty),
    }
}

#[cfg(test)]
mod tests {
    use model::Extra;

    use super::*;

    const LAST: Place = Place { is_last: true, is_idle: true, is_worked_on: false, has_called_enough: false };

    #[test]
    fn questions_are_open_at_the_end_of_a_thread_in_which_nothing_runs() {
        let input = |status| StructuredInput { status, inputs: Vec::new() };
        let is_open = |status, place| questions(&input(status), place).is_open;
        assert!(is_open(InputStatus::Pending, LAST));
        assert!(!is_open(InputStatus::Pending, Place { is_last: false, ..LAST }));
        assert!(!is_open(InputStatus::Pending, Place { is_idle: false, ..LAST }));
        assert!(!is_open(InputStatus::Answered, LAST));
        assert!(!is_open(InputStatus::Skipped, LAST));
    }

    #[test]
    fn a_call_waits_at_the_end_of_its_thread_and_is_dead_elsewhere() {
        let call = |is_pending| ClientToolCall {
            call_id: "c".into(),
            name: "tide".into(),
            arguments: Extra::new(),
            is_pending,
            output: None,
        };
        let state = |is_pending, place| tool_call(&call(is_pending), place).state;
        assert_eq!(state(true, LAST), ToolCallState::Asks);
        assert_eq!(state(true, Place { is_idle: false, ..LAST }), ToolCallState::Running);
        assert_eq!(state(true, Place { is_worked_on: true, ..LAST }), ToolCallState::Running);
        assert_eq!(state(true, Place::default()), ToolCallState::Passed);
        assert_eq!(state(false, LAST), ToolCallState::Answered);
        let declined = ClientToolCall { output: Some(tools::declined()), ..call(false) };
        assert_eq!(tool_call(&declined, LAST).state, ToolCallState::Failed);
    }
}

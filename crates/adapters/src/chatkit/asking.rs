//! What an assistant asks back, from the wire: questions to the person, calls to this machine (section 6.3).

use model::{ClientToolCall, Extra, InputStatus, Question, QuestionAnswer, QuestionBody, StructuredInput};
use serde_json::Value;

use super::lenient::{flag, list, object, take, take_texts, take_word, text};

/// Reads a call to this machine. Only one that says `pending` waits for an answer.
///
/// # Errors
///
/// The fields as they came, if it does not say which tool, or if what it hands to the tool cannot be read: a tool must not
/// run with less than it was asked to.
pub(super) fn client_tool_call(mut fields: Extra) -> Result<(ClientToolCall, Extra), Extra> {
    let has = |key: &str, is: fn(&Value) -> bool| fields.get(key).is_some_and(is);
    let has_arguments = has("arguments", Value::is_object) || !has("arguments", |value| !value.is_null());
    if !has("name", Value::is_string) || !has_arguments {
        return Err(fields);
    }
    let is_pending = take_word(&mut fields, "status", |word| match word {
        "pending" => Some(true),
        "completed" => Some(false),
        _ => None,
    });
    let call = ClientToolCall {
        call_id: take(&mut fields, "call_id", text).unwrap_or_default(),
        name: take(&mut fields, "name", text).unwrap_or_default(),
        arguments: take(&mut fields, "arguments", object).unwrap_or_default(),
        is_pending: is_pending.unwrap_or_default(),
        output: fields.remove("output").filter(|output| !output.is_null()),
    };
    Ok((call, fields))
}

/// Reads questions. Only those that say `pending` wait for an answer.
///
/// # Errors
///
/// The fields as they came, if there is no list of questions, or none in it that can be asked.
pub(super) fn structured_input(mut fields: Extra) -> Result<(StructuredInput, Extra), Extra> {
    let Some(wire) = take(&mut fields, "inputs", list) else { return Err(fields) };
    let count = wire.len();
    let can_be_asked = |value: &&Value| ["id", "question"].iter().all(|key| value[key].is_string());
    let readable = wire.iter().filter(can_be_asked).count();
    if readable < count {
        fields.insert("inputs".to_owned(), Value::Array(wire.clone()));
    }
    if readable == 0 && count > 0 {
        return Err(fields);
    }
    let status = take_word(&mut fields, "status", |word| match word {
        "pending" => Some(InputStatus::Pending),
        "answered" => Some(InputStatus::Answered),
        "skipped" => Some(InputStatus::Skipped),
        _ => None,
    });
    let inputs = wire.into_iter().filter_map(question).collect();
    Ok((StructuredInput { status: status.unwrap_or(InputStatus::Answered), inputs }, fields))
}

/// A question. One without an id cannot be answered, one without words cannot be asked.
fn question(value: Value) -> Option<Question> {
    let mut fields = object(value).ok()?;
    let (id, question) = (take(&mut fields, "id", text)?, take(&mut fields, "question", text)?);
    let has_options = take_word(&mut fields, "type", |word| match word {
        "multiple_choice" => Some(true),
        "freeform" => Some(false),
        _ => None,
    });
    let body = if has_options.unwrap_or_default() {
        let multiple = take(&mut fields, "multiple", flag).unwrap_or_default();
        QuestionBody::MultipleChoice { options: options(&mut fields), multiple }
    } else {
        QuestionBody::Freeform { description: take(&mut fields, "description", text) }
    };
    let answer = answer(&mut fields);
    Some(Question { id, question, body, answer, extra: fields })
}

/// The words to choose from. Where one of them says more than its word, the list stays in the fields as well, whole.
fn options(fields: &mut Extra) -> Vec<String> {
    let Some(wire) = take(fields, "options", list) else { return Vec::new() };
    let is_plain = |option: &Value| {
        option.as_object().is_some_and(|option| option.len() == 1 && option.get("value").is_some_and(Value::is_string))
    };
    if !wire.iter().all(is_plain) {
        fields.insert("options".to_owned(), Value::Array(wire.clone()));
    }
    wire.into_iter().filter_map(|option| take(&mut object(option).ok()?, "value", text)).collect()
}

/// What was answered. Where it says more than the model can hold, it stays in the fields as well, whole.
fn answer(fields: &mut Extra) -> Option<QuestionAnswer> {
    let wire = take(fields, "answer", object)?;
    let mut rest = wire.clone();
    let values = take_texts(&mut rest, "values");
    let skipped = take(&mut rest, "skipped", flag).unwrap_or_default();
    if !rest.is_empty() {
        fields.insert("answer".to_owned(), Value::Object(wire));
    }
    Some(QuestionAnswer { values, skipped })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn fields(value: Value) -> Extra {
        object(value).unwrap()
    }

    fn call(value: Value) -> (ClientToolCall, Extra) {
        client_tool_call(fields(value)).unwrap()
    }

    fn asked(value: Value) -> Question {
        question(value).unwrap()
    }

    #[test]
    fn a_call_that_waits_and_one_that_was_answered() {
        let (read, extra) = call(json!({
            "status": "pending", "call_id": "c1", "name": "open", "arguments": {"url": "x", "n": null}, "by": "agent",
        }));
        let expected = ClientToolCall {
            call_id: "c1".into(),
            name: "open".into(),
            arguments: fields(json!({"url": "x", "n": null})),
            is_pending: true,
            output: None,
        };
        assert_eq!((read, extra), (expected, fields(json!({"by": "agent"}))));
        let (read, _) = call(json!({"status": "completed", "call_id": "c1", "name": "open", "output": [1, null]}));
        assert_eq!((read.is_pending, read.output), (false, Some(json!([1, null]))));
    }

    #[test]
    fn a_call_with_little_and_with_odd_words() {
        let (read, extra) = call(json!({"name": "open", "arguments": null, "output": null, "call_id": 7}));
        assert_eq!((read.call_id.as_str(), read.is_pending, read.output), ("", false, None));
        assert_eq!((read.arguments, extra), (Extra::new(), fields(json!({"call_id": 7}))));
        let (read, extra) = call(json!({"name": "open", "status": "cancelled"}));
        assert!(!read.is_pending, "nobody waits for an answer");
        assert_eq!(extra, fields(json!({"status": "cancelled"})));
    }

    #[test]
    fn a_call_that_cannot_be_made_is_given_back() {
        for wire in [
            json!({"status": "pending", "arguments": {}}),
            json!({"status": "pending", "name": 7}),
            json!({"status": "pending", "name": "open", "arguments": "{\"url\":1}"}),
            json!({"status": "pending", "name": "open", "arguments": []}),
        ] {
            assert_eq!(client_tool_call(fields(wire.clone())), Err(fields(wire)));
        }
    }

    #[test]
    fn questions_of_each_type() {
        let (read, extra) = structured_input(fields(json!({"status": "pending", "tone": "kind", "inputs": [
            {"type": "multiple_choice", "id": "a", "question": "Which?", "multiple": true,
             "options": [{"value": "S"}, {"value": "M"}]},
            {"type": "freeform", "id": "b", "question": "Why?", "description": "One line"},
            {"type": "slider", "id": "c", "question": "How much?", "max": 9},
        ]})))
        .unwrap();
        assert_eq!((read.status, extra), (InputStatus::Pending, fields(json!({"tone": "kind"}))));
        let [choice, free, other] = read.inputs.as_slice() else { panic!("{read:?}") };
        let options = vec!["S".into(), "M".into()];
        assert_eq!(choice.body, QuestionBody::MultipleChoice { options, multiple: true });
        assert_eq!((choice.id.as_str(), choice.question.as_str(), &choice.extra), ("a", "Which?", &Extra::new()));
        assert_eq!(free.body, QuestionBody::Freeform { description: Some("One line".into()) });
        assert_eq!(other.body, QuestionBody::Freeform { description: None }, "an unknown type is asked in words");
        assert_eq!(other.extra, fields(json!({"type": "slider", "max": 9})));
    }

    #[test]
    fn status_words_are_an_open_set() {
        let read = |status: Value| structured_input(fields(json!({"status": status, "inputs": []}))).unwrap();
        assert_eq!(read(json!("answered")).0.status, InputStatus::Answered);
        assert_eq!(read(json!("skipped")).0.status, InputStatus::Skipped);
        for odd in [json!("expired"), json!(3)] {
            let (input, extra) = read(odd.clone());
            assert_eq!((input.status, extra), (InputStatus::Answered, fields(json!({"status": odd}))));
        }
        assert_eq!(read(json!(null)).0.status, InputStatus::Answered);
    }

    #[test]
    fn answers_that_were_given() {
        let read = |answer: Value| asked(json!({"type": "freeform", "id": "a", "question": "q", "answer": answer}));
        let given = |values: &[&str], skipped| {
            Some(QuestionAnswer { values: values.iter().map(|&value| value.to_owned()).collect(), skipped })
        };
        assert_eq!(read(json!({"values": ["x", "y"], "skipped": false})).answer, given(&["x", "y"], false));
        assert_eq!(read(json!({"values": null, "skipped": true})).answer, given(&[], true));
        assert_eq!(read(json!(null)).answer, None);
        let odd = json!({"values": ["x", 7], "skipped": "no", "at": "noon"});
        let kept = read(odd.clone());
        assert_eq!((kept.answer, &kept.extra["answer"]), (given(&["x"], false), &odd));
        assert_eq!(read(json!("x")).extra, fields(json!({"answer": "x"})));
    }

    #[test]
    fn options_that_say_more_than_their_word_are_kept() {
        let read = |options: Value| {
            asked(json!({"type": "multiple_choice", "id": "a", "question": "q", "options": options, "multiple": null}))
        };
        let words = |question: &Question| match &question.body {
            QuestionBody::MultipleChoice { options, multiple: false } => options.clone(),
            other => panic!("{other:?}"),
        };
        let plain = read(json!([{"value": "S"}]));
        assert_eq!((words(&plain), plain.extra), (vec!["S".to_owned()], Extra::new()));
        let odd = json!([{"value": "S", "hint": "small"}, {"value": 7}, "M"]);
        let kept = read(odd.clone());
        assert_eq!((words(&kept), &kept.extra["options"]), (vec!["S".to_owned()], &odd));
        assert_eq!(words(&read(json!(null))), [""; 0]);
    }

    #[test]
    fn what_cannot_be_asked_is_kept_beside_what_can() {
        let good = json!({"type": "freeform", "id": "a", "question": "q"});
        let inputs = json!([{"id": "x"}, good, 7, {"question": "q"}]);
        let (read, extra) = structured_input(fields(json!({"status": "pending", "inputs": inputs}))).unwrap();
        assert_eq!((read.inputs, extra), (vec![asked(good)], fields(json!({"inputs": inputs}))));
        for wire in [json!({"status": "pending"}), json!({"inputs": "q"}), json!({"status": "pending", "inputs": [7]})]
        {
            assert_eq!(structured_input(fields(wire.clone())), Err(fields(wire)));
        }
    }
}

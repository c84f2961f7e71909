use model::{ItemBody, ItemUpdate, ServerError};
use serde_json::json;

use super::*;
use crate::Mapper;

/// The events of frames without names, and of the end of the body.
fn read(frames: &[Value]) -> Vec<ThreadEvent> {
    let mut mapper = OpenaiMapper::after(&ItemId::from("u1"));
    let mut events: Vec<_> = frames.iter().flat_map(|frame| mapper.on_frame("message", &data(frame))).collect();
    events.extend(mapper.on_end());
    assert_eq!(mapper.on_end(), [], "an end is told once");
    // What is said of the answer as a whole has a test of its own.
    events.retain(|event| !matches!(event, ThreadEvent::Answered { .. }));
    events
}

/// A text stands for itself.
fn data(frame: &Value) -> String {
    frame.as_str().map_or_else(|| frame.to_string(), str::to_owned)
}

fn chunk(delta: Value, finish: Option<&str>) -> Value {
    json!({"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1_732_000_000, "model": "m",
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]})
}

fn says(words: &str) -> Value {
    chunk(json!({"content": words}), None)
}

/// What a person would see of the events, a line for each that shows.
fn seen(events: &[ThreadEvent]) -> Vec<String> {
    events
        .iter()
        .map(|event| match event {
            ThreadEvent::ItemAdded(item) => format!("begins {} {}", item.id, words(&item.body)),
            ThreadEvent::ItemDone(item) => format!("done {} {}", item.id, words(&item.body)),
            ThreadEvent::ItemUpdated { update: ItemUpdate::TextDelta { index, delta }, .. } => {
                format!("{index}+{delta}")
            }
            ThreadEvent::Progress(progress) => format!("({})", progress.text),
            ThreadEvent::Error(ServerError { code, .. }) => format!("error {code}"),
            ThreadEvent::Unknown { name } => format!("? {name}"),
            other => format!("{other:?}"),
        })
        .map(|line| line.trim_end().to_owned())
        .collect()
}

fn words(body: &ItemBody) -> String {
    match body {
        ItemBody::Unknown { name, fields } => format!("<{name} {}>", Value::Object(fields.clone())),
        body => body.plain_text().unwrap_or_default(),
    }
}

const ID: &str = "chatcmpl-1.u1";

#[test]
fn an_answer_begins_grows_and_is_done_with_what_it_used() {
    let usage = json!({"id": "chatcmpl-1", "choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 2}});
    let first = chunk(json!({"role": "assistant", "content": ""}), None);
    let events = read(&[first, says("Hel"), says("lo"), chunk(json!({}), Some("stop")), usage, json!("[DONE]")]);
    assert_eq!(seen(&events), [&format!("begins {ID}"), "0+Hel", "0+lo", &format!("done {ID} Hello")]);
    let Some(ThreadEvent::ItemDone(item)) = events.last() else { panic!("{events:?}") };
    assert_eq!(item.created_at.as_deref(), Some("2024-11-19T07:06:40Z"));
    let expected = json!({"model": "m", "usage": {"prompt_tokens": 3, "completion_tokens": 2}});
    assert_eq!(Value::Object(item.extra.clone()), expected);
}

#[test]
fn the_model_is_told_at_once_and_what_was_used_when_it_is_known() {
    let used = json!({"id": "chatcmpl-1", "choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 2}});
    let mut mapper = OpenaiMapper::default();
    let frames = [says("a"), says("b"), chunk(json!({}), Some("stop")), used, json!("[DONE]")];
    let told = |frame: &Value| {
        let events = mapper.on_frame("message", &data(frame)).into_iter();
        let told = events.filter_map(|event| match event {
            ThreadEvent::Answered { model, usage } => {
                Some((model.unwrap(), usage.map(|usage| (usage.input_tokens, usage.output_tokens))))
            }
            _ => None,
        });
        told.collect::<Vec<_>>()
    };
    let told: Vec<_> = frames.iter().map(told).collect();
    let counts = Some((Some(3), Some(2)));
    assert_eq!(told, [vec![("m".to_owned(), None)], vec![], vec![], vec![("m".to_owned(), counts)], vec![]]);
}

#[test]
fn an_answer_without_a_name_has_one_of_its_own_in_each_turn() {
    let bare = json!({"choices": [{"delta": {"content": "a"}}]});
    let id = |after: &str| {
        let events = OpenaiMapper::after(&ItemId::from(after)).on_frame("message", &bare.to_string());
        let [ThreadEvent::ItemAdded(item), _] = events.as_slice() else { panic!("{events:?}") };
        item.id.clone()
    };
    assert_eq!(id("u1").as_str(), "answer.u1");
    assert_ne!(id("u1"), id("u2"));
    // Some gateways name only what comes after their own first chunk.
    let own = json!({"id": "", "choices": [], "prompt_filter_results": []});
    assert_eq!(seen(&read(&[own, says("a")]))[0], format!("begins {ID}"));
}

#[test]
fn what_is_thought_is_kept_beside_the_answer() {
    for name in ["reasoning_content", "reasoning"] {
        let thinks = |words: &str| chunk(json!({ name: words, "content": null }), None);
        let events = read(&[thinks("Let me"), thinks(" see."), says("Yes."), json!("[DONE]")]);
        let kept = "done chatcmpl-1-1.u1 <reasoning {\"text\":\"Let me see.\"}>";
        let done = format!("done {ID} Yes.");
        assert_eq!(seen(&events), ["(Thinking)", kept, &format!("begins {ID}"), "0+Yes.", &done], "{name}");
    }
    let parts =
        json!([{"type": "thinking", "thinking": [{"type": "text", "text": "Hm"}]}, {"type": "text", "text": "A"}]);
    let events = read(&[chunk(json!({"content": parts}), Some("stop"))]);
    assert_eq!(seen(&events)[..2], ["(Thinking)", "done chatcmpl-1-1.u1 <reasoning {\"text\":\"Hm\"}>"]);
    assert_eq!(seen(&events)[3..], ["0+A", &format!("done {ID} A")]);
}

#[test]
fn a_refusal_is_marked() {
    let refuses = |words: &str| chunk(json!({"refusal": words}), None);
    let events = read(&[refuses("I"), refuses(" won't."), json!("[DONE]")]);
    assert_eq!(
        seen(&events)[1..],
        ["0+**The model refuses:** I", "0+ won't.", "done chatcmpl-1.u1 **The model refuses:** I won't."]
    );
}

#[test]
fn calls_of_tools_are_put_together_and_not_run() {
    let call = |call: Value| chunk(json!({"tool_calls": [call]}), None);
    let events = read(&[
        call(json!({"index": 0, "id": "c1", "function": {"name": "weather", "arguments": ""}})),
        call(json!({"index": 0, "function": {"arguments": "{\"at\":"}})),
        call(json!({"index": 1, "id": "c2", "function": {"name": "time", "arguments": "{}"}})),
        call(json!({"index": 0, "function": {"arguments": "\"sea\"}"}})),
        chunk(json!({}), Some("tool_calls")),
        json!("[DONE]"),
    ]);
    let [ThreadEvent::ItemDone(one), ThreadEvent::ItemDone(two)] = events.as_slice() else { panic!("{events:?}") };
    assert_ne!(one.id, two.id);
    let ItemBody::Unknown { name, fields } = &one.body else { panic!() };
    assert_eq!((name.as_str(), &fields["arguments"]), ("function_call", &json!("{\"at\":\"sea\"}")));
    assert_eq!((&fields["name"], &fields["call_id"]), (&json!("weather"), &json!("c1")));
}

#[test]
fn an_answer_that_is_cut_is_not_done_and_says_why() {
    for (reason, code) in [("length", "length"), ("content_filter", "content_filter")] {
        let usage = json!({"choices": [], "usage": {"completion_tokens": 1}});
        let events = read(&[says("Once"), chunk(json!({}), Some(reason)), usage, json!("[DONE]")]);
        let whole = [&format!("begins {ID}"), "0+Once", &format!("begins {ID} Once"), &format!("error {code}")];
        assert_eq!(seen(&events), whole);
        let ThreadEvent::ItemAdded(item) = &events[2] else { panic!() };
        assert_eq!(item.extra["usage"], json!({"completion_tokens": 1}));
    }
}

#[test]
fn a_body_that_ends_too_soon_is_told_from_one_that_lacks_its_mark() {
    assert_eq!(seen(&read(&[says("Once")])).last().unwrap(), "error stream.cut");
    assert_eq!(
        seen(&read(&[says("Once"), chunk(json!({}), Some("stop"))])).last().unwrap(),
        &format!("done {ID} Once")
    );
    assert_eq!(read(&[]), [], "nobody said anything");
    let nothing = [chunk(json!({"role": "assistant"}), None), chunk(json!({}), Some("stop")), json!("[DONE]")];
    assert_eq!(read(&nothing), []);
}

#[test]
fn errors_in_the_stream_are_told_once() {
    let error = json!({"error": {"message": "Overloaded", "type": "server_error", "code": 503}});
    let events = read(&[says("Once"), error.clone(), json!("[DONE]"), says("more")]);
    assert_eq!(seen(&events)[2..], ["error 503", "? something after the end"]);
    let ThreadEvent::Error(told) = &events[2] else { panic!() };
    assert_eq!((told.message.as_deref(), told.allow_retry), (Some("Overloaded"), true));
    let named = |data: &str| seen(&OpenaiMapper::default().on_frame("error", data));
    assert_eq!(named("{\"detail\": \"gone\"}"), ["error error"]);
    assert_eq!(named("plain words"), ["error error"]);
    assert_eq!(seen(&read(&[json!({"type": "error", "code": "rate_limit", "message": "m"})])), ["error rate_limit"]);
}

#[test]
fn only_the_first_of_several_answers_is_read() {
    let other = json!({"id": "chatcmpl-1", "choices": [{"index": 1, "delta": {"content": "no"}}]});
    assert_eq!(seen(&read(&[other, says("yes"), json!("[DONE]")]))[1..], ["0+yes", &format!("done {ID} yes")]);
}

#[test]
fn a_message_that_is_not_streamed_is_read_all_the_same() {
    let whole = json!({"id": "chatcmpl-1", "choices": [{"message": {"content": "All."}, "finish_reason": "stop"}]});
    assert_eq!(seen(&read(&[whole])).last().unwrap(), &format!("done {ID} All."));
}

fn event(kind: &str, fields: Value) -> Value {
    let mut event = fields;
    event["type"] = json!(kind);
    event
}

fn delta(kind: &str, words: &str) -> Value {
    event(kind, json!({"item_id": "msg_1", "output_index": 1, "content_index": 0, "delta": words}))
}

fn response(kind: &str, fields: Value) -> Value {
    let mut response = fields;
    response["id"] = json!("resp_1");
    response["created_at"] = json!(1_732_000_000);
    event(kind, json!({ "response": response }))
}

const TEXT: &str = "response.output_text.delta";

#[test]
fn the_newer_dialect_gives_the_same_answer() {
    let summary = "response.reasoning_summary_text.delta";
    let events = read(&[
        response("response.created", json!({"model": "m"})),
        event("response.output_item.added", json!({"output_index": 0, "item": {"id": "rs_1", "type": "reasoning"}})),
        delta(summary, "Hm"),
        event("response.reasoning_summary_part.done", json!({})),
        event(
            "response.output_item.done",
            json!({"item": {"id": "rs_1", "type": "reasoning", "summary": [{"text": "Hm"}]}}),
        ),
        event("response.output_item.added", json!({"output_index": 1, "item": {"id": "msg_1", "type": "message"}})),
        delta(TEXT, "Hel"),
        delta(TEXT, "lo"),
        event(
            "response.output_text.annotation.added",
            json!({"item_id": "msg_1", "content_index": 0,
            "annotation": {"type": "url_citation", "url": "https://e.example", "title": "E", "end_index": 5}}),
        ),
        event("response.output_text.done", json!({"item_id": "msg_1", "content_index": 0, "text": "Hello"})),
        event("response.output_item.done", json!({"item": {"id": "msg_1", "type": "message"}})),
        event("response.output_item.done", json!({"item": {"id": "fc_1", "type": "function_call", "name": "time"}})),
        response("response.completed", json!({"model": "m", "usage": {"output_tokens": 2}, "output": []})),
    ]);
    let seen = seen(&events);
    assert_eq!(seen[..4], ["(Thinking)", "done resp_1-1.u1 <reasoning {\"text\":\"Hm\"}>", "begins msg_1.u1", "0+Hel"]);
    let call = "done resp_1-2.u1 <function_call {\"id\":\"fc_1\",\"name\":\"time\"}>";
    assert_eq!(seen[6..], [call, "done msg_1.u1 Hello"]);
    let Some(ThreadEvent::ItemDone(item)) = events.last() else { panic!() };
    assert_eq!(item.extra["usage"], json!({"output_tokens": 2}));
    let ItemBody::AssistantMessage { content } = &item.body else { panic!() };
    assert_eq!(content[0].annotations[0].index, Some(5));
}

#[test]
fn the_whole_text_counts_more_than_its_pieces() {
    let done = event("response.output_text.done", json!({"item_id": "msg_1", "content_index": 0, "text": "Hello"}));
    let events = read(&[delta(TEXT, "Hel"), done, response("response.completed", json!({}))]);
    assert_eq!(seen(&events).last().unwrap(), "done msg_1.u1 Hello");
    let output =
        json!({"output": [{"id": "msg_1", "type": "message", "content": [{"type": "output_text", "text": "All."}]}]});
    let unstreamed = read(&[response("response.completed", output)]);
    assert_eq!(seen(&unstreamed).last().unwrap(), "done msg_1.u1 All.");
}

#[test]
fn the_ends_of_the_newer_dialect() {
    let incomplete = json!({"incomplete_details": {"reason": "max_output_tokens"}});
    let events = read(&[delta(TEXT, "Once"), response("response.incomplete", incomplete)]);
    assert_eq!(seen(&events)[2..], ["begins msg_1.u1 Once", "error length"]);
    let failed = json!({"error": {"code": "server_error", "message": "Oh"}});
    assert_eq!(seen(&read(&[response("response.failed", failed)])), ["error server_error"]);
    let cut = read(&[response("response.created", json!({})), delta(TEXT, "Once")]);
    assert_eq!(seen(&cut).last().unwrap(), "error stream.cut");
    let refusal = read(&[delta("response.refusal.delta", "No."), response("response.completed", json!({}))]);
    assert_eq!(seen(&refusal).last().unwrap(), "done msg_1.u1 **The model refuses:** No.");
}

#[test]
fn nothing_is_fatal_and_everything_is_named() {
    for (data, name) in [
        ("", "an empty event"),
        ("{not json", "not JSON: key must be a string at line 1 column 2"),
        ("7", "an event of neither dialect"),
        ("[]", "an event of neither dialect"),
        ("null", "an event of neither dialect"),
        ("{\"object\": \"ping\"}", "ping"),
        ("{\"type\": \"response.sparkled\"}", "response.sparkled"),
        ("{\"type\": \"response.output_item.done\"}", "response.output_item.done"),
        ("{\"type\": \"response.output_text.annotation.added\"}", "response.output_text.annotation.added"),
        ("{\"type\": \"\\u001b[2J\"}", " [2J"),
    ] {
        let events = OpenaiMapper::default().on_frame("message", data);
        assert_eq!(events, [ThreadEvent::Unknown { name: name.into() }], "{data}");
    }
    let deep = format!("{{\"choices\":{}", "[".repeat(100_000));
    assert!(matches!(OpenaiMapper::default().on_frame("message", &deep).as_slice(), [ThreadEvent::Unknown { .. }]));
}

#[test]
fn fields_of_another_type_are_as_if_they_were_not_there() {
    for odd in [json!(7), json!([7]), json!({"a": 7}), json!(true), json!("x")] {
        let chat = json!({"id": odd, "created": odd, "model": odd, "usage": odd,
            "choices": [{"index": odd, "delta": {"content": odd, "refusal": 7, "tool_calls": odd}, "finish_reason": 7}]});
        let choices = json!({"choices": odd});
        let newer = json!({"type": TEXT, "item_id": odd, "content_index": odd, "delta": 7});
        let created = json!({"type": "response.created", "response": odd});
        let completed = json!({"type": "response.completed", "response": {"output": odd, "usage": odd}});
        read(&[chat, choices, newer, created, completed]);
    }
}

#[test]
fn a_server_that_makes_up_names_without_end_costs_no_memory() {
    let frame = |at: usize| event(TEXT, json!({"item_id": format!("m{at}"), "content_index": at, "delta": "a"}));
    let frames: Vec<_> = (0..300).map(frame).collect();
    let begun = read(&frames).iter().filter(|event| matches!(event, ThreadEvent::ItemAdded(_))).count();
    assert_eq!(begun, 64);
}

#[test]
fn an_answer_is_whole_once_the_server_says_how_it_ends() {
    let mut mapper = OpenaiMapper::after(&ItemId::from("u1"));
    let mut is_whole_after = |frame: Value| {
        mapper.on_frame("message", &data(&frame));
        mapper.is_whole()
    };
    assert!(!is_whole_after(says("Half")));
    assert!(is_whole_after(chunk(json!({}), Some("stop"))), "its end is said, though the mark is missing");
    assert!(is_whole_after(json!("[DONE]")));
}

#[test]
fn thoughts_between_marks_at_the_beginning_are_no_part_of_the_answer() {
    let pieces = ["<th", "ink>\nIs it", " two? </", "think>", "\n\n", "It is ", "two."];
    let frames: Vec<_> = pieces.into_iter().map(says).chain([chunk(json!({}), Some("stop"))]).collect();
    let thought = "done chatcmpl-1-1.u1 <reasoning {\"text\":\"\\nIs it two?\"}>";
    let done = format!("done {ID} It is two.");
    let begins = format!("begins {ID}");
    assert_eq!(seen(&read(&frames)), ["(Thinking)", thought, &begins, "0+It is", "0+two.", &done]);
}

#[test]
fn what_looked_like_the_beginning_of_a_mark_is_said_at_the_end() {
    let events = read(&[says("<thi"), chunk(json!({}), Some("stop")), json!("[DONE]")]);
    assert_eq!(seen(&events), [format!("begins {ID}"), "0+<thi".to_owned(), format!("done {ID} <thi")]);
    let cut = read(&[says("<think>so"), json!({"error": {"message": "Busy", "code": "busy"}})]);
    assert_eq!(seen(&cut).last().unwrap(), "error busy");
    assert!(seen(&cut)[1].contains("reasoning"));
}

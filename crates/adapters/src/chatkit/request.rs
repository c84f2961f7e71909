//! Operation → request (sections 2.1, 3 and 9).

use model::{CustomAction, Extra, InferenceOptions, ItemId, Operation, Order, RemoteThreadId, UserContent, UserInput};
use serde_json::Value;

use super::wire;
use crate::{Answered, Method, RequestError, RequestSpec, address};

/// The request for an operation.
pub(super) fn request(base: &str, operation: &Operation, locale: &str) -> Result<RequestSpec, RequestError> {
    let url = address(base)?;
    let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let headers = vec![
        header("Accept", "text/event-stream, application/json"),
        header("Accept-Language", language(locale)),
        header("Content-Type", "application/json"),
    ];
    // Nothing in a request can fail to be written: its maps have texts for keys.
    let body = serde_json::to_vec(&wire(operation)?).unwrap_or_default();
    Ok(RequestSpec { method: Method::Post, url, headers, body, answered: Answered::to(operation) })
}

/// A language that can stand in a header.
fn language(locale: &str) -> &str {
    let good = |char: char| char.is_ascii_alphanumeric() || "-,;=.* ".contains(char);
    if !locale.is_empty() && locale.chars().all(good) { locale } else { "en" }
}

fn wire(operation: &Operation) -> Result<wire::Request<'_>, RequestError> {
    Ok(match operation {
        Operation::CreateThread { input: message } => wire::Request::Create { input: input(message) },
        Operation::AddUserMessage { thread, input: message } => {
            wire::Request::AddUserMessage { thread_id: thread.as_str(), input: input(message) }
        }
        Operation::RetryAfterItem { thread, item } => {
            wire::Request::RetryAfterItem { thread_id: thread.as_str(), item_id: item.as_str() }
        }
        Operation::AddToolOutput { thread, result } => {
            wire::Request::AddClientToolOutput { thread_id: thread.as_str(), result }
        }
        Operation::AddStructuredInput { thread, item, answer } => wire::Request::AddStructuredInput {
            thread_id: thread.as_str(),
            item_id: item.as_str(),
            input: wire::StructuredInput {
                status: if answer.skipped { "skipped" } else { "answered" },
                answers: &answer.answers,
            },
        },
        Operation::CustomAction { thread, item, action } => {
            wire::Request::CustomAction(pressed(thread, item.as_ref(), action))
        }
        Operation::SyncCustomAction { thread, item, action } => {
            wire::Request::SyncCustomAction(pressed(thread, item.as_ref(), action))
        }
        Operation::GetThread { thread } => wire::Request::GetById { thread_id: thread.as_str() },
        Operation::ListThreads { after, limit } => {
            wire::Request::ListThreads { limit: *limit, order: "desc", after: after.as_deref() }
        }
        Operation::ListItems { thread, after, limit, order } => wire::Request::ListItems {
            thread_id: thread.as_str(),
            limit: *limit,
            order: match order {
                Order::Ascending => "asc",
                Order::Descending => "desc",
            },
            after: after.as_deref(),
        },
        Operation::RenameThread { thread, title } => wire::Request::Update { thread_id: thread.as_str(), title },
        Operation::DeleteThread { thread } => wire::Request::Delete { thread_id: thread.as_str() },
        Operation::CreateAttachment { name, mime_type, size } => {
            wire::Request::CreateAttachment { name, mime_type, size: *size }
        }
        Operation::DeleteAttachment { attachment } => wire::Request::DeleteAttachment { attachment_id: attachment },
        Operation::Feedback { thread, items, kind } => wire::Request::Feedback {
            thread_id: thread.as_str(),
            item_ids: items.iter().map(ItemId::as_str).collect(),
            kind: *kind,
        },
        Operation::Answer { .. } => return Err(RequestError::Unsupported { operation: "answer without a thread" }),
        Operation::BeginConversation { .. } => {
            return Err(RequestError::Unsupported { operation: "begin a conversation without a message" });
        }
        Operation::Health => return Err(RequestError::Unsupported { operation: "say how it is" }),
        Operation::ListModels => return Err(RequestError::Unsupported { operation: "list its models" }),
    })
}

fn pressed<'a>(thread: &'a RemoteThreadId, item: Option<&'a ItemId>, action: &'a CustomAction) -> wire::Pressed<'a> {
    wire::Pressed { thread_id: thread.as_str(), item_id: item.map(ItemId::as_str), action }
}

fn input(input: &UserInput) -> wire::Input<'_> {
    let InferenceOptions { model, tool } = &input.inference_options;
    wire::Input {
        content: input.content.iter().map(content).collect(),
        attachments: input.attachments.iter().map(|attachment| attachment.id.as_str()).collect(),
        quoted_text: input.quoted_text.as_deref(),
        inference_options: wire::InferenceInput {
            model: model.as_deref(),
            tool_choice: tool.as_deref().map(|id| wire::ToolInput { id }),
        },
    }
}

/// A part of the message (section 9). What a server once sent in a tag or in an unknown part goes back as it came.
fn content(part: &UserContent) -> Extra {
    let text = |text: &str| Value::String(text.to_owned());
    let (kind, mut fields) = match part {
        UserContent::Text { text: words } => ("input_text", Extra::from_iter([("text".to_owned(), text(words))])),
        UserContent::Tag { id, text: words, fields } => {
            let mut fields = fields.clone();
            fields.insert("id".to_owned(), text(id));
            fields.insert("text".to_owned(), text(words));
            // Required by servers, although clients may leave it out.
            fields.entry("data").or_insert_with(|| Value::Object(Extra::new()));
            ("input_tag", fields)
        }
        UserContent::Unknown { name, fields } => (name.as_str(), fields.clone()),
    };
    fields.insert("type".to_owned(), text(kind));
    fields
}

#[cfg(test)]
mod tests {
    use model::{Attachment, FeedbackKind, QuestionAnswer, StructuredAnswer};
    use serde_json::json;

    use super::*;

    const BASE: &str = "https://chat.example/chatkit?tenant=7";

    fn body(operation: &Operation) -> Value {
        serde_json::from_slice(&request(BASE, operation, "en").unwrap().body).unwrap()
    }

    #[test]
    fn the_smallest_message_has_all_that_is_required() {
        let operation = Operation::CreateThread { input: UserInput::text("Hello") };
        let expected = json!({"type": "threads.create", "params": {"input": {
            "content": [{"type": "input_text", "text": "Hello"}], "attachments": [], "inference_options": {},
        }}});
        assert_eq!(body(&operation), expected);
    }

    #[test]
    fn the_largest_message_has_all_that_was_chosen() {
        let fields = |value| serde_json::from_value::<Extra>(value).unwrap();
        let tag = |value| UserContent::Tag { id: "d7".into(), text: "Q3".into(), fields: fields(value) };
        let input = UserInput {
            content: vec![
                tag(json!({})),
                tag(json!({"data": {"kind": "doc"}, "group": "Docs"})),
                UserContent::Unknown { name: "input_song".into(), fields: fields(json!({"notes": "c"})) },
            ],
            attachments: vec![Attachment { id: "a1".into(), name: "a.pdf".into(), extra: Extra::new() }],
            quoted_text: Some("said".into()),
            inference_options: InferenceOptions { model: Some("fast".into()), tool: Some("search".into()) },
        };
        let expected = json!({"type": "threads.add_user_message", "params": {"thread_id": "t1", "input": {
            "content": [
                {"type": "input_tag", "id": "d7", "text": "Q3", "data": {}},
                {"type": "input_tag", "id": "d7", "text": "Q3", "data": {"kind": "doc"}, "group": "Docs"},
                {"type": "input_song", "notes": "c"},
            ],
            "attachments": ["a1"], "quoted_text": "said",
            "inference_options": {"model": "fast", "tool_choice": {"id": "search"}},
        }}});
        assert_eq!(body(&Operation::AddUserMessage { thread: "t1".into(), input }), expected);
    }

    #[test]
    fn each_operation_in_its_own_words() {
        let thread = || "t1".into();
        let cases = [
            (
                Operation::RetryAfterItem { thread: thread(), item: "m1".into() },
                json!({"type": "threads.retry_after_item", "params": {"thread_id": "t1", "item_id": "m1"}}),
            ),
            (
                Operation::GetThread { thread: thread() },
                json!({"type": "threads.get_by_id", "params": {"thread_id": "t1"}}),
            ),
            (
                Operation::ListThreads { after: None, limit: 9 },
                json!({"type": "threads.list", "params": {"limit": 9, "order": "desc"}}),
            ),
            (
                Operation::ListItems { thread: thread(), after: Some("c".into()), limit: 9, order: Order::Ascending },
                json!({"type": "items.list", "params": {"thread_id": "t1", "limit": 9, "order": "asc", "after": "c"}}),
            ),
            (
                Operation::RenameThread { thread: thread(), title: "x".into() },
                json!({"type": "threads.update", "params": {"thread_id": "t1", "title": "x"}}),
            ),
            (
                Operation::DeleteThread { thread: thread() },
                json!({"type": "threads.delete", "params": {"thread_id": "t1"}}),
            ),
            (
                Operation::CreateAttachment { name: "a.pdf".into(), mime_type: "application/pdf".into(), size: 9 },
                json!({"type": "attachments.create", "params":
                    {"name": "a.pdf", "size": 9, "mime_type": "application/pdf"}}),
            ),
            (
                Operation::DeleteAttachment { attachment: "atc_1".into() },
                json!({"type": "attachments.delete", "params": {"attachment_id": "atc_1"}}),
            ),
            (
                Operation::Feedback {
                    thread: thread(),
                    items: vec!["a".into(), "b".into()],
                    kind: FeedbackKind::Negative,
                },
                json!({"type": "items.feedback", "params":
                    {"thread_id": "t1", "item_ids": ["a", "b"], "kind": "negative"}}),
            ),
        ];
        for (operation, expected) in cases {
            assert_eq!(body(&operation), expected);
        }
    }

    #[test]
    fn what_a_tool_brought_is_said_as_it_is() {
        for result in [json!({"selection": "hello", "none": null}), json!("plain"), json!([1, 2.5]), json!(null)] {
            let operation = Operation::AddToolOutput { thread: "t1".into(), result: result.clone() };
            let expected =
                json!({"type": "threads.add_client_tool_output", "params": {"thread_id": "t1", "result": result}});
            assert_eq!(body(&operation), expected);
            assert!(operation.streams());
        }
    }

    #[test]
    fn answers_to_questions_say_everything() {
        let answer = |values: &[&str], skipped| QuestionAnswer {
            values: values.iter().map(|&value| value.to_owned()).collect(),
            skipped,
        };
        let operation = |skipped, answers| Operation::AddStructuredInput {
            thread: "t1".into(),
            item: "q1".into(),
            answer: StructuredAnswer { skipped, answers },
        };
        let expected = |input: Value| {
            json!({"type": "threads.add_structured_input",
                "params": {"thread_id": "t1", "item_id": "q1", "input": input}})
        };
        let answers = [("a".to_owned(), answer(&["Green", "My own"], false)), ("b".to_owned(), answer(&[], true))];
        let answered = operation(false, answers.into());
        let input = json!({"status": "answered", "answers": {
            "a": {"values": ["Green", "My own"], "skipped": false}, "b": {"values": [], "skipped": true},
        }});
        assert_eq!(body(&answered), expected(input));
        assert!(answered.streams());
        let skipped = operation(true, [].into());
        assert_eq!(body(&skipped), expected(json!({"status": "skipped", "answers": {}})));
    }

    #[test]
    fn presses_say_the_action_and_nothing_of_how_it_is_shown() {
        let action = |payload| CustomAction { kind: "order.track".into(), payload };
        let cases = [
            (Some("w1"), None, json!({"thread_id": "t1", "item_id": "w1", "action": {"type": "order.track"}})),
            (
                None,
                Some(json!({"id": 81, "none": null})),
                json!({"thread_id": "t1", "action": {"type": "order.track", "payload": {"id": 81, "none": null}}}),
            ),
        ];
        for (item, payload, params) in cases {
            let (thread, item) = (|| RemoteThreadId::from("t1"), item.map(ItemId::from));
            let streamed =
                Operation::CustomAction { thread: thread(), item: item.clone(), action: action(payload.clone()) };
            assert_eq!(body(&streamed), json!({"type": "threads.custom_action", "params": params}));
            assert_eq!(request(BASE, &streamed, "en").unwrap().answered, Answered::Stream);
            let at_once = Operation::SyncCustomAction { thread: thread(), item, action: action(payload) };
            assert_eq!(body(&at_once), json!({"type": "threads.sync_custom_action", "params": params}));
            assert_ne!(request(BASE, &at_once, "en").unwrap().answered, Answered::Stream);
        }
    }

    #[test]
    fn the_address_is_used_as_it_is_and_the_language_is_said() {
        let operation = Operation::RetryAfterItem { thread: "t".into(), item: "m".into() };
        let spec = request(BASE, &operation, "nl-NL").unwrap();
        assert_eq!((spec.url.as_str(), spec.method, spec.answered), (BASE, Method::Post, Answered::Stream));
        let expected = [
            ("Accept", "text/event-stream, application/json"),
            ("Accept-Language", "nl-NL"),
            ("Content-Type", "application/json"),
        ];
        let headers: Vec<_> = spec.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(headers, expected);
        assert_eq!(request(BASE, &operation, "en\r\nX: y").unwrap().headers[1].1, "en");
        assert!(request("nowhere", &operation, "en").is_err());
    }
}

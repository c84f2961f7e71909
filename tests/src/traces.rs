//! The recorded exchanges: what was sent, and every byte that came back.
//!
//! Each file of an adapter's `traces` folder holds one or more exchanges as curl showed them: the command, the head of
//! the answer, its body, and curl's exit code. What else stands there is for people.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a trace that cannot be read fails the test that reads it")]

use std::{fs, path::Path};

use model::{
    Attachment, CustomAction, FeedbackKind, InferenceOptions, ItemId, Operation, Order, RemoteThreadId,
    StructuredAnswer, UserContent, UserInput,
};
use serde_json::{Map, Value};

/// Where the exchanges of the ChatKit adapter are.
const CHATKIT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/adapters/src/chatkit/traces");

/// Where those of the adapter for OpenAI's protocols are: what LiteLLM's proxy sent, with its own headers left out.
const OPENAI: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/adapters/src/openai/traces");

/// Where those of backends that people wrote for themselves are: what the servers of `custom_server.py` sent.
const CUSTOM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/adapters/src/custom/traces");

/// One request and its answer.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// The file's name without its ending, and which exchange of the file it is, from 1.
    pub name: String,
    /// The body of the request, if it was JSON.
    pub request: Option<Value>,
    /// The status of the answer.
    pub status: u16,
    /// The content type of the answer, without parameters.
    pub content_type: String,
    /// The body of the answer.
    pub body: Vec<u8>,
    /// Whether the body ended as it should, as far as curl could tell.
    pub whole: bool,
}

impl Exchange {
    /// Whether the answer is a stream of events.
    pub fn is_stream(&self) -> bool {
        self.status == 200 && self.content_type == "text/event-stream"
    }

    /// The kind of request, such as `threads.create`; empty if it is not one of ChatKit's.
    pub fn kind(&self) -> &str {
        self.request.as_ref().and_then(|request| request["type"].as_str()).unwrap_or_default()
    }

    /// The operation that makes this request, if it is one of ours.
    pub fn operation(&self) -> Option<Operation> {
        operation(self.request.as_ref()?)
    }
}

/// All exchanges of the ChatKit adapter, in the order of their files.
pub fn chatkit() -> Vec<Exchange> {
    all(CHATKIT)
}

/// All exchanges of the adapter for OpenAI's protocols, in the order of their files.
pub fn openai() -> Vec<Exchange> {
    all(OPENAI)
}

/// All exchanges of the adapter for backends that people wrote for themselves, in the order of their files.
pub fn custom() -> Vec<Exchange> {
    all(CUSTOM)
}

/// The messages that answered one over a WebSocket, as a server sent them, which were written down in a file of the same
/// folder.
pub fn custom_messages(name: &str) -> Vec<String> {
    let text = fs::read_to_string(Path::new(CUSTOM).join(name).with_extension("txt")).unwrap();
    text.lines().filter_map(|line| line.strip_prefix("< ").map(str::to_owned)).collect()
}

fn all(folder: &str) -> Vec<Exchange> {
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|ending| ending == "txt"));
    files.sort();
    files.iter().flat_map(|file| exchanges(file)).collect()
}

/// The exchanges of one file.
///
/// # Panics
/// If it is no trace.
pub fn exchanges(file: &Path) -> Vec<Exchange> {
    let name = file.file_stem().unwrap().to_string_lossy();
    let text = fs::read_to_string(file).unwrap();
    let text = format!("\n{text}");
    let blocks = text.split("\n$ curl ").skip(1).enumerate();
    blocks.map(|(at, block)| exchange(format!("{name} #{}", at + 1), block)).collect()
}

fn exchange(name: String, block: &str) -> Exchange {
    let (command, answer) = block.split_once('\n').unwrap();
    let words = words(command);
    let sent = words.iter().position(|word| word == "--data-binary").map(|at| &words[at + 1]);
    let (status, content_type, body) = head(answer);
    let (body, whole) = body_and_end(body);
    Exchange {
        name,
        request: sent.and_then(|sent| serde_json::from_str(sent).ok()),
        status,
        content_type,
        body: body.into(),
        whole,
    }
}

/// A command's words, as a shell reads them as far as these commands need it.
fn words(command: &str) -> Vec<String> {
    let (mut words, mut word, mut quoted) = (Vec::new(), String::new(), false);
    let mut chars = command.chars();
    while let Some(char) = chars.next() {
        match char {
            '\'' => quoted = !quoted,
            '\\' if !quoted => word.extend(chars.next()),
            ' ' if !quoted => words.push(std::mem::take(&mut word)),
            _ => word.push(char),
        }
    }
    words.push(word);
    words
}

/// Status, content type, and what comes after the head. One file has no head, only what curl said of the answer.
fn head(answer: &str) -> (u16, String, &str) {
    let Some(at) = answer.find("HTTP/1.1 ") else {
        let at = answer.find("data: ").expect("a stream");
        return (200, "text/event-stream".to_owned(), &answer[at..]);
    };
    let (head, body) = answer[at..].split_once("\r\n\r\n").expect("a head");
    let status = head["HTTP/1.1 ".len()..].split(' ').next().unwrap().parse().unwrap();
    let content_type = head.lines().find_map(|line| line.strip_prefix("content-type: ")).unwrap_or_default();
    (status, content_type.split(';').next().unwrap().to_owned(), body)
}

/// The body, and whether it is whole. What curl complains of stands between the body and its exit code.
fn body_and_end(text: &str) -> (&str, bool) {
    let Some((body, exit)) = text.split_once("\n[curl exit ") else {
        // The one file without a head has a remark at its end.
        return (text.rsplit_once("\n\n(").map_or(text, |(body, _)| body), false);
    };
    let whole = exit.starts_with("0]");
    let complaint = body.find("curl: (").filter(|_| !whole);
    (complaint.map_or(body, |at| &body[..at]), whole)
}

/// The operation that a request was made for.
pub fn operation(request: &Value) -> Option<Operation> {
    let params = &request["params"];
    let text = |key: &str| params[key].as_str().map(str::to_owned);
    let thread = || text("thread_id").map(RemoteThreadId::new);
    // Servers take nothing and nought for twenty.
    let limit = params["limit"].as_u64().filter(|&limit| limit > 0).unwrap_or(20).try_into().unwrap();
    Some(match request["type"].as_str()? {
        "threads.create" => Operation::CreateThread { input: input(&params["input"])? },
        "threads.add_user_message" => Operation::AddUserMessage { thread: thread()?, input: input(&params["input"])? },
        "threads.retry_after_item" => {
            Operation::RetryAfterItem { thread: thread()?, item: ItemId::new(text("item_id")?) }
        }
        "threads.add_client_tool_output" => {
            Operation::AddToolOutput { thread: thread()?, result: params["result"].clone() }
        }
        "threads.add_structured_input" => Operation::AddStructuredInput {
            thread: thread()?,
            item: ItemId::new(text("item_id")?),
            answer: StructuredAnswer {
                skipped: params["input"]["status"] == "skipped",
                answers: serde_json::from_value(params["input"]["answers"].clone()).ok()?,
            },
        },
        "threads.custom_action" => Operation::CustomAction {
            thread: thread()?,
            item: text("item_id").map(ItemId::new),
            action: action(params)?,
        },
        "threads.sync_custom_action" => Operation::SyncCustomAction {
            thread: thread()?,
            item: text("item_id").map(ItemId::new),
            action: action(params)?,
        },
        "threads.get_by_id" => Operation::GetThread { thread: thread()? },
        "threads.list" => Operation::ListThreads { after: text("after"), limit },
        "items.list" => {
            let order = if params["order"] == "asc" { Order::Ascending } else { Order::Descending };
            Operation::ListItems { thread: thread()?, after: text("after"), limit, order }
        }
        "threads.update" => Operation::RenameThread { thread: thread()?, title: text("title")? },
        "threads.delete" => Operation::DeleteThread { thread: thread()? },
        "items.feedback" => Operation::Feedback {
            thread: thread()?,
            items: params["item_ids"].as_array()?.iter().filter_map(Value::as_str).map(ItemId::from).collect(),
            kind: if params["kind"] == "positive" { FeedbackKind::Positive } else { FeedbackKind::Negative },
        },
        _ => return None,
    })
}

fn action(params: &Value) -> Option<CustomAction> {
    let action = &params["action"];
    Some(CustomAction { kind: action["type"].as_str()?.to_owned(), payload: action.get("payload").cloned() })
}

fn input(input: &Value) -> Option<UserInput> {
    let options = &input["inference_options"];
    let owned = |value: &Value| value.as_str().map(str::to_owned);
    Some(UserInput {
        content: input["content"].as_array()?.iter().map(content).collect::<Option<_>>()?,
        attachments: input["attachments"].as_array().into_iter().flatten().map(attachment).collect::<Option<_>>()?,
        quoted_text: owned(&input["quoted_text"]),
        inference_options: InferenceOptions {
            model: owned(&options["model"]),
            tool: owned(&options["tool_choice"]["id"]),
        },
    })
}

fn content(part: &Value) -> Option<UserContent> {
    let text = part["text"].as_str()?.to_owned();
    if part["type"] == "input_text" {
        return Some(UserContent::Text { text });
    }
    let mut fields = part.as_object()?.clone();
    for key in ["type", "id", "text"] {
        fields.remove(key);
    }
    Some(UserContent::Tag { id: part["id"].as_str()?.to_owned(), text, fields })
}

fn attachment(id: &Value) -> Option<Attachment> {
    let id = id.as_str()?.to_owned();
    Some(Attachment { name: id.clone(), id, extra: Map::new() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_cut_as_a_shell_cuts_them() {
        assert_eq!(words(r"a 'b c'\''d' -H ''"), ["a", "b c'd", "-H", ""]);
    }

    #[test]
    fn a_body_ends_where_curl_begins_to_speak() {
        assert_eq!(body_and_end("data: 1\n\n\n[curl exit 0]\n"), ("data: 1\n\n", true));
        assert_eq!(body_and_end("data: 1\n\ncurl: (18) x\n\n[curl exit 18]\n"), ("data: 1\n\n", false));
    }
}

//! What has to stand in a conversation before a recorded request can be made of it.

use std::collections::HashMap;

use acceptance::traces::Exchange;
use model::{CustomAction, ItemId, Operation, StructuredAnswer};
use serde_json::{Value, json};

/// Which request the engine is brought to make.
pub enum Deed {
    /// A message, in a new conversation or one that is there.
    Says { text: String, begins: bool },
    /// The last message is answered again.
    TriesAgain,
    /// The call at the end is declined.
    Declines(ItemId),
    /// The questions at the end are answered.
    Answers(ItemId, StructuredAnswer),
    /// A button is pressed.
    Presses { item: ItemId, action: CustomAction, streaming: bool },
    /// The conversation is opened, and its items are asked for.
    Opens,
}

/// A conversation, and what is done in it.
pub struct Scene {
    /// What its server calls it.
    pub thread: String,
    /// What stands in it, as servers write items.
    pub before: Vec<Value>,
    /// What is done.
    pub deed: Deed,
}

/// The items that were recorded anywhere, by their ids, with the exchange in which they came.
pub struct Known(HashMap<String, Vec<(usize, Value)>>);

impl Known {
    pub fn of(exchanges: &[Exchange]) -> Self {
        let mut known: HashMap<String, Vec<(usize, Value)>> = HashMap::new();
        for (place, exchange) in exchanges.iter().enumerate().filter(|(_, one)| one.is_stream()) {
            let body = String::from_utf8_lossy(&exchange.body);
            let data = body.lines().filter_map(|line| line.trim_end().strip_prefix("data:"));
            for event in data.filter_map(|data| serde_json::from_str::<Value>(data.trim()).ok()) {
                if let Some(id) = event["item"]["id"].as_str().filter(|_| event["type"] == "thread.item.done") {
                    known.entry(id.to_owned()).or_default().push((place, event["item"].clone()));
                }
            }
        }
        Self(known)
    }

    /// An item as it first came.
    fn first(&self, id: &str) -> Option<Value> {
        Some(self.0.get(id)?.first()?.1.clone())
    }

    /// The call that came last in a conversation before an exchange.
    fn call(&self, thread: &str, before: usize) -> Option<Value> {
        let all = self.0.values().flatten().filter(|(place, item)| {
            *place < before && item["thread_id"] == thread && item["type"] == "client_tool_call"
        });
        all.max_by_key(|(place, _)| *place).map(|(_, item)| item.clone())
    }
}

impl Scene {
    /// What is needed for an exchange; nothing if it shows nothing in a conversation.
    pub fn of(exchange: &Exchange, place: usize, known: &Known) -> Option<Self> {
        let request = exchange.request.as_ref()?;
        let params = &request["params"];
        let thread = params["thread_id"].as_str().unwrap_or("thr_new").to_owned();
        let item = params["item_id"].as_str().unwrap_or("msg_widget").to_owned();
        let (before, deed) = match exchange.kind() {
            "threads.create" => (Vec::new(), Deed::Says { text: said(params), begins: true }),
            "threads.add_user_message" => {
                (talk("msg_before", &thread), Deed::Says { text: said(params), begins: false })
            }
            "threads.retry_after_item" => (talk(&item, &thread), Deed::TriesAgain),
            "threads.add_client_tool_output" => {
                let call = known.call(&thread, place).unwrap_or_else(|| call(&thread));
                let id = ItemId::new(call["id"].as_str().unwrap().to_owned());
                (with(&thread, call), Deed::Declines(id))
            }
            "threads.add_structured_input" => {
                // Who skips all of it may leave the answers out.
                let answers = serde_json::from_value(params["input"]["answers"].clone()).unwrap_or_default();
                let answer = StructuredAnswer { skipped: params["input"]["status"] == "skipped", answers };
                let questions = known.first(&item).unwrap_or_else(|| panic!("{}: no questions {item}", exchange.name));
                (with(&thread, questions), Deed::Answers(ItemId::new(item), answer))
            }
            kind @ ("threads.custom_action" | "threads.sync_custom_action") => {
                let (Some(Operation::CustomAction { action, .. }) | Some(Operation::SyncCustomAction { action, .. })) =
                    exchange.operation()
                else {
                    panic!("{}", exchange.name)
                };
                let sender = known.first(&item).unwrap_or_else(|| widget(&item, &thread));
                let streaming = kind == "threads.custom_action";
                (with(&thread, sender), Deed::Presses { item: ItemId::new(item), action, streaming })
            }
            "items.list" if exchange.status == 200 => (Vec::new(), Deed::Opens),
            _ => return None,
        };
        Some(Self { thread, before, deed })
    }

    /// The events of the turn that brought what stands there.
    pub fn opening(&self) -> Vec<Value> {
        let created = json!({"type": "thread.created", "thread": thread(&self.thread)});
        let items = self.before.iter().map(|item| json!({"type": "thread.item.done", "item": item}));
        [created].into_iter().chain(items).collect()
    }

    /// The conversation as its server lists it.
    pub fn listed(&self) -> Value {
        thread(&self.thread)
    }
}

fn thread(id: &str) -> Value {
    let items = json!({"data": [], "has_more": false});
    let (created_at, status) = ("2026-11-21T07:05:40.000000", json!({"type": "active"}));
    json!({"id": id, "created_at": created_at, "status": status, "metadata": {}, "items": items})
}

fn said(params: &Value) -> String {
    let parts = params["input"]["content"].as_array().into_iter().flatten();
    let text: String = parts.filter_map(|part| part["text"].as_str()).collect();
    if text.trim().is_empty() { "Hello".to_owned() } else { text }
}

fn item(kind: &str, id: &str, thread: &str, more: Value) -> Value {
    let mut item = json!({"type": kind, "id": id, "thread_id": thread, "created_at": "2026-11-21T07:05:40.000000"});
    item.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    item
}

fn message(id: &str, thread: &str) -> Value {
    let content = json!([{"type": "input_text", "text": "Before that"}]);
    item("user_message", id, thread, json!({"content": content, "attachments": [], "inference_options": {}}))
}

/// A message with this id, and an answer.
fn talk(id: &str, thread: &str) -> Vec<Value> {
    let content = json!([{"type": "output_text", "text": "An earlier answer.", "annotations": []}]);
    vec![message(id, thread), item("assistant_message", "msg_earlier", thread, json!({"content": content}))]
}

/// A message, and an item that answered it. Where that item is a message itself, it is all there is.
fn with(thread: &str, answer: Value) -> Vec<Value> {
    if answer["type"] == "user_message" { vec![answer] } else { vec![message("msg_before", thread), answer] }
}

fn widget(id: &str, thread: &str) -> Value {
    let button = json!({"type": "Button", "label": "Press", "onClickAction": {"type": "press"}});
    item("widget", id, thread, json!({"widget": {"type": "Card", "children": [button]}}))
}

fn call(thread: &str) -> Value {
    let more = json!({"status": "pending", "call_id": "call_1", "name": "get_selection", "arguments": {}});
    item("client_tool_call", "tc_1", thread, more)
}

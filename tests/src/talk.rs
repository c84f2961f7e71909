//! What speaks to `tests/peers/ws_server.py`: one WebSocket for each conversation, and JSON messages.

use adapters::{
    Adapter, Answered, Mapper, MappingError, Method, RequestError, RequestSpec, Trial,
    form::{Described, Field, Values, Wrong},
};
use model::{
    Connection, Extra, Item, ItemBody, ItemId, ItemUpdate, Kind, Operation, Reply, TextPart, ThreadEvent, ThreadId,
    UserMessage,
};
use serde_json::{Value, json};

/// Speaks to such a server.
pub struct Talk;

/// Every server is such a one.
pub fn talk(_: Kind) -> &'static dyn Adapter {
    &Talk
}

impl Adapter for Talk {
    fn kind(&self) -> Kind {
        Kind::Chatkit
    }

    fn fields(&self) -> &'static [Field] {
        adapters::adapter(Kind::Chatkit).fields()
    }

    fn describe(&self, values: &Values, has_token: bool) -> Result<Described, Wrong> {
        adapters::adapter(Kind::Chatkit).describe(values, has_token)
    }

    fn values(&self, connection: &Connection) -> Values {
        adapters::adapter(Kind::Chatkit).values(connection)
    }

    fn request(&self, connection: &Connection, operation: &Operation, _: &str) -> Result<RequestSpec, RequestError> {
        let (path, body, answered) = match operation {
            Operation::ListModels => ("health".to_owned(), Vec::new(), Answered::Whole),
            Operation::Answer { thread, items, .. } => {
                let text = items.last().and_then(|last| last.body.plain_text()).unwrap_or_default();
                let body = json!({"type": "message", "text": text}).to_string();
                (format!("ws/chat/{thread}"), body.into_bytes(), Answered::Socket)
            }
            _ => return Err(RequestError::Unsupported { operation: "do that" }),
        };
        let url = format!("{}/{path}", connection.url.trim_end_matches('/')).parse().unwrap();
        Ok(RequestSpec { method: Method::Get, url, headers: Vec::new(), body, answered })
    }

    fn mapper(&self) -> Box<dyn Mapper + Send> {
        Box::new(Talking { text: None, is_over: false })
    }

    fn reply(&self, _: &Operation, _: &[u8]) -> Result<Reply, MappingError> {
        Ok(Reply::Models(Vec::new()))
    }

    fn keeps_threads(&self) -> bool {
        false
    }

    fn trials(&self) -> Vec<Trial> {
        let body = ItemBody::UserMessage(UserMessage::text("tokens"));
        let hello = Item { id: "hello".into(), created_at: None, body, extra: Extra::new() };
        let operation = Operation::Answer {
            thread: ThreadId::new("hello"),
            items: vec![hello],
            options: model::AnswerOptions::default(),
        };
        vec![
            Trial::Asks { what: "whether the server is well", operation: Operation::ListModels },
            Trial::Greets { operation },
        ]
    }
}

/// An answer as it grows.
struct Talking {
    text: Option<String>,
    is_over: bool,
}

impl Talking {
    fn item(text: &str) -> Item {
        let content = vec![TextPart { text: text.to_owned(), annotations: Vec::new() }];
        Item { id: Self::id(), created_at: None, body: ItemBody::AssistantMessage { content }, extra: Extra::new() }
    }

    fn id() -> ItemId {
        "answer".into()
    }
}

impl Mapper for Talking {
    fn on_frame(&mut self, _: &str, data: &str) -> Vec<ThreadEvent> {
        let message: Value = serde_json::from_str(data).unwrap_or_default();
        let text = message["text"].as_str().unwrap_or_default();
        match message["type"].as_str() {
            Some("response") => {
                self.is_over = true;
                vec![ThreadEvent::ItemDone(Self::item(text))]
            }
            Some("token") => {
                let begins = self.text.is_none();
                self.text.get_or_insert_default().push_str(text);
                let update = ItemUpdate::TextDelta { index: 0, delta: text.to_owned() };
                let grows = ThreadEvent::ItemUpdated { id: Self::id(), update };
                if begins { vec![ThreadEvent::ItemAdded(Self::item("")), grows] } else { vec![grows] }
            }
            Some("done") => {
                self.is_over = true;
                vec![ThreadEvent::ItemDone(Self::item(self.text.as_deref().unwrap_or_default()))]
            }
            _ => vec![ThreadEvent::Unknown { name: data.to_owned() }],
        }
    }

    fn is_over(&self) -> bool {
        self.is_over
    }
}

//! Data folders with something in them.

use acceptance::{desktop::Home, gated};
use engine::{Engine, EngineConfig, view::ConnectionDraft};
use history::{Change, History};
use model::{
    ConnectionId, Item, ItemBody, ItemId, ItemStage, RemoteThreadId, StoredItem, TextPart, Thread, ThreadId,
    ThreadStatus, UserMessage,
};
use serde_json::Value;

use crate::{Error, window::text};

/// How many items are written in one transaction.
const AT_ONCE: usize = 1000;

/// A thread to be put into a data folder.
#[derive(Debug, Clone, Copy)]
pub struct Kept {
    /// Its number among the threads; larger ones are newer.
    pub number: usize,
    /// How many items it holds, questions and answers in turn.
    pub items: usize,
    /// About how long an answer is, in bytes.
    pub answer: usize,
}

impl Kept {
    /// The server's name of it.
    pub fn remote(self) -> String {
        format!("thr_{}", self.number)
    }

    /// The name of one of its items.
    pub fn id(self, place: usize) -> String {
        format!("msg_{}_{place}", self.number)
    }

    fn item(self, place: usize) -> Item {
        let body = if place.is_multiple_of(2) {
            ItemBody::UserMessage(UserMessage::text(text::question(place)))
        } else {
            ItemBody::AssistantMessage { content: vec![TextPart { text: self.answer(place), ..TextPart::default() }] }
        };
        Item { id: ItemId::new(self.id(place)), created_at: None, body, extra: serde_json::Map::new() }
    }

    /// Answers are of different lengths: from a third of the usual to three times of it.
    fn answer(self, place: usize) -> String {
        let length = [3, 1, 2, 9, 3, 4, 1, 3][place / 2 % 8];
        text::answer(place, self.answer * length / 3)
    }

    /// Its newest items, as its server lists them.
    pub fn newest(self, count: usize) -> Vec<Value> {
        let places = self.items.saturating_sub(count)..self.items;
        let item = |place: usize| {
            let id = self.id(place);
            let item = if place.is_multiple_of(2) {
                gated::user_message(&id, &text::question(place))
            } else {
                gated::assistant_message(&id, &self.answer(place))
            };
            in_thread(item, &self.remote())
        };
        places.map(item).collect()
    }
}

/// An item of a server's thread.
pub fn in_thread(mut item: Value, thread: &str) -> Value {
    item["thread_id"] = thread.into();
    item
}

/// Puts a connection into a data folder, and threads that are held with it.
///
/// # Errors
///
/// Those of the folder.
pub async fn prepare(home: &Home, url: &str, threads: &[Kept]) -> Result<(), Error> {
    let engine = Engine::open(EngineConfig::new(home.data())).await.map_err(|failure| failure.message)?;
    let draft = ConnectionDraft::server("Office", url);
    let connection = engine.add_connection(draft).await.map_err(|failure| failure.message)?.id;
    engine.close().await;
    drop(engine);
    let mut history = History::open(&home.data().join("history.sqlite"))?.history;
    threads.iter().try_for_each(|thread| put(&mut history, &connection, *thread))
}

fn put(history: &mut History, connection: &ConnectionId, kept: Kept) -> Result<(), Error> {
    #[allow(clippy::cast_possible_wrap, reason = "threads are counted in tens")]
    let at = 1_790_000_000_000 + kept.number as i64 * 60_000;
    let thread = Thread {
        id: ThreadId::new(format!("thread-{}", kept.number)),
        connection: connection.clone(),
        remote: Some(RemoteThreadId::new(kept.remote())),
        title: Some(format!("Conversation {}", kept.number)),
        status: ThreadStatus::Active,
        created_at: at,
        updated_at: at,
    };
    history.put_thread(&thread)?;
    let places: Vec<usize> = (0..kept.items).collect();
    for places in places.chunks(AT_ONCE) {
        let change = |place: &usize| {
            #[allow(clippy::cast_possible_wrap, reason = "items are counted in thousands")]
            let rank = *place as i64 * 1000;
            Change::PutItem { rank, item: StoredItem { item: kept.item(*place), stage: ItemStage::Done } }
        };
        history.apply(&thread.id, places.iter().map(change).collect::<Vec<_>>())?;
    }
    Ok(())
}

//! What is recorded, and how much of it.

use std::{collections::VecDeque, time::Duration};

use super::{frames::Frame, label::Label, text::Header};
use crate::view::{ExchangeEnd, ExchangeView, WireText};

/// The most frames of one exchange that are kept.
const FRAMES: usize = 10_000;
/// The most of one exchange, in bytes.
const EXCHANGE: usize = 8 << 20;
/// The most exchanges of one conversation, or of what belongs to none.
const OF_ONE: usize = 200;
/// The most of one conversation, in bytes.
const BYTES_OF_ONE: usize = 16 << 20;
/// The most exchanges in all.
const ALL: usize = 500;
/// The most in all, in bytes.
const BYTES: usize = 32 << 20;

/// Everything that is recorded, oldest first.
pub struct Book {
    last: u64,
    /// From 1 on: 0 is before everything.
    revision: u64,
    exchanges: VecDeque<Exchange>,
    dropped: u64,
}

impl Default for Book {
    fn default() -> Self {
        Self { last: 0, revision: 1, exchanges: VecDeque::new(), dropped: 0 }
    }
}

/// One request and what became of it.
pub struct Exchange {
    pub id: u64,
    /// The revision in which it last changed.
    pub revision: u64,
    pub label: Label,
    /// Milliseconds since 1970 UTC.
    pub at: i64,
    pub method: &'static str,
    pub address: String,
    pub headers: Vec<Header>,
    pub request: WireText,
    pub status: Option<u16>,
    pub answer_headers: Vec<Header>,
    pub head: Option<Duration>,
    pub frames: Vec<Frame>,
    /// How many frames were not kept.
    pub left_out: u64,
    pub received: u64,
    pub took: Option<Duration>,
    pub end: ExchangeEnd,
    /// About how much room it takes, in bytes.
    pub room: usize,
}

impl Book {
    /// The number of the last change.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// How many exchanges were let go.
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    /// What is there, oldest first.
    pub fn exchanges(&self) -> impl DoubleEndedIterator<Item = &Exchange> {
        self.exchanges.iter()
    }

    /// One of them.
    pub fn exchange(&self, id: u64) -> Option<&Exchange> {
        let at = self.exchanges.binary_search_by_key(&id, |exchange| exchange.id).ok()?;
        self.exchanges.get(at)
    }

    /// A request begins. Answers its number.
    pub fn begin(&mut self, exchange: Exchange) -> u64 {
        self.last += 1;
        self.revision += 1;
        self.exchanges.push_back(Exchange { id: self.last, revision: self.revision, ..exchange });
        self.make_room();
        self.last
    }

    /// Something happens to one, if it is still here.
    pub fn change(&mut self, id: u64, change: impl FnOnce(&mut Exchange)) {
        let Ok(at) = self.exchanges.binary_search_by_key(&id, |exchange| exchange.id) else { return };
        if let Some(exchange) = self.exchanges.get_mut(at) {
            self.revision += 1;
            exchange.revision = self.revision;
            change(exchange);
        }
    }

    /// Another frame of one. Beyond the bounds it is only counted.
    pub fn frame(&mut self, id: u64, frame: Frame) {
        let revision = self.revision + 1;
        self.change(id, |exchange| {
            let room = frame.room();
            exchange.received += frame.received();
            if exchange.frames.len() >= FRAMES || exchange.room + room > EXCHANGE {
                exchange.left_out += 1;
            } else {
                exchange.room += room;
                exchange.frames.push(Frame { revision, ..frame });
            }
        });
        self.make_room();
    }

    /// Forgets all that is recorded. What is under way is forgotten, too.
    pub fn clear(&mut self) {
        self.exchanges.clear();
        self.dropped = 0;
        self.revision += 1;
    }

    /// Lets the oldest go until all bounds hold. The newest always stays: it is bounded by itself.
    fn make_room(&mut self) {
        let Some(newest) = self.exchanges.back() else { return };
        let own = newest.label.thread.clone();
        let (mut count, mut bytes) = self.sizes(|exchange| exchange.label.thread == own);
        while self.exchanges.len() > 1 && (count > OF_ONE || bytes > BYTES_OF_ONE) {
            let Some(at) = self.exchanges.iter().position(|exchange| exchange.label.thread == own) else { break };
            if at + 1 == self.exchanges.len() {
                break;
            }
            bytes -= self.exchanges.remove(at).map_or(0, |gone| gone.room);
            count -= 1;
            self.dropped += 1;
        }
        let (_, mut bytes) = self.sizes(|_| true);
        while self.exchanges.len() > 1 && (self.exchanges.len() > ALL || bytes > BYTES) {
            bytes -= self.exchanges.pop_front().map_or(0, |gone| gone.room);
            self.dropped += 1;
        }
    }

    fn sizes(&self, of: impl Fn(&Exchange) -> bool) -> (usize, usize) {
        let rooms = self.exchanges.iter().filter(|exchange| of(exchange)).map(|exchange| exchange.room);
        rooms.fold((0, 0), |(count, bytes), room| (count + 1, bytes + room))
    }
}

impl Exchange {
    /// As it is listed.
    pub fn view(&self) -> ExchangeView {
        ExchangeView {
            id: self.id,
            connection: self.label.connection.name.clone(),
            apart: self.label.thread.is_none() && self.label.remote.is_none(),
            at: self.at,
            method: self.method.to_owned(),
            operation: self.label.operation().to_owned(),
            address: self.address.clone(),
            status: self.status,
            head: self.head.map(micros),
            took: self.took.map(micros),
            sent: self.request.text.len() as u64 + self.request.left_out,
            received: self.received,
            frames: self.frames.len() as u64 + self.left_out,
            left_out: self.left_out,
            marked: self.frames.iter().filter(|frame| !frame.marks.is_empty()).count() as u64,
            end: self.end.clone(),
        }
    }
}

/// A time in microseconds.
pub fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

//! How a turn goes is written down while it goes: when what came, who answered, and what came to nothing before.

use std::{
    future::Future,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use model::{
    Attempt, AttemptReason, ConnectionId, Extra, ItemBody, ItemId, ItemUpdate, Operation, ThreadEvent, TurnEnd,
    TurnRecord, TurnTimes, Usage,
};
use tokio::time::Instant;

use super::{Turn, slow::Pace};
use crate::{
    acting,
    backend::{Backend, TurnStream, Unopened},
    engine::Engine,
    view::TurnOutcome,
};

/// Writes down how one turn goes, by the clock.
#[derive(Debug)]
pub struct Recorder {
    /// In milliseconds since 1970 UTC.
    began_at: i64,
    began: Instant,
    noted: Mutex<Noted>,
}

impl Recorder {
    /// The turn begins now, which is this time in milliseconds since 1970 UTC.
    pub fn new(began_at: i64) -> Self {
        Self { began_at, began: Instant::now(), noted: Mutex::default() }
    }

    /// Something on the way brought no answer, and the turn goes on otherwise: with another try, or another connection.
    pub fn attempt(&self, connection: &ConnectionId, reason: impl Into<AttemptReason>) {
        self.note(|noted, at| noted.attempt(at, connection, reason.into()));
    }

    /// Waits for a session, and notes how long that took.
    pub async fn session<T>(&self, session: impl Future<Output = T>) -> T {
        let before = self.began.elapsed();
        let session = session.await;
        self.note(|noted, at| noted.session += at.saturating_sub(before));
        session
    }

    /// What the stream brought.
    pub fn heard(&self, events: &[ThreadEvent]) {
        self.note(|noted, at| noted.heard(at, events));
    }

    /// Whether the answer to the last request has brought text.
    pub(super) fn has_words(&self) -> bool {
        self.note(|noted, _| noted.answer.first_text.is_some())
    }

    /// How the answer to the last request comes; nothing before one was sent. `resumed` is when the turn went on after it was
    /// held back, since it began.
    pub(super) fn pace(&self, resumed: Duration) -> Option<Pace> {
        self.note(|noted, at| noted.pace(at, resumed, self.began_at))
    }

    /// How long the turn has lasted.
    pub(super) fn lasts(&self) -> Duration {
        self.began.elapsed()
    }

    /// How the turn went, now that it is over. `connection` is the one that was to be asked first.
    fn ended(&self, connection: &ConnectionId, outcome: &TurnOutcome) -> TurnRecord {
        self.note(|noted, at| noted.record(at, self.began_at, connection, outcome))
    }

    fn note<T>(&self, note: impl FnOnce(&mut Noted, Duration) -> T) -> T {
        let at = self.began.elapsed();
        note(&mut self.noted.lock().unwrap_or_else(PoisonError::into_inner), at)
    }
}

impl Turn {
    /// Sends the request, and notes when its answer begins.
    pub(super) async fn asked(&self, backend: &Backend, operation: &Operation) -> Result<TurnStream, Unopened> {
        let (connection, model) = (&backend.connection().id, backend.model_asked(operation));
        self.record.note(|noted, at| noted.asks(at, connection, model));
        let answer = backend.stream(operation).await;
        if answer.is_ok() {
            self.record.note(|noted, at| noted.answer.first_byte = Some(at));
        }
        answer
    }

    /// Keeps how the turn went, with what it brought. Answers the item that shows it.
    pub(super) fn keep_record(
        &self,
        engine: &Engine,
        connection: &ConnectionId,
        outcome: &TurnOutcome,
    ) -> Option<ItemId> {
        if acting::goes_on(&self.operation) && self.live.with(|inner| inner.shows_last_turn()) {
            // How the answer came that is shown there says more than how a press in it was answered.
            return None;
        }
        let mut record = self.record.ended(connection, outcome);
        let name = |id: &ConnectionId| match engine.connection(id) {
            Ok(connection) => connection.name,
            Err(_) => engine.route(id).map(|route| route.name).unwrap_or_default(),
        };
        record.name = name(&record.connection);
        for attempt in &mut record.way {
            attempt.name = name(&attempt.connection);
        }
        self.live.with(|inner| inner.put_turn(record))
    }
}

/// What is noted of a turn. All times are since it began.
#[derive(Debug, Default)]
struct Noted {
    /// How long sessions were waited for, together.
    session: Duration,
    way: Vec<Attempt>,
    /// When the last entry of the way was over.
    since: Duration,
    /// The connection that was asked last.
    connection: Option<ConnectionId>,
    model_asked: Option<String>,
    answer: Answer,
}

/// What is noted of the answer to the last request.
#[derive(Debug, Default)]
struct Answer {
    asked: Duration,
    first_byte: Option<Duration>,
    first_text: Option<Duration>,
    last_text: Option<Duration>,
    pieces: u32,
    model: Option<String>,
    usage: Option<Usage>,
}

impl Noted {
    fn attempt(&mut self, at: Duration, connection: &ConnectionId, reason: AttemptReason) {
        let took_ms = ms(at.saturating_sub(self.since));
        self.since = at;
        self.way.push(Attempt { connection: connection.clone(), name: String::new(), reason, took_ms });
    }

    fn asks(&mut self, at: Duration, connection: &ConnectionId, model: Option<String>) {
        self.connection = Some(connection.clone());
        self.model_asked = model;
        self.answer = Answer { asked: at, ..Answer::default() };
    }

    fn heard(&mut self, at: Duration, events: &[ThreadEvent]) {
        for event in events {
            if let ThreadEvent::Answered { model, usage } = event {
                self.answer.model = model.clone().or(self.answer.model.take());
                self.answer.usage = usage.or(self.answer.usage);
            } else if is_piece(event, self.answer.pieces) {
                self.answer.first_text.get_or_insert(at);
                self.answer.last_text = Some(at);
                self.answer.pieces = self.answer.pieces.saturating_add(1);
            }
        }
    }

    fn pace(&self, at: Duration, resumed: Duration, began_at: i64) -> Option<Pace> {
        let asked = self.answer.asked.max(resumed);
        Some(Pace {
            connection: self.connection.clone()?,
            since: began_at.saturating_add(ms(asked).into()),
            waited: at.saturating_sub(asked),
            comes: self.answer.first_text.map(|first| at.saturating_sub(first)),
            pieces: self.answer.pieces,
        })
    }

    fn record(&self, at: Duration, began_at: i64, first: &ConnectionId, outcome: &TurnOutcome) -> TurnRecord {
        let Answer { asked, first_byte, first_text, last_text, pieces, model, usage } = &self.answer;
        let since_asked = |time: &Option<Duration>| time.map(|time| ms(time.saturating_sub(*asked)));
        let (end, failure) = match outcome {
            TurnOutcome::Done => (TurnEnd::Done, None),
            TurnOutcome::Stopped => (TurnEnd::Stopped, None),
            TurnOutcome::Interrupted { failure, .. } => (TurnEnd::Interrupted, Some(failure)),
            TurnOutcome::Failed { failure, .. } => (TurnEnd::Failed, Some(failure)),
        };
        TurnRecord {
            connection: self.connection.as_ref().unwrap_or(first).clone(),
            name: String::new(),
            began_at,
            end,
            failure: failure.map(|failure| failure.code.to_string()),
            model_asked: self.model_asked.clone(),
            model_used: model.clone(),
            times: TurnTimes {
                session_ms: (self.connection.is_some() || !self.session.is_zero()).then(|| ms(self.session)),
                first_byte_ms: since_asked(first_byte),
                first_text_ms: since_asked(first_text),
                last_text_ms: since_asked(last_text),
                whole_ms: ms(at),
            },
            pieces: *pieces,
            characters: 0,
            usage: *usage,
            way: self.way.clone(),
            extra: Extra::new(),
        }
    }
}

/// Whether an event brings a piece of the answer's text, of which so many came before. What only says once more what came
/// in pieces is none.
pub(crate) fn is_piece(event: &ThreadEvent, pieces: u32) -> bool {
    match event {
        ThreadEvent::ItemUpdated { update: ItemUpdate::TextDelta { delta, .. }, .. } => !delta.is_empty(),
        ThreadEvent::ItemUpdated { update: ItemUpdate::PartAdded { part, .. }, .. } => !part.text.is_empty(),
        ThreadEvent::ItemUpdated { update: ItemUpdate::PartDone { part, .. }, .. } => {
            pieces == 0 && !part.text.is_empty()
        }
        ThreadEvent::ItemAdded(item) | ThreadEvent::ItemDone(item) | ThreadEvent::ItemReplaced(item) => {
            let is_answer = matches!(item.body, ItemBody::AssistantMessage { .. });
            pieces == 0 && is_answer && item.body.plain_text().is_some_and(|text| !text.is_empty())
        }
        _ => false,
    }
}

fn ms(time: Duration) -> u32 {
    u32::try_from(time.as_millis()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;

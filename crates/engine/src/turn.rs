//! One turn: a request of the person and all that streams back, with exactly one terminal event.
//!
//! The order at its end is fixed: the connection is closed, what was shown gets its final stage, everything is saved,
//! and only then the turn is over.

mod conversation;
mod fitting;
mod opening;
mod patience;
mod record;
mod routed;
mod slow;

use std::{sync::Arc, time::Instant};

use model::{
    ConnectionId, Failure, FailureCode, Finding, ItemStage, Operation, Patience, ThreadEvent, WhenUnreachable,
};
use serde::Serialize;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use self::routed::Opened;
use crate::{
    acting::{self, Reached},
    attachments::files_of_unsent,
    context::TOO_LONG,
    engine::Engine,
    live::Live,
    local::{self, Arrived, Names},
    view::{HeldView, TurnOutcome, TurnPhase},
};

pub use record::Recorder;
pub(crate) use record::is_piece;

/// The code of an error about a model that the server does not have.
const UNKNOWN_MODEL: &str = "model_not_found";

/// What a host that follows a turn event by event receives.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum TurnEvent {
    /// Something happened.
    Event {
        /// What.
        event: ThreadEvent,
    },
    /// It waits before it begins.
    Held {
        /// What for, and until when.
        held: HeldView,
    },
    /// The turn is over; nothing follows.
    Ended {
        /// How.
        outcome: TurnOutcome,
    },
}

/// A turn that is about to run.
pub struct Turn {
    /// The thread it belongs to.
    pub live: Arc<Live>,
    /// What is asked.
    pub operation: Operation,
    /// The person's stop.
    pub cancel: CancellationToken,
    /// How it is run.
    pub manner: Manner,
    /// Writes down how it goes.
    pub record: Recorder,
}

/// How a turn is run.
pub struct Manner {
    /// Who follows it event by event, if anyone.
    pub follower: Option<mpsc::Sender<TurnEvent>>,
    /// What becomes of it while its server cannot be reached.
    pub unreachable: WhenUnreachable,
    /// For how long it waits in all for a server that wants a pause.
    pub patience: Patience,
    /// Which connection of its route is asked first, if the person said so.
    pub instead: Option<ConnectionId>,
}

/// How the stream came to its end.
enum Ending {
    /// The body ended as it should.
    Clean,
    /// The person stopped it.
    Stopped,
    /// It was still waiting for its server when it was stopped: nothing was sent.
    TakenBack,
    /// There never was a stream, and the request may have arrived all the same.
    Refused(Failure),
    /// Nobody was reached, or it was not sent for another reason: the request certainly never left.
    Unreached(Failure),
    /// It broke.
    Broken(Failure),
}

impl Turn {
    /// Runs the turn. Answers whether the thread's end should be read from the server again.
    pub async fn run(self, engine: &Engine) -> bool {
        let saver = &engine.shared.saver;
        let (connection, thread) = self.live.with(|inner| (inner.thread.connection.clone(), inner.thread.id.clone()));
        let began = Instant::now();
        tracing::info!(%connection, %thread, "a turn begins");
        let route = engine.route(&connection);
        let (name, ending) = self.watched(engine, self.answered(engine, &connection, route.as_ref())).await;
        let taken_back = matches!(ending, Ending::TakenBack);
        let reached = self.reached(&ending);
        let arrived = if matches!(ending, Ending::Unreached(_)) { Arrived::Never } else { Arrived::Perhaps };
        if taken_back {
            engine.files_are_back(&thread, self.live.with(|inner| files_of_unsent(inner)));
        }
        let outcome = self.outcome(&name, ending);
        let outcome = match &route {
            Some(route) => self.over_route(engine, route, outcome, arrived),
            None if self.is_kept_here() => local::told(outcome, arrived),
            None => acting::told(&self.operation, &name, outcome, reached),
        };
        engine.note_model(&self.live, &outcome);
        let record = if taken_back { None } else { self.keep_record(engine, &connection, &outcome) };
        if taken_back {
            let draft = self.live.with(|inner| inner.draft.clone());
            // Where it cannot be kept, the window still has it.
            let _ = engine.save_draft(Some(&thread), draft).await;
        }
        if self.is_kept_here() {
            engine.count(&self.live).await;
        }
        // A failure to save is told by the saver; the turn ends all the same.
        let _ = saver.save(&self.live).await;
        let (how, code) = told(&outcome);
        tracing::info!(%connection, %thread, how, code, ms = began.elapsed().as_millis(), "a turn is over");
        let call = self.live.with(|inner| {
            inner.show_turn(record);
            let call = engine.unasked(inner, &outcome);
            inner.end_turn(outcome.clone());
            call
        });
        let reread = !matches!(outcome, TurnOutcome::Done);
        match call {
            // It goes on by itself, and whoever follows wants to see where to.
            Some(call) => engine.answer_unasked(self.live, call, self.manner),
            None => self.tell(TurnEvent::Ended { outcome }).await,
        }
        reread
    }

    /// How far it came, as far as that is to be told.
    fn reached(&self, ending: &Ending) -> Reached {
        match ending {
            Ending::Unreached(_) => Reached::Nobody,
            Ending::Broken(_) if self.live.with(|inner| inner.turn.phase == TurnPhase::Waiting) => Reached::Nothing,
            _ => Reached::Something,
        }
    }

    /// Whether this machine alone keeps the thread.
    fn is_kept_here(&self) -> bool {
        matches!(self.operation, Operation::Answer { .. })
    }

    async fn stream(&self, engine: &Engine, mut opened: Opened) -> Ending {
        let mut names = self.is_kept_here().then(Names::default);
        loop {
            let events = tokio::select! {
                biased;
                () = self.cancel.cancelled() => return Ending::Stopped,
                events = opened.next() => events,
            };
            match events {
                None => return Ending::Clean,
                Some(Err(failure)) => return Ending::Broken(failure),
                Some(Ok(events)) => {
                    self.record.heard(&events);
                    self.note_leg(&opened, &events);
                    engine.take_effects(&self.live, &events);
                    self.apply(taken(names.as_mut(), events)).await;
                }
            }
        }
    }

    async fn apply(&self, events: Vec<ThreadEvent>) {
        if self.manner.follower.is_some() {
            for event in &events {
                self.tell(TurnEvent::Event { event: event.clone() }).await;
            }
        }
        self.live.with(|inner| {
            inner.streaming();
            if self.record.has_words() {
                inner.words_have_come();
            }
            events.into_iter().for_each(|event| inner.apply(event));
        });
    }

    async fn tell(&self, event: TurnEvent) {
        if let Some(follower) = &self.manner.follower {
            // A follower that went away does not end the turn.
            let _ = follower.send(event).await;
        }
    }

    /// Settles every item, and says how the turn ended.
    fn outcome(&self, name: &str, ending: Ending) -> TurnOutcome {
        self.live.with(|inner| match ending {
            Ending::Stopped => {
                inner.settle(ItemStage::Unsent, ItemStage::Stopped);
                TurnOutcome::Stopped
            }
            Ending::TakenBack => {
                inner.take_back();
                inner.settle(ItemStage::Unsent, ItemStage::Stopped);
                TurnOutcome::Stopped
            }
            Ending::Refused(failure) | Ending::Unreached(failure) => {
                inner.settle(ItemStage::Unsent, ItemStage::Interrupted);
                TurnOutcome::Failed { failure, can_retry: true }
            }
            Ending::Broken(failure) => {
                inner.settle(ItemStage::Unsent, ItemStage::Interrupted);
                broken(failure, inner.state.answered, true)
            }
            Ending::Clean => match inner.state.error.take() {
                Some(error) => {
                    inner.settle(ItemStage::Done, ItemStage::Interrupted);
                    broken(reported(name, &error), inner.state.answered, error.allow_retry)
                }
                None if inner.state.has_open_answer() && !self.is_kept_here() => {
                    inner.settle(ItemStage::Done, ItemStage::Interrupted);
                    left_open(name)
                }
                None => {
                    let own = if inner.state.answered { ItemStage::Done } else { ItemStage::Unsent };
                    inner.settle(own, ItemStage::Done);
                    let said = inner.state.answered || acting::goes_on(&self.operation);
                    if said { TurnOutcome::Done } else { nothing_said(name) }
                }
            },
        })
    }
}

/// The events as they are taken, with names from here where a server's own mean nothing.
fn taken(names: Option<&mut Names>, events: Vec<ThreadEvent>) -> Vec<ThreadEvent> {
    match names {
        Some(names) => names.taken(events),
        None => events,
    }
}

/// How a turn ended, as the log tells it.
fn told(outcome: &TurnOutcome) -> (&'static str, Option<String>) {
    match outcome {
        TurnOutcome::Done => ("done", None),
        TurnOutcome::Stopped => ("stopped", None),
        TurnOutcome::Interrupted { failure, .. } => ("interrupted", Some(failure.code.to_string())),
        TurnOutcome::Failed { failure, .. } => ("failed", Some(failure.code.to_string())),
    }
}

fn broken(failure: Failure, answered: bool, can_retry: bool) -> TurnOutcome {
    if answered { TurnOutcome::Interrupted { failure, can_retry } } else { TurnOutcome::Failed { failure, can_retry } }
}

/// An error event, in the server's words if it has any (section 4.1).
fn reported(name: &str, error: &model::ServerError) -> Failure {
    let message = match &error.message {
        Some(message) => message.clone(),
        None => format!("“{name}” reported that something went wrong while it answered."),
    };
    let code = if error.code == TOO_LONG { FailureCode::TooLong } else { FailureCode::ServerError };
    let failure = Failure::new(code, message).with_detail(format!("error code: {}", error.code));
    let failure = crate::failure::reported(error, failure);
    if error.code == UNKNOWN_MODEL { failure.found(Finding::ModelUnknown) } else { failure }
}

/// A clean end without an answer: a proxy may have cut the stream, or the server had nothing to say (section 16).
fn nothing_said(name: &str) -> TurnOutcome {
    let words = format!("“{name}” ended its turn without an answer.");
    TurnOutcome::Failed { failure: Failure::new(FailureCode::Interrupted, words), can_retry: true }
}

/// A clean end in the middle of an answer: a server that ends a message says so, and keeps only those that it ended. Such
/// is what a proxy makes of a cut (section 16).
fn left_open(name: &str) -> TurnOutcome {
    let words = format!("The answer of “{name}” ended before it was complete. What had arrived is kept.");
    TurnOutcome::Interrupted { failure: Failure::new(FailureCode::Interrupted, words), can_retry: true }
}

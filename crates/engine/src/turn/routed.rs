//! A turn over a route: the first of its connections that can is asked, and each is asked in its own way.

use std::sync::Arc;

use model::{
    Answerer, AttemptReason, ConnectionId, Failure, FailureCode, ItemBody, Operation, RemoteThreadId, Route,
    ThreadEvent, WhenUnreachable,
};
use tokio::task::JoinSet;

use super::{Ending, Turn};
use crate::{
    backend::{TurnStream, Unopened},
    engine::Engine,
    live::Inner,
    local::{Arrived, Keeper, warned_of},
    offline::Away,
    route::{After, Missed, after, after_silence, nobody, why, with_missed},
    session::Asker,
    view::{ConnectionState, HeldView, HeldWhy, NextView, TurnOutcome},
};

/// What the person has to know before a message is sent again that a server may have worked on.
const ONCE_MORE: &str = "Trying again sends the message once more, and may cost once more.";

/// Why somebody answers who is not the first of the route.
const ITS_MODEL: &str = "you chose its model";

/// A stream, and whose it is.
pub(super) struct Opened {
    /// The connection.
    pub by: ConnectionId,
    /// What the person calls it.
    pub name: String,
    stream: TurnStream,
    /// Its beginning, where that was waited for.
    first: Option<Option<Result<Vec<ThreadEvent>, Failure>>>,
    /// Whether it is one of several that could have been asked.
    routed: bool,
}

impl Opened {
    /// The stream of the one connection that a thread is held with.
    pub fn new(by: &ConnectionId, name: String, stream: TurnStream) -> Self {
        Self { by: by.clone(), name, stream, first: None, routed: false }
    }

    /// What [`TurnStream::next`] answers.
    pub async fn next(&mut self) -> Option<Result<Vec<ThreadEvent>, Failure>> {
        match self.first.take() {
            Some(first) => first,
            None => self.stream.next().await,
        }
    }
}

/// One connection that did not answer.
struct Failed {
    name: String,
    failure: Failure,
    /// Whether it certainly was not reached.
    unreached: bool,
}

/// Why nobody has answered.
enum Unanswered {
    /// All were asked.
    By(Vec<Failed>),
    /// It ends here.
    Over(Ending),
}

impl Turn {
    /// Opens the stream of the first connection that can answer. If nobody can be reached, the turn waits if it is to.
    pub(super) async fn opened_over(&self, engine: &Engine, route: &Route) -> Result<Opened, Ending> {
        loop {
            let failed = match self.first_of(engine, route).await {
                Ok(opened) => return Ok(opened),
                Err(Unanswered::Over(ending)) => return Err(ending),
                Err(Unanswered::By(failed)) => failed,
            };
            let aways: Vec<_> = route.connections.iter().filter_map(|id| engine.shared.offline.of(id)).collect();
            let unreached = failed.iter().all(|one| one.unreached);
            let waits = self.manner.unreachable == WhenUnreachable::Wait && unreached;
            if !waits || aways.is_empty() {
                let failures: Vec<_> = failed.into_iter().map(|Failed { name, failure, .. }| (name, failure)).collect();
                self.live.with(|inner| inner.routed.asked = None);
                let nobody = nobody(&route.name, &failures);
                return Err(if unreached { Ending::Unreached(nobody) } else { Ending::Refused(nobody) });
            }
            self.held_for_any(aways).await?;
        }
    }

    /// Asks them in their order.
    async fn first_of(&self, engine: &Engine, route: &Route) -> Result<Opened, Unanswered> {
        let (order, left_out) = engine.order(route, self.manner.instead.as_ref());
        let (order, left_out) = self.by_model(engine, route, order, left_out);
        let mut reason = left_out;
        let mut failed = Vec::new();
        for Answerer { connection, name } in order {
            self.live.with(|inner| inner.routed.asked = Some(connection.clone()));
            match self.opened_by(engine, route, &connection).await {
                Ok(opened) => {
                    self.live.with(|inner| inner.answered_by(Answerer { connection, name }, reason));
                    return Ok(opened);
                }
                Err(Asked::Over(ending)) => return Err(Unanswered::Over(ending)),
                Err(Asked::Next { failure, unreached }) => {
                    reason = reason.or_else(|| Some(why(&name, &failure)));
                    failed.push(Failed { name, failure, unreached });
                }
            }
        }
        Err(Unanswered::By(failed))
    }

    /// The same order, with the one before the others whose model the conversation is to be held with.
    fn by_model(
        &self,
        engine: &Engine,
        route: &Route,
        mut order: Vec<Answerer>,
        left_out: Option<String>,
    ) -> (Vec<Answerer>, Option<String>) {
        let member = engine.member_with_model(&self.live, route).filter(|_| self.manner.instead.is_none());
        let place = member.and_then(|member| order.iter().position(|one| one.connection == member));
        match place.filter(|place| *place > 0) {
            Some(place) => {
                order[..=place].rotate_right(1);
                (order, Some(ITS_MODEL.to_owned()))
            }
            None => (order, left_out),
        }
    }

    /// Asks one of them; once more after a pause, where it wants one that is short enough.
    async fn opened_by(&self, engine: &Engine, route: &Route, id: &ConnectionId) -> Result<Opened, Asked> {
        let mut patience = route.patience;
        loop {
            self.let_out(engine, id).await.map_err(Asked::Over)?;
            let unopened = tokio::select! {
                biased;
                () = self.cancel.cancelled() => {
                    // Whether it has arrived is not known any more.
                    self.live.with(|inner| inner.give_up(id));
                    return Err(Asked::Over(Ending::Stopped));
                }
                opened = self.ask_one(engine, id) => match opened {
                    Ok(opened) => return Ok(opened),
                    Err(unopened) => unopened,
                },
            };
            let (next, unreached) = (after(&unopened, patience), matches!(unopened, Unopened::Unreached(_)));
            let may_have_arrived = matches!(&unopened, Unopened::Refused(failure) if !did_nothing(failure));
            let failure = Failure::from(unopened);
            tracing::info!(connection = %id, code = %failure.code, next = ?next, "a connection of a route fails");
            engine.noted(id, ConnectionState::Failing { failure: failure.clone() });
            if may_have_arrived {
                self.live.with(|inner| inner.give_up(id));
            }
            match next {
                After::Next => {
                    self.record.attempt(id, &failure);
                    return Err(Asked::Next { failure, unreached });
                }
                After::Ask => return Err(Asked::Over(Ending::Refused(failure))),
                After::Wait(pause) => {
                    self.record.attempt(id, &failure);
                    let held = self.hold_for(engine, HeldWhy::RateLimited, Some(failure), pause);
                    held.await.map_err(Asked::Over)?;
                    self.record.attempt(id, AttemptReason::WaitedAsTold);
                    // One pause is what somebody has patience for.
                    patience = 0;
                }
            }
        }
    }

    /// Sends the request to one of them, and waits until it begins to answer.
    async fn ask_one(&self, engine: &Engine, id: &ConnectionId) -> Result<Opened, Unopened> {
        let operation = self.operation_for(engine, id).await?;
        let (name, mut stream) = self.open(engine, id, &operation, Asker::Person).await?;
        match stream.next().await {
            Some(Err(failure)) if after_silence(&failure) == After::Next => Err(Unopened::Refused(failure)),
            first => Ok(Opened { by: id.clone(), name, stream, first: Some(first), routed: true }),
        }
    }

    /// The request as it is for one of them: with the whole conversation, or into the thread that its server has of it.
    async fn operation_for(&self, engine: &Engine, id: &ConnectionId) -> Result<Operation, Unopened> {
        let Operation::Answer { items, .. } = &self.operation else { return Ok(self.operation.clone()) };
        let message = match items.last().map(|item| &item.body) {
            Some(ItemBody::UserMessage(message)) if engine.keeper(id) == Keeper::Server => message.clone(),
            _ => return Ok(self.operation.clone()),
        };
        let (leg, answered_last) =
            self.live.with(|inner| (inner.routed.legs.with(id).cloned(), inner.was_answered_by(id)));
        let leg = match leg {
            // Whoever was away may have lost it.
            Some(leg) if !answered_last && !self.is_there(engine, id, &leg.remote).await? => None,
            leg => leg,
        };
        Ok(match leg {
            Some(leg) => {
                let missed = leg.knows.as_ref().map_or(Missed::All, Missed::After);
                Operation::AddUserMessage { thread: leg.remote, input: with_missed(items, missed, message) }
            }
            None => {
                self.live.with(|inner| inner.give_up(id));
                Operation::CreateThread { input: with_missed(items, Missed::All, message) }
            }
        })
    }

    /// Whether a server still has a thread. That is asked before anything is sent to it.
    async fn is_there(&self, engine: &Engine, id: &ConnectionId, remote: &RemoteThreadId) -> Result<bool, Unopened> {
        match engine.call(id, &Operation::GetThread { thread: remote.clone() }).await {
            Ok(_) => Ok(true),
            Err(failure) if failure.code.is_offline() => Err(Unopened::Unreached(failure)),
            Err(failure) if failure.code == FailureCode::FirstByteTimeout => Err(Unopened::Unasked(failure)),
            // If it is more than the thread that is missing, the message itself will tell.
            Err(_) => Ok(false),
        }
    }

    /// Waits until one of them is not away any more.
    async fn held_for_any(&self, aways: Vec<Arc<Away>>) -> Result<(), Ending> {
        self.live.with(|inner| inner.hold(HeldView { why: HeldWhy::Unreachable, until: None, failure: None }));
        let mut waiting = JoinSet::new();
        for away in aways {
            waiting.spawn(async move { away.over().await });
        }
        tokio::select! {
            biased;
            () = self.cancel.cancelled() => return Err(Ending::TakenBack),
            _ = waiting.join_next() => {}
        }
        self.live.with(Inner::release);
        Ok(())
    }

    /// Remembers the thread that a server has made.
    pub(super) fn note_leg(&self, opened: &Opened, events: &[ThreadEvent]) {
        for event in events.iter().filter(|_| opened.routed) {
            if let ThreadEvent::ThreadCreated(thread) = event {
                self.live.with(|inner| inner.begin_leg(&opened.by, thread.id.clone()));
            }
        }
    }

    /// What is known after the turn, and what the person can do if it failed.
    pub(super) fn over_route(
        &self,
        engine: &Engine,
        route: &Route,
        outcome: TurnOutcome,
        arrived: Arrived,
    ) -> TurnOutcome {
        let asked = self.live.with(|inner| inner.routed.asked.clone());
        if let Some(asked) = asked {
            self.live.with(|inner| inner.leg_is_over(&asked, &outcome));
            let failed =
                matches!(outcome, TurnOutcome::Failed { can_retry: true, .. } | TurnOutcome::Interrupted { .. });
            if failed {
                let next = engine.after(route, &asked).map(|it| NextView { connection: it.connection, name: it.name });
                self.live.with(|inner| inner.routed.next = next);
            }
        }
        warned_of(outcome, arrived, ONCE_MORE)
    }
}

/// Why one connection has not answered.
enum Asked {
    /// The next one is asked.
    Next { failure: Failure, unreached: bool },
    /// It ends here.
    Over(Ending),
}

/// Whether a refused request certainly did nothing.
fn did_nothing(failure: &Failure) -> bool {
    matches!(failure.code, FailureCode::RateLimited | FailureCode::Unauthorized | FailureCode::SignedOut)
}

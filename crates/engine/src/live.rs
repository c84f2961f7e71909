//! A thread in memory: its newest items, its turn, the texts that grow, and who looks at it.
//!
//! The stream of a turn belongs to this, not to a view: subscribers come and go, and nothing is lost.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use model::{Draft, Failure, FailureCode, Item, ItemStage, Legs, Thread};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::{
    context::Context,
    details::Turns,
    growing::Growing,
    hub::Hub,
    outbox::Outbox,
    pictures::Pictures,
    reconcile::{ServerTail, reconcile},
    redraw::Redraw,
    reduce::{Entry, ThreadState},
    render::is_shown,
    route::{Routed, answering, is_answering},
    saver::{Saver, Unsaved},
    show::thread_view,
    subscription::ThreadSubscription,
    tools::Calls,
    view::{Activity, ThreadMessage, ThreadModelView, ThreadOp, ThreadView, TurnOutcome, TurnPhase, TurnView},
};

/// How many items a subscriber begins with: more than fill a window, and few enough to be there at once.
const FIRST: usize = 24;

/// A thread in memory.
#[derive(Debug)]
pub struct Live {
    hub: Arc<Hub>,
    saver: Saver,
    /// Held while it is being saved.
    saving: tokio::sync::Mutex<()>,
    inner: Mutex<Inner>,
}

/// What is behind the lock. Held for moments, never across an await.
#[derive(Debug)]
pub struct Inner {
    /// The thread, as it is kept.
    pub thread: Thread,
    /// How it goes through its route, if through one.
    pub(crate) routed: Routed,
    /// Its newest items.
    pub state: ThreadState,
    /// Whether older items are on disk or on the server.
    pub has_older: bool,
    /// What was written and not sent.
    pub draft: Draft,
    /// What is not on disk yet.
    pub unsaved: Unsaved,
    /// Whether a save is on its way.
    save_is_due: bool,
    /// How many turns began.
    generation: u64,
    pub(crate) turn: TurnView,
    /// How its conversation goes out.
    pub(crate) context: Context,
    /// Its model, as it is shown.
    pub(crate) model: Option<ThreadModelView>,
    /// Its pictures, and who may be asked for them.
    pub(crate) pictures: Pictures,
    cancel: Option<CancellationToken>,
    pub(crate) turns: Turns,
    /// Told when the person wants what is held back sent now.
    pub(crate) hurry: Option<Arc<Notify>>,
    pub(crate) growing: Growing,
    pub(crate) calls: Calls,
    pub(crate) redraw: Redraw,
    unread: bool,
    /// Its line in the sidebar, as everybody knows it.
    announced: ThreadView,
    pub(crate) subscribers: Vec<Arc<Outbox<ThreadOp>>>,
}

impl Live {
    /// A thread with what was kept of it.
    pub fn new(
        hub: Arc<Hub>,
        saver: Saver,
        thread: Thread,
        entries: Vec<Entry>,
        has_older: bool,
        draft: Draft,
        legs: Legs,
    ) -> Arc<Self> {
        let turn = TurnView::default();
        let inner = Inner {
            announced: ThreadView { answering: answering(&legs), ..thread_view(&thread, Activity::Idle) },
            thread,
            routed: Routed::new(legs),
            state: ThreadState::new(entries),
            has_older,
            draft,
            unsaved: Unsaved::default(),
            save_is_due: false,
            generation: 0,
            turn,
            context: Context::default(),
            model: None,
            pictures: Pictures::default(),
            cancel: None,
            turns: Turns::default(),
            hurry: None,
            growing: Growing::default(),
            calls: Calls::default(),
            redraw: Redraw::default(),
            unread: false,
            subscribers: Vec::new(),
        };
        Arc::new(Self { hub, saver, saving: tokio::sync::Mutex::default(), inner: Mutex::new(inner) })
    }

    /// Looks at, or changes, what is known. Announces the thread if its line in the sidebar changed, and sees to it
    /// that what changed is saved, and that what asks is shown as it stands now.
    pub fn with<T>(self: &Arc<Self>, body: impl FnOnce(&mut Inner) -> T) -> T {
        let mut inner = self.lock();
        let result = body(&mut inner);
        inner.look_at_places();
        if !inner.is_announced() {
            let view = inner.view();
            inner.announced = view.clone();
            inner.emit(ThreadOp::Thread { thread: view.clone() });
            self.hub.put_thread(view);
        }
        if !inner.unsaved.is_empty() && !inner.save_is_due {
            inner.save_is_due = true;
            self.saver.soon(self.clone());
        }
        result
    }

    /// Waits for its turn to be saved.
    pub async fn saving(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.saving.lock().await
    }

    /// Takes what is not on disk yet.
    pub fn take_unsaved<T>(&self, body: impl FnOnce(&Inner, Unsaved) -> T) -> T {
        let mut inner = self.lock();
        inner.save_is_due = false;
        let unsaved = std::mem::take(&mut inner.unsaved);
        body(&inner, unsaved)
    }

    /// Gives back what could not be saved. Another save is due, and the caller sees to it.
    pub fn put_back(&self, unsaved: Unsaved) {
        let mut inner = self.lock();
        inner.save_is_due = true;
        let Unsaved { thread, legs, pictures, items, removed, turns } = unsaved;
        for (began_at, turn) in turns {
            inner.unsaved.turns.entry(began_at).or_insert(turn);
        }
        inner.unsaved.thread |= thread;
        inner.unsaved.legs |= legs;
        inner.unsaved.pictures |= pictures;
        // What changed again meanwhile is the newer word.
        for id in items {
            if !inner.unsaved.removed.contains(&id) {
                inner.unsaved.items.insert(id);
            }
        }
        for id in removed {
            if !inner.unsaved.items.contains(&id) {
                inner.unsaved.removed.insert(id);
            }
        }
    }

    /// Subscribes; the first message is a snapshot.
    pub fn subscribe(self: &Arc<Self>) -> ThreadSubscription {
        let outbox = Outbox::new();
        self.with(|inner| {
            inner.subscribers.push(outbox.clone());
            inner.unread = false;
        });
        ThreadSubscription::new(self.clone(), outbox)
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    /// Its line in the sidebar.
    pub fn view(&self) -> ThreadView {
        ThreadView { answering: answering(&self.routed.legs), ..thread_view(&self.thread, self.activity()) }
    }

    fn activity(&self) -> Activity {
        match (self.turn.phase, self.unread) {
            (TurnPhase::Held, _) => Activity::Held,
            (TurnPhase::Idle, true) => Activity::Unread,
            (TurnPhase::Idle, false) => Activity::Idle,
            _ => Activity::Running,
        }
    }

    /// Whether its line in the sidebar is as everybody knows it. Asked after every change, so it copies nothing.
    fn is_announced(&self) -> bool {
        let ThreadView { id: _, connection: _, title, status, updated_at, activity, answering } = &self.announced;
        *activity == self.activity()
            && *updated_at == self.thread.updated_at
            && *title == self.thread.title
            && *status == self.thread.status
            && is_answering(answering.as_ref(), &self.routed.legs)
    }

    /// Whether a turn is under way.
    pub fn is_running(&self) -> bool {
        self.turn.phase != TurnPhase::Idle
    }

    /// Whether it may be dropped from memory: nobody looks at it and nothing happens in it.
    pub fn is_idle(&mut self) -> bool {
        self.subscribers.retain(|outbox| !outbox.is_closed());
        self.subscribers.is_empty() && !self.is_running() && self.unsaved.is_empty()
    }

    /// Whether somebody looks at it.
    pub fn is_in_sight(&self) -> bool {
        self.subscribers.iter().any(|outbox| !outbox.is_closed())
    }

    /// Begins a turn, if none is under way.
    ///
    /// # Errors
    ///
    /// [`FailureCode::Busy`] if one is.
    pub fn begin_turn(&mut self, now: i64) -> Result<CancellationToken, Failure> {
        if self.is_running() {
            let words = "This conversation is still answering. Wait for it, or stop it first.";
            return Err(Failure::new(FailureCode::Busy, words));
        }
        let cancel = CancellationToken::new();
        self.cancel = Some(cancel.clone());
        self.generation += 1;
        self.state.begin_turn();
        self.routed.begin_turn();
        self.thread.updated_at = now;
        self.unsaved.thread = true;
        self.set_turn(TurnPhase::Waiting, None);
        Ok(cancel)
    }

    /// How many turns began: who looks twice sees whether one began between.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// Puts items that a server has before the oldest, newest first as it sends them.
    pub fn prepend_from_server(&mut self, items: Vec<Item>) {
        let entries = self.state.prepend_new(items);
        self.unsaved.items.extend(entries);
    }

    /// The first bytes have come.
    pub fn streaming(&mut self) {
        if self.turn.phase == TurnPhase::Waiting {
            self.answer_is_taken();
            self.set_turn(TurnPhase::Streaming, None);
        }
    }

    /// The person stops the turn. `false` if there is none.
    pub fn stop(&mut self) -> bool {
        let Some(cancel) = self.cancel.take() else { return false };
        self.set_turn(TurnPhase::Stopping, None);
        cancel.cancel();
        true
    }

    /// The turn's one terminal event.
    pub fn end_turn(&mut self, outcome: TurnOutcome) {
        self.cancel = None;
        self.subscribers.retain(|outbox| !outbox.is_closed());
        self.unread = self.subscribers.is_empty();
        self.emit_redrawn();
        self.set_turn(TurnPhase::Idle, Some(outcome));
        self.answer_is_over();
    }

    fn clear_outcome(&mut self) {
        let cut_off = match &self.turn.outcome {
            Some(TurnOutcome::Interrupted { failure, .. } | TurnOutcome::Failed { failure, .. }) => {
                failure.code != FailureCode::ServerError
            }
            Some(TurnOutcome::Done | TurnOutcome::Stopped) | None => false,
        };
        if cut_off {
            self.set_turn(TurnPhase::Idle, None);
        }
    }

    pub(crate) fn set_turn(&mut self, phase: TurnPhase, outcome: Option<TurnOutcome>) {
        let next = outcome.as_ref().and(self.routed.next.clone());
        let goes_on = matches!(phase, TurnPhase::Waiting | TurnPhase::Streaming);
        let slow = self.turn.slow.take().filter(|_| goes_on);
        let stop_unwanted = goes_on && self.state.stop_unwanted;
        let progress = self.state.progress.clone();
        self.turn = TurnView { phase, progress, outcome, held: None, next, slow, stop_unwanted };
        self.emit(ThreadOp::Turn { turn: self.turn.clone() });
    }

    /// Takes over what the server has of the thread's end.
    pub fn reconcile(&mut self, tail: ServerTail) {
        let asked = self.asked_last();
        let entries = reconcile(self.state.entries(), tail);
        let changes = self.state.replace_all(entries);
        self.show_all(changes);
        self.hang_anew(asked);
        // The server has finished what was cut off here: there is nothing to try again.
        let is_end = |last: &Entry| last.stage == ItemStage::Done && !last.is_user() && !last.is_unfinished_workflow();
        if self.state.entries().last().is_some_and(is_end) {
            self.clear_outcome();
        }
    }

    /// Sends an op to all who look, after the texts that grew before it.
    pub(crate) fn emit(&mut self, op: ThreadOp) {
        self.emit_growth();
        self.push(op);
    }

    /// Sends what the texts grew by.
    pub(crate) fn emit_growth(&mut self) {
        if self.subscribers.is_empty() {
            return;
        }
        for op in self.growing.read() {
            self.push(op);
        }
    }

    /// Texts grew: who looks will take that when its time has come. Until then nothing is made of it.
    pub(crate) fn announce_growth(&self) {
        for outbox in &self.subscribers {
            outbox.wake();
        }
    }

    fn push(&self, op: ThreadOp) {
        for outbox in &self.subscribers {
            outbox.push(op.clone());
        }
    }

    /// What a subscriber begins with: the newest items. Those before them are asked for when they are wanted.
    pub(crate) fn snapshot(&self) -> ThreadMessage {
        let entries = self.state.entries();
        let shown = entries.iter().enumerate().rev().filter(|(_, entry)| is_shown(entry));
        let begin = shown.take(FIRST).last().map_or(0, |(place, _)| place);
        ThreadMessage::Snapshot {
            thread: self.view(),
            items: entries[begin..].iter().filter_map(|entry| self.viewed(entry)).collect(),
            has_older: self.has_older || entries[..begin].iter().any(is_shown),
            turn: self.turn.clone(),
            context: self.context.view.clone(),
            model: self.model.clone(),
            draft: self.draft.clone(),
        }
    }
}

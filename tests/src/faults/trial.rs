//! One fault at one stage of one answer, through the engine.

use std::{path::Path, sync::Arc, time::Duration};

use engine::{
    Engine, EngineConfig, Limits,
    view::{ItemViewBody, SendRequest, TurnOutcome, TurnPhase},
};
use history::History;
use markdown::Tree;
use model::{ConnectionId, FailureCode, ItemStage, ThreadId};
use tempfile::TempDir;

use super::{
    Fault, Peer, Stage, Way,
    script::Step,
    server::{Kept, Server},
};
use crate::{
    bench::{config, failure},
    screen::Screen,
};

/// Longer than anything takes that is not to be given up.
const LONG: Duration = Duration::from_secs(60);

/// How long is waited for what never comes. All that is to come before has to be there in that time.
const SHORT: Duration = Duration::from_secs(2);

/// What stands in the words of a failure after which another try may cost once more.
const COSTS: &str = "may cost once more";

/// What becomes of a fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Whether the message waited for the server first, without being sent.
    pub waited: bool,
    /// Why the turn broke; none if it is done.
    pub why: Option<FailureCode>,
    /// What there is of the answer when the turn ends.
    pub kept: Part,
    /// Whether the message is shown as one that was not sent.
    pub unsent: bool,
    /// Whether *try again* is offered.
    pub can_retry: bool,
    /// Whether the answer became whole when it was read again from its server.
    pub mended: bool,
}

/// How much there is of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Nothing.
    Nothing,
    /// Its beginning.
    Beginning,
    /// All of it.
    Whole,
    /// Something else than was said.
    Other,
}

/// What is there of each message: whether it is the person's, its text, its stage.
type Shown = Vec<(bool, String, ItemStage)>;

/// Has the engine ask, and answers with the fault. None if the fault means nothing there.
///
/// # Panics
///
/// If the engine does what it never may: send a request twice, end a turn twice or never, show what is not on disk, keep the
/// connection of a turn that is over, lose something over a restart, or fail when it is asked to try again.
pub async fn trial(peer: &'static Peer, stage: Stage, fault: Fault) -> Option<Outcome> {
    let script = peer.answer().faulty(stage, fault)?;
    let mut run = Run::begin(peer, stage, fault).await;
    let is_held = script.contains(&Step::Hold);
    run.server.plays(stage, fault);
    run.server.silent(true);
    if stage == Stage::End {
        run.server.has_said_all();
    }
    let (thread, mut screen) = run.send(stage, fault).await;
    if is_held {
        run.let_go(&mut screen, stage).await;
    }
    let waited = run.until_over(&mut screen).await;
    let ended = screen.outcomes[0].clone();
    let there = shown(&screen);
    assert_eq!(on_disk(run.dir.path(), &thread), there, "what was shown is on disk when the turn is over");
    // Nobody can be sent a message over a WebSocket that never was one.
    let is_open = waited || ended == TurnOutcome::Done;
    let sent = usize::from(stage.has_message(peer.way) || is_open);
    assert_eq!(run.server.turns(), sent, "a message is sent once");
    assert!(stage != Stage::Kept || run.server.was_reused(), "the connection was kept");
    run.server.until_turn_is_over().await;

    // Now the server answers what else it is asked; it is read again whether it has the answer.
    run.server.silent(false);
    run.close().await;
    screen.rest().await;
    assert_eq!(screen.outcomes, std::slice::from_ref(&ended), "a turn ends once");
    let last = shown(&screen);
    let is_settled = screen.outcome().is_none_or(|outcome| *outcome == TurnOutcome::Done);
    drop(screen);
    run.server.until_all_closed().await;

    let outcome = run.outcome(waited, ended, sent, &there, is_settled && part(peer, &last) == Part::Whole);
    run.again(&thread, &last, &outcome, sent).await;
    Some(outcome)
}

/// A program, and the server that it asks.
struct Run {
    peer: &'static Peer,
    server: Server,
    /// None between two runs of the program.
    engine: Option<Engine>,
    connection: ConnectionId,
    dir: TempDir,
    secrets: Arc<secrets::Memory>,
}

impl Run {
    async fn begin(peer: &'static Peer, stage: Stage, fault: Fault) -> Self {
        let kept = if stage == Stage::Kept { Kept::Yes } else { Kept::No };
        let server = Server::start(peer, kept).await;
        let (dir, secrets) = (tempfile::tempdir().unwrap(), Arc::default());
        let config = EngineConfig { limits: limits(peer.way, stage, fault), ..config(&dir, &secrets) };
        let engine = Engine::open(config).await.unwrap();
        let view = engine.add_connection((peer.draft)(&server.url)).await.unwrap();
        Self { peer, server, engine: Some(engine), connection: view.id, dir, secrets }
    }

    fn engine(&self) -> &Engine {
        self.engine.as_ref().unwrap()
    }

    /// Sends the message; while it does, the way to the server is as the case has it.
    async fn send(&mut self, stage: Stage, fault: Fault) -> (ThreadId, Screen) {
        let is_connecting = stage == Stage::Connecting;
        match fault {
            Fault::Reset if is_connecting => self.server.leave().await,
            _ if is_connecting => self.server.leave_waiting().await,
            _ => {}
        }
        let (connection, text) = (self.connection.clone(), self.peer.question.to_owned());
        let thread = self.engine().send(SendRequest { connection, thread: None, text, model: None }).await.unwrap();
        let screen = Screen::open(self.engine(), &thread).await;
        if is_connecting && fault != Fault::Reset {
            self.server.until_knocked().await;
            assert!(screen.outcomes.is_empty(), "what is late is waited for");
            match fault {
                Fault::Delay => self.server.take(),
                _ => self.server.until_given_up().await,
            }
        }
        (thread, screen)
    }

    /// Lets the server go on once what came before is on screen.
    async fn let_go(&self, screen: &mut Screen, stage: Stage) {
        self.server.until_held().await;
        if self.peer.way == Way::Socket && stage == Stage::End {
            // Nothing is waited for any more, so it ends at once.
            screen.until("over", |screen| !screen.outcomes.is_empty()).await;
            return self.server.release();
        }
        if stage.shows_text(self.peer.way) {
            let all = stage != Stage::Middle;
            let is_there = |screen: &Screen| match part(self.peer, &shown(screen)) {
                Part::Nothing => false,
                part => !all || part == Part::Whole,
            };
            screen.until("on screen before the fault", is_there).await;
        }
        assert!(screen.outcomes.is_empty(), "what is late is waited for");
        self.server.release();
    }

    /// Waits for the end of the turn. A message that waits for its server is sent when that is back. Says whether it did.
    async fn until_over(&mut self, screen: &mut Screen) -> bool {
        let is_over = |screen: &Screen| !screen.outcomes.is_empty();
        screen.until("over", |screen| is_over(screen) || screen.phase() == TurnPhase::Held).await;
        let waits = !is_over(screen);
        if waits {
            assert_eq!(self.server.turns(), 0, "what waits was not sent");
            self.server.take();
            self.server.silent(false);
            self.engine().check_connection(&self.connection).await.unwrap();
            screen.until("over", is_over).await;
        }
        waits
    }

    async fn close(&mut self) {
        if let Some(engine) = self.engine.take() {
            engine.close().await;
        }
    }

    fn outcome(&self, waited: bool, ended: TurnOutcome, sent: usize, there: &Shown, is_whole_now: bool) -> Outcome {
        let kept = part(self.peer, there);
        let unsent = there.iter().any(|(is_own, _, stage)| *is_own && *stage == ItemStage::Unsent);
        let (why, can_retry) = match ended {
            TurnOutcome::Done => (None, false),
            TurnOutcome::Failed { ref failure, .. } | TurnOutcome::Interrupted { ref failure, .. } => {
                let keeps = adapters::adapter(self.peer.kind).keeps_threads();
                let warns = failure.message.contains(COSTS);
                assert_eq!(warns, !keeps && sent > 0, "whether it may have cost: {}", failure.message);
                let (code, can_retry) = self::failure(ended);
                (Some(code), can_retry)
            }
            TurnOutcome::Stopped => panic!("nobody stopped it"),
        };
        Outcome { waited, why, kept, unsent, can_retry, mended: why.is_some() && is_whole_now }
    }

    /// The next run of the program: all is there, and another try, if one is offered, is answered whole.
    async fn again(&mut self, thread: &ThreadId, last: &Shown, outcome: &Outcome, sent: usize) {
        let engine = Engine::open(config(&self.dir, &self.secrets)).await.unwrap();
        let mut screen = Screen::open(&engine, thread).await;
        assert_eq!(&shown(&screen), last, "a restart changes nothing");
        let tries = outcome.can_retry && !outcome.mended;
        if tries {
            engine.retry(thread).await.unwrap();
            screen.until("over", |screen| !screen.outcomes.is_empty()).await;
            assert_eq!(screen.outcomes, [TurnOutcome::Done]);
            let texts: Vec<_> = shown(&screen).into_iter().map(|(_, text, _)| text).collect();
            assert_eq!(texts, [self.peer.question, self.peer.shown], "another try has it whole, and nothing twice");
        }
        engine.close().await;
        assert_eq!(self.server.turns(), sent + usize::from(tries), "only the person sends it again");
    }
}

/// What is waited for no longer than a moment is what the case is about.
fn limits(way: Way, stage: Stage, fault: Fault) -> Limits {
    let long = Limits { first_byte: LONG, idle: LONG, ..Limits::default() };
    match fault {
        // The limit on making connections is the transport's own.
        Fault::Stall if stage == Stage::Connecting => long,
        // What is whole is waited for as a whole, and a message of a WebSocket is there once it is.
        Fault::Stall if way != Way::Stream => Limits { first_byte: SHORT, idle: SHORT, ..long },
        Fault::Stall if stage.is_in_body() => Limits { idle: SHORT, ..long },
        Fault::Stall => Limits { first_byte: SHORT, ..long },
        _ => long,
    }
}

fn shown(screen: &Screen) -> Shown {
    let is_own = |body: &ItemViewBody| matches!(body, ItemViewBody::UserMessage { .. });
    screen.items.iter().map(|item| (is_own(&item.body), item.text(), item.stage)).collect()
}

/// What is on disk at this moment, as it would be shown.
fn on_disk(dir: &Path, thread: &ThreadId) -> Shown {
    let copy = tempfile::tempdir().unwrap();
    for file in ["history.sqlite", "history.sqlite-wal"] {
        let _ = std::fs::copy(dir.join(file), copy.path().join(file));
    }
    let history = History::open(&copy.path().join("history.sqlite")).unwrap().history;
    let items = history.items(thread, None, 100).unwrap();
    let shown = items.into_iter().map(|(_, kept)| {
        let is_own = matches!(kept.item.body, model::ItemBody::UserMessage(_));
        let text = kept.item.body.plain_text().unwrap_or_default();
        (is_own, if is_own { text } else { rendered(&text) }, kept.stage)
    });
    shown.collect()
}

/// Markdown without its marks.
fn rendered(text: &str) -> String {
    let (mut stream, mut tree) = (markdown::Stream::new(), Tree::default());
    tree.apply(&stream.push(text));
    tree.apply(&stream.finish());
    tree.plain_text()
}

/// How much of the answer is there.
fn part(peer: &Peer, shown: &Shown) -> Part {
    let answers: Vec<_> = shown.iter().filter(|(is_own, ..)| !is_own).map(|(_, text, _)| text.as_str()).collect();
    match answers.concat().as_str() {
        "" => Part::Nothing,
        text if text == peer.shown => Part::Whole,
        text if peer.shown.starts_with(text.trim_end()) => Part::Beginning,
        _ => Part::Other,
    }
}

//! One turn, from the question to the end of what is printed of it.

use std::{
    io::Write,
    time::{SystemTime, UNIX_EPOCH},
};

use engine::{
    Engine, TurnEvent,
    view::{HeldView, HeldWhy, SendRequest, TurnOutcome},
};
use model::{Failure, FailureCode, Patience, ThreadId};
use tokio::sync::mpsc::Receiver;

use crate::{
    exit::{self, Exit, Trouble},
    output::Output,
    signals::Signals,
};

/// Sends a question and prints the answer as it comes. A signal stops the turn; a second one does not wait for that.
///
/// # Errors
///
/// If the question could not be sent, or the answer could not be printed. How the turn itself ended is in the `Exit`,
/// and was told.
pub async fn ask<W: Write>(
    engine: &Engine,
    request: SendRequest,
    patience: Patience,
    output: &mut Output<W>,
    signals: &mut Signals,
) -> Result<(ThreadId, Exit), Trouble> {
    let (thread, events) = engine.ask_with(patience, request).await?;
    let exit = follow(engine, &thread, events, output, signals).await?;
    Ok((thread, exit))
}

/// Has the last question answered again, and prints that answer as it comes.
///
/// # Errors
///
/// Those of [`ask`].
pub async fn retry<W: Write>(
    engine: &Engine,
    thread: &ThreadId,
    patience: Patience,
    output: &mut Output<W>,
    signals: &mut Signals,
) -> Result<Exit, Trouble> {
    let events = engine.ask_again_with(patience, thread).await?;
    follow(engine, thread, events, output, signals).await
}

async fn follow<W: Write>(
    engine: &Engine,
    thread: &ThreadId,
    mut events: Receiver<TurnEvent>,
    output: &mut Output<W>,
    signals: &mut Signals,
) -> Result<Exit, Trouble> {
    let mut stopped = None;
    let mut unwritable = None;
    let outcome = loop {
        let event = tokio::select! {
            biased;
            exit = signals.next() => {
                stop(engine, thread, stopped.replace(exit)).await?;
                continue;
            }
            event = events.recv() => event.ok_or_else(cut_short)?,
        };
        if unwritable.is_none()
            && let Err(error) = output.event(&event)
        {
            unwritable = Some(error);
            engine.stop(thread).await?;
        }
        if let TurnEvent::Held { held } = &event {
            exit::remark(&waits(held));
        }
        if let TurnEvent::Ended { outcome } = event {
            break outcome;
        }
    };
    match unwritable {
        Some(error) => Err(error.into()),
        None => Ok(conclude(&outcome, stopped)),
    }
}

/// What is waited for, and for how long.
fn waits(held: &HeldView) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
    let left = held.until.map_or(0, |until| i128::from(until) - i128::try_from(now).unwrap_or(i128::MAX));
    let seconds = left.max(0).unsigned_abs().div_ceil(1000);
    let why = match held.why {
        HeldWhy::Unreachable => "The server cannot be reached.",
        HeldWhy::RateLimited => "The server wants a pause.",
        HeldWhy::OwnLimit => "That is one message more per minute than you let out.",
    };
    format!("{why} The question goes out in {seconds} s; Ctrl+C stops that.")
}

/// Stops the turn, unless that was asked for before.
async fn stop(engine: &Engine, thread: &ThreadId, before: Option<Exit>) -> Result<(), Trouble> {
    match before {
        Some(exit) => Err(Trouble::Quiet(exit)),
        None => Ok(engine.stop(thread).await?),
    }
}

/// Says why there is no more of an answer, if there should be.
fn conclude(outcome: &TurnOutcome, stopped: Option<Exit>) -> Exit {
    if let TurnOutcome::Interrupted { failure, .. } | TurnOutcome::Failed { failure, .. } = outcome {
        exit::report(failure);
    }
    match (outcome, stopped) {
        (TurnOutcome::Done, _) => Exit::Done,
        (_, Some(exit)) => exit,
        (outcome, None) => Exit::of_outcome(outcome),
    }
}

fn cut_short() -> Failure {
    Failure::new(FailureCode::Internal, "The turn ended without saying how. This is a fault of Kittiwake.")
}

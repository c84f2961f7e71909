//! One turn, from the question to the end of what is printed of it.

use std::io::Write;

use engine::{
    Engine, TurnEvent,
    view::{SendRequest, TurnOutcome},
};
use model::{Failure, FailureCode, ThreadId};
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
    output: &mut Output<W>,
    signals: &mut Signals,
) -> Result<(ThreadId, Exit), Trouble> {
    let (thread, events) = engine.ask(request).await?;
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
    output: &mut Output<W>,
    signals: &mut Signals,
) -> Result<Exit, Trouble> {
    let events = engine.ask_again(thread).await?;
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
        if let TurnEvent::Ended { outcome } = event {
            break outcome;
        }
    };
    match unwritable {
        Some(error) => Err(error.into()),
        None => Ok(conclude(&outcome, stopped)),
    }
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

//! A short message in a thread of its own, and its answer. The thread is deleted afterwards, whatever came of it.

use std::time::{Duration, Instant};

use model::{Failure, FailureCode, Mapping, Operation, RemoteThreadId};
use tokio_util::sync::CancellationToken;

use super::{
    asks::refused,
    begun::begun,
    chain::{Chain, Seen, Wrong, fact},
    heard::{Heard, judged},
    usual::compared,
};
use crate::{backend::Backend, engine::Engine, turn::is_piece, view::CheckFact};

/// How long a test that was stopped still listens for the name of the thread that it has to delete.
const GRACE: Duration = Duration::from_secs(1);
/// How long a server may take to delete a thread.
const DELETING: Duration = Duration::from_secs(15);

/// Says hello. `None` if that failed or the test was stopped.
pub(super) async fn greet(engine: &Engine, chain: &mut Chain, backend: &Backend, operation: &Operation) -> Option<()> {
    chain.begin();
    let began = Instant::now();
    let mut heard = Heard::default();
    let stop = chain.stop().clone();
    let (listened, named) = match begun(backend, operation, &stop).await {
        Ok((operation, named)) => (listen(engine, backend, &operation, &mut heard, &stop).await, named),
        Err(failure) => (Err(failure), None),
    };
    let took = began.elapsed();
    let left = match &heard.thread {
        Some(thread) => clear(engine, backend, thread).await,
        None => Ok(()),
    };
    if let Some(label) = heard.label() {
        chain.name(label);
    }
    let mut facts: Vec<_> = named.into_iter().chain(heard.facts()).collect();
    if heard.thread.is_some() {
        let gone = match &left {
            Ok(()) => "deleted again".to_owned(),
            Err(failure) => format!("still on the server: {}", failure.message),
        };
        facts.push(fact("Its conversation", gone));
    }
    if chain.is_stopped() {
        return None;
    }
    let done = match listened {
        Ok(()) => judged(backend.connection().kind, backend.name(), &heard, &left),
        Err(failure) => Err(refused(backend, failure)),
    };
    let done = match done {
        Ok(seen) => {
            let seen = compared(engine, backend, &heard.pieces, seen).await;
            Ok(((), Seen { facts, ..seen }))
        }
        Err(Wrong { failure, .. }) => {
            facts.extend(fitting(backend, failure.mapping.as_deref()));
            Err(Wrong { failure, facts: facts.into() })
        }
    };
    chain.done(took, done)
}

/// What might be written into the connection's form so that the text is found.
fn fitting(backend: &Backend, mapping: Option<&Mapping>) -> Option<CheckFact> {
    let Mapping { field, pointers } = mapping?;
    let fields = adapters::fields(backend.connection().kind);
    let label = fields.iter().find(|known| known.key == field).map_or(field.as_str(), |known| known.label);
    Some(fact("What would fit", format!("{} in “{label}” under “More settings”", pointers.join(" or "))))
}

async fn listen(
    engine: &Engine,
    backend: &Backend,
    operation: &Operation,
    heard: &mut Heard,
    stop: &CancellationToken,
) -> Result<(), Failure> {
    let began = Instant::now();
    let given_up = async {
        stop.cancelled().await;
        tokio::time::sleep(GRACE).await;
    };
    tokio::pin!(given_up);
    let mut stream = tokio::select! {
        stream = backend.stream(operation) => stream?,
        () = &mut given_up => return Ok(()),
    };
    heard.asked = backend.model_asked(operation);
    heard.head = Some(began.elapsed());
    heard.whole = stream.header("content-length").is_some();
    heard.came = Some(stream.came());
    let names = ["server", "via", "x-cache"].into_iter().filter_map(|name| stream.header(name));
    let names: Vec<_> = names.map(str::to_owned).collect();
    heard.server = (!names.is_empty()).then(|| names.join(", "));
    loop {
        let events = tokio::select! {
            events = stream.next() => events,
            () = stop.cancelled(), if heard.thread.is_some() => return Ok(()),
            () = &mut given_up => return Ok(()),
        };
        heard.repaired = stream.is_repaired();
        let Some(events) = events else { return Ok(()) };
        let events = events?;
        let at = began.elapsed();
        heard.events.push(at);
        for event in &events {
            if is_piece(event, u32::from(!heard.pieces.is_empty())) {
                heard.pieces.push(at);
            }
        }
        events.into_iter().for_each(|event| heard.note(event));
        if let Some(thread) = &heard.thread {
            engine.passed_over().insert((backend.connection().id.clone(), thread.clone()));
        }
        if heard.is_enough() {
            return Ok(());
        }
    }
}

/// Deletes the thread of the test. One that stays is shown in the list, where the person can delete it.
async fn clear(engine: &Engine, backend: &Backend, thread: &RemoteThreadId) -> Result<(), Failure> {
    let operation = Operation::DeleteThread { thread: thread.clone() };
    let late = |_| Failure::new(FailureCode::FirstByteTimeout, "the server did not answer when it was to be deleted.");
    let gone = tokio::time::timeout(DELETING, backend.call(&operation)).await.map_err(late).flatten();
    engine.passed_over().remove(&(backend.connection().id.clone(), thread.clone()));
    gone.map(|_| ())
}

//! The beginning of the conversation that a test holds.

use model::{Failure, Operation};
use tokio_util::sync::CancellationToken;

use super::chain::fact;
use crate::{
    backend::{Backend, Beginning, Begun, under},
    view::CheckFact,
};

/// The hello in a conversation that the server has begun, where it does such things, and what is told of that.
pub(super) async fn begun(
    backend: &Backend,
    operation: &Operation,
    stop: &CancellationToken,
) -> Result<(Operation, Option<CheckFact>), Failure> {
    if !backend.may_name() {
        return Ok((operation.clone(), None));
    }
    let begun = tokio::select! {
        begun = backend.begin(operation, Beginning::Always) => begun?,
        () = stop.cancelled() => return Ok((operation.clone(), None)),
    };
    let (id, who) = match begun {
        Begun::Named(id) => (Some(id), "The server makes the sessions of conversations"),
        Begun::Unnamed => (None, "The server makes none; Kittiwake names conversations itself"),
    };
    Ok((under(operation, id), Some(fact("Sessions of conversations", who))))
}

//! The answers that do not stream.

use model::{Operation, Reply};

use crate::{MappingError, models};

/// Reads the answer to an operation.
pub(super) fn reply(operation: &Operation, body: &[u8]) -> Result<Reply, MappingError> {
    match operation {
        Operation::ListModels => models::reply(body),
        _ => Err(MappingError { what: "the answer should have been a stream".to_owned() }),
    }
}

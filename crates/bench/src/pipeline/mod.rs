//! The core without a window: from the bytes on a socket to the batches that a window would be sent.

mod delay;
mod doctor;
mod load;
mod models;
mod readers;
mod stages;
mod streams;

use crate::{Error, Options, row::Row};

/// All rows about the core.
///
/// # Errors
///
/// If the engine or a peer fails at what it is given.
pub async fn rows(_: &Options) -> Result<Vec<Row>, Error> {
    let mut rows = readers::rows().await?;
    rows.extend(streams::rows().await?);
    rows.extend(stages::rows().await?);
    rows.extend(delay::rows().await?);
    Ok(rows)
}

/// The rows about a long catalogue of models.
///
/// # Errors
///
/// If it cannot be written or read.
pub async fn models(_: &Options) -> Result<Vec<Row>, Error> {
    models::rows()
}

/// The rows about the test of a connection.
///
/// # Errors
///
/// If a test does not come to its end.
pub async fn doctor(_: &Options) -> Result<Vec<Row>, Error> {
    doctor::rows(&load::deltas()).await
}

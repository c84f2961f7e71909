//! The core without a window: from the bytes on a socket to the batches that a window would be sent.

mod delay;
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
    rows.push(models::row());
    rows.extend(delay::rows().await?);
    Ok(rows)
}

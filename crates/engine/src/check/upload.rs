//! A file that is sent to the server, to see whether it takes it.

use std::path::Path;

use super::{
    chain::{Seen, Wrong},
    words::count,
};
use crate::{
    attachments::{Source, open},
    backend::{Backend, Uploaded},
};

/// Sends a file, and has the server forget it again, where that can be asked for.
pub(super) async fn send(backend: &Backend, path: &Path) -> Result<((), Seen), Wrong> {
    let opened = open(Source::Path(path.to_owned())).await?;
    let Uploaded { id, file } = backend.upload(opened).await?;
    let bytes = count(usize::try_from(file.size).unwrap_or(usize::MAX), "byte", "bytes");
    let line = format!("“{}” took the file “{}”: {bytes}, as {}.", backend.name(), file.name, file.mime_type);
    let left = match backend.discard(id).await {
        Ok(true) => "deleted again".to_owned(),
        Ok(false) => "stays on the server, which names no way to delete it".to_owned(),
        Err(failure) => format!("still on the server: {}", failure.message),
    };
    Ok(((), Seen::new(line).fact("The file", left)))
}

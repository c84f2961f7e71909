//! What a server sent, read again by its kind's mapper.
#![allow(clippy::unwrap_used, reason = "a replay that cannot be made fails the test that wants it")]

use std::{io, sync::LazyLock};

use adapters::Mapper;
use bytes::Bytes;
use futures_util::stream;
use model::ThreadEvent;
use tokio::runtime::Runtime;
use transport::{Limits, decode, decode_loosely};

static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_time().build().unwrap());

/// How a body is cut into events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Framing {
    /// As the standard says.
    Standard,
    /// As it is done for servers that may not know the standard.
    Loose,
}

/// How a body ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// As it should.
    Proper,
    /// It breaks off.
    Broken,
}

/// The events of a body that comes in these pieces, with those of its end if that is proper.
pub fn replayed(mapper: &mut dyn Mapper, framing: Framing, pieces: Vec<Vec<u8>>, end: End) -> Vec<ThreadEvent> {
    let cut = (end == End::Broken).then(|| Err(io::Error::from(io::ErrorKind::UnexpectedEof)));
    let pieces: Vec<_> = pieces.into_iter().map(|piece| Ok(Bytes::from(piece))).chain(cut).collect();
    RUNTIME.block_on(async {
        let (pieces, limits) = (stream::iter(pieces), Limits::default());
        let mut frames = match framing {
            Framing::Standard => decode(pieces, &limits),
            Framing::Loose => decode_loosely(pieces, &limits),
        };
        let mut events = Vec::new();
        loop {
            match frames.next().await {
                Some(Ok(frame)) => events.extend(mapper.on_frame(&frame.event, &frame.data)),
                Some(Err(_)) => return events,
                None => {
                    events.extend(mapper.on_end());
                    return events;
                }
            }
        }
    })
}

/// A body, cut at these places.
pub fn pieces(body: &[u8], cuts: impl IntoIterator<Item = usize>) -> Vec<Vec<u8>> {
    let mut cuts: Vec<_> = cuts.into_iter().collect();
    cuts.extend([0, body.len()]);
    cuts.sort_unstable();
    cuts.windows(2).map(|pair| body[pair[0]..pair[1]].to_vec()).collect()
}

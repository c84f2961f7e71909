//! Pictures that servers name: fetched here and never by a window, and only where the one who has them may know that they
//! are looked at.
//!
//! A server's own pictures are asked for as everything else is, with what its requests carry. Others are asked for with
//! nothing, once the server's list for the conversation or the person allows their host; and never from an address that is
//! nearer to this machine than the server itself.

mod allowed;
mod data;
mod fetch;
mod gallery;
mod look;
mod policy;
mod words;

use std::{fmt, sync::Arc};

use model::{Failure, ThreadId};
use url::Url;

pub(crate) use allowed::{Allowed, PICTURES, Pictures};
pub(crate) use look::picture as picture_of;

use crate::engine::Engine;

/// A picture that a window may draw.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    /// What it is, by its first bytes.
    pub kind: PictureKind,
    /// How wide it is, in its own pixels.
    pub width: u32,
    /// How high it is, in its own pixels.
    pub height: u32,
    /// All of it.
    pub bytes: Arc<Vec<u8>>,
}

/// The kinds of pictures that are shown. None of them can hold a program, or the address of anything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PictureKind {
    /// `image/png`.
    Png,
    /// `image/jpeg`.
    Jpeg,
    /// `image/gif`.
    Gif,
    /// `image/webp`.
    Webp,
}

/// What the person said about a picture.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Permission {
    /// Hosts that may be asked for this picture, this once.
    pub once: Vec<String>,
    /// A host that may be asked for every picture of the conversation from now on.
    pub always: Option<String>,
}

/// Why there is no picture.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// Nobody allowed that this host is asked, and it was not.
    #[error("the picture is on {host}, which nobody has allowed to be asked")]
    NotAllowed {
        /// Its name, or its address, in lower case.
        host: String,
    },
    /// It cannot be shown, in words.
    #[error(transparent)]
    Failed(#[from] Failure),
}

impl Picture {
    /// Its type, as it stands in headers.
    pub fn mime_type(&self) -> &'static str {
        match self.kind {
            PictureKind::Png => "image/png",
            PictureKind::Jpeg => "image/jpeg",
            PictureKind::Gif => "image/gif",
            PictureKind::Webp => "image/webp",
        }
    }
}

impl fmt::Debug for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, width, height, bytes } = self;
        write!(f, "Picture({kind:?}, {width}x{height}, {} bytes)", bytes.len())
    }
}

impl Engine {
    /// A picture of a conversation, by the address under which its server named it. What was fetched before is there at
    /// once; who asks for the same at the same time waits for one answer.
    ///
    /// # Errors
    ///
    /// [`PictureError::NotAllowed`] if the person has to be asked first; why it cannot be shown; the local store's failures.
    pub async fn picture(
        &self,
        thread: &ThreadId,
        address: &str,
        permission: &Permission,
    ) -> Result<Picture, PictureError> {
        if data::is_data(address) {
            let address = address.to_owned();
            let read = tokio::task::spawn_blocking(move || data::picture(&address)).await;
            return read.map_err(|_| words::broken())?.map_err(|unfit| words::unfit_here(unfit).into());
        }
        let url = Url::parse(address.trim()).map_err(|_| words::no_address())?;
        let live = self.live(thread).await?;
        if let Some(host) = &permission.always {
            live.with(|inner| {
                let is_new = inner.pictures.allow(host);
                inner.unsaved.pictures |= is_new;
            });
        }
        let gallery = live.with(|inner| inner.pictures.gallery());
        if let Some(picture) = gallery.kept(url.as_str()) {
            return Ok(picture);
        }
        let key = format!("{url} {:?}", permission.once);
        let fetching = async {
            let fetched = tokio::select! {
                fetched = self.fetch(&live, &gallery, url.clone(), &permission.once) => fetched,
                () = gallery.is_gone() => Err(words::given_up().into()),
                () = self.shared.closing.cancelled() => Err(words::given_up().into()),
            };
            if let Ok(picture) = &fetched {
                gallery.keep(url.as_str(), picture);
            }
            fetched
        };
        gallery.share(&key, fetching).await
    }
}

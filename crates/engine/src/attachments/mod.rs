//! Files that are to go with a message: from the moment they were chosen until the message is sent (section 8).
//!
//! They belong to the engine, not to a view: whoever looks at another thread meanwhile finds them again, and what is on its
//! way goes on. Nothing of it outlives the program.

mod bring;
mod files;
mod look;
mod name;
mod unsent;

use model::{
    Attachment, AttachmentOptions, Connection, DraftFileId, Extra, Failure, FailureCode, ItemBody, ItemStage, ThreadId,
};
use serde_json::Value;
use tokio_util::bytes::Bytes;

use self::{files::Entry, look::kinds};
pub use self::{
    files::{Files, Place},
    look::{Opened, Source, open},
};
use crate::{
    engine::Engine,
    failure::{no_files, unknown},
    live::Inner,
    pictures::Picture,
    view::{Composed, DraftFile, DraftFileState, FileLimits, FileTarget},
};

/// The largest file that is pasted, in bytes: it is in memory as long as the message is not sent.
pub const LARGEST_PASTED: usize = 32 * 1024 * 1024;

/// The largest picture that is shown small in the window, in bytes.
const LARGEST_SHOWN: u64 = 2 * 1024 * 1024;

impl Engine {
    /// Adds files to a message that was not sent yet, and begins to upload them. What is wrong with one of them is told in
    /// its state.
    ///
    /// # Errors
    ///
    /// [`FailureCode::NotFound`] if the connection takes no files, [`FailureCode::BadInput`] if they are too many,
    /// [`FailureCode::Unknown`] for a thread or connection that is not here. Then no file was looked at.
    pub async fn attach(&self, target: &FileTarget, sources: Vec<Source>) -> Result<Vec<DraftFile>, Failure> {
        let (place, connection, options) = self.takes(target).await?;
        let added = self.shared.files.add(&place, sources, options.most(), &connection.name)?;
        let views = added.iter().map(|entry| entry.view.clone()).collect();
        self.shared.files.show(&self.shared.hub, &place);
        added.into_iter().for_each(|entry| self.bring_soon(place.clone(), connection.id.clone(), entry));
        Ok(views)
    }

    /// The same for what was pasted: it has a name and is in memory.
    ///
    /// # Errors
    ///
    /// Those of [`Engine::attach`], and [`FailureCode::TooLarge`] for more than [`LARGEST_PASTED`].
    pub async fn attach_bytes(&self, target: &FileTarget, name: &str, bytes: Vec<u8>) -> Result<DraftFile, Failure> {
        if bytes.len() > LARGEST_PASTED {
            let words = "This is too large to be pasted. Save it as a file, and add that.";
            return Err(Failure::new(FailureCode::TooLarge, words));
        }
        let source = Source::Bytes(name.to_owned(), Bytes::from(bytes));
        let added = self.attach(target, vec![source]).await?;
        added.into_iter().next().ok_or_else(|| unknown("file"))
    }

    /// Takes a file from its message. What is on its way is given up, and the server forgets what it has of it.
    ///
    /// # Errors
    ///
    /// [`FailureCode::Unknown`] if it is not there; it may have been sent.
    pub fn remove_attachment(&self, id: &DraftFileId) -> Result<(), Failure> {
        let (place, entry) = self.shared.files.remove(id).ok_or_else(|| unknown("file"))?;
        self.shared.files.show(&self.shared.hub, &place);
        self.let_go(place, entry);
        Ok(())
    }

    /// Tries again to upload a file. It is opened anew.
    ///
    /// # Errors
    ///
    /// [`FailureCode::Unknown`] if it is not there, or did not fail.
    pub async fn retry_attachment(&self, id: &DraftFileId) -> Result<(), Failure> {
        let place = self.shared.files.place_of(id).ok_or_else(|| unknown("file"))?;
        let (place, connection, _) = self.takes(&place.target()).await?;
        let entry = self.shared.files.again(id).ok_or_else(|| unknown("file"))?;
        self.shared.files.show(&self.shared.hub, &place);
        self.bring_soon(place, connection.id, entry);
        Ok(())
    }

    /// A picture among the files of a message, if it is small enough to be shown as it is.
    pub async fn attachment_preview(&self, id: &DraftFileId) -> Option<Picture> {
        let source = self.shared.files.source(id)?;
        tokio::task::spawn_blocking(move || look::preview(&source, LARGEST_SHOWN)).await.ok().flatten()
    }

    /// The files of a message that was not sent yet.
    pub fn attachments(&self, target: &FileTarget) -> Vec<DraftFile> {
        self.shared.files.views(&Place::of(target))
    }

    /// The files that a message takes along. They stay with the draft until [`Engine::files_left`].
    pub(crate) fn taken_along(&self, message: &Composed) -> Result<Vec<Attachment>, Failure> {
        let entries = self.shared.files.named(&Place::of_message(message), &message.files).ok_or_else(|| {
            let words = "A file of this message is not there any more. Look at what is with it, and send it again.";
            Failure::new(FailureCode::Unknown, words)
        })?;
        let failed = entries.iter().find(|entry| matches!(entry.view.state, DraftFileState::Failed { .. }));
        if let Some(Entry { view, .. }) = failed {
            let words = format!(
                "“{}” was not uploaded. Remove it from the message, or try again to upload it, and send the message then.",
                view.name
            );
            return Err(Failure::new(FailureCode::BadInput, words));
        }
        let late = entries.iter().filter(|entry| entry.view.state != DraftFileState::Ready).count();
        if late > 0 {
            let words = match late {
                1 => "A file is still being uploaded. Send the message when it is there.".to_owned(),
                late => format!("{late} files are still being uploaded. Send the message when they are there."),
            };
            return Err(Failure::new(FailureCode::Busy, words));
        }
        Ok(entries.iter().filter_map(attachment).collect())
    }

    /// The files have left with their message.
    pub(crate) fn files_left(&self, message: &Composed) {
        let place = Place::of_message(message);
        self.shared.files.left(&place, &message.files);
        self.shared.files.show(&self.shared.hub, &place);
    }

    /// The files of a message that was taken back are with the draft again.
    pub(crate) fn files_are_back(&self, thread: &ThreadId, files: Vec<Attachment>) {
        if files.is_empty() {
            return;
        }
        let place = Place::Thread(thread.clone());
        self.shared.files.put_back(&place, files.into_iter().map(Entry::returned).collect());
        self.shared.files.show(&self.shared.hub, &place);
    }

    /// Drops what was not sent of a message that nobody can send any more.
    pub(crate) fn drop_files(&self, place: &Place) {
        let entries = self.shared.files.drop_all(place);
        self.shared.files.show(&self.shared.hub, place);
        entries.into_iter().for_each(|entry| self.let_go(place.clone(), entry));
    }

    /// Whether a message takes files, and where to.
    async fn takes(&self, target: &FileTarget) -> Result<(Place, Connection, AttachmentOptions), Failure> {
        let id = match &target.thread {
            Some(thread) => self.live(thread).await?.with(|inner| inner.thread.connection.clone()),
            None => target.connection.clone(),
        };
        if let Some(route) = self.route(&id) {
            let words = format!(
                "“{}” is a route, and a file lies with one server alone. Begin a conversation with one of its connections to \
                 send files.",
                route.name
            );
            return Err(Failure::new(FailureCode::NotFound, words));
        }
        let connection = self.connection(&id)?;
        let options = connection.takes_files().ok_or_else(|| no_files(&connection.name))?;
        let place = Place::of(&FileTarget { connection: id, thread: target.thread.clone() });
        Ok((place, connection, options))
    }
}

/// What is said of files before one is chosen; nothing where a connection takes none.
pub fn limits(connection: &Connection) -> Option<FileLimits> {
    let options = connection.takes_files()?;
    let sizes = match &options.max_size {
        Some(model::MaxSize::ByType(sizes)) => sizes.values().copied().max(),
        _ => None,
    };
    let max_size = sizes.unwrap_or_else(|| options.largest(""));
    Some(FileLimits { max_size, max_count: options.most(), accept: kinds(&options) })
}

/// The files of the message that is on its way and was not sent yet.
pub(crate) fn files_of_unsent(inner: &Inner) -> Vec<Attachment> {
    let own = inner.state.last_user_message();
    match own.filter(|entry| entry.stage == ItemStage::Sending).map(|entry| &entry.item.body) {
        Some(ItemBody::UserMessage(message)) => message.attachments.clone(),
        _ => Vec::new(),
    }
}

/// A file as a message holds it.
fn attachment(entry: &Entry) -> Option<Attachment> {
    let DraftFile { name, mime_type, size, .. } = &entry.view;
    let kind = if mime_type.starts_with("image/") { "image" } else { "file" };
    let extra: Extra = [
        ("type".to_owned(), Value::from(kind)),
        ("mime_type".to_owned(), Value::from(mime_type.as_str())),
        ("size".to_owned(), Value::from(*size)),
    ]
    .into_iter()
    .collect();
    Some(Attachment { id: entry.remote.clone()?, name: name.clone(), extra })
}

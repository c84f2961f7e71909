//! Which files are with which message, and how far they have come.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use model::{Attachment, ConnectionId, DraftFileId, Failure, FailureCode, ThreadId};
use serde_json::Value;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::look::Source;
use crate::{
    hub::Hub,
    view::{Composed, DraftFile, DraftFileState, DraftFiles, FileTarget},
};

/// How many files are uploaded at a time.
const AT_A_TIME: usize = 2;

/// Where a message is being written.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Place {
    /// In a thread.
    Thread(ThreadId),
    /// Nowhere yet: it will begin a thread with a connection.
    New(ConnectionId),
}

impl Place {
    /// That of a target.
    pub fn of(target: &FileTarget) -> Self {
        match &target.thread {
            Some(thread) => Self::Thread(thread.clone()),
            None => Self::New(target.connection.clone()),
        }
    }

    /// That of a message.
    pub fn of_message(message: &Composed) -> Self {
        match &message.request.thread {
            Some(thread) => Self::Thread(thread.clone()),
            None => Self::New(message.request.connection.clone()),
        }
    }

    /// The same, as a host names it.
    pub fn target(&self) -> FileTarget {
        match self {
            Self::Thread(thread) => FileTarget { connection: ConnectionId::new(""), thread: Some(thread.clone()) },
            Self::New(connection) => FileTarget { connection: connection.clone(), thread: None },
        }
    }
}

/// A file of a message.
#[derive(Debug, Clone)]
pub struct Entry {
    /// As it is shown.
    pub view: DraftFile,
    /// Where its bytes are; absent where only the server has them.
    pub source: Option<Source>,
    /// What the server calls it, once it has a name.
    pub remote: Option<String>,
    /// With whom it is.
    pub connection: Option<ConnectionId>,
    /// Gives up what is on its way.
    pub cancel: CancellationToken,
}

impl Entry {
    fn new(source: Source) -> Self {
        let view = DraftFile {
            id: DraftFileId::new(Uuid::now_v7().to_string()),
            name: source.name(),
            mime_type: String::new(),
            size: 0,
            state: DraftFileState::Checking,
        };
        Self { view, source: Some(source), remote: None, connection: None, cancel: CancellationToken::new() }
    }

    /// A file that the server has since before.
    pub fn returned(file: Attachment) -> Self {
        let text = |key: &str| file.extra.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let view = DraftFile {
            id: DraftFileId::new(Uuid::now_v7().to_string()),
            mime_type: text("mime_type"),
            size: file.extra.get("size").and_then(Value::as_u64).unwrap_or_default(),
            state: DraftFileState::Ready,
            name: file.name,
        };
        Self { view, source: None, remote: Some(file.id), connection: None, cancel: CancellationToken::new() }
    }
}

/// The files of all messages that were not sent yet.
#[derive(Debug)]
pub struct Files {
    drafts: Mutex<HashMap<Place, Vec<Entry>>>,
    /// Taken by each file that is on its way.
    pub room: Arc<Semaphore>,
}

impl Default for Files {
    fn default() -> Self {
        Self { drafts: Mutex::default(), room: Arc::new(Semaphore::new(AT_A_TIME)) }
    }
}

impl Files {
    /// Adds files to a message, unless they would be too many.
    ///
    /// # Errors
    ///
    /// [`FailureCode::BadInput`], in words; then none was added.
    pub fn add(&self, place: &Place, sources: Vec<Source>, most: usize, to: &str) -> Result<Vec<Entry>, Failure> {
        let mut drafts = self.lock();
        let entries = drafts.entry(place.clone()).or_default();
        if entries.len() + sources.len() > most {
            let words = match entries.len() {
                0 => format!("“{to}” takes {most} files with a message at most. Choose fewer."),
                there => format!(
                    "“{to}” takes {most} files with a message at most, and {there} are with this one already. Choose fewer, or \
                     remove some."
                ),
            };
            return Err(Failure::new(FailureCode::BadInput, words));
        }
        let added: Vec<_> = sources.into_iter().map(Entry::new).collect();
        entries.extend(added.iter().cloned());
        Ok(added)
    }

    /// Puts files back that had left.
    pub fn put_back(&self, place: &Place, mut entries: Vec<Entry>) {
        let mut drafts = self.lock();
        let there = drafts.entry(place.clone()).or_default();
        entries.append(there);
        *there = entries;
    }

    /// Changes a file, if it is still there.
    pub fn change(&self, id: &DraftFileId, change: impl FnOnce(&mut Entry)) -> bool {
        let mut drafts = self.lock();
        drafts.values_mut().flatten().find(|entry| entry.view.id == *id).map(change).is_some()
    }

    /// Takes a file away.
    pub fn remove(&self, id: &DraftFileId) -> Option<(Place, Entry)> {
        self.lock().iter_mut().find_map(|(place, entries)| {
            let at = entries.iter().position(|entry| entry.view.id == *id)?;
            Some((place.clone(), entries.remove(at)))
        })
    }

    /// Takes all files of a message away.
    pub fn drop_all(&self, place: &Place) -> Vec<Entry> {
        self.lock().remove(place).unwrap_or_default()
    }

    /// Takes the files of some messages away.
    pub fn take(&self, wanted: impl Fn(&Place) -> bool) -> Vec<(Place, Entry)> {
        // What is wanted may be asked of threads, whose locks are never taken under this one.
        let places: Vec<Place> = self.lock().keys().cloned().collect();
        let places = places.into_iter().filter(wanted);
        places.flat_map(|place| self.drop_all(&place).into_iter().map(move |entry| (place.clone(), entry))).collect()
    }

    /// Gives up all that is on its way.
    pub fn stop(&self) {
        self.lock().values().flatten().for_each(|entry| entry.cancel.cancel());
    }

    /// Where a file is.
    pub fn place_of(&self, id: &DraftFileId) -> Option<Place> {
        let drafts = self.lock();
        let mut places = drafts.iter();
        places.find(|(_, entries)| entries.iter().any(|entry| entry.view.id == *id)).map(|(place, _)| place.clone())
    }

    /// Where the bytes of a file are.
    pub fn source(&self, id: &DraftFileId) -> Option<Source> {
        self.lock().values().flatten().find(|entry| entry.view.id == *id)?.source.clone()
    }

    /// Begins anew with a file that failed.
    pub fn again(&self, id: &DraftFileId) -> Option<Entry> {
        let mut drafts = self.lock();
        let entry = drafts.values_mut().flatten().find(|entry| entry.view.id == *id)?;
        if !matches!(entry.view.state, DraftFileState::Failed { can_retry: true, .. }) {
            return None;
        }
        entry.view.state = DraftFileState::Checking;
        entry.cancel = CancellationToken::new();
        Some(entry.clone())
    }

    /// Some files of a message, in the order in which they were added; nothing if one is not there.
    pub fn named(&self, place: &Place, ids: &[DraftFileId]) -> Option<Vec<Entry>> {
        let drafts = self.lock();
        let there = drafts.get(place).map(Vec::as_slice).unwrap_or_default();
        let named: Vec<_> = there.iter().filter(|entry| ids.contains(&entry.view.id)).cloned().collect();
        (named.len() == ids.len()).then_some(named)
    }

    /// Some files have left with their message.
    pub fn left(&self, place: &Place, ids: &[DraftFileId]) {
        if let Some(entries) = self.lock().get_mut(place) {
            entries.retain(|entry| !ids.contains(&entry.view.id));
        }
    }

    /// The files of a message as they are shown.
    pub fn views(&self, place: &Place) -> Vec<DraftFile> {
        self.lock().get(place).into_iter().flatten().map(|entry| entry.view.clone()).collect()
    }

    /// Tells everybody of the files of a message. Under the lock, so that what is told last is what is so.
    pub fn show(&self, hub: &Hub, place: &Place) {
        let drafts = self.lock();
        let files = drafts.get(place).into_iter().flatten().map(|entry| entry.view.clone()).collect();
        hub.set_files(DraftFiles { target: place.target(), files });
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Place, Vec<Entry>>> {
        self.drafts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

//! What goes over the wire for connections, for those who make servers: recorded while somebody wants that, in memory only,
//! without secrets, and bounded. While nobody does, a request looks once whether somebody does, and that is all.
//!
//! Everything passes [`Outbound`](crate::Outbound), which asks for an [`Ear`] here and gives it to the transport.

mod asks;
mod book;
mod curl;
mod ear;
mod frames;
mod label;
mod marks;
mod text;
mod trace;

use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use secrets::Redactor;
use tokio::sync::watch;
use transport::Request;

use self::book::Book;
pub use self::{
    ear::Ear,
    label::{Label, Purpose, remote},
};
use crate::view::Recording;

/// The recorder of one engine.
pub struct Wire {
    on: AtomicBool,
    redactor: Arc<Redactor>,
    book: Mutex<Book>,
    /// The last revision, for those who wait for a later one.
    news: watch::Sender<u64>,
}

impl Wire {
    /// One that records nothing yet.
    pub fn new(redactor: Arc<Redactor>) -> Arc<Self> {
        let (on, book) = (AtomicBool::new(false), Mutex::default());
        Arc::new(Self { on, redactor, book, news: watch::Sender::new(1) })
    }

    /// What becomes of requests that begin from now on.
    pub fn set(&self, recording: Recording) {
        self.on.store(recording == Recording::On, Ordering::Release);
    }

    /// Whether requests are recorded.
    pub fn is_on(&self) -> bool {
        self.on.load(Ordering::Acquire)
    }

    /// Begins with a request, if requests are recorded.
    pub fn begin(self: &Arc<Self>, label: &Label, request: &Request) -> Option<Arc<Ear>> {
        self.is_on().then(|| Arc::new(Ear::begin(self.clone(), label, request)))
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes what is recorded, and tells those who wait.
    fn change<T>(&self, change: impl FnOnce(&mut Book) -> T) -> T {
        let mut book = self.book();
        let answer = change(&mut book);
        let revision = book.revision();
        drop(book);
        self.news.send_replace(revision);
        answer
    }
}

#[cfg(test)]
mod tests;

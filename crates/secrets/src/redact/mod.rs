//! The one redactor: what is written into logs, errors and reports goes through it, and is without secrets then.
//!
//! It hides what this process holds, in every form in which a text may hold it, and whatever has the shape of a secret.
//! What a server answers in a conversation is the person's content, and does not pass here.

mod live;
mod shapes;
mod view;

use std::{
    borrow::Cow,
    fmt,
    ops::Range,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use model::Failure;
use secrecy::{ExposeSecret, SecretString};

use live::Live;

/// What stands in the place of a secret.
pub const HIDDEN: &str = "[hidden]";

/// The shortest secret that is looked for, in bytes. Anything shorter is a word or a number: it would be found, and told,
/// in texts that have nothing to do with it.
pub const SHORTEST: usize = 6;

/// How many secrets are known at once; the one that was not used for the longest time is forgotten first. Sessions come
/// and go for as long as the program runs.
const MOST: usize = 64;

/// Takes secrets out of texts.
#[derive(Default)]
pub struct Redactor {
    /// The secrets of this process; the one used last is the last.
    known: Mutex<Vec<SecretString>>,
    /// What looks for them. Held for no longer than it takes to copy the pointer, since a report of a crash needs it too.
    live: Mutex<Arc<Live>>,
}

impl Redactor {
    /// A redactor that knows the shapes of secrets, and none by itself.
    pub fn new() -> Self {
        Self::default()
    }

    /// From now on this secret is hidden. Whoever reads one, is given one or is about to send one says so here.
    pub fn register(&self, secret: &SecretString) {
        let text = secret.expose_secret();
        if text.len() < SHORTEST {
            return;
        }
        let mut known = lock(&self.known);
        if let Some(place) = known.iter().position(|other| other.expose_secret() == text) {
            known[place..].rotate_left(1);
            return;
        }
        if known.len() == MOST {
            known.remove(0);
        }
        known.push(secret.clone());
        let live = Arc::new(Live::of(&known));
        *lock(&self.live) = live;
    }

    /// Whether a text holds a secret of this process, in whatever form.
    pub fn knows(&self, text: &str) -> bool {
        let live = lock(&self.live).clone();
        !live.find(text).is_empty()
    }

    /// A text without secrets. Said twice it is the same as said once.
    pub fn clean<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let live = lock(&self.live).clone();
        let hidden = hide(text, live.find(text));
        match shapes::hide(&hidden) {
            Cow::Owned(text) => Cow::Owned(text),
            Cow::Borrowed(_) => hidden,
        }
    }

    /// A failure whose words and detail are without secrets.
    pub fn failure(&self, failure: Failure) -> Failure {
        Failure {
            message: self.clean(&failure.message).into_owned(),
            detail: failure.detail.map(|detail| self.clean(&detail).into_owned()),
            // One that is not what the server has is of no use.
            mapping: failure.mapping.map(|mut mapping| {
                mapping.pointers.retain(|pointer| self.clean(pointer) == pointer.as_str());
                mapping
            }),
            ..failure
        }
    }
}

impl fmt::Debug for Redactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redactor").field("known", &lock(&self.known).len()).finish_non_exhaustive()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The text with something else in these places, which may overlap.
fn hide(text: &str, mut places: Vec<Range<usize>>) -> Cow<'_, str> {
    if places.is_empty() {
        return Cow::Borrowed(text);
    }
    places.sort_unstable_by_key(|place| (place.start, place.end));
    let mut hidden = String::with_capacity(text.len());
    let mut done = 0;
    for place in places {
        let (start, end) = (text.floor_char_boundary(place.start), text.ceil_char_boundary(place.end));
        if start >= done {
            hidden.push_str(&text[done..start]);
            hidden.push_str(HIDDEN);
        }
        done = done.max(end);
    }
    hidden.push_str(&text[done..]);
    Cow::Owned(hidden)
}

#[cfg(test)]
mod tests;

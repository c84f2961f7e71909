//! The pictures of a thread that are in memory, and those that are on their way.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
};

use tokio::sync::{OnceCell, Semaphore, SemaphorePermit};
use tokio_util::sync::CancellationToken;

use super::{Picture, PictureError};

/// How many bytes of pictures are kept for a thread.
const MOST: usize = 48 << 20;

/// How many pictures of a thread are fetched at a time.
const AT_ONCE: usize = 6;

type Answer = Result<Picture, PictureError>;

/// The pictures of a thread.
#[derive(Debug)]
pub struct Gallery {
    kept: Mutex<Kept>,
    coming: Mutex<HashMap<String, Weak<OnceCell<Answer>>>>,
    places: Semaphore,
    gone: CancellationToken,
}

/// Those that are here, the one that was wanted last at the end.
#[derive(Debug, Default)]
struct Kept {
    pictures: VecDeque<(String, Picture)>,
    bytes: usize,
}

impl Default for Gallery {
    fn default() -> Self {
        Self {
            kept: Mutex::default(),
            coming: Mutex::default(),
            places: Semaphore::new(AT_ONCE),
            gone: CancellationToken::new(),
        }
    }
}

impl Gallery {
    /// One that is here.
    pub fn kept(&self, name: &str) -> Option<Picture> {
        let mut kept = locked(&self.kept);
        let place = kept.pictures.iter().position(|(known, _)| known == name)?;
        let found = kept.pictures.remove(place)?;
        let picture = found.1.clone();
        kept.pictures.push_back(found);
        Some(picture)
    }

    /// Keeps one; those that nobody has wanted for the longest time make room.
    pub fn keep(&self, name: &str, picture: &Picture) {
        let mut kept = locked(&self.kept);
        if kept.pictures.iter().any(|(known, _)| known == name) {
            return;
        }
        kept.bytes += picture.bytes.len();
        kept.pictures.push_back((name.to_owned(), picture.clone()));
        while kept.bytes > MOST
            && let Some((_, oldest)) = kept.pictures.pop_front()
        {
            kept.bytes -= oldest.bytes.len();
        }
    }

    /// What comes of fetching one, which is done once for all who want it meanwhile. If who began it goes away, the next one
    /// who waits begins anew.
    pub async fn share(&self, name: &str, fetching: impl Future<Output = Answer>) -> Answer {
        let cell = {
            let mut coming = locked(&self.coming);
            coming.retain(|_, cell| cell.strong_count() > 0);
            match coming.get(name).and_then(Weak::upgrade) {
                Some(cell) => cell,
                None => {
                    let cell = Arc::new(OnceCell::new());
                    coming.insert(name.to_owned(), Arc::downgrade(&cell));
                    cell
                }
            }
        };
        cell.get_or_init(|| fetching).await.clone()
    }

    /// Waits until one more may be fetched. Never `None` in practice: nobody closes the door.
    pub async fn place(&self) -> Option<SemaphorePermit<'_>> {
        self.places.acquire().await.ok()
    }

    /// Gives up what is on its way.
    pub fn give_up(&self) {
        self.gone.cancel();
    }

    /// Waits until that has happened.
    pub async fn is_gone(&self) {
        self.gone.cancelled().await;
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::{super::PictureKind, *};

    fn picture(bytes: usize) -> Picture {
        Picture { kind: PictureKind::Png, width: 1, height: 1, bytes: Arc::new(vec![0; bytes]) }
    }

    #[test]
    fn the_one_that_was_wanted_the_longest_ago_makes_room() {
        let gallery = Gallery::default();
        for name in ["a", "b", "c"] {
            gallery.keep(name, &picture(MOST / 3));
        }
        assert!(gallery.kept("a").is_some());
        gallery.keep("d", &picture(MOST / 3));
        let here: Vec<_> = ["a", "b", "c", "d"].into_iter().filter(|name| gallery.kept(name).is_some()).collect();
        assert_eq!(here, ["a", "c", "d"]);
        assert!(locked(&gallery.kept).bytes <= MOST);
    }

    #[tokio::test]
    async fn what_many_want_is_fetched_once_and_again_only_when_that_is_over() {
        let (gallery, asked) = (Gallery::default(), AtomicUsize::new(0));
        let fetch = || async {
            asked.fetch_add(1, Ordering::Relaxed);
            tokio::task::yield_now().await;
            Err(PictureError::NotAllowed { host: "a".to_owned() })
        };
        let (first, second) = tokio::join!(gallery.share("x", fetch()), gallery.share("x", fetch()));
        assert_eq!((first.clone(), asked.load(Ordering::Relaxed)), (second, 1));
        assert_eq!(gallery.share("x", fetch()).await, first);
        assert_eq!(asked.load(Ordering::Relaxed), 2);
    }
}

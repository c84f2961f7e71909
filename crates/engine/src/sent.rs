//! Messages that were sent a moment ago, by the keys that the windows gave them: one that comes once more, because a button
//! was pressed twice or an answer did not arrive, is not sent once more.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

use model::{Failure, ThreadId};
use tokio::sync::OnceCell;

/// So many keys are remembered.
const KEYS: usize = 256;

/// In which thread a message is, once it is in one.
type Place = Arc<OnceCell<ThreadId>>;

/// The messages.
#[derive(Debug, Default)]
pub struct Sent {
    /// The latest at the end.
    places: Mutex<VecDeque<(String, Place)>>,
}

impl Sent {
    /// Sends a message that has a key, unless it was sent; answers its thread. Whoever comes while it is being sent waits
    /// for that. If sending fails, nothing was sent, and the same key may be used again.
    ///
    /// # Errors
    ///
    /// Those of `send`.
    pub async fn once(
        &self,
        key: String,
        send: impl Future<Output = Result<ThreadId, Failure>>,
    ) -> Result<ThreadId, Failure> {
        let place = self.place(key);
        place.get_or_try_init(|| send).await.cloned()
    }

    fn place(&self, key: String) -> Place {
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, place)) = places.iter().find(|(known, _)| *known == key) {
            return place.clone();
        }
        if places.len() >= KEYS {
            places.pop_front();
        }
        let place = Place::default();
        places.push_back((key, place.clone()));
        place
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use model::FailureCode;

    use super::*;

    #[tokio::test]
    async fn a_key_counts_once_also_while_it_is_being_sent() {
        let (sent, count) = (Sent::default(), AtomicUsize::new(0));
        let send = || async {
            let number = count.fetch_add(1, Ordering::Relaxed);
            tokio::task::yield_now().await;
            Ok(ThreadId::new(number.to_string()))
        };
        let (one, two) = tokio::join!(sent.once("a".to_owned(), send()), sent.once("a".to_owned(), send()));
        assert_eq!(one.unwrap(), two.unwrap());
        assert_eq!(count.load(Ordering::Relaxed), 1);
        assert_ne!(sent.once("b".to_owned(), send()).await, sent.once("a".to_owned(), send()).await);
        assert_eq!(count.load(Ordering::Relaxed), 2);
    }

    #[tokio::test]
    async fn what_failed_was_not_sent() {
        let sent = Sent::default();
        let busy = async { Err(Failure::new(FailureCode::Busy, "…")) };
        assert!(sent.once("a".to_owned(), busy).await.is_err());
        assert!(sent.once("a".to_owned(), async { Ok(ThreadId::new("1")) }).await.is_ok());
    }

    #[tokio::test]
    async fn only_so_many_are_remembered() {
        let sent = Sent::default();
        for number in 0..=KEYS {
            let place = ThreadId::new(number.to_string());
            sent.once(number.to_string(), async { Ok(place) }).await.unwrap();
        }
        let again = sent.once(KEYS.to_string(), async { Ok(ThreadId::new("again")) }).await.unwrap();
        assert_eq!(again.as_str(), KEYS.to_string());
        let again = sent.once("0".to_owned(), async { Ok(ThreadId::new("again")) }).await.unwrap();
        assert_eq!(again.as_str(), "again");
    }
}

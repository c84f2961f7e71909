//! When a server that cannot be reached is tried again: after waits that grow, never by all at the same moment, and sooner
//! if there is a reason to hope.

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, SystemTime},
};

use tokio::{sync::Notify, time::Instant};
use tokio_util::sync::CancellationToken;

/// The first wait; it doubles with each try in vain.
const FIRST: Duration = Duration::from_secs(3);

/// The longest wait. A server that begins anew is back after this at the latest, while somebody looks at the window.
const LONGEST: Duration = Duration::from_secs(120);

/// The least time between two tries, whatever the reason to hope.
const LEAST: Duration = Duration::from_secs(1);

/// How long the clocks are not looked at. The steady one stands still while the computer sleeps, the other one does not.
const SLICE: Duration = Duration::from_secs(15);

/// For how long a server has to be back so that the waits begin anew if it goes away again.
const CALM: Duration = Duration::from_secs(60);

/// A connection whose server cannot be reached.
#[derive(Debug, Default)]
pub struct Away {
    over: CancellationToken,
    hurry: Notify,
    /// How many tries were in vain.
    failed: AtomicU32,
    ended: Mutex<Option<Instant>>,
}

/// What comes after a wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// A try.
    Try,
    /// Nothing: it is over.
    Over,
}

impl Away {
    /// The same connection is away once more. Soon after the last time the waits go on growing.
    pub fn again(before: Option<&Self>) -> Self {
        let ended = before.and_then(|before| *before.ended());
        let failed = match (before, ended) {
            (Some(before), Some(ended)) if ended.elapsed() < CALM => before.failed.load(Ordering::Relaxed),
            _ => 0,
        };
        Self { failed: AtomicU32::new(failed), ..Self::default() }
    }

    /// It is not away any more, or what is wrong with it now does not pass by itself.
    pub fn end(&self) {
        self.ended().get_or_insert_with(Instant::now);
        self.over.cancel();
    }

    /// Whether it is over.
    pub fn is_over(&self) -> bool {
        self.over.is_cancelled()
    }

    /// Waits until it is over.
    pub async fn over(&self) {
        self.over.cancelled().await;
    }

    /// Somebody waits for it: it is tried soon.
    pub fn hurry(&self) {
        self.hurry.notify_one();
    }

    /// The network is another one: what was tried in vain before says nothing.
    pub fn hope(&self) {
        self.failed.store(0, Ordering::Relaxed);
        self.hurry();
    }

    /// Waits until it is to be tried. `tell` hears how long that will be at most.
    pub async fn next(&self, tell: impl FnOnce(Duration)) -> Next {
        let wait = wait(self.failed.load(Ordering::Relaxed), rand::random());
        tell(wait);
        tokio::select! {
            biased;
            () = self.over() => return Next::Over,
            () = due(wait) => {}
            () = self.sooner(wait) => {}
        }
        self.failed.fetch_add(1, Ordering::Relaxed);
        Next::Try
    }

    /// Waits until there is a reason to try before the wait is over, and it is not too soon for that.
    async fn sooner(&self, wait: Duration) {
        tokio::time::sleep(LEAST.max(wait / 8)).await;
        self.hurry.notified().await;
    }

    fn ended(&self) -> std::sync::MutexGuard<'_, Option<Instant>> {
        self.ended.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How long to wait after a number of tries in vain. `chance` is between 0 and 1.
pub fn wait(failed: u32, chance: f64) -> Duration {
    let doubled = FIRST.saturating_mul(2_u32.saturating_pow(failed.min(16)));
    doubled.min(LONGEST).mul_f64(0.75 + 0.5 * chance.clamp(0.0, 1.0))
}

/// Waits, by whichever clock is over first.
pub async fn due(wait: Duration) {
    let (steady, wall) = (Instant::now() + wait, SystemTime::now() + wait);
    loop {
        let left = steady.saturating_duration_since(Instant::now());
        if left.is_zero() || SystemTime::now() >= wall {
            return;
        }
        tokio::time::sleep(left.min(SLICE)).await;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn waits_grow_to_a_limit_and_differ() {
        let medium: Vec<u64> = (0..8).map(|failed| wait(failed, 0.5).as_secs()).collect();
        assert_eq!(medium, [3, 6, 12, 24, 48, 96, 120, 120]);
        assert_eq!(wait(u32::MAX, 1.0), LONGEST.mul_f64(1.25));
        assert_eq!(wait(0, 0.0), FIRST.mul_f64(0.75));
    }

    /// Tries for a time in which the server stays away, and answers how often.
    async fn tries_within(away: &Away, time: Duration) -> u32 {
        let mut count = 0;
        let tries = async {
            while away.next(|_| ()).await == Next::Try {
                count += 1;
            }
        };
        assert!(tokio::time::timeout(time, tries).await.is_err(), "it never ends by itself");
        count
    }

    #[tokio::test(start_paused = true)]
    async fn an_hour_away_is_a_few_dozen_tries() {
        let count = tries_within(&Away::default(), Duration::from_secs(3600)).await;
        assert!((24..=50).contains(&count), "{count}");
    }

    #[tokio::test(start_paused = true)]
    async fn somebody_who_is_always_in_a_hurry_does_not_make_it_spin() {
        let away = Arc::new(Away::default());
        let nervous = away.clone();
        let nervous = tokio::spawn(async move {
            loop {
                nervous.hurry();
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        });
        let count = tries_within(&away, Duration::from_secs(3600)).await;
        nervous.abort();
        assert!((200..=340).contains(&count), "{count}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_network_that_changes_all_the_time_costs_a_try_a_second_at_most() {
        let away = Arc::new(Away::default());
        let restless = away.clone();
        let restless = tokio::spawn(async move {
            loop {
                restless.hope();
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        });
        let count = tries_within(&away, Duration::from_secs(600)).await;
        restless.abort();
        assert!((300..=600).contains(&count), "{count}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_reason_to_hope_ends_a_long_wait() {
        let away = Arc::new(Away::default());
        away.failed.store(9, Ordering::Relaxed);
        let begun = Instant::now();
        let hoping = away.clone();
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_secs(30)).await;
            hoping.hope();
        });
        assert_eq!(away.next(|_| ()).await, Next::Try);
        assert_eq!(begun.elapsed().as_secs(), 30);
        away.end();
        assert_eq!(away.next(|_| ()).await, Next::Over);
    }

    #[tokio::test(start_paused = true)]
    async fn a_server_that_comes_and_goes_is_not_tried_from_the_beginning_each_time() {
        let first = Away::default();
        first.failed.store(4, Ordering::Relaxed);
        first.end();
        tokio::time::advance(Duration::from_secs(5)).await;
        assert_eq!(Away::again(Some(&first)).failed.load(Ordering::Relaxed), 4);
        tokio::time::advance(CALM).await;
        assert_eq!(Away::again(Some(&first)).failed.load(Ordering::Relaxed), 0);
    }
}

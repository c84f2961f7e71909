//! The person's own limit: how many messages go out through one connection in a minute.

use std::{num::NonZeroU32, time::Duration};

use governor::{
    Quota, RateLimiter,
    clock::Clock,
    middleware::NoOpMiddleware,
    state::{InMemoryState, NotKeyed},
};
use tokio::time::Instant;

const MINUTE: Duration = Duration::from_secs(60);

/// A limit, and what of it is used up.
#[derive(Debug)]
pub struct Limit {
    per_minute: NonZeroU32,
    limiter: RateLimiter<NotKeyed, InMemoryState, Ticks, NoOpMiddleware<Duration>>,
}

/// Tokio's clock, which tests move.
#[derive(Debug, Clone)]
struct Ticks(Instant);

impl Clock for Ticks {
    type Instant = Duration;

    fn now(&self) -> Duration {
        self.0.elapsed()
    }
}

impl Limit {
    /// Nothing of it is used up.
    pub fn new(per_minute: NonZeroU32) -> Self {
        let limiter = RateLimiter::direct_with_clock(quota(per_minute), Ticks(Instant::now()));
        Self { per_minute, limiter }
    }

    /// How many messages it lets out in a minute.
    pub fn per_minute(&self) -> NonZeroU32 {
        self.per_minute
    }

    /// Lets a message out, or says how long that has to wait.
    ///
    /// # Errors
    ///
    /// The wait. Another message may be let out before this one.
    pub fn pass(&self) -> Result<(), Duration> {
        self.limiter.check().map_err(|until| until.wait_time_from(self.limiter.clock().now()))
    }
}

/// Half of the messages may go out at once, and the others one by one, so that in no minute there are more than that.
fn quota(per_minute: NonZeroU32) -> Quota {
    let burst = per_minute.div_ceil(NonZeroU32::MIN.saturating_add(1));
    let others = per_minute.get() - burst.get() + 1;
    // Rounded up: a little too soon would be one too many.
    let period = MINUTE / others + Duration::from_nanos(1);
    // There is none only for a period of nothing.
    Quota::with_period(period).unwrap_or(Quota::per_minute(NonZeroU32::MIN)).allow_burst(burst)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn limit(per_minute: u32) -> Limit {
        Limit::new(NonZeroU32::new(per_minute).unwrap())
    }

    #[tokio::test(start_paused = true)]
    async fn half_at_once_and_the_others_one_by_one() {
        let limit = limit(10);
        assert_eq!((0..9).filter(|_| limit.pass().is_ok()).count(), 5);
        let wait = limit.pass().unwrap_err();
        assert!((Duration::from_secs(10)..Duration::from_secs(11)).contains(&wait), "{wait:?}");
        tokio::time::advance(wait).await;
        assert!(limit.pass().is_ok() && limit.pass().is_err());
    }

    #[tokio::test(start_paused = true)]
    async fn one_in_a_minute() {
        let limit = limit(1);
        assert!(limit.pass().is_ok());
        let wait = limit.pass().unwrap_err();
        assert!(wait >= MINUTE && wait < MINUTE + Duration::from_millis(1), "{wait:?}");
        tokio::time::advance(wait).await;
        assert!(limit.pass().is_ok());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        /// Somebody who always sends as soon as it is possible, or pauses now and then.
        #[test]
        fn no_minute_ever_sees_more(per_minute in 1_u32..200, pauses in proptest::collection::vec(0_u64..90, 1..12)) {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
            let sent = runtime.block_on(async {
                let (limit, begin) = (limit(per_minute), Instant::now());
                let mut sent = Vec::new();
                for pause in pauses {
                    tokio::time::advance(Duration::from_secs(pause)).await;
                    for _ in 0..per_minute / 2 + 5 {
                        while let Err(wait) = limit.pass() {
                            tokio::time::advance(wait).await;
                        }
                        sent.push(begin.elapsed());
                    }
                }
                sent
            });
            for (first, last) in sent.iter().zip(sent.iter().skip(per_minute as usize)) {
                prop_assert!(*last - *first >= MINUTE, "{first:?} {last:?}");
            }
        }
    }
}

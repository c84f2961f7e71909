//! What time it is, here and at a server.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Below this a difference between two clocks says nothing: the header has whole seconds, and the answer travelled.
const SAME: i64 = 2_000;

/// A reading of both clocks of this computer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Now {
    /// Never goes back and is not set by anybody; on some systems it stands still while the computer sleeps.
    pub steady: Instant,
    /// Milliseconds since 1970 UTC, as this computer believes.
    pub wall: i64,
}

impl Now {
    /// This moment.
    pub fn read() -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self { steady: Instant::now(), wall: i64::try_from(since.as_millis()).unwrap_or(i64::MAX) }
    }

    /// A time after this one, for both clocks.
    pub fn after(self, time: Duration) -> Self {
        Self { steady: self.steady + time, wall: self.wall.saturating_add(milliseconds(time)) }
    }
}

/// By how much a server's clock is ahead of this computer's, in milliseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ahead(pub i64);

impl Ahead {
    /// What the `Date` of an answer says that has just come.
    pub fn learn(date: SystemTime, now: Now) -> Self {
        let there =
            date.duration_since(UNIX_EPOCH).map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX));
        let ahead = there.saturating_sub(now.wall);
        Self(if ahead.abs() < SAME { 0 } else { ahead })
    }

    /// What the server's clock shows, in milliseconds since 1970 UTC.
    pub fn there(self, now: Now) -> i64 {
        now.wall.saturating_add(self.0)
    }
}

/// A duration in milliseconds.
pub(super) fn milliseconds(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_ahead_or_behind_is_noticed_and_a_second_is_not() {
        let now = Now::read();
        let at = |offset: i64| UNIX_EPOCH + Duration::from_millis(u64::try_from(now.wall + offset).unwrap());
        assert_eq!(Ahead::learn(at(900), now), Ahead(0));
        assert_eq!(Ahead::learn(at(-3_600_000), now), Ahead(-3_600_000));
        assert_eq!(Ahead::learn(at(7_200_000), now).there(now), now.wall + 7_200_000);
    }
}

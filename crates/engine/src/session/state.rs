//! The life of a session: what is known of it, and every way in which that changes. Nothing here waits, asks or reads a
//! clock; chance is a parameter too.
//!
//! ```text
//! absent ──▶ fetching ──▶ live ──▶ renewing ──▶ live
//!    ▲          │           │          │
//!    │          ├─▶ waiting │          └─▶ live, or absent once it has ended
//!    │          ├─▶ refused └─▶ absent: ended, or refused by a request
//!    │          └─▶ signed out
//!    └── what the person does, or the end of the wait
//! ```

use std::time::{Duration, Instant};

use adapters::session::Expiry;
use model::Failure;

use super::clock::{Ahead, Now, milliseconds};

/// A session that lives for less is of no use: it would be renewed with every request.
pub const SHORTEST: Duration = Duration::from_secs(10);

/// What is ever waited for between two tries.
const LONGEST_WAIT: Duration = Duration::from_secs(10 * 60);

/// The first wait after a failure; it doubles with each that follows. It is long for a program and short for a fleet:
/// whoever sits before the window need not wait for it.
const FIRST_WAIT: Duration = Duration::from_secs(8);

/// What is waited at least where a server wants a pause.
const SHORTEST_PAUSE: Duration = Duration::from_secs(1);

/// The end of a session counts as this far away at most, so that sums of times stay sums.
const FAR: Duration = Duration::from_secs(400 * 24 * 3600);

/// A session that can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Life {
    /// When it ends by the server's clock, in milliseconds since 1970 UTC; absent if nobody said.
    pub ends: Option<i64>,
    /// From when on it is to be renewed, by the same clock.
    pub renew: Option<i64>,
    /// When it ends by this computer's steady clock: whoever sets the other one cannot make it live longer.
    pub ends_steady: Option<Instant>,
    /// By how much that server's clock is ahead.
    pub ahead: Ahead,
}

/// Why an end makes a session useless.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Useless {
    /// It was over when it came.
    Past {
        /// For how long.
        since: Duration,
    },
    /// It lives too short.
    Short {
        /// How long.
        life: Duration,
    },
}

impl Life {
    /// The life of a session that has just been granted. `chance` is between 0 and 1 and decides how early it is
    /// renewed: between a tenth and a quarter of its life before the end.
    ///
    /// # Errors
    ///
    /// If it is over already, or too short.
    pub fn granted(expiry: Expiry, ahead: Ahead, now: Now, chance: f64) -> Result<Self, Useless> {
        let there = ahead.there(now);
        let life = match expiry {
            Expiry::Unsaid => return Ok(Self { ends: None, renew: None, ends_steady: None, ahead }),
            Expiry::In(life) => life,
            Expiry::At(end) => match u64::try_from(end.saturating_sub(there)) {
                Ok(left) if left > 0 => Duration::from_millis(left),
                _ => {
                    let since = Duration::from_millis(u64::try_from(there.saturating_sub(end)).unwrap_or(0));
                    return Err(Useless::Past { since });
                }
            },
        };
        if life < SHORTEST {
            return Err(Useless::Short { life });
        }
        Ok(Self::lasting(life.min(FAR), ahead, now, chance))
    }

    /// The life of a session that was kept from an earlier run; `None` once it is over.
    pub fn kept(ends: Option<i64>, ahead: Ahead, now: Now, chance: f64) -> Option<Self> {
        let Some(end) = ends else { return Some(Self { ends: None, renew: None, ends_steady: None, ahead }) };
        let left = Duration::from_millis(u64::try_from(end.saturating_sub(ahead.there(now))).ok()?);
        (left >= SHORTEST).then(|| Self::lasting(left.min(FAR), ahead, now, chance))
    }

    fn lasting(life: Duration, ahead: Ahead, now: Now, chance: f64) -> Self {
        let ends = ahead.there(now).saturating_add(milliseconds(life));
        let early = life.mul_f64(0.1 + 0.15 * chance.clamp(0.0, 1.0));
        Self { ends: Some(ends), renew: Some(ends - milliseconds(early)), ends_steady: Some(now.steady + life), ahead }
    }

    /// Whether it is over. After a sleep only one of the clocks may know.
    pub fn over(&self, now: Now) -> bool {
        self.ends.is_some_and(|end| self.ahead.there(now) >= end)
            || self.ends_steady.is_some_and(|end| now.steady >= end)
    }

    /// Whether it is time to renew it.
    pub fn due(&self, now: Now) -> bool {
        self.renew.is_some_and(|renew| self.ahead.there(now) >= renew) || self.over(now)
    }

    /// How long until it is time to renew it, if it ends at all.
    pub fn due_in(&self, now: Now) -> Option<Duration> {
        let left = self.renew?.saturating_sub(self.ahead.there(now));
        Some(Duration::from_millis(u64::try_from(left).unwrap_or(0)))
    }
}

/// What is known of a connection's session.
#[derive(Debug, Clone, PartialEq)]
pub enum State {
    /// There is none.
    Absent,
    /// One was asked for.
    Fetching {
        /// How many tries have failed before it.
        failed: u32,
    },
    /// It can be used.
    Live(Life),
    /// It can be used, and another one was asked for.
    Renewing(Life),
    /// The server grants none, and will not until something is changed; or the keychain does not hand out the key.
    Refused(Failure),
    /// There was none to be had; before a time it makes no sense to ask again.
    Waiting {
        /// Until when.
        until: Instant,
        /// How many tries have failed.
        failed: u32,
        /// Why the last one did.
        failure: Failure,
    },
    /// The person has to give a key, or sign in again.
    SignedOut(Failure),
}

/// Who wants a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asker {
    /// The person, now: it is tried whatever was before.
    Person,
    /// The program by itself: it does not insist.
    Program,
    /// The person, who wants to see whether a new one can be had; one that is live stays in use until there is.
    Test,
}

/// What somebody does who wants a session.
#[derive(Debug, Clone, PartialEq)]
pub enum Next {
    /// Uses the one that is there.
    Use,
    /// Uses the one that is there, and asks for another one meanwhile.
    UseAndRenew,
    /// Asks for one.
    Fetch,
    /// Waits for the answer that somebody else is waiting for.
    Join,
    /// Does without.
    Fail(Failure),
}

/// How asking for a session failed.
#[derive(Debug, Clone, PartialEq)]
pub enum Refusal {
    /// The network or the server is in trouble; it may pass. With the pause that the server asked for.
    Trouble(Failure, Option<Duration>),
    /// The answer makes no sense, the server does not want to, or the keychain is not there: asking again does not help.
    Refused(Failure),
    /// The key is not accepted, or not here.
    Key(Failure),
}

impl State {
    /// What it is called in the log.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::Fetching { .. } => "fetching",
            Self::Live(_) => "live",
            Self::Renewing(_) => "renewing",
            Self::Refused(_) => "refused",
            Self::Waiting { .. } => "waiting",
            Self::SignedOut(_) => "signed out",
        }
    }

    /// Somebody wants a session.
    pub fn wanted(&mut self, asker: Asker, now: Now) -> Next {
        let next = match self {
            Self::Live(life) if life.over(now) => Next::Fetch,
            Self::Live(life) if asker == Asker::Test || life.due(now) => Next::UseAndRenew,
            Self::Live(_) => Next::Use,
            Self::Renewing(life) if life.over(now) => Next::Join,
            Self::Renewing(_) if asker == Asker::Test => Next::Join,
            Self::Renewing(_) => Next::Use,
            Self::Fetching { .. } => Next::Join,
            Self::Absent => Next::Fetch,
            Self::Waiting { until, .. } if *until <= now.steady => Next::Fetch,
            _ if asker != Asker::Program => Next::Fetch,
            Self::Waiting { until, failure, .. } => Next::Fail(pausing(failure, *until, now)),
            Self::Refused(failure) | Self::SignedOut(failure) => Next::Fail(failure.clone()),
        };
        match (&next, &*self) {
            (Next::UseAndRenew, Self::Live(life)) => *self = Self::Renewing(*life),
            (Next::Fetch, Self::Waiting { failed, .. }) => *self = Self::Fetching { failed: *failed },
            (Next::Fetch, _) => *self = Self::Fetching { failed: 0 },
            _ => {}
        }
        next
    }

    /// A session was granted.
    pub fn granted(&mut self, life: Life) {
        *self = Self::Live(life);
    }

    /// None was granted. One that is still good stays; `chance` is between 0 and 1 and spreads the next tries.
    pub fn refused(&mut self, refusal: Refusal, now: Now, chance: f64) {
        let failed = match self {
            // Only a test had asked before it was time.
            Self::Renewing(life) if !life.due(now) => {
                *self = Self::Live(*life);
                return;
            }
            Self::Renewing(life) if !life.over(now) => {
                // The rest of its life is time to try again, and not all of it at once.
                let left = life.ends_steady.map_or(FIRST_WAIT, |end| end.saturating_duration_since(now.steady));
                let again = left.mul_f64(0.2 + 0.4 * chance.clamp(0.0, 1.0));
                let renew = life.ahead.there(now).saturating_add(milliseconds(again));
                *self = Self::Live(Life { renew: Some(renew), ..*life });
                return;
            }
            Self::Fetching { failed } => *failed,
            _ => 0,
        };
        *self = match refusal {
            Refusal::Trouble(failure, pause) => {
                let wait = wait(failed, pause, chance);
                let failed = failed.saturating_add(1);
                Self::Waiting { until: now.steady + wait, failed, failure }
            }
            Refusal::Refused(failure) => Self::Refused(failure),
            Refusal::Key(failure) => Self::SignedOut(failure),
        };
    }

    /// The server refused a request that carried the session in use: it is worth nothing, whatever it says of itself.
    pub fn spent(&mut self) {
        if matches!(self, Self::Live(_) | Self::Renewing(_)) {
            *self = Self::Absent;
        }
    }

    /// The server refused even a session that it had just granted, or the stored key.
    pub fn sign_out(&mut self, failure: Failure) {
        *self = Self::SignedOut(failure);
    }

    /// Something was changed that may help: the next request begins anew.
    pub fn begin_anew(&mut self) {
        *self = Self::Absent;
    }
}

/// How long to wait after a failure. Servers' wishes are followed within reason, and never by all at the same moment.
fn wait(failed: u32, pause: Option<Duration>, chance: f64) -> Duration {
    let chance = chance.clamp(0.0, 1.0);
    match pause {
        Some(pause) => pause.clamp(SHORTEST_PAUSE, LONGEST_WAIT).mul_f64(1.0 + 0.2 * chance),
        None => {
            let doubled = FIRST_WAIT.saturating_mul(2_u32.saturating_pow(failed.min(16)));
            doubled.min(LONGEST_WAIT).mul_f64(0.1 + 1.8 * chance)
        }
    }
}

/// A failure with the time that is still to be waited.
fn pausing(failure: &Failure, until: Instant, now: Now) -> Failure {
    let left = until.saturating_duration_since(now.steady);
    Failure { retry_after_ms: u64::try_from(left.as_millis()).ok(), ..failure.clone() }
}

#[cfg(test)]
mod tests;

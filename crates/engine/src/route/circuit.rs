//! Whether a route asks one of its connections: every edge of that in one place. Pure; time and chance are parameters.

use std::time::Duration;

use tokio::time::Instant;

use crate::offline::wait;

/// After how many refusals in a row a connection is left out.
const REFUSALS: u32 = 2;

/// For how long a connection has to be good so that the rests begin anew when it is not.
const CALM: Duration = Duration::from_secs(60);

/// What went wrong with a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// Nobody was reached, or nobody answered in time: there is no use in another try right now.
    Gone,
    /// The server is there and cannot answer, or does not want to: that may be over with the next request.
    Refuses,
}

/// One connection, as routes see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Circuit {
    /// It is asked.
    Closed {
        /// How often in a row it has refused.
        refusals: u32,
        /// How often it opened in a row, and when it was closed the last time.
        before: Option<(u32, Instant)>,
    },
    /// It is left out, and tried by and by.
    Open {
        /// When it is to be tried.
        until: Instant,
        /// How often it opened in a row, this time counted.
        times: u32,
    },
    /// It is being tried, by something that does no harm. Messages still go to others.
    HalfOpen {
        /// How often it opened in a row.
        times: u32,
    },
}

impl Default for Circuit {
    fn default() -> Self {
        Self::Closed { refusals: 0, before: None }
    }
}

impl Circuit {
    /// Whether messages go to it.
    pub fn is_closed(&self) -> bool {
        matches!(self, Self::Closed { .. })
    }

    /// When it is to be tried, if it is waiting for that.
    pub fn due(&self) -> Option<Instant> {
        match self {
            Self::Open { until, .. } => Some(*until),
            Self::Closed { .. } | Self::HalfOpen { .. } => None,
        }
    }

    /// Begins to try it, if its time has come.
    pub fn probe(&mut self, now: Instant) -> bool {
        match *self {
            Self::Open { until, times } if until <= now => {
                *self = Self::HalfOpen { times };
                true
            }
            Self::Open { .. } | Self::Closed { .. } | Self::HalfOpen { .. } => false,
        }
    }

    /// Something that was asked of it failed. `chance` is between 0 and 1.
    pub fn failed(&mut self, trouble: Trouble, now: Instant, chance: f64) {
        let open = |times: u32| Self::Open { until: now + wait(times.saturating_sub(1), chance), times };
        *self = match *self {
            Self::Closed { refusals, before } if trouble == Trouble::Refuses && refusals + 1 < REFUSALS => {
                Self::Closed { refusals: refusals + 1, before }
            }
            Self::Closed { before, .. } => {
                let times =
                    before.filter(|(_, closed)| now.duration_since(*closed) < CALM).map_or(0, |(times, _)| times);
                open(times + 1)
            }
            // It was asked all the same, since there was nobody else. That is no try, and puts none off.
            Self::Open { .. } => return,
            Self::HalfOpen { times } => open(times.saturating_add(1)),
        };
    }

    /// It has answered.
    pub fn succeeded(&mut self, now: Instant) {
        let before = match *self {
            Self::Closed { before, .. } => before,
            Self::Open { times, .. } | Self::HalfOpen { times } => Some((times, now)),
        };
        *self = Self::Closed { refusals: 0, before };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVEN: f64 = 0.5;

    fn opened(now: Instant) -> Circuit {
        let mut circuit = Circuit::default();
        circuit.failed(Trouble::Gone, now, EVEN);
        circuit
    }

    fn rest(circuit: &Circuit, now: Instant) -> u64 {
        circuit.due().unwrap().duration_since(now).as_secs()
    }

    #[test]
    fn who_is_gone_is_left_out_at_once_and_who_refuses_after_the_second_time() {
        let now = Instant::now();
        assert!(!opened(now).is_closed());
        let mut circuit = Circuit::default();
        circuit.failed(Trouble::Refuses, now, EVEN);
        assert!(circuit.is_closed(), "{circuit:?}");
        circuit.failed(Trouble::Refuses, now, EVEN);
        assert!(!circuit.is_closed(), "{circuit:?}");
    }

    #[test]
    fn an_answer_between_two_refusals_makes_the_second_the_first() {
        let now = Instant::now();
        let mut circuit = Circuit::default();
        circuit.failed(Trouble::Refuses, now, EVEN);
        circuit.succeeded(now);
        circuit.failed(Trouble::Refuses, now, EVEN);
        assert!(circuit.is_closed());
    }

    #[test]
    fn it_is_tried_once_when_its_time_has_come_and_not_before() {
        let now = Instant::now();
        let mut circuit = opened(now);
        let due = circuit.due().unwrap();
        assert!(!circuit.probe(due - Duration::from_millis(1)));
        assert!(circuit.probe(due));
        assert!(!circuit.is_closed(), "messages wait for what comes of the try");
        assert_eq!(circuit.due(), None);
        assert!(!circuit.probe(due), "one try at a time");
        assert!(!Circuit::default().probe(due), "there is nothing to try");
    }

    #[test]
    fn a_try_that_succeeds_closes_it_and_one_that_fails_makes_the_rest_longer() {
        let now = Instant::now();
        let mut circuit = opened(now);
        let mut rests = vec![rest(&circuit, now)];
        for trouble in [Trouble::Gone, Trouble::Refuses, Trouble::Gone] {
            let due = circuit.due().unwrap();
            assert!(circuit.probe(due));
            circuit.failed(trouble, due, EVEN);
            rests.push(rest(&circuit, due));
        }
        assert_eq!(rests, [3, 6, 12, 24]);
        let due = circuit.due().unwrap();
        circuit.probe(due);
        circuit.succeeded(due);
        assert!(circuit.is_closed());
    }

    #[test]
    fn rests_differ_by_chance() {
        let now = Instant::now();
        let with = |chance| {
            let mut circuit = Circuit::default();
            circuit.failed(Trouble::Gone, now, chance);
            circuit.due().unwrap()
        };
        assert!(with(0.0) < with(1.0));
    }

    #[test]
    fn who_comes_and_goes_rests_longer_each_time_until_it_was_good_for_a_while() {
        let now = Instant::now();
        let mut circuit = opened(now);
        circuit.succeeded(now);
        let soon = now + CALM / 2;
        circuit.failed(Trouble::Gone, soon, EVEN);
        assert_eq!(rest(&circuit, soon), 6);
        circuit.succeeded(soon);
        let later = soon + CALM;
        circuit.failed(Trouble::Gone, later, EVEN);
        assert_eq!(rest(&circuit, later), 3);
    }

    #[test]
    fn a_message_that_finds_nobody_else_puts_no_try_off_and_may_close_it() {
        let now = Instant::now();
        let mut circuit = opened(now);
        let before = circuit;
        circuit.failed(Trouble::Gone, now + Duration::from_secs(2), EVEN);
        assert_eq!(circuit, before);
        circuit.succeeded(now + Duration::from_secs(2));
        assert!(circuit.is_closed());
    }
}

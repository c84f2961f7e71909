//! How often requests to one connection may be sent again by themselves: a share of those that the person sends, and a
//! few in any case. A server in trouble is not asked more often for being in trouble.

use std::time::Duration;

use tokio::time::Instant;

/// What it holds at most, in repetitions. It begins with as many.
const FULL: f64 = 10.0;

/// What each request of the person adds.
const SHARE: f64 = 0.2;

/// How long it takes until one is added in any case.
const EACH: Duration = Duration::from_secs(10);

/// The budget of one connection.
#[derive(Debug)]
pub struct Budget {
    left: f64,
    at: Instant,
}

impl Budget {
    /// A full one.
    pub fn new(now: Instant) -> Self {
        Self { left: FULL, at: now }
    }

    /// A request goes out that is no repetition.
    pub fn earn(&mut self, now: Instant) {
        self.flow(now);
        self.left = (self.left + SHARE).min(FULL);
    }

    /// A request is to be sent again. Whether it may.
    pub fn spend(&mut self, now: Instant) -> bool {
        self.flow(now);
        let enough = self.left >= 1.0;
        if enough {
            self.left -= 1.0;
        }
        enough
    }

    fn flow(&mut self, now: Instant) {
        let passed = now.saturating_duration_since(self.at);
        self.at = self.at.max(now);
        self.left = (self.left + passed.as_secs_f64() / EACH.as_secs_f64()).min(FULL);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spent(budget: &mut Budget, now: Instant) -> u32 {
        let mut count = 0;
        while budget.spend(now) {
            count += 1;
        }
        count
    }

    #[test]
    fn a_few_at_once_and_then_few_in_a_time() {
        let begin = Instant::now();
        let mut budget = Budget::new(begin);
        assert_eq!(spent(&mut budget, begin), 10);
        assert_eq!(spent(&mut budget, begin + EACH - Duration::from_millis(1)), 0);
        assert_eq!(spent(&mut budget, begin + EACH), 1);
        assert_eq!(spent(&mut budget, begin + EACH * 4), 3);
        assert_eq!(spent(&mut budget, begin + EACH * 1000), 10, "it never holds more");
    }

    #[test]
    fn requests_of_the_person_earn_a_share() {
        let now = Instant::now();
        let mut budget = Budget::new(now);
        (0..100).for_each(|_| budget.earn(now));
        assert_eq!(spent(&mut budget, now), 10, "it was full");
        (0..24).for_each(|_| budget.earn(now));
        assert_eq!(spent(&mut budget, now), 4);
    }

    #[test]
    fn a_clock_that_goes_back_earns_nothing() {
        let begin = Instant::now() + EACH * 10;
        let mut budget = Budget::new(begin);
        assert_eq!(spent(&mut budget, begin), 10);
        assert_eq!(spent(&mut budget, begin - EACH * 5), 0);
        assert_eq!(spent(&mut budget, begin), 0);
    }

    #[test]
    fn a_hundred_conversations_that_are_refused_do_not_hammer_a_server() {
        let begin = Instant::now();
        let mut budget = Budget::new(begin);
        let mut repeated = 0;
        for second in 0..60 {
            let now = begin + Duration::from_secs(second);
            // Each of them would be sent again every second.
            repeated += (0..100).filter(|_| budget.spend(now)).count();
        }
        assert!(repeated <= 16, "{repeated}");
    }
}

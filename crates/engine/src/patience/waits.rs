//! What one turn has waited for servers that wanted a pause.

use std::time::Duration;

use super::backoff;

/// The waits of one turn.
#[derive(Debug)]
pub struct Waits {
    patience: Duration,
    waited: Duration,
    refused: u32,
}

impl Waits {
    /// None so far, of a turn that may wait that long in all.
    pub fn new(patience: Duration) -> Self {
        Self { patience, waited: Duration::ZERO, refused: 0 }
    }

    /// The request was refused, and the server asks for a wait (`hint`). How long to wait; nothing if that is longer than
    /// there is patience left. `chance` is between 0 and 1.
    pub fn next(&mut self, hint: Option<Duration>, chance: f64) -> Option<Duration> {
        let wait = backoff::wait(self.refused, hint, chance);
        let fits = !self.patience.is_zero() && self.waited.saturating_add(wait) <= self.patience;
        self.refused = self.refused.saturating_add(1);
        fits.then_some(wait)
    }

    /// So much was waited; less than was meant, if the person sent it at once.
    pub fn waited(&mut self, time: Duration) {
        self.waited = self.waited.saturating_add(time);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn patience_is_for_all_waits_together() {
        let mut waits = Waits::new(SECOND * 60);
        assert_eq!(waits.next(Some(SECOND * 40), 0.0), Some(SECOND * 40));
        waits.waited(SECOND * 40);
        assert_eq!(waits.next(Some(SECOND * 21), 0.0), None);
        assert_eq!(waits.next(Some(SECOND * 20), 0.0), Some(SECOND * 20), "to the last moment");
        waits.waited(SECOND * 5);
        assert_eq!(waits.next(Some(SECOND * 15), 0.0), Some(SECOND * 15), "the person had it sent earlier");
    }

    #[test]
    fn without_patience_nothing_waits() {
        let mut waits = Waits::new(Duration::ZERO);
        assert_eq!(waits.next(None, 0.0), None);
        assert_eq!(waits.next(Some(Duration::ZERO), 0.0), None);
    }

    #[test]
    fn waits_that_nobody_asked_for_grow() {
        let mut waits = Waits::new(SECOND * 120);
        let mut all = Vec::new();
        while let Some(wait) = waits.next(None, 1.0) {
            waits.waited(wait);
            all.push(wait.as_secs());
        }
        assert_eq!(all, [1, 2, 4, 8, 16, 30, 30]);
    }
}

//! A line for each step, with the time that it took.

use std::time::{Duration, Instant};

use crate::shell::Result;

/// Numbered steps on standard error.
pub struct Progress {
    total: usize,
    done: usize,
}

impl Progress {
    pub fn new(total: usize) -> Self {
        Self { total, done: 0 }
    }

    /// A step for which there is nothing to do.
    pub fn passed(&mut self, what: &str, why: &str) {
        self.done += 1;
        eprintln!("{} {what}: {why}", self.place());
    }

    /// A step that takes its time. What it prints itself stands between its two lines.
    pub fn step<T>(&mut self, what: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
        self.begin(what);
        let started = Instant::now();
        let done = work()?;
        self.end(what, &format!("done, {}", elapsed(started.elapsed())));
        Ok(done)
    }

    /// The line at the beginning of a step.
    pub fn begin(&mut self, what: &str) {
        self.done += 1;
        eprintln!("{} {what}…", self.place());
    }

    /// The line at its end.
    pub fn end(&self, what: &str, how: &str) {
        eprintln!("{} {what}: {how}", self.place());
    }

    fn place(&self) -> String {
        format!("[{}/{}]", self.done, self.total)
    }
}

/// A duration for people: `0.4 s`, `42 s`, `3 min 5 s`.
pub fn elapsed(time: Duration) -> String {
    match time.as_secs() {
        0..10 => format!("{:.1} s", time.as_secs_f64()),
        seconds @ 10..60 => format!("{seconds} s"),
        seconds => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_for_people() {
        assert_eq!(elapsed(Duration::from_millis(420)), "0.4 s");
        assert_eq!(elapsed(Duration::from_secs(42)), "42 s");
        assert_eq!(elapsed(Duration::from_secs(185)), "3 min 5 s");
    }
}

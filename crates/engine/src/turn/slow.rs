//! A turn that is slower than those of its connection usually are says so, for as long as it is.

use std::{convert::Infallible, future::Future, time::Duration};

use model::{ConnectionId, ItemBody, ItemStage};
use tokio::time::{Instant, MissedTickBehavior, interval_at};

use super::Turn;
use crate::{
    check::usual::{PIECES, TIMES, Usual},
    engine::Engine,
    live::Inner,
    view::{SlowView, SlowWhat, ThreadOp, TurnPhase},
};

/// How often a turn is looked at. One that is over by then costs nothing.
const EACH: Duration = Duration::from_millis(500);
/// A wait that is longer than usual by less than this is nothing to speak of.
const LATE: Duration = Duration::from_secs(2);
/// An answer has to come for so long before its speed is compared.
const COMES: Duration = Duration::from_secs(4);

/// How the answer to a request comes, at a moment.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Pace {
    /// Who was asked.
    pub connection: ConnectionId,
    /// Since when it is waited for, in milliseconds since 1970 UTC.
    pub since: i64,
    /// For how long it has been waited for.
    pub waited: Duration,
    /// For how long its text has been coming; nothing before the first.
    pub comes: Option<Duration>,
    /// In how many pieces it came so far.
    pub pieces: u32,
}

impl Pace {
    /// How that is slower than usual, if it clearly is.
    fn slower_than(&self, usual: &Usual) -> Option<SlowView> {
        let what = match self.comes {
            None => self.late(usual.first_text?),
            Some(comes) => self.slow(comes, usual.rate?),
        }?;
        Some(SlowView { connection: self.connection.clone(), what })
    }

    fn late(&self, usual_ms: f64) -> Option<SlowWhat> {
        let usual = Duration::from_secs_f64(usual_ms / 1000.0);
        let is_late = self.waited > usual.mul_f64(TIMES) && self.waited.saturating_sub(usual) >= LATE;
        let usual_ms = u32::try_from(usual.as_millis()).unwrap_or(u32::MAX);
        is_late.then_some(SlowWhat::FirstWords { usual_ms, since: self.since })
    }

    fn slow(&self, comes: Duration, usual: f64) -> Option<SlowWhat> {
        let (seconds, enough) = (comes.as_secs_f64(), f64::from(u32::try_from(PIECES).unwrap_or(u32::MAX)));
        // By now so much would have come that the difference is no chance.
        let has_speed = comes >= COMES && usual * seconds >= enough;
        let now = f64::from(self.pieces) / seconds;
        (has_speed && now * TIMES < usual).then(|| SlowWhat::Rate { usual: rounded(usual), now: rounded(now) })
    }
}

/// A rate as one says it: whole, or with one digit where it is small. What is said so does not change all the time.
fn rounded(rate: f64) -> f64 {
    if rate < 10.0 { (rate * 10.0).round() / 10.0 } else { rate.round() }
}

impl Turn {
    /// Waits for the answer, and says meanwhile when that is slower than usual.
    pub(super) async fn watched<T>(&self, engine: &Engine, answered: impl Future<Output = T>) -> T {
        tokio::select! {
            biased;
            answered = answered => answered,
            never = self.watch(engine) => match never {},
        }
    }

    async fn watch(&self, engine: &Engine) -> Infallible {
        let mut ticks = interval_at(Instant::now() + EACH, EACH);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut resumed = Duration::ZERO;
        let mut known: Option<(ConnectionId, Usual)> = None;
        loop {
            ticks.tick().await;
            if self.live.with(|inner| inner.turn.phase == TurnPhase::Held) {
                // It has not begun, and how long that takes is said there.
                resumed = self.record.lasts();
                continue;
            }
            let Some(pace) = self.record.pace(resumed) else { continue };
            let usual = match known.take() {
                Some((id, usual)) if id == pace.connection => usual,
                _ => Usual::known(engine, &pace.connection).await,
            };
            let slow = pace.slower_than(&usual);
            self.live.with(|inner| inner.is_slow(slow));
            known = Some((pace.connection, usual));
        }
    }
}

impl Inner {
    /// Says how the turn is slower than usual, or that it is not any more.
    fn is_slow(&mut self, slow: Option<SlowView>) {
        let slow = slow.filter(|slow| match slow.what {
            SlowWhat::FirstWords { .. } => matches!(self.turn.phase, TurnPhase::Waiting | TurnPhase::Streaming),
            // While the assistant does something else than write, it has no speed.
            SlowWhat::Rate { .. } => self.turn.phase == TurnPhase::Streaming && self.is_writing(),
        });
        if self.turn.slow != slow {
            self.turn.slow = slow;
            self.emit(ThreadOp::Turn { turn: self.turn.clone() });
        }
    }

    /// The first words are there: nobody waits for them any more.
    pub(super) fn words_have_come(&mut self) {
        if matches!(&self.turn.slow, Some(slow) if matches!(slow.what, SlowWhat::FirstWords { .. })) {
            self.is_slow(None);
        }
    }

    fn is_writing(&self) -> bool {
        let last = self.state.entries().last();
        last.is_some_and(|last| {
            last.stage == ItemStage::Streaming && matches!(last.item.body, ItemBody::AssistantMessage { .. })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const USUAL: Usual = Usual { first_text: Some(2_000.0), rate: Some(50.0) };

    fn pace(waited: u64, comes: Option<u64>, pieces: u32) -> Pace {
        let comes = comes.map(Duration::from_millis);
        Pace { connection: "office".into(), since: 7, waited: Duration::from_millis(waited), comes, pieces }
    }

    fn slow(pace: &Pace, usual: &Usual) -> Option<SlowWhat> {
        pace.slower_than(usual).map(|slow| slow.what)
    }

    #[test]
    fn a_wait_is_told_once_it_is_clearly_longer_than_usual() {
        assert_eq!(slow(&pace(6_000, None, 0), &USUAL), None, "three times is the limit");
        let late = SlowWhat::FirstWords { usual_ms: 2_000, since: 7 };
        assert_eq!(slow(&pace(6_001, None, 0), &USUAL), Some(late));
        let fast = Usual { first_text: Some(100.0), ..USUAL };
        assert_eq!(slow(&pace(2_000, None, 0), &fast), None, "many times as long, and still not long");
        assert!(slow(&pace(2_100, None, 0), &fast).is_some());
        assert_eq!(slow(&pace(60_000, None, 0), &Usual::default()), None, "nobody knows what is usual");
        assert_eq!(slow(&pace(60_000, Some(100), 1), &USUAL), None, "the words have come");
    }

    #[test]
    fn an_answer_is_told_that_comes_much_slower_than_usual_or_stands() {
        assert_eq!(slow(&pace(9_000, Some(3_900), 20), &USUAL), None, "it has just begun");
        let told = SlowWhat::Rate { usual: 50.0, now: 4.0 };
        assert_eq!(slow(&pace(9_000, Some(5_000), 20), &USUAL), Some(told));
        assert_eq!(slow(&pace(9_000, Some(5_000), 100), &USUAL), None, "20 each second are not three times as slow");
        let told = SlowWhat::Rate { usual: 50.0, now: 0.2 };
        assert_eq!(slow(&pace(9_000, Some(60_000), 10), &USUAL), Some(told), "it stands");
        let always_slow = Usual { rate: Some(2.0), ..USUAL };
        assert_eq!(slow(&pace(9_000, Some(5_000), 1), &always_slow), None, "ten would have come: that is chance");
        assert!(slow(&pace(90_000, Some(15_000), 3), &always_slow).is_some());
    }
}

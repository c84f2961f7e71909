//! Whether an answer came slower than a connection's usually do.

use std::time::Duration;

use model::{ConnectionId, Finding, TurnRecord};

use super::{
    chain::{Seen, Worth},
    words::span,
};
use crate::{backend::Backend, engine::Engine, latency::median};

/// So many turns are compared with.
const TURNS: usize = 100;
/// Fewer say nothing about what is usual.
const FEWEST: usize = 10;
/// What is so many times as slow is clearly slower.
pub(crate) const TIMES: f64 = 3.0;
/// A difference that nobody feels is none.
const FELT: Duration = Duration::from_millis(500);
/// So much of an answer has to come, for so long, before it has a speed.
pub(crate) const PIECES: usize = 20;
const LASTS: Duration = Duration::from_millis(500);

/// What a connection's answers are like.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Usual {
    /// Until the first text, in milliseconds.
    pub first_text: Option<f64>,
    /// Pieces for each second.
    pub rate: Option<f64>,
}

impl Usual {
    /// What is known of a connection; nothing where that cannot be read.
    pub async fn known(engine: &Engine, id: &ConnectionId) -> Self {
        let id = id.clone();
        let turns = engine.shared.shelf.run(move |history| history.turn_records(&id, TURNS)).await;
        // Where that cannot be read, the data folder's step of a test says so.
        Self::of(&turns.unwrap_or_default())
    }

    fn of(turns: &[TurnRecord]) -> Self {
        let enough = |values: Vec<f64>| (values.len() >= FEWEST).then(|| median(values)).flatten();
        let first_text = turns.iter().filter_map(|turn| turn.times.first_text_ms.map(f64::from)).collect();
        let rate = turns.iter().filter_map(|turn| {
            let lasted = turn.times.last_text_ms?.checked_sub(turn.times.first_text_ms?)?;
            let lasted = Duration::from_millis(lasted.into());
            pieces_each_second(usize::try_from(turn.pieces).ok()?, lasted)
        });
        Self { first_text: enough(first_text), rate: enough(rate.collect()) }
    }

    /// What to say of pieces of an answer that came at these times since it was asked for; nothing if they are as usual.
    fn slower(&self, pieces: &[Duration]) -> Option<String> {
        let (first, last) = (*pieces.first()?, *pieces.last()?);
        let late = self.first_text.filter(|usual| {
            let usual = Duration::from_secs_f64(usual / 1000.0);
            first > usual.mul_f64(TIMES) && first.saturating_sub(usual) >= FELT
        });
        if let Some(usual) = late {
            let usual = span(Duration::from_secs_f64(usual / 1000.0));
            return Some(format!("Its first words took {}; usual for this connection are {usual}.", span(first)));
        }
        let rate = pieces_each_second(pieces.len(), last.saturating_sub(first))?;
        let usual = self.rate.filter(|usual| rate * TIMES < *usual)?;
        Some(format!("It came with {rate:.0} pieces each second; usual for this connection are {usual:.0}."))
    }
}

fn pieces_each_second(pieces: usize, lasted: Duration) -> Option<f64> {
    let has_speed = pieces >= PIECES && lasted >= LASTS;
    has_speed.then(|| f64::from(u32::try_from(pieces).unwrap_or(u32::MAX)) / lasted.as_secs_f64())
}

/// A hello that works, compared with the connection's last turns. `pieces` is when its pieces came since it was sent.
pub(super) async fn compared(engine: &Engine, backend: &Backend, pieces: &[Duration], seen: Seen) -> Seen {
    if seen.finding.is_some() || pieces.is_empty() {
        return seen;
    }
    match Usual::known(engine, &backend.connection().id).await.slower(pieces) {
        Some(words) => Seen {
            line: format!("{} {words}", seen.line),
            worth: Worth::Look,
            finding: Some(Finding::SlowerThanUsual),
            ..seen
        },
        None => seen,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::latency::tests::turn;

    fn pieces(first: u64, each: u64, count: u64) -> Vec<Duration> {
        (0..count).map(|piece| Duration::from_millis(first + piece * each)).collect()
    }

    #[test]
    fn what_is_usual_takes_ten_turns() {
        let turns: Vec<_> = (0..9).map(|at| turn(at, 200)).collect();
        assert_eq!(Usual::of(&turns), Usual::default());
        let turns: Vec<_> = (0..10).map(|at| turn(at, 200)).collect();
        assert_eq!(Usual::of(&turns), Usual { first_text: Some(200.0), rate: Some(50.0) });
    }

    #[test]
    fn only_what_is_clearly_slower_and_felt_is_told() {
        let usual = Usual { first_text: Some(200.0), rate: Some(50.0) };
        assert_eq!(usual.slower(&pieces(590, 10, 3)), None, "less than three times");
        assert_eq!(Usual { first_text: Some(10.0), ..Usual::default() }.slower(&pieces(300, 10, 3)), None, "not felt");
        let words = usual.slower(&pieces(900, 10, 3)).unwrap();
        assert_eq!(words, "Its first words took 900 ms; usual for this connection are 200 ms.");
        let words = usual.slower(&pieces(200, 100, 30)).unwrap();
        assert_eq!(words, "It came with 10 pieces each second; usual for this connection are 50.");
        assert_eq!(usual.slower(&pieces(200, 40, 30)), None);
        assert_eq!(usual.slower(&pieces(200, 100, 10)), None, "too short to have a speed");
        assert_eq!(usual.slower(&[]), None);
    }
}

//! How long the answers of a connection took lately.

use jiff::{Timestamp, Zoned};
use model::{ConnectionId, Failure, TurnRecord};

use crate::{
    engine::Engine,
    view::{LatencyTimes, LatencyToday, LatencyTurn, LatencyView},
};

/// So many turns are shown.
const TURNS: usize = 100;

impl Engine {
    /// How long the last hundred turns of a connection took, and today's medians, by this computer's days. Those of a route
    /// are its members'.
    ///
    /// # Errors
    ///
    /// [`model::FailureCode::Unknown`] if it is not here, or what the disk says.
    pub async fn connection_latency(&self, id: &ConnectionId) -> Result<LatencyView, Failure> {
        let members = match self.route(id) {
            Some(route) => route.connections,
            None => vec![self.connection(id)?.id],
        };
        let turns = move |history: &mut history::History| {
            members.iter().map(|id| history.turn_records(id, TURNS)).collect::<Result<Vec<_>, _>>()
        };
        let turns = self.shared.shelf.run(turns).await?.concat();
        Ok(shown(turns, &Zoned::now()))
    }
}

/// Turns as they are shown at a time. Those that got no answer have no times.
fn shown(mut turns: Vec<TurnRecord>, now: &Zoned) -> LatencyView {
    turns.retain(|turn| turn.times.first_byte_ms.is_some());
    turns.sort_by_key(|turn| turn.began_at);
    let older = turns.len().saturating_sub(TURNS);
    let turns: Vec<_> = turns.drain(older..).map(|turn| of(&turn)).collect();
    let today: Vec<_> = turns.iter().filter(|turn| is_of_day(turn.at, now)).map(|turn| &turn.times).collect();
    let of_all = |time: fn(&LatencyTimes) -> Option<f64>| median(today.iter().copied().filter_map(time).collect());
    let today = (!today.is_empty()).then(|| LatencyToday {
        turns: today.len(),
        median: LatencyTimes {
            session_ms: of_all(|times| times.session_ms),
            first_byte_ms: of_all(|times| times.first_byte_ms),
            first_token_ms: of_all(|times| times.first_token_ms),
            rate: of_all(|times| times.rate),
        },
    });
    LatencyView { turns, today }
}

fn of(turn: &TurnRecord) -> LatencyTurn {
    let times = LatencyTimes {
        session_ms: turn.times.session_ms.map(f64::from),
        first_byte_ms: turn.times.first_byte_ms.map(f64::from),
        first_token_ms: turn.times.first_text_ms.map(f64::from),
        rate: turn.rate().map(|rate| rate.per_second),
    };
    LatencyTurn { at: turn.began_at, times }
}

/// Whether a time in milliseconds since 1970 UTC is of the same day, where that is.
fn is_of_day(at: i64, day: &Zoned) -> bool {
    let at = Timestamp::from_millisecond(at).map(|at| at.to_zoned(day.time_zone().clone()));
    at.is_ok_and(|at| at.date() == day.date())
}

/// What is in the middle. Of none there is nothing.
pub(crate) fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    let upper = *values.get(middle)?;
    if values.len() % 2 == 1 {
        return Some(upper);
    }
    Some(f64::midpoint(*values.get(middle.checked_sub(1)?)?, upper))
}

#[cfg(test)]
pub(crate) mod tests {
    use serde_json::json;

    use super::*;

    /// A turn whose first text took so many milliseconds; then come 50 pieces within a second.
    pub(crate) fn turn(began_at: i64, first_text_ms: u32) -> TurnRecord {
        let times = json!({
            "session_ms": 2, "first_byte_ms": first_text_ms / 2, "first_text_ms": first_text_ms,
            "last_text_ms": first_text_ms + 1000, "whole_ms": first_text_ms + 1100,
        });
        let turn = json!({"connection": "office", "began_at": began_at, "end": "done", "times": times, "pieces": 50});
        serde_json::from_value(turn).unwrap()
    }

    fn at(text: &str) -> i64 {
        text.parse::<Zoned>().unwrap().timestamp().as_millisecond()
    }

    #[test]
    fn the_middle_of_values_is_their_median() {
        assert_eq!(median(Vec::new()), None);
        assert_eq!(median(vec![3.0]), Some(3.0));
        assert_eq!(median(vec![9.0, 1.0, 3.0]), Some(3.0));
        assert_eq!(median(vec![9.0, 1.0, 3.0, 5.0]), Some(4.0));
    }

    #[test]
    fn todays_medians_are_by_the_days_of_this_computer() {
        let now: Zoned = "2026-03-02T09:00:00+13:00[Pacific/Auckland]".parse().unwrap();
        let turns = vec![
            turn(at("2026-03-02T08:00:00+13:00[Pacific/Auckland]"), 300),
            // The same day in UTC, and not here.
            turn(at("2026-03-01T23:59:00+13:00[Pacific/Auckland]"), 9_000),
            turn(at("2026-03-02T00:01:00+13:00[Pacific/Auckland]"), 100),
        ];
        let view = shown(turns, &now);
        assert_eq!(
            view.turns.iter().map(|turn| turn.times.first_token_ms).collect::<Vec<_>>(),
            [Some(9_000.0), Some(100.0), Some(300.0)]
        );
        let today = view.today.unwrap();
        assert_eq!(today.turns, 2);
        let median = LatencyTimes {
            session_ms: Some(2.0),
            first_byte_ms: Some(100.0),
            first_token_ms: Some(200.0),
            rate: Some(50.0),
        };
        assert_eq!(today.median, median);
    }

    #[test]
    fn the_last_hundred_are_shown_and_those_without_an_answer_are_not() {
        let now: Zoned = "2026-03-02T09:00:00[UTC]".parse().unwrap();
        assert_eq!(shown(Vec::new(), &now), LatencyView::default());
        let mut turns: Vec<_> = (0..150).rev().map(|at| turn(at, 100)).collect();
        turns[0].times.first_byte_ms = None;
        let view = shown(turns, &now);
        assert_eq!((view.turns.len(), view.turns[0].at, view.turns[99].at), (100, 49, 148));
        assert_eq!(view.today, None);
    }
}

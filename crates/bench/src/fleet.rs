//! A hundred thousand clients and one session endpoint, after it was away: how many ask in the same second. The clients
//! are the engine's own states of a session, moved by a clock that is a number.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BinaryHeap},
    time::Duration,
};

use adapters::session::Expiry;
use engine::session::{Ahead, Asker, Life, Next, Now, Refusal, State};
use model::{Failure, FailureCode};

use crate::{
    Error, Options,
    row::{Row, Target, Unit},
};

/// The heading.
const TOPIC: &str = "A hundred thousand clients after the session endpoint was away for a minute";

const CLIENTS: usize = 100_000;

/// How long a session lives.
const LIFE: Duration = Duration::from_secs(600);

/// How long the endpoint is away. When it goes, every session ends at once.
const AWAY: Duration = Duration::from_secs(60);

/// How long is looked on.
const HOUR: Duration = Duration::from_secs(3600);

/// The most clients that asked in one second.
struct Peaks {
    /// While it was away.
    away: usize,
    /// After that.
    after: usize,
}

/// The peak with chance spreading the clients and without.
///
/// # Errors
///
/// None.
pub async fn rows(_options: &Options) -> Result<Vec<Row>, Error> {
    let mut chance = Chance(7);
    let spread = peaks(|| chance.next());
    let together = peaks(|| 0.5);
    let row = |what: &str, spread: usize, together: usize| {
        let row = Row::new(TOPIC, what, count(spread), Unit::Count);
        row.peer("without chance", count(together), Target::AtMost(0.1))
    };
    Ok(vec![
        row("most requests in one second, after the first one failed", spread.away, together.away),
        row("most requests in one second, once it is back, within an hour", spread.after, together.after),
    ])
}

fn count(number: usize) -> f64 {
    u32::try_from(number).map_or(f64::INFINITY, f64::from)
}

/// Follows every client from the moment that the endpoint goes away. All of them notice it within a tenth of a second.
fn peaks(mut chance: impl FnMut() -> f64) -> Peaks {
    let start = Now::read();
    let mut clients = vec![State::Absent; CLIENTS];
    let mut events: BinaryHeap<_> = (0..CLIENTS).map(|client| Reverse((client as u64 % 100, client))).collect();
    let mut asked: BTreeMap<u64, usize> = BTreeMap::new();
    let end = milliseconds(AWAY + HOUR);
    while let Some(Reverse((time, client))) = events.pop().filter(|Reverse((time, _))| *time < end) {
        let now = start.after(Duration::from_millis(time));
        let state = &mut clients[client];
        if !matches!(state.wanted(Asker::Program, now), Next::Fetch | Next::UseAndRenew) {
            continue;
        }
        *asked.entry(time / 1000).or_default() += 1;
        let next = if time < milliseconds(AWAY) {
            let failure = Failure::new(FailureCode::ServerRefused, "away");
            state.refused(Refusal::Trouble(failure, None), now, chance());
            match state {
                State::Waiting { until, .. } => until.saturating_duration_since(now.steady),
                _ => break,
            }
        } else {
            let Ok(life) = Life::granted(Expiry::In(LIFE), Ahead::default(), now, chance()) else { break };
            state.granted(life);
            life.due_in(now).unwrap_or(HOUR)
        };
        // A client that is due in half a millisecond is due in the next one.
        events.push(Reverse((time + milliseconds(next) + 1, client)));
    }
    let most = |from: u64, to: u64| asked.range(from..to).map(|(_, count)| *count).max().unwrap_or(0);
    Peaks { away: most(1, AWAY.as_secs()), after: most(AWAY.as_secs(), u64::MAX) }
}

fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// Numbers between 0 and 1 that are the same in every run.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        f64::from(u32::try_from(self.0 >> 32).unwrap_or(0)) / f64::from(u32::MAX)
    }
}

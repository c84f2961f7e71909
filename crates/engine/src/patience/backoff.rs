//! How long to wait before a refused request is sent again.

use std::time::Duration;

/// The most that the first wait can be; it doubles with each refusal.
const FIRST: Duration = Duration::from_secs(1);

/// The most that any wait can be that the server did not ask for.
const LONGEST: Duration = Duration::from_secs(30);

/// The most that is waited beyond what the server asks for, so that not all come back at the same moment.
const SPREAD: Duration = Duration::from_secs(2);

/// The wait after a number of refusals before this one. What the server asks for (`hint`) is the least; without it any time
/// up to a limit that doubles (full jitter). `chance` is between 0 and 1.
pub fn wait(refused: u32, hint: Option<Duration>, chance: f64) -> Duration {
    let chance = chance.clamp(0.0, 1.0);
    let jitter = FIRST.saturating_mul(2_u32.saturating_pow(refused.min(16))).min(LONGEST).mul_f64(chance);
    match hint {
        // A server that always asks for nothing is not asked in a loop.
        Some(hint) => jitter.max(hint + (hint / 10).min(SPREAD).mul_f64(chance)),
        None => jitter,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn waits_grow_to_a_limit() {
        let most: Vec<u64> = (0..8).map(|refused| wait(refused, None, 1.0).as_secs()).collect();
        assert_eq!(most, [1, 2, 4, 8, 16, 30, 30, 30]);
        assert_eq!(wait(u32::MAX, None, 1.0), LONGEST);
        assert_eq!(wait(5, None, 0.0), Duration::ZERO, "full jitter begins at nothing");
        assert_eq!(wait(2, None, 0.5), Duration::from_secs(2));
    }

    #[test]
    fn what_the_server_asks_for_is_kept_and_little_is_added() {
        let hint = |seconds| Some(Duration::from_secs(seconds));
        assert_eq!(wait(0, hint(20), 0.0), Duration::from_secs(20));
        assert_eq!(wait(0, hint(20), 1.0), Duration::from_secs(22));
        assert_eq!(wait(0, hint(600), 1.0), Duration::from_secs(602));
        assert_eq!(wait(3, hint(0), 0.5), Duration::from_secs(4), "it may not make anybody spin");
    }

    proptest! {
        #[test]
        fn every_wait_is_within_its_bounds(
            refused in any::<u32>(),
            hint in proptest::option::of(0_u64..86_400_000),
            chance in any::<f64>(),
        ) {
            let hint = hint.map(Duration::from_millis);
            // What is no number counts as none.
            let chance = if chance.is_nan() { 0.0 } else { chance };
            let wait = wait(refused, hint, chance);
            prop_assert!(wait >= hint.unwrap_or_default());
            prop_assert!(wait <= LONGEST.max(hint.unwrap_or_default() + SPREAD));
        }

        #[test]
        fn a_later_wait_can_be_longer_and_its_jitter_covers_all_of_it(refused in 0_u32..40, part in 0.0_f64..1.0) {
            let most = wait(refused, None, 1.0);
            prop_assert!(wait(refused + 1, None, 1.0) >= most);
            let off = wait(refused, None, part).as_secs_f64() - most.as_secs_f64() * part;
            prop_assert!(off.abs() < 1e-6);
        }
    }
}

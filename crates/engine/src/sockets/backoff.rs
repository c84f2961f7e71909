//! When a socket that was lost is opened again: after waits that grow, and each by chance, so that not all who lost the same
//! server come back at the same moment.

use std::time::Duration;

use transport::{ProxyTrouble, TransportError};

use super::SocketPace;

/// How long to wait after a number of tries in vain: anything up to a limit that doubles. `chance` is between 0 and 1.
pub fn wait(pace: &SocketPace, failed: u32, chance: f64) -> Duration {
    let doubled = pace.first_wait.saturating_mul(2_u32.saturating_pow(failed.min(16)));
    doubled.min(pace.longest_wait).mul_f64(chance.clamp(0.0, 1.0))
}

/// Whether what kept a socket from being opened may pass by itself. A refusal does not: the next message asks again, with
/// another session if there is one.
pub fn passes(error: &TransportError) -> bool {
    match error {
        TransportError::Unreachable { .. }
        | TransportError::FirstByteTimeout { .. }
        | TransportError::Proxy { why: ProxyTrouble::Unreachable(_) | ProxyTrouble::Refused, .. } => true,
        TransportError::Status { status, .. } => matches!(status, 429 | 500..),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_longest_and_are_anything_below() {
        let pace = SocketPace::default();
        let most: Vec<_> = (0..8).map(|failed| wait(&pace, failed, 1.0).as_secs()).collect();
        assert_eq!(most, [1, 2, 4, 8, 16, 32, 60, 60]);
        assert_eq!((wait(&pace, 3, 0.0), wait(&pace, 1, 0.5)), (Duration::ZERO, Duration::from_secs(1)));
    }

    #[test]
    fn only_what_may_pass_is_waited_for() {
        let status = |status| TransportError::Status {
            status,
            retry_after: None,
            date: None,
            challenge: None,
            snippet: String::new(),
        };
        assert!(
            passes(&status(503)) && passes(&TransportError::FirstByteTimeout { limit: Duration::ZERO, begun: false })
        );
        assert!([401, 403, 404, 426].into_iter().all(|refused| !passes(&status(refused))));
    }
}

//! Which failures of one connection let a route ask the next one by itself, and how they are told in a few words.

use std::time::Duration;

use model::{Failure, FailureCode};

use super::circuit::Trouble;
use crate::backend::Unopened;

/// What a route does after one of its connections has failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum After {
    /// It asks the same one again after a pause, as that wants.
    Wait(Duration),
    /// It asks the next one.
    Next,
    /// Nothing: the request may have been executed, or would fail elsewhere as well. That is up to the person.
    Ask,
}

/// What comes after a request that was not answered at all. `patience` is for how many seconds the route waits.
pub fn after(unopened: &Unopened, patience: u32) -> After {
    match unopened {
        Unopened::Unreached(_) | Unopened::Unasked(_) => After::Next,
        Unopened::Busy(failure) => limited(failure, patience),
        // A quota that is used up does not come back in a while.
        Unopened::Refused(failure) if failure.code == FailureCode::RateLimited => After::Next,
        Unopened::Refused(failure) if is_away(failure) => After::Next,
        // Whoever does not let anybody in has done nothing.
        Unopened::Refused(failure) if is_locked_out(failure) => After::Next,
        Unopened::Refused(_) | Unopened::Forgotten(..) => After::Ask,
    }
}

/// What comes after a stream that broke before it said anything.
pub fn after_silence(failure: &Failure) -> After {
    if failure.code == FailureCode::FirstByteTimeout { After::Next } else { After::Ask }
}

/// What comes after 429. The one place that weighs a pause against the next connection.
fn limited(failure: &Failure, patience: u32) -> After {
    match failure.retry_after_ms.map(Duration::from_millis) {
        Some(pause) if pause <= Duration::from_secs(patience.into()) => After::Wait(pause),
        Some(_) | None => After::Next,
    }
}

/// Whether a refusal says that the server is not there for now.
fn is_away(failure: &Failure) -> bool {
    failure.code == FailureCode::FirstByteTimeout || matches!(failure.status, Some(502..=504))
}

fn is_locked_out(failure: &Failure) -> bool {
    matches!(failure.code, FailureCode::Unauthorized | FailureCode::SignedOut)
}

/// What a failure says of its connection; nothing where it says only something of the request, or of the person.
pub fn trouble(failure: &Failure) -> Option<Trouble> {
    match failure.code {
        FailureCode::Unreachable | FailureCode::ProxyFailed => Some(Trouble::Gone),
        FailureCode::FirstByteTimeout | FailureCode::RateLimited => Some(Trouble::Refuses),
        _ => matches!(failure.status, Some(502..=504)).then_some(Trouble::Refuses),
    }
}

/// Why a connection is not the one that answers, as the rest of a sentence.
pub fn why(name: &str, failure: &Failure) -> String {
    match (failure.code, failure.status) {
        (FailureCode::Unreachable, _) => format!("{name} cannot be reached"),
        (FailureCode::ProxyFailed | FailureCode::ProxyLogin, _) => format!("the proxy does not lead to {name}"),
        (FailureCode::FirstByteTimeout, _) => format!("{name} did not answer in time"),
        (FailureCode::RateLimited, _) => format!("{name} wants a pause"),
        (FailureCode::Unauthorized | FailureCode::SignedOut, _) => format!("you are signed out of {name}"),
        (FailureCode::BadSession, _) => format!("there is no session with {name}"),
        (FailureCode::Disabled, _) => format!("{name} is switched off"),
        (FailureCode::Untrusted, _) => format!("the certificate of {name} is not trusted"),
        (FailureCode::Interrupted | FailureCode::IdleTimeout, _) => format!("the answer of {name} broke off"),
        (
            FailureCode::KeychainAbsent
            | FailureCode::KeychainLocked
            | FailureCode::KeychainFailed
            | FailureCode::KeychainDamaged,
            _,
        ) => format!("the keychain does not give the token of {name}"),
        (_, Some(status)) => format!("{name} failed (status {status})"),
        (_, None) => format!("{name} failed"),
    }
}

/// That nobody could be asked, and what each of them said.
pub fn nobody(route: &str, failures: &[(String, Failure)]) -> Failure {
    let Some((_, first)) = failures.first() else { return empty(route) };
    let each: Vec<_> = failures.iter().map(|(name, failure)| format!("{name}: {}", failure.message)).collect();
    let details: Vec<_> =
        failures.iter().filter_map(|(name, failure)| Some(format!("{name}: {}", failure.detail.as_ref()?))).collect();
    let alike = failures.iter().all(|(_, failure)| failure.code == first.code);
    // Somebody who can be reached, and refuses, is not offline.
    let kind = failures.iter().find(|(_, failure)| alike || !failure.code.is_offline()).map_or(first, |(_, it)| it);
    Failure {
        detail: (!details.is_empty()).then(|| details.join("\n")),
        retry_after_ms: failures.iter().filter_map(|(_, failure)| failure.retry_after_ms).min(),
        ..Failure::new(kind.code, format!("No connection of “{route}” could answer.\n{}", each.join("\n")))
    }
}

/// That there is nobody to ask.
pub fn empty(route: &str) -> Failure {
    let words = format!("“{route}” has no connections left. Choose some in Settings → Connections, under “Routes”.");
    Failure::new(FailureCode::Unknown, words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(code: FailureCode, status: Option<u16>) -> Unopened {
        Unopened::Refused(Failure { status, ..Failure::new(code, "No.") })
    }

    #[test]
    fn the_next_one_is_asked_only_where_nothing_was_done_or_the_server_says_that_it_is_away() {
        let of = |unopened| after(&unopened, 0);
        let failure = |code| Failure::new(code, "No.");
        assert_eq!(of(Unopened::Unreached(failure(FailureCode::Unreachable))), After::Next);
        assert_eq!(of(Unopened::Unasked(failure(FailureCode::KeychainLocked))), After::Next);
        assert_eq!(of(refused(FailureCode::FirstByteTimeout, None)), After::Next);
        for status in [502, 503, 504] {
            assert_eq!(of(refused(FailureCode::ServerRefused, Some(status))), After::Next);
        }
        for code in [FailureCode::Unauthorized, FailureCode::SignedOut] {
            assert_eq!(of(refused(code, Some(401))), After::Next);
        }
        for (code, status) in [
            (FailureCode::ServerRefused, Some(500)),
            (FailureCode::ServerRefused, Some(422)),
            (FailureCode::Forbidden, Some(403)),
            (FailureCode::NotFound, Some(404)),
            // It broke after the request had left.
            (FailureCode::Unreachable, None),
            (FailureCode::Interrupted, None),
            (FailureCode::NotChatkit, None),
        ] {
            assert_eq!(of(refused(code, status)), After::Ask, "{code} {status:?}");
        }
        assert_eq!(after_silence(&failure(FailureCode::FirstByteTimeout)), After::Next);
        assert_eq!(after_silence(&failure(FailureCode::Interrupted)), After::Ask);
    }

    #[test]
    fn a_pause_is_waited_for_as_long_as_the_person_has_patience() {
        let pause = |ms| {
            let failure = Failure { retry_after_ms: ms, ..Failure::new(FailureCode::RateLimited, "Later.") };
            after(&Unopened::Busy(failure), 3)
        };
        assert_eq!(pause(Some(3_000)), After::Wait(Duration::from_secs(3)));
        assert_eq!(pause(Some(3_001)), After::Next);
        assert_eq!(pause(None), After::Next);
    }

    #[test]
    fn that_nobody_could_answer_is_told_with_what_each_said() {
        let failures = [
            ("Own".to_owned(), Failure::new(FailureCode::Unreachable, "Nothing answers.")),
            ("OpenAI".to_owned(), Failure::new(FailureCode::RateLimited, "Asked too often.")),
        ];
        let failure = nobody("Office", &failures);
        assert_eq!(failure.code, FailureCode::RateLimited, "one of them was reached");
        assert!(
            failure.message.contains("Own: Nothing answers.") && failure.message.contains("OpenAI: Asked too often.")
        );
        assert!(nobody("Office", &failures[..1]).code.is_offline());
        assert!(nobody("Office", &[]).message.contains("no connections left"));
    }
}

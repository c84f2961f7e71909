//! Refusals of servers that have done nothing yet and want a pause.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use adapters::Pause;
use transport::TransportError;

/// Whether a request was refused for now, so that it certainly was not executed and makes sense again after a pause: with
/// 429, and with 503 if the server says when to come back. Without that, 503 may be anything that failed on the way.
pub fn wants_pause(error: &TransportError) -> bool {
    match error {
        TransportError::Status { status: 429, .. } => said(error) != Pause::Useless,
        TransportError::Status { status: 503, .. } => asked(error).is_some(),
        _ => false,
    }
}

/// How long a refusal asks to wait: in its header, or else in its body.
pub fn asked(error: &TransportError) -> Option<Duration> {
    match error {
        TransportError::Status { retry_after: Some(wait), .. } => Some(*wait),
        TransportError::Status { status: 429 | 503, .. } => match said(error) {
            Pause::For(wait) => Some(wait),
            Pause::Unsaid | Pause::Useless => None,
        },
        _ => None,
    }
}

/// What a person is told who is not to wait.
pub fn pause_wanted(name: &str, asked: Option<Duration>) -> String {
    match long(asked) {
        None => format!("“{name}” is asked too often and wants a pause. Try again later."),
        Some(long) => format!("“{name}” is asked too often and wants a pause of {long}. Try again after that."),
    }
}

/// A wait in words; none where there is none to speak of.
pub fn long(wait: Option<Duration>) -> Option<String> {
    let seconds = wait.map_or(0, |wait| wait.as_secs() + u64::from(wait.subsec_nanos() > 0));
    match seconds {
        0 => None,
        1 => Some("a second".to_owned()),
        2..120 => Some(format!("{seconds} seconds")),
        120..7200 => Some(format!("{} minutes", seconds.div_ceil(60))),
        _ => Some(format!("{} hours", seconds.div_ceil(3600))),
    }
}

/// What the body says, where a date counts from the server's own clock if it says what that is.
fn said(error: &TransportError) -> Pause {
    let TransportError::Status { snippet, date, .. } = error else { return Pause::Unsaid };
    let now = date.unwrap_or_else(SystemTime::now).duration_since(UNIX_EPOCH).unwrap_or_default();
    adapters::pause(snippet, i64::try_from(now.as_millis()).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(status: u16, retry_after: Option<u64>, snippet: &str) -> TransportError {
        let retry_after = retry_after.map(Duration::from_secs);
        TransportError::Status { status, retry_after, date: None, challenge: None, snippet: snippet.to_owned() }
    }

    #[test]
    fn only_what_was_refused_for_now_may_be_sent_again() {
        let in_body = r#"{"retry_after": 3}"#;
        for (status, header, body, expected) in [
            (429, None, "", true),
            (429, Some(5), "", true),
            (503, Some(5), "", true),
            (503, None, in_body, true),
            (503, None, "", false),
            (500, Some(5), in_body, false),
            (502, Some(5), in_body, false),
            (504, Some(5), in_body, false),
            (401, Some(5), in_body, false),
            (408, Some(5), in_body, false),
            (429, Some(5), r#"{"error": {"code": "insufficient_quota"}}"#, false),
        ] {
            assert_eq!(wants_pause(&refusal(status, header, body)), expected, "{status} {header:?} {body}");
        }
        assert!(!wants_pause(&TransportError::FirstByteTimeout { limit: Duration::ZERO, begun: false }));
        assert!(!wants_pause(&TransportError::Cut { started: false, detail: String::new() }));
    }

    #[test]
    fn the_person_is_told_when_it_makes_sense_to_try_again() {
        let told = |ms: u64| pause_wanted("Office", Some(Duration::from_millis(ms)));
        for (ms, end) in [
            (0, "a pause. Try again later."),
            (200, "a pause of a second. Try again after that."),
            (1200, "of 2 seconds. Try again after that."),
            (119_000, "of 119 seconds. Try again after that."),
            (121_000, "of 3 minutes. Try again after that."),
            (86_400_000, "of 24 hours. Try again after that."),
        ] {
            assert!(told(ms).ends_with(end), "{ms} {}", told(ms));
        }
        assert!(pause_wanted("Office", None).ends_with("later."));
    }

    #[test]
    fn the_header_counts_more_than_the_body() {
        let body = r#"{"retry_after": 3}"#;
        assert_eq!(asked(&refusal(429, Some(5), body)), Some(Duration::from_secs(5)));
        assert_eq!(asked(&refusal(429, None, body)), Some(Duration::from_secs(3)));
        assert_eq!(asked(&refusal(500, None, body)), None, "who knows what that is about");
        assert_eq!(asked(&refusal(429, None, "")), None);
    }

    #[test]
    fn a_date_in_the_body_counts_from_the_servers_clock() {
        // The server's clock is ten years behind.
        let date = UNIX_EPOCH + Duration::from_secs(1_479_729_600);
        let snippet = r#"{"retry_at": "2016-11-21T12:00:09Z"}"#.to_owned();
        let error =
            TransportError::Status { status: 429, retry_after: None, date: Some(date), challenge: None, snippet };
        assert_eq!(asked(&error), Some(Duration::from_secs(9)));
    }
}

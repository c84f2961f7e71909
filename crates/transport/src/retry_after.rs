//! How long a server asks to wait: the `Retry-After` header in both of its forms, and others that servers send for it.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use reqwest::{
    StatusCode,
    header::{DATE, HeaderMap, RETRY_AFTER},
};

/// No server can make anybody wait longer than this.
pub(crate) const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// The same in milliseconds; it is more exact, where it stands beside the other.
const IN_MS: &str = "retry-after-ms";

/// When a window of requests begins anew: in seconds, or as a Unix time in seconds or milliseconds. Many servers send it
/// with every answer, so it says something only where one is refused for that.
const RESETS: [(&str, &str); 2] =
    [("ratelimit-reset", "ratelimit-remaining"), ("x-ratelimit-reset", "x-ratelimit-remaining")];

/// From here on a number is a Unix time, and no number of seconds: it would be more than thirty years.
const SECONDS: u64 = 1_000_000_000;

/// From here on a Unix time is in milliseconds: in seconds it would be in the year 5138.
const MILLISECONDS: u64 = 100_000_000_000;

/// How long the server asks to wait, counted from the server's own clock where it says what that is. `now` is this
/// machine's clock.
pub(crate) fn retry_after(status: StatusCode, headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let now = date(headers).unwrap_or(now);
    let wait = in_milliseconds(headers).or_else(|| usual(headers, now));
    let wait = wait.or_else(|| (status == StatusCode::TOO_MANY_REQUESTS).then(|| reset(headers, now)).flatten());
    wait.map(|wait| wait.min(LONGEST))
}

/// What time it is at the server, if it says so.
pub(crate) fn date(headers: &HeaderMap) -> Option<SystemTime> {
    httpdate::parse_http_date(text(headers, DATE.as_str())?).ok()
}

fn usual(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let value = text(headers, RETRY_AFTER.as_str())?;
    match value.parse() {
        Ok(seconds) => Some(Duration::from_secs(seconds)),
        Err(_) => Some(until(httpdate::parse_http_date(value).ok()?, now)),
    }
}

fn in_milliseconds(headers: &HeaderMap) -> Option<Duration> {
    // Some write a fraction.
    let milliseconds: f64 = text(headers, IN_MS)?.parse().ok()?;
    Duration::try_from_secs_f64(milliseconds / 1000.0).ok()
}

fn reset(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    RESETS.iter().find_map(|(reset, remaining)| {
        if text(headers, remaining).is_some_and(|remaining| remaining != "0") {
            return None;
        }
        let number: u64 = text(headers, reset)?.parse().ok()?;
        Some(match number {
            ..SECONDS => Duration::from_secs(number),
            SECONDS..MILLISECONDS => until(UNIX_EPOCH + Duration::from_secs(number), now),
            _ => until(UNIX_EPOCH + Duration::from_millis(number), now),
        })
    })
}

fn until(then: SystemTime, now: SystemTime) -> Duration {
    then.duration_since(now).unwrap_or_default()
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

#[cfg(test)]
mod tests {
    use reqwest::header::{HeaderName, HeaderValue};

    use super::*;

    fn ask_of(status: StatusCode, headers: &[(&'static str, &'static str)]) -> Option<Duration> {
        let header = |&(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value));
        let now = httpdate::parse_http_date("Sat, 21 Nov 2026 07:00:00 GMT").unwrap();
        retry_after(status, &headers.iter().map(header).collect(), now)
    }

    fn ask(headers: &[(&'static str, &'static str)]) -> Option<Duration> {
        ask_of(StatusCode::TOO_MANY_REQUESTS, headers)
    }

    #[test]
    fn seconds() {
        assert_eq!(ask(&[("retry-after", "2")]), Some(Duration::from_secs(2)));
        assert_eq!(ask(&[("retry-after", "99999999999")]), Some(LONGEST));
    }

    #[test]
    fn milliseconds_are_more_exact() {
        assert_eq!(ask(&[("retry-after", "2"), ("retry-after-ms", "1250")]), Some(Duration::from_millis(1250)));
        assert_eq!(ask(&[("retry-after-ms", "0.5")]), Some(Duration::from_micros(500)));
        assert_eq!(ask(&[("retry-after-ms", "1e300")]), None);
        assert_eq!(ask(&[("retry-after-ms", "-1"), ("retry-after", "2")]), Some(Duration::from_secs(2)));
    }

    #[test]
    fn dates() {
        let date = "Sat, 21 Nov 2026 07:01:30 GMT";
        assert_eq!(ask(&[("retry-after", date)]), Some(Duration::from_secs(90)));
        let server = "Sat, 21 Nov 2026 07:01:00 GMT";
        assert_eq!(ask(&[("retry-after", date), ("date", server)]), Some(Duration::from_secs(30)));
        assert_eq!(ask(&[("retry-after", "Fri, 20 Nov 2026 07:00:00 GMT")]), Some(Duration::ZERO));
    }

    #[test]
    fn the_end_of_a_window_of_requests() {
        let reset = |value| ask(&[("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", value)]);
        // The test's clock stands at 1 795 244 400.
        for (value, seconds) in [("37", 37), ("1795244420", 20), ("1795244420000", 20), ("1795244399", 0)] {
            assert_eq!(reset(value), Some(Duration::from_secs(seconds)), "{value}");
        }
        assert_eq!(ask(&[("ratelimit-reset", "5")]), Some(Duration::from_secs(5)));
        assert_eq!(ask(&[("x-ratelimit-remaining", "3"), ("x-ratelimit-reset", "5")]), None, "not this one is over");
        assert_eq!(ask_of(StatusCode::SERVICE_UNAVAILABLE, &[("x-ratelimit-reset", "5")]), None, "it failed otherwise");
        assert_eq!(ask(&[("retry-after", "2"), ("x-ratelimit-reset", "5")]), Some(Duration::from_secs(2)));
    }

    #[test]
    fn nonsense_is_no_hint() {
        for value in ["", "soon", "-5", "1.5"] {
            assert_eq!(ask(&[("retry-after", value)]), None, "{value}");
            assert_eq!(ask(&[("x-ratelimit-reset", value)]), None, "{value}");
        }
        assert_eq!(ask(&[]), None);
    }
}

//! The `Retry-After` header, in both of its forms.

use std::time::{Duration, SystemTime};

use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};

/// No server can make anybody wait longer than this.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// How long the server asks to wait, counted from the server's own clock where it says what that is. `now` is this
/// machine's clock.
pub(crate) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = value.parse::<u64>() {
        return Some(Duration::from_secs(seconds).min(LONGEST));
    }
    let then = httpdate::parse_http_date(value).ok()?;
    let server = headers.get(DATE).and_then(|date| date.to_str().ok());
    let now = server.and_then(|date| httpdate::parse_http_date(date).ok()).unwrap_or(now);
    Some(then.duration_since(now).unwrap_or_default().min(LONGEST))
}

#[cfg(test)]
mod tests {
    use reqwest::header::{HeaderName, HeaderValue};

    use super::*;

    fn ask(headers: &[(HeaderName, &'static str)]) -> Option<Duration> {
        let map = headers.iter().map(|(name, value)| (name.clone(), HeaderValue::from_static(value))).collect();
        let now = httpdate::parse_http_date("Sat, 21 Nov 2026 07:00:00 GMT").unwrap();
        retry_after(&map, now)
    }

    #[test]
    fn seconds() {
        assert_eq!(ask(&[(RETRY_AFTER, "2")]), Some(Duration::from_secs(2)));
        assert_eq!(ask(&[(RETRY_AFTER, "99999999999")]), Some(LONGEST));
    }

    #[test]
    fn dates() {
        let date = "Sat, 21 Nov 2026 07:01:30 GMT";
        assert_eq!(ask(&[(RETRY_AFTER, date)]), Some(Duration::from_secs(90)));
        let server = "Sat, 21 Nov 2026 07:01:00 GMT";
        assert_eq!(ask(&[(RETRY_AFTER, date), (DATE, server)]), Some(Duration::from_secs(30)));
        assert_eq!(ask(&[(RETRY_AFTER, "Fri, 20 Nov 2026 07:00:00 GMT")]), Some(Duration::ZERO));
    }

    #[test]
    fn nonsense_is_no_hint() {
        for value in ["", "soon", "-5", "1.5"] {
            assert_eq!(ask(&[(RETRY_AFTER, value)]), None, "{value}");
        }
        assert_eq!(ask(&[]), None);
    }
}

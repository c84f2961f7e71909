//! What the body of a refusal says of when to ask again, in the ways in which servers say it. What stands in the header
//! counts more, and is `transport`'s.

use std::time::Duration;

use serde_json::Value;

/// What a refusal says of when the same request makes sense again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pause {
    /// After this time, which is a day at most.
    For(Duration),
    /// It does not say.
    Unsaid,
    /// Waiting does not help: somebody has to pay, or has used up more than comes back soon.
    Useless,
}

/// No server can make anybody wait longer than this.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// From here on a number is a Unix time, and no number of seconds.
const SECONDS: f64 = 1e9;

/// From here on a Unix time is in milliseconds: in seconds it would be in the year 5138.
const MILLISECONDS: f64 = 1e11;

/// How deep a body is looked into.
const DEPTH: usize = 6;

/// Codes, and types, of refusals that a wait does not change.
const USELESS: [&str; 4] =
    ["insufficient_quota", "billing_hard_limit_reached", "billing_not_active", "credit_balance_too_low"];

/// Fields that say it, in the order in which they are believed; their names in lower case, without what separates words.
const FIELDS: [(&str, Meaning); 10] = [
    ("retryafterms", Meaning::InMilliseconds),
    ("retryaftermilliseconds", Meaning::InMilliseconds),
    ("retryafterseconds", Meaning::After),
    ("retryafter", Meaning::After),
    ("retrydelay", Meaning::After),
    ("retryin", Meaning::After),
    ("retryat", Meaning::After),
    ("resetat", Meaning::After),
    ("resetsat", Meaning::After),
    ("xratelimitreset", Meaning::After),
];

/// Words after which a time is said.
const PHRASES: [&str; 6] = ["try again in", "retry in", "retry after", "try again after", "please wait", "resets in"];

/// Units of time in milliseconds, by the words for them.
const UNITS: [(&[&str], f64); 5] = [
    (&["ms", "millisecond", "milliseconds"], 1.0),
    (&["s", "sec", "secs", "second", "seconds"], 1e3),
    (&["m", "min", "mins", "minute", "minutes"], 60e3),
    (&["h", "hr", "hrs", "hour", "hours"], 3600e3),
    (&["d", "day", "days"], 86400e3),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meaning {
    InMilliseconds,
    /// A number of seconds, a time such as `3s`, or a date.
    After,
}

/// What the body of a refusal says. `now` is the time by the clock of whoever wrote it, in milliseconds since 1970 UTC.
pub fn pause(body: &str, now: i64) -> Pause {
    let json: Option<Value> = serde_json::from_str(body.trim()).ok();
    if json.as_ref().is_some_and(|json| is_useless(json, DEPTH)) {
        return Pause::Useless;
    }
    let in_fields = || {
        let json = json.as_ref()?;
        FIELDS.iter().find_map(|(name, meaning)| field(json, name, *meaning, now, DEPTH))
    };
    // Also a body that is no JSON, or was cut in the middle of it.
    let wait = in_fields().or_else(|| in_words(body));
    wait.map_or(Pause::Unsaid, |wait| Pause::For(wait.min(LONGEST)))
}

/// Whether an answer says by its code that nothing is left to spend.
pub(crate) fn is_used_up(body: &str) -> bool {
    serde_json::from_str(body.trim()).is_ok_and(|json| is_useless(&json, DEPTH))
}

fn is_useless(json: &Value, depth: usize) -> bool {
    match json {
        _ if depth == 0 => false,
        Value::Object(fields) => fields.iter().any(|(name, value)| match value {
            Value::String(text) => matches!(name.as_str(), "code" | "type") && USELESS.contains(&text.as_str()),
            value => is_useless(value, depth - 1),
        }),
        Value::Array(all) => all.iter().any(|one| is_useless(one, depth - 1)),
        _ => false,
    }
}

/// What a field of that name says, wherever it stands.
fn field(json: &Value, wanted: &str, meaning: Meaning, now: i64, depth: usize) -> Option<Duration> {
    match json {
        _ if depth == 0 => None,
        Value::Object(fields) => {
            let mut named = fields.iter().filter(|(name, _)| plain(name) == wanted);
            let here = named.find_map(|(_, value)| said(value, meaning, now));
            here.or_else(|| fields.values().find_map(|value| field(value, wanted, meaning, now, depth - 1)))
        }
        Value::Array(all) => all.iter().find_map(|one| field(one, wanted, meaning, now, depth - 1)),
        _ => None,
    }
}

fn plain(name: &str) -> String {
    name.chars().filter(|char| char.is_ascii_alphanumeric()).map(|char| char.to_ascii_lowercase()).collect()
}

fn said(value: &Value, meaning: Meaning, now: i64) -> Option<Duration> {
    let number = match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    match (number, value) {
        (Some(number), _) if meaning == Meaning::InMilliseconds => milliseconds(number),
        (Some(number), _) if number >= MILLISECONDS => milliseconds(number - as_f64(now)),
        (Some(number), _) if number >= SECONDS => milliseconds(number * 1e3 - as_f64(now)),
        (Some(number), _) => seconds(number),
        (None, Value::String(text)) => whole_time(text).or_else(|| milliseconds(as_f64(date(text)?) - as_f64(now))),
        // As Google writes a duration in full.
        (None, Value::Object(parts)) => {
            let part = |name: &str| said(parts.get(name)?, Meaning::After, now);
            let nanos = parts.get("nanos").and_then(Value::as_u64).unwrap_or_default();
            Some(part("seconds")? + Duration::from_nanos(nanos.min(999_999_999)))
        }
        _ => None,
    }
}

#[allow(clippy::cast_precision_loss, reason = "a Unix time in milliseconds has fewer digits")]
fn as_f64(time: i64) -> f64 {
    time as f64
}

/// What is over is no time to wait; what is less than nothing was never meant.
fn milliseconds(number: f64) -> Option<Duration> {
    seconds(number.max(0.0) / 1e3)
}

fn seconds(number: f64) -> Option<Duration> {
    // Whatever does not fit is longer than anybody waits.
    (number >= 0.0).then(|| Duration::try_from_secs_f64(number).unwrap_or(LONGEST))
}

/// A date, in milliseconds since 1970 UTC.
fn date(text: &str) -> Option<i64> {
    let text = text.trim();
    let http = || Some(jiff::fmt::rfc2822::parse(text).ok()?.timestamp());
    // Without an offset it is UTC.
    let civil =
        || Some(text.parse::<jiff::civil::DateTime>().ok()?.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp());
    let time = text.parse::<jiff::Timestamp>().ok().or_else(http).or_else(civil)?;
    Some(time.as_millisecond())
}

/// A text that is a time and nothing else.
fn whole_time(text: &str) -> Option<Duration> {
    let (time, rest) = time(text)?;
    rest.trim().is_empty().then_some(time)
}

fn in_words(body: &str) -> Option<Duration> {
    let lower = body.to_ascii_lowercase();
    PHRASES.iter().find_map(|phrase| {
        let (_, after) = lower.split_once(phrase)?;
        Some(time(after.trim_start_matches([':', ' ']))?.0)
    })
}

/// The time with which a text begins, such as `1.2s`, `6m0s` or `2 minutes`, and what stands behind it. A number without a
/// unit is one of seconds.
fn time(text: &str) -> Option<(Duration, &str)> {
    let (mut sum, mut rest) = (None, text.trim_start());
    loop {
        let digits = rest.trim_start_matches(|char: char| char.is_ascii_digit() || char == '.');
        let written = &rest[..rest.len() - digits.len()];
        let number: Option<f64> = written.trim_end_matches('.').parse().ok();
        let Some(number) = number else { break };
        // A full stop ends the sentence.
        let word = if written.ends_with('.') { "" } else { digits.trim_start_matches(' ') };
        let behind = word.trim_start_matches(|char: char| char.is_ascii_alphabetic());
        let unit = word[..word.len() - behind.len()].to_ascii_lowercase();
        let known = UNITS.iter().find(|(names, _)| names.contains(&unit.as_str()));
        match (known, sum) {
            (Some((_, unit)), before) => {
                sum = Some(before.unwrap_or_default() + number * unit);
                rest = behind.trim_start().trim_start_matches("and ").trim_start();
            }
            (None, None) if unit.is_empty() && !digits.starts_with('-') => {
                return Some((seconds(number)?, digits));
            }
            (None, _) => break,
        }
    }
    Some((milliseconds(sum?)?, rest))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// 2026-11-22T12:00:00Z.
    const NOW: i64 = 1_795_348_800_000;

    fn ms(body: &str) -> Option<u128> {
        match pause(body, NOW) {
            Pause::For(wait) => Some(wait.as_millis()),
            Pause::Unsaid | Pause::Useless => None,
        }
    }

    #[test]
    fn fields_that_say_it() {
        for (body, expected) in [
            (json!({"retry_after": 20}), 20_000),
            (json!({"retry_after": "1.5"}), 1500),
            (json!({"error": {"retry_after": 0.25}}), 250),
            (json!({"retry_after_ms": 1250}), 1250),
            (json!({"retry_after": 2, "retry_after_ms": 1250}), 1250),
            (json!({"detail": {"retryAfter": "3s"}}), 3000),
            (json!({"retry_after": "2026-11-22T12:00:07Z"}), 7000),
            (json!({"reset_at": "2026-11-22T13:00:07+01:00"}), 7000),
            (json!({"resets_at": "2026-11-22 12:00:07"}), 7000),
            (json!({"retry_after": "Sun, 22 Nov 2026 12:00:07 GMT"}), 7000),
            (json!({"resets_at": 1_795_348_807}), 7000),
            (json!({"resetAt": 1_795_348_807_500_i64}), 7500),
            (json!({"retry_after": "2026-11-22T11:00:00Z"}), 0),
            (json!({"error": {"metadata": {"headers": {"X-RateLimit-Reset": "1795348807000"}}}}), 7000),
            (json!({"retry_delay": {"seconds": 3, "nanos": 500_000_000}}), 3500),
        ] {
            assert_eq!(ms(&body.to_string()), Some(expected), "{body}");
        }
    }

    #[test]
    fn googles_way_among_its_details() {
        let body = json!([{"error": {"code": 429, "status": "RESOURCE_EXHAUSTED", "details": [
            {"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": [{"quotaId": "PerMinute"}]},
            {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "36.5s"},
        ]}}]);
        assert_eq!(ms(&body.to_string()), Some(36_500));
    }

    #[test]
    fn words_that_say_it() {
        for (words, expected) in [
            ("Rate limit reached for gpt-4o in organization org-1. Please try again in 1.2s. Visit the site.", 1200),
            ("Please try again in 20ms.", 20),
            ("Please try again in 6m0s.", 360_000),
            ("Please try again in 1h2m3s", 3_723_000),
            ("Please retry after 20 seconds.", 20_000),
            ("Too many. Please wait 1 minute and 30 seconds", 90_000),
            ("Retry in 36.5s", 36_500),
            ("Retry after: 7", 7000),
            ("try again in 30. Thank you", 30_000),
        ] {
            assert_eq!(ms(words), Some(expected), "{words}");
            let body = json!({"error": {"message": words, "type": "requests", "code": "rate_limit_exceeded"}});
            assert_eq!(ms(&body.to_string()), Some(expected), "{body}");
        }
        assert_eq!(ms(r#"{"error": {"message": "Please try again in 3s", "co"#), Some(3000), "cut off");
    }

    #[test]
    fn nonsense_is_no_hint() {
        for body in [
            "",
            "{}",
            "<html>429</html>",
            r#"{"retry_after": "soon"}"#,
            r#"{"retry_after": -5}"#,
            r#"{"retry_after": null}"#,
            r#"{"retry_after": [1]}"#,
            r#"{"message": "try again in a while"}"#,
            r#"{"message": "Try again later."}"#,
            "retry after 20 requests",
            "try again in 3x",
        ] {
            assert_eq!(pause(body, NOW), Pause::Unsaid, "{body}");
        }
        let deep = format!("{}{}{}", "[".repeat(100), r#"{"retry_after": 1}"#, "]".repeat(100));
        assert_eq!(pause(&deep, NOW), Pause::Unsaid);
    }

    #[test]
    fn nobody_waits_longer_than_a_day() {
        for body in [
            r#"{"retry_after": 1e300}"#,
            r#"{"retry_after": 99999999}"#,
            r#"{"retry_after_ms": 1e17}"#,
            r#"{"reset_at": "9999-01-01T00:00:00Z"}"#,
            "try again in 99999999999999999999999999 days",
        ] {
            assert_eq!(pause(body, NOW), Pause::For(LONGEST), "{body}");
        }
    }

    #[test]
    fn what_waiting_does_not_change() {
        let body = json!({"error": {"message": "You exceeded your current quota. Please try again in 1s.",
            "type": "insufficient_quota", "code": "insufficient_quota"}});
        assert_eq!(pause(&body.to_string(), NOW), Pause::Useless);
        assert_eq!(pause(r#"{"error": "insufficient_quota"}"#, NOW), Pause::Unsaid);
    }
}

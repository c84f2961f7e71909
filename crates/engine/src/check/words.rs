//! Numbers and times as a person reads them.

use std::time::Duration;

use crate::session::Ahead;

/// From what difference on two clocks are told apart, in milliseconds.
pub(super) const APART: i64 = 60_000;

/// So many of something.
pub(super) fn count(number: usize, one: &str, many: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {many}") }
}

/// The day of a time in seconds since 1970 UTC.
pub(super) fn date(seconds: i64) -> String {
    match jiff::Timestamp::from_second(seconds) {
        Ok(time) => time.strftime("%Y-%m-%d").to_string(),
        Err(_) => "a day that no calendar has".to_owned(),
    }
}

/// A time in milliseconds since 1970 UTC.
pub(super) fn time(milliseconds: i64) -> String {
    match jiff::Timestamp::from_millisecond(milliseconds) {
        Ok(time) => time.strftime("%Y-%m-%d %H:%M:%S UTC").to_string(),
        Err(_) => "a time that no calendar has".to_owned(),
    }
}

/// How many whole days are left until a time in seconds since 1970 UTC.
pub(super) fn days_until(seconds: i64) -> i64 {
    seconds.saturating_sub(jiff::Timestamp::now().as_second()) / (24 * 3600)
}

/// A stretch of time.
pub(super) fn span(time: Duration) -> String {
    match time.as_secs() {
        0 => format!("{} ms", time.as_millis()),
        1..10 => format!("{:.1} s", time.as_secs_f64()),
        seconds @ 10..120 => format!("{seconds} s"),
        seconds @ 120..7200 => format!("{} min", seconds / 60),
        seconds @ 7200..172_800 => format!("{} h", seconds / 3600),
        seconds => format!("{} days", seconds / 86_400),
    }
}

/// So many bytes.
pub(super) fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{} kB", bytes / 1_000),
        1_000_000..1_000_000_000 => format!("{} MB", bytes / 1_000_000),
        _ => format!("{}.{} GB", bytes / 1_000_000_000, bytes / 100_000_000 % 10),
    }
}

/// How a server's clock stands to this computer's.
pub(super) fn clock(ahead: Ahead) -> String {
    let apart = span(Duration::from_millis(ahead.0.unsigned_abs()));
    match ahead.0 {
        0 => "the same as this computer's".to_owned(),
        1.. => format!("{apart} ahead of this computer's"),
        _ => format!("{apart} behind this computer's"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_in_a_unit_that_fits() {
        let told = |milliseconds| span(Duration::from_millis(milliseconds));
        assert_eq!(told(7), "7 ms");
        assert_eq!(told(1_540), "1.5 s");
        assert_eq!(told(90_000), "90 s");
        assert_eq!(told(600_000), "10 min");
        assert_eq!(told(3 * 3_600_000), "3 h");
        assert_eq!(told(90 * 86_400_000), "90 days");
        assert_eq!(size(512), "512 bytes");
        assert_eq!(size(48_900), "48 kB");
        assert_eq!(size(104_857_600), "104 MB");
        assert_eq!(size(12_345_678_901), "12.3 GB");
        assert_eq!(clock(Ahead(-180_000)), "3 min behind this computer's");
        assert_eq!(clock(Ahead(0)), "the same as this computer's");
        assert_eq!(date(1_767_225_600), "2026-01-01");
        assert_eq!(time(1_767_225_600_000), "2026-01-01 00:00:00 UTC");
    }
}

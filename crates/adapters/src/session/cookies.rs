//! The cookies that a login sets, as what requests carry from then on.

use std::time::Duration;

use cookie::Cookie;
use serde_json::Value;

use super::{
    expiry::Expiry,
    grant::{Grant, GrantError, sendable},
};

/// Reads the `Set-Cookie` headers of an answer. `name` is the one cookie that matters, if that was said. The first of them
/// to end ends all.
///
/// # Errors
///
/// If there is no cookie in it that could be sent.
pub fn read_cookies(headers: &[String], name: Option<&str>) -> Result<Grant, GrantError> {
    let cookies: Vec<_> = headers
        .iter()
        .filter_map(|header| Cookie::parse(header.as_str()).ok())
        .filter(|cookie| name.is_none_or(|name| cookie.name() == name))
        // A cookie without a value is one that is taken away.
        .filter(|cookie| !cookie.value().is_empty() && ends(cookie) != Expiry::In(Duration::ZERO))
        .collect();
    if cookies.is_empty() {
        return Err(GrantError::NoCookie { name: name.map(str::to_owned) });
    }
    let names = cookies.iter().map(Cookie::name).collect::<Vec<_>>().join(", ");
    let found_at = format!("the cookies {names}");
    let pairs: Vec<_> = cookies.iter().map(|cookie| format!("{}={}", cookie.name(), cookie.value())).collect();
    pairs.iter().try_for_each(|pair| sendable(&found_at, &Value::String(pair.clone())).map(|_| ()))?;
    let expiry = cookies.iter().map(ends).fold(Expiry::Unsaid, sooner);
    Ok(Grant { secret: pairs.join("; ").into(), expiry, unreadable_expiry: None, found_at, fields: Vec::new() })
}

fn ends(cookie: &Cookie<'_>) -> Expiry {
    if let Some(age) = cookie.max_age() {
        return Expiry::In(Duration::try_from(age).unwrap_or(Duration::ZERO));
    }
    match cookie.expires_datetime() {
        Some(end) => Expiry::At(end.unix_timestamp().saturating_mul(1000)),
        None => Expiry::Unsaid,
    }
}

/// Of two ends that are said in different ways the one in seconds counts: it does not hang on a clock.
fn sooner(one: Expiry, other: Expiry) -> Expiry {
    match (one, other) {
        (Expiry::In(a), Expiry::In(b)) => Expiry::In(a.min(b)),
        (Expiry::At(a), Expiry::At(b)) => Expiry::At(a.min(b)),
        (Expiry::Unsaid, end) | (end, Expiry::Unsaid) => end,
        (after @ Expiry::In(_), _) | (_, after @ Expiry::In(_)) => after,
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    fn read(headers: &[&str], name: Option<&str>) -> Result<(String, Expiry), GrantError> {
        let headers: Vec<_> = headers.iter().map(|header| (*header).to_owned()).collect();
        read_cookies(&headers, name).map(|grant| (grant.secret.expose_secret().to_owned(), grant.expiry))
    }

    #[test]
    fn a_login_may_set_several_cookies_and_the_first_to_end_ends_all() {
        let set = ["sid=abc%2F1; Path=/; HttpOnly; Max-Age=3600", "csrf=x; Max-Age=60; Secure", "old=; Max-Age=0"];
        let sixty = Expiry::In(Duration::from_secs(60));
        assert_eq!(read(&set, None).unwrap(), ("sid=abc%2F1; csrf=x".to_owned(), sixty));
        let hour = Expiry::In(Duration::from_secs(3600));
        assert_eq!(read(&set, Some("sid")).unwrap(), ("sid=abc%2F1".to_owned(), hour));
        let dated = ["sid=a; Expires=Mon, 30 Nov 2026 12:00:00 GMT"];
        assert_eq!(read(&dated, None).unwrap().1, Expiry::At(1_796_040_000_000));
        assert_eq!(read(&["sid=a; Path=/"], None).unwrap().1, Expiry::Unsaid);
    }

    #[test]
    fn a_login_that_sets_none_gives_nothing() {
        for set in [&[][..], &["sid=; Max-Age=0"], &["nonsense"]] {
            assert!(matches!(read(set, None), Err(GrantError::NoCookie { .. })), "{set:?}");
        }
        let wrong = read(&["csrf=sesame"], Some("sid")).unwrap_err().to_string();
        assert!(wrong.contains("“sid”") && !wrong.contains("sesame"), "{wrong}");
        let wrong = read(&["sid=ses\u{e4}me"], None).unwrap_err().to_string();
        assert!(wrong.contains("cannot be sent"), "{wrong}");
    }
}

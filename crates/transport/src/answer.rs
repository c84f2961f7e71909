//! What was answered, and what kind of answer it is.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use reqwest::{
    StatusCode, Url,
    header::{CONTENT_TYPE, HeaderMap, LOCATION, WWW_AUTHENTICATE},
};

use crate::{
    error::{Expected, TransportError, bare_url},
    http::is_loopback,
    request::{Method, Request},
    retry_after::date,
};

/// An answer that is not a stream.
#[derive(Debug, Clone)]
pub struct JsonAnswer {
    /// Its status, 2xx.
    pub status: u16,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body: JSON by its content type, not yet parsed.
    pub body: Bytes,
}

impl JsonAnswer {
    /// What time it was at the server, if it said so.
    pub fn date(&self) -> Option<SystemTime> {
        date(&self.headers)
    }

    /// The values of a header that may stand there more than once; what is no text is left out.
    pub fn all(&self, name: &str) -> Vec<String> {
        let values = self.headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
        values.map(str::to_owned).collect()
    }
}

/// Whatever was answered, read to its end.
#[derive(Debug, Clone)]
pub struct AnyAnswer {
    /// Its status.
    pub status: u16,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Bytes,
    /// Where it points to if it is a redirect, without user information, query and fragment.
    pub location: Option<String>,
    /// How long it asks to wait, at most a day.
    pub retry_after: Option<Duration>,
}

impl AnyAnswer {
    /// What time it was at the server, if it said so.
    pub fn date(&self) -> Option<SystemTime> {
        date(&self.headers)
    }

    /// What credentials it asks for, if it does.
    pub fn challenge(&self) -> Option<String> {
        challenge(&self.headers)
    }

    /// The content type in lower case, without its parameters.
    pub fn content_type(&self) -> Option<String> {
        content_type(&self.headers)
    }
}

/// The content type in lower case, without its parameters.
pub(crate) fn content_type(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    let essence = value.split(';').next().unwrap_or_default().trim();
    (!essence.is_empty()).then(|| essence.to_ascii_lowercase())
}

/// The longest challenge that is kept, in characters.
const CHALLENGE: usize = 1000;

/// What credentials a refusal asks for: its `WWW-Authenticate` headers, behind one another.
pub(crate) fn challenge(headers: &HeaderMap) -> Option<String> {
    let values = headers.get_all(WWW_AUTHENTICATE).iter().filter_map(|value| value.to_str().ok());
    let text = values.map(str::trim).collect::<Vec<_>>().join(", ");
    (!text.is_empty()).then(|| text.chars().take(CHALLENGE).collect())
}

/// Whether an answer calls itself what was expected. Servers that were written by hand often call text nothing at all.
pub(crate) fn fits(expected: Expected, found: Option<&str>) -> bool {
    match found {
        Some(found) => is(expected, found),
        None => expected == Expected::Either,
    }
}

fn is(expected: Expected, found: &str) -> bool {
    match expected {
        Expected::Either => found == "text/plain" || is(Expected::Events, found) || is(Expected::Json, found),
        Expected::Events => found == "text/event-stream",
        Expected::Json => matches!(found, "application/json" | "text/json") || found.ends_with("+json"),
        // It has no content: its status tells.
        Expected::Socket => false,
    }
}

/// Whether an answer is a web page in the way, and where that is if the answer says so. What runs on this machine has
/// nothing before it.
pub(crate) fn web_page(asked: &Url, status: StatusCode, headers: &HeaderMap) -> Option<Option<String>> {
    if is_loopback(asked) {
        return None;
    }
    if status.is_redirection() {
        let to = location(asked, headers)?;
        // A server that wants to be called by https does not send anybody away.
        let upgrades = to.scheme() == "https" && to.host_str() == asked.host_str();
        return (to.origin() != asked.origin() && !upgrades).then(|| Some(bare_url(&to)));
    }
    let is_html = || matches!(content_type(headers).as_deref(), Some("text/html" | "application/xhtml+xml"));
    let wants_login = status == StatusCode::NETWORK_AUTHENTICATION_REQUIRED;
    (wants_login || status.is_success() && is_html()).then_some(None)
}

fn location(from: &Url, headers: &HeaderMap) -> Option<Url> {
    from.join(headers.get(LOCATION)?.to_str().ok()?).ok()
}

/// Where a server has what was asked for, if that is the server itself and the same request may go there.
pub(crate) fn moved_within(asked: &Request, status: StatusCode, headers: &HeaderMap) -> Option<Url> {
    // With the others a POST would become a GET: the server has done what was asked and shows what came of it.
    let stays = matches!(status, StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT);
    let stays = stays || asked.method == Method::Get && status.is_redirection();
    if !stays {
        return None;
    }
    location(&asked.url, headers).filter(|to| to.origin() == asked.url.origin() && *to != asked.url)
}

pub(crate) fn redirected(from: &Url, status: StatusCode, headers: &HeaderMap) -> Option<TransportError> {
    if !status.is_redirection() {
        return None;
    }
    headers.get(LOCATION)?;
    let location = location(from, headers);
    Some(TransportError::Redirected { status: status.as_u16(), location: location.as_ref().map(bare_url) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_web_page_in_the_way_is_told_from_an_answer() {
        let page = |asked: &str, status: u16, name: &'static str, value: &str| {
            let headers = HeaderMap::from_iter([(name.parse().unwrap(), value.parse().unwrap())]);
            web_page(&Url::parse(asked).unwrap(), StatusCode::from_u16(status).unwrap(), &headers)
        };
        let there = "http://chat.example/chatkit";
        let portal = Some(Some("http://portal.example/login".to_owned()));
        assert_eq!(page(there, 302, "location", "http://portal.example/login?from=1"), portal);
        assert_eq!(page(there, 200, "content-type", "text/html; charset=utf-8"), Some(None));
        assert_eq!(page(there, 511, "content-type", "text/plain"), Some(None));
        assert_eq!(page(there, 301, "location", "https://chat.example/chatkit"), None, "a better way to the same");
        assert_eq!(page(there, 307, "location", "/v2"), None, "the same server");
        assert_eq!(page(there, 404, "content-type", "text/html"), None, "an error has its own words");
        assert_eq!(page(there, 200, "content-type", "application/json"), None);
        assert_eq!(page("http://127.0.0.1:1/", 200, "content-type", "text/html"), None, "nothing stands before this");
    }

    #[test]
    fn what_a_refusal_asks_for_is_kept_together() {
        let name = || WWW_AUTHENTICATE;
        let headers = HeaderMap::from_iter([(name(), "Bearer error=\"invalid_token\"".parse().unwrap())]);
        assert_eq!(challenge(&headers).as_deref(), Some("Bearer error=\"invalid_token\""));
        let mut both = headers;
        both.append(name(), "Basic realm=\"Office\"".parse().unwrap());
        assert_eq!(challenge(&both).as_deref(), Some("Bearer error=\"invalid_token\", Basic realm=\"Office\""));
        assert_eq!(challenge(&HeaderMap::new()), None);
    }

    #[test]
    fn content_types() {
        assert!(is(Expected::Events, "text/event-stream"));
        assert!(!is(Expected::Events, "application/json"));
        assert!(is(Expected::Json, "application/json") && is(Expected::Json, "application/problem+json"));
        assert!(!is(Expected::Json, "text/html"));
        let mut headers = HeaderMap::new();
        assert_eq!(content_type(&headers), None);
        headers.insert(CONTENT_TYPE, "Text/Event-Stream; charset=utf-8".parse().unwrap());
        assert_eq!(content_type(&headers).as_deref(), Some("text/event-stream"));
    }
}

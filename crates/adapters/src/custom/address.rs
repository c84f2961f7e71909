//! Where a backend is asked for what.

use url::Url;

use crate::{RequestError, address};

/// What the name of the conversation stands in a path as.
const SESSION: &str = "{session}";

/// The address of a path below the base, or that of a whole address on the same origin. A WebSocket's is the one of the
/// request that opens it.
pub(super) fn at(base: &str, path: &str, session: &str) -> Result<Url, RequestError> {
    let base = address(base)?;
    let session: String = url::form_urlencoded::byte_serialize(session.as_bytes()).collect();
    let path = path.trim().replace(SESSION, &session.replace('+', "%20"));
    if !path.contains("://") {
        return Ok(below(base, &path));
    }
    let scheme = [("ws://", "http://"), ("wss://", "https://")].into_iter();
    let whole = scheme.fold(path, |path, (from, to)| match path.strip_prefix(from) {
        Some(rest) => format!("{to}{rest}"),
        None => path,
    });
    let url = address(&whole)?;
    if url.origin() != base.origin() {
        let reason = "It has to be on the same server as the address of the connection, which is the one that gets the token. \
                      Write only its path, such as /api/chat.";
        return Err(RequestError::Address { reason: reason.to_owned() });
    }
    Ok(url)
}

fn below(mut base: Url, path: &str) -> Url {
    let (path, query) = path.split_once('?').map_or((path, None), |(path, query)| (path, Some(query)));
    let before = base.path().trim_end_matches('/');
    let whole = format!("{before}/{}", path.trim_start_matches('/'));
    base.set_path(&whole);
    if query.is_some() {
        base.set_query(query);
    }
    base
}

/// The base in an address as a person has it: one that ends in a known path is that of an endpoint.
pub(super) fn base(typed: &str, known: &[&str]) -> Result<String, RequestError> {
    let mut url = address(typed)?;
    let path = url.path().trim_end_matches('/').to_owned();
    let before =
        known.iter().find_map(|end| path.strip_suffix(end.trim_end_matches('/')).filter(|_| end.starts_with('/')));
    url.set_path(before.unwrap_or(&path));
    Ok(url.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_below_the_base_or_whole_addresses_of_the_same_server() {
        for (base, path, url) in [
            ("http://127.0.0.1:8000", "/api/chat", "http://127.0.0.1:8000/api/chat"),
            ("https://a.example/bot/", "api/chat", "https://a.example/bot/api/chat"),
            ("https://a.example/bot?v=1", "/chat", "https://a.example/bot/chat?v=1"),
            ("https://a.example/", "/chat?stream=1", "https://a.example/chat?stream=1"),
            ("https://a.example/bot", "https://a.example/chat", "https://a.example/chat"),
            ("https://a.example", "wss://a.example/ws/{session}", "https://a.example/ws/t%2F1%20a"),
            ("http://127.0.0.1:1", "/ws/chat/{session}", "http://127.0.0.1:1/ws/chat/t%2F1%20a"),
        ] {
            assert_eq!(at(base, path, "t/1 a").unwrap().as_str(), url);
        }
        let elsewhere = at("https://a.example", "https://b.example/chat", "t").unwrap_err().to_string();
        assert!(elsewhere.contains("same server"), "{elsewhere}");
        assert!(at("https://a.example", "http://a.example/chat", "t").is_err());
    }

    #[test]
    fn a_pasted_endpoint_is_its_servers_address() {
        let known = ["/api/chat/stream", "/api/chat"];
        for (typed, found) in [
            ("http://127.0.0.1:8000", "http://127.0.0.1:8000/"),
            ("http://127.0.0.1:8000/api/chat/", "http://127.0.0.1:8000/"),
            ("https://a.example/bot/api/chat/stream", "https://a.example/bot"),
            ("https://a.example/my-api/chat", "https://a.example/my-api/chat"),
            ("https://a.example/chat?v=1#x", "https://a.example/chat?v=1"),
        ] {
            assert_eq!(base(typed, &known).unwrap(), found, "{typed}");
        }
        assert!(base("localhost:8000", &known).unwrap_err().to_string().contains("beginning with"));
    }
}

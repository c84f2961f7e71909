//! Who may be asked for a picture. Pure.

use transport::is_loopback;
use url::Url;

use super::allowed::{Allowed, named};

/// What is known when somebody is to be asked.
pub struct Standing<'a> {
    /// The address of the server that named the picture, if it is known.
    pub own: Option<&'a Url>,
    /// Who is allowed for the conversation.
    pub allowed: &'a Allowed,
    /// Who is allowed for this picture.
    pub once: &'a [String],
}

/// Whether somebody is asked.
#[derive(Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is the server that named it.
    Own,
    /// Somebody else, who may be asked.
    Allowed,
    /// Somebody else, about whom the person is asked first.
    Ask {
        /// The host.
        host: String,
    },
    /// No picture is fetched from such an address.
    NotWeb,
    /// It would go without encryption.
    Unencrypted,
}

impl Standing<'_> {
    /// What becomes of an address.
    pub fn verdict(&self, url: &Url) -> Verdict {
        if !matches!(url.scheme(), "http" | "https") {
            return Verdict::NotWeb;
        }
        let Some(host) = url.host_str().and_then(named) else { return Verdict::NotWeb };
        if self.own.is_some_and(|own| own.origin() == url.origin()) {
            return Verdict::Own;
        }
        // The connection may have been allowed to go without encryption; that was said of its server, and of nobody else.
        if url.scheme() == "http" && !is_loopback(url) {
            return Verdict::Unencrypted;
        }
        let once = || self.once.iter().filter_map(|host| named(host)).any(|once| once == host);
        if self.allowed.has(&host) || once() { Verdict::Allowed } else { Verdict::Ask { host } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_has_its_verdict() {
        let own = Url::parse("http://chat.example:8000/chatkit").unwrap();
        let mut allowed = Allowed::default();
        allowed.told(Some(&["pics.example".to_owned()]));
        let once = ["Once.Example".to_owned()];
        let standing = Standing { own: Some(&own), allowed: &allowed, once: &once };
        let ask = |host: &str| Verdict::Ask { host: host.to_owned() };
        for (address, verdict) in [
            ("http://chat.example:8000/a.png", Verdict::Own),
            ("http://CHAT.example:8000/a.png", Verdict::Own),
            ("https://chat.example:8000/a.png", ask("chat.example")),
            ("https://chat.example/a.png", ask("chat.example")),
            ("http://chat.example/a.png", Verdict::Unencrypted),
            ("https://pics.example/a.png", Verdict::Allowed),
            ("https://pics.example:444/a.png", Verdict::Allowed),
            ("https://pics.example./a.png", Verdict::Allowed),
            ("http://pics.example/a.png", Verdict::Unencrypted),
            ("https://once.example/a.png", Verdict::Allowed),
            ("https://chat.example@evil.example/a.png", ask("evil.example")),
            ("https://evil.example/pics.example", ask("evil.example")),
            ("http://127.0.0.1/a.png", ask("127.0.0.1")),
            ("javascript:alert(1)", Verdict::NotWeb),
            ("file:///etc/passwd", Verdict::NotWeb),
            ("ftp://pics.example/a.png", Verdict::NotWeb),
            ("blob:https://pics.example/1", Verdict::NotWeb),
            ("tauri://localhost/index.html", Verdict::NotWeb),
        ] {
            assert_eq!(standing.verdict(&Url::parse(address).unwrap()), verdict, "{address}");
        }
        let nobody = Standing { own: None, allowed: &allowed, once: &[] };
        assert_eq!(nobody.verdict(&own), Verdict::Unencrypted);
    }
}

//! Which hosts may be asked for the pictures of a conversation, as it is kept with the conversation.

use std::{collections::BTreeMap, sync::Arc};

use serde::{Deserialize, Serialize};
use url::Host;

use super::gallery::Gallery;

/// The name under which it is kept.
pub const PICTURES: &str = "pictures";

/// How many hosts a server may list; one that lists more is not believed to know them.
const MOST: usize = 200;

/// The hosts that may be asked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Allowed {
    /// Those that the server lists for the conversation (section 6.2): a host, or all that are below one as `*.host`.
    pub server: Vec<String>,
    /// Those that the person allowed.
    pub person: Vec<String>,
}

impl Allowed {
    /// What was kept; what cannot be read allows nothing.
    pub fn read(kept: Option<&String>) -> Self {
        kept.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
    }

    /// The form in which it is kept; empty if nothing is.
    pub fn written(&self) -> String {
        if *self == Self::default() {
            return String::new();
        }
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The server says anew what it allows; no list is an empty one. Whether anything changed.
    pub fn told(&mut self, domains: Option<&[String]>) -> bool {
        let server: Vec<_> = domains.unwrap_or_default().iter().take(MOST).filter_map(|entry| pattern(entry)).collect();
        let changed = server != self.server;
        self.server = server;
        changed
    }

    /// The person allows a host. Whether that is new.
    pub fn allow(&mut self, host: &str) -> bool {
        let Some(host) = named(host).filter(|host| !self.person.contains(host)) else { return false };
        self.person.push(host);
        true
    }

    /// Whether a host, in the form of [`named`], may be asked.
    pub fn has(&self, host: &str) -> bool {
        let fits = |pattern: &String| match pattern.strip_prefix("*.") {
            Some(above) => host.strip_suffix(above).is_some_and(|below| below.len() > 1 && below.ends_with('.')),
            None => pattern == host,
        };
        self.person.iter().any(|known| known == host) || self.server.iter().any(fits)
    }
}

/// A host in the one form in which hosts are compared; none if that is no host.
pub fn named(host: &str) -> Option<String> {
    let host = Host::parse(host.trim().trim_end_matches('.')).ok()?.to_string();
    (!host.is_empty() && !host.contains('*')).then_some(host)
}

/// An entry of a server's list. Some write an address where a host is meant.
fn pattern(entry: &str) -> Option<String> {
    let entry = entry.trim();
    let entry = entry.strip_prefix("https://").unwrap_or(entry);
    let entry = entry.strip_suffix('/').unwrap_or(entry);
    match entry.strip_prefix("*.") {
        // Nobody has everything under a top level.
        Some(above) => named(above).filter(|above| above.contains('.')).map(|above| format!("*.{above}")),
        None => named(entry),
    }
}

/// What a thread in memory knows of its pictures.
#[derive(Debug, Default)]
pub struct Pictures {
    /// Whether what was kept has been read.
    restored: bool,
    allowed: Allowed,
    gallery: Arc<Gallery>,
}

impl Pictures {
    /// Takes what was kept, once.
    pub fn restore(&mut self, kept: &BTreeMap<String, String>) {
        if !std::mem::replace(&mut self.restored, true) {
            self.allowed = Allowed::read(kept.get(PICTURES));
        }
    }

    /// The server says anew what it allows. Whether anything changed.
    pub fn told(&mut self, domains: Option<&[String]>) -> bool {
        self.allowed.told(domains)
    }

    /// The person allows a host for good. Whether that is new.
    pub fn allow(&mut self, host: &str) -> bool {
        self.allowed.allow(host)
    }

    /// Who may be asked.
    pub fn allowed(&self) -> &Allowed {
        &self.allowed
    }

    /// The pictures that are here.
    pub fn gallery(&self) -> Arc<Gallery> {
        self.gallery.clone()
    }

    /// Gives up what is still being fetched: the thread is gone.
    pub fn give_up(&self) {
        self.gallery.give_up();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(entries: &[&str]) -> Allowed {
        let entries: Vec<_> = entries.iter().map(|entry| (*entry).to_owned()).collect();
        let mut allowed = Allowed::default();
        allowed.told(Some(&entries));
        allowed
    }

    #[test]
    fn a_host_is_allowed_by_its_whole_name_or_by_what_it_is_below() {
        let allowed =
            listed(&["Pics.Example", "*.cdn.example", "https://store.example/", "bücher.example", "10.0.0.1"]);
        for host in
            ["pics.example", "a.cdn.example", "a.b.cdn.example", "store.example", "xn--bcher-kva.example", "10.0.0.1"]
        {
            assert!(allowed.has(host), "{host}");
        }
        for host in
            ["a.pics.example", "cdn.example", "acdn.example", ".cdn.example", "xpics.example", "pics.example.evil"]
        {
            assert!(!allowed.has(host), "{host}");
        }
    }

    #[test]
    fn what_is_no_host_allows_none() {
        let allowed = listed(&["*", "*.", "*.com", "", "a b", "https://", "*.*.example", "http://plain.example/x"]);
        assert_eq!(allowed, Allowed::default());
        let many: Vec<_> = (0..10_000).map(|number| format!("h{number}.example")).collect();
        let mut allowed = Allowed::default();
        allowed.told(Some(&many));
        assert_eq!(allowed.server.len(), MOST);
    }

    #[test]
    fn what_a_server_takes_back_is_not_allowed_any_more_and_what_the_person_said_stays() {
        let mut allowed = listed(&["pics.example"]);
        assert!(allowed.allow("Other.Example."));
        assert!(!allowed.allow("other.example"), "that is known");
        assert!(!allowed.allow("*.example"), "that is no host");
        assert!(!allowed.told(Some(&["pics.example".to_owned()])));
        let kept = allowed.written();
        assert_eq!(Allowed::read(Some(&kept)), allowed);
        assert!(allowed.told(None));
        assert!(!allowed.has("pics.example") && allowed.has("other.example"));
        assert_eq!(Allowed::read(Some(&"nonsense".to_owned())), Allowed::default());
        assert_eq!(Allowed::default().written(), "");
    }
}

//! Which files a connection takes (section 12, `composer.attachments`).

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::connection::Kind;

/// Which files go with a message, as far as this program can say. What is absent is as most servers have it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct AttachmentOptions {
    /// Whether files can be added to messages at all; absent for yes with ChatKit servers, and no with others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// How large a file may be, in bytes: for all of them, or by media type; absent for 100 MiB.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_size: Option<MaxSize>,
    /// How many files go with a message; absent for 10.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_count: Option<usize>,
    /// Which files are taken: media types such as `image/*`, each with the ends of names that count as such; empty for all.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub accept: BTreeMap<String, Vec<String>>,
    /// Where files are sent without being announced first; absent where the server says for each where it goes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upload_url: Option<String>,
}

/// How large a file may be, in bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum MaxSize {
    /// Any file.
    Any(u64),
    /// By media type, such as `image/*`; `*` or nothing stands for all others.
    ByType(BTreeMap<String, u64>),
}

impl AttachmentOptions {
    /// How large a file may be where nobody said otherwise, in bytes.
    pub const MAX_SIZE: u64 = 100 * 1024 * 1024;
    /// How many files go with a message where nobody said otherwise.
    pub const MAX_COUNT: usize = 10;

    /// Whether a server of a kind takes files.
    pub fn is_enabled(&self, kind: Kind) -> bool {
        match kind {
            Kind::Chatkit | Kind::Hosted => self.enabled.unwrap_or(true),
            Kind::Custom => self.enabled.unwrap_or(false),
            Kind::Openai => false,
        }
    }

    /// How many files go with a message.
    pub fn most(&self) -> usize {
        self.max_count.unwrap_or(Self::MAX_COUNT)
    }

    /// How large a file of a media type may be, in bytes.
    pub fn largest(&self, mime_type: &str) -> u64 {
        match &self.max_size {
            None => Self::MAX_SIZE,
            Some(MaxSize::Any(size)) => *size,
            Some(MaxSize::ByType(sizes)) => {
                let exact = sizes.iter().find(|(pattern, _)| pattern.eq_ignore_ascii_case(mime_type));
                let class = || sizes.iter().find(|(pattern, _)| pattern.ends_with("/*") && fits(pattern, mime_type));
                let rest = || sizes.iter().find(|(pattern, _)| is_all(pattern));
                exact.or_else(class).or_else(rest).map_or(Self::MAX_SIZE, |(_, size)| *size)
            }
        }
    }

    /// Whether a file is of a kind that is taken, by its name or its media type.
    pub fn accepts(&self, name: &str, mime_type: &str) -> bool {
        let name = name.to_ascii_lowercase();
        let ends = |end: &String| {
            let end = end.trim_start_matches('.').to_ascii_lowercase();
            !end.is_empty() && name.strip_suffix(&end).is_some_and(|rest| rest.ends_with('.'))
        };
        self.accept.is_empty()
            || self.accept.iter().any(|(pattern, named)| fits(pattern, mime_type) || named.iter().any(ends))
    }
}

fn is_all(pattern: &str) -> bool {
    matches!(pattern, "" | "*" | "*/*")
}

fn fits(pattern: &str, mime_type: &str) -> bool {
    let (pattern, mime_type) = (pattern.to_ascii_lowercase(), mime_type.to_ascii_lowercase());
    match pattern.strip_suffix('*') {
        _ if is_all(&pattern) => true,
        Some(class) => class.ends_with('/') && mime_type.starts_with(class),
        None => pattern == mime_type,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> AttachmentOptions {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn what_nobody_said_is_as_the_reference_has_it() {
        let options = read("{}");
        assert_eq!((options.most(), options.largest("text/plain")), (10, 100 * 1024 * 1024));
        assert!(options.accepts("a.exe", "application/octet-stream"));
        let kinds = [Kind::Chatkit, Kind::Hosted, Kind::Custom, Kind::Openai];
        assert_eq!(kinds.map(|kind| options.is_enabled(kind)), [true, true, false, false]);
        let never = read(r#"{"enabled": true}"#);
        assert!(never.is_enabled(Kind::Custom) && !never.is_enabled(Kind::Openai));
    }

    #[test]
    fn a_size_is_one_for_all_or_by_the_nearest_type() {
        assert_eq!(read(r#"{"max_size": 7}"#).largest("a/b"), 7);
        let options = read(r#"{"max_size": {"image/*": 5, "image/png": 9, "*": 3}}"#);
        assert_eq!(["image/png", "image/gif", "text/plain"].map(|kind| options.largest(kind)), [9, 5, 3]);
        assert_eq!(read(r#"{"max_size": {"": 4}}"#).largest("text/plain"), 4);
        assert_eq!(read(r#"{"max_size": {"image/*": 5}}"#).largest("text/plain"), AttachmentOptions::MAX_SIZE);
    }

    #[test]
    fn a_kind_of_file_is_told_by_its_type_or_the_end_of_its_name() {
        let options = read(r#"{"accept": {"image/*": [".heic"], "application/pdf": []}}"#);
        assert!(options.accepts("a", "image/png") && options.accepts("A.PDF", "application/PDF"));
        assert!(options.accepts("a.HEIC", "application/octet-stream"));
        assert!(!options.accepts("heic", "application/octet-stream") && !options.accepts("a.txt", "text/plain"));
        assert!(!options.accepts("a", "imagery/png"));
    }
}

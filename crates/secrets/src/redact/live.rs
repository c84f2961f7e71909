//! The secrets of this process, and where they stand in a text.

use std::{collections::HashSet, ops::Range};

use aho_corasick::AhoCorasick;
use base64::{
    Engine,
    engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD},
};
use secrecy::{ExposeSecret, SecretString};

use super::view::View;

/// The shortest beginning of a secret that is hidden at the end of a text, in bytes.
const PART: usize = 4;

/// Looks for secrets.
#[derive(Default)]
pub struct Live {
    patterns: Vec<Pattern>,
    /// All patterns at once. Absent while there are none, and if they cannot be searched.
    all: Option<AhoCorasick>,
}

/// What a text may hold of a secret.
struct Pattern {
    bytes: Vec<u8>,
    /// Whether the character before, of base64, has a part of the secret in it.
    before: bool,
    /// Whether the character behind has.
    behind: bool,
}

impl Live {
    /// Looks for these.
    pub fn of(secrets: &[SecretString]) -> Self {
        let mut seen = HashSet::new();
        let forms = secrets.iter().flat_map(|secret| forms(secret.expose_secret().as_bytes()));
        let patterns: Vec<_> = forms.filter(|pattern| seen.insert(pattern.bytes.clone())).collect();
        let all = AhoCorasick::new(patterns.iter().map(|pattern| &pattern.bytes)).ok();
        Self { patterns, all }
    }

    /// Where a text has something of them. If they cannot be looked for, that is everywhere.
    pub fn find(&self, text: &str) -> Vec<Range<usize>> {
        match &self.all {
            None if self.patterns.is_empty() => Vec::new(),
            None => std::iter::once(0..text.len()).collect(),
            Some(all) => View::all(text).iter().flat_map(|view| self.find_in(view, all)).collect(),
        }
    }

    fn find_in(&self, view: &View, all: &AhoCorasick) -> Vec<Range<usize>> {
        // Overlapping: one secret may end in the beginning of another.
        let whole = all.find_overlapping_iter(&view.bytes).map(|found| {
            let pattern = &self.patterns[found.pattern()];
            view.place(widened(&view.bytes, found.range(), pattern))
        });
        let cut = self.patterns.iter().filter_map(|pattern| {
            let longest = pattern.bytes.len().min(view.bytes.len() + 1);
            let length = (PART..longest).rev().find(|length| view.bytes.ends_with(&pattern.bytes[..*length]))?;
            let start = view.bytes.len() - length;
            Some(view.place(start - reaches_back(&view.bytes, start, pattern)..view.bytes.len()))
        });
        whole.chain(cut).collect()
    }
}

/// A secret in plain, and in base64: by itself, and at each of the three places where it can begin in something longer.
fn forms(secret: &[u8]) -> Vec<Pattern> {
    let mut forms = vec![Pattern { bytes: secret.to_vec(), before: false, behind: false }];
    for alphabet in [STANDARD_NO_PAD, URL_SAFE_NO_PAD] {
        for skipped in 0..3_usize {
            let text = alphabet.encode([&[0; 2][..skipped], secret].concat());
            // The characters at both ends that what stands beside the secret has a part in.
            let first = (skipped * 8).div_ceil(6);
            let behind = !(skipped + secret.len()).is_multiple_of(3);
            let last = text.len() - usize::from(behind);
            forms.push(Pattern { bytes: text.as_bytes()[first..last].to_vec(), before: skipped != 0, behind });
        }
    }
    forms
}

/// A place with the characters beside it that have a part of the secret in them, and the padding.
fn widened(bytes: &[u8], found: Range<usize>, pattern: &Pattern) -> Range<usize> {
    let start = found.start - reaches_back(bytes, found.start, pattern);
    let mut end = found.end;
    if pattern.behind && bytes.get(end).copied().is_some_and(is_base64) {
        end += 1;
        end += bytes[end..].iter().take(2).take_while(|byte| **byte == b'=').count();
    }
    start..end
}

fn reaches_back(bytes: &[u8], start: usize, pattern: &Pattern) -> usize {
    usize::from(pattern.before && start > 0 && is_base64(bytes[start - 1]))
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_')
}

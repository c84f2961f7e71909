//! A text as it reads once its escapes are taken out. A secret that is looked for in all views of a text is found
//! whichever of its characters were escaped, and by whose habits.

use std::ops::Range;

/// How deep escapes are looked into: JSON within JSON, or an address within JSON.
const DEPTH: usize = 2;

/// How the characters of a text may be escaped.
#[derive(Debug, Clone, Copy)]
enum Escape {
    /// `%2B`
    Percent,
    /// `\"`, `\/`, `\u002b`
    Json,
}

/// A text, or what it says without its escapes.
pub struct View {
    /// What is to be searched.
    pub bytes: Vec<u8>,
    /// Where in the text each byte begins; and, one more than there are bytes, where the text ends.
    from: Vec<usize>,
}

impl View {
    /// The text itself, and every other way to read it.
    pub fn all(text: &str) -> Vec<Self> {
        let own = Self { bytes: text.as_bytes().to_vec(), from: (0..=text.len()).collect() };
        let mut views = vec![own];
        let mut done = 0;
        for _ in 0..DEPTH {
            let last = views.len();
            let more: Vec<_> = views[done..]
                .iter()
                .flat_map(|view| [Escape::Percent, Escape::Json].map(|escape| view.without(escape)))
                .flatten()
                .collect();
            views.extend(more);
            done = last;
        }
        views
    }

    /// The place in the text of a place in the view.
    pub fn place(&self, range: Range<usize>) -> Range<usize> {
        self.from[range.start]..self.from[range.end]
    }

    /// The view without one kind of escapes, if it has any. One that is cut at the end says nothing.
    fn without(&self, escape: Escape) -> Option<Self> {
        let sign = match escape {
            Escape::Percent => b'%',
            Escape::Json => b'\\',
        };
        if !self.bytes.contains(&sign) {
            return None;
        }
        let (mut bytes, mut from) = (Vec::with_capacity(self.bytes.len()), Vec::with_capacity(self.from.len()));
        let mut at = 0;
        while at < self.bytes.len() {
            let rest = &self.bytes[at..];
            let read = if rest[0] == sign { read(escape, rest) } else { Read::Nothing };
            let taken = match read {
                Read::Cut => break,
                Read::Nothing => {
                    bytes.push(rest[0]);
                    1
                }
                Read::Byte(byte, length) => {
                    bytes.push(byte);
                    length
                }
                Read::Char(char, length) => {
                    bytes.extend(char.encode_utf8(&mut [0; 4]).bytes());
                    length
                }
            };
            // Every byte of a character begins where its escape does.
            from.resize(bytes.len(), self.from[at]);
            at += taken;
        }
        from.push(self.from[self.bytes.len()]);
        Some(Self { bytes, from })
    }
}

/// What stands at the beginning of some bytes, and how many of them it takes.
enum Read {
    /// No escape.
    Nothing,
    Byte(u8, usize),
    Char(char, usize),
    /// The end of the text cuts it.
    Cut,
}

fn read(escape: Escape, bytes: &[u8]) -> Read {
    match escape {
        Escape::Percent => match number(bytes, 1, 2) {
            Some(Some(byte)) => u8::try_from(byte).map_or(Read::Nothing, |byte| Read::Byte(byte, 3)),
            Some(None) => Read::Nothing,
            None => Read::Cut,
        },
        Escape::Json => match bytes.get(1) {
            None => Read::Cut,
            Some(byte @ (b'"' | b'\\' | b'/')) => Read::Byte(*byte, 2),
            Some(b'b') => Read::Byte(8, 2),
            Some(b'f') => Read::Byte(12, 2),
            Some(b'n') => Read::Byte(b'\n', 2),
            Some(b'r') => Read::Byte(b'\r', 2),
            Some(b't') => Read::Byte(b'\t', 2),
            Some(b'u') => match number(bytes, 2, 4) {
                Some(Some(code)) => Read::Char(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER), 6),
                Some(None) => Read::Nothing,
                None => Read::Cut,
            },
            Some(_) => Read::Nothing,
        },
    }
}

/// A hexadecimal number of so many digits; nothing at all if the bytes end in it.
fn number(bytes: &[u8], start: usize, digits: usize) -> Option<Option<u32>> {
    let there = &bytes[start.min(bytes.len())..bytes.len().min(start + digits)];
    if !there.iter().all(u8::is_ascii_hexdigit) {
        return Some(None);
    }
    if there.len() < digits {
        return None;
    }
    Some(std::str::from_utf8(there).ok().and_then(|digits| u32::from_str_radix(digits, 16).ok()))
}

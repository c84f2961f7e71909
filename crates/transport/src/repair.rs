//! Makes a body safe to be cut into events: valid UTF-8, no byte order mark, no event without an end.

use bytes::{Buf, Bytes};

const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();
const REPLACEMENT: &str = "\u{fffd}";

/// Replaces what is not UTF-8, whatever the pieces of the body are. The parser behind it would give up the whole stream
/// for one wrong byte; the standard says to replace it.
#[derive(Debug, Default)]
pub(crate) struct Utf8Repair {
    /// The beginning of a character whose end has not arrived; at most three bytes.
    tail: Vec<u8>,
    begun: bool,
}

impl Utf8Repair {
    /// The next piece, and how many sequences of it were replaced. May be empty.
    pub(crate) fn push(&mut self, piece: Bytes) -> (Bytes, u64) {
        let piece = if self.tail.is_empty() { piece } else { [&self.tail, &*piece].concat().into() };
        self.tail.clear();
        let (mut piece, replaced) = match std::str::from_utf8(&piece) {
            Ok(_) => (piece, 0),
            Err(error) if error.error_len().is_none() => {
                self.tail.extend_from_slice(&piece[error.valid_up_to()..]);
                (piece.slice(..error.valid_up_to()), 0)
            }
            Err(_) => self.replace(&piece),
        };
        if !self.begun && !piece.is_empty() {
            self.begun = true;
            if piece.starts_with(BYTE_ORDER_MARK) {
                piece.advance(BYTE_ORDER_MARK.len());
            }
        }
        (piece, replaced)
    }

    /// What is left when the body has ended, and how many sequences of it were replaced.
    pub(crate) fn finish(&mut self) -> (Bytes, u64) {
        if self.tail.is_empty() {
            return (Bytes::new(), 0);
        }
        self.tail.clear();
        (REPLACEMENT.into(), 1)
    }

    fn replace(&mut self, piece: &[u8]) -> (Bytes, u64) {
        let mut text = String::with_capacity(piece.len() + REPLACEMENT.len());
        let mut replaced = 0;
        let mut chunks = piece.utf8_chunks().peekable();
        while let Some(chunk) = chunks.next() {
            text.push_str(chunk.valid());
            let wrong = chunk.invalid();
            if wrong.is_empty() {
                continue;
            }
            let unfinished = std::str::from_utf8(wrong).is_err_and(|error| error.error_len().is_none());
            if unfinished && chunks.peek().is_none() {
                self.tail.extend_from_slice(wrong);
            } else {
                text.push_str(REPLACEMENT);
                replaced += 1;
            }
        }
        (text.into(), replaced)
    }
}

/// How much has arrived since the last blank line: the parser behind it would collect an endless line for ever.
#[derive(Debug, Default)]
pub(crate) struct EventSize {
    open: usize,
    last: u8,
}

impl EventSize {
    /// The size of the event that is still open after this piece, in bytes.
    pub(crate) fn push(&mut self, piece: &[u8]) -> usize {
        let Some(&last) = piece.last() else { return self.open };
        let blank = piece.iter().enumerate().rev().find(|&(at, &byte)| {
            // Most bytes end no line; only then is the byte before worth a look.
            matches!(byte, b'\n' | b'\r') && ends_blank_line(if at == 0 { self.last } else { piece[at - 1] }, byte)
        });
        self.open = match blank {
            Some((at, _)) => piece.len() - 1 - at,
            None => self.open.saturating_add(piece.len()),
        };
        self.last = last;
        self.open
    }
}

fn ends_blank_line(before: u8, byte: u8) -> bool {
    matches!((before, byte), (b'\n', b'\n' | b'\r') | (b'\r', b'\r'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn repaired(pieces: &[&[u8]]) -> (String, u64) {
        let mut repair = Utf8Repair::default();
        let mut all = Vec::new();
        let mut count = 0;
        for piece in pieces {
            let (bytes, replaced) = repair.push(Bytes::copy_from_slice(piece));
            all.extend_from_slice(&bytes);
            count += replaced;
        }
        let (bytes, replaced) = repair.finish();
        all.extend_from_slice(&bytes);
        (String::from_utf8(all).unwrap(), count + replaced)
    }

    #[test]
    fn good_text_passes_untouched() {
        let piece = Bytes::from_static("naïve 🐦".as_bytes());
        let (same, replaced) = Utf8Repair::default().push(piece.clone());
        assert_eq!((same.as_ptr(), replaced), (piece.as_ptr(), 0));
    }

    #[test]
    fn wrong_bytes_are_replaced_and_counted() {
        assert_eq!(repaired(&[b"a\xffb\xf0\x9f", b"c"]), ("a\u{fffd}b\u{fffd}c".into(), 2));
        assert_eq!(repaired(&[b"end \xe2\x82"]), ("end \u{fffd}".into(), 1));
    }

    #[test]
    fn a_byte_order_mark_goes_only_from_the_beginning() {
        assert_eq!(repaired(&[b"\xef", b"\xbb", b"\xbfdata\xef\xbb\xbf"]), ("data\u{feff}".into(), 0));
    }

    #[test]
    fn an_open_event_grows_until_its_blank_line() {
        let mut size = EventSize::default();
        assert_eq!(size.push(b"data: 1\n"), 8);
        assert_eq!(size.push(b"\ndata"), 4);
        assert_eq!(size.push(b": 2\r"), 8);
        assert_eq!(size.push(b"\n"), 9);
        assert_eq!(size.push(b"\r\n"), 1);
        assert_eq!(size.push(b"x\r\ny\n"), 6);
        assert_eq!(size.push(b"z\r\rw"), 1);
        assert_eq!(size.push(b""), 1);
    }

    proptest! {
        #[test]
        fn any_cut_gives_what_the_whole_gives(
            bytes in prop::collection::vec(prop_oneof![any::<u8>(), Just(0xe2), Just(0x82), Just(0xac), Just(b'a')], 0..60),
            cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..6),
        ) {
            let mut cuts: Vec<_> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
            cuts.extend([0, bytes.len()]);
            cuts.sort_unstable();
            let pieces: Vec<_> = cuts.windows(2).map(|pair| &bytes[pair[0]..pair[1]]).collect();
            prop_assert_eq!(repaired(&pieces).0, repaired(&[&bytes]).0);
            let lossy = String::from_utf8_lossy(&bytes).into_owned();
            prop_assert_eq!(repaired(&pieces).0, lossy.strip_prefix('\u{feff}').unwrap_or(&lossy));
        }
    }
}

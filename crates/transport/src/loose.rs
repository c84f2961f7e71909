//! Streams of servers that put a text behind `data: ` as it is, line breaks and all, as many do that were written by hand:
//! to such a server the blank line is two characters behind its text and nothing else.
//!
//! By the standard the second line of such a text is a field that nobody knows, and a break at its end is one blank line
//! more, which means nothing: both would be lost. Here they become what the server meant. A stream that keeps to the
//! standard has neither, and passes as it is.

use bytes::Bytes;

/// An event of its own that says a line break.
const BREAK: &[u8] = b"data:\ndata:\n\n";
const DATA: &[u8] = b"data: ";
const FIELDS: [&[u8]; 4] = [b"data", b"event", b"id", b"retry"];

/// Rewrites such a stream, whatever its pieces are. A line goes on once it is whole, so nothing is later than it would be.
#[derive(Debug, Default)]
pub(crate) struct Loose {
    /// The line that has no end yet.
    line: Vec<u8>,
    /// Whether the last line ended with a carriage return, so that a line feed would belong to it.
    after_return: bool,
    at: At,
}

/// What the next line would belong to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum At {
    /// Nothing: the stream begins, or what was before held no data.
    #[default]
    Start,
    /// An event that has no data yet, or a comment.
    Head,
    /// An event with data.
    Data,
    /// What comes behind an event with data.
    Behind,
}

impl Loose {
    /// The next piece. May be empty.
    pub(crate) fn push(&mut self, piece: &[u8]) -> Bytes {
        let mut out = Vec::with_capacity(piece.len() + DATA.len());
        for &byte in piece {
            let belongs = byte == b'\n' && self.after_return;
            self.after_return = byte == b'\r';
            match byte {
                _ if belongs => {}
                b'\n' | b'\r' => {
                    let line = std::mem::take(&mut self.line);
                    self.write(&line, &mut out);
                    out.push(b'\n');
                }
                byte => self.line.push(byte),
            }
        }
        out.into()
    }

    /// What is left when the body has ended, without the end of its line.
    pub(crate) fn finish(&mut self) -> Bytes {
        let mut out = Vec::new();
        let line = std::mem::take(&mut self.line);
        if !line.is_empty() {
            self.write(&line, &mut out);
        }
        out.into()
    }

    /// A line without its end.
    fn write(&mut self, line: &[u8], out: &mut Vec<u8>) {
        let name = line.split(|byte| *byte == b':').next().unwrap_or_default();
        let is_field = FIELDS.contains(&name);
        match self.at {
            At::Behind if line.is_empty() => out.extend_from_slice(BREAK),
            At::Behind if !is_field && !name.is_empty() => {
                out.extend([BREAK, BREAK, DATA].concat());
            }
            At::Data if !is_field && !name.is_empty() => out.extend_from_slice(DATA),
            _ => {}
        }
        out.extend_from_slice(line);
        let is_data = name == b"data" || !is_field && !name.is_empty() && matches!(self.at, At::Data | At::Behind);
        self.at = match self.at {
            At::Data | At::Behind if line.is_empty() => At::Behind,
            _ if line.is_empty() => At::Start,
            At::Data => At::Data,
            _ if is_data => At::Data,
            _ => At::Head,
        };
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rewritten(pieces: &[&[u8]]) -> String {
        let mut loose = Loose::default();
        let mut all: Vec<u8> = pieces.iter().flat_map(|piece| loose.push(piece).to_vec()).collect();
        all.extend_from_slice(&loose.finish());
        String::from_utf8(all).unwrap()
    }

    /// The texts of the events, as a parser that keeps to the standard reads them.
    fn texts(stream: &str) -> Vec<String> {
        let (mut texts, mut data) = (Vec::new(), Vec::new());
        for line in rewritten(&[stream.as_bytes()]).lines() {
            if let Some(text) = line.strip_prefix("data:") {
                data.push(text.strip_prefix(' ').unwrap_or(text).to_owned());
            } else if line.is_empty() && !data.is_empty() {
                texts.push(std::mem::take(&mut data).join("\n"));
            }
        }
        texts
    }

    /// What a server sends that writes its tokens as they are.
    fn naive(tokens: &[&str]) -> String {
        tokens.iter().map(|token| format!("data: {token}\n\n")).collect()
    }

    #[test]
    fn tokens_that_were_written_as_they_are_come_out_whole() {
        for tokens in [
            &["Hello", " world", "\n", "\n", "- a\n", "- b"][..],
            &["One.\n\n", "Two\nThree: four\n\nFive"],
            &["", "\n\n\n", "", "x"],
            &["{\n  \"token\": \"a\"\n}"],
        ] {
            assert_eq!(texts(&naive(tokens)).concat(), tokens.concat(), "{tokens:?}");
        }
        assert_eq!(texts(&naive(&["", "a"])), ["", "a"], "an empty token is no line break");
    }

    #[test]
    fn what_keeps_to_the_standard_stays_as_it_is() {
        for stream in [
            "data: a\ndata: b\n\ndata:c\n\n",
            ": ping\n\ndata: a\n\n: ping\n\ndata: b\n\n",
            "event: token\nid: 7\nretry: 10\ndata: a\n\nevent: done\ndata\n\n",
            "strange: x\n\nmore\n\ndata: a\n\n",
            "data: a\n\n: a comment\n",
        ] {
            assert_eq!(rewritten(&[stream.as_bytes()]), stream);
            assert_eq!(rewritten(&[stream.replace('\n', "\r\n").as_bytes()]), stream);
            assert_eq!(rewritten(&[stream.replace('\n', "\r").as_bytes()]), stream);
        }
        assert_eq!(rewritten(&[b"data: a\n\ndata: the end"]), "data: a\n\ndata: the end");
    }

    proptest! {
        #[test]
        fn any_cut_into_pieces_gives_the_same(stream in "(data: |event: |: |[a:]|\n|\r){0,30}", cut in any::<prop::sample::Index>()) {
            let (one, other) = stream.as_bytes().split_at(cut.index(stream.len() + 1));
            prop_assert_eq!(rewritten(&[one, other]), rewritten(&[stream.as_bytes()]));
        }
    }
}

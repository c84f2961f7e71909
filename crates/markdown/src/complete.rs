//! Closes what is open at the end of a text that still grows, as it will probably be closed: an unfinished `**` is
//! already bold, of half a link the text is shown, half an image or a formula is not shown at all.

use std::ops::Range;

use crate::hold::is_unclear;

/// The address of a link that has none yet. Only text that still grows is searched for it.
pub(crate) const HALF_LINK: &str = "half:\u{FDD0}link";

/// What is not closed within so many bytes was probably not meant to open anything.
const LONGEST_MARKUP: usize = 2000;
const LONGEST_LABEL: usize = 500;
const LONGEST_DISPLAY: usize = 4000;
const LONGEST_FORMULA: usize = 120;
const LONGEST_FOOTNOTE: usize = 40;

/// A text with what was open in it closed.
#[derive(Debug)]
pub(crate) struct Completed {
    /// The text.
    pub(crate) text: String,
    /// How much of the original it begins with, in bytes.
    pub(crate) shown: usize,
    /// All of the original is shown; only marks to close it were added.
    pub(crate) shows_all: bool,
}

/// The text with what is open in it closed; none if nothing is. `literals` are the places of plain text outside of
/// all finished markup in its last leaf block: what opens anything stands there.
pub(crate) fn complete(text: &str, literals: &[Range<usize>]) -> Option<Completed> {
    let mut scan = Scan { text, end: text.trim_end().len(), open: Vec::new(), in_link: false };
    for range in literals {
        scan.range(range.clone());
    }
    scan.completed()
}

struct Open {
    /// Where the mark is, and where it ends.
    mark: Range<usize>,
    closer: String,
}

struct Scan<'a> {
    text: &'a str,
    /// What comes after is not shown.
    end: usize,
    open: Vec<Open>,
    /// Links hold no links.
    in_link: bool,
}

impl Scan<'_> {
    fn range(&mut self, range: Range<usize>) {
        let mut at = range.start;
        while at < range.end.min(self.end) {
            let byte = self.text.as_bytes()[at];
            let run = self.text.as_bytes()[at..range.end].iter().take_while(|other| **other == byte).count();
            at += match byte {
                b'*' | b'_' | b'~' | b'`' | b'$' | b'[' | b'<' if self.is_escaped(at) => 1,
                b'*' | b'_' | b'~' => self.emphasis(at, run),
                b'`' => self.code(at, run),
                b'$' => self.formula(at, run),
                b'[' => self.bracket(at),
                b'<' => self.address(at),
                _ => run,
            };
        }
    }

    fn emphasis(&mut self, at: usize, run: usize) -> usize {
        let before = self.text[..at].chars().next_back();
        let after = self.text[at + run..].chars().next();
        let in_word = before.is_some_and(char::is_alphanumeric);
        let opens = after.is_some_and(|c| !c.is_whitespace() && (!in_word || c.is_alphanumeric()));
        let is_meant = match self.text.as_bytes()[at] {
            b'~' => run == 2,
            b'_' => !in_word,
            _ => !in_word || run > 1,
        };
        if opens && is_meant && self.is_near(at, LONGEST_MARKUP) {
            self.open(at..at + run, self.text[at..at + run].to_owned());
        }
        run
    }

    fn code(&mut self, at: usize, run: usize) -> usize {
        if !self.is_near(at, LONGEST_MARKUP) {
            return run;
        }
        self.open(at..at + run, "`".repeat(run));
        // All that follows is code.
        self.end - at
    }

    fn formula(&mut self, at: usize, run: usize) -> usize {
        let after = self.text[at + run..].chars().next();
        let is_meant = match run {
            // A price.
            1 => after.is_some_and(|c| !c.is_whitespace() && !c.is_ascii_digit()) && self.is_near(at, LONGEST_FORMULA),
            _ => run == 2 && self.is_near(at, LONGEST_DISPLAY),
        };
        if is_meant {
            self.end = at;
        }
        run
    }

    fn bracket(&mut self, at: usize) -> usize {
        if self.in_link || !self.is_near(at, LONGEST_LABEL + LONGEST_MARKUP) {
            return 1;
        }
        let before = self.text[..at].chars().next_back();
        let is_image = before == Some('!');
        let inside = &self.text[at + 1..self.end];
        if inside.starts_with('^') {
            if !inside.contains(']') && inside.len() <= LONGEST_FOOTNOTE {
                self.end = at;
            }
            return 1;
        }
        if before.is_some_and(|c| c.is_alphanumeric() || c == ']') {
            return 1;
        }
        let end = match closing_bracket(&inside.as_bytes()[..inside.len().min(LONGEST_LABEL)]) {
            None if inside.len() <= LONGEST_LABEL => self.end,
            Some(close) if may_go_on(&inside[close + 1..]) => at + 1 + close,
            _ => return 1,
        };
        if is_image {
            self.end = at - 1;
        } else {
            self.end = end;
            self.in_link = true;
            self.open(at..at + 1, format!("]({HALF_LINK})"));
        }
        1
    }

    /// An address in angle brackets.
    fn address(&mut self, at: usize) -> usize {
        let begun = &self.text[at + 1..self.end];
        let is_address = ["http://", "https://", "mailto:"]
            .iter()
            .any(|scheme| scheme.starts_with(begun) || begun.starts_with(scheme));
        if is_address && begun.len() <= LONGEST_LABEL && !begun.contains(char::is_whitespace) {
            self.end = at;
        }
        1
    }

    fn open(&mut self, mark: Range<usize>, closer: String) {
        self.open.push(Open { mark, closer });
    }

    fn is_near(&self, at: usize, limit: usize) -> bool {
        self.end - at <= limit
    }

    fn is_escaped(&self, at: usize) -> bool {
        let before = &self.text[..at];
        (before.len() - before.trim_end_matches('\\').len()) % 2 == 1
    }

    fn completed(mut self) -> Option<Completed> {
        if self.end == self.text.trim_end().len() && self.open.is_empty() {
            return None;
        }
        self.end = self.text[..self.end].trim_end().len();
        // What opens right at the end has nothing in it yet.
        while let Some(open) = self.open.pop_if(|open| open.mark.end >= self.end) {
            self.end = self.text[..self.end.min(open.mark.start)].trim_end().len();
        }
        // Nor may what is left of the last line be read as something else, which is then the line before it.
        loop {
            let line_start = self.text[..self.end].rfind('\n').map_or(0, |at| at + 1);
            if !is_unclear(&self.text[line_start..self.end]) {
                break;
            }
            self.open.retain(|open| open.mark.end < line_start);
            self.end = line_start;
            if self.open.is_empty() {
                break;
            }
            self.end = self.text[..self.end].trim_end().len();
        }
        let shown = self.text[..self.end].trim_end();
        let closers: String = self.open.iter().rev().map(|open| open.closer.as_str()).collect();
        let line_break = if closers.is_empty() && shown.len() < self.end { "\n" } else { "" };
        let length = shown.len();
        Some(Completed {
            text: [shown, &closers, line_break].concat(),
            shown: length,
            shows_all: shown.len() == self.text.len(),
        })
    }
}

/// Where the bracket ends whose inside is given.
fn closing_bracket(inside: &[u8]) -> Option<usize> {
    let mut depth = 0_usize;
    let mut bytes = inside.iter().enumerate();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'\\' => {
                bytes.next();
            }
            b'[' => depth += 1,
            b']' if depth == 0 => return Some(at),
            b']' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// Whether what follows a bracket may make it a link, once it is whole.
fn may_go_on(after: &str) -> bool {
    match after.as_bytes().first() {
        None => true,
        _ if after.len() > LONGEST_MARKUP => false,
        Some(b'(') => {
            let address = after[1..].trim_start();
            let title = address.find(char::is_whitespace).map_or("", |space| address[space..].trim_start());
            !address.contains(['\n', ')']) && (title.is_empty() || title.starts_with(['"', '\'', '(']))
        }
        Some(b'[') => after.len() <= LONGEST_LABEL && !after[1..].contains(['[', ']', '\n']),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn completed(text: &str) -> String {
        complete(text, std::slice::from_ref(&(0..text.len())))
            .map_or_else(|| text.to_owned(), |completed| completed.text)
    }

    #[test]
    fn what_is_open_is_closed() {
        let half = format!("]({HALF_LINK})");
        let cases = [
            ("a **b", "a **b**".to_owned()),
            ("a **b ", "a **b**".to_owned()),
            ("a **b *c", "a **b *c***".to_owned()),
            ("~~a", "~~a~~".to_owned()),
            ("a `b **c", "a `b **c`".to_owned()),
            ("see [the te", format!("see [the te{half}")),
            ("see [the text]", format!("see [the text{half}")),
            ("see [the text](http", format!("see [the text{half}")),
            ("see [the **te", format!("see [the **te**{half}")),
            ("an ![image](htt", "an".to_owned()),
            ("let $x + y", "let".to_owned()),
            ("so $$x\n+ y", "so".to_owned()),
            ("at <https://ex", "at".to_owned()),
            ("note[^1", "note".to_owned()),
            ("a **[", "a".to_owned()),
            ("a\n- **[", "a\n".to_owned()),
        ];
        for (text, expected) in cases {
            assert_eq!(completed(text), expected, "{text}");
        }
    }

    #[test]
    fn what_opens_nothing_is_left() {
        for text in
            ["5 * 3", "a_b", "2*3", "\\*a", "costs $5", "x[0", "[text] after", "[text](a b", "1 < 2", "~5", "[^1] x"]
        {
            assert_eq!(completed(text), text);
        }
        let long = format!("**{}", "word ".repeat(500));
        assert_eq!(completed(&long), long);
    }
}

//! The text as the parser is to see it.

/// Brings line ends to `\n` and replaces NUL, across the borders of deltas.
#[derive(Debug, Default)]
pub(crate) struct Newlines {
    /// The last character was a carriage return, which has already become a line feed.
    after_return: bool,
    /// How many characters came.
    read: usize,
    /// Which of them were left out.
    dropped: Vec<usize>,
}

impl Newlines {
    /// The next piece of the text, in normal form.
    pub(crate) fn normal(&mut self, delta: &str) -> String {
        let mut out = String::with_capacity(delta.len());
        for character in delta.chars() {
            match character {
                '\n' if self.after_return => self.dropped.push(self.read),
                '\r' => out.push('\n'),
                '\0' => out.push('\u{FFFD}'),
                other => out.push(other),
            }
            self.after_return = character == '\r';
            self.read += 1;
        }
        out
    }

    /// Which characters of the text, as it came, are not in its normal form.
    pub(crate) fn dropped(&self) -> &[usize] {
        &self.dropped
    }
}

/// The opening of a fenced block of code at the top level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Opening {
    /// A backtick or a tilde.
    pub(crate) mark: char,
    /// How many of them; as many close the block.
    pub(crate) length: usize,
    /// The spaces before, which are taken from each line of the block as well.
    pub(crate) indent: usize,
}

impl Opening {
    /// Reads a whole line, without its line break.
    pub(crate) fn read(line: &str) -> Option<Self> {
        let rest = line.trim_start_matches(' ');
        let indent = line.len() - rest.len();
        let mark = rest.chars().next().filter(|first| matches!(first, '`' | '~'))?;
        let info = rest.trim_start_matches(mark);
        let length = rest.len() - info.len();
        let is_fence = indent <= 3 && length >= 3 && (mark == '~' || !info.contains('`'));
        is_fence.then_some(Self { mark, length, indent })
    }

    /// Whether a whole line closes the block.
    pub(crate) fn is_closed_by(self, line: &str) -> bool {
        let rest = line.trim_start_matches(' ');
        let after = rest.trim_start_matches(self.mark);
        line.len() - rest.len() <= 3 && rest.len() - after.len() >= self.length && after.trim_matches(' ').is_empty()
    }

    /// Whether a line that has only begun may yet close the block.
    pub(crate) fn may_be_closed_by(self, begun: &str) -> bool {
        let rest = begun.trim_start_matches(' ');
        begun.len() - rest.len() <= 3 && rest.trim_start_matches(self.mark).trim().is_empty()
    }

    /// A line of the block without the indentation of the fence. Of a tab that reaches further, the rest stays as spaces.
    pub(crate) fn content(self, line: &str) -> String {
        let mut columns = 0;
        let mut rest = line;
        while columns < self.indent {
            match rest.chars().next() {
                Some(' ') => columns += 1,
                Some('\t') => columns = 4,
                _ => break,
            }
            rest = &rest[1..];
        }
        [&" ".repeat(columns.saturating_sub(self.indent)), rest].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_across_deltas() {
        let mut newlines = Newlines::default();
        let out: String = ["a\r", "\nb\rc", "\r", "\r\n", "\n\0"].map(|delta| newlines.normal(delta)).concat();
        assert_eq!(out, "a\nb\nc\n\n\n\u{FFFD}");
    }

    #[test]
    fn fences() {
        let opening = Opening::read("  ````rust").expect("a fence");
        assert_eq!(opening, Opening { mark: '`', length: 4, indent: 2 });
        assert!(
            opening.is_closed_by("   `````  ") && !opening.is_closed_by("```") && !opening.is_closed_by("    ````")
        );
        assert!(opening.may_be_closed_by(" ``") && !opening.may_be_closed_by("``x"));
        assert_eq!(["   x", " x", "\tx"].map(|line| opening.content(line)), [" x", "x", "  x"]);
        assert_eq!(Opening::read("``` a`b"), None);
        assert_eq!(Opening::read("    ```"), None);
    }
}

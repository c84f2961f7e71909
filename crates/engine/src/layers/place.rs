//! Where in a file of settings something stands. Comments are passed over.

/// Line and column of a value, both from 1, by the keys that lead to it; in a list, the key is the number of the thing, from
/// 0. `None` where the text has no such value.
pub(super) fn place(text: &str, path: &[String]) -> Option<(usize, usize)> {
    let mut scan = Scan { text: text.as_bytes(), at: 0 };
    scan.blank();
    let at = scan.find(path)?;
    let before = text.get(..at)?;
    let line = before.rsplit('\n').next().unwrap_or_default();
    Some((before.matches('\n').count() + 1, line.chars().count() + 1))
}

struct Scan<'a> {
    text: &'a [u8],
    at: usize,
}

impl Scan<'_> {
    fn next(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn find(&mut self, path: &[String]) -> Option<usize> {
        let Some((wanted, rest)) = path.split_first() else { return Some(self.at) };
        let is_object = match self.next()? {
            b'{' => true,
            b'[' => false,
            _ => return None,
        };
        self.at += 1;
        for number in 0.. {
            self.blank();
            if matches!(self.next()?, b'}' | b']') {
                return None;
            }
            let key = if is_object { self.key()? } else { number.to_string() };
            self.blank();
            if &key == wanted {
                return self.find(rest);
            }
            self.value();
            self.blank();
            if self.next()? == b',' {
                self.at += 1;
            }
        }
        None
    }

    /// A key and its colon.
    fn key(&mut self) -> Option<String> {
        let begin = self.at;
        self.string();
        let key = serde_json::from_slice(self.text.get(begin..self.at)?).ok()?;
        self.blank();
        (self.next()? == b':').then(|| self.at += 1)?;
        Some(key)
    }

    /// Passes a whole value.
    fn value(&mut self) {
        let mut depth = 0_usize;
        loop {
            self.blank();
            match self.next() {
                None => return,
                Some(b'"') => self.string(),
                Some(b'{' | b'[') => {
                    depth += 1;
                    self.at += 1;
                }
                Some(b'}' | b']' | b',') if depth == 0 => return,
                Some(b'}' | b']') => {
                    depth -= 1;
                    self.at += 1;
                }
                Some(_) => self.at += 1,
            }
            if depth == 0 && matches!(self.next(), None | Some(b',' | b'}' | b']')) {
                return;
            }
        }
    }

    /// Passes a text in quotation marks, or a single character that is none.
    fn string(&mut self) {
        let quoted = self.next() == Some(b'"');
        self.at += 1;
        while quoted && let Some(byte) = self.next() {
            self.at += if byte == b'\\' { 2 } else { 1 };
            if byte == b'"' {
                return;
            }
        }
    }

    /// Passes what has no meaning.
    fn blank(&mut self) {
        while let Some(byte) = self.next() {
            let rest = &self.text[self.at..];
            if byte.is_ascii_whitespace() {
                self.at += 1;
            } else if rest.starts_with(b"//") {
                self.at += rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
            } else if rest.starts_with(b"/*") {
                self.at += rest.windows(2).skip(2).position(|end| end == b"*/").map_or(rest.len(), |end| end + 4);
            } else {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str, path: &[&str]) -> Option<(usize, usize)> {
        place(text, &path.iter().map(|key| (*key).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn a_value_is_found_by_its_keys_whatever_stands_around_it() {
        let text = "// a file\n{\n  \"a\": {\"x\": [1, {\"b\": \"}]\\\"\"}, 3]}, /* \"b\": */\n  \"b\": [true, {\"id\": 5}],\n}";
        assert_eq!(at(text, &["a", "x", "1", "b"]), Some((3, 24)));
        assert_eq!(at(text, &["b"]), Some((4, 8)));
        assert_eq!(at(text, &["b", "1", "id"]), Some((4, 22)));
        assert_eq!(at(text, &["b", "2"]), None);
        assert_eq!(at(text, &["c"]), None);
        assert_eq!(at(text, &["b", "0", "x"]), None);
        assert_eq!(at("{\"ä\": 1, \"b\": 2", &["b"]), Some((1, 15)));
        for broken in ["", "{", "{\"a", "{\"a\"", "[", "{\"a\":", "/*", "{\"a\\"] {
            assert_eq!(at(broken, &["b"]), None, "{broken}");
        }
    }
}

//! Making what a server sent harmless to the terminal it is shown on.
//!
//! A control character can move the cursor, change the title, or have the terminal type an answer by itself; an
//! override of the text's direction can show words in an order in which they were not written. Both become visible
//! signs. It works character by character, so that text cut anywhere comes out the same as the whole.

use std::{borrow::Cow, fmt::Write};

/// What stands for a control character that has no picture of its own.
const REPLACEMENT: char = '\u{FFFD}';

/// The text with everything harmful made visible. Line feeds and tabs stay; carriage returns are left out.
pub fn text(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_harmful) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().filter(|&char| char != '\r').map(visible).collect())
}

/// The same on one line: line feeds and tabs become spaces.
pub fn line(words: &str) -> String {
    text(words).trim().chars().map(|char| if matches!(char, '\n' | '\t') { ' ' } else { char }).collect()
}

/// JSON on one line, as `serde_json` writes it, with everything harmful escaped: JSON itself asks that only of the
/// first 32 characters, and outside of strings none of the others can stand.
pub fn json(json: &str) -> Cow<'_, str> {
    if !json.chars().any(is_harmful) {
        return Cow::Borrowed(json);
    }
    let mut escaped = String::with_capacity(json.len() + 16);
    for char in json.chars() {
        if is_harmful(char) {
            // Writing to a string does not fail. All of them have four digits.
            let _ = write!(escaped, "\\u{:04x}", u32::from(char));
        } else {
            escaped.push(char);
        }
    }
    Cow::Owned(escaped)
}

/// Whether a terminal might do anything but show the character.
pub fn is_harmful(char: char) -> bool {
    (char.is_control() && !matches!(char, '\n' | '\t')) || is_override(char)
}

/// Embeddings, overrides and isolates of the bidirectional algorithm, and the two separators that some programs take
/// for line breaks. The marks of direction that ordinary Hebrew and Arabic text uses are not among them.
fn is_override(char: char) -> bool {
    matches!(char, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}

fn visible(char: char) -> char {
    match char {
        '\n' | '\t' => char,
        '\0'..='\u{1F}' => char::from_u32(0x2400 + u32::from(char)).unwrap_or(REPLACEMENT),
        '\u{7F}' => '\u{2421}',
        _ if is_harmful(char) => REPLACEMENT,
        _ => char,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Text in which harmful characters are frequent.
    fn hostile() -> impl Strategy<Value = String> {
        let char = prop_oneof![
            any::<char>(),
            (0_u32..0xA0).prop_map(|code| char::from_u32(code).unwrap()),
            (0x2020_u32..0x2070).prop_map(|code| char::from_u32(code).unwrap()),
        ];
        prop::collection::vec(char, 0..40).prop_map(String::from_iter)
    }

    #[test]
    fn an_escape_sequence_is_seen_and_not_obeyed() {
        assert_eq!(text("a\u{1b}[31mred\u{7}\u{9b}2J\u{7f}"), "a␛[31mred␇\u{FFFD}2J␡");
        assert_eq!(text("one\r\ntwo\tthree"), "one\ntwo\tthree");
        assert_eq!(text("user\u{202e}txt.exe"), "user\u{FFFD}txt.exe");
    }

    #[test]
    fn ordinary_text_is_left_alone() {
        for words in ["naïve — 北京 👩‍👩‍👧", "שלום\u{200f} world", "a\tb\nc"] {
            assert!(matches!(text(words), Cow::Borrowed(same) if same == words), "{words}");
        }
    }

    #[test]
    fn a_line_stays_one_line() {
        assert_eq!(line(" two\nlines\u{1b}[2K\r\n"), "two lines␛[2K");
    }

    proptest! {
        #[test]
        fn nothing_harmful_is_left(words in hostile()) {
            prop_assert!(!text(&words).chars().any(is_harmful));
            prop_assert!(!line(&words).chars().any(|char| char.is_control()));
        }

        #[test]
        fn cuts_make_no_difference(words in hostile(), at in 0_usize..40) {
            let cut = words.char_indices().nth(at).map_or(words.len(), |(place, _)| place);
            let (left, right) = words.split_at(cut);
            prop_assert_eq!(text(left).into_owned() + &text(right), text(&words));
        }

        #[test]
        fn json_says_the_same_as_before(words in hostile()) {
            let written = serde_json::to_string(&words).unwrap();
            let safe = json(&written);
            prop_assert!(!safe.chars().any(|char| char.is_control() || is_harmful(char)));
            prop_assert_eq!(serde_json::from_str::<String>(&safe).unwrap(), words);
        }
    }
}

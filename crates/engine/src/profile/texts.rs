//! Texts of a profile: bounded, and without characters that nobody sees.

use crate::tools::is_unseen;

/// A text in one line, cut after so many characters; nothing if nothing is in it.
pub(super) fn line(text: &str, most: usize) -> Option<String> {
    let shown: String = text
        .chars()
        .filter_map(|letter| if letter.is_whitespace() { Some(' ') } else { (!is_unseen(letter)).then_some(letter) })
        .take(most * 4)
        .collect();
    let line: String = shown.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(most).collect();
    (!line.is_empty()).then_some(line)
}

/// A text of several lines, cut after so many characters; nothing if nothing is in it.
pub(super) fn lines(text: &str, most: usize) -> Option<String> {
    let is_shown = |letter: &char| matches!(letter, '\n' | '\t') || !is_unseen(*letter);
    let text: String = text.chars().filter(is_shown).take(most).collect();
    (!text.trim().is_empty()).then_some(text)
}

/// A name by which a server or this program knows something; nothing if it is empty or too long to be one.
pub(super) fn id(text: &str) -> Option<String> {
    (!text.trim().is_empty() && text.chars().count() <= 200 && !text.chars().any(char::is_control))
        .then(|| text.to_owned())
}

/// The name of a picture: small letters, digits and hyphens, after the name of a set of pictures or without one.
pub(super) fn icon(name: &str) -> Option<String> {
    let own = name.strip_prefix("lucide:").unwrap_or(name);
    let is_name = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (!own.is_empty() && own.len() <= 64 && own.bytes().all(is_name)).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_short_and_plain() {
        assert_eq!(line(" a\u{202e}b\n\tc ", 9).as_deref(), Some("ab c"));
        assert_eq!(line(&"é".repeat(90), 9).unwrap().chars().count(), 9);
        assert_eq!(line(" \u{200b}\n", 9), None);
        assert_eq!(lines("a\u{0}\n\nb\u{202e}", 9).as_deref(), Some("a\n\nb"));
        assert_eq!(lines(" \n ", 9), None);
        assert_eq!((id("search"), id(" "), id("a\nb")), (Some("search".to_owned()), None, None));
        assert_eq!((icon("dots-horizontal").is_some(), icon("url(x)"), icon("")), (true, None, None));
    }
}

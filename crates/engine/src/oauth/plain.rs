//! What a provider says, as text that can be shown anywhere.

/// The longest text that is shown, in characters.
const LONGEST: usize = 200;

/// One line without control characters and without those that turn the direction of a text; nothing if markup is in it,
/// which nobody is to read.
pub fn words(text: &str) -> Option<String> {
    if text.contains(['<', '>']) {
        return None;
    }
    let text: String = text.chars().map(|char| if char.is_control() { ' ' } else { char }).filter(is_shown).collect();
    let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(LONGEST).collect();
    (!line.is_empty()).then_some(line)
}

/// An error code, as RFC 6749 has them.
pub fn code(text: &str) -> String {
    let is_code = |char: char| char.is_ascii_alphanumeric() || matches!(char, '_' | '-' | '.');
    if !text.is_empty() && text.len() <= 64 && text.chars().all(is_code) { text.to_owned() } else { "error".to_owned() }
}

fn is_shown(char: &char) -> bool {
    !matches!(char, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_comes_out_as_one_plain_line_or_not_at_all() {
        assert_eq!(words(" You\r\n may\tnot \u{1b}[31menter\u{202e} ").as_deref(), Some("You may not [31menter"));
        assert_eq!(words("<script>alert(1)</script>"), None);
        assert_eq!(words(" \n "), None);
        assert_eq!(words(&"é".repeat(900)).unwrap().chars().count(), LONGEST);
    }

    #[test]
    fn a_code_is_a_word() {
        assert_eq!(code("access_denied"), "access_denied");
        for odd in ["", "<b>", "a b", &"x".repeat(65)] {
            assert_eq!(code(odd), "error");
        }
    }
}

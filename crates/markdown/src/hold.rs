//! What stands at the end of a text that still grows and cannot be read yet: it is held back rather than shown raw.

/// A definition of a link's address is held back as long as its line is not longer than this, in bytes.
const LONGEST_DEFINITION: usize = 1000;

/// Where the part of the text begins that is not to be shown yet; the length of the text if all of it can be.
pub(crate) fn held_from(text: &str) -> usize {
    let line_start = text.rfind('\n').map_or(0, |at| at + 1);
    if may_head_table(text, line_start) {
        return line_start;
    }
    if let Some(head) = unsure_head(text, line_start) {
        return head;
    }
    let mut end = text.len();
    loop {
        let line = &text[line_start..end];
        if is_unclear(line) {
            return line_start;
        }
        match unclear_end(line) {
            0 => return end,
            held => end -= held,
        }
    }
}

/// Whether a line that has only begun says nothing yet about what it will be.
pub(crate) fn is_unclear(line: &str) -> bool {
    let (rest, is_item) = inside_containers(line);
    let rest = rest.trim_end();
    let Some(first) = rest.chars().next() else {
        return true;
    };
    match first {
        '-' | '|' | ':' if rest.chars().all(|c| matches!(c, '-' | '|' | ':' | ' ' | '\t')) => true,
        '*' | '_' | '+' | '=' | '#' if rest.chars().all(|c| c == first || c == ' ' || c == '\t') => true,
        '`' => {
            rest.trim_matches('`').is_empty()
                || (rest.starts_with("```") && !rest.trim_start_matches('`').contains('`'))
        }
        '~' => rest.trim_matches('~').is_empty() || rest.starts_with("~~~"),
        '0'..='9' => rest.trim_end_matches(['.', ')']).bytes().all(|byte| byte.is_ascii_digit()) && rest.len() <= 10,
        '[' => (is_item && matches!(rest, "[" | "[ ]" | "[x]" | "[X]" | "[x" | "[X")) || may_define(rest),
        _ => false,
    }
}

/// `[label]: address` defines what is shown elsewhere, and `[^label]:` has no text yet.
fn may_define(rest: &str) -> bool {
    let is_bare_mark =
        rest.strip_prefix("[^").is_some_and(|label| label.find(']') == Some(label.len().wrapping_sub(1)));
    is_bare_mark
        || rest.split_once("]:").is_some_and(|(label, after)| {
            let is_footnote = label.starts_with("[^");
            !label[1..].contains(['[', ']'])
                && rest.len() <= LONGEST_DEFINITION
                && (!is_footnote || after.trim().is_empty())
        })
}

/// The line without the marks of the quotes and items that it is in, and whether the innermost is an item.
fn inside_containers(line: &str) -> (&str, bool) {
    let mut rest = line.trim_start();
    let mut is_item = false;
    loop {
        let after = if let Some(after) = rest.strip_prefix('>') {
            is_item = false;
            after
        } else {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            let mark = if (1..=9).contains(&digits) { rest[digits..].strip_prefix(['.', ')']) } else { None };
            match mark.or_else(|| rest.strip_prefix(['-', '*', '+'])).filter(|after| after.starts_with([' ', '\t'])) {
                Some(after) => {
                    is_item = true;
                    after
                }
                None => return (rest, is_item),
            }
        };
        rest = after.trim_start();
    }
}

/// Whether the line that has only begun may be the head of a table.
fn may_head_table(text: &str, line_start: usize) -> bool {
    let before = text[..line_start].trim_end_matches('\n').len();
    let previous = if line_start - before > 1 { "" } else { line_before(text, line_start) };
    inside_containers(&text[line_start..]).0.starts_with('|') && !previous.contains('|')
}

/// Where the head of a table begins of which the rule below it is still to come, if the last lines are such.
fn unsure_head(text: &str, line_start: usize) -> Option<usize> {
    let head = line_before(text, line_start);
    let head_start = line_start.checked_sub(head.len() + 1)?;
    let begun = inside_containers(&text[line_start..]).0;
    let is_head = inside_containers(head).0.starts_with('|') && !line_before(text, head_start).contains('|');
    let may_rule = begun.chars().all(|c| matches!(c, '|' | '-' | ':' | ' ' | '\t'));
    (is_head && may_rule).then_some(head_start)
}

/// The line that ends right before a line's start, without its line break.
fn line_before(text: &str, line_start: usize) -> &str {
    let before = text[..line_start].strip_suffix('\n').unwrap_or_default();
    &before[before.rfind('\n').map_or(0, |at| at + 1)..]
}

/// The length of what ends the line and may change its meaning with the next character.
fn unclear_end(line: &str) -> usize {
    let Some(last) = line.chars().next_back() else {
        return 0;
    };
    let before = line.trim_end_matches(last);
    let run = line.len() - before.len();
    match last {
        '*' | '_' | '~' | '`' | '$' | '<' | '[' => run,
        '\\' => run % 2,
        '!' if run == 1 && before.chars().next_back().is_none_or(char::is_whitespace) => 1,
        _ => {
            let name = line.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || c == '#');
            let length = line.len() - name.len();
            if name.ends_with('&') && length <= 10 { length + 1 } else { 0 }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> &str {
        &text[..held_from(text)]
    }

    #[test]
    fn beginnings_of_lines() {
        for held in [
            "#",
            "## ",
            "-",
            "- ",
            "--",
            "---",
            "* *",
            "1",
            "12.",
            "1. ",
            "`",
            "```",
            "```rust",
            "~~~",
            ">",
            "> - ",
            "- [",
            "- [x]",
            "=",
            "[a]: http",
            "[^1]: ",
            "|",
            "| a | b",
            "- 1. #",
            "",
        ] {
            assert_eq!(shown(held), "", "{held}");
            assert_eq!(shown(&format!("text\n{held}")), "text\n", "{held}");
        }
        for clear in ["# a", "- a", "1. a", "`a", "12 a", "> a", "- [x] a", "[^1]: a", "-5", "#a", "plain"] {
            assert_eq!(shown(clear), clear);
        }
    }

    #[test]
    fn heads_of_tables() {
        for held in ["| a | b |", "| a | b |\n", "| a | b |\n|--", "| a | b |\n| :- | -"] {
            assert_eq!(shown(held), "", "{held}");
            assert_eq!(shown(&format!("text\n\n{held}")), "text\n\n", "{held}");
        }
        let body = "| a | b |\n|---|---|\n| c | d";
        assert_eq!(shown(body), body);
        assert_eq!(shown("| a | b |\ntext"), "| a | b |\ntext");
    }

    #[test]
    fn ends_of_lines() {
        let cases = [
            ("a **", "a "),
            ("a **b*", "a **b"),
            ("a `b`", "a `b"),
            ("x\\", "x"),
            ("x\\\\", "x\\\\"),
            ("a &am", "a "),
            ("at & t", "at & t"),
            ("wow !", "wow "),
            ("wow!", "wow!"),
            ("a $", "a "),
            ("a <", "a "),
            ("- **", ""),
            ("1.`", ""),
        ];
        for (text, expected) in cases {
            assert_eq!(shown(text), expected, "{text}");
        }
    }
}

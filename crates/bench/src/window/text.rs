//! What is said in the measured conversations.

/// Words of no meaning, of lengths as they occur.
const WORDS: [&str; 24] = [
    "the", "harbour", "keeps", "a", "ledger", "of", "every", "vessel", "and", "its", "cargo", "so", "that", "clerks",
    "may", "compare", "arrivals", "with", "what", "was", "promised", "in", "letters", "sent",
];

/// An answer of about so many bytes, in Markdown as assistants write it: paragraphs, now and then a list, a table, or
/// code. Different for every number, the same for the same.
pub fn answer(number: usize, bytes: usize) -> String {
    let mut text = String::with_capacity(bytes + 400);
    let mut block = number;
    while text.len() < bytes {
        match block % 7 {
            2 => list(&mut text, block),
            4 => code(&mut text, block),
            6 => table(&mut text, block),
            _ => paragraph(&mut text, block, 40 + block % 30),
        }
        block += 1;
    }
    text
}

/// A question, short as people ask.
pub fn question(number: usize) -> String {
    let mut text = String::new();
    paragraph(&mut text, number * 5, 6 + number % 12);
    text.trim_end().trim_end_matches('.').to_owned() + "?"
}

/// The text of a numbered token of a stream. The number can be read off the page.
pub fn token(number: usize) -> String {
    match number % 90 {
        7 | 40 => format!("**w{number}** "),
        23 => format!("`w{number}` "),
        89 => format!("w{number}.\n\n"),
        _ => format!("w{number} "),
    }
}

fn word(number: usize) -> &'static str {
    WORDS[(number * 7 + number / 24) % WORDS.len()]
}

fn paragraph(text: &mut String, from: usize, words: usize) {
    for at in 0..words {
        let word = word(from + at);
        match at % 17 {
            6 => text.extend(["**", word, "**"]),
            12 => text.extend(["`", word, "`"]),
            _ => text.push_str(word),
        }
        text.push(if at + 1 == words { '.' } else { ' ' });
    }
    text.push_str("\n\n");
}

fn list(text: &mut String, from: usize) {
    for at in 0..4 {
        text.extend(["- **", word(from + at), "** ", word(from + at + 1), " ", word(from + at + 2), "\n"]);
    }
    text.push('\n');
}

fn code(text: &mut String, from: usize) {
    text.push_str("```rust\n");
    for at in 0..6 {
        text.push_str(&format!("let {} = \"{}\".len() + {at};\n", word(from + at), word(from + at + 3)));
    }
    text.push_str("```\n\n");
}

fn table(text: &mut String, from: usize) {
    text.push_str("| Name | Meaning |\n|---|---|\n");
    for at in 0..3 {
        text.extend(["| ", word(from + at), " | ", word(from + at + 5), " |\n"]);
    }
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_as_long_as_asked_and_differ() {
        let answers: Vec<_> = (0..20).map(|number| answer(number, 1500)).collect();
        assert!(answers.iter().all(|text| (1500..2200).contains(&text.len())));
        assert!(answers.windows(2).all(|two| two[0] != two[1]));
        assert!(answers.iter().any(|text| text.contains("```rust")));
    }

    #[test]
    fn a_token_tells_its_number() {
        assert!((0..200).all(|number| token(number).contains(&format!("w{number}"))));
    }
}

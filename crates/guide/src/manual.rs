//! The manual, compiled in, cut into sections that each answer something.

/// A file of the manual.
#[derive(Debug)]
pub(crate) struct File {
    /// Its name in `docs/manual`.
    pub name: &'static str,
    text: &'static str,
}

macro_rules! files {
    ($($name:literal,)*) => {
        [$(File { name: $name, text: include_str!(concat!("../../../docs/manual/", $name)) },)*]
    };
}

/// All files, in reading order.
pub(crate) static FILES: [File; 17] = files![
    "what-is-kittiwake.md",
    "first-steps.md",
    "the-guide.md",
    "talking.md",
    "models.md",
    "conversations.md",
    "connections.md",
    "your-own-backend.md",
    "routes.md",
    "when-something-fails.md",
    "doctor.md",
    "what-is-shown.md",
    "keyboard-and-appearance.md",
    "privacy-and-data.md",
    "terminal.md",
    "administrators.md",
    "for-developers.md",
];

/// The answer to a question without a single word to search for, such as "Who are you?".
pub(crate) const WHO_ANSWERS: &str = "Who is answering here";

/// The answer to a question with nothing in it but the program's name.
pub(crate) const WHAT_IT_IS: &str = "What Kittiwake is for";

/// Questions for the start screen: the label of the button, and what is sent.
pub fn prompts() -> &'static [(&'static str, &'static str)] {
    &[
        ("What is Kittiwake?", "What is Kittiwake and what can I do with it?"),
        ("Connect an assistant", "How do I connect Kittiwake to my own ChatKit server?"),
        ("Keyboard shortcuts", "Which keyboard shortcuts are there?"),
        ("Where is my data?", "In which folder does Kittiwake keep my data?"),
    ]
}

/// A part of the manual under one heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Section {
    /// Its file.
    pub file: &'static str,
    /// The file's title.
    pub page: &'static str,
    /// Its own heading.
    pub heading: &'static str,
    /// Its text: Markdown without the heading and without the marks below.
    pub body: String,
    /// Other words for the same thing, from `<!-- also: … -->`. Searched, never shown.
    pub also: &'static str,
    /// The question that it answers, from `<!-- ask: … -->`. Offered when a neighbour was the answer.
    pub ask: &'static str,
}

/// All sections, in reading order.
pub(crate) fn sections() -> Vec<Section> {
    FILES.iter().flat_map(|file| cut(file.name, file.text)).collect()
}

/// Cuts a file at its headings of the second level. What stands before the first belongs to no section.
fn cut(file: &'static str, text: &'static str) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    let mut page = "";
    let mut in_code = false;
    for line in text.lines() {
        if line.starts_with("```") {
            in_code = !in_code;
        }
        if let (false, Some(title)) = (in_code, line.strip_prefix("# ")) {
            page = title.trim();
        } else if let (false, Some(heading)) = (in_code, line.strip_prefix("## ")) {
            let heading = heading.trim();
            sections.push(Section { file, page, heading, body: String::new(), also: "", ask: "" });
        } else if let Some(section) = sections.last_mut() {
            match (mark(line, "also"), mark(line, "ask")) {
                (Some(also), _) => section.also = also,
                (_, Some(ask)) => section.ask = ask,
                _ => {
                    section.body.push_str(line);
                    section.body.push('\n');
                }
            }
        }
    }
    for section in &mut sections {
        section.body = section.body.trim().to_owned();
    }
    sections
}

/// The text of a line `<!-- name: text -->`.
fn mark(line: &'static str, name: &str) -> Option<&'static str> {
    let inner = line.strip_prefix("<!--")?.strip_suffix("-->")?;
    Some(inner.trim().strip_prefix(name)?.strip_prefix(':')?.trim())
}

#[cfg(test)]
mod tests {
    use std::{collections::HashSet, fs};

    use super::*;

    #[test]
    fn every_file_of_the_manual_is_compiled_in() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/manual");
        let mut found: Vec<String> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        let mut known: Vec<&str> = FILES.iter().map(|file| file.name).collect();
        found.sort();
        known.sort_unstable();
        assert_eq!(found, known, "the table of files in manual.rs and the folder docs/manual differ");
    }

    #[test]
    fn a_section_is_a_good_answer_by_itself() {
        let mut headings = HashSet::new();
        for section in sections() {
            let name = format!("{}: {}", section.file, section.heading);
            assert!(!section.page.is_empty(), "{name}: its file has no title");
            assert!(headings.insert(section.heading), "{name}: the heading stands twice in the manual");
            let words = section.body.split_whitespace().count();
            assert!((40..=150).contains(&words), "{name}: {words} words; 40 to 150 make an answer");
            assert!(section.ask.ends_with('?'), "{name}: add a line <!-- ask: a question? -->");
            let last = section.body.lines().last().unwrap_or_default();
            let cut_off = last.starts_with("```") || last.starts_with('|') || last.ends_with(':');
            assert!(!cut_off, "{name}: end with a sentence, where the mark of the source can stand");
            assert!(!section.body.contains("<!--"), "{name}: a mark that nobody reads");
        }
    }

    #[test]
    fn the_sections_for_questions_without_words_are_there() {
        for heading in [WHO_ANSWERS, WHAT_IT_IS] {
            assert!(sections().iter().any(|section| section.heading == heading), "{heading}");
        }
    }

    #[test]
    fn headings_in_code_are_code() {
        let text =
            "# Page\nlead\n## One\n<!-- also: a b -->\n<!-- ask: What? -->\ntext\n```\n## not a heading\n```\nend\n";
        let sections = cut("f.md", text);
        assert_eq!(sections.len(), 1);
        assert_eq!(sections[0].body, "text\n```\n## not a heading\n```\nend");
        assert_eq!((sections[0].page, sections[0].also, sections[0].ask), ("Page", "a b", "What?"));
    }
}

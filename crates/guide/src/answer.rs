//! What the Guide says: an honest lead, the passages of the manual with their sources, and what else could be asked.

use crate::{
    cards::{self, Card},
    index::{Hit, Index, meaningful_words},
    manual::{Section, WHAT_IT_IS, WHO_ANSWERS, prompts},
    wire::Source,
};

/// A further passage is quoted if it fits at least this well, compared with the best.
const NEARLY_AS_GOOD: f64 = 0.8;

/// Below this share of the question, the lead says that the passage may not be what was meant.
const UNSURE: f64 = 0.6;

/// No more passages than this; one that fits is better than three.
const PASSAGES: usize = 3;

/// No more questions than this are offered.
const SUGGESTIONS: usize = 3;

/// Words that are answered in kind.
const THANKS: &[&str] = &["thanks", "thank"];
const HELLO: &[&str] = &["hello", "hi", "hey", "morning", "evening"];

/// A piece of an answer, in order.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Piece {
    /// Markdown, to be streamed.
    Text(String),
    /// The source of what was said last; its mark stands right here.
    Source(Source),
    /// A card that stands below all that is said.
    Card(Card),
}

/// Answers a question from the manual.
pub(crate) fn answer(index: &Index, question: &str) -> rusqlite::Result<Vec<Piece>> {
    let words = meaningful_words(question);
    let hits = index.search(&words)?;
    let quoted: Vec<usize> = match hits.first() {
        Some(best) => {
            let near = |hit: &&Hit| hit.score >= best.score * NEARLY_AS_GOOD && hit.coverage >= best.coverage * 0.9;
            hits.iter().filter(near).take(PASSAGES).map(|hit| hit.section).collect()
        }
        None if words.is_empty() => wordless(index, question).into_iter().collect(),
        None => Vec::new(),
    };
    let mut pieces = vec![Piece::Text(lead(&words, &hits, quoted.len()))];
    for &place in &quoted {
        pieces.extend(passage(&index.sections()[place]));
    }
    pieces.push(suggestions(index, &quoted, &hits));
    let first = quoted.first().map(|&place| &index.sections()[place]);
    let is_greeting = said(&words, THANKS) || said(&words, HELLO);
    pieces.extend(cards::beside(index, first, is_greeting).into_iter().map(Piece::Card));
    Ok(pieces)
}

/// Whether a question begins with one of these words.
fn said(words: &[String], these: &[&str]) -> bool {
    words.first().is_some_and(|first| these.contains(&first.as_str()))
}

/// The section for a question without a word to search for.
fn wordless(index: &Index, question: &str) -> Option<usize> {
    let heading = if question.to_lowercase().contains("kittiwake") { WHAT_IT_IS } else { WHO_ANSWERS };
    index.sections().iter().position(|section| section.heading == heading)
}

fn lead(words: &[String], hits: &[Hit], quoted: usize) -> String {
    let text = match (hits.first(), quoted) {
        (None, 0) => {
            "I found nothing about that in the manual. I am the Guide: I search Kittiwake's manual and quote what \
             fits. I am not a language model, so questions about anything else are beyond me. For those, connect an \
             assistant under **Settings → Connections**, and choose it when you begin a conversation."
        }
        _ if said(words, THANKS) => "You are welcome.",
        _ if said(words, HELLO) => "Hello.",
        (None, _) => "The manual says:",
        (Some(best), _) if best.coverage < UNSURE => {
            "I am not sure that this is what you mean. It is the nearest that the manual has:"
        }
        (Some(_), 1) => "The manual has a section on this:",
        (Some(_), _) => "These sections of the manual fit:",
    };
    format!("{text}\n\n")
}

/// A section as it is quoted, and its source.
pub(crate) fn passage(section: &Section) -> [Piece; 3] {
    let source = Source {
        title: section.heading.to_owned(),
        description: section.page.to_owned(),
        filename: section.file.to_owned(),
    };
    let text = format!("### {}\n\n{}", section.heading, section.body);
    [Piece::Text(text), Piece::Source(source), Piece::Text("\n\n".to_owned())]
}

/// Questions whose answers stand near: sections that fitted less well, then the neighbours of the first passage. Where
/// nothing fitted, those of the start screen.
fn suggestions(index: &Index, quoted: &[usize], hits: &[Hit]) -> Piece {
    let sections = index.sections();
    let questions: Vec<&str> = match quoted.first() {
        None => prompts().iter().map(|&(_, prompt)| prompt).take(SUGGESTIONS).collect(),
        Some(&first) => {
            let neighbours = (first + 1..sections.len()).chain((0..first).rev());
            let mut offered: Vec<usize> = Vec::new();
            for place in hits.iter().map(|hit| hit.section).chain(neighbours) {
                if offered.len() < SUGGESTIONS && !quoted.contains(&place) && !offered.contains(&place) {
                    offered.push(place);
                }
            }
            offered.into_iter().map(|place| sections[place].ask).collect()
        }
    };
    let lines: Vec<String> = questions.iter().map(|question| format!("- {question}\n")).collect();
    Piece::Text(format!("You can also ask:\n\n{}", lines.concat()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources(pieces: &[Piece]) -> Vec<&Source> {
        pieces.iter().filter_map(|piece| if let Piece::Source(source) = piece { Some(source) } else { None }).collect()
    }

    fn text(pieces: &[Piece]) -> String {
        pieces
            .iter()
            .filter_map(|piece| if let Piece::Text(text) = piece { Some(text.as_str()) } else { None })
            .collect()
    }

    #[test]
    fn the_questions_of_the_start_screen_find_their_sections() {
        let index = Index::of_manual().unwrap();
        let intended = [
            "What Kittiwake is for",
            "Setting up a connection to a ChatKit server",
            "Keyboard shortcuts",
            "The data folder",
        ];
        assert_eq!(prompts().len(), intended.len());
        for (&(label, prompt), heading) in prompts().iter().zip(intended) {
            let pieces = answer(&index, prompt).unwrap();
            let titles: Vec<_> = sources(&pieces).iter().map(|source| source.title.clone()).collect();
            assert_eq!(titles.first().map(String::as_str), Some(heading), "{label}: {titles:?}");
        }
    }

    #[test]
    fn every_question_that_the_guide_offers_is_answered_by_its_own_section() {
        let index = Index::of_manual().unwrap();
        let mut wrong = Vec::new();
        for section in index.sections() {
            let pieces = answer(&index, section.ask).unwrap();
            let titles: Vec<_> = sources(&pieces).iter().map(|source| source.title.clone()).collect();
            if titles.first().map(String::as_str) != Some(section.heading) {
                wrong.push(format!("{:?} should find {:?}, found {titles:?}", section.ask, section.heading));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn a_passage_is_quoted_with_its_formatting_and_its_source_at_its_end() {
        let index = Index::of_manual().unwrap();
        let pieces = answer(&index, "Which keyboard shortcuts are there?").unwrap();
        let Piece::Text(passage) = &pieces[1] else { panic!("{pieces:?}") };
        assert!(passage.starts_with("### Keyboard shortcuts\n\n| Keys |"), "{passage}");
        let Piece::Source(source) = &pieces[2] else { panic!("{pieces:?}") };
        assert_eq!(source.filename, "keyboard-and-appearance.md");
        assert_eq!(source.description, "Keyboard and appearance");
        assert!(text(&pieces).contains("You can also ask:\n\n- "));
        assert!(!text(&pieces).contains("<!--"));
    }

    #[test]
    fn when_nothing_fits_it_says_so_and_what_it_is() {
        let index = Index::of_manual().unwrap();
        let pieces = answer(&index, "What is the weather in Lisbon today?").unwrap();
        assert!(sources(&pieces).is_empty());
        let text = text(&pieces);
        for part in ["nothing about that", "not a language model", "Settings → Connections", "You can also ask"] {
            assert!(text.contains(part), "{part}: {text}");
        }
    }

    #[test]
    fn greetings_and_thanks_are_answered_in_kind() {
        let index = Index::of_manual().unwrap();
        assert!(text(&answer(&index, "Hello!").unwrap()).starts_with("Hello."));
        assert!(text(&answer(&index, "thank you").unwrap()).starts_with("You are welcome."));
        assert!(text(&answer(&index, "").unwrap()).contains("Who is answering here"));
    }
}

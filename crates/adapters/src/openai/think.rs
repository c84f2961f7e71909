//! What some servers send of a model's thoughts: between `<think>` and `</think>`, at the beginning of the answer.

/// The marks between which thoughts stand, as DeepSeek's and Qwen's models write them.
const BEGIN: &str = "<think>";
const END: &str = "</think>";

/// Tells the thoughts at the beginning of an answer from what is said, however the text is cut. Only there: further on such
/// a mark may be what the answer is about.
#[derive(Debug)]
pub(super) enum Opening {
    /// So far it could be the mark.
    Unclear(String),
    /// It thinks. The text could be the beginning of the mark at the end.
    Thinking(String),
    /// It thought; blanks may stand between that and the answer.
    Thought,
    /// It speaks.
    Speaking,
}

/// What a piece of text was.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Heard {
    /// Thoughts, if it has any, also empty ones.
    pub thought: Option<String>,
    /// What is said.
    pub said: String,
}

impl Default for Opening {
    fn default() -> Self {
        Self::Unclear(String::new())
    }
}

impl Opening {
    /// Takes the next piece.
    pub(super) fn hear(&mut self, words: &str) -> Heard {
        match std::mem::replace(self, Self::Speaking) {
            Self::Speaking => Heard { thought: None, said: words.to_owned() },
            Self::Unclear(before) => self.judge(before + words),
            Self::Thinking(before) => self.think(before + words),
            Self::Thought => self.speak(words),
        }
    }

    /// What was held back, when nothing follows.
    pub(super) fn end(&mut self) -> Heard {
        match std::mem::replace(self, Self::Speaking) {
            Self::Unclear(said) => Heard { thought: None, said },
            Self::Thinking(thought) => Heard { thought: Some(thought), said: String::new() },
            Self::Thought | Self::Speaking => Heard::default(),
        }
    }

    fn judge(&mut self, text: String) -> Heard {
        let begun = text.trim_start();
        if let Some(thought) = begun.strip_prefix(BEGIN) {
            return self.think(thought.to_owned());
        }
        if BEGIN.starts_with(begun) {
            *self = Self::Unclear(text);
            return Heard::default();
        }
        Heard { thought: None, said: text }
    }

    fn think(&mut self, text: String) -> Heard {
        if let Some((thought, said)) = text.split_once(END) {
            let said = self.speak(said).said;
            return Heard { thought: Some(thought.to_owned()), said };
        }
        // What could be the beginning of the mark waits for the rest of it.
        let kept = (1..END.len()).rev().find(|length| text.ends_with(&END[..*length])).unwrap_or(0);
        let (thought, held) = text.split_at(text.len() - kept);
        *self = Self::Thinking(held.to_owned());
        Heard { thought: Some(thought.to_owned()), said: String::new() }
    }

    fn speak(&mut self, words: &str) -> Heard {
        let said = words.trim_start();
        *self = if said.is_empty() { Self::Thought } else { Self::Speaking };
        Heard { thought: None, said: said.to_owned() }
    }
}

/// A whole text, without the thoughts at its beginning.
pub(super) fn said(text: &str) -> String {
    let mut opening = Opening::default();
    opening.hear(text).said + &opening.end().said
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(pieces: &[&str]) -> (String, String) {
        let mut opening = Opening::default();
        let mut all: Vec<_> = pieces.iter().map(|piece| opening.hear(piece)).collect();
        all.push(opening.end());
        let thought: String = all.iter().filter_map(|heard| heard.thought.as_deref()).collect();
        (thought, all.into_iter().map(|heard| heard.said).collect())
    }

    #[test]
    fn thoughts_are_told_from_the_answer_wherever_the_text_is_cut() {
        let text = "\n<think>\nIs 1 </thin 2? Yes.\n</think>\n\nIt is, grüß <think>dich</think>.";
        let parts = ("\nIs 1 </thin 2? Yes.\n".to_owned(), "It is, grüß <think>dich</think>.".to_owned());
        let cuts: Vec<_> = text.char_indices().map(|(at, _)| at).collect();
        for first in &cuts {
            for second in cuts.iter().filter(|second| *second >= first) {
                assert_eq!(heard(&[&text[..*first], &text[*first..*second], &text[*second..]]), parts);
            }
        }
        let letters: Vec<_> = text.split("").collect();
        assert_eq!(heard(&letters), parts);
        assert_eq!(said(text), parts.1);
    }

    #[test]
    fn what_only_looks_like_it_is_said() {
        for text in ["", "Hello", "<", "  <thin", "<thinking>no</thinking>", "a <think>b</think>", " \n two"] {
            let letters: Vec<_> = text.split("").collect();
            assert_eq!(heard(&letters), (String::new(), text.to_owned()));
            assert_eq!(said(text), text);
        }
    }

    #[test]
    fn one_that_thinks_to_the_end_has_said_nothing() {
        assert_eq!(heard(&["<think>", "hm", "m</thi"]), ("hmm</thi".to_owned(), String::new()));
        assert_eq!(heard(&["<think></think>", " ", "ok"]), (String::new(), "ok".to_owned()));
    }
}

//! What is wrong in a file, before its place is known by line and column.

use engine::layers::jsonc;

/// How much something weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// The file cannot be used as it is, or a part of it.
    Mistake,
    /// It works, and is probably not meant.
    Hint,
}

/// What of an entry it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spot {
    /// Its key.
    Key,
    /// Its value.
    Value,
}

/// Something that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// How much it weighs.
    pub weight: Weight,
    /// The entry, as a JSON Pointer.
    pub pointer: String,
    /// What of it.
    pub spot: Spot,
    /// What is wrong, and what would be right.
    pub words: String,
}

impl Wrong {
    /// A mistake in a value.
    pub fn value(pointer: impl Into<String>, words: impl Into<String>) -> Self {
        Self { weight: Weight::Mistake, pointer: pointer.into(), spot: Spot::Value, words: words.into() }
    }

    /// A mistake that is about a key.
    pub fn key(pointer: impl Into<String>, words: impl Into<String>) -> Self {
        Self { spot: Spot::Key, ..Self::value(pointer, words) }
    }

    /// The same as a hint.
    pub fn hint(self) -> Self {
        Self { weight: Weight::Hint, ..self }
    }
}

/// A pointer to what is below another.
pub fn below(pointer: &str, key: &str) -> String {
    format!("{pointer}/{}", jsonc::part(key))
}

/// The keys and numbers of a pointer.
pub fn parts(pointer: &str) -> Vec<String> {
    pointer.split('/').skip(1).map(|part| part.replace("~1", "/").replace("~0", "~")).collect()
}

/// What a person calls an entry.
pub fn called(pointer: &str) -> String {
    let parts = parts(pointer);
    match parts.as_slice() {
        [] => "The file".to_owned(),
        [.., list, last] => match last.parse::<usize>() {
            Ok(index) => format!("Entry {} of “{list}”", index + 1),
            Err(_) => format!("“{last}”"),
        },
        [one] => format!("“{one}”"),
    }
}

/// The same within a sentence.
pub fn called_within(pointer: &str) -> String {
    called(pointer).replacen("Entry ", "entry ", 1).replacen("The file", "the file", 1)
}

/// Some words to choose from.
pub fn one_of(options: &[String]) -> String {
    let quoted: Vec<_> = options.iter().map(|option| format!("“{option}”")).collect();
    match quoted.as_slice() {
        [] => "nothing".to_owned(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} or {last}", most.join(", ")),
    }
}

/// The one of some words that was probably meant, as a question.
pub fn did_you_mean(word: &str, options: &[String]) -> String {
    let typed = word.to_lowercase();
    let distance = |option: &String| strsim::damerau_levenshtein(&typed, &option.to_lowercase());
    let near = options.iter().map(|option| (distance(option), option)).min();
    match near {
        // Words of a few letters are all near each other.
        Some((distance, option)) if distance <= (option.chars().count() / 3).max(1) => {
            format!("; did you mean “{option}”?")
        }
        _ => ".".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_nearly_right_is_recognised() {
        let options = ["system", "light", "dark"].map(str::to_owned);
        assert_eq!(did_you_mean("drak", &options), "; did you mean “dark”?");
        assert_eq!(did_you_mean("Light", &options), "; did you mean “light”?");
        assert_eq!(did_you_mean("blue", &options), ".");
        assert_eq!(did_you_mean("x", &[]), ".");
        assert_eq!(one_of(&options), "“system”, “light” or “dark”");
    }

    #[test]
    fn entries_are_called_as_people_count() {
        assert_eq!(called("/connections/0"), "Entry 1 of “connections”");
        assert_eq!(called("/connections/0/a~1b"), "“a/b”");
        assert_eq!((called(""), called("/x")), ("The file".to_owned(), "“x”".to_owned()));
    }
}

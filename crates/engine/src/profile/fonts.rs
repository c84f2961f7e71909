//! Names of fonts, written anew: a list for CSS in which nothing stands but names.

/// How many names a list has at most.
const NAMES: usize = 8;

/// The longest name, in characters.
const LONGEST: usize = 64;

/// Names that CSS has itself. They stand without quotation marks.
const GENERIC: [&str; 9] = [
    "serif",
    "sans-serif",
    "monospace",
    "cursive",
    "system-ui",
    "ui-serif",
    "ui-sans-serif",
    "ui-monospace",
    "ui-rounded",
];

/// A list of families that ends with a general name, `last` where it has none; nothing if no name of it is one.
pub(super) fn families(list: &str, last: &'static str) -> Option<String> {
    let mut names = Vec::new();
    for name in list.split(',').filter_map(name) {
        if names.len() < NAMES && !names.contains(&name) {
            names.push(name);
        }
    }
    let ends = names.last().map(|name| GENERIC.contains(&name.as_str()))?;
    if !ends {
        names.push(last.to_owned());
    }
    Some(names.join(", "))
}

/// A name as it stands in a list.
fn name(text: &str) -> Option<String> {
    let text = text.trim();
    let bare = ['"', '\''].iter().find_map(|mark| text.strip_prefix(*mark)?.strip_suffix(*mark)).unwrap_or(text).trim();
    let lower = bare.to_ascii_lowercase();
    if bare == text && GENERIC.contains(&lower.as_str()) {
        return Some(lower);
    }
    let is_of_a_name = |letter: char| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_' | '.' | '+');
    let fits = bare.chars().any(char::is_alphanumeric) && bare.chars().count() <= LONGEST;
    (fits && bare.chars().all(is_of_a_name)).then(|| format!("\"{bare}\""))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_are_written_anew_and_anything_else_is_left_out() {
        for (list, expected) in [
            ("Inter", "\"Inter\", sans-serif"),
            (" 'Source Sans 3' , system-ui, SANS-SERIF", "\"Source Sans 3\", system-ui, sans-serif"),
            ("Noto Sans 日本", "\"Noto Sans 日本\", sans-serif"),
            ("Inter, url(https://a.example), Arial", "\"Inter\", \"Arial\", sans-serif"),
            ("Inter; color: red, Arial", "\"Arial\", sans-serif"),
            ("Inter, Inter, \"serif\"", "\"Inter\", \"serif\", sans-serif"),
        ] {
            assert_eq!(families(list, "sans-serif").as_deref(), Some(expected), "{list}");
        }
        for list in ["", ",", "\"", "var(--x)", "a\"b", "{}", "-", "\\41"] {
            assert_eq!(families(list, "sans-serif"), None, "{list}");
        }
    }

    proptest! {
        #[test]
        fn quotation_marks_stand_around_names_alone(list in r#"[a-z"'(),;:\\{} é-]{0,60}"#) {
            if let Some(families) = families(&list, "serif") {
                for name in families.split(", ") {
                    let inner = name.strip_prefix('"').and_then(|name| name.strip_suffix('"')).unwrap_or(name);
                    prop_assert!(inner.chars().all(|letter| letter.is_alphanumeric() || " -_.+".contains(letter)));
                }
            }
        }
    }
}

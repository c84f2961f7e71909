//! Licence texts by their SPDX names, for parts that bring none.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::missing;
use crate::shell::Result;

/// The texts of an SPDX expression: all that it asks for, and the first of a choice whose texts are here.
pub fn by_name(expression: &str, name: &str, holders: &str, root: &Path) -> Result<Vec<String>> {
    let expression = expression.replace('/', " OR ");
    if expression.contains('(') {
        return Err(missing(name, &expression, "a licence with brackets is not taken apart here"));
    }
    let choices: Vec<Vec<&str>> =
        expression.split(" OR ").map(|choice| choice.split(" AND ").map(str::trim).collect()).collect();
    let texts =
        choices.iter().find_map(|ids| ids.iter().map(|id| known(id, holders, root)).collect::<Option<Vec<_>>>());
    texts.ok_or_else(|| missing(name, &expression, "no text of that name is here"))
}

fn known(id: &str, holders: &str, root: &Path) -> Option<String> {
    let text = fs::read_to_string(file(id, root)).ok()?;
    Some(text.replace("{holders}", holders))
}

fn file(id: &str, root: &Path) -> PathBuf {
    // Kittiwake's own second licence is the same text.
    if id == "Apache-2.0" { root.join("LICENSE-APACHE") } else { root.join(format!("packaging/licences/{id}.txt")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell::root;

    fn texts(expression: &str) -> Result<Vec<String>> {
        by_name(expression, "part 1.0.0", "Ada Lovelace", &root())
    }

    #[test]
    fn a_choice_is_made_and_a_sum_is_whole() {
        let mit = texts("Odd-1.0 OR MIT OR Apache-2.0").unwrap();
        assert!(mit.len() == 1 && mit[0].contains("Ada Lovelace") && mit[0].contains("without restriction"));
        let both = texts("MIT AND Apache-2.0").unwrap();
        assert!(both.len() == 2 && both[1].contains("Version 2.0, January 2004"));
        assert!(texts("BSD-3-Clause/MIT").unwrap()[0].contains("Redistribution and use"));
    }

    #[test]
    fn what_is_not_known_is_refused_in_words() {
        for expression in ["Odd-1.0", "MIT AND Odd-1.0", "(MIT OR Odd-1.0) AND ISC"] {
            let message = texts(expression).unwrap_err().message;
            assert!(message.contains("part 1.0.0") && message.contains("packaging/licences/"), "{message}");
        }
    }
}

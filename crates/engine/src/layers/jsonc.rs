//! A file of settings as text: what stands in it, or where it cannot be read.

use serde_json::{Map, Value};

/// A place in a file that cannot be used, and what would be right there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// What is wrong, and what would be right.
    pub message: String,
}

/// The object that a file holds.
///
/// # Errors
///
/// The first place that cannot be read.
pub fn object(text: &str) -> Result<Map<String, Value>, Mistake> {
    serde_json::from_str(text).map_err(|error| Mistake {
        line: error.line(),
        column: error.column(),
        message: error.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistake_has_a_place() {
        assert_eq!(object("{\"a\": 1}").unwrap()["a"], 1);
        assert_eq!(object("{\n  \"a\": oops}").unwrap_err().line, 2);
    }
}

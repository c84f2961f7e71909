//! A file of settings as text: what stands in it and where, or the place that cannot be read.
//!
//! It is JSON as everybody writes it, and for people who write it by hand also comments (`//` and `/* */`) and a comma
//! after the last entry. Everything else that is not JSON is a mistake, so that other programs can read the file, too.

use std::collections::BTreeMap;

use jsonc_parser::{
    CollectOptions, ParseOptions, ParseStringErrorKind,
    ast::{Array, Object, Value as Node},
    common::Ranged,
    errors::{ParseError, ParseErrorKind},
    parse_to_ast,
};
use serde_json::{Map, Number, Value};

/// How many values may lie within each other, as everywhere else where JSON is read.
const DEPTH: usize = 127;

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

/// A place in a text: a line and a column, both from 1, the column in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

/// What a file holds, and where each part of it stands.
#[derive(Debug, Clone)]
pub struct Document {
    /// What it holds.
    pub content: Map<String, Value>,
    /// By JSON Pointer: where the key begins, and where the value does, in bytes. In a list both are the same.
    spans: BTreeMap<String, (usize, usize)>,
    lines: Lines,
}

impl Document {
    /// Reads a file.
    ///
    /// # Errors
    ///
    /// The first place that cannot be read.
    pub fn read(text: &str) -> Result<Self, Mistake> {
        // Some editors put a mark before the text that only says how it is encoded.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let lines = Lines::of(text);
        let mistake = |offset: usize, message: String| {
            let Place { line, column } = lines.place(offset);
            Mistake { line, column, message }
        };
        let parsed = parse_to_ast(text, &CollectOptions::default(), &strict())
            .map_err(|error| mistake(error.range().start, words(&error, text)))?;
        let mut reading = Reading { spans: BTreeMap::new(), lines: &lines };
        let content = match &parsed.value {
            Some(Node::Object(object)) => {
                reading.spans.insert(String::new(), (object.start(), object.start()));
                reading.object(object, "", DEPTH).map_err(|(offset, message)| mistake(offset, message))?
            }
            Some(other) => {
                return Err(mistake(
                    other.start(),
                    "This is not an object. The file begins with { and ends with }.".into(),
                ));
            }
            None => return Err(mistake(0, "The file is empty. It should hold at least {}.".into())),
        };
        let spans = reading.spans;
        Ok(Self { content, spans, lines })
    }

    /// Where the key stands that a JSON Pointer leads to; in a list, the value. Of what is not there, the nearest thing
    /// around it.
    pub fn key(&self, pointer: &str) -> Place {
        self.lines.place(self.span(pointer).0)
    }

    /// Where the value begins that a JSON Pointer leads to. Of what is not there, the nearest thing around it.
    pub fn value(&self, pointer: &str) -> Place {
        self.lines.place(self.span(pointer).1)
    }

    fn span(&self, pointer: &str) -> (usize, usize) {
        let mut pointer = pointer;
        loop {
            match self.spans.get(pointer) {
                Some(span) => return *span,
                None => match pointer.rsplit_once('/') {
                    Some((above, _)) => pointer = above,
                    None => return (0, 0),
                },
            }
        }
    }
}

/// The object that a file holds.
///
/// # Errors
///
/// The first place that cannot be read.
pub fn object(text: &str) -> Result<Map<String, Value>, Mistake> {
    Document::read(text).map(|document| document.content)
}

/// A part of a JSON Pointer (RFC 6901).
pub fn part(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

fn strict() -> ParseOptions {
    ParseOptions {
        allow_comments: true,
        allow_trailing_commas: true,
        allow_loose_object_property_names: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    }
}

/// Where the lines of a text begin.
#[derive(Debug, Clone)]
struct Lines {
    text: String,
    starts: Vec<usize>,
}

impl Lines {
    fn of(text: &str) -> Self {
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { text: text.to_owned(), starts }
    }

    fn place(&self, offset: usize) -> Place {
        let offset = self.text.floor_char_boundary(offset);
        let line = self.starts.partition_point(|start| *start <= offset).max(1);
        let start = self.starts.get(line - 1).copied().unwrap_or_default();
        Place { line, column: self.text[start..offset].chars().count() + 1 }
    }
}

/// A parsed text on its way to values.
struct Reading<'a> {
    spans: BTreeMap<String, (usize, usize)>,
    lines: &'a Lines,
}

impl Reading<'_> {
    fn object(&mut self, object: &Object<'_>, at: &str, depth: usize) -> Result<Map<String, Value>, (usize, String)> {
        let mut members = Map::new();
        for property in &object.properties {
            let name = property.name.as_str();
            let pointer = format!("{at}/{}", part(name));
            if let Some((first, _)) = self.spans.get(&pointer) {
                let line = self.lines.place(*first).line;
                let words =
                    format!("“{name}” stands twice in the same object, first in line {line}. Keep one of them.");
                return Err((property.start(), words));
            }
            self.spans.insert(pointer.clone(), (property.start(), property.value.start()));
            members.insert(name.to_owned(), self.value(&property.value, &pointer, depth)?);
        }
        Ok(members)
    }

    fn array(&mut self, array: &Array<'_>, at: &str, depth: usize) -> Result<Vec<Value>, (usize, String)> {
        let mut elements = Vec::new();
        for (index, element) in array.elements.iter().enumerate() {
            let pointer = format!("{at}/{index}");
            self.spans.insert(pointer.clone(), (element.start(), element.start()));
            elements.push(self.value(element, &pointer, depth)?);
        }
        Ok(elements)
    }

    fn value(&mut self, node: &Node<'_>, at: &str, depth: usize) -> Result<Value, (usize, String)> {
        let deeper = || depth.checked_sub(1).ok_or_else(|| (node.start(), TOO_DEEP.to_owned()));
        Ok(match node {
            Node::NullKeyword(_) => Value::Null,
            Node::BooleanLit(literal) => Value::Bool(literal.value),
            Node::StringLit(literal) => Value::String(literal.value.clone().into_owned()),
            Node::NumberLit(literal) => Value::Number(number(literal.value).ok_or_else(|| {
                let words = format!("“{}” is not a number. Write it with digits, such as 120 or 0.5.", literal.value);
                (literal.start(), words)
            })?),
            Node::Array(array) => Value::Array(self.array(array, at, deeper()?)?),
            Node::Object(object) => Value::Object(self.object(object, at, deeper()?)?),
        })
    }
}

/// The library takes a few forms that are not JSON.
fn number(text: &str) -> Option<Number> {
    serde_json::from_str(text).ok()
}

const TOO_DEEP: &str = "Too many lists and objects lie within each other here. Nothing in such a file goes as deep.";

/// What is wrong at the place of an error, and what would be right.
fn words(error: &ParseError, text: &str) -> String {
    use ParseErrorKind as Kind;
    let there = text.get(error.range().start..error.range().end).unwrap_or_default();
    let words = match error.kind() {
        Kind::CommentsNotAllowed | Kind::UnterminatedCommentBlock => "This comment is not closed. Add */ at its end.",
        Kind::ExpectedColonAfterObjectKey => "A colon is missing here. Write the key, a colon, and the value.",
        Kind::ExpectedObjectValue => "The value is missing. Write one after the colon.",
        Kind::ExpectedStringObjectProperty => return format!("A key stands in quotation marks. Write \"{there}\"."),
        Kind::ExpectedComma => "A comma is missing here. Put one between this entry and the next.",
        Kind::TrailingCommasNotAllowed | Kind::UnexpectedComma => "There is a comma too many here. Take it away.",
        Kind::MultipleRootJsonValues => "The file goes on after its end. Take away what stands after the last }.",
        Kind::SingleQuotedStringsNotAllowed => "Text stands in double quotation marks. Write \" in the place of '.",
        Kind::UnexpectedCloseBrace => "There is a } where a value belongs. Write the value, or take the } away.",
        Kind::UnexpectedCloseBracket => "There is a ] where a value belongs. Write the value, or take the ] away.",
        Kind::UnexpectedColon => "There is a colon where a value belongs. Take it away.",
        Kind::UnexpectedTokenInObject => {
            "This cannot stand here. An object holds \"key\": value, with commas between them."
        }
        Kind::UnexpectedWord | Kind::UnexpectedToken => {
            let there: String = there.chars().take(40).collect();
            return format!(
                "“{there}” is no value. Text stands in quotation marks; else there are numbers, true, false and null."
            );
        }
        Kind::UnterminatedArray => "This list is not closed. Add ] at its end.",
        Kind::UnterminatedObject => "This object is not closed. Add } at its end.",
        Kind::NestingDepthExceeded => TOO_DEEP,
        Kind::String(ParseStringErrorKind::UnterminatedStringLiteral) => {
            "This text is not closed. Add \" at its end, in the same line."
        }
        Kind::String(
            ParseStringErrorKind::ExpectedFourHexDigits | ParseStringErrorKind::InvalidUnicodeEscapeSequence(_),
        ) => "This is no character. After \\u stand four hexadecimal digits, such as \\u00e9.",
        Kind::String(_) => {
            "A backslash means something else here. Write \\\\ for a backslash itself, as in \"C:\\\\Files\", or \\\" for a quotation mark."
        }
        Kind::BareDecimalPointNumbersNotAllowed
        | Kind::ExpectedDigit
        | Kind::ExpectedDigitFollowingNegativeSign
        | Kind::ExpectedPlusMinusOrDigitInNumberLiteral
        | Kind::HexadecimalNumbersNotAllowed
        | Kind::NonFiniteNumbersNotAllowed
        | Kind::UnaryPlusNumbersNotAllowed => "This is not a number. Write it with digits, such as 120, -1 or 0.5.",
    };
    words.to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn wrong(text: &str) -> String {
        let Mistake { line, column, message } = object(text).unwrap_err();
        format!("{line}:{column}: {message}")
    }

    #[test]
    fn comments_and_a_last_comma_are_read_and_so_is_a_mark_at_the_beginning() {
        let text = "\u{feff}// The office's.\r\n{\n  \"a\": [1, 2.5e3, null,], /* two */ \"b\": {\"c\": \"d\\u00e9\\n\"},\n}\n";
        assert_eq!(Value::Object(object(text).unwrap()), json!({"a": [1, 2.5e3, null], "b": {"c": "dé\n"}}));
        assert!(object("{}").unwrap().is_empty());
        let big = object("{\"a\": 18446744073709551615, \"b\": -1}").unwrap();
        assert_eq!((big["a"].as_u64(), big["b"].as_i64()), (Some(u64::MAX), Some(-1)));
    }

    #[test]
    fn a_mistake_has_a_place_and_says_what_would_be_right() {
        for (text, expected) in [
            ("", "1:1: The file is empty."),
            ("[1]", "1:1: This is not an object."),
            ("{\n  \"a\": oops}", "2:8: “oops” is no value."),
            ("{\n  \"é😀\": 'b'}", "2:9: Text stands in double quotation marks."),
            ("{\"a\": 1 \"b\": 2}", "1:8: A comma is missing here."),
            ("{a: 1}", "1:2: A key stands in quotation marks. Write \"a\"."),
            ("{\"a\" 1}", "1:6: A colon is missing here."),
            ("{\"a\": }", "1:7: There is a } where a value belongs."),
            ("{\"a\": [1, , 2]}", "1:11: There is a comma too many here."),
            ("{\"a\": {\n\"b\": 1", "1:7: This object is not closed."),
            ("{\"a\": \"b\n}", "1:7: This text is not closed."),
            ("{\"a\": \"C:\\Files\"}", "1:10: A backslash means something else here."),
            ("{\"a\": 0x10}", "1:7: This is not a number."),
            ("{\"a\": 1e}", "1:9: This is not a number."),
            ("{} {}", "1:4: The file goes on after its end."),
            ("{} /* x", "1:4: This comment is not closed."),
        ] {
            let wrong = wrong(text);
            assert!(wrong.starts_with(expected), "{text:?} gave {wrong}");
        }
    }

    #[test]
    fn a_key_that_stands_twice_is_a_mistake_at_its_second_place() {
        let wrong = wrong("{\n  \"a\": 1,\n  \"b\": [{\"a\": 1}],\n  \"a\": 2\n}");
        assert_eq!(wrong, "4:3: “a” stands twice in the same object, first in line 2. Keep one of them.");
    }

    #[test]
    fn what_lies_too_deep_is_a_mistake_and_no_crash() {
        assert!(wrong(&format!("{{\"a\": {}", "[".repeat(100_000))).contains("Too many"));
        let deep = |times: usize| format!("{{\"a\": {}1{}}}", "[".repeat(times), "]".repeat(times));
        assert!(object(&deep(127)).is_ok() && wrong(&deep(128)).contains("Too many"));
    }

    #[test]
    fn every_part_has_a_place_and_what_is_missing_that_of_what_it_is_missing_in() {
        let document = Document::read("{\n  \"a/b\": [\n    {\"é\": 1, \"x\": 2}\n  ]\n}").unwrap();
        let at = |place: Place| (place.line, place.column);
        assert_eq!(at(document.key("/a~1b")), (2, 3));
        assert_eq!(at(document.value("/a~1b")), (2, 10));
        assert_eq!(at(document.value("/a~1b/0/x")), (3, 19));
        assert_eq!(at(document.key("/a~1b/0/missing/more")), (3, 5));
        assert_eq!(at(document.value("")), (1, 1));
    }

    proptest! {
        #[test]
        fn nothing_makes_it_panic_and_places_are_in_the_text(text in r#"([ \n{}\[\]:,"'/*\\u09a.+-]|true|é|😀|"k": ){0,40}"#) {
            if let Err(Mistake { line, column, .. }) = object(&text) {
                let there = text.split('\n').nth(line - 1).unwrap();
                prop_assert!(column >= 1 && column <= there.chars().count() + 1);
            }
        }

        #[test]
        fn what_is_json_is_read_as_json(numbers in proptest::collection::vec(any::<f64>().prop_filter("finite", |f| f.is_finite()), 0..5), words in ".*") {
            let value = json!({"n": numbers, "w": words, words.clone(): {"x": [true, null]}});
            let text = value.to_string();
            prop_assert_eq!(object(&text).unwrap(), serde_json::from_str::<Map<String, Value>>(&text).unwrap());
        }
    }
}

//! Colours for code, line by line: the state of the grammar is carried from one line to the next, so that each line
//! is read once however the text arrives.

use std::sync::LazyLock;

use syntect::parsing::{ParseState, Scope, ScopeStack, ScopeStackOp, SyntaxReference, SyntaxSet};

use crate::patch::{Span, Token};

/// Longer lines (minified code, data) stay plain, in bytes: the cost of a grammar on one line has no useful bound.
const LONGEST_LINE: usize = 4096;

static GRAMMARS: LazyLock<SyntaxSet> = LazyLock::new(two_face::syntax::extra_newlines);

/// What a scope name says about the code it covers. The longest fitting name decides, from the innermost scope out;
/// `None` ends the search, since an embedded piece of code is not part of the string around it. Operators and variables
/// have no colour: they would be a third of the coloured pieces, and the page lays out each of those by itself.
const MEANINGS: [(&str, Option<Token>); 36] = [
    ("comment", Some(Token::Comment)),
    ("string", Some(Token::String)),
    ("string.unquoted", None),
    ("constant", Some(Token::Constant)),
    ("support.constant", Some(Token::Constant)),
    ("entity.name.constant", Some(Token::Constant)),
    ("variable.other.constant", Some(Token::Constant)),
    ("keyword", Some(Token::Keyword)),
    ("keyword.operator", None),
    ("keyword.operator.word", Some(Token::Keyword)),
    ("storage", Some(Token::Keyword)),
    ("variable.language", Some(Token::Keyword)),
    ("entity.name.function", Some(Token::Function)),
    ("support.function", Some(Token::Function)),
    ("support.macro", Some(Token::Function)),
    ("variable.function", Some(Token::Function)),
    ("variable.annotation", Some(Token::Attribute)),
    ("entity.name", Some(Token::Type)),
    ("entity.other.inherited-class", Some(Token::Type)),
    ("support.type", Some(Token::Type)),
    ("support.class", Some(Token::Type)),
    ("entity.name.tag", Some(Token::Tag)),
    ("entity.other.attribute-name", Some(Token::Attribute)),
    ("support.type.property-name", Some(Token::Attribute)),
    ("meta.mapping.key", Some(Token::Attribute)),
    ("meta.annotation", Some(Token::Attribute)),
    ("variable.parameter", None),
    ("variable.other.readwrite", None),
    ("variable.other.member", None),
    ("markup.inserted", Some(Token::Inserted)),
    ("markup.deleted", Some(Token::Deleted)),
    ("meta.diff.range", Some(Token::Keyword)),
    ("meta.diff.header", Some(Token::Type)),
    ("meta.interpolation", None),
    ("source", None),
    ("text", None),
];

static SCOPES: LazyLock<Vec<(Scope, Option<Token>)>> = LazyLock::new(|| {
    let mut scopes: Vec<_> =
        MEANINGS.iter().filter_map(|(name, token)| Some((Scope::new(name).ok()?, *token))).collect();
    scopes.sort_by_key(|(scope, _)| std::cmp::Reverse(scope.len()));
    scopes
});

/// The grammar of one block of code, after the lines read so far.
#[derive(Debug)]
pub(crate) struct Grammar {
    state: ParseState,
    scopes: ScopeStack,
}

impl Grammar {
    /// Loads all grammars, if that was not done yet.
    pub(crate) fn load() {
        LazyLock::force(&GRAMMARS);
        LazyLock::force(&SCOPES);
    }

    /// The grammar of a language as an author names it; none if there is none or it is not known.
    pub(crate) fn named(language: Option<&str>) -> Option<Self> {
        let syntax = syntax(language?)?;
        Some(Self { state: ParseState::new(syntax), scopes: ScopeStack::new() })
    }

    /// The pieces of the next line, which comes without its line break. Empty if there is nothing to colour.
    pub(crate) fn line(&mut self, line: &str) -> Vec<Span> {
        if line.len() > LONGEST_LINE {
            return Vec::new();
        }
        let Ok(ops) = self.state.parse_line(&format!("{line}\n"), &GRAMMARS) else {
            return Vec::new();
        };
        let spans = self.spans(line, &ops);
        if spans.iter().all(|span| span.token.is_none()) { Vec::new() } else { spans }
    }

    fn spans(&mut self, line: &str, ops: &[(usize, ScopeStackOp)]) -> Vec<Span> {
        let mut spans: Vec<Span> = Vec::new();
        let mut from = 0;
        let ends = ops.iter().map(|(at, op)| (*at, Some(op))).chain([(line.len(), None)]);
        for (at, op) in ends {
            let at = at.min(line.len());
            if at > from {
                join(&mut spans, &line[from..at], meaning(self.scopes.as_slice()));
                from = at;
            }
            if let Some(op) = op {
                // A stack that a grammar unbalances is only wrong about colours.
                let _unbalanced = self.scopes.apply(op);
            }
        }
        spans
    }
}

/// Adds a piece to a line. Blanks look the same in every colour, so they go with the piece before them, or at the
/// beginning of the line with the one after: each piece is an element on the page, and costs as one.
fn join(spans: &mut Vec<Span>, text: &str, token: Option<Token>) {
    let is_blank = |text: &str| text.trim().is_empty();
    let is_first = spans.len() == 1;
    match spans.last_mut() {
        Some(last) if last.token == token || is_blank(text) => last.text.push_str(text),
        Some(indent) if is_first && is_blank(&indent.text) => {
            indent.text.push_str(text);
            indent.token = token;
        }
        _ => spans.push(Span { text: text.to_owned(), token }),
    }
}

fn meaning(stack: &[Scope]) -> Option<Token> {
    let keyed = |inner: Option<Token>| {
        let is_key =
            inner == Some(Token::String) && stack.iter().any(|scope| decided(*scope) == Some(Some(Token::Attribute)));
        if is_key { Some(Token::Attribute) } else { inner }
    };
    keyed(stack.iter().rev().find_map(|scope| decided(*scope)).flatten())
}

fn decided(scope: Scope) -> Option<Option<Token>> {
    SCOPES.iter().find(|(name, _)| name.is_prefix_of(scope)).map(|(_, token)| *token)
}

fn syntax(language: &str) -> Option<&'static SyntaxReference> {
    let name = language.split([',', '{', ':']).next()?.trim_start_matches('.').to_ascii_lowercase();
    let token = match name.as_str() {
        "" | "text" | "txt" | "plain" | "plaintext" | "none" | "output" => return None,
        "console" | "shell" | "shell-session" | "zsh" => "sh",
        "csharp" => "cs",
        "golang" => "go",
        "jsonc" | "json5" => "json",
        "objectivec" => "m",
        "python3" | "py3" => "py",
        "jsx" => "tsx",
        "mjs" | "node" => "js",
        "patch" => "diff",
        other => other,
    };
    GRAMMARS.find_syntax_by_token(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(language: &str, lines: &[&str]) -> Vec<(String, Token)> {
        let mut grammar = Grammar::named(Some(language)).expect("a known language");
        lines
            .iter()
            .flat_map(|line| grammar.line(line))
            .filter_map(|span| Some((span.text.trim().to_owned(), span.token?)))
            .collect()
    }

    fn has(found: &[(String, Token)], text: &str, token: Token) {
        assert!(found.contains(&(text.to_owned(), token)), "{text} as {token:?} in {found:?}");
    }

    #[test]
    fn rust() {
        let found = tokens("rust", &["// why", "fn main() { let x = \"a\"; call(1); }", "struct Point;"]);
        has(&found, "// why", Token::Comment);
        has(&found, "main", Token::Function);
        has(&found, "\"a\"", Token::String);
        has(&found, "1", Token::Constant);
        has(&found, "Point", Token::Type);
        assert!(found.iter().any(|(text, token)| text.contains("let") && *token == Token::Keyword), "{found:?}");
    }

    #[test]
    fn blanks_go_with_the_piece_before_them_or_after_the_indentation() {
        let mut grammar = Grammar::named(Some("rust")).expect("a known language");
        let spans = grammar.line("    let mut value  = 1;");
        let texts: Vec<&str> = spans.iter().map(|span| span.text.as_str()).collect();
        assert_eq!(texts, ["    let mut", " value  = ", "1", ";"]);
        assert_eq!(grammar.line("   "), []);
    }

    #[test]
    fn state_is_carried() {
        let found = tokens("python", &["\"\"\"begins", "still inside", "ends\"\"\"", "x = 1"]);
        assert!(
            found.iter().any(|(text, token)| text == "still inside" && matches!(token, Token::String | Token::Comment)),
            "{found:?}"
        );
        has(&found, "1", Token::Constant);
    }

    #[test]
    fn markup_data_and_differences() {
        has(&tokens("html", &["<p class=\"x\">text</p>"]), "p", Token::Tag);
        has(&tokens("html", &["<p class=\"x\">text</p>"]), "class", Token::Attribute);
        has(&tokens("json", &["{\"key\": \"value\"}"]), "\"key\"", Token::Attribute);
        has(&tokens("json", &["{\"key\": \"value\"}"]), "\"value\"", Token::String);
        has(&tokens("diff", &["-old", "+new"]), "-old", Token::Deleted);
        has(&tokens("diff", &["-old", "+new"]), "+new", Token::Inserted);
    }

    #[test]
    fn languages_of_answers_are_known() {
        for name in [
            "rust",
            "python",
            "py",
            "js",
            "javascript",
            "ts",
            "typescript",
            "tsx",
            "jsx",
            "bash",
            "sh",
            "console",
            "json",
            "yaml",
            "toml",
            "html",
            "css",
            "scss",
            "sql",
            "go",
            "java",
            "kotlin",
            "swift",
            "c",
            "cpp",
            "c++",
            "csharp",
            "php",
            "ruby",
            "diff",
            "dockerfile",
            "xml",
            "lua",
            "r",
            "scala",
            "haskell",
            "elixir",
            "Rust",
            "rust,ignore",
        ] {
            assert!(syntax(name).is_some(), "{name}");
        }
        assert!(syntax("no such language").is_none());
        assert!(syntax("text").is_none());
    }

    #[test]
    fn a_very_long_line_stays_plain() {
        let mut grammar = Grammar::named(Some("js")).expect("known");
        assert!(grammar.line(&"let a = 1;".repeat(1000)).is_empty());
        assert!(!grammar.line("let a = 1;").is_empty());
    }
}

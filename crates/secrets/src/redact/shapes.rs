//! What looks like a secret, whoever it belongs to.

use std::{borrow::Cow, sync::LazyLock};

use regex::Regex;

/// Names after which a value is a secret, in JSON, in headers and in forms. They may be parts of longer names that end so.
const NAMES: &str = r"[\w.-]*?(?:secret|token|password|passwd|passphrase|api[_-]?key|private[_-]?key|access[_-]?key|authorization|credentials?|session[_-]?id)";

/// The same for parts of an address, where what is said with them is short.
const SHORT_NAMES: &str = r"(?:key|pwd|auth|session|sig|signature)";

/// What is looked for, and what stands in its place.
static SHAPES: LazyLock<Vec<(Regex, &str)>> =
    LazyLock::new(|| patterns().into_iter().filter_map(|(one, by)| Some((Regex::new(&one).ok()?, by))).collect());

fn patterns() -> [(String, &'static str); 11] {
    [
        // User information in an address.
        (r#"(?i)\b([a-z][a-z0-9+.-]*://)[^\s/?\#@"'<>\[\]]+@"#.to_owned(), "${1}[hidden]@"),
        // A member of JSON, of JSON within JSON, and of what Python prints.
        (format!(r#"(?i)("{NAMES}"\s*:\s*")(?:[^"\\]|\\.)*"#), "${1}[hidden]"),
        (format!(r#"(?i)(\\"{NAMES}\\"\s*:\s*\\")(?:[^"\\]|\\\\(?:\\")?)*"#), "${1}[hidden]"),
        (format!(r"(?i)('{NAMES}'\s*:\s*')(?:[^'\\]|\\.)*"), "${1}[hidden]"),
        // A header.
        (
            r#"(?i)\b((?:proxy-)?authorization\s*[:=]\s*)(?:(?:bearer|basic|digest|token)\s+)?[^\s"',;\[\]]+"#.to_owned(),
            "${1}[hidden]",
        ),
        (r#"(?i)\b((?:x-[a-z-]*(?:key|token)|api-key)\s*:\s*)[^\s"',;\[\]]+"#.to_owned(), "${1}[hidden]"),
        (r"(?i)\b((?:set-)?cookie\s*:\s*)[^\r\n]+".to_owned(), "${1}[hidden]"),
        // The words “bearer authentication” are none.
        (
            r"(?i)\b(bearer|basic)(\s+)(?:[\w.~+/-]*[0-9._~+/][\w.~+/-]{7,}|[\w.~+/-]{7,}[0-9_~+/][\w.~+/-]*|[\w.~+/-]{24,})=*".to_owned(),
            "${1}${2}[hidden]",
        ),
        // A value in an address or a form.
        (format!(r#"(?i)(\b{NAMES}=|[?&\#;]{SHORT_NAMES}=)[^&\#;\s"'<>\[\]]+"#), "${1}[hidden]"),
        // A token that is JSON inside.
        (r"\beyJ[\w-]{8,}(?:\.[\w-]*){0,4}".to_owned(), "[hidden]"),
        // Keys that say themselves what they are.
        (
            r"\b(?:(?:sk|rk|ek|cuss)[-_][\w-]{12,}|gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[abeprs]-[\w-]{10,}|hf_\w{20,}|AKIA[0-9A-Z]{16}|AIza[\w-]{30,})"
                .to_owned(),
            "[hidden]",
        ),
    ]
}

/// The text without what looks like a secret.
pub fn hide(text: &str) -> Cow<'_, str> {
    let mut hidden = Cow::Borrowed(text);
    for (shape, by) in SHAPES.iter() {
        if let Cow::Owned(changed) = shape.replace_all(&hidden, *by) {
            hidden = Cow::Owned(changed);
        }
    }
    hidden
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_is_one() {
        for (pattern, _) in patterns() {
            Regex::new(&pattern).unwrap();
        }
        assert_eq!(SHAPES.len(), patterns().len());
    }

    #[test]
    fn what_looks_like_a_secret_is_hidden() {
        let cases = [
            ("Authorization: Bearer abcdefghij", "Authorization: [hidden]"),
            ("authorization=Basic dXNlcjpwYXNz; x", "authorization=[hidden]; x"),
            ("sent Bearer ek_68d.x-Y~z+/w== twice", "sent Bearer [hidden] twice"),
            ("X-Api-Key: k1, Host: h", "X-Api-Key: [hidden], Host: h"),
            ("Cookie: a=b; c=d\nHost: h", "Cookie: [hidden]\nHost: h"),
            ("jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln-_x end", "jwt [hidden] end"),
            ("cut eyJhbGciOiJIUzI1", "cut [hidden]"),
            ("key sk-proj-Abc123_def456-ghi and ghp_0123456789abcdefghij", "key [hidden] and [hidden]"),
            ("https://ann:pa%40ss@host.example/a", "https://[hidden]@host.example/a"),
            ("postgres://ann@db/x", "postgres://[hidden]@db/x"),
            (
                "https://h/a?page=2&token=t1&key=k#access_token=z",
                "https://h/a?page=2&token=[hidden]&key=[hidden]#access_token=[hidden]",
            ),
            ("OPENAI_API_KEY=abc is set", "OPENAI_API_KEY=[hidden] is set"),
            (r#"{"client_secret": "a\"b", "user": "u"}"#, r#"{"client_secret": "[hidden]", "user": "u"}"#),
            (r#"{"apiKey":"abc","accessToken":"d"#, r#"{"apiKey":"[hidden]","accessToken":"[hidden]"#),
            (r#"{\"password\": \"a\\\"b\", \"x\": \"y\"}"#, r#"{\"password\": \"[hidden]\", \"x\": \"y\"}"#),
            ("{'token': 'it\\'s', 'n': 1}", "{'token': '[hidden]', 'n': 1}"),
        ];
        for (text, expected) in cases {
            assert_eq!(hide(text), expected);
            assert_eq!(hide(expected), expected, "a second time");
        }
    }

    #[test]
    fn ordinary_words_are_left_alone() {
        for text in [
            "“Office” does not accept the token (status 401). Put a valid one in Settings → Connections.",
            "Bearer authentication is required, as in WWW-Authenticate: Bearer realm=\"chat\"",
            r#"{"error":"invalid_token","max_tokens":4096,"domain_key":"domain_pk_local"}"#,
            "There is no session at /data/chat_token: it has the fields token, user and key.",
            "https://host.example:8443/a?page=2&limit=20#top",
            "ann@example.com asks about sk-learn and eyJ",
        ] {
            assert!(matches!(hide(text), Cow::Borrowed(same) if same == text), "{} was {text}", hide(text));
        }
    }
}

//! What looks like a secret, whoever it belongs to.

use std::{
    borrow::Cow,
    sync::{LazyLock, OnceLock},
};

use regex::Regex;

/// Names after which a value is a secret, in JSON, in headers and in forms. They may be parts of longer names that end so.
const NAMES: &str = r"[0-9a-z_.-]*?(?:secret|token|password|passwd|passphrase|api[_-]?key|private[_-]?key|access[_-]?key|authorization|credentials?|session[_-]?id)";

/// The same for parts of an address, where what is said with them is short.
const SHORT_NAMES: &str = r"(?:key|pwd|auth|session|sig|signature)";

/// What looks like a secret. It is prepared when a text first has one of its signs: preparing all of them takes time at
/// the start, and room for as long as the program runs, and most runs need none.
struct Shape {
    /// What stands in every such text, in lower case: one of these at least.
    signs: &'static [&'static str],
    pattern: String,
    /// What stands in its place.
    by: &'static str,
    prepared: OnceLock<Option<Regex>>,
}

impl Shape {
    fn new(signs: &'static [&'static str], pattern: impl Into<String>, by: &'static str) -> Self {
        Self { signs, pattern: pattern.into(), by, prepared: OnceLock::new() }
    }

    fn may_be_in(&self, lower: &str) -> bool {
        self.signs.iter().any(|sign| lower.contains(sign))
    }

    fn hide<'a>(&self, text: &'a str) -> Cow<'a, str> {
        match self.prepared.get_or_init(|| Regex::new(&self.pattern).ok()) {
            Some(regex) => regex.replace_all(text, self.by),
            None => Cow::Borrowed(text),
        }
    }
}

static SHAPES: LazyLock<[Shape; 11]> = LazyLock::new(shapes);

/// What has to be in a text for one of [`NAMES`] to be in it.
const SIGNS: &[&str] = &[
    "secret",
    "token",
    "passw",
    "passphrase",
    "apikey",
    "api_key",
    "api-key",
    "privatekey",
    "private_key",
    "private-key",
    "accesskey",
    "access_key",
    "access-key",
    "authorization",
    "credential",
    "sessionid",
    "session_id",
    "session-id",
];

/// The same for values of addresses and forms.
const VALUE_SIGNS: &[&str] = &[
    "secret",
    "token",
    "passw",
    "passphrase",
    "key=",
    "authorization",
    "credential",
    "sessionid",
    "session_id",
    "session-id",
    "pwd=",
    "auth=",
    "session=",
    "sig=",
    "signature=",
];

/// How keys begin that say themselves what they are.
const KEY_SIGNS: &[&str] = &[
    "sk-",
    "sk_",
    "rk-",
    "rk_",
    "ek-",
    "ek_",
    "cuss-",
    "cuss_",
    "ghp_",
    "gho_",
    "ghu_",
    "ghs_",
    "ghr_",
    "github_pat_",
    "glpat-",
    "xox",
    "hf_",
    "akia",
    "aiza",
];

fn shapes() -> [Shape; 11] {
    [
        // User information in an address.
        Shape::new(&["@"], r#"(?i)(?-u:\b)([a-z][a-z0-9+.-]*://)[^\s/?\#@"'<>\[\]]+@"#, "${1}[hidden]@"),
        // A member of JSON, of JSON within JSON, and of what Python prints.
        Shape::new(SIGNS, format!(r#"(?i)("{NAMES}"\s*:\s*")(?:[^"\\]|\\.)*"#), "${1}[hidden]"),
        Shape::new(SIGNS, format!(r#"(?i)(\\"{NAMES}\\"\s*:\s*\\")(?:[^"\\]|\\\\(?:\\")?)*"#), "${1}[hidden]"),
        Shape::new(SIGNS, format!(r"(?i)('{NAMES}'\s*:\s*')(?:[^'\\]|\\.)*"), "${1}[hidden]"),
        // A header.
        Shape::new(
            &["authorization"],
            r#"(?i)(?-u:\b)((?:proxy-)?authorization\s*[:=]\s*)(?:(?:bearer|basic|digest|token)\s+)?[^\s"',;\[\]]+"#,
            "${1}[hidden]",
        ),
        Shape::new(
            &["x-", "api-key"],
            r#"(?i)(?-u:\b)((?:x-[a-z-]*(?:key|token)|api-key)\s*:\s*)[^\s"',;\[\]]+"#,
            "${1}[hidden]",
        ),
        Shape::new(&["cookie"], r"(?i)(?-u:\b)((?:set-)?cookie\s*:\s*)[^\r\n]+", "${1}[hidden]"),
        // The words “bearer authentication” are none.
        Shape::new(
            &["bearer", "basic"],
            r"(?i)(?-u:\b)(bearer|basic)(\s+)(?:[0-9a-z_.~+/-]*[0-9._~+/][0-9a-z_.~+/-]{7,}|[0-9a-z_.~+/-]{7,}[0-9_~+/][0-9a-z_.~+/-]*|[0-9a-z_.~+/-]{24,})=*",
            "${1}${2}[hidden]",
        ),
        // A value in an address or a form.
        Shape::new(
            VALUE_SIGNS,
            format!(r#"(?i)((?-u:\b){NAMES}=|[?&\#;]{SHORT_NAMES}=)[^&\#;\s"'<>\[\]]+"#),
            "${1}[hidden]",
        ),
        // A token that is JSON inside.
        Shape::new(&["eyj"], r"(?-u:\b)eyJ[0-9A-Za-z_-]{8,}(?:\.[0-9A-Za-z_-]*){0,4}", "[hidden]"),
        // Keys that say themselves what they are.
        Shape::new(
            KEY_SIGNS,
            r"(?-u:\b)(?:(?:sk|rk|ek|cuss)[-_][0-9A-Za-z_-]{12,}|gh[pousr]_[0-9A-Za-z_]{20,}|github_pat_[0-9A-Za-z_]{20,}|glpat-[0-9A-Za-z_-]{16,}|xox[abeprs]-[0-9A-Za-z_-]{10,}|hf_[0-9A-Za-z_]{20,}|AKIA[0-9A-Z]{16}|AIza[0-9A-Za-z_-]{30,})",
            "[hidden]",
        ),
    ]
}

/// The text without what looks like a secret.
pub fn hide(text: &str) -> Cow<'_, str> {
    let lower = text.to_ascii_lowercase();
    let mut hidden = Cow::Borrowed(text);
    for shape in SHAPES.iter().filter(|shape| shape.may_be_in(&lower)) {
        if let Cow::Owned(changed) = shape.hide(&hidden) {
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
        for shape in shapes() {
            Regex::new(&shape.pattern).unwrap();
        }
    }

    #[test]
    fn what_the_log_says_at_a_start_prepares_nothing() {
        let shapes = shapes();
        for line in [
            r#"INFO kittiwake: started version="0.1.0" system="linux""#,
            r#"INFO engine::outbound: asked method="POST" place="http://127.0.0.1:1/chatkit" status=200 ms=2"#,
            r#"INFO engine::session: session connection=019 phase="live""#,
        ] {
            assert!(!shapes.iter().any(|shape| shape.may_be_in(&line.to_ascii_lowercase())), "{line}");
        }
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

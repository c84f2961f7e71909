//! Whatever a text has of a secret is hidden.

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD},
};

use super::{view::View, *};

/// Differs in every form: quotes, strokes, plus, and what base64 makes `+` and `/` of.
const SECRET: &str = r#"t0p+S/cr=t&"\~>?~ÿ%41z"#;

fn knows(secrets: &[&str]) -> Redactor {
    let redactor = Redactor::new();
    secrets.iter().for_each(|secret| redactor.register(&SecretString::from(*secret)));
    redactor
}

/// The secret percent-encoded, all of it or only what has to be.
fn percent(secret: &str, all: fn(u8) -> bool) -> String {
    let one = |byte: u8| if all(byte) { format!("%{byte:02X}") } else { char::from(byte).to_string() };
    secret.bytes().map(one).collect()
}

fn json(secret: &str) -> String {
    let quoted = serde_json::to_string(secret).unwrap();
    quoted[1..quoted.len() - 1].to_owned()
}

/// The secret in every form.
fn forms() -> Vec<String> {
    let ascii = |char: char| {
        if char.is_ascii_alphanumeric() { char.to_string() } else { format!("\\u{:04x}", u32::from(char)) }
    };
    let needed = percent(SECRET, |byte| !byte.is_ascii_alphanumeric());
    let mut forms = vec![
        SECRET.to_owned(),
        needed.to_lowercase().replace("t0p%2bs", "t0p%2bS"),
        needed,
        percent(SECRET, |_| true),
        json(SECRET),
        json(SECRET).replace('/', "\\/"),
        SECRET.chars().map(ascii).collect(),
        json(&json(SECRET)),
        json(&percent(SECRET, |byte| !byte.is_ascii_graphic() || byte == b'%')),
        percent(&json(SECRET), |byte| !byte.is_ascii_alphanumeric()),
    ];
    for alphabet in [STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD] {
        forms.push(alphabet.encode(SECRET));
        forms.push(percent(&alphabet.encode(SECRET), |byte| !byte.is_ascii_alphanumeric()));
        forms.push(json(&alphabet.encode(SECRET)).replace('/', "\\/"));
    }
    forms
}

#[test]
fn every_form_is_hidden_and_what_stands_beside_it_is_not() {
    let redactor = knows(&["something-else", SECRET]);
    for form in forms() {
        let text = format!("before <{form}> behind");
        assert_eq!(redactor.clean(&text), "before <[hidden]> behind", "{form}");
        let twice = format!("({form})({form})");
        assert_eq!(redactor.clean(&twice), "([hidden])([hidden])", "{form}");
    }
}

#[test]
fn a_text_that_ends_in_the_middle_of_one_does_not_tell_it() {
    let redactor = knows(&[SECRET]);
    for form in forms() {
        for (end, _) in form.char_indices().skip(1) {
            let text = format!("before <{}", &form[..end]);
            let clean = redactor.clean(&text);
            // Up to three characters may be seen: they are in many words.
            let seen = clean.strip_prefix("before <").unwrap();
            let told = View::all(seen).into_iter().map(|view| view.bytes.len()).min().unwrap();
            assert!(seen == HIDDEN || told < 4, "{text} became {clean}");
        }
    }
}

#[test]
fn a_secret_inside_of_something_that_is_base64_is_hidden() {
    let redactor = knows(&[SECRET]);
    for before in ["", "u", "us", "use", "ann:"] {
        for behind in ["", "x", "xy", "xyz"] {
            for alphabet in [STANDARD, URL_SAFE_NO_PAD] {
                let text = alphabet.encode(format!("{before}{SECRET}{behind}"));
                let clean = redactor.clean(&text);
                let (kept_before, kept_behind) = clean.split_once(HIDDEN).unwrap_or_else(|| panic!("{text}: {clean}"));
                assert!(text.starts_with(kept_before) && text.ends_with(kept_behind));
                assert!(kept_before.len() * 6 <= before.len() * 8, "{clean}");
            }
        }
    }
}

#[test]
fn secrets_that_overlap_or_hold_each_other_are_hidden_whole() {
    let redactor = knows(&["abcdefgh", "efghijkl", "xabcdefghx"]);
    assert_eq!(redactor.clean("(xabcdefghx)(abcdefgh)(abcdefghijkl)"), "([hidden])([hidden])([hidden])");
    let redactor = knows(&["sesame-1"]);
    assert_eq!(redactor.clean("sesame-1 sesame"), "[hidden] [hidden]");
}

#[test]
fn words_are_no_secrets() {
    let redactor = knows(&["", "token", "12345"]);
    assert_eq!(redactor.clean("the token 12345"), "the token 12345");
    assert!(format!("{redactor:?}").contains("known: 0"));
}

#[test]
fn the_one_that_was_used_last_is_forgotten_last() {
    let redactor = knows(&["the-first-key", "the-second-key"]);
    for number in 0..MOST - 1 {
        redactor.register(&format!("session-{number:04}").into());
        redactor.register(&"the-first-key".into());
    }
    assert_eq!(redactor.clean("the-first-key session-0062!"), "[hidden] [hidden]!");
    assert!(redactor.clean("the-second-key!").starts_with("the-second"));
    assert!(!format!("{redactor:?}").contains("the-first"));
}

#[test]
fn what_is_known_and_what_looks_like_a_secret_go_together() {
    let redactor = knows(&["sesame-street"]);
    let text = r#"401: {"detail":"sesame-street","token":"other"} https://a:b@h/?key=c"#;
    let clean = r#"401: {"detail":"[hidden]","token":"[hidden]"} https://[hidden]@h/?key=[hidden]"#;
    assert_eq!(redactor.clean(text), clean);
    assert_eq!(redactor.clean(clean), clean);
    assert!(matches!(redactor.clean("nothing of that"), Cow::Borrowed(_)));
    let failure = Failure::new(model::FailureCode::ServerError, "sesame-street!").with_detail(text);
    let failure = redactor.failure(failure);
    assert_eq!((failure.message.as_str(), failure.detail.as_deref()), ("[hidden]!", Some(clean)));
}

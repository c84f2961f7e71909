//! Looks for secrets where none may be. It knows nothing of how Kittiwake hides them.

use std::{
    fs,
    path::{Path, PathBuf},
};

use base64::{
    Engine,
    engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD},
};

use crate::program::children;

/// How much of the beginning of a secret already tells it, in bytes.
const BEGINNING: usize = 12;

/// Secrets that are looked for, in every form.
#[derive(Default)]
pub struct Marked {
    forms: Vec<Form>,
}

struct Form {
    /// Which secret, in which form.
    name: String,
    bytes: Vec<u8>,
}

impl Marked {
    /// One more secret, and what it is called when it is found. Beginnings of secrets have to differ from all other texts.
    pub fn add(&mut self, name: &str, secret: &str) {
        assert!(secret.len() > BEGINNING, "{name} is too short to be looked for");
        let named = |(form, bytes): (&str, Vec<u8>)| Form { name: format!("{name}, {form},"), bytes };
        self.forms.extend(forms(secret).into_iter().map(named));
    }

    /// What of them is in these bytes.
    pub fn in_bytes(&self, bytes: &[u8], place: &str) -> Vec<String> {
        let found = self.forms.iter().filter(|form| contains(bytes, &form.bytes));
        found.map(|form| format!("{} is in {place}", form.name)).collect()
    }

    /// What of them is in the files of a folder and of all folders in it, or in their names. What lies below `except` may
    /// hold them.
    pub fn in_folder(&self, folder: &Path, except: &[PathBuf]) -> Vec<String> {
        let mut found = Vec::new();
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let kind = fs::symlink_metadata(&path).map(|data| data.file_type());
            // Files come and go while a program runs.
            let Ok(kind) = kind else { continue };
            if except.contains(&path) {
                continue;
            }
            let place = path.display().to_string();
            found.extend(self.in_bytes(place.as_bytes(), "the name of a file"));
            if kind.is_dir() {
                found.extend(self.in_folder(&path, except));
            } else if kind.is_file() {
                found.extend(self.in_bytes(&fs::read(&path).unwrap_or_default(), &place));
            }
        }
        found
    }

    /// What of them is in the arguments or the environment of a process, or of one that it has started. `given` is a
    /// variable in which whoever started it has put a secret.
    pub fn in_process(&self, process: u32, given: Option<&str>) -> Vec<String> {
        let read = |what: &str| {
            let bytes = fs::read(format!("/proc/{process}/{what}")).unwrap_or_default();
            let entries = bytes.split(|byte| *byte == 0).filter(|entry| {
                !given.is_some_and(|name| what == "environ" && entry.starts_with(format!("{name}=").as_bytes()))
            });
            self.in_bytes(&entries.collect::<Vec<_>>().join(&0), &format!("the {what} of process {process}"))
        };
        let mut found = [read("cmdline"), read("environ")].concat();
        children(process).into_iter().for_each(|child| found.extend(self.in_process(child, given)));
        found
    }
}

/// Every form of a secret that is looked for.
fn forms(secret: &str) -> Vec<(&'static str, Vec<u8>)> {
    let json = |text: &str| {
        let quoted = serde_json::to_string(text).unwrap();
        quoted[1..quoted.len() - 1].to_owned()
    };
    let unicode = |char: char| match char {
        'a'..='z' | 'A'..='Z' | '0'..='9' => char.to_string(),
        _ => format!("\\u{:04x}", u32::from(char)),
    };
    let strict = percent(secret, "-_.~");
    let mut forms = vec![
        ("in plain", secret.to_owned()),
        ("its beginning", secret[..BEGINNING].to_owned()),
        ("percent-encoded twice", percent(&strict, "-_.~")),
        ("JSON-escaped", json(secret)),
        ("JSON-escaped with strokes", json(secret).replace('/', "\\/")),
        ("JSON-escaped by numbers", secret.chars().map(unicode).collect()),
        ("JSON-escaped twice", json(&json(secret))),
        ("JSON-escaped and percent-encoded", percent(&json(secret), "-_.~")),
    ];
    // By RFC 3986, by JavaScript, as a form, and every sign.
    for kept in ["-_.~", "-_.!~*'()", "*-._", ""] {
        let encoded = percent(secret, kept);
        forms.push(("percent-encoded in small letters", lower(&encoded)));
        forms.push(("percent-encoded", encoded));
    }
    for (name, alphabet) in [("in base64", STANDARD_NO_PAD), ("in base64 for addresses", URL_SAFE_NO_PAD)] {
        for skipped in 0..3 {
            // What is the same whatever stands before and behind.
            let text = alphabet.encode(["x".repeat(skipped), secret.to_owned()].concat());
            let (first, last) = ((skipped * 8).div_ceil(6), (skipped + secret.len()) * 8 / 6);
            forms.push((name, text[first..last].to_owned()));
            forms.push((name, percent(&text[first..last], "-_.~")));
        }
    }
    let mut forms: Vec<_> = forms.into_iter().map(|(name, text)| (name, text.into_bytes())).collect();
    // So web views write strings down.
    let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
    forms.extend([
        ("in wide characters", wide(secret)),
        ("its beginning in wide characters", wide(&secret[..BEGINNING])),
    ]);
    forms
}

/// Everything but letters, digits and these is encoded.
fn percent(text: &str, kept: &str) -> String {
    let one = |byte: u8| {
        let char = char::from(byte);
        if char.is_ascii_alphanumeric() || kept.contains(char) { char.to_string() } else { format!("%{byte:02X}") }
    };
    text.bytes().map(one).collect()
}

/// The same with the digits of escapes in small letters.
fn lower(percent: &str) -> String {
    let mut parts = percent.split('%');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| format!("{text}%{}{}", part[..2].to_lowercase(), &part[2..]))
}

fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    let Some(first) = wanted.first() else { return false };
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|byte| byte == first) {
        if rest[at..].starts_with(wanted) {
            return true;
        }
        rest = &rest[at + 1..];
    }
    false
}

#[cfg(test)]
mod tests {
    use std::process::{Command, Stdio};

    use base64::engine::general_purpose::{STANDARD, URL_SAFE};

    use super::*;

    /// Differs in every form.
    const SECRET: &str = r#"mk+7/Q=s&t"u\v?~w>x-y_z"#;

    fn marked() -> Marked {
        let mut marked = Marked::default();
        marked.add("the key", SECRET);
        marked
    }

    #[test]
    fn each_form_differs_and_is_found_where_it_is_planted() {
        let (dir, marked) = (tempfile::tempdir().unwrap(), marked());
        let deep = dir.path().join("a/b");
        fs::create_dir_all(&deep).unwrap();
        let file = deep.join("file");
        assert!(marked.in_folder(dir.path(), &[]).is_empty());
        for form in &marked.forms {
            fs::write(&file, [b"before\xff\0", &form.bytes[..], b"\0behind"].concat()).unwrap();
            let found = marked.in_folder(dir.path(), &[]);
            assert!(found.iter().any(|found| found.starts_with(&form.name)), "{} was not found", form.name);
            assert!(found[0].ends_with("a/b/file"), "{found:?}");
            assert!(marked.in_folder(dir.path(), std::slice::from_ref(&deep)).is_empty());
        }
        fs::write(&file, SECRET.replace('7', "8")).unwrap();
        assert!(marked.in_folder(dir.path(), &[]).is_empty());
    }

    #[test]
    fn it_is_found_as_others_write_it() {
        let url = reqwest::Url::parse_with_params("http://h/", [("q", SECRET)]).unwrap();
        let basic = STANDARD.encode(format!("ann:{SECRET}"));
        let json = serde_json::json!({ "detail": SECRET }).to_string();
        let (small, beginning) = (url.as_str().to_lowercase(), &SECRET[..14]);
        let texts =
            [SECRET, url.as_str(), &basic, &URL_SAFE.encode(SECRET), &json, &serde_json::json!(json).to_string()];
        for text in texts.into_iter().chain([beginning]) {
            assert!(!marked().in_bytes(text.as_bytes(), "a text").is_empty(), "{text}");
        }
        // Letters of another case are another secret, so only what is escaped may differ in it.
        assert!(marked().in_bytes(small.as_bytes(), "a text").is_empty(), "{small}");
        assert!(!marked().in_bytes(small.replace("%2fq", "%2fQ").as_bytes(), "a text").is_empty(), "{small}");
    }

    #[test]
    fn it_is_found_in_a_process_that_was_started_and_in_the_name_of_a_file() {
        let start = |command: &mut Command| {
            let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
            crate::program::until("it runs", || {
                fs::read(format!("/proc/{}/cmdline", child.id())).ok()?.len().gt(&20).then_some(())
            });
            let found = [marked().in_process(child.id(), None), marked().in_process(child.id(), Some("GIVEN"))];
            drop(child.stdin.take());
            child.wait().unwrap();
            found.map(|found| found.len())
        };
        let wait = ["-c", "read line # and nothing else"];
        assert_eq!(start(Command::new("sh").args(wait)), [0, 0]);
        assert_eq!(start(Command::new("sh").args(wait).arg(SECRET)), [2, 2], "in plain, and its beginning");
        assert_eq!(start(Command::new("sh").args(wait).env("OTHER", SECRET)), [2, 2]);
        assert_eq!(start(Command::new("sh").args(wait).env("GIVEN", SECRET)), [2, 0]);
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join(percent(SECRET, "")), "").unwrap();
        assert!(!marked().in_folder(dir.path(), &[]).is_empty());
    }
}

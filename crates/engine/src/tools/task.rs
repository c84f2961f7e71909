//! The tools that Kittiwake has: what a call asks for, in types and in words.

use model::{ClientToolCall, Extra};
use serde_json::{Value, json};
use url::Url;

use crate::view::SettingsPage;

/// The longest address that is opened, in bytes.
const ADDRESS: usize = 4_096;

/// The longest text that is put on the clipboard, in bytes.
const TEXT: usize = 100_000;

/// The longest heading and the longest words of a message, in characters.
const HEADING: usize = 100;
const WORDS: usize = 300;

/// How much of a text is shown in a question, in characters.
const SHOWN: usize = 80;

/// What a call asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Task {
    /// Open an address in the browser or the mail program.
    OpenLink(Url),
    /// Put text on the clipboard.
    CopyText(String),
    /// Show a message at the edge of the window.
    Notify { title: String, body: Option<String> },
    /// Tell how this program is set, without saying where or whose it is.
    GetSettings,
    /// Show a page of the settings.
    ShowSettings(SettingsPage),
}

/// Why a call asks for nothing that can be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoTask {
    /// There is no such tool.
    Unknown,
    /// There is, and what it is called with makes no sense.
    Wrong(String),
}

impl Task {
    /// Reads a call.
    ///
    /// # Errors
    ///
    /// Why nothing can be done; the reason is the server's to read.
    pub fn of(call: &ClientToolCall) -> Result<Self, NoTask> {
        let arguments = &call.arguments;
        let read = match call.name.as_str() {
            "open_link" => link(arguments).map(Self::OpenLink),
            "copy_text" => text(arguments, "text", TEXT).map(Self::CopyText),
            "notify" => message(arguments),
            "get_settings" => Ok(Self::GetSettings),
            "show_settings" => page(arguments).map(Self::ShowSettings),
            _ => return Err(NoTask::Unknown),
        };
        read.map_err(NoTask::Wrong)
    }

    /// Whether it takes a window.
    pub fn needs_desk(&self) -> bool {
        !matches!(self, Self::GetSettings)
    }

    /// What it would do here, as a question to the person.
    pub fn asks(&self) -> String {
        match self {
            Self::OpenLink(url) if url.scheme() == "mailto" => {
                format!("Write a mail to {} in your mail program?", excerpt(url.path()))
            }
            Self::OpenLink(url) => format!("Open {} in your browser?", excerpt(url.as_str())),
            Self::CopyText(text) => format!("Put “{}” on your clipboard, in place of what is there?", excerpt(text)),
            Self::Notify { title, .. } => format!("Show you the message “{}” in this window?", excerpt(title)),
            Self::GetSettings => {
                "Tell the server your language, whether the window is light or dark, and the version of Kittiwake?"
                    .to_owned()
            }
            Self::ShowSettings(page) => format!("Show the page “{}” of Kittiwake’s settings?", page.title()),
        }
    }
}

/// What is answered to a call of a tool that is not there.
pub fn no_tool(name: &str) -> Value {
    error(format!("Kittiwake has no tool named “{name}”."))
}

/// What is answered to a call that the person does not want.
pub fn declined() -> Value {
    error("The person declined.")
}

/// What is answered where something went wrong.
pub fn error(words: impl Into<String>) -> Value {
    json!({"error": words.into()})
}

/// Whether an answer says that nothing was done.
pub fn is_error(answer: Option<&Value>) -> bool {
    answer.is_some_and(|answer| answer.get("error").is_some())
}

/// The question where there is no such tool: the server can be told, and goes on.
pub fn asks_without(name: &str) -> String {
    format!("Kittiwake has no tool named “{}”. Tell the server so, and let it go on?", excerpt(name))
}

fn link(arguments: &Extra) -> Result<Url, String> {
    let written = text(arguments, "url", ADDRESS)?;
    let url = Url::parse(written.trim()).map_err(|error| format!("“url” is no address: {error}."))?;
    if !matches!(url.scheme(), "http" | "https" | "mailto") {
        return Err("“url” has to begin with https:, http: or mailto:.".to_owned());
    }
    // What stands before an @ looks like a host and is none.
    if !url.username().is_empty() || url.password().is_some() {
        return Err("“url” must not hold a user name or a password.".to_owned());
    }
    Ok(url)
}

fn message(arguments: &Extra) -> Result<Task, String> {
    let title = text(arguments, "title", HEADING * 4)?;
    let body = match arguments.get("body") {
        None | Some(Value::Null) => None,
        Some(_) => Some(cut(&text(arguments, "body", WORDS * 4)?, WORDS)),
    };
    Ok(Task::Notify { title: cut(&title, HEADING), body })
}

fn page(arguments: &Extra) -> Result<SettingsPage, String> {
    match arguments.get("page") {
        None | Some(Value::Null) => Ok(SettingsPage::default()),
        Some(page) => SettingsPage::named(page.as_str().unwrap_or_default())
            .ok_or_else(|| format!("“page” has to be one of {}.", SettingsPage::NAMES.join(", "))),
    }
}

fn text(arguments: &Extra, name: &str, most: usize) -> Result<String, String> {
    match arguments.get(name).and_then(Value::as_str) {
        Some(text) if text.len() > most => Err(format!("“{name}” is longer than {most} bytes.")),
        Some(text) if !text.trim().is_empty() => Ok(text.to_owned()),
        _ => Err(format!("“{name}” has to be a text.")),
    }
}

/// A text of a server within a sentence of ours: on one line, and nothing in it that is unseen or turns what is around it.
fn excerpt(text: &str) -> String {
    cut(text, SHOWN)
}

fn cut(text: &str, most: usize) -> String {
    let seen = |letter: char| if letter.is_whitespace() { Some(' ') } else { (!is_unseen(letter)).then_some(letter) };
    let mut letters = text.trim().chars().filter_map(seen);
    let cut: String = letters.by_ref().take(most).collect();
    if letters.next().is_some() { format!("{}…", cut.trim_end()) } else { cut }
}

/// Whether a character is not seen, or turns the direction of others.
pub(crate) fn is_unseen(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}')
        || matches!(letter, '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str, arguments: Value) -> Result<Task, NoTask> {
        let arguments = arguments.as_object().cloned().unwrap();
        Task::of(&ClientToolCall { call_id: "c".into(), name: name.into(), arguments, is_pending: true, output: None })
    }

    #[test]
    fn every_tool_asks_in_words_what_it_would_do() {
        let asks = |name, arguments| read(name, arguments).unwrap().asks();
        for (name, arguments, words) in [
            ("open_link", json!({"url": "https://a.example/b?c#d"}), "Open https://a.example/b?c#d in your browser?"),
            ("open_link", json!({"url": "mailto:a@b.example"}), "Write a mail to a@b.example in your mail program?"),
            ("copy_text", json!({"text": "a\nb"}), "Put “a b” on your clipboard, in place of what is there?"),
            ("notify", json!({"title": "Done"}), "Show you the message “Done” in this window?"),
            ("show_settings", json!({"page": "models"}), "Show the page “Models” of Kittiwake’s settings?"),
        ] {
            assert_eq!(asks(name, arguments), words);
        }
        assert!(asks("get_settings", json!({})).contains("language"));
    }

    #[test]
    fn only_web_and_mail_addresses_are_opened() {
        for url in ["file:///etc/passwd", "javascript:alert(1)", "data:text/html,x", "", "/x", "ms-word:x"] {
            assert!(matches!(read("open_link", json!({"url": url})), Err(NoTask::Wrong(_))), "{url}");
        }
        let disguised = json!({"url": "https://good.example@evil.example/"});
        assert!(matches!(read("open_link", disguised), Err(NoTask::Wrong(_))));
        assert!(matches!(read("open_link", json!({"url": 7})), Err(NoTask::Wrong(_))));
    }

    #[test]
    fn what_a_server_writes_cannot_change_the_sentence_around_it() {
        let words = read("copy_text", json!({"text": "a\u{202e}b\u{0}\n\n c"})).unwrap().asks();
        assert!(words.starts_with("Put “ab   c” on"), "{words}");
        let long = read("copy_text", json!({"text": "x".repeat(5_000)})).unwrap().asks();
        assert!(long.chars().count() < 160 && long.contains('…'));
        assert!(matches!(read("copy_text", json!({"text": "x".repeat(TEXT + 1)})), Err(NoTask::Wrong(_))));
    }

    #[test]
    fn a_tool_that_is_not_there_is_said_by_its_name() {
        assert_eq!(read("launch", json!({})), Err(NoTask::Unknown));
        assert_eq!(no_tool("launch"), json!({"error": "Kittiwake has no tool named “launch”."}));
        let wrong = read("show_settings", json!({"page": "secrets"}));
        assert_eq!(wrong, Err(NoTask::Wrong("“page” has to be one of appearance, connections, models, about.".into())));
    }
}

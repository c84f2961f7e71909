//! `config check`: what is wrong in a file, by line and column.

use std::{
    fs,
    io::{self, Read, Write},
    path::Path,
};

use engine::layers::jsonc::{Document, Mistake};
use model::{Failure, FailureCode};
use serde_json::{Value, json};

use super::{
    described::Described,
    finding::{Spot, Weight},
    keys, sense, shape,
};
use crate::{
    args::{ConfigCheck, FileKind},
    exit::{self, Exit, Trouble},
    neutral,
};

/// Something wrong at its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// How much it weighs.
    pub weight: Weight,
    /// What is wrong, and what would be right.
    pub words: String,
}

/// All that is wrong in a text, in its order.
pub fn check(text: &str, kind: FileKind) -> Vec<Found> {
    let document = match Document::read(text) {
        Ok(document) => document,
        Err(mistake) => return vec![unreadable(mistake)],
    };
    let content = Value::Object(document.content.clone());
    let described = Described::of(kind);
    let mut wrongs = shape::wrongs(&described, &content);
    wrongs.extend(keys::wrongs(&described, &content));
    wrongs.extend(sense::wrongs(kind, &described, &content, &wrongs));
    let mut found: Vec<_> = wrongs
        .into_iter()
        .map(|wrong| {
            let place = match wrong.spot {
                Spot::Key => document.key(&wrong.pointer),
                Spot::Value => document.value(&wrong.pointer),
            };
            Found { line: place.line, column: place.column, weight: wrong.weight, words: wrong.words }
        })
        .collect();
    found.extend(plain(text, kind));
    found.sort_by_key(|one| (one.line, one.column, one.weight));
    found.dedup();
    found
}

fn unreadable(Mistake { line, column, message }: Mistake) -> Found {
    Found { line, column, weight: Weight::Mistake, words: message }
}

/// What was exported is imported as plain JSON, and what is published is read as such.
fn plain(text: &str, kind: FileKind) -> Option<Found> {
    let (weight, what) = match kind {
        FileKind::Connection | FileKind::Route => (Weight::Mistake, "An exported file is plain JSON."),
        FileKind::Profile => (Weight::Hint, "A server has to publish plain JSON."),
        FileKind::Settings | FileKind::Models | FileKind::Policy => return None,
    };
    let error = serde_json::from_str::<Value>(text).err()?;
    // That one counts bytes.
    let line = text.split('\n').nth(error.line().saturating_sub(1)).unwrap_or_default();
    let before = line.floor_char_boundary(error.column().saturating_sub(1));
    let words = format!("{what} Take away comments, and a comma after the last entry.");
    let column = line[..before].chars().count() + 1;
    Some(Found { line: error.line().max(1), column, weight, words })
}

/// Keys that only profiles have.
const OF_PROFILES: [&str; 7] =
    ["startScreen", "threadItemActions", "composer", "disclaimer", "entities", "commands", "header"];

/// What a file is, by what only such a file has, by its name, or by what stands in it.
pub fn kind_of(name: &str, text: &str) -> FileKind {
    let content = Document::read(text).map(|document| document.content).unwrap_or_default();
    let has = |key: &str| content.contains_key(key);
    let named = |word: &str| name.to_lowercase().starts_with(word);
    if has("kittiwake_connection") {
        FileKind::Connection
    } else if has("kittiwake_route") {
        FileKind::Route
    } else if named("profile") || OF_PROFILES.into_iter().any(has) {
        FileKind::Profile
    } else if named("settings") {
        FileKind::Settings
    } else if named("policy") || has("locked") || has("managed_by") {
        FileKind::Policy
    } else if named("models") || has("chosen") || has("published") {
        FileKind::Models
    } else if has("models") {
        if has("connections") || has("appearance") { FileKind::Policy } else { FileKind::Models }
    } else {
        FileKind::Settings
    }
}

/// Checks a file and prints what is wrong.
///
/// # Errors
///
/// If the file cannot be read, or nothing can be printed.
pub fn run(asked: &ConfigCheck) -> Result<Exit, Trouble> {
    let bytes = read(&asked.file)?;
    let path = asked.file.display().to_string();
    let name = asked.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let (kind, found) = match str::from_utf8(&bytes) {
        Ok(text) => {
            let kind = asked.kind.unwrap_or_else(|| kind_of(&name, text));
            (kind, check(text, kind))
        }
        Err(error) => {
            let sound = String::from_utf8_lossy(&bytes[..error.valid_up_to()]).into_owned();
            (asked.kind.unwrap_or_else(|| kind_of(&name, "")), vec![not_text(&sound)])
        }
    };
    let count = |weight: Weight| found.iter().filter(|one| one.weight == weight).count();
    let (mistakes, hints) = (count(Weight::Mistake), count(Weight::Hint));
    let mut out = io::stdout().lock();
    for one in &found {
        let Found { line, column, .. } = *one;
        let words = exit::redactor().clean(&one.words).into_owned();
        if asked.json {
            let weight = if one.weight == Weight::Mistake { "mistake" } else { "hint" };
            let object = json!({"type": weight, "file": path, "line": line, "column": column, "message": words});
            writeln!(out, "{}", neutral::json(&object.to_string()))?;
        } else {
            let hint = if one.weight == Weight::Hint { "hint: " } else { "" };
            writeln!(out, "{}:{line}:{column}: {hint}{}", neutral::line(&path), neutral::line(&words))?;
        }
    }
    if asked.json {
        let object = json!({"type": "ended", "kind": word(kind), "mistakes": mistakes, "hints": hints});
        writeln!(out, "{object}")?;
    } else if found.is_empty() {
        writeln!(out, "{}: no mistakes. It was read as {}.", neutral::line(&path), words(kind))?;
    }
    out.flush()?;
    Ok(if mistakes > 0 || asked.strict && hints > 0 { Exit::Usage } else { Exit::Done })
}

fn not_text(sound: &str) -> Found {
    let line = sound.split('\n').count();
    let column = sound.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    let words = "From here on this is not text in UTF-8. Save the file as UTF-8.".to_owned();
    Found { line, column, weight: Weight::Mistake, words }
}

fn read(file: &Path) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let read = if file == Path::new("-") {
        io::stdin().lock().read_to_end(&mut bytes).map(drop)
    } else {
        fs::read(file).map(|read| bytes = read)
    };
    let words = |error: io::Error| format!("“{}” cannot be read: {error}.", file.display());
    read.map(|()| bytes).map_err(|error| Failure::new(FailureCode::DataDamaged, words(error)))
}

fn word(kind: FileKind) -> &'static str {
    match kind {
        FileKind::Settings => "settings",
        FileKind::Models => "models",
        FileKind::Policy => "policy",
        FileKind::Connection => "connection",
        FileKind::Route => "route",
        FileKind::Profile => "profile",
    }
}

fn words(kind: FileKind) -> &'static str {
    match kind {
        FileKind::Settings => "a person's settings",
        FileKind::Models => "a catalogue of models",
        FileKind::Policy => "an administrator's policy",
        FileKind::Connection => "an exported connection",
        FileKind::Route => "an exported route",
        FileKind::Profile => "a profile",
    }
}

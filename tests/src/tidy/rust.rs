//! What Rust sources must not do.

use super::{Finding, Tree, has_word};

/// Where a secret may be looked at: where it is put into a header, where it is handed to the keychain, where the Guide
/// compares those that it gave out itself, where a token that a person typed or a server granted is checked, where one is
/// put into the request that prolongs it, and where the OAuth libraries get theirs and an ID token is read.
const MAY_EXPOSE: &[&str] = &[
    "crates/transport/src/",
    "crates/secrets/src/",
    "crates/guide/src/",
    "crates/adapters/src/session/grant.rs",
    "crates/engine/src/connections.rs",
    "crates/engine/src/forms.rs",
    "crates/engine/src/oauth/client.rs",
    "crates/engine/src/oauth/id_token.rs",
    "crates/engine/src/session/ask.rs",
    "crates/engine/src/session/tests.rs",
];

/// Types that hold a secret.
const SECRET_TYPES: &[&str] = &["SecretString", "SecretBox", "SecretSlice"];

/// The one file that opens links.
const OPENER: &str = "src-tauri/src/links.rs";

/// The shell starts itself anew with safe rendering flags, before anything else happens.
const RESTART: &str = "src-tauri/src/rendering.rs";

/// Secrets are looked at where they are sent, kept or compared.
pub fn secrets_are_exposed_in_few_places(tree: &Tree) -> Vec<Finding> {
    let advice = "hand the secret on as it is: only the places in MAY_EXPOSE look into one";
    code(tree)
        .filter(|(path, _)| !MAY_EXPOSE.iter().any(|home| path.starts_with(home)) && !is_test_crate(path))
        .flat_map(|(path, text)| places(path, text, "expose_secret", advice))
        .collect()
}

/// A type that holds a secret cannot be serialised.
pub fn secrets_are_not_serialised(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in code(tree) {
        findings.extend(places(
            path,
            text,
            "SerializableSecret",
            "a secret is never serialised: keep it in the keychain",
        ));
        for (at, body) in serialised_types(text) {
            if let Some(secret) = SECRET_TYPES.iter().find(|name| has_word(body, name)) {
                let advice = format!("this type holds a `{secret}`: it must not derive Serialize");
                findings.push(Finding::line(path, at, advice));
            }
        }
    }
    findings
}

/// Links are opened by one file, and the window cannot open any by itself.
pub fn one_file_opens_links(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let ways = ["open_url", "open_path", "reveal_item_in_dir", "OpenerExt", "xdg-open", "webbrowser"];
    for (path, text) in code(tree).filter(|(path, _)| *path != OPENER && !is_test_crate(path)) {
        for way in ways {
            findings.extend(places(path, text, way, &format!("links are opened in {OPENER} only, which checks them")));
        }
    }
    for (path, text) in tree.under("src-tauri/capabilities/", &[".json", ".toml"]) {
        let advice = "the window asks the core to open a link: take the opener's permission away";
        findings.extend(
            text.lines()
                .enumerate()
                .filter(|(_, line)| line.contains("opener:"))
                .map(|(at, _)| Finding::line(path, at, advice)),
        );
    }
    findings
}

/// Crates that are never shipped and start what they build or measure.
const NOT_THE_PRODUCT: [&str; 2] = ["crates/bench/", "crates/xtask/"];

/// Nothing that a server says can start a process, because no product code can.
pub fn no_process_is_started(tree: &Tree) -> Vec<Finding> {
    let advice = "the product starts no process";
    code(tree)
        .filter(|(path, _)| !is_test_crate(path) && !NOT_THE_PRODUCT.iter().any(|folder| path.starts_with(folder)))
        .filter(|(path, _)| *path != RESTART)
        .flat_map(|(path, text)| places(path, text, "Command::new", advice))
        .collect()
}

/// All kinds of items are told apart in one file for each step of their way: read, made into what the window shows, told
/// in the terminal. Who asks for one kind (is this a message of the person?) may stand elsewhere; who lists them may not.
pub fn kinds_are_listed_in_few_files(tree: &Tree) -> Vec<Finding> {
    let advice = "a list of item kinds belongs into model's item.rs, the adapter's item.rs or the engine's render.rs: give \
                  it a method there and call it";
    let is_home = |path: &str| {
        let reads = path.starts_with("crates/adapters/src/") && path.ends_with("/item.rs");
        reads || ["crates/model/src/item.rs", "crates/engine/src/render.rs", "crates/cli/src/kinds.rs"].contains(&path)
    };
    code(tree)
        .filter(|(path, _)| !is_home(path) && !is_test_crate(path))
        .flat_map(|(path, text)| {
            let mut found = places(path, text, "ItemBody::EndOfTurn", advice);
            found.extend(places(path, text, "ItemBody::Unknown", advice));
            found
        })
        .collect()
}

/// Rust sources without the rules' own.
fn code(tree: &Tree) -> impl Iterator<Item = (&str, &str)> {
    tree.files().filter(|(path, _)| path.ends_with(".rs") && !path.starts_with("tests/src/tidy/"))
}

/// Test crates play the other side.
fn is_test_crate(path: &str) -> bool {
    path.starts_with("tests/") || path.contains("/tests/") || path.ends_with("/tests.rs")
}

fn places<'a>(path: &'a str, text: &'a str, word: &'a str, advice: &str) -> Vec<Finding> {
    text.lines()
        .enumerate()
        .take_while(|(_, line)| line.trim() != "mod tests {")
        .filter(|(_, line)| has_word(line, word) && !line.trim_start().starts_with("//"))
        .map(|(at, _)| Finding::line(path, at, advice))
        .collect()
}

/// The types that derive Serialize: the line of the derive, and the text up to the end of the type.
fn serialised_types(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.match_indices("#[derive(").filter_map(|(start, _)| {
        let rest = &text[start..];
        let (derives, _) = rest.split_once(")]")?;
        let end = rest.find("\n}").or_else(|| rest.find(";\n")).unwrap_or(rest.len());
        has_word(derives, "Serialize").then(|| (text[..start].matches('\n').count(), &rest[..end]))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(rule: fn(&Tree) -> Vec<Finding>, path: &str, text: &str) -> usize {
        rule(&Tree::of(&[(path, text)])).len()
    }

    #[test]
    fn a_secret_looked_at_elsewhere_is_found() {
        let text = "let header = token.expose_secret();";
        assert_eq!(count(secrets_are_exposed_in_few_places, "crates/transport/src/http.rs", text), 0);
        assert_eq!(count(secrets_are_exposed_in_few_places, "crates/engine/src/turn.rs", text), 1);
        let test = format!("#[cfg(test)]\nmod tests {{\n{text}\n}}");
        assert_eq!(count(secrets_are_exposed_in_few_places, "crates/engine/src/turn.rs", &test), 0);
    }

    #[test]
    fn a_serialised_secret_is_found() {
        let rule = secrets_are_not_serialised;
        let bad = "#[derive(Debug, Serialize)]\npub struct A {\n    key: SecretString,\n}\n";
        assert_eq!(count(rule, "crates/a/src/lib.rs", bad), 1);
        let good = "#[derive(Debug, Deserialize)]\nstruct A {\n    key: SecretString,\n}\n#[derive(Serialize)]\nstruct B {\n    key: String,\n}\n";
        assert_eq!(count(rule, "crates/a/src/lib.rs", good), 0);
        assert_eq!(count(rule, "crates/a/src/lib.rs", "impl SerializableSecret for Key {}"), 1);
    }

    #[test]
    fn a_second_opener_is_found() {
        let text = "app.opener().open_url(address, None::<&str>)?;";
        assert_eq!(count(one_file_opens_links, OPENER, text), 0);
        assert_eq!(count(one_file_opens_links, "src-tauri/src/commands.rs", text), 1);
        let capability = "{\n \"permissions\": [\"opener:default\"] }";
        assert_eq!(count(one_file_opens_links, "src-tauri/capabilities/main.json", capability), 1);
    }

    #[test]
    fn a_second_list_of_kinds_is_found() {
        let text = "match body {\n    ItemBody::EndOfTurn => None,\n    _ => Some(1),\n}\n";
        assert_eq!(count(kinds_are_listed_in_few_files, "crates/engine/src/render.rs", text), 0);
        assert_eq!(count(kinds_are_listed_in_few_files, "crates/adapters/src/custom/item.rs", text), 0);
        assert_eq!(count(kinds_are_listed_in_few_files, "crates/cli/src/show.rs", text), 1);
        let one = "matches!(body, ItemBody::UserMessage(_))";
        assert_eq!(count(kinds_are_listed_in_few_files, "crates/cli/src/show.rs", one), 0);
    }

    #[test]
    fn a_started_process_is_found() {
        let text = "std::process::Command::new(\"sh\")";
        assert_eq!(count(no_process_is_started, "crates/engine/src/lib.rs", text), 1);
        assert_eq!(count(no_process_is_started, "crates/xtask/src/main.rs", text), 0);
    }
}

//! Who may know whom.

use super::{Finding, Tree, manifest};

/// Our crates, and for each the crates of ours that it may depend on. Tests may use any of them.
const DIRECTION: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("markdown", &[]),
    ("transport", &[]),
    ("widgets", &["markdown"]),
    ("adapters", &["model"]),
    ("history", &["model"]),
    ("secrets", &["model"]),
    ("engine", &["adapters", "history", "markdown", "model", "secrets", "transport", "widgets"]),
    ("logs", &["secrets"]),
    ("guide", &["model"]),
    ("cli", &["engine", "guide", "logs", "markdown", "model", "secrets"]),
    ("kittiwake", &["engine", "guide", "logs", "model", "secrets"]),
    ("acceptance", &["adapters", "engine", "guide", "history", "markdown", "model", "secrets", "transport", "widgets"]),
    ("bench", &["acceptance", "adapters", "engine", "history", "markdown", "model", "secrets", "transport"]),
    ("xtask", &[]),
];

/// Crates that cannot do IO, by what is not in their manifests.
const PURE: &[&str] = &["adapters", "markdown", "model", "widgets"];

/// Beginnings of names of crates with which IO can be done.
const IO: &[&str] = &[
    "async-std",
    "axum",
    "curl",
    "eventsource",
    "futures-util",
    "hyper",
    "keyring",
    "reqwest",
    "rusqlite",
    "smol",
    "socket2",
    "sqlx",
    "surf",
    "tokio",
    "tower",
    "tungstenite",
    "ureq",
    "zbus",
];

/// Dependencies that only one place may have: beginning of the name, the crates that may, why.
const HOMES: &[(&str, &[&str], &str)] = &[
    ("tauri", &["kittiwake"], "the desktop shell is one crate; put what needs no window into `engine`"),
    ("wry", &["kittiwake"], "the desktop shell is one crate"),
    (
        "reqwest",
        &["transport", "acceptance", "bench"],
        "all traffic leaves through `transport`; ask it for what is missing",
    ),
    ("hyper", &["transport"], "all traffic leaves through `transport`"),
    ("ureq", &[], "all traffic leaves through `transport`, with reqwest"),
    ("eventsource-client", &["transport"], "framing is `transport`'s"),
    (
        "tokio-tungstenite",
        &["transport", "acceptance", "bench"],
        "all traffic leaves through `transport`; otherwise only the servers of tests and measurements write frames",
    ),
    ("p12-keystore", &["transport"], "client certificates are opened by `transport`, in `identity.rs`"),
    ("pkcs8", &["transport"], "client certificates are opened by `transport`, in `identity.rs`"),
    ("keyring", &["secrets"], "the keychain is reached through `secrets` only"),
    ("zbus", &["secrets", "acceptance"], "the keychain is reached through `secrets` only; tests play other programs"),
    ("rusqlite", &["history", "guide"], "conversations are stored by `history`, the Guide's own by `guide`"),
    (
        "axum",
        &["engine", "guide", "acceptance", "bench"],
        "only the Guide, a sign-in that waits for the browser, and the servers of tests and measurements listen",
    ),
    ("netwatcher", &["engine"], "whether there is a network matters to `engine/src/offline` alone"),
    ("nix", &["acceptance"], "the product asks the system through libraries; tests enter network namespaces"),
    ("oauth2", &["engine"], "sign-in is the engine's, in `oauth`"),
    ("openidconnect", &["engine"], "sign-in is the engine's, in `oauth`"),
    ("pulldown-cmark", &["markdown"], "Markdown is parsed in one crate"),
    ("syntect", &["markdown"], "code is coloured in `markdown`"),
    ("aho-corasick", &["secrets"], "secrets are taken out of texts by the one redactor"),
    ("tracing-subscriber", &["logs"], "what is written into logs is decided in one crate"),
    ("thirtyfour", &["acceptance"], "only the desktop journeys drive a browser"),
];

/// `ui → src-tauri → engine → {adapters, history, secrets, transport, markdown} → model`.
pub fn direction(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for manifest in manifest::all(tree) {
        let Some((_, allowed)) = DIRECTION.iter().find(|(name, _)| *name == manifest.name) else {
            let advice =
                "a new crate: give it a line in DIRECTION (tests/src/tidy/boundaries.rs) and in ARCHITECTURE.md";
            findings.push(Finding::file(&manifest.path, advice));
            continue;
        };
        let ours = manifest.normal().filter(|name| DIRECTION.iter().any(|(our, _)| our == name));
        for name in ours.filter(|name| !allowed.contains(name)) {
            let those = if allowed.is_empty() {
                "none of our crates".to_owned()
            } else {
                format!("only {}", allowed.join(", "))
            };
            let advice = format!("`{}` must not depend on `{name}`: it may use {those}", manifest.name);
            findings.push(Finding::file(&manifest.path, advice));
        }
    }
    findings
}

/// `adapters`, `model` and `markdown` cannot do IO.
pub fn purity(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for manifest in manifest::all(tree).iter().filter(|one| PURE.contains(&one.name.as_str())) {
        for name in manifest.normal().filter(|name| IO.iter().any(|io| name.starts_with(io))) {
            let advice = format!(
                "`{}` is pure: take bytes and give values, and leave `{name}` to engine or transport",
                manifest.name
            );
            findings.push(Finding::file(&manifest.path, advice));
        }
        for (path, text) in tree.under(&format!("{}src/", manifest.folder()), &[".rs"]) {
            for (index, line) in text.lines().enumerate() {
                if ["std::fs", "std::net", "std::process", "std::thread", "SystemTime::now", "Instant::now", "async fn"]
                    .iter()
                    .any(|io| line.contains(io) && !line.trim_start().starts_with("//"))
                {
                    findings.push(Finding::line(
                        path,
                        index,
                        format!("`{}` is pure: no files, network, processes, clock or async", manifest.name),
                    ));
                }
            }
        }
    }
    findings
}

/// Libraries that have one home: tauri, the HTTP client, the keychain, SQLite, the Markdown parser.
pub fn homes(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for manifest in manifest::all(tree) {
        for dependency in &manifest.dependencies {
            // A test may play the other side of a conversation; a shell in a test would still be a second shell.
            if dependency.purpose == manifest::Purpose::Tests && !dependency.name.starts_with("tauri") {
                continue;
            }
            let home = HOMES.iter().find(|(beginning, ..)| dependency.name.starts_with(beginning));
            if let Some((_, _, why)) = home.filter(|(_, homes, _)| !homes.contains(&manifest.name.as_str())) {
                findings
                    .push(Finding::file(&manifest.path, format!("`{}` does not belong here: {why}", dependency.name)));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(rule: fn(&Tree) -> Vec<Finding>, name: &str, tables: &str) -> Vec<String> {
        let path = format!("crates/{name}/Cargo.toml");
        let text = format!("[package]\nname = \"{name}\"\n{tables}");
        rule(&Tree::of(&[(path.as_str(), text.as_str())])).iter().map(|finding| finding.advice.clone()).collect()
    }

    #[test]
    fn a_dependency_against_the_direction_is_found_and_the_allowed_ones_named() {
        let found_in = |name, tables| found(direction, name, tables);
        assert!(found_in("adapters", "[dependencies]\nmodel = {}").is_empty());
        assert!(found_in("adapters", "[dev-dependencies]\nengine = {}").is_empty());
        assert_eq!(
            found_in("adapters", "[dependencies]\nengine = {}"),
            ["`adapters` must not depend on `engine`: it may use only model"]
        );
        assert!(found_in("model", "[dependencies]\nmarkdown = {}")[0].contains("none of our crates"));
        assert!(found_in("newcomer", "")[0].contains("a new crate"));
    }

    #[test]
    fn io_in_a_pure_crate_is_found_in_its_manifest_and_in_its_sources() {
        assert!(found(purity, "markdown", "[dependencies]\nserde = '1'").is_empty());
        assert!(found(purity, "engine", "[dependencies]\ntokio = '1'").is_empty());
        assert_eq!(found(purity, "markdown", "[dependencies]\ntokio-util = '1'").len(), 1);
        assert_eq!(found(purity, "model", "[target.'cfg(unix)'.dependencies]\nrusqlite = '1'").len(), 1);
        let manifest = ("crates/model/Cargo.toml", "[package]\nname = 'model'");
        let source = ("crates/model/src/lib.rs", "//! std::fs is not used\nuse std::fs;\n");
        let findings = purity(&Tree::of(&[manifest, source]));
        assert_eq!((findings.len(), findings[0].line), (1, Some(2)));
    }

    #[test]
    fn a_library_away_from_its_home_is_found() {
        assert!(
            found(homes, "kittiwake", "[dependencies]\ntauri = '2'\n[build-dependencies]\ntauri-build = '2'")
                .is_empty()
        );
        assert_eq!(found(homes, "engine", "[dependencies]\ntauri-plugin-store = '2'").len(), 1);
        assert_eq!(found(homes, "engine", "[dev-dependencies]\ntauri = '2'").len(), 1);
        assert_eq!(found(homes, "engine", "[dependencies]\nreqwest = '1'").len(), 1);
        assert!(found(homes, "guide", "[dev-dependencies]\nreqwest = '1'").is_empty());
        assert_eq!(found(homes, "cli", "[dependencies]\nkeyring-core = '1'").len(), 1);
    }
}

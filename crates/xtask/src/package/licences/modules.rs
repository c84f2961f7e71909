//! The modules that are bundled into the window.

use std::path::Path;

use serde_json::Value;

use super::{Part, texts_of};
use crate::{
    package::{
        place::read,
        version::{json, text},
    },
    shell::{Result, root},
};

/// All that the lock file does not call a tool of development.
pub fn bundled() -> Result<Vec<Part>> {
    let ui = root().join("ui");
    of(&json(&read(&ui.join("package-lock.json"))?, "ui/package-lock.json")?, &ui)
}

fn of(lock: &Value, ui: &Path) -> Result<Vec<Part>> {
    let packages = lock["packages"].as_object().into_iter().flatten();
    // The entry without a name is the window itself. What is optional may belong to another system.
    let used =
        packages.filter(|(path, entry)| !path.is_empty() && entry["dev"] != true && entry["devOptional"] != true);
    let here = used.filter(|(path, entry)| entry["optional"] != true || ui.join(path).is_dir());
    here.map(|(path, entry)| part(&ui.join(path), path, entry)).collect()
}

fn part(folder: &Path, path: &str, entry: &Value) -> Result<Part> {
    let name = path.rsplit_once("node_modules/").map_or(path, |(_, name)| name);
    let version = text(entry, "version");
    let about = json(&read(&folder.join("package.json"))?, &format!("ui/{path}/package.json"))?;
    let licence = [entry, &about].into_iter().find_map(|it| it["license"].as_str()).unwrap_or("see its text");
    let holders = [&about["author"], &about["author"]["name"]].into_iter().find_map(Value::as_str);
    let holders = holders.map_or_else(|| format!("the authors of {name}"), str::to_owned);
    Ok(Part {
        name: name.to_owned(),
        version: version.to_owned(),
        licence: licence.to_owned(),
        home: format!("https://www.npmjs.com/package/{name}"),
        texts: texts_of(folder, licence, &format!("{name} {version}"), &holders)?,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::package::place::write;

    #[test]
    fn tools_are_left_out_and_a_text_by_name_stands_in() {
        let dir = tempfile::tempdir().unwrap();
        let at = |path: &str| dir.path().join(path);
        write(&at("node_modules/a/LICENSE"), "its own").unwrap();
        write(&at("node_modules/a/package.json"), "{}").unwrap();
        write(&at("node_modules/@x/b/package.json"), r#"{ "author": { "name": "Ada" } }"#).unwrap();
        let lock = json!({ "packages": {
            "": { "name": "ui" },
            "node_modules/a": { "version": "1.0.0", "license": "ISC" },
            "node_modules/@x/b": { "version": "2.0.0", "license": "MIT" },
            "node_modules/c": { "version": "3.0.0", "dev": true },
            "node_modules/d": { "version": "4.0.0", "optional": true },
        } });
        let mut parts = of(&lock, dir.path()).unwrap();
        parts.sort_by(|one, other| one.version.cmp(&other.version));
        let names: Vec<_> = parts.iter().map(|part| part.name.as_str()).collect();
        assert_eq!(names, ["a", "@x/b"]);
        assert_eq!(parts[0].texts, ["its own"]);
        assert!(parts[1].texts[0].contains("Ada"));
    }

    #[test]
    fn a_module_that_is_not_installed_is_told() {
        let dir = tempfile::tempdir().unwrap();
        let lock = json!({ "packages": { "node_modules/a": { "version": "1.0.0" } } });
        assert!(of(&lock, dir.path()).unwrap_err().message.contains("package.json"));
    }
}

//! What packages carry beside the two programs, and what the bundler is told about it.

use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::{Value, json};

use super::{
    is_linux, licences,
    place::{Place, emptied, read, write as write_file},
    policy::Policy,
    quietly, trouble,
    version::metadata,
};
use crate::shell::{Result, Stop, output, root};

/// Who answers for the packages.
const MAINTAINER: &str = "The Kittiwake developers <kittiwake-app@users.noreply.github.com>";

/// What was written.
pub struct Extras {
    /// The bundler's settings that are not the same everywhere.
    pub config: PathBuf,
}

/// Writes everything that is made from something else.
pub fn write(place: &Place, version: &str, policy: Option<&Policy>) -> Result<Extras> {
    let stage = place.stage();
    emptied(&stage)?;
    let examples = place.program("kittiwake").with_file_name("examples");
    quietly(Command::new(examples.join(format!("extras{}", env::consts::EXE_SUFFIX))).arg(&stage))?;
    let syntaxes = read(&stage.join("licences/syntaxes.txt"))?;
    write_file(&stage.join("licences.txt"), licences::all(&metadata()?, &syntaxes)?)?;

    // The bundler asks for the name of the system behind the name of a second program, and takes it off again.
    let host = output(Command::new("rustc").args(["--print", "host-tuple"])).unwrap_or_default();
    let terminal = place.program("kittiwake-cli");
    let name = format!("kittiwake-cli-{}{}", host.trim(), env::consts::EXE_SUFFIX);
    fs::copy(&terminal, stage.join(name)).map_err(trouble(&terminal))?;

    let mut bundle = json!({ "externalBin": [stage.join("kittiwake-cli")] });
    if is_linux() {
        linux(place, &mut bundle, version)?;
    } else {
        bundle["resources"] = json!({ stage.join("licences.txt").to_string_lossy(): "licences.txt" });
    }
    if let Some(policy) = policy {
        policy.bundle(place, &mut bundle)?;
    }
    let config = stage.join("bundle.json");
    write_file(&config, json!({ "bundle": bundle }).to_string())?;
    Ok(Extras { config })
}

/// Where each file belongs on Linux.
fn linux(place: &Place, bundle: &mut Value, version: &str) -> Result<()> {
    let stage = place.stage();
    let [day, date] = dates();
    let packaging = root().join("packaging");
    let metainfo = read(&packaging.join("app.kittiwake.desktop.metainfo.xml"))?;
    write_file(&stage.join("metainfo.xml"), metainfo.replace("@VERSION@", version).replace("@DAY@", &day))?;
    let changes = debian_changelog(&read(&root().join("CHANGELOG.md"))?, version, &date);
    write_file(&stage.join("changelog"), changes)?;
    compressed(&stage.join("changelog"))?;

    let mut files = common(&stage, &packaging)?;
    let mut add = |to: &str, from: &str| files.insert(to.to_owned(), stage.join(from));
    add("/usr/share/bash-completion/completions/kittiwake-cli", "completions/kittiwake-cli.bash");
    add("/usr/share/fish/vendor_completions.d/kittiwake-cli.fish", "completions/kittiwake-cli.fish");
    add("/usr/share/metainfo/app.kittiwake.desktop.metainfo.xml", "metainfo.xml");
    add("/usr/share/doc/kittiwake/changelog.gz", "changelog.gz");
    add("/usr/share/doc/kittiwake/licences.txt", "licences.txt");
    let with = |folder: &str| {
        let mut files = files.clone();
        files.insert(format!("/usr/share/zsh/{folder}/_kittiwake-cli"), stage.join("completions/_kittiwake-cli"));
        files
    };
    let depends = needed_by(place, &stage)?;
    bundle["publisher"] = json!(MAINTAINER);
    bundle["linux"] = json!({
        "deb": { "files": with("vendor-completions") },
        "rpm": { "files": with("site-functions") },
        "appimage": { "files": with("site-functions") },
    });
    if let Some(depends) = depends {
        bundle["linux"]["deb"]["depends"] = json!(depends);
    }
    Ok(())
}

/// The files that every Linux has in the same place, the manual pages compressed as they are there.
fn common(stage: &Path, packaging: &Path) -> Result<BTreeMap<String, PathBuf>> {
    let folder = stage.join("man");
    let page = folder.join("kittiwake.1");
    fs::copy(packaging.join("kittiwake.1"), &page).map_err(trouble(&page))?;
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(&folder).map_err(trouble(&folder))?.flatten() {
        let page = entry.path();
        compressed(&page)?;
        let name = format!("{}.gz", entry.file_name().to_string_lossy());
        files.insert(format!("/usr/share/man/man1/{name}"), page.with_file_name(name));
    }
    files.insert("/usr/share/icons/hicolor/scalable/apps/kittiwake.svg".to_owned(), root().join("icons/kittiwake.svg"));
    files.insert("/usr/share/doc/kittiwake/copyright".to_owned(), packaging.join("copyright"));
    Ok(files)
}

/// A file in the place of the one that it is made from, with nothing in it that changes from run to run.
fn compressed(file: &Path) -> Result<()> {
    quietly(Command::new("gzip").args(["-9", "-n", "-f"]).arg(file)).map(drop)
}

/// The packages of Debian that the programs are linked with, as `dpkg-shlibdeps` finds them. On other systems the list in
/// `tauri.conf.json` holds.
fn needed_by(place: &Place, stage: &Path) -> Result<Option<Vec<String>>> {
    if output(Command::new("dpkg-shlibdeps").arg("--version")).is_none() {
        return Ok(None);
    }
    // It asks what the package is called.
    write_file(&stage.join("debian/control"), "Source: kittiwake\n\nPackage: kittiwake\nArchitecture: any\n")?;
    let mut command = Command::new("dpkg-shlibdeps");
    command.arg("-O").args([place.program("kittiwake"), place.program("kittiwake-cli")]).current_dir(stage);
    let lines = quietly(&mut command)?;
    let depends = lines.iter().find_map(|line| line.strip_prefix("shlibs:Depends="));
    let depends = depends.ok_or_else(|| Stop::because("dpkg-shlibdeps does not say what the programs need"))?;
    Ok(Some(depends.split(", ").map(str::to_owned).collect()))
}

/// The day of the newest change as `2026-01-31`, and as mail has it; without Git, today.
fn dates() -> [String; 2] {
    let ask = |git: &str, date: &[&str]| {
        let told = output(Command::new("git").args(["log", "-1", git]).current_dir(root()));
        told.or_else(|| output(Command::new("date").arg("--utc").args(date))).unwrap_or_default().trim().to_owned()
    };
    [ask("--format=%cs", &["+%F"]), ask("--format=%cD", &["--rfc-email"])]
}

/// The newest section of CHANGELOG.md as a Debian changelog.
fn debian_changelog(changes: &str, version: &str, date: &str) -> String {
    let section = changes.lines().skip_while(|line| !line.starts_with("## ")).skip(1);
    let mut items: Vec<String> = Vec::new();
    for line in section.take_while(|line| !line.starts_with("## ")) {
        let plain = line.replace("**", "").replace('`', "");
        match (plain.strip_prefix("- "), items.last_mut()) {
            (Some(item), _) => items.push(item.to_owned()),
            (None, Some(item)) => *item += &plain,
            // What stands before the first item is not one.
            (None, None) => {}
        }
    }
    let items: String = items.iter().map(|item| wrapped(item)).collect();
    format!("kittiwake ({version}) stable; urgency=medium\n\n{items}\n -- {MAINTAINER}  {date}\n")
}

/// An item in lines that are no longer than Debian's tools want them.
fn wrapped(item: &str) -> String {
    const MOST: usize = 76;
    let mut lines = vec!["  *".to_owned()];
    for word in item.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + word.chars().count() < MOST => *line += &format!(" {word}"),
            _ => lines.push(format!("    {word}")),
        }
    }
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_changes_are_debians_changelog() {
        let changes = "# Changes\n\nWords.\n\n## 1.1.0\n\nMore words.\n\n- **Bold** `code`\n  goes on.\n- Two.\n\n## 1.0.0\n\n- Old.\n";
        let told = debian_changelog(changes, "1.1.0", "Sat, 31 Jan 2026 10:00:00 +0000");
        let wanted = "kittiwake (1.1.0) stable; urgency=medium\n\n  * Bold code goes on.\n  * Two.\n\n -- ";
        assert!(told.starts_with(wanted), "{told}");
        assert!(told.ends_with(">  Sat, 31 Jan 2026 10:00:00 +0000\n"));
    }

    #[test]
    fn long_items_are_broken_into_short_lines() {
        let told = wrapped(&"word ".repeat(40));
        assert!(told.lines().count() > 2 && told.lines().all(|line| line.len() <= 76), "{told}");
        assert!(told.starts_with("  * word") && told.lines().skip(1).all(|line| line.starts_with("    word")));
    }
}

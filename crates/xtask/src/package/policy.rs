//! A policy file that goes into the packages, so that one installation is all that an administrator does.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::{Value, json};

use super::{
    Bundle,
    place::{Place, read, write},
    quietly, trouble,
};
use crate::shell::{Result, Stop, output};

/// Where Linux looks for it.
pub const PATH: &str = "/etc/kittiwake/policy.json";

/// What names of packages that carry one have before their ending.
const MANAGED: &str = "_managed";

/// The part of an msi that puts the file where Windows looks for it. Everybody may read it there, and administrators alone
/// may write: the folder takes over no rights from the one above it, where everybody may make files.
const FRAGMENT: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<Wix xmlns="http://schemas.microsoft.com/wix/2006/wi">
  <Fragment>
    <DirectoryRef Id="TARGETDIR">
      <Directory Id="CommonAppDataFolder">
        <Directory Id="KittiwakePolicyFolder" Name="Kittiwake">
          <Component Id="KittiwakePolicy" Guid="4F0B7C0E-6A53-4C1E-9B57-2B8E3F6D91A4" Win64="yes">
            <CreateFolder>
              <PermissionEx Sddl="O:BAG:BAD:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;0x1200a9;;;BU)" />
            </CreateFolder>
            <File Id="KittiwakePolicyFile" Name="policy.json" Source="@SOURCE@" KeyPath="yes" />
          </Component>
        </Directory>
      </Directory>
    </DirectoryRef>
  </Fragment>
</Wix>
"#;

/// A policy file that was looked at.
#[derive(Debug)]
pub struct Policy {
    file: PathBuf,
    text: String,
}

impl Policy {
    /// Reads it, and looks at what can be told without the program: that it is JSON, with comments, and an object.
    pub fn read(file: &Path) -> Result<Self> {
        let text = read(file)?;
        let told = |why: String| Stop::because(format!("{}: {why}", file.display()));
        let value: Value = serde_json::from_str(&without_comments(&text)).map_err(|error| told(error.to_string()))?;
        if !value.is_object() {
            return Err(told("a policy is an object, such as {\"version\": 1}".to_owned()));
        }
        Ok(Self { file: file.to_owned(), text })
    }

    /// Of the packages, those that can carry it; the others are refused if they were asked for by name.
    pub fn choose(bundles: Vec<Bundle>, asked: bool) -> Result<Vec<Bundle>> {
        let (able, others): (Vec<_>, Vec<_>) = bundles.into_iter().partition(|bundle| bundle.carries_a_policy());
        match others.first() {
            Some(other) if asked || able.is_empty() => Err(Stop::because(format!(
                "a policy cannot be put into {other}: it installs nothing for the whole computer. docs/deploy.md says \
                 how to roll it out beside the package"
            ))),
            _ => Ok(able),
        }
    }

    /// Has the program that is packed look at it, which knows every key.
    pub fn checked_by(&self, program: &Path) -> Result<()> {
        if output(Command::new(program).args(["config", "check", "--help"])).is_none() {
            eprintln!("      this kittiwake-cli has no `config check`: only the form of the file was looked at");
            return Ok(());
        }
        quietly(Command::new(program).args(["config", "check", "--kind", "policy"]).arg(&self.file)).map(drop)
    }

    /// Tells the bundler to put it into an rpm and an msi. A deb gets it in [`Policy::put_into`], since the bundler marks
    /// no file as one that administrators may change.
    pub fn bundle(&self, place: &Place, bundle: &mut Value) -> Result<()> {
        let staged = place.stage().join("policy.json");
        write(&staged, &self.text)?;
        readable(&staged, 0o644)?;
        if bundle["linux"]["rpm"]["files"].is_object() {
            bundle["linux"]["rpm"]["files"][PATH] = json!(staged);
        }
        if cfg!(windows) {
            let fragment = place.stage().join("policy.wxs");
            write(&fragment, FRAGMENT.replace("@SOURCE@", &staged.to_string_lossy()))?;
            bundle["windows"]["wix"] = json!({ "fragmentPaths": [fragment], "componentRefs": ["KittiwakePolicy"] });
        }
        Ok(())
    }

    /// Puts it into the content of a deb that was taken apart.
    pub fn put_into(&self, content: &Path) -> Result<()> {
        let file = content.join(PATH.trim_start_matches('/'));
        write(&file, &self.text)?;
        readable(&file, 0o644)?;
        for folder in [content.join("etc"), content.join("etc/kittiwake")] {
            readable(&folder, 0o755)?;
        }
        // An administrator's change stays when the package is upgraded.
        let list = content.join("DEBIAN/conffiles");
        let before = if list.exists() { read(&list)? } else { String::new() };
        write(&list, format!("{before}{PATH}\n"))?;
        readable(&list, 0o644)
    }

    /// The name of a package that carries it.
    pub fn named(name: &str) -> String {
        let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
        format!("{stem}{MANAGED}.{ending}")
    }

    /// What stands in it.
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// Everybody may read it and its owner may write, whatever this program's mask is.
fn readable(path: &Path, mode: u32) -> Result<()> {
    #[cfg(unix)]
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(mode)).map_err(trouble(path))?;
    #[cfg(not(unix))]
    let _ = (path, mode, fs::metadata(path).map_err(trouble(path))?);
    Ok(())
}

/// The same text with blanks where comments were, so that the places of mistakes stay what they are.
fn without_comments(text: &str) -> String {
    let (mut plain, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(first) = rest.chars().next() {
        let comment = if rest.starts_with("//") {
            Some(rest.find('\n').unwrap_or(rest.len()))
        } else {
            rest.strip_prefix("/*").map(|inner| inner.find("*/").map_or(rest.len(), |end| end + 4))
        };
        let length = comment.unwrap_or(if first == '"' { quoted(rest) } else { first.len_utf8() });
        let (piece, more) = rest.split_at(length);
        if comment.is_some() {
            plain.extend(piece.chars().map(|char| if char == '\n' { char } else { ' ' }));
        } else {
            plain.push_str(piece);
        }
        rest = more;
    }
    plain
}

/// How long the text in quotes is that stands at the beginning, with its quotes.
fn quoted(text: &str) -> usize {
    let mut escaped = false;
    let end = text.char_indices().skip(1).find(|(_, char)| {
        let is_end = *char == '"' && !escaped;
        escaped = *char == '\\' && !escaped;
        is_end
    });
    end.map_or(text.len(), |(at, _)| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell::root;

    fn policy(text: &str) -> Result<Policy> {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("policy.json");
        fs::write(&file, text).unwrap();
        Policy::read(&file)
    }

    #[test]
    fn comments_are_none_of_the_content_and_texts_are() {
        let read = |text: &str| serde_json::from_str::<Value>(&without_comments(text)).unwrap();
        assert_eq!(read("{ // one\n \"a\": /* two\n three */ 1 }"), json!({"a": 1}));
        let url = r#"{"url": "https://chat.example.org/*", "quote": "\" // no", "end": "\\"}"#;
        assert_eq!(read(url), json!({"url": "https://chat.example.org/*", "quote": "\" // no", "end": "\\"}));
        let error = serde_json::from_str::<Value>(&without_comments("{ /* x\n */ \"a\": oops }")).unwrap_err();
        assert_eq!((error.line(), error.column()), (2, 10));
    }

    #[test]
    fn what_is_no_policy_is_refused_with_its_place() {
        assert!(policy("[]").unwrap_err().message.contains("is an object"));
        assert!(policy("{\n  \"version\" 1\n}").unwrap_err().message.contains("line 2"));
        assert!(Policy::read(Path::new("/nowhere.json")).unwrap_err().message.contains("/nowhere.json"));
    }

    #[test]
    fn the_example_is_a_policy() {
        let example = Policy::read(&root().join("packaging/policy.example.json")).unwrap();
        assert!(example.text().contains("//") && example.text().contains("example.org"));
    }

    #[test]
    fn packages_that_install_nothing_for_everybody_are_refused_or_left_out() {
        let all = vec![Bundle::Deb, Bundle::Rpm, Bundle::AppImage];
        assert_eq!(Policy::choose(all.clone(), false).unwrap(), [Bundle::Deb, Bundle::Rpm]);
        assert!(Policy::choose(all, true).unwrap_err().message.contains("appimage"));
        assert!(Policy::choose(vec![Bundle::Dmg], false).unwrap_err().message.contains("dmg"));
        assert_eq!(Policy::choose(vec![Bundle::Msi], true).unwrap(), [Bundle::Msi]);
    }

    #[test]
    fn packages_that_carry_one_are_told_apart() {
        assert_eq!(Policy::named("kittiwake_0.1.0_amd64.deb"), "kittiwake_0.1.0_amd64_managed.deb");
        assert_eq!(Policy::named("kittiwake-0.1.0-1.x86_64.rpm"), "kittiwake-0.1.0-1.x86_64_managed.rpm");
    }

    #[test]
    fn the_bundler_puts_it_into_an_rpm_with_a_mode_of_its_own() {
        let dir = tempfile::tempdir().unwrap();
        let place = Place::at(dir.path());
        let mut bundle = json!({ "linux": { "rpm": { "files": { "/usr/a": "a" } }, "deb": { "files": {} } } });
        policy("{}").unwrap().bundle(&place, &mut bundle).unwrap();
        let staged = place.stage().join("policy.json");
        assert_eq!(bundle["linux"]["rpm"]["files"], json!({ "/usr/a": "a", PATH: staged }));
        assert_eq!(bundle["linux"]["deb"]["files"], json!({}), "a deb gets it when it is packed again");
        #[cfg(unix)]
        assert_eq!(std::os::unix::fs::PermissionsExt::mode(&fs::metadata(staged).unwrap().permissions()), 0o100_644);
    }
}

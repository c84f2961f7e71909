//! What the policy of a package is like once it is installed.

use std::{fs, path::Path};

use super::{clean_root::CleanRoot, inside};
use crate::{
    package::{
        policy::{PATH, Policy},
        quietly, trouble,
    },
    shell::{Result, Stop},
};

/// The file is there as it was given, root's, and the installed program says where it is.
pub fn looked_at(root: &CleanRoot, policy: &Policy) -> Result<()> {
    let file = inside(root.dir(), PATH);
    if fs::read_to_string(&file).map_err(trouble(&file))? != policy.text() {
        return Err(Stop::because(format!("{PATH} is not what was put into the package")));
    }
    for (path, wanted) in [(Path::new(PATH), "0:0 644"), (Path::new("/etc/kittiwake"), "0:0 755")] {
        let path = path.to_string_lossy();
        let told = quietly(&mut root.command(&["stat", "--format", "%u:%g %a", &path]))?.join("");
        if told != wanted {
            return Err(Stop::because(format!("{path} has owner, group and mode {told}, and not {wanted}")));
        }
    }
    let conffiles = quietly(&mut root.command(&["dpkg-query", "--show", "--showformat", "${Conffiles}", "kittiwake"]))?;
    if !conffiles.iter().any(|line| line.contains(PATH)) {
        return Err(Stop::because(format!("dpkg would write over an administrator's {PATH}")));
    }
    shown(root)
}

/// `config show` names the file.
fn shown(root: &CleanRoot) -> Result<()> {
    if quietly(&mut root.command(&["kittiwake-cli", "config", "show", "--help"])).is_err() {
        eprintln!("      this kittiwake-cli has no `config show`: whether it reads the file was not looked at");
        return Ok(());
    }
    let told = quietly(&mut root.command(&["kittiwake-cli", "config", "show"]))?;
    if told.iter().any(|line| line.contains(PATH)) {
        Ok(())
    } else {
        Err(Stop::because(format!("`kittiwake-cli config show` does not name {PATH}:\n{}", told.join("\n"))))
    }
}

/// Whether a path outlives a removal, by Debian's rules.
pub fn stays(path: &str) -> bool {
    path == PATH || Path::new(PATH).parent().is_some_and(|folder| Path::new(path) == folder)
}

/// After a removal the file is there, and after a purge it is not.
pub fn purged(root: &CleanRoot) -> Result<()> {
    let file = inside(root.dir(), PATH);
    if !file.is_file() {
        return Err(Stop::because(format!("the removal took {PATH}, which an administrator may have changed")));
    }
    root.purge()?;
    match file.parent() {
        Some(folder) if folder.exists() => Err(Stop::because(format!("{} stays after a purge", folder.display()))),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_policy_and_its_folder_outlive_a_removal() {
        assert!(stays("/etc/kittiwake/policy.json") && stays("/etc/kittiwake"));
        assert!(!stays("/usr/bin/kittiwake") && !stays("/etc") && !stays("/usr/share/doc/kittiwake"));
    }
}

//! Node, the window's modules, and its build.

use std::{env, process::Command};

use crate::{
    progress::Progress,
    shell::{Result, Stop, do_it, npm, output, root},
    stamp::Stamp,
    system::{self, Family},
};

/// The oldest Node that the window's tools run on.
const OLDEST: (u32, u32) = (20, 19);

/// How many steps [`modules`] and [`build`] take.
pub const STEPS: usize = 2;

/// The version of Node, which must be new enough.
pub fn check() -> Result<String> {
    let found = output(Command::new("node").arg("--version")).map(|text| text.trim().to_owned());
    let how = match system::family() {
        Family::Debian => {
            "from https://nodejs.org or https://github.com/nodesource/distributions (Debian's own may be too old)"
        }
        Family::Fedora => "with `sudo dnf install nodejs`",
        Family::Arch => "with `sudo pacman -S nodejs npm`",
        Family::Mac => "with `brew install node`",
        Family::Windows => "with `winget install OpenJS.NodeJS.LTS`",
        Family::Other => "from https://nodejs.org",
    };
    let (major, minor) = OLDEST;
    match found {
        None => Err(Stop::because(format!("Node {major}.{minor} or newer is missing. Get it {how}, and try again."))),
        Some(version) if !is_new_enough(&version) => Err(Stop::because(format!(
            "Node {version} is too old: {major}.{minor} or newer is needed. Get it {how}, and try again."
        ))),
        Some(version) if output(&mut npm(&["--version"])).is_none() => {
            Err(Stop::because(format!("Node {version} is here, but npm is missing. Get it {how}, and try again.")))
        }
        Some(version) => Ok(version),
    }
}

/// Installs the window's modules from the lock file, unless they are those of the lock file already.
pub fn modules(progress: &mut Progress, node: &str) -> Result<()> {
    let stamp = Stamp::over("ui-modules", &["ui/package.json", "ui/package-lock.json"], node);
    if stamp.is_fresh() && root().join("ui/node_modules").is_dir() {
        progress.passed("Modules of the window", "up to date");
        return Ok(());
    }
    progress.step("Installing the modules of the window", || {
        do_it(&mut npm(&["ci", "--no-audit", "--no-fund"]))?;
        stamp.write()
    })
}

/// Builds the window's files, unless they were built from these sources.
pub fn build(progress: &mut Progress, node: &str) -> Result<()> {
    if is_built(node) {
        progress.passed("The window's files", "up to date");
        return Ok(());
    }
    progress.step("Building the window's files", || {
        do_it(&mut npm(&["run", "build"]))?;
        note_built(node)
    })
}

/// Whether `ui/dist` was made from the sources as they are.
pub fn is_built(node: &str) -> bool {
    built_stamp(node).is_fresh() && root().join("ui/dist/index.html").is_file()
}

/// Notes that it is.
pub fn note_built(node: &str) -> Result<()> {
    built_stamp(node).write()
}

fn built_stamp(node: &str) -> Stamp {
    let sources = [
        "ui/src",
        "ui/public",
        "ui/index.html",
        "ui/package.json",
        "ui/package-lock.json",
        "ui/vite.config.ts",
        "ui/tsconfig.json",
    ];
    Stamp::over("ui-dist", &sources, node)
}

fn is_new_enough(version: &str) -> bool {
    let mut numbers = version.trim_start_matches('v').split('.').map(|part| part.parse().unwrap_or(0));
    (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0)) >= OLDEST
}

/// Where npm keeps what it has downloaded, and its settings: they stay those of the person when HOME is another.
pub fn settings() -> Vec<(&'static str, String)> {
    let Some(home) = env::home_dir() else { return Vec::new() };
    let given = |name: &str| env::var_os(name).is_some();
    [("npm_config_cache", home.join(".npm")), ("npm_config_userconfig", home.join(".npmrc"))]
        .into_iter()
        .filter(|(name, _)| !given(name))
        .map(|(name, path)| (name, path.to_string_lossy().into_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_node_is_told_from_a_new_one() {
        assert!(is_new_enough("v20.19.0") && is_new_enough("v22.1.0"));
        assert!(!is_new_enough("v20.18.3") && !is_new_enough("v18.20.0") && !is_new_enough(""));
    }
}

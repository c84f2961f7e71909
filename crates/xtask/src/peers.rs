//! What the peers need that are tested against: a Python environment, and modules of Node.

use std::{fs, path::PathBuf, process::Command};

use crate::{
    progress::Progress,
    shell::{Result, Stop, do_it, npm_in, output, root},
    stamp::Stamp,
};

const REQUIREMENTS: &str = "tests/peers/requirements.txt";

/// The folder of the OpenID provider.
const OIDC: &str = "tests/peers/oidc";

/// How many steps [`ensure`] and [`modules`] take.
pub const STEPS: usize = 2;

/// Makes `target/peers/venv` with what the peers need, unless it is there.
pub fn ensure(progress: &mut Progress) -> Result<()> {
    let what = "Python environment of the peers";
    let Some(version) = output(Command::new("python3").arg("--version")) else {
        return Err(Stop::because(
            "Python 3.11 or newer is missing: the ChatKit peer needs it (`--fast` leaves it out).",
        ));
    };
    let stamp = Stamp::over("peers", &[REQUIREMENTS], &version);
    if stamp.is_fresh() && python().exists() {
        progress.passed(what, "up to date");
        return Ok(());
    }
    progress.step(&format!("Making the {what}"), || {
        // An environment of another version of Python, or half of one, is of no use.
        let _ = fs::remove_dir_all(venv());
        do_it(Command::new("python3").args(["-m", "venv"]).arg(venv()))?;
        let mut pip = Command::new(python());
        pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"])
            .arg(root().join(REQUIREMENTS));
        do_it(&mut pip)?;
        stamp.write()
    })
}

/// Installs the modules of the OpenID provider from its lock file, unless they are those of the lock file already.
pub fn modules(progress: &mut Progress, node: &str) -> Result<()> {
    let what = "Modules of the OpenID peer";
    let [package, lock] = ["package.json", "package-lock.json"].map(|name| format!("{OIDC}/{name}"));
    let stamp = Stamp::over("oidc-modules", &[&package, &lock], node);
    if stamp.is_fresh() && root().join(OIDC).join("node_modules").is_dir() {
        progress.passed(what, "up to date");
        return Ok(());
    }
    progress.step("Installing the modules of the OpenID peer", || {
        do_it(&mut npm_in(OIDC, &["ci", "--no-audit", "--no-fund"]))?;
        stamp.write()
    })
}

fn venv() -> PathBuf {
    root().join("target/peers/venv")
}

fn python() -> PathBuf {
    venv().join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" })
}

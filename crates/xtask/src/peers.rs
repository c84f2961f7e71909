//! The Python environment of the peers that are tested against.

use std::{fs, path::PathBuf, process::Command};

use crate::{
    progress::Progress,
    shell::{Result, Stop, do_it, output, root},
    stamp::Stamp,
};

const REQUIREMENTS: &str = "tests/peers/requirements.txt";

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

fn venv() -> PathBuf {
    root().join("target/peers/venv")
}

fn python() -> PathBuf {
    venv().join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" })
}

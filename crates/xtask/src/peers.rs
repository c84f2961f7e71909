//! What the peers need that are tested against: a Python environment, and modules of Node.

use std::{fs, path::PathBuf, process::Command};

use crate::{
    progress::Progress,
    shell::{Result, Stop, do_it, npm_in, output, root},
    stamp::Stamp,
};

/// An environment of Python under `target/peers`.
struct Environment {
    what: &'static str,
    folder: &'static str,
    /// What stands in it.
    requirements: &'static str,
    /// What pip is told beside that.
    manner: &'static [&'static str],
}

const ENVIRONMENTS: [Environment; 2] = [
    Environment {
        what: "Python environment of the peers",
        folder: "venv",
        requirements: "tests/peers/requirements.txt",
        manner: &[],
    },
    // One of its own, since it wants other versions of what both need. All that it needs is listed; what it asks for beside
    // that would make it almost twice as large.
    Environment {
        what: "Python environment of LiteLLM",
        folder: "litellm",
        requirements: "tests/peers/litellm-requirements.txt",
        manner: &["--no-deps"],
    },
];

/// The older versions of the ChatKit SDK that the peer runs on as well, each a folder of its own under `target/peers`, with
/// the requirements that name it.
const OLDER_SDKS: [&str; 2] = ["chatkit-1.0.2", "chatkit-1.4.0"];

/// The folder of the OpenID provider.
const OIDC: &str = "tests/peers/oidc";

/// How many steps [`ensure`] and [`modules`] take.
pub const STEPS: usize = ENVIRONMENTS.len() + OLDER_SDKS.len() + 1;

/// Makes the environments under `target/peers` that the peers need, unless they are there.
pub fn ensure(progress: &mut Progress) -> Result<()> {
    let Some(version) = output(Command::new("python3").arg("--version")) else {
        return Err(Stop::because(
            "Python 3.11 or newer is missing: the ChatKit peer needs it (`--fast` leaves it out).",
        ));
    };
    ENVIRONMENTS.iter().try_for_each(|environment| environment.ensure(progress, &version))?;
    OLDER_SDKS.iter().try_for_each(|sdk| older_sdk(progress, sdk, &version))
}

/// Puts an older SDK where the peer finds it before the newest one. It is one package; what it needs is there.
fn older_sdk(progress: &mut Progress, sdk: &str, python: &str) -> Result<()> {
    let requirements = format!("tests/peers/{sdk}.txt");
    let stamp = Stamp::over(&format!("peers-{sdk}"), &[&requirements], python);
    let folder = root().join("target/peers").join(sdk);
    let what = format!("Package {sdk} of the peers");
    if stamp.is_fresh() && folder.join("chatkit").is_dir() {
        progress.passed(&what, "up to date");
        return Ok(());
    }
    progress.step(&format!("Fetching the {what}"), || {
        let _ = fs::remove_dir_all(&folder);
        let mut pip = Command::new(ENVIRONMENTS[0].python());
        pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--target"]);
        do_it(pip.arg(&folder).arg("--requirement").arg(root().join(&requirements)))?;
        stamp.write()
    })
}

impl Environment {
    fn ensure(&self, progress: &mut Progress, version: &str) -> Result<()> {
        let stamp = Stamp::over(&format!("peers-{}", self.folder), &[self.requirements], version);
        if stamp.is_fresh() && self.python().exists() {
            progress.passed(self.what, "up to date");
            return Ok(());
        }
        progress.step(&format!("Making the {}", self.what), || {
            // An environment of another version of Python, or half of one, is of no use.
            let _ = fs::remove_dir_all(self.path());
            do_it(Command::new("python3").args(["-m", "venv"]).arg(self.path()))?;
            let mut pip = Command::new(self.python());
            pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]).args(self.manner);
            do_it(pip.arg("--requirement").arg(root().join(self.requirements)))?;
            stamp.write()
        })
    }

    fn path(&self) -> PathBuf {
        root().join("target/peers").join(self.folder)
    }

    fn python(&self) -> PathBuf {
        self.path().join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" })
    }
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

//! Programs that are run with the person's terminal, and where they are run.

use std::{
    env,
    path::{Path, PathBuf},
    process::{Command, ExitStatus, Stdio},
};

/// Why a command ends early: what to say, and the exit code.
#[derive(Debug)]
pub struct Stop {
    pub message: String,
    pub code: u8,
}

impl Stop {
    pub fn because(message: impl Into<String>) -> Self {
        Self { message: message.into(), code: 1 }
    }
}

pub type Result<T> = std::result::Result<T, Stop>;

/// The root of the repository. Cargo says where this crate stands now; the tree may have moved since it was built.
pub fn root() -> PathBuf {
    let here =
        env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    here.ancestors().nth(2).map_or(here.clone(), Path::to_path_buf)
}

/// Where Cargo puts its results: this program is one of them.
pub fn built(name: &str) -> Result<PathBuf> {
    let this = env::current_exe().map_err(|error| Stop::because(format!("where am I? {error}")))?;
    Ok(this.with_file_name(format!("{name}{}", env::consts::EXE_SUFFIX)))
}

/// The same, of the release profile.
pub fn released(name: &str) -> Result<PathBuf> {
    let built = built(name)?;
    let file = built.file_name().unwrap_or_default();
    Ok(built.ancestors().nth(2).unwrap_or(&built).join("release").join(file))
}

/// Cargo, the one that runs this.
pub fn cargo() -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root());
    // What Cargo tells this program about itself would make build scripts run again.
    for (name, _) in env::vars_os() {
        let name = name.to_string_lossy();
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
            cargo.env_remove(&*name);
        }
    }
    cargo
}

/// A program in the folder of the window.
pub fn npm(args: &[&str]) -> Command {
    npm_in("ui", args)
}

/// npm in a folder of the repository.
pub fn npm_in(folder: &str, args: &[&str]) -> Command {
    let mut npm = if cfg!(windows) { Command::new("cmd") } else { Command::new("npm") };
    if cfg!(windows) {
        npm.args(["/C", "npm"]);
    }
    npm.args(args).current_dir(root().join(folder));
    npm
}

/// Runs a program to its end with its output on the terminal, and stops when it fails.
pub fn do_it(command: &mut Command) -> Result<()> {
    let status = status(command)?;
    if status.success() { Ok(()) } else { Err(Stop::because(format!("this failed: {}", told(command)))) }
}

/// Runs a program to its end with its output on the terminal.
pub fn status(command: &mut Command) -> Result<ExitStatus> {
    command.status().map_err(|error| not_started(command, &error))
}

/// What a program says on standard output, when it succeeds.
pub fn output(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// A program that could not even be started.
pub fn not_started(command: &Command, error: &std::io::Error) -> Stop {
    Stop::because(format!("could not start {}: {error}", command.get_program().display()))
}

/// A command as a person would type it.
pub fn told(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let mut words = vec![program.file_stem().unwrap_or(program.as_os_str()).to_string_lossy().into_owned()];
    words.extend(command.get_args().map(|arg| arg.to_string_lossy().into_owned()));
    words.join(" ")
}

//! `cargo xtask run`.

use std::{
    env,
    io::{self, IsTerminal},
    process::{Command, ExitStatus},
};

use crate::{
    node,
    progress::Progress,
    shell::{Result, built, cargo, do_it, status, told},
    system::{self, Need},
};

/// What the Guide is asked when nobody can type.
const QUESTION: &str = "What is Kittiwake, and how do I connect it to my own assistant?";

pub struct Options {
    /// Whether missing system packages are installed, or only named.
    pub install: bool,
    /// Handed to the program.
    pub args: Vec<String>,
}

/// What is started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Host {
    Window,
    TerminalChat,
    OneQuestion,
}

/// Sets up, builds and starts; the exit code is the program's.
pub fn run(options: &Options) -> Result<u8> {
    match host(has_display(), io::stdin().is_terminal()) {
        Host::Window => window(options),
        host => terminal(host, options),
    }
}

fn host(display: bool, terminal: bool) -> Host {
    match (display, terminal) {
        (true, _) => Host::Window,
        (false, true) => Host::TerminalChat,
        (false, false) => Host::OneQuestion,
    }
}

fn has_display() -> bool {
    let given = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || given("DISPLAY") || given("WAYLAND_DISPLAY")
}

fn window(options: &Options) -> Result<u8> {
    let mut progress = Progress::new(3 + node::STEPS);
    system::ensure(&mut progress, Need::Desktop, options.install)?;
    let node = node::check()?;
    node::modules(&mut progress, &node)?;
    node::build(&mut progress, &node)?;
    build(&mut progress, "Kittiwake", "kittiwake")?;
    progress.begin("Starting Kittiwake, until its window is closed");
    start(Command::new(built("kittiwake")?).args(&options.args))
}

fn terminal(host: Host, options: &Options) -> Result<u8> {
    eprintln!("There is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set), so no window can open.");
    match host {
        Host::OneQuestion => {
            eprintln!("There is no terminal on standard input either: the Guide is asked one question.")
        }
        _ => eprintln!("The terminal chat starts instead."),
    }
    let mut progress = Progress::new(3);
    system::ensure(&mut progress, Need::Terminal, options.install)?;
    build(&mut progress, "the terminal program", "cli")?;
    let mut chat = Command::new(built("kittiwake-cli")?);
    match host {
        Host::OneQuestion => {
            progress.begin("Asking the Guide");
            eprintln!("> {QUESTION}\n");
            chat.args(["ask", QUESTION]);
        }
        _ => {
            progress.begin("Starting the terminal chat");
            chat.arg("chat");
        }
    }
    start(chat.args(&options.args))
}

/// Cargo itself knows what is up to date, and shows its own progress.
fn build(progress: &mut Progress, what: &str, package: &str) -> Result<()> {
    progress.step(&format!("Building {what}"), || do_it(cargo().args(["build", "--package", package])))
}

fn start(command: &mut Command) -> Result<u8> {
    let ended = status(command)?;
    if !ended.success() {
        eprintln!("{} ended with {ended}", told(command));
    }
    Ok(code(ended))
}

/// A program that a signal ended has no code; shells call that a failure too.
fn code(ended: ExitStatus) -> u8 {
    ended.code().map_or(1, |code| u8::try_from(code).unwrap_or(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_is_what_the_person_can_use() {
        assert_eq!(host(true, true), Host::Window);
        assert_eq!(host(true, false), Host::Window);
        assert_eq!(host(false, true), Host::TerminalChat);
        assert_eq!(host(false, false), Host::OneQuestion);
    }
}

//! `cargo xtask run`, `cargo xtask test`, `cargo xtask types`: the commands of this repository.
#![allow(clippy::print_stdout, reason = "the count of the tests is this program's output")]

mod capture;
mod counts;
mod display;
mod home;
mod node;
mod peers;
mod progress;
mod run;
mod shell;
mod stamp;
mod system;
mod test;
mod types;

use std::process::ExitCode;

use clap::{Arg, ArgAction, ArgMatches, Command};

use crate::shell::Stop;

fn main() -> ExitCode {
    let matches = commands().get_matches();
    let done = match matches.subcommand() {
        Some(("run", given)) => run::run(&run::Options { install: installs(given), args: rest(given) }),
        Some(("test", given)) => test::test(&test::Options {
            install: installs(given),
            fast: given.get_flag("fast"),
            filter: given.get_one::<String>("filter").cloned(),
        }),
        Some(("types", _)) => types::types(),
        _ => Ok(0),
    };
    match done {
        Ok(code) => ExitCode::from(code),
        Err(Stop { message, code }) => {
            eprintln!("\n{message}");
            ExitCode::from(code)
        }
    }
}

fn commands() -> Command {
    let no_install = Arg::new("no-install")
        .long("no-install")
        .action(ArgAction::SetTrue)
        .help("Only print how to install system packages that are missing, and stop");
    let run = Command::new("run")
        .about("Set up what is missing, build, and open Kittiwake on its Guide")
        .long_about(
            "Sets up what is missing, builds, and opens Kittiwake on its Guide.\n\n\
             Without a display the terminal chat starts instead; without a terminal on standard input the Guide is \
             asked one question.",
        )
        .arg(no_install.clone())
        .arg(Arg::new("args").last(true).num_args(0..).help("Handed to the program that is started"));
    let test = Command::new("test")
        .about("Set up what the tests need, run all of them, and count them")
        .arg(no_install)
        .arg(Arg::new("fast").long("fast").action(ArgAction::SetTrue).help("Leave out what needs a display or a peer"))
        .arg(Arg::new("filter").value_name("FILTER").help("Run only tests whose name holds this, and no lints"));
    let types = Command::new("types").about("Write the window's types (ui/src/gen) anew from the core's");
    Command::new("cargo xtask")
        .bin_name("cargo xtask")
        .about("The commands of this repository")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommands([run, test, types])
}

fn installs(given: &ArgMatches) -> bool {
    !given.get_flag("no-install")
}

fn rest(given: &ArgMatches) -> Vec<String> {
    given.get_many::<String>("args").into_iter().flatten().cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_commands_fit_together() {
        commands().debug_assert();
    }

    #[test]
    fn what_stands_after_the_dashes_is_the_programs() {
        let matches = commands().get_matches_from(["xtask", "run", "--no-install", "--", "--data-dir", "x"]);
        let (_, given) = matches.subcommand().unwrap();
        assert!(!installs(given));
        assert_eq!(rest(given), ["--data-dir", "x"]);
    }
}

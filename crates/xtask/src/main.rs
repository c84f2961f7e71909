//! `cargo xtask run`, `test`, `bench`, `package`, `icons`, `types`: the commands of this repository.
#![allow(clippy::print_stdout, reason = "the count of the tests and the list of packages are this program's output")]

mod bench;
mod capture;
mod counts;
mod display;
mod home;
mod node;
mod package;
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
        Some(("bench", given)) => bench::bench(&bench::Options {
            install: installs(given),
            json: given.get_flag("json"),
            filter: given.get_one::<String>("filter").cloned(),
        }),
        Some(("package", given)) => package::package(&package::Options {
            install: installs(given),
            bundles: given.get_many("bundles").map(|bundles| bundles.copied().collect()),
            check: given.get_flag("check"),
            policy: given.get_one("policy").cloned(),
        }),
        Some(("icons", _)) => package::icons::icons(),
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
        .arg(no_install.clone())
        .arg(Arg::new("fast").long("fast").action(ArgAction::SetTrue).help("Leave out what needs a display or a peer"))
        .arg(Arg::new("filter").value_name("FILTER").help("Run only tests whose name holds this, and no lints"));
    let bench = Command::new("bench")
        .about("Measure the released programs, each figure beside its limit or its peer")
        .arg(no_install.clone())
        .arg(Arg::new("json").long("json").action(ArgAction::SetTrue).help("Print JSON in place of the table"))
        .arg(Arg::new("filter").value_name("TOPIC").help("Measure only topics whose name holds this"));
    let package = Command::new("package")
        .about("Build the installers of this system into target/packages, with their checksums")
        .arg(no_install)
        .arg(
            Arg::new("bundles")
                .long("bundles")
                .value_name("KINDS")
                .value_delimiter(',')
                .value_parser(clap::value_parser!(package::Bundle))
                .help("Which: deb, rpm, appimage, dmg, msi, nsis; without it, those that can be made here"),
        )
        .arg(
            Arg::new("check")
                .long("check")
                .action(ArgAction::SetTrue)
                .help("Install the deb in a clean root, use it there, and remove it again (Debian, as root)"),
        )
        .arg(
            Arg::new("policy")
                .long("policy")
                .value_name("FILE")
                .value_parser(clap::value_parser!(std::path::PathBuf))
                .help("Put this policy file into them, for computers that are managed (docs/deploy.md)"),
        );
    let icons = Command::new("icons").about("Make every size of the icon anew from icons/kittiwake.svg");
    let types = Command::new("types").about("Write the window's types (ui/src/gen) anew from the core's");
    Command::new("cargo xtask")
        .bin_name("cargo xtask")
        .about("The commands of this repository")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommands([run, test, bench, package, icons, types])
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

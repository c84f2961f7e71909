//! Writes what packages carry beside `kittiwake-cli` into a folder: shell completions, man pages, and the licences of
//! the syntax definitions that are embedded in the programs.
//!
//! `cargo xtask package` runs it. It is an example so that the program itself carries none of it.

#[path = "../src/args.rs"]
#[allow(dead_code, reason = "only the definition is needed here, not what was typed")]
mod args;

use std::{env, error::Error, fs, path::PathBuf};

use clap::CommandFactory;
use clap_complete::{Shell, generate_to};
use two_face::acknowledgement;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(env::args_os().nth(1).ok_or("name the folder to write into")?);
    let at = |name: &str| -> Result<PathBuf, std::io::Error> {
        let folder = folder.join(name);
        fs::create_dir_all(&folder)?;
        Ok(folder)
    };
    for shell in [Shell::Bash, Shell::Zsh, Shell::Fish, Shell::PowerShell] {
        generate_to(shell, &mut args::Cli::command(), "kittiwake-cli", at("completions")?)?;
    }
    // The pages of `help` would say what `--help` says.
    clap_mangen::generate_to(args::Cli::command().disable_help_subcommand(true), at("man")?)?;
    fs::write(at("licences")?.join("syntaxes.txt"), syntaxes())?;
    Ok(())
}

/// The texts that have to go along with the embedded syntax definitions.
fn syntaxes() -> String {
    let listing = acknowledgement::listing();
    let texts = listing.for_syntaxes().iter().map(|licence| licence.text.trim());
    texts.collect::<Vec<_>>().join("\n\n----\n\n")
}

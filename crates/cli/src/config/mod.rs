//! `config`: files of settings. Their descriptions, what is wrong in one, and what is in force.

mod check;
mod described;
mod finding;
mod keys;
mod sense;
mod shape;
mod show;

#[cfg(test)]
mod tests;

use std::{
    io::{self, Write},
    path::PathBuf,
};

use crate::{
    args::Config,
    exit::{Exit, Trouble},
};

/// Does what was asked for.
///
/// # Errors
///
/// If a file cannot be read, or nothing can be printed.
pub fn run(data_dir: Option<PathBuf>, config: &Config) -> Result<Exit, Trouble> {
    match config {
        Config::Schema { kind } => {
            let mut out = io::stdout().lock();
            out.write_all(described::text(*kind).as_bytes())?;
            out.flush()?;
            Ok(Exit::Done)
        }
        Config::Check(check) => check::run(check),
        Config::Show { json } => show::run(data_dir, *json),
    }
}

//! `cargo xtask types`.

use crate::shell::{Result, cargo, do_it};

/// Writes `ui/src/gen` anew from the types of the core.
pub fn types() -> Result<u8> {
    let mut generate = cargo();
    generate.args(["test", "--package", "acceptance", "--test", "types"]).env("KITTIWAKE_UPDATE_TYPES", "1");
    do_it(&mut generate)?;
    eprintln!("ui/src/gen is up to date");
    Ok(0)
}

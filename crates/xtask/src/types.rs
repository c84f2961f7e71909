//! `cargo xtask types`.

use crate::shell::{Result, cargo, do_it};

/// Writes `ui/src/gen` and `docs/schemas` anew from the types of the core.
pub fn types() -> Result<u8> {
    let mut generate = cargo();
    generate.args(["test", "--package", "acceptance", "--test", "types"]).env("KITTIWAKE_UPDATE_TYPES", "1");
    do_it(&mut generate)?;
    let mut describe = cargo();
    describe.args(["test", "--package", "acceptance", "--test", "schemas"]).env("KITTIWAKE_UPDATE_SCHEMAS", "1");
    do_it(&mut describe)?;
    eprintln!("ui/src/gen and docs/schemas are up to date");
    Ok(0)
}

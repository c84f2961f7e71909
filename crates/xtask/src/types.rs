//! `cargo xtask types`.

use crate::shell::{Result, cargo, do_it};

/// Writes `ui/src/gen` and `docs/schemas` anew from the types of the core.
pub fn types() -> Result<u8> {
    let mut generate = cargo();
    generate.args(["test", "--package", "acceptance", "--test", "repository", "--", "types::", "schemas::"]);
    generate.env("KITTIWAKE_UPDATE_TYPES", "1").env("KITTIWAKE_UPDATE_SCHEMAS", "1");
    do_it(&mut generate)?;
    eprintln!("ui/src/gen and docs/schemas are up to date");
    Ok(0)
}

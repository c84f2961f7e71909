//! `cargo xtask icons`: every size of the icon, from the one drawing.

use std::fs;

use super::{
    place::{Place, emptied},
    quietly, tauri, trouble,
};
use crate::{
    node,
    progress::Progress,
    shell::{Result, root},
};

/// The sizes that desktops ask for.
pub const SIZES: [u32; 8] = [16, 24, 32, 48, 64, 128, 256, 512];

/// Makes the pictures in `icons/` anew from `icons/kittiwake.svg`.
pub fn icons() -> Result<u8> {
    let mut progress = Progress::new(node::STEPS);
    let node = node::check()?;
    node::modules(&mut progress, &node)?;
    let made = Place::find()?.stage().join("icons");
    let folder = root().join("icons");
    progress.step("Drawing the icon in all sizes", || {
        emptied(&made)?;
        let draw = |more: &[&str]| {
            let mut draw = tauri(&["icon"]);
            draw.arg(folder.join("kittiwake.svg")).arg("--output").arg(&made).args(more);
            quietly(&mut draw)
        };
        // Without sizes it makes the files of Windows and macOS, among others that are not needed here.
        draw(&[])?;
        let sizes = SIZES.map(|size| size.to_string()).join(",");
        draw(&["--png", &sizes])?;
        let pictures = SIZES.map(|size| (format!("{size}x{size}.png"), format!("{size}.png")));
        let others = ["ico", "icns"].map(|kind| (format!("icon.{kind}"), format!("kittiwake.{kind}")));
        for (from, to) in pictures.iter().chain(&others) {
            let from = made.join(from);
            fs::copy(&from, folder.join(to)).map_err(trouble(&from))?;
        }
        Ok(())
    })?;
    Ok(0)
}

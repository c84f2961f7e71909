//! How large it is on disk and on the way.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{
    Error, Options,
    row::{Row, Target, Unit},
};

/// The heading.
const TOPIC: &str = "Size";

/// The package, the programs, the files of the window.
///
/// # Errors
///
/// If something is not built.
pub async fn rows(options: &Options) -> Result<Vec<Row>, Error> {
    let mut rows = Vec::new();
    if let Some(deb) = package(&options.packages, "deb") {
        rows.push(row("deb", size(&deb)?).limit(Target::AtMost(10.0)));
    }
    for (what, file) in [("kittiwake", "kittiwake"), ("kittiwake-cli", "kittiwake-cli")] {
        rows.push(row(what, size(&options.programs.join(file))?));
    }
    let (plain, packed) = window(Path::new("ui/dist"))?;
    rows.push(row("files of the window", plain));
    rows.push(row("files of the window, each compressed with gzip", packed));
    Ok(rows)
}

fn row(what: &str, bytes: u64) -> Row {
    #[allow(clippy::cast_precision_loss, reason = "sizes of files are far below 2^52")]
    Row::new(TOPIC, what, bytes as f64 / f64::from(1 << 20), Unit::Mebibytes)
}

fn size(file: &Path) -> Result<u64, Error> {
    let of = fs::metadata(file).map_err(|error| format!("{}: {error}", file.display()))?;
    Ok(of.len())
}

/// The newest package of a kind.
fn package(folder: &Path, kind: &str) -> Option<PathBuf> {
    let files = fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path());
    let of_kind = files.filter(|path| path.extension().is_some_and(|extension| extension == kind));
    of_kind.max_by_key(|path| fs::metadata(path).and_then(|of| of.modified()).ok())
}

/// The bytes of all files below a folder, as they are and compressed one by one.
fn window(folder: &Path) -> Result<(u64, u64), Error> {
    let (mut plain, mut packed) = (0, 0);
    for entry in fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            let below = window(&path)?;
            plain += below.0;
            packed += below.1;
        } else {
            let bytes = fs::read(&path)?;
            let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
            std::io::Write::write_all(&mut encoder, &bytes)?;
            plain += bytes.len() as u64;
            packed += encoder.finish()?.len() as u64;
        }
    }
    Ok((plain, packed))
}

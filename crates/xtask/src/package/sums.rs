//! Sizes and checksums of what was made.

use std::{
    fmt::Write as _,
    fs, io,
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

use super::{
    place::{self, Place},
    trouble,
};
use crate::shell::Result;

/// Writes `SHA256SUMS`, in the form that `sha256sum --check` reads, and gives a line for each file.
pub fn write(place: &Place, made: &[PathBuf]) -> Result<Vec<String>> {
    let (mut sums, mut lines) = (String::new(), Vec::new());
    for file in made {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let sum = sha256(file)?;
        let size = fs::metadata(file).map_err(trouble(file))?.len();
        let _ = writeln!(sums, "{sum}  {name}");
        lines.push(format!("{name}  {}  {sum}", megabytes(size)));
    }
    place::write(&place.packages().join("SHA256SUMS"), sums)?;
    Ok(lines)
}

fn sha256(file: &Path) -> Result<String> {
    let mut hasher = Sha256::new();
    let mut source = fs::File::open(file).map_err(trouble(file))?;
    let mut buffer = vec![0; 1 << 16];
    loop {
        match io::Read::read(&mut source, &mut buffer).map_err(trouble(file))? {
            0 => break,
            read => hasher.update(&buffer[..read]),
        }
    }
    Ok(hasher.finalize().iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    }))
}

fn megabytes(bytes: u64) -> String {
    format!("{}.{:02} MB", bytes / 1_000_000, bytes % 1_000_000 / 10_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_those_that_sha256sum_knows() {
        let dir = tempfile::tempdir().unwrap();
        let place = Place::at(dir.path());
        let file = dir.path().join("a.deb");
        fs::write(&file, "abc").unwrap();
        let lines = write(&place, &[file]).unwrap();
        let sum = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(lines, [format!("a.deb  0.00 MB  {sum}")]);
        assert_eq!(fs::read_to_string(place.packages().join("SHA256SUMS")).unwrap(), format!("{sum}  a.deb\n"));
    }

    #[test]
    fn sizes_are_in_megabytes() {
        assert_eq!(megabytes(9_876_543), "9.87 MB");
        assert_eq!(megabytes(10_050_000), "10.05 MB");
    }
}

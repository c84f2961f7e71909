//! The system's dialogs for files: the person says where, and nothing else is read or written.

use std::{
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
};

use engine::view::ConnectionFile;
use model::{Failure, FailureCode};
use tauri::{WebviewWindow, Wry};
use tauri_plugin_dialog::{DialogExt, FileDialogBuilder, FilePath};
use tokio::sync::oneshot;

/// More than this is not the file of a connection, in bytes.
const LARGEST: u64 = 1 << 20;

/// Asks where a file is to be, and writes it there. `None` if the person changed their mind.
///
/// # Errors
///
/// If it cannot be written there.
pub async fn save(window: &WebviewWindow<Wry>, title: &str, file: &ConnectionFile) -> Result<Option<PathBuf>, Failure> {
    let dialog = dialog(window, title).set_file_name(&file.name);
    let (answer, chosen) = oneshot::channel();
    dialog.save_file(|path| drop(answer.send(path)));
    written(chosen, &file.json).await
}

/// The same for what went over the wire.
///
/// # Errors
///
/// As [`save`].
pub async fn save_trace(window: &WebviewWindow<Wry>, trace: &str) -> Result<Option<PathBuf>, Failure> {
    let (answer, chosen) = oneshot::channel();
    let dialog = window.dialog().file().set_parent(window).set_title("Save as a trace");
    let dialog = dialog.add_filter("Traces", &["txt"]).set_file_name("trace.txt");
    dialog.save_file(|path| drop(answer.send(path)));
    written(chosen, trace).await
}

async fn written(chosen: oneshot::Receiver<Option<FilePath>>, text: &str) -> Result<Option<PathBuf>, Failure> {
    let Some(path) = local(chosen.await.ok().flatten())? else { return Ok(None) };
    fs::write(&path, text).map_err(|error| {
        let words = format!("“{}” cannot be written. Choose another place, or see that there is room.", path.display());
        Failure::new(FailureCode::DiskFull, words).with_detail(error.to_string())
    })?;
    Ok(Some(path))
}

/// Asks for a file, and reads it: its name and what is in it. `None` if the person changed their mind.
///
/// # Errors
///
/// If it cannot be read, or is far too large for what it should be.
pub async fn pick(window: &WebviewWindow<Wry>, title: &str) -> Result<Option<(String, Vec<u8>)>, Failure> {
    let (answer, chosen) = oneshot::channel();
    dialog(window, title).pick_file(|path| drop(answer.send(path)));
    let Some(path) = local(chosen.await.ok().flatten())? else { return Ok(None) };
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    match read(&path) {
        Ok(bytes) => Ok(Some((name, bytes))),
        Err(error) => {
            let words = format!("“{name}” cannot be read. Choose another file.");
            Err(Failure::new(FailureCode::BadInput, words).with_detail(error.to_string()))
        }
    }
}

/// Asks for files, and reads none of them. Empty if the person changed their mind.
///
/// # Errors
///
/// If one is not on this computer.
pub async fn pick_all(window: &WebviewWindow<Wry>, title: &str) -> Result<Vec<PathBuf>, Failure> {
    let (answer, chosen) = oneshot::channel();
    let dialog = window.dialog().file().set_parent(window).set_title(title);
    dialog.pick_files(|paths| drop(answer.send(paths)));
    let chosen = chosen.await.ok().flatten().unwrap_or_default();
    chosen.into_iter().filter_map(|path| local(Some(path)).transpose()).collect()
}

fn dialog(window: &WebviewWindow<Wry>, title: &str) -> FileDialogBuilder<Wry> {
    window.dialog().file().set_parent(window).set_title(title).add_filter("Connections", &["json"])
}

fn local(chosen: Option<FilePath>) -> Result<Option<PathBuf>, Failure> {
    let into_path = |chosen: FilePath| {
        chosen.into_path().map_err(|_| {
            Failure::new(FailureCode::BadInput, "This place is not on this computer. Choose a folder that is.")
        })
    };
    chosen.map(into_path).transpose()
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let length = File::open(path)?.take(LARGEST + 1).read_to_end(&mut bytes)?;
    if length as u64 > LARGEST {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, "it is larger than a mebibyte"));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_file_is_not_read_into_memory() {
        let dir = tempfile::tempdir().unwrap();
        let (small, large) = (dir.path().join("small"), dir.path().join("large"));
        fs::write(&small, b"{}").unwrap();
        File::create(&large).unwrap().set_len(LARGEST + 1).unwrap();
        assert_eq!(read(&small).unwrap(), b"{}");
        assert_eq!(read(&large).unwrap_err().kind(), io::ErrorKind::FileTooLarge);
        assert!(read(dir.path()).is_err());
    }
}

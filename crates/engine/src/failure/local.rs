//! Failures of what is kept on this computer.

use std::path::Path;

use history::HistoryError;
use model::{Failure, FailureCode, Finding};

/// What happened to the local store.
pub fn in_history(error: &HistoryError) -> Failure {
    let (code, message) = match error {
        HistoryError::NewerVersion { .. } => (
            FailureCode::NewerVersion,
            "The conversations on this computer were written by a newer Kittiwake. They are left as they are; update \
             Kittiwake to read them.",
        ),
        HistoryError::DiskFull { .. } => (
            FailureCode::DiskFull,
            "The disk is full. Everything shown before is safe; free some space so that what comes now is kept too.",
        ),
        HistoryError::ReadOnly { .. } => (
            FailureCode::DiskFull,
            "The data folder cannot be written to, so conversations are not kept. Check its permissions.",
        ),
        _ => (
            FailureCode::DataDamaged,
            "The conversations on this computer could not be read or written. What is on screen stays until Kittiwake \
             is closed.",
        ),
    };
    let finding = match error {
        HistoryError::DiskFull { .. } => Some(Finding::DiskFull),
        HistoryError::ReadOnly { .. } => Some(Finding::FolderReadOnly),
        _ => None,
    };
    Failure { finding, ..Failure::new(code, message).with_detail(error.to_string()) }
}

/// What happened when the local store in a folder was opened. Nothing of it was changed.
pub fn in_opening(error: &HistoryError, dir: &Path) -> Failure {
    let dir = dir.display();
    let elsewhere = "start Kittiwake with another folder, as in “--data-dir FOLDER”";
    let message = match error {
        HistoryError::NewerVersion { .. } => format!(
            "The conversations in “{dir}” were written by a newer Kittiwake and are left as they are. Update Kittiwake to \
             read them, or {elsewhere}."
        ),
        HistoryError::DiskFull { .. } => format!(
            "There is no room left on the disk of “{dir}”, so your conversations cannot be opened. Free some space and \
             start Kittiwake again, or {elsewhere}."
        ),
        HistoryError::ReadOnly { .. } => format!(
            "Nothing can be written to “{dir}”, so your conversations cannot be opened. Allow Kittiwake to write there and \
             start it again, or {elsewhere}."
        ),
        HistoryError::Busy => format!(
            "Another program holds the conversations in “{dir}”. Close it and start Kittiwake again, or {elsewhere}."
        ),
        _ => format!(
            "The conversations in “{dir}” could not be opened. Start Kittiwake again; if that does not help, {elsewhere}."
        ),
    };
    Failure { message, ..in_history(error) }
}

//! What can go wrong with the local store.

use std::io::{self, ErrorKind};

use rusqlite::ffi;

/// What went wrong with the local store. Of a call that writes and fails, nothing was written, and everything from
/// before is as it was.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HistoryError {
    /// The file was written by a newer version, and is left as it is.
    #[error("the file has version {found}, and this program knows up to version {known}")]
    NewerVersion {
        /// The file's version.
        found: i64,
        /// The newest that this program knows.
        known: u32,
    },
    /// There is no room. What was written before is safe.
    #[error("the disk is full: {detail}")]
    DiskFull {
        /// What SQLite or the system says.
        detail: String,
    },
    /// The file or its folder cannot be written.
    #[error("the file cannot be written: {detail}")]
    ReadOnly {
        /// What SQLite or the system says.
        detail: String,
    },
    /// The file is no database of this program, or its content cannot be right.
    #[error("the file is damaged: {detail}")]
    Damaged {
        /// What SQLite says.
        detail: String,
    },
    /// Another process kept writing for too long.
    #[error("the file is in use by another process")]
    Busy,
    /// Anything else.
    #[error("{detail}")]
    Other {
        /// What SQLite or the system says.
        detail: String,
    },
}

impl From<rusqlite::Error> for HistoryError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::{Error, ErrorCode};

        let detail = error.to_string();
        match error {
            Error::SqliteFailure(cause, _) => match cause.code {
                ErrorCode::DiskFull => Self::DiskFull { detail },
                // The index of the write-ahead log is a file as well, and has an error of its own for a full disk.
                ErrorCode::SystemIoFailure if cause.extended_code == ffi::SQLITE_IOERR_SHMSIZE => {
                    Self::DiskFull { detail }
                }
                ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied => Self::ReadOnly { detail },
                ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => Self::Damaged { detail },
                ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Self::Busy,
                _ => Self::Other { detail },
            },
            Error::FromSqlConversionFailure(..) | Error::InvalidColumnType(..) | Error::Utf8Error(..) => {
                Self::Damaged { detail }
            }
            _ => Self::Other { detail },
        }
    }
}

impl From<io::Error> for HistoryError {
    fn from(error: io::Error) -> Self {
        let detail = error.to_string();
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::DiskFull { detail },
            // A folder cannot be made where a file is.
            ErrorKind::PermissionDenied
            | ErrorKind::ReadOnlyFilesystem
            | ErrorKind::NotADirectory
            | ErrorKind::AlreadyExists => Self::ReadOnly { detail },
            _ => Self::Other { detail },
        }
    }
}

impl From<serde_json::Error> for HistoryError {
    fn from(error: serde_json::Error) -> Self {
        Self::Other { detail: error.to_string() }
    }
}

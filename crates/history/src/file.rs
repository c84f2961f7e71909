//! The file: who may read it, how it is opened, and what happens to one that is damaged.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, ErrorKind},
    path::{Path, PathBuf},
    time::Duration,
};

use rusqlite::{Connection, OpenFlags, config::DbConfig};

use crate::{History, Opened, error::HistoryError, schema};

/// How long to wait for another process that writes.
const BUSY: Duration = Duration::from_secs(5);

/// What SQLite keeps beside a file: its write-ahead log, and the index of that.
const COMPANIONS: [&str; 2] = ["-wal", "-shm"];

/// See [`History::open`].
pub fn open(path: &Path) -> Result<Opened, HistoryError> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        make_folder(folder)?;
    }
    match attempt(path) {
        Ok(history) => Ok(Opened { history, set_aside: None }),
        Err(HistoryError::Damaged { .. }) => {
            let set_aside = Some(set_aside(path)?);
            Ok(Opened { history: attempt(path)?, set_aside })
        }
        Err(error) => Err(error),
    }
}

fn attempt(path: &Path) -> Result<History, HistoryError> {
    let size = make_file(path)?;
    let doubted = doubt_of(path).exists() || length(&beside(path, "-wal"))? > 0;
    if size > 0 {
        look(path)?;
    }
    let mut db = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    configure(&db)?;
    schema::recognise(&db)?;
    if doubted {
        check(&db)?;
        remove(&doubt_of(path))?;
    }
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
    schema::migrate(&mut db)?;
    let mut history = History { db, path: Some(path.to_owned()) };
    history.index_the_rest()?;
    Ok(history)
}

/// Whether the file is one for this program, seen without changing a byte of it.
fn look(path: &Path) -> Result<(), HistoryError> {
    schema::recognise(&connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?)
}

/// A connection that leaves the file alone when it is closed, until it is known to be sound.
fn connect(path: &Path, access: OpenFlags) -> Result<Connection, HistoryError> {
    let db = Connection::open_with_flags(path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    db.busy_timeout(BUSY)?;
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    Ok(db)
}

/// Settings of a connection.
///
/// `synchronous = FULL` brings every transaction to the disk itself, not only to the system: after a power cut
/// nothing is missing that was acknowledged. It costs one `fsync` a transaction, and there are at most a handful a
/// second. `NORMAL` would survive a kill just as well, but could lose all since the last checkpoint with the power,
/// which in a chat may be an hour.
pub fn configure(db: &Connection) -> Result<(), HistoryError> {
    db.busy_timeout(BUSY)?;
    db.execute_batch(
        "PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         PRAGMA foreign_keys = ON;
         PRAGMA secure_delete = ON;
         PRAGMA temp_store = MEMORY;
         PRAGMA journal_size_limit = 4194304;
         PRAGMA trusted_schema = OFF;",
    )?;
    Ok(())
}

/// Reads the whole file. Done only when there is a reason: the last program that had it did not close it, or met damage.
fn check(db: &Connection) -> Result<(), HistoryError> {
    let verdict: String = db.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    match verdict.as_str() {
        "ok" => Ok(()),
        _ => Err(HistoryError::Damaged { detail: verdict }),
    }
}

/// Has the file checked when it is opened the next time. If even this cannot be written, the next damage will be.
pub fn doubt(path: &Path) {
    let _ = File::create(doubt_of(path));
}

fn doubt_of(path: &Path) -> PathBuf {
    path.with_extension("doubted")
}

/// Gives a damaged file, and what belongs to it, a name that is free.
fn set_aside(path: &Path) -> Result<PathBuf, HistoryError> {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let names = (1_u32..).map(|n| path.with_file_name(format!("{stem}.damaged-{n}.sqlite")));
    let free = |name: &PathBuf| !name.exists() && COMPANIONS.iter().all(|end| !beside(name, end).exists());
    let mut names = names.filter(free);
    let name = names.next().ok_or_else(|| HistoryError::Other { detail: "no name is free".to_owned() })?;
    // The log goes first: one that were left behind would be taken for that of the new file.
    for end in COMPANIONS {
        match fs::rename(beside(path, end), beside(&name, end)) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    fs::rename(path, &name)?;
    remove(&doubt_of(path))?;
    Ok(name)
}

/// The name of a file that SQLite keeps beside another.
fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    name.into()
}

fn length(path: &Path) -> io::Result<u64> {
    match fs::metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(0),
        found => Ok(found?.len()),
    }
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Makes a folder that only this user can enter. One that exists is left as it is: it may be shared on purpose.
fn make_folder(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Makes a file that only this user can read, or makes an existing one so; how long it is. SQLite gives what it keeps
/// beside it the same permissions.
fn make_file(path: &Path) -> Result<u64, HistoryError> {
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    let found = file.metadata()?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;

        if found.permissions().mode() & 0o077 != 0 {
            file.set_permissions(fs::Permissions::from_mode(0o600))?;
        }
    }
    Ok(found.len())
}

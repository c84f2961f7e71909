//! This computer's part: the keychain, and the data folder.

use std::{
    fs, io,
    io::Write as _,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use directories::BaseDirs;
use model::{Connection, Finding};
use uuid::Uuid;

use super::{
    Subject,
    chain::{Chain, Seen, Wrong},
    words::{size, span},
};
use crate::{
    engine::Engine,
    folder::unwritten,
    session::{Sessions, named_origins},
    view::CheckStepKind,
};

/// A keychain that takes longer is worth a look: the person waits for it before each first message.
const SLOW: Duration = Duration::from_secs(1);

/// Less room than this is hardly any, in bytes.
const ROOM: u64 = 100 << 20;

/// So much is written to see whether anything can be, in bytes. A disk may take an empty file and nothing more.
const SAMPLE: usize = 64 << 10;

/// The steps as they are shown before they begin.
pub(super) fn planned(engine: &Engine, connection: &Connection, subject: &Subject) -> Vec<(CheckStepKind, String)> {
    let keychain = asks_keychain(engine, connection, subject);
    let keychain = keychain.then(|| (CheckStepKind::Keychain, "Keychain".to_owned()));
    let folder = engine.folder().map(|_| (CheckStepKind::Folder, "Data folder".to_owned()));
    keychain.into_iter().chain(folder).collect()
}

/// The steps that were planned.
pub(super) async fn walk(engine: &Engine, chain: &mut Chain, connection: &Connection, subject: &Subject) -> Option<()> {
    if asks_keychain(engine, connection, subject) {
        chain.step(keychain(&engine.shared.sessions, connection)).await?;
    }
    match engine.folder() {
        Some(folder) => chain.step(data_folder(folder.to_owned())).await,
        None => Some(()),
    }
}

/// Whether anything of a connection is kept in the keychain. Of one that was only typed nothing is.
fn asks_keychain(engine: &Engine, connection: &Connection, subject: &Subject) -> bool {
    let keeps = needs_keychain(connection) || connection.is_made();
    matches!(subject, Subject::Kept) && keeps && !engine.is_builtin(&connection.id)
}

/// Whether nothing can be asked of the server without it. A session alone is made anew where none is kept.
fn needs_keychain(connection: &Connection) -> bool {
    connection.needs_key() || !connection.sign_in.is_key() || !named_origins(connection).is_empty()
}

async fn keychain(sessions: &Sessions, connection: &Connection) -> Result<((), Seen), Wrong> {
    let began = Instant::now();
    let kept = sessions.kept(connection).await;
    let took = began.elapsed();
    let seen = match kept {
        Ok(_) if took > SLOW => {
            let words = format!("What is kept of this connection was read, and that took {}.", span(took));
            Seen::noted(words).found(Finding::KeychainSlow)
        }
        Ok(Some(_)) => Seen::new("What is kept of this connection can be read."),
        Ok(None) => Seen::new("Nothing is kept of this connection."),
        Err(failure) if needs_keychain(connection) => return Err(failure.into()),
        Err(failure) => {
            let words = format!("{} This connection works without: it makes a new session each time.", failure.message);
            Seen { finding: failure.finding, ..Seen::noted(words) }
        }
    };
    Ok(((), seen))
}

/// Whether the data folder can be written to, and how much room there is. A server can be talked to without that, so
/// nothing fails here.
async fn data_folder(folder: PathBuf) -> Result<((), Seen), Wrong> {
    let seen = tokio::task::spawn_blocking(move || look(&folder)).await;
    Ok(((), seen.unwrap_or_else(|_| Seen::noted("The data folder could not be looked at. Test again."))))
}

fn look(folder: &Path) -> Seen {
    let room = fs4::available_space(folder).ok();
    let seen = match (try_out(folder), room) {
        (Err(error), _) => unwritable(&error),
        (Ok(()), Some(room)) if room < ROOM => {
            let words = format!("It can be written to, but its disk has only {} left. Free some space.", size(room));
            Seen::noted(words).found(Finding::DiskFull)
        }
        (Ok(()), _) => Seen::new("It can be written to."),
    };
    let seen = seen.fact("Folder", shown(folder));
    match room {
        Some(room) => seen.fact("Room", size(room)),
        None => seen,
    }
}

fn unwritable(error: &io::Error) -> Seen {
    let why = match unwritten(error) {
        Some(Finding::DiskFull) => "there is no room left on its disk. Free some space.".to_owned(),
        Some(_) => "this account may not, or its disk is read-only.".to_owned(),
        None => format!("{error}."),
    };
    let words = format!("Nothing can be written to it, so conversations are not kept: {why}");
    Seen { finding: unwritten(error), ..Seen::noted(words) }
}

/// Writes something, and takes it away again.
fn try_out(folder: &Path) -> io::Result<()> {
    let path = folder.join(format!("written-by-a-test-{}", Uuid::new_v4().simple()));
    let written = fs::File::create_new(&path).and_then(|mut file| {
        file.write_all(&[0; SAMPLE])?;
        file.sync_all()
    });
    let removed = if written.is_err() && !path.exists() { Ok(()) } else { fs::remove_file(&path) };
    written.and(removed)
}

/// A folder as it is told to others: the report need not say who the person is.
fn shown(folder: &Path) -> String {
    let below_home = BaseDirs::new().and_then(|dirs| Some(folder.strip_prefix(dirs.home_dir()).ok()?.to_owned()));
    match below_home {
        Some(below) => Path::new("~").join(below).display().to_string(),
        None => folder.display().to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_looked_at_and_left_as_it_was() {
        let dir = tempfile::tempdir().unwrap();
        let seen = look(dir.path());
        assert!(seen.line.starts_with("It can be written to"), "{seen:?}");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
        let names: Vec<_> = seen.facts.iter().map(|fact| fact.name.as_str()).collect();
        assert_eq!(names, ["Folder", "Room"]);
        let home = BaseDirs::new().unwrap().home_dir().join("Kittiwake");
        assert_eq!(shown(&home), Path::new("~").join("Kittiwake").display().to_string());
    }

    #[test]
    fn a_folder_in_which_nothing_can_be_written_says_why() {
        let of = |kind| unwritable(&io::Error::from(kind));
        assert_eq!(of(io::ErrorKind::StorageFull).finding, Some(Finding::DiskFull));
        assert_eq!(of(io::ErrorKind::ReadOnlyFilesystem).finding, Some(Finding::FolderReadOnly));
        assert_eq!(of(io::ErrorKind::PermissionDenied).finding, Some(Finding::FolderReadOnly));
        assert_eq!(of(io::ErrorKind::NotADirectory).finding, None);
    }
}

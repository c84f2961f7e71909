//! Whether a file is the administrator's: nobody else can have written it.

use std::{
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
};

use super::Environment;

/// The largest policy that is read, in bytes.
const LARGEST: u64 = 16 << 20;

/// Who may have written a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Writer {
    /// The administrator alone.
    Administrator,
    /// The person as well: it is only tried out.
    Person,
}

/// Where a policy is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyPlace {
    /// The file.
    pub file: PathBuf,
    /// Who may have written it.
    pub writer: Writer,
}

/// Where this computer's policy is, if it has one: at the system's place, or else, to be tried out, the file of
/// `KITTIWAKE_POLICY`.
pub fn policy_place(environment: &Environment) -> Option<PolicyPlace> {
    let file = system_place();
    // What cannot be looked at may be there.
    let absent = fs::symlink_metadata(&file)
        .is_err_and(|error| matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory));
    if !absent {
        return Some(PolicyPlace { file, writer: Writer::Administrator });
    }
    environment.policy().map(|file| PolicyPlace { file, writer: Writer::Person })
}

/// The place for a policy on this system, whether there is one or not.
pub fn system_place() -> PathBuf {
    if cfg!(windows) {
        let programs = std::env::var_os("ProgramData").filter(|folder| !folder.is_empty());
        PathBuf::from(programs.unwrap_or_else(|| r"C:\ProgramData".into())).join("Kittiwake").join("policy.json")
    } else if cfg!(target_os = "macos") {
        PathBuf::from("/Library/Application Support/Kittiwake/policy.json")
    } else {
        PathBuf::from("/etc/kittiwake/policy.json")
    }
}

/// What stands in a policy.
///
/// # Errors
///
/// Why it is not used, in words that go on after “it is not used:”, without an end.
pub(super) fn text(place: &PolicyPlace) -> Result<String, String> {
    let file = &place.file;
    let unreadable = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => format!("there is no “{}”", file.display()),
        io::ErrorKind::InvalidData => "it is not a text in UTF-8".to_owned(),
        _ => format!("“{}” cannot be read ({error})", file.display()),
    };
    if !fs::metadata(file).map_err(unreadable)?.is_file() {
        return Err(format!("“{}” is not a file", file.display()));
    }
    trusted(file, place.writer)?;
    let mut text = String::new();
    let mut reader = File::open(file).map_err(unreadable)?.take(LARGEST + 1);
    let length = reader.read_to_string(&mut text).map_err(unreadable)?;
    if length as u64 > LARGEST {
        return Err(format!("“{}” is larger than {} MiB, which no policy is", file.display(), LARGEST >> 20));
    }
    Ok(text)
}

/// Looks at the file, at every folder above it, and at what links on the way point to.
#[cfg(unix)]
fn trusted(file: &Path, writer: Writer) -> Result<(), String> {
    use fs_mistrust::{Error, Mistrust};

    let mut mistrust = Mistrust::builder();
    mistrust.ignore_environment().trust_no_group_id();
    if writer == Writer::Administrator {
        mistrust.trust_admin_only();
    }
    let checked =
        mistrust.build().map_err(|error| error.to_string())?.verifier().permit_readable().require_file().check(file);
    checked.map_err(|error| match error {
        Error::BadOwner(path, owner) => {
            let who = if writer == Writer::Administrator { "root" } else { "root or you" };
            format!(
                "“{}” belongs to user {owner}, who could change what it says. Only {who} may own it and the folders above it",
                path.display()
            )
        }
        Error::BadPermission(path, mode, _) => format!(
            "others than its owner may write to “{}” (mode {mode:o}). Take that right away with “chmod go-w”",
            path.display()
        ),
        Error::BadType(path) => format!("“{}” is not a file", path.display()),
        other => format!("whether others may write to it cannot be told ({other})"),
    })
}

/// Elsewhere that is up to the rights of the folder, which its installer sets.
#[cfg(not(unix))]
fn trusted(_: &Path, _: Writer) -> Result<(), String> {
    Ok(())
}

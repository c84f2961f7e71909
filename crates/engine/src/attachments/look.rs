//! What is known of a file before a byte of it leaves: it is opened once, and what was opened is what is sent.

use std::{
    fs::{self, File, FileType, Metadata},
    io::{self, Read, Seek},
    path::{Path, PathBuf},
};

use adapters::upload::FileFacts;
use model::{AttachmentOptions, Failure, FailureCode};
use tokio_util::bytes::Bytes;
use transport::{Content, OpenFile};

use super::name::cleaned;
use crate::pictures::{Picture, picture_of};

/// How much of a file says what it is, in bytes.
const HEAD: usize = 8 * 1024;

/// Where the bytes of a file are.
#[derive(Debug, Clone)]
pub enum Source {
    /// On the disk.
    Path(PathBuf),
    /// In memory: it was pasted, under a name.
    Bytes(String, Bytes),
}

impl Source {
    /// What it is called before anything is known of it.
    pub fn name(&self) -> String {
        match self {
            Self::Path(path) => cleaned(&path.file_name().unwrap_or_default().to_string_lossy()),
            Self::Bytes(name, _) => cleaned(name),
        }
    }
}

/// A file that was opened.
#[derive(Debug)]
pub struct Opened {
    /// What it is.
    pub facts: FileFacts,
    /// What is in it.
    pub content: Content,
}

/// Why a file is not opened, in words.
#[derive(Debug)]
pub enum Unopened {
    /// It is none, and never will be.
    NoFile(Failure),
    /// It cannot be read now.
    Unreadable(Failure),
}

impl From<Unopened> for Failure {
    fn from(unopened: Unopened) -> Self {
        match unopened {
            Unopened::NoFile(failure) | Unopened::Unreadable(failure) => failure,
        }
    }
}

/// Opens a file, away from whoever draws.
///
/// # Errors
///
/// [`FailureCode::BadInput`] if it is no file or cannot be read.
pub async fn open(source: Source) -> Result<Opened, Unopened> {
    let opened = tokio::task::spawn_blocking(move || look(&source)).await;
    let failed = || Failure::new(FailureCode::Internal, "The file could not be looked at. Try again.");
    opened.unwrap_or_else(|_| Err(Unopened::Unreadable(failed())))
}

/// Whether a file is one of those that go with a message.
///
/// # Errors
///
/// [`FailureCode::BadInput`], in words.
pub fn allowed(options: &AttachmentOptions, connection: &str, file: &FileFacts) -> Result<(), Failure> {
    let FileFacts { name, mime_type, size } = file;
    let wrong = |words: String| Err(Failure::new(FailureCode::BadInput, words));
    if !options.accepts(name, mime_type) {
        return wrong(format!(
            "“{connection}” does not take files like “{name}” ({mime_type}). Choose one of these kinds: {}.",
            kinds(options).join(", ")
        ));
    }
    let largest = options.largest(mime_type);
    if *size > largest {
        return wrong(format!(
            "“{name}” has {}, and “{connection}” takes {} at most. Choose a smaller file.",
            told_size(*size),
            told_size(largest)
        ));
    }
    Ok(())
}

/// Which files are taken, as they are named to a person.
pub fn kinds(options: &AttachmentOptions) -> Vec<String> {
    let named = |(kind, ends): (&String, &Vec<String>)| {
        if ends.is_empty() { vec![kind.clone()] } else { ends.clone() }
    };
    options.accept.iter().flat_map(named).collect()
}

/// The picture that a file holds, if it is one that a page can draw and has at most so many bytes.
pub fn preview(source: &Source, most: u64) -> Option<Picture> {
    let bytes = match source {
        Source::Bytes(_, bytes) => bytes.to_vec(),
        Source::Path(path) => {
            let about = fs::symlink_metadata(path).ok()?;
            if !about.is_file() || about.len() > most {
                return None;
            }
            let mut bytes = Vec::new();
            File::open(path).ok()?.take(most + 1).read_to_end(&mut bytes).ok()?;
            bytes
        }
    };
    if bytes.len() as u64 > most {
        return None;
    }
    picture_of(bytes).ok()
}

/// A number of bytes, for a person.
pub fn told_size(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["KiB", "MiB", "GiB", "TiB"];
    let mut tenths = u128::from(bytes) * 10;
    let mut unit = None;
    for name in UNITS {
        if tenths < 10_240 {
            break;
        }
        tenths /= 1024;
        unit = Some(name);
    }
    match unit {
        None => format!("{bytes} bytes"),
        Some(unit) if tenths % 10 == 0 => format!("{} {unit}", tenths / 10),
        Some(unit) => format!("{}.{} {unit}", tenths / 10, tenths % 10),
    }
}

fn look(source: &Source) -> Result<Opened, Unopened> {
    let name = source.name();
    match source {
        Source::Bytes(_, bytes) => {
            let mime_type = media_type(&name, &bytes[..bytes.len().min(HEAD)]);
            let facts = FileFacts { mime_type, size: bytes.len() as u64, name };
            Ok(Opened { facts, content: Content::Bytes(bytes.clone()) })
        }
        Source::Path(path) => {
            let wrong = |why: &str| {
                let words = format!("“{name}” cannot be sent: {why}");
                Failure::new(FailureCode::BadInput, words)
            };
            let unreadable = |error: io::Error| {
                let why = match error.kind() {
                    io::ErrorKind::NotFound => "it is not there any more. Choose another file.",
                    io::ErrorKind::PermissionDenied => "you may not read it. Choose another file, or ask its owner.",
                    _ => "it cannot be read. Choose another file.",
                };
                Unopened::Unreadable(wrong(why).with_detail(error.to_string()))
            };
            let about = fs::symlink_metadata(path).map_err(unreadable)?;
            if let Some(why) = not_a_file(about.file_type()) {
                return Err(Unopened::NoFile(wrong(why)));
            }
            let mut file = File::open(path).map_err(unreadable)?;
            let opened = file.metadata().map_err(unreadable)?;
            if !opened.is_file() || !is_same(&about, &opened) {
                let why = "another file took its place just now. Choose it again.";
                return Err(Unopened::Unreadable(wrong(why)));
            }
            let mut head = Vec::new();
            Read::by_ref(&mut file).take(HEAD as u64).read_to_end(&mut head).map_err(unreadable)?;
            file.rewind().map_err(unreadable)?;
            let file = OpenFile::new(file).map_err(unreadable)?;
            let facts = FileFacts { mime_type: media_type(&name, &head), size: file.size(), name: name.clone() };
            Ok(Opened { facts, content: Content::File(file) })
        }
    }
}

/// Why something is not read. A link may lead anywhere, also to where the person never looked.
fn not_a_file(kind: FileType) -> Option<&'static str> {
    if kind.is_symlink() {
        return Some("it is a link to something else. Choose that itself.");
    }
    if kind.is_dir() {
        return Some("it is a folder. Choose the files in it, or pack it into an archive.");
    }
    if kind.is_file() { None } else { Some("it is a device or a channel between programs, and no file.") }
}

#[cfg(unix)]
fn is_same(seen: &Metadata, opened: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (seen.dev(), seen.ino()) == (opened.dev(), opened.ino())
}

#[cfg(not(unix))]
fn is_same(seen: &Metadata, opened: &Metadata) -> bool {
    seen.len() == opened.len() && seen.modified().ok() == opened.modified().ok()
}

/// The media type of a file: what the end of its name says, unless its first bytes say otherwise. A picture is one only if
/// it begins like one.
pub fn media_type(name: &str, head: &[u8]) -> String {
    let named = mime_guess::from_path(Path::new(name)).first_raw();
    let found = infer::get(head).map(|kind| kind.mime_type());
    let class = |kind: &str| kind.split('/').next().unwrap_or_default().to_owned();
    let is_shown = |kind: &str| matches!(class(kind).as_str(), "image" | "audio" | "video");
    let told = match (named, found) {
        // Pictures that are text have no first bytes by which they are known.
        (Some(named @ "image/svg+xml"), _) => named,
        (Some(named), Some(found)) if is_shown(found) && class(named) != class(found) => found,
        (Some(named), Some(found)) if class(named) == "image" => {
            if class(found) == "image" {
                found
            } else {
                "application/octet-stream"
            }
        }
        (Some(named), None) if matches!(named, "image/png" | "image/jpeg" | "image/gif" | "image/webp") => {
            if head.is_empty() { named } else { "application/octet-stream" }
        }
        (Some(named), _) => named,
        (None, Some(found)) => found,
        (None, None) => "application/octet-stream",
    };
    told.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";

    fn refused(path: PathBuf) -> String {
        Failure::from(look(&Source::Path(path)).unwrap_err()).message
    }

    #[test]
    fn what_is_no_file_is_told_in_words() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        assert!(refused(at("gone")).contains("not there any more"));
        fs::create_dir(at("folder")).unwrap();
        assert!(refused(at("folder")).contains("it is a folder"));
        #[cfg(unix)]
        {
            fs::write(at("real"), "x").unwrap();
            std::os::unix::fs::symlink(at("real"), at("link")).unwrap();
            assert!(refused(at("link")).contains("a link to something else"));
            let _socket = std::os::unix::net::UnixListener::bind(at("socket")).unwrap();
            assert!(refused(at("socket")).contains("channel between programs"));
            assert!(refused("/dev/zero".into()).contains("device"));
        }
    }

    #[test]
    fn a_file_is_what_its_name_and_its_first_bytes_say() {
        for (name, head, told) in [
            ("a.txt", &b"hello"[..], "text/plain"),
            ("a.PDF", b"%PDF-1.7", "application/pdf"),
            ("a.png", PNG, "image/png"),
            ("a.jpg", PNG, "image/png"),
            ("a.txt", PNG, "image/png"),
            ("a.png", b"<script>", "application/octet-stream"),
            ("a.svg", b"<svg/>", "image/svg+xml"),
            ("a", PNG, "image/png"),
            ("a", b"?", "application/octet-stream"),
            ("a.docx", b"PK\x03\x04", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ] {
            assert_eq!(media_type(name, head), told, "{name}");
        }
    }

    #[test]
    fn sizes_are_told_shortly() {
        for (bytes, told) in [
            (0, "0 bytes"),
            (1023, "1023 bytes"),
            (1024, "1 KiB"),
            (1536, "1.5 KiB"),
            (100 * 1024 * 1024, "100 MiB"),
            (u64::MAX, "16777215.9 TiB"),
        ] {
            assert_eq!(told_size(bytes), told);
        }
    }

    #[test]
    fn what_a_connection_does_not_take_is_told_with_what_it_does() {
        let options: AttachmentOptions =
            serde_json::from_str(r#"{"max_size": 2048, "accept": {"image/*": [], "text/plain": [".txt", ".md"]}}"#)
                .unwrap();
        let file = |name: &str, kind: &str, size| FileFacts { name: name.into(), mime_type: kind.into(), size };
        assert_eq!(allowed(&options, "Own", &file("a.md", "text/markdown", 2048)), Ok(()));
        let words = |file| allowed(&options, "Own", &file).unwrap_err().message;
        assert!(words(file("a.zip", "application/zip", 1)).ends_with("one of these kinds: image/*, .txt, .md."));
        assert!(words(file("a.txt", "text/plain", 2049)).contains("has 2 KiB, and “Own” takes 2 KiB at most"));
    }
}

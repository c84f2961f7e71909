//! Files that a server does not take, in the words of a person.

use model::{Failure, FailureCode, Finding};
use transport::FileFault;

/// Why a server does not take a file, by the status with which it refused.
pub fn upload_refused(name: &str, failure: Failure) -> Failure {
    let (finding, words) = match failure.status {
        Some(413) => (
            Finding::UploadTooLarge,
            format!(
                "The file is larger than “{name}” takes, or than a proxy before it does (status 413). Send a smaller one, or \
                 ask whoever runs it to allow more."
            ),
        ),
        Some(415) => (
            Finding::UploadWrongType,
            format!(
                "“{name}” does not take files of this kind (status 415). Save it in another format, such as PDF, PNG or plain \
                 text, and send that."
            ),
        ),
        Some(status @ (404 | 405 | 501)) => {
            let Failure { message, .. } = no_files(name);
            (Finding::UploadUnsupported, format!("{message} It answers with status {status}."))
        }
        _ => return failure,
    };
    Failure { message: words, ..failure }.found(finding)
}

/// A server that takes no files at all.
pub fn no_files(name: &str) -> Failure {
    let words = format!(
        "“{name}” takes no files. Put what matters into the message as text; for your own backend, check “Upload path” under \
         “More settings” in Settings → Connections."
    );
    Failure::new(FailureCode::NotFound, words).found(Finding::UploadUnsupported)
}

/// A file that could not be read to its end.
pub fn file_fault(fault: &FileFault) -> Failure {
    let words = match fault {
        FileFault::Unreadable(_) => "The file cannot be read any more. See that it is still there, and try again.",
        FileFault::Changed => {
            "The file changed while it was being sent, so what arrived would have been neither the old one nor the new one. \
             Try again when nothing writes to it."
        }
    };
    Failure::new(FailureCode::BadInput, words).with_detail(fault.to_string())
}

/// A server that took a file and did not say what it calls it.
pub fn unnamed_file(name: &str) -> Failure {
    let words = format!(
        "“{name}” took the file and did not say by which name it goes into a message: its answer has no “id”. Tell whoever runs \
         the server."
    );
    Failure::new(FailureCode::FormatMismatch, words)
}

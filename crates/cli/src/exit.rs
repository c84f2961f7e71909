//! How the program ends: its exit codes, and the one place that writes errors.

use std::{
    io::{self, Write},
    process::ExitCode,
    sync::{Arc, LazyLock},
};

use engine::view::TurnOutcome;
use model::{Failure, FailureCode};
use secrets::Redactor;

use crate::neutral;

/// Keeps secrets out of what is told. There is one for the process, as there is one standard error.
static REDACTOR: LazyLock<Arc<Redactor>> = LazyLock::new(Arc::default);

/// What hides the secrets of this process; whoever meets one tells it.
pub fn redactor() -> Arc<Redactor> {
    REDACTOR.clone()
}

/// How the program, or one turn of it, came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Everything was done.
    Done,
    /// There was no answer, or something else failed.
    Failed,
    /// What was typed cannot be used.
    Usage,
    /// An answer broke off: a part of it was printed.
    BrokeOff,
    /// Ctrl+C.
    Interrupted,
    /// The system or another program asked it to end.
    Terminated,
    /// Nobody reads the output any more.
    OutputClosed,
}

impl Exit {
    /// The number that the shell sees. From 128 up it is that of a program ended by a signal.
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::BrokeOff => 3,
            Self::Interrupted => 130,
            Self::OutputClosed => 141,
            Self::Terminated => 143,
        }
    }

    /// How a program ends that could not do what it should.
    pub fn of_failure(failure: &Failure) -> Self {
        match failure.code {
            FailureCode::BadInput | FailureCode::BadAddress => Self::Usage,
            _ => Self::Failed,
        }
    }

    /// How a turn ended that nobody stopped.
    pub fn of_outcome(outcome: &TurnOutcome) -> Self {
        match outcome {
            TurnOutcome::Done => Self::Done,
            TurnOutcome::Stopped => Self::Interrupted,
            TurnOutcome::Interrupted { .. } => Self::BrokeOff,
            TurnOutcome::Failed { failure, .. } => Self::of_failure(failure),
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

/// Why the program ends before its work is done.
#[derive(Debug)]
pub enum Trouble {
    /// Something failed, and it has to be said.
    Failure(Failure),
    /// What was typed cannot be used, and it has to be said.
    Usage(Failure),
    /// The end was asked for, so there is nothing to say.
    Quiet(Exit),
}

impl Trouble {
    /// Says what there is to say, and answers how to end.
    pub fn tell(&self) -> Exit {
        match self {
            Self::Failure(failure) => {
                report(failure);
                Exit::of_failure(failure)
            }
            Self::Usage(failure) => {
                report(failure);
                Exit::Usage
            }
            Self::Quiet(exit) => *exit,
        }
    }
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

/// An output that cannot be written to is closed, or as good as closed: on a full disk nothing more can be kept.
impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self::Quiet(Exit::OutputClosed);
        }
        let words = format!("The output cannot be written: {error}.");
        Self::Failure(Failure::new(FailureCode::DiskFull, words))
    }
}

/// Writes a failure to standard error.
pub fn report(failure: &Failure) {
    tracing::warn!(code = %failure.code, "the person was told");
    say(&message(failure));
}

/// Writes a remark to standard error. Control characters are made harmless here.
pub fn remark(words: &str) {
    say(&format!("kittiwake-cli: {}\n", neutral::line(words)));
}

/// Writes lines to standard error that are about what was printed. Control characters have to be harmless in them.
pub fn aside(lines: &[String]) {
    say(&format!("\n{}\n", lines.join("\n")));
}

fn say(text: &str) {
    // Where nobody listens there is nobody to tell that nobody listens.
    let _ = io::stderr().lock().write_all(REDACTOR.clean(text).as_bytes());
}

/// A failure as it is written: the message with its code, and under it the detail for whoever runs the server.
fn message(failure: &Failure) -> String {
    let mut text = format!("kittiwake-cli: {} [{}]\n", neutral::line(&failure.message), failure.code);
    if let Some(detail) = &failure.detail {
        text.extend(["  ", &neutral::line(detail), "\n"]);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_one_line_with_its_code_and_a_detail_under_it() {
        let failure =
            Failure::new(FailureCode::NotChatkit, "No ChatKit\nserver\u{1b}[2J.").with_detail("<html>\n\u{7}");
        assert_eq!(message(&failure), "kittiwake-cli: No ChatKit server␛[2J. [not_chatkit]\n  <html> ␇\n");
        let failure = Failure::new(FailureCode::FirstByteTimeout, "Silence.");
        assert_eq!(message(&failure), "kittiwake-cli: Silence. [first_byte_timeout]\n");
    }

    #[test]
    fn only_a_whole_answer_ends_with_zero() {
        let failure = || Failure::new(FailureCode::Interrupted, "…");
        assert_eq!(Exit::of_outcome(&TurnOutcome::Done).code(), 0);
        for outcome in [
            TurnOutcome::Stopped,
            TurnOutcome::Interrupted { failure: failure(), can_retry: true },
            TurnOutcome::Failed { failure: failure(), can_retry: true },
        ] {
            assert_ne!(Exit::of_outcome(&outcome).code(), 0, "{outcome:?}");
        }
    }
}

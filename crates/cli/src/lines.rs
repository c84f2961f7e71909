//! Lines that a person types, or that are piped in, read on a thread of their own: reading cannot be interrupted.

use std::{
    io::{self, BufRead, IsTerminal},
    sync::mpsc::{Receiver, Sender, channel},
};

use rustyline::{Config, DefaultEditor, error::ReadlineError};
use tokio::sync::mpsc;

/// What stands before a line that is being typed.
const PROMPT: &str = "you> ";

/// What reading brought.
#[derive(Debug, PartialEq, Eq)]
pub enum Input {
    /// A line.
    Line(String),
    /// Ctrl+C while a line was typed: it is thrown away.
    Cleared,
    /// There are no more.
    End,
    /// Why there are no more.
    Broken(String),
}

/// A source of lines. Nothing is read before it is asked for.
pub struct Lines {
    wanted: Sender<()>,
    read: mpsc::UnboundedReceiver<Input>,
    /// Whether a person types them.
    pub typed: bool,
}

impl Lines {
    /// The lines of standard input: with an editor and a prompt if it and standard output are a terminal.
    ///
    /// # Errors
    ///
    /// If there can be no thread.
    pub fn of_stdin() -> io::Result<Self> {
        let typed = io::stdin().is_terminal() && io::stdout().is_terminal();
        let (wanted, wishes) = channel();
        let (found, read) = mpsc::unbounded_channel();
        std::thread::Builder::new()
            .name("lines".to_owned())
            .spawn(move || if typed { type_in(&wishes, &found) } else { read_in(&wishes, &found) })?;
        Ok(Self { wanted, read, typed })
    }

    /// The next line. If it is dropped while waiting, the line is lost.
    pub async fn next(&mut self) -> Input {
        // A reader that is gone has said why.
        let _ = self.wanted.send(());
        self.read.recv().await.unwrap_or(Input::End)
    }
}

/// Lets a person type, with the line's history of this run.
fn type_in(wishes: &Receiver<()>, found: &mpsc::UnboundedSender<Input>) {
    let config = Config::builder().auto_add_history(true).build();
    let mut editor = match DefaultEditor::with_config(config) {
        Ok(editor) => editor,
        Err(error) => {
            let _ = found.send(Input::Broken(error.to_string()));
            return;
        }
    };
    while wishes.recv().is_ok() {
        let input = match editor.readline(PROMPT) {
            Ok(line) => Input::Line(line),
            Err(ReadlineError::Interrupted) => Input::Cleared,
            Err(ReadlineError::Eof) => Input::End,
            Err(error) => Input::Broken(error.to_string()),
        };
        if found.send(input).is_err() {
            return;
        }
    }
}

fn read_in(wishes: &Receiver<()>, found: &mpsc::UnboundedSender<Input>) {
    let mut lines = io::stdin().lock().lines();
    while wishes.recv().is_ok() {
        let input = match lines.next() {
            Some(Ok(line)) => Input::Line(line),
            Some(Err(error)) => Input::Broken(error.to_string()),
            None => Input::End,
        };
        if found.send(input).is_err() {
            return;
        }
    }
}

//! `chat`: a conversation, line by line.

use std::{
    io::{self, Write},
    path::PathBuf,
};

use engine::{Viewing, view::SendRequest};
use model::{Failure, FailureCode, Patience, ThreadId};

use crate::{
    args::Chat,
    exit::{self, Exit, Trouble},
    lines::{Input, Lines},
    output::{Manner, Output},
    session::Session,
    signals::Signals,
    token, turn,
};

/// What `/help` says.
const HELP: &str = "\
Write a question and press Enter.

/new    begin another conversation
/retry  have the last question answered again
/help   show this
/quit   end; Ctrl+D does the same

Ctrl+C stops an answer, and clears the line while you type.
";

/// A line, as it is understood.
#[derive(Debug, PartialEq, Eq)]
enum Command<'a> {
    Nothing,
    New,
    Retry,
    Help,
    Quit,
    Unknown(&'a str),
    Question(&'a str),
}

impl<'a> Command<'a> {
    fn of(line: &'a str) -> Self {
        let line = line.trim();
        match line {
            "" => Self::Nothing,
            "/new" => Self::New,
            "/retry" => Self::Retry,
            "/help" => Self::Help,
            "/quit" | "/exit" => Self::Quit,
            // A path or a sentence may begin with a stroke as well.
            _ if line.strip_prefix('/').is_some_and(|word| word.chars().all(|char| char.is_ascii_lowercase())) => {
                Self::Unknown(line)
            }
            _ => Self::Question(line),
        }
    }
}

/// Holds a conversation until the lines end.
///
/// # Errors
///
/// What kept it from going on.
pub async fn run(data_dir: Option<PathBuf>, chat: Chat) -> Result<Exit, Trouble> {
    let session = Session::open(data_dir, &chat.partner, token::given(&chat.partner)?).await?;
    let ended = converse(&session, chat.waiting.patience(), chat.model).await;
    session.close().await;
    ended
}

async fn converse(session: &Session, patience: Patience, model: Option<String>) -> Result<Exit, Trouble> {
    let mut signals = Signals::new()?;
    let mut lines = Lines::of_stdin().map_err(|error| unreadable(&error.to_string()))?;
    let manner = Manner::of_stdout();
    let mut talk = Talk { session, patience, model, thread: None, held: None, manner, typed: lines.typed };
    if talk.typed {
        talk.say("Ask something. /help says what else you can do, Ctrl+D ends.\n\n")?;
    }
    let mut worst = Exit::Done;
    loop {
        let input = tokio::select! {
            exit = signals.next() => return Err(Trouble::Quiet(exit)),
            input = lines.next() => input,
        };
        match input {
            Input::Line(line) => match talk.take(&line, &mut signals).await? {
                Some(exit) if worst == Exit::Done => worst = exit,
                Some(_) => {}
                None => break,
            },
            Input::Cleared => {}
            Input::End => break,
            Input::Broken(why) => return Err(unreadable(&why).into()),
        }
    }
    // A person has seen what failed, and tried again or not; a script has only the exit code.
    Ok(if talk.typed { Exit::Done } else { worst })
}

struct Talk<'a> {
    session: &'a Session,
    patience: Patience,
    /// With which conversations begin, if not with the usual one.
    model: Option<String>,
    thread: Option<ThreadId>,
    /// What the conversation is held over stays open.
    held: Option<Viewing>,
    manner: Manner,
    typed: bool,
}

impl Talk<'_> {
    /// Does what a line asks for. Answers how that ended, or nothing if the conversation is over.
    async fn take(&mut self, line: &str, signals: &mut Signals) -> Result<Option<Exit>, Trouble> {
        let ended = match Command::of(line) {
            Command::Quit => return Ok(None),
            Command::Nothing => return Ok(Some(Exit::Done)),
            Command::New => {
                self.thread = None;
                self.held = None;
                return Ok(Some(Exit::Done));
            }
            Command::Help => {
                self.say(HELP)?;
                return Ok(Some(Exit::Done));
            }
            Command::Unknown(word) => Err(misused(&format!("There is no {word} here; /help says what there is."))),
            Command::Retry => self.retry(signals).await,
            Command::Question(text) => self.ask(text, signals).await,
        };
        let exit = match ended {
            Ok(exit @ Exit::Terminated) => return Err(Trouble::Quiet(exit)),
            // Where nobody types, Ctrl+C is meant for the whole.
            Ok(exit @ Exit::Interrupted) if !self.typed => return Err(Trouble::Quiet(exit)),
            Ok(exit) => exit,
            Err(quiet @ Trouble::Quiet(_)) => return Err(quiet),
            Err(trouble) => trouble.tell(),
        };
        if self.typed {
            self.say(if exit == Exit::Interrupted { "[stopped]\n\n" } else { "\n" })?;
        }
        Ok(Some(exit))
    }

    async fn ask(&mut self, text: &str, signals: &mut Signals) -> Result<Exit, Trouble> {
        let connection = self.session.connection.clone();
        let model = self.session.model(self.model.clone());
        let request = SendRequest { connection, thread: self.thread.clone(), text: text.to_owned(), model };
        let mut output = Output::new(io::stdout(), self.manner);
        let (thread, exit) = turn::ask(&self.session.engine, request, self.patience, &mut output, signals).await?;
        self.held = Some(self.session.engine.hold_open(&thread));
        self.thread = Some(thread);
        Ok(exit)
    }

    async fn retry(&self, signals: &mut Signals) -> Result<Exit, Trouble> {
        let Some(thread) = &self.thread else {
            return Err(misused("There is no question to answer again yet."));
        };
        let mut output = Output::new(io::stdout(), self.manner);
        turn::retry(&self.session.engine, thread, self.patience, &mut output, signals).await
    }

    /// Says something that is not part of an answer: beside it, where the answers are piped elsewhere.
    fn say(&self, words: &str) -> Result<(), Trouble> {
        if let Manner::Drawn(_) = self.manner {
            let mut stdout = io::stdout();
            stdout.write_all(words.as_bytes())?;
            stdout.flush()?;
        } else {
            words.lines().for_each(exit::remark);
        }
        Ok(())
    }
}

fn misused(words: &str) -> Trouble {
    Trouble::Usage(Failure::new(FailureCode::BadInput, words))
}

fn unreadable(why: &str) -> Failure {
    Failure::new(FailureCode::BadInput, format!("The lines cannot be read: {why}."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_single_word_after_a_stroke_is_a_command() {
        assert_eq!(Command::of(" /new "), Command::New);
        assert_eq!(Command::of("/nwe"), Command::Unknown("/nwe"));
        assert_eq!(Command::of("/etc/hosts"), Command::Question("/etc/hosts"));
        assert_eq!(Command::of("/new ideas?"), Command::Question("/new ideas?"));
        assert_eq!(Command::of(" \t"), Command::Nothing);
    }
}

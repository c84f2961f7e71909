//! `ask`: one question, one answer.

use std::{
    io::{self, IsTerminal, Read},
    path::{Path, PathBuf},
};

use engine::{
    Engine,
    view::{Recording, SendRequest},
};
use model::{Failure, FailureCode};

use crate::{
    args::Ask,
    exit::{Exit, Trouble},
    output::{Manner, Output},
    session::Session,
    signals::Signals,
    token, turn,
};

/// Asks and prints.
///
/// # Errors
///
/// What kept it from asking, or from printing.
pub async fn run(data_dir: Option<PathBuf>, ask: Ask) -> Result<Exit, Trouble> {
    let token = token::given(&ask.partner)?;
    let text = question(ask.question)?;
    let session = Session::open(data_dir, &ask.partner, token).await?;
    if ask.wire.is_some() {
        session.engine.record_wire(Recording::On);
    }
    let mut signals = Signals::new()?;
    let manner = if ask.json { Manner::Json } else { Manner::of_stdout() };
    let mut output = Output::new(io::stdout(), manner);
    let model = session.model(ask.model);
    let request = SendRequest { connection: session.connection.clone(), thread: None, text, model };
    let ended = turn::ask(&session.engine, request, ask.waiting.patience(), &mut output, &mut signals).await;
    let details = match &ended {
        Ok((thread, _)) if ask.details => session.engine.last_details(thread).await.ok(),
        _ => None,
    };
    let written = match &ask.wire {
        Some(file) => write_wire(&session.engine, file).await,
        None => Ok(()),
    };
    session.close().await;
    written?;
    details.iter().try_for_each(|details| output.details(details))?;
    ended.map(|(_, exit)| exit)
}

/// Writes down what went over the wire.
async fn write_wire(engine: &Engine, file: &Path) -> Result<(), Trouble> {
    let trace = engine.wire_trace(None, None).await?;
    std::fs::write(file, trace).map_err(|error| {
        let words = format!("What went over the wire cannot be written to “{}”: {error}.", file.display());
        Trouble::Failure(Failure::new(FailureCode::DiskFull, words))
    })
}

/// The question from the command line, or from standard input.
fn question(argument: Option<String>) -> Result<String, Trouble> {
    let text = match argument {
        Some(text) if text != "-" => text,
        None if io::stdin().is_terminal() => {
            return Err(unusable("There is no question. Write it after “ask”, in quotation marks, or pipe it in."));
        }
        _ => {
            let mut text = String::new();
            io::stdin()
                .lock()
                .read_to_string(&mut text)
                .map_err(|error| unusable(&format!("The question cannot be read from standard input: {error}.")))?;
            text
        }
    };
    if text.trim().is_empty() {
        return Err(unusable("The question is empty."));
    }
    Ok(text)
}

fn unusable(words: &str) -> Trouble {
    Trouble::Usage(Failure::new(FailureCode::BadInput, words))
}

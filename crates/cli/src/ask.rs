//! `ask`: one question, one answer.

use std::{
    io::{self, IsTerminal, Read},
    path::PathBuf,
};

use engine::view::SendRequest;
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
    session.close().await;
    details.iter().try_for_each(|details| output.details(details))?;
    ended.map(|(_, exit)| exit)
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

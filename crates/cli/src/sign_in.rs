//! `sign-in` and `sign-out`: at the identity provider of a connection.

use std::{
    io::{self, Write},
    path::PathBuf,
};

use engine::{
    SigningIn,
    view::{Keep, SignOutView, SigningInView},
};
use model::{Failure, FailureCode};

use crate::{
    args::{Known, Partner},
    exit::{Exit, Trouble},
    neutral,
    session::Session,
    signals::Signals,
};

/// Prints where to sign in, and waits until that is done.
///
/// # Errors
///
/// Why nobody is signed in.
pub async fn sign_in(data_dir: Option<PathBuf>, known: Known) -> Result<Exit, Trouble> {
    let session = open(data_dir, known).await?;
    let mut signals = Signals::new()?;
    let ended = match session.engine.sign_in(&session.connection) {
        Ok(signing_in) => wait(signing_in, &mut signals).await,
        Err(failure) => Err(failure.into()),
    };
    // What was given is in the keychain before this is done.
    session.close().await;
    ended
}

async fn wait(mut signing_in: SigningIn, signals: &mut Signals) -> Result<Exit, Trouble> {
    loop {
        let next = tokio::select! {
            view = signing_in.next() => view,
            exit = signals.next() => return Ok(exit),
        };
        match next {
            Some(SigningInView::Asking) => {}
            Some(SigningInView::Browser { url }) => {
                say(&format!("Open this address in the browser of this computer, and sign in there:\n{url}"))?;
            }
            Some(SigningInView::Device { url, code, .. }) => {
                let code = neutral::line(&code);
                say(&format!("Open {url} in any browser and type this code:\n{code}"))?;
            }
            Some(SigningInView::Done { who, kept: Keep::Keychain }) => {
                let who = who.map(|who| format!(" as {}", neutral::line(&who))).unwrap_or_default();
                say(&format!("You are signed in{who}."))?;
                return Ok(Exit::Done);
            }
            Some(SigningInView::Done { kept: Keep::ThisRun, .. }) => {
                let words = "You signed in, and it could not be kept: there is no keychain that can be used. Start one, and \
                             sign in again.";
                return Err(Failure::new(FailureCode::KeychainAbsent, words).into());
            }
            Some(SigningInView::Failed { failure }) => return Err(failure.into()),
            None => return Ok(Exit::Failed),
        }
    }
}

/// Signs out, and says what became of it.
///
/// # Errors
///
/// Why the sign-in has not ended.
pub async fn sign_out(data_dir: Option<PathBuf>, known: Known) -> Result<Exit, Trouble> {
    let session = open(data_dir, known).await?;
    let ended = session.engine.sign_out(&session.connection).await;
    session.close().await;
    match ended? {
        SignOutView::Done => say("You are signed out, here and at the identity provider.")?,
        SignOutView::NotOffered => {
            say("You are signed out here. The identity provider has no way to be told; what it gave ends by itself.")?
        }
        SignOutView::NotTold { failure } => {
            say("You are signed out here. The identity provider could not be told; what it gave ends by itself.")?;
            return Err(failure.into());
        }
    }
    Ok(Exit::Done)
}

/// Opens a connection of the person's.
///
/// # Errors
///
/// If it is not there, or the data folder cannot be used.
pub async fn open(data_dir: Option<PathBuf>, known: Known) -> Result<Session, Trouble> {
    let Known { connection } = known;
    let partner =
        Partner { connection: Some(connection), url: None, allow_http: false, token_env: None, token_stdin: false };
    Session::open(data_dir, &partner, None).await
}

fn say(words: &str) -> Result<(), Trouble> {
    let mut out = io::stdout().lock();
    writeln!(out, "{words}")?;
    Ok(out.flush()?)
}

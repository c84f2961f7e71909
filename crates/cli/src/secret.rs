//! `secret`: the key of a connection, put into the keychain by a script, removed, or asked about.

use std::{
    io::{self, Write},
    path::PathBuf,
};

use crate::{
    args::{Known, Secret, Whose},
    exit::{Exit, Trouble},
    neutral,
    session::Session,
    sign_in, token,
};

/// Does what was asked for. A secret is never printed.
///
/// # Errors
///
/// Why it could not be done.
pub async fn run(data_dir: Option<PathBuf>, secret: Secret) -> Result<Exit, Trouble> {
    let (whose, given) = match secret {
        Secret::Set { whose, token_env, token_stdin } => {
            let given = match &whose.field {
                None => token::taken(token_env.as_deref(), token_stdin)?,
                Some(_) => token::taken_whole(token_env.as_deref(), token_stdin)?,
            };
            (whose, Some(given))
        }
        Secret::Remove { whose } => return removed(data_dir, whose).await,
        Secret::Status { whose } => (whose, None),
    };
    let (session, field, name) = open(data_dir, whose).await?;
    let ended = match given {
        Some(Some(given)) => session
            .engine
            .keep_secret(&session.connection, field.as_deref(), given)
            .await
            .map(|()| (Exit::Done, format!("The {} of “{name}” is in the keychain.", called(field.as_deref())))),
        Some(None) => Ok((Exit::Usage, "Say where the key is: --token-env VAR or --token-stdin.".to_owned())),
        None => session.engine.secret_length(&session.connection, field.as_deref()).await.map(|length| match length {
            Some(length) => {
                let words = format!("There is a {} of “{name}”. Its length is {length}.", called(field.as_deref()));
                (Exit::Done, words)
            }
            None => {
                let what = called(field.as_deref());
                (Exit::Failed, format!("There is no {what} of “{name}” for the address that it has."))
            }
        }),
    };
    session.close().await;
    let (exit, words) = ended?;
    say(&words)?;
    Ok(exit)
}

async fn removed(data_dir: Option<PathBuf>, whose: Whose) -> Result<Exit, Trouble> {
    let (session, field, name) = open(data_dir, whose).await?;
    let ended = session.engine.remove_secret(&session.connection, field.as_deref()).await;
    session.close().await;
    ended?;
    say(&format!("The keychain has no {} of “{name}” any more.", called(field.as_deref())))?;
    Ok(Exit::Done)
}

async fn open(data_dir: Option<PathBuf>, whose: Whose) -> Result<(Session, Option<String>, String), Trouble> {
    let Whose { connection, field } = whose;
    let session = sign_in::open(data_dir, Known { connection }).await?;
    let views = session.engine.connections();
    let name = views.into_iter().find(|view| view.id == session.connection).map(|view| view.name);
    Ok((session, field, name.unwrap_or_default()))
}

fn called(field: Option<&str>) -> String {
    field.map_or("key".to_owned(), |field| format!("secret “{field}”"))
}

fn say(words: &str) -> Result<(), Trouble> {
    let mut out = io::stdout().lock();
    writeln!(out, "{}", neutral::line(words))?;
    Ok(out.flush()?)
}

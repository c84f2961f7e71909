//! The token that is given for one run: in an environment variable, or on standard input. Never on the command line,
//! which every program on the computer can read.

use std::io::{self, IsTerminal};

use model::{Failure, FailureCode};
use secrecy::SecretString;

use crate::{
    args::Partner,
    exit::{self, Trouble},
};

/// The token that was given for a server, if one was. Takes it from standard input before anything else is read there.
///
/// # Errors
///
/// If there is none where it should be, or it is none.
pub fn given(partner: &Partner) -> Result<Option<SecretString>, Trouble> {
    taken(partner.token_env.as_deref(), partner.token_stdin)
}

/// The token in a variable, or on standard input.
///
/// # Errors
///
/// If there is none where it should be, or it is none.
pub fn taken(variable: Option<&str>, from_stdin: bool) -> Result<Option<SecretString>, Trouble> {
    match (variable, from_stdin) {
        (Some(variable), _) => of_variable(variable).map(Some),
        (None, true) => of_stdin().map(Some),
        (None, false) => Ok(None),
    }
}

/// Another secret in a variable, or all of standard input: it may have blanks, and several lines.
///
/// # Errors
///
/// If there is none where it should be.
pub fn taken_whole(variable: Option<&str>, from_stdin: bool) -> Result<Option<SecretString>, Trouble> {
    let (place, text) = match (variable, from_stdin) {
        (Some(variable), _) => {
            let place = format!("The environment variable {variable}, which should hold the secret,");
            let value = std::env::var(variable).map_err(|_| wrong(&place, "is not set, or is not text"))?;
            (place, value)
        }
        (None, true) => {
            let place = "Standard input, which should be the secret,".to_owned();
            let read = if io::stdin().is_terminal() {
                rpassword::prompt_password("secret> ")
            } else {
                io::read_to_string(io::stdin().lock())
            };
            (place.clone(), read.map_err(|error| wrong(&place, &format!("cannot be read: {error}")))?)
        }
        (None, false) => return Ok(None),
    };
    let text = text.trim_end_matches(['\n', '\r']);
    if text.is_empty() {
        return Err(wrong(&place, "is empty"));
    }
    let secret = SecretString::from(text);
    exit::redactor().register(&secret);
    Ok(Some(secret))
}

/// The token in an environment variable. Only the name of the variable is ever said.
///
/// # Errors
///
/// If there is none, or it is none.
pub fn of_variable(variable: &str) -> Result<SecretString, Trouble> {
    let place = format!("The environment variable {variable}, which should hold the token,");
    match std::env::var(variable) {
        Ok(value) => sound(&place, value),
        Err(std::env::VarError::NotUnicode(_)) => Err(wrong(&place, BAD)),
        Err(std::env::VarError::NotPresent) => Err(wrong(&place, "is not set")),
    }
}

/// The first line of standard input. Somebody who types it does not see it.
fn of_stdin() -> Result<SecretString, Trouble> {
    let place = "The first line of standard input, which should be the token,";
    let mut line = String::new();
    let read = if io::stdin().is_terminal() {
        rpassword::prompt_password("token> ").map(|typed| line = typed)
    } else {
        // What follows stays for whoever reads on.
        io::stdin().read_line(&mut line).map(drop)
    };
    read.map_err(|error| wrong(place, &format!("cannot be read: {error}")))?;
    sound(place, line.trim_end_matches(['\n', '\r']).to_owned())
}

/// What is wrong with a token that cannot stand in a header.
const BAD: &str = "holds a space, a line break or a character that no token has";

fn sound(place: &str, token: String) -> Result<SecretString, Trouble> {
    match token.as_str() {
        "" => Err(wrong(place, "is empty")),
        text if text.bytes().all(|byte| byte.is_ascii_graphic()) => {
            let token = SecretString::from(token);
            exit::redactor().register(&token);
            Ok(token)
        }
        _ => Err(wrong(place, BAD)),
    }
}

fn wrong(place: &str, why: &str) -> Trouble {
    Trouble::Usage(Failure::new(FailureCode::BadInput, format!("{place} {why}.")))
}

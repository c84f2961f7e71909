//! Why there is no session, in the words of a person, and whether it makes sense to ask again.

use adapters::{
    RequestError,
    session::{GrantError, POINTER},
    sign_in::LOGIN_POINTER,
};
use model::{Connection, Failure, FailureCode, Finding, Mapping, SessionMethod, SessionSource, SignIn};
use secrecy::SecretString;
use transport::{ProxyTrouble, TransportError};

use super::{
    Part, named,
    state::{Refusal, SHORTEST, Useless},
};
use crate::{
    failure::{on_the_way, redirected},
    patience::asked,
    reason::says,
};

/// Who is asked.
fn who(connection: &Connection, part: Part) -> String {
    match part {
        Part::SignIn => format!("The login address of “{}”", connection.name),
        Part::Session => format!("The session endpoint of “{}”", connection.name),
    }
}

/// The address of the endpoint cannot be called.
pub fn bad_address(connection: &Connection, part: Part, error: &RequestError) -> Refusal {
    let who = who(connection, part);
    let words = format!("{who} cannot be called: {error} Correct it in Settings → Connections.");
    Refusal::Refused(Failure::new(FailureCode::BadAddress, words))
}

/// Nobody makes sessions for this connection.
pub fn no_endpoint(connection: &Connection) -> Refusal {
    let words = format!("No session endpoint is known for “{}”.", connection.name);
    Refusal::Refused(Failure::new(FailureCode::Internal, words))
}

/// The session endpoint did not answer as it should. `key` is what it was asked with.
pub fn refused(connection: &Connection, part: Part, error: &TransportError, key: Option<&SecretString>) -> Refusal {
    let (name, who) = (&connection.name, who(connection, part));
    let finding = named::refused(connection, part, error, key);
    let told = |code, words: String| {
        let failure = Failure::new(code, words).with_detail(detail(error));
        Failure { retry_after_ms: on_the_way(name, error).retry_after_ms, finding, ..failure }
    };
    match error {
        TransportError::Status { status: 401, snippet, .. } => {
            let words = match part {
                Part::SignIn => format!("“{name}” does not accept the name and the password. Give them again."),
                Part::Session if !connection.session.needs_credential() => {
                    format!("{who} asks for a token. Give it in the connection's settings.")
                }
                Part::Session if finding == Some(Finding::CredentialsExpired) && connection.sign_in.is_key() => {
                    format!("{who} does not accept the token, which has expired. Give a new one.")
                }
                Part::Session if finding == Some(Finding::CredentialsWrongScheme) && connection.sign_in.is_key() => {
                    format!(
                        "{who} does not see the token, which goes to it as “Authorization: Bearer”. If it wants it in its \
                         body, write {{{{key}}}} there, under “More settings”."
                    )
                }
                Part::Session if connection.sign_in.is_key() => {
                    format!("{who} does not accept the token. Give a valid one.")
                }
                Part::Session => format!("{who} does not accept the sign-in. Sign in again, or ask whoever runs it."),
            };
            Refusal::Key(told(FailureCode::SignedOut, words + &says(snippet)))
        }
        TransportError::Status { status: 404, .. } if is_hosted(connection) => {
            Refusal::Refused(told(FailureCode::NotFound, workflow_gone(name)))
        }
        TransportError::Status { status: 429, .. } => {
            let words = format!("{who} is asked too often and wants a pause.");
            Refusal::Trouble(told(FailureCode::RateLimited, words), asked(error))
        }
        TransportError::Status { status, .. } if *status >= 500 => {
            let words = format!("{who} failed (status {status}).");
            Refusal::Trouble(told(FailureCode::ServerRefused, words), asked(error))
        }
        TransportError::Status { status: 403, snippet, .. } => {
            let words = format!("{who} does not let you in (status 403). Ask whoever runs it for access.");
            Refusal::Refused(told(FailureCode::Forbidden, words + &says(snippet)))
        }
        TransportError::Status { status: 404, .. } => {
            let words = format!(
                "{who} is not there (status 404). Check it, down to its path, and whether it wants POST or GET."
            );
            Refusal::Refused(told(FailureCode::NotFound, words))
        }
        TransportError::Status { status: 405, .. } => {
            let words = format!(
                "{who} is there and wants to be asked in another way (status 405). {}",
                other_method(connection, part)
            );
            Refusal::Refused(told(FailureCode::NotFound, words))
        }
        TransportError::Status { status, snippet, .. } => {
            let words = format!("{who} refused the request (status {status}). Its answer is in the details.");
            Refusal::Refused(told(FailureCode::BadSession, words + &says(snippet)))
        }
        TransportError::Redirected { location, .. } => {
            let words = redirected(&who, location.as_deref());
            Refusal::Refused(told(FailureCode::Redirected, words))
        }
        TransportError::ContentType { found, .. } => {
            let what = match found.as_deref() {
                Some(found) if found.contains("html") => "a web page, probably a login page,",
                Some(_) => "something that is not JSON",
                None => "an answer that does not say what it is",
            };
            let words = format!("{who} answered with {what} where JSON was expected.");
            Refusal::Refused(told(FailureCode::BadSession, words))
        }
        TransportError::TooLarge { .. } => {
            let words = format!("{who} answered with more than a session can be.");
            Refusal::Refused(told(FailureCode::BadSession, words))
        }
        TransportError::BadAddress { .. }
        | TransportError::Untrusted { .. }
        | TransportError::ClientCertificate { .. }
        | TransportError::Unencrypted { .. }
        | TransportError::WebPage { .. }
        | TransportError::Proxy { why: ProxyTrouble::Login, .. } => {
            Refusal::Refused(Failure { finding, ..on_the_way(name, error) })
        }
        _ => Refusal::Trouble(on_the_way(name, error), None),
    }
}

/// Everything that is known, for whoever runs the server. Not what stands in an answer that was meant to be good: if it
/// is not JSON, it may be the secret itself.
fn detail(error: &TransportError) -> String {
    match error {
        TransportError::ContentType { status, .. } => format!("{error} (status {status})"),
        _ => error.detail(),
    }
}

/// What to try where a method is refused.
fn other_method(connection: &Connection, part: Part) -> &'static str {
    match &connection.session {
        _ if part == Part::SignIn => "It does not take POST: check its address, down to its path.",
        SessionSource::Endpoint(endpoint) if endpoint.method == SessionMethod::Get => {
            "It does not take GET: choose POST as its method, under “More settings”."
        }
        SessionSource::Endpoint(_) => {
            "It does not take POST: choose GET as its method, under “More settings”, or check the address down to its path."
        }
        _ => "Check its address, down to its path.",
    }
}

/// Its answer grants nothing.
pub fn ungranted(connection: &Connection, part: Part, error: &GrantError) -> Refusal {
    let words = format!("{} gives no {}: {error}", who(connection, part), part.name());
    let field = match (part, &connection.session) {
        (Part::SignIn, _) => Some(LOGIN_POINTER),
        (Part::Session, SessionSource::Endpoint(_)) => Some(POINTER),
        (Part::Session, _) => None,
    };
    let places = Some(error.places().to_vec()).filter(|places| !places.is_empty());
    let mapping = field.zip(places).map(|(field, pointers)| Box::new(Mapping { field: field.to_owned(), pointers }));
    Refusal::Refused(Failure { mapping, ..Failure::new(FailureCode::BadSession, words) }.found(named::ungranted(error)))
}

/// What it grants is of no use.
pub fn useless(connection: &Connection, part: Part, useless: Useless, dated: bool) -> Refusal {
    let what = part.name();
    let gave = match useless {
        Useless::Past { since } => {
            let clocks = if dated { "" } else { " The clock of this computer may be wrong, too." };
            format!("a {what} that ended {} s before it was given.{clocks}", since.as_secs())
        }
        Useless::Short { life } => {
            format!("a {what} that lives for {} s; it has to be {} s at least.", life.as_secs(), SHORTEST.as_secs())
        }
    };
    let who = match &connection.sign_in {
        SignIn::Oauth(_) if part == Part::SignIn => format!("The identity provider of “{}”", connection.name),
        _ => who(connection, part),
    };
    let words = format!("{who} gave {gave} Tell whoever runs it.");
    let finding = match useless {
        Useless::Past { .. } => Finding::SessionInThePast,
        Useless::Short { .. } => Finding::SessionEndsAtOnce,
    };
    Refusal::Refused(Failure::new(FailureCode::BadSession, words).found(finding))
}

/// Nobody has signed in, or the sign-in is over.
pub fn not_signed_in(connection: &Connection) -> Failure {
    let words = format!("You are not signed in to “{}”. Sign in to go on.", connection.name);
    Failure::new(FailureCode::SignedOut, words)
}

/// The person signed out.
pub fn signed_out_by_you(connection: &Connection) -> Failure {
    let words = format!("You signed out of “{}”. Sign in to go on.", connection.name);
    Failure::new(FailureCode::SignedOut, words)
}

/// This connection is not one that is signed in to in a browser.
pub fn no_browser(connection: &Connection) -> Failure {
    let words = format!("“{}” has no page to sign in at: change how to sign in, in its settings.", connection.name);
    Failure::new(FailureCode::BadInput, words)
}

/// What was signed in to is another connection now.
pub fn changed_meanwhile(connection: &Connection) -> Failure {
    let words = format!("“{}” was changed while you signed in. Sign in again.", connection.name);
    Failure::new(FailureCode::SignedOut, words)
}

fn is_hosted(connection: &Connection) -> bool {
    matches!(connection.session, SessionSource::Hosted(_))
}

fn workflow_gone(name: &str) -> String {
    format!(
        "OpenAI does not know the workflow of “{name}” any more. Hosted workflows end on 30 November 2026. Their way on \
         is a ChatKit server of your own: ask whoever made the workflow for its address, and add that as a connection."
    )
}

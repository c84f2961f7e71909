//! What requests carry, and a request that changes nothing.

use std::time::Duration;

use adapters::session::Expiry;
use model::{
    Connection, EndpointSource, Failure, FailureCode, Finding, Operation, Reply, SessionMethod, SessionSource, SignIn,
};
use secrecy::SecretString;
use url::Url;

use super::{
    Typed,
    chain::{Seen, Wrong, fact},
    words::{APART, clock, span, time},
};
use crate::{
    backend::Backend,
    forms::length,
    outbound::Outbound,
    session::{Asker, Fresh, Now, Part, Sessions, Ticket},
    view::{CheckFact, SessionView},
};

/// What is told where nothing is sent.
const NOTHING: &str = "None is sent: none was given, so the server has to be open.";

/// A connection that the host brought.
pub(super) async fn given(ticket: Result<Ticket, Failure>) -> Result<(Ticket, Seen), Wrong> {
    let ticket = ticket?;
    let seen = match &ticket.bearer {
        None => Seen::new(NOTHING),
        Some(token) => Seen::new(format!("A token of {} characters is sent.", length(token))),
    };
    Ok((ticket, seen))
}

/// How far the person is signed in: with a new login, or with what they did in the browser.
pub(super) async fn sign_in(sessions: &Sessions, connection: &Connection) -> Result<(Ticket, Seen), Wrong> {
    let SignIn::Login(login) = &connection.sign_in else {
        let ticket = sessions.made(connection, Part::SignIn, Asker::Person).await?;
        let view = sessions.view(&connection.id, Part::SignIn);
        return Ok((ticket, browsed(&view)));
    };
    let fresh = sessions.anew(connection, Part::SignIn).await.map_err(|failure| wrong_at(login, failure))?;
    let ticket = match Part::carried(connection) {
        Some(Part::SignIn) => sessions.ticket(connection, Asker::Program).await?,
        _ => Ticket::default(),
    };
    Ok((ticket, told("The login", "token", asked(login), &fresh)))
}

/// The same for a connection that was only typed.
pub(super) async fn sign_in_draft(
    sessions: &Sessions,
    connection: &Connection,
    out: &Outbound,
    typed: &Typed,
) -> Result<(Ticket, Seen), Wrong> {
    match (&connection.sign_in, &typed.signed_in) {
        (SignIn::Login(login), _) => {
            let made = sessions.of_draft(connection, Part::SignIn, out, typed.key.as_ref()).await;
            let (fresh, secret) = made.map_err(|failure| wrong_at(login, failure))?;
            let ticket = Ticket { bearer: Some(secret), made: Some(0), ..Ticket::default() };
            Ok((ticket, told("The login", "token", asked(login), &fresh)))
        }
        (_, Some(known)) => sign_in(sessions, known).await,
        (_, None) => {
            let words = "Nobody is signed in yet. Save the connection and sign in; after that the rest can be tested.";
            Err(Failure::new(FailureCode::SignedOut, words).into())
        }
    }
}

/// A sign-in in the browser, as it is told.
fn browsed(view: &SessionView) -> Seen {
    let who = view.fields.iter().find(|(name, _)| name == "signed_in_as").map(|(_, who)| format!(" as {who}"));
    let who = who.unwrap_or_default();
    match view.ends {
        Some(end) => {
            let left = Duration::from_millis(u64::try_from(end - Now::read().wall).unwrap_or(0));
            Seen::new(format!("Signed in{who}; that is good for {}, and is prolonged before.", span(left)))
        }
        None => {
            Seen::new(format!("Signed in{who}. The identity provider named no end; it is used until it is refused."))
        }
    }
}

/// A connection that is kept: its token, or a new session, which is used from then on.
pub(super) async fn kept(sessions: &Sessions, connection: &Connection) -> Result<(Ticket, Seen), Wrong> {
    if !connection.session.is_made() {
        return given(sessions.ticket(connection, Asker::Person).await).await;
    }
    let fresh = sessions.anew(connection, Part::Session).await.map_err(|failure| wrong(connection, failure))?;
    let ticket = sessions.ticket(connection, Asker::Program).await?;
    Ok((ticket, told("The session endpoint", "session", endpoint(connection), &fresh)))
}

/// A connection that was only typed.
pub(super) async fn draft(
    sessions: &Sessions,
    connection: &Connection,
    out: &Outbound,
    key: Option<&SecretString>,
) -> Result<(Ticket, Seen), Wrong> {
    if !connection.session.is_made() {
        return given(Ok(Ticket { bearer: key.cloned(), ..Ticket::default() })).await;
    }
    let made = sessions.of_draft(connection, Part::Session, out, key).await;
    let (fresh, secret) = made.map_err(|failure| wrong(connection, failure))?;
    let ticket = Ticket { bearer: Some(secret), made: Some(0), ..Ticket::default() };
    Ok((ticket, told("The session endpoint", "session", endpoint(connection), &fresh)))
}

fn wrong(connection: &Connection, failure: Failure) -> Wrong {
    Wrong { failure, facts: endpoint(connection).into_iter().collect() }
}

fn wrong_at(login: &EndpointSource, failure: Failure) -> Wrong {
    Wrong { failure, facts: asked(login).into_iter().collect() }
}

/// How a login is asked.
fn asked(login: &EndpointSource) -> Option<CheckFact> {
    Some(fact("Asked with", format!("POST {}", bare(&login.url))))
}

/// How the session endpoint is asked.
fn endpoint(connection: &Connection) -> Option<CheckFact> {
    let (method, url) = match &connection.session {
        SessionSource::Endpoint(endpoint) if endpoint.method == SessionMethod::Get => ("GET", endpoint.url.as_str()),
        SessionSource::Endpoint(endpoint) => ("POST", endpoint.url.as_str()),
        SessionSource::Hosted(hosted) => ("POST", hosted.base.as_str()),
        SessionSource::None | SessionSource::Static => return None,
    };
    Some(fact("Asked with", format!("{method} {}", bare(url))))
}

/// An address without its query.
pub(super) fn bare(url: &str) -> String {
    let Ok(mut url) = Url::parse(url) else { return String::new() };
    url.set_query(None);
    url.into()
}

/// What a server made, as it is told. Never its secret.
fn told(who: &str, what: &str, asked: Option<CheckFact>, fresh: &Fresh) -> Seen {
    let Fresh { found_at, length, expiry, unreadable_expiry, life, dated, fields } = fresh;
    let now = Now::read();
    let left = life.ends_steady.map(|end| span(end.saturating_duration_since(now.steady) + Duration::from_millis(500)));
    let good = match &left {
        Some(left) => format!("{who} made a {what}, good for {left}; it is renewed before."),
        None => format!("{who} made a {what} and named no end; it is used until it is refused."),
    };
    let ahead = life.ahead;
    let seen = if let Some(field) = unreadable_expiry {
        Seen::noted(format!(
            "{good} What stands in its field “{field}” cannot be read: a time such as 2026-01-31T12:00:00Z or a number of \
             seconds would be right."
        ))
    } else if ahead.0.abs() >= APART {
        Seen::noted(format!("{good} The server's clock is {}; that is allowed for.", clock(ahead)))
            .found(Finding::ClocksApart)
    } else {
        Seen::new(good)
    };
    let ends = match (expiry, life.ends) {
        (Expiry::In(after), _) => Some(format!("{} after it was made", span(*after))),
        (_, Some(end)) => Some(format!("{} by the server's clock", time(end))),
        (_, None) => None,
    };
    let clock = if *dated { clock(ahead) } else { "not said; this computer's is taken for right".to_owned() };
    let mut facts: Vec<_> = asked.into_iter().collect();
    facts.push(fact("Secret", format!("at {}, {length} characters", place(found_at))));
    facts.extend(ends.map(|ends| fact("Ends", ends)));
    facts.push(fact("Clock", clock));
    facts.extend(fields.iter().map(|(name, value)| fact(name, value)));
    Seen { facts, ..seen }
}

fn place(pointer: &str) -> &str {
    if pointer.is_empty() { "the top" } else { pointer }
}

/// Asks something that changes nothing.
pub(super) async fn ask(backend: &Backend, what: &str, operation: &Operation) -> Result<((), Seen), Wrong> {
    let reply = match backend.call(operation).await {
        // Whether it answers is what counts, and that is tried next.
        Err(failure) if *operation == Operation::Health && failure.code == FailureCode::ServerRefused => {
            return Ok(((), Seen::noted(format!("{} It is spoken to all the same.", failure.message))));
        }
        // Such a list is of use to the person, and nothing depends on it.
        Err(failure) if failure.code == FailureCode::NotFound && *operation == Operation::ListModels => {
            let words = format!("“{}” has no list of models, which does no harm. The hello decides.", backend.name());
            return Ok(((), Seen::new(words)));
        }
        reply => reply.map_err(|failure| refused(backend, failure))?,
    };
    let came = match reply {
        Reply::Done if *operation == Operation::Health => {
            return Ok(((), Seen::new("The server answers that it is well.")));
        }
        Reply::Absent => {
            return Ok(((), Seen::new("The server answers. It has no address for its health, and needs none.")));
        }
        Reply::Threads(page) if page.data.is_empty() => " and is empty",
        _ => "",
    };
    Ok(((), Seen::new(format!("{} came as it should{came}.", capital(what)))))
}

fn capital(words: &str) -> String {
    let mut chars = words.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// A refusal, in words that know what was sent.
pub(super) fn refused(backend: &Backend, failure: Failure) -> Wrong {
    if failure.code != FailureCode::Unauthorized || backend.ticket().made.is_none() {
        return failure.into();
    }
    if Part::carried(backend.connection()) == Some(Part::SignIn) {
        let words = format!(
            "“{}” does not accept what signing in has just given (status 401). Either the two do not belong together, or \
             requests have to carry it in another way: see “Header of the token” under “More settings”.",
            backend.name()
        );
        return Failure { message: words, ..failure }.into();
    }
    let words = format!(
        "“{}” does not accept the session that its session endpoint has just made (status 401). Either the two do not \
         belong together, or the secret stands elsewhere in the endpoint's answer: see “Place of the secret” under “More \
         settings”.",
        backend.name()
    );
    let said = failure.detail.as_deref().and_then(|detail| detail.split_once('\n')).map(|(_, body)| body);
    let words = words + &said.map(crate::reason::says).unwrap_or_default();
    let ends = failure.finding == Some(Finding::CredentialsExpired);
    let finding = if ends { Some(Finding::SessionEndsAtOnce) } else { failure.finding };
    Failure { message: words, finding, ..failure }.into()
}

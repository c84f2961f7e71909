//! What the person types of a connection, and what it means.

use adapters::{
    form::{ONE_HEADER, Values},
    headers::{OURS, SECRET_HEADERS, is_ours},
    network::CLIENT_KEY_PASSWORD,
    profile::OPTIONS,
    sign_in::OAUTH_SECRET,
};
use model::{Connection, ConnectionId, Failure, FailureCode, Header, Kind, SignIn};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::{
    engine::Engine,
    profile,
    session::{key_origin, named_origins, sign_in_moved},
    view::{ConnectionDraft, KindForm},
};

impl Engine {
    /// The form of every kind of backend, in the order in which they are offered.
    pub fn forms(&self) -> Vec<KindForm> {
        let form = |adapter: &&'static dyn adapters::Adapter| KindForm {
            kind: adapter.kind(),
            label: label(adapter.kind()).to_owned(),
            fields: adapters::fields(adapter.kind()).iter().map(Into::into).collect(),
        };
        adapters::registry().iter().map(form).collect()
    }

    /// The form as it was filled in for a connection. The token is not in it.
    ///
    /// # Errors
    ///
    /// [`FailureCode::Unknown`] if it is not here, or the host's.
    pub fn form_values(&self, id: &ConnectionId) -> Result<Values, Failure> {
        let connection = self.own_connection(id)?;
        Ok(adapters::values(&connection))
    }
}

fn label(kind: Kind) -> &'static str {
    match kind {
        Kind::Chatkit => "ChatKit server",
        Kind::Hosted => "OpenAI hosted workflow",
        Kind::Openai => "OpenAI-compatible server",
        Kind::Custom => "Your own backend",
    }
}

/// What was typed, as a connection. `old` is the one that it changes.
///
/// # Errors
///
/// [`FailureCode::BadAddress`] or [`FailureCode::BadInput`], with the field's key as its detail.
pub fn checked(id: ConnectionId, draft: &ConnectionDraft, old: Option<&Connection>) -> Result<Connection, Failure> {
    let has_token = match &draft.token {
        Some(token) if token.expose_secret().is_empty() => false,
        Some(token) => sendable(token).map(|()| true)?,
        None => old.is_some_and(Connection::needs_key),
    };
    let described = adapters::describe(draft.kind, &draft.values, has_token);
    let mut described = described.map_err(|wrong| {
        let code = if wrong.key == "url" { FailureCode::BadAddress } else { FailureCode::BadInput };
        Failure::new(code, wrong.reason).with_detail(wrong.key)
    })?;
    if let Some(own) = &mut described.network.client_certificate {
        own.has_password = has_password(draft, old);
    }
    let options = draft.values.get(OPTIONS).map(String::as_str).unwrap_or_default();
    let options = profile::typed(options, &described.url)
        .map_err(|wrong| Failure::new(FailureCode::BadInput, wrong.to_string()).with_detail(OPTIONS))?;
    let host = Url::parse(&described.url).ok().and_then(|url| url.host_str().map(str::to_owned));
    let name = match draft.name.trim() {
        "" => host.unwrap_or_else(|| label(draft.kind).to_owned()),
        name => name.to_owned(),
    };
    let mut connection = Connection {
        id,
        name,
        kind: draft.kind,
        url: described.url,
        sign_in: described.sign_in,
        session: described.session,
        carried: described.carried,
        headers: described.headers,
        secret_headers: names_of_headers(draft, old)?,
        network: described.network,
        openai: described.openai,
        custom: described.custom,
        key_variable: None,
        profile: described.profile,
        attachments: old.filter(|old| old.kind == draft.kind).and_then(|old| old.attachments.clone()),
        options,
        disabled: old.is_some_and(|old| old.disabled),
    };
    // A variable is bound to no server: what it holds goes where it was meant for, and nowhere else.
    connection.key_variable = old
        .filter(|old| connection.needs_key() && key_origin(old) == key_origin(&connection))
        .and_then(|old| old.key_variable.clone());
    if let SignIn::Oauth(oauth) = &mut connection.sign_in {
        oauth.confidential = match (draft.secrets.get(OAUTH_SECRET), old.map(|old| &old.sign_in)) {
            (Some(secret), _) => length(secret) > 0,
            (None, Some(SignIn::Oauth(old))) => old.confidential,
            (None, _) => false,
        };
    }
    old.map_or(Ok(()), |old| stays_at_home(old, &connection, draft))?;
    has_use(&connection, draft)?;
    Ok(connection)
}

/// The names of the headers with secret values: those that were typed, or else those of before.
fn names_of_headers(draft: &ConnectionDraft, old: Option<&Connection>) -> Result<Vec<String>, Failure> {
    let wrong = |words: &str| Failure::new(FailureCode::BadInput, words).with_detail(SECRET_HEADERS);
    let Some(typed) = draft.secrets.get(SECRET_HEADERS) else {
        return Ok(old.map(|old| old.secret_headers.clone()).unwrap_or_default());
    };
    let headers = secret_headers(typed).ok_or_else(|| wrong(ONE_HEADER))?;
    if headers.iter().any(|(name, _)| is_ours(name)) {
        return Err(wrong(OURS));
    }
    Ok(headers.into_iter().map(|(name, _)| name).collect())
}

/// The headers in lines of `Name: value`; `None` if a line is none.
pub fn secret_headers(lines: &SecretString) -> Option<Vec<(String, SecretString)>> {
    let headers = adapters::form::headers_in(lines.expose_secret())?;
    Some(headers.into_iter().map(|Header { name, value }| (name, value.into())).collect())
}

/// Whether there is a password for the key of the client certificate: typed now, or kept from before.
fn has_password(draft: &ConnectionDraft, old: Option<&Connection>) -> bool {
    match draft.secrets.get(CLIENT_KEY_PASSWORD) {
        Some(typed) => length(typed) > 0,
        None => old.and_then(|old| old.network.client_certificate.as_ref()).is_some_and(|own| own.has_password),
    }
}

/// A secret that would be sent nowhere was meant for something.
fn has_use(connection: &Connection, draft: &ConnectionDraft) -> Result<(), Failure> {
    let named = named_origins(connection);
    let mut given = draft.secrets.iter().filter(|(_, secret)| length(secret) > 0);
    let Some((name, _)) = given.find(|(name, _)| !named.contains_key(name.as_str())) else { return Ok(()) };
    let words = "Nothing would be done with this: what it belongs to, such as the user name, is missing.";
    Err(Failure::new(FailureCode::BadInput, words).with_detail(name))
}

/// What is stored is never sent anywhere else than where it was meant for.
fn stays_at_home(old: &Connection, new: &Connection, draft: &ConnectionDraft) -> Result<(), Failure> {
    let before = named_origins(old);
    let moved = named_origins(new).into_iter().find(|(name, origin)| {
        before.get(name).is_some_and(|before| before != origin) && !draft.secrets.contains_key(*name)
    });
    if let Some((name, _)) = moved {
        let words = "This would go to another server than before, so it has to be given again. Leave it empty if none is \
                     needed.";
        return Err(Failure::new(FailureCode::BadInput, words).with_detail(name));
    }
    if draft.token.is_some() {
        return Ok(());
    }
    if old.needs_key() && new.needs_key() && key_origin(old) != key_origin(new) {
        let words = "The address moved to another server, so the token has to be given again.";
        return Err(Failure::new(FailureCode::BadInput, words).with_detail(adapters::form::TOKEN));
    }
    Ok(())
}

/// A token that cannot stand in a header was copied wrong.
pub fn sendable(token: &SecretString) -> Result<(), Failure> {
    if token.expose_secret().bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(());
    }
    let words =
        "The token holds a space, a line break or a character that no token has. Copy it again, whole and alone.";
    Err(Failure::new(FailureCode::BadInput, words).with_detail(adapters::form::TOKEN))
}

/// Whether two secrets are the same.
pub fn same(one: &SecretString, other: &SecretString) -> bool {
    one.expose_secret() == other.expose_secret()
}

/// How long a secret is, in bytes: all that is told of it.
pub fn length(token: &SecretString) -> usize {
    token.expose_secret().len()
}

/// Whether a session that was made for one is of no use for the other.
pub fn differs(old: &Connection, new: &Connection) -> bool {
    old.url != new.url || old.session != new.session || sign_in_moved(old, new)
}

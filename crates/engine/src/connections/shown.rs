//! A connection as it is shown.

use adapters::Adapter;
use model::{Connection, OauthFlow, Profile, SignIn};

use crate::{
    attachments,
    check::addresses,
    profile::{self, prompts},
    session::named_origins,
    view::{ConnectionState, ConnectionView, SessionPhase, SessionView, SignInView, SignInWay, StartPrompt},
};

/// What takes protection away, and was allowed.
fn cautions(connection: &Connection) -> Vec<String> {
    let plain = || addresses(connection).iter().any(adapters::network::is_plain);
    let words = "Not encrypted: whoever is on the way can read the conversation, and the token.";
    if plain() { vec![words.to_owned()] } else { Vec::new() }
}

/// How one signs in where that is more than a token.
fn sign_in_way(connection: &Connection) -> Option<SignInWay> {
    match &connection.sign_in {
        SignIn::Key => None,
        SignIn::Login(_) => Some(SignInWay::Login),
        SignIn::Oauth(oauth) if oauth.flow == OauthFlow::Device => Some(SignInWay::Device),
        SignIn::Oauth(_) => Some(SignInWay::Browser),
    }
}

/// A connection of which nothing is known yet but what stands in its file and its profile.
pub(super) fn view(
    adapter: &dyn Adapter,
    connection: &Connection,
    profile: &Profile,
    builtin: Option<&[StartPrompt]>,
) -> ConnectionView {
    let none = SessionView { phase: SessionPhase::Absent, ends: None, ahead: 0, fields: Vec::new() };
    ConnectionView {
        id: connection.id.clone(),
        name: connection.name.clone(),
        kind: connection.kind,
        address: connection.url.clone(),
        has_token: connection.needs_key(),
        secrets: named_origins(connection).into_keys().map(str::to_owned).collect(),
        cautions: cautions(connection),
        sign_in: sign_in_way(connection).map(|way| SignInView { way, session: none.clone() }),
        session: connection.session.is_made().then_some(none),
        keeps_threads: adapter.keeps_threads(),
        disabled: connection.disabled,
        builtin: builtin.is_some(),
        state: ConnectionState::Untried,
        again: None,
        files: attachments::limits(connection),
        prompts: builtin.map_or_else(|| prompts(profile), <[StartPrompt]>::to_vec),
        profile: profile::shown(profile).map(Box::new),
        allowed_tools: Vec::new(),
        route: None,
    }
}

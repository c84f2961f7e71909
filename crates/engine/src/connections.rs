//! Connections: added, changed, tried, removed. Their secrets go into the secret store and nowhere else.

mod layered;
mod shown;

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use model::{AttachmentOptions, Connection, ConnectionId, Failure, FailureCode, Kind, SessionSource, Settings};
use secrecy::{ExposeSecret, SecretString};
use tokio::runtime::Handle;
use uuid::Uuid;

use self::shown::view;
use crate::{
    attachments::Place,
    config::Builtin,
    engine::Engine,
    failure::unknown,
    forms::{checked, differs},
    network::{Passwords, bindings, kept_passwords, route},
    route::route_view,
    session::{Asker, Given, Part, Ticket, key_origin, sign_in_moved},
    view::{ConnectionDraft, ConnectionState, ConnectionView, Keep, StartPrompt},
};

/// The name of the Guide's connection.
const GUIDE: &str = "guide";

/// The connection to the embedded assistant.
pub fn guide(url: &str, token: &str, prompts: &[(&str, &str)]) -> Builtin {
    let no_files = AttachmentOptions { enabled: Some(false), ..AttachmentOptions::default() };
    let connection = Connection {
        attachments: Some(no_files),
        ..Connection::new(GUIDE.into(), "Guide", Kind::Chatkit, url, SessionSource::Static)
    };
    let prompt = |&(label, prompt): &(&str, &str)| StartPrompt {
        label: label.to_owned(),
        prompt: prompt.to_owned(),
        mentions: Vec::new(),
        icon: None,
    };
    Builtin { connection, bearer: Some(SecretString::from(token)), prompts: prompts.iter().map(prompt).collect() }
}

impl Engine {
    /// All connections: the person's in their order, then those that the host brought.
    pub fn connections(&self) -> Vec<ConnectionView> {
        self.shared.hub.connections()
    }

    /// The connection of that name or id; of several, one that is not switched off.
    pub fn connection_named(&self, name: &str) -> Option<ConnectionView> {
        let wanted = name.to_lowercase();
        let mut connections = self.connections();
        connections.retain(|view| view.name.to_lowercase() == wanted || view.id.as_str() == name);
        let place = connections.iter().position(|view| !view.disabled).unwrap_or_default();
        (place < connections.len()).then(|| connections.swap_remove(place))
    }

    /// Adds a connection, and then asks it for its threads.
    ///
    /// # Errors
    ///
    /// [`FailureCode::BadAddress`] or [`FailureCode::BadInput`] for what was typed; [`FailureCode::Locked`] if the
    /// administrator wants none; a keychain's failure, and then
    /// nothing was added; [`FailureCode::DiskFull`] if it could not be kept.
    pub async fn add_connection(&self, draft: ConnectionDraft) -> Result<ConnectionView, Failure> {
        let id = ConnectionId::new(Uuid::now_v7().to_string());
        let connection = checked(id, &draft, None)?;
        self.may_put(&connection)?;
        self.try_files(None, &connection, &draft).await?;
        self.keep(None, connection, draft).await
    }

    /// Changes a connection. Without a token in the draft the stored one stays, unless the address moved to another
    /// origin: a token is never sent anywhere else than where it was meant for. The same is true of its other secrets.
    ///
    /// # Errors
    ///
    /// Those of [`Engine::add_connection`], and [`FailureCode::Unknown`].
    pub async fn update_connection(
        &self,
        id: &ConnectionId,
        draft: ConnectionDraft,
    ) -> Result<ConnectionView, Failure> {
        let old = self.own_connection(id)?;
        let connection = self.as_changed(&old, checked(id.clone(), &draft, Some(&old))?);
        self.may_put(&connection)?;
        self.try_files(Some(&old), &connection, &draft).await?;
        if differs(&old, &connection) {
            self.shared.sessions.forget_kept(&old, Part::Session).await;
        }
        if sign_in_moved(&old, &connection) {
            self.end_sign_in(&old).await?;
            self.shared.sessions.forget_kept(&old, Part::SignIn).await;
        }
        self.keep(Some(&old), connection, draft).await
    }

    /// Whether the files that a connection names can be used.
    async fn try_files(
        &self,
        old: Option<&Connection>,
        connection: &Connection,
        draft: &ConnectionDraft,
    ) -> Result<(), Failure> {
        // Only a client certificate has to be opened: otherwise a keychain that is locked holds up nothing.
        let passwords = match &connection.network.client_certificate {
            Some(own) if own.has_password => self.typed_passwords(old, connection, &draft.secrets).await?,
            _ => Passwords::new(),
        };
        route(connection, &passwords, self.http()).await.map(|_| ())
    }

    /// The secrets for the way to a connection's servers: those that were typed, and for the rest those that are kept of
    /// `old`, the connection as it was.
    ///
    /// # Errors
    ///
    /// A keychain's failure.
    pub(crate) async fn typed_passwords(
        &self,
        old: Option<&Connection>,
        connection: &Connection,
        typed: &BTreeMap<String, SecretString>,
    ) -> Result<Passwords, Failure> {
        let bindings = bindings(connection);
        let mut passwords = match old {
            Some(old) if !bindings.keys().all(|name| typed.contains_key(*name)) => {
                kept_passwords(connection, self.shared.sessions.kept(old).await?.as_ref())
            }
            _ => Passwords::new(),
        };
        let given = bindings.into_keys().filter_map(|name| Some((name, typed.get(name)?.clone())));
        passwords.extend(given);
        Ok(passwords)
    }

    async fn keep(
        &self,
        old: Option<&Connection>,
        connection: Connection,
        draft: ConnectionDraft,
    ) -> Result<ConnectionView, Failure> {
        let id = connection.id.clone();
        let ConnectionDraft { token, secrets, keep, .. } = draft;
        let given = Given { token, secrets, keep };
        let given = if old.is_none() { given.filled() } else { given };
        self.shared.sessions.keep_given(old, &connection, given).await?;
        self.settings().change(|settings| put(settings, connection))?;
        self.show_connections();
        self.begin_anew(&id);
        self.check_connection(&id).await
    }

    /// How many characters the stored token of a connection has: all that is ever told of it. `None` if there is none.
    ///
    /// # Errors
    ///
    /// [`FailureCode::Unknown`] if the connection is not here, or the host's; a keychain's failure.
    pub async fn token_length(&self, id: &ConnectionId) -> Result<Option<usize>, Failure> {
        let connection = self.own_connection(id)?;
        if let Some(key) = self.shared.sessions.key_in_variable(&connection) {
            return Ok(Some(key.expose_secret().chars().count()));
        }
        let kept = self.shared.sessions.kept(&connection).await?;
        let key = kept.as_ref().and_then(|kept| kept.key_for(&key_origin(&connection)));
        Ok(key.map(|key| key.expose_secret().chars().count()))
    }

    /// Uses a token for a connection until the program ends, in the place of the one in the keychain.
    ///
    /// # Errors
    ///
    /// [`FailureCode::Unknown`] if the connection is not here, or the host's; [`FailureCode::BadInput`] if it has no use
    /// for one.
    pub async fn lend_token(&self, id: &ConnectionId, token: SecretString) -> Result<(), Failure> {
        let connection = self.own_connection(id)?;
        if !connection.needs_key() {
            let words = format!("“{}” takes no token. Leave it out, or change the connection.", connection.name);
            return Err(Failure::new(FailureCode::BadInput, words));
        }
        self.shared.sessions.set_variable_aside(id);
        let given = Given { token: Some(token), secrets: BTreeMap::new(), keep: Keep::ThisRun };
        self.shared.sessions.keep_given(None, &connection, given).await?;
        self.begin_anew(id);
        Ok(())
    }

    /// Removes a connection, its token, and what is kept here of its threads. Its server keeps what it has.
    ///
    /// # Errors
    ///
    /// [`FailureCode::Locked`] if it is not the person's; a keychain's failure or the store's. Then the connection is still
    /// there.
    pub async fn remove_connection(&self, id: &ConnectionId) -> Result<(), Failure> {
        let connection = self.own_connection(id)?;
        self.settings().may_change(|settings| remove(settings, id))?;
        let secret = id.clone();
        self.forget_unsent_of(id).await;
        self.end_sign_in(&connection).await?;
        self.shared.sessions.forget(id).await;
        self.shared.sessions.blocking(move |secrets| secrets.delete(&secret)).await?;
        for thread in self.threads().into_iter().filter(|thread| &thread.connection == id) {
            self.stop(&thread.id).await?;
            self.drop_files(&Place::Thread(thread.id.clone()));
            self.forget_live(&thread.id);
            self.shared.hub.remove_thread(&thread.id);
        }
        let connection = id.clone();
        self.shared.shelf.run(move |history| history.delete_connection(&connection)).await?;
        self.settings().change(|settings| remove(settings, id))?;
        let _ = self.change_models(|book| book.forget(id));
        self.forget_tools(id);
        self.give_up_waiting(id);
        self.shared.circuits.forget(id);
        self.show_connections();
        Ok(())
    }

    /// Removes every secret that Kittiwake has put into the keychain, of connections of this data folder and of any other.
    ///
    /// # Errors
    ///
    /// A keychain's failure, and then some may still be there.
    pub async fn forget_secrets(&self) -> Result<(), Failure> {
        let own = self.settings().settings().connections.clone();
        for connection in &own {
            self.end_sign_in(connection).await?;
            self.shared.sessions.forget(&connection.id).await;
        }
        self.shared.sessions.blocking(|secrets| secrets.delete_all()).await
    }

    /// Switches a connection off, or on again. What is kept of its conversations stays, and can be read.
    ///
    /// # Errors
    ///
    /// [`FailureCode::Unknown`] if it is not here, or the host's; [`FailureCode::DiskFull`] if it could not be kept.
    pub async fn disable_connection(&self, id: &ConnectionId, disabled: bool) -> Result<(), Failure> {
        self.own_connection(id)?;
        self.settings().change(|settings| {
            settings.connections.iter_mut().filter(|known| &known.id == id).for_each(|known| known.disabled = disabled);
        })?;
        self.show_connections();
        self.begin_anew(id);
        if disabled {
            self.give_up_waiting(id);
        } else {
            self.check_connection(id).await?;
        }
        Ok(())
    }

    /// Puts the person's connections into an order. Those that are not named in it come last, as they were.
    ///
    /// # Errors
    ///
    /// [`FailureCode::DiskFull`] if it could not be kept.
    pub async fn order_connections(&self, order: &[ConnectionId]) -> Result<(), Failure> {
        let place = |id: &ConnectionId| order.iter().position(|other| other == id).unwrap_or(order.len());
        self.settings().change(|settings| settings.connections.sort_by_key(|connection| place(&connection.id)))?;
        self.show_connections();
        Ok(())
    }

    /// Tries a connection by a request that changes nothing. What is wrong with it is in the state of what is returned.
    ///
    /// # Errors
    ///
    /// [`FailureCode::Unknown`] if it is not here.
    pub async fn check_connection(&self, id: &ConnectionId) -> Result<ConnectionView, Failure> {
        // Who asks now does not want to hear when it would make sense to ask again.
        match self.route(id) {
            Some(route) => self.try_members(&route).await,
            None => self.try_connection(id, Asker::Person).await?,
        }
        self.connections().into_iter().find(|view| &view.id == id).ok_or_else(|| unknown("connection"))
    }

    /// The same; how it is with the connection shows in its state.
    ///
    /// # Errors
    ///
    /// [`FailureCode::Unknown`] if it is not here.
    pub(crate) async fn try_connection(&self, id: &ConnectionId, asker: Asker) -> Result<(), Failure> {
        let connection = self.connection(id)?;
        let tried = match self.ticket(&connection, asker).await {
            Ok(_) => self.refresh_threads_of(id).await,
            Err(failure) => Err(failure),
        };
        if let Err(failure) = tried {
            self.noted(id, ConnectionState::Failing { failure });
        }
        Ok(())
    }

    /// From now on tries connections again that failed because the keychain waited for the person, who has answered it.
    pub(crate) fn check_when_unlocked(&self) {
        let (shared, runtime) = (Arc::downgrade(&self.shared), Handle::current());
        let in_vain = Arc::new(AtomicBool::new(false));
        self.shared.sessions.when_late(Box::new(move || {
            let Some(shared) = shared.upgrade() else { return };
            // A keychain that is always late would be asked for ever. After one try in vain that is up to the person.
            if in_vain.load(Ordering::Relaxed) {
                return;
            }
            let (engine, in_vain) = (Self { shared }, in_vain.clone());
            let tasks = engine.shared.tasks.clone();
            let check = async move {
                for connection in engine.connections().into_iter().filter(waits_for_keychain) {
                    let tried = engine.check_connection(&connection.id).await;
                    if tried.is_ok_and(|view| waits_for_keychain(&view)) {
                        in_vain.store(true, Ordering::Relaxed);
                        return;
                    }
                }
            };
            tasks.spawn_on(check, &runtime);
        }));
    }

    /// A connection by its id, completed by what its profile says of files.
    pub(crate) fn connection(&self, id: &ConnectionId) -> Result<Connection, Failure> {
        let builtin = self.shared.builtin.iter().map(|builtin| &builtin.connection).find(|known| &known.id == id);
        match builtin {
            Some(connection) => Ok(connection.clone()),
            None => self.own_connection(id).map(|connection| self.completed(connection)),
        }
    }

    /// One of the person's connections by its id.
    pub(crate) fn own_connection(&self, id: &ConnectionId) -> Result<Connection, Failure> {
        let keeper = self.settings();
        let found = keeper.settings().connections.iter().find(|known| &known.id == id).cloned();
        found.ok_or_else(|| unknown("connection"))
    }

    /// What a request to a connection is to carry.
    pub(crate) async fn ticket(&self, connection: &Connection, asker: Asker) -> Result<Ticket, Failure> {
        if let Some(builtin) = self.shared.builtin.iter().find(|known| known.connection.id == connection.id) {
            return Ok(Ticket { bearer: builtin.bearer.clone(), ..Ticket::default() });
        }
        if connection.disabled {
            let words = format!("“{}” is switched off. Switch it on in Settings → Connections.", connection.name);
            return Err(Failure::new(FailureCode::Disabled, words));
        }
        self.shared.sessions.ticket(connection, asker).await
    }

    /// Whether the host brought a connection.
    pub(crate) fn is_builtin(&self, id: &ConnectionId) -> bool {
        self.shared.builtin.iter().any(|builtin| &builtin.connection.id == id)
    }

    /// All connections as they are shown.
    pub(crate) fn connection_views(&self) -> Vec<ConnectionView> {
        let keeper = self.settings();
        let own = keeper.settings().connections.iter().map(|connection| self.connection_view(connection, None));
        let builtin = self.shared.builtin.iter();
        let builtin =
            builtin.map(|Builtin { connection, prompts, .. }| self.connection_view(connection, Some(prompts)));
        // Whoever has made a route wants to talk to it.
        let views = keeper.settings().routes.iter().map(route_view).chain(own).chain(builtin);
        let tools = &self.shared.tools;
        views.map(|view| ConnectionView { allowed_tools: tools.allowed(&view.id), ..view }).collect()
    }

    fn connection_view(&self, connection: &Connection, builtin: Option<&[StartPrompt]>) -> ConnectionView {
        let connection = self.completed(connection.clone());
        view(self.adapter(&connection), &connection, &self.profile_of(&connection), builtin)
    }
}

/// Puts a connection into the place of the one of its name, or behind all others.
fn put(settings: &mut Settings, connection: Connection) {
    match settings.connections.iter_mut().find(|known| known.id == connection.id) {
        Some(known) => *known = connection,
        None => settings.connections.push(connection),
    }
}

/// Takes a connection out, also of routes.
fn remove(settings: &mut Settings, id: &ConnectionId) {
    settings.connections.retain(|connection| &connection.id != id);
    settings.routes.iter_mut().for_each(|route| route.connections.retain(|member| member != id));
}

/// Whether the keychain keeps a connection from its token.
fn waits_for_keychain(connection: &ConnectionView) -> bool {
    let ConnectionState::Failing { failure } = &connection.state else { return false };
    let unasked = matches!(failure.code, FailureCode::KeychainLocked | FailureCode::KeychainFailed);
    unasked && !connection.disabled
}

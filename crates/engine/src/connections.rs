//! Connections: added, changed, tried, removed. Their tokens go into the secret store and nowhere else.

use std::sync::Arc;

use model::{Auth, Connection, ConnectionId, Failure, FailureCode, Kind};
use secrecy::{ExposeSecret, SecretString};
use secrets::{ConnectionSecrets, SecretError, SecretStore};
use url::Url;
use uuid::Uuid;

use crate::{
    engine::{Builtin, Engine},
    failure::unknown,
    view::{ConnectionDraft, ConnectionState, ConnectionView, Keep, StartPrompt},
};

/// The name of the Guide's connection.
const GUIDE: &str = "guide";

/// The connection to the embedded assistant.
pub fn guide(url: &str, token: &str, prompts: &[(&str, &str)]) -> Builtin {
    let connection = Connection {
        id: ConnectionId::from(GUIDE),
        name: "Guide".to_owned(),
        kind: Kind::Chatkit,
        url: url.to_owned(),
        auth: Auth::Bearer,
    };
    let prompt = |&(label, prompt): &(&str, &str)| StartPrompt { label: label.to_owned(), prompt: prompt.to_owned() };
    Builtin { connection, bearer: Some(SecretString::from(token)), prompts: prompts.iter().map(prompt).collect() }
}

impl Engine {
    /// All connections: the person's in their order, then those that the host brought.
    pub fn connections(&self) -> Vec<ConnectionView> {
        self.shared.hub.connections()
    }

    /// The connection of that name or id.
    pub fn connection_named(&self, name: &str) -> Option<ConnectionView> {
        let connections = self.connections();
        let wanted = name.to_lowercase();
        connections.into_iter().find(|view| view.name.to_lowercase() == wanted || view.id.as_str() == name)
    }

    /// Adds a connection, and then asks it for its threads.
    ///
    /// # Errors
    ///
    /// [`FailureCode::BadAddress`] or [`FailureCode::BadInput`] for what was typed; a keychain's failure, and then
    /// nothing was added; [`FailureCode::DiskFull`] if it could not be kept.
    pub async fn add_connection(&self, draft: ConnectionDraft) -> Result<ConnectionView, Failure> {
        let id = ConnectionId::new(Uuid::now_v7().to_string());
        let connection = checked(id, &draft, Auth::None)?;
        self.keep(connection, draft).await
    }

    /// Changes a connection. Without a token in the draft the stored one stays, unless the address moved to another
    /// origin: a token is never sent anywhere else than where it was meant for.
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
        let connection = checked(id.clone(), &draft, old.auth)?;
        let moved = origin(&connection.url) != origin(&old.url);
        if moved && draft.token.is_none() && connection.auth == Auth::Bearer {
            let words = "The address moved to another server, so the token has to be given again.";
            return Err(Failure::new(FailureCode::BadInput, words));
        }
        self.keep(connection, draft).await
    }

    async fn keep(&self, connection: Connection, draft: ConnectionDraft) -> Result<ConnectionView, Failure> {
        let id = connection.id.clone();
        if let Some(token) = draft.token {
            self.keep_token(&connection, token, draft.keep).await?;
        }
        self.settings().change(|settings| {
            match settings.connections.iter_mut().find(|known| known.id == connection.id) {
                Some(known) => *known = connection,
                None => settings.connections.push(connection),
            }
        })?;
        self.shared.hub.set_connections(self.connection_views());
        self.check_connection(&id).await
    }

    async fn keep_token(&self, connection: &Connection, token: SecretString, keep: Keep) -> Result<(), Failure> {
        let id = connection.id.clone();
        let origin = origin(&connection.url);
        self.secret(move |secrets| {
            if token.expose_secret().is_empty() {
                return secrets.delete(&id);
            }
            let kept = ConnectionSecrets::bearer(origin, token);
            match keep {
                Keep::Keychain => secrets.set(&id, kept),
                Keep::ThisRun => secrets.set_for_this_run(&id, kept),
            }
        })
        .await
    }

    /// Removes a connection, its token, and what is kept here of its threads. Its server keeps what it has.
    ///
    /// # Errors
    ///
    /// A keychain's failure or the store's, and then the connection is still there.
    pub async fn remove_connection(&self, id: &ConnectionId) -> Result<(), Failure> {
        self.own_connection(id)?;
        let secret = id.clone();
        self.secret(move |secrets| secrets.delete(&secret)).await?;
        for thread in self.threads().into_iter().filter(|thread| &thread.connection == id) {
            self.stop(&thread.id).await?;
            self.forget_live(&thread.id);
            self.shared.hub.remove_thread(&thread.id);
        }
        let connection = id.clone();
        self.shared.shelf.run(move |history| history.delete_connection(&connection)).await?;
        self.settings().change(|settings| settings.connections.retain(|connection| &connection.id != id))?;
        self.shared.hub.set_connections(self.connection_views());
        Ok(())
    }

    /// Tries a connection by listing its threads. What is wrong with it is in the state of what is returned.
    ///
    /// # Errors
    ///
    /// [`FailureCode::Unknown`] if it is not here.
    pub async fn check_connection(&self, id: &ConnectionId) -> Result<ConnectionView, Failure> {
        self.connection(id)?;
        if let Err(failure) = self.refresh_threads_of(id).await {
            self.shared.hub.set_connection_state(id, ConnectionState::Failing { failure });
        }
        self.connections().into_iter().find(|view| &view.id == id).ok_or_else(|| unknown("connection"))
    }

    /// A connection by its id.
    pub(crate) fn connection(&self, id: &ConnectionId) -> Result<Connection, Failure> {
        let builtin = self.shared.builtin.iter().map(|builtin| &builtin.connection).find(|known| &known.id == id);
        match builtin {
            Some(connection) => Ok(connection.clone()),
            None => self.own_connection(id),
        }
    }

    fn own_connection(&self, id: &ConnectionId) -> Result<Connection, Failure> {
        let keeper = self.settings();
        let found = keeper.settings().connections.iter().find(|known| &known.id == id).cloned();
        found.ok_or_else(|| unknown("connection"))
    }

    /// The token of a connection, if it uses one.
    pub(crate) async fn bearer(&self, connection: &Connection) -> Result<Option<SecretString>, Failure> {
        if let Some(builtin) = self.shared.builtin.iter().find(|known| known.connection.id == connection.id) {
            return Ok(builtin.bearer.clone());
        }
        if connection.auth == Auth::None {
            return Ok(None);
        }
        let (id, origin) = (connection.id.clone(), origin(&connection.url));
        let kept = self.secret(move |secrets| secrets.get(&id, &origin)).await?;
        kept.map(|kept| Some(kept.bearer)).ok_or_else(|| {
            let words = format!(
                "The token of “{}” is not on this computer. Give it again in Settings → Connections.",
                connection.name
            );
            Failure::new(FailureCode::Unauthorized, words)
        })
    }

    /// Does something with the secret store, where blocking is allowed.
    async fn secret<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn SecretStore) -> Result<T, SecretError> + Send + 'static,
    ) -> Result<T, Failure> {
        let secrets: Arc<dyn SecretStore> = self.shared.secrets.clone();
        let answer = tokio::task::spawn_blocking(move || work(&*secrets)).await;
        answer
            .map_err(|_| Failure::new(FailureCode::KeychainFailed, "The keychain could not be asked. Try again."))?
            .map_err(Failure::from)
    }

    /// All connections as they are shown.
    pub(crate) fn connection_views(&self) -> Vec<ConnectionView> {
        let keeper = self.settings();
        let own = keeper.settings().connections.iter().map(|connection| view(connection, None));
        own.chain(self.shared.builtin.iter().map(|builtin| view(&builtin.connection, Some(&builtin.prompts)))).collect()
    }
}

fn view(connection: &Connection, builtin: Option<&[StartPrompt]>) -> ConnectionView {
    ConnectionView {
        id: connection.id.clone(),
        name: connection.name.clone(),
        kind: connection.kind,
        address: connection.url.clone(),
        auth: connection.auth,
        builtin: builtin.is_some(),
        state: ConnectionState::Untried,
        prompts: builtin.map(<[StartPrompt]>::to_vec).unwrap_or_default(),
    }
}

/// What was typed, as a connection.
fn checked(id: ConnectionId, draft: &ConnectionDraft, auth: Auth) -> Result<Connection, Failure> {
    let url =
        adapters::address(&draft.url).map_err(|error| Failure::new(FailureCode::BadAddress, error.to_string()))?;
    let name = match draft.name.trim() {
        "" => url.host_str().unwrap_or("ChatKit server").to_owned(),
        name => name.to_owned(),
    };
    let auth = match &draft.token {
        Some(token) if token.expose_secret().is_empty() => Auth::None,
        Some(token) => header_safe(token).map(|()| Auth::Bearer)?,
        None => auth,
    };
    Ok(Connection { id, name, kind: draft.kind, url: url.to_string(), auth })
}

/// A token that cannot stand in a header was copied wrong.
fn header_safe(token: &SecretString) -> Result<(), Failure> {
    if token.expose_secret().bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(());
    }
    let words =
        "The token holds a space, a line break or a character that no token has. Copy it again, whole and alone.";
    Err(Failure::new(FailureCode::BadInput, words))
}

/// Scheme, host and port: what a token is bound to.
fn origin(url: &str) -> String {
    Url::parse(url).map_or_else(|_| url.to_owned(), |url| url.origin().ascii_serialization())
}

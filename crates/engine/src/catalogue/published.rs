//! The lists and profiles that servers publish: asked for when they can be had, and kept for when they cannot.

use model::{Connection, ConnectionId, Failure, FailureCode, Listed, Operation, Profile, Published, Reply};

use super::book::Options;
use crate::{engine::Engine, profile, session::Asker};

/// How long a list is good for before it is asked for again by itself, in milliseconds.
const FRESH: i64 = 4 * 60 * 60 * 1000;

impl Engine {
    /// Asks a connection's server which models it has; those of all members, if it is a route.
    ///
    /// # Errors
    ///
    /// [`FailureCode::Unknown`] if the connection is not here, [`FailureCode::NotFound`] if its server publishes no list,
    /// and what went wrong on the way. What was known before stays then.
    pub async fn refresh_models(&self, id: &ConnectionId) -> Result<(), Failure> {
        let Some(route) = self.route(id) else { return self.list_models(id).await };
        let listing: Vec<_> = route.connections.iter().filter(|member| self.lists_models(member)).collect();
        if listing.is_empty() {
            return Err(no_list(&route.name));
        }
        let mut failed = None;
        for member in listing {
            failed = self.list_models(member).await.err().or(failed);
        }
        failed.map_or(Ok(()), Err)
    }

    /// A connection was reached: its list is asked for if that has not been done for long.
    pub(crate) fn models_may_be_read(&self, id: &ConnectionId) {
        let Ok(Connection { profile, .. }) = self.connection(id) else { return };
        let now = self.now();
        {
            let inner = self.shared.models.lock();
            let book = inner.keeper.book();
            let known = book.profiles.get(id).map(|options| &options.address);
            let read = book.published.get(id).filter(|_| known == profile.as_ref()).map(|list| list.read_at);
            let asked = inner.asked.get(id).filter(|(address, _)| *address == profile).map(|(_, at)| *at);
            // A clock that was set back is no reason never to ask again.
            if read.max(asked).is_some_and(|last| (0..FRESH).contains(&(now - last))) {
                return;
            }
        }
        if self.shared.closing.is_cancelled() || self.is_builtin(id) || !self.lists_models(id) {
            return;
        }
        self.shared.models.lock().asked.insert(id.clone(), (profile, now));
        let (engine, id) = (self.clone(), id.clone());
        self.shared.tasks.spawn(async move {
            tokio::select! {
                // Nobody waits for it; what was known stays.
                _ = engine.list_models(&id) => {}
                () = engine.shared.closing.cancelled() => {}
            }
        });
    }

    /// A server has answered; what it says of itself is kept.
    pub(crate) fn published(&self, connection: &Connection, reply: &Reply) {
        match reply {
            Reply::Models(models) => self.models_are_listed(connection, models),
            Reply::Profile(published) => self.profile_is_read(connection, published),
            _ => {}
        }
    }

    /// A server has said which models it has.
    fn models_are_listed(&self, connection: &Connection, models: &[Listed]) {
        let (id, now) = (&connection.id, self.now());
        {
            let mut inner = self.shared.models.lock();
            inner.asked.insert(id.clone(), (connection.profile.clone(), now));
            inner.refused.retain(|name| &name.connection != id || !models.iter().any(|model| model.id == name.id));
        }
        // Where nothing can be kept, it is known for this run all the same; the settings tell of a full disk.
        let _ = self.change_models(|book| {
            let list = book.published.entry(id.clone()).or_default();
            *list = list.read(models.to_vec(), now);
        });
    }

    /// A server has said which models it has, and how its conversations look.
    fn profile_is_read(&self, connection: &Connection, published: &Published) {
        self.models_are_listed(connection, published.models.as_deref().unwrap_or_default());
        let Some(address) = connection.profile.clone() else { return };
        let options = profile::bounded(published.options.clone(), &connection.url);
        let mut is_new = false;
        let _ = self.change_models(|book| {
            let before = book.profiles.insert(connection.id.clone(), Options { address, options: options.clone() });
            is_new = before.unwrap_or_default().options != options;
        });
        if is_new {
            self.show_connections();
        }
    }

    /// Does something with the options that a connection's server published last, wherever it is now.
    pub(crate) fn with_published<T>(&self, connection: &Connection, act: impl FnOnce(Option<&Profile>) -> T) -> T {
        let inner = self.shared.models.lock();
        let kept = inner.keeper.book().profiles.get(&connection.id);
        let current = kept.filter(|kept| connection.profile.as_ref() == Some(&kept.address));
        act(current.map(|kept| &kept.options))
    }

    /// Whether a connection's server has an address for a list.
    fn lists_models(&self, id: &ConnectionId) -> bool {
        let Ok(connection) = self.connection(id) else { return false };
        !connection.disabled
            && self.adapter(&connection).request(&connection, &Operation::ListModels, self.locale()).is_ok()
    }

    /// Asks one. It may be asked elsewhere than the conversation is held, so nothing is concluded from that about the
    /// connection.
    async fn list_models(&self, id: &ConnectionId) -> Result<(), Failure> {
        let connection = self.connection(id)?;
        if !connection.disabled && !self.lists_models(id) {
            return Err(no_list(&connection.name));
        }
        self.shared.models.lock().asked.insert(id.clone(), (connection.profile.clone(), self.now()));
        let backend = self.backend(id, Asker::Program).await?;
        let reply = backend.call(&Operation::ListModels).await?;
        self.published(&connection, &reply);
        match reply {
            Reply::Models(_) => Ok(()),
            Reply::Profile(published) if published.models.is_some() => Ok(()),
            _ => Err(no_list(&connection.name)),
        }
    }
}

fn no_list(name: &str) -> Failure {
    let words = format!("“{name}” publishes no list of models. You can add one by its name.");
    Failure::new(FailureCode::NotFound, words)
}

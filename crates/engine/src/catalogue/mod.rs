//! The catalogue of models: what can be chosen, known without a network.
//!
//! `book` is its file, `layered` puts together what everybody says, `published` asks servers for their lists, `edit` is what
//! the person does, `choice` says which model a conversation is held with, and `thread` how that is shown there.

mod book;
mod choice;
mod edit;
mod layered;
mod published;
mod thread;

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use model::{ConnectionId, Failure, ModelRef};
use serde_json::{Map, Value};

pub use book::{Book, Keeper, List, Options, said_by_person};
pub use layered::{Catalogue, Inputs, Served};

use crate::{engine::Engine, layers::Locks, view::CatalogueView};

/// The catalogue of a run of the program.
pub(crate) struct Models {
    inner: Mutex<Inner>,
}

/// What others than the person and the servers say of models.
struct Around {
    policy: Vec<Map<String, Value>>,
    environment: Vec<ModelRef>,
    locks: Locks,
}

struct Inner {
    keeper: Keeper,
    catalogue: Arc<Catalogue>,
    /// Models that their servers have refused.
    refused: HashSet<ModelRef>,
    /// When lists were last asked for, in milliseconds since 1970 UTC, and at which address of a profile.
    asked: HashMap<ConnectionId, (Option<String>, i64)>,
}

impl Models {
    /// What is kept of models.
    pub fn new(keeper: Keeper) -> Self {
        let (catalogue, refused, asked) = (Arc::default(), HashSet::new(), HashMap::new());
        Self { inner: Mutex::new(Inner { keeper, catalogue, refused, asked }) }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Engine {
    /// All that is known of models. Nobody is asked for it.
    pub fn models(&self) -> CatalogueView {
        self.catalogue().view()
    }

    pub(crate) fn catalogue(&self) -> Arc<Catalogue> {
        self.shared.models.lock().catalogue.clone()
    }

    /// Changes what is kept of models, and shows what became of it.
    pub(crate) fn change_models(&self, change: impl FnOnce(&mut Book)) -> Result<(), Failure> {
        let changed = self.shared.models.lock().keeper.change(change);
        self.show_models();
        changed
    }

    /// Connections or routes changed.
    pub(crate) fn show_connections(&self) {
        self.shared.hub.set_connections(self.connection_views());
        self.show_models();
    }

    /// Puts the catalogue together anew, and shows it if it has changed.
    pub(crate) fn show_models(&self) {
        let served = self.served();
        let Around { policy, environment, locks } = self.around_models();
        let catalogue = {
            let mut inner = self.shared.models.lock();
            let catalogue = Arc::new(Catalogue::new(&Inputs {
                served: &served,
                book: inner.keeper.book(),
                policy: &policy,
                environment: &environment,
                locks: &locks,
                refused: &inner.refused,
            }));
            inner.catalogue = catalogue.clone();
            catalogue
        };
        self.shared.hub.set_catalogue(catalogue.view());
        let lives: Vec<_> = self.lives().values().cloned().collect();
        lives.iter().for_each(|live| self.show_model(live));
    }

    /// What administrator and environment say of models.
    fn around_models(&self) -> Around {
        let keeper = self.settings();
        let policy = keeper.policy_models().into_iter().filter_map(|model| match serde_json::to_value(model) {
            Ok(Value::Object(entry)) => Some(entry),
            _ => None,
        });
        let own = keeper.managed().environment.map(|environment| environment.connection);
        let own = keeper.settings().connections.iter().find(|connection| Some(&connection.id) == own.as_ref());
        let environment = own.and_then(|own| {
            let id = own.custom.as_ref()?.model.clone()?;
            Some(ModelRef { connection: own.id.clone(), id })
        });
        Around { policy: policy.collect(), environment: environment.into_iter().collect(), locks: keeper.locks() }
    }

    /// The connections and routes as they are listed, with the models of their settings.
    fn served(&self) -> Vec<Served> {
        let keeper = self.settings();
        let settings = keeper.settings();
        let routes = settings.routes.iter().map(|route| Served {
            connection: route.id.clone(),
            model: None,
            members: route.connections.clone(),
        });
        let builtin = self.shared.builtin.iter().map(|builtin| &builtin.connection);
        let connections = settings.connections.iter().chain(builtin).map(|connection| {
            let openai = connection.openai.as_ref().map(|openai| openai.model.clone());
            let model = openai.or_else(|| connection.custom.as_ref()?.model.clone());
            Served { connection: connection.id.clone(), model, members: Vec::new() }
        });
        routes.chain(connections).collect()
    }
}

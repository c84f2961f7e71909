//! The catalogue: what everybody says of models, put together.

use std::{
    collections::{HashMap, HashSet},
    ops::Range,
};

use model::{ConnectionId, Listed, Model, ModelRef};
use serde_json::{Map, Value, json};

use super::book::{Book, List};
use crate::{
    layers::{Layer, Locks, Merged, merge},
    view::{CatalogueView, ModelSource, ModelView, PublishedView},
};

/// A connection or a route, as far as its models go.
#[derive(Debug, Clone)]
pub struct Served {
    /// Which.
    pub connection: ConnectionId,
    /// The model that stands in its settings.
    pub model: Option<String>,
    /// Whose models it has, if it is a route.
    pub members: Vec<ConnectionId>,
}

/// What the catalogue is made of.
#[derive(Debug)]
pub struct Inputs<'a> {
    /// The connections and routes, in the person's order. What is said of others is left out.
    pub served: &'a [Served],
    /// What is in the file.
    pub book: &'a Book,
    /// The administrator's entries.
    pub policy: &'a [Map<String, Value>],
    /// What the environment of the program names.
    pub environment: &'a [ModelRef],
    /// What the administrator has fixed.
    pub locks: &'a Locks,
    /// Models that their servers refused in this run.
    pub refused: &'a HashSet<ModelRef>,
}

/// One entry.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The model. It is the default only if no other one of its connection is.
    pub model: Model,
    /// Who says that it exists.
    pub source: ModelSource,
    /// Whether the administrator has fixed it.
    pub locked: bool,
    /// Whether its server has it no more.
    pub gone: bool,
    /// Whether somebody else than the server itself says that it is the default, so that it is asked for.
    asked: bool,
}

/// All that is known of models.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    entries: Vec<Entry>,
    of: HashMap<ConnectionId, Range<usize>>,
    names: HashMap<ModelRef, usize>,
    gone: HashSet<ModelRef>,
    chosen: Vec<ModelRef>,
    published: Vec<PublishedView>,
}

impl Catalogue {
    /// Puts it together.
    pub fn new(inputs: &Inputs<'_>) -> Self {
        let places: HashMap<&ConnectionId, usize> =
            inputs.served.iter().enumerate().map(|(place, served)| (&served.connection, place)).collect();
        let said = Said::of(inputs);
        let merged = merge(&said.layers, inputs.locks);
        let mut entries = said.entries(&merged, inputs);
        entries.extend(said.chosen(&entries, inputs));
        let first = |entry: &Entry| said.first.get(&key(&entry.model.name())).copied().unwrap_or(usize::MAX);
        let place = |entry: &Entry| places.get(&entry.model.connection).copied();
        entries.retain(|entry| place(entry).is_some());
        entries.sort_by_cached_key(|entry| (place(entry), first(entry)));
        settle_defaults(&mut entries, &merged, inputs.locks);
        entries.sort_by_cached_key(|entry| (place(entry), !entry.model.default));
        let published = inputs.book.published.iter().filter(|(connection, _)| places.contains_key(connection));
        let published =
            published.map(|(connection, list)| PublishedView { connection: connection.clone(), read_at: list.read_at });
        let chosen = inputs.book.chosen.iter().filter(|chosen| places.contains_key(&chosen.connection));
        let mut catalogue = Self {
            published: published.collect(),
            chosen: chosen.cloned().collect(),
            gone: gone(inputs),
            ..Self::default()
        };
        for (place, entry) in entries.iter().enumerate() {
            let of = catalogue.of.entry(entry.model.connection.clone()).or_insert(place..place);
            of.end = place + 1;
            catalogue.names.insert(entry.model.name(), place);
        }
        catalogue.entries = entries;
        catalogue
    }

    /// An entry by its name.
    pub fn get(&self, name: &ModelRef) -> Option<&Entry> {
        self.names.get(name).map(|place| &self.entries[*place])
    }

    /// The entries of a connection: its default first, then as they were given.
    pub fn of(&self, connection: &ConnectionId) -> &[Entry] {
        self.of.get(connection).map_or(&[], |of| &self.entries[of.clone()])
    }

    /// The model that a connection is asked for where nobody has chosen; nothing where that is left to its server.
    pub fn begins_with(&self, connection: &ConnectionId) -> Option<&Model> {
        self.of(connection).first().filter(|entry| entry.model.default && entry.asked).map(|entry| &entry.model)
    }

    /// Whether a server has a model no more.
    pub fn is_gone(&self, name: &ModelRef) -> bool {
        self.gone.contains(name)
    }

    /// What could take the place of a model of the same connection.
    pub fn instead(&self, name: &ModelRef) -> Option<&Model> {
        let others = self.of(&name.connection).iter().map(|entry| &entry.model);
        let mut usable = others
            .filter(|model| model.id != name.id && (!model.hidden || model.default) && !self.is_gone(&model.name()));
        usable.next()
    }

    /// The same as it is shown.
    pub fn view(&self) -> CatalogueView {
        CatalogueView {
            models: self.entries.iter().map(shown).collect(),
            chosen: self.chosen.clone(),
            published: self.published.clone(),
        }
    }
}

fn shown(Entry { model, source, locked, gone, .. }: &Entry) -> ModelView {
    let Model { id, connection, label, description, tags, context, price, default, hidden, parameters: _ } =
        model.clone();
    ModelView {
        label: label.filter(|label| !label.trim().is_empty()).unwrap_or_else(|| id.clone()),
        connection,
        id,
        description,
        tags,
        context,
        price,
        default,
        hidden,
        source: *source,
        locked: *locked,
        gone: *gone,
    }
}

/// What an entry is called where layers are put together.
pub(super) fn key(name: &ModelRef) -> String {
    format!("{}/{}", name.connection.as_str(), name.id)
}

/// What each layer says, and what is to be known of that afterwards.
struct Said {
    layers: Vec<(Layer, Map<String, Value>)>,
    /// In which order they were named.
    first: HashMap<String, usize>,
    /// Who says most of whether it exists.
    sources: HashMap<String, ModelSource>,
}

impl Said {
    fn of(inputs: &Inputs<'_>) -> Self {
        let mut said = Self { layers: Vec::new(), first: HashMap::new(), sources: HashMap::new() };
        let named = |name: &ModelRef| {
            Map::from_iter([
                ("connection".to_owned(), json!(name.connection)),
                ("id".to_owned(), json!(name.id)),
                ("default".to_owned(), json!(true)),
            ])
        };
        let settings = inputs.served.iter().filter_map(|served| {
            let id = served.model.clone().filter(|id| !id.is_empty())?;
            Some(named(&ModelRef { connection: served.connection.clone(), id }))
        });
        let published = inputs.book.published.iter().flat_map(|(connection, List { models, .. })| {
            models.iter().filter_map(move |listed| entry_of(connection, listed))
        });
        let environment = inputs.environment.iter().map(named);
        // Who is named last says most of whether it exists.
        said.add(Layer::BuiltIn, ModelSource::Published, published);
        said.add(Layer::BuiltIn, ModelSource::Connection, settings);
        said.add(Layer::Policy, ModelSource::Policy, inputs.policy.iter().cloned());
        said.add(Layer::Person, ModelSource::Person, inputs.book.models.iter().cloned());
        said.add(Layer::Environment, ModelSource::Environment, environment);
        said
    }

    fn add(&mut self, layer: Layer, source: ModelSource, entries: impl Iterator<Item = Map<String, Value>>) {
        let mut models = Vec::new();
        for entry in entries {
            let text = |key: &str| entry.get(key).and_then(Value::as_str);
            // What has no name is no entry.
            let (Some(connection), Some(id)) = (text("connection"), text("id")) else { continue };
            let key = format!("{connection}/{id}");
            let next = self.first.len();
            self.first.entry(key.clone()).or_insert(next);
            // Somebody who only says more of a model is not the one who says that it exists.
            self.sources.entry(key).and_modify(|known| *known = more(*known, source)).or_insert(source);
            models.push(Value::Object(entry));
        }
        self.layers.push((layer, Map::from_iter([("models".to_owned(), Value::Array(models))])));
    }

    fn entries(&self, merged: &Merged, inputs: &Inputs<'_>) -> Vec<Entry> {
        let models = merged.content.get("models").and_then(Value::as_array).into_iter().flatten();
        let read = models.filter_map(|model| serde_json::from_value::<Model>(model.clone()).ok());
        let gone = gone(inputs);
        let entry = |model: Model| {
            let name = model.name();
            let key = key(&name);
            Entry {
                source: self.sources.get(&key).copied().unwrap_or(ModelSource::Person),
                locked: inputs.locks.hold(&["models", &key]),
                gone: gone.contains(&name),
                asked: false,
                model,
            }
        };
        read.map(entry).collect()
    }

    /// What somebody has chosen, and nobody says that it exists: it was typed by hand, or its server has it no more.
    fn chosen(&self, entries: &[Entry], inputs: &Inputs<'_>) -> Vec<Entry> {
        let known: HashSet<ModelRef> = entries.iter().map(|entry| entry.model.name()).collect();
        // What was chosen for a route is a model of its members.
        let routes = inputs.served.iter().filter(|served| !served.members.is_empty());
        let routes: HashSet<&ConnectionId> = routes.map(|served| &served.connection).collect();
        let chosen = inputs.book.chosen.iter();
        let missing = chosen.filter(|name| !known.contains(*name) && !routes.contains(&name.connection));
        let entry = |name: &ModelRef| {
            let before = inputs.book.published.get(&name.connection).into_iter().flat_map(|list| &list.gone);
            let before = before.into_iter().find(|listed| listed.id == name.id);
            let listed = before.and_then(|listed| entry_of(&name.connection, listed));
            let model = listed.and_then(|entry| serde_json::from_value(Value::Object(entry)).ok());
            Entry {
                model: Model {
                    default: false,
                    ..model.unwrap_or_else(|| Model::new(name.connection.clone(), &name.id))
                },
                source: if before.is_some() { ModelSource::Published } else { ModelSource::Person },
                locked: inputs.locks.hold(&["models", &key(name)]),
                gone: before.is_some() || inputs.refused.contains(name),
                asked: false,
            }
        };
        missing.map(entry).collect()
    }
}

/// What a server says of a model, as an entry.
fn entry_of(connection: &ConnectionId, listed: &Listed) -> Option<Map<String, Value>> {
    let Ok(Value::Object(mut entry)) = serde_json::to_value(listed) else { return None };
    entry.insert("connection".to_owned(), json!(connection));
    Some(entry)
}

/// Of two who name a model the one who says more: those who would be missed if it were taken away.
fn more(one: ModelSource, other: ModelSource) -> ModelSource {
    let rank = |source: ModelSource| match source {
        ModelSource::Person => 0,
        ModelSource::Published => 1,
        ModelSource::Environment => 2,
        ModelSource::Policy => 3,
        ModelSource::Connection => 4,
    };
    if rank(other) > rank(one) { other } else { one }
}

/// Of each connection's entries only one is the default: one that the administrator has fixed, or else that of whom the last
/// layer says so, and within a layer the one of the connection's own settings.
fn settle_defaults(entries: &mut [Entry], merged: &Merged, locks: &Locks) {
    let mut best: HashMap<ConnectionId, (bool, Option<Layer>, bool, usize)> = HashMap::new();
    for (place, entry) in entries.iter().enumerate().filter(|(_, entry)| entry.model.default) {
        let name = key(&entry.model.name());
        let layer = merged.origins.get(&format!("models.{name}.default")).copied();
        let is_fixed = locks.hold(&["models", &name, "default"]);
        let rank = (is_fixed, layer, entry.source == ModelSource::Connection, place);
        let known = best.entry(entry.model.connection.clone()).or_insert(rank);
        if (rank.0, rank.1, rank.2) > (known.0, known.1, known.2) {
            *known = rank;
        }
    }
    for (place, entry) in entries.iter_mut().enumerate().filter(|(_, entry)| entry.model.default) {
        let winner = best.get(&entry.model.connection).copied().filter(|(.., winner)| *winner == place);
        entry.model.default = winner.is_some();
        entry.asked = winner.is_some_and(|(_, layer, own, _)| own || layer > Some(Layer::BuiltIn));
    }
}

/// Models that were listed once and are no more, and those that were refused.
fn gone(inputs: &Inputs<'_>) -> HashSet<ModelRef> {
    let listed = inputs.book.published.iter().flat_map(|(connection, list)| {
        list.gone.iter().map(move |model| ModelRef { connection: connection.clone(), id: model.id.clone() })
    });
    listed.chain(inputs.refused.iter().cloned()).collect()
}

#[cfg(test)]
mod tests;

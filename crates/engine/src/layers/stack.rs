//! The layers around the person's own settings.

use std::path::PathBuf;

use model::{Connection, Failure, Model, Route, SessionSource, Settings};
use serde_json::{Map, Value};

use super::{
    Environment, Layer, Locks, Merged, PolicyPlace,
    environment::{OWN, SWITCHED_OFF, Said},
    merge,
    merge::named,
    policy,
    understood::{LISTS, built_in, understood},
};
use crate::{
    session::key_origin,
    view::{EnvironmentView, ManagedView},
};

/// What stands below and above the person's own settings.
#[derive(Debug, Default)]
pub struct Layers {
    policy: policy::Read,
    file: Option<PathBuf>,
    environment: Map<String, Value>,
    own: Option<Connection>,
}

impl Layers {
    /// Reads what administrator and environment say. What cannot be used is told, and left out.
    pub fn read(place: Option<&PolicyPlace>, environment: &Environment) -> (Self, Vec<Failure>) {
        let mut problems = Vec::new();
        let (policy, file) = match place.map(|place| (policy::read(place), place)) {
            None => (policy::Read::default(), None),
            Some((Ok((policy, trouble)), place)) => {
                problems.extend(trouble);
                (policy, Some(place.file.clone()))
            }
            Some((Err(failure), _)) => {
                problems.push(failure);
                (policy::Read::default(), None)
            }
        };
        let Said { content, connection, problems: more } = environment.layer(&policy.locks);
        problems.extend(more);
        (Self { policy, file, environment: content, own: connection }, problems)
    }

    /// The policy in force.
    pub fn file(&self) -> Option<&PathBuf> {
        self.file.as_ref()
    }

    /// Who looks after the policy, in words.
    pub(crate) fn administrator(&self) -> &str {
        self.policy.managed_by.as_deref().unwrap_or("your administrator")
    }

    /// The policy's entries of the catalogue.
    pub(crate) fn models(&self) -> &[Model] {
        &self.policy.models
    }

    /// What the policy fixes.
    pub(crate) fn locks(&self) -> &Locks {
        &self.policy.locks
    }

    /// What the policy sets.
    pub(crate) fn policy(&self) -> &Map<String, Value> {
        &self.policy.content
    }

    /// What the environment sets, without its connection.
    pub(crate) fn environment(&self) -> &Map<String, Value> {
        &self.environment
    }

    /// The keychain has a key for this origin that the environment once had.
    pub(crate) fn has_kept(&mut self, origin: &str) {
        if let Some(own) = &mut self.own
            && own.session == SessionSource::None
            && key_origin(own) == origin
        {
            own.session = SessionSource::Static;
        }
    }

    /// The environment's connection, which the person may have switched off.
    fn own(&self, person: &Map<String, Value>) -> Option<Connection> {
        let own = self.own.clone()?;
        let disabled = person.get(SWITCHED_OFF).and_then(Value::as_str) == Some(own.url.as_str());
        Some(Connection { disabled, ..own })
    }

    /// Everything with the person's own settings between.
    pub(crate) fn merged(&self, person: &Map<String, Value>) -> Merged {
        let mut environment = self.environment.clone();
        if let Some(own) = self.own(person).and_then(|own| serde_json::to_value(own).ok()) {
            environment.insert("connections".to_owned(), Value::Array(vec![own]));
        }
        let layers = [
            (Layer::BuiltIn, built_in()),
            (Layer::Policy, self.policy.content.clone()),
            (Layer::Person, self.of_person(person)),
            (Layer::Environment, environment),
        ];
        let mut merged = merge::merge(&layers, &self.policy.locks);
        if let Some(Value::Array(connections)) = merged.content.get_mut("connections") {
            // What one starts a program with is what one wants to talk to.
            connections.sort_by_key(|thing| named("connections", thing).as_deref() != Some(OWN));
        }
        merged
    }

    /// The settings in force.
    pub(crate) fn settings(&self, person: &Map<String, Value>) -> Settings {
        serde_json::from_value(Value::Object(self.merged(person).content)).unwrap_or_default()
    }

    /// What of the person's own settings is understood. Of things in lists that is what makes sense upon the policy's.
    fn of_person(&self, person: &Map<String, Value>) -> Map<String, Value> {
        let mut content = understood(person).content;
        for list in LISTS {
            let Some(Value::Array(things)) = content.get_mut(list) else { continue };
            things.retain(|thing| self.makes_sense(list, thing));
        }
        content
    }

    fn makes_sense(&self, list: &str, thing: &Value) -> bool {
        let Some(name) = named(list, thing).filter(|name| name != OWN) else { return false };
        let one = |thing: &Value| Map::from_iter([(list.to_owned(), Value::Array(vec![thing.clone()]))]);
        let mut layers: Vec<_> =
            self.brings(list, &name).map(|below| (Layer::Policy, one(below))).into_iter().collect();
        layers.push((Layer::Person, one(thing)));
        let together = merge::merge(&layers, &self.policy.locks).content;
        // Locked out: merging leaves it out as well.
        let Some(whole) = together.get(list).and_then(|things| things.get(0)) else { return true };
        match list {
            "connections" => serde_json::from_value::<Connection>(whole.clone()).is_ok(),
            _ => serde_json::from_value::<Route>(whole.clone()).is_ok(),
        }
    }

    /// A thing of a list as the policy has it.
    pub(crate) fn brings(&self, list: &str, name: &str) -> Option<&Value> {
        let things = self.policy.content.get(list)?.as_array()?;
        things.iter().find(|thing| named(list, thing).as_deref() == Some(name))
    }

    /// What is shown of all this. `kept` if the environment's key is in the keychain.
    pub(crate) fn view(&self, kept: Option<&str>) -> ManagedView {
        let brought = LISTS.iter().filter_map(|list| Some((list, self.policy.content.get(*list)?.as_array()?)));
        let brought = brought.flat_map(|(list, things)| things.iter().filter_map(|thing| named(list, thing)));
        let environment = self.own.as_ref().map(|own| EnvironmentView {
            connection: own.id.clone(),
            key: own.key_variable.clone().filter(|_| kept != Some(&key_origin(own))),
        });
        ManagedView {
            managed_by: self.policy.managed_by.clone(),
            policy: self.file.as_ref().map(|file| file.display().to_string()),
            locked: self.policy.locks.keys().to_vec(),
            connections: brought.map(|name| name.as_str().into()).collect(),
            environment,
        }
    }
}

//! What a person changes, as what is written for them: the keys that they chose and no others.

use model::{Failure, FailureCode, Settings};
use serde_json::{Map, Value};

use super::{
    Layers,
    environment::{OWN, SWITCHED_OFF, variable},
    merge::named,
    understood::LISTS,
};

type Object = Map<String, Value>;

/// The key of a connection that says whether it is switched off.
const SWITCH: &str = "disabled";

/// The person's own settings after the settings in force were `before` and are to be `after`.
///
/// # Errors
///
/// [`FailureCode::Locked`] if one of the keys that differ is not the person's to change.
pub(crate) fn changed(
    layers: &Layers,
    person: &Object,
    before: &Settings,
    after: &Settings,
) -> Result<Object, Failure> {
    let (before, after) = (object_of(before), object_of(after));
    let changing = Changing { layers };
    let mut person = person.clone();
    for list in LISTS {
        changing.list(list, things(&before, list), things(&after, list), &mut person)?;
    }
    let is_list = |key: &String| LISTS.contains(&key.as_str());
    let without = |object: &Object| object.clone().into_iter().filter(|(key, _)| !is_list(key)).collect::<Object>();
    changing.object(&without(&before), &without(&after), layers.policy(), &mut person, &mut Vec::new())?;
    Ok(person)
}

fn object_of(settings: &Settings) -> Object {
    match serde_json::to_value(settings) {
        Ok(Value::Object(content)) => content,
        _ => Object::new(),
    }
}

fn things<'a>(content: &'a Object, list: &str) -> &'a [Value] {
    content.get(list).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

struct Changing<'a> {
    layers: &'a Layers,
}

impl Changing<'_> {
    /// Writes what differs into the person's object. `below` is what the policy has at this place.
    fn object(
        &self,
        before: &Object,
        after: &Object,
        below: &Object,
        into: &mut Object,
        path: &mut Vec<String>,
    ) -> Result<(), Failure> {
        let gone = before.keys().filter(|key| !after.contains_key(*key));
        for key in after.keys().chain(gone) {
            if before.get(key) == after.get(key) {
                continue;
            }
            path.push(key.clone());
            match (before.get(key), after.get(key)) {
                (Some(Value::Object(before)), Some(Value::Object(after))) => {
                    let mut inner = into.get(key).and_then(Value::as_object).cloned().unwrap_or_default();
                    let below = below.get(key).and_then(Value::as_object).cloned().unwrap_or_default();
                    self.object(before, after, &below, &mut inner, path)?;
                    into.insert(key.clone(), Value::Object(inner));
                }
                (_, after) => {
                    self.may(path)?;
                    match after {
                        Some(after) => into.insert(key.clone(), after.clone()),
                        // What the policy has and the person does not want has to be said.
                        None if below.contains_key(key) => into.insert(key.clone(), Value::Null),
                        None => into.remove(key),
                    };
                }
            }
            path.pop();
        }
        Ok(())
    }

    fn list(&self, list: &str, before: &[Value], after: &[Value], person: &mut Object) -> Result<(), Failure> {
        if before == after {
            return Ok(());
        }
        let mut own: Vec<Value> = person.get(list).and_then(Value::as_array).cloned().unwrap_or_default();
        let called = |thing: &Value, name: &str| named(list, thing).as_deref() == Some(name);
        for thing in before {
            let Some(name) = named(list, thing) else { continue };
            if !after.iter().any(|other| called(other, &name)) {
                self.may_remove(list, thing)?;
                own.retain(|other| !called(other, &name));
            }
        }
        for thing in after {
            let Some(name) = named(list, thing) else { continue };
            let old = before.iter().find(|other| called(other, &name));
            if old == Some(thing) {
                continue;
            }
            if name == OWN {
                self.switch(old, thing, person)?;
                continue;
            }
            let place = own.iter().position(|other| called(other, &name));
            let Some(old) = old else {
                self.may(&[list.to_owned(), name])?;
                match place {
                    Some(place) => own[place] = thing.clone(),
                    None => own.push(thing.clone()),
                }
                continue;
            };
            let mut stub = place.and_then(|place| own[place].as_object().cloned()).unwrap_or_else(|| nothing_of(&name));
            let below = self.layers.brings(list, &name).and_then(Value::as_object).cloned().unwrap_or_default();
            if let (Some(old), Some(new)) = (old.as_object(), thing.as_object()) {
                self.object(old, new, &below, &mut stub, &mut vec![list.to_owned(), name])?;
            }
            match place {
                Some(place) => own[place] = Value::Object(stub),
                None => own.push(Value::Object(stub)),
            }
        }
        self.order(list, after, own, person)
    }

    /// Puts the person's things into an order, so that all are in the wanted one when they are put together. Those of the
    /// policy are named where that needs it.
    fn order(&self, list: &str, after: &[Value], own: Vec<Value>, person: &mut Object) -> Result<(), Failure> {
        let names = |things: &[Value]| {
            things.iter().filter_map(|thing| named(list, thing)).filter(|name| name != OWN).collect::<Vec<_>>()
        };
        let wanted = names(after);
        person.insert(list.to_owned(), Value::Array(own.clone()));
        let together = self.layers.merged(person).content;
        if names(things(&together, list)) == wanted {
            return Ok(());
        }
        if self.layers.locks().hold(&[list]) {
            return Err(self.locked(&[list.to_owned()]));
        }
        let (named_ones, others): (Vec<_>, Vec<_>) =
            own.into_iter().partition(|thing| named(list, thing).is_some_and(|name| wanted.contains(&name)));
        let mut ordered: Vec<Value> = wanted
            .iter()
            .map(|name| {
                let own = named_ones.iter().find(|thing| named(list, thing).as_ref() == Some(name));
                own.cloned().unwrap_or_else(|| Value::Object(nothing_of(name)))
            })
            .collect();
        ordered.extend(others);
        person.insert(list.to_owned(), Value::Array(ordered));
        Ok(())
    }

    /// Whether a key is the person's to change.
    fn may(&self, path: &[String]) -> Result<(), Failure> {
        if self.layers.locks().hold(path) || self.layers.locks().hold_below(path) {
            return Err(self.locked(path));
        }
        let set = path.iter().try_fold(None::<&Value>, |at, key| match at {
            None => self.layers.environment().get(key).map(Some),
            Some(value) => value.get(key).map(Some),
        });
        match set {
            Some(Some(_)) => {
                let words = format!(
                    "The environment variable {} sets this as long as it is there. Start Kittiwake without it to choose \
                     something else here.",
                    variable(path)
                );
                Err(Failure::new(FailureCode::Locked, words))
            }
            _ => Ok(()),
        }
    }

    fn locked(&self, path: &[String]) -> Failure {
        let key = path.join(".");
        let who = self.layers.administrator();
        let file = self.layers.file().map(|file| format!(" (in “{}”)", file.display())).unwrap_or_default();
        let words = match path {
            [list, name, ..] if LISTS.contains(&list.as_str()) && self.layers.brings(list, name).is_none() => {
                format!("Nothing can be added here: “{list}” is locked by {who}{file}.")
            }
            _ => format!("“{key}” is locked by {who}{file}. Nothing was changed."),
        };
        Failure::new(FailureCode::Locked, words)
    }

    fn may_remove(&self, list: &str, thing: &Value) -> Result<(), Failure> {
        let id = named(list, thing).unwrap_or_default();
        if id == OWN {
            return Err(self.environments(thing));
        }
        if self.layers.brings(list, &id).is_none() {
            return Ok(());
        }
        let (name, who) = (name_of(thing), self.layers.administrator());
        let switch = [list, id.as_str(), "disabled"];
        let words = if list == "connections" && !self.layers.locks().hold(&switch) {
            format!("“{name}” comes from {who}, so it cannot be removed. Switch it off instead.")
        } else if list == "connections" {
            format!("“{name}” comes from {who} and is locked: it can be neither removed nor switched off here.")
        } else {
            format!("“{name}” comes from {who}, so it cannot be removed here.")
        };
        Err(Failure::new(FailureCode::Locked, words))
    }

    /// Writes down that the environment's connection was switched off or on, which is all that can be changed of it.
    fn switch(&self, old: Option<&Value>, thing: &Value, person: &mut Object) -> Result<(), Failure> {
        let but_for_that = |thing: &Value| {
            let mut rest = thing.as_object().cloned().unwrap_or_default();
            rest.remove(SWITCH);
            rest
        };
        if old.is_none_or(|old| but_for_that(old) != but_for_that(thing)) {
            return Err(self.environments(thing));
        }
        self.may(&["connections", OWN, SWITCH].map(str::to_owned))?;
        match (thing.get(SWITCH).and_then(Value::as_bool), thing.get("url")) {
            (Some(true), Some(url)) => person.insert(SWITCHED_OFF.to_owned(), url.clone()),
            _ => person.remove(SWITCHED_OFF),
        };
        Ok(())
    }

    fn environments(&self, thing: &Value) -> Failure {
        let words = format!(
            "“{}” comes from the environment variable CUSTOM_BACKEND_URL, so only the variable changes it. Switch it off here, \
             keep it as a connection of your own, or start Kittiwake without the variable.",
            name_of(thing)
        );
        Failure::new(FailureCode::Locked, words)
    }
}

fn nothing_of(name: &str) -> Object {
    Object::from_iter([("id".to_owned(), Value::String(name.to_owned()))])
}

fn name_of(thing: &Value) -> &str {
    thing.get("name").and_then(Value::as_str).unwrap_or_default()
}

//! What is true of any layers and any locks.

use std::collections::BTreeMap;

use model::{Patience, Settings, Theme, UpdateCheck, WhenUnreachable};
use proptest::{collection::vec, option, prelude::*, sample::subsequence};
use serde_json::{Map, Value, json};

use super::super::{Layer, Layers, Locks, changed, merge};
use super::Bed;

/// The keys of these layers, each with a few values: two of them in an object, two in things of a list.
const KEYS: [&str; 7] = [
    "patience",
    "look.theme",
    "look.size",
    "connections.a.url",
    "connections.a.name",
    "connections.b.url",
    "connections.b",
];

/// What a layer may say of each of the first six keys.
type Says = Vec<Option<u8>>;

fn says() -> impl Strategy<Value = Says> {
    vec(option::of(0_u8..4), 6)
}

fn layer(says: &Says) -> Map<String, Value> {
    let mut content = json!({"look": {}, "connections": []});
    let value = |number: usize| says[number].map(Value::from);
    let things: Vec<Value> = [("a", vec![("url", 3), ("name", 4)]), ("b", vec![("url", 5)])]
        .into_iter()
        .filter_map(|(id, keys)| {
            let said: Map<String, Value> =
                keys.into_iter().filter_map(|(key, at)| Some((key.to_owned(), value(at)?))).collect();
            (!said.is_empty()).then(|| {
                let mut thing = said;
                thing.insert("id".to_owned(), id.into());
                Value::Object(thing)
            })
        })
        .collect();
    content["connections"] = things.into();
    for (key, at) in [("theme", 1), ("size", 2)] {
        if let Some(value) = value(at) {
            content["look"][key] = value;
        }
    }
    if let Some(value) = value(0) {
        content["patience"] = value;
    }
    match content {
        Value::Object(content) => content,
        _ => unreachable!(),
    }
}

/// The value of a key, if there is one.
fn at(content: &Map<String, Value>, key: &str) -> Option<Value> {
    let mut here = Value::Object(content.clone());
    for part in key.split('.') {
        here = match here {
            Value::Array(things) => things.into_iter().find(|thing| thing["id"] == part)?,
            other => other.get(part)?.clone(),
        };
    }
    Some(here)
}

fn settings() -> impl Strategy<Value = Settings> {
    (0_u32..4, 0_usize..3, any::<bool>(), any::<bool>()).prop_map(|(patience, theme, update, tell)| {
        let mut settings = Settings { patience: Patience(patience), ..Settings::default() };
        settings.appearance.theme = [Theme::System, Theme::Light, Theme::Dark][theme];
        settings.update_check = if update { UpdateCheck::AtStart } else { UpdateCheck::WhenAsked };
        settings.when_unreachable = if tell { WhenUnreachable::Tell } else { WhenUnreachable::Wait };
        settings
    })
}

proptest! {
    #[test]
    fn a_locked_key_is_the_policys_and_any_other_the_highest_layers(
        layers in [says(), says(), says(), says()],
        locked in subsequence(KEYS.to_vec(), 0..=KEYS.len()),
    ) {
        let locks = Locks::new(locked.iter().map(|key| (*key).to_owned()));
        let order = [Layer::BuiltIn, Layer::Policy, Layer::Person, Layer::Environment];
        let stack: Vec<_> = order.into_iter().zip(layers.iter().map(layer)).collect();
        let merged = merge(&stack, &locks);
        for (number, key) in KEYS[..6].iter().enumerate() {
            let path: Vec<&str> = key.split('.').collect();
            let counts = if locks.hold(&path) { 2 } else { 4 };
            let expected = (0..counts).rev().find_map(|at| Some((layers[at][number]?, order[at])));
            prop_assert_eq!(at(&merged.content, key), expected.map(|(value, _)| Value::from(value)), "{}", key);
            prop_assert_eq!(merged.origins.get(*key).copied(), expected.map(|(_, layer)| layer), "{}", key);
        }
    }

    #[test]
    fn a_person_cannot_take_away_what_is_locked_by_putting_something_else_above_it(
        policy in says(), junk in prop_oneof![Just(json!(5)), Just(Value::Null), Just(json!([])), Just(json!("x"))],
        above in prop_oneof![Just("look"), Just("connections")],
    ) {
        let policy = layer(&policy);
        let locks = Locks::new(["look.theme".to_owned(), "connections.a.url".to_owned()]);
        let stack = [(Layer::Policy, policy.clone()), (Layer::Person, Map::from_iter([(above.to_owned(), junk)]))];
        let merged = merge(&stack, &locks).content;
        prop_assert_eq!(at(&merged, "look.theme"), at(&policy, "look.theme"));
        prop_assert_eq!(at(&merged, "connections.a.url"), at(&policy, "connections.a.url"));
    }

    #[test]
    fn a_change_makes_exactly_that_key_the_persons(before in settings(), after in settings(), first in settings()) {
        let layers = Layers::default();
        let mut person = Map::new();
        let mut chosen: BTreeMap<&str, Value> = BTreeMap::new();
        let mut now = layers.settings(&person);
        for next in [first, before, after] {
            let (old, new) = (object(&now), object(&next));
            for key in ["patience", "appearance.theme", "update_check", "when_unreachable"] {
                if at(&old, key) != at(&new, key) {
                    chosen.insert(key, at(&new, key).unwrap());
                }
            }
            person = changed(&layers, &person, &now, &next).unwrap();
            now = layers.settings(&person);
            prop_assert_eq!(&now, &next);
            let origins = layers.merged(&person).origins;
            for key in ["patience", "appearance.theme", "update_check", "when_unreachable"] {
                let expected = if chosen.contains_key(key) { Layer::Person } else { Layer::BuiltIn };
                prop_assert_eq!(origins[key], expected, "{}", key);
                prop_assert_eq!(at(&person, key), chosen.get(key).cloned());
            }
        }
    }
}

fn object(settings: &Settings) -> Map<String, Value> {
    serde_json::to_value(settings).unwrap().as_object().unwrap().clone()
}

proptest! {
    // Each case writes files.
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn only_a_locked_key_is_refused(
        wanted in settings(),
        policy in settings(),
        locked in subsequence(vec!["patience", "appearance.theme", "appearance", "update_check", "when_unreachable"], 0..=5),
    ) {
        let mut file = Value::Object(object(&policy));
        file["locked"] = json!(locked);
        let bed = Bed::new(&file, &[]);
        let mut keeper = bed.keeper();
        let mut expected = policy.clone();
        let holds = |key: &str| locked.iter().any(|lock| key == *lock || key.starts_with(&format!("{lock}.")));
        let differs = [wanted.patience != policy.patience, wanted.appearance != policy.appearance];
        let refused = keeper.change(|settings| settings.patience = wanted.patience).is_err();
        prop_assert_eq!(refused, holds("patience") && differs[0]);
        if !refused {
            expected.patience = wanted.patience;
        }
        let refused = keeper.change(|settings| settings.appearance = wanted.appearance.clone()).is_err();
        prop_assert_eq!(refused, holds("appearance.theme") && differs[1]);
        if !refused {
            expected.appearance = wanted.appearance;
        }
        prop_assert_eq!(keeper.settings(), &expected);
        let again = bed.keeper();
        prop_assert_eq!(again.settings(), &expected);
    }
}

use std::collections::BTreeMap;

use super::*;

fn name(connection: &str, id: &str) -> ModelRef {
    ModelRef { connection: connection.into(), id: id.to_owned() }
}

fn served(connection: &str, model: Option<&str>) -> Served {
    Served { connection: connection.into(), model: model.map(str::to_owned), members: Vec::new() }
}

fn list(ids: &[&str]) -> List {
    List { read_at: 7, models: ids.iter().map(|id| Listed::new(*id)).collect(), gone: Vec::new() }
}

fn entries(json: Value) -> Vec<Map<String, Value>> {
    serde_json::from_value(json).unwrap()
}

/// What the layers of one test say.
#[derive(Default)]
struct Bed {
    served: Vec<Served>,
    book: Book,
    policy: Vec<Map<String, Value>>,
    environment: Vec<ModelRef>,
    locks: Locks,
    refused: HashSet<ModelRef>,
}

impl Bed {
    fn made(&self) -> Catalogue {
        let Self { served, book, policy, environment, locks, refused } = self;
        Catalogue::new(&Inputs { served, book, policy, environment, locks, refused })
    }

    fn ids(&self) -> Vec<String> {
        let models = self.made().view().models.into_iter();
        models
            .map(|model| format!("{}/{}{}", model.connection.as_str(), model.id, if model.default { "*" } else { "" }))
            .collect()
    }
}

#[test]
fn models_stand_by_connection_the_default_first_and_then_as_they_were_given() {
    let bed = Bed {
        served: vec![served("b", None), served("a", Some("m2"))],
        book: Book {
            published: BTreeMap::from([("a".into(), list(&["m1", "m2", "m3"])), ("gone".into(), list(&["x"]))]),
            models: entries(json!([{"connection": "b", "id": "own"}, {"connection": "a", "id": "m1", "label": "One"}])),
            ..Book::default()
        },
        ..Bed::default()
    };
    assert_eq!(bed.ids(), ["b/own", "a/m2*", "a/m1", "a/m3"]);
    let models = bed.made().view().models;
    let sources: Vec<_> = models.iter().map(|model| model.source).collect();
    use ModelSource::{Connection, Person, Published};
    assert_eq!(sources, [Person, Connection, Published, Published]);
    assert_eq!((models[2].label.as_str(), models[3].label.as_str()), ("One", "m3"));
    assert_eq!(bed.made().view().published.len(), 1, "of a connection that is not here nothing is shown");
}

#[test]
fn the_administrator_hides_and_fixes_one_entry_and_only_that() {
    let mut bed = Bed {
        served: vec![served("c", None)],
        book: Book {
            published: BTreeMap::from([("c".into(), list(&["gpt-4", "gpt-4.1"]))]),
            models: entries(json!([
                {"connection": "c", "id": "gpt-4", "hidden": false, "label": "Mine"},
                {"connection": "c", "id": "gpt-4.1", "label": "Mine, too"},
            ])),
            ..Book::default()
        },
        policy: entries(json!([{"connection": "c", "id": "gpt-4", "hidden": true, "label": "Old"}])),
        locks: Locks::new(["models.c/gpt-4".to_owned()]),
        ..Bed::default()
    };
    let models = bed.made().view().models;
    assert_eq!((models[0].label.as_str(), models[0].hidden, models[0].locked), ("Old", true, true));
    assert_eq!((models[1].label.as_str(), models[1].hidden, models[1].locked), ("Mine, too", false, false));
    bed.locks = Locks::new(["models.c/gpt-4.hidden".to_owned()]);
    let models = bed.made().view().models;
    assert_eq!((models[0].label.as_str(), models[0].hidden, models[0].locked), ("Mine", true, false));
    assert_eq!(models[0].source, ModelSource::Policy);
}

#[test]
fn there_is_one_default_and_the_last_who_says_so_names_it() {
    let default = |id: &str| json!([{"connection": "c", "id": id, "default": true}]);
    let begins = |bed: &Bed| bed.made().begins_with(&"c".into()).map(|model| model.id.clone());
    let mut listed = list(&["m1", "m2", "m3", "m4"]);
    listed.models[0].default = true;
    let mut bed = Bed { served: vec![served("c", None)], ..Bed::default() };
    bed.book.published.insert("c".into(), listed);
    assert_eq!((bed.ids()[0].as_str(), begins(&bed)), ("c/m1*", None), "what its server begins with is not asked for");
    bed.served = vec![served("c", Some("m2"))];
    assert_eq!((bed.ids()[0].as_str(), begins(&bed)), ("c/m2*", Some("m2".into())));
    bed.policy = entries(default("m3"));
    assert_eq!(begins(&bed), Some("m3".into()));
    bed.book.models = entries(default("m4"));
    assert_eq!(bed.ids(), ["c/m4*", "c/m1", "c/m2", "c/m3"]);
    bed.environment = vec![name("c", "of the environment")];
    assert_eq!(begins(&bed), Some("of the environment".into()));
}

#[test]
fn what_is_gone_is_shown_where_somebody_has_chosen_it_and_something_may_take_its_place() {
    let mut bed = Bed { served: vec![served("c", None), served("d", None)], ..Bed::default() };
    let before = List::default().read(vec![Listed { label: Some("Old".into()), ..Listed::new("old") }], 1);
    bed.book.published.insert("c".into(), before.read(vec![Listed::new("new")], 2));
    assert_eq!(bed.ids(), ["c/new"]);
    bed.book.chosen = vec![name("c", "old"), name("d", "by hand")];
    let models = bed.made().view().models;
    assert_eq!((models[1].id.as_str(), models[1].label.as_str(), models[1].gone), ("old", "Old", true));
    assert_eq!((models[2].id.as_str(), models[2].gone), ("by hand", false));
    let catalogue = bed.made();
    assert!(catalogue.is_gone(&name("c", "old")) && !catalogue.is_gone(&name("c", "never heard of")));
    assert_eq!(catalogue.instead(&name("c", "old")).unwrap().id, "new");
    bed.refused.insert(name("c", "new"));
    assert!(bed.made().get(&name("c", "new")).unwrap().gone);
    assert_eq!(bed.made().instead(&name("c", "old")), None, "what is gone itself takes nobody's place");
}

#[test]
fn what_was_chosen_for_a_route_is_no_entry_of_its_own() {
    let mut bed = Bed { served: vec![served("r", None), served("c", Some("m"))], ..Bed::default() };
    bed.served[0].members = vec!["c".into()];
    bed.book.chosen = vec![name("r", "m")];
    assert_eq!(bed.ids(), ["c/m*"]);
    assert_eq!(bed.made().view().chosen, [name("r", "m")]);
}

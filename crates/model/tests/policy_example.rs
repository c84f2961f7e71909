//! The policy file that administrators begin with.

use model::{Kind, Policy, SignIn};

const EXAMPLE: &str = include_str!("../../../packaging/policy.example.json");

/// The example's comments stand on lines of their own.
fn example() -> serde_json::Result<Policy> {
    let lines = EXAMPLE.lines().filter(|line| !line.trim_start().starts_with("//"));
    serde_json::from_str(&lines.collect::<Vec<_>>().join("\n"))
}

#[test]
fn the_example_says_what_it_seems_to_say() {
    let policy = example().unwrap();
    assert_eq!((policy.version, policy.managed_by.as_deref()), (2, Some("IT of Example Organisation")));
    let [office, models] = &policy.settings.connections[..] else { panic!("{:?}", policy.settings.connections) };
    assert!(matches!(&office.sign_in, SignIn::Oauth(oauth) if oauth.client_id == "kittiwake"));
    assert_eq!(office.network.authorities, ["/etc/ssl/example-org-ca.pem"]);
    assert_eq!((models.kind, models.openai.as_ref().unwrap().model.as_str()), (Kind::Openai, "house-large"));
    let [route] = &policy.settings.routes[..] else { panic!("{:?}", policy.settings.routes) };
    assert_eq!(route.connections, [office.id.clone(), models.id.clone()]);
    let entries: Vec<_> = policy.models.iter().map(|model| (model.connection.clone(), model.id.as_str())).collect();
    assert_eq!(entries, [(models.id.clone(), "house-large"), (models.id.clone(), "house-small")]);
}

#[test]
fn what_the_example_locks_is_in_it() {
    let policy = example().unwrap();
    let written = serde_json::to_value(&policy).unwrap();
    for lock in &policy.locked {
        let mut at = &written;
        for part in lock.split('.') {
            at = match at {
                serde_json::Value::Array(things) => things.iter().find(|thing| thing["id"] == part).unwrap(),
                object => &object[part],
            };
        }
        assert!(!at.is_null(), "{lock} is locked, and nothing stands there");
    }
}

#[test]
fn the_example_names_no_real_place() {
    for (at, _) in EXAMPLE.match_indices("://") {
        let host = EXAMPLE[at + 3..].split(['/', ':', '"']).next().unwrap();
        assert!(host.ends_with(".example.org"), "{host}");
    }
}

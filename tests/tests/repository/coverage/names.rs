//! Requests, events, updates, items and what they hold, and the options of a connection.

use std::fmt::Write as _;

use model::Profile;
use serde_json::Value;

use super::{json, look_for, seen::Seen};

/// Writes a table for each part of the protocol. A name is evident from a recorded exchange, or from a test that is named
/// beside it; one that is not taken has a reason.
pub fn write(text: &mut String) {
    let seen = Seen::all();
    let all = json("tests/tests/repository/coverage/names.json");
    for part in all.as_array().unwrap() {
        let (title, place) = (part["title"].as_str().unwrap(), part["place"].as_str().unwrap());
        write!(text, "\n## {title}\n\n| name | state |\n|---|---|\n").unwrap();
        for entry in part["names"].as_array().unwrap() {
            let name = entry["name"].as_str().unwrap();
            writeln!(text, "| `{name}` | {} |", state(&seen, place, name, entry)).unwrap();
        }
    }
}

fn state(seen: &Seen, place: &str, name: &str, entry: &Value) -> String {
    if let Some(reason) = entry["not_taken"].as_str() {
        return format!("not taken: {reason}");
    }
    if place == "option" {
        profile_keeps(name, &entry["sample"]);
    }
    if let Some(path) = entry["file"].as_str() {
        let words = entry["test"].as_str().unwrap();
        look_for(path, words);
        let short = path.rsplit('/').next().unwrap();
        return format!("understood: {short}, “{words}”");
    }
    match place {
        "option" => panic!("name the test that shows what {name} does"),
        "request" => {
            let exchange = seen.made(name);
            let exchange = exchange.unwrap_or_else(|| panic!("name the test that makes {name}, or why none does"));
            format!("made as it was recorded: {exchange}")
        }
        _ => {
            let exchange = seen.exchange(place, name).unwrap_or_else(|| panic!("no exchange has the {place} {name}"));
            format!("shown: {exchange}")
        }
    }
}

/// An option that a profile has is kept as it is written; one without a sample is a field of the connection.
fn profile_keeps(name: &str, sample: &Value) {
    if sample.is_null() {
        return;
    }
    let mut written = sample.clone();
    for key in name.rsplit('.') {
        let (key, is_list) = key.strip_suffix("[]").map_or((key, false), |key| (key, true));
        let inner = if is_list { Value::Array(vec![written]) } else { written };
        written = Value::Object([(key.to_owned(), inner)].into_iter().collect());
    }
    let profile: Profile = serde_json::from_value(written.clone()).unwrap_or_else(|error| panic!("{name}: {error}"));
    let kept = serde_json::to_value(profile).unwrap();
    assert!(contains(&kept, &written), "a profile does not keep {name}: {kept}");
}

/// Whether all of one value is in another.
fn contains(kept: &Value, written: &Value) -> bool {
    match (kept, written) {
        (Value::Object(kept), Value::Object(written)) => {
            written.iter().all(|(key, value)| kept.get(key).is_some_and(|kept| contains(kept, value)))
        }
        (Value::Array(kept), Value::Array(written)) => {
            kept.len() == written.len() && kept.iter().zip(written).all(|(kept, written)| contains(kept, written))
        }
        _ => kept == written,
    }
}

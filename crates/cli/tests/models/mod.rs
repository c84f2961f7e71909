//! The catalogue of models in the terminal.

use std::fs;

use serde_json::{Value, json};

use crate::{
    bed::{Bed, Server},
    say,
};

#[test]
fn models_are_listed_without_a_network_and_a_conversation_begins_with_one() {
    let bed = Bed::new();
    let server = Server::always(say("Deep."));
    let connection = json!({"id": "c", "name": "Office", "kind": "chatkit", "url": server.url});
    fs::write(bed.data.path().join("settings.json"), json!({"connections": [connection]}).to_string()).unwrap();
    let models = json!([{"connection": "c", "id": "deep", "label": "Deep thought"}, {"connection": "c", "id": "fast"}]);
    let kept = json!({"version": 1, "models": models, "chosen": [{"connection": "c", "id": "fast"}]});
    fs::write(bed.data.path().join("models.json"), kept.to_string()).unwrap();

    let ran = bed.run(&["models"]);
    assert_eq!(
        (ran.code, ran.out.as_str()),
        (Some(0), "Office  deep  Deep thought\nOffice  fast  (chosen)\n"),
        "{ran:?}"
    );
    let ran = bed.run(&["models", "--connection", "office", "--json"]);
    let catalogue: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(catalogue["models"][0]["label"], "Deep thought", "{ran:?}");
    let ran = bed.run(&["models", "--connection", "nobody"]);
    assert!(ran.code == Some(2) && ran.err.contains("no connection called"), "{ran:?}");
    let ran = bed.run(&["models", "--connection", "office", "--refresh"]);
    assert!(ran.code == Some(1) && ran.err.contains("publishes no list of models"), "{ran:?}");
    assert!(ran.out.contains("deep"), "what is known is printed all the same: {ran:?}");

    for (args, model) in [(&["--model", "deep"][..], "deep"), (&[], "fast")] {
        let ran = bed.run(&[&["ask", "hello", "--connection", "office"], args].concat());
        assert_eq!((ran.code, ran.out.as_str()), (Some(0), "Deep.\n"), "{ran:?}");
        let asked = server.requests.iter().find(|request| request.body["type"] == "threads.create").unwrap();
        assert_eq!(asked.body["params"]["input"]["inference_options"]["model"], model);
    }
}

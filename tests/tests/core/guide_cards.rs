//! The Guide's cards are what a client expects: every component and every prop of them is known.
#![allow(clippy::unwrap_used, reason = "a test's helpers fail as the test does")]

use std::collections::HashSet;

use guide::{Guide, GuideConfig, Pace, RunningGuide};
use serde_json::{Value, json};
use widgets::{Limits, read};

/// Asks for something that streams, and gives the widgets that came.
async fn widgets_of(guide: &RunningGuide, kind: &str, params: Value) -> Vec<Value> {
    let asked = json!({"type": kind, "params": params}).to_string();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let asking =
        client.post(guide.url()).bearer_auth(guide.token()).header("content-type", "application/json").body(asked);
    let came = asking.send().await.unwrap().error_for_status().unwrap().text().await.unwrap();
    let events = came.lines().filter_map(|line| line.strip_prefix("data: "));
    let events = events.map(|event| serde_json::from_str::<Value>(event).unwrap());
    events.map(|event| event["item"].clone()).filter(|item| item["type"] == "widget").collect()
}

#[tokio::test]
async fn every_card_of_the_guide_is_drawn_whole() {
    let guide = Guide::start(GuideConfig { pace: Pace::Instant, ..GuideConfig::in_memory() }).await.unwrap();
    let questions = [
        "How do I switch to dark mode?",
        "how do I add my company's server",
        "Where does the list of models come from?",
        "What is the weather in Lisbon today?",
        "Are you a person, a robot, or a language model?",
        "What are the cards and lists in a conversation?",
        "How do I fill in a form that a server shows?",
    ];
    let mut roots = HashSet::new();
    let mut form = Value::Null;
    for question in questions {
        let content = json!([{"type": "input_text", "text": question}]);
        let input = json!({"content": content, "attachments": [], "inference_options": {}});
        let items = widgets_of(&guide, "threads.create", json!({"input": input})).await;
        assert!(!items.is_empty(), "{question}");
        for item in items {
            let reading = read(&item["widget"], Limits::default());
            assert_eq!((reading.hints, reading.root.is_some()), (Vec::new(), true), "{question}: {item}");
            assert!(!item["copy_text"].as_str().unwrap().is_empty());
            roots.insert(item["widget"]["type"].as_str().unwrap().to_owned());
            if item["widget"]["asForm"] == true {
                form = item;
            }
        }
    }
    assert_eq!(roots, HashSet::from(["Card".to_owned(), "ListView".to_owned()]));
    for words in ["proxy", "zzz"] {
        let action = json!({"type": form["widget"]["confirm"]["action"]["type"], "payload": {"words": words}});
        let params = json!({"thread_id": form["thread_id"], "item_id": form["id"], "action": action});
        let items = widgets_of(&guide, "threads.custom_action", params).await;
        assert_eq!(read(&items[0]["widget"], Limits::default()).hints, [], "{words}");
    }
    guide.shutdown().await;
}

//! The cards beside answers: which there are, and what their buttons do.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail by panicking")]

mod common;

use common::{Peer, answer, cards, text, types};
use guide::Pace;
use serde_json::{Value, json};

/// Presses a button of a card.
async fn press(peer: &Peer, card: &Value, action: &Value, entered: Value) -> Vec<Value> {
    let mut payload = action["payload"].as_object().cloned().unwrap_or_default();
    payload.extend(entered.as_object().unwrap().clone());
    let action = json!({"type": action["type"], "payload": payload});
    let params = json!({"thread_id": card["thread_id"], "item_id": card["id"], "action": action});
    peer.stream("threads.custom_action", params).await.all().await
}

#[tokio::test]
async fn an_answer_about_a_setting_has_a_button_that_opens_its_page() {
    let peer = Peer::start(Pace::Instant).await;
    for (question, page) in [
        ("How do I switch to dark mode?", "appearance"),
        ("how do I add my company's server", "connections"),
        ("Where does the list of models come from?", "models"),
    ] {
        let events = peer.create(question).await;
        let [card] = cards(&events)[..] else { panic!("{question}: {events:?}") };
        let stored = peer.items(card["thread_id"].as_str().unwrap()).await;
        assert_eq!(&stored[2], card, "the card is stored");
        let action = &card["widget"]["children"][0]["children"][1]["onClickAction"];
        let came = press(&peer, card, action, json!({})).await;
        assert_eq!(types(&came), ["stream_options", "client_effect"]);
        assert_eq!((&came[1]["name"], &came[1]["data"]), (&json!("show_settings"), &json!({"page": page})));
    }
}

#[tokio::test]
async fn where_nothing_fits_the_manual_can_be_searched_and_read() {
    let peer = Peer::start(Pace::Instant).await;
    let events = peer.create("What is the weather in Lisbon today?").await;
    let [form] = cards(&events)[..] else { panic!("{events:?}") };
    let search = &form["widget"]["confirm"]["action"];
    let came = press(&peer, form, search, json!({"words": "proxy", "page": "all"})).await;
    assert_eq!(types(&came), ["stream_options", "thread.item.replaced"]);
    let list = &came[1]["item"];
    assert_eq!((&list["id"], &list["widget"]["type"]), (&form["id"], &json!("ListView")));
    let rows = list["widget"]["children"].as_array().unwrap();
    let row = rows.iter().find(|row| row["key"] == "Proxies").expect("the section on proxies");

    let came = press(&peer, list, &row["onClickAction"], json!({})).await;
    assert!(text(answer(&came)).starts_with("### Proxies\n\n"));
    assert_eq!(answer(&came)["content"][0]["annotations"][0]["source"]["title"], "Proxies");
    assert_eq!(cards(&came).len(), 1, "with the button that belongs to it");
    let kinds: Vec<_> = peer.items(form["thread_id"].as_str().unwrap()).await;
    let kinds: Vec<_> = kinds.iter().map(|item| item["type"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["user_message", "assistant_message", "widget", "assistant_message", "widget"]);
}

#[tokio::test]
async fn a_search_keeps_to_its_page_and_says_when_it_finds_nothing() {
    let peer = Peer::start(Pace::Instant).await;
    let events = peer.create("How do I get good answers from the Guide?").await;
    let form = cards(&events)[0];
    let search = &form["widget"]["confirm"]["action"];
    let came = press(&peer, form, search, json!({"words": "certificate", "page": "Choosing a model"})).await;
    let again = &came[1]["item"];
    assert_eq!(again["widget"]["asForm"], true, "the form is there again");
    assert!(
        again["copy_text"].as_str().unwrap().starts_with("Nothing in the manual fits “certificate” there."),
        "{again}"
    );
    let came = press(&peer, again, search, json!({"words": "model", "page": "Choosing a model"})).await;
    let rows = came[1]["item"]["widget"]["children"].as_array().unwrap().clone();
    assert!(!rows.is_empty());
    for row in rows {
        assert_eq!(row["children"][1]["children"][1]["value"], "Choosing a model");
    }
    for words in ["", "\u{0}", "\" OR *"] {
        assert_eq!(press(&peer, form, search, json!({"words": words})).await.len(), 2, "{words:?}");
    }
}

#[tokio::test]
async fn a_press_that_is_none_of_its_cards_is_refused() {
    let peer = Peer::start(Pace::Instant).await;
    let events = peer.create("dark mode").await;
    let card = cards(&events)[0];
    let message = &answer(&events)["id"];
    let cases = [
        (card["id"].clone(), json!({"type": "guide.fly"}), 400),
        (card["id"].clone(), json!({"type": "guide.settings", "payload": {"page": "secrets"}}), 400),
        (card["id"].clone(), json!({"type": "guide.show", "payload": {"section": 7}}), 400),
        (message.clone(), json!({"type": "guide.settings", "payload": {"page": "about"}}), 400),
        (json!("msg_nope"), json!({"type": "guide.settings", "payload": {"page": "about"}}), 404),
        (Value::Null, json!({"type": "guide.settings", "payload": {"page": "about"}}), 400),
    ];
    for (item, action, status) in cases {
        let params = json!({"thread_id": card["thread_id"], "item_id": item, "action": action});
        assert_eq!(peer.refused("threads.custom_action", params).await.0, status, "{action}");
    }
}

#[tokio::test]
async fn a_greeting_has_no_card() {
    let peer = Peer::start(Pace::Instant).await;
    for words in ["hello", "thanks!"] {
        assert!(cards(&peer.create(words).await).is_empty(), "{words}");
    }
    let chart = peer.create("Are you a person, a robot, or a language model?").await;
    assert_eq!(cards(&chart)[0]["widget"]["children"][1]["type"], "Chart");
}

//! Every request that the Guide understands, over HTTP, as a client sees it.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail by panicking")]

mod common;

use common::{Peer, answer, message, text, types};
use guide::Pace;
use serde_json::{Value, json};

#[tokio::test]
async fn a_new_thread_streams_in_the_order_of_the_protocol() {
    let peer = Peer::start(Pace::Instant).await;
    let events = peer.create("How do I switch to dark mode?").await;
    assert_eq!(
        types(&events),
        [
            "thread.created",
            "thread.item.done",
            "stream_options",
            "progress_update",
            "thread.item.added",
            "thread.updated",
            "added",
            "text_delta",
            "annotation_added",
            "text_delta",
            "done",
            "thread.item.done",
            "thread.item.done"
        ]
    );
    assert_eq!(events[0]["thread"].get("title"), None, "a new thread has no title yet");
    assert_eq!(events[1]["item"]["type"], "user_message");
    assert_eq!(events[1]["item"]["attachments"], json!([]));
    assert_eq!(events[2]["stream_options"], json!({"allow_cancel": true}));
    assert_eq!(events[3]["text"], "Searching the manual");
    assert_eq!(events[5]["thread"]["title"], "How do I switch to dark mode?");
    assert_eq!(events[5]["thread"]["items"], json!({"data": [], "has_more": false}));

    let deltas: String = events.iter().filter_map(|event| event["update"]["delta"].as_str()).collect();
    let done = answer(&events);
    assert_eq!(text(done), deltas);
    assert_eq!(done["id"], events[4]["item"]["id"]);
    assert_eq!(done, &peer.items(events[0]["thread"]["id"].as_str().unwrap()).await[1], "what was said is stored");
    assert!(!events.iter().any(has_null), "null stands for absent, and absent is left out");
}

fn has_null(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(values) => values.iter().any(has_null),
        Value::Object(fields) => fields.values().any(has_null),
        _ => false,
    }
}

#[tokio::test]
async fn a_source_stands_at_the_end_of_its_passage_in_code_points() {
    let peer = Peer::start(Pace::Instant).await;
    let events = peer.create("Which keyboard shortcuts are there?").await;
    let item = answer(&events);
    let annotation = &item["content"][0]["annotations"][0];
    let index = usize::try_from(annotation["index"].as_u64().unwrap()).unwrap();
    let before: String = text(item).chars().take(index).collect();
    assert!(before.ends_with("and **Del** deletes it."), "{before}");
    assert_eq!(annotation["type"], "annotation");
    assert_eq!(annotation["source"]["type"], "file");
    assert_eq!(annotation["source"]["title"], "Keyboard shortcuts");
    assert_eq!(annotation["source"]["filename"], "keyboard-and-appearance.md");
}

#[tokio::test]
async fn a_thread_is_continued_and_keeps_its_title() {
    let peer = Peer::start(Pace::Instant).await;
    let thread = peer.create("What is Kittiwake?").await[0]["thread"]["id"].clone();
    let mut input = message("and the keychain?");
    input["quoted_text"] = json!("a quote");
    input["inference_options"] = json!({"model": "m", "tool_choice": {"id": "t"}});
    let events =
        peer.stream("threads.add_user_message", json!({"thread_id": thread, "input": input})).await.all().await;
    assert_eq!(types(&events)[..4], ["thread.item.done", "stream_options", "progress_update", "thread.item.added"]);
    assert!(!types(&events).contains(&"thread.updated".to_owned()));
    assert_eq!(events[0]["item"]["quoted_text"], "a quote");
    assert_eq!(events[0]["item"]["inference_options"], json!({"model": "m", "tool_choice": {"id": "t"}}));

    let whole = peer.json("threads.get_by_id", json!({"thread_id": thread})).await;
    assert_eq!(whole["title"], "What is Kittiwake?");
    let kinds: Vec<_> = whole["items"]["data"].as_array().unwrap().iter().map(|item| &item["type"]).collect();
    assert_eq!(kinds, ["user_message", "assistant_message", "user_message", "assistant_message"]);
    assert_eq!(whole["items"]["has_more"], false);
}

#[tokio::test]
async fn a_tag_comes_back_as_it_was_sent() {
    let peer = Peer::start(Pace::Instant).await;
    let tag = json!({"type": "input_tag", "id": "p1", "text": "Ada", "data": {"team": "x"}, "group": "People", "interactive": true});
    let content = json!([{"type": "input_text", "text": "ask "}, tag]);
    let input = json!({"content": content, "attachments": [], "inference_options": {}});
    let events = peer.stream("threads.create", json!({"input": input})).await.all().await;
    assert_eq!(events[1]["item"]["content"], content);
}

#[tokio::test]
async fn trying_again_drops_what_came_after_and_answers_anew() {
    let peer = Peer::start(Pace::Instant).await;
    let events = peer.create("How do I rename a conversation?").await;
    let (thread, question) = (events[0]["thread"]["id"].clone(), events[1]["item"]["id"].clone());
    let first_answer = answer(&events).clone();
    let more = json!({"thread_id": thread, "input": message("dark mode")});
    peer.stream("threads.add_user_message", more).await.all().await;

    let params = json!({"thread_id": thread, "item_id": question});
    let again = peer.stream("threads.retry_after_item", params).await.all().await;
    assert_eq!(types(&again)[..3], ["stream_options", "progress_update", "thread.item.added"]);
    let items = peer.items(thread.as_str().unwrap()).await;
    assert_eq!(items.len(), 2);
    assert_eq!(items[0]["id"], question);
    assert_ne!(items[1]["id"], first_answer["id"]);
    assert_eq!(text(&items[1]), text(&first_answer));

    let wrong = json!({"thread_id": thread, "item_id": items[1]["id"]});
    let (status, words) = peer.refused("threads.retry_after_item", wrong).await;
    assert_eq!(status, 400);
    assert!(words.contains("user message"), "{words}");
    let unknown = json!({"thread_id": thread, "item_id": "msg_nope"});
    assert_eq!(peer.refused("threads.retry_after_item", unknown).await.0, 404);
    assert_eq!(peer.items(thread.as_str().unwrap()).await.len(), 2, "a refused request changes nothing");
}

#[tokio::test]
async fn threads_are_renamed_and_deleted() {
    let peer = Peer::start(Pace::Instant).await;
    let thread = peer.create("hello").await[0]["thread"]["id"].clone();
    let renamed = peer.json("threads.update", json!({"thread_id": thread, "title": "Mine ✓"})).await;
    assert_eq!(renamed["title"], "Mine ✓");
    assert_eq!(renamed["items"], json!({"data": [], "has_more": false}));
    let more = json!({"thread_id": thread, "input": message("dark mode")});
    peer.stream("threads.add_user_message", more).await.all().await;
    assert_eq!(peer.json("threads.list", json!({})).await["data"][0]["title"], "Mine ✓");

    assert_eq!(peer.json("threads.delete", json!({"thread_id": thread})).await, json!({}));
    assert_eq!(peer.json("threads.list", json!({})).await["data"], json!([]));
    assert_eq!(peer.refused("items.list", json!({"thread_id": thread})).await.0, 404);
}

#[tokio::test]
async fn feedback_is_taken_for_items_that_are_there() {
    let peer = Peer::start(Pace::Instant).await;
    let events = peer.create("hello").await;
    let (thread, item) = (&events[0]["thread"]["id"], &answer(&events)["id"]);
    let params = json!({"thread_id": thread, "item_ids": [item], "kind": "positive"});
    assert_eq!(peer.json("items.feedback", params).await, json!({}));
    let params = json!({"thread_id": thread, "item_ids": [item, "msg_nope"], "kind": "negative"});
    assert_eq!(peer.refused("items.feedback", params).await.0, 404);
    let params = json!({"thread_id": thread, "item_ids": [], "kind": "meh"});
    assert_eq!(peer.refused("items.feedback", params).await.0, 400);
}

#[tokio::test]
async fn items_come_in_pages_from_either_end() {
    let peer = Peer::start(Pace::Instant).await;
    let thread = peer.create("question 0").await[0]["thread"]["id"].clone();
    for n in 1..13 {
        let params = json!({"thread_id": thread, "input": message(&format!("question {n}"))});
        peer.stream("threads.add_user_message", params).await.all().await;
    }
    let whole = peer.json("threads.get_by_id", json!({"thread_id": thread})).await;
    assert_eq!(whole["items"]["data"].as_array().unwrap().len(), 20);
    assert_eq!(whole["items"]["has_more"], true);
    assert_eq!(whole["items"]["after"], whole["items"]["data"][19]["id"]);

    for order in ["asc", "desc"] {
        let mut after = Value::Null;
        let mut ids = Vec::new();
        loop {
            let params = json!({"thread_id": thread, "limit": 7, "order": order, "after": after});
            let page = peer.json("items.list", params).await;
            ids.extend(page["data"].as_array().unwrap().iter().map(|item| item["id"].clone()));
            if page["has_more"] == false {
                assert_eq!(page.get("after"), None);
                break;
            }
            after = page["after"].clone();
        }
        if order == "desc" {
            ids.reverse();
        }
        let stored: Vec<_> = peer.items(thread.as_str().unwrap()).await.iter().map(|item| item["id"].clone()).collect();
        assert_eq!(ids, stored, "{order}");
        assert!(ids.len() >= 26, "thirteen questions and their answers");
    }
    let params = json!({"thread_id": thread, "after": "msg_nope"});
    assert_eq!(peer.refused("items.list", params).await.0, 404);
}

#[tokio::test]
async fn threads_come_in_pages_newest_first() {
    let peer = Peer::start(Pace::Instant).await;
    for n in 0..22 {
        peer.create(&format!("question {n}")).await;
    }
    let first = peer.json("threads.list", json!({"limit": 0})).await;
    let titles: Vec<_> = first["data"].as_array().unwrap().iter().map(|thread| thread["title"].clone()).collect();
    assert_eq!(titles.len(), 20);
    assert_eq!(titles[0], "question 21");
    let second = peer.json("threads.list", json!({"after": first["after"]})).await;
    assert_eq!(second["data"][1]["title"], "question 0");
    assert_eq!(second["has_more"], false);
    let oldest = peer.json("threads.list", json!({"order": "asc", "limit": 1})).await;
    assert_eq!(oldest["data"][0]["title"], "question 0");
    assert_eq!(oldest["data"][0]["items"], json!({"data": [], "has_more": false}));
}

#[tokio::test]
async fn what_is_not_there_is_said_before_a_stream_begins() {
    let peer = Peer::start(Pace::Instant).await;
    for (kind, params) in [
        ("threads.get_by_id", json!({"thread_id": "thr_nope"})),
        ("threads.update", json!({"thread_id": "thr_nope", "title": "x"})),
        ("threads.delete", json!({"thread_id": "thr_nope"})),
        ("items.list", json!({"thread_id": "thr_nope"})),
        ("items.feedback", json!({"thread_id": "thr_nope", "item_ids": [], "kind": "positive"})),
        ("threads.add_user_message", json!({"thread_id": "thr_nope", "input": message("x")})),
        ("threads.retry_after_item", json!({"thread_id": "thr_nope", "item_id": "msg_nope"})),
    ] {
        let (status, words) = peer.refused(kind, params).await;
        assert_eq!(status, 404, "{kind}");
        assert!(words.contains("thr_nope"), "{kind}: {words}");
    }
}

#[tokio::test]
async fn what_cannot_be_understood_is_refused_in_words() {
    let peer = Peer::start(Pace::Instant).await;
    let (status, words) = peer.refused("threads.levitate", json!({})).await;
    assert_eq!(status, 400);
    assert!(words.contains("threads.levitate") && words.contains("threads.create"), "{words}");
    let mut input = message("x");
    input["attachments"] = json!(["atc_1"]);
    let (status, words) = peer.refused("threads.create", json!({"input": input})).await;
    assert_eq!(status, 400);
    assert!(words.contains("attachments"), "{words}");
    assert_eq!(peer.json("threads.list", json!({})).await["data"], json!([]), "nothing was begun");
}

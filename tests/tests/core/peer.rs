//! The peer itself: what later tests lean on when they drive the engine against it.
#![allow(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

use acceptance::peer::Peer;
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};

async fn post(peer: &Peer, token: &str, body: Value) -> Response {
    reqwest::Client::new().post(&peer.url).bearer_auth(token).body(body.to_string()).send().await.unwrap()
}

async fn create(peer: &Peer, text: &str) -> Response {
    let input =
        json!({ "content": [{ "type": "input_text", "text": text }], "attachments": [], "inference_options": {} });
    post(peer, &peer.token, json!({ "type": "threads.create", "params": { "input": input } })).await
}

fn events(body: &str) -> Vec<Value> {
    body.lines()
        .filter_map(|line| line.strip_prefix("data: "))
        .map(|data| serde_json::from_str(data).unwrap())
        .collect()
}

/// The id of the thread that the stream's first event announces, and the response to read on from.
async fn begun(mut response: Response) -> (String, Response) {
    let mut seen = String::new();
    while !seen.contains("\n\n") {
        seen.push_str(std::str::from_utf8(&response.chunk().await.unwrap().unwrap()).unwrap());
    }
    let thread = events(seen.split_inclusive("\n\n").next().unwrap())[0]["thread"]["id"].as_str().unwrap().to_owned();
    (thread, response)
}

#[tokio::test]
async fn a_created_thread_streams_its_answer_and_is_stored() {
    if !Peer::wanted() {
        return;
    }
    let peer = Peer::shared();
    let response = create(peer, "/say Good morning").await;
    assert_eq!(response.headers()["content-type"], "text/event-stream; charset=utf-8");
    let events = events(&response.text().await.unwrap());
    assert_eq!(events[0]["type"], "thread.created");
    let last = events.last().unwrap();
    assert_eq!(
        (&last["type"], &last["item"]["content"][0]["text"]),
        (&json!("thread.item.done"), &json!("Good morning"))
    );

    let stored = peer.items(events[0]["thread"]["id"].as_str().unwrap()).await;
    assert_eq!(stored.iter().map(|item| &item["type"]).collect::<Vec<_>>(), ["user_message", "assistant_message"]);
}

#[tokio::test]
async fn another_token_and_a_body_that_is_no_request_are_refused() {
    if !Peer::wanted() {
        return;
    }
    let peer = Peer::shared();
    let list = json!({ "type": "threads.list", "params": {} });
    assert_eq!(post(peer, "wrong", list.clone()).await.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(post(peer, &peer.token, list).await.status(), StatusCode::OK);
    assert_eq!(post(peer, &peer.token, json!({ "type": "nonsense" })).await.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let unknown = json!({ "type": "threads.get_by_id", "params": { "thread_id": "thr_none" } });
    assert_eq!(post(peer, &peer.token, unknown).await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn who_goes_away_in_mid_answer_leaves_the_partial_text_and_the_mark_of_a_stop() {
    if !Peer::wanted() {
        return;
    }
    let peer = Peer::shared();
    let (thread, response) = begun(create(peer, "/gate stopped").await).await;
    peer.until_waiting("stopped").await;
    drop(response);
    peer.until_left("stopped").await;

    let stored = peer.items(&thread).await;
    assert_eq!(
        stored.iter().map(|item| &item["type"]).collect::<Vec<_>>(),
        ["user_message", "assistant_message", "sdk_hidden_context"]
    );
    assert_eq!(stored[1]["content"][0]["text"], "Before ");
}

#[tokio::test]
async fn an_opened_gate_lets_the_answer_end() {
    if !Peer::wanted() {
        return;
    }
    let peer = Peer::shared();
    let (_, response) = begun(create(peer, "/gate opened").await).await;
    peer.until_waiting("opened").await;
    peer.open("opened").await;
    assert!(response.text().await.unwrap().contains("Before and after."));
}

#[tokio::test]
async fn a_dropped_connection_ends_without_its_last_chunk() {
    if !Peer::wanted() {
        return;
    }
    let error = create(Peer::shared(), "/drop").await.text().await.unwrap_err();
    assert!(error.is_body() || error.is_decode(), "{error:?}");
}

#[tokio::test]
async fn a_crash_is_an_error_event_that_allows_a_retry() {
    if !Peer::wanted() {
        return;
    }
    let body = create(Peer::shared(), "/crash").await.text().await.unwrap();
    let error = events(&body).into_iter().find(|event| event["type"] == "error").unwrap();
    assert_eq!(error, json!({ "type": "error", "code": "stream.error", "allow_retry": true }));
}

#[tokio::test]
async fn a_killed_server_refuses_connections() {
    if !Peer::wanted() {
        return;
    }
    let mut peer = Peer::start();
    peer.kill();
    let list = json!({ "type": "threads.list", "params": {} });
    let sent = reqwest::Client::new().post(&peer.url).bearer_auth(&peer.token).body(list.to_string()).send().await;
    assert!(sent.unwrap_err().is_connect());
}

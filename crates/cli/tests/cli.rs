//! The built program, run as a person or a script runs it.

#![allow(clippy::unwrap_used, reason = "a test may fail by panicking")]

mod bed;
mod config;
mod doctor;
mod models;
mod patience;
mod sign_in;
mod wire;

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpListener,
    process::Command,
};

use bed::{Bed, OPEN_STREAM, Server, answer, chunk, names, stream};
use serde_json::{Value, json};

fn thread_created() -> Value {
    let items = json!({"data": [], "has_more": false});
    let thread = json!({"id": "t1", "created_at": "2026-01-01T00:00:00", "status": {"type": "active"}, "items": items});
    json!({"type": "thread.created", "thread": thread})
}

fn item(content: Value) -> Value {
    json!({
        "id": "m1", "thread_id": "t1", "created_at": "2026-01-01T00:00:00", "type": "assistant_message",
        "content": content,
    })
}

fn added() -> Value {
    json!({"type": "thread.item.added", "item": item(json!([]))})
}

fn delta(text: &str) -> Value {
    let update = json!({"type": "assistant_message.content_part.text_delta", "content_index": 0, "delta": text});
    json!({"type": "thread.item.updated", "item_id": "m1", "update": update})
}

fn done(text: &str) -> Value {
    let content = json!([{"type": "output_text", "text": text, "annotations": []}]);
    json!({"type": "thread.item.done", "item": item(content)})
}

fn say(text: &str) -> String {
    stream(&[thread_created(), added(), delta(text), done(text)])
}

#[test]
fn the_guide_answers_and_writes_only_into_the_data_folder() {
    let bed = Bed::new();
    let ran = bed.run_with(&["ask"], "Hello\n");
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""), "{ran:?}");
    assert!(ran.out.contains("the Guide") && ran.out.ends_with('\n'), "{ran:?}");
    assert!(names(bed.data.path()).contains(&"guide.sqlite".to_owned()));
    bed.assert_clean();
}

#[test]
fn events_are_json_lines_and_the_last_says_how_it_ended() {
    let bed = Bed::new();
    let server = Server::always(say("a\u{1b}[31m\u{9b}b\nc"));
    let ran = bed.run(&["ask", "x", "--json", "--url", &server.url]);
    let lines: Vec<Value> = ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.last().unwrap(), &json!({"type": "ended", "outcome": {"type": "done"}}));
    let deltas: Vec<_> = lines.iter().filter_map(|line| line.pointer("/event/data/update/delta")).collect();
    assert_eq!(deltas, ["a\u{1b}[31m\u{9b}b\nc"]);
    assert!(ran.out.chars().all(|char| char == '\n' || !char.is_control()), "{ran:?}");
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));

    let server = Server::always(answer("500 Oops", "text/plain", "no"));
    let ran = bed.run(&["ask", "x", "--json", "--url", &server.url]);
    let line: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!((&line["type"], &line["outcome"]["type"]), (&json!("ended"), &json!("failed")));
    assert_eq!(ran.code, Some(1));
}

#[test]
fn how_an_answer_came_about_is_said_beside_it() {
    let bed = Bed::new();
    let server = Server::always(say("words"));
    let ran = bed.run(&["ask", "x", "--details", "--url", &server.url]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(0), "words\n"));
    assert!(
        ran.err.contains("\nfirst token ") && ran.err.contains("\nlength           5 characters in 1 piece\n"),
        "{ran:?}"
    );

    let ran = bed.run(&["ask", "x", "--details", "--json", "--url", &server.url]);
    let last: Value = serde_json::from_str(ran.out.lines().last().unwrap()).unwrap();
    assert_eq!((&last["type"], &last["details"]["end"]), (&json!("details"), &json!("done")));
    assert!(last["details"]["first_byte_ms"].is_u64() && ran.err.is_empty(), "{ran:?}");

    let failing = Server::always(answer("500 Oops", "text/plain", "no"));
    let ran = bed.run(&["ask", "x", "--details", "--url", &failing.url]);
    assert!(ran.err.contains("ended            failed [server_refused]"), "{ran:?}");
    assert_eq!(ran.code, Some(1));
}

#[test]
fn what_a_server_sends_cannot_command_the_terminal() {
    let bed = Bed::new();
    let server = Server::always(say("safe \u{1b}]0;title\u{7} \u{9b}2J \u{202e}evil\u{7f}\r\nend"));
    let ran = bed.run(&["ask", "x", "--url", &server.url]);
    assert_eq!(ran.out, "safe ␛]0;title␇ \u{fffd}2J \u{fffd}evil␡\nend\n");
    assert_eq!(ran.code, Some(0));

    let error = json!({"type": "error", "code": "custom", "message": "bad\u{1b}[2J\nnews", "allow_retry": false});
    let server = Server::always(stream(&[thread_created(), error]));
    let ran = bed.run(&["ask", "x", "--url", &server.url]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(1), ""));
    assert!(ran.err.starts_with("kittiwake-cli: bad␛[2J news [server_error]\n"), "{ran:?}");
    assert!(!ran.err.contains('\u{1b}'));

    let server = Server::always(answer("500 \u{1b}[2J", "text/html", "<p>\u{1b}[2J\u{9b}5n</p>"));
    let ran = bed.run(&["ask", "x", "--url", &server.url]);
    assert!(ran.err.chars().all(|char| char == '\n' || !char.is_control()), "{ran:?}");
}

#[test]
fn every_failure_has_its_code_and_no_answer_on_standard_output() {
    let bed = Bed::new();
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let html = Server::always(answer("200 OK", "text/html", "<html>welcome</html>"));
    let refusal = Server::always(answer("401 Unauthorized", "application/json", "{}"));
    let refused = format!("http://{closed}/chatkit");
    for (url, exit, code) in [
        (html.url.as_str(), 1, "[not_chatkit]"),
        (&refusal.url, 1, "[unauthorized]"),
        (&refused, 1, "[unreachable]"),
        ("chat.example.com", 2, "[bad_address]"),
    ] {
        let ran = bed.run(&["ask", "x", "--url", url]);
        assert_eq!((ran.code, ran.out.as_str()), (Some(exit), ""), "{url}: {ran:?}");
        let first = ran.err.lines().next().unwrap_or_default();
        assert!(first.starts_with("kittiwake-cli: ") && first.ends_with(code), "{url}: {ran:?}");
    }
    assert_eq!(names(bed.data.path()), [""; 0], "nothing of a given address is kept");
    bed.assert_clean();
}

#[test]
fn a_stream_that_breaks_leaves_what_came_and_says_so() {
    let bed = Bed::new();
    let server = Server::new(|_, stream| {
        let piece = chunk(&[thread_created(), added(), delta("half of the ans")]);
        let _ = stream.write_all([OPEN_STREAM, &piece].concat().as_bytes());
    });
    let ran = bed.run(&["ask", "x", "--url", &server.url]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(3), "half of the ans\n"), "{ran:?}");
    assert!(ran.err.contains("[interrupted]"), "{ran:?}");
}

#[test]
fn a_token_goes_to_the_server_and_nowhere_else() {
    let bed = Bed::new();
    let server = Server::always(answer("403 Forbidden", "text/plain", "sesame-42 is not welcome"));
    let args = ["ask", "x", "--url", &server.url, "--token-env", "KW_TOKEN"];
    let ran = bed::Ran::from(bed.command(&args).env("KW_TOKEN", "sesame-42").output().unwrap());
    let request = server.requests.recv().unwrap();
    assert!(request.head.to_lowercase().contains("authorization: bearer sesame-42\r\n"), "{}", request.head);
    assert_eq!(ran.code, Some(1));
    assert!(!ran.out.contains("sesame") && !ran.err.contains("sesame"), "{ran:?}");

    for (value, why) in [(None, "is not set"), (Some(""), "is empty"), (Some("ses ame"), "holds a space")] {
        let mut command = bed.command(&args);
        match value {
            Some(value) => command.env("KW_TOKEN", value),
            None => command.env_remove("KW_TOKEN"),
        };
        let ran = bed::Ran::from(command.output().unwrap());
        assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""), "{ran:?}");
        assert!(ran.err.contains("KW_TOKEN") && ran.err.contains(why) && !ran.err.contains("ame "), "{ran:?}");
    }
    assert!(server.requests.try_recv().is_err(), "nothing was sent without a token");
}

#[test]
fn a_token_and_a_question_come_from_standard_input() {
    let bed = Bed::new();
    let server = Server::always(say("welcome"));
    let args = ["ask", "--url", &server.url, "--token-stdin"];
    let ran = bed.run_with(&args, "sesame-43\nWho is there?\nIt is me.\n");
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (Some(0), "welcome\n", ""), "{ran:?}");
    let request = server.requests.recv().unwrap();
    assert!(request.head.to_lowercase().contains("authorization: bearer sesame-43\r\n"), "{}", request.head);
    assert!(request.body.to_string().contains("Who is there?\\nIt is me."), "{}", request.body);

    for (typed, why) in [("", "is empty"), ("\nx", "is empty"), ("ses ame\nx", "holds a space")] {
        let ran = bed.run_with(&args, typed);
        assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""), "{ran:?}");
        assert!(ran.err.contains(why) && !ran.err.contains("ame"), "{ran:?}");
    }
    assert!(server.requests.try_recv().is_err(), "nothing was sent without a token");
}

#[test]
fn what_cannot_be_used_is_said_before_anything_is_asked() {
    let bed = Bed::new();
    for args in [
        &["ask"][..],
        &["ask", " "],
        &["ask", "-"],
        &["ask", "x", "--connection", "a", "--url", "http://b"],
        &["ask", "x", "--token-env", "HOME"],
        &["ask", "x", "--token-stdin"],
        &["nonsense"],
        &[],
    ] {
        let ran = bed.run(args);
        assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""), "{args:?}: {ran:?}");
        assert!(!ran.err.is_empty());
    }
    let ran = bed.run(&["ask", "x", "--connection", "Work"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("“Work”") && ran.err.contains("“Guide”") && ran.err.contains("[unknown]"), "{ran:?}");
    assert_eq!(bed.run(&["--version"]).out, concat!("kittiwake-cli ", env!("CARGO_PKG_VERSION"), "\n"));
}

#[test]
fn a_stored_connection_is_found_by_its_name_and_the_conversation_is_kept() {
    let bed = Bed::new();
    let server = Server::always(say("from work"));
    let connection = json!({"id": "c1", "name": "Work", "kind": "chatkit", "url": server.url, "auth": "none"});
    let settings = json!({"version": 1, "connections": [connection]});
    std::fs::write(bed.data.path().join("settings.json"), settings.to_string()).unwrap();
    let ran = bed.run(&["ask", "x", "--connection", "work"]);
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (Some(0), "from work\n", ""));
    assert!(names(bed.data.path()).contains(&"history.sqlite".to_owned()));
    let lent = bed.run_with(&["ask", "x", "--connection", "work", "--token-stdin"], "sesame\n");
    assert!(lent.code == Some(2) && lent.err.contains("takes no token"), "{lent:?}");

    std::fs::write(bed.data.path().join("settings.json"), "{ broken").unwrap();
    let ran = bed.run(&["ask", "x", "--connection", "work"]);
    assert_eq!(ran.code, Some(2), "{ran:?}");
    assert!(ran.err.contains("[data_damaged]") && ran.err.contains("[unknown]"), "{ran:?}");
    bed.assert_clean();
}

#[test]
fn the_data_folder_on_the_command_line_counts_more_than_the_one_in_the_environment() {
    let bed = Bed::new();
    let other = tempfile::TempDir::new().unwrap();
    let ran = bed.run(&["--data-dir", other.path().to_str().unwrap(), "ask", "x", "--connection", "Work"]);
    assert_eq!(ran.code, Some(2));
    assert_eq!(names(bed.data.path()), [""; 0]);
    assert!(!names(other.path()).is_empty());
    bed.assert_clean();
}

/// A server that says something and then waits until it is hung up on.
fn talker(text: &'static str) -> Server {
    Server::new(move |_, stream| {
        let piece = chunk(&[thread_created(), added(), delta(text)]);
        let _ = stream.write_all([OPEN_STREAM, &piece].concat().as_bytes());
        let _ = stream.read(&mut [0]);
    })
}

#[test]
#[cfg(unix)]
fn ctrl_c_stops_the_turn_and_keeps_what_was_printed() {
    let bed = Bed::new();
    let server = talker("so far\n");
    let mut child = bed.spawn(&["ask", "x", "--url", &server.url]);
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    out.read_line(&mut line).unwrap();
    assert_eq!(line, "so far\n");
    interrupt(&child);
    let ran = bed::Ran::from(child.wait_with_output().unwrap());
    let mut rest = String::new();
    out.read_to_string(&mut rest).unwrap();
    assert_eq!((ran.code, rest.as_str(), ran.err.as_str()), (Some(130), "", ""));
    server.requests.recv().unwrap();
}

#[cfg(unix)]
fn interrupt(child: &std::process::Child) {
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
}

#[test]
fn a_reader_that_goes_away_ends_it_quietly() {
    let bed = Bed::new();
    let server = Server::new(|_, stream| {
        let _ = stream.write_all(OPEN_STREAM.as_bytes());
        let _ = stream.write_all(chunk(&[thread_created(), added()]).as_bytes());
        // Until it is hung up on.
        while stream.write_all(chunk(&[delta("again and again\n")]).as_bytes()).is_ok() {}
    });
    let mut child = bed.spawn(&["ask", "x", "--url", &server.url]);
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let ran = bed::Ran::from(child.wait_with_output().unwrap());
    assert_eq!((line.as_str(), ran.code, ran.err.as_str()), ("again and again\n", Some(141), ""));
}

#[test]
fn a_conversation_goes_on_in_one_thread_until_a_new_one_is_begun() {
    let bed = Bed::new();
    let server = Server::new(|request, stream| {
        let answer = match request.body["type"].as_str() {
            Some("items.list") => answer("200 OK", "application/json", r#"{"data": [], "has_more": false}"#),
            Some("threads.create") => say("first"),
            _ => stream_of_more(),
        };
        let _ = stream.write_all(answer.as_bytes());
    });
    let ran = bed.run_with(&["chat", "--url", &server.url], "one\n\ntwo\n/help\n/new\nthree\n/quit\nfour\n");
    assert_eq!((ran.code, ran.out.as_str()), (Some(0), "first\nmore\nfirst\n"), "{ran:?}");
    assert!(ran.err.contains("/retry"), "{ran:?}");
    let turns: Vec<_> = server
        .requests
        .try_iter()
        .map(|request| (request.body["type"].clone(), request.body.pointer("/params/input/content/0/text").cloned()))
        .filter(|(kind, _)| kind != "items.list")
        .collect();
    let turn = |kind: &str, text: &str| (json!(kind), Some(json!(text)));
    assert_eq!(
        turns,
        [turn("threads.create", "one"), turn("threads.add_user_message", "two"), turn("threads.create", "three")]
    );
}

fn stream_of_more() -> String {
    let mut done = done("more");
    done["item"]["id"] = json!("m2");
    stream(&[done])
}

#[test]
fn a_piped_conversation_with_a_failed_turn_does_not_end_with_zero() {
    let bed = Bed::new();
    let server = Server::new(|request, stream| {
        let text = request.body.pointer("/params/input/content/0/text").and_then(Value::as_str).unwrap_or_default();
        let answer = if text == "bad" { answer("500 Oops", "text/plain", "no") } else { say("fine") };
        let _ = stream.write_all(answer.as_bytes());
    });
    let ran = bed.run_with(&["chat", "--url", &server.url], "bad\ngood\n");
    assert_eq!((ran.code, ran.out.as_str()), (Some(1), "fine\n"), "{ran:?}");
    assert!(ran.err.contains("[server_refused]"), "{ran:?}");
    let ran = bed.run_with(&["chat", "--url", &server.url], "/retry\n/nonsense\n");
    assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""), "{ran:?}");
}

#[test]
#[cfg(unix)]
fn the_guide_serves_until_ctrl_c_and_can_be_asked_over_its_address() {
    let bed = Bed::new();
    let mut child = bed.spawn(&["serve"]);
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let url = lines.next().unwrap().strip_prefix("address: ").unwrap().to_owned();
    let token = lines.next().unwrap().strip_prefix("token: ").unwrap().to_owned();
    let client = Bed::new();
    // A conversation with a retry: the second answer is the first once more.
    let args = ["chat", "--url", &url, "--token-env", "KW_TOKEN"];
    let mut chat = client.command(&args).env("KW_TOKEN", &token).stdin(std::process::Stdio::piped()).spawn().unwrap();
    chat.stdin.take().unwrap().write_all(b"Hello\n/retry\n").unwrap();
    let ran = bed::Ran::from(chat.wait_with_output().unwrap());
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""), "{ran:?}");
    let (first, second) = ran.out.split_at(ran.out.len() / 2);
    assert_eq!(first, second);
    let denied = client.run(&["ask", "x", "--url", &url]);
    assert!(denied.code == Some(1) && denied.err.contains("[unauthorized]"), "{denied:?}");
    interrupt(&child);
    let ran = bed::Ran::from(child.wait_with_output().unwrap());
    assert_eq!((ran.code, lines.next()), (Some(0), None), "{ran:?}");
    client.assert_clean();
    bed.assert_clean();
}

#[test]
fn a_port_that_is_taken_is_said() {
    let bed = Bed::new();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let ran = bed.run(&["serve", "--port", &port]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""), "{ran:?}");
    assert!(ran.err.contains("port"), "{ran:?}");
}

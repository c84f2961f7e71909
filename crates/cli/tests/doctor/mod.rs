//! The doctor in the terminal.

use super::*;

/// A server that answers every request of a test as it should.
fn healthy() -> Server {
    Server::new(|request, stream| {
        let told = match request.body["type"].as_str() {
            // A length would say that all of it was there before the first word was sent.
            Some("threads.create") => without_length(&say("Yes.")),
            Some(_) => answer("200 OK", "application/json", r#"{"data": [], "has_more": false}"#),
            None => answer("404 Not Found", "text/plain", "not here"),
        };
        let _ = stream.write_all(told.as_bytes());
    })
}

fn without_length(answer: &str) -> String {
    let lines = answer.split_inclusive("\r\n");
    lines.filter(|line| !line.to_ascii_lowercase().starts_with("content-length")).collect()
}

#[test]
fn the_doctor_tells_each_step_and_ends_with_0_only_if_the_stream_works() {
    let bed = Bed::new();
    let ran = bed.run(&["doctor"]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""), "{ran:?}");
    assert!(ran.out.contains("ok      Streamed hello (") && ran.out.ends_with("The connection works.\n"), "{ran:?}");
    bed.assert_clean();

    let bed = Bed::new();
    let server = healthy();
    let ran = bed.run(&["doctor", "--url", &server.url, "--json"]);
    let lines: Vec<Value> = ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let kinds: Vec<_> = lines.iter().filter_map(|line| line["step"]["kind"].as_str()).collect();
    assert_eq!(kinds, ["name", "connect", "certificate", "reach", "session", "ask", "hello"], "{ran:?}");
    assert_eq!(lines.last().unwrap(), &json!({"type": "ended", "verdict": {"type": "works"}}));
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let asked: Vec<_> = server.requests.try_iter().map(|request| request.body["type"].clone()).collect();
    assert_eq!(asked.last().unwrap(), "threads.delete", "{asked:?}");

    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let ran = bed.run(&["doctor", "--url", &format!("http://{closed}/chatkit")]);
    assert!(ran.out.contains("FAILED  Connection (") && ran.out.contains("skipped Hello\n"), "{ran:?}");
    assert!(ran.err.contains("[unreachable]"), "{ran:?}");
    assert_eq!(ran.code, Some(1));
    let html = Server::always(answer("200 OK", "text/html", "<html>\u{1b}[2J</html>"));
    let ran = bed.run(&["doctor", "--url", &html.url]);
    assert!(ran.err.contains("[not_chatkit]") && !ran.err.contains('\u{1b}'), "{ran:?}");
    assert_eq!(ran.code, Some(1));
    assert_eq!(bed.run(&["doctor", "--url", "nonsense"]).code, Some(2));
    assert_eq!(names(bed.data.path()), [""; 0]);
    assert_eq!(bed.run(&["doctor", "--connection", "nobody"]).code, Some(2));
}

/// A server whose session endpoint gives null, as people write it.
fn gives_null() -> Server {
    Server::always(answer("200 OK", "application/json", r#"{"client_secret": null}"#))
}

/// A settings file with connections to these servers, by their names.
fn settings(bed: &Bed, connections: &[(&str, &Server, Value)]) {
    let all = connections.iter().map(|(name, server, session)| {
        json!({"id": name, "name": name, "kind": "chatkit", "url": server.url, "session": session})
    });
    let off = json!({
        "id": "off", "name": "Off", "kind": "chatkit", "url": "http://127.0.0.1:1/chatkit", "session": {"type": "none"},
        "disabled": true,
    });
    let all: Vec<_> = all.chain([off]).collect();
    let written = json!({"version": 1, "connections": all}).to_string();
    std::fs::write(bed.data.path().join("settings.json"), written).unwrap();
}

#[test]
fn the_doctor_says_by_name_what_is_wrong_with_each_connection() {
    let (bed, good, bad) = (Bed::new(), healthy(), gives_null());
    let endpoint = json!({"type": "endpoint", "url": bad.url, "method": "post", "with_key": false});
    settings(&bed, &[("Work", &good, json!({"type": "none"})), ("Office", &bad, endpoint)]);
    let ran = bed.run(&["doctor"]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    let (work, office) = ran.out.split_once("\nOffice\n").unwrap_or_else(|| panic!("{ran:?}"));
    assert!(work.starts_with("Work\nok ") && work.ends_with("The connection works.\n"), "{ran:?}");
    let told = "        [secret-null] The secret is null\n          Why: ";
    assert!(office.contains("FAILED  New session (") && office.contains(told), "{ran:?}");
    for words in [
        "\n          What to do: Look at the server's log",
        "\n          Who can mend it: whoever runs the server\n",
        "\n          More: kittiwake-cli ask \"Why is the client secret null?\"\n",
    ] {
        assert!(office.contains(words), "{words}: {ran:?}");
    }
    assert!(!ran.out.contains("Off\n") && ran.err.contains("[bad_session]"), "{ran:?}");
    assert!(!work.contains('['), "{ran:?}");

    let ran = bed.run(&["doctor", "--json"]);
    let lines: Vec<Value> = ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let names: Vec<_> = lines.iter().filter(|line| line["type"] == "connection").map(|line| &line["name"]).collect();
    assert_eq!(names, ["Work", "Office"]);
    // Where tests run, there may be a keychain or none.
    let findings = lines.iter().filter_map(|line| line["step"]["finding"]["name"].as_str());
    let findings: Vec<_> = findings.filter(|name| !name.starts_with("keychain")).collect();
    assert_eq!((findings, ran.code), (vec!["secret-null"], Some(1)));
    // Only the one that was named.
    let ran = bed.run(&["doctor", "--connection", "work"]);
    assert_eq!((ran.code, ran.out.starts_with("ok ")), (Some(0), true), "{ran:?}");
}

//! The doctor in the terminal.

use super::*;

/// A server that answers every request of a test as it should.
fn healthy() -> Server {
    Server::new(|request, stream| {
        let told = match request.body["type"].as_str() {
            Some("threads.create") => say("Yes."),
            Some(_) => answer("200 OK", "application/json", r#"{"data": [], "has_more": false}"#),
            None => answer("404 Not Found", "text/plain", "not here"),
        };
        let _ = stream.write_all(told.as_bytes());
    })
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

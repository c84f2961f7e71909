//! A server that wants a pause.

use std::{
    io::Write,
    sync::atomic::{AtomicBool, Ordering},
};

use serde_json::{Value, json};

use crate::{
    bed::{Bed, Server, answer},
    say,
};

/// Refuses the first question, and answers the others.
fn busy_at_first() -> Server {
    let refused = AtomicBool::new(false);
    Server::new(move |request, stream| {
        let is_question = request.body["type"] == "threads.create";
        let text = if is_question && !refused.swap(true, Ordering::Relaxed) {
            answer("429 Slow Down", "application/json", &json!({"retry_after_ms": 300}).to_string())
        } else {
            say("Now.")
        };
        let _ = stream.write_all(text.as_bytes());
    })
}

#[test]
fn a_busy_server_is_told_at_once_and_waited_for_when_that_is_wanted() {
    let bed = Bed::new();
    let ran = bed.run(&["ask", "hello", "--url", &busy_at_first().url]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(1), ""), "{ran:?}");
    assert!(ran.err.contains("wants a pause of a second") && ran.err.contains("[rate_limited]"), "{ran:?}");

    let ran = bed.run(&["ask", "hello", "--patience", "30", "--url", &busy_at_first().url]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(0), "Now.\n"), "{ran:?}");
    assert!(ran.err.contains("The server wants a pause. The question goes out in 1 s"), "{ran:?}");

    let ran = bed.run(&["ask", "hello", "--json", "--patience", "30", "--url", &busy_at_first().url]);
    let first: Value = serde_json::from_str(ran.out.lines().next().unwrap()).unwrap();
    assert_eq!((&first["type"], &first["held"]["why"]), (&json!("held"), &json!("rate_limited")), "{ran:?}");
    assert!(first["held"]["until"].is_number() && ran.code == Some(0), "{ran:?}");
    bed.assert_clean();
}

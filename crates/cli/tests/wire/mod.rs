//! What went over the wire, in a file.

use std::{fs, io::Write};

use crate::{
    bed::{Bed, Server, answer},
    say,
};

#[test]
fn what_went_over_the_wire_is_written_without_the_token() {
    let (bed, folder) = (Bed::new(), tempfile::tempdir().unwrap());
    let file = folder.path().join("trace.txt");
    let place = file.to_str().unwrap();
    let server = Server::new(|_, stream| drop(stream.write_all(say("Hello.").as_bytes())));
    let args = ["ask", "it's me", "--url", &server.url, "--token-env", "WIRE_TOKEN", "--wire", place];
    let ran = bed.command(&args).env("WIRE_TOKEN", "sesame-street-17").output().unwrap();
    assert!(ran.status.success(), "{ran:?}");
    let trace = fs::read_to_string(&file).unwrap();
    assert!(trace.starts_with("$ curl -N -i -X POST 'http://127.0.0.1:"), "{trace}");
    assert!(trace.contains("authorization: Bearer $TOKEN") && trace.contains(r"it'\''s me"), "{trace}");
    assert!(trace.contains("\ndata: {") && trace.contains("\n[curl exit 0]"), "{trace}");
    assert!(!trace.contains("sesame-street-17"), "{trace}");

    // An answer that went wrong is what one wants to see most.
    let server = Server::new(|_, stream| {
        drop(stream.write_all(answer("500 No", "application/json", r#"{"error":"odd"}"#).as_bytes()));
    });
    let ran = bed.run(&["ask", "hello", "--url", &server.url, "--wire", place]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    let trace = fs::read_to_string(&file).unwrap();
    assert!(trace.contains("HTTP/1.1 500") && trace.contains(r#"{"error":"odd"}"#), "{trace}");
    bed.assert_clean();
}

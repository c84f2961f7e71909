//! Cutting bodies into events, without a socket.

use std::io;

use bytes::Bytes;
use futures_util::stream;
use proptest::prelude::*;
use transport::{Frame, Limits, TransportError, decode};

/// All events, how the stream ended, and how much was repaired.
async fn run(pieces: Vec<Vec<u8>>, broken: bool) -> (Vec<Frame>, Option<TransportError>, u64) {
    let end = broken.then(|| Err(io::Error::from(io::ErrorKind::ConnectionReset)));
    let pieces = pieces.into_iter().map(|piece| Ok(Bytes::from(piece))).chain(end);
    let mut stream = decode(stream::iter(pieces.collect::<Vec<_>>()), &Limits::default());
    let mut frames = Vec::new();
    loop {
        match stream.next().await {
            Some(Ok(frame)) => frames.push(frame),
            Some(Err(error)) => return (frames, Some(error), stream.repaired()),
            None => return (frames, None, stream.repaired()),
        }
    }
}

async fn frames(body: &[u8]) -> Vec<(String, String)> {
    let (frames, error, _) = run(vec![body.to_vec()], false).await;
    assert_eq!(error, None);
    frames.into_iter().map(|frame| (frame.event, frame.data)).collect()
}

fn messages(data: &[&str]) -> Vec<(String, String)> {
    data.iter().map(|data| ("message".to_owned(), (*data).to_owned())).collect()
}

#[tokio::test]
async fn line_ends_of_all_kinds() {
    for end in ["\n", "\r\n", "\r"] {
        let body = format!("data: a{end}data:b{end}{end}: comment{end}{end}event: x{end}data: c{end}{end}");
        let expected = [messages(&["a\nb"]), vec![("x".to_owned(), "c".to_owned())]].concat();
        assert_eq!(frames(body.as_bytes()).await, expected, "{end:?}");
    }
}

#[tokio::test]
async fn blocks_that_hold_no_event_do_no_harm() {
    for block in
        ["foo: bar\n\n", "event\n\n", "retry: soon\n\n", ":\n\n", "id:\n\nfoo\n\n", "\n\n\n", "id: 3\nretry: 10\n\n"]
    {
        assert_eq!(
            frames(format!("data: a\n\n{block}data: b\n\n").as_bytes()).await,
            messages(&["a", "b"]),
            "{block:?}"
        );
        assert_eq!(frames(format!("{block}data: b\n\n").as_bytes()).await, messages(&["b"]), "{block:?}");
    }
}

#[tokio::test]
async fn a_byte_order_mark_is_no_part_of_the_first_line() {
    assert_eq!(frames("\u{feff}data: a\n\n".as_bytes()).await, messages(&["a"]));
}

#[tokio::test]
async fn the_last_event_needs_no_blank_line() {
    for body in ["data: a\n\ndata: b", "data: a\n\ndata: b\n", "data: a\r\n\r\ndata: b\r"] {
        assert_eq!(frames(body.as_bytes()).await, messages(&["a", "b"]), "{body:?}");
    }
}

#[tokio::test]
async fn a_broken_body_gives_what_was_whole() {
    let (frames, error, _) = run(vec![b"data: a\n\ndata: b\n".to_vec()], true).await;
    assert_eq!(frames, [Frame { event: "message".into(), data: "a".into() }]);
    assert!(matches!(error, Some(TransportError::Cut { started: true, .. })), "{error:?}");
    let (frames, error, _) = run(vec![], true).await;
    assert_eq!(frames, []);
    assert!(matches!(error, Some(TransportError::Cut { started: false, .. })), "{error:?}");
}

#[tokio::test]
async fn an_event_that_is_not_utf8_is_repaired_and_counted() {
    let pieces = vec![b"data: a\xff\n\n".to_vec(), b"data: \xe2\x82".to_vec(), b"\xac\n\ndata: c\xe2".to_vec()];
    let (frames, error, repaired) = run(pieces, false).await;
    let data: Vec<_> = frames.iter().map(|frame| frame.data.as_str()).collect();
    assert_eq!((data, error, repaired), (vec!["a\u{fffd}", "€", "c\u{fffd}"], None, 2));
}

#[tokio::test]
async fn a_line_that_never_ends_is_given_up() {
    let pieces = stream::iter((0..1000).map(|_| Ok(Bytes::from_static(&[b'x'; 1024]))));
    let mut stream = decode(pieces, &Limits { event_bytes: 100_000, ..Limits::default() });
    assert_eq!(stream.next().await, Some(Err(TransportError::TooLarge { limit: 100_000 })));
    assert_eq!(stream.next().await, None);
}

#[tokio::test]
async fn many_small_events_never_reach_the_cap() {
    let pieces = stream::iter((0..1000).map(|_| Ok(Bytes::from_static(b"data: 1234567890\r\n\r\n"))));
    let mut stream = decode(pieces, &Limits { event_bytes: 64, ..Limits::default() });
    for _ in 0..1000 {
        assert_eq!(stream.next().await.unwrap().unwrap().data, "1234567890");
    }
    assert_eq!(stream.next().await, None);
}

const LINES: &[&str] =
    &["data: héllo", "data:{\"a\":\"🐦\"}", ": ping", "event: x", "id: 1", "junk", "data", "", "", ""];

proptest! {
    #[test]
    fn any_cut_gives_the_events_of_the_whole(
        lines in prop::collection::vec((prop::sample::select(LINES), prop::sample::select(&["\n", "\r\n", "\r"][..])), 0..30),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..12),
        broken in any::<bool>(),
    ) {
        let body: String = lines.iter().flat_map(|(line, end)| [*line, *end]).collect();
        let mut cuts: Vec<_> = cuts.iter().map(|cut| cut.index(body.len() + 1)).collect();
        cuts.extend([0, body.len()]);
        cuts.sort_unstable();
        let pieces = cuts.windows(2).map(|pair| body.as_bytes()[pair[0]..pair[1]].to_vec()).collect();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let cut = runtime.block_on(run(pieces, broken));
        let whole = runtime.block_on(run(vec![body.clone().into_bytes()], broken));
        prop_assert_eq!(&cut.0, &whole.0);
        prop_assert_eq!(cut.1.is_some(), broken);
    }
}

//! What was recorded, replayed to the end: bytes → events → state → the tree that is drawn.
//!
//! `replay_state.txt` shows every recorded stream as a person would see it. It is compared here; set
//! `KITTIWAKE_UPDATE_REPLAY` to write it anew, and read the difference before you commit it.
#![allow(clippy::unwrap_used, reason = "a test's helpers fail as the test does")]

use std::{collections::HashMap, fmt::Write as _, fs, io, sync::LazyLock};

use acceptance::traces::{self, Exchange};
use bytes::Bytes;
use engine::{Change, ThreadState};
use futures_util::stream;
use markdown::{Stream, Tree, render};
use model::{Item, ItemBody, ItemId, Kind, ThreadEvent};
use proptest::{prelude::*, sample::Index};
use tokio::runtime::Runtime;
use transport::{Limits, decode};

const TABLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/core/replay_state.txt");

static STREAMS: LazyLock<Vec<Exchange>> =
    LazyLock::new(|| traces::chatkit().into_iter().filter(Exchange::is_stream).collect());
static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_time().build().unwrap());

fn events(pieces: Vec<Vec<u8>>, whole: bool) -> Vec<ThreadEvent> {
    let cut = (!whole).then(|| Err(io::Error::from(io::ErrorKind::UnexpectedEof)));
    let pieces: Vec<_> = pieces.into_iter().map(|piece| Ok(Bytes::from(piece))).chain(cut).collect();
    RUNTIME.block_on(async {
        let mut frames = decode(stream::iter(pieces), &Limits::default());
        let mut mapper = adapters::adapter(Kind::Chatkit).mapper();
        let mut events = Vec::new();
        while let Some(Ok(frame)) = frames.next().await {
            events.extend(mapper.on_frame(&frame.event, &frame.data));
        }
        events
    })
}

/// A thread as the events left it, and the text of each part as it was drawn while it grew.
struct Played {
    state: ThreadState,
    drawn: HashMap<(ItemId, usize), (Stream, Tree)>,
}

fn play(events: Vec<ThreadEvent>) -> Played {
    let mut played = Played { state: ThreadState::default(), drawn: HashMap::new() };
    for event in events {
        for change in played.state.apply(event) {
            if let Change::Appended { id, part, delta } = change {
                let (stream, tree) = played.drawn.entry((id, part)).or_default();
                tree.apply(&stream.push(&delta));
            }
        }
    }
    played
}

fn shown(item: &Item) -> String {
    match &item.body {
        ItemBody::UserMessage(message) => format!("person: {:?}", message.plain_text()),
        ItemBody::AssistantMessage { content } => {
            let text: Vec<_> = content.iter().map(|part| part.text.as_str()).collect();
            let text = text.join("|");
            let sources: usize = content.iter().map(|part| part.annotations.len()).sum();
            let long = text.chars().count();
            let cut: String = text.chars().take(120).collect();
            format!("answer: {cut:?} ({long} characters, {sources} references)")
        }
        ItemBody::ClientToolCall(call) => format!("call of {} (pending: {})", call.name, call.is_pending),
        ItemBody::Widget(widget) => format!("widget: {}", widget.root["type"]),
        ItemBody::GeneratedImage(image) => format!("image: {:?}", image.image.as_ref().map(|image| image.url.len())),
        ItemBody::StructuredInput(input) => format!("questions: {:?}, {:?}", input.status, input.plain_text()),
        ItemBody::Task(task) => format!("task: {:?}", task.title),
        ItemBody::Workflow(flow) => format!("workflow: {} tasks, {:?}", flow.tasks.len(), flow.summary),
        ItemBody::EndOfTurn => "end of turn".to_owned(),
        ItemBody::Handover(handover) => format!("{} answers", handover.to.name),
        ItemBody::Unknown { name, .. } => format!("neutral line: {name}"),
    }
}

fn table(played: &Played) -> String {
    let mut text = String::new();
    for entry in played.state.entries() {
        writeln!(text, "    {:?} {}", entry.stage, shown(&entry.item)).unwrap();
    }
    if let Some(progress) = &played.state.progress {
        writeln!(text, "    progress: {}", progress.text).unwrap();
    }
    if let Some(error) = &played.state.error {
        writeln!(text, "    error: {} {:?} retry {}", error.code, error.message, error.allow_retry).unwrap();
    }
    if played.state.ignored > 0 {
        writeln!(text, "    ignored: {}", played.state.ignored).unwrap();
    }
    text
}

#[test]
fn every_recorded_stream_becomes_the_state_it_should() {
    let mut fresh = String::new();
    for exchange in STREAMS.iter() {
        let played = play(events(vec![exchange.body.clone()], exchange.whole));
        writeln!(fresh, "{}\n{}", exchange.name, table(&played)).unwrap();
    }
    if std::env::var_os("KITTIWAKE_UPDATE_REPLAY").is_some() {
        fs::write(TABLE, &fresh).unwrap();
    }
    assert!(
        fresh == fs::read_to_string(TABLE).unwrap_or_default(),
        "the states differ from tests/tests/core/replay_state.txt: if that is meant, run this test with \
         KITTIWAKE_UPDATE_REPLAY=1, read the difference and commit it"
    );
}

#[test]
fn what_grew_on_screen_is_what_the_server_says_in_the_end() {
    let mut compared = 0;
    for exchange in STREAMS.iter() {
        let mut played = play(events(vec![exchange.body.clone()], exchange.whole));
        for ((id, part), (stream, tree)) in &mut played.drawn {
            let Some(entry) = played.state.entry(id) else { continue };
            let ItemBody::AssistantMessage { content } = &entry.item.body else { continue };
            let mut whole = Tree::default();
            whole.apply(&render(&content[*part].text));
            tree.apply(&stream.finish());
            if tree.plain_text() == whole.plain_text() {
                compared += 1;
            } else {
                // Only a server that says another text in the end than it streamed.
                assert!(exchange.name.contains("interleave") || exchange.name.contains("bare"), "{}", exchange.name);
            }
        }
    }
    assert!(compared > 40, "{compared}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn however_the_bytes_are_cut_the_state_is_the_same(which in any::<Index>(), cuts in prop::collection::vec(any::<Index>(), 0..12)) {
        let exchange = which.get(&STREAMS);
        let mut places: Vec<_> = cuts.iter().map(|cut| cut.index(exchange.body.len() + 1)).collect();
        places.extend([0, exchange.body.len()]);
        places.sort_unstable();
        let pieces = places.windows(2).map(|pair| exchange.body[pair[0]..pair[1]].to_vec()).collect();
        let cut = play(events(pieces, exchange.whole));
        let whole = play(events(vec![exchange.body.clone()], exchange.whole));
        prop_assert_eq!(cut.state.entries(), whole.state.entries());
    }

    #[test]
    fn a_stream_that_breaks_off_shows_the_beginning_of_what_it_would_have_shown(which in any::<Index>(), at in any::<Index>()) {
        let exchange = which.get(&STREAMS);
        let at = at.index(exchange.body.len() + 1);
        let broken = play(events(vec![exchange.body[..at].to_vec()], false));
        let known: Vec<_> = broken.state.entries().iter().map(|entry| entry.rank).collect();
        prop_assert!(known.is_sorted());
        for ((id, part), (stream, tree)) in &broken.drawn {
            let mut snapshot = Tree::default();
            snapshot.apply(&stream.snapshot());
            prop_assert_eq!(snapshot.plain_text(), tree.plain_text(), "{} {}", id, part);
        }
    }
}

//! What was recorded, replayed: operation → request, bytes → events, answer → reply.
//!
//! `replay.txt` lists what every recorded answer was read as. It is compared here; set `KITTIWAKE_UPDATE_REPLAY` to write
//! it anew, and read the difference before you commit it.
#![allow(clippy::unwrap_used, reason = "a test's helpers fail as the test does")]

use std::{collections::BTreeMap, fmt::Write as _, fs, io, sync::LazyLock};

use acceptance::traces::{self, Exchange};
use adapters::Adapter;
use bytes::Bytes;
use futures_util::stream;
use model::{Connection, ItemBody, ItemUpdate, Kind, Operation, Reply, SessionSource, ThreadEvent};
use proptest::{prelude::*, sample::Index};
use serde_json::{Value, json};
use tokio::runtime::Runtime;
use transport::{Limits, TransportError, decode};

const TABLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/core/replay.txt");

/// Requests that were made wrong on purpose, or hold what no operation says.
const UNLIKE: &[(&str, &str)] = &[
    ("53-bad-body-missing-attachments #1", "attachments are missing"),
    ("53-bad-body-missing-inference_options #1", "inference options are missing"),
    ("53-lenient-extra-fields #1", "it has fields that mean nothing"),
];

static EXCHANGES: LazyLock<Vec<Exchange>> = LazyLock::new(traces::chatkit);
static STREAMS: LazyLock<Vec<&Exchange>> =
    LazyLock::new(|| EXCHANGES.iter().filter(|exchange| exchange.is_stream()).collect());
static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_time().build().unwrap());

fn adapter() -> &'static dyn Adapter {
    adapters::adapter(Kind::Chatkit)
}

/// The events of a body that comes in these pieces, how many frames they came in, and whether it ended as it should.
fn replay(pieces: Vec<Vec<u8>>, whole: bool) -> (Vec<ThreadEvent>, usize, Option<TransportError>) {
    let cut = (!whole).then(|| Err(io::Error::from(io::ErrorKind::UnexpectedEof)));
    let pieces: Vec<_> = pieces.into_iter().map(|piece| Ok(Bytes::from(piece))).chain(cut).collect();
    RUNTIME.block_on(async {
        let mut frames = decode(stream::iter(pieces), &Limits::default());
        let mut mapper = adapter().mapper();
        let (mut events, mut count) = (Vec::new(), 0);
        loop {
            match frames.next().await {
                Some(Ok(frame)) => {
                    count += 1;
                    events.extend(mapper.on_frame(&frame.event, &frame.data));
                }
                Some(Err(error)) => return (events, count, Some(error)),
                None => return (events, count, None),
            }
        }
    })
}

#[test]
fn the_traces_are_here() {
    assert!(EXCHANGES.len() >= 141, "{} exchanges", EXCHANGES.len());
    assert!(STREAMS.len() >= 90, "{} streams", STREAMS.len());
    assert!(STREAMS.iter().any(|exchange| !exchange.whole));
}

#[test]
fn every_recorded_request_is_the_one_we_make() {
    let url = "http://127.0.0.1:8799/chatkit";
    let connection = Connection::new("c".into(), "", Kind::Chatkit, url, SessionSource::Static);
    let (mut compared, mut unlike) = (BTreeMap::new(), Vec::new());
    for exchange in EXCHANGES.iter() {
        let Some(operation) = exchange.operation() else { continue };
        let spec = adapter().request(&connection, &operation, "en-US").unwrap();
        let ours: Value = serde_json::from_slice(&spec.body).unwrap();
        if UNLIKE.iter().any(|(name, _)| *name == exchange.name) {
            assert_ne!(ours, explicit(exchange), "{} is no exception any more", exchange.name);
            unlike.push(exchange.name.as_str());
            continue;
        }
        assert_eq!(ours, explicit(exchange), "{}", exchange.name);
        assert_eq!(spec.answered == adapters::Answered::Stream, operation.streams());
        *compared.entry(exchange.kind()).or_insert(0) += 1;
    }
    assert_eq!(unlike, UNLIKE.iter().map(|(name, _)| *name).collect::<Vec<_>>());
    assert_eq!(compared.len(), 13, "each operation was recorded: {compared:?}");
}

/// The recorded request with the defaults that we always say, and without what belongs to integrators (section 2.1).
fn explicit(exchange: &Exchange) -> Value {
    let mut request = exchange.request.clone().unwrap();
    request.as_object_mut().unwrap().remove("metadata");
    if matches!(exchange.kind(), "threads.list" | "items.list") {
        let params = request["params"].as_object_mut().unwrap();
        params.entry("order").or_insert(json!("desc"));
        if params.get("limit").is_none_or(|limit| limit == 0) {
            params.insert("limit".to_owned(), json!(20));
        }
    }
    for (_, answer) in request.pointer_mut("/params/input/answers").and_then(Value::as_object_mut).into_iter().flatten()
    {
        answer.as_object_mut().unwrap().entry("skipped").or_insert(json!(false));
    }
    request
}

#[test]
fn every_frame_of_every_stream_is_an_event() {
    for exchange in STREAMS.iter() {
        let body = String::from_utf8(exchange.body.clone()).unwrap();
        let (events, frames, error) = replay(vec![exchange.body.clone()], exchange.whole);
        let lines = body.lines().filter(|line| line.starts_with("data:")).count();
        let unfinished = usize::from(!exchange.whole && !body.is_empty() && !body.ends_with("\n\n"));
        assert_eq!((events.len(), frames), (lines - unfinished, lines - unfinished), "{}", exchange.name);
        assert_eq!(error.is_some(), !exchange.whole, "{}: {error:?}", exchange.name);
        assert!(exchange.whole || broke_off(error.as_ref(), &exchange.body), "{}", exchange.name);
    }
}

/// Whether a body ended as one that breaks off does.
fn broke_off(error: Option<&TransportError>, body: &[u8]) -> bool {
    matches!(error, Some(TransportError::Cut { started, .. }) if *started != body.is_empty())
}

#[test]
fn every_answer_is_read_as_it_was() {
    let mut table = String::new();
    for exchange in EXCHANGES.iter() {
        let read = if exchange.is_stream() {
            stream_row(exchange)
        } else if let Some(operation) =
            exchange.operation().filter(|operation| exchange.status == 200 && !operation.streams())
        {
            reply_row(&operation, &exchange.body)
        } else {
            // Not for the adapter: a refusal, or a request that this version does not make.
            format!("status {} {}", exchange.status, exchange.content_type)
        };
        writeln!(table, "{:<44} {:<32} {}", exchange.name, exchange.kind(), read.trim_end()).unwrap();
    }
    if std::env::var_os("KITTIWAKE_UPDATE_REPLAY").is_some() {
        fs::write(TABLE, &table).unwrap();
    }
    let committed = fs::read_to_string(TABLE).unwrap();
    for (ours, theirs) in table.lines().zip(committed.lines()) {
        assert_eq!(ours, theirs, "see the head of this file");
    }
    assert_eq!(table, committed, "see the head of this file");
}

/// Runs of the same event are written once, with their number.
fn stream_row(exchange: &Exchange) -> String {
    let (events, ..) = replay(vec![exchange.body.clone()], exchange.whole);
    let mut runs: Vec<(String, usize)> = Vec::new();
    for event in &events {
        let name = name(event);
        match runs.last_mut() {
            Some((last, count)) if *last == name => *count += 1,
            _ => runs.push((name, 1)),
        }
    }
    let mut row = format!("{} events:", events.len());
    for (name, count) in runs {
        let times = if count > 1 { format!(" ×{count}") } else { String::new() };
        write!(row, " {name}{times},").unwrap();
    }
    if !exchange.whole {
        row.push_str(" cut");
    }
    row
}

fn name(event: &ThreadEvent) -> String {
    match event {
        ThreadEvent::ThreadCreated(_) => "created".into(),
        ThreadEvent::ThreadUpdated(thread) => format!("updated({:?})", thread.status),
        ThreadEvent::ItemAdded(item) => format!("added({})", kind(&item.body)),
        ThreadEvent::ItemDone(item) => format!("done({})", kind(&item.body)),
        ThreadEvent::ItemReplaced(item) => format!("replaced({})", kind(&item.body)),
        ThreadEvent::ItemRemoved(_) => "removed".into(),
        ThreadEvent::ItemUpdated { update, .. } => match update {
            ItemUpdate::PartAdded { .. } => "part".into(),
            ItemUpdate::TextDelta { .. } => "delta".into(),
            ItemUpdate::AnnotationAdded { .. } => "annotation".into(),
            ItemUpdate::PartDone { .. } => "part done".into(),
            ItemUpdate::WidgetTextDelta { .. } => "widget text".into(),
            ItemUpdate::WidgetComponent { .. } => "widget component".into(),
            ItemUpdate::WidgetRoot(_) => "widget root".into(),
            ItemUpdate::TaskAdded { .. } => "task added".into(),
            ItemUpdate::TaskUpdated { .. } => "task updated".into(),
            ItemUpdate::Image { .. } => "image".into(),
            ItemUpdate::Unknown { name } => format!("UNKNOWN UPDATE {name}"),
        },
        ThreadEvent::ClientEffect { name, .. } => format!("effect({name})"),
        ThreadEvent::StreamOptions { allow_cancel } => format!("options({allow_cancel})"),
        ThreadEvent::Answered { model, .. } => format!("answered by {model:?}"),
        ThreadEvent::Progress(_) => "progress".into(),
        ThreadEvent::Notice(notice) => format!("notice({:?})", notice.level),
        ThreadEvent::Error(error) => format!("error({}, retry {})", error.code, error.allow_retry),
        ThreadEvent::Unknown { name } => format!("UNKNOWN {name}"),
    }
}

fn kind(body: &ItemBody) -> String {
    match body {
        ItemBody::UserMessage(_) => "user".into(),
        ItemBody::AssistantMessage { .. } => "assistant".into(),
        ItemBody::ClientToolCall(call) => format!("call of {}", call.name),
        ItemBody::Widget(_) => "widget".into(),
        ItemBody::GeneratedImage(_) => "image".into(),
        ItemBody::StructuredInput(_) => "questions".into(),
        ItemBody::Task(_) => "task".into(),
        ItemBody::Workflow(_) => "workflow".into(),
        ItemBody::EndOfTurn => "end of turn".into(),
        ItemBody::Handover(_) => "handover".into(),
        ItemBody::Unknown { name, .. } => format!("unknown {name}"),
    }
}

fn reply_row(operation: &Operation, body: &[u8]) -> String {
    let sent: Value = serde_json::from_slice(body).unwrap();
    match adapter().reply(operation, body) {
        Ok(Reply::Thread(thread)) => {
            assert_eq!(thread.title.as_deref(), sent["title"].as_str());
            format!("thread {}", thread.id)
        }
        Ok(Reply::Threads(page)) => {
            assert_eq!(page.data.len(), sent["data"].as_array().unwrap().len());
            format!("{} threads, next {:?}", page.data.len(), page.next)
        }
        Ok(Reply::Items(page)) => {
            assert_eq!(page.data.len(), sent["data"].as_array().unwrap().len());
            let kinds: Vec<_> = page.data.iter().map(|item| kind(&item.body)).collect();
            format!("{} items, next {:?}: {}", page.data.len(), page.next, kinds.join(", "))
        }
        Ok(Reply::Attachment(file)) => format!("file {}, upload {:?}", file.id, file.upload),
        Ok(Reply::Updated(None)) => "nothing new".into(),
        Ok(Reply::Updated(Some(item))) => format!("updated {}", kind(&item.body)),
        Ok(Reply::Models(models)) => format!("{} models", models.len()),
        Ok(Reply::Profile(_)) => "a profile".into(),
        Ok(Reply::Conversation(id)) => format!("conversation {id}"),
        Ok(Reply::Absent) => "nothing there".into(),
        Ok(Reply::Done) => "done".into(),
        Err(error) => format!("ERROR {error}"),
    }
}

#[test]
fn nothing_that_was_recorded_is_lost() {
    for exchange in EXCHANGES.iter().filter(|exchange| exchange.kind() == "items.list" && exchange.status == 200) {
        let sent: Value = serde_json::from_slice(&exchange.body).unwrap();
        let Ok(Reply::Items(page)) = adapter().reply(&exchange.operation().unwrap(), &exchange.body) else { panic!() };
        for (item, sent) in page.data.iter().zip(sent["data"].as_array().unwrap()) {
            // Every text that the server sent about an item is somewhere in what is kept of it.
            let kept = serde_json::to_string(item).unwrap();
            for text in texts(sent) {
                let text = serde_json::to_string(text).unwrap();
                assert!(kept.contains(&text), "{}: {text} is not in {kept}", exchange.name);
            }
        }
    }
}

/// All texts in a value, but those that name what the model says otherwise.
fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(all) => all.iter().flat_map(texts).collect(),
        Value::Object(fields) => fields
            .iter()
            .filter(|(key, _)| !matches!(key.as_str(), "type" | "thread_id"))
            .flat_map(|(_, value)| texts(value))
            .collect(),
        _ => Vec::new(),
    }
}

/// A body in pieces, and where it may end early.
fn pieces(body: &[u8], cuts: &[Index]) -> Vec<Vec<u8>> {
    let mut cuts: Vec<_> = cuts.iter().map(|cut| cut.index(body.len() + 1)).collect();
    cuts.extend([0, body.len()]);
    cuts.sort_unstable();
    cuts.windows(2).map(|pair| body[pair[0]..pair[1]].to_vec()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn any_cut_into_pieces_gives_the_same_events(which in any::<Index>(), cuts in prop::collection::vec(any::<Index>(), 0..40)) {
        let exchange = which.get(&STREAMS);
        let whole = replay(vec![exchange.body.clone()], exchange.whole);
        let cut = replay(pieces(&exchange.body, &cuts), exchange.whole);
        prop_assert_eq!(whole.0, cut.0);
    }

    #[test]
    fn a_body_that_breaks_off_gives_the_first_of_the_events(which in any::<Index>(), end in any::<Index>(), cuts in prop::collection::vec(any::<Index>(), 0..8)) {
        let exchange = which.get(&STREAMS);
        let (whole, ..) = replay(vec![exchange.body.clone()], exchange.whole);
        let body = &exchange.body[..end.index(exchange.body.len() + 1)];
        let (broken, _, error) = replay(pieces(body, &cuts), false);
        prop_assert!(whole.starts_with(&broken));
        prop_assert!(broke_off(error.as_ref(), body));
        // A proxy may make a proper end of it. Then what was open is there, if only as something unreadable.
        let (ended, _, error) = replay(pieces(body, &cuts), true);
        prop_assert_eq!(error, None);
        prop_assert!(ended.starts_with(&broken) && ended.len() <= broken.len() + 1);
        if let Some(last) = ended.get(broken.len()) {
            let unreadable = matches!(last, ThreadEvent::Unknown { .. });
            prop_assert!(unreadable || whole.get(broken.len()) == Some(last), "{:?}", last);
        }
    }
}

#[test]
fn bytes_one_by_one_give_the_same_events() {
    let name = "20-text-unicode #1";
    let exchange = STREAMS.iter().find(|exchange| exchange.name == name).unwrap();
    assert!(!exchange.body.is_ascii());
    let bytes = exchange.body.iter().map(|byte| vec![*byte]).collect();
    assert_eq!(replay(bytes, true).0, replay(vec![exchange.body.clone()], true).0);
}

//! A hundred threads with a WebSocket each. It counts what its process holds, so it is alone in it.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test's helpers fail as the test does")]

use std::time::Duration;

use acceptance::{peer::Peer, screen::Screen};
use engine::{
    Engine, EngineConfig, SocketPace,
    view::{ConnectionDraft, SendRequest, TurnOutcome},
};
use model::{ConnectionId, Kind};
use tokio::runtime::Handle;

/// What this process holds.
#[derive(Debug)]
struct Held {
    /// Files and sockets.
    files: usize,
    tasks: usize,
    /// Memory, in kB.
    memory: usize,
}

impl Held {
    fn now() -> Self {
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        let memory = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        Self {
            files: std::fs::read_dir("/proc/self/fd").unwrap().count(),
            tasks: Handle::current().metrics().num_alive_tasks(),
            memory: memory.trim().trim_end_matches(" kB").trim().parse().unwrap(),
        }
    }
}

/// A new thread, looked at, whose first message was answered.
async fn begin(engine: &Engine, connection: &ConnectionId) -> Screen {
    let request = SendRequest { connection: connection.clone(), thread: None, text: "tokens".to_owned(), model: None };
    let mut screen = Screen::open(engine, &engine.send(request).await.unwrap()).await;
    assert_eq!(screen.ended().await, TurnOutcome::Done, "{}", screen.describe());
    screen
}

#[tokio::test]
async fn a_hundred_threads_opened_and_closed_leave_no_connection_and_no_growth() {
    if !Peer::wanted() {
        return;
    }
    let (peer, dir) = (Peer::over_websockets(None), tempfile::tempdir().unwrap());
    let pace = SocketPace { linger: Duration::ZERO, ..SocketPace::default() };
    let config = EngineConfig { sockets: pace, ..EngineConfig::new(dir.path().to_owned()) };
    let engine = Engine::open(config).await.unwrap();
    let token = Some(peer.token.clone().into());
    let mut draft =
        ConnectionDraft { token, kind: Kind::Custom, ..ConnectionDraft::server("Office", &peer.address("")) };
    draft.values.insert("answers".to_owned(), "socket".to_owned());
    let connection = engine.add_connection(draft).await.unwrap().id;
    let mut held = Vec::new();
    for _ in 0..3 {
        let mut screens = Vec::new();
        for _ in 0..100 {
            screens.push(begin(&engine, &connection).await);
        }
        peer.until_open(100).await;
        let meanwhile = Held::now();
        drop(screens);
        peer.until_open(0).await;
        // What the server has seen the end of ends here right after.
        while Held::now().files + 90 > meanwhile.files {
            tokio::task::yield_now().await;
        }
        eprintln!("with a hundred open {meanwhile:?}, after them {:?}", Held::now());
        held.push(Held::now());
    }
    let (first, last) = (&held[0], &held[2]);
    assert!(last.files <= first.files + 4 && last.tasks <= first.tasks + 4, "{held:?}");
    assert!(last.memory <= first.memory + 8 * 1024, "{held:?}");
    let sockets = peer.sockets().await;
    assert_eq!((&sockets["made"], &sockets["most"]), (&300.into(), &100.into()));
    assert!(sockets["codes"].as_array().unwrap().iter().all(|code| code == 1000), "{sockets}");
}

//! A network that is really gone: two hosts, IPv6 only, and a wire that is cut without a word. Alone in its file, since it
//! measures what the whole process takes.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test's helpers fail as the test does")]

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use acceptance::{
    bench::{draft, failure},
    gated::{Exchange, Gated, added, assistant_message, delta, done, opening, user_message},
    namespaces::{Wire, time_taken},
    screen::Screen,
};
use engine::{
    Engine, EngineConfig, Limits,
    view::{ConnectionState, ConnectionView, SendRequest, TurnOutcome, TurnPhase},
};
use model::{ConnectionId, FailureCode};
use tokio::{sync::oneshot, time::sleep};

/// The longest silence in an answer.
const IDLE: Duration = Duration::from_secs(2);

/// How long it is looked at that nothing spins.
const LOOK: Duration = Duration::from_secs(4);

fn view(engine: &Engine, id: &ConnectionId) -> ConnectionView {
    engine.connections().into_iter().find(|view| &view.id == id).unwrap()
}

/// How long until the next try, in milliseconds.
fn rest(engine: &Engine, id: &ConnectionId) -> i64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis();
    view(engine, id).again.unwrap_or(0) - i64::try_from(now).unwrap()
}

async fn answer(exchange: &mut Exchange, text: &str) {
    exchange.event(done(assistant_message("msg_2", text))).await;
}

/// That for a while hardly any time is taken.
async fn nothing_spins(when: &str) {
    let before = time_taken();
    sleep(LOOK).await;
    let taken = time_taken() - before;
    let most = LOOK.as_secs() * 5;
    assert!(taken <= most, "{when}: {taken} hundredths of a second in {} s, {most} at most", LOOK.as_secs());
    eprintln!("{when}: {taken} hundredths of a second in {} s", LOOK.as_secs());
}

async fn journey(wire: Arc<Wire>, mut server: Gated) {
    let dir = tempfile::tempdir().unwrap();
    let limits = Limits { first_byte: Duration::from_secs(5), idle: IDLE, ..Limits::default() };
    let engine = Engine::open(EngineConfig { limits, ..EngineConfig::new(dir.path().to_owned()) }).await.unwrap();
    let mut typed = draft(server.url());
    typed.values.insert("plain_http".to_owned(), "allowed".to_owned());
    let connection = engine.add_connection(typed).await.unwrap();
    assert_eq!(connection.state, ConnectionState::Online, "IPv6 is all there is");
    let id = connection.id;
    let say = |thread, text: &str| SendRequest { connection: id.clone(), thread, text: text.to_owned(), model: None };

    // An answer, and the wire is cut in the middle of it.
    let thread = engine.send(say(None, "hello")).await.unwrap();
    let mut screen = Screen::open(&engine, &thread).await;
    let mut exchange = server.next().await;
    exchange.begin_with(opening("hello")).await;
    exchange.event(added("msg_2")).await;
    exchange.event(delta("msg_2", "Hel")).await;
    screen.until("streaming", |screen| screen.last_text() == "Hel").await;
    let cut = Instant::now();
    wire.cut();
    assert_eq!(failure(screen.ended().await), (FailureCode::IdleTimeout, true));
    assert!(matches!(screen.outcome(), Some(TurnOutcome::Interrupted { .. })));
    assert!(cut.elapsed() < IDLE + Duration::from_secs(2), "{:?}", cut.elapsed());
    assert_eq!(screen.last_text(), "Hel", "what was shown stays");
    drop(exchange);

    // A message to nowhere waits.
    let thread = engine.send(say(None, "are you there?")).await.unwrap();
    let mut screen = Screen::open(&engine, &thread).await;
    screen.until("waiting", |screen| screen.phase() == TurnPhase::Held).await;
    assert!(view(&engine, &id).state.is_offline());
    nothing_spins("the server is gone").await;
    wire.unplug();
    nothing_spins("the network is gone").await;

    // The tries become rare; then the system says that the network is there, and nobody waits for the next one.
    while rest(&engine, &id) < 8_000 {
        sleep(Duration::from_millis(50)).await;
    }
    let mended = Instant::now();
    wire.mend();
    let mut exchange = server.next().await;
    let took = mended.elapsed();
    eprintln!("sent {took:?} after the network was there again");
    assert!(took < Duration::from_secs(5), "{took:?}");
    assert_eq!(exchange.request["params"]["input"]["content"][0]["text"], "are you there?");
    exchange.begin_with(opening("are you there?")).await;
    answer(&mut exchange, "Always").await;
    exchange.end().await;
    server.items(vec![user_message("msg_1", "are you there?"), assistant_message("msg_2", "Always")]);
    assert_eq!(screen.ended().await, TurnOutcome::Done);
    assert_eq!(screen.last_text(), "Always");
    assert_eq!(server.count("threads.create"), 2, "each message went out once");
    assert_eq!(view(&engine, &id).state, ConnectionState::Online);
    engine.close().await;
}

#[test]
fn the_network_goes_and_comes_back() {
    if !Wire::wanted() {
        return;
    }
    let wire = Arc::new(Wire::new());
    let (handed, server) = oneshot::channel();
    let (over, end) = oneshot::channel::<()>();
    let far = wire.far(async move || {
        let _ = handed.send(Gated::start_at(&format!("{}:8080", Wire::far_address())).await);
        // What it accepts is read here.
        let _ = end.await;
    });
    let wires = wire.clone();
    let near = wire.near(async move || journey(wires, server.await.unwrap()).await);
    let went = near.join();
    drop(over);
    far.join().unwrap();
    drop(wire);
    if let Err(panic) = went {
        std::panic::resume_unwind(panic);
    }
}

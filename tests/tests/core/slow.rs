//! A running answer that is slower than those of its connection usually are is told with the turn, until it comes.

use acceptance::{
    bench::Bench,
    gated::{added, assistant_message, delta, done, opening},
    screen::Screen,
};
use engine::view::{SlowView, SlowWhat, TurnPhase};

fn slow(screen: &Screen) -> Option<&SlowView> {
    screen.turn.as_ref().and_then(|turn| turn.slow.as_ref())
}

#[tokio::test]
async fn a_wait_that_is_longer_than_usual_is_told_until_the_first_words_come() {
    let mut bench = Bench::new().await;
    for _ in 0..10 {
        bench.answered().await;
    }
    let thread = bench.send(None, "hello").await;
    let mut exchange = bench.server.next().await;
    // The server has taken the message, which is no word of an answer.
    exchange.begin_with(opening("hello")).await;
    let mut screen = Screen::open(&bench.engine, &thread).await;
    screen.until("told", |screen| slow(screen).is_some()).await;
    let told = slow(&screen).unwrap();
    assert_eq!(told.connection, bench.connection);
    assert!(matches!(told.what, SlowWhat::FirstWords { usual_ms, .. } if usual_ms < 2_000), "{told:?}");
    assert_eq!(screen.phase(), TurnPhase::Streaming);

    exchange.event(added("msg_2")).await;
    exchange.event(delta("msg_2", "At last")).await;
    screen.until("not any more", |screen| slow(screen).is_none()).await;
    assert_eq!(screen.phase(), TurnPhase::Streaming, "words end it, not the end of the turn");
    exchange.event(done(assistant_message("msg_2", "At last"))).await;
    exchange.end().await;
    screen.ended().await;
}

#[tokio::test]
async fn a_wait_of_which_nobody_knows_whether_it_is_usual_is_not_told() {
    let mut bench = Bench::new().await;
    let held = bench.send(None, "hello").await;
    let mut exchange = bench.server.next().await;
    exchange.begin_with(opening("hello")).await;
    let mut screen = Screen::open(&bench.engine, &held).await;
    // As long as another wait, which is told, takes.
    let mut other = Bench::new().await;
    for _ in 0..10 {
        other.answered().await;
    }
    let thread = other.send(None, "hello").await;
    let _exchange = other.server.next().await;
    let mut told = Screen::open(&other.engine, &thread).await;
    told.until("told", |screen| slow(screen).is_some()).await;
    assert_eq!(told.phase(), TurnPhase::Waiting);

    exchange.event(added("msg_2")).await;
    exchange.event(done(assistant_message("msg_2", "At last"))).await;
    exchange.end().await;
    while screen.phase() != TurnPhase::Idle {
        assert_eq!(slow(&screen), None);
        screen.step().await;
    }
}

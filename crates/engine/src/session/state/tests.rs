//! Every edge of the life of a session.

use model::FailureCode;

use super::*;

const MINUTE: Duration = Duration::from_secs(60);

fn start() -> Now {
    Now { steady: Instant::now(), wall: 1_795_280_400_000 }
}

fn life(seconds: u64, now: Now) -> Life {
    Life::granted(Expiry::In(Duration::from_secs(seconds)), Ahead(0), now, 0.5).unwrap()
}

fn failure(words: &str) -> Failure {
    Failure::new(FailureCode::ServerRefused, words)
}

fn trouble() -> Refusal {
    Refusal::Trouble(failure("down"), None)
}

/// A session of ten minutes.
fn live(now: Now) -> State {
    let mut state = State::Absent;
    assert_eq!(state.wanted(Asker::Program, now), Next::Fetch);
    state.granted(life(600, now));
    state
}

#[test]
fn the_first_request_fetches_and_all_others_join_it() {
    let now = start();
    let mut state = State::Absent;
    assert_eq!(state.wanted(Asker::Program, now), Next::Fetch);
    assert_eq!(state.wanted(Asker::Person, now), Next::Join);
    assert_eq!(state.wanted(Asker::Program, now), Next::Join);
    state.granted(life(600, now));
    assert_eq!(state.wanted(Asker::Program, now), Next::Use);
}

#[test]
fn a_session_is_renewed_once_before_its_end_and_used_meanwhile() {
    let now = start();
    let mut state = live(now);
    let due = life(600, now).due_in(now).unwrap();
    assert!((450..=540).contains(&due.as_secs()), "{due:?}");
    assert_eq!(state.wanted(Asker::Program, now.after(due - MINUTE)), Next::Use);
    let later = now.after(due);
    assert_eq!(state.wanted(Asker::Program, later), Next::UseAndRenew);
    assert_eq!(state.wanted(Asker::Program, later), Next::Use);
    state.granted(life(600, later));
    assert_eq!(state.wanted(Asker::Program, now.after(10 * MINUTE)), Next::Use);
}

#[test]
fn chance_spreads_renewals_over_a_share_of_the_life() {
    let now = start();
    let due = |chance| {
        let life = Life::granted(Expiry::In(10 * MINUTE), Ahead(0), now, chance).unwrap();
        life.due_in(now).unwrap().as_secs()
    };
    assert_eq!((due(0.0), due(1.0), due(7.0)), (540, 450, 450));
}

#[test]
fn a_renewal_that_fails_is_tried_again_while_the_session_lives() {
    let now = start();
    let mut state = live(now);
    let later = now.after(9 * MINUTE + Duration::from_secs(1));
    assert_eq!(state.wanted(Asker::Program, later), Next::UseAndRenew);
    state.refused(trouble(), later, 0.5);
    assert_eq!(state.wanted(Asker::Program, later), Next::Use);
    assert_eq!(state.wanted(Asker::Program, later.after(Duration::from_secs(40))), Next::UseAndRenew);
    // Its end comes before an answer does: whoever needs one now waits for that answer.
    let over = now.after(10 * MINUTE);
    assert_eq!(state.wanted(Asker::Program, over), Next::Join);
    state.refused(trouble(), over, 0.5);
    assert!(matches!(state, State::Waiting { failed: 1, .. }));
}

#[test]
fn a_session_that_ended_while_nobody_used_it_is_fetched_anew() {
    let now = start();
    assert_eq!(live(now).wanted(Asker::Program, now.after(20 * MINUTE)), Next::Fetch);
    // The computer slept: only the wall clock went on.
    let woken = Now { steady: now.steady + MINUTE, wall: now.wall + milliseconds(60 * MINUTE) };
    assert_eq!(live(now).wanted(Asker::Program, woken), Next::Fetch);
    // Somebody set the clock back: the steady clock knows.
    let set_back = Now { steady: now.steady + 11 * MINUTE, wall: now.wall - milliseconds(60 * MINUTE) };
    assert_eq!(live(now).wanted(Asker::Program, set_back), Next::Fetch);
}

#[test]
fn an_end_that_nobody_said_is_no_end() {
    let now = start();
    let mut state = State::Absent;
    state.granted(Life::granted(Expiry::Unsaid, Ahead(0), now, 0.5).unwrap());
    assert_eq!(state.wanted(Asker::Program, now.after(FAR)), Next::Use);
    state.spent();
    assert_eq!(state.wanted(Asker::Program, now), Next::Fetch);
}

#[test]
fn a_wrong_clock_here_makes_no_difference() {
    let now = start();
    for hours in [-26, -1, 1, 300] {
        let ahead = Ahead(hours * 3_600_000);
        let end = Expiry::At(ahead.there(now) + milliseconds(10 * MINUTE));
        let mut state = State::Absent;
        state.granted(Life::granted(end, ahead, now, 0.5).unwrap());
        assert_eq!(state.wanted(Asker::Program, now.after(5 * MINUTE)), Next::Use);
        assert_eq!(state.wanted(Asker::Program, now.after(10 * MINUTE)), Next::Fetch);
    }
}

#[test]
fn useless_lives_are_named() {
    let now = start();
    let granted = |expiry| Life::granted(expiry, Ahead(0), now, 0.5);
    let past = granted(Expiry::At(now.wall - 90_000));
    assert_eq!(past, Err(Useless::Past { since: Duration::from_secs(90) }));
    assert!(matches!(granted(Expiry::At(now.wall)), Err(Useless::Past { .. })));
    assert!(matches!(granted(Expiry::At(i64::MIN)), Err(Useless::Past { .. })));
    let short = granted(Expiry::In(Duration::from_secs(9)));
    assert_eq!(short, Err(Useless::Short { life: Duration::from_secs(9) }));
    assert!(granted(Expiry::At(i64::MAX)).is_ok());
    assert!(granted(Expiry::In(Duration::MAX)).is_ok());
}

#[test]
fn what_was_kept_is_used_while_it_lives() {
    let now = start();
    assert!(Life::kept(None, Ahead(0), now, 0.5).is_some());
    assert!(Life::kept(Some(now.wall + 60_000), Ahead(0), now, 0.5).is_some());
    assert!(Life::kept(Some(now.wall + 60_000), Ahead(70_000), now, 0.5).is_none());
    assert!(Life::kept(Some(now.wall + 5_000), Ahead(0), now, 0.5).is_none());
    assert!(Life::kept(Some(now.wall - 1), Ahead(0), now, 0.5).is_none());
}

#[test]
fn trouble_is_waited_out_longer_each_time_and_the_person_need_not_wait() {
    let mut now = start();
    let mut state = State::Absent;
    let mut waits = Vec::new();
    for _ in 0..14 {
        assert_eq!(state.wanted(Asker::Program, now), Next::Fetch);
        state.refused(trouble(), now, 0.5);
        let State::Waiting { until, .. } = &state else { panic!("{state:?}") };
        let wait = *until - now.steady;
        let Next::Fail(told) = state.wanted(Asker::Program, now) else { panic!("{state:?}") };
        assert_eq!(u128::from(told.retry_after_ms.unwrap()), wait.as_millis());
        waits.push(wait.as_secs());
        now = now.after(wait);
    }
    assert_eq!(waits[..5], [8, 16, 32, 64, 128]);
    assert_eq!(waits.last(), Some(&600));
    state.refused(trouble(), now, 0.5);
    assert_eq!(state.wanted(Asker::Person, now), Next::Fetch);
    assert_eq!(state.wanted(Asker::Person, now), Next::Join);
}

#[test]
fn the_pause_that_a_server_wants_is_kept_within_reason() {
    let now = start();
    let pause = |seconds| {
        let mut state = State::Fetching { failed: 0 };
        state.refused(Refusal::Trouble(failure("busy"), Some(Duration::from_secs(seconds))), now, 0.0);
        let State::Waiting { until, .. } = state else { panic!("{state:?}") };
        (until - now.steady).as_secs()
    };
    assert_eq!((pause(0), pause(30), pause(u64::MAX)), (1, 30, 600));
}

#[test]
fn a_refusal_stays_until_the_person_acts() {
    let now = start();
    let cases = [
        (Refusal::Refused(failure("html")), State::Refused(failure("html"))),
        (Refusal::Key(failure("key")), State::SignedOut(failure("key"))),
    ];
    for (refusal, expected) in cases {
        let mut state = State::Fetching { failed: 0 };
        state.refused(refusal, now, 0.5);
        assert_eq!(state, expected);
        assert!(matches!(state.wanted(Asker::Program, now.after(60 * MINUTE)), Next::Fail(_)));
        assert_eq!(state.wanted(Asker::Person, now), Next::Fetch);
        state = expected;
        state.begin_anew();
        assert_eq!(state.wanted(Asker::Program, now), Next::Fetch);
    }
}

#[test]
fn a_session_that_a_request_was_refused_with_is_gone() {
    let now = start();
    let mut state = live(now);
    state.spent();
    assert_eq!(state, State::Absent);
    let mut state = State::Fetching { failed: 3 };
    state.spent();
    assert_eq!(state, State::Fetching { failed: 3 });
    let mut state = live(now);
    state.sign_out(failure("out"));
    assert_eq!(state, State::SignedOut(failure("out")));
}

#[test]
fn a_test_asks_although_a_session_lives_and_does_it_no_harm() {
    let now = start();
    let mut state = live(now);
    let before = state.clone();
    assert_eq!(state.wanted(Asker::Test, now), Next::UseAndRenew);
    // Others go on with what is there; a second test waits for the first.
    assert_eq!(state.wanted(Asker::Program, now), Next::Use);
    assert_eq!(state.wanted(Asker::Test, now), Next::Join);
    state.refused(Refusal::Key(failure("no")), now, 0.5);
    assert_eq!(state, before);
    assert_eq!(state.wanted(Asker::Test, now), Next::UseAndRenew);
    state.granted(life(900, now));
    assert_eq!(state, State::Live(life(900, now)));
    // One without an end is none the worse either.
    let endless = Life::granted(Expiry::Unsaid, Ahead(0), now, 0.5).unwrap();
    state = State::Live(endless);
    assert_eq!(state.wanted(Asker::Test, now), Next::UseAndRenew);
    state.refused(trouble(), now, 0.5);
    assert_eq!(state, State::Live(endless));
}

#[test]
fn a_test_waits_for_nothing_but_an_answer() {
    let now = start();
    for refusal in [trouble(), Refusal::Refused(failure("no")), Refusal::Key(failure("who?"))] {
        let mut state = State::Absent;
        assert_eq!(state.wanted(Asker::Test, now), Next::Fetch);
        assert_eq!(state.wanted(Asker::Program, now), Next::Join);
        state.refused(refusal, now, 0.5);
        assert!(matches!(state.wanted(Asker::Program, now), Next::Fail(_)));
        assert_eq!(state.wanted(Asker::Test, now), Next::Fetch);
    }
    let mut over = live(now);
    assert_eq!(over.wanted(Asker::Test, now.after(10 * MINUTE)), Next::Fetch);
}

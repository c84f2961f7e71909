use model::{Failure, FailureCode, Item, TextPart};

use super::*;

fn at(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

fn delta(words: &str) -> ThreadEvent {
    let update = ItemUpdate::TextDelta { index: 0, delta: words.to_owned() };
    ThreadEvent::ItemUpdated { id: "a".into(), update }
}

fn whole(text: &str) -> ThreadEvent {
    let content = vec![TextPart { text: text.to_owned(), ..TextPart::default() }];
    let body = ItemBody::AssistantMessage { content };
    ThreadEvent::ItemDone(Item { id: "a".into(), created_at: None, body, extra: Extra::new() })
}

fn answered(model: Option<&str>, output: Option<u64>) -> ThreadEvent {
    let usage = output.map(|output| Usage { output_tokens: Some(output), ..Usage::default() });
    ThreadEvent::Answered { model: model.map(str::to_owned), usage }
}

fn ends(noted: &Noted, ms: u64, outcome: &TurnOutcome) -> TurnRecord {
    noted.record(at(ms), 7, &"first".into(), outcome)
}

fn failed(code: FailureCode) -> TurnOutcome {
    TurnOutcome::Failed { failure: Failure::new(code, ""), can_retry: true }
}

#[test]
fn times_are_those_of_the_request_that_was_answered() {
    let mut noted = Noted { session: at(40), ..Noted::default() };
    noted.asks(at(50), &"office".into(), Some("big".to_owned()));
    noted.answer.first_byte = Some(at(250));
    noted.heard(at(300), &[answered(Some("small"), None)]);
    noted.heard(at(450), &[delta("Hel")]);
    noted.heard(at(1_450), &[delta("lo"), delta("")]);
    noted.heard(at(1_500), &[answered(None, Some(100)), whole("Hello")]);
    let record = ends(&noted, 1_600, &TurnOutcome::Done);
    let expected = TurnTimes {
        session_ms: Some(40),
        first_byte_ms: Some(200),
        first_text_ms: Some(400),
        last_text_ms: Some(1_400),
        whole_ms: 1_600,
    };
    assert_eq!((record.times, record.pieces, record.began_at), (expected, 2, 7));
    assert_eq!((record.connection.as_str(), record.end, &record.failure), ("office", TurnEnd::Done, &None));
    assert_eq!((record.model_asked.as_deref(), record.model_used.as_deref()), (Some("big"), Some("small")));
    assert!(record.is_other_model());
    assert_eq!(record.rate().map(|rate| rate.per_second), Some(100.0));
}

#[test]
fn what_came_to_nothing_is_told_in_order_and_leaves_no_times_of_its_own() {
    let mut noted = Noted::default();
    noted.asks(at(10), &"own".into(), Some("big".to_owned()));
    noted.attempt(at(30), &"own".into(), AttemptReason::Unreachable);
    noted.attempt(at(5_030), &"own".into(), AttemptReason::WaitedForServer);
    noted.asks(at(5_040), &"own".into(), Some("big".to_owned()));
    noted.answer.first_byte = Some(at(5_050));
    noted.heard(at(5_060), &[answered(Some("big"), Some(3))]);
    noted.attempt(at(5_090), &"own".into(), AttemptReason::SessionRefused);
    noted.asks(at(5_100), &"other".into(), None);
    noted.answer.first_byte = Some(at(5_300));
    let record = ends(&noted, 5_400, &TurnOutcome::Stopped);
    let way: Vec<_> = record.way.iter().map(|attempt| (attempt.reason.clone(), attempt.took_ms)).collect();
    let expected = [
        (AttemptReason::Unreachable, 30),
        (AttemptReason::WaitedForServer, 5_000),
        (AttemptReason::SessionRefused, 60),
    ];
    assert_eq!(way, expected);
    assert_eq!((record.connection.as_str(), record.times.first_byte_ms), ("other", Some(200)));
    assert_eq!((record.model_asked, record.model_used, record.usage), (None, None, None));
    assert_eq!(record.end, TurnEnd::Stopped);
}

#[test]
fn a_turn_that_was_never_sent_says_what_kept_it() {
    let record = ends(&Noted::default(), 20, &failed(FailureCode::KeychainLocked));
    assert_eq!(
        (record.connection.as_str(), record.times),
        ("first", TurnTimes { whole_ms: 20, ..TurnTimes::default() })
    );
    assert_eq!((record.end, record.failure.as_deref()), (TurnEnd::Failed, Some("keychain_locked")));
    let no_session = Noted { session: at(15), ..Noted::default() };
    assert_eq!(ends(&no_session, 20, &failed(FailureCode::BadSession)).times.session_ms, Some(15));
}

#[test]
fn an_answer_that_comes_whole_is_one_piece() {
    let mut noted = Noted::default();
    noted.asks(at(0), &"c".into(), None);
    noted.heard(at(90), &[whole("")]);
    noted.heard(at(100), &[whole("All of it.")]);
    noted.heard(at(110), &[whole("All of it.")]);
    let record = ends(&noted, 120, &TurnOutcome::Done);
    assert_eq!((record.pieces, record.times.first_text_ms, record.times.last_text_ms), (1, Some(100), Some(100)));
}

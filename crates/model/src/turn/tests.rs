use serde_json::json;

use super::*;

fn record() -> TurnRecord {
    TurnRecord {
        connection: "c".into(),
        name: "Office".to_owned(),
        began_at: 1_000,
        end: TurnEnd::Done,
        failure: None,
        model_asked: None,
        model_used: None,
        times: TurnTimes {
            first_byte_ms: Some(200),
            first_text_ms: Some(500),
            last_text_ms: Some(2_500),
            whole_ms: 2_600,
            ..TurnTimes::default()
        },
        pieces: 30,
        characters: 400,
        usage: None,
        way: Vec::new(),
        extra: Extra::new(),
    }
}

#[test]
fn models_are_the_same_but_for_providers_dates_and_latest() {
    for (asked, used) in [
        ("gpt-4o", "gpt-4o"),
        ("gpt-4o", "GPT-4o "),
        ("gpt-4o", "gpt-4o-2024-08-06"),
        ("gpt-4", "gpt-4-0613"),
        ("openai/gpt-4o", "gpt-4o-2024-08-06"),
        ("gpt-4o", "openai/gpt-4o"),
        ("openai/gpt-4o", "openrouter/openai/gpt-4o"),
        ("claude-3-5-sonnet-latest", "claude-3-5-sonnet-20241022"),
        ("claude-3-5-sonnet", "claude-3-5-sonnet@20240620"),
        ("mistral-large-latest", "mistral-large-2407"),
        ("llama3", "llama3:latest"),
        ("", "anything"),
        ("anything", ""),
    ] {
        assert!(is_same_model(asked, used), "{asked} → {used}");
    }
    for (asked, used) in [
        ("gpt-4o", "gpt-4o-mini"),
        ("gpt-4o", "gpt-4o-mini-2024-07-18"),
        ("gpt-4o-2024-05-13", "gpt-4o-2024-08-06"),
        ("gpt-4o-2024-05-13", "gpt-4o"),
        ("openai/gpt-4o", "azure/gpt-4o"),
        ("gpt-4", "gpt-4-1399"),
        ("gpt-4", "gpt-4o"),
        ("gpt-4", "gpt-4-2024"),
        ("gpt-4", "gpt-4-20249906"),
        ("llama3:8b", "llama3:70b"),
        ("bridged", "calm"),
        ("ü", "gpt-4o-ééé"),
    ] {
        assert!(!is_same_model(asked, used), "{asked} → {used}");
    }
}

#[test]
fn a_difference_is_one_only_if_both_names_are_known() {
    let models = |asked: Option<&str>, used: Option<&str>| TurnRecord {
        model_asked: asked.map(str::to_owned),
        model_used: used.map(str::to_owned),
        ..record()
    };
    assert!(models(Some("a"), Some("b")).is_other_model());
    assert!(!models(Some("a"), Some("a")).is_other_model());
    assert!(!models(None, Some("b")).is_other_model());
    assert!(!models(Some("a"), None).is_other_model());
}

#[test]
fn a_rate_counts_what_was_said_while_it_was_said() {
    let used = |output: u64, reasoning: Option<u64>| {
        let usage = Usage { output_tokens: Some(output), reasoning_tokens: reasoning, ..Usage::default() };
        TurnRecord { usage: Some(usage), ..record() }.rate()
    };
    assert_eq!(used(100, None), Some(Rate { per_second: 50.0, of: RateOf::Tokens }));
    assert_eq!(used(100, Some(60)), Some(Rate { per_second: 20.0, of: RateOf::Tokens }));
    // Without a count that makes sense the pieces are told, and as such.
    let pieces = Some(Rate { per_second: 15.0, of: RateOf::Pieces });
    assert_eq!((used(0, None), used(10, Some(20)), record().rate()), (pieces, pieces, pieces));
}

#[test]
fn what_came_at_once_has_no_rate() {
    let at_once = TurnTimes { first_text_ms: Some(500), last_text_ms: Some(549), ..TurnTimes::default() };
    assert_eq!(TurnRecord { times: at_once, ..record() }.rate(), None);
    assert_eq!(TurnRecord { times: TurnTimes::default(), ..record() }.rate(), None);
    assert_eq!(TurnRecord { pieces: 1, ..record() }.rate(), None);
}

#[test]
fn what_another_version_wrote_is_read_and_kept() {
    let written = json!({
        "connection": "c",
        "began_at": 5,
        "end": "evaporated",
        "way": [
            {"connection": "c", "reason": "session_refused"},
            {"connection": "c", "reason": "moon_phase", "took_ms": 7},
        ],
        "price": {"eur": 2},
    });
    let read: TurnRecord = serde_json::from_value(written).unwrap();
    assert_eq!((read.end, read.times.whole_ms), (TurnEnd::Unknown, 0));
    assert_eq!(read.way[0].reason, AttemptReason::SessionRefused);
    assert_eq!(read.way[1].reason, AttemptReason::Other("moon_phase".to_owned()));
    assert_eq!(read.way[1].reason.words(), "moon phase");
    let again = serde_json::to_value(&read).unwrap();
    assert_eq!(again["price"], json!({"eur": 2}));
    assert_eq!(serde_json::from_value::<TurnRecord>(again).unwrap(), read);
}

#[test]
fn a_failure_gives_a_reason() {
    let reason = |code| AttemptReason::from(&Failure::new(code, ""));
    assert_eq!(reason(FailureCode::Unauthorized), AttemptReason::SessionRefused);
    assert_eq!(reason(FailureCode::ProxyFailed), AttemptReason::Unreachable);
    assert_eq!(reason(FailureCode::ServerRefused), AttemptReason::ServerTrouble);
    assert_eq!(reason(FailureCode::TooLarge), AttemptReason::Other("too_large".to_owned()));
}

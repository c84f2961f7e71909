//! How an answer came about, in words for a terminal.

use engine::view::{DetailsView, StepView};
use model::{Rate, RateOf, TurnEnd, Usage};

use crate::neutral;

/// The width of the column of names, in characters.
const NAMES: usize = 17;

/// A line for each thing that is known.
pub fn lines(details: &DetailsView) -> Vec<String> {
    let DetailsView { first_byte_ms, first_text_ms, session_ms, whole_ms, rate, usage, .. } = details;
    let asked = if first_byte_ms.is_some() { "answered by" } else { "asked" };
    let rows = [
        (asked, Some(details.name.clone()).filter(|name| !name.is_empty())),
        ("model", model(details)),
        ("ended", end(details)),
        ("session", session_ms.map(time)),
        ("first byte", first_byte_ms.map(time)),
        ("first token", first_text_ms.map(time)),
        ("in all", Some(time(*whole_ms))),
        ("speed", rate.map(speed)),
        ("tokens sent", usage.and_then(|usage| part(usage.input_tokens, usage.cached_tokens, "from its cache"))),
        ("tokens received", usage.and_then(|usage| part(usage.output_tokens, usage.reasoning_tokens, "to think"))),
        ("tokens", unsaid(usage.as_ref(), details.pieces)),
        ("length", length(details)),
    ];
    let rows = rows.into_iter().filter_map(|(name, value)| Some((name, value?)));
    let way = details.way.iter().map(|step| ("on the way", said(step)));
    rows.chain(way).map(|(name, value)| neutral::line(&format!("{name:<NAMES$}{value}"))).collect()
}

fn model(details: &DetailsView) -> Option<String> {
    Some(match (&details.model_asked, &details.model_used) {
        (Some(asked), Some(used)) if details.is_other_model => format!("asked for {asked}, answered by {used}"),
        (_, Some(used)) => used.clone(),
        (Some(asked), None) => format!("asked for {asked}"),
        (None, None) => return None,
    })
}

fn end(details: &DetailsView) -> Option<String> {
    let words = match details.end {
        TurnEnd::Done => return None,
        TurnEnd::Stopped => "stopped by you",
        TurnEnd::Interrupted => "interrupted",
        TurnEnd::Failed => "failed",
        TurnEnd::Unknown => "in a way that this version does not know",
    };
    Some(match &details.failure {
        Some(code) => format!("{words} [{code}]"),
        None => words.to_owned(),
    })
}

fn said(step: &StepView) -> String {
    let words = format!("{} {}", step.name, step.words);
    format!("{} ({})", words.trim(), time(step.took_ms))
}

fn time(ms: u32) -> String {
    match ms {
        0 => "under 1 ms".to_owned(),
        1..=999 => format!("{ms} ms"),
        _ => format!("{:.2} s", f64::from(ms) / 1000.0),
    }
}

fn speed(rate: Rate) -> String {
    let of = match rate.of {
        RateOf::Tokens => "tokens",
        RateOf::Pieces => "pieces",
    };
    format!("{:.1} {of} per second", rate.per_second)
}

fn length(DetailsView { characters, pieces, .. }: &DetailsView) -> Option<String> {
    let ending = |count: &u32| if *count == 1 { "" } else { "s" };
    let words = format!("{characters} character{} in {pieces} piece{}", ending(characters), ending(pieces));
    (*pieces > 0).then_some(words)
}

fn part(whole: Option<u64>, part: Option<u64>, words: &str) -> Option<String> {
    Some(match (whole?, part.unwrap_or(0)) {
        (whole, 0) => whole.to_string(),
        (whole, part) => format!("{whole}, {part} of them {words}"),
    })
}

fn unsaid(usage: Option<&Usage>, pieces: u32) -> Option<String> {
    (usage.is_none() && pieces > 0).then(|| "the server did not say".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn details() -> DetailsView {
        let usage =
            Usage { input_tokens: Some(11), output_tokens: Some(6), reasoning_tokens: Some(2), cached_tokens: None };
        DetailsView {
            name: "Local".to_owned(),
            began_at: 0,
            end: TurnEnd::Done,
            failure: None,
            model_asked: Some("large".to_owned()),
            model_used: Some("tiny\u{1b}[31m".to_owned()),
            is_other_model: true,
            session_ms: Some(0),
            first_byte_ms: Some(21),
            first_text_ms: Some(1_500),
            whole_ms: 2_000,
            rate: Some(Rate { per_second: 8.25, of: RateOf::Tokens }),
            pieces: 2,
            characters: 18,
            usage: Some(usage),
            way: vec![StepView { name: "Own".to_owned(), words: "is in trouble".to_owned(), took_ms: 30 }],
        }
    }

    #[test]
    fn each_thing_that_is_known_has_a_line_with_its_unit() {
        let expected = [
            "answered by      Local",
            "model            asked for large, answered by tiny␛[31m",
            "session          under 1 ms",
            "first byte       21 ms",
            "first token      1.50 s",
            "in all           2.00 s",
            "speed            8.2 tokens per second",
            "tokens sent      11",
            "tokens received  6, 2 of them to think",
            "length           18 characters in 2 pieces",
            "on the way       Own is in trouble (30 ms)",
        ];
        assert_eq!(lines(&details()), expected);
    }

    #[test]
    fn a_turn_that_failed_says_how_far_it_came() {
        let failed = DetailsView {
            end: TurnEnd::Failed,
            failure: Some("unreachable".to_owned()),
            model_used: None,
            first_byte_ms: None,
            first_text_ms: None,
            rate: None,
            usage: None,
            ..details()
        };
        let lines = lines(&failed);
        assert_eq!(
            lines[..3],
            ["asked            Local", "model            asked for large", "ended            failed [unreachable]"]
        );
        assert!(lines.contains(&"tokens           the server did not say".to_owned()), "{lines:?}");
    }
}

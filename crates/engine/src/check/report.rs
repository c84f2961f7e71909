//! A test as text, for whoever runs the server.

use std::fmt::Write as _;

use model::Connection;

use super::asks::bare;
use crate::view::{CheckOutcome, CheckStep, CheckVerdict, CheckView, FindingView};

/// All of a test. What the steps say holds no secret; addresses lose their queries here.
pub(super) fn report(connection: &Connection, view: &CheckView) -> String {
    let time = jiff::Timestamp::now().strftime("%Y-%m-%d %H:%M:%S UTC");
    let mut text = format!("Test of “{}”, {}\n", connection.name, bare(&connection.url));
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{time}, Kittiwake {}, {}", env!("CARGO_PKG_VERSION"), std::env::consts::OS);
    let _ = writeln!(text, "{}\n", verdict(&view.verdict));
    view.steps.iter().for_each(|step| write(&mut text, step));
    text
}

fn verdict(verdict: &CheckVerdict) -> &'static str {
    match verdict {
        CheckVerdict::Works => "The connection works.",
        CheckVerdict::Fails { .. } => "The connection does not work.",
        CheckVerdict::Running | CheckVerdict::Stopped => "The test was stopped.",
    }
}

fn write(text: &mut String, step: &CheckStep) {
    let outcome = match step.outcome {
        CheckOutcome::Passed => "passed",
        CheckOutcome::Noted => "noted",
        CheckOutcome::Failed => "FAILED",
        CheckOutcome::Waiting | CheckOutcome::Running | CheckOutcome::Skipped => "skipped",
    };
    let took = step.ms.map(|ms| format!(" ({ms:.1} ms)")).unwrap_or_default();
    let _ = writeln!(text, "{outcome:<8}{}{took}", step.label);
    if !step.line.is_empty() {
        let _ = writeln!(text, "        {}", step.line);
    }
    if let Some(finding) = &step.finding {
        let FindingView { name, title, cause, remedy, .. } = finding;
        let _ = writeln!(text, "        {title} ({name}): {cause} {remedy}");
    }
    for fact in &step.facts {
        let _ = writeln!(text, "        {}: {}", fact.name, fact.value);
    }
    let detail = step.failure.as_ref().and_then(|failure| failure.detail.as_deref());
    for line in detail.into_iter().flat_map(str::lines) {
        let _ = writeln!(text, "        | {line}");
    }
}

//! `doctor`: connections, tested step by step.

use std::{
    io::{self, Write},
    path::PathBuf,
};

use engine::{
    Check, CheckExtra,
    view::{CheckOutcome, CheckStep, CheckVerdict, CheckView, FindingView, Whose},
};
use model::ConnectionId;
use serde_json::json;

use crate::{
    args::Doctor,
    exit::{self, Exit, Trouble},
    neutral,
    session::Session,
    signals::Signals,
    token,
};

/// Tests and prints. Nothing is done to what is kept here.
///
/// # Errors
///
/// What kept it from testing, or from printing.
pub async fn run(data_dir: Option<PathBuf>, doctor: Doctor) -> Result<Exit, Trouble> {
    let (session, all) = match (&doctor.partner.connection, &doctor.partner.url) {
        (None, None) => Session::with_all(data_dir).await?,
        _ => (Session::open(data_dir, &doctor.partner, token::given(&doctor.partner)?).await?, Vec::new()),
    };
    let mut signals = Signals::new()?;
    let ended = match all.as_slice() {
        [] => one(&session, &session.connection, &doctor, &mut signals).await,
        all => each(&session, all, &doctor, &mut signals).await,
    };
    session.close().await;
    ended
}

/// One connection after another, each under its name. It ends as the first of them that does not work, or is stopped.
async fn each(
    session: &Session,
    all: &[(ConnectionId, String)],
    doctor: &Doctor,
    signals: &mut Signals,
) -> Result<Exit, Trouble> {
    let mut ended = Exit::Done;
    for (place, (id, name)) in all.iter().enumerate() {
        head(name, place, doctor)?;
        match one(session, id, doctor, signals).await? {
            exit @ (Exit::Interrupted | Exit::Terminated) => return Ok(exit),
            exit if ended == Exit::Done => ended = exit,
            _ => {}
        }
    }
    Ok(ended)
}

fn head(name: &str, place: usize, doctor: &Doctor) -> Result<(), Trouble> {
    let mut out = io::stdout().lock();
    if doctor.json {
        return object(&mut out, &json!({"type": "connection", "name": name}));
    }
    let between = if place == 0 { "" } else { "\n" };
    writeln!(out, "{between}{}", neutral::line(name))?;
    out.flush()?;
    Ok(())
}

async fn one(session: &Session, id: &ConnectionId, doctor: &Doctor, signals: &mut Signals) -> Result<Exit, Trouble> {
    let extra = CheckExtra { upload: doctor.upload.clone() };
    match session.engine.test_connection_with(id, extra) {
        Ok(check) => watch(check, doctor, signals).await,
        Err(failure) => Err(failure.into()),
    }
}

async fn watch(mut check: Check, doctor: &Doctor, signals: &mut Signals) -> Result<Exit, Trouble> {
    let mut told = 0;
    let mut last = None;
    loop {
        let next = tokio::select! {
            view = check.next() => view,
            exit = signals.next() => {
                // What the test had made on the server is still deleted; closing the engine waits for that.
                drop(check);
                return Ok(exit);
            }
        };
        let Some(view) = next else { break };
        let over = view.steps.iter().take_while(|step| is_over(step)).count();
        for step in view.steps.iter().take(over).skip(told) {
            tell(step, doctor)?;
        }
        told = told.max(over);
        last = Some(view);
    }
    let Some(view) = last else { return Ok(Exit::Failed) };
    conclude(&view, doctor)
}

fn is_over(step: &CheckStep) -> bool {
    !matches!(step.outcome, CheckOutcome::Waiting | CheckOutcome::Running)
}

fn tell(step: &CheckStep, doctor: &Doctor) -> Result<(), Trouble> {
    let mut out = io::stdout().lock();
    if doctor.json {
        return object(&mut out, &json!({"type": "step", "step": step}));
    }
    let outcome = match step.outcome {
        CheckOutcome::Passed => "ok",
        CheckOutcome::Noted => "note",
        CheckOutcome::Failed => "FAILED",
        CheckOutcome::Waiting | CheckOutcome::Running | CheckOutcome::Skipped => "skipped",
    };
    let took = step.ms.map(|ms| format!(" ({ms:.1} ms)")).unwrap_or_default();
    writeln!(out, "{outcome:<8}{}{took}", neutral::line(&step.label))?;
    if !step.line.is_empty() {
        writeln!(out, "        {}", neutral::line(&step.line))?;
    }
    for fact in &step.facts {
        writeln!(out, "        {}: {}", neutral::line(&fact.name), neutral::line(&fact.value))?;
    }
    if let Some(finding) = &step.finding {
        explain(&mut out, finding)?;
    }
    out.flush()?;
    Ok(())
}

/// What is wrong, by name: why, what to do, whose it is, and where there is more.
fn explain(out: &mut impl Write, finding: &FindingView) -> io::Result<()> {
    let FindingView { name, title, whose, cause, remedy, question } = finding;
    let whose = match whose {
        Whose::Server => "whoever runs the server",
        Whose::Network => "whoever runs the network on the way",
        Whose::Settings => "you, in the connection's settings",
        Whose::Computer => "you, or whoever looks after this computer",
        Whose::Nobody => "nobody: it passes",
    };
    writeln!(out, "        [{name}] {title}")?;
    writeln!(out, "          Why: {cause}")?;
    writeln!(out, "          What to do: {remedy}")?;
    writeln!(out, "          Who can mend it: {whose}")?;
    writeln!(out, "          More: kittiwake-cli ask \"{question}\"")
}

fn conclude(view: &CheckView, doctor: &Doctor) -> Result<Exit, Trouble> {
    let mut out = io::stdout().lock();
    if doctor.json {
        object(&mut out, &json!({"type": "ended", "verdict": view.verdict}))?;
    }
    match &view.verdict {
        CheckVerdict::Works => {
            if !doctor.json {
                writeln!(out, "The connection works.")?;
            }
            Ok(Exit::Done)
        }
        CheckVerdict::Fails { failure } => {
            drop(out);
            exit::report(failure);
            Ok(Exit::of_failure(failure))
        }
        CheckVerdict::Running | CheckVerdict::Stopped => Ok(Exit::Interrupted),
    }
}

fn object(out: &mut impl Write, value: &serde_json::Value) -> Result<(), Trouble> {
    let text = value.to_string();
    writeln!(out, "{}", neutral::json(&text))?;
    out.flush()?;
    Ok(())
}

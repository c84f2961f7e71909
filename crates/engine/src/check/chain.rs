//! One step after another, and whoever watches them.

use std::{
    future::Future,
    time::{Duration, Instant},
};

use crate::view::{CheckFact, CheckOutcome, CheckStep, CheckStepKind, CheckVerdict, CheckView};
use crate::{findings, outbound::Outbound};
use model::{Failure, Finding};
use secrecy::SecretString;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// What was seen in a step that works.
#[derive(Debug, Clone, Default)]
pub(super) struct Seen {
    /// What came of it, in one sentence or a few.
    pub line: String,
    /// What else was seen.
    pub facts: Vec<CheckFact>,
    /// Whether something about it is worth knowing.
    pub worth: Worth,
    /// What that is, where it has a name.
    pub finding: Option<Finding>,
}

/// Whether somebody should look at a step that works.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Worth {
    /// It is as it should be.
    #[default]
    Nothing,
    /// It works, and could be better.
    Look,
}

/// Why a step failed, and what was seen all the same.
#[derive(Debug)]
pub(super) struct Wrong {
    /// Why.
    pub failure: Failure,
    /// What was seen.
    pub facts: Box<[CheckFact]>,
}

impl Seen {
    /// Something that is as it should be.
    pub fn new(line: impl Into<String>) -> Self {
        Self { line: line.into(), ..Self::default() }
    }

    /// The same, and worth a look.
    pub fn noted(line: impl Into<String>) -> Self {
        Self { worth: Worth::Look, ..Self::new(line) }
    }

    /// The same, by the name of what could be better.
    pub fn found(self, finding: Finding) -> Self {
        Self { finding: Some(finding), ..self }
    }

    /// The same, with something else that was seen.
    pub fn fact(mut self, name: &str, value: impl Into<String>) -> Self {
        self.facts.push(fact(name, value));
        self
    }
}

impl From<Failure> for Wrong {
    fn from(failure: Failure) -> Self {
        Self { failure, facts: Box::default() }
    }
}

/// Something that was seen.
pub(super) fn fact(name: &str, value: impl Into<String>) -> CheckFact {
    CheckFact { name: name.to_owned(), value: value.into() }
}

/// The steps of a test. They begin in the order in which they were planned.
pub(super) struct Chain {
    view: CheckView,
    /// The step whose turn is next.
    next: usize,
    views: mpsc::UnboundedSender<CheckView>,
    stop: CancellationToken,
    /// Who knows what nobody is to see, though a server may quote it.
    http: Outbound,
}

impl Chain {
    /// Nothing has begun yet.
    pub fn new(
        steps: Vec<(CheckStepKind, String)>,
        views: mpsc::UnboundedSender<CheckView>,
        stop: CancellationToken,
        http: Outbound,
    ) -> Self {
        let step = |(kind, label)| CheckStep {
            kind,
            label,
            outcome: CheckOutcome::Waiting,
            ms: None,
            line: String::new(),
            facts: Vec::new(),
            failure: None,
            finding: None,
        };
        let steps = steps.into_iter().map(step).collect();
        let view = CheckView { steps, verdict: CheckVerdict::Running, report: None };
        Self { view, next: 0, views, stop, http }
    }

    /// Takes a secret that requests carry out of everything that is told from now on.
    pub fn hide(&mut self, secret: &SecretString) {
        self.http.redactor().register(secret);
    }

    /// Whether whoever watched has stopped it.
    pub fn is_stopped(&self) -> bool {
        self.stop.is_cancelled()
    }

    /// What stops it.
    pub fn stop(&self) -> &CancellationToken {
        &self.stop
    }

    /// Why it failed, if it did.
    pub fn failure(&self) -> Option<&Failure> {
        self.view.steps.iter().find_map(|step| step.failure.as_ref())
    }

    /// What failed, if anything did.
    pub fn failed(&self) -> Option<CheckStepKind> {
        self.view.steps.iter().find(|step| step.failure.is_some()).map(|step| step.kind)
    }

    /// Runs the step whose turn it is. `None` if it failed or was stopped: none is run after it.
    pub async fn step<T>(&mut self, work: impl Future<Output = Result<(T, Seen), Wrong>>) -> Option<T> {
        self.begin();
        let began = Instant::now();
        let stop = self.stop.clone();
        let done = tokio::select! {
            done = work => done,
            () = stop.cancelled() => return None,
        };
        self.done(began.elapsed(), done)
    }

    /// The step whose turn it is has begun.
    pub fn begin(&mut self) {
        if let Some(step) = self.view.steps.get_mut(self.next) {
            step.outcome = CheckOutcome::Running;
        }
        self.show();
    }

    /// The step that is under way is called by what was seen.
    pub fn name(&mut self, label: &str) {
        if let Some(step) = self.view.steps.get_mut(self.next) {
            label.clone_into(&mut step.label);
        }
    }

    /// It has ended.
    pub fn done<T>(&mut self, took: Duration, done: Result<(T, Seen), Wrong>) -> Option<T> {
        let (value, seen, failure) = match done {
            Ok((value, seen)) => (Some(value), seen, None),
            Err(Wrong { failure, facts }) => {
                let line = failure.message.clone();
                let finding = failure.finding;
                (None, Seen { line, facts: facts.into_vec(), worth: Worth::Nothing, finding }, Some(failure))
            }
        };
        let clean = |text: String| self.http.redactor().clean(&text).into_owned();
        if let Some(step) = self.view.steps.get_mut(self.next) {
            step.outcome = match (&failure, seen.worth) {
                (Some(_), _) => CheckOutcome::Failed,
                (None, Worth::Look) => CheckOutcome::Noted,
                (None, Worth::Nothing) => CheckOutcome::Passed,
            };
            step.ms = Some(took.as_secs_f64() * 1000.0);
            step.line = clean(seen.line);
            step.facts = seen.facts.into_iter().map(|fact| CheckFact { value: clean(fact.value), ..fact }).collect();
            step.finding = seen.finding.and_then(findings::view);
            step.failure = failure.map(|failure| self.http.clean_failure(failure));
        }
        self.next += 1;
        self.show();
        value
    }

    /// Nothing more is run. `report` says all of it as text.
    pub fn end(mut self, report: impl FnOnce(&CheckView) -> String) {
        for step in &mut self.view.steps {
            if matches!(step.outcome, CheckOutcome::Waiting | CheckOutcome::Running) {
                step.outcome = CheckOutcome::Skipped;
            }
        }
        self.view.verdict = match self.failure().cloned() {
            Some(failure) => CheckVerdict::Fails { failure },
            None if self.is_stopped() => CheckVerdict::Stopped,
            None => CheckVerdict::Works,
        };
        self.view.report = Some(report(&self.view));
        self.show();
    }

    fn show(&self) {
        // Nobody may be watching any more.
        let _ = self.views.send(self.view.clone());
    }
}

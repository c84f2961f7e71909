//! What can be wrong, told to a person: each finding's title, whose it is to mend, its cause and its remedy.
//!
//! The manual's chapter about the doctor is made from this, and the Guide answers from that.

mod answer;
mod here;
mod network;
mod session;

use model::Finding;

use crate::view::{FindingView, Whose};

/// What there is to say about a finding.
#[derive(Debug)]
pub struct About {
    /// Which.
    pub finding: Finding,
    /// What a person would call it: a few words, without an end.
    pub title: &'static str,
    /// Who can mend it.
    pub whose: Whose,
    /// What is the matter, in one or two sentences.
    pub cause: &'static str,
    /// What to do, in one or two sentences that whoever it is can follow.
    pub remedy: &'static str,
    /// Other words that people use for it.
    pub also: &'static [&'static str],
    /// Questions that it answers; the first is the one that the window puts to the Guide.
    pub ask: &'static [&'static str],
}

/// All of them, in the order of the manual.
pub fn all() -> impl Iterator<Item = &'static About> {
    [session::ALL, network::ALL, answer::ALL, here::ALL].into_iter().flatten()
}

/// What there is to say about one.
pub fn about(finding: Finding) -> Option<&'static About> {
    all().find(|about| about.finding == finding)
}

/// The same as it is shown.
pub fn view(finding: Finding) -> Option<FindingView> {
    let About { title, whose, cause, remedy, ask, .. } = about(finding)?;
    let question = ask.first().copied().unwrap_or(title);
    Some(FindingView {
        name: finding,
        title: (*title).to_owned(),
        whose: *whose,
        cause: (*cause).to_owned(),
        remedy: (*remedy).to_owned(),
        question: question.to_owned(),
    })
}

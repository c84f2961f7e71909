//! What was heard of an answer to a hello, and what is to be thought of it.

use std::time::Duration;

use model::{Failure, FailureCode, Finding, ItemBody, Kind, RemoteThreadId, ServerError, ThreadEvent, is_same_model};

use super::{
    chain::{Seen, Wrong, fact},
    words::{count, span},
};
use crate::{
    backend::Came,
    failure::{is_events, reported},
    findings::about,
    view::CheckFact,
};

/// Events that are no further apart than this come in one go.
const ONE_GO: Duration = Duration::from_millis(50);
/// A server that takes so long for an answer does not have all of it at once.
const LONG: Duration = Duration::from_millis(500);
/// So much of an answer is listened to, once it has begun.
const EVENTS: usize = 300;
const TIME: Duration = Duration::from_secs(20);

/// What was heard of the answer.
#[derive(Debug, Default)]
pub(super) struct Heard {
    /// When the head of the answer came.
    pub head: Option<Duration>,
    /// When each event came.
    pub events: Vec<Duration>,
    /// Whether the whole answer was there before its first byte was sent.
    pub whole: bool,
    /// In what form it came, if it began.
    pub came: Option<Came>,
    /// What calls itself the server, or a proxy.
    pub server: Option<String>,
    pub thread: Option<RemoteThreadId>,
    /// Whether anything came that is not the message itself.
    pub answered: bool,
    /// When pieces of the answer came.
    pub pieces: Vec<Duration>,
    /// How many events mean nothing, and what the first of them is called.
    pub unknown: usize,
    pub stranger: Option<String>,
    pub error: Option<ServerError>,
    /// The model that was asked for, and the one that answered.
    pub asked: Option<String>,
    pub model: Option<String>,
    /// Whether what came was not UTF-8 in places.
    pub repaired: bool,
    /// Whether what came whole is a stream of events.
    pub mislabelled: bool,
}

/// How the events came.
#[derive(Debug, PartialEq, Eq)]
enum Pace {
    OneByOne,
    /// All at once, though they were not made at once.
    Collected,
    /// All at once, and so soon that this says nothing.
    TooQuick,
}

impl Heard {
    /// An event.
    pub fn note(&mut self, event: ThreadEvent) {
        match event {
            ThreadEvent::ThreadCreated(thread) => self.thread = Some(thread.id),
            ThreadEvent::ItemAdded(item) | ThreadEvent::ItemDone(item) => {
                let is_answer = !matches!(item.body, ItemBody::UserMessage(_));
                self.answered |= is_answer;
                self.mislabelled |= is_answer && item.body.plain_text().is_some_and(|text| is_events(&text));
            }
            ThreadEvent::Answered { model: Some(model), .. } => self.model = Some(model),
            ThreadEvent::ItemUpdated { .. } => self.answered = true,
            ThreadEvent::Error(error) => self.error = Some(error),
            ThreadEvent::Unknown { name } => {
                self.unknown += 1;
                self.stranger.get_or_insert(name);
            }
            _ => {}
        }
    }

    /// Whether enough was heard.
    pub fn is_enough(&self) -> bool {
        let listened = self.events.last().copied().unwrap_or_default();
        self.answered && (self.events.len() >= EVENTS || listened > TIME)
    }

    fn pace(&self) -> Pace {
        let (Some(first), Some(last)) = (self.events.first(), self.events.last()) else { return Pace::TooQuick };
        let together = last.saturating_sub(*first) <= ONE_GO;
        match self.events.len() {
            0 | 1 => Pace::TooQuick,
            _ if self.whole => Pace::Collected,
            2 => Pace::TooQuick,
            _ if !together => Pace::OneByOne,
            _ if *first >= LONG => Pace::Collected,
            _ => Pace::TooQuick,
        }
    }

    /// What the step is called by that.
    pub fn label(&self) -> Option<&'static str> {
        Some(match self.came? {
            Came::Streamed => "Streamed hello",
            Came::Whole => "Hello, answered whole",
            Came::OverSocket => "Hello over a WebSocket",
        })
    }

    /// What was seen, beside what is thought of it.
    pub fn facts(&self) -> Vec<CheckFact> {
        let mut facts = Vec::new();
        facts.extend(self.head.map(|head| fact("First byte", format!("after {}", span(head)))));
        if let (Some(first), Some(last)) = (self.events.first(), self.events.last()) {
            facts.push(fact("First event", format!("after {}", span(*first))));
            facts.push(fact("Last event", format!("after {}", span(*last))));
            let unknown = if self.unknown > 0 { format!(", {} of them unknown", self.unknown) } else { String::new() };
            facts.push(fact("Events", format!("{}{unknown}", self.events.len())));
        }
        facts.extend(self.model.as_ref().map(|model| fact("Model", model)));
        facts
    }
}

/// What is to be thought of what was heard.
pub(super) fn judged(kind: Kind, name: &str, heard: &Heard, left: &Result<(), Failure>) -> Result<Seen, Wrong> {
    let wrong = |code, words: String| Err(Failure::new(code, words).into());
    if let Some(error) = &heard.error {
        let ServerError { code, message, .. } = error;
        let said = message.as_deref().map_or_else(|| format!("“{code}”"), |message| format!("“{message}”"));
        let words = format!("“{name}” took the message and then reported an error: {said}.");
        let failure = reported(error, Failure::new(FailureCode::ServerError, words));
        let next = failure.finding.and_then(about).map_or("Tell whoever runs it.", |about| about.remedy);
        let message = format!("{} {next}", failure.message);
        return Err(Failure { message, ..failure }.into());
    }
    if heard.events.is_empty() {
        let least = match kind {
            Kind::Chatkit | Kind::Hosted => " ChatKit sends at least the conversation that it made:",
            Kind::Openai | Kind::Custom => " There should be at least a word:",
        };
        let words = format!(
            "“{name}” took the message and ended its answer without a single event.{least} look at the server's own log."
        );
        return wrong(FailureCode::NotChatkit, words);
    }
    if let Some(stranger) = heard.stranger.as_ref().filter(|_| heard.unknown == heard.events.len()) {
        let (known, next) = match kind {
            Kind::Chatkit | Kind::Hosted => {
                ("one of ChatKit's", "Check that the address is that of a ChatKit endpoint.")
            }
            Kind::Openai => {
                ("known to OpenAI's protocols", "Check the address, and the dialect under “More settings”.")
            }
            Kind::Custom => {
                ("a piece of an answer", "Check the paths, and the place of the text, under “More settings”.")
            }
        };
        let words = format!("“{name}” streams, and none of its events is {known}; the first is: {stranger}. {next}");
        return wrong(FailureCode::NotChatkit, words);
    }
    let (first, last) = (heard.events.first().copied().unwrap_or_default(), heard.events.last().copied());
    let over = span(last.unwrap_or_default().saturating_sub(first));
    let events = count(heard.events.len(), "event", "events");
    if !heard.answered {
        return Ok(Seen::noted(format!(
            "“{name}” took the message and ended the stream after {events} without an answer. It works as a server; whoever \
             runs it may want to look at its assistant."
        )));
    }
    if let Err(failure) = left {
        return Ok(Seen::noted(format!(
            "The answer streamed. The conversation that the test began could not be deleted and is in your list: {}",
            failure.message
        )));
    }
    if let Some(seen) = noted(name, heard) {
        return Ok(seen);
    }
    let after = span(first);
    match heard.came {
        Some(Came::Whole) => {
            return Ok(Seen::new(format!(
                "The answer came whole after {after}: this server does not stream, or was not asked to."
            )));
        }
        Some(Came::OverSocket) => {
            let messages = count(heard.events.len(), "message", "messages");
            let over = if heard.events.len() > 1 { format!(", within {over}") } else { String::new() };
            let words = format!("The answer came over a WebSocket: {messages}, the first after {after}{over}.");
            return Ok(Seen::new(words));
        }
        Some(Came::Streamed) | None => {}
    }
    Ok(match heard.pace() {
        Pace::OneByOne => Seen::new(format!("The answer streamed: {events}, one after another over {over}.")),
        Pace::TooQuick => Seen::new(format!(
            "The answer streamed: {events} after {after}, too quick to tell whether something on the way collects them."
        )),
        Pace::Collected => Seen::noted(collected(heard, &events, first)).found(Finding::AllAtOnce),
    })
}

fn collected(heard: &Heard, events: &str, first: Duration) -> String {
    let who =
        heard.server.as_deref().map(|server| format!(" (what answers calls itself {server})")).unwrap_or_default();
    format!(
        "All {events} came at once after {}. Something collects the answer before it sends it on: a proxy before the server\
         {who}, or the server itself. Words will appear all at once. For nginx, “proxy_buffering off” or the header \
         “X-Accel-Buffering: no” helps.",
        span(first)
    )
}

/// What is wrong with an answer that came, as far as it is no matter of time.
fn noted(name: &str, heard: &Heard) -> Option<Seen> {
    if heard.mislabelled {
        let words = format!(
            "“{name}” streams events, and its header calls them something else, so they are shown as they are written. Whoever \
             runs the server has to send “Content-Type: text/event-stream” with them."
        );
        return Some(Seen::noted(words).found(Finding::WrongContentType));
    }
    if heard.repaired {
        let words = format!(
            "The answer came, and not all of it is UTF-8: what cannot be read is shown as “\u{fffd}”. Whoever runs “{name}” has to \
             send UTF-8, and must not cut a character in two."
        );
        return Some(Seen::noted(words).found(Finding::NotUtf8));
    }
    let (asked, model) = (heard.asked.as_ref()?, heard.model.as_ref()?);
    let words = format!(
        "“{name}” answered with the model {model}, and {asked} was asked for. Choose a model that it has; if it should have that \
         one, check under what name it wants to be asked, or ask whoever runs it."
    );
    (!is_same_model(asked, model)).then(|| Seen::noted(words).found(Finding::ModelIgnored))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(times: &[u64], whole: bool) -> Heard {
        let events = times.iter().map(|time| Duration::from_millis(*time)).collect();
        Heard { events, whole, answered: true, ..Heard::default() }
    }

    #[test]
    fn what_comes_at_once_after_a_long_while_was_collected() {
        assert_eq!(heard(&[20, 300, 330, 900], false).pace(), Pace::OneByOne);
        assert_eq!(heard(&[2_000, 2_001, 2_003, 2_004], false).pace(), Pace::Collected);
        assert_eq!(heard(&[40, 41, 42], false).pace(), Pace::TooQuick);
        assert_eq!(heard(&[2_000, 2_001], false).pace(), Pace::TooQuick);
        assert_eq!(heard(&[40, 41], true).pace(), Pace::Collected);
        assert_eq!(heard(&[], true).pace(), Pace::TooQuick);
    }

    #[test]
    fn whoever_collects_is_named() {
        let heard = Heard { server: Some("nginx/1.27".to_owned()), ..heard(&[2_000, 2_001, 2_003], false) };
        let seen = judged(Kind::Chatkit, "Office", &heard, &Ok(())).unwrap();
        assert!(seen.line.contains("nginx/1.27") && seen.line.contains("All 3 events"), "{}", seen.line);
    }

    #[test]
    fn a_stream_that_is_no_answer_says_what_it_is() {
        let words = |heard: &Heard| judged(Kind::Chatkit, "Office", heard, &Ok(())).unwrap_err().failure.message;
        assert!(words(&heard(&[], false)).contains("without a single event"));
        let strange = Heard { unknown: 2, stranger: Some("ping".into()), ..heard(&[1, 2], false) };
        assert!(words(&strange).contains("the first is: ping"));
        let error = ServerError { code: "custom".into(), message: Some("No model".into()), allow_retry: false };
        assert!(words(&Heard { error: Some(error), ..heard(&[1], false) }).contains("“No model”"));
        let silent = Heard { answered: false, ..heard(&[1, 2], false) };
        assert!(judged(Kind::Chatkit, "Office", &silent, &Ok(())).unwrap().line.contains("without an answer"));
    }

    #[test]
    fn another_model_and_another_encoding_are_noted() {
        let model = |asked: &str| {
            let heard = Heard { asked: Some(asked.into()), model: Some("gull-2".into()), ..heard(&[1, 2], false) };
            judged(Kind::Openai, "Office", &heard, &Ok(())).unwrap().finding
        };
        assert_eq!((model("gull-1"), model("gull-2")), (Some(Finding::ModelIgnored), None));
        let repaired = Heard { repaired: true, ..heard(&[1, 2], false) };
        assert_eq!(judged(Kind::Openai, "Office", &repaired, &Ok(())).unwrap().finding, Some(Finding::NotUtf8));
    }

    #[test]
    fn the_step_is_called_by_how_the_answer_came() {
        let seen = |came| {
            let heard = Heard { came: Some(came), ..heard(&[20, 30], true) };
            (heard.label().unwrap(), judged(Kind::Custom, "Office", &heard, &Ok(())).unwrap().line)
        };
        assert_eq!(seen(Came::Streamed).0, "Streamed hello");
        let (label, line) = seen(Came::Whole);
        assert!(label == "Hello, answered whole" && line.contains("came whole after 20 ms"), "{label}: {line}");
        let (label, line) = seen(Came::OverSocket);
        assert_eq!(label, "Hello over a WebSocket");
        assert_eq!(line, "The answer came over a WebSocket: 2 messages, the first after 20 ms, within 10 ms.");
        assert_eq!(Heard::default().label(), None, "nothing came");
    }
}

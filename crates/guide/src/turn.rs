//! Answering: one turn at a time in a thread, streamed word by word. What was said is stored, whole or cut off, before
//! the stream ends.

use std::{
    collections::HashMap,
    convert::Infallible,
    sync::{Arc, Mutex, PoisonError},
};

use axum::response::sse;
use futures_util::{Stream, stream};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::{
    Pace,
    answer::{self, Piece},
    cards::Card,
    failure::Refusal,
    press::{self, Press},
    server::App,
    wire::{Annotation, Event, Item, ItemBody, OutputText, StreamOptions, Update},
};

/// Events that wait for a slow client; beyond it the Guide waits.
const QUEUE: usize = 32;

/// A title is cut to this many characters.
const TITLE_LENGTH: usize = 60;

/// The turns under way, one a thread. A new one stops the one before and waits until it has stored what it said, so
/// that "stop, then try again" leaves nothing behind that was stopped.
#[derive(Clone)]
pub(crate) struct Turns {
    running: Arc<Mutex<HashMap<String, Running>>>,
    closing: CancellationToken,
}

#[derive(Clone)]
struct Running {
    stop: CancellationToken,
    finished: CancellationToken,
}

impl Turns {
    /// No turns yet; all of them stop when `closing` is cancelled.
    pub fn new(closing: CancellationToken) -> Self {
        Self { running: Arc::default(), closing }
    }

    /// Stops the thread's turn, if there is one, and takes its place.
    pub async fn begin(&self, thread: &str) -> Turn {
        loop {
            let before = {
                let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
                match running.get(thread) {
                    Some(before) => before.clone(),
                    None => {
                        let turn = Running { stop: self.closing.child_token(), finished: CancellationToken::new() };
                        running.insert(thread.to_owned(), turn.clone());
                        return Turn { thread: thread.to_owned(), stop: turn.stop, turns: self.clone() };
                    }
                }
            };
            before.stop.cancel();
            before.finished.cancelled().await;
        }
    }
}

/// The right to answer in a thread; given back when dropped.
pub(crate) struct Turn {
    thread: String,
    stop: CancellationToken,
    turns: Turns,
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut running = self.turns.running.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(turn) = running.remove(&self.thread) {
            turn.finished.cancel();
        }
    }
}

/// What a turn is about.
#[derive(Debug)]
pub(crate) enum Work {
    /// A question, which names the thread if nothing did.
    Answer(String),
    /// A press in a card.
    Press { press: Press, card: Box<Item> },
}

/// Begins to work and gives back the stream: the events that are already known, then what comes of it.
pub(crate) fn respond(
    app: App,
    turn: Turn,
    known: Vec<Event>,
    work: Work,
) -> impl Stream<Item = Result<sse::Event, Infallible>> + use<> {
    let (events, mut receiver) = mpsc::channel(QUEUE);
    let mouth = Mouth { events, stop: turn.stop.clone(), pace: app.pace };
    tokio::spawn(async move {
        // Whoever left does not hear why; the answer has been stored.
        let _ = work_in(&app, &turn, &mouth, known, work).await;
        drop(turn);
    });
    stream::poll_fn(move |context| receiver.poll_recv(context).map(|event| event.map(Ok)))
}

/// Why an answer ends early.
#[derive(Debug)]
enum Cut {
    /// The client left, another turn began, or the Guide is closing: there is nobody to tell.
    Silenced,
    /// The Guide itself cannot go on; the client is told.
    Failed(Refusal),
}

impl From<Refusal> for Cut {
    fn from(refusal: Refusal) -> Self {
        Self::Failed(refusal)
    }
}

/// The way to the client.
struct Mouth {
    events: mpsc::Sender<sse::Event>,
    stop: CancellationToken,
    pace: Pace,
}

impl Mouth {
    async fn say(&self, event: Event) -> Result<(), Cut> {
        // Our own types always can be written as JSON; if not, ending the stream is all that is left to do.
        let frame = sse::Event::default().json_data(&event).map_err(|_| Cut::Silenced)?;
        tokio::select! {
            biased;
            () = self.stop.cancelled() => Err(Cut::Silenced),
            sent = self.events.send(frame) => sent.map_err(|_| Cut::Silenced),
        }
    }

    /// Waits for the time between two words, unless there is nobody left to wait for.
    async fn breathe(&self) -> Result<(), Cut> {
        let Some(pause) = self.pace.pause() else { return Ok(()) };
        tokio::select! {
            biased;
            () = self.stop.cancelled() => Err(Cut::Silenced),
            () = self.events.closed() => Err(Cut::Silenced),
            () = tokio::time::sleep(pause) => Ok(()),
        }
    }
}

/// The whole turn: the events that are already known, then what comes of it, or why nothing does.
async fn work_in(app: &App, turn: &Turn, mouth: &Mouth, known: Vec<Event>, work: Work) -> Result<(), Cut> {
    for event in known {
        mouth.say(event).await?;
    }
    mouth.say(Event::StreamOptions { stream_options: StreamOptions { allow_cancel: true } }).await?;
    let done = match work {
        Work::Answer(question) => answer_question(app, turn, mouth, &question).await,
        Work::Press { press, card } => answer_press(app, turn, mouth, press, *card).await,
    };
    match done {
        Err(Cut::Failed(refusal)) => {
            mouth.say(Event::Error { code: "custom", message: refusal.message, allow_retry: true }).await
        }
        ended => ended,
    }
}

async fn answer_question(app: &App, turn: &Turn, mouth: &Mouth, question: &str) -> Result<(), Cut> {
    mouth.say(Event::Progress { icon: "search", text: "Searching the manual" }).await?;
    let pieces = answer::answer(&app.index, question).map_err(Refusal::from)?;
    write(app, turn, mouth, pieces, &title_of(question)).await
}

async fn answer_press(app: &App, turn: &Turn, mouth: &Mouth, press: Press, card: Item) -> Result<(), Cut> {
    match press {
        Press::Settings(page) => {
            mouth.say(Event::Effect { name: "show_settings", data: press::to_settings(page) }).await
        }
        Press::Show(place) => write(app, turn, mouth, press::shown(&app.index, place), "").await,
        Press::Search { words, page } => {
            let Card { widget, words } = press::searched(&app.index, &words, page.as_deref()).map_err(Refusal::from)?;
            let item = Item { body: ItemBody::Widget { widget, copy_text: words }, ..card };
            let stored = item.clone();
            app.store.run(move |tables| tables.put_item(&stored)).await?;
            mouth.say(Event::ItemReplaced { item }).await
        }
    }
}

/// Streams what is said as one assistant message, and its cards after it. Stores it before it is called done, and, when
/// nobody listens any more, as far as it was said.
async fn write(app: &App, turn: &Turn, mouth: &Mouth, pieces: Vec<Piece>, title: &str) -> Result<(), Cut> {
    let item = |content| ItemBody::AssistantMessage { content };
    let created_at = app.store.run(|tables| tables.now()).await?;
    let empty = Item { id: new_id("msg_"), thread_id: turn.thread.clone(), created_at, body: item(Vec::new()) };
    mouth.say(Event::ItemAdded { item: empty.clone() }).await?;
    if let Some(event) = give_title(app, &turn.thread, title).await? {
        mouth.say(event).await?;
    }
    let mut part = OutputText::default();
    let (cards, said): (Vec<_>, Vec<_>) = pieces.into_iter().partition(|piece| matches!(piece, Piece::Card(_)));
    let spoken = speak(mouth, &empty.id, said, &mut part).await;
    if !part.text.is_empty() {
        let whole = Item { body: item(vec![part]), ..empty };
        let stored = whole.clone();
        app.store.run(move |tables| tables.put_item(&stored)).await?;
        spoken?;
        mouth.say(Event::ItemDone { item: whole }).await?;
    }
    lay_out(app, turn, mouth, cards).await
}

/// Stores and sends the cards among some pieces, each whole.
async fn lay_out(app: &App, turn: &Turn, mouth: &Mouth, pieces: Vec<Piece>) -> Result<(), Cut> {
    for piece in pieces {
        let Piece::Card(Card { widget, words }) = piece else { continue };
        let thread_id = turn.thread.clone();
        let item = app
            .store
            .run(move |tables| {
                let body = ItemBody::Widget { widget, copy_text: words };
                let item = Item { id: new_id("msg_"), thread_id, created_at: tables.now()?, body };
                tables.put_item(&item)?;
                Ok(item)
            })
            .await?;
        mouth.say(Event::ItemDone { item }).await?;
    }
    Ok(())
}

/// Says the pieces word by word; `part` holds what was said so far, also when it ends early.
async fn speak(mouth: &Mouth, item_id: &str, pieces: Vec<Piece>, part: &mut OutputText) -> Result<(), Cut> {
    let update = |update| Event::ItemUpdated { item_id: item_id.to_owned(), update };
    mouth.say(update(Update::PartAdded { content_index: 0, content: OutputText::default() })).await?;
    let mut code_points = 0;
    for piece in pieces {
        match piece {
            Piece::Text(text) => {
                for word in words(&text) {
                    mouth.say(update(Update::TextDelta { content_index: 0, delta: word.to_owned() })).await?;
                    part.text.push_str(word);
                    code_points += word.chars().count();
                    mouth.breathe().await?;
                }
            }
            Piece::Source(source) => {
                let annotation = Annotation { index: code_points, source };
                let annotation_index = part.annotations.len();
                part.annotations.push(annotation.clone());
                mouth.say(update(Update::AnnotationAdded { content_index: 0, annotation_index, annotation })).await?;
            }
            // It stands below, by itself.
            Piece::Card(_) => {}
        }
    }
    mouth.say(update(Update::PartDone { content_index: 0, content: part.clone() })).await
}

/// Names a thread after its first message, unless it has a name.
async fn give_title(app: &App, thread: &str, title: &str) -> Result<Option<Event>, Refusal> {
    let (thread, title) = (thread.to_owned(), title.to_owned());
    app.store
        .run(move |tables| {
            let current = tables.thread(&thread)?;
            if current.title.is_some() || title.is_empty() {
                return Ok(None);
            }
            tables.set_title(&thread, &title)?;
            Ok(Some(Event::ThreadUpdated { thread: tables.thread(&thread)? }))
        })
        .await
}

/// A new id with one of the protocol's prefixes (section 6.3).
pub(crate) fn new_id(prefix: &str) -> String {
    format!("{prefix}{:032x}", rand::random::<u128>())
}

/// A message on one line, without control characters, cut between two words.
fn title_of(message: &str) -> String {
    let head: String = message.chars().take(TITLE_LENGTH * 20).map(|c| if c.is_control() { ' ' } else { c }).collect();
    let mut title = String::new();
    for word in head.split_whitespace() {
        let length = title.chars().count() + 1 + word.chars().count();
        if length > TITLE_LENGTH {
            if title.is_empty() {
                title = word.chars().take(TITLE_LENGTH - 1).collect();
            }
            title.push('…');
            break;
        }
        if !title.is_empty() {
            title.push(' ');
        }
        title.push_str(word);
    }
    title
}

/// The words of a text, each with the white space that follows it.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let word = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let space = rest[word..].find(|c: char| !c.is_whitespace()).map_or(rest.len(), |length| word + length);
        let (head, tail) = rest.split_at(space);
        rest = tail;
        (!head.is_empty()).then_some(head)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_keep_every_character() {
        for text in ["", " ", "one", "one two", "  one\n\n| two |\n", "é 漢字 😀\u{3000}x"] {
            assert_eq!(words(text).collect::<String>(), text);
        }
        assert_eq!(words("  one\n    two three").collect::<Vec<_>>(), ["  ", "one\n    ", "two ", "three"]);
    }

    #[test]
    fn a_title_is_one_short_line() {
        assert_eq!(title_of("  What\nis\u{0} it? "), "What is it?");
        assert_eq!(title_of(""), "");
        assert_eq!(title_of("\u{7}\u{0}"), "");
        let long = title_of(&"word ".repeat(100));
        assert!(long.chars().count() <= TITLE_LENGTH + 1 && long.ends_with("word…"), "{long}");
        let endless = title_of(&"x".repeat(1_000_000));
        assert_eq!(endless.chars().count(), TITLE_LENGTH);
    }

    #[tokio::test]
    async fn a_second_turn_waits_until_the_first_has_given_way() {
        let turns = Turns::new(CancellationToken::new());
        let first = turns.begin("thr_1").await;
        let _elsewhere = turns.begin("thr_2").await;
        let stop = first.stop.clone();
        let again = tokio::spawn({
            let turns = turns.clone();
            async move { turns.begin("thr_1").await }
        });
        stop.cancelled().await;
        assert!(!again.is_finished());
        drop(first);
        let second = again.await.unwrap();
        assert!(!second.stop.is_cancelled());
    }
}

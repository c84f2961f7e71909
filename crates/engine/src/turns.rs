//! Sending, stopping and trying again.

use std::sync::Arc;

use model::{
    Draft, Extra, Failure, FailureCode, Item, ItemBody, ItemId, ItemStage, Legs, Operation, Patience, Thread, ThreadId,
    ThreadStatus, UserMessage, WhenUnreachable,
};
use tokio::{sync::mpsc, task::JoinHandle};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{
    engine::Engine,
    live::{Inner, Live},
    local::Keeper,
    turn::{Manner, Recorder, Turn, TurnEvent},
    view::{Composed, SendRequest, TurnOutcome},
};

/// How many events may wait for a follower before the stream waits for it.
const FOLLOWED: usize = 1024;

/// The longest title that a first message makes, in characters.
const TITLE: usize = 60;

impl Engine {
    /// Sends a message, in a new thread or an old one. Answers as soon as the turn has begun; the message is on disk
    /// by then.
    ///
    /// # Errors
    ///
    /// [`FailureCode::BadInput`] without text and files, with one that is not with the server, or with a quote that is
    /// too long or a mention that is not in the text, [`FailureCode::Busy`] while the thread's turn is under way,
    /// [`FailureCode::Unknown`] for a thread or connection that is not here, a keychain's failure. Whatever happens
    /// on the way to the server ends the turn instead; if it cannot be reached at all, or wants a pause, the message waits
    /// where the person wants that.
    pub async fn send(&self, message: impl Into<Composed>) -> Result<ThreadId, Failure> {
        self.begin(message.into(), self.unfollowed()).await
    }

    /// The same, once: a message that comes again under the same key is not sent again, and answers the same thread. A
    /// window makes a key for each message that is composed.
    ///
    /// # Errors
    ///
    /// Those of [`Engine::send`]; then nothing was sent.
    pub async fn send_once(&self, key: String, message: impl Into<Composed>) -> Result<ThreadId, Failure> {
        self.shared.sent.once(key, self.send(message)).await
    }

    /// The same, followed event by event. The receiver has to be read: a slow reader slows the stream. Whoever follows is
    /// told at once that the server cannot be reached.
    ///
    /// # Errors
    ///
    /// Those of [`Engine::send`].
    pub async fn ask(&self, request: SendRequest) -> Result<(ThreadId, mpsc::Receiver<TurnEvent>), Failure> {
        self.ask_with(Patience::NONE, request).await
    }

    /// The same, with patience for a server that wants a pause, and for the person's own limit. It is told what is waited
    /// for.
    ///
    /// # Errors
    ///
    /// Those of [`Engine::send`].
    pub async fn ask_with(
        &self,
        patience: Patience,
        request: SendRequest,
    ) -> Result<(ThreadId, mpsc::Receiver<TurnEvent>), Failure> {
        let (manner, receiver) = followed(patience);
        Ok((self.begin(request.into(), manner).await?, receiver))
    }

    /// How a turn is run that nobody follows: as the person has set it.
    pub(crate) fn unfollowed(&self) -> Manner {
        let keeper = self.settings();
        let settings = keeper.settings();
        Manner { follower: None, unreachable: settings.when_unreachable, patience: settings.patience, instead: None }
    }

    async fn begin(&self, composed: Composed, manner: Manner) -> Result<ThreadId, Failure> {
        let request = &composed.request;
        let text = request.text.trim_end();
        if text.trim().is_empty() && composed.files.is_empty() {
            return Err(Failure::new(FailureCode::BadInput, "There is nothing to send yet."));
        }
        let files = self.taken_along(&composed)?;
        let content = composed.content()?;
        let live = match &request.thread {
            Some(thread) => self.live(thread).await?,
            None => {
                if self.route(&request.connection).is_none() {
                    self.connection(&request.connection)?;
                }
                let model = self.begins_with_model(request)?;
                let title = files.first().filter(|_| text.trim().is_empty()).map_or(text, |file| file.name.as_str());
                let live = self.new_thread(request, title);
                self.hold_with_model(&live, model);
                live
            }
        };
        let keeper = self.ready(&live).await?;
        let message = composed.message(content, files);
        let (cancel, operation) = live.with(|inner| {
            let cancel = inner.begin_turn(self.now())?;
            let bubble = Item {
                id: ItemId::local(Uuid::now_v7()),
                created_at: None,
                body: ItemBody::UserMessage(message.clone()),
                extra: Extra::new(),
            };
            inner.append(bubble, ItemStage::Sending);
            inner.draft = Draft::default();
            Ok::<_, Failure>((cancel, send_operation(inner, keeper, message)))
        })?;
        self.files_left(&composed);
        let thread = live.with(|inner| inner.thread.id.clone());
        self.run(live.clone(), operation, cancel, manner).await;
        if request.thread.is_none() {
            // The message is on its way; a disk that is full is told when the conversation is written.
            let _ = self.keep_options(&live).await;
        }
        Ok(thread)
    }

    /// Stops the turn of a thread, if one is under way. What was shown stays; a message that still waits for its server is
    /// taken back, and its text becomes the thread's draft.
    ///
    /// # Errors
    ///
    /// [`FailureCode::Unknown`] for a thread that is not here.
    pub async fn stop(&self, thread: &ThreadId) -> Result<(), Failure> {
        self.live(thread).await?.with(Inner::stop);
        Ok(())
    }

    /// Answers the last message of the person again. What stood after it is dropped, here and on the server if that keeps
    /// the thread.
    ///
    /// A message that may not have arrived is looked for on the server first, and sent again only if it is not there.
    ///
    /// # Errors
    ///
    /// [`FailureCode::Busy`], or [`FailureCode::Unknown`] if there is nothing to answer.
    pub async fn retry(&self, thread: &ThreadId) -> Result<(), Failure> {
        self.begin_again(thread, self.unfollowed()).await
    }

    /// The same, followed event by event as in [`Engine::ask`].
    ///
    /// # Errors
    ///
    /// Those of [`Engine::retry`].
    pub async fn ask_again(&self, thread: &ThreadId) -> Result<mpsc::Receiver<TurnEvent>, Failure> {
        self.ask_again_with(Patience::NONE, thread).await
    }

    /// The same, with patience as in [`Engine::ask_with`].
    ///
    /// # Errors
    ///
    /// Those of [`Engine::retry`].
    pub async fn ask_again_with(
        &self,
        patience: Patience,
        thread: &ThreadId,
    ) -> Result<mpsc::Receiver<TurnEvent>, Failure> {
        let (manner, receiver) = followed(patience);
        self.begin_again(thread, manner).await?;
        Ok(receiver)
    }

    pub(crate) async fn begin_again(&self, thread: &ThreadId, manner: Manner) -> Result<(), Failure> {
        let live = self.live(thread).await?;
        let keeper = self.ready(&live).await?;
        let unsure = live.with(|inner| {
            let message = inner.state.last_user_message().filter(|entry| entry.item.id.is_local());
            message.is_some() && keeper.remote(&inner.thread).is_some()
        });
        if unsure {
            // If it cannot be read, the retry will say why.
            let _ = self.reconcile(&live).await;
        }
        let (cancel, operation) = live.with(|inner| {
            let entry = inner.state.last_user_message();
            let message = entry.map(|entry| entry.item.clone()).ok_or_else(|| crate::failure::unknown("message"))?;
            let cancel = inner.begin_turn(self.now())?;
            inner.forget_after(&message.id);
            inner.truncate_after(&message.id);
            inner.unhang_turn(&message.id);
            let operation = match (&message.body, keeper.remote(&inner.thread)) {
                (_, Some(remote)) if !message.id.is_local() => {
                    Operation::RetryAfterItem { thread: remote, item: message.id }
                }
                (ItemBody::UserMessage(body), _) => {
                    inner.set_stage(&message.id, ItemStage::Sending);
                    send_operation(inner, keeper, body.clone())
                }
                _ => return Err(crate::failure::unknown("message")),
            };
            Ok::<_, Failure>((cancel, operation))
        })?;
        self.run(live, operation, cancel, manner).await;
        Ok(())
    }

    /// Runs a turn in a task of its own, which no view can end.
    pub(crate) async fn run(&self, live: Arc<Live>, operation: Operation, cancel: CancellationToken, manner: Manner) {
        // What the person wrote is on disk before it leaves.
        let _ = self.shared.saver.save(&live).await;
        let engine = self.clone();
        let turned = live.clone();
        let record = Recorder::new(self.now());
        let turn = self.shared.tasks.spawn(async move {
            let turn = Turn { live: live.clone(), operation, cancel: cancel.clone(), manner, record };
            let reread = turn.run(&engine).await;
            if reread {
                engine.reread_soon(live, cancel.is_cancelled());
            }
        });
        self.end_what_failed(turned, turn);
    }

    /// Sees to it that a turn has an end also if the program itself has failed in it.
    fn end_what_failed(&self, live: Arc<Live>, turn: JoinHandle<()>) {
        let saver = self.shared.saver.clone();
        self.shared.tasks.spawn(async move {
            if turn.await.is_ok() || !live.with(|inner| inner.is_running()) {
                return;
            }
            live.with(|inner| inner.settle(ItemStage::Unsent, ItemStage::Interrupted));
            // A failure to save is told by the saver; the turn ends all the same.
            let _ = saver.save(&live).await;
            let words = "A fault of Kittiwake itself ended this answer. What was shown is kept. Try again, or start \
                         Kittiwake anew.";
            let failure = Failure::new(FailureCode::Internal, words);
            live.with(|inner| inner.end_turn(TurnOutcome::Failed { failure, can_retry: true }));
        });
    }

    fn new_thread(&self, request: &SendRequest, text: &str) -> Arc<Live> {
        let now = self.now();
        let thread = Thread {
            id: ThreadId::new(Uuid::now_v7().to_string()),
            connection: request.connection.clone(),
            remote: None,
            title: Some(title_from(text)),
            status: ThreadStatus::Active,
            created_at: now,
            updated_at: now,
        };
        self.adopt(thread, Vec::new(), Vec::new(), false, Draft::default(), Legs::default())
    }
}

/// A turn that is followed event by event, and by whom.
pub(crate) fn followed(patience: Patience) -> (Manner, mpsc::Receiver<TurnEvent>) {
    let (sender, receiver) = mpsc::channel(FOLLOWED);
    (Manner { follower: Some(sender), unreachable: WhenUnreachable::Tell, patience, instead: None }, receiver)
}

fn send_operation(inner: &Inner, keeper: Keeper, input: UserMessage) -> Operation {
    match keeper.remote(&inner.thread) {
        _ if keeper == Keeper::Here => inner.answer(),
        Some(thread) => Operation::AddUserMessage { thread, input },
        None => Operation::CreateThread { input },
    }
}

/// What a thread is called until its server has a better title: the beginning of its first line.
fn title_from(text: &str) -> String {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    if line.chars().count() <= TITLE {
        return line.to_owned();
    }
    let cut: String = line.chars().take(TITLE).collect();
    let words = cut.rsplit_once(char::is_whitespace).map_or(cut.as_str(), |(words, _)| words);
    format!("{}…", words.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::EngineConfig;

    #[tokio::test]
    async fn a_turn_in_which_the_program_fails_has_an_end() {
        let dir = tempfile::tempdir().unwrap();
        let engine = Engine::open(EngineConfig::new(dir.path().to_owned())).await.unwrap();
        let request = SendRequest {
            connection: model::ConnectionId::new("c"),
            thread: None,
            text: "hello".to_owned(),
            model: None,
        };
        let live = engine.new_thread(&request, "hello");
        live.with(|inner| inner.begin_turn(0)).unwrap();
        let turn = tokio::spawn(async { panic!("on purpose") });
        engine.end_what_failed(live.clone(), turn);
        engine.shared.tasks.close();
        engine.shared.tasks.wait().await;
        let outcome = live.with(|inner| inner.turn.outcome.clone());
        assert!(matches!(outcome, Some(TurnOutcome::Failed { failure, .. }) if failure.code == FailureCode::Internal));
        assert!(!live.with(|inner| inner.is_running()));
    }

    #[test]
    fn a_title_is_the_first_line_cut_at_a_word() {
        assert_eq!(title_from("\n  Hello there \nmore"), "Hello there");
        let long = "word ".repeat(40);
        let title = title_from(&long);
        assert!(title.chars().count() <= TITLE + 1 && title.ends_with("word…"), "{title}");
        assert_eq!(title_from(&"x".repeat(100)).chars().count(), TITLE + 1);
    }
}

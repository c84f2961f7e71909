//! A conversation that is longer than its model can read: what of it goes out, by the rule of its connection.

use std::borrow::Cow;

use model::{
    AnswerOptions, ConnectionId, ContextRule, FailureCode, Item, ItemBody, OpenaiSettings, Operation, Progress, Route,
    ThreadEvent,
};

use super::{Ending, Turn, routed::Opened};
use crate::{
    backend::{Backend, Unopened},
    context::{SentPart, Summary, TOO_LONG, choose, costs, model, place, summary, would_be_too_long},
    engine::Engine,
    local::Names,
    reduce::ThreadState,
    view::ConnectionState,
};

/// How much of a conversation is put into a summary where the window is unknown, in bytes.
const SUMMARISED: usize = 32_000;

/// How many bytes of a conversation are summarised for each token of the window, so that it takes half of that.
const BYTES: usize = 2;

impl Turn {
    /// Asks and reads the answer; once more with less of the conversation if it was too long for the model, for then nothing
    /// was done.
    pub(super) async fn answered(
        &self,
        engine: &Engine,
        connection: &ConnectionId,
        route: Option<&Route>,
    ) -> (String, Ending) {
        let (name, ending) = self.attempt(engine, connection, route).await;
        let Some(said) = self.too_long(&ending) else { return (name, ending) };
        let asked = self.live.with(|inner| inner.routed.asked.clone()).filter(|_| route.is_some());
        let Ok(asked) = engine.connection(asked.as_ref().unwrap_or(connection)) else { return (name, ending) };
        let Some(settings) = asked.openai.as_ref() else { return (name, ending) };
        if settings.context.rule == ContextRule::Tell {
            return (name, ending);
        }
        let Operation::Answer { items, .. } = &self.operation else { return (name, ending) };
        if let Err(failure) = engine.leave_out(&self.live, &asked, items, &said).await {
            return (name, Ending::Refused(failure.with_detail(said)));
        }
        self.live.with(|inner| inner.state.error = None);
        self.attempt(engine, connection, route).await
    }

    async fn attempt(&self, engine: &Engine, connection: &ConnectionId, route: Option<&Route>) -> (String, Ending) {
        let opened = match route {
            Some(route) => self.opened_over(engine, route).await,
            None => self.opened(engine, connection).await.map(|(name, stream)| Opened::new(connection, name, stream)),
        };
        match opened {
            Ok(opened) => {
                engine.noted(&opened.by, ConnectionState::Online);
                if self.is_kept_here() {
                    // No event of such a server will say that it has the message.
                    self.live.with(crate::live::Inner::accepted);
                }
                (opened.name.clone(), self.stream(engine, opened).await)
            }
            Err(ending) => (String::new(), ending),
        }
    }

    /// What the server said, if it did nothing because the conversation was too long.
    fn too_long(&self, ending: &Ending) -> Option<String> {
        match ending {
            Ending::Refused(failure) if failure.code == FailureCode::TooLong => {
                Some(failure.detail.clone().unwrap_or_default())
            }
            Ending::Clean => self.live.with(|inner| {
                let error = inner.state.error.as_ref().filter(|error| error.code == TOO_LONG);
                error.filter(|_| !inner.state.answered).map(|error| error.message.clone().unwrap_or_default())
            }),
            _ => None,
        }
    }

    /// The request as it goes out through a connection: without what is left out of the conversation, and with what stands
    /// for it.
    pub(super) async fn fitted<'a>(
        &self,
        engine: &Engine,
        backend: &Backend,
        operation: &'a Operation,
    ) -> Result<Cow<'a, Operation>, Unopened> {
        let Operation::Answer { thread, items, options } = operation else { return Ok(Cow::Borrowed(operation)) };
        let Some(settings) = &backend.connection().openai else { return Ok(Cow::Borrowed(operation)) };
        let (model, window) = (model(settings, options), settings.context.window);
        let mut sent = self.live.with(|inner| inner.context.sent.clone()).with(model, window);
        if settings.context.rule != ContextRule::Summarise {
            sent.summary = None;
        }
        let room = sent.room(settings, options);
        let start = choose(items, sent.from.as_ref(), &room).map_err(|_| {
            let failure = would_be_too_long(backend.name(), model, room.window.unwrap_or_default());
            Unopened::Refused(failure)
        })?;
        sent.from = items.get(start).filter(|_| start > 0).map(|item| item.id.clone());
        if settings.context.rule == ContextRule::Summarise {
            self.summarise(backend, settings, options, items, start, &mut sent).await;
        }
        sent.estimate = costs(&items[start..]) + sent.room(settings, options).beside;
        let options = with_summary(options, settings, &sent);
        engine.remember(&self.live, sent, Some(settings)).await;
        Ok(Cow::Owned(Operation::Answer { thread: thread.clone(), items: items[start..].to_vec(), options }))
    }

    /// Sees to it that there is a summary of what is left out.
    async fn summarise(
        &self,
        backend: &Backend,
        settings: &OpenaiSettings,
        options: &AnswerOptions,
        items: &[Item],
        start: usize,
        sent: &mut SentPart,
    ) {
        let Some(before) = sent.from.clone() else { return };
        if sent.summary.as_ref().is_some_and(|summary| summary.before == before) {
            return;
        }
        let older = sent.summary.take();
        let begin = place(items, older.as_ref().map(|summary| &summary.before)).min(start);
        let window = settings.context.window.or(sent.stated).and_then(|window| usize::try_from(window).ok());
        let most = window.map_or(SUMMARISED, |window| window * BYTES);
        let (older, thread) = (older.map(|summary| summary.text), self.live.with(|inner| inner.thread.id.clone()));
        let request = summary::request(&thread, older.as_deref(), &items[begin..start], options, most);
        let progress = Progress { text: "Summarising the oldest turns".to_owned(), icon: None };
        self.live.with(|inner| inner.apply(ThreadEvent::Progress(progress)));
        // Without one the conversation goes on all the same, and the line in it says so.
        let text = written(backend, &request).await.unwrap_or_default();
        self.live.with(|inner| {
            inner.state.progress = None;
            inner.set_turn(inner.turn.phase, None);
        });
        sent.summary = Some(Summary { text, before });
    }
}

/// What a model writes; nothing if it does not come to its end.
async fn written(backend: &Backend, request: &Operation) -> Option<String> {
    let mut stream = backend.stream(request).await.ok()?;
    let (mut state, mut names) = (ThreadState::default(), Names::default());
    while let Some(events) = stream.next().await {
        for event in names.taken(events.ok()?) {
            state.apply(event);
        }
    }
    let said = state.entries().iter().map(|entry| &entry.item.body);
    let said = said.filter(|body| matches!(body, ItemBody::AssistantMessage { .. }));
    let texts: Vec<_> = said.filter_map(ItemBody::plain_text).collect();
    let text = texts.join("\n\n");
    (state.error.is_none() && !text.trim().is_empty()).then(|| text.trim().to_owned())
}

/// What is asked for, with the summary behind the system prompt.
fn with_summary(options: &AnswerOptions, settings: &OpenaiSettings, sent: &SentPart) -> AnswerOptions {
    let mut options = options.clone();
    if let Some(text) = sent.summary_text() {
        let parameters = options.parameters.over(&settings.parameters);
        options.parameters.system_prompt = Some(summary::behind(parameters.system_prompt.as_deref(), text));
    }
    options
}

//! What a person would see of a thread: a window's half of the subscription, without a window.

use std::time::Duration;

use engine::{
    Engine, ThreadSubscription,
    view::{
        ContextView, DetailsView, ItemView, ItemViewBody, SendRequest, ThreadMessage, ThreadModelView, ThreadOp,
        ThreadView, TurnOutcome, TurnPhase, TurnView,
    },
};
use markdown::Tree;
use model::{ConnectionId, ItemId, ItemStage, ThreadId};

/// How long a test waits for something before it says that it never came.
const PATIENCE: Duration = Duration::from_secs(20);

/// A thread as it is drawn.
pub struct Screen {
    subscription: ThreadSubscription,
    /// The items, oldest first.
    pub items: Vec<Drawn>,
    /// The turn.
    pub turn: Option<TurnView>,
    /// The header.
    pub thread: Option<ThreadView>,
    /// How many messages came.
    pub messages: usize,
    /// How many of them were snapshots.
    pub snapshots: usize,
    /// How many turns ended.
    pub endings: usize,
    /// How each of them ended.
    pub outcomes: Vec<TurnOutcome>,
    /// How the conversation goes out.
    pub context: Option<ContextView>,
    /// Its model, as it is shown.
    pub model: Option<ThreadModelView>,
    /// What belongs into the message field again.
    pub taken_back: Vec<String>,
}

/// An item as it is drawn.
#[derive(Debug)]
pub struct Drawn {
    /// Its id.
    pub id: ItemId,
    /// Its stage.
    pub stage: ItemStage,
    /// What kind it is, and for the person's messages their text.
    pub body: ItemViewBody,
    /// How its turn went, if it shows that.
    pub details: Option<DetailsView>,
    parts: Vec<Tree>,
}

impl Drawn {
    fn new(view: ItemView) -> Self {
        let parts = match &view.body {
            ItemViewBody::AssistantMessage { parts, .. } => parts.iter().map(|patches| tree(patches)).collect(),
            _ => Vec::new(),
        };
        Self { id: view.id, stage: view.stage, body: view.body, details: view.details, parts }
    }

    /// Its text, without any formatting.
    pub fn text(&self) -> String {
        match &self.body {
            ItemViewBody::UserMessage { text, .. } => text.clone(),
            ItemViewBody::AssistantMessage { .. } => {
                self.parts.iter().map(Tree::plain_text).collect::<Vec<_>>().join("\n")
            }
            ItemViewBody::Handover { to, why } => match why {
                Some(why) => format!("[{to} answers: {why}]"),
                None => format!("[{to} answers]"),
            },
            ItemViewBody::ClientToolCall(call) => format!("[calls {}: {:?}]", call.name, call.state),
            ItemViewBody::Widget(widget) => format!("[widget: {}]", widget.copy_text.as_deref().unwrap_or_default()),
            ItemViewBody::GeneratedImage(image) => format!("[image {}]", image.url.as_deref().unwrap_or("to come")),
            ItemViewBody::StructuredInput(asked) => {
                let questions: Vec<_> = asked.questions.iter().map(|one| one.question.as_str()).collect();
                format!("[{} questions: {}]", if asked.is_open { "open" } else { "closed" }, questions.join(" "))
            }
            ItemViewBody::Task(task) => format!("[task: {}]", task.title.as_deref().unwrap_or_default()),
            ItemViewBody::Workflow(flow) => match &flow.summary {
                Some(summary) => format!("[workflow: {summary:?}]"),
                None => format!("[workflow of {}]", flow.tasks.len()),
            },
            ItemViewBody::Unknown { name, .. } => format!("[{name}]"),
        }
    }
}

fn tree(patches: &[markdown::Patch]) -> Tree {
    let mut tree = Tree::default();
    tree.apply(patches);
    tree
}

impl Screen {
    /// Opens a thread.
    pub async fn open(engine: &Engine, thread: &ThreadId) -> Self {
        let subscription = engine.subscribe_thread(thread).await.unwrap();
        let mut screen = Self {
            subscription,
            items: Vec::new(),
            turn: None,
            thread: None,
            messages: 0,
            snapshots: 0,
            endings: 0,
            outcomes: Vec::new(),
            context: None,
            model: None,
            taken_back: Vec::new(),
        };
        screen.step().await;
        assert_eq!(screen.snapshots, 1, "the first message is a snapshot");
        screen
    }

    /// Says something to a connection, in a thread or a new one, and opens the thread.
    pub async fn said(
        engine: &Engine,
        connection: &ConnectionId,
        thread: Option<&ThreadId>,
        text: &str,
    ) -> (ThreadId, Self) {
        let request =
            SendRequest { connection: connection.clone(), thread: thread.cloned(), text: text.to_owned(), model: None };
        let thread = engine.send(request).await.unwrap();
        let screen = Self::open(engine, &thread).await;
        (thread, screen)
    }

    /// Waits for the next message and draws it.
    pub async fn step(&mut self) {
        let message = tokio::time::timeout(PATIENCE, self.subscription.next()).await;
        let message = message.unwrap_or_else(|_| panic!("nothing more came; on screen: {}", self.describe()));
        self.show(message.expect("the subscription lives as long as the screen"));
    }

    fn show(&mut self, message: ThreadMessage) {
        self.messages += 1;
        match message {
            ThreadMessage::Snapshot { thread, items, turn, context, model, .. } => {
                self.context = context;
                self.model = model;
                self.snapshots += 1;
                self.thread = Some(thread);
                self.items = items.into_iter().map(Drawn::new).collect();
                self.turn = Some(turn);
            }
            ThreadMessage::Batch { ops } => ops.into_iter().for_each(|op| self.draw(op)),
        }
    }

    /// Draws until a condition holds.
    pub async fn until(&mut self, what: &str, mut holds: impl FnMut(&Self) -> bool) {
        let start = tokio::time::Instant::now();
        while !holds(self) {
            assert!(start.elapsed() < PATIENCE, "never {what}; on screen: {}", self.describe());
            self.step().await;
        }
    }

    /// Draws until no turn is under way, and says how the last one ended.
    pub async fn ended(&mut self) -> TurnOutcome {
        self.until("ended", |screen| screen.phase() == TurnPhase::Idle && screen.outcome().is_some()).await;
        self.outcome().cloned().unwrap()
    }

    /// Draws what is still to come from an engine that was closed.
    pub async fn rest(&mut self) {
        // Whatever does not come by then was not to come: what could be missed is only what is not expected.
        while let Ok(Some(message)) = tokio::time::timeout(Duration::from_millis(50), self.subscription.next()).await {
            self.show(message);
        }
    }

    /// Where the turn stands.
    pub fn phase(&self) -> TurnPhase {
        self.turn.as_ref().map_or(TurnPhase::Idle, |turn| turn.phase)
    }

    /// How the last turn ended.
    pub fn outcome(&self) -> Option<&TurnOutcome> {
        self.turn.as_ref()?.outcome.as_ref()
    }

    /// The text of every item.
    pub fn texts(&self) -> Vec<String> {
        self.items.iter().map(Drawn::text).collect()
    }

    /// The text of the last item.
    pub fn last_text(&self) -> String {
        self.items.last().map(Drawn::text).unwrap_or_default()
    }

    /// All that is on screen, for messages of failed tests.
    pub fn describe(&self) -> String {
        let items: Vec<_> = self.items.iter().map(|item| format!("{:?} {:?}", item.stage, item.text())).collect();
        format!("{items:#?} {:?}", self.turn)
    }

    fn draw(&mut self, op: ThreadOp) {
        match op {
            ThreadOp::Thread { thread } => self.thread = Some(thread),
            ThreadOp::PutItem { item, after, replaces } => self.put(item, after, replaces),
            ThreadOp::RemoveItem { id } => self.items.retain(|item| item.id != id),
            ThreadOp::Patch { id, part, patches } => {
                let parts = &mut self.item(&id).parts;
                if parts.len() <= part {
                    parts.resize_with(part + 1, Tree::default);
                }
                parts[part].apply(&patches);
            }
            ThreadOp::Sources { id, sources: fresh } => {
                if let ItemViewBody::AssistantMessage { sources, .. } = &mut self.item(&id).body {
                    *sources = fresh;
                }
            }
            ThreadOp::Details { id, details } => self.item(&id).details = details,
            ThreadOp::Stage { id, stage } => self.item(&id).stage = stage,
            ThreadOp::Turn { turn } => {
                let ended = turn.outcome.is_some() && self.phase() != TurnPhase::Idle;
                self.endings += usize::from(ended);
                self.outcomes.extend(turn.outcome.clone().filter(|_| ended));
                self.turn = Some(turn);
            }
            ThreadOp::TakenBack { draft } => self.taken_back.push(draft.text),
            ThreadOp::Context { context } => self.context = context,
            ThreadOp::Model { model } => self.model = model,
            ThreadOp::Notice { .. } => {}
        }
    }

    fn put(&mut self, item: ItemView, after: Option<ItemId>, replaces: Option<ItemId>) {
        let old = replaces.as_ref().unwrap_or(&item.id);
        if let Some(place) = self.items.iter().position(|drawn| &drawn.id == old) {
            self.items[place] = Drawn::new(item);
            return;
        }
        let place = after.and_then(|after| self.items.iter().position(|drawn| drawn.id == after));
        self.items.insert(place.map_or(0, |place| place + 1), Drawn::new(item));
    }

    fn item(&mut self, id: &ItemId) -> &mut Drawn {
        let place = self.items.iter().position(|item| &item.id == id);
        let place = place.unwrap_or_else(|| panic!("{id} is changed but was never drawn: {}", self.describe()));
        &mut self.items[place]
    }
}

//! The engine: what a host holds.

use std::{
    collections::{HashMap, HashSet},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use adapters::Adapter;
use history::History;
use model::{Appearance, ConnectionId, Draft, Failure, Kind, Legs, RemoteThreadId, Thread, ThreadId};
use secrets::Watched;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use transport::{Http, Limits};

use crate::{
    attachments::Files,
    backend::{Backend, Refusals},
    catalogue::{Keeper, Models},
    config::{Builtin, EngineConfig},
    details,
    failure::{in_history, on_the_way, unknown},
    hub::{AppSubscription, Hub},
    layers::Layers,
    live::Live,
    offline::Offline,
    outbound::Outbound,
    patience::Accounts,
    reduce::Entry,
    route::Circuits,
    saver::Saver,
    sent::Sent,
    session::{Asker, Means, Sessions, Variables},
    settings::{SettingsFile, SettingsKeeper},
    shelf::Shelf,
    show::thread_view,
    sockets::Sockets,
    threads::PAGE,
    tools::Tools,
    view::Activity,
    wire::Wire,
};

/// The application without a window. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct Engine {
    pub(crate) shared: Arc<Shared>,
}

/// What speaks to servers of a kind.
pub(crate) type AdapterOf = fn(Kind) -> &'static dyn Adapter;

/// What all clones share.
pub(crate) struct Shared {
    pub hub: Arc<Hub>,
    pub shelf: Shelf,
    pub saver: Saver,
    pub sessions: Sessions,
    pub offline: Offline,
    pub accounts: Accounts,
    pub sent: Sent,
    pub files: Files,
    pub sockets: Sockets,
    pub circuits: Circuits,
    pub models: Models,
    pub tools: Tools,
    pub wire: Arc<Wire>,
    pub settings: Arc<Mutex<SettingsKeeper>>,
    pub builtin: Vec<Builtin>,
    pub adapters: AdapterOf,
    refusals: Refusals,
    pub undo_window: Duration,
    /// The data folder, unless nothing is kept.
    pub folder: Option<PathBuf>,
    pub tasks: TaskTracker,
    pub closing: CancellationToken,
    http: Outbound,
    limits: Limits,
    locale: String,
    lives: Mutex<HashMap<ThreadId, Arc<Live>>>,
    /// Threads of tests, which are nobody's to see.
    passed_over: Mutex<HashSet<(ConnectionId, RemoteThreadId)>>,
}

impl Engine {
    /// Opens the data folder and begins.
    ///
    /// # Errors
    ///
    /// If the folder cannot be used, or was written by a newer version. A damaged file is no error: it is set aside,
    /// and that is told to whoever subscribes.
    pub async fn open(config: EngineConfig) -> Result<Self, Failure> {
        Self::open_with(config, adapters::adapter).await
    }

    /// The same with other adapters than those of this program: for tests of what no kind of server does.
    ///
    /// # Errors
    ///
    /// As [`Engine::open`].
    pub(crate) async fn open_with(config: EngineConfig, adapters: AdapterOf) -> Result<Self, Failure> {
        let http = Http::new(&config.user_agent).map_err(|error| on_the_way("Kittiwake", &error))?;
        let http = Outbound::new(http, config.redactor.clone());
        config.builtin.iter().flat_map(|known| &known.bearer).for_each(|secret| http.redactor().register(secret));
        let (shelf, mut problems) = if config.keep_history {
            Shelf::open(config.data_dir.clone()).await?
        } else {
            let history = History::in_memory().map_err(|error| in_history(&error))?;
            (Shelf::new(history), Vec::new())
        };
        let file: Arc<dyn SettingsFile> = config.settings.into();
        let (layers, more) = Layers::read(config.policy.as_ref(), &config.environment);
        problems.extend(more);
        let (settings, more) = SettingsKeeper::open(&config.data_dir, Box::new(file.clone()), layers);
        problems.extend(more);
        let (models, more) = Keeper::open(&config.data_dir, Box::new(file.clone()));
        problems.extend(more);
        let (tools, more) = Tools::open(&config.data_dir, Box::new(file), config.desk);
        problems.extend(more);
        let hub = Arc::new(Hub::default());
        let settings = Arc::new(Mutex::new(settings));
        let (tasks, closing) = (TaskTracker::new(), CancellationToken::new());
        let sessions = Sessions::new(Means {
            http: http.clone(),
            limits: config.limits.clone(),
            secrets: Arc::new(Watched::new(config.secrets, config.redactor)),
            hub: hub.clone(),
            tasks: tasks.clone(),
            closing: closing.clone(),
            device: named(settings.clone()),
            variables: Variables::new(config.environment),
        });
        let shared = Shared {
            saver: Saver::new(shelf.clone(), hub.clone()),
            hub,
            shelf,
            sessions,
            offline: Offline::default(),
            accounts: Accounts::default(),
            sent: Sent::default(),
            files: Files::default(),
            sockets: Sockets::new(config.sockets, tasks.clone(), closing.clone()),
            circuits: Circuits::default(),
            models: Models::new(models),
            tools,
            wire: http.wire().clone(),
            settings,
            builtin: config.builtin,
            adapters,
            refusals: Refusals::default(),
            undo_window: config.undo_window,
            folder: config.keep_history.then_some(config.data_dir),
            tasks,
            closing,
            http,
            limits: config.limits,
            locale: config.locale,
            lives: Mutex::default(),
            passed_over: Mutex::default(),
        };
        let engine = Self { shared: Arc::new(shared) };
        let threads = engine.shared.shelf.run(|history| history.threads()).await?;
        let threads = threads.iter().map(|thread| thread_view(thread, Activity::Idle)).collect();
        let settings = engine.settings().settings().clone();
        engine.shared.hub.begin(threads, engine.connection_views(), settings.appearance);
        engine.shared.hub.set_when_unreachable(settings.when_unreachable);
        engine.shared.hub.set_patience(settings.patience);
        engine.show_models();
        engine.begin_with_layers();
        problems.into_iter().for_each(|problem| engine.shared.hub.problem(problem));
        let purging = engine.clone();
        engine.shared.tasks.spawn(async move { purging.purge_deleted().await });
        engine.check_when_unlocked();
        Ok(engine)
    }

    /// Subscribes to everything outside of threads; the first message is a snapshot.
    pub fn subscribe_app(&self) -> AppSubscription {
        self.shared.hub.subscribe()
    }

    /// Tells the person something that went wrong in the host.
    pub fn tell(&self, failure: Failure) {
        self.shared.hub.problem(failure);
    }

    /// Sets how the window looks.
    ///
    /// # Errors
    ///
    /// If it could not be written to the settings file.
    pub async fn set_appearance(&self, appearance: Appearance) -> Result<(), Failure> {
        self.settings().change(|settings| settings.appearance = appearance.clone())?;
        self.shared.hub.set_appearance(appearance);
        Ok(())
    }

    /// Stops every turn, keeps what was shown, and waits until all of it is on disk. Servers are asked, for a moment, to forget
    /// the files that were not sent.
    pub async fn close(&self) {
        self.shared.closing.cancel();
        self.stop_files();
        let lives: Vec<_> = self.lives().values().cloned().collect();
        for live in &lives {
            live.with(crate::live::Inner::stop);
        }
        self.shared.tasks.close();
        // A task that waits for a server is not waited for: what it was shown is saved below.
        let _ = tokio::time::timeout(Duration::from_secs(2), self.shared.tasks.wait()).await;
        for live in lives {
            let _ = self.shared.saver.save(&live).await;
        }
        self.forget_unsent().await;
    }

    /// The data folder, unless nothing is kept.
    pub(crate) fn folder(&self) -> Option<&Path> {
        self.shared.folder.as_deref()
    }

    /// A thread in memory, brought there if it has to be.
    pub(crate) async fn live(&self, id: &ThreadId) -> Result<Arc<Live>, Failure> {
        if let Some(live) = self.loaded(id) {
            return Ok(live);
        }
        let wanted = id.clone();
        let (thread, kept, turns, draft, values, legs) = self
            .shared
            .shelf
            .run(move |history| {
                let thread = history.thread(&wanted)?;
                let draft = history.draft(wanted.as_str())?.unwrap_or_default();
                let kept = history.items(&wanted, None, PAGE)?;
                let turns = details::kept(history, &wanted, &kept)?;
                Ok((thread, kept, turns, draft, history.values(&wanted)?, history.legs(&wanted)?))
            })
            .await?;
        let thread = thread.ok_or_else(|| unknown("conversation"))?;
        let has_older = kept.len() >= PAGE;
        let entries = kept.into_iter().map(|(rank, kept)| Entry::restored(rank, kept)).collect();
        let live = self.adopt(thread, entries, turns, has_older, draft, legs);
        live.with(|inner| {
            inner.context.restore(&values);
            inner.pictures.restore(&values);
        });
        self.show_model(&live);
        Ok(live)
    }

    /// A thread that is in memory.
    pub(crate) fn loaded(&self, id: &ThreadId) -> Option<Arc<Live>> {
        self.lives().get(id).cloned()
    }

    /// Puts a thread into memory, unless it came there meanwhile. Those that nobody looks at make room.
    pub(crate) fn adopt(
        &self,
        thread: Thread,
        entries: Vec<Entry>,
        turns: details::Kept,
        has_older: bool,
        draft: Draft,
        legs: Legs,
    ) -> Arc<Live> {
        let mut lives = self.lives();
        if let Some(live) = lives.get(&thread.id) {
            return live.clone();
        }
        lives.retain(|_, live| Arc::strong_count(live) > 1 || !live.with(|inner| inner.is_idle()));
        let id = thread.id.clone();
        let (hub, saver) = (self.shared.hub.clone(), self.shared.saver.clone());
        let live = Live::new(hub, saver, thread, entries, has_older, draft, legs);
        live.with(|inner| inner.remember_turns(turns));
        lives.insert(id, live.clone());
        live
    }

    /// Drops a thread from memory.
    pub(crate) fn forget_live(&self, id: &ThreadId) {
        if let Some(live) = self.lives().remove(id) {
            live.with(|inner| inner.pictures.give_up());
        }
        self.shared.sockets.close(id);
    }

    /// A connection, ready to be called.
    pub(crate) async fn backend(&self, id: &ConnectionId, asker: Asker) -> Result<Backend, Failure> {
        let connection = self.connection(id)?;
        let ticket = self.ticket(&connection, asker).await?;
        let shared = &self.shared;
        let out = shared.sessions.out(&connection).await?;
        let adapter = self.adapter(&connection);
        let (limits, locale) = (shared.limits.clone(), shared.locale.clone());
        let backend = Backend::new(out, adapter, connection, ticket, limits, locale, shared.sockets.clone());
        Ok(backend.minding(shared.refusals.clone()))
    }

    pub(crate) fn http(&self) -> &Outbound {
        &self.shared.http
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.shared.limits
    }

    pub(crate) fn locale(&self) -> &str {
        &self.shared.locale
    }

    /// The threads that are not to be listed for now, by their connections.
    pub(crate) fn passed_over(&self) -> MutexGuard<'_, HashSet<(ConnectionId, RemoteThreadId)>> {
        self.shared.passed_over.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Milliseconds since 1970 UTC.
    pub(crate) fn now(&self) -> i64 {
        jiff::Timestamp::now().as_millisecond()
    }

    pub(crate) fn settings(&self) -> MutexGuard<'_, SettingsKeeper> {
        self.shared.settings.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn lives(&self) -> MutexGuard<'_, HashMap<ThreadId, Arc<Live>>> {
        self.shared.lives.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What this installation calls itself, once somebody wants to know.
fn named(settings: Arc<Mutex<SettingsKeeper>>) -> Box<dyn Fn() -> String + Send + Sync> {
    Box::new(move || settings.lock().unwrap_or_else(PoisonError::into_inner).device())
}

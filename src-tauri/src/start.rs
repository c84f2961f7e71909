//! What the window needs before it opens: the data folder, the engine, the Guide.

use std::{
    error::Error,
    path::{Path, PathBuf},
    sync::Arc,
};

use engine::{
    Engine, EngineConfig, Reports,
    layers::{Environment, policy_place},
    view::{About, Updates},
};
use guide::{Guide, GuideConfig, GuideError, RunningGuide};
use model::{Failure, FailureCode};
use tauri::{App, AppHandle, Manager, Wry, async_runtime};
use tokio::sync::mpsc::UnboundedReceiver;

use crate::{
    acting::OnDesktop,
    launch::Launch,
    rendering::{self, Why},
    store::PluginStore,
};

/// The engine and what runs beside it.
pub struct Host {
    /// The application.
    pub engine: Engine,
    /// The embedded assistant, unless it could not be started.
    guide: async_runtime::Mutex<Option<RunningGuide>>,
    data_dir: PathBuf,
    /// The folder of the log, if there is one.
    pub logs: Option<PathBuf>,
    /// What is known of failures of this program.
    pub reports: Reports,
}

impl Host {
    /// What *About* shows.
    pub fn about(&self, updates: Updates) -> About {
        let version = env!("CARGO_PKG_VERSION").to_owned();
        let logs = self.logs.as_ref().map(|folder| folder.display().to_string());
        About { version, data_dir: self.data_dir.display().to_string(), logs, updates }
    }

    /// Removes what a turn or a session that was under way may still have put into the keychain.
    pub async fn forget_secrets(app: &AppHandle<Wry>) {
        let Some(host) = app.try_state::<Self>() else { return };
        if let Err(failure) = host.engine.forget_secrets().await {
            eprintln!("{}", failure.message);
        }
    }

    /// Saves everything and stops the Guide.
    pub async fn close(app: &AppHandle<Wry>) {
        let Some(host) = app.try_state::<Self>() else { return };
        host.engine.close().await;
        if let Some(guide) = host.guide.lock().await.take() {
            guide.shutdown().await;
        }
    }
}

/// Opens the data folder and starts the engine and the Guide. `failures` hears of each part of the program that fails
/// from now on.
///
/// # Errors
///
/// If the engine cannot begin even without what is kept.
pub fn start(app: &App<Wry>, failures: UnboundedReceiver<()>) -> Result<(), Box<dyn Error>> {
    let launch = app.state::<Launch>();
    let host = async_runtime::block_on(async {
        let (guide, guide_trouble) = start_guide(&launch).await;
        let (engine, trouble) = open(app.handle(), &launch, guide.as_ref()).await?;
        match (trouble, guide_trouble) {
            // One reason for both: it is told once.
            (Some(trouble), _) => engine.tell(trouble),
            (None, Some(trouble)) => engine.tell(trouble),
            (None, None) => {}
        }
        launch
            .safe
            .and_then(|why| drawn_safely(why, &launch.data_dir))
            .into_iter()
            .for_each(|words| engine.tell(words));
        Ok::<_, Failure>(Host {
            engine,
            guide: async_runtime::Mutex::new(guide),
            data_dir: launch.data_dir.clone(),
            logs: launch.logs.clone(),
            reports: launch.reports(),
        })
    })?;
    let engine = host.engine.clone();
    async_runtime::spawn_blocking(engine::warm_up);
    async_runtime::spawn(async move { engine.refresh_threads().await });
    async_runtime::spawn(tell_failures(host.engine.clone(), failures));
    app.manage(host);
    Ok(())
}

/// Says that a part of the program has failed, and what is to be done: what it was doing does not come to an end.
async fn tell_failures(engine: Engine, mut failures: UnboundedReceiver<()>) {
    while failures.recv().await.is_some() {
        let words = "A part of Kittiwake failed. What was shown before is saved. If something does not answer any more, \
                     close Kittiwake and start it again; it will show a report about this.";
        engine.tell(Failure::new(FailureCode::Internal, words));
    }
}

/// Opens the engine. If what is kept cannot be used, the engine begins without it, and the reason is to be told: a
/// window that says why is of more use than none.
async fn open(
    app: &AppHandle<Wry>,
    launch: &Launch,
    guide: Option<&RunningGuide>,
) -> Result<(Engine, Option<Failure>), Failure> {
    let environment = Environment::of_process();
    let config = || EngineConfig {
        policy: policy_place(&environment),
        environment: environment.clone(),
        settings: Box::new(PluginStore(app.clone())),
        secrets: Arc::new(secrets::Keychain::new()),
        redactor: launch.redactor.clone(),
        desk: Some(Arc::new(OnDesktop(app.clone()))),
        builtin: guide.map(|guide| engine::guide(&guide.url(), guide.token(), guide::prompts())).into_iter().collect(),
        ..EngineConfig::new(launch.data_dir.clone())
    };
    let opened = match &launch.unusable {
        None => Engine::open(config()).await,
        Some(failure) => Err(failure.clone()),
    };
    match opened {
        Ok(engine) => Ok((engine, None)),
        Err(failure) => {
            let engine = Engine::open(EngineConfig { keep_history: false, ..config() }).await?;
            let message =
                format!("{} Until then, what you write is kept only until this window is closed.", failure.message);
            Ok((engine, Some(Failure { message, ..failure })))
        }
    }
}

/// Starts the Guide; without its file, if that cannot be used: it is the one that can tell what to do.
async fn start_guide(launch: &Launch) -> (Option<RunningGuide>, Option<Failure>) {
    let file = launch.data_dir.join("guide.sqlite");
    let config = if launch.unusable.is_some() { GuideConfig::in_memory() } else { GuideConfig::new(&file) };
    let trouble = match Guide::start(config).await {
        Ok(guide) => return (Some(guide), None),
        Err(error) => error,
    };
    match Guide::start(GuideConfig::in_memory()).await {
        Ok(guide) => (Some(guide), Some(guide_forgets(&file, &trouble))),
        Err(error) => (None, Some(without_guide(&error))),
    }
}

fn guide_forgets(file: &Path, error: &GuideError) -> Failure {
    let newer = matches!(error, GuideError::NewerVersion { .. });
    let (code, why) = if newer {
        (FailureCode::NewerVersion, "was written by a newer Kittiwake and is left as it is. Update Kittiwake")
    } else {
        (FailureCode::DataDamaged, "cannot be used. Move it away, or see that it may be written to,")
    };
    let words = format!(
        "The Guide's file “{}” {why} and start Kittiwake again. Until then, what you ask the Guide is not kept by it.",
        file.display()
    );
    Failure::new(code, words).with_detail(error.to_string())
}

fn without_guide(error: &GuideError) -> Failure {
    let words = "The Guide could not be started. Your own connections work all the same.";
    Failure::new(FailureCode::Internal, words).with_detail(error.to_string())
}

/// What is said once, when the window is drawn without the graphics card for the first time.
fn drawn_safely(why: Why, data_dir: &Path) -> Option<Failure> {
    let what = match why {
        Why::Blank => "The window stayed blank, so Kittiwake started again by itself",
        Why::Died => "The part that draws the window ended, so Kittiwake started again by itself",
        Why::Unfinished => "The last start ended before the window could be seen, so Kittiwake started differently",
        Why::Remembered => return None,
    };
    let words = format!(
        "{what} and now draws without the graphics card. It will do so from now on, and nothing was lost. To try the \
         graphics card again, delete “{}” and start Kittiwake anew.",
        rendering::remembered(data_dir).display()
    );
    Some(Failure::new(FailureCode::Internal, words))
}

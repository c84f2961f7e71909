//! What the window needs before it opens: the data folder, the engine, the Guide.

use std::{
    error::Error,
    path::{Path, PathBuf},
    sync::Arc,
};

use engine::{Engine, EngineConfig, view::About};
use guide::{Guide, GuideConfig, RunningGuide};
use model::{Failure, FailureCode};
use tauri::{App, AppHandle, Manager, Wry, async_runtime};

use crate::store::PluginStore;

/// The engine and what runs beside it.
pub struct Host {
    /// The application.
    pub engine: Engine,
    /// The embedded assistant, unless it could not be started.
    guide: async_runtime::Mutex<Option<RunningGuide>>,
    data_dir: PathBuf,
}

impl Host {
    /// What *About* shows.
    pub fn about(&self) -> About {
        About { version: env!("CARGO_PKG_VERSION").to_owned(), data_dir: self.data_dir.display().to_string() }
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

/// Opens the data folder and starts the engine and the Guide.
///
/// # Errors
///
/// If the engine cannot begin even without what is kept.
pub fn start(app: &App<Wry>) -> Result<(), Box<dyn Error>> {
    let (data_dir, unusable) = data_dir();
    let host = async_runtime::block_on(async {
        let guide = Guide::start(GuideConfig::new(data_dir.join("guide.sqlite"))).await;
        let (engine, unreadable) = open(app.handle(), &data_dir, guide.as_ref().ok()).await?;
        let guide = guide.map_err(|error| engine.tell(without_guide(&error))).ok();
        unusable.into_iter().chain(unreadable).for_each(|failure| engine.tell(failure));
        Ok::<_, Failure>(Host { engine, guide: async_runtime::Mutex::new(guide), data_dir })
    })?;
    let engine = host.engine.clone();
    async_runtime::spawn_blocking(engine::warm_up);
    async_runtime::spawn(async move { engine.refresh_threads().await });
    app.manage(host);
    Ok(())
}

/// Opens the engine. If what is kept cannot be used, the engine begins without it, and the reason is to be told: a
/// window that says why is of more use than none.
async fn open(
    app: &AppHandle<Wry>,
    data_dir: &Path,
    guide: Option<&RunningGuide>,
) -> Result<(Engine, Option<Failure>), Failure> {
    let config = || EngineConfig {
        settings: Box::new(PluginStore(app.clone())),
        secrets: Arc::new(secrets::Keychain::new()),
        builtin: guide.map(|guide| engine::guide(&guide.url(), guide.token(), guide::prompts())).into_iter().collect(),
        ..EngineConfig::new(data_dir.to_owned())
    };
    match Engine::open(config()).await {
        Ok(engine) => Ok((engine, None)),
        Err(failure) => {
            let engine = Engine::open(EngineConfig { keep_history: false, ..config() }).await?;
            Ok((engine, Some(failure)))
        }
    }
}

fn without_guide(error: &guide::GuideError) -> Failure {
    let words = "The Guide could not be started. Your own connections work all the same.";
    Failure::new(FailureCode::Internal, words).with_detail(error.to_string())
}

/// The folder that everything is kept in: `--data-dir`, `KITTIWAKE_DATA_DIR`, or the system's place for it; and what is
/// wrong with it, if it cannot be used.
fn data_dir() -> (PathBuf, Option<Failure>) {
    let mut arguments = std::env::args_os().skip(1);
    let named = arguments.find(|argument| argument == "--data-dir").and_then(|_| arguments.next()).map(PathBuf::from);
    match engine::data_dir(named.clone()) {
        Ok(dir) => (dir, None),
        Err(failure) => (named.unwrap_or_default(), Some(failure)),
    }
}

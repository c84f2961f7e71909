//! The engine with the connection that a command talks to, and the Guide if that is the one.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use engine::{
    Builtin, Engine, EngineConfig,
    layers::{Environment, policy_place},
    view::AppMessage,
};
use guide::{Guide, GuideConfig, GuideError, RunningGuide};
use model::{Connection, ConnectionId, Failure, FailureCode, Kind, ModelRef, PlainHttp, SessionSource};
use secrecy::SecretString;
use secrets::Keychain;

use crate::{
    args::Partner,
    exit::{self, Trouble},
};

/// The connection that `--url` makes for one run.
const GIVEN: &str = "given";

/// The Guide's file of threads in the data folder. The window uses the same.
pub const GUIDE_FILE: &str = "guide.sqlite";

/// An engine that is ready, and whom it is to talk to.
pub struct Session {
    /// The engine.
    pub engine: Engine,
    /// With whom.
    pub connection: ConnectionId,
    guide: Option<RunningGuide>,
}

impl Session {
    /// Opens what the command line asks for.
    ///
    /// # Errors
    ///
    /// If the data folder or the connection cannot be used.
    pub async fn open(
        data_dir: Option<PathBuf>,
        partner: &Partner,
        token: Option<SecretString>,
    ) -> Result<Self, Trouble> {
        match (&partner.url, &partner.connection) {
            (Some(url), _) => {
                log_where_wanted(data_dir);
                Self::with_address(url, token, partner.plain_http()).await
            }
            (None, Some(name)) if !name.eq_ignore_ascii_case("guide") => Self::with_stored(data_dir, name, token).await,
            (None, _) => Self::with_guide(logged(data_dir)?).await,
        }
    }

    /// A server of which nothing is known but what stands on the command line, and nothing will be kept.
    async fn with_address(url: &str, bearer: Option<SecretString>, plain_http: PlainHttp) -> Result<Self, Trouble> {
        let source = if bearer.is_some() { SessionSource::Static } else { SessionSource::None };
        let mut connection = Connection::new(GIVEN.into(), host(url), Kind::Chatkit, url, source);
        connection.network.plain_http = plain_http;
        // Without history the engine writes nothing, and in a folder that does not exist there are no settings to read:
        // this works where no file can be written.
        let nowhere = std::env::temp_dir().join(format!("kittiwake-cli-keeps-nothing-{}", std::process::id()));
        let config = EngineConfig {
            builtin: vec![Builtin { connection, bearer, prompts: Vec::new() }],
            keep_history: false,
            redactor: exit::redactor(),
            ..EngineConfig::new(nowhere)
        };
        Ok(Self { engine: open(config).await?, connection: GIVEN.into(), guide: None })
    }

    /// A connection of the person's. Its own token is in the keychain, unless another one is given for this run.
    async fn with_stored(data_dir: Option<PathBuf>, name: &str, token: Option<SecretString>) -> Result<Self, Trouble> {
        let engine = Self::all(data_dir).await?;
        let Some(view) = engine.connection_named(name) else {
            let missing = missing(&engine, name);
            engine.close().await;
            return Err(missing);
        };
        if let Some(token) = token {
            engine.lend_token(&view.id, token).await?;
        }
        Ok(Self { engine, connection: view.id, guide: None })
    }

    /// All connections of the person's.
    ///
    /// # Errors
    ///
    /// If the data folder cannot be used.
    pub async fn all(data_dir: Option<PathBuf>) -> Result<Engine, Trouble> {
        let data_dir = logged(data_dir)?;
        let config =
            EngineConfig { secrets: Arc::new(Keychain::new()), redactor: exit::redactor(), ..layered(data_dir) };
        Ok(open(config).await?)
    }

    /// A model of whom this talks to, by its name.
    pub fn model(&self, id: Option<String>) -> Option<ModelRef> {
        id.map(|id| ModelRef { connection: self.connection.clone(), id })
    }

    async fn with_guide(data_dir: PathBuf) -> Result<Self, Trouble> {
        let guide = Guide::start(GuideConfig::new(data_dir.join(GUIDE_FILE))).await.map_err(|error| refused(&error))?;
        let builtin = engine::guide(&guide.url(), guide.token(), guide::prompts());
        let connection = builtin.connection.id.clone();
        let config = EngineConfig { builtin: vec![builtin], redactor: exit::redactor(), ..layered(data_dir) };
        Ok(Self { engine: open(config).await?, connection, guide: Some(guide) })
    }

    /// All connections of the person's that are switched on, with their names; none if there are none, and then the Guide is
    /// whom to talk to.
    ///
    /// # Errors
    ///
    /// If the data folder cannot be used.
    pub async fn with_all(data_dir: Option<PathBuf>) -> Result<(Self, Vec<(ConnectionId, String)>), Trouble> {
        let data_dir = logged(data_dir)?;
        let config = EngineConfig {
            secrets: Arc::new(Keychain::new()),
            redactor: exit::redactor(),
            ..EngineConfig::new(data_dir.clone())
        };
        let engine = open(config).await?;
        // What a route asks are connections of their own.
        let views = engine.connections().into_iter().filter(|view| !view.disabled && view.route.is_none());
        let all: Vec<_> = views.map(|view| (view.id, view.name)).collect();
        match all.first() {
            Some((first, _)) => Ok((Self { engine, connection: first.clone(), guide: None }, all)),
            None => {
                engine.close().await;
                Ok((Self::with_guide(data_dir).await?, all))
            }
        }
    }

    /// Ends what is under way and keeps what has to be kept.
    pub async fn close(self) {
        self.engine.close().await;
        if let Some(guide) = self.guide {
            guide.shutdown().await;
        }
    }
}

/// What the administrator and the environment say, around what is kept in a folder.
fn layered(data_dir: PathBuf) -> EngineConfig {
    let environment = Environment::of_process();
    EngineConfig { policy: policy_place(&environment), environment, ..EngineConfig::new(data_dir) }
}

/// There is no connection with that name.
pub fn missing(engine: &Engine, name: &str) -> Trouble {
    let known: Vec<_> = engine.connections().into_iter().map(|view| format!("“{}”", view.name)).collect();
    let words = format!(
        "There is no connection called “{name}”. You can choose from: {}.",
        [known, vec!["“Guide”".to_owned()]].concat().join(", ")
    );
    Trouble::Usage(Failure::new(FailureCode::Unknown, words))
}

/// The data folder, with the log begun in it.
///
/// # Errors
///
/// If it cannot be used.
pub fn logged(data_dir: Option<PathBuf>) -> Result<PathBuf, Failure> {
    let data_dir = engine::data_dir(data_dir)?;
    begin_log(&data_dir);
    Ok(data_dir)
}

/// Begins the log of a run that keeps nothing: only for whoever says how much of it is wanted, and where it can be.
fn log_where_wanted(data_dir: Option<PathBuf>) {
    if std::env::var_os(logs::VARIABLE).is_some_and(|levels| !levels.is_empty())
        && let Ok(data_dir) = engine::data_dir(data_dir)
    {
        begin_log(&data_dir);
    }
}

fn begin_log(data_dir: &Path) {
    // Without a log everything else goes on.
    let _ = logs::begin(data_dir, "kittiwake-cli", exit::redactor());
}

/// Opens an engine, and from then on writes to standard error what it has to say outside of conversations.
async fn open(config: EngineConfig) -> Result<Engine, Failure> {
    let engine = Engine::open(config).await?;
    let mut messages = engine.subscribe_app();
    // The first message is there at once: what was wrong with the settings is told before the answer begins.
    if let Some(AppMessage::Snapshot { app }) = messages.next().await {
        app.problems.iter().for_each(exit::report);
    }
    tokio::spawn(async move {
        while let Some(message) = messages.next().await {
            if let AppMessage::Problem { failure } = message {
                exit::report(&failure);
            }
        }
    });
    Ok(engine)
}

/// Why a Guide did not start, as it is told.
pub fn refused(error: &GuideError) -> Failure {
    let code = match error {
        GuideError::Listen { .. } => FailureCode::BadInput,
        GuideError::Folder { .. } => FailureCode::DiskFull,
        GuideError::Data { .. } => FailureCode::DataDamaged,
        GuideError::NewerVersion { .. } => FailureCode::NewerVersion,
        GuideError::Index(_) | GuideError::Memory(_) | GuideError::Task(_) => FailureCode::Internal,
    };
    Failure::new(code, format!("The Guide could not be started: {error}."))
}

/// What a server is called in messages: the host in its address, without a user's name or password.
fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    authority.rsplit_once('@').map_or(authority, |(_, host)| host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_called_by_its_host() {
        assert_eq!(host("https://chat.example:8443/chatkit?a=b"), "chat.example:8443");
        assert_eq!(host("http://ann:sesame@chat.example"), "chat.example");
        assert_eq!(host("nonsense"), "nonsense");
    }
}

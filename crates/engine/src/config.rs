//! What an engine is made with.

use std::{path::PathBuf, sync::Arc, time::Duration};

use model::Connection;
use secrecy::SecretString;
use secrets::{Redactor, SecretStore};
use transport::Limits;

use crate::{
    layers::{Environment, PolicyPlace},
    settings::{PlainFile, SettingsFile},
    sockets::SocketPace,
    tools::Desk,
    view::StartPrompt,
};

/// What an engine needs to begin.
pub struct EngineConfig {
    /// Where everything is kept; made if it is missing.
    pub data_dir: PathBuf,
    /// How the settings file is read and written.
    pub settings: Box<dyn SettingsFile>,
    /// The administrator's policy, if there is one: see [`crate::layers::policy_place`].
    pub policy: Option<PolicyPlace>,
    /// The environment of the program.
    pub environment: Environment,
    /// Where tokens are kept.
    pub secrets: Arc<dyn SecretStore>,
    /// Keeps secrets out of what is told and written. The engine tells it every one that it meets.
    pub redactor: Arc<Redactor>,
    /// What the host does on this computer for servers, where it has a window.
    pub desk: Option<Arc<dyn Desk>>,
    /// Connections that the host brings.
    pub builtin: Vec<Builtin>,
    /// How long to wait for servers.
    pub limits: Limits,
    /// The person's language, as in `Accept-Language`.
    pub locale: String,
    /// How the program introduces itself to servers.
    pub user_agent: String,
    /// For how long a deleted thread can be brought back.
    pub undo_window: Duration,
    /// Whether conversations are kept at all.
    pub keep_history: bool,
    /// How WebSockets are kept.
    pub sockets: SocketPace,
}

impl EngineConfig {
    /// What a program needs that has no wishes: a plain settings file, secrets in memory, nothing built in
    /// and nothing from outside.
    pub fn new(data_dir: PathBuf) -> Self {
        Self {
            data_dir,
            settings: Box::new(PlainFile),
            policy: None,
            environment: Environment::default(),
            secrets: Arc::new(secrets::Memory::default()),
            redactor: Arc::default(),
            desk: None,
            builtin: Vec::new(),
            limits: Limits::default(),
            locale: "en-US".to_owned(),
            user_agent: concat!("Kittiwake/", env!("CARGO_PKG_VERSION")).to_owned(),
            undo_window: Duration::from_secs(10),
            keep_history: true,
            sockets: SocketPace::default(),
        }
    }
}

/// A connection that the host brings; it is in no file, and its token in no keychain.
pub struct Builtin {
    /// The connection.
    pub connection: Connection,
    /// Its token.
    pub bearer: Option<SecretString>,
    /// What its start screen offers.
    pub prompts: Vec<StartPrompt>,
}

//! Kittiwake without a window: turns, the reducer, subscriptions, connections.
//!
//! A host holds an [`Engine`]. It subscribes before it asks for anything; the first message of every subscription is a
//! snapshot, and what follows are changes. Streams belong to the engine, so that subscribers may come and go.

mod backend;
mod batch;
mod check;
mod config;
mod connections;
mod context;
mod details;
mod download;
mod engine;
mod failure;
mod folder;
mod forms;
mod growing;
mod hub;
mod live;
mod local;
mod local_servers;
mod mapping;
mod network;
pub mod oauth;
pub mod offline;
mod outbound;
mod outbox;
mod patience;
mod portable;
mod reason;
mod reconcile;
mod reduce;
mod render;
mod reports;
mod route;
mod saver;
mod sent;
pub mod session;
mod settings;
mod shelf;
mod show;
mod sidebar;
mod sign_in;
mod sockets;
mod subscription;
mod threads;
mod turn;
mod turns;
pub mod view;

pub use check::Check;
pub use config::{Builtin, EngineConfig};
pub use connections::guide;
pub use engine::Engine;
pub use folder::{chosen_data_dir, data_dir};
pub use hub::AppSubscription;
pub use markdown::warm_up;
pub use outbound::Outbound;
pub use reduce::{Change, Entry, ThreadState};
pub use render::all_sources;
pub use reports::Reports;
pub use settings::{PlainFile, SettingsFile};
pub use sign_in::SigningIn;
pub use sockets::{SocketPace, Viewing};
pub use subscription::ThreadSubscription;
pub use transport::{Limits, Pulse};
pub use turn::TurnEvent;

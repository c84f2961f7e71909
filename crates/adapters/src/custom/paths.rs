//! The fields of the form that say where a backend is asked for what.

use model::CustomPaths;

use crate::form::{Values, text};

pub(super) const CHAT_PATH: &str = "chat_path";
pub(super) const STREAM_PATH: &str = "stream_path";
pub(super) const SOCKET_PATH: &str = "socket_path";
pub(super) const HEALTH_PATH: &str = "health_path";
pub(super) const CONVERSATIONS_PATH: &str = "conversations_path";
pub(super) const UPLOAD_PATH: &str = "upload_path";
pub(super) const MODELS_PATH: &str = "models_path";

/// The paths, each with the key of its field.
pub(super) fn named(paths: &CustomPaths) -> [(&'static str, &str); 7] {
    let CustomPaths { chat, stream, socket, health, sessions, models, upload } = paths;
    [
        (CHAT_PATH, chat),
        (STREAM_PATH, stream),
        (SOCKET_PATH, socket),
        (HEALTH_PATH, health),
        (CONVERSATIONS_PATH, sessions),
        (MODELS_PATH, models),
        (UPLOAD_PATH, upload),
    ]
}

/// What the fields say; an empty one is as usual.
pub(super) fn read(values: &Values) -> CustomPaths {
    let or = |key, usual: String| text(values, key).map_or(usual, str::to_owned);
    let CustomPaths { chat, stream, socket, health, sessions, models, upload } = CustomPaths::default();
    CustomPaths {
        chat: or(CHAT_PATH, chat),
        stream: or(STREAM_PATH, stream),
        socket: or(SOCKET_PATH, socket),
        health: or(HEALTH_PATH, health),
        sessions: or(CONVERSATIONS_PATH, sessions),
        models: or(MODELS_PATH, models),
        upload: or(UPLOAD_PATH, upload),
    }
}

//! The commands for the catalogue of models, each one line around the engine.

use engine::view::ModelDraft;
use model::{ConnectionId, ModelRef, ThreadId};
use tauri::State;

use crate::{commands::Answer, start::Host};

#[tauri::command]
pub async fn choose_model(
    host: State<'_, Host>,
    connection: ConnectionId,
    thread: Option<ThreadId>,
    model: Option<ModelRef>,
) -> Answer<()> {
    host.engine.choose_model(&connection, thread.as_ref(), model).await
}

#[tauri::command]
pub async fn refresh_models(host: State<'_, Host>, connection: ConnectionId) -> Answer<()> {
    host.engine.refresh_models(&connection).await
}

#[tauri::command]
pub async fn put_model(host: State<'_, Host>, draft: ModelDraft) -> Answer<()> {
    host.engine.put_model(draft)
}

#[tauri::command]
pub async fn remove_model(host: State<'_, Host>, model: ModelRef) -> Answer<()> {
    host.engine.remove_model(&model)
}

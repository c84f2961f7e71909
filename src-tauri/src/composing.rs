//! The commands for what is being written.

use model::{ConnectionId, Draft, Entity, ThreadId};
use tauri::State;

use crate::{commands::Answer, start::Host};

#[tauri::command]
pub async fn save_draft(host: State<'_, Host>, thread: Option<ThreadId>, draft: Draft) -> Answer<()> {
    host.engine.save_draft(thread.as_ref(), draft).await
}

#[tauri::command]
pub async fn draft(host: State<'_, Host>, thread: Option<ThreadId>) -> Answer<Draft> {
    host.engine.draft(thread.as_ref()).await
}

#[tauri::command]
pub async fn search_entities(host: State<'_, Host>, connection: ConnectionId, query: String) -> Answer<Vec<Entity>> {
    host.engine.search_entities(&connection, &query).await
}

//! The commands for what one conversation wants of its model, and for the models on this computer.

use std::collections::BTreeMap;

use engine::view::{LocalServer, ThreadOptions};
use model::ThreadId;
use tauri::State;

use crate::{commands::Answer, start::Host};

#[tauri::command]
pub async fn retry_with_less(host: State<'_, Host>, thread: ThreadId) -> Answer<()> {
    host.engine.retry_with_less(&thread).await
}

#[tauri::command]
pub async fn thread_options(host: State<'_, Host>, thread: ThreadId) -> Answer<ThreadOptions> {
    host.engine.thread_options(&thread).await
}

#[tauri::command]
pub async fn set_thread_options(
    host: State<'_, Host>,
    thread: ThreadId,
    values: BTreeMap<String, String>,
) -> Answer<()> {
    host.engine.set_thread_options(&thread, &values).await
}

#[tauri::command]
pub async fn thread_models(host: State<'_, Host>, thread: ThreadId) -> Answer<Vec<String>> {
    host.engine.thread_models(&thread).await
}

#[tauri::command]
pub async fn local_servers(host: State<'_, Host>) -> Answer<Vec<LocalServer>> {
    Ok(host.engine.local_servers().await)
}

//! The commands for routes, each one line around the engine.

use engine::view::{ConnectionView, RouteDraft, RouteImport};
use model::{ConnectionId, ThreadId};
use tauri::{State, WebviewWindow};

use crate::{commands::Answer, files, start::Host};

#[tauri::command]
pub async fn ask_next(host: State<'_, Host>, thread: ThreadId) -> Answer<()> {
    host.engine.ask_next(&thread).await
}

#[tauri::command]
pub async fn put_route(host: State<'_, Host>, draft: RouteDraft) -> Answer<ConnectionView> {
    host.engine.put_route(draft).await
}

#[tauri::command]
pub async fn remove_route(host: State<'_, Host>, route: ConnectionId) -> Answer<()> {
    host.engine.remove_route(&route).await
}

#[tauri::command]
pub async fn export_route(window: WebviewWindow, host: State<'_, Host>, route: ConnectionId) -> Answer<Option<String>> {
    let file = host.engine.export_route(&route)?;
    let saved = files::save(&window, "Export the route", &file).await?;
    Ok(saved.map(|path| path.display().to_string()))
}

#[tauri::command]
pub async fn import_route(window: WebviewWindow, host: State<'_, Host>) -> Answer<Option<RouteImport>> {
    let Some((name, bytes)) = files::pick(&window, "Import a route").await? else { return Ok(None) };
    host.engine.read_route(&name, &bytes).map(Some)
}

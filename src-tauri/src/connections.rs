//! The commands for connections: what the settings ask for.

use std::collections::BTreeMap;

use engine::view::{
    CheckView, ConnectionDraft, ConnectionImport, ConnectionView, KindForm, LatencyView, SignOutView, SigningInView,
};
use model::ConnectionId;
use tauri::{State, WebviewWindow, ipc::Channel};

use crate::{commands::Answer, files, start::Host, subscriptions::Subscriptions};

#[tauri::command]
pub async fn add_connection(host: State<'_, Host>, draft: ConnectionDraft) -> Answer<ConnectionView> {
    host.engine.add_connection(draft).await
}

#[tauri::command]
pub async fn update_connection(
    host: State<'_, Host>,
    connection: ConnectionId,
    draft: ConnectionDraft,
) -> Answer<ConnectionView> {
    host.engine.update_connection(&connection, draft).await
}

#[tauri::command]
pub async fn remove_connection(host: State<'_, Host>, connection: ConnectionId) -> Answer<()> {
    host.engine.remove_connection(&connection).await
}

#[tauri::command]
pub async fn check_connection(host: State<'_, Host>, connection: ConnectionId) -> Answer<ConnectionView> {
    host.engine.check_connection(&connection).await
}

#[tauri::command]
pub async fn map_text(
    host: State<'_, Host>,
    connection: ConnectionId,
    field: String,
    pointer: String,
) -> Answer<ConnectionView> {
    host.engine.map_text(&connection, &field, &pointer).await
}

#[tauri::command]
pub async fn test_connection(
    host: State<'_, Host>,
    open: State<'_, Subscriptions>,
    connection: ConnectionId,
    channel: Channel<CheckView>,
) -> Answer<u32> {
    Ok(open.forward(host.engine.test_connection(&connection)?, channel))
}

#[tauri::command]
pub async fn test_draft(
    host: State<'_, Host>,
    open: State<'_, Subscriptions>,
    connection: Option<ConnectionId>,
    draft: ConnectionDraft,
    channel: Channel<CheckView>,
) -> Answer<u32> {
    Ok(open.forward(host.engine.test_draft(connection.as_ref(), draft).await?, channel))
}

#[tauri::command]
pub async fn sign_in(
    host: State<'_, Host>,
    open: State<'_, Subscriptions>,
    connection: ConnectionId,
    channel: Channel<SigningInView>,
) -> Answer<u32> {
    Ok(open.forward(host.engine.sign_in(&connection)?, channel))
}

#[tauri::command]
pub async fn sign_out(host: State<'_, Host>, connection: ConnectionId) -> Answer<SignOutView> {
    host.engine.sign_out(&connection).await
}

#[tauri::command]
pub async fn connection_latency(host: State<'_, Host>, connection: ConnectionId) -> Answer<LatencyView> {
    host.engine.connection_latency(&connection).await
}

#[tauri::command]
pub fn connection_forms(host: State<'_, Host>) -> Vec<KindForm> {
    host.engine.forms()
}

#[tauri::command]
pub async fn connection_values(host: State<'_, Host>, connection: ConnectionId) -> Answer<BTreeMap<String, String>> {
    host.engine.form_values(&connection)
}

#[tauri::command]
pub async fn token_length(host: State<'_, Host>, connection: ConnectionId) -> Answer<Option<usize>> {
    host.engine.token_length(&connection).await
}

#[tauri::command]
pub async fn disable_connection(host: State<'_, Host>, connection: ConnectionId, disabled: bool) -> Answer<()> {
    host.engine.disable_connection(&connection, disabled).await
}

#[tauri::command]
pub async fn order_connections(host: State<'_, Host>, order: Vec<ConnectionId>) -> Answer<()> {
    host.engine.order_connections(&order).await
}

/// Answers where the file is; nothing if the person changed their mind.
#[tauri::command]
pub async fn export_connection(
    window: WebviewWindow,
    host: State<'_, Host>,
    connection: ConnectionId,
) -> Answer<Option<String>> {
    let file = host.engine.export_connection(&connection)?;
    let saved = files::save(&window, "Export the connection", &file).await?;
    Ok(saved.map(|path| path.display().to_string()))
}

#[tauri::command]
pub async fn import_connection(window: WebviewWindow, host: State<'_, Host>) -> Answer<Option<ConnectionImport>> {
    let Some((name, bytes)) = files::pick(&window, "Import a connection").await? else { return Ok(None) };
    host.engine.read_connection(&name, &bytes).map(Some)
}

#[tauri::command]
pub async fn keep_environment_connection(host: State<'_, Host>, connection: ConnectionId) -> Answer<ConnectionView> {
    host.engine.keep_environment_connection(&connection).await
}

#[tauri::command]
pub async fn keep_environment_key(host: State<'_, Host>, connection: ConnectionId) -> Answer<()> {
    host.engine.keep_environment_key(&connection).await
}

//! The commands of the developer view, each one line around the engine.

use engine::view::{ExchangeDetail, Recording, WireHit, WireNews, WireText};
use model::ThreadId;
use tauri::{State, WebviewWindow};

use crate::{commands::Answer, files, start::Host};

#[tauri::command]
pub async fn record_wire(host: State<'_, Host>, recording: Recording) -> Answer<()> {
    host.engine.record_wire(recording);
    Ok(())
}

#[tauri::command]
pub async fn wire_recording(host: State<'_, Host>) -> Answer<Recording> {
    Ok(host.engine.wire_recording())
}

#[tauri::command]
pub async fn clear_wire(host: State<'_, Host>) -> Answer<()> {
    host.engine.clear_wire();
    Ok(())
}

#[tauri::command]
pub async fn wire_news(host: State<'_, Host>, thread: Option<ThreadId>, after: u64) -> Answer<WireNews> {
    host.engine.wire_news(thread.as_ref(), after).await
}

#[tauri::command]
pub async fn wire_exchange(host: State<'_, Host>, exchange: u64) -> Answer<ExchangeDetail> {
    host.engine.wire_exchange(exchange)
}

#[tauri::command]
pub async fn wire_frame(host: State<'_, Host>, exchange: u64, index: u64) -> Answer<WireText> {
    host.engine.wire_frame(exchange, index)
}

#[tauri::command]
pub async fn wire_curl(host: State<'_, Host>, exchange: u64) -> Answer<String> {
    host.engine.wire_curl(exchange)
}

#[tauri::command]
pub async fn wire_find(host: State<'_, Host>, thread: Option<ThreadId>, text: String) -> Answer<Vec<WireHit>> {
    host.engine.wire_find(thread.as_ref(), &text).await
}

#[tauri::command]
pub async fn save_wire(
    window: WebviewWindow,
    host: State<'_, Host>,
    thread: Option<ThreadId>,
    exchange: Option<u64>,
) -> Answer<Option<String>> {
    let trace = host.engine.wire_trace(thread.as_ref(), exchange).await?;
    let saved = files::save_trace(&window, &trace).await?;
    Ok(saved.map(|path| path.display().to_string()))
}

//! Every command the page can call, each one line around the engine. None returns a secret.

use engine::view::{
    About, AppMessage, ConnectionDraft, ConnectionView, OlderItems, SearchHit, SendRequest, Sent, ThreadMessage,
};
use model::{Appearance, ConnectionId, Failure, FailureCode, FeedbackKind, ItemId, ThreadId};
use tauri::{
    AppHandle, State, WebviewWindow, Wry,
    ipc::{Channel, Invoke},
};
use tauri_plugin_clipboard_manager::ClipboardExt;

use crate::{links, start::Host, subscriptions::Subscriptions, window};

type Answer<T> = Result<T, Failure>;

/// Dispatches the commands.
pub fn handler() -> impl Fn(Invoke<Wry>) -> bool + Send + Sync + 'static {
    tauri::generate_handler![
        about,
        ack,
        add_connection,
        check_connection,
        copy_item,
        copy_text,
        delete_thread,
        draft,
        feedback,
        load_older,
        open_link,
        ready,
        refresh_threads,
        remove_connection,
        rename_thread,
        restore_thread,
        retry,
        save_draft,
        search,
        send,
        set_appearance,
        stop,
        subscribe_app,
        subscribe_thread,
        unsubscribe,
        update_connection,
    ]
}

#[tauri::command]
fn subscribe_app(host: State<'_, Host>, open: State<'_, Subscriptions>, channel: Channel<AppMessage>) -> u32 {
    open.forward(host.engine.subscribe_app(), channel)
}

#[tauri::command]
async fn subscribe_thread(
    host: State<'_, Host>,
    open: State<'_, Subscriptions>,
    thread: ThreadId,
    channel: Channel<ThreadMessage>,
) -> Answer<u32> {
    Ok(open.forward(host.engine.subscribe_thread(&thread).await?, channel))
}

#[tauri::command]
fn ack(open: State<'_, Subscriptions>, subscription: u32, count: u32) {
    open.ack(subscription, count);
}

#[tauri::command]
fn unsubscribe(open: State<'_, Subscriptions>, subscription: u32) {
    open.end(subscription);
}

#[tauri::command]
async fn load_older(host: State<'_, Host>, thread: ThreadId, before: ItemId) -> Answer<OlderItems> {
    host.engine.load_older(&thread, &before).await
}

#[tauri::command]
async fn send(host: State<'_, Host>, request: SendRequest) -> Answer<Sent> {
    Ok(Sent { thread: host.engine.send(request).await? })
}

#[tauri::command]
async fn stop(host: State<'_, Host>, thread: ThreadId) -> Answer<()> {
    host.engine.stop(&thread).await
}

#[tauri::command]
async fn retry(host: State<'_, Host>, thread: ThreadId) -> Answer<()> {
    host.engine.retry(&thread).await
}

#[tauri::command]
async fn rename_thread(host: State<'_, Host>, thread: ThreadId, title: String) -> Answer<()> {
    host.engine.rename_thread(&thread, &title).await
}

#[tauri::command]
async fn delete_thread(host: State<'_, Host>, thread: ThreadId) -> Answer<()> {
    host.engine.delete_thread(&thread).await
}

#[tauri::command]
async fn restore_thread(host: State<'_, Host>, thread: ThreadId) -> Answer<()> {
    host.engine.restore_thread(&thread).await
}

#[tauri::command]
async fn refresh_threads(host: State<'_, Host>) -> Answer<()> {
    host.engine.refresh_threads().await;
    Ok(())
}

#[tauri::command]
async fn search(host: State<'_, Host>, query: String) -> Answer<Vec<SearchHit>> {
    host.engine.search(&query).await
}

#[tauri::command]
async fn feedback(host: State<'_, Host>, thread: ThreadId, item: ItemId, kind: FeedbackKind) -> Answer<()> {
    host.engine.feedback(&thread, &item, kind).await
}

#[tauri::command]
async fn save_draft(host: State<'_, Host>, thread: Option<ThreadId>, text: String) -> Answer<()> {
    host.engine.save_draft(thread.as_ref(), &text).await
}

#[tauri::command]
async fn draft(host: State<'_, Host>, thread: Option<ThreadId>) -> Answer<String> {
    host.engine.draft(thread.as_ref()).await
}

#[tauri::command]
async fn copy_item(app: AppHandle<Wry>, host: State<'_, Host>, thread: ThreadId, item: ItemId) -> Answer<()> {
    let text = host.engine.item_text(&thread, &item).await?;
    copy(&app, text)
}

#[tauri::command]
async fn copy_text(app: AppHandle<Wry>, text: String) -> Answer<()> {
    copy(&app, text)
}

fn copy(app: &AppHandle<Wry>, text: String) -> Answer<()> {
    app.clipboard().write_text(text).map_err(|error| {
        Failure::new(FailureCode::Internal, "The text could not be put on the clipboard.")
            .with_detail(error.to_string())
    })
}

#[tauri::command]
async fn open_link(app: AppHandle<Wry>, url: String) -> Answer<()> {
    links::open(&app, &url)
}

#[tauri::command]
async fn add_connection(host: State<'_, Host>, draft: ConnectionDraft) -> Answer<ConnectionView> {
    host.engine.add_connection(draft).await
}

#[tauri::command]
async fn update_connection(
    host: State<'_, Host>,
    connection: ConnectionId,
    draft: ConnectionDraft,
) -> Answer<ConnectionView> {
    host.engine.update_connection(&connection, draft).await
}

#[tauri::command]
async fn remove_connection(host: State<'_, Host>, connection: ConnectionId) -> Answer<()> {
    host.engine.remove_connection(&connection).await
}

#[tauri::command]
async fn check_connection(host: State<'_, Host>, connection: ConnectionId) -> Answer<ConnectionView> {
    host.engine.check_connection(&connection).await
}

#[tauri::command]
async fn set_appearance(host: State<'_, Host>, appearance: Appearance) -> Answer<()> {
    host.engine.set_appearance(appearance).await
}

#[tauri::command]
fn about(host: State<'_, Host>) -> About {
    host.about()
}

/// The page has drawn itself.
#[tauri::command]
fn ready(window: WebviewWindow) {
    window::show(&window);
}

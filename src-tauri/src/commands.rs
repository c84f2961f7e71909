//! Every command the page can call, each one line around the engine. None returns a secret.

use engine::view::{About, AppMessage, Composed, CrashReport, NewVersion, OlderItems, SearchHit, Sent, ThreadMessage};
use model::{Appearance, Failure, FailureCode, FeedbackKind, ItemId, Patience, ThreadId, UpdateCheck, WhenUnreachable};
use tauri::{
    AppHandle, State, WebviewWindow, Wry,
    ipc::{Channel, Invoke},
};
use tauri_plugin_clipboard_manager::ClipboardExt;

use crate::{
    acting, attachments, catalogue, composing, connections, erase::Forgetting, launch::Launch, links, options,
    pictures, routes, start::Host, subscriptions::Subscriptions, updates, watchdog::Watchdog, window, wire,
};

pub(crate) type Answer<T> = Result<T, Failure>;

/// Dispatches the commands.
pub fn handler() -> impl Fn(Invoke<Wry>) -> bool + Send + Sync + 'static {
    tauri::generate_handler![
        about,
        ack,
        connections::add_connection,
        acting::answer_questions,
        acting::answer_tool_call,
        routes::ask_next,
        attachments::attach_bytes,
        attachments::attach_dropped,
        attachments::attach_picked,
        attachments::attach_pasted,
        attachments::attachment_preview,
        connections::check_connection,
        check_for_update,
        catalogue::choose_model,
        wire::clear_wire,
        connections::connection_forms,
        connections::connection_latency,
        connections::connection_values,
        copy_item,
        copy_text,
        crash_report,
        delete_crash_reports,
        delete_thread,
        connections::disable_connection,
        composing::draft,
        drawn,
        connections::export_connection,
        routes::export_route,
        feedback,
        forget_everything,
        acting::forget_tool,
        connections::import_connection,
        routes::import_route,
        install_update,
        keep_crash_reports,
        connections::keep_environment_connection,
        connections::keep_environment_key,
        load_older,
        connections::map_text,
        open_link,
        open_logs,
        connections::order_connections,
        pictures::picture,
        catalogue::put_model,
        routes::put_route,
        ready,
        catalogue::refresh_models,
        wire::record_wire,
        refresh_threads,
        attachments::remove_attachment,
        connections::remove_connection,
        catalogue::remove_model,
        routes::remove_route,
        rename_thread,
        restore_thread,
        retry,
        attachments::retry_attachment,
        options::local_servers,
        options::retry_with_less,
        options::set_thread_options,
        options::thread_models,
        options::thread_options,
        composing::save_draft,
        wire::save_wire,
        search,
        composing::search_entities,
        send,
        send_now,
        set_appearance,
        set_patience,
        set_update_check,
        set_when_unreachable,
        connections::sign_in,
        connections::sign_out,
        stop,
        subscribe_app,
        attachments::subscribe_drops,
        subscribe_thread,
        connections::test_connection,
        connections::test_draft,
        connections::token_length,
        unsubscribe,
        update_at_start,
        connections::update_connection,
        acting::widget_action,
        wire::wire_curl,
        wire::wire_exchange,
        wire::wire_find,
        wire::wire_frame,
        wire::wire_news,
        wire::wire_recording,
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
async fn send(host: State<'_, Host>, request: Composed, key: String) -> Answer<Sent> {
    Ok(Sent { thread: host.engine.send_once(key, request).await? })
}

#[tauri::command]
async fn send_now(host: State<'_, Host>, thread: ThreadId) -> Answer<()> {
    host.engine.send_now(&thread).await
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
async fn copy_item(app: AppHandle<Wry>, host: State<'_, Host>, thread: ThreadId, item: ItemId) -> Answer<()> {
    let text = host.engine.item_text(&thread, &item).await?;
    copy(&app, text)
}

#[tauri::command]
async fn copy_text(app: AppHandle<Wry>, text: String) -> Answer<()> {
    copy(&app, text)
}

pub(crate) fn copy(app: &AppHandle<Wry>, text: String) -> Answer<()> {
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
async fn open_logs(app: AppHandle<Wry>, host: State<'_, Host>) -> Answer<()> {
    links::open_logs(&app, host.logs.as_deref())
}

/// Ends the program, unless the keychain keeps what it has: then nothing is forgotten.
#[tauri::command]
async fn forget_everything(
    app: AppHandle<Wry>,
    host: State<'_, Host>,
    forgetting: State<'_, Forgetting>,
) -> Answer<()> {
    host.engine.forget_secrets().await?;
    forgetting.begin();
    app.exit(0);
    Ok(())
}

#[tauri::command]
async fn set_appearance(host: State<'_, Host>, appearance: Appearance) -> Answer<()> {
    host.engine.set_appearance(appearance).await
}

#[tauri::command]
fn about(app: AppHandle<Wry>, host: State<'_, Host>) -> About {
    host.about(updates::source(&app, &host.engine))
}

#[tauri::command]
async fn check_for_update(app: AppHandle<Wry>, host: State<'_, Host>) -> Answer<Option<NewVersion>> {
    updates::check(&app, &host.engine).await
}

#[tauri::command]
async fn update_at_start(app: AppHandle<Wry>, host: State<'_, Host>) -> Answer<Option<NewVersion>> {
    updates::at_start(&app, &host.engine).await
}

#[tauri::command]
async fn install_update(app: AppHandle<Wry>, host: State<'_, Host>) -> Answer<()> {
    updates::install(&app, &host.engine).await
}

#[tauri::command]
async fn set_update_check(host: State<'_, Host>, check: UpdateCheck) -> Answer<()> {
    host.engine.set_update_check(check).await
}

#[tauri::command]
async fn set_when_unreachable(host: State<'_, Host>, choice: WhenUnreachable) -> Answer<()> {
    host.engine.set_when_unreachable(choice).await
}

#[tauri::command]
async fn set_patience(host: State<'_, Host>, patience: Patience) -> Answer<()> {
    host.engine.set_patience(patience).await
}

#[tauri::command]
async fn crash_report(host: State<'_, Host>) -> Answer<Option<CrashReport>> {
    Ok(host.reports.newest())
}

#[tauri::command]
async fn keep_crash_reports(host: State<'_, Host>) -> Answer<()> {
    host.reports.keep().map_err(|error| reports_stay(&error))
}

#[tauri::command]
async fn delete_crash_reports(host: State<'_, Host>) -> Answer<()> {
    host.reports.delete().map_err(|error| reports_stay(&error))
}

fn reports_stay(error: &std::io::Error) -> Failure {
    let words =
        "The report could not be changed. It stays in the data folder, under “reports”, and can be deleted there.";
    Failure::new(FailureCode::DiskFull, words).with_detail(error.to_string())
}

/// The page's script has run, and there is something to see.
#[tauri::command]
fn ready(window: WebviewWindow, watchdog: State<'_, Watchdog>) {
    watchdog.ready();
    window::show(&window);
}

/// The page has drawn itself where it can be seen.
#[tauri::command]
fn drawn(watchdog: State<'_, Watchdog>, launch: State<'_, Launch>) {
    watchdog.drawn(&launch);
}

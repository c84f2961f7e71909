//! The commands for files of messages. Which files those are, the person says: in the system's dialog, by letting them go over
//! the window, or by pasting.

use engine::{
    FileSource, LARGEST_PASTED,
    view::{DraftFile, Dragged, FileTarget},
};
use model::{ConnectionId, DraftFileId, Failure, FailureCode, ThreadId};
use tauri::{
    State, WebviewWindow, Wry,
    ipc::{Channel, InvokeBody, Request, Response},
};

use crate::{
    commands::Answer,
    drops::Drops,
    files,
    pasted::{self, Pasted},
    pictures::packed,
    start::Host,
    subscriptions::Subscriptions,
};

#[tauri::command]
pub fn subscribe_drops(drops: State<'_, Drops>, open: State<'_, Subscriptions>, channel: Channel<Dragged>) -> u32 {
    open.forward(drops.subscribe(), channel)
}

#[tauri::command]
pub async fn attach_picked(
    window: WebviewWindow<Wry>,
    host: State<'_, Host>,
    target: FileTarget,
) -> Answer<Vec<DraftFile>> {
    let paths = files::pick_all(&window, "Add files").await?;
    if paths.is_empty() {
        return Ok(Vec::new());
    }
    host.engine.attach(&target, paths.into_iter().map(FileSource::Path).collect()).await
}

#[tauri::command]
pub async fn attach_dropped(
    host: State<'_, Host>,
    drops: State<'_, Drops>,
    target: FileTarget,
    drop: u32,
) -> Answer<Vec<DraftFile>> {
    let paths = drops.take(drop).ok_or_else(|| {
        Failure::new(FailureCode::Unknown, "What was dropped is not known any more. Drop the files again.")
    })?;
    host.engine.attach(&target, paths.into_iter().map(FileSource::Path).collect()).await
}

/// What the web view keeps from its page of what the person pastes.
#[tauri::command]
pub async fn attach_pasted(
    window: WebviewWindow<Wry>,
    host: State<'_, Host>,
    target: FileTarget,
) -> Answer<Vec<DraftFile>> {
    match pasted::read(&window).await? {
        Pasted::Files(paths) => host.engine.attach(&target, paths.into_iter().map(FileSource::Path).collect()).await,
        Pasted::Picture(name, bytes) => Ok(vec![host.engine.attach_bytes(&target, name, bytes).await?]),
        Pasted::Nothing => Ok(Vec::new()),
    }
}

/// The bytes are the body of the call, since they are many; what belongs to them stands in its headers, percent-encoded.
#[tauri::command]
pub async fn attach_bytes(host: State<'_, Host>, request: Request<'_>) -> Answer<DraftFile> {
    let wrong = || Failure::new(FailureCode::Internal, "What was pasted did not arrive. Paste it again.");
    let InvokeBody::Raw(bytes) = request.body() else { return Err(wrong()) };
    if bytes.len() > LARGEST_PASTED {
        let words = "This is too large to be pasted. Save it as a file, and add that.";
        return Err(Failure::new(FailureCode::TooLarge, words));
    }
    let header = |name: &str| {
        let value = request.headers().get(name)?.to_str().ok()?;
        let mut pairs = url::form_urlencoded::parse(value.as_bytes());
        pairs.next().map(|(value, _)| value.into_owned())
    };
    let connection = ConnectionId::new(header("kittiwake-connection").ok_or_else(wrong)?);
    let thread = header("kittiwake-thread").map(ThreadId::new);
    let name = header("kittiwake-name").unwrap_or_default();
    host.engine.attach_bytes(&FileTarget { connection, thread }, &name, bytes.clone()).await
}

#[tauri::command]
pub async fn remove_attachment(host: State<'_, Host>, file: DraftFileId) -> Answer<()> {
    host.engine.remove_attachment(&file)
}

#[tauri::command]
pub async fn retry_attachment(host: State<'_, Host>, file: DraftFileId) -> Answer<()> {
    host.engine.retry_attachment(&file).await
}

#[tauri::command]
pub async fn attachment_preview(host: State<'_, Host>, file: DraftFileId) -> Answer<Response> {
    let picture = host.engine.attachment_preview(&file).await;
    Ok(Response::new(picture.as_ref().map(packed).unwrap_or_default()))
}

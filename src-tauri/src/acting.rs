//! The commands for what the person does with items, each one line around the engine, and what the desktop does for tools.

use engine::{
    Desk,
    view::{Consent, WidgetAction},
};
use model::{ConnectionId, Failure, ItemId, StructuredAnswer, ThreadId};
use tauri::{AppHandle, Manager, State, UserAttentionType, Wry};

use crate::{
    commands::{Answer, copy},
    links,
    start::Host,
    window,
};

#[tauri::command]
pub async fn widget_action(host: State<'_, Host>, thread: ThreadId, item: ItemId, action: WidgetAction) -> Answer<()> {
    host.engine.widget_action(&thread, &item, action).await
}

#[tauri::command]
pub async fn answer_questions(
    host: State<'_, Host>,
    thread: ThreadId,
    item: ItemId,
    answer: StructuredAnswer,
) -> Answer<()> {
    host.engine.answer_questions(&thread, &item, answer).await
}

#[tauri::command]
pub async fn answer_tool_call(host: State<'_, Host>, thread: ThreadId, item: ItemId, consent: Consent) -> Answer<()> {
    host.engine.answer_tool_call(&thread, &item, consent).await
}

#[tauri::command]
pub async fn forget_tool(host: State<'_, Host>, connection: ConnectionId, tool: String) -> Answer<()> {
    host.engine.forget_tool(&connection, &tool)
}

/// The desktop, as tools use it: through the same doors as the window.
pub struct OnDesktop(pub AppHandle<Wry>);

impl Desk for OnDesktop {
    fn open_link(&self, url: &str) -> Result<(), Failure> {
        links::open(&self.0, url)
    }

    fn copy_text(&self, text: &str) -> Result<(), Failure> {
        copy(&self.0, text.to_owned())
    }

    fn call_attention(&self) {
        let Some(window) = self.0.get_webview_window(window::LABEL) else { return };
        if !window.is_focused().unwrap_or(true) {
            // Where the system has no such sign, the message stands in the window all the same.
            let _ = window.request_user_attention(Some(UserAttentionType::Informational));
        }
    }
}

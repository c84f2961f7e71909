//! The desktop host: one window around the engine. It wires and converts, and decides nothing.

#![cfg_attr(all(windows, not(debug_assertions)), windows_subsystem = "windows")]

mod commands;
mod links;
mod rendering;
mod start;
mod store;
mod subscriptions;
mod window;

use std::process::ExitCode;

use tauri::{RunEvent, async_runtime};

use crate::start::Host;

fn main() -> ExitCode {
    rendering::choose();
    let app = tauri::Builder::default()
        .plugin(tauri_plugin_clipboard_manager::init())
        .plugin(tauri_plugin_opener::init())
        .plugin(tauri_plugin_store::Builder::default().build())
        .manage(subscriptions::Subscriptions::default())
        .setup(|app| {
            start::start(app)?;
            window::open(app)?;
            Ok(())
        })
        .invoke_handler(commands::handler())
        .build(tauri::generate_context!());
    let app = match app {
        Ok(app) => app,
        Err(error) => {
            eprintln!("Kittiwake cannot start: {error}");
            return ExitCode::FAILURE;
        }
    };
    let code = app.run_return(|app, event| {
        if let RunEvent::Exit = event {
            async_runtime::block_on(Host::close(app));
        }
    });
    ExitCode::from(u8::try_from(code).unwrap_or(1))
}

//! The desktop host: one window around the engine. It wires and converts, and decides nothing.

#![cfg_attr(all(windows, not(debug_assertions)), windows_subsystem = "windows")]

#[cfg(target_os = "linux")]
mod acting;
mod attachments;
mod caret;
mod catalogue;
mod commands;
mod composing;
mod connections;
mod display;
mod drops;
mod erase;
mod files;
mod instance;
mod launch;
mod links;
mod options;
mod pasted;
mod pictures;
mod place;
mod rendering;
mod routes;
mod start;
mod store;
mod subscriptions;
mod updates;
mod watchdog;
mod window;
mod wire;

use std::process::ExitCode;

use tauri::{Manager, RunEvent, async_runtime};

use crate::{
    erase::{Forgetting, Places},
    launch::Launch,
    place::Place,
    start::Host,
    watchdog::Watchdog,
};

fn main() -> ExitCode {
    let mut launch = Launch::read();
    let failures = launch.reports().on_panic();
    launch.begin_log();
    launch.safe = rendering::choose(&launch.data_dir);
    if let Err(why) = display::open() {
        eprintln!("Kittiwake cannot start: {why}");
        // The next start is not to think that drawing ended this one.
        rendering::got_through(&launch.data_dir);
        return ExitCode::FAILURE;
    }
    let redactor = launch.redactor.clone();
    let context = tauri::generate_context!();
    let mut builder = tauri::Builder::default();
    // Before everything else: a second start ends here.
    if let Some(plugin) = instance::plugin(&launch, &context.config().identifier) {
        builder = builder.plugin(plugin);
    }
    let app = updates::plug(builder, &context)
        .plugin(tauri_plugin_clipboard_manager::init())
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_opener::init())
        .plugin(tauri_plugin_store::Builder::default().build())
        .manage(subscriptions::Subscriptions::default())
        .manage(drops::Drops::default())
        .manage(Forgetting::default())
        .manage(Watchdog::new(launch.reports()))
        .manage(Place::open(&launch.data_dir))
        .manage(launch)
        .setup(|app| {
            // The window first: its processes start while the data is opened. Its page asks for nothing before this ends.
            window::open(app)?;
            start::start(app, failures)?;
            Ok(())
        })
        .invoke_handler(commands::handler())
        .build(context);
    let app = match app {
        Ok(app) => app,
        Err(error) => {
            eprintln!("Kittiwake cannot start: {}", redactor.clean(&error.to_string()));
            return ExitCode::FAILURE;
        }
    };
    let handle = app.handle().clone();
    let code = app.run_return(|app, event| {
        if let RunEvent::Exit = event {
            end(app);
        }
    });
    if handle.state::<Forgetting>().is_wanted() {
        Places::of(&handle).erase();
    } else if let Some(why) = handle.state::<Watchdog>().again() {
        rendering::start_safely(why);
    }
    ExitCode::from(u8::try_from(code).unwrap_or(1))
}

/// Everything is on disk after this.
fn end(app: &tauri::AppHandle) {
    async_runtime::block_on(Host::close(app));
    if app.state::<Forgetting>().is_wanted() {
        async_runtime::block_on(Host::forget_secrets(app));
        return;
    }
    app.state::<Place>().save();
    rendering::got_through(&app.state::<Launch>().data_dir);
}

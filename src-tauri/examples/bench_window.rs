//! A window of the same Tauri with none of our code in it, for `cargo xtask bench`: what Kittiwake's own window is held
//! against, and where rendering is measured.
//!
//! `bench_window empty.html` shows an empty page with one field, `bench_window http://127.0.0.1:PORT/PAGE` a page that
//! the bench serves.

use std::{env, process::ExitCode};

use tauri::{Url, WebviewUrl, WebviewWindowBuilder};

fn main() -> ExitCode {
    let page = env::args().nth(1).unwrap_or_else(|| "empty.html".to_owned());
    let page = Url::parse(&page).map_or(WebviewUrl::App(page.into()), WebviewUrl::External);
    let run = tauri::Builder::default()
        .setup(|app| {
            WebviewWindowBuilder::new(app, "bench", page).title("Bench").build()?;
            Ok(())
        })
        .run(tauri::generate_context!("examples/bench_window/tauri.conf.json"));
    if let Err(error) = run {
        eprintln!("the window cannot be opened: {error}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

//! Embeds the window's files, and makes one permission of every command, so that a window may call only what its
//! capability names.

/// Every command of `commands.rs` and `options.rs`; `capabilities/main.json` grants them.
const COMMANDS: &[&str] = &[
    "about",
    "ack",
    "add_connection",
    "check_connection",
    "check_for_update",
    "connection_forms",
    "connection_values",
    "copy_item",
    "copy_text",
    "crash_report",
    "delete_crash_reports",
    "delete_thread",
    "disable_connection",
    "draft",
    "drawn",
    "export_connection",
    "feedback",
    "forget_everything",
    "import_connection",
    "install_update",
    "keep_crash_reports",
    "load_older",
    "local_servers",
    "map_text",
    "open_link",
    "open_logs",
    "order_connections",
    "ready",
    "refresh_threads",
    "remove_connection",
    "rename_thread",
    "restore_thread",
    "retry",
    "retry_with_less",
    "save_draft",
    "search",
    "send",
    "send_now",
    "set_appearance",
    "set_patience",
    "set_thread_options",
    "set_update_check",
    "set_when_unreachable",
    "sign_in",
    "sign_out",
    "stop",
    "subscribe_app",
    "subscribe_thread",
    "test_connection",
    "test_draft",
    "thread_models",
    "thread_options",
    "token_length",
    "unsubscribe",
    "update_at_start",
    "update_connection",
];

fn main() {
    let manifest = tauri_build::AppManifest::new().commands(COMMANDS);
    if let Err(error) = tauri_build::try_build(tauri_build::Attributes::new().app_manifest(manifest)) {
        println!("cargo:warning={error:#}");
        std::process::exit(1);
    }
}

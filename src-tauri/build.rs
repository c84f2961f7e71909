//! Embeds the window's files, and makes one permission of every command, so that a window may call only what its
//! capability names.

/// Every command of `commands.rs`; `capabilities/main.json` grants them.
const COMMANDS: &[&str] = &[
    "about",
    "ack",
    "add_connection",
    "ask_next",
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
    "export_route",
    "feedback",
    "forget_everything",
    "import_connection",
    "import_route",
    "install_update",
    "keep_crash_reports",
    "load_older",
    "open_link",
    "open_logs",
    "order_connections",
    "put_route",
    "ready",
    "refresh_threads",
    "remove_connection",
    "remove_route",
    "rename_thread",
    "restore_thread",
    "retry",
    "save_draft",
    "search",
    "send",
    "set_appearance",
    "set_update_check",
    "set_when_unreachable",
    "sign_in",
    "sign_out",
    "stop",
    "subscribe_app",
    "subscribe_thread",
    "test_connection",
    "test_draft",
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

//! One window for each data folder: a second start shows the first one's and ends.
//!
//! Another folder is another Kittiwake. Where two starts cannot find each other, as on Linux without a session bus, both
//! open a window; the local store bears that.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    path::Path,
};

use tauri::{Manager, Wry, plugin::TauriPlugin};

use crate::{launch::Launch, window};

/// The plugin that finds the first start, unless this one is to be left alone.
pub fn plugin(launch: &Launch, identifier: &str) -> Option<TauriPlugin<Wry>> {
    // Only the session bus knows a name for each folder; elsewhere there is one name for all of Kittiwake.
    if launch.chosen.is_some() && !cfg!(target_os = "linux") {
        return None;
    }
    let name = bus_name(identifier, launch.chosen.is_some().then_some(&launch.data_dir));
    let raise = |app: &tauri::AppHandle<Wry>, _arguments, _folder| {
        if let Some(window) = app.get_webview_window(window::LABEL) {
            window::raise(&window);
        }
    };
    Some(tauri_plugin_single_instance::Builder::new().callback(raise).dbus_id(name).build())
}

/// A name on the session bus: that of the program, with a part of its own for a chosen folder.
fn bus_name(identifier: &str, folder: Option<impl AsRef<Path>>) -> String {
    let Some(folder) = folder else { return identifier.to_owned() };
    let folder = folder.as_ref();
    let mut hasher = DefaultHasher::new();
    folder.canonicalize().unwrap_or_else(|_| folder.to_owned()).hash(&mut hasher);
    // A part of a name must not begin with a digit.
    format!("{identifier}.f{:016x}", hasher.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_folder_is_another_kittiwake_and_the_same_folder_the_same() {
        let dir = tempfile::tempdir().unwrap();
        let name = |folder: Option<&Path>| bus_name("app.kittiwake.desktop", folder);
        std::fs::create_dir(dir.path().join("a")).unwrap();
        let (a, again) = (dir.path().join("a"), dir.path().join("a/../a"));
        assert_eq!(name(None), "app.kittiwake.desktop");
        assert_eq!(name(Some(&a)), name(Some(&again)));
        assert_ne!(name(Some(&a)), name(Some(dir.path())));
        assert!(name(Some(&a)).starts_with("app.kittiwake.desktop.f"));
    }
}

//! The settings file, read and written by the store plugin.

use std::{io, path::Path};

use engine::SettingsFile;
use serde_json::{Map, Value};
use tauri::{AppHandle, Wry};
use tauri_plugin_store::StoreExt;

/// The settings file in the hands of the plugin.
pub struct PluginStore(pub AppHandle<Wry>);

impl SettingsFile for PluginStore {
    fn load(&self, path: &Path) -> io::Result<Map<String, Value>> {
        let store = self.0.store(path).map_err(io::Error::other)?;
        Ok(store.entries().into_iter().collect())
    }

    fn save(&self, path: &Path, content: &Map<String, Value>) -> io::Result<()> {
        let store = self.0.store(path).map_err(io::Error::other)?;
        // What nobody chooses any more is not to come back.
        for key in store.keys().iter().filter(|key| !content.contains_key(*key)) {
            store.delete(key);
        }
        for (key, value) in content {
            store.set(key, value.clone());
        }
        store.save().map_err(io::Error::other)
    }
}

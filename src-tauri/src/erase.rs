//! *Forget everything*: what Kittiwake keeps is removed when the program ends, since it is in use until then.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
};

use tauri::{AppHandle, Manager, Wry};

use crate::launch::Launch;

/// With what the names of our own files and folders in the data folder begin. Somebody may have chosen a folder that
/// holds other things as well.
const OWN: &[&str] = &[
    "guide.",
    "history.",
    "logs",
    "models.",
    "reports",
    "safe-rendering.",
    "settings.",
    "starting.",
    "tools.",
    "window.",
];

/// Whether everything is to be forgotten when the program ends.
#[derive(Debug, Default)]
pub struct Forgetting(AtomicBool);

impl Forgetting {
    /// From now on it is.
    pub fn begin(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether it is.
    pub fn is_wanted(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// The places in which something is kept.
pub struct Places {
    /// The data folder, of which only our own files are removed.
    data_dir: PathBuf,
    /// The web view's folder where somebody chose another data folder. It is the usual data folder as well, and what is
    /// ours in it then belongs to another Kittiwake.
    web: Option<PathBuf>,
    /// Folders of which nothing stays.
    whole: Vec<PathBuf>,
}

impl Places {
    /// Those of this run. The web view's folders are the same for every data folder.
    pub fn of(app: &AppHandle<Wry>) -> Self {
        let launch = app.state::<Launch>();
        let paths = app.path();
        let mut whole: Vec<_> = paths.app_cache_dir().into_iter().collect();
        let mut web = paths.app_local_data_dir().ok();
        if launch.chosen.is_none() {
            whole.push(launch.data_dir.clone());
            whole.extend(web.take());
        }
        Self { data_dir: launch.data_dir.clone(), web, whole }
    }

    /// Removes everything. What cannot be removed is said on standard error, and the rest is.
    pub fn erase(&self) {
        let own = entries(&self.data_dir).filter(|path| is_own(path));
        let web = self.web.iter().flat_map(|web| entries(web)).filter(|path| !is_own(path));
        for path in own.chain(web).collect::<Vec<_>>().iter().chain(&self.whole) {
            if let Err(error) = remove(path) {
                eprintln!("“{}” could not be removed: {error}. Remove it by hand.", path.display());
            }
        }
    }
}

fn entries(folder: &Path) -> impl Iterator<Item = PathBuf> {
    fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path())
}

fn is_own(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    OWN.iter().any(|start| name.starts_with(start))
}

fn remove(path: &Path) -> io::Result<()> {
    let removed = match fs::symlink_metadata(path) {
        Ok(found) if found.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(error) => Err(error),
    };
    match removed {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_ours_goes_and_what_is_not_stays() {
        let (chosen, web) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let cache = web.path().join("cache");
        for folder in [cache.join("a"), chosen.path().join("logs"), chosen.path().join("photos")] {
            fs::create_dir_all(folder).unwrap();
        }
        let files = [
            "history.sqlite",
            "history.sqlite-wal",
            "guide.sqlite",
            "settings.json",
            "settings.last-good.json",
            "settings.damaged-1.json",
            "history.damaged-1.sqlite",
            "window.json",
            "models.json",
            "models.last-good.json",
            "logs/a.log",
            "diary.txt",
        ];
        for file in files {
            fs::write(chosen.path().join(file), "x").unwrap();
        }
        fs::write(web.path().join("history.sqlite"), "of another Kittiwake").unwrap();
        fs::write(web.path().join("storage"), "x").unwrap();
        let places = Places {
            data_dir: chosen.path().to_owned(),
            web: Some(web.path().to_owned()),
            whole: vec![cache.clone(), web.path().join("never made")],
        };
        places.erase();
        places.erase();
        let mut left: Vec<_> = fs::read_dir(chosen.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, ["diary.txt", "photos"]);
        let left: Vec<_> = fs::read_dir(web.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left, ["history.sqlite"]);
    }
}

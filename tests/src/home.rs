//! The folders and the environment that a program of a test has in place of a person's own.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use tempfile::TempDir;

/// A person's folders: nothing of the machine's own is read or written.
pub struct Home {
    dir: TempDir,
    /// A folder of programs before all others.
    programs: Option<PathBuf>,
    /// What else stands in the environment.
    variables: Vec<(String, String)>,
}

impl Home {
    /// Empty folders.
    pub fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        for folder in ["run", "data", "config", "cache"] {
            fs::create_dir(dir.path().join(folder)).unwrap();
        }
        // Programs refuse a run-time folder that others can read.
        #[cfg(unix)]
        fs::set_permissions(dir.path().join("run"), std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
        Self { dir, programs: None, variables: Vec::new() }
    }

    /// Gives programs a session bus, by its address. There is none otherwise.
    pub fn set_bus(&mut self, address: &str) {
        self.set_variable("DBUS_SESSION_BUS_ADDRESS", address);
    }

    /// Has programs find those of a folder before all others.
    pub fn put_first_in_path(&mut self, programs: &Path) {
        self.programs = Some(programs.to_owned());
    }

    /// Puts a variable into the environment of programs that are started from now on.
    pub fn set_variable(&mut self, name: &str, value: &str) {
        self.variables.push((name.to_owned(), value.to_owned()));
    }

    /// Where all of them are.
    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    /// Where the program keeps its data.
    pub fn data(&self) -> PathBuf {
        self.dir.path().join("kittiwake")
    }

    /// Has programs believe that it is so many seconds later than it is, or earlier. Time goes by as it does.
    pub fn set_clock(&mut self, later: i64) {
        // What else it sets is shared memory, which goes away with it.
        let names = ["LD_PRELOAD", "FAKETIME", "DONT_FAKE_MONOTONIC", "FAKETIME_DONT_FAKE_MONOTONIC"];
        let mut command = Command::new("faketime");
        command.args(["-m", "--exclude-monotonic", "-f", &format!("{later:+}"), "env"]);
        let told = command.stdin(Stdio::null()).output().expect("faketime is missing: `cargo xtask test` installs it");
        let told = String::from_utf8_lossy(&told.stdout).into_owned();
        let variables = told.lines().filter_map(|line| line.split_once('='));
        let wanted = variables.filter(|(name, _)| names.contains(name));
        self.variables.retain(|(name, _)| !names.contains(&name.as_str()));
        self.variables.extend(wanted.map(|(name, value)| (name.to_owned(), value.to_owned())));
        assert!(self.variables.iter().any(|(name, _)| name == "LD_PRELOAD"), "faketime sets no library: {told}");
    }

    /// Gives a program these folders, and nothing of the machine's own.
    pub fn apply(&self, command: &mut Command) {
        let path = |name: &str| self.dir.path().join(name);
        command
            .env("HOME", self.dir.path())
            .env("XDG_RUNTIME_DIR", path("run"))
            .env("XDG_DATA_HOME", path("data"))
            .env("XDG_CONFIG_HOME", path("config"))
            .env("XDG_CACHE_HOME", path("cache"))
            .env("KITTIWAKE_DATA_DIR", self.data())
            .env("GDK_BACKEND", "x11")
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .env_remove("DBUS_SESSION_BUS_ADDRESS")
            .env_remove("WAYLAND_DISPLAY");
        if let Some(programs) = &self.programs {
            let path = env::var_os("PATH").unwrap_or_default();
            let all = std::iter::once(programs.clone()).chain(env::split_paths(&path));
            command.env("PATH", env::join_paths(all).unwrap());
        }
        command.envs(self.variables.iter().cloned());
    }
}

impl Default for Home {
    fn default() -> Self {
        Self::new()
    }
}

//! A home of the tests' own: the person's data, keychain and display are out of their reach.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    node,
    shell::{Result, Stop},
};

/// What would lead to the person's session.
const SESSION: &[&str] = &[
    "DISPLAY",
    "WAYLAND_DISPLAY",
    "XAUTHORITY",
    "DBUS_SESSION_BUS_ADDRESS",
    "GNOME_KEYRING_CONTROL",
    "SESSION_MANAGER",
    "SSH_AUTH_SOCK",
    "XDG_CURRENT_DESKTOP",
];

/// Beginnings of what would change how Kittiwake behaves.
const OURS: &[&str] = &["KITTIWAKE_", "CUSTOM_BACKEND_", "CUSTOM_MODEL"];

/// What of these the person may choose for the tests.
const KEPT: &[&str] = &["KITTIWAKE_PEER_PYTHON"];

/// A folder under the system's temporary one, since sockets in it need short paths. Dropping it removes it.
pub struct Home {
    dir: PathBuf,
}

impl Home {
    pub fn new() -> Result<Self> {
        let dir = env::temp_dir().join(format!("kittiwake-test-{}", std::process::id()));
        let home = Self { dir };
        home.make().map_err(|error| Stop::because(format!("could not make {}: {error}", home.dir.display())))?;
        Ok(home)
    }

    /// Where it is.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Lets a program live in it, with the person's tools but without their session.
    pub fn apply(&self, command: &mut Command) {
        for name in SESSION {
            command.env_remove(name);
        }
        for (name, _) in env::vars_os() {
            let name = name.to_string_lossy();
            if OURS.iter().any(|beginning| name.starts_with(beginning)) && !KEPT.contains(&&*name) {
                command.env_remove(&*name);
            }
        }
        command.env("HOME", &self.dir);
        for (name, folder) in FOLDERS {
            command.env(name, self.dir.join(folder));
        }
        if let Some(home) = env::home_dir() {
            for (name, folder) in [("CARGO_HOME", ".cargo"), ("RUSTUP_HOME", ".rustup")] {
                command.env(name, env::var_os(name).unwrap_or_else(|| home.join(folder).into()));
            }
        }
        command.envs(node::settings());
        // The tests' servers are on loopback, whatever the way to the world is.
        for name in ["NO_PROXY", "no_proxy"] {
            let given = env::var(name).map(|given| format!("{given},")).unwrap_or_default();
            command.env(name, format!("{given}localhost,127.0.0.1,::1"));
        }
    }

    fn make(&self) -> io::Result<()> {
        let _ = fs::remove_dir_all(&self.dir);
        for folder in std::iter::once("").chain(FOLDERS.iter().map(|(_, folder)| *folder)) {
            private(&self.dir.join(folder))?;
        }
        Ok(())
    }
}

const FOLDERS: [(&str, &str); 6] = [
    ("XDG_RUNTIME_DIR", "run"),
    ("XDG_DATA_HOME", "data"),
    ("XDG_CONFIG_HOME", "config"),
    ("XDG_CACHE_HOME", "cache"),
    ("XDG_STATE_HOME", "state"),
    ("TMPDIR", "tmp"),
];

impl Drop for Home {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.dir);
    }
}

/// A folder that nobody else may look into, as XDG_RUNTIME_DIR must be.
fn private(dir: &Path) -> io::Result<()> {
    fs::create_dir_all(dir)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(dir, fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_session_is_out_of_reach_and_the_tools_are_not() {
        let home = Home::new().unwrap();
        let mut command = Command::new("x");
        home.apply(&mut command);
        let env: Vec<_> = command.get_envs().map(|(name, value)| (name.to_str().unwrap(), value)).collect();
        assert!(env.contains(&("DBUS_SESSION_BUS_ADDRESS", None)) && env.contains(&("DISPLAY", None)));
        assert!(env.contains(&("HOME", Some(home.dir.as_os_str()))));
        let cargo = env.iter().find(|(name, _)| *name == "CARGO_HOME").and_then(|(_, value)| *value).unwrap();
        assert!(!Path::new(cargo).starts_with(&home.dir));
        let dir = home.dir.clone();
        assert!(dir.join("run").is_dir());
        drop(home);
        assert!(!dir.exists());
    }
}

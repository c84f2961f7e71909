//! A real gnome-keyring on a session bus of its own, in the folders of a test.

use std::{
    io::Write,
    process::{Child, Command, Stdio},
};

use crate::{
    desktop::Home,
    program::{Bus, until},
};

/// A keychain that is unlocked. Dropping it ends the keychain and the bus.
pub struct Keyring {
    bus: Bus,
    daemon: Child,
}

impl Keyring {
    /// Starts it, and waits until it can be asked.
    pub fn unlocked(home: &Home) -> Self {
        let bus = Bus::start();
        let mut command = Command::new("gnome-keyring-daemon");
        home.apply(&mut command);
        command.args(["--foreground", "--unlock", "--components=secrets"]);
        command.env("DBUS_SESSION_BUS_ADDRESS", &bus.address).env_remove("GNOME_KEYRING_CONTROL");
        let daemon = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let mut daemon = daemon.expect("gnome-keyring-daemon is missing: `cargo xtask test` installs it");
        // The password is read to the end of the input.
        daemon.stdin.take().unwrap().write_all(b"password").unwrap();
        until("the keychain is on the bus", || bus.has("org.freedesktop.secrets").then_some(()));
        Self { bus, daemon }
    }

    /// Lets a program find it.
    pub fn apply(&self, command: &mut Command) {
        command.env("DBUS_SESSION_BUS_ADDRESS", &self.bus.address);
    }
}

impl Drop for Keyring {
    fn drop(&mut self) {
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
    }
}

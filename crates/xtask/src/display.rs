//! A display of the tests' own.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

use crate::shell::{Result, Stop, not_started};

/// An X server in memory. Dropping it ends it.
pub struct Display {
    server: Child,
    /// What DISPLAY is to be.
    pub name: String,
}

impl Display {
    /// Starts a server on a number that is free.
    pub fn start() -> Result<Self> {
        let mut command = Command::new("Xvfb");
        command.args(["-displayfd", "1", "-screen", "0", "1440x900x24", "-nolisten", "tcp", "-noreset"]);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut server = command.spawn().map_err(|error| not_started(&command, &error))?;
        let mut number = String::new();
        let read = server.stdout.take().map(|out| BufReader::new(out).read_line(&mut number));
        let display = Self { server, name: format!(":{}", number.trim()) };
        if matches!(read, Some(Ok(1..))) { Ok(display) } else { Err(Stop::because("Xvfb did not start")) }
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

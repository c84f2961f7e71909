//! Programs whose output is kept, with a sign of life while they run.

use std::{
    io::{self, BufRead, BufReader, IsTerminal, Read, Write},
    process::{Command, Stdio},
    sync::mpsc::{self, RecvTimeoutError, Sender},
    thread,
    time::{Duration, Instant},
};

use crate::{
    progress::elapsed,
    shell::{Result, not_started},
};

/// How often a terminal is told that the program still runs.
const TICK: Duration = Duration::from_secs(1);

/// How often a log is.
const LOG_TICK: Duration = Duration::from_secs(30);

/// How long output is waited for after the program has ended: what it left running may hold the pipe open.
const GRACE: Duration = Duration::from_secs(2);

/// What a program did.
pub struct Captured {
    /// Standard output and standard error, as they came.
    pub lines: Vec<String>,
    pub success: bool,
    pub took: Duration,
}

/// Runs a program to its end, without input.
pub fn capture(command: &mut Command) -> Result<Captured> {
    let started = Instant::now();
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| not_started(command, &error))?;
    let (sender, received) = mpsc::channel();
    read(child.stdout.take(), sender.clone());
    read(child.stderr.take(), sender);

    let mut lines = Vec::new();
    let mut alive = Alive::new(started);
    let mut ended: Option<(bool, Instant)> = None;
    loop {
        match received.recv_timeout(Duration::from_millis(100)) {
            Ok(line) => lines.push(line),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
        alive.tell(lines.last());
        if ended.is_none() {
            let status = child.try_wait().map_err(|error| not_started(command, &error))?;
            ended = status.map(|status| (status.success(), Instant::now()));
        }
        if ended.is_some_and(|(_, at)| at.elapsed() > GRACE) {
            break;
        }
    }
    alive.clear();
    let success = match ended {
        Some((success, _)) => success,
        None => child.wait().map_err(|error| not_started(command, &error))?.success(),
    };
    Ok(Captured { lines, success, took: started.elapsed() })
}

fn read(from: Option<impl Read + Send + 'static>, sender: Sender<String>) {
    let Some(from) = from else { return };
    thread::spawn(move || {
        let mut from = BufReader::new(from);
        let mut line = Vec::new();
        while matches!(from.read_until(b'\n', &mut line), Ok(1..)) {
            let text = plain(String::from_utf8_lossy(&line).trim_end_matches(['\n', '\r']));
            if sender.send(text).is_err() {
                return;
            }
            line.clear();
        }
    });
}

/// A line without the sequences that colour it: some tools colour whatever they are written to.
fn plain(line: &str) -> String {
    let mut pieces = line.split("\x1b[");
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |text, piece| {
        text + piece.split_once(|letter: char| letter.is_ascii_alphabetic()).map_or("", |(_, rest)| rest)
    })
}

/// One line that is written over on a terminal, a line now and then in a log.
struct Alive {
    started: Instant,
    told: Instant,
    terminal: bool,
    shown: bool,
}

impl Alive {
    fn new(started: Instant) -> Self {
        Self { started, told: started, terminal: io::stderr().is_terminal(), shown: false }
    }

    fn tell(&mut self, last: Option<&String>) {
        let tick = if self.terminal { TICK } else { LOG_TICK };
        if self.told.elapsed() < tick {
            return;
        }
        self.told = Instant::now();
        let last: String = last
            .map(|line| line.trim().chars().filter(|letter| !letter.is_control()).take(80).collect())
            .unwrap_or_default();
        let line = format!("      {}  {last}", elapsed(self.started.elapsed()));
        if self.terminal {
            eprint!("\r\x1b[2K{line}");
            let _ = io::stderr().flush();
            self.shown = true;
        } else {
            eprintln!("{line}");
        }
    }

    fn clear(&self) {
        if self.shown {
            eprint!("\r\x1b[2K");
        }
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Captured {
        capture(Command::new("sh").args(["-c", script])).unwrap()
    }

    #[test]
    fn both_outputs_are_kept_and_the_end_is_known() {
        let captured = shell("echo out; echo err >&2; printf 'no line break'; exit 3");
        assert!(!captured.success);
        let mut lines = captured.lines;
        lines.sort();
        assert_eq!(lines, ["err", "no line break", "out"]);
        assert!(shell("exit 0").success);
    }

    #[test]
    fn colours_are_taken_off() {
        assert_eq!(plain("\x1b[2m      Tests \x1b[22m \x1b[1m\x1b[31m1 failed\x1b[39m"), "      Tests  1 failed");
        assert_eq!(plain("no colour [0m here"), "no colour [0m here");
    }

    #[test]
    fn what_a_program_leaves_running_is_not_waited_for() {
        let captured = shell("sleep 60 & echo $!");
        assert!(captured.success && captured.took < Duration::from_secs(30));
        let _ = Command::new("kill").arg(&captured.lines[0]).status();
    }

    #[test]
    fn a_program_that_is_not_there_is_named() {
        let stop = capture(&mut Command::new("no-such-program")).err().unwrap();
        assert!(stop.message.contains("no-such-program"));
    }
}

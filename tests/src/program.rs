//! The desktop program as the system sees it: started by the test itself, which can then look at its processes, stop one
//! of them, and attach a driver to the window that it has by then.

use std::{
    fs,
    io::{BufRead, BufReader},
    net::TcpListener,
    path::PathBuf,
    process::{Child, Command, ExitStatus, Stdio},
    time::{Duration, Instant},
};

use crate::desktop::{Desktop, Home, program};

/// How long a test waits for a process to do something.
const PATIENCE: Duration = Duration::from_secs(60);

/// The running program.
pub struct Program {
    child: Child,
    /// Where a driver can reach its web view.
    target: String,
}

impl Program {
    /// Starts the program. Nothing is waited for.
    pub fn start(home: &Home) -> Self {
        Self::start_with(home, |_| {})
    }

    /// The same with more arguments or variables.
    pub fn start_with(home: &Home, with: impl FnOnce(&mut Command)) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let target = format!("127.0.0.1:{port}");
        let mut command = Command::new(program());
        home.apply(&mut command);
        command.env("WEBKIT_INSPECTOR_SERVER", &target).stdin(Stdio::null()).stdout(Stdio::null());
        with(&mut command);
        Self { child: command.spawn().unwrap(), target }
    }

    /// A driver for the window, once it can be used. The program goes on when the driver is gone.
    pub async fn window(&self, journey: &'static str, home: &Home) -> Desktop {
        Desktop::attach(journey, home, &self.target).await
    }

    /// Its number.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// The process that draws the page, once there is one that is none of `gone`.
    pub fn page(&self, gone: &[u32]) -> u32 {
        until("a process draws the page", || {
            children(self.child.id())
                .into_iter()
                .find(|id| name(*id).starts_with("WebKitWebProces") && !gone.contains(id) && !is_over(*id))
        })
    }

    /// The value of a variable in the program's environment.
    pub fn variable(&self, name: &str) -> Option<String> {
        let environment = fs::read(format!("/proc/{}/environ", self.child.id())).unwrap_or_default();
        let entries = environment.split(|byte| *byte == 0).map(String::from_utf8_lossy);
        entries.filter_map(|entry| entry.strip_prefix(&format!("{name}="))?.to_owned().into()).next()
    }

    /// Waits until the program has ended by itself.
    pub fn ended(mut self) -> ExitStatus {
        until("the program ends", || self.child.try_wait().unwrap())
    }

    /// Whether it still runs.
    pub fn runs(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A session bus of the test's own.
pub struct Bus {
    daemon: Child,
    /// For `DBUS_SESSION_BUS_ADDRESS`.
    pub address: String,
}

impl Bus {
    /// Starts it.
    pub fn start() -> Self {
        Self::start_with(|command| {
            command.arg("--session");
        })
    }

    /// Starts one in other surroundings, which the services have that it starts, or of another configuration.
    pub fn start_with(with: impl FnOnce(&mut Command)) -> Self {
        let mut command = Command::new("dbus-daemon");
        command.args(["--nofork", "--print-address=1"]);
        with(&mut command);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut daemon = command.spawn().expect("dbus-daemon is missing: `cargo xtask test` installs it");
        let mut address = String::new();
        BufReader::new(daemon.stdout.take().unwrap()).read_line(&mut address).unwrap();
        Self { daemon, address: address.trim().to_owned() }
    }

    /// Whether somebody on it has that name.
    pub fn has(&self, name: &str) -> bool {
        let asked = Command::new("dbus-send")
            .args([&format!("--bus={}", self.address), "--print-reply", "--dest=org.freedesktop.DBus", "/"])
            .args(["org.freedesktop.DBus.NameHasOwner", &format!("string:{name}")])
            .output()
            .expect("dbus-send is missing: `cargo xtask test` installs it");
        String::from_utf8_lossy(&asked.stdout).contains("boolean true")
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
    }
}

/// Sends a signal to a process, by its name, such as `STOP`.
pub fn signal(process: u32, signal: &str) {
    let sent = Command::new("kill").args([format!("-{signal}"), process.to_string()]).status().unwrap();
    assert!(sent.success() || is_over(process), "no signal {signal} to {process}");
}

/// Waits until there is an answer.
pub fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(start.elapsed() < PATIENCE, "never: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// The processes that a process has started.
pub(crate) fn children(parent: u32) -> Vec<u32> {
    let tasks = fs::read_dir(format!("/proc/{parent}/task")).into_iter().flatten().flatten();
    let lists = tasks.filter_map(|task| fs::read_to_string(task.path().join("children")).ok());
    lists.flat_map(|list| list.split_whitespace().filter_map(|id| id.parse().ok()).collect::<Vec<_>>()).collect()
}

fn name(process: u32) -> String {
    fs::read_to_string(format!("/proc/{process}/comm")).unwrap_or_default()
}

/// Whether a process has ended; its parent need not have noticed.
pub(crate) fn is_over(process: u32) -> bool {
    let stat = fs::read_to_string(PathBuf::from(format!("/proc/{process}/stat"))).unwrap_or_default();
    stat.rsplit_once(") ").is_none_or(|(_, rest)| rest.starts_with('Z'))
}

//! Two hosts with a wire between them, made of network namespaces: what is cut here is cut as networks are, without a word.

use std::{
    fs::{self, File},
    process::{Command, Output, Stdio},
    thread::{self, JoinHandle},
};

use nix::sched::{CloneFlags, setns};

/// The prefix of both addresses: private, and of nobody else's.
const PREFIX: &str = "fd6b:7764:7761:6b65";

/// Two hosts that know IPv6 only.
pub struct Wire {
    near: String,
    far: String,
}

impl Wire {
    /// Whether it can be made. It needs Linux, `ip`, and the right to make namespaces; where it cannot be, this says so.
    pub fn wanted() -> bool {
        if std::env::var_os("KITTIWAKE_TEST_FAST").is_some() {
            eprintln!("left out: KITTIWAKE_TEST_FAST is set, and this test needs network namespaces");
            return false;
        }
        let name = format!("kw-probe-{}", std::process::id());
        let made = run(&["netns", "add", &name]);
        let allowed = made.as_ref().is_ok_and(|output| output.status.success());
        if allowed {
            let _ = run(&["netns", "delete", &name]);
        } else {
            let why = made.map_or_else(|error| error.to_string(), |output| text(&output.stderr));
            eprintln!("left out: no network namespaces can be made here: {}", why.trim());
        }
        allowed
    }

    /// Makes it; both ends are up.
    pub fn new() -> Self {
        let id = std::process::id();
        let wire = Self { near: format!("kw-near-{id}"), far: format!("kw-far-{id}") };
        let (near, far) = (wire.near.as_str(), wire.far.as_str());
        ip(&["netns", "add", near]);
        ip(&["netns", "add", far]);
        let wide = &["link", "add", "wire", "netns", near, "type", "veth", "peer", "name", "wire", "netns", far];
        ip(wide);
        wire.up_near();
        wire.up_far();
        for host in [near, far] {
            ip(&["-n", host, "link", "set", "lo", "up"]);
        }
        wire
    }

    /// The address of the far host, as it stands in a URL.
    pub fn far_address() -> String {
        format!("[{PREFIX}::2]")
    }

    /// Cuts the wire at the far end. Nobody is told.
    pub fn cut(&self) {
        ip(&["-n", &self.far, "link", "set", "wire", "down"]);
    }

    /// The near host loses its network, and its address with it.
    pub fn unplug(&self) {
        ip(&["-n", &self.near, "link", "set", "wire", "down"]);
    }

    /// Both ends are there again.
    pub fn mend(&self) {
        self.up_far();
        self.up_near();
    }

    fn up_near(&self) {
        up(&self.near, "1");
    }

    fn up_far(&self) {
        up(&self.far, "2");
    }

    /// Does something on the near host, in a thread of its own and with a runtime of its own.
    pub fn near<T: Send + 'static>(&self, work: impl AsyncFnOnce() -> T + Send + 'static) -> JoinHandle<T> {
        on(&self.near, work)
    }

    /// The same on the far host.
    pub fn far<T: Send + 'static>(&self, work: impl AsyncFnOnce() -> T + Send + 'static) -> JoinHandle<T> {
        on(&self.far, work)
    }
}

impl Default for Wire {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        // The wire goes away with its ends.
        for host in [&self.near, &self.far] {
            let _ = run(&["netns", "delete", host]);
        }
    }
}

fn on<T: Send + 'static>(host: &str, work: impl AsyncFnOnce() -> T + Send + 'static) -> JoinHandle<T> {
    let namespace = File::open(format!("/run/netns/{host}")).unwrap();
    thread::spawn(move || {
        // Of this thread, and of those that it starts.
        setns(namespace, CloneFlags::CLONE_NEWNET).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(work())
    })
}

/// Has an end of the wire up, with its address; at once, since nobody else can have it.
fn up(host: &str, end: &str) {
    ip(&["-n", host, "link", "set", "wire", "up"]);
    ip(&["-n", host, "address", "replace", &format!("{PREFIX}::{end}/64"), "dev", "wire", "nodad"]);
}

fn ip(arguments: &[&str]) {
    let output = run(arguments).unwrap();
    assert!(output.status.success(), "ip {arguments:?}: {}", text(&output.stderr));
}

fn run(arguments: &[&str]) -> std::io::Result<Output> {
    Command::new("ip").args(arguments).stdin(Stdio::null()).output()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// How much of a core's time this process has taken, in hundredths of a second.
pub fn time_taken() -> u64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap();
    // The name, in brackets, may hold anything.
    let rest = stat.rsplit_once(") ").unwrap().1;
    let fields: Vec<&str> = rest.split(' ').collect();
    fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
}

//! A real ChatKit server, on the official SDK, in a process of its own.
//!
//! `tests/peers/chatkit_server.py` is the server, `tests/peers/script.py` tells which messages make it do what.
//! `cargo xtask test` makes the Python environment that it needs.

use std::{
    env,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{OnceLock, mpsc},
    thread,
    time::Duration,
};

use serde_json::Value;

/// How long Python may take to import the SDK. It takes two seconds on an idle machine and far more on a busy one.
const START_LIMIT: Duration = Duration::from_secs(120);

/// How long [`Peer::until_waiting`] looks before it gives up.
const GATE_LIMIT: Duration = Duration::from_secs(30);

/// The older versions of the SDK on which servers still run, beside the newest one of `requirements.txt`.
pub const OLDER_SDKS: [&str; 2] = ["1.0.2", "1.4.0"];

/// The server's process. Dropping it ends the process; so does the end of the test's own process.
pub struct Peer {
    /// Where the protocol is spoken.
    pub url: String,
    /// The bearer token that it wants.
    pub token: String,
    base: String,
    child: Child,
}

impl Peer {
    /// Whether tests with a peer are to run. False under `cargo xtask test --fast`; then it says so.
    pub fn wanted() -> bool {
        let fast = env::var_os("KITTIWAKE_TEST_FAST").is_some();
        if fast {
            eprintln!("left out: KITTIWAKE_TEST_FAST is set, and this test needs the ChatKit peer");
        }
        !fast
    }

    /// Starts a server of its own for one test, with nothing stored.
    ///
    /// # Panics
    /// When the Python environment is not there, or the server does not come up; the message says what to do.
    pub fn start() -> Self {
        Self::start_of("chatkit_server.py", &own_token(), "")
    }

    /// The same on an SDK of another version: one of [`OLDER_SDKS`], or the newest, which every other peer has.
    ///
    /// # Panics
    /// As [`Peer::start`].
    pub fn on_sdk(version: &str) -> Self {
        if !OLDER_SDKS.contains(&version) {
            return Self::start();
        }
        let folder = format!("target/peers/chatkit-{version}");
        let sdk = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(&folder);
        assert!(
            sdk.join("chatkit").is_dir(),
            "the ChatKit SDK {version} is missing ({folder}): run `cargo xtask test` once, which puts it there, or set \
             KITTIWAKE_TEST_FAST to leave these tests out"
        );
        // It stands before the newest one, and runs with the same packages otherwise.
        Self::started("chatkit_server.py", &own_token(), &[("PYTHONPATH", &sdk.to_string_lossy())])
    }

    /// The version of the SDK that it runs on.
    pub async fn sdk(&self) -> String {
        self.state().await["sdk"].as_str().unwrap().to_owned()
    }

    /// The same, wanting a token of the test's choice.
    ///
    /// # Panics
    /// As [`Peer::start`].
    pub fn with_token(token: &str) -> Self {
        Self::start_of("chatkit_server.py", token, "")
    }

    /// Starts backends that know no ChatKit, as people write them for themselves: `tests/peers/custom_server.py` says which
    /// there are, each at the [`Peer::address`] of its path.
    ///
    /// # Panics
    /// As [`Peer::start`].
    pub fn custom() -> Self {
        Self::started("custom_server.py", &own_token(), &[])
    }

    /// Starts servers that make mistakes with sessions and credentials: `tests/peers/mistakes_session.py` says which there
    /// are, each at the [`Peer::address`] of its path.
    ///
    /// # Panics
    /// As [`Peer::start`].
    pub fn of_session_mistakes() -> Self {
        Self::started("mistakes_session.py", &own_token(), &[])
    }

    /// A JSON Web Token of theirs that ends in so many seconds.
    pub async fn web_token(&self, seconds: i64) -> String {
        reqwest::get(self.address(&format!("/debug/token/{seconds}"))).await.unwrap().json().await.unwrap()
    }

    /// Starts backends that each make one mistake when they answer; `tests/peers/mistakes_answer.py` says which there are.
    ///
    /// # Panics
    /// As [`Peer::start`].
    pub fn of_mistakes() -> Self {
        Self::started("mistakes_answer.py", &own_token(), &[])
    }

    /// What such backends were asked so far: the path and the body of each question.
    pub async fn asked(&self) -> Vec<(String, Value)> {
        reqwest::get(self.address("/debug/asked")).await.unwrap().json().await.unwrap()
    }

    /// Starts a backend of its own for one test that wants a session first: the token is for `/api/sessions` and
    /// `/api/refresh`, and the protocol is for whoever carries a secret of theirs.
    ///
    /// # Panics
    /// As [`Peer::start`].
    pub fn with_sessions() -> Self {
        Self::start_of("session_server.py", &own_token(), "")
    }

    /// The same with a token of the test's choice, and secrets that end with its mark.
    ///
    /// # Panics
    /// As [`Peer::start`].
    pub fn with_marked_sessions(token: &str, mark: &str) -> Self {
        Self::start_of("session_server.py", token, mark)
    }

    /// The same for whom an OpenID provider knows.
    ///
    /// # Panics
    /// As [`Peer::start`].
    pub fn of_issuer(issuer: &str) -> Self {
        Self::started("session_server.py", &own_token(), &[("KITTIWAKE_PEER_ISSUER", issuer)])
    }

    /// A server behind a gateway that wants to see a header, `Name: value`.
    ///
    /// # Panics
    /// As [`Peer::start`].
    pub fn behind_gateway(header: &str) -> Self {
        Self::started("chatkit_server.py", &own_token(), &[("KITTIWAKE_PEER_HEADER", header)])
    }

    /// Starts a chat backend over WebSockets of its own for one test, on a port where another one was before, or on any.
    ///
    /// # Panics
    /// As [`Peer::start`].
    pub fn over_websockets(port: Option<u16>) -> Self {
        Self::started_at(port.unwrap_or(0), "ws_server.py", &own_token(), &[])
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.base.rsplit(':').next().and_then(|port| port.parse().ok()).expect("an address with a port")
    }

    /// The WebSockets of such a backend: how many are `open`, at the `most`, were `made` and `refused`, and the closing
    /// `codes` of those that ended.
    pub async fn sockets(&self) -> Value {
        reqwest::get(self.address("/debug/sockets")).await.unwrap().json().await.unwrap()
    }

    /// Returns when so many WebSockets are open.
    pub async fn until_open(&self, count: u64) {
        let wait = async {
            while self.sockets().await["open"] != count {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let found = tokio::time::timeout(GATE_LIMIT, wait).await;
        assert!(found.is_ok(), "never {count} WebSockets: {}", self.sockets().await);
    }

    fn start_of(script: &str, token: &str, mark: &str) -> Self {
        Self::started(script, token, &[("KITTIWAKE_PEER_MARK", mark)])
    }

    fn started(script: &str, token: &str, more: &[(&str, &str)]) -> Self {
        Self::started_at(0, script, token, more)
    }

    fn started_at(port: u16, script: &str, token: &str, more: &[(&str, &str)]) -> Self {
        let token = token.to_owned();
        let mut child = Command::new(python())
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("peers").join(script))
            .arg(port.to_string())
            .env("KITTIWAKE_PEER_TOKEN", &token)
            .envs(more.iter().copied())
            .env("KITTIWAKE_PEER_UNTIL_EOF", "1")
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("Python starts");
        let port = port_of(&mut child);
        let base = format!("http://127.0.0.1:{port}");
        Self { url: format!("{base}/chatkit"), token, base, child }
    }

    /// One server for all tests of a file that do not mind each other's threads. It starts once.
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<Peer> = OnceLock::new();
        SHARED.get_or_init(Self::start)
    }

    /// All that the server stores: `{"threads": [{…, "items": […]}], "feedback": […], "waiting": […]}`, with the items
    /// that it hides from clients, oldest first.
    pub async fn state(&self) -> Value {
        reqwest::get(format!("{}/debug/state", self.base)).await.unwrap().json().await.unwrap()
    }

    /// The stored items of one thread, oldest first, hidden ones included. Empty when there is no such thread.
    pub async fn items(&self, thread: &str) -> Vec<Value> {
        let state = self.state().await;
        let threads = state["threads"].as_array().unwrap();
        let found = threads.iter().find(|one| one["id"] == thread);
        found.map(|one| one["items"].as_array().unwrap().clone()).unwrap_or_default()
    }

    /// Lets the answer to `/gate NAME` go on.
    pub async fn open(&self, gate: &str) {
        let url = format!("{}/debug/open/{gate}", self.base);
        reqwest::Client::new().post(url).send().await.unwrap().error_for_status().unwrap();
    }

    /// Returns when an answer stands at the gate.
    pub async fn until_waiting(&self, gate: &str) {
        self.until(&format!("nobody waits at the gate {gate}"), |state| waits_at(state, gate)).await;
    }

    /// Returns when no answer stands at the gate any more: it was opened, or the client went away.
    pub async fn until_left(&self, gate: &str) {
        self.until(&format!("somebody still waits at the gate {gate}"), |state| !waits_at(state, gate)).await;
    }

    /// An address of the server, by its path.
    pub fn address(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// Has a server with sessions do something: `mistake/null`, `live/30`, `expire`.
    pub async fn tell(&self, what: &str) {
        let url = self.address(&format!("/debug/{what}"));
        reqwest::Client::new().post(url).send().await.unwrap().error_for_status().unwrap();
    }

    /// How many sessions were made so far, and how many of these in the place of another one.
    pub async fn sessions(&self) -> (u64, u64) {
        let counts: Value = reqwest::get(self.address("/debug/sessions")).await.unwrap().json().await.unwrap();
        (counts["made"].as_u64().unwrap(), counts["refreshed"].as_u64().unwrap())
    }

    /// Every secret that a server with sessions has given.
    pub async fn secrets(&self) -> Vec<String> {
        reqwest::get(self.address("/debug/secrets")).await.unwrap().json().await.unwrap()
    }

    /// When each session was made, in seconds on a clock of the server's.
    pub async fn made_at(&self) -> Vec<f64> {
        let counts: Value = reqwest::get(self.address("/debug/sessions")).await.unwrap().json().await.unwrap();
        counts["at"].as_array().unwrap().iter().map(|at| at.as_f64().unwrap()).collect()
    }

    /// Returns when so many sessions were made.
    pub async fn until_made(&self, count: usize) {
        let wait = async {
            while self.made_at().await.len() < count {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        tokio::time::timeout(GATE_LIMIT, wait).await.unwrap_or_else(|_| panic!("never {count} sessions"));
    }

    /// Ends the server in the middle of whatever it does.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    async fn until(&self, complaint: &str, holds: impl Fn(&Value) -> bool) {
        let wait = async {
            while !holds(&self.state().await) {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(GATE_LIMIT, wait).await.unwrap_or_else(|_| panic!("{complaint}"));
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A token that no other test uses.
fn own_token() -> String {
    format!("peer-{}-{:?}", std::process::id(), thread::current().id())
}

fn waits_at(state: &Value, gate: &str) -> bool {
    state["waiting"].as_array().is_some_and(|names| names.iter().any(|name| name == gate))
}

/// The Python with the ChatKit SDK and the `openai` client.
pub(crate) fn python() -> PathBuf {
    python_of("KITTIWAKE_PEER_PYTHON", "venv", "requirements.txt")
}

/// The Python that a variable names, or else that of a folder under `target/peers`.
pub(crate) fn python_of(variable: &str, folder: &str, requirements: &str) -> PathBuf {
    if let Some(chosen) = env::var_os(variable) {
        return chosen.into();
    }
    let bin = if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" };
    let python = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/peers").join(folder).join(bin);
    assert!(
        python.exists(),
        "the Python environment of a peer is missing ({}): run `cargo xtask test` once, which makes it, or set {variable} to \
         a Python with tests/peers/{requirements} installed, or set KITTIWAKE_TEST_FAST to leave these tests out",
        python.display()
    );
    python
}

/// Waits for the line `READY <port>`.
pub(crate) fn port_of(child: &mut Child) -> u16 {
    let out = BufReader::new(child.stdout.take().expect("standard output is piped"));
    let (sender, line) = mpsc::channel();
    thread::spawn(move || {
        // Read on to the end: a full pipe would stop the server.
        for line in out.lines().map_while(Result::ok) {
            let _ = sender.send(line);
        }
    });
    let first = line.recv_timeout(START_LIMIT);
    let port = first.ok().and_then(|text| text.strip_prefix("READY ")?.trim().parse().ok());
    port.unwrap_or_else(|| {
        let _ = child.kill();
        panic!("the peer did not come up within {START_LIMIT:?}; what it said stands above")
    })
}

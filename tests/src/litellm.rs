//! LiteLLM's proxy, an OpenAI-compatible server with both of OpenAI's protocols, and the official client of these.
//!
//! `tests/peers/litellm.yaml` says what it answers. `cargo xtask test` makes the two Python environments that this needs.

use std::{
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::OnceLock,
};

use serde_json::Value;

use crate::peer::{Peer, port_of, python, python_of};

/// What it wants as a key.
pub const KEY: &str = "sk-kittiwake-litellm";

/// The proxy's process. It ends with that of the test.
pub struct Litellm {
    /// The address of its API.
    pub url: String,
    child: Child,
}

impl Litellm {
    /// Whether tests with it are to run. False under `cargo xtask test --fast`; then it says so.
    pub fn wanted() -> bool {
        Peer::wanted()
    }

    /// The one proxy of a file of tests: it takes a while to start.
    ///
    /// # Panics
    ///
    /// When its Python environment is not there, or it does not come up; the message says what to do.
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<Litellm> = OnceLock::new();
        SHARED.get_or_init(Self::start)
    }

    fn start() -> Self {
        let mut child =
            Command::new(python_of("KITTIWAKE_LITELLM_PYTHON", "litellm", "litellm-requirements.txt --no-deps"))
                .arg(script("litellm_proxy.py"))
                .env("KITTIWAKE_PEER_TOKEN", KEY)
                .env("KITTIWAKE_PEER_UNTIL_EOF", "1")
                .env("PYTHONDONTWRITEBYTECODE", "1")
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .spawn()
                .expect("Python starts");
        let port = port_of(&mut child);
        Self { url: format!("http://127.0.0.1:{port}/v1"), child }
    }

    /// What the official client reads when it says “Hello” to models, each in a dialect, `chat` or `responses`.
    pub async fn read_by_client(&self, models: &[(&str, &str)], key: &str) -> Vec<Value> {
        let output = tokio::process::Command::new(python())
            .arg(script("openai_client.py"))
            .arg(&self.url)
            .args(models.iter().map(|(dialect, model)| format!("{dialect}/{model}")))
            .env("OPENAI_API_KEY", key)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stderr(Stdio::inherit())
            .output()
            .await
            .unwrap();
        let lines = String::from_utf8(output.stdout).unwrap();
        let read: Vec<_> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(read.len(), models.len(), "the client prints what it read");
        read
    }
}

impl Drop for Litellm {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("peers").join(name)
}

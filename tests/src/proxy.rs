//! Proxies: a real one, and one that answers by itself.

use std::{
    env, fs,
    io::{BufRead, BufReader},
    net::TcpListener,
    process::{Child, Command, Stdio},
};

use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt},
    sync::mpsc,
};

/// A tinyproxy on a port of its own. It ends with the value.
pub struct Tinyproxy {
    /// Its address.
    pub url: String,
    child: Child,
    _dir: TempDir,
}

impl Tinyproxy {
    /// Whether tests with other programs are to run. False under `cargo xtask test --fast`; then it says so.
    pub fn wanted() -> bool {
        let fast = env::var_os("KITTIWAKE_TEST_FAST").is_some();
        if fast {
            eprintln!("left out: KITTIWAKE_TEST_FAST is set, and this test needs tinyproxy");
        }
        !fast
    }

    /// A proxy that lets everybody through, or only who knows this user name and password.
    ///
    /// # Panics
    ///
    /// When it cannot be started.
    pub fn start(login: Option<(&str, &str)>) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let login = login.map(|(user, password)| format!("BasicAuth {user} {password}\n")).unwrap_or_default();
        let config = format!("Port {port}\nListen 127.0.0.1\nTimeout 60\nMaxClients 20\nLogLevel Info\n{login}");
        let file = dir.path().join("tinyproxy.conf");
        fs::write(&file, config).unwrap();
        let mut child = Command::new("tinyproxy")
            .arg("-d")
            .arg("-c")
            .arg(&file)
            .stdout(Stdio::piped())
            .spawn()
            .expect("tinyproxy is not installed: apt-get install tinyproxy-bin");
        let log = BufReader::new(child.stdout.take().unwrap());
        let mut lines = log.lines().map_while(Result::ok);
        assert!(lines.any(|line| line.contains("Accepting connections")), "tinyproxy did not start");
        // Somebody has to read on: what nobody reads stops it.
        std::thread::spawn(move || lines.for_each(drop));
        Self { url: format!("http://127.0.0.1:{port}"), child, _dir: dir }
    }
}

impl Drop for Tinyproxy {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A server, or what stands in its place, that writes down what it was asked for and answers always the same.
pub struct Same {
    /// Its address.
    pub url: String,
    asked: mpsc::UnboundedReceiver<String>,
}

impl Same {
    /// A server on a port of its own, with the whole of what it answers.
    pub async fn start(answer: String) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (sender, asked) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let mut socket = tokio::io::BufReader::new(socket);
                let mut head = String::new();
                while !head.ends_with("\r\n\r\n") && socket.read_line(&mut head).await.unwrap() > 0 {}
                sender.send(head.to_lowercase()).unwrap();
                let _ = socket.write_all(answer.as_bytes()).await;
                // Whatever else was said is heard before the end, which would otherwise be a reset.
                let _ = socket.get_mut().shutdown().await;
                let _ = socket.read_to_end(&mut Vec::new()).await;
            }
        });
        Self { url, asked }
    }

    /// The heads of the requests since the last time, in lower case.
    pub fn asked(&mut self) -> Vec<String> {
        std::iter::from_fn(|| self.asked.try_recv().ok()).collect()
    }
}

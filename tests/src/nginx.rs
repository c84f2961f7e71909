//! A real nginx, as it stands in front of servers.

use std::{
    env, fs,
    io::{BufRead, BufReader},
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
};

use tempfile::TempDir;

/// Where systems have it that leave it out of people's `PATH`.
const APART: &str = "/usr/sbin/nginx";

/// An nginx on a port of its own, under https. It ends with the value, and needs nobody's rights.
pub struct Nginx {
    /// Its address, without a path. Its certificate is for whatever the test says.
    pub url: String,
    child: Child,
    dir: TempDir,
}

/// How an nginx differs from the usual one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speaks {
    /// HTTP/1.1 alone.
    Http1,
    /// HTTP/2, too.
    Http2,
}

impl Nginx {
    /// Whether tests with other programs are to run. False under `cargo xtask test --fast`; then it says so.
    pub fn wanted() -> bool {
        let fast = env::var_os("KITTIWAKE_TEST_FAST").is_some();
        if fast {
            eprintln!("left out: KITTIWAKE_TEST_FAST is set, and this test needs nginx");
        }
        !fast
    }

    /// An nginx with a certificate and its key, both in PEM, and with more in its `server` block, such as a `location`.
    ///
    /// # Panics
    ///
    /// When it cannot be started; the message has what it said.
    pub fn start(speaks: Speaks, certificate: &str, key: &str, more: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let file = |name: &str, text: &str| fs::write(dir.path().join(name), text).unwrap();
        file("server.pem", certificate);
        file("server.key", key);
        file("nginx.conf", &config(dir.path(), port, speaks, more));
        let program = if Path::new(APART).exists() { APART } else { "nginx" };
        let mut child = Command::new(program)
            .args(["-e", "stderr", "-c", "nginx.conf", "-p"])
            .arg(dir.path())
            .stdin(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("nginx is not installed: apt-get install nginx-light");
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
        let mut said = Vec::new();
        // It listens before it says how it waits for callers.
        let listens = lines.by_ref().inspect(|line| said.push(line.clone())).any(|line| line.contains("event method"));
        assert!(listens, "nginx did not start: {said:?}");
        // Somebody has to read on: what nobody reads stops it.
        std::thread::spawn(move || lines.for_each(drop));
        Self { url: format!("https://localhost:{port}"), child, dir }
    }

    /// A line for each request that has ended: the protocol, the status, the path, and whether a client certificate was
    /// shown (`SUCCESS`, `NONE`, `FAILED:…`).
    pub fn log(&self) -> Vec<String> {
        let text = fs::read_to_string(self.dir.path().join("access.log")).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    /// Returns when a request has ended that such a line tells of.
    pub async fn until_logged(&self, line: &str) {
        while !self.log().iter().any(|logged| logged == line) {
            tokio::task::yield_now().await;
        }
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// One process, in the foreground, that writes nowhere but into its folder.
fn config(dir: &Path, port: u16, speaks: Speaks, more: &str) -> String {
    let http2 = if speaks == Speaks::Http2 { " http2" } else { "" };
    let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
    let temporary: String = temporary.iter().map(|name| format!("  {name}_temp_path {name};\n")).collect();
    let dir = dir.display();
    format!(
        "daemon off;\nmaster_process off;\npid nginx.pid;\nerror_log stderr notice;\nevents {{}}\n\
         http {{\n{temporary}  log_format told '$server_protocol $status $uri $ssl_client_verify';\n  \
         access_log {dir}/access.log told;\n  server {{\n    listen 127.0.0.1:{port} ssl{http2};\n    \
         ssl_certificate {dir}/server.pem;\n    ssl_certificate_key {dir}/server.key;\n    \
         default_type application/json;\n{more}\n  }}\n}}\n"
    )
}

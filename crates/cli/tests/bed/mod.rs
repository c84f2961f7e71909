//! A place to run the program in, and servers for it to talk to.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Output, Stdio},
    sync::mpsc::{Receiver, channel},
    thread,
};

use tempfile::TempDir;

/// Folders of its own for everything that a program could write to.
pub struct Bed {
    pub home: TempDir,
    pub data: TempDir,
    pub tmp: TempDir,
}

impl Bed {
    pub fn new() -> Self {
        let dir = || TempDir::new().unwrap();
        Self { home: dir(), data: dir(), tmp: dir() }
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kittiwake-cli"));
        command.args(args).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        for variable in ["XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "http_proxy"] {
            command.env_remove(variable);
        }
        command.env("NO_PROXY", "127.0.0.1").env("HOME", self.home.path()).env("TMPDIR", self.tmp.path());
        command.env("KITTIWAKE_DATA_DIR", self.data.path());
        command
    }

    pub fn run(&self, args: &[&str]) -> Ran {
        Ran::from(self.command(args).output().unwrap())
    }

    /// Runs with something piped in.
    pub fn run_with(&self, args: &[&str], input: &str) -> Ran {
        let mut child = self.command(args).stdin(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        Ran::from(child.wait_with_output().unwrap())
    }

    pub fn spawn(&self, args: &[&str]) -> Child {
        self.command(args).spawn().unwrap()
    }

    /// Nothing but the data folder was written to.
    pub fn assert_clean(&self) {
        for dir in [&self.home, &self.tmp] {
            assert_eq!(names(dir.path()), [""; 0]);
        }
    }
}

pub fn names(dir: &Path) -> Vec<String> {
    dir.read_dir().unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

/// What came of a run.
#[derive(Debug)]
pub struct Ran {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Self { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }
}

/// A request as a server saw it.
pub struct Request {
    pub head: String,
    pub body: serde_json::Value,
}

/// A server that answers each request with what `answer` makes of it, and then closes the connection.
pub struct Server {
    pub url: String,
    pub requests: Receiver<Request>,
}

impl Server {
    pub fn new(answer: impl Fn(&Request, &mut TcpStream) + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/chatkit", listener.local_addr().unwrap());
        let (sender, requests) = channel();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let Some(request) = read(&stream) else { continue };
                answer(&request, &mut stream);
                if sender.send(request).is_err() {
                    return;
                }
            }
        });
        Self { url, requests }
    }

    /// A server with one answer to everything.
    pub fn always(answer: impl Into<String>) -> Self {
        let answer = answer.into();
        Self::new(move |_, stream| {
            let _ = stream.write_all(answer.as_bytes());
        })
    }
}

fn read(stream: &TcpStream) -> Option<Request> {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head).ok()? == 0 {
            return None;
        }
    }
    let length = head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length:")?.trim().parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body).ok()?;
    Some(Request { head, body: serde_json::from_slice(&body).unwrap_or_default() })
}

/// An answer with a status and a type.
pub fn answer(status: &str, kind: &str, body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}")
}

/// An event stream that ends as it should.
pub fn stream(events: &[serde_json::Value]) -> String {
    answer("200 OK", "text/event-stream", &frames(events))
}

/// The head of an event stream that goes on until the connection is closed.
pub const OPEN_STREAM: &str =
    "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n";

/// A piece of such a stream.
pub fn chunk(events: &[serde_json::Value]) -> String {
    let frames = frames(events);
    format!("{:x}\r\n{frames}\r\n", frames.len())
}

fn frames(events: &[serde_json::Value]) -> String {
    events.iter().map(|event| format!("data: {event}\n\n")).collect()
}

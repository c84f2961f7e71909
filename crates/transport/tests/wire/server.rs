//! A server that writes exactly the bytes that a test tells it, when it tells it.

use std::time::Duration;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use transport::{Http, Limits, Plain, Request, Route};

/// The head of a chunked stream of events.
pub const EVENTS: &str =
    "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\ntransfer-encoding: chunked\r\n\r\n";
/// The end of a chunked body.
pub const END: &str = "0\r\n\r\n";

pub struct Server {
    listener: TcpListener,
}

impl Server {
    pub async fn start() -> Self {
        Self { listener: TcpListener::bind("127.0.0.1:0").await.unwrap() }
    }

    pub fn url(&self) -> reqwest::Url {
        format!("http://{}/chatkit", self.listener.local_addr().unwrap()).parse().unwrap()
    }

    pub fn post(&self) -> Request {
        Request::post(self.url(), r#"{"type":"x"}"#).header("content-type", "application/json")
    }

    /// The next request, read to its end.
    pub async fn next(&self) -> Exchange {
        let (socket, _) = self.listener.accept().await.unwrap();
        let mut exchange = Exchange { socket, head: String::new(), body: Vec::new() };
        exchange.read().await;
        exchange
    }

    /// Takes a call, speaks something that is neither HTTP nor TLS, and hangs up.
    pub async fn greet_and_close(&self) {
        let (mut socket, _) = self.listener.accept().await.unwrap();
        socket.write_all(b"220 mail.example ESMTP\r\n").await.unwrap();
        socket.shutdown().await.unwrap();
    }

    /// Whether nobody else has called.
    pub async fn is_quiet(&self) -> bool {
        tokio::time::timeout(Duration::from_millis(50), self.listener.accept()).await.is_err()
    }
}

pub struct Exchange {
    socket: TcpStream,
    pub head: String,
    pub body: Vec<u8>,
}

impl Exchange {
    async fn read(&mut self) {
        let mut all = Vec::new();
        let end = loop {
            if let Some(at) = all.windows(4).position(|window| window == b"\r\n\r\n") {
                break at + 4;
            }
            assert_ne!(self.socket.read_buf(&mut all).await.unwrap(), 0, "the request broke off");
        };
        self.head = String::from_utf8(all[..end].to_vec()).unwrap().to_ascii_lowercase();
        self.body = all.split_off(end);
        let length = self.head.lines().find_map(|line| line.strip_prefix("content-length: "));
        let length: usize = length.map_or(0, |length| length.parse().unwrap());
        while self.body.len() < length {
            self.socket.read_buf(&mut self.body).await.unwrap();
        }
    }

    pub async fn write(&mut self, bytes: impl AsRef<[u8]>) {
        self.socket.write_all(bytes.as_ref()).await.unwrap();
    }

    /// The next request on the same connection.
    pub async fn again(&mut self) -> &mut Self {
        self.read().await;
        self
    }

    /// Writes if the other side still listens.
    pub async fn try_write(&mut self, bytes: &[u8]) -> bool {
        self.socket.write_all(bytes).await.is_ok()
    }

    pub async fn chunk(&mut self, bytes: impl AsRef<[u8]>) {
        self.write(chunk(bytes)).await;
    }

    /// Ends the connection in an orderly way.
    pub async fn close(mut self) {
        self.socket.shutdown().await.unwrap();
    }

    /// Ends the connection as a crash does.
    pub fn reset(self) {
        self.socket.set_zero_linger().unwrap();
    }

    /// Waits until the other side has gone.
    pub async fn gone(&mut self) {
        let mut rest = Vec::new();
        // Going may be orderly or not.
        let _ = self.socket.read_to_end(&mut rest).await;
        assert_eq!(rest, b"");
    }
}

pub fn chunk(bytes: impl AsRef<[u8]>) -> Vec<u8> {
    let bytes = bytes.as_ref();
    [format!("{:x}\r\n", bytes.len()).as_bytes(), bytes, b"\r\n"].concat()
}

pub fn http() -> Http {
    Http::new("kittiwake-test").unwrap()
}

/// A client that may call anyone without encryption, as far as the system's proxies lead.
pub fn plain() -> Http {
    http().over(&Route { plain: Plain::Anywhere, ..Route::default() }).unwrap()
}

/// Limits that no test runs into by accident.
pub fn patient() -> Limits {
    let long = Duration::from_secs(20);
    Limits { first_byte: long, idle: long, total: None, event_bytes: 1 << 22, body_bytes: 1 << 22 }
}

//! A connection as the server has it: its bytes, and once a message of a WebSocket was read from it, those of one.

use futures_util::StreamExt;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{Message, protocol::Role},
};

/// A connection.
pub enum Line<'a> {
    /// Nothing but bytes.
    Plain(&'a mut TcpStream),
    /// A WebSocket.
    Open(Box<WebSocketStream<&'a mut TcpStream>>),
}

impl Line<'_> {
    fn bytes(&mut self) -> &mut TcpStream {
        match self {
            Self::Plain(socket) => socket,
            Self::Open(socket) => socket.get_mut(),
        }
    }

    /// Writes.
    pub async fn write(&mut self, bytes: &[u8]) {
        // A client that went away is what many of the cases are about.
        let _ = self.bytes().write_all(bytes).await;
    }

    /// Takes so many bytes.
    pub async fn take(&mut self, length: usize) {
        let mut request = vec![0; length];
        let _ = self.bytes().read_exact(&mut request).await;
    }

    /// The next message of the WebSocket that it is from now on. Leaves of the client are answered. None at the end.
    pub async fn message(self) -> Option<Self> {
        let mut socket = match self {
            Self::Plain(bytes) => Box::new(WebSocketStream::from_raw_socket(bytes, Role::Server, None).await),
            Self::Open(socket) => socket,
        };
        while let Some(Ok(message)) = socket.next().await {
            if matches!(message, Message::Text(_)) {
                return Some(Self::Open(socket));
            }
        }
        None
    }

    /// Says no more.
    pub async fn close(&mut self) {
        let _ = self.bytes().shutdown().await;
        self.until_closed().await;
    }

    /// Goes on with nothing until the client closes.
    pub async fn until_closed(&mut self) {
        let mut rest = [0; 4096];
        while matches!(self.bytes().read(&mut rest).await, Ok(read) if read > 0) {}
    }

    /// The connection is reset once it is dropped.
    pub fn reset(&mut self) {
        let _ = self.bytes().set_zero_linger();
    }
}

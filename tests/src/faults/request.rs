//! A request as the server sees it.

use serde_json::Value;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

/// More than any request of a test has.
const LARGEST: usize = 256 * 1024;

/// The header of a handshake that is answered by what is made of it.
const KEY: &str = "sec-websocket-key";

/// A request.
#[derive(Debug)]
pub struct Asked {
    /// Its method and its path, such as `POST /chatkit`.
    pub line: String,
    /// Its body, or null if it is no JSON.
    pub body: Value,
    /// How many bytes it takes.
    pub length: usize,
    /// What a WebSocket is agreed to with, if one is asked for; otherwise nothing.
    pub accept: String,
}

impl Asked {
    /// The next request of a connection, all of which has come and none of which is taken; none if the client closes.
    pub async fn peek(socket: &TcpStream) -> Option<Self> {
        let mut buffer = vec![0; LARGEST];
        loop {
            let there = socket.peek(&mut buffer).await.ok().filter(|there| *there > 0)?;
            if let Some(asked) = Self::read(&buffer[..there]) {
                return Some(asked);
            }
            // The rest is on its way; nobody wakes whoever waits for more than there is.
            tokio::task::yield_now().await;
        }
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let body_at = bytes.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
        let head = String::from_utf8_lossy(&bytes[..body_at]).into_owned();
        let length = head.to_ascii_lowercase();
        let length = length.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok());
        let length = body_at + length.unwrap_or(0);
        let body = serde_json::from_slice(bytes.get(body_at..length)?).unwrap_or(Value::Null);
        let line = head.split(" HTTP/").next().unwrap_or_default().to_owned();
        let key =
            head.lines().filter_map(|line| line.split_once(": ")).find(|(name, _)| name.eq_ignore_ascii_case(KEY));
        let accept = key.map(|(_, key)| derive_accept_key(key.as_bytes())).unwrap_or_default();
        Some(Self { line, body, length, accept })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_there_once_all_of_it_is() {
        let whole = b"POST /x HTTP/1.1\r\nContent-Length: 7\r\n\r\n{\"a\":1}";
        for end in 0..whole.len() {
            assert!(Asked::read(&whole[..end]).is_none(), "{end}");
        }
        let asked = Asked::read(whole).unwrap();
        assert_eq!((asked.line.as_str(), asked.length), ("POST /x", whole.len()));
        assert_eq!(asked.body["a"], 1);
    }
}

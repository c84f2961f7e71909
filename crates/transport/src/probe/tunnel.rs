//! Asking a proxy for a way through to a server.

use reqwest::header::HeaderValue;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::error::ProxyTrouble;

/// The largest answer of a proxy that is read, in bytes.
const LARGEST: usize = 16 * 1024;

/// Has a proxy connect to `to`, a host and a port. What goes over the stream from then on goes there. The error has words,
/// without anything of the proxy's own.
pub(super) async fn open(
    stream: &mut TcpStream,
    to: &str,
    auth: Option<&HeaderValue>,
) -> Result<(), (ProxyTrouble, String)> {
    let refused = |words: &str| (ProxyTrouble::Refused, words.to_owned());
    let mut request = format!("CONNECT {to} HTTP/1.1\r\nHost: {to}\r\n").into_bytes();
    if let Some(auth) = auth {
        request.extend_from_slice(b"Proxy-Authorization: ");
        request.extend_from_slice(auth.as_bytes());
        request.extend_from_slice(b"\r\n");
    }
    request.extend_from_slice(b"\r\n");
    stream.write_all(&request).await.map_err(|error| refused(&error.to_string()))?;
    let mut answer = Vec::new();
    // Byte by byte: what comes after the head is the server's.
    while !answer.ends_with(b"\r\n\r\n") {
        let byte = stream.read_u8().await.map_err(|_| refused("the proxy hung up"))?;
        answer.push(byte);
        if answer.len() > LARGEST {
            return Err(refused("the proxy answered with something that is not HTTP"));
        }
    }
    let status = answer.split(|byte| *byte == b' ').nth(1).and_then(|status| std::str::from_utf8(status).ok());
    match status {
        Some(status) if status.starts_with('2') => Ok(()),
        // No server has been asked yet, so 401 is the proxy's, too: some refuse a wrong login with it.
        Some(status @ ("407" | "401")) => {
            Err((ProxyTrouble::Login, format!("it wants a user name and a password, or others (status {status})")))
        }
        Some(status) if status.len() == 3 && status.bytes().all(|byte| byte.is_ascii_digit()) => {
            Err(refused(&format!("the proxy let nobody through (status {status})")))
        }
        _ => Err(refused("the proxy answered with something that is not HTTP")),
    }
}

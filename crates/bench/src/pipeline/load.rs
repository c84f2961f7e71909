//! What is streamed: the events of one long answer, and a server on loopback that writes them as fast as they are taken.

use std::{
    io::{self, Read, Write},
    net::{TcpListener, TcpStream},
    thread,
    time::Duration,
};

use acceptance::gated;
use serde_json::Value;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use crate::Error;

/// How many deltas the answer has.
pub const EVENTS: usize = 100_000;

/// The answer's id, as long as those of the official SDK.
pub const ITEM: &str = "msg_8f3a61c2d94e4b70a5";

/// How the server cuts what it writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Writes {
    /// One event a write, as servers do.
    Events,
    /// 16 KiB a write, as a proxy that gathers.
    Pieces,
}

impl Writes {
    /// In words.
    pub fn name(self) -> &'static str {
        match self {
            Self::Events => "one event a write",
            Self::Pieces => "16 KiB a write",
        }
    }
}

/// The deltas: prose in paragraphs with some emphasis, four characters each.
pub fn deltas() -> Vec<String> {
    const SENTENCES: [&str; 6] = [
        "The colony returns to the same ledge every year, although the sea has taken part of it. ",
        "Nests are built of **mud and weed**, pressed down by feet, and dried by the wind. ",
        "A pair raises one or two chicks; see `chicks_per_nest` in the table below. ",
        "In winter they are far out at sea, where few people ever see them. ",
        "Counting them from a boat is harder than it sounds, for the cliff is white and so are they. ",
        "What is known of their voyages comes from small loggers that weigh *less than a coin*. ",
    ];
    let mut text = String::new();
    for sentence in 0.. {
        if text.len() >= EVENTS * 4 {
            break;
        }
        text.push_str(SENTENCES[(sentence * 7 + sentence / 5) % SENTENCES.len()]);
        if sentence % 5 == 4 {
            text.push_str("\n\n");
        }
    }
    text.as_bytes()[..EVENTS * 4].chunks(4).map(|four| String::from_utf8_lossy(four).into_owned()).collect()
}

/// The events as a server sends them.
#[derive(Clone)]
pub struct Load {
    /// What stands before the deltas: the thread, the person's message, the beginning of the answer.
    opening: Vec<u8>,
    /// The deltas, each with its blank line.
    pub events: Vec<Vec<u8>>,
    /// The answer whole.
    closing: Vec<u8>,
}

impl Load {
    /// The whole of it.
    pub fn new() -> Self {
        let deltas = deltas();
        let opening = gated::opening("how do kittiwakes live?").into_iter().chain([gated::added(ITEM)]);
        let answer = gated::assistant_message(ITEM, &deltas.concat());
        Self {
            opening: opening.flat_map(|event| frame(&event)).collect(),
            events: deltas.iter().map(|delta| frame(&gated::delta(ITEM, delta))).collect(),
            closing: frame(&gated::done(answer)),
        }
    }

    /// All bytes in the pieces in which they are written.
    pub fn writes(&self, writes: Writes) -> Vec<Vec<u8>> {
        let mut pieces = vec![self.opening.clone()];
        match writes {
            Writes::Events => pieces.extend(self.events.iter().cloned()),
            Writes::Pieces => pieces.extend(self.events.concat().chunks(16 * 1024).map(<[u8]>::to_vec)),
        }
        pieces.push(self.closing.clone());
        pieces
    }
}

/// An event as it is sent.
pub fn frame(event: &Value) -> Vec<u8> {
    format!("data: {event}\n\n").into_bytes()
}

/// How a server tells a turn from anything else.
#[derive(Debug, Clone, Copy)]
pub struct Manners {
    /// What stands in a request that begins a turn.
    pub turn: &'static str,
    /// What the others are answered with.
    pub other: &'static str,
}

/// Those of ChatKit.
pub const CHATKIT: Manners = Manners { turn: "threads.create", other: r#"{"data":[],"has_more":false}"# };

/// What stands before the key of a handshake.
const KEY: &[u8] = b"sec-websocket-key:";

/// A server on a thread of its own, which answers each connection's first request with the stream, or opens a WebSocket and
/// answers its first message with it.
pub struct Server {
    /// Its address.
    pub url: String,
}

impl Server {
    /// Starts it; it ends with the program.
    ///
    /// # Errors
    ///
    /// If there is no port.
    pub fn start(pieces: Vec<Vec<u8>>, manners: Manners) -> Result<Self, Error> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let url = format!("http://{}", listener.local_addr()?);
        thread::spawn(move || {
            for socket in listener.incoming().flatten() {
                // Who goes away in the middle has seen enough.
                let _ = answer(socket, &pieces, manners);
            }
        });
        Ok(Self { url })
    }
}

fn answer(mut socket: TcpStream, pieces: &[Vec<u8>], manners: Manners) -> io::Result<()> {
    socket.set_nodelay(true)?;
    socket.set_read_timeout(Some(Duration::from_secs(10)))?;
    let request = request(&mut socket)?;
    if !String::from_utf8_lossy(&request).contains(manners.turn) {
        let body = manners.other;
        let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n";
        return socket.write_all(format!("{head}content-length: {}\r\n\r\n{body}", body.len()).as_bytes());
    }
    if let Some(key) = key(&request) {
        let agreed = "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\n";
        socket.write_all(format!("{agreed}sec-websocket-accept: {}\r\n\r\n", derive_accept_key(key)).as_bytes())?;
        // The message, which is small; and what the client says at the end.
        let mut said = [0; 4096];
        let _ = socket.read(&mut said)?;
        pieces.iter().try_for_each(|piece| socket.write_all(piece))?;
        return socket.read(&mut said).map(drop);
    }
    socket.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n")?;
    pieces.iter().try_for_each(|piece| socket.write_all(piece))
}

/// The key of a handshake, if a request is one.
fn key(request: &[u8]) -> Option<&[u8]> {
    let mut lines = request.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    lines.find_map(|line| {
        let (name, key) = line.split_at_checked(KEY.len())?;
        name.eq_ignore_ascii_case(KEY).then(|| key.trim_ascii())
    })
}

/// A request with its body, which is small and says its length.
fn request(socket: &mut TcpStream) -> io::Result<Vec<u8>> {
    let (mut bytes, mut buffer) = (Vec::new(), [0; 4096]);
    loop {
        let text = String::from_utf8_lossy(&bytes).to_lowercase();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok());
            if body.len() >= length.unwrap_or(0) {
                return Ok(bytes);
            }
        }
        match socket.read(&mut buffer)? {
            0 => return Ok(bytes),
            read => bytes.extend_from_slice(&buffer[..read]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_events_are_as_large_as_those_of_real_servers() {
        let load = Load::new();
        assert_eq!(load.events.len(), EVENTS);
        let size = load.events.iter().map(Vec::len).sum::<usize>() / EVENTS;
        assert!((160..220).contains(&size), "{size} bytes");
    }

    #[test]
    fn both_ways_of_writing_are_the_same_bytes() {
        let load = Load::new();
        assert_eq!(load.writes(Writes::Events).concat(), load.writes(Writes::Pieces).concat());
    }
}

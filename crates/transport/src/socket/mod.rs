//! WebSockets: framing by tungstenite, over a connection that the HTTP client has made.

pub mod close;
mod handshake;
mod heard;

use std::{fmt, time::Duration};

use futures_util::{SinkExt, StreamExt};
use reqwest::Upgraded;
use tokio::time::{Instant, timeout, timeout_at};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        Error, Message,
        protocol::{CloseFrame, Role, WebSocketConfig, frame::coding::CloseCode},
    },
};

use self::heard::Heard;
use crate::{
    body::Clock,
    cause::chain,
    error::TransportError,
    limits::Limits,
    watch::{Seen, Watcher},
};

/// How much is read at once. Most pieces of an answer are small, and there may be many sockets.
const READ: usize = 8 * 1024;
/// How long a server may take to agree to the end.
const FAREWELL: Duration = Duration::from_secs(2);

/// How a socket is kept from being forgotten, and found dead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pulse {
    /// How long after a ping the next one is sent. The machines between forget what says nothing for a minute.
    pub every: Duration,
    /// How long nothing may come after a ping: then nobody is there.
    pub patience: Duration,
    /// The same while an answer is awaited. Servers that were written by hand often do nothing else than work on it.
    pub working: Duration,
}

impl Default for Pulse {
    fn default() -> Self {
        Self { every: Duration::from_secs(30), patience: Duration::from_secs(10), working: Duration::from_secs(60) }
    }
}

/// An open WebSocket. Dropping it cuts the connection; [`Socket::close`] takes leave first.
pub struct Socket {
    stream: WebSocketStream<Heard<Upgraded>>,
    pulse: Pulse,
    /// When the last ping was sent, or the socket was opened.
    pinged: Instant,
    /// How many pings were sent: that number is in the last one. After the first, something has to come.
    pings: u64,
    awaited: Option<Awaited>,
    /// The largest message, in bytes.
    largest: usize,
    is_over: bool,
    watch: Watcher,
}

/// An answer that is awaited.
struct Awaited {
    clock: Clock,
    /// When its latest piece came.
    last: Option<Instant>,
}

/// What is to be done when nothing comes until a time.
enum Due {
    Ping,
    GiveUp(TransportError),
}

/// What came.
enum Came {
    Text(String),
    /// The answer to the last ping.
    Pong,
    Nothing,
}

impl Socket {
    pub(crate) async fn over(connection: Upgraded, limits: &Limits, pulse: Pulse) -> Self {
        let largest = limits.event_bytes;
        let config = WebSocketConfig::default()
            .read_buffer_size(READ)
            .write_buffer_size(READ)
            .max_message_size(Some(largest))
            .max_frame_size(Some(largest));
        let stream = WebSocketStream::from_raw_socket(Heard::new(connection), Role::Client, Some(config)).await;
        Self { stream, pulse, pinged: Instant::now(), pings: 0, awaited: None, largest, is_over: false, watch: None }
    }

    /// Sends a message whose answer is awaited from now on, within the limits: the first piece within the first-byte limit,
    /// the others within the idle limit.
    ///
    /// # Errors
    ///
    /// The message has not left whole, so the server cannot have read it; and the socket is over.
    pub async fn send(&mut self, text: String, limits: &Limits) -> Result<(), TransportError> {
        self.is_usable()?;
        let clock = Clock::start(limits);
        let (deadline, late) = clock.deadline(None);
        self.awaited = Some(Awaited { clock, last: None });
        if let Some(watch) = &self.watch {
            watch.see(Seen::Sent(&text));
        }
        match timeout_at(deadline, self.stream.send(Message::text(text))).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(self.ended(error)),
            Err(_) => {
                self.is_over = true;
                Err(late)
            }
        }
    }

    /// Nothing is awaited any more: silence is no error from now on.
    pub fn rest(&mut self) {
        self.awaited = None;
    }

    /// The next message: text, or bytes that are text; other bytes are passed over. Pings are answered and sent meanwhile, so
    /// this is to be called all the time. May be dropped and called again without losing a message.
    ///
    /// # Errors
    ///
    /// The socket is over: it was closed, broke, or fell silent.
    pub async fn next(&mut self) -> Result<String, TransportError> {
        let next = self.next_text().await;
        if let Some(watch) = &self.watch {
            watch.see(match &next {
                Ok(text) => Seen::Received(text),
                Err(error) => Seen::Over(Some(error)),
            });
        }
        next
    }

    async fn next_text(&mut self) -> Result<String, TransportError> {
        loop {
            self.is_usable()?;
            let (until, _) = self.due();
            match timeout_at(until, self.stream.next()).await {
                Ok(message) => {
                    if let Came::Text(text) = self.came(message).await? {
                        self.awaited.iter_mut().for_each(|awaited| awaited.last = Some(Instant::now()));
                        return Ok(text);
                    }
                }
                Err(_) => self.act().await?,
            }
        }
    }

    /// Whether the other side is there: it is pinged, and has answered. Whatever it had said before is passed over; gives how
    /// many messages that were.
    ///
    /// # Errors
    ///
    /// The socket is over.
    pub async fn greet(&mut self) -> Result<u64, TransportError> {
        let mut strays = 0;
        self.is_usable()?;
        self.ping().await?;
        let until = self.pinged + self.pulse.patience;
        loop {
            match timeout_at(until, self.stream.next()).await {
                Ok(message) => match self.came(message).await? {
                    Came::Pong => return Ok(strays),
                    Came::Text(_) => strays += 1,
                    Came::Nothing => {}
                },
                Err(_) => return Err(self.dead()),
            }
        }
    }

    /// Takes leave, and waits for the other side to do so, but not for long.
    pub async fn close(mut self) {
        if let Some(watch) = &self.watch {
            watch.see(Seen::Over(None));
        }
        let farewell = async {
            let frame = CloseFrame { code: CloseCode::Normal, reason: "".into() };
            if !self.is_over && self.stream.close(Some(frame)).await.is_ok() {
                while let Some(Ok(_)) = self.stream.next().await {}
            }
        };
        // Who does not answer is left all the same.
        let _ = timeout(FAREWELL, farewell).await;
    }

    fn is_usable(&self) -> Result<(), TransportError> {
        let over = || TransportError::Cut { started: false, detail: "it is over".to_owned() };
        if self.is_over { Err(over()) } else { Ok(()) }
    }

    /// Until when to wait, and what is to be done then.
    fn due(&self) -> (Instant, Due) {
        let silent = self.pings > 0 && self.stream.get_ref().last() <= self.pinged;
        let patience = if self.awaited.is_some() { self.pulse.working } else { self.pulse.patience };
        let pulse = if silent {
            (self.pinged + patience, Due::GiveUp(unanswered(patience, self.has_begun())))
        } else {
            (self.pinged + self.pulse.every, Due::Ping)
        };
        let answer = self.awaited.as_ref().map(|Awaited { clock, last }| clock.deadline(*last));
        match answer {
            Some((until, late)) if until < pulse.0 => (until, Due::GiveUp(late)),
            _ => pulse,
        }
    }

    /// Does what is due, unless a part of a message came that has put it off.
    async fn act(&mut self) -> Result<(), TransportError> {
        let (at, due) = self.due();
        if at > Instant::now() {
            return Ok(());
        }
        match due {
            Due::Ping => self.ping().await,
            Due::GiveUp(error) => {
                self.is_over = true;
                Err(error)
            }
        }
    }

    async fn ping(&mut self) -> Result<(), TransportError> {
        (self.pinged, self.pings) = (Instant::now(), self.pings + 1);
        let sending = self.stream.send(Message::Ping(self.pings.to_be_bytes().to_vec().into()));
        match timeout(self.pulse.patience, sending).await {
            Ok(sent) => sent.map_err(|error| self.ended(error)),
            Err(_) => Err(self.dead()),
        }
    }

    /// What something that came is.
    async fn came(&mut self, message: Option<Result<Message, Error>>) -> Result<Came, TransportError> {
        match message {
            Some(Ok(Message::Text(text))) => Ok(Came::Text(text.as_str().to_owned())),
            Some(Ok(Message::Binary(bytes))) => Ok(String::from_utf8(bytes.into()).map_or(Came::Nothing, Came::Text)),
            Some(Ok(Message::Pong(data))) if *data == self.pings.to_be_bytes() => Ok(Came::Pong),
            Some(Ok(Message::Pong(_) | Message::Ping(_) | Message::Frame(_))) => Ok(Came::Nothing),
            Some(Ok(Message::Close(frame))) => {
                self.is_over = true;
                // The other side is told that it was heard. It may be gone already.
                let _ = timeout(FAREWELL, self.stream.flush()).await;
                let (code, reason) = frame.map_or((None, String::new()), |frame| {
                    (Some(u16::from(frame.code)), frame.reason.as_str().to_owned())
                });
                Err(TransportError::Closed { code, reason, started: self.has_begun() })
            }
            Some(Err(error)) => Err(self.ended(error)),
            None => Err(self.cut("it ended without a closing word (1006)".to_owned())),
        }
    }

    /// Whether a piece of the answer has come.
    fn has_begun(&self) -> bool {
        self.awaited.as_ref().is_some_and(|awaited| awaited.last.is_some())
    }

    fn ended(&mut self, error: Error) -> TransportError {
        match error {
            Error::ConnectionClosed | Error::AlreadyClosed => {
                self.is_over = true;
                TransportError::Closed { code: None, reason: String::new(), started: self.has_begun() }
            }
            Error::Capacity(_) => {
                self.is_over = true;
                TransportError::TooLarge { limit: self.largest }
            }
            error => self.cut(chain(&error)),
        }
    }

    fn dead(&mut self) -> TransportError {
        self.is_over = true;
        unanswered(self.pulse.patience, self.has_begun())
    }

    fn cut(&mut self, detail: String) -> TransportError {
        self.is_over = true;
        TransportError::Cut { started: self.has_begun(), detail }
    }
}

fn unanswered(patience: Duration, started: bool) -> TransportError {
    let detail = format!("nothing came back to a ping within {} s (1006)", patience.as_secs_f32());
    TransportError::Cut { started, detail }
}

impl fmt::Debug for Socket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Socket").field("over", &self.is_over).field("awaits", &self.awaited.is_some()).finish()
    }
}

//! A server that answers over WebSockets, and counts them.

use std::sync::{
    Arc,
    atomic::{AtomicU16, Ordering},
};

use futures_util::{SinkExt, StreamExt};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinHandle,
};
use tokio_tungstenite::{
    accept_async,
    tungstenite::{
        Message,
        protocol::{CloseFrame, frame::coding::CloseCode},
    },
};

/// What the server has seen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seen {
    /// How many sockets are open.
    pub open: usize,
    /// How many were open at the same time, at most.
    pub most: usize,
    /// How many handshakes there were, also those that were refused.
    pub handshakes: usize,
    /// How many were left with a closing word.
    pub closed: usize,
    /// The messages, in order.
    pub messages: Vec<String>,
}

/// The server. Dropping it is its crash.
pub struct Office {
    pub port: u16,
    seen: Arc<watch::Sender<Seen>>,
    refuse: Arc<AtomicU16>,
    listening: JoinHandle<()>,
}

impl Office {
    pub async fn start() -> Self {
        Self::at(0).await
    }

    /// On a port of its own, or on one where it was before.
    pub async fn at(port: u16) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", port)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (seen, refuse) = (Arc::new(watch::Sender::default()), Arc::<AtomicU16>::default());
        let (told, refused) = (seen.clone(), refuse.clone());
        let listening = tokio::spawn(async move {
            // They end with this task, as those of a process do.
            let mut all = tokio::task::JoinSet::new();
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                all.spawn(serve(stream, told.clone(), refused.clone()));
            }
        });
        Self { port, seen, refuse, listening }
    }

    /// Handshakes are refused with this status from now on; 0 lets them through, 1 never answers them.
    pub fn refuse(&self, status: u16) {
        self.refuse.store(status, Ordering::SeqCst);
    }

    pub fn seen(&self) -> Seen {
        self.seen.borrow().clone()
    }

    /// Returns when the server has seen something.
    pub async fn until(&self, holds: impl FnMut(&Seen) -> bool) -> Seen {
        let mut seen = self.seen.subscribe();
        let wait = tokio::time::timeout(std::time::Duration::from_secs(20), seen.wait_for(holds));
        let found = wait.await.map(|found| found.unwrap().clone());
        found.unwrap_or_else(|_| panic!("never; the server saw {:?}", self.seen()))
    }
}

impl Drop for Office {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

/// Whatever becomes of a socket, it is counted out.
struct Counted(Arc<watch::Sender<Seen>>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.send_modify(|seen| seen.open -= 1);
    }
}

async fn serve(mut stream: TcpStream, seen: Arc<watch::Sender<Seen>>, refuse: Arc<AtomicU16>) {
    seen.send_modify(|seen| seen.handshakes += 1);
    match refuse.load(Ordering::SeqCst) {
        0 => {}
        1 => drop(stream.read_to_end(&mut Vec::new()).await),
        status => {
            let _ = stream.read(&mut [0; 4096]).await;
            let answer = format!("HTTP/1.1 {status} No\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            let _ = stream.write_all(answer.as_bytes()).await;
            return;
        }
    }
    let Ok(mut socket) = accept_async(stream).await else { return };
    seen.send_modify(|seen| {
        seen.open += 1;
        seen.most = seen.most.max(seen.open);
    });
    let _counted = Counted(seen.clone());
    while let Some(Ok(message)) = socket.next().await {
        let Message::Text(text) = message else {
            if message.is_close() {
                seen.send_modify(|seen| seen.closed += 1);
            }
            continue;
        };
        let text = text.as_str().to_owned();
        seen.send_modify(|seen| seen.messages.push(text.clone()));
        let sent = match text.as_str() {
            "silent" => Ok(()),
            "half" => socket.send(Message::text("half")).await,
            "cut" => {
                let _ = socket.send(Message::text("half")).await;
                let _ = socket.get_ref().set_zero_linger();
                return;
            }
            "close" => {
                let _ = socket.send(Message::text("half")).await;
                let frame = CloseFrame { code: CloseCode::Error, reason: "no luck".into() };
                let _ = socket.close(Some(frame)).await;
                Ok(())
            }
            "more" => {
                let _ = socket.send(Message::text("you: more")).await;
                socket.send(Message::text("stray")).await
            }
            other => socket.send(Message::text(format!("you: {other}"))).await,
        };
        if sent.is_err() {
            return;
        }
    }
}

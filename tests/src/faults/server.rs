//! The server: it answers a turn step by step as its script says, and all else at once.

use std::{
    fs,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use tokio::{
    net::{TcpListener, TcpSocket, TcpStream},
    sync::watch,
    task::{JoinHandle, JoinSet},
    time::timeout,
};

use super::{Fault, Stage, Way, line::Line, peers::Peer, request::Asked, script::Step, store::Store};

/// How long a test waits for something before it says that it never came.
const PATIENCE: Duration = Duration::from_secs(60);

/// How often the system is asked about connections, of which it does not tell by itself.
const LOOK: Duration = Duration::from_millis(20);

/// So many connections the system makes for a server that does not take them, and one more.
const QUEUE: u32 = 1;

/// What becomes of a connection over which something else than a turn was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// It stays, and the next request comes over it.
    Yes,
    /// It is closed.
    No,
}

/// The server.
pub struct Server {
    /// Where it is.
    pub url: String,
    address: SocketAddr,
    shared: Arc<Shared>,
    accepting: Option<JoinHandle<TcpListener>>,
    /// The port, while nobody takes connections there.
    listener: Option<TcpListener>,
    /// Connections that fill the queue of a port where nobody takes them.
    waiting: Vec<TcpStream>,
}

struct Shared {
    peer: &'static Peer,
    kept: Kept,
    state: watch::Sender<State>,
    fault: Mutex<Option<(Stage, Fault)>>,
    store: Mutex<Store>,
}

/// What can be waited for.
#[derive(Debug, Default)]
struct State {
    /// The server goes on with its script.
    held: bool,
    released: bool,
    /// What is no turn is not answered.
    silent: bool,
    taking: bool,
    /// Connections that are open.
    open: usize,
    /// Those over which a turn is answered.
    turns_open: usize,
    /// The turns that were asked for.
    turns: usize,
    /// Whether a turn came over a connection that was used before.
    reused: bool,
}

impl Server {
    /// A server on a port of its own.
    pub async fn start(peer: &'static Peer, kept: Kept) -> Self {
        let listener = listen(SocketAddr::from(([127, 0, 0, 1], 0)));
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            peer,
            kept,
            state: watch::Sender::new(State::default()),
            fault: Mutex::default(),
            store: Mutex::new(Store::new(peer)),
        });
        let mut server = Self {
            url: format!("http://{address}{}", peer.path),
            address,
            shared,
            accepting: None,
            listener: Some(listener),
            waiting: Vec::new(),
        };
        server.take();
        server
    }

    /// The next turn is answered with a fault; those after it well.
    pub fn plays(&self, stage: Stage, fault: Fault) {
        *lock(&self.shared.fault) = Some((stage, fault));
    }

    /// Nobody takes connections at the port any more, and what is on its way there gets no answer.
    pub async fn leave_waiting(&mut self) {
        self.listener = Some(self.pause().await);
        for _ in 0..=QUEUE {
            self.waiting.push(TcpStream::connect(self.address).await.unwrap());
        }
    }

    /// Waits until somebody's wish for a connection is on its way and gets no answer.
    pub async fn until_knocked(&self) {
        while !self.is_knocked() {
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Waits until whoever wished for a connection has given up.
    pub async fn until_given_up(&self) {
        while self.is_knocked() {
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Whether somebody waits for a connection. Linux tells.
    fn is_knocked(&self) -> bool {
        let (port, syn_sent) = (format!(":{:04X}", self.address.port()), "02");
        fs::read_to_string("/proc/net/tcp").unwrap().lines().any(|line| {
            let fields: Vec<_> = line.split_whitespace().collect();
            fields.get(2).is_some_and(|remote| remote.ends_with(&port)) && fields[3] == syn_sent
        })
    }

    /// Nobody listens at the port any more.
    pub async fn leave(&mut self) {
        drop(self.pause().await);
    }

    /// Takes connections, also after it was away.
    pub fn take(&mut self) {
        if self.accepting.is_some() {
            return;
        }
        self.waiting.clear();
        let listener = self.listener.take().unwrap_or_else(|| listen(self.address));
        self.shared.state.send_modify(|state| state.taking = true);
        self.accepting = Some(tokio::spawn(accept(listener, self.shared.clone())));
    }

    async fn pause(&mut self) -> TcpListener {
        self.shared.state.send_modify(|state| state.taking = false);
        self.accepting.take().expect("it takes connections").await.unwrap()
    }

    /// The server has the whole answer, also if what is played of it is not all.
    pub fn has_said_all(&self) {
        lock(&self.shared.store).answered();
    }

    /// Waits until the server has come to where it waits for the test.
    pub async fn until_held(&self) {
        self.until("it comes to where it waits", |state| state.held).await;
    }

    /// Lets it go on.
    pub fn release(&self) {
        self.shared.state.send_modify(|state| state.released = true);
    }

    /// Whether what is no turn stays without an answer.
    pub fn silent(&self, silent: bool) {
        self.shared.state.send_modify(|state| state.silent = silent);
    }

    /// Waits until no turn is being answered: the client has closed its connection, or has the whole answer.
    pub async fn until_turn_is_over(&self) {
        self.until("the connection of the turn is closed", |state| state.turns_open == 0).await;
    }

    /// Waits until no connection is open.
    pub async fn until_all_closed(&self) {
        self.until("all connections are closed", |state| state.open == 0).await;
    }

    /// How many turns were asked for.
    pub fn turns(&self) -> usize {
        self.shared.state.borrow().turns
    }

    /// Whether a turn came over a connection that was used before.
    pub fn was_reused(&self) -> bool {
        self.shared.state.borrow().reused
    }

    async fn until(&self, what: &str, holds: impl Fn(&State) -> bool) {
        let mut state = self.shared.state.subscribe();
        let held = timeout(PATIENCE, state.wait_for(|state| holds(state))).await;
        assert!(held.is_ok(), "never: {what}; {:?}", *self.shared.state.borrow());
    }
}

/// A listener with a short queue.
fn listen(address: SocketAddr) -> TcpListener {
    let socket = TcpSocket::new_v4().unwrap();
    // Connections of before may still be on their way out.
    socket.set_reuseaddr(true).unwrap();
    socket.bind(address).unwrap();
    socket.listen(QUEUE).unwrap()
}

/// Takes connections until it is told not to.
async fn accept(listener: TcpListener, shared: Arc<Shared>) -> TcpListener {
    let mut connections = JoinSet::new();
    let mut state = shared.state.subscribe();
    loop {
        tokio::select! {
            _ = state.wait_for(|state| !state.taking) => break,
            Ok((socket, _)) = listener.accept() => {
                // What is written is on its way at once.
                socket.set_nodelay(true).unwrap();
                shared.state.send_modify(|state| state.open += 1);
                let shared = shared.clone();
                connections.spawn(async move {
                    serve(socket, &shared).await;
                    shared.state.send_modify(|state| state.open -= 1);
                });
            }
        }
    }
    connections.detach_all();
    listener
}

async fn serve(mut socket: TcpStream, shared: &Shared) {
    let mut used = false;
    while let Some(asked) = Asked::peek(&socket).await {
        let goes_on = if (shared.peer.is_turn)(&asked) {
            shared.state.send_modify(|state| state.reused |= used);
            play(&mut socket, &asked, shared).await
        } else {
            other(&mut socket, &asked, shared).await
        };
        used = true;
        if !goes_on {
            return;
        }
    }
}

/// Answers a turn. Says whether the connection stays.
async fn play(socket: &mut TcpStream, asked: &Asked, shared: &Shared) -> bool {
    let fault = lock(&shared.fault).take();
    let script = match fault {
        Some((stage, fault)) => shared.peer.answer().to(asked).faulty(stage, fault).expect("it was looked up before"),
        None => lock(&shared.store).well(asked),
    };
    let is_socket = shared.peer.way == Way::Socket;
    let ends_well = !matches!(script.last(), Some(Step::Stall | Step::Close | Step::Reset));
    // A WebSocket that nothing is said over is no turn, unless that is what goes wrong.
    let mut is_turn = !is_socket || fault.is_some();
    shared.state.send_modify(|state| {
        state.turns += usize::from(!is_socket);
        state.turns_open += usize::from(is_turn);
    });
    let mut line = Some(Line::Plain(socket));
    for step in script {
        let Some(at) = &mut line else { break };
        match step {
            Step::Read => {
                lock(&shared.store).took();
                at.take(asked.length).await;
            }
            Step::Take => {
                line = message(line, shared).await;
                if line.is_some() && !std::mem::replace(&mut is_turn, true) {
                    shared.state.send_modify(|state| state.turns_open += 1);
                }
            }
            Step::Send(bytes) => at.write(&bytes).await,
            Step::Hold => {
                shared.state.send_modify(|state| state.held = true);
                let mut state = shared.state.subscribe();
                let _ = state.wait_for(|state| state.released).await;
            }
            Step::Stall => at.until_closed().await,
            Step::Close => at.close().await,
            Step::Reset => at.reset(),
        }
    }
    shared.state.send_modify(|state| state.turns_open -= usize::from(is_turn));
    if ends_well {
        lock(&shared.store).answered();
    }
    // A WebSocket stays for the next message, which is one more than there may be.
    while is_socket && ends_well && line.is_some() {
        line = message(line, shared).await;
    }
    ends_well && !is_socket
}

/// Takes a message of a WebSocket, and counts it.
async fn message<'a>(line: Option<Line<'a>>, shared: &Shared) -> Option<Line<'a>> {
    let line = line?.message().await?;
    shared.state.send_modify(|state| state.turns += 1);
    Some(line)
}

/// Answers what is no turn.
async fn other(socket: &mut TcpStream, asked: &Asked, shared: &Shared) -> bool {
    let mut line = Line::Plain(socket);
    line.take(asked.length).await;
    let mut state = shared.state.subscribe();
    let _ = state.wait_for(|state| !state.silent).await;
    let body = (shared.peer.other)(asked, &lock(&shared.store)).to_string();
    let kept = if shared.kept == Kept::Yes { "keep-alive" } else { "close" };
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: {kept}\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    line.write(format!("{head}{body}").as_bytes()).await;
    if shared.kept == Kept::No {
        line.close().await;
    }
    shared.kept == Kept::Yes
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap()
}

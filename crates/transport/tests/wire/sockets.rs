//! WebSockets: the handshake, what refuses it, and how long anything is waited for.

use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};
use tokio_tungstenite::{
    WebSocketStream, accept_async,
    tungstenite::{
        Message,
        protocol::{CloseFrame, frame::coding::CloseCode},
    },
};
use transport::{
    Expected, Http, Limits, ManualProxy, Plain, Proxy, ProxyTrouble, Pulse, Request, Route, Socket, TransportError,
};

use crate::server::{Exchange, Server, http, patient};

const SOON: Duration = Duration::from_millis(100);

struct Office {
    listener: TcpListener,
}

impl Office {
    async fn start() -> Self {
        Self { listener: TcpListener::bind("127.0.0.1:0").await.unwrap() }
    }

    fn request(&self) -> Request {
        Request::get(format!("http://{}/ws/chat/7?a=b", self.listener.local_addr().unwrap()).parse().unwrap())
    }

    /// Both ends of a new socket.
    async fn open(&self, limits: &Limits, pulse: Pulse) -> (Socket, WebSocketStream<TcpStream>) {
        let http = http();
        let (socket, theirs) = tokio::join!(http.socket(self.request(), limits, pulse), async {
            accept_async(self.listener.accept().await.unwrap().0).await.unwrap()
        });
        (socket.unwrap(), theirs)
    }
}

fn opening(http: Http, request: Request, limits: Limits) -> JoinHandle<Result<Socket, TransportError>> {
    tokio::spawn(async move { http.socket(request, &limits, Pulse::default()).await })
}

/// Reads on without a word of its own, as a server does; gives the messages.
fn reading(mut theirs: WebSocketStream<TcpStream>) -> JoinHandle<Vec<Message>> {
    tokio::spawn(async move {
        let mut all = Vec::new();
        while let Some(Ok(message)) = theirs.next().await {
            all.push(message);
        }
        all
    })
}

#[tokio::test]
async fn a_handshake_carries_what_requests_carry_and_messages_go_to_and_fro() {
    let server = Server::start().await;
    let mut url = server.url();
    url.set_path("/ws/chat/7");
    url.set_query(Some("a=b"));
    let request = Request::get(url).header("x-team", "blue").bearer("s3same".into());
    let opening = opening(http(), request, patient());
    let mut exchange = server.next().await;
    let head = exchange.head.clone();
    for line in [
        "get /ws/chat/7?a=b http/1.1\r\n",
        "\r\nupgrade: websocket\r\n",
        "\r\nconnection: upgrade\r\n",
        "\r\nsec-websocket-version: 13\r\n",
        "\r\nx-team: blue\r\n",
        "\r\nauthorization: bearer s3same\r\n",
        "\r\nuser-agent: kittiwake-test\r\n",
    ] {
        assert!(head.contains(line), "{line} {head}");
    }
    // The key was made lower case with the rest of the head, so this is the answer to another one.
    agree(&mut exchange, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=").await;
    let error = opening.await.unwrap().unwrap_err();
    assert!(matches!(error, TransportError::ContentType { expected: Expected::Socket, status: 101, .. }), "{error}");
    assert!(server.is_quiet().await, "it is asked once");

    let (mut socket, mut theirs) = Office::start().await.open(&patient(), Pulse::default()).await;
    socket.send("hello".to_owned(), &patient()).await.unwrap();
    assert_eq!(theirs.next().await.unwrap().unwrap(), Message::text("hello"));
    for message in [Message::text("one"), Message::binary(vec![0xff, 0xfe]), Message::binary("two")] {
        theirs.send(message).await.unwrap();
    }
    assert_eq!(socket.next().await.unwrap(), "one");
    assert_eq!(socket.next().await.unwrap(), "two", "bytes that are no text are passed over");
    theirs.send(Message::Ping(b"7".to_vec().into())).await.unwrap();
    theirs.send(Message::text("three")).await.unwrap();
    assert_eq!(socket.next().await.unwrap(), "three");
    let theirs = reading(theirs);
    socket.close().await;
    let heard = theirs.await.unwrap();
    assert_eq!(heard[0], Message::Pong(b"7".to_vec().into()));
    assert!(matches!(&heard[1], Message::Close(Some(frame)) if frame.code == CloseCode::Normal), "{heard:?}");
}

async fn agree(exchange: &mut Exchange, accept: &str) {
    let head = "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\n";
    exchange.write(format!("{head}sec-websocket-accept: {accept}\r\n\r\n")).await;
}

#[tokio::test]
async fn a_handshake_that_is_refused_is_refused_as_any_request_is() {
    let server = Server::start().await;
    let refused = async |head: &str, body: &str| {
        let opening = opening(http(), Request::get(server.url()), patient());
        let mut exchange = server.next().await;
        let length = body.len();
        exchange.write(format!("HTTP/1.1 {head}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}")).await;
        exchange.close().await;
        opening.await.unwrap().unwrap_err()
    };
    for status in [401, 403, 404, 426, 503] {
        let error = refused(&format!("{status} No\r\nretry-after: 7"), "why").await;
        let retry_after = Some(Duration::from_secs(7));
        assert_eq!(
            error,
            TransportError::Status { status, retry_after, date: None, challenge: None, snippet: "why".to_owned() }
        );
    }
    let error = refused("200 OK\r\ncontent-type: application/json", "{}").await;
    let wanted = TransportError::ContentType {
        expected: Expected::Socket,
        found: Some("application/json".to_owned()),
        status: 200,
        snippet: "{}".to_owned(),
    };
    assert_eq!(error, wanted);
    let error = refused("307 Elsewhere\r\nlocation: /ws", "").await;
    assert!(matches!(error, TransportError::Redirected { status: 307, .. }), "{error}");
    assert!(server.is_quiet().await, "no redirect is followed");
}

#[tokio::test]
async fn nothing_is_opened_without_encryption_but_where_that_is_allowed() {
    let request = Request::get("http://192.0.2.1/ws".parse().unwrap());
    let error = http().socket(request, &patient(), Pulse::default()).await.unwrap_err();
    assert_eq!(error, TransportError::Unencrypted { origin: "http://192.0.2.1".to_owned() });
}

#[tokio::test]
async fn each_wait_has_its_limit() {
    let server = Server::start().await;
    let limits = Limits { first_byte: SOON, ..patient() };
    let waiting = opening(http(), Request::get(server.url()), limits.clone());
    let exchange = server.next().await;
    assert_eq!(waiting.await.unwrap().unwrap_err(), TransportError::FirstByteTimeout { limit: SOON, begun: false });
    drop(exchange);

    let office = Office::start().await;
    let (mut socket, _theirs) = office.open(&limits, Pulse::default()).await;
    socket.send("hello".to_owned(), &limits).await.unwrap();
    assert_eq!(socket.next().await.unwrap_err(), TransportError::FirstByteTimeout { limit: SOON, begun: false });

    let limits = Limits { idle: SOON, ..patient() };
    let (mut socket, mut theirs) = office.open(&limits, Pulse::default()).await;
    socket.send("hello".to_owned(), &limits).await.unwrap();
    theirs.send(Message::text("one")).await.unwrap();
    assert_eq!(socket.next().await.unwrap(), "one");
    assert_eq!(socket.next().await.unwrap_err(), TransportError::IdleTimeout { limit: SOON });

    let limits = Limits { event_bytes: 1000, ..patient() };
    let (mut socket, mut theirs) = office.open(&limits, Pulse::default()).await;
    theirs.send(Message::text("x".repeat(1000))).await.unwrap();
    theirs.send(Message::text("x".repeat(1001))).await.unwrap();
    assert_eq!(socket.next().await.unwrap().len(), 1000);
    assert_eq!(socket.next().await.unwrap_err(), TransportError::TooLarge { limit: 1000 });
}

#[tokio::test]
async fn silence_is_no_fault_while_nothing_is_awaited_and_pings_are_answered() {
    let limits = Limits { first_byte: SOON, idle: SOON, ..patient() };
    let pulse = Pulse { every: SOON / 2, ..Pulse::default() };
    let (mut socket, mut theirs) = Office::start().await.open(&limits, pulse).await;
    let heard = tokio::spawn(async move {
        let mut pings = 0;
        while pings < 6 {
            pings += u32::from(matches!(theirs.next().await.unwrap().unwrap(), Message::Ping(_)));
        }
        theirs.send(Message::text("awake")).await.unwrap();
        theirs
    });
    assert_eq!(socket.next().await.unwrap(), "awake");
    heard.await.unwrap();
}

#[tokio::test]
async fn who_does_not_answer_pings_is_not_there() {
    let pulse = Pulse { every: SOON, patience: SOON, working: SOON * 4 };
    let office = Office::start().await;
    // The other end is open, and nobody reads it.
    let (mut socket, _theirs) = office.open(&patient(), pulse).await;
    let error = socket.next().await.unwrap_err();
    assert!(matches!(&error, TransportError::Cut { detail, .. } if detail.contains("ping")), "{error}");
    let (mut socket, _theirs) = office.open(&patient(), Pulse { every: Duration::from_secs(60), ..pulse }).await;
    assert!(matches!(socket.greet().await.unwrap_err(), TransportError::Cut { started: false, .. }));
    // Who works on an answer has more time.
    let (mut socket, _theirs) = office.open(&patient(), pulse).await;
    socket.send("hello".to_owned(), &patient()).await.unwrap();
    let began = Instant::now();
    assert!(matches!(socket.next().await.unwrap_err(), TransportError::Cut { .. }));
    assert!(began.elapsed() >= SOON * 5, "{:?}", began.elapsed());
}

#[tokio::test]
async fn what_came_before_a_greeting_belongs_to_nothing() {
    let (mut socket, mut theirs) = Office::start().await.open(&patient(), Pulse::default()).await;
    for stray in ["late", "later"] {
        theirs.send(Message::text(stray)).await.unwrap();
    }
    // A word that nobody has asked for answers no ping.
    theirs.send(Message::Pong(b"x".to_vec().into())).await.unwrap();
    let theirs = tokio::spawn(async move {
        assert!(matches!(theirs.next().await.unwrap().unwrap(), Message::Ping(_)));
        assert_eq!(theirs.next().await.unwrap().unwrap(), Message::text("hello"));
        theirs.send(Message::text("answer")).await.unwrap();
        theirs
    });
    assert_eq!(socket.greet().await.unwrap(), 2);
    socket.send("hello".to_owned(), &patient()).await.unwrap();
    assert_eq!(socket.next().await.unwrap(), "answer");
    theirs.await.unwrap();
}

#[tokio::test]
async fn an_end_says_why_and_whether_an_answer_had_begun() {
    let office = Office::start().await;
    for (code, reason, begun) in [(1011, "no luck", true), (1001, "", false), (4000, "seats", true)] {
        let (mut socket, mut theirs) = office.open(&patient(), Pulse::default()).await;
        socket.send("hello".to_owned(), &patient()).await.unwrap();
        if begun {
            theirs.send(Message::text("one")).await.unwrap();
            socket.next().await.unwrap();
        }
        let frame = CloseFrame { code: CloseCode::from(code), reason: reason.into() };
        theirs.close(Some(frame)).await.unwrap();
        let wanted = TransportError::Closed { code: Some(code), reason: reason.to_owned(), started: begun };
        assert_eq!(socket.next().await.unwrap_err(), wanted);
        assert!(wanted.may_have_been_executed());
        assert!(socket.next().await.is_err() && socket.send("more".to_owned(), &patient()).await.is_err());
    }
    let (mut socket, theirs) = office.open(&patient(), Pulse::default()).await;
    socket.send("hello".to_owned(), &patient()).await.unwrap();
    theirs.get_ref().set_zero_linger().unwrap();
    drop(theirs);
    assert!(matches!(socket.next().await.unwrap_err(), TransportError::Cut { started: false, .. }));
}

#[tokio::test]
async fn without_encryption_a_proxy_is_asked_for_a_way_through() {
    let proxy = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let login = Some(("ann".to_owned(), "pass".into()));
    let url = format!("http://{}", proxy.local_addr().unwrap()).parse().unwrap();
    let route = Route { proxy: Proxy::Manual(ManualProxy { url, login }), plain: Plain::Anywhere, ..Route::default() };
    let http = http().over(&route).unwrap();
    let request = || Request::get("http://chat.example:8000/ws".parse().unwrap());
    let opening_one = opening(http.clone(), request(), patient());
    let (mut stream, _) = proxy.accept().await.unwrap();
    let head = read_head(&mut stream).await;
    assert!(head.starts_with("CONNECT chat.example:8000 HTTP/1.1\r\n"), "{head}");
    assert!(head.contains("Proxy-Authorization: Basic YW5uOnBhc3M=\r\n"), "{head}");
    stream.write_all(b"HTTP/1.1 200 Through\r\n\r\n").await.unwrap();
    let mut theirs = accept_async(stream).await.unwrap();
    let mut socket = opening_one.await.unwrap().unwrap();
    theirs.send(Message::text("one")).await.unwrap();
    assert_eq!(socket.next().await.unwrap(), "one");

    let opening_two = opening(http, request(), patient());
    let (mut stream, _) = proxy.accept().await.unwrap();
    read_head(&mut stream).await;
    stream.write_all(b"HTTP/1.1 407 Who\r\n\r\n").await.unwrap();
    let error = opening_two.await.unwrap().unwrap_err();
    assert!(matches!(error, TransportError::Proxy { why: ProxyTrouble::Login, .. }), "{error}");
}

async fn read_head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    String::from_utf8(head).unwrap()
}

#[tokio::test]
async fn what_is_cut_short_of_a_message_is_no_message() {
    let (mut socket, theirs) = Office::start().await.open(&patient(), Pulse::default()).await;
    // The beginning of a message of ten bytes.
    let mut raw = theirs.into_inner();
    raw.write_all(&[0x81, 10, b'h', b'a', b'l', b'f']).await.unwrap();
    raw.shutdown().await.unwrap();
    assert!(matches!(socket.next().await.unwrap_err(), TransportError::Cut { started: false, .. }));
}

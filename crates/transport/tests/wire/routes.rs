//! Proxies of the person's own, what may go without encryption, and who shares connections.

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};
use transport::{
    Http, JsonAnswer, ManualProxy, Plain, Proxy, ProxyTrouble, Request, Route, TransportError, Unreachable,
    probe::Probe,
};

use crate::server::{Server, http, patient, plain};

/// The way through a proxy, without encryption.
fn through(proxy: &str, login: Option<(&str, &str)>) -> Http {
    let login = login.map(|(user, password)| (user.to_owned(), password.into()));
    let proxy = Proxy::Manual(ManualProxy { url: proxy.parse().unwrap(), login });
    http().over(&Route { proxy, plain: Plain::Anywhere, ..Route::default() }).unwrap()
}

fn ask(http: &Http, url: &str) -> JoinHandle<Result<JsonAnswer, TransportError>> {
    let (http, request) = (http.clone(), Request::get(url.parse().unwrap()));
    tokio::spawn(async move { http.json(request, &patient()).await })
}

const ONE: &str = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 1\r\n\r\n1";

#[tokio::test]
async fn a_proxy_that_was_typed_is_asked_with_its_login_and_never_for_what_runs_here() {
    let (here, proxy) = (Server::start().await, Server::start().await);
    let address = format!("http://{}", proxy.url().authority());
    let http = through(&address, Some(("ann", "pass word")));
    let asking = ask(&http, "http://chat.example/chatkit");
    let mut exchange = proxy.next().await;
    assert!(exchange.head.starts_with("get http://chat.example/chatkit http/1.1"), "{}", exchange.head);
    assert!(exchange.head.contains("proxy-authorization: basic yw5uonbhc3mgd29yza=="), "{}", exchange.head);
    exchange.write(ONE).await;
    assert_eq!(asking.await.unwrap().unwrap().body, "1");
    let asking = ask(&http, here.url().as_str());
    let mut exchange = here.next().await;
    assert!(!exchange.head.contains("proxy-authorization"), "{}", exchange.head);
    exchange.write(ONE).await;
    asking.await.unwrap().unwrap();
    assert!(proxy.is_quiet().await);
}

#[tokio::test]
async fn a_proxy_that_asks_for_a_login_is_told_from_a_server_that_does() {
    let proxy = Server::start().await;
    let address = format!("http://{}", proxy.url().authority());
    let http = through(&address, None);
    for (url, status, of_proxy) in [
        ("http://chat.example/chatkit", 407, true),
        ("https://chat.example/chatkit", 407, true),
        ("http://chat.example/chatkit", 401, false),
    ] {
        let asking = ask(&http, url);
        let mut exchange = proxy.next().await;
        exchange.write(format!("HTTP/1.1 {status} No\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")).await;
        exchange.close().await;
        match asking.await.unwrap().unwrap_err() {
            TransportError::Proxy { why: ProxyTrouble::Login, proxy, .. } if of_proxy => assert_eq!(proxy, address),
            TransportError::Status { status: 401, .. } if !of_proxy => {}
            error => panic!("{url}: {error:?}"),
        }
    }
}

#[tokio::test]
async fn a_proxy_that_refuses_a_wrong_login_as_a_server_would_is_known_all_the_same() {
    let proxy = Server::start().await;
    let http = through(&format!("http://{}", proxy.url().authority()), Some(("ann", "wrong")));
    for (headers, of_proxy) in [
        ("www-authenticate: Basic realm=\"Tinyproxy\"", true),
        ("www-authenticate: Basic realm=\"Office\"\r\nvia: 1.1 tinyproxy", false),
        ("www-authenticate: Bearer", false),
        ("server: uvicorn", false),
    ] {
        let asking = ask(&http, "http://chat.example/chatkit");
        let mut exchange = proxy.next().await;
        let head = format!("HTTP/1.1 401 Unauthorized\r\n{headers}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
        exchange.write(head).await;
        exchange.close().await;
        let error = asking.await.unwrap().unwrap_err();
        let told = matches!(error, TransportError::Proxy { why: ProxyTrouble::Login, .. });
        assert_eq!(told, of_proxy, "{headers}: {error:?}");
    }
}

#[tokio::test]
async fn what_a_proxy_does_not_do_is_told_apart() {
    let proxy = Server::start().await;
    let address = format!("http://{}", proxy.url().authority());
    let asking = ask(&through(&address, None), "https://chat.example/chatkit");
    let mut exchange = proxy.next().await;
    exchange.write("HTTP/1.1 502 Bad Gateway\r\n\r\n").await;
    exchange.close().await;
    let error = asking.await.unwrap().unwrap_err();
    assert!(matches!(error, TransportError::Proxy { why: ProxyTrouble::Refused, .. }), "{error:?}");
    assert!(!error.may_have_been_executed());
    drop(proxy);
    for url in ["https://chat.example/chatkit", "http://chat.example/chatkit"] {
        let error = ask(&through(&address, None), url).await.unwrap().unwrap_err();
        let refused = ProxyTrouble::Unreachable(Unreachable::Refused);
        assert!(matches!(&error, TransportError::Proxy { why, .. } if *why == refused), "{error:?}");
    }
}

/// A SOCKS5 server (RFC 1928, RFC 1929) for one call, which it puts through to `to` whatever is asked for. Gives its
/// address, and what it was asked for.
async fn socks(login: Option<(&'static str, &'static str)>, to: String) -> (String, JoinHandle<Option<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("socks5://{}", listener.local_addr().unwrap());
    let asked = tokio::spawn(async move {
        let (mut near, _) = listener.accept().await.unwrap();
        let text = async |near: &mut TcpStream| {
            let length = near.read_u8().await.unwrap();
            let mut text = vec![0; length.into()];
            near.read_exact(&mut text).await.unwrap();
            text
        };
        assert_eq!(near.read_u8().await.unwrap(), 5);
        let wanted = if login.is_some() { 2 } else { 0 };
        if !text(&mut near).await.contains(&wanted) {
            near.write_all(&[5, 0xff]).await.unwrap();
            return None;
        }
        near.write_all(&[5, wanted]).await.unwrap();
        if let Some((user, password)) = login {
            assert_eq!(near.read_u8().await.unwrap(), 1);
            let good = text(&mut near).await == user.as_bytes() && text(&mut near).await == password.as_bytes();
            near.write_all(&[1, u8::from(!good)]).await.unwrap();
            if !good {
                return None;
            }
        }
        let mut head = [0; 4];
        near.read_exact(&mut head).await.unwrap();
        assert_eq!(head, [5, 1, 0, 3], "a connection to a name");
        let host = String::from_utf8(text(&mut near).await).unwrap();
        let port = near.read_u16().await.unwrap();
        let mut far = TcpStream::connect(to).await.unwrap();
        near.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).await.unwrap();
        tokio::spawn(async move { tokio::io::copy_bidirectional(&mut near, &mut far).await });
        Some(format!("{host}:{port}"))
    });
    (url, asked)
}

#[tokio::test]
async fn a_socks_proxy_is_given_the_name_and_the_login() {
    let server = Server::start().await;
    for login in [None, Some(("ann", "sesame"))] {
        let (proxy, asked) = socks(login, server.url().authority().to_owned()).await;
        let asking = ask(&through(&proxy, login), "http://chat.example/chatkit");
        server.next().await.write(ONE).await;
        assert_eq!(asking.await.unwrap().unwrap().body, "1");
        assert_eq!(asked.await.unwrap().unwrap(), "chat.example:80");
    }
    for wrong in [None, Some(("ann", "wrong"))] {
        let (proxy, asked) = socks(Some(("ann", "sesame")), server.url().authority().to_owned()).await;
        let error = ask(&through(&proxy, wrong), "https://chat.example/chatkit").await.unwrap().unwrap_err();
        let TransportError::Proxy { why: ProxyTrouble::Login, proxy: told, .. } = &error else { panic!("{error:?}") };
        assert_eq!(*told, proxy);
        assert!(asked.await.unwrap().is_none());
    }
}

#[tokio::test]
async fn nothing_goes_elsewhere_without_encryption_unless_that_was_allowed() {
    let url = "http://chat.example/chatkit";
    let error = ask(&http(), url).await.unwrap().unwrap_err();
    assert_eq!(error, TransportError::Unencrypted { origin: "http://chat.example".to_owned() });
    assert!(Probe::new(&http(), url.parse().unwrap()).may_call().is_err());
    assert!(Probe::new(&plain(), url.parse().unwrap()).may_call().is_ok());
    // Allowed, it fails only because there is no such server.
    let error = ask(&plain(), url).await.unwrap().unwrap_err();
    assert!(matches!(error, TransportError::Unreachable { .. }), "{error:?}");
}

#[tokio::test]
async fn a_page_to_sign_in_at_is_told_from_an_answer() {
    let portal = Server::start().await;
    let http = through(&format!("http://{}", portal.url().authority()), None);
    for (answer, location) in [
        ("HTTP/1.1 302 Found\r\nlocation: http://portal.example/login?mac=1\r\ncontent-length: 0\r\n\r\n", true),
        ("HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 12\r\n\r\n<form></form", false),
        ("HTTP/1.1 511 Network Authentication Required\r\ncontent-length: 0\r\n\r\n", false),
    ] {
        let asking = ask(&http, "http://chat.example/chatkit?key=1");
        let mut exchange = portal.next().await;
        exchange.write(answer.replace("\r\n\r\n", "\r\nconnection: close\r\n\r\n")).await;
        exchange.close().await;
        let error = asking.await.unwrap().unwrap_err();
        let TransportError::WebPage { asked, location: to, .. } = &error else { panic!("{error:?}") };
        assert_eq!(asked, "http://chat.example/chatkit");
        assert_eq!(to.as_deref(), location.then_some("http://portal.example/login"));
    }
}

#[tokio::test]
async fn routes_of_the_same_kind_share_their_connections_and_others_do_not() {
    let server = Server::start().await;
    let http = http();
    let direct = || Route { proxy: Proxy::None, ..Route::default() };
    let asking = ask(&http.over(&direct()).unwrap(), server.url().as_str());
    let mut exchange = server.next().await;
    exchange.write(ONE).await;
    asking.await.unwrap().unwrap();
    // The same connection again: nobody calls.
    let asking = ask(&http.over(&direct()).unwrap(), server.url().as_str());
    exchange.again().await.write(ONE).await;
    asking.await.unwrap().unwrap();
    let asking = ask(&http.over(&Route { plain: Plain::Anywhere, ..direct() }).unwrap(), server.url().as_str());
    server.next().await.write(ONE).await;
    asking.await.unwrap().unwrap();
}

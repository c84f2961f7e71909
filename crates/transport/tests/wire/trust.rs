//! Certificates.

use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedKey, DnType, IsCa, Issuer, KeyPair, date_time_ymd,
    generate_simple_self_signed,
};
use sha2::{Digest, Sha256};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        pki_types::{CertificateDer, PrivateKeyDer},
    },
};
use transport::{Distrust, Pin, Request, Route, TransportError, Trust, probe::Probe};

use crate::{
    environment,
    server::{http, patient},
};

/// A server with a certificate that it has signed itself; gives its address and the certificate.
async fn self_signed() -> (String, String) {
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let url = serve(vec![cert.der().clone()], &signing_key).await;
    (url, cert.pem())
}

/// An authority, and servers whose certificates it has signed: one that is good, one whose time is over, one whose time
/// has not come, one for another name; and one with an authority's certificate of its own, as tools make it that sign
/// certificates for trying out. Gives the authority's certificate and the addresses.
async fn authority() -> (String, [String; 5]) {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new([]).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(DnType::CommonName, "Test authority");
    let certificate = params.self_signed(&key).unwrap();
    let issuer = Issuer::new(params, key);
    let mut urls = Vec::new();
    for (name, from, until) in [
        ("localhost", 2020, 2090),
        ("localhost", 2020, 2021),
        ("localhost", 2089, 2090),
        ("elsewhere.example", 2020, 2090),
    ] {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new([name.to_owned()]).unwrap();
        params.not_before = date_time_ymd(from, 1, 1);
        params.not_after = date_time_ymd(until, 1, 1);
        let signed = params.signed_by(&key, &issuer).unwrap();
        urls.push(serve(vec![signed.der().clone()], &key).await);
    }
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(["localhost".to_owned()]).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    urls.push(serve(vec![params.self_signed(&key).unwrap().der().clone()], &key).await);
    (certificate.pem(), urls.try_into().unwrap())
}

/// Serves on `localhost` with a certificate; gives the address.
async fn serve(chain: Vec<CertificateDer<'static>>, key: &KeyPair) -> String {
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let config = ServerConfig::builder().with_no_client_auth().with_single_cert(chain, key).unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://localhost:{}/", listener.local_addr().unwrap().port());
    tokio::spawn(async move {
        loop {
            let (socket, _) = listener.accept().await.unwrap();
            // Whoever does not trust the certificate hangs up here.
            let Ok(mut stream) = acceptor.accept(socket).await else { continue };
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).await;
            let answer = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 1\r\n\r\n1";
            let _ = stream.write_all(answer.as_bytes()).await;
            let _ = stream.shutdown().await;
        }
    });
    url
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for() {
    let (url, _) = self_signed().await;
    let error = http().json(Request::get(url.parse().unwrap()), &patient()).await.unwrap_err();
    let TransportError::Untrusted { why: Distrust::UnknownIssuer, origin, detail } = &error else {
        panic!("{error:?}")
    };
    assert_eq!(format!("{origin}/"), url);
    assert!(detail.contains("invalid peer certificate"), "{detail}");
    assert!(!error.may_have_been_executed());
}

#[tokio::test]
async fn a_certificate_that_the_system_vouches_for() {
    let (url, certificate) = self_signed().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("certificates.pem");
    std::fs::write(&file, certificate).unwrap();
    let said = environment::run(&[url.as_str()], &[("SSL_CERT_FILE", &file.to_string_lossy())]).await;
    assert_eq!(said, ["1"]);
}

async fn asked(url: &str, trust: Trust) -> Result<String, Distrust> {
    let http = http().over(&Route { trust, ..Route::default() }).unwrap();
    match http.json(Request::get(url.parse().unwrap()), &patient()).await {
        Ok(answer) => Ok(String::from_utf8(answer.body.to_vec()).unwrap()),
        Err(TransportError::Untrusted { why, .. }) => Err(why),
        Err(error) => panic!("{error:?}"),
    }
}

#[tokio::test]
async fn an_authority_of_the_persons_is_trusted_beside_those_of_the_system() {
    let (authority, urls) = authority().await;
    let trust = || Trust { authorities: transport::authorities(authority.as_bytes()).unwrap(), pins: Vec::new() };
    assert_eq!(asked(&urls[0], trust()).await, Ok("1".to_owned()));
    assert_eq!(asked(&urls[1], trust()).await, Err(Distrust::Expired), "the rest is checked as ever");
    assert_eq!(asked(&urls[3], trust()).await, Err(Distrust::WrongName));
    assert_eq!(asked(&urls[0], Trust::default()).await, Err(Distrust::UnknownIssuer), "and only on this route");
}

#[tokio::test]
async fn a_pinned_certificate_is_accepted_for_its_host_and_nothing_else_is() {
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed(["elsewhere.example".to_owned()]).unwrap();
    let url = serve(vec![cert.der().clone()], &signing_key).await;
    let pinned = |host: &str, sha256: [u8; 32]| Trust {
        authorities: Vec::new(),
        pins: vec![Pin { host: host.to_owned(), sha256 }],
    };
    let right: [u8; 32] = Sha256::digest(cert.der()).into();
    assert_eq!(asked(&url, pinned("localhost", right)).await, Ok("1".to_owned()), "though it names another host");
    assert_eq!(asked(&url, pinned("localhost", [7; 32])).await, Err(Distrust::NotPinned));
    assert_eq!(asked(&url, pinned("other.example", right)).await, Err(Distrust::UnknownIssuer));
    // A certificate that an authority vouches for is not the one that was pinned either.
    let (authority, urls) = authority().await;
    let both =
        Trust { authorities: transport::authorities(authority.as_bytes()).unwrap(), ..pinned("localhost", right) };
    assert_eq!(asked(&urls[0], both).await, Err(Distrust::NotPinned));
    // The look decides as the client does, and shows what could be pinned.
    let http = http().over(&Route { trust: pinned("localhost", [7; 32]), ..Route::default() }).unwrap();
    let probe = Probe::new(&http, url.parse().unwrap());
    let (stream, _) = probe.connect(&probe.look_up().await.unwrap()).await.unwrap();
    let shaken = probe.secure(stream).await.unwrap().unwrap();
    assert!(matches!(shaken.outcome, Err(TransportError::Untrusted { why: Distrust::NotPinned, .. })), "{shaken:?}");
    let hexadecimal: String = right.iter().map(|byte| format!("{byte:02X}")).collect();
    assert_eq!(shaken.certificate.unwrap().fingerprint.replace(':', ""), hexadecimal);
}

/// The extension of a `ClientHello` with this number.
fn extension(hello: &[u8], number: u16) -> Vec<u8> {
    let long = |at: usize| usize::from(u16::from_be_bytes([hello[at], hello[at + 1]]));
    // Heads of record and message, version, random bytes; session, cipher suites, compressions.
    let mut at = 5 + 4 + 2 + 32;
    at += 1 + usize::from(hello[at]);
    at += 2 + long(at);
    at += 1 + usize::from(hello[at]);
    at += 2;
    while long(at) != usize::from(number) {
        at += 4 + long(at + 2);
    }
    hello[at + 4..at + 4 + long(at + 2)].to_vec()
}

#[tokio::test]
async fn nothing_older_than_tls_1_2_is_offered_and_both_kinds_of_http_are() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://localhost:{}/", listener.local_addr().unwrap().port());
    let asking = tokio::spawn(async move { http().json(Request::get(url.parse().unwrap()), &patient()).await });
    let (mut socket, _) = listener.accept().await.unwrap();
    let mut hello = vec![0; 5];
    socket.read_exact(&mut hello).await.unwrap();
    let length = usize::from(u16::from_be_bytes([hello[3], hello[4]]));
    hello.resize(5 + length, 0);
    socket.read_exact(&mut hello[5..]).await.unwrap();
    drop(socket);
    asking.await.unwrap().unwrap_err();
    let (supported_versions, protocols) = (43, 16);
    let mut versions: Vec<_> = extension(&hello, supported_versions)[1..].chunks(2).map(<[u8]>::to_vec).collect();
    versions.sort();
    assert_eq!(versions, [[3, 3], [3, 4]], "TLS 1.2 is 3.3 on the wire, TLS 1.3 is 3.4");
    assert_eq!(extension(&hello, protocols)[2..], *b"\x02h2\x08http/1.1");
}

#[tokio::test]
async fn without_any_certificates_nobody_is_trusted() {
    let (url, _) = self_signed().await;
    let nowhere = [("SSL_CERT_FILE", "/nonexistent/file"), ("SSL_CERT_DIR", "/nonexistent/folder")];
    assert_eq!(environment::run(&[url.as_str()], &nowhere).await, ["untrusted"]);
}

#[tokio::test]
async fn what_is_wrong_with_a_certificate_is_told_apart_and_the_look_sees_what_the_client_does() {
    let (authority, urls) = authority().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("certificates.pem");
    std::fs::write(&file, &authority).unwrap();
    let file = file.to_string_lossy().into_owned();
    let addresses: Vec<_> = urls.iter().map(String::as_str).collect();
    let said = environment::look(&addresses, &[("SSL_CERT_FILE", &file)]).await;
    let good = "sent | TLS 1.3 | [\"localhost\"] | CN=Test authority";
    assert_eq!(said[0], good);
    assert_eq!(said[1], "Expired | Expired | [\"localhost\"] | CN=Test authority");
    assert_eq!(said[2], "NotYet | NotYet | [\"localhost\"] | CN=Test authority");
    assert_eq!(said[3], "WrongName | WrongName | [\"elsewhere.example\"] | CN=Test authority");
    assert!(said[4].starts_with("UnknownIssuer | UnknownIssuer | [\"localhost\"]"), "{said:?}");
    // Without the authority the same certificate is nobody's.
    let nowhere = [("SSL_CERT_FILE", "/nonexistent/file"), ("SSL_CERT_DIR", "/nonexistent/folder")];
    let said = environment::look(&addresses[..1], &nowhere).await;
    assert!(said[0].starts_with("UnknownIssuer | UnknownIssuer | "), "{said:?}");
}

#[tokio::test]
async fn a_certificate_behind_a_proxy_is_seen_through_it() {
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed(["chat.example".to_owned()]).unwrap();
    let url: reqwest::Url = serve(vec![cert.der().clone()], &signing_key).await.parse().unwrap();
    let port = url.port().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let proxy = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        loop {
            let (mut near, _) = listener.accept().await.unwrap();
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                head.push(near.read_u8().await.unwrap());
            }
            assert!(head.starts_with(b"CONNECT chat.example:8443 HTTP/1.1\r\n"));
            near.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await.unwrap();
            let mut far = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
            tokio::spawn(async move { tokio::io::copy_bidirectional(&mut near, &mut far).await });
        }
    });
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("certificates.pem");
    std::fs::write(&file, cert.pem()).unwrap();
    let environment = [("HTTPS_PROXY", proxy.as_str()), ("SSL_CERT_FILE", &file.to_string_lossy())];
    let said = environment::look(&["https://chat.example:8443/"], &environment).await;
    assert_eq!(said, [format!("sent | TLS 1.3 | [\"chat.example\"] | CN=rcgen self signed cert | {proxy}")]);
}

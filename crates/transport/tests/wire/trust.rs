//! Certificates.

use std::sync::Arc;

use rcgen::{CertifiedKey, generate_simple_self_signed};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{ServerConfig, pki_types::PrivateKeyDer},
};
use transport::{Request, TransportError};

use crate::{
    environment,
    server::{http, patient},
};

/// A server with a certificate that it has signed itself; gives its address and the certificate.
async fn self_signed() -> (String, String) {
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(signing_key.serialize_der()).unwrap();
    let config = ServerConfig::builder().with_no_client_auth().with_single_cert(vec![cert.der().clone()], key).unwrap();
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
    (url, cert.pem())
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for() {
    let (url, _) = self_signed().await;
    let error = http().json(Request::get(url.parse().unwrap()), &patient()).await.unwrap_err();
    let TransportError::Untrusted { origin, detail } = &error else { panic!("{error:?}") };
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

#[tokio::test]
async fn without_any_certificates_nobody_is_trusted() {
    let (url, _) = self_signed().await;
    let nowhere = [("SSL_CERT_FILE", "/nonexistent/file"), ("SSL_CERT_DIR", "/nonexistent/folder")];
    assert_eq!(environment::run(&[url.as_str()], &nowhere).await, ["untrusted"]);
}

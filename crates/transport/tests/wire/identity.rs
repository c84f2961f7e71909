//! Client certificates.

use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

use p12_keystore::{Certificate, EncryptionAlgorithm, KeyStore, KeyStoreEntry, PrivateKey, PrivateKeyChain};
use pkcs8::{PrivateKeyInfoRef, der::pem::LineEnding, pkcs5::pbes2::Parameters};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        RootCertStore, ServerConfig, SupportedProtocolVersion,
        pki_types::{CertificateDer, PrivateKeyDer},
        server::{NoClientAuth, WebPkiClientVerifier, danger::ClientCertVerifier},
        version::{TLS12, TLS13},
    },
};
use transport::{
    ClientCertificate, Http, Identity, IdentityError, ManualProxy, Proxy, Request, Route, Sealed, TransportError,
    Trust,
    probe::{Asked, Probe},
};
use x509_parser::prelude::{FromDer, X509Certificate};

use crate::server::{http, patient};

const PASSWORD: &str = "s3same-street";

/// An authority, one below it, and a certificate of that one for somebody who calls.
struct Caller {
    authority: rcgen::Certificate,
    between: rcgen::Certificate,
    certificate: rcgen::Certificate,
    key: KeyPair,
}

impl Caller {
    fn new() -> Self {
        Self::good(2020, 2090)
    }

    fn good(from: i32, until: i32) -> Self {
        let of = |name: &str, ca| {
            let mut params = CertificateParams::new([]).unwrap();
            params.is_ca = if ca { IsCa::Ca(BasicConstraints::Unconstrained) } else { IsCa::NoCa };
            params.distinguished_name.push(DnType::CommonName, name);
            params
        };
        let authority_key = KeyPair::generate().unwrap();
        let authority = of("Authority", true).self_signed(&authority_key).unwrap();
        let issuer = Issuer::new(of("Authority", true), authority_key);
        let between_key = KeyPair::generate().unwrap();
        let between = of("Between", true).signed_by(&between_key, &issuer).unwrap();
        let issuer = Issuer::new(of("Between", true), between_key);
        let key = KeyPair::generate().unwrap();
        let mut params = of("Ann", false);
        params.not_before = date_time_ymd(from, 1, 1);
        params.not_after = date_time_ymd(until, 1, 1);
        let certificate = params.signed_by(&key, &issuer).unwrap();
        Self { authority, between, certificate, key }
    }

    /// Key first, and the certificates in no order.
    fn pem(&self) -> String {
        format!("{}{}{}", self.key.serialize_pem(), self.between.pem(), self.certificate.pem())
    }

    fn encrypted_key(&self) -> String {
        let der = self.key.serialize_der();
        let parameters = Parameters::generate_pbkdf2_sha256_aes256cbc(100, b"salt-and-pepper", [7; 16]).unwrap();
        let key = PrivateKeyInfoRef::try_from(der.as_slice()).unwrap();
        let sealed = key.encrypt_with_params(parameters, PASSWORD).unwrap();
        sealed.to_pem("ENCRYPTED PRIVATE KEY", LineEnding::LF).unwrap().to_string()
    }

    fn pkcs12(&self, password: &str, how: EncryptionAlgorithm) -> Vec<u8> {
        let certificate = |certificate: &rcgen::Certificate| Certificate::from_der(certificate.der()).unwrap();
        let key = PrivateKey::from_der(&self.key.serialize_der()).unwrap();
        let chain = PrivateKeyChain::new("1", key, [&self.certificate, &self.between].map(certificate));
        let mut store = KeyStore::new();
        store.add_entry("ann", KeyStoreEntry::PrivateKeyChain(chain));
        let writer = store.writer(password).encryption_algorithm(how);
        writer.encryption_iterations(100).mac_iterations(100).write().unwrap()
    }
}

fn sealed(file: impl AsRef<[u8]>, key: Option<&str>, password: &str) -> Sealed {
    let bytes = |bytes: &[u8]| bytes.to_vec().into();
    let password = (!password.is_empty()).then(|| password.into());
    Sealed { file: bytes(file.as_ref()), key: key.map(|key| bytes(key.as_bytes())), password, origins: Vec::new() }
}

fn opened(sealed: &Sealed) -> Result<Identity, IdentityError> {
    http().identity(sealed, SystemTime::now())
}

fn wrong(file: impl AsRef<[u8]>, key: Option<&str>, password: &str) -> IdentityError {
    opened(&sealed(file, key, password)).unwrap_err()
}

#[test]
fn what_keeps_a_certificate_from_being_used_is_told_apart() {
    let (caller, other) = (Caller::new(), Caller::new());
    let (certificate, key) = (caller.certificate.pem(), caller.key.serialize_pem());
    opened(&sealed(caller.pem(), None, "")).unwrap();
    opened(&sealed(&certificate, Some(&key), "")).unwrap();
    assert_eq!(wrong("nonsense", None, ""), IdentityError::Unreadable);
    assert_eq!(
        wrong("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", None, ""),
        IdentityError::Unreadable
    );
    assert_eq!(wrong(&key, None, ""), IdentityError::NoCertificate);
    assert_eq!(wrong(&certificate, None, ""), IdentityError::NoKey);
    assert_eq!(wrong(&certificate, Some(&certificate), ""), IdentityError::NoKey);
    assert_eq!(wrong(&certificate, Some("nonsense"), ""), IdentityError::UnreadableKey);
    assert_eq!(wrong(&certificate, Some(&other.key.serialize_pem()), ""), IdentityError::OtherKey);
    let nobodys = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
    assert_eq!(wrong(&certificate, Some(nobodys), ""), IdentityError::UnusableKey);
    let old = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----\n";
    assert_eq!(wrong(&certificate, Some(old), PASSWORD), IdentityError::OldEncryption);
    assert_eq!(wrong(Caller::good(2020, 2021).pem(), None, ""), IdentityError::Expired);
    assert_eq!(wrong(Caller::good(2089, 2090).pem(), None, ""), IdentityError::NotYet);
}

#[test]
fn an_encrypted_key_is_opened_by_its_password_and_nothing_else() {
    let caller = Caller::new();
    let (certificate, key) = (caller.certificate.pem(), caller.encrypted_key());
    opened(&sealed(&certificate, Some(&key), PASSWORD)).unwrap();
    opened(&sealed(format!("{certificate}{key}"), None, PASSWORD)).unwrap();
    assert_eq!(wrong(&certificate, Some(&key), ""), IdentityError::WantsPassword);
    assert_eq!(wrong(&certificate, Some(&key), "other"), IdentityError::WrongPassword);
    for how in [
        EncryptionAlgorithm::PbeWithHmacSha256AndAes256,
        EncryptionAlgorithm::PbeWithShaAnd3KeyTripleDesCbc,
        EncryptionAlgorithm::PbeWithShaAnd40BitRc4Cbc,
    ] {
        let file = caller.pkcs12(PASSWORD, how);
        opened(&sealed(&file, None, PASSWORD)).unwrap();
        assert_eq!(wrong(&file, None, ""), IdentityError::WantsPassword, "{how:?}");
        assert_eq!(wrong(&file, None, "other"), IdentityError::WrongPassword, "{how:?}");
        assert_eq!(wrong(&file[..file.len() / 2], None, PASSWORD), IdentityError::Unreadable, "{how:?}");
        opened(&sealed(caller.pkcs12("", how), None, "")).unwrap();
    }
    let told = format!("{:?} {:?}", sealed(&key, Some(&key), PASSWORD), opened(&sealed(caller.pem(), None, "")));
    assert!(!told.contains(PASSWORD) && !told.contains("PRIVATE"), "{told}");
}

/// A server that tells as whom it has seen its caller; gives its port. With `caller` it wants to be shown a certificate of
/// that one's authority.
async fn serve(caller: Option<&Caller>, version: &'static SupportedProtocolVersion, alpn: &[&str]) -> Server {
    let key = KeyPair::generate().unwrap();
    let names = ["localhost".to_owned(), "chat.example".to_owned(), "127.0.0.1".to_owned()];
    let certificate = CertificateParams::new(names).unwrap().self_signed(&key).unwrap();
    let judge: Arc<dyn ClientCertVerifier> = match caller {
        None => Arc::new(NoClientAuth),
        Some(caller) => {
            let mut roots = RootCertStore::empty();
            roots.add(caller.authority.der().clone()).unwrap();
            WebPkiClientVerifier::builder(Arc::new(roots)).build().unwrap()
        }
    };
    let config = ServerConfig::builder_with_protocol_versions(&[version]).with_client_cert_verifier(judge);
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let mut config = config.with_single_cert(vec![certificate.der().clone()], key).unwrap();
    config.alpn_protocols = alpn.iter().map(|name| name.as_bytes().to_vec()).collect();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        loop {
            let (socket, _) = listener.accept().await.unwrap();
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let mut stream = match acceptor.accept(socket).into_fallible().await {
                    Ok(stream) => stream,
                    // What the caller has sent meanwhile is heard before the end, which would otherwise be a reset.
                    Err((_, mut socket)) => {
                        let _ = socket.shutdown().await;
                        let _ = socket.read_to_end(&mut Vec::new()).await;
                        return;
                    }
                };
                let _ = stream.read(&mut [0; 4096]).await;
                let body = format!("\"{}\"", names_of(stream.get_ref().1.peer_certificates()));
                let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close";
                let _ = stream
                    .write_all(format!("{head}\r\ncontent-length: {}\r\n\r\n{body}", body.len()).as_bytes())
                    .await;
                let _ = stream.shutdown().await;
            });
        }
    });
    Server { http: http(), port, certificate: certificate.der().to_vec() }
}

struct Server {
    /// For all that this one is asked: routes with and without a certificate share nothing.
    http: Http,
    port: u16,
    certificate: Vec<u8>,
}

impl Server {
    fn url(&self) -> String {
        format!("https://localhost:{}", self.port)
    }

    fn route(&self, identity: Option<Identity>) -> Route {
        let trust = Trust { authorities: vec![self.certificate.clone()], pins: Vec::new() };
        Route { trust, identity, ..Route::default() }
    }

    async fn asked(&self, identity: Option<Identity>) -> Result<String, TransportError> {
        asked(&self.http, &self.route(identity), &self.url()).await
    }

    async fn looked_at(&self, identity: Option<Identity>) -> transport::probe::Handshake {
        let http = self.http.over(&self.route(identity)).unwrap();
        let probe = Probe::new(&http, self.url().parse().unwrap());
        let (stream, _) = probe.connect(&probe.look_up().await.unwrap()).await.unwrap();
        probe.secure(stream).await.unwrap().unwrap()
    }
}

async fn asked(http: &Http, route: &Route, url: &str) -> Result<String, TransportError> {
    let answer = http.over(route).unwrap().json(Request::get(url.parse().unwrap()), &patient()).await?;
    Ok(String::from_utf8(answer.body.to_vec()).unwrap())
}

fn names_of(chain: Option<&[CertificateDer<'_>]>) -> String {
    let name = |der: &CertificateDer<'_>| X509Certificate::from_der(der).unwrap().1.subject().to_string();
    let names: Vec<_> = chain.unwrap_or_default().iter().map(name).collect();
    if names.is_empty() { "nobody".to_owned() } else { names.join(" by ") }
}

fn identity_for(caller: &Caller, origins: &[&str]) -> Identity {
    let origins = origins.iter().map(|&origin| origin.to_owned()).collect();
    opened(&Sealed { origins, ..sealed(caller.pem(), None, "") }).unwrap()
}

fn refused(answer: Result<String, TransportError>) -> ClientCertificate {
    match answer {
        Err(TransportError::ClientCertificate { why, .. }) => why,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_server_that_asks_is_shown_the_certificate_with_its_issuers_and_whoever_has_none_is_told() {
    let (caller, stranger) = (Caller::new(), Caller::new());
    for version in [&TLS13, &TLS12] {
        let server = serve(Some(&caller), version, &[]).await;
        let own = |caller| Some(identity_for(caller, &[&server.url()]));
        assert_eq!(server.asked(own(&caller)).await.unwrap(), "\"CN=Ann by CN=Between\"");
        assert_eq!(refused(server.asked(None).await), ClientCertificate::Missing, "{version:?}");
        assert_eq!(refused(server.asked(own(&stranger)).await), ClientCertificate::Refused, "{version:?}");
        // The look shows what the client does.
        let shaken = server.looked_at(own(&caller)).await;
        assert!(shaken.outcome.is_ok() && shaken.asked == Asked::Shown, "{shaken:?}");
        let shaken = server.looked_at(None).await;
        assert_eq!(shaken.asked, Asked::InVain);
        // With TLS 1.3 the server says so only later.
        let missing =
            matches!(shaken.outcome, Err(TransportError::ClientCertificate { why: ClientCertificate::Missing, .. }));
        assert_eq!(missing, version.version == TLS12.version, "{shaken:?}");
    }
    // HTTP/2 tells of what is below it in words only.
    let server = serve(Some(&caller), &TLS13, &["h2"]).await;
    assert_eq!(refused(server.asked(None).await), ClientCertificate::Missing);
    let nobody = serve(None, &TLS13, &[]).await;
    assert_eq!(nobody.looked_at(None).await.asked, Asked::Not);
}

#[tokio::test]
async fn another_server_that_asks_is_not_shown_it() {
    let caller = Caller::new();
    let server = serve(Some(&caller), &TLS13, &[]).await;
    // The same server by another name, and by another port, is another one.
    for other in ["https://127.0.0.1", "https://localhost:1", "http://localhost"] {
        let identity = identity_for(&caller, &[other, "https://chat.example"]);
        assert_eq!(refused(server.asked(Some(identity.clone())).await), ClientCertificate::Missing, "{other}");
        assert_eq!(server.looked_at(Some(identity)).await.asked, Asked::InVain);
    }
}

#[tokio::test]
async fn a_proxy_under_https_is_never_called_with_it() {
    let caller = Caller::new();
    // It would see the certificate: it asks for one, and trusts its authority.
    let proxy = serve(Some(&caller), &TLS13, &[]).await;
    let url = proxy.url().replace("localhost", "127.0.0.1").parse().unwrap();
    let through = Proxy::Manual(ManualProxy { url, login: None });
    let route = Route { proxy: through, ..proxy.route(Some(identity_for(&caller, &["https://chat.example"]))) };
    let error = asked(&proxy.http, &route, "https://chat.example/").await.unwrap_err();
    let TransportError::BadAddress { reason } = &error else { panic!("{error:?}") };
    assert!(reason.contains("http:// or socks5://"), "{reason}");
    // To a server that it is not for, requests go through that proxy, and the proxy is not shown it either.
    let error = asked(&proxy.http, &route, "https://other.example/").await.unwrap_err();
    assert!(format!("{error:?}").contains("CertificateRequired"), "{error:?}");
}

#[test]
fn what_is_open_is_not_opened_again_and_its_time_is_watched() {
    let caller = Caller::new();
    let sealed = sealed(caller.pkcs12(PASSWORD, EncryptionAlgorithm::PbeWithHmacSha256AndAes256), None, PASSWORD);
    let http = http();
    let identity = http.identity(&sealed, SystemTime::now()).unwrap();
    let on = http.over(&Route { identity: Some(identity), ..Route::default() }).unwrap();
    on.identity(&sealed, SystemTime::now()).unwrap();
    let later = SystemTime::now() + Duration::from_secs(200 * 365 * 24 * 60 * 60);
    assert_eq!(on.identity(&sealed, later).unwrap_err(), IdentityError::Expired);
}

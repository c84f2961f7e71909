//! A handshake that keeps the certificate, whether or not it is trusted.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::{
    io::{AsyncRead, AsyncWrite},
    time::timeout,
};
use tokio_rustls::{
    TlsConnector,
    rustls::{
        DigitallySignedStruct, Error, ProtocolVersion, SignatureScheme,
        client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
        pki_types::{CertificateDer, ServerName, UnixTime},
    },
};

use super::{LIMIT, certificate::Certificate};
use crate::{
    cause::chain,
    error::{ClientCertificate, Distrust, TransportError, Unreachable},
    identity::{Identity, Introduction},
    trust::Verifier,
};

/// What came of a handshake.
#[derive(Debug, Clone)]
pub struct Handshake {
    /// The server's certificate, if it showed one, trusted or not.
    pub certificate: Option<Certificate>,
    /// The version of the protocol, or why there is no secure connection.
    pub outcome: Result<&'static str, TransportError>,
    /// Whether the server wanted to know who is calling.
    pub asked: Asked,
}

/// What came of a server's wish to know who is calling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// It has none.
    Not,
    /// It has been shown the client certificate.
    Shown,
    /// It asks for a client certificate, and there is none for it. It may do without.
    InVain,
}

/// Asks the same verifier that the HTTP client asks, and keeps what it was asked about.
#[derive(Debug)]
struct Keeping {
    verifier: Arc<Verifier>,
    seen: Mutex<Option<CertificateDer<'static>>>,
}

impl ServerCertVerifier for Keeping {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Some(end_entity.clone().into_owned());
        self.verifier.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.verifier.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.verifier.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.verifier.supported_verify_schemes()
    }
}

/// Shakes hands with a host over a connection to it, and hangs up.
pub(super) async fn shake(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    host: &str,
    origin: &str,
    verifier: &Arc<Verifier>,
    identity: Option<Identity>,
) -> Handshake {
    let introduction = Arc::new(Introduction::new(identity));
    let failed = |why: Option<Distrust>, detail: String| {
        let origin = origin.to_owned();
        Err(match (why, ClientCertificate::of(&introduction, &detail)) {
            (Some(why), _) => TransportError::Untrusted { why, origin, detail },
            (None, Some(why)) => TransportError::ClientCertificate { why, origin, detail },
            (None, None) => {
                let why = if Unreachable::is_old_tls(&detail) { Unreachable::OldTls } else { Unreachable::Other };
                TransportError::Unreachable { why, origin, detail }
            }
        })
    };
    let none = |outcome| Handshake { certificate: None, outcome, asked: Asked::Not };
    let Ok(name) = ServerName::try_from(host.to_owned()) else {
        return none(failed(None, "no name that a certificate could have".into()));
    };
    let keeping = Arc::new(Keeping { verifier: verifier.clone(), seen: Mutex::default() });
    let config = match verifier.config(keeping.clone(), introduction.clone()) {
        Ok(config) => config,
        Err(error) => return none(failed(None, chain(&error))),
    };
    let shaken = timeout(LIMIT, TlsConnector::from(Arc::new(config)).connect(name, stream)).await;
    let seen = keeping.seen.lock().unwrap_or_else(PoisonError::into_inner).take();
    let outcome = match shaken {
        Ok(Ok(stream)) => Ok(version(stream.get_ref().1.protocol_version())),
        Ok(Err(error)) => failed(Distrust::of(&error), chain(&error)),
        Err(_) => Err(TransportError::Unreachable {
            why: Unreachable::TimedOut,
            origin: origin.to_owned(),
            detail: format!("no handshake within {} s", LIMIT.as_secs()),
        }),
    };
    let asked = match (introduction.was_asked(), introduction.shows()) {
        (false, _) => Asked::Not,
        (true, true) => Asked::Shown,
        (true, false) => Asked::InVain,
    };
    Handshake { certificate: seen.and_then(|der| Certificate::read(&der)), outcome, asked }
}

fn version(version: Option<ProtocolVersion>) -> &'static str {
    match version {
        Some(ProtocolVersion::TLSv1_3) => "TLS 1.3",
        Some(ProtocolVersion::TLSv1_2) => "TLS 1.2",
        _ => "TLS",
    }
}

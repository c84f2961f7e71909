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
    error::{Distrust, TransportError, Unreachable},
    trust::Verifier,
};

/// What came of a handshake.
#[derive(Debug, Clone)]
pub struct Handshake {
    /// The server's certificate, if it showed one, trusted or not.
    pub certificate: Option<Certificate>,
    /// The version of the protocol, or why there is no secure connection.
    pub outcome: Result<&'static str, TransportError>,
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
) -> Handshake {
    let failed = |why: Option<Distrust>, detail: String| {
        let origin = origin.to_owned();
        Err(match why {
            Some(why) => TransportError::Untrusted { why, origin, detail },
            None => TransportError::Unreachable { why: Unreachable::Other, origin, detail },
        })
    };
    let Ok(name) = ServerName::try_from(host.to_owned()) else {
        return Handshake { certificate: None, outcome: failed(None, "no name that a certificate could have".into()) };
    };
    let keeping = Arc::new(Keeping { verifier: verifier.clone(), seen: Mutex::default() });
    let config = match verifier.config(keeping.clone()) {
        Ok(config) => config,
        Err(error) => return Handshake { certificate: None, outcome: failed(None, chain(&error)) },
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
    Handshake { certificate: seen.and_then(|der| Certificate::read(&der)), outcome }
}

fn version(version: Option<ProtocolVersion>) -> &'static str {
    match version {
        Some(ProtocolVersion::TLSv1_3) => "TLS 1.3",
        Some(ProtocolVersion::TLSv1_2) => "TLS 1.2",
        _ => "TLS",
    }
}

//! Which certificates are accepted: those that the system trusts, those of more authorities, and single ones that were
//! pinned. There is no way to accept any.

use std::{error::Error, fmt, sync::Arc};

use rustls_platform_verifier::Verifier as System;
use sha2::{Digest, Sha256};
use tokio_rustls::rustls::{
    self, CertificateError, ClientConfig, DigitallySignedStruct, OtherError, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, ServerName, UnixTime, pem::PemObject},
};
use x509_parser::prelude::{FromDer, X509Certificate};

use crate::{cause::chain, error::TransportError, identity::Introduction};

/// Which certificates are accepted beside those that the system trusts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trust {
    /// Certificates of more authorities, in DER: see [`authorities`].
    pub authorities: Vec<Vec<u8>>,
    /// Certificates of single servers.
    pub pins: Vec<Pin>,
}

/// A certificate of one server that somebody has looked at. It is accepted for this host whoever issued it and whatever
/// names stand in it, as long as its time lasts; for a host with pins no other certificate is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pin {
    /// The host: a name or an address, without brackets.
    pub host: String,
    /// SHA-256 of the certificate.
    pub sha256: [u8; 32],
}

/// The certificates in a PEM file, in DER; `None` if there is none in it, or one that cannot be read.
pub fn authorities(pem: &[u8]) -> Option<Vec<Vec<u8>>> {
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    let found = found.ok().filter(|found| !found.is_empty())?;
    let readable = |der: &CertificateDer<'_>| X509Certificate::from_der(der).is_ok();
    found.iter().all(readable).then(|| found.iter().map(|der| der.to_vec()).collect())
}

/// Decides about certificates for one [`Trust`].
#[derive(Debug)]
pub(crate) struct Verifier {
    /// Absent on a machine that has no certificates: nobody is trusted there who was not pinned.
    system: Option<System>,
    pins: Vec<Pin>,
    provider: Arc<CryptoProvider>,
}

/// A certificate of a pinned host that is not the one that was pinned.
#[derive(Debug)]
pub(crate) struct NotPinned;

impl Verifier {
    /// Reads the system's certificates anew.
    pub fn new(trust: &Trust) -> Result<Self, TransportError> {
        let provider = provider();
        let extra: Vec<_> = trust.authorities.iter().cloned().map(CertificateDer::from).collect();
        let system = if extra.is_empty() {
            System::new(provider.clone()).ok()
        } else {
            let made = System::new_with_extra_roots(extra, provider.clone());
            let bad = |error| format!("one of the additional certificates is of no use: {}", chain(&error));
            Some(made.map_err(|error| TransportError::BadAddress { reason: bad(error) })?)
        };
        Ok(Self { system, pins: trust.pins.clone(), provider })
    }

    /// Whom to trust in a handshake that `verifier` decides, and what to show there. TLS 1.2 is the oldest that is spoken.
    pub fn config(
        &self,
        verifier: Arc<dyn ServerCertVerifier>,
        introduction: Arc<Introduction>,
    ) -> Result<ClientConfig, rustls::Error> {
        let builder = ClientConfig::builder_with_provider(self.provider.clone())
            .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])?;
        let builder = builder.dangerous().with_custom_certificate_verifier(verifier);
        Ok(builder.with_client_cert_resolver(introduction))
    }

    /// Whether a certificate is one of those that were pinned for its host; `None` for a host without any.
    fn is_pinned(&self, der: &CertificateDer<'_>, host: &ServerName<'_>) -> Option<bool> {
        let host = host.to_str();
        let mut pins = self.pins.iter().filter(|pin| pin.host.eq_ignore_ascii_case(&host)).peekable();
        pins.peek()?;
        let sha256: [u8; 32] = Sha256::digest(der).into();
        Some(pins.any(|pin| pin.sha256 == sha256))
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        match self.is_pinned(end_entity, server_name) {
            Some(true) => in_its_time(end_entity, now).map(|()| ServerCertVerified::assertion()).map_err(Into::into),
            Some(false) => Err(CertificateError::Other(OtherError(Arc::new(NotPinned))).into()),
            None => {
                let system = self.system.as_ref().ok_or(CertificateError::UnknownIssuer)?;
                system.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
            }
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signature, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signature, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

/// Who does the arithmetic.
pub(crate) fn provider() -> Arc<CryptoProvider> {
    CryptoProvider::get_default().cloned().unwrap_or_else(|| Arc::new(aws_lc_rs::default_provider()))
}

/// A pin says nothing about time.
fn in_its_time(der: &CertificateDer<'_>, now: UnixTime) -> Result<(), CertificateError> {
    let (_, certificate) = X509Certificate::from_der(der).map_err(|_| CertificateError::BadEncoding)?;
    let validity = certificate.validity();
    let now = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
    if now < validity.not_before.timestamp() {
        return Err(CertificateError::NotValidYet);
    }
    if now > validity.not_after.timestamp() {
        return Err(CertificateError::Expired);
    }
    Ok(())
}

impl fmt::Display for NotPinned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("it is not the one that was pinned for this host")
    }
}

impl Error for NotPinned {}

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, KeyPair, date_time_ymd};

    use super::*;

    fn made(from: i32, until: i32) -> CertificateDer<'static> {
        let mut params = CertificateParams::new(["other.example".to_owned()]).unwrap();
        params.not_before = date_time_ymd(from, 1, 1);
        params.not_after = date_time_ymd(until, 1, 1);
        params.self_signed(&KeyPair::generate().unwrap()).unwrap().der().clone()
    }

    /// What is decided about a certificate of `a.example`, of which `pinned` is pinned.
    fn decided(shown: &CertificateDer<'_>, pinned: &CertificateDer<'_>, host: &str) -> Result<(), rustls::Error> {
        let pin = Pin { host: "A.example".to_owned(), sha256: Sha256::digest(pinned).into() };
        let verifier = Verifier::new(&Trust { authorities: Vec::new(), pins: vec![pin] }).unwrap();
        let host = ServerName::try_from(host.to_owned()).unwrap();
        verifier.verify_server_cert(shown, &[], &host, &[], UnixTime::now()).map(|_| ())
    }

    #[test]
    fn a_pinned_certificate_is_accepted_for_its_host_alone_and_in_its_time() {
        let (good, other) = (made(2020, 2090), made(2020, 2090));
        decided(&good, &good, "a.example").unwrap();
        assert!(decided(&other, &good, "a.example").unwrap_err().to_string().contains("NotPinned"));
        assert!(decided(&good, &good, "b.example").unwrap_err().to_string().contains("UnknownIssuer"));
        let (old, early) = (made(2020, 2021), made(2089, 2090));
        assert_eq!(decided(&old, &old, "a.example").unwrap_err(), CertificateError::Expired.into());
        assert_eq!(decided(&early, &early, "a.example").unwrap_err(), CertificateError::NotValidYet.into());
    }

    #[test]
    fn what_is_no_file_of_certificates_is_told() {
        let key = KeyPair::generate().unwrap();
        let made = CertificateParams::new([]).unwrap().self_signed(&key).unwrap();
        let two = format!("# of the office\n{}\n{}", made.pem(), made.pem());
        assert_eq!(authorities(two.as_bytes()).unwrap(), vec![made.der().to_vec(), made.der().to_vec()]);
        assert_eq!(authorities(key.serialize_pem().as_bytes()), None);
        assert_eq!(authorities(b"nonsense"), None);
        assert_eq!(authorities(b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"), None);
    }
}

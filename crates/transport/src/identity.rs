//! Client certificates: who is calling, for servers that ask for it. They are read from PEM and from PKCS#12, with keys
//! that may be encrypted.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{SystemTime, UNIX_EPOCH},
};

use p12_keystore::{Pkcs12Archive, error::Error as Pkcs12Error};
use pkcs8::EncryptedPrivateKeyInfoRef;
use secrecy::{ExposeSecret, SecretSlice, SecretString};
use sha2::{Digest, Sha256};
use tokio_rustls::rustls::{
    SignatureScheme,
    client::ResolvesClientCert,
    crypto::CryptoProvider,
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs1KeyDer, PrivatePkcs8KeyDer, PrivateSec1KeyDer},
    sign::CertifiedKey,
};
use x509_parser::{
    pem::Pem,
    prelude::{FromDer, X509Certificate},
};

const BEGIN: &[u8] = b"-----BEGIN ";

/// A client certificate as it lies in files. What `Debug` prints has nothing of them.
#[derive(Debug, Clone)]
pub struct Sealed {
    /// The file: PEM with the certificate and those of its issuers, and mostly the key; or PKCS#12 with all of them.
    pub file: SecretSlice<u8>,
    /// The key in PEM, if it is in a file of its own.
    pub key: Option<SecretSlice<u8>>,
    /// What opens the key, if anything has to.
    pub password: Option<SecretString>,
    /// The servers that it may be shown to, as scheme, host and port.
    pub origins: Vec<String>,
}

/// A client certificate that can be shown, and its key. It is shown to the servers of its origins, if they ask for one:
/// to nobody else, and to no proxy.
#[derive(Clone)]
pub struct Identity {
    key: Arc<CertifiedKey>,
    origins: Vec<String>,
    id: [u8; 32],
}

/// Why a client certificate cannot be used. Nothing is quoted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IdentityError {
    /// The file is neither PEM nor PKCS#12, or is damaged.
    #[error("it is neither PEM nor PKCS#12, or is damaged")]
    Unreadable,
    /// The file of the key is not PEM, or is damaged.
    #[error("the file of the key is not PEM, or is damaged")]
    UnreadableKey,
    /// There is no certificate in it.
    #[error("there is no certificate in it")]
    NoCertificate,
    /// There is no key where it has to be.
    #[error("there is no private key in it")]
    NoKey,
    /// The key is encrypted, and there is no password.
    #[error("the key is encrypted, and no password was given")]
    WantsPassword,
    /// The password does not open it.
    #[error("the password does not open it")]
    WrongPassword,
    /// It is encrypted in a way that is too old to be read here.
    #[error("it is encrypted in an old way")]
    OldEncryption,
    /// The key is of a kind that no TLS here can sign with.
    #[error("the key is of a kind that cannot be used")]
    UnusableKey,
    /// The key belongs to another certificate.
    #[error("the key does not fit the certificate")]
    OtherKey,
    /// The certificate's time is over.
    #[error("the certificate has expired")]
    Expired,
    /// The certificate's time has not come.
    #[error("the certificate is not good yet")]
    NotYet,
}

impl Sealed {
    /// The same for whatever would become the same identity. The password and the key are in it, unreadably.
    pub(crate) fn id(&self) -> [u8; 32] {
        let mut digest = Sha256::new();
        let mut add = |bytes: &[u8]| {
            digest.update(bytes.len().to_le_bytes());
            digest.update(bytes);
        };
        add(self.file.expose_secret());
        add(self.key.as_ref().map_or(&[], |key| key.expose_secret()));
        add(self.password().as_bytes());
        self.origins.iter().for_each(|origin| add(origin.as_bytes()));
        digest.finalize().into()
    }

    fn password(&self) -> &str {
        self.password.as_ref().map_or("", |password| password.expose_secret())
    }

    /// Opens it. That takes its time where a password is made into a key, up to seconds: not for a thread that others
    /// wait for.
    pub(crate) fn open(&self, provider: &CryptoProvider, now: SystemTime) -> Result<Identity, IdentityError> {
        let file = self.file.expose_secret();
        let mut parts =
            if is_pem(file) { Parts::of_pem(file, self.password())? } else { Parts::of_pkcs12(file, self.password())? };
        if parts.certificates.is_empty() {
            return Err(IdentityError::NoCertificate);
        }
        if let Some(key) = &self.key {
            let key = key.expose_secret();
            if !is_pem(key) {
                return Err(IdentityError::UnreadableKey);
            }
            parts.keys = Parts::of_pem(key, self.password()).map_err(of_key)?.keys;
        }
        let key = Arc::new(parts.fitting(provider)?);
        let identity = Identity { key, origins: self.origins.clone(), id: self.id() };
        identity.in_its_time(now)?;
        Ok(identity)
    }
}

/// The same error, of the file that has the key alone.
fn of_key(error: IdentityError) -> IdentityError {
    if error == IdentityError::Unreadable { IdentityError::UnreadableKey } else { error }
}

impl Identity {
    /// Whether it may be shown to a server.
    pub(crate) fn is_for(&self, origin: &str) -> bool {
        self.origins.iter().any(|known| known == origin)
    }

    pub(crate) fn id(&self) -> &[u8; 32] {
        &self.id
    }

    /// Whether the certificate is good now: servers take no other.
    pub(crate) fn in_its_time(&self, now: SystemTime) -> Result<(), IdentityError> {
        let der = self.key.cert.first().ok_or(IdentityError::NoCertificate)?;
        let (_, certificate) = X509Certificate::from_der(der).map_err(|_| IdentityError::Unreadable)?;
        let now = now.duration_since(UNIX_EPOCH).map_or(0, |since| i64::try_from(since.as_secs()).unwrap_or(i64::MAX));
        if now > certificate.validity().not_after.timestamp() {
            return Err(IdentityError::Expired);
        }
        if now < certificate.validity().not_before.timestamp() {
            return Err(IdentityError::NotYet);
        }
        Ok(())
    }
}

/// What was found in files.
#[derive(Default)]
struct Parts {
    certificates: Vec<CertificateDer<'static>>,
    keys: Vec<PrivateKeyDer<'static>>,
}

impl Parts {
    fn of_pem(text: &[u8], password: &str) -> Result<Self, IdentityError> {
        // An encryption from before PKCS#8, told by lines that are no base64.
        if text.windows(10).any(|window| window == b"Proc-Type:") {
            return Err(IdentityError::OldEncryption);
        }
        let mut parts = Self::default();
        for pem in Pem::iter_from_buffer(text) {
            let Pem { label, contents } = pem.map_err(|_| IdentityError::Unreadable)?;
            match label.as_str() {
                "CERTIFICATE" => {
                    X509Certificate::from_der(&contents).map_err(|_| IdentityError::Unreadable)?;
                    parts.certificates.push(contents.into());
                }
                "PRIVATE KEY" => parts.keys.push(PrivatePkcs8KeyDer::from(contents).into()),
                "RSA PRIVATE KEY" => parts.keys.push(PrivatePkcs1KeyDer::from(contents).into()),
                "EC PRIVATE KEY" => parts.keys.push(PrivateSec1KeyDer::from(contents).into()),
                "ENCRYPTED PRIVATE KEY" => parts.keys.push(decrypted(&contents, password)?),
                // Parameters of curves, requests, the public half of a key.
                _ => {}
            }
        }
        Ok(parts)
    }

    fn of_pkcs12(file: &[u8], password: &str) -> Result<Self, IdentityError> {
        let archive = Pkcs12Archive::from_pkcs12(file, password).map_err(|error| match error {
            Pkcs12Error::UnsupportedEncryptionScheme | Pkcs12Error::UnsupportedMacAlgorithm => {
                IdentityError::OldEncryption
            }
            // A file without a seal of its own tells a wrong password by what comes out.
            Pkcs12Error::MacError(_) | Pkcs12Error::Pkcs5Error(_) | Pkcs12Error::UnpadError => wrong(password),
            _ => IdentityError::Unreadable,
        })?;
        let certificate = |der: &[u8]| CertificateDer::from(der.to_vec());
        let key = |der: &[u8]| PrivateKeyDer::from(PrivatePkcs8KeyDer::from(der.to_vec()));
        Ok(Self {
            certificates: archive.certs.iter().map(|bag| certificate(bag.cert.as_der())).collect(),
            keys: archive.keys.iter().map(|bag| key(bag.key.as_der())).collect(),
        })
    }

    /// The first key that fits one of the certificates, with this one before its issuers. Files have them in any order.
    fn fitting(self, provider: &CryptoProvider) -> Result<CertifiedKey, IdentityError> {
        let mut trouble = IdentityError::NoKey;
        for key in self.keys {
            let Ok(key) = provider.key_provider.load_private_key(key) else {
                trouble = IdentityError::UnusableKey;
                continue;
            };
            let fits =
                |der: &CertificateDer<'static>| CertifiedKey::new(vec![der.clone()], key.clone()).keys_match().is_ok();
            if let Some(own) = self.certificates.iter().find(|der| fits(der)) {
                return Ok(CertifiedKey::new(chain_of(own, &self.certificates), key));
            }
            trouble = IdentityError::OtherKey;
        }
        Err(trouble)
    }
}

/// A certificate, and those of its issuers as far as they are here.
fn chain_of(own: &CertificateDer<'static>, all: &[CertificateDer<'static>]) -> Vec<CertificateDer<'static>> {
    let names = |der: &CertificateDer<'_>| {
        let (_, certificate) = X509Certificate::from_der(der).ok()?;
        Some((certificate.subject().as_raw().to_vec(), certificate.issuer().as_raw().to_vec()))
    };
    let mut chain = vec![own.clone()];
    while let Some((_, issuer)) = chain.last().and_then(names) {
        let next =
            all.iter().find(|der| !chain.contains(der) && names(der).is_some_and(|(subject, _)| subject == issuer));
        let Some(next) = next else { break };
        chain.push(next.clone());
    }
    chain
}

fn is_pem(file: &[u8]) -> bool {
    file.windows(BEGIN.len()).any(|window| window == BEGIN)
}

fn decrypted(der: &[u8], password: &str) -> Result<PrivateKeyDer<'static>, IdentityError> {
    let sealed = EncryptedPrivateKeyInfoRef::try_from(der).map_err(|error| match error {
        // Known by its number to nobody who reads keys today.
        pkcs8::Error::Asn1(_) | pkcs8::Error::EncryptedPrivateKey(_) => IdentityError::OldEncryption,
        _ => IdentityError::Unreadable,
    })?;
    if password.is_empty() {
        return Err(IdentityError::WantsPassword);
    }
    match sealed.decrypt(password) {
        Ok(key) => Ok(PrivatePkcs8KeyDer::from(key.as_bytes().to_vec()).into()),
        Err(pkcs8::Error::EncryptedPrivateKey(
            pkcs8::pkcs5::Error::NoPbes1CryptSupport | pkcs8::pkcs5::Error::UnsupportedAlgorithm { .. },
        )) => Err(IdentityError::OldEncryption),
        // A wrong one now and then comes through, and then what comes out is no key.
        Err(_) => Err(IdentityError::WrongPassword),
    }
}

fn wrong(password: &str) -> IdentityError {
    if password.is_empty() { IdentityError::WantsPassword } else { IdentityError::WrongPassword }
}

/// What a handshake does when the server asks who is calling: it shows the certificate, if there is one, and remembers
/// that it was asked.
#[derive(Debug)]
pub(crate) struct Introduction {
    identity: Option<Identity>,
    asked: AtomicBool,
}

impl Introduction {
    pub fn new(identity: Option<Identity>) -> Self {
        Self { identity, asked: AtomicBool::new(false) }
    }

    /// Whether there is something to show.
    pub fn shows(&self) -> bool {
        self.identity.is_some()
    }

    /// Whether a server has asked.
    pub fn was_asked(&self) -> bool {
        self.asked.load(Ordering::Relaxed)
    }
}

impl ResolvesClientCert for Introduction {
    fn resolve(&self, _issuers: &[&[u8]], _schemes: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        self.asked.store(true, Ordering::Relaxed);
        self.identity.as_ref().map(|identity| identity.key.clone())
    }

    fn has_certs(&self) -> bool {
        self.shows()
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity").field("origins", &self.origins).finish_non_exhaustive()
    }
}

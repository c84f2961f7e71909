//! What a certificate says of itself.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};
use x509_parser::{extensions::GeneralName, prelude::FromDer, prelude::X509Certificate};

/// How many names of a certificate are read. Some have hundreds.
const NAMES: usize = 20;
/// The longest name that is kept, in characters.
const NAME_LENGTH: usize = 200;

/// A server's certificate, as far as a person may want to know it. Whether it is trusted is another question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// Whose it is.
    pub subject: String,
    /// Who vouches for it.
    pub issuer: String,
    /// The names and addresses for which it is good, the first twenty.
    pub names: Vec<String>,
    /// From when on, in seconds since 1970 UTC.
    pub from: i64,
    /// Until when, in seconds since 1970 UTC.
    pub until: i64,
    /// SHA-256 of the whole, in pairs of hexadecimal digits.
    pub fingerprint: String,
}

impl Certificate {
    /// Reads a certificate; `None` if it is none.
    pub(super) fn read(der: &[u8]) -> Option<Self> {
        let (_, certificate) = X509Certificate::from_der(der).ok()?;
        let validity = certificate.validity();
        let alternatives = certificate.subject_alternative_name().ok().flatten();
        let names = alternatives.into_iter().flat_map(|names| &names.value.general_names).filter_map(name);
        Some(Self {
            subject: short(&certificate.subject().to_string()),
            issuer: short(&certificate.issuer().to_string()),
            names: names.take(NAMES).collect(),
            from: validity.not_before.timestamp(),
            until: validity.not_after.timestamp(),
            fingerprint: fingerprint(der),
        })
    }
}

fn name(name: &GeneralName<'_>) -> Option<String> {
    match name {
        GeneralName::DNSName(name) => Some(short(name)),
        GeneralName::IPAddress(bytes) => {
            let v4 = <[u8; 4]>::try_from(*bytes).map(std::net::IpAddr::from);
            let address = v4.or_else(|_| <[u8; 16]>::try_from(*bytes).map(std::net::IpAddr::from));
            address.ok().map(|address| address.to_string())
        }
        _ => None,
    }
}

/// A stranger wrote these words.
fn short(text: &str) -> String {
    text.chars().map(|char| if char.is_control() { ' ' } else { char }).take(NAME_LENGTH).collect()
}

fn fingerprint(der: &[u8]) -> String {
    let mut text = String::new();
    for (at, byte) in Sha256::digest(der).iter().enumerate() {
        let colon = if at > 0 { ":" } else { "" };
        // Writing to a string cannot fail.
        let _ = write!(text, "{colon}{byte:02X}");
    }
    text
}

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, DnType, KeyPair};

    use super::*;

    #[test]
    fn what_a_certificate_says_is_read() {
        let mut params = CertificateParams::new(["chat.example".to_owned(), "127.0.0.1".to_owned()]).unwrap();
        params.distinguished_name.push(DnType::CommonName, "Cha\nt");
        params.not_before = rcgen::date_time_ymd(2026, 1, 1);
        params.not_after = rcgen::date_time_ymd(2026, 1, 2);
        let made = params.self_signed(&KeyPair::generate().unwrap()).unwrap();
        let read = Certificate::read(made.der()).unwrap();
        assert_eq!(read.names, ["chat.example", "127.0.0.1"]);
        assert_eq!((read.from, read.until), (1_767_225_600, 1_767_312_000));
        assert_eq!(read.subject, read.issuer);
        assert!(read.subject.contains("CN=") && !read.subject.contains('\n'), "{}", read.subject);
        assert_eq!(read.fingerprint.len(), 32 * 3 - 1);
        assert_eq!(Certificate::read(b"nonsense"), None);
    }
}

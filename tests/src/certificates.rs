//! Certificates of an authority that no system knows, and files that hold them.

use std::{io::Write, process::Command};

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};

/// What opens the keys that are encrypted.
pub const PASSWORD: &str = "s3same-street";

/// An authority of a company.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    /// Its own certificate, in PEM.
    pub pem: String,
}

/// A certificate and its key, in PEM.
pub struct Pair {
    /// The certificate.
    pub certificate: String,
    /// The key, not encrypted.
    pub key: String,
}

impl Default for Authority {
    fn default() -> Self {
        Self::new()
    }
}

impl Authority {
    /// An authority that nobody knows.
    pub fn new() -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new([]).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, "Office authority");
        let pem = params.self_signed(&key).unwrap().pem();
        Self { issuer: Issuer::new(params, key), pem }
    }

    /// A certificate for a name, until the beginning of a year.
    pub fn vouches(&self, name: &str, until: i32) -> Pair {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new([name.to_owned()]).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(until, 1, 1);
        Pair { certificate: params.signed_by(&key, &self.issuer).unwrap().pem(), key: key.serialize_pem() }
    }
}

impl Pair {
    /// In one file, as PEM has it.
    pub fn whole(&self) -> String {
        format!("{}{}", self.certificate, self.key)
    }

    /// The key in PEM, encrypted.
    pub fn encrypted_key(&self) -> Vec<u8> {
        let password = format!("pass:{PASSWORD}");
        openssl(&["pkcs8", "-topk8", "-v2", "aes-256-cbc", "-passout", &password], &self.key)
    }

    /// As PKCS#12, encrypted; `more` are arguments for the program that writes it.
    pub fn pkcs12(&self, more: &[&str]) -> Vec<u8> {
        let password = format!("pass:{PASSWORD}");
        openssl(&[&["pkcs12", "-export", "-name", "Ann", "-passout", &password], more].concat(), &self.whole())
    }
}

/// What the program makes of a file with which most people make such files.
fn openssl(arguments: &[&str], input: &str) -> Vec<u8> {
    // It reads some kinds of file twice, so they cannot come through a pipe.
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(input.as_bytes()).unwrap();
    let output = Command::new("openssl").args(arguments).arg("-in").arg(file.path()).output();
    let output = output.expect("openssl is not installed: apt-get install openssl");
    assert!(output.status.success(), "openssl {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

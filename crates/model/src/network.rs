//! The way to a connection's servers, as the person has set it. Its secrets are in the keychain, never here.

use std::num::NonZeroU32;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The way to a connection's servers. The default is absent in files: the system's proxies, the certificates that the
/// system trusts, and nothing without encryption but to this computer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Network {
    /// Through which proxy.
    #[serde(default, skip_serializing_if = "is_default")]
    pub proxy: ProxyChoice,
    /// Files with certificates of authorities to trust beside the system's, in PEM, by their whole paths.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub authorities: Vec<String>,
    /// Certificates of single servers that the person has looked at.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pins: Vec<PinnedCertificate>,
    /// Where requests may go without encryption.
    #[serde(default, skip_serializing_if = "is_default")]
    pub plain_http: PlainHttp,
    /// What the connection's servers are shown when they ask who is calling.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_certificate: Option<ClientCertificate>,
    /// How many messages go out in a minute at most; absent for as many as there are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_minute: Option<NonZeroU32>,
}

/// Where a client certificate lies. The password of its key is in the keychain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ClientCertificate {
    /// The whole path of a file: PEM, mostly with the key in it, or PKCS#12.
    pub file: String,
    /// The whole path of the key's file in PEM, if it has one of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Whether there is a password that opens the key.
    #[serde(default, skip_serializing_if = "is_default")]
    pub has_password: bool,
}

/// Through which proxy requests go. What runs on this computer is never asked for at one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ProxyChoice {
    /// That of the system, with its exceptions.
    #[default]
    System,
    /// Through none.
    None,
    /// Through this one.
    Manual {
        /// Its address: `http`, `https` or `socks5`, a host, and a port where it is not the usual one.
        url: String,
        /// As whom to ask it; absent where it asks nobody. The password is in the keychain.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        user: Option<String>,
    },
}

/// A certificate that is accepted for one host, whoever issued it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PinnedCertificate {
    /// The host: a name or an address, without brackets.
    pub host: String,
    /// SHA-256 of the certificate, as pairs of hexadecimal digits with colons between them.
    pub sha256: String,
}

/// Where requests may go without encryption.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PlainHttp {
    /// To this computer only.
    #[default]
    Loopback,
    /// To the connection's servers: the person said so.
    Allowed,
}

impl Network {
    /// Whether nothing was set.
    pub fn is_default(&self) -> bool {
        is_default(self)
    }
}

impl PinnedCertificate {
    /// The bytes of the fingerprint; `None` if it is none.
    pub fn bytes(&self) -> Option<[u8; 32]> {
        let digits: Vec<u32> =
            self.sha256.chars().filter(|char| *char != ':').map(|char| char.to_digit(16)).collect::<Option<_>>()?;
        let bytes: Vec<u8> = digits
            .chunks(2)
            .map(|pair| u8::try_from(pair.iter().fold(0, |all, digit| all * 16 + digit)).ok())
            .collect::<Option<_>>()?;
        <[u8; 32]>::try_from(bytes).ok().filter(|_| digits.len() == 64)
    }
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_was_set_is_written_and_nothing_else() {
        assert_eq!(serde_json::to_value(Network::default()).unwrap(), json!({}));
        let whole = json!({
            "proxy": {"type": "manual", "url": "http://proxy.example:3128", "user": "ann"},
            "authorities": ["/etc/office.pem"],
            "pins": [{"host": "chat.example", "sha256": "AA:BB"}],
            "plain_http": "allowed",
            "client_certificate": {"file": "/etc/ann/ann.pem", "key": "/etc/ann/ann.key", "has_password": true},
            "per_minute": 20,
        });
        let read: Network = serde_json::from_value(whole.clone()).unwrap();
        assert_eq!(read.plain_http, PlainHttp::Allowed);
        assert_eq!(serde_json::to_value(read).unwrap(), whole);
        assert!(serde_json::from_value::<Network>(json!({})).unwrap().is_default());
    }

    #[test]
    fn a_fingerprint_has_thirty_two_bytes() {
        let pin = |sha256: &str| PinnedCertificate { host: String::new(), sha256: sha256.to_owned() }.bytes();
        assert_eq!(pin(&["0a"; 32].join(":")), Some([10; 32]));
        assert_eq!(pin(&"fF".repeat(32)), Some([255; 32]));
        for wrong in ["", "0a", &"0a".repeat(33), &format!("{}0", "0a".repeat(31)), &"zz".repeat(32)] {
            assert_eq!(pin(wrong), None, "{wrong}");
        }
    }
}

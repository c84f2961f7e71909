//! The way to a connection's servers: what the person has set, with the secrets and the files that belong to it.

use std::{collections::BTreeMap, path::Path};

use adapters::network::{AUTHORITIES, CLIENT_CERTIFICATE, CLIENT_KEY, CLIENT_KEY_PASSWORD, PROXY_PASSWORD};
use model::{ClientCertificate, Connection, Failure, FailureCode, PlainHttp, ProxyChoice};
use secrecy::{SecretSlice, SecretString};
use secrets::ConnectionSecrets;
use transport::{Identity, IdentityError, ManualProxy, Pin, Plain, Proxy, Route, Sealed, Trust};
use url::Url;

use crate::{check::addresses, outbound::Outbound};

/// The largest file with certificates, in bytes; those of whole systems have some hundred thousand.
const LARGEST: u64 = 4 << 20;

/// Secrets that belong to the way to a connection's servers, by the keys of their fields.
pub type Passwords = BTreeMap<&'static str, SecretString>;

/// The secrets that the way to a connection's servers has a use for: the key of each one's field, and what it is bound to.
/// That of the proxy goes to its address. That of the client certificate goes nowhere; but it makes the certificate one
/// that is shown to these servers, so it is bound to all of them.
pub fn bindings(connection: &Connection) -> BTreeMap<&'static str, String> {
    let mut bindings = BTreeMap::new();
    if let ProxyChoice::Manual { url, user: Some(_) } = &connection.network.proxy {
        bindings.insert(PROXY_PASSWORD, url.clone());
    }
    if connection.network.client_certificate.as_ref().is_some_and(|own| own.has_password) {
        bindings.insert(CLIENT_KEY_PASSWORD, origins(connection).join(" "));
    }
    bindings
}

/// Those of the secrets that are kept.
pub fn kept_passwords(connection: &Connection, kept: Option<&ConnectionSecrets>) -> Passwords {
    let find = |(name, to): (&'static str, String)| Some((name, kept?.secret_for(name, &to)?.clone()));
    bindings(connection).into_iter().filter_map(find).collect()
}

/// Scheme, host and port of each server that requests of a connection go to.
fn origins(connection: &Connection) -> Vec<String> {
    let mut origins: Vec<String> = Vec::new();
    for origin in addresses(connection).iter().map(|url| url.origin().ascii_serialization()) {
        if !origins.contains(&origin) {
            origins.push(origin);
        }
    }
    origins
}

/// The route that a connection's requests take. `out` is any way out.
///
/// # Errors
///
/// [`FailureCode::BadInput`], with the field's key as its detail, if a file of certificates cannot be used.
pub async fn route(connection: &Connection, passwords: &Passwords, out: &Outbound) -> Result<Route, Failure> {
    let network = &connection.network;
    let plain = match network.plain_http {
        PlainHttp::Loopback => Plain::Loopback,
        PlainHttp::Allowed => Plain::Anywhere,
    };
    let mut authorities = Vec::new();
    for file in &network.authorities {
        authorities.extend(certificates(file).await?);
    }
    let pin = |pin: &model::PinnedCertificate| Some(Pin { host: pin.host.clone(), sha256: pin.bytes()? });
    let pins = network.pins.iter().map(pin).collect::<Option<_>>().ok_or_else(unreadable_pin)?;
    let identity = match &network.client_certificate {
        Some(files) => Some(identity(files, origins(connection), passwords, out).await?),
        None => None,
    };
    let proxy = proxy(&network.proxy, passwords.get(PROXY_PASSWORD).cloned())?;
    Ok(Route { proxy, trust: Trust { authorities, pins }, plain, identity })
}

/// The client certificate in files, for servers of these origins.
async fn identity(
    files: &ClientCertificate,
    origins: Vec<String>,
    passwords: &Passwords,
    out: &Outbound,
) -> Result<Identity, Failure> {
    let ClientCertificate { file, key, .. } = files;
    let wrong = |field: &'static str, why: &str| {
        let words = format!("The client certificate in “{file}” cannot be used: {why}.");
        Failure::new(FailureCode::BadInput, words).with_detail(field)
    };
    let sealed = Sealed {
        file: contents(file).await.map(SecretSlice::from).map_err(|why| wrong(CLIENT_CERTIFICATE, &why))?,
        key: match key {
            Some(key) => {
                let read = contents(key).await.map(SecretSlice::from);
                Some(read.map_err(|why| {
                    wrong(CLIENT_KEY, &format!("the file of its key, “{key}”, cannot be read: {why}"))
                })?)
            }
            None => None,
        },
        password: passwords.get(CLIENT_KEY_PASSWORD).cloned(),
        origins,
    };
    let opened = out.identity(sealed).await?;
    opened.map_err(|error| {
        let (field, why) = trouble(error, key.is_some());
        wrong(field, why)
    })
}

/// The field at which something has to be done about a client certificate, and what is wrong with it. `apart` is whether
/// the key has a file of its own.
fn trouble(error: IdentityError, apart: bool) -> (&'static str, &'static str) {
    let key = if apart { CLIENT_KEY } else { CLIENT_CERTIFICATE };
    match error {
        IdentityError::Unreadable => (CLIENT_CERTIFICATE, "it is neither PEM nor PKCS#12, or it is damaged"),
        IdentityError::UnreadableKey => (CLIENT_KEY, "the file of its key is not PEM, or it is damaged"),
        IdentityError::NoCertificate => (CLIENT_CERTIFICATE, "there is no certificate in it"),
        IdentityError::NoKey if apart => (CLIENT_KEY, "there is no private key in the file of its key"),
        IdentityError::NoKey => {
            (CLIENT_CERTIFICATE, "there is no private key in it. If the key is in a file of its own, name that, too")
        }
        IdentityError::WantsPassword => (CLIENT_KEY_PASSWORD, "its key is encrypted, and no password was given"),
        IdentityError::WrongPassword => (CLIENT_KEY_PASSWORD, "the password does not open its key"),
        IdentityError::OldEncryption => (
            key,
            "its key is encrypted in a way that is too old to be read here. The command “openssl pkcs8 -topk8” writes a key \
             anew; a PKCS#12 file is exported again",
        ),
        IdentityError::UnusableKey => {
            (key, "its key is damaged, or of an unusual kind. RSA, Ed25519 and the usual elliptic curves can be used")
        }
        IdentityError::OtherKey => (key, "the key is not the one of this certificate"),
        IdentityError::Expired => (CLIENT_CERTIFICATE, "it has expired. Get a new one from whoever gave it to you"),
        IdentityError::NotYet => (CLIENT_CERTIFICATE, "it is not good yet. Look at the clock of this computer, too"),
    }
}

fn proxy(choice: &ProxyChoice, password: Option<SecretString>) -> Result<Proxy, Failure> {
    Ok(match choice {
        ProxyChoice::System => Proxy::System,
        ProxyChoice::None => Proxy::None,
        ProxyChoice::Manual { url, user } => {
            let url = Url::parse(url).map_err(|error| {
                let words = "The address of the proxy cannot be read. Correct it in Settings → Connections.";
                Failure::new(FailureCode::BadAddress, words).with_detail(error.to_string())
            })?;
            let login = user.clone().map(|user| (user, password.unwrap_or_default()));
            Proxy::Manual(ManualProxy { url, login })
        }
    })
}

/// The certificates in a file.
async fn certificates(file: &str) -> Result<Vec<Vec<u8>>, Failure> {
    let wrong = |why: &str| {
        let words = format!("The additional certificates in “{file}” cannot be used: {why}.");
        Failure::new(FailureCode::BadInput, words).with_detail(AUTHORITIES)
    };
    let pem = contents(file).await.map_err(|why| wrong(&why))?;
    transport::authorities(&pem).ok_or_else(|| {
        wrong("it holds no certificate in PEM, which begins with -----BEGIN CERTIFICATE-----, or one that is damaged")
    })
}

/// What is in a file; the error says what is wrong with it.
async fn contents(file: &str) -> Result<Vec<u8>, String> {
    if !Path::new(file).is_absolute() {
        return Err("write its whole path, from the beginning".to_owned());
    }
    let size = tokio::fs::metadata(file).await.map_err(|error| why(&error))?.len();
    if size > LARGEST {
        return Err("it is larger than any file of certificates".to_owned());
    }
    tokio::fs::read(file).await.map_err(|error| why(&error))
}

fn why(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
        std::io::ErrorKind::PermissionDenied => "it may not be read".to_owned(),
        _ => error.to_string(),
    }
}

/// Somebody else than the form has written the settings.
fn unreadable_pin() -> Failure {
    let words = "A pinned certificate cannot be read. Correct it in Settings → Connections.";
    Failure::new(FailureCode::BadInput, words).with_detail("pins")
}

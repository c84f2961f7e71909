//! The way to a connection's servers: what the person has set, with the secrets and the files that belong to it.

use adapters::network::{AUTHORITIES, PROXY_PASSWORD};
use model::{Connection, Failure, FailureCode, Network, PlainHttp, ProxyChoice};
use secrecy::SecretString;
use transport::{ManualProxy, Pin, Plain, Proxy, Route, Trust};
use url::Url;

/// The largest file with certificates, in bytes; those of whole systems have some hundred thousand.
const LARGEST: u64 = 4 << 20;

/// Where the password for a connection's proxy goes, if it has one: the key of its field, and the proxy's address.
pub fn password_goes(connection: &Connection) -> Option<(&'static str, String)> {
    match &connection.network.proxy {
        ProxyChoice::Manual { url, user: Some(_) } => Some((PROXY_PASSWORD, url.clone())),
        ProxyChoice::Manual { user: None, .. } | ProxyChoice::System | ProxyChoice::None => None,
    }
}

/// The route that a connection's requests take. `password` is that for its proxy.
///
/// # Errors
///
/// [`FailureCode::BadInput`], with the field's key as its detail, if a file of certificates cannot be used.
pub async fn route(network: &Network, password: Option<SecretString>) -> Result<Route, Failure> {
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
    Ok(Route { proxy: proxy(&network.proxy, password)?, trust: Trust { authorities, pins }, plain })
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
    if !std::path::Path::new(file).is_absolute() {
        return Err(wrong("write its whole path, from the beginning"));
    }
    let size = tokio::fs::metadata(file).await.map_err(|error| wrong(&why(&error)))?.len();
    if size > LARGEST {
        return Err(wrong("it is larger than any file of certificates"));
    }
    let pem = tokio::fs::read(file).await.map_err(|error| wrong(&why(&error)))?;
    transport::authorities(&pem).ok_or_else(|| {
        wrong("it holds no certificate in PEM, which begins with -----BEGIN CERTIFICATE-----, or one that is damaged")
    })
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

//! Where the browser comes back to: a listener on 127.0.0.1 for one answer.

use std::{
    io,
    net::Ipv4Addr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    extract::State,
    http::{
        HeaderMap, Method, Uri,
        header::{HOST, ORIGIN},
    },
    routing::any,
};
use secrecy::SecretString;
use tokio::{
    net::TcpListener,
    sync::{mpsc, oneshot},
    task::JoinHandle,
    time::timeout,
};
use tokio_util::sync::{CancellationToken, DropGuard};
use url::form_urlencoded;

use super::{OauthError, page::Page, plain};

/// How long the last page may take on its way to the browser.
const FAREWELL: Duration = Duration::from_secs(2);

/// The listener. Dropping it closes the port.
pub struct Callback {
    port: u16,
    visits: mpsc::Receiver<Visit>,
    serving: JoinHandle<io::Result<()>>,
    open: DropGuard,
}

/// What the browser brought.
pub struct Brought {
    pub code: SecretString,
    /// Who says that it gave it (RFC 9207).
    pub issuer: Option<String>,
    page: oneshot::Sender<Page>,
}

/// The one visit that counts.
struct Visit {
    answer: Result<(SecretString, Option<String>), OauthError>,
    page: oneshot::Sender<Page>,
}

/// What every visit is judged by.
struct Door {
    port: u16,
    state: String,
    answered: AtomicBool,
    visits: mpsc::Sender<Visit>,
}

impl Callback {
    /// Listens for the answer that comes with this `state`.
    ///
    /// # Errors
    ///
    /// If the port is taken, or nothing can listen.
    pub async fn listen(port: Option<u16>, state: &str) -> Result<Self, OauthError> {
        let refused = |error: io::Error| match (port, error.kind()) {
            (Some(port), io::ErrorKind::AddrInUse) => OauthError::PortTaken(port),
            _ => OauthError::NoListener(error.to_string()),
        };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port.unwrap_or(0))).await.map_err(refused)?;
        let port = listener.local_addr().map_err(refused)?.port();
        let (sender, visits) = mpsc::channel(1);
        let door = Door { port, state: state.to_owned(), answered: AtomicBool::new(false), visits: sender };
        let router =
            Router::new().route("/callback", any(visit)).fallback(async || Page::Nothing).with_state(Arc::new(door));
        let closing = CancellationToken::new();
        let served = axum::serve(listener, router).with_graceful_shutdown(closing.clone().cancelled_owned());
        Ok(Self { port, visits, serving: tokio::spawn(served.into_future()), open: closing.drop_guard() })
    }

    /// The address for the browser.
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}/callback", self.port)
    }

    /// Waits for the browser. Who brought a code is to be told what came of it.
    ///
    /// # Errors
    ///
    /// If what came is no answer, not from the provider, or a refusal.
    pub async fn answered(&mut self) -> Result<Brought, OauthError> {
        // The listener holds a sender for as long as it listens.
        let Some(Visit { answer, page }) = self.visits.recv().await else {
            return Err(OauthError::NoListener("the listener ended".to_owned()));
        };
        match answer {
            Ok((code, issuer)) => Ok(Brought { code, issuer, page }),
            Err(error) => {
                // A browser that went away needs no page.
                let _ = page.send(if error == OauthError::Elsewhere { Page::Elsewhere } else { Page::Failed });
                Err(error)
            }
        }
    }

    /// Closes the port as soon as the last page is on its way.
    pub async fn end(self) {
        drop(self.open);
        // What a browser leaves open without asking for anything is not waited for.
        let _ = timeout(FAREWELL, self.serving).await;
    }
}

impl Brought {
    /// Has the browser say what came of it.
    pub fn tell(self, page: Page) {
        let _ = self.page.send(page);
    }
}

async fn visit(State(door): State<Arc<Door>>, method: Method, uri: Uri, headers: HeaderMap) -> Page {
    // Programs that look at links before a person does use HEAD.
    if method != Method::GET {
        return Page::NotThus;
    }
    if door.answered.swap(true, Ordering::SeqCst) {
        return Page::Again;
    }
    let answer = if is_navigation(&headers, door.port) {
        read(uri.query().unwrap_or_default(), &door.state)
    } else {
        Err(OauthError::Elsewhere)
    };
    let (page, shown) = oneshot::channel();
    // Both fail only if nobody waits any more.
    let _ = door.visits.send(Visit { answer, page }).await;
    shown.await.unwrap_or(Page::Over)
}

/// Whether a browser was sent here as to a page: not by a script or an image of another page, and not under another name.
fn is_navigation(headers: &HeaderMap, port: u16) -> bool {
    let here = format!("127.0.0.1:{port}");
    let is = |name: &str, expected: &str| headers.get_all(name).iter().all(|value| value == expected);
    headers.get_all(HOST).iter().count() == 1
        && is(HOST.as_str(), &here)
        && is(ORIGIN.as_str(), &format!("http://{here}"))
        && is("sec-fetch-mode", "navigate")
        && is("sec-fetch-dest", "document")
}

/// The code in an answer, and who says that it gave it.
fn read(query: &str, state: &str) -> Result<(SecretString, Option<String>), OauthError> {
    let field = |name: &str| {
        let mut values = form_urlencoded::parse(query.as_bytes()).filter(|(key, _)| key == name);
        let first = values.next().map(|(_, value)| value.into_owned());
        // Said twice it is not said at all: two readers could take two values for it.
        if values.next().is_some() { Err(OauthError::NoAnswer) } else { Ok(first) }
    };
    // The first wrong one is the last, so how long the comparison takes tells nothing.
    if field("state")?.as_deref() != Some(state) {
        return Err(OauthError::WrongState);
    }
    if let Some(error) = field("error")? {
        let words = field("error_description")?.and_then(|words| plain::words(&words));
        return Err(OauthError::Refused { code: plain::code(&error), words });
    }
    let code = field("code")?.filter(|code| !code.is_empty()).ok_or(OauthError::NoAnswer)?;
    Ok((code.into(), field("iss")?))
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn an_answer_is_read_once_its_state_is_right() {
        let (code, issuer) = read("code=c%2B1&state=s&iss=https%3A%2F%2Fid.example", "s").unwrap();
        assert_eq!((code.expose_secret(), issuer.as_deref()), ("c+1", Some("https://id.example")));
        for query in ["", "code=c", "code=c&state=t", "error=access_denied&state=t"] {
            assert_eq!(read(query, "s").err(), Some(OauthError::WrongState), "{query}");
        }
        for query in ["state=s", "state=s&code=", "state=s&state=s&code=c", "state=s&code=c&code=d"] {
            assert_eq!(read(query, "s").err(), Some(OauthError::NoAnswer), "{query}");
        }
    }

    #[test]
    fn a_refusal_says_nothing_that_is_markup() {
        let refused = |query| match read(query, "s") {
            Err(OauthError::Refused { code, words }) => (code, words),
            other => panic!("{other:?}"),
        };
        let denied = "access_denied".to_owned();
        assert_eq!(
            refused("state=s&error=access_denied&error_description=Not+you"),
            (denied.clone(), Some("Not you".into()))
        );
        assert_eq!(refused("state=s&error=access_denied&error_description=%3Cimg+src%3Dx%3E"), (denied, None));
        assert_eq!(refused("state=s&error=%3Cscript%3E").0, "error");
    }

    #[test]
    fn only_a_browser_that_goes_to_this_page_is_listened_to() {
        let headers = |pairs: &[(&'static str, &'static str)]| -> HeaderMap {
            pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
        };
        let host = ("host", "127.0.0.1:7");
        assert!(is_navigation(&headers(&[host]), 7));
        assert!(is_navigation(&headers(&[host, ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")]), 7));
        for elsewhere in [
            ("origin", "https://evil.example"),
            ("origin", "null"),
            ("sec-fetch-mode", "no-cors"),
            ("sec-fetch-dest", "image"),
        ] {
            assert!(!is_navigation(&headers(&[host, elsewhere]), 7), "{elsewhere:?}");
        }
        for host in ["localhost:7", "127.0.0.1:8", "evil.example", "evil.example:7"] {
            assert!(!is_navigation(&headers(&[("host", host)]), 7), "{host}");
        }
        assert!(!is_navigation(&headers(&[]), 7));
    }
}

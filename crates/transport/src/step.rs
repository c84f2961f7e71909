//! Files that a server names, such as pictures: asked for one redirect at a time, so that whoever asks decides about each.

use std::time::SystemTime;

use bytes::Bytes;
use reqwest::{StatusCode, Url, header::LOCATION};
use tokio::time::timeout_at;

use crate::{
    body::{Body, Clock},
    error::TransportError,
    http::Http,
    limits::Limits,
    reach::{self, Space, TooNear},
    request::Request,
    retry_after::{date, retry_after},
};

/// What one request for a file came to.
#[derive(Debug, PartialEq, Eq)]
pub enum Step {
    /// The whole of it.
    File(Bytes),
    /// It is elsewhere, and that was not asked.
    Onward(Url),
    /// It is nearer to this machine than may be asked. Nothing was.
    TooNear,
}

impl Http {
    /// Asks a connection's own server for a file.
    ///
    /// # Errors
    ///
    /// Whatever keeps the whole file from being here: see [`TransportError`].
    pub async fn own_step(&self, request: &Request, limits: &Limits) -> Result<Step, TransportError> {
        let clock = Clock::start(limits);
        let response = self.head_there(request, &clock).await?;
        self.stepped(&request.url, response, clock, limits).await
    }

    /// Asks a stranger for a file, unless it is nearer to this machine than `within`. It is asked with nothing but what the
    /// answer may be: without a token, without a client certificate, without a word of who sent us.
    ///
    /// # Errors
    ///
    /// Whatever keeps the whole file from being here: see [`TransportError`].
    pub async fn foreign_step(
        &self,
        url: &Url,
        accept: &str,
        within: Space,
        limits: &Limits,
    ) -> Result<Step, TransportError> {
        if Space::told(url).is_some_and(|space| space > within) {
            return Ok(Step::TooNear);
        }
        self.may_call(url)?;
        let clock = Clock::start(limits);
        let request = Request::get(url.clone()).header("accept", accept);
        // Behind a proxy it is the proxy that looks the name up, and asks from where it stands.
        let client = match self.proxy(url) {
            Some(_) => self.strangers().usual.client(url).clone(),
            None => self.strangers().guarded(within)?,
        };
        let (deadline, late) = clock.deadline(None);
        let answer = timeout_at(deadline, client.execute(request.prepare()?)).await.map_err(|_| late)?;
        match answer {
            Ok(response) => self.stepped(url, response, clock, limits).await,
            Err(error) if TooNear::is_in(&error) => Ok(Step::TooNear),
            Err(error) => {
                let proxy = self.proxy(url).map(|proxy| crate::http::proxy_origin(&proxy));
                Err(TransportError::before_head(url, proxy, &self.strangers().introduction, error))
            }
        }
    }

    /// How near to this machine a server is. Behind a proxy only its name tells.
    ///
    /// # Errors
    ///
    /// If its name is not known.
    pub async fn space(&self, url: &Url) -> Result<Space, TransportError> {
        match self.proxy(url) {
            Some(_) => Ok(Space::told(url).unwrap_or(Space::Public)),
            None => reach::looked_up(url).await,
        }
    }

    async fn stepped(
        &self,
        url: &Url,
        response: reqwest::Response,
        clock: Clock,
        limits: &Limits,
    ) -> Result<Step, TransportError> {
        let (status, headers) = (response.status(), response.headers());
        if status.is_redirection() && status != StatusCode::NOT_MODIFIED {
            let next = headers.get(LOCATION).and_then(|to| to.to_str().ok()).and_then(|to| url.join(to).ok());
            let nowhere = TransportError::Redirected { status: status.as_u16(), location: None };
            return next.map(Step::Onward).ok_or(nowhere);
        }
        let (retry_after, date) = (retry_after(status, headers, SystemTime::now()), date(headers));
        let announced = response.content_length().and_then(|length| usize::try_from(length).ok());
        let body = Body::of(response, clock);
        if status.is_success() {
            let limit = limits.body_bytes;
            if announced.is_some_and(|length| length > limit) {
                return Err(TransportError::TooLarge { limit });
            }
            return body.collect(limit).await.map(Step::File);
        }
        let snippet = body.snippet().await;
        self.let_in(url, status, &snippet)?;
        Err(TransportError::Status { status: status.as_u16(), retry_after, date, challenge: None, snippet })
    }
}

#[cfg(test)]
mod tests {
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpListener,
    };

    use super::*;

    /// A server that says one thing to one request, and hands out what it was asked.
    async fn server(answer: &'static str) -> (String, tokio::task::JoinHandle<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked = tokio::spawn(async move {
            let (mut socket, _) = listener.accept().await.unwrap();
            let mut bytes = vec![0; 4096];
            let read = socket.read(&mut bytes).await.unwrap();
            socket.write_all(answer.as_bytes()).await.unwrap();
            String::from_utf8_lossy(&bytes[..read]).into_owned()
        });
        (format!("http://localhost:{port}/a.png"), asked)
    }

    fn http() -> Http {
        Http::new("test").unwrap()
    }

    #[tokio::test]
    async fn a_stranger_learns_nothing_but_what_is_wanted() {
        let (url, asked) = server("HTTP/1.1 200 OK\r\ncontent-length: 2\r\nset-cookie: a=1\r\n\r\nhi").await;
        let url = Url::parse(&url).unwrap();
        let step = http().foreign_step(&url, "image/png", Space::Here, &Limits::default()).await.unwrap();
        assert_eq!(step, Step::File("hi".into()));
        let asked = asked.await.unwrap().to_ascii_lowercase();
        let names: Vec<_> =
            asked.lines().skip(1).filter_map(|line| line.split_once(':')).map(|(name, _)| name).collect();
        for name in &names {
            assert!(["accept", "accept-encoding", "host", "user-agent"].contains(name), "{names:?}");
        }
        assert!(asked.contains("accept: image/png"));
    }

    #[tokio::test]
    async fn a_redirect_is_told_and_not_followed() {
        let (url, asked) = server("HTTP/1.1 302 x\r\nlocation: /b.png?signed=1\r\ncontent-length: 0\r\n\r\n").await;
        let url = Url::parse(&url).unwrap();
        let step = http().own_step(&Request::get(url.clone()), &Limits::default()).await.unwrap();
        assert_eq!(step, Step::Onward(url.join("/b.png?signed=1").unwrap()));
        assert!(asked.await.unwrap().starts_with("GET /a.png "));
    }

    #[tokio::test]
    async fn what_is_announced_as_too_large_is_not_read() {
        let (url, _asked) = server("HTTP/1.1 200 OK\r\ncontent-length: 999999999\r\n\r\n").await;
        let limits = Limits { body_bytes: 10, ..Limits::default() };
        let error = http().own_step(&Request::get(Url::parse(&url).unwrap()), &limits).await.unwrap_err();
        assert_eq!(error, TransportError::TooLarge { limit: 10 });
    }

    #[tokio::test]
    async fn what_is_too_near_is_not_asked_by_address_or_by_name() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        for host in ["127.0.0.1", "localhost", "[::1]", "2130706433"] {
            let url = Url::parse(&format!("http://{host}:{port}/")).unwrap();
            let step = http().foreign_step(&url, "image/png", Space::Private, &Limits::default()).await.unwrap();
            assert_eq!(step, Step::TooNear, "{host}");
        }
        // The name itself says nothing here: it is the address behind it that does.
        let client = http().strangers().guarded(Space::Public).unwrap();
        let error = client.get(format!("http://localhost:{port}/")).send().await.unwrap_err();
        assert!(TooNear::is_in(&error), "{error:?}");
        let silent = tokio::time::timeout(std::time::Duration::from_millis(50), listener.accept()).await;
        assert!(silent.is_err(), "somebody was asked");
    }

    #[tokio::test]
    async fn a_server_is_as_near_as_its_nearest_address() {
        let space = |url: &'static str| async move { http().space(&Url::parse(url).unwrap()).await };
        assert_eq!(space("http://localhost:1/").await.unwrap(), Space::Here);
        assert_eq!(space("https://10.0.0.7/").await.unwrap(), Space::Private);
        assert_eq!(space("https://8.8.8.8/").await.unwrap(), Space::Public);
    }
}

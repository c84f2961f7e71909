//! Public files, such as a release: the one kind of answer that may be reached through redirects.

use std::time::SystemTime;

use bytes::Bytes;
use reqwest::{StatusCode, Url, header::LOCATION};

use crate::{
    body::{Body, Clock},
    error::{TransportError, bare_url},
    http::{Http, is_loopback},
    limits::Limits,
    request::Request,
    retry_after::{date, retry_after},
};

/// How often a download may be sent on. Hosts of releases send on twice.
const HOPS: usize = 5;

impl Http {
    /// Reads a public file. It is asked for without a header of ours, a token or a body, so there is nothing that a
    /// redirect could carry to another server; and it leaves this machine only under https.
    ///
    /// # Errors
    ///
    /// Whatever keeps the whole file from being here: see [`TransportError`].
    pub async fn file(&self, url: &Url, limits: &Limits) -> Result<Bytes, TransportError> {
        let clock = Clock::start(limits);
        let mut at = url.clone();
        for _ in 0..=HOPS {
            if !may_be_read(&at, url) {
                return Err(TransportError::BadAddress { reason: "a download has to come over https".to_owned() });
            }
            let response = self.head_there(&Request::get(at.clone()), &clock).await?;
            let (status, headers) = (response.status(), response.headers());
            if status.is_redirection() && status != StatusCode::NOT_MODIFIED {
                let next = headers.get(LOCATION).and_then(|to| to.to_str().ok()).and_then(|to| at.join(to).ok());
                at = next.ok_or(TransportError::Redirected { status: status.as_u16(), location: None })?;
                continue;
            }
            let (retry_after, date) = (retry_after(status, headers, SystemTime::now()), date(headers));
            let body = Body::of(response, clock);
            if status.is_success() {
                return body.collect(limits.body_bytes).await;
            }
            let (status, snippet) = (status.as_u16(), body.snippet().await);
            return Err(TransportError::Status { status, retry_after, date, challenge: None, snippet });
        }
        Err(TransportError::Redirected { status: 302, location: Some(bare_url(&at)) })
    }
}

/// Under https, or between programs on this machine. A server elsewhere cannot send on to what runs here.
fn may_be_read(at: &Url, asked: &Url) -> bool {
    at.scheme() == "https" && is_loopback(at) == is_loopback(asked)
        || at.scheme() == "http" && is_loopback(at) && is_loopback(asked)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_download_leaves_this_machine_only_under_https() {
        let may = |at: &str, asked: &str| may_be_read(&Url::parse(at).unwrap(), &Url::parse(asked).unwrap());
        assert!(may("https://a.example/x", "https://b.example/x"));
        assert!(may("http://127.0.0.1:1/x", "http://127.0.0.1:2/x"));
        assert!(!may("http://a.example/x", "https://a.example/x"), "https is not given up");
        assert!(!may("http://127.0.0.1/x", "https://a.example/x"), "what runs here is not asked for a stranger");
        assert!(!may("https://localhost/x", "https://a.example/x"));
        assert!(!may("file:///etc/hosts", "https://a.example/x"));
    }
}

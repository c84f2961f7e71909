//! What is sent.

use std::{fmt, sync::Arc};

use bytes::Bytes;
use reqwest::{
    Url,
    header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue},
};
use secrecy::{ExposeSecret, SecretString};

use crate::{
    error::{TransportError, bare_url},
    watch::Watch,
};

/// The methods in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Ask, without a body.
    Get,
    /// Ask, with a body.
    Post,
    /// Put, with a body.
    Put,
}

impl Method {
    /// As it stands in a request.
    pub fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
        }
    }
}

/// A secret, and the header that carries it.
#[derive(Clone)]
pub struct Credential {
    /// The header's name.
    pub header: String,
    /// The word before the secret in its value, if there is one.
    pub scheme: Option<String>,
    /// The secret.
    pub secret: SecretString,
}

impl Credential {
    /// For `Authorization: Bearer`.
    pub fn bearer(secret: SecretString) -> Self {
        Self { header: AUTHORIZATION.as_str().to_owned(), scheme: Some("Bearer".to_owned()), secret }
    }

    fn value(&self) -> Result<HeaderValue, TransportError> {
        let secret = self.secret.expose_secret();
        let text = self.scheme.as_ref().map_or_else(|| secret.to_owned(), |scheme| format!("{scheme} {secret}"));
        let mut value =
            HeaderValue::try_from(text).map_err(|_| bad("the token holds characters that cannot be sent"))?;
        value.set_sensitive(true);
        Ok(value)
    }
}

/// One request. What `Debug` prints has no token, no header value, no body, and no query.
#[derive(Clone)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// Where to.
    pub url: Url,
    /// Headers, without those that carry secrets.
    pub headers: Vec<(String, String)>,
    /// The secrets that it carries.
    pub credentials: Vec<Credential>,
    /// The body; empty for [`Method::Get`].
    pub body: Bytes,
    /// Who sees what becomes of it; mostly nobody.
    pub watch: Option<Arc<dyn Watch>>,
}

impl Request {
    /// A POST.
    pub fn post(url: Url, body: impl Into<Bytes>) -> Self {
        Self { method: Method::Post, body: body.into(), ..Self::get(url) }
    }

    /// A GET.
    pub fn get(url: Url) -> Self {
        Self { method: Method::Get, url, headers: Vec::new(), credentials: Vec::new(), body: Bytes::new(), watch: None }
    }

    /// The same, with one more header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same, with a bearer token.
    pub fn bearer(mut self, token: SecretString) -> Self {
        self.credentials.push(Credential::bearer(token));
        self
    }

    /// The request in the HTTP client's form.
    pub(crate) fn prepare(&self) -> Result<reqwest::Request, TransportError> {
        if !matches!(self.url.scheme(), "http" | "https") || !self.url.has_host() {
            return Err(bad("only http and https addresses with a host can be called"));
        }
        let method = match self.method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
            Method::Put => reqwest::Method::PUT,
        };
        let mut request = reqwest::Request::new(method, self.url.clone());
        *request.headers_mut() = self.header_map()?;
        if self.method != Method::Get {
            *request.body_mut() = Some(self.body.clone().into());
        }
        Ok(request)
    }

    fn header_map(&self) -> Result<HeaderMap, TransportError> {
        let mut map = HeaderMap::with_capacity(self.headers.len() + self.credentials.len());
        for (name, value) in &self.headers {
            let name = HeaderName::try_from(name).map_err(|_| bad("a header has a name that cannot be sent"))?;
            let value = HeaderValue::try_from(value)
                .map_err(|_| bad(&format!("the header {name} has a value that cannot be sent")))?;
            map.insert(name, value);
        }
        for credential in &self.credentials {
            let name = HeaderName::try_from(&credential.header)
                .map_err(|_| bad("the header of a secret has a name that cannot be sent"))?;
            map.insert(name, credential.value()?);
        }
        Ok(map)
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.headers.iter().map(|(name, _)| name).collect();
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("url", &bare_url(&self.url))
            .field("headers", &names)
            .field("credentials", &self.credentials.len())
            .field("body_bytes", &self.body.len())
            .finish()
    }
}

fn bad(reason: &str) -> TransportError {
    TransportError::BadAddress { reason: reason.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request() -> Request {
        Request::post(Url::parse("https://ann:pass1@host.example/chat?key=query1").unwrap(), "body1")
            .header("X-Key", "header1")
            .bearer("token1".to_owned().into())
    }

    #[test]
    fn debug_names_everything_and_tells_nothing() {
        let text = format!("{:?}", request());
        for secret in ["ann", "pass1", "query1", "header1", "token1", "body1"] {
            assert!(!text.contains(secret), "{secret} is in {text}");
        }
        assert!(text.contains("https://host.example/chat") && text.contains("X-Key"), "{text}");
    }

    #[test]
    fn the_token_is_marked_sensitive() {
        let prepared = request().prepare().unwrap();
        assert!(prepared.headers()[AUTHORIZATION].is_sensitive());
        assert!(!format!("{prepared:?}").contains("token1"));
    }

    #[test]
    fn a_token_is_carried_where_the_server_wants_it() {
        for (header, scheme, name, value) in [
            ("X-Auth-Token", None, "x-auth-token", "token1"),
            ("Authorization", Some("Token"), "authorization", "Token token1"),
        ] {
            let secret = "token1".to_owned().into();
            let credential = Credential { header: header.to_owned(), scheme: scheme.map(str::to_owned), secret };
            let prepared = Request { credentials: vec![credential], ..request() }.prepare().unwrap();
            assert_eq!(prepared.headers()[name], value);
            assert!(prepared.headers()[name].is_sensitive());
            assert_eq!(prepared.headers().contains_key(AUTHORIZATION), name == "authorization");
        }
    }

    #[test]
    fn what_cannot_be_sent_is_refused_without_being_quoted() {
        let error = request().bearer("to\nken1".to_owned().into()).prepare().unwrap_err();
        assert!(!error.to_string().contains("ken1"), "{error}");
        let error = request().header("X-Other", "header\r\n1").prepare().unwrap_err();
        assert!(error.to_string().contains("x-other"), "{error}");
        let error = Request::get(Url::parse("file:///etc/hosts").unwrap()).prepare().unwrap_err();
        assert!(matches!(error, TransportError::BadAddress { .. }));
    }
}

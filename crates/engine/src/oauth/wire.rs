//! The HTTP client that the libraries of OAuth ask for, over the engine's way out.

use std::{future::Future, pin::Pin, time::Duration};

use oauth2::{
    AsyncHttpClient, HttpRequest, HttpResponse,
    http::{Method, Response},
};
use serde_json::Value;
use transport::{AnyAnswer, Expected, Limits, Request, TransportError};
use url::Url;

use crate::outbound::Outbound;

/// How long a provider may take.
const WHOLE: Duration = Duration::from_secs(30);
/// Key sets are the largest answers of providers, and are smaller.
const LARGEST: usize = 1024 * 1024;
/// How much of a refusal is kept for the details, in bytes.
const SNIPPET: usize = 2 * 1024;

/// Asks a provider, and lets only those answers through that can be one: a web page in their place is an error, whatever
/// its status.
pub struct Wire<'a> {
    out: &'a Outbound,
    limits: Limits,
    /// Who is called in any case, and only said whether it did what was asked.
    told: Option<Url>,
}

/// An answer, or why there is none.
pub type Answering<'a> = Pin<Box<dyn Future<Output = Result<HttpResponse, TransportError>> + Send + 'a>>;

impl<'a> Wire<'a> {
    pub fn new(out: &'a Outbound) -> Self {
        let limits =
            Limits { first_byte: WHOLE, idle: WHOLE, total: Some(WHOLE), body_bytes: LARGEST, ..Limits::default() };
        Self { out, limits, told: None }
    }

    /// The same for an address that is told something: it is called, whatever else is asked for, and what it says when it
    /// agrees does not matter (RFC 7009).
    pub fn telling(self, address: Url) -> Self {
        Self { told: Some(address), ..self }
    }
}

impl<'c> AsyncHttpClient<'c> for Wire<'_> {
    type Error = TransportError;
    type Future = Answering<'c>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(async move {
            let mut request = request_of(request)?;
            if let Some(address) = &self.told {
                request.url = address.clone();
            }
            let answer = self.out.any(request, &self.limits).await?;
            if self.told.is_some() && (200..300).contains(&answer.status) {
                return Ok(Response::default());
            }
            judged(answer).map_err(|error| self.out.cleaned(error))
        })
    }
}

fn request_of(request: HttpRequest) -> Result<Request, TransportError> {
    let bad = |reason: &str| TransportError::BadAddress { reason: reason.to_owned() };
    let (parts, body) = request.into_parts();
    let url = Url::parse(&parts.uri.to_string()).map_err(|_| bad("the address cannot be read"))?;
    let mut asked = if parts.method == Method::POST { Request::post(url, body) } else { Request::get(url) };
    for (name, value) in &parts.headers {
        let value = value.to_str().map_err(|_| bad("a header has a value that cannot be sent"))?;
        asked = asked.header(name.as_str(), value);
    }
    Ok(asked)
}

/// Passes on what is meant for the libraries: JSON, and refusals in OAuth's form.
fn judged(answer: AnyAnswer) -> Result<HttpResponse, TransportError> {
    let AnyAnswer { status, body, retry_after, .. } = &answer;
    let found = answer.content_type();
    if (300..400).contains(status) {
        return Err(TransportError::Redirected { status: *status, location: answer.location });
    }
    if (200..300).contains(status) {
        // What should have been good is not quoted: it may hold the token.
        let is_json = |found: &str| found == "application/json" || found.ends_with("+json");
        if found.as_deref().is_some_and(|found| !is_json(found)) {
            let expected = Expected::Json;
            return Err(TransportError::ContentType { expected, found, status: *status, snippet: String::new() });
        }
    } else if !serde_json::from_slice::<Value>(body).is_ok_and(|json| json["error"].is_string()) {
        let text = String::from_utf8_lossy(&body[..body.len().min(SNIPPET)]);
        let snippet = text.chars().map(|char| if char.is_control() { ' ' } else { char }).collect();
        return Err(TransportError::Status {
            status: *status,
            retry_after: *retry_after,
            date: answer.date(),
            challenge: answer.challenge(),
            snippet,
        });
    }
    let mut response = Response::new(body.to_vec());
    *response.status_mut() = oauth2::http::StatusCode::from_u16(*status).unwrap_or_default();
    *response.headers_mut() = answer.headers;
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, kind: &str, body: &str) -> AnyAnswer {
        let headers = [("content-type", kind)].into_iter();
        let headers = headers.map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
        AnyAnswer { status, headers, body: body.to_owned().into(), location: None, retry_after: None }
    }

    #[test]
    fn only_json_and_refusals_of_oauth_are_passed_on() {
        assert!(judged(answer(200, "application/json; charset=utf-8", "{}")).is_ok());
        assert!(judged(answer(200, "application/jwk-set+json", "{}")).is_ok());
        assert!(judged(answer(400, "text/plain", r#"{"error": "invalid_grant"}"#)).is_ok());
        for (status, kind, body) in
            [(200, "text/html", "<html>"), (404, "text/html", "x"), (500, "application/json", "{}")]
        {
            assert!(judged(answer(status, kind, body)).is_err(), "{status} {kind}");
        }
        let moved = AnyAnswer { location: Some("https://sso.example/".into()), ..answer(302, "text/html", "") };
        assert!(matches!(judged(moved), Err(TransportError::Redirected { location: Some(_), .. })));
    }

    #[test]
    fn what_may_hold_a_token_is_not_quoted() {
        let error = judged(answer(200, "text/html", "access_token=sesame")).unwrap_err();
        assert!(!format!("{error:?}").contains("sesame"), "{error:?}");
    }
}

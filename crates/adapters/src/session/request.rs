//! The requests that make a session and prolong it.

use model::{EndpointSource, HostedSource, RefreshEndpoint, SessionMethod, SessionSource};
use serde_json::{Map, Value, json};
use url::Url;

use super::template::{fill, fill_all, holds, names};
use crate::{Answered, Method, RequestError, RequestSpec, address};

/// What the placeholders stand for.
#[derive(Debug, Clone, Default)]
pub struct Filled {
    /// Who asks, if the connection does not say it.
    pub user: String,
    /// The chosen model, if any.
    pub model: Option<String>,
    /// This installation of Kittiwake.
    pub device: String,
}

/// Whether the key stands in the request itself, so that no header has to carry it.
pub fn places_key(source: &SessionSource) -> bool {
    let SessionSource::Endpoint(endpoint) = source else { return false };
    let body = endpoint.body.as_ref().is_some_and(|body| holds(body, "key"));
    body || endpoint.headers.iter().any(|header| names(&header.value, "key"))
}

/// The request that makes a session. The key is in it where `{{key}}` stands, and nowhere else. `None` where none has to be
/// made.
///
/// # Errors
///
/// If an address in it cannot be called.
pub fn session(
    source: &SessionSource,
    key: Option<&str>,
    filled: &Filled,
) -> Result<Option<RequestSpec>, RequestError> {
    match source {
        SessionSource::None | SessionSource::Static => Ok(None),
        SessionSource::Endpoint(endpoint) => made(endpoint, key, filled).map(Some),
        SessionSource::Hosted(hosted) => workflow(hosted, filled).map(Some),
    }
}

/// The request that prolongs a session. The secret is in its body.
///
/// # Errors
///
/// If the address cannot be called.
pub fn prolong(
    endpoint: &EndpointSource,
    refresh: &RefreshEndpoint,
    secret: &str,
    key: Option<&str>,
    filled: &Filled,
) -> Result<RequestSpec, RequestError> {
    let value = values(endpoint.user.as_deref(), filled, key, Some(secret));
    let usual = json!({"token": "{{token}}"});
    let body = fill_all(refresh.body.as_ref().unwrap_or(&usual), &value);
    let headers = headers(endpoint, &value);
    Ok(RequestSpec {
        method: Method::Post,
        url: address(&refresh.url)?,
        headers,
        body: bytes(&body),
        answered: Answered::Whole,
    })
}

/// Where the conversation of a hosted workflow is held (section 14.3).
///
/// # Errors
///
/// If the base of the API is no address.
pub fn hosted_conversation(hosted: &HostedSource) -> Result<Url, RequestError> {
    below(&hosted.base, "chatkit/conversation")
}

fn made(endpoint: &EndpointSource, key: Option<&str>, filled: &Filled) -> Result<RequestSpec, RequestError> {
    let value = values(endpoint.user.as_deref(), filled, key, None);
    let url = address(&endpoint.url)?;
    let (method, body) = match endpoint.method {
        SessionMethod::Get => (Method::Get, Vec::new()),
        SessionMethod::Post => {
            let template = endpoint.body.clone().unwrap_or_else(|| Value::Object(Map::new()));
            (Method::Post, bytes(&fill_all(&template, &value)))
        }
    };
    Ok(RequestSpec { method, url, headers: headers(endpoint, &value), body, answered: Answered::Whole })
}

/// Section 14.1. What is absent is the server's choice.
fn workflow(hosted: &HostedSource, filled: &Filled) -> Result<RequestSpec, RequestError> {
    let mut workflow = json!({"id": hosted.workflow});
    if let Some(version) = &hosted.version {
        workflow["version"] = version.as_str().into();
    }
    if !hosted.state_variables.is_empty() {
        workflow["state_variables"] = hosted.state_variables.clone().into();
    }
    let user = hosted.user.clone().unwrap_or_else(|| filled.user.clone());
    let mut body = json!({"user": user, "workflow": workflow});
    if let Some(seconds) = hosted.expires_after {
        body["expires_after"] = json!({"anchor": "created_at", "seconds": seconds});
    }
    if let Some(limit) = hosted.max_requests_per_minute {
        body["rate_limits"] = json!({"max_requests_per_1_minute": limit});
    }
    if !hosted.configuration.is_empty() {
        body["chatkit_configuration"] = hosted.configuration.clone().into();
    }
    let headers = vec![
        ("Accept".to_owned(), "application/json".to_owned()),
        ("Content-Type".to_owned(), "application/json".to_owned()),
        ("OpenAI-Beta".to_owned(), "chatkit_beta=v1".to_owned()),
    ];
    let url = below(&hosted.base, "chatkit/sessions")?;
    Ok(RequestSpec { method: Method::Post, url, headers, body: bytes(&body), answered: Answered::Whole })
}

fn below(base: &str, path: &str) -> Result<Url, RequestError> {
    let mut url = address(base)?;
    let base = url.path().trim_end_matches('/').to_owned();
    url.set_path(&format!("{base}/{path}"));
    Ok(url)
}

fn values<'a>(
    user: Option<&'a str>,
    filled: &'a Filled,
    key: Option<&'a str>,
    secret: Option<&'a str>,
) -> impl Fn(&str) -> Option<String> + 'a {
    move |name| match name {
        "user" => Some(user.unwrap_or(&filled.user).to_owned()),
        "model" => filled.model.clone(),
        "device" => Some(filled.device.clone()),
        "key" => key.map(str::to_owned),
        "token" => secret.map(str::to_owned),
        _ => None,
    }
}

fn headers(endpoint: &EndpointSource, value: &dyn Fn(&str) -> Option<String>) -> Vec<(String, String)> {
    let mut headers = vec![
        ("Accept".to_owned(), "application/json".to_owned()),
        ("Content-Type".to_owned(), "application/json".to_owned()),
    ];
    headers.extend(endpoint.headers.iter().map(|header| (header.name.clone(), fill(&header.value, value))));
    headers
}

fn bytes(body: &Value) -> Vec<u8> {
    body.to_string().into_bytes()
}

#[cfg(test)]
mod tests {
    use model::{Gives, Header};

    use super::*;

    fn filled() -> Filled {
        Filled { user: "u1".to_owned(), model: Some("m\"1".to_owned()), device: "d1".to_owned() }
    }

    fn endpoint() -> EndpointSource {
        EndpointSource {
            url: "https://a.example/api/sessions?x=1".to_owned(),
            method: SessionMethod::Post,
            headers: vec![Header { name: "X-Device".to_owned(), value: "k-{{device}}".to_owned() }],
            body: Some(json!({"user": {"id": "{{user}}"}, "model": "{{model}}"})),
            pointer: None,
            with_key: false,
            refresh: None,
            user: None,
            gives: Gives::Token,
        }
    }

    fn body(spec: &RequestSpec) -> Value {
        serde_json::from_slice(&spec.body).unwrap()
    }

    #[test]
    fn an_endpoint_is_asked_as_it_was_described() {
        let spec = session(&SessionSource::Endpoint(endpoint()), None, &filled()).unwrap().unwrap();
        assert_eq!((spec.method, spec.url.as_str()), (Method::Post, "https://a.example/api/sessions?x=1"));
        assert_eq!(body(&spec), json!({"user": {"id": "u1"}, "model": "m\"1"}));
        assert!(spec.headers.contains(&("X-Device".to_owned(), "k-d1".to_owned())));
        let plain = EndpointSource { body: None, user: Some("ann".to_owned()), ..endpoint() };
        assert_eq!(body(&session(&SessionSource::Endpoint(plain), None, &filled()).unwrap().unwrap()), json!({}));
        let get = EndpointSource { method: SessionMethod::Get, ..endpoint() };
        assert!(session(&SessionSource::Endpoint(get), None, &filled()).unwrap().unwrap().body.is_empty());
        assert!(session(&SessionSource::Static, None, &filled()).unwrap().is_none());
    }

    #[test]
    fn the_key_stands_where_it_is_named() {
        let plain = SessionSource::Endpoint(endpoint());
        assert!(!places_key(&plain) && !places_key(&SessionSource::Static));
        let login = EndpointSource {
            body: Some(json!({"who": {"mail": "{{user}}", "password": "{{ key }}"}})),
            user: Some("ann@example.org".to_owned()),
            ..endpoint()
        };
        let header = Header { name: "X-Api-Key".to_owned(), value: "{{key}}".to_owned() };
        let named = EndpointSource { headers: vec![header], ..endpoint() };
        for (source, expected) in
            [(login, Some(json!({"mail": "ann@example.org", "password": "pa\"ss"}))), (named, None)]
        {
            let source = SessionSource::Endpoint(source);
            assert!(places_key(&source));
            let spec = session(&source, Some("pa\"ss"), &filled()).unwrap().unwrap();
            match expected {
                Some(who) => assert_eq!(body(&spec)["who"], who),
                None => assert!(spec.headers.contains(&("X-Api-Key".to_owned(), "pa\"ss".to_owned()))),
            }
        }
    }

    #[test]
    fn a_session_is_prolonged_with_its_secret() {
        let refresh = RefreshEndpoint { url: "https://a.example/r".to_owned(), body: None };
        let spec = prolong(&endpoint(), &refresh, "ek_1", None, &filled()).unwrap();
        assert_eq!((spec.url.as_str(), body(&spec)), ("https://a.example/r", json!({"token": "ek_1"})));
        let own = RefreshEndpoint { body: Some(json!({"old": "{{token}}", "who": "{{user}}"})), ..refresh };
        assert_eq!(
            body(&prolong(&endpoint(), &own, "ek_1", None, &filled()).unwrap()),
            json!({"old": "ek_1", "who": "u1"})
        );
    }

    #[test]
    fn a_hosted_workflow_is_asked_for_in_the_words_of_its_api() {
        let hosted = HostedSource {
            base: "https://api.example/v1/".to_owned(),
            workflow: "wf_1".to_owned(),
            version: Some("3".to_owned()),
            state_variables: serde_json::from_value(json!({"plan": "pro"})).unwrap(),
            expires_after: Some(600),
            max_requests_per_minute: Some(10),
            configuration: serde_json::from_value(json!({"history": {"enabled": true}})).unwrap(),
            user: None,
        };
        let spec = session(&SessionSource::Hosted(hosted.clone()), None, &filled()).unwrap().unwrap();
        assert_eq!(spec.url.as_str(), "https://api.example/v1/chatkit/sessions");
        assert!(spec.headers.contains(&("OpenAI-Beta".to_owned(), "chatkit_beta=v1".to_owned())));
        let whole = json!({
            "user": "u1",
            "workflow": {"id": "wf_1", "version": "3", "state_variables": {"plan": "pro"}},
            "expires_after": {"anchor": "created_at", "seconds": 600},
            "rate_limits": {"max_requests_per_1_minute": 10},
            "chatkit_configuration": {"history": {"enabled": true}},
        });
        assert_eq!(body(&spec), whole);
        assert_eq!(hosted_conversation(&hosted).unwrap().as_str(), "https://api.example/v1/chatkit/conversation");
        let least = HostedSource {
            version: None,
            state_variables: Map::new(),
            expires_after: None,
            max_requests_per_minute: None,
            configuration: Map::new(),
            user: Some("ann".to_owned()),
            ..hosted
        };
        let spec = session(&SessionSource::Hosted(least), None, &filled()).unwrap().unwrap();
        assert_eq!(body(&spec), json!({"user": "ann", "workflow": {"id": "wf_1"}}));
    }
}

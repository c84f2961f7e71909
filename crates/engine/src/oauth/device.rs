//! Signing in with a browser elsewhere: a code that the person types there (RFC 8628).

use std::time::{Duration, SystemTime};

use oauth2::{
    AsyncHttpClient, DeviceAuthorizationUrl, DeviceCodeErrorResponseType, HttpRequest, RequestTokenError,
    StandardDeviceAuthorizationResponse,
};
use secrecy::SecretString;
use tokio::{
    sync::mpsc,
    time::{sleep, timeout},
};
use transport::TransportError;
use url::Url;

use super::{
    Endpoint, OauthClient, OauthError, Progress, Tokens,
    client::{self, Answer, Taken, TokenClient},
    id_token, plain,
    provider::{self, Provider},
    wire::Answering,
};

/// The longest time that a code may be good for; nobody waits for longer.
const LONGEST: Duration = Duration::from_secs(60 * 60);
/// The longest pause that a provider may ask for; longer ones are a mistake.
const LONGEST_PAUSE: Duration = Duration::from_secs(5 * 60);

/// Asks the person to type a code, and asks the provider whether that was done.
pub async fn sign_in(
    client: &OauthClient,
    provider: &Provider,
    progress: impl FnOnce(Progress) + Send,
) -> Result<Tokens, OauthError> {
    let device = provider.device.clone().ok_or(OauthError::Lacks(Endpoint::Device))?;
    let asker = client::of(client, provider);
    let asking = asker.clone().set_device_authorization_url(DeviceAuthorizationUrl::from_url(device));
    let mut request = asking.exchange_device_code().add_scopes(client::scopes(&client.source, provider));
    for (name, value) in [("audience", &client.source.audience), ("resource", &client.source.resource)] {
        if let Some(value) = value {
            request = request.add_extra_param(name, value.trim());
        }
    }
    let details: StandardDeviceAuthorizationResponse =
        request.request_async(&client.wire()).await.map_err(|error| client::refused(Endpoint::Device, error))?;
    client.out.redactor().register(&SecretString::from(details.device_code().secret().clone()));
    let shown = shown(&details)?;
    let life = details.expires_in().min(LONGEST);
    progress(Progress::Device { address: shown.0, code: shown.1, until: SystemTime::now() + life });

    let wire = client.wire();
    let answer = poll(&asker, &details, life, &|request| wire.call(request)).await?;
    let Taken { tokens, id_token } = client::taken(client, &answer)?;
    // Not every provider tells who typed the code. What one does tell has to be true.
    let (Some(identity), Some(id_token)) = (&provider.identity, id_token) else { return Ok(tokens) };
    let who = id_token::verified(client, identity, &id_token, &tokens.access, None)?;
    Ok(Tokens { who, ..tokens })
}

/// The address and the code, if they can be shown.
fn shown(details: &StandardDeviceAuthorizationResponse) -> Result<(Url, String), OauthError> {
    if details.interval() > LONGEST_PAUSE {
        return Err(OauthError::Unreadable(Endpoint::Device));
    }
    let address = provider::address(Endpoint::Verification, details.verification_uri())?;
    let code = plain::words(details.user_code().secret()).ok_or(OauthError::Unreadable(Endpoint::Device))?;
    Ok((address, code))
}

/// How the provider is asked.
type Ask<'a> = &'a (dyn Fn(HttpRequest) -> Answering<'a> + Send + Sync);

/// The library goes on after every error of the HTTP client. This one tells of those that will not get better.
struct Watched<'a> {
    ask: Ask<'a>,
    hopeless: mpsc::UnboundedSender<TransportError>,
}

impl<'c> AsyncHttpClient<'c> for Watched<'_> {
    type Error = TransportError;
    type Future = Answering<'c>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        let asking = (self.ask)(request);
        Box::pin(async move {
            let answer = asking.await;
            if let Some(error) = answer.as_ref().err().filter(|error| !may_pass(error)) {
                // Fails only if nobody waits any more.
                let _ = self.hopeless.send(error.clone());
            }
            answer
        })
    }
}

/// Asks until there is an answer. Trouble on the way is waited out; what will not get better ends it.
async fn poll(
    asker: &TokenClient,
    details: &StandardDeviceAuthorizationResponse,
    life: Duration,
    ask: Ask<'_>,
) -> Result<Answer, OauthError> {
    let (sender, mut hopeless) = mpsc::unbounded_channel();
    let watched = Watched { ask, hopeless: sender };
    let polling = asker.exchange_device_access_token(details).request_async(&watched, sleep, Some(life));
    let ended = async {
        tokio::select! {
            biased;
            Some(error) = hopeless.recv() => Err(OauthError::Way { endpoint: Endpoint::Token, error }),
            answer = polling => answer.map_err(|error| match error {
                RequestTokenError::ServerResponse(error)
                    if *error.error() == DeviceCodeErrorResponseType::ExpiredToken => OauthError::CodeExpired,
                error => client::refused(Endpoint::Token, error),
            }),
        }
    };
    timeout(life, ended).await.unwrap_or(Err(OauthError::CodeExpired))
}

/// Whether the next time may be better.
fn may_pass(error: &TransportError) -> bool {
    match error {
        TransportError::Unreachable { .. }
        | TransportError::FirstByteTimeout { .. }
        | TransportError::IdleTimeout { .. }
        | TransportError::TotalTimeout { .. }
        | TransportError::Cut { .. } => true,
        TransportError::Status { status, .. } => *status == 429 || *status >= 500,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::VecDeque, sync::Mutex};

    use oauth2::{Client, ClientId, TokenResponse, TokenUrl, http::Response};
    use tokio::time::Instant;
    use transport::Unreachable;

    use super::*;

    const TOKENS: &str = r#"{"access_token": "a", "token_type": "Bearer"}"#;

    /// What came of it, and when the provider was asked, in seconds.
    async fn asked(
        details: &str,
        answers: impl IntoIterator<Item = Result<(u16, &'static str), TransportError>>,
    ) -> (Result<String, OauthError>, Vec<u64>) {
        let asker = Client::new(ClientId::new("k".into()))
            .set_token_uri(TokenUrl::new("https://id.example/token".into()).unwrap());
        let answers: Mutex<VecDeque<_>> = Mutex::new(answers.into_iter().collect());
        let (times, began) = (Mutex::new(Vec::new()), Instant::now());
        let ask = |_: HttpRequest| {
            times.lock().unwrap().push(began.elapsed().as_secs());
            let next = answers.lock().unwrap().pop_front().unwrap_or(PENDING);
            Box::pin(async move {
                let (status, body) = next?;
                let mut response = Response::new(body.as_bytes().to_vec());
                *response.status_mut() = oauth2::http::StatusCode::from_u16(status).unwrap();
                Ok(response)
            }) as Answering
        };
        let details: StandardDeviceAuthorizationResponse = serde_json::from_str(details).unwrap();
        let answer = poll(&asker, &details, details.expires_in(), &ask).await;
        (answer.map(|answer| answer.access_token().secret().clone()), times.into_inner().unwrap())
    }

    const PENDING: Result<(u16, &str), TransportError> = Ok((400, r#"{"error": "authorization_pending"}"#));
    const DETAILS: &str = r#"{"device_code": "d", "user_code": "U", "verification_uri": "https://id.example/device",
        "expires_in": 60, "interval": 2}"#;

    #[tokio::test(start_paused = true)]
    async fn a_provider_is_asked_at_its_own_pace_and_more_slowly_when_it_says_so() {
        let slow = Ok((400, r#"{"error": "slow_down"}"#));
        let (answer, times) = asked(DETAILS, [PENDING, slow, PENDING, Ok((200, TOKENS))]).await;
        assert_eq!((answer.unwrap().as_str(), times), ("a", vec![0, 2, 9, 16]));
    }

    #[tokio::test(start_paused = true)]
    async fn a_network_that_goes_away_for_a_moment_is_waited_for() {
        let lost = TransportError::Unreachable {
            why: Unreachable::Refused,
            origin: "https://id.example".into(),
            detail: String::new(),
        };
        let (answer, times) = asked(DETAILS, [Err(lost), Ok((200, TOKENS))]).await;
        assert!(answer.is_ok() && times == [0, 4], "{times:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_code_that_nobody_types_ends_when_the_provider_said() {
        let began = Instant::now();
        let (answer, _) = asked(DETAILS, []).await;
        assert_eq!(answer, Err(OauthError::CodeExpired));
        assert_eq!(began.elapsed().as_secs(), 60);
        let expired = Ok((400, r#"{"error": "expired_token"}"#));
        assert_eq!(asked(DETAILS, [expired]).await.0, Err(OauthError::CodeExpired));
    }

    #[tokio::test(start_paused = true)]
    async fn what_will_not_get_better_ends_it_at_once() {
        let page = TransportError::ContentType {
            expected: transport::Expected::Json,
            found: Some("text/html".into()),
            status: 200,
            snippet: String::new(),
        };
        let (answer, times) = asked(DETAILS, [PENDING, Err(page.clone())]).await;
        assert_eq!(answer, Err(OauthError::Way { endpoint: Endpoint::Token, error: page }));
        assert_eq!(times, [0, 2]);
        let denied = Ok((400, r#"{"error": "access_denied", "error_description": "<b>no</b>"}"#));
        let refused = OauthError::Refused { code: "access_denied".into(), words: None };
        assert_eq!(asked(DETAILS, [denied]).await.0, Err(refused));
        let broken = asked(DETAILS, [Ok((200, r#"{"access_tok"#))]).await.0;
        assert_eq!(broken, Err(OauthError::Unreadable(Endpoint::Token)));
    }

    #[test]
    fn what_a_person_cannot_be_shown_is_refused() {
        let with = |from: &str, to: &str| {
            let details: StandardDeviceAuthorizationResponse =
                serde_json::from_str(&DETAILS.replace(from, to)).unwrap();
            shown(&details)
        };
        assert_eq!(with("-", "-").unwrap().1, "U");
        assert!(with("https://id.example/device", "file:///etc/hosts").is_err());
        assert!(with("https://id.example/device", "http://id.example/device").is_err());
        assert!(with("\"U\"", "\"<b>\"").is_err());
        assert!(with("\"interval\": 2", "\"interval\": 18446744073709551615").is_err());
    }
}

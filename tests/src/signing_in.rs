//! A sign-in as a test holds it: the engine's part runs, and the person's part is the test's.

use std::sync::Arc;

use engine::{
    Outbound,
    oauth::{OauthClient, OauthError, Progress, Tokens},
};
use model::{OauthFlow, OauthProvider, OauthSource};
use reqwest::Url;
use secrets::Redactor;
use tokio::{sync::oneshot, task::JoinHandle};
use transport::Http;

use crate::oidc::{Browser, Click, Page};

/// How a person describes the provider of the tests.
pub fn source(issuer: &str) -> OauthSource {
    OauthSource {
        provider: OauthProvider::Issuer { issuer: issuer.to_owned() },
        client_id: "kittiwake".to_owned(),
        confidential: false,
        scopes: ["profile", "email", "offline_access"].map(str::to_owned).to_vec(),
        audience: None,
        resource: None,
        prompt: None,
        flow: OauthFlow::Browser,
        port: None,
    }
}

/// A client, and who hides its secrets.
pub fn client(source: OauthSource) -> (OauthClient, Arc<Redactor>) {
    let redactor = Arc::new(Redactor::new());
    let out = Outbound::new(Http::new("kittiwake-test").unwrap(), redactor.clone());
    (OauthClient::new(out, source, None), redactor)
}

/// A sign-in that runs, and what the person has to do.
pub struct SignIn {
    /// The engine's part.
    pub task: JoinHandle<Result<Tokens, OauthError>>,
    /// The person's part.
    pub progress: Progress,
}

impl SignIn {
    /// Begins one, up to the point where the person has something to do.
    ///
    /// # Panics
    /// When it does not get so far.
    pub async fn start(client: &OauthClient) -> Self {
        let (sender, progress) = oneshot::channel();
        let client = client.clone();
        let task = tokio::spawn(async move { client.sign_in(|progress| sender.send(progress).unwrap()).await });
        match progress.await {
            Ok(progress) => Self { task, progress },
            Err(_) => panic!("nothing to do: {:?}", task.await.unwrap()),
        }
    }

    /// The address that the person opens.
    pub fn url(&self) -> Url {
        match &self.progress {
            Progress::Open { url } => url.clone(),
            other => panic!("{other:?}"),
        }
    }

    /// A parameter of that address.
    pub fn asked(&self, name: &str) -> String {
        self.url().query_pairs().find(|(key, _)| key == name).unwrap().1.into_owned()
    }

    /// The address to which the browser comes back, with a query of somebody's.
    pub fn back(&self, query: &[(&str, &str)]) -> Url {
        Url::parse_with_params(&self.asked("redirect_uri"), query).unwrap()
    }

    /// What came of it.
    pub async fn ended(self) -> Result<Tokens, OauthError> {
        self.task.await.unwrap()
    }
}

/// Signs in as a person does, and answers the tokens and the last page.
pub async fn signed_in(client: &OauthClient) -> (Tokens, Page) {
    let sign_in = SignIn::start(client).await;
    let page = Browser::default().walk(&sign_in.url(), Click::Agree, "").await;
    (sign_in.ended().await.unwrap(), page)
}

/// What a browser shows is inert, whatever stood in its address.
///
/// # Panics
/// When it is not.
pub fn assert_inert(page: &Page) {
    assert!(page.headers["content-security-policy"].starts_with("default-src 'none';"), "{page:?}");
    assert_eq!(page.headers["x-content-type-options"], "nosniff");
    assert_eq!(page.headers["referrer-policy"], "no-referrer");
    assert_eq!(page.headers["cache-control"], "no-store");
    let text = page.text.to_lowercase();
    assert!(!["<script", "<img", "alert(", "evil"].iter().any(|part| text.contains(part)), "{page:?}");
}

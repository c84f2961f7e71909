//! What a connection's own server has beside conversations: files such as pictures, and lists.

use adapters::{Answered, Method, RequestSpec};
use model::Failure;
use transport::{Limits, Step, TransportError};
use url::Url;

use super::Backend;

impl Backend {
    /// Asks for a file, with what the connection's requests carry if it is its own server's. No redirect is followed.
    ///
    /// # Errors
    ///
    /// Whatever keeps the whole file from being here.
    pub async fn own_file(&self, url: &Url, accept: &str, limits: &Limits) -> Result<Step, TransportError> {
        let spec = RequestSpec {
            method: Method::Get,
            url: url.clone(),
            headers: vec![("accept".to_owned(), accept.to_owned())],
            body: Vec::new(),
            answered: Answered::Whole,
        };
        self.http.own_step(self.sent(spec), limits).await
    }

    /// Asks for JSON, with what the connection's requests carry if it is its own server's.
    ///
    /// # Errors
    ///
    /// Whatever keeps the whole answer from being here, in words.
    pub async fn own_json(&self, url: &Url, limits: &Limits) -> Result<Vec<u8>, Failure> {
        let spec = RequestSpec {
            method: Method::Get,
            url: url.clone(),
            headers: vec![("accept".to_owned(), "application/json".to_owned())],
            body: Vec::new(),
            answered: Answered::Whole,
        };
        let answer = self.http.json(self.sent(spec), limits).await;
        answer.map(|answer| answer.body.into()).map_err(|error| self.refused(&error))
    }
}

//! Files of a connection's own server, such as pictures.

use adapters::{Answered, Method, RequestSpec};
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
}

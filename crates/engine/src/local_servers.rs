//! Model servers on this computer, found where they usually are. They are looked for only when somebody asks, at this
//! machine's own addresses, without anything that could be a secret.

use std::{collections::BTreeSet, time::Duration};

use model::{Kind, Operation, Reply};
use tokio::task::JoinSet;
use transport::{Limits, Method, Proxy, Request, Route, TransportError};
use url::Url;

use crate::{engine::Engine, outbound::Outbound, view::LocalServer};

/// Where such servers usually are, and what they are called. Some share a port.
pub const USUAL: &[(u16, &str)] = &[
    (11434, "Ollama"),
    (1234, "LM Studio"),
    (8080, "llama.cpp or LocalAI"),
    (8000, "vLLM"),
    (4000, "LiteLLM"),
    (1337, "Jan"),
    (5000, "text-generation-webui"),
    (5001, "KoboldCpp"),
];

/// This machine's own addresses.
const HERE: [&str; 2] = ["127.0.0.1", "[::1]"];

/// What is not there says so at once, and what is there has its list ready.
const PATIENCE: Duration = Duration::from_secs(2);

/// The largest list of models that is read, in bytes.
const LARGEST: usize = 1 << 20;

impl Engine {
    /// The servers that answer on this computer, each with its models.
    pub async fn local_servers(&self) -> Vec<LocalServer> {
        self.local_servers_at(USUAL).await
    }

    /// The same at other ports, each with the name of what is usually there. In their order.
    pub async fn local_servers_at(&self, ports: &[(u16, &'static str)]) -> Vec<LocalServer> {
        let Ok(out) = self.http().over(&Route { proxy: Proxy::None, ..Route::default() }) else { return Vec::new() };
        let mut asked = JoinSet::new();
        for (place, (port, name)) in ports.iter().enumerate() {
            for (turn, host) in HERE.iter().enumerate() {
                let (out, url, name) = (out.clone(), format!("http://{host}:{port}/v1"), *name);
                asked.spawn(async move { Some(((place, turn), look(&out, url, name).await?)) });
            }
        }
        let mut found: Vec<_> = asked.join_all().await.into_iter().flatten().collect();
        found.sort_by_key(|(place, _)| *place);
        // Most answer at both addresses.
        let mut seen = BTreeSet::new();
        found.retain(|((place, _), server)| seen.insert((*place, server.models.clone())));
        found.into_iter().map(|(_, server)| server).collect()
    }
}

/// Asks for the list of models. Whatever does not answer with one is none of these servers, unless it wants a key first.
async fn look(out: &Outbound, url: String, name: &str) -> Option<LocalServer> {
    let request = Request {
        method: Method::Get,
        url: Url::parse(&format!("{url}/models")).ok()?,
        headers: vec![("Accept".to_owned(), "application/json".to_owned())],
        credentials: Vec::new(),
        body: Vec::new().into(),
        watch: None,
    };
    let limits = Limits {
        first_byte: PATIENCE,
        idle: PATIENCE,
        total: Some(PATIENCE),
        body_bytes: LARGEST,
        ..Limits::default()
    };
    let answer = tokio::time::timeout(PATIENCE, out.json(request, &limits)).await.ok()?;
    let (models, wants_key) = match answer {
        Ok(answer) => match adapters::adapter(Kind::Openai).reply(&Operation::ListModels, &answer.body) {
            Ok(Reply::Models(models)) => (models.into_iter().map(|model| model.id).collect(), false),
            _ => return None,
        },
        Err(TransportError::Status { status: 401, snippet, .. }) if snippet.contains("\"error\"") => (Vec::new(), true),
        Err(_) => return None,
    };
    Some(LocalServer { name: name.to_owned(), url, models, wants_key })
}

//! A real OpenID provider, in a process of its own, and a browser that signs in there.
//!
//! `tests/peers/oidc/server.mjs` is the provider. `cargo xtask test` installs what it needs.

use std::{
    collections::{HashMap, HashSet},
    env,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::Mutex,
    time::Duration,
};

use reqwest::{
    Client, RequestBuilder, Response, StatusCode, Url,
    header::{CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE},
    redirect::Policy,
};

use crate::peer::port_of;

/// The provider's process. Dropping it ends the process; so does the end of the test's own process.
pub struct Oidc {
    /// Its issuer.
    pub issuer: String,
    child: Child,
}

impl Oidc {
    /// Starts a provider of its own for one test.
    ///
    /// # Panics
    /// When its modules are not there, or it does not come up; the message says what to do.
    pub fn start() -> Self {
        Self::with_lives(Duration::from_secs(600))
    }

    /// The same, with access tokens that live for so long.
    ///
    /// # Panics
    /// As [`Oidc::start`].
    pub fn with_lives(access: Duration) -> Self {
        let modules = folder().join("node_modules");
        assert!(
            modules.is_dir(),
            "the modules of the OpenID peer are missing ({}): run `cargo xtask test` once, which installs them, or \
             `npm ci` in tests/peers/oidc, or set KITTIWAKE_TEST_FAST to leave these tests out",
            modules.display()
        );
        let mut child = Command::new("node")
            .arg(folder().join("server.mjs"))
            .env("KITTIWAKE_OIDC_TTL", access.as_secs().to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Node starts");
        let port = port_of(&mut child);
        Self { issuer: format!("http://127.0.0.1:{port}"), child }
    }

    /// Has it make a mistake from now on: see `tests/peers/oidc/mistakes.mjs`.
    pub async fn mistake(&self, name: &str) {
        self.debug(&format!("mistake/{name}")).await;
    }

    /// Has an administrator end every sign-in.
    pub async fn forget(&self) {
        self.debug("forget").await;
    }

    /// Ends every access token; what prolongs them lives on.
    pub async fn expire(&self) {
        self.debug("expire").await;
    }

    /// Every code and token that it gave.
    pub async fn given(&self) -> Vec<String> {
        self.debug("given").await.json().await.unwrap()
    }

    /// How often something was asked for, by its path.
    pub async fn asked(&self, path: &str) -> u64 {
        let counts: HashMap<String, u64> = self.debug("requests").await.json().await.unwrap();
        counts.get(path).copied().unwrap_or_default()
    }

    /// Whether the provider takes a token.
    pub async fn takes(&self, token: &str) -> bool {
        let request = Client::new().post(format!("{}/token/introspection", self.issuer));
        let answer = form_of(request, &[("token", token), ("client_id", "kittiwake")]).send().await.unwrap();
        let answer: serde_json::Value = answer.error_for_status().unwrap().json().await.unwrap();
        answer["active"].as_bool().unwrap()
    }

    async fn debug(&self, what: &str) -> Response {
        let url = format!("{}/debug/{what}", self.issuer);
        Client::new().post(url).send().await.unwrap().error_for_status().unwrap()
    }
}

impl Drop for Oidc {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("peers/oidc")
}

/// What a person does with a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Click {
    /// Signs in and agrees.
    Agree,
    /// Signs in, and then refuses.
    Refuse,
}

/// A browser as far as a sign-in needs one: it follows redirects, keeps cookies and posts forms.
pub struct Browser {
    client: Client,
    /// By host and name. Paths do not matter here.
    cookies: Mutex<HashMap<(String, String), String>>,
}

/// A page, at the end of the redirects.
#[derive(Debug, Clone)]
pub struct Page {
    /// Its address.
    pub url: Url,
    /// Its status.
    pub status: StatusCode,
    /// Its headers, with names in lower case.
    pub headers: HashMap<String, String>,
    /// Its text.
    pub text: String,
}

impl Default for Browser {
    fn default() -> Self {
        let client = Client::builder().redirect(Policy::none()).no_proxy().build().unwrap();
        Self { client, cookies: Mutex::default() }
    }
}

impl Browser {
    /// Opens an address and does what the pages there ask for, until there is nothing to click any more. `code` is typed
    /// where a code is asked for.
    pub async fn walk(&self, url: &Url, click: Click, code: &str) -> Page {
        let mut page = self.open(url.clone()).await;
        for _ in 0..10 {
            let forms = Form::all(&page);
            let refuses = forms.iter().position(|form| click == Click::Refuse && form.has("refuse"));
            let Some(form) = forms.get(refuses.unwrap_or(0)) else { return page };
            let fields = form.fields.iter().map(|(name, value)| {
                let typed = if name == "user_code" && value.is_empty() { code } else { value };
                (name.as_str(), typed)
            });
            let fields: Vec<_> = fields.collect();
            let request = form_of(self.client.post(form.action.clone()), &fields);
            page = self.follow(form.action.clone(), request).await;
            if refuses.is_some() {
                return page;
            }
        }
        panic!("the pages do not end: {page:?}")
    }

    /// Opens an address.
    pub async fn open(&self, url: Url) -> Page {
        let request = self.client.get(url.clone());
        self.follow(url, request).await
    }

    async fn follow(&self, mut url: Url, mut request: RequestBuilder) -> Page {
        for _ in 0..20 {
            let response = request.header(COOKIE, self.cookies_for(&url)).send().await.unwrap();
            self.keep(&url, &response);
            let Some(to) = response.headers().get(LOCATION) else { return page(url, response).await };
            url = url.join(to.to_str().unwrap()).unwrap();
            request = self.client.get(url.clone());
        }
        panic!("the redirects do not end: {url}")
    }

    fn cookies_for(&self, url: &Url) -> String {
        let cookies = self.cookies.lock().unwrap();
        let ours = cookies.iter().filter(|((host, _), _)| Some(host.as_str()) == url.host_str());
        ours.map(|((_, name), value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    fn keep(&self, url: &Url, response: &Response) {
        let host = url.host_str().unwrap_or_default();
        for cookie in response.headers().get_all(SET_COOKIE) {
            let cookie = cookie.to_str().unwrap();
            let (name, rest) = cookie.split_once('=').unwrap();
            let value = rest.split(';').next().unwrap_or_default();
            let key = (host.to_owned(), name.to_owned());
            let mut cookies = self.cookies.lock().unwrap();
            if value.is_empty() {
                cookies.remove(&key)
            } else {
                cookies.insert(key, value.to_owned())
            };
        }
    }
}

/// A request with a form in its body.
fn form_of(request: RequestBuilder, fields: &[(&str, &str)]) -> RequestBuilder {
    let encoded = Url::parse_with_params("http://form.invalid/", fields).unwrap();
    let body = encoded.query().unwrap_or_default().to_owned();
    request.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(body)
}

async fn page(url: Url, response: Response) -> Page {
    let headers = response.headers().iter();
    let headers = headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap_or_default().to_owned()));
    let (status, headers) = (response.status(), headers.collect());
    Page { url, status, headers, text: response.text().await.unwrap() }
}

/// A form that can be posted.
struct Form {
    action: Url,
    fields: Vec<(String, String)>,
}

impl Form {
    /// The forms of a page, in their order.
    fn all(page: &Page) -> Vec<Self> {
        let forms = page.text.split("<form").skip(1).filter_map(|rest| rest.split("</form>").next());
        forms
            .map(|form| {
                let head = form.split('>').next().unwrap_or_default();
                let action = attribute(head, "action").map_or(page.url.clone(), |to| page.url.join(&to).unwrap());
                let mut seen = HashSet::new();
                let inputs = form.split("<input").skip(1).filter_map(|rest| rest.split('>').next());
                let fields = inputs
                    .filter_map(|input| {
                        Some((attribute(input, "name")?, attribute(input, "value").unwrap_or_default()))
                    })
                    .filter(|(name, _)| seen.insert(name.clone()))
                    .collect();
                Self { action, fields }
            })
            .collect()
    }

    fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|(field, _)| field == name)
    }
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let value = tag.split_once(&format!("{name}=\""))?.1.split('"').next()?;
    Some(value.replace("&amp;", "&"))
}

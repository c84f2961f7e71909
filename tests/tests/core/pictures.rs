//! Pictures that servers name: who is asked for them, with what, and what is taken for one.
#![allow(clippy::unwrap_used, reason = "a test's helpers fail as the test does")]

mod shop;

use std::{sync::Arc, time::Duration};

use acceptance::{bench::draft, own::say};
use engine::{
    Engine, EngineConfig, Limits,
    pictures::{Permission, Picture, PictureError, PictureKind},
    view::{ConnectionDraft, SendRequest, TurnOutcome},
};
use model::{Failure, FailureCode, ThreadId};
use serde_json::{Value, json};
use tempfile::TempDir;

use shop::Shop;

/// Somebody who reads a conversation with a shop.
struct Reader {
    engine: Engine,
    thread: ThreadId,
    dir: TempDir,
}

impl Reader {
    async fn of(shop: &Shop) -> Self {
        Self::with(shop, Limits::default()).await
    }

    async fn with(shop: &Shop, limits: Limits) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let engine = Engine::open(EngineConfig { limits, ..config(&dir) }).await.unwrap();
        let connection = engine.add_connection(draft(&shop.at("/chatkit"))).await.unwrap().id;
        let told = say(&engine, &connection, None, "hello").await;
        assert_eq!(told.outcome, TurnOutcome::Done);
        Self { engine, thread: told.thread, dir }
    }

    async fn looks_at(&self, url: &str) -> Result<Picture, PictureError> {
        self.looks(url, &Permission::default()).await
    }

    async fn looks(&self, url: &str, permission: &Permission) -> Result<Picture, PictureError> {
        self.engine.picture(&self.thread, url, permission).await
    }

    async fn fails_at(&self, url: &str) -> Failure {
        match self.looks_at(url).await {
            Err(PictureError::Failed(failure)) => failure,
            other => panic!("{url}: {other:?}"),
        }
    }
}

fn config(dir: &TempDir) -> EngineConfig {
    EngineConfig { secrets: Arc::<secrets::Memory>::default(), ..EngineConfig::new(dir.path().to_owned()) }
}

fn once(host: &str) -> Permission {
    Permission { once: vec![host.to_owned()], always: None }
}

fn not_allowed(host: &str) -> Result<Picture, PictureError> {
    Err(PictureError::NotAllowed { host: host.to_owned() })
}

#[tokio::test]
async fn the_servers_own_picture_is_asked_for_with_its_token_and_once() {
    let shop = Shop::open().await;
    let reader = Reader::of(&shop).await;
    let picture = reader.looks_at(&shop.at("/gull.png")).await.unwrap();
    assert_eq!((picture.kind, picture.width, picture.height), (PictureKind::Png, 3, 2));
    assert_eq!(picture.mime_type(), "image/png", "whatever the server calls it");
    assert_eq!(shop.header("authorization").as_deref(), Some("Bearer secret-token"));
    assert_eq!((shop.header("cookie"), shop.header("referer")), (None, None));
    reader.looks_at(&shop.at("/gull.png")).await.unwrap();
    assert_eq!(shop.asked(), ["/gull.png"], "it was here already");
}

#[tokio::test]
async fn a_host_that_nobody_allowed_is_not_asked_at_all() {
    let (shop, other) = (Shop::open().await, Shop::open().await);
    let reader = Reader::of(&shop).await;
    for url in [other.by_name("/gull.png"), other.at("/gull.png"), shop.by_name("/gull.png")] {
        let host = if url.contains("localhost") { "localhost" } else { "127.0.0.1" };
        assert_eq!(reader.looks_at(&url).await, not_allowed(host), "{url}");
    }
    let elsewhere = reader.looks(&other.by_name("/gull.png"), &once("pics.example")).await;
    assert_eq!(elsewhere, not_allowed("localhost"));
    assert_eq!((shop.asked(), other.asked()), (Vec::<String>::new(), Vec::new()));
}

#[tokio::test]
async fn a_host_that_the_person_allowed_once_learns_nothing_else() {
    let (shop, other) = (Shop::open().await, Shop::open().await);
    let reader = Reader::of(&shop).await;
    reader.looks(&other.by_name("/gull.png"), &once("localhost")).await.unwrap();
    for header in ["authorization", "cookie", "referer", "origin"] {
        assert_eq!(other.header(header), None);
    }
    assert!(reader.looks_at(&other.by_name("/gull.png")).await.is_ok(), "it is here: nobody learns anything of it");
    assert_eq!(reader.looks_at(&other.by_name("/missing.png")).await, not_allowed("localhost"));
    assert_eq!(other.asked(), ["/gull.png"]);
}

#[tokio::test]
async fn a_host_that_the_person_allowed_for_good_stays_allowed_for_the_conversation() {
    let (shop, other) = (Shop::open().await, Shop::open().await);
    let reader = Reader::of(&shop).await;
    let always = Permission { once: Vec::new(), always: Some("localhost".to_owned()) };
    reader.looks(&other.by_name("/gull.png"), &always).await.unwrap();
    let missing = reader.fails_at(&other.by_name("/missing.png")).await;
    assert!(missing.message.contains("not on localhost any more"), "{missing}");
    let Reader { engine, thread, dir } = reader;
    engine.close().await;
    drop(engine);
    let reader = Reader { engine: Engine::open(config(&dir)).await.unwrap(), thread, dir };
    reader.looks_at(&other.by_name("/gull.png")).await.unwrap();
    assert_eq!(other.asked(), ["/gull.png", "/missing.png", "/gull.png"]);
}

#[tokio::test]
async fn the_servers_list_allows_its_hosts_also_after_a_restart() {
    let (shop, other) = (Shop::open().await, Shop::open().await);
    *shop.domains.lock().unwrap() = json!(["localhost"]);
    let reader = Reader::of(&shop).await;
    reader.looks_at(&other.by_name("/gull.png")).await.unwrap();
    let Reader { engine, thread, dir } = reader;
    engine.close().await;
    drop(engine);
    let reader = Reader { engine: Engine::open(config(&dir)).await.unwrap(), thread, dir };
    assert!(reader.looks_at(&other.by_name("/gull.png?2")).await.is_ok(), "the list was not kept");
}

#[tokio::test]
async fn a_list_of_threads_brings_the_hosts_of_each_and_takes_them_back() {
    let (shop, other) = (Shop::open().await, Shop::open().await);
    let reader = Reader::of(&shop).await;
    let says = async |domains: Value| {
        *shop.domains.lock().unwrap() = domains;
        reader.engine.refresh_threads().await;
    };
    assert_eq!(reader.looks_at(&other.by_name("/gull.png")).await, not_allowed("localhost"));
    says(json!(["localhost"])).await;
    reader.looks_at(&other.by_name("/gull.png")).await.unwrap();
    says(Value::Null).await;
    assert_eq!(reader.looks_at(&other.by_name("/gull.png?2")).await, not_allowed("localhost"));
    assert_eq!(other.asked(), ["/gull.png"]);
}

#[tokio::test]
async fn a_redirect_leads_only_where_the_picture_may_come_from() {
    let (shop, other) = (Shop::open().await, Shop::open().await);
    let reader = Reader::of(&shop).await;
    let moved = |to: &str| format!("/moved.png?to={}", to.replace(':', "%3A").replace('/', "%2F"));
    reader.looks_at(&shop.at(&moved("/gull.png"))).await.unwrap();
    assert_eq!(shop.header("authorization").as_deref(), Some("Bearer secret-token"), "it stays with its server");

    let away = shop.at(&moved(&other.by_name("/gull.png")));
    assert_eq!(reader.looks_at(&away).await, not_allowed("localhost"));
    assert!(other.asked().is_empty());
    reader.looks(&away, &once("localhost")).await.unwrap();
    assert_eq!(other.header("authorization"), None);

    // A stranger that sends on to the connection's own server does not make it be asked in the person's name.
    let back = other.by_name(&moved(&shop.at("/gull.png")));
    reader.looks(&back, &once("localhost")).await.unwrap();
    assert_eq!(shop.header("authorization"), None);

    let circle = reader.fails_at(&shop.at("/circle.png")).await;
    assert_eq!(circle.code, FailureCode::Redirected);
    for place in ["javascript:alert(1)", "file:///etc/passwd", "data:image/png;base64,AAAA"] {
        assert_eq!(reader.fails_at(&shop.at(&moved(place))).await.code, FailureCode::BadAddress, "{place}");
    }
    let plain = reader.fails_at(&shop.at(&moved("http://pics.example/a.png"))).await;
    assert_eq!(plain.code, FailureCode::Unencrypted);
}

#[tokio::test]
async fn what_is_no_picture_is_refused_in_words() {
    let shop = Shop::open().await;
    let reader = Reader::of(&shop).await;
    for (path, code, words) in [
        ("/drawing.svg", FailureCode::NoPicture, "SVG"),
        ("/page.png", FailureCode::ServerRefused, "web page"),
        ("/bomb.png", FailureCode::TooLarge, "20000 by 20000 pixels"),
        ("/huge.png", FailureCode::TooLarge, "larger than 20 MB"),
        ("/locked.png", FailureCode::Unauthorized, "does not let you see"),
        ("/missing.png", FailureCode::NotFound, "not on 127.0.0.1 any more"),
    ] {
        let failure = reader.fails_at(&shop.at(path)).await;
        assert_eq!(failure.code, code, "{path}: {failure}");
        assert!(failure.message.contains(words), "{path}: {failure}");
    }
    for url in ["javascript:alert(1)", "file:///etc/passwd", "ftp://pics.example/a.png", "gull.png", "", "https://"] {
        assert_eq!(reader.fails_at(url).await.code, FailureCode::BadAddress, "{url}");
    }
    let plain = reader.fails_at("http://pics.example/a.png").await;
    assert_eq!(plain.code, FailureCode::Unencrypted);
}

#[tokio::test]
async fn pictures_in_their_addresses_are_looked_at_too() {
    let shop = Shop::open().await;
    let reader = Reader::of(&shop).await;
    let gif = reader.looks_at("data:image/gif,GIF89a%03%00%02%00%80%00%00").await.unwrap();
    assert_eq!((gif.kind, gif.width, gif.height), (PictureKind::Gif, 3, 2));
    for (url, code) in [
        ("data:image/svg+xml,<svg onload='alert(1)'/>".to_owned(), FailureCode::NoPicture),
        ("data:text/html,<script>alert(1)</script>".to_owned(), FailureCode::NoPicture),
        (format!("data:image/png;base64,{}", "A".repeat(20 << 20)), FailureCode::NoPicture),
        (format!("data:image/png;base64,{}", "A".repeat(40 << 20)), FailureCode::TooLarge),
    ] {
        assert_eq!(reader.fails_at(&url).await.code, code, "{}", &url[..20]);
    }
    assert!(shop.asked().is_empty());
}

#[tokio::test]
async fn one_that_comes_drop_by_drop_is_given_up() {
    let shop = Shop::open().await;
    let limits = Limits { total: Some(Duration::from_secs(4)), ..Limits::default() };
    let reader = Reader::with(&shop, limits).await;
    let failure = reader.fails_at(&shop.at("/drip.png")).await;
    assert_eq!(failure.code, FailureCode::IdleTimeout);
    assert!(failure.message.contains("took too long"), "{failure}");
}

#[tokio::test]
async fn what_is_wanted_twice_is_fetched_once_and_what_is_gone_is_given_up() {
    let shop = Shop::open().await;
    let reader = Reader::of(&shop).await;
    let url = shop.at("/later.png");
    let both = async { tokio::join!(reader.looks_at(&url), reader.looks_at(&url)) };
    let opens = async {
        while shop.asked().is_empty() {
            tokio::task::yield_now().await;
        }
        shop.door.notify_one();
    };
    let ((first, second), ()) = tokio::join!(both, opens);
    assert_eq!((first.unwrap(), shop.asked().len()), (second.unwrap(), 1));

    let other = format!("{url}?again");
    let closes = async {
        while shop.asked().len() < 2 {
            tokio::task::yield_now().await;
        }
        reader.engine.close().await;
    };
    let (given_up, ()) = tokio::join!(reader.fails_at(&other), closes);
    assert_eq!(given_up.code, FailureCode::Interrupted);
}

#[tokio::test]
async fn a_server_elsewhere_has_nothing_asked_on_this_computer_or_in_its_network() {
    let shop = Shop::open().await;
    let dir = tempfile::tempdir().unwrap();
    let engine = Engine::open(config(&dir)).await.unwrap();
    let far = ConnectionDraft::server("Far", "https://chat.invalid/chatkit");
    let connection = engine.add_connection(far).await.unwrap().id;
    let request = SendRequest { connection, thread: None, text: "hello".to_owned(), model: None };
    let thread = engine.send(request).await.unwrap();
    let reader = Reader { engine, thread, dir };
    let port = shop.port;
    for url in [
        shop.at("/gull.png"),
        shop.by_name("/gull.png"),
        format!("http://[::1]:{port}/gull.png"),
        format!("http://2130706433:{port}/gull.png"),
        format!("https://127.0.0.1:{port}/gull.png"),
        "https://192.168.1.1/gull.png".to_owned(),
        "https://169.254.169.254/latest/meta-data".to_owned(),
        "https://[fd00::1]/gull.png".to_owned(),
        "https://router/gull.png".to_owned(),
        "https://printer.local/gull.png".to_owned(),
    ] {
        let host = reqwest::Url::parse(&url).unwrap().host_str().unwrap().to_owned();
        for permission in
            [Permission::default(), once(&host), Permission { once: Vec::new(), always: Some(host.clone()) }]
        {
            match reader.looks(&url, &permission).await {
                Err(PictureError::Failed(failure)) => {
                    assert_eq!(failure.code, FailureCode::BadAddress, "{url}: {failure}");
                    assert!(failure.message.contains("nothing was asked there"), "{url}: {failure}");
                }
                other => panic!("{url}: {other:?}"),
            }
        }
    }
    assert!(shop.asked().is_empty());
}

//! What is wrong with answers, by name: each finding as the test of a connection tells it, told by a server that makes the
//! mistake, and some of them as they come in a turn.
#![allow(clippy::unwrap_used, reason = "a test's helpers fail as the test does")]

use std::time::Duration;

use acceptance::{
    certificates::{Authority, Pair},
    nginx::{Nginx, Speaks},
    own::{self, failure},
    peer::Peer,
};
use engine::{
    Engine, EngineConfig,
    view::{CheckOutcome, CheckStep, CheckStepKind, CheckVerdict, CheckView, ConnectionDraft},
};
use model::{ConnectionId, Finding, Kind};
use tempfile::TempDir;
use transport::Limits;

use CheckOutcome::{Failed, Noted};

/// How such a server is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Spoken {
    /// As one's own backend.
    Own,
    /// The same, for a model.
    OwnModel,
    /// Over a WebSocket.
    Socket,
    /// As an OpenAI-compatible one, for a model.
    Openai,
}

struct Desk {
    engine: Engine,
    peer: Peer,
    dir: TempDir,
}

impl Desk {
    /// Patient enough for a busy machine.
    async fn new() -> Self {
        Self::with(Limits::default()).await
    }

    /// One that soon gives up.
    async fn hasty() -> Self {
        let short = Duration::from_secs(2);
        Self::with(Limits { first_byte: short, idle: short, ..Limits::default() }).await
    }

    async fn with(limits: Limits) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let config = EngineConfig { limits, ..EngineConfig::new(dir.path().to_owned()) };
        Self { engine: Engine::open(config).await.unwrap(), peer: Peer::of_mistakes(), dir }
    }

    /// A connection to the server that makes a mistake.
    async fn to(&self, mistake: &str, spoken: Spoken) -> ConnectionId {
        self.at(&self.peer.address(&format!("/{mistake}")), spoken, &[]).await
    }

    async fn at(&self, url: &str, spoken: Spoken, more: &[(&str, &str)]) -> ConnectionId {
        let own: &[(&str, &str)] = match spoken {
            Spoken::Own => &[],
            Spoken::OwnModel | Spoken::Openai => &[("model", "gull-9")],
            Spoken::Socket => &[("answers", "socket")],
        };
        let mut draft = ConnectionDraft::server("Own", url);
        draft.kind = if spoken == Spoken::Openai { Kind::Openai } else { Kind::Custom };
        draft.values.extend(own.iter().chain(more).map(|(key, value)| ((*key).to_owned(), (*value).to_owned())));
        self.engine.add_connection(draft).await.unwrap().id
    }

    async fn tested(&self, connection: &ConnectionId) -> CheckView {
        let mut check = self.engine.test_connection(connection).unwrap();
        let mut last = None;
        while let Some(view) = check.next().await {
            last = Some(view);
        }
        last.unwrap()
    }

    /// The step in which a test finds something, and nothing is found in any other.
    async fn found(&self, connection: &ConnectionId) -> CheckStep {
        let view = self.tested(connection).await;
        let found: Vec<_> = view.steps.iter().filter(|step| step.finding.is_some()).collect();
        let [step] = found[..] else { panic!("{found:?} in {}", view.report.unwrap()) };
        step.clone()
    }

    /// Each mistake is found in the hello, by its name, and the line says what to do.
    async fn finds(&self, spoken: Spoken, cases: &[(&str, CheckOutcome, Finding, &str)]) {
        for (mistake, outcome, finding, words) in cases {
            let step = self.found(&self.to(mistake, spoken).await).await;
            let told = step.finding.as_ref().unwrap();
            assert_eq!((told.name, step.outcome, step.kind), (*finding, *outcome, CheckStepKind::Hello), "{mistake}");
            assert!(step.line.contains(words), "{mistake}: {}", step.line);
            let failed = step.failure.as_ref().map(|failure| failure.finding);
            assert_eq!(failed, (*outcome == Failed).then_some(Some(*finding)), "{mistake}");
            assert!(!told.cause.is_empty() && !told.remedy.is_empty() && told.question.ends_with('?'), "{told:?}");
        }
    }
}

#[tokio::test]
async fn nothing_is_found_with_a_server_that_makes_no_mistake() {
    if !Peer::wanted() {
        return;
    }
    let desk = Desk::new().await;
    for spoken in [Spoken::Own, Spoken::Socket, Spoken::Openai] {
        let view = desk.tested(&desk.to("good", spoken).await).await;
        assert_eq!(view.verdict, CheckVerdict::Works, "{spoken:?}: {}", view.report.unwrap());
        assert!(view.steps.iter().all(|step| step.finding.is_none() && step.outcome != Noted), "{spoken:?}: {view:?}");
    }
}

#[tokio::test]
async fn silence_is_told_by_where_it_begins() {
    if !Peer::wanted() {
        return;
    }
    let desk = Desk::hasty().await;
    let cases = [
        ("silent-before", Failed, Finding::SilentBeforeHeaders, "Try again, or later."),
        ("silent-after", Failed, Finding::SilentAfterHeaders, "should look at what it waits for"),
        ("silent-midway", Failed, Finding::SilentAfterHeaders, "tell whoever runs the server"),
    ];
    desk.finds(Spoken::Own, &cases).await;
    desk.finds(Spoken::Socket, &[("socket-silent", Failed, Finding::SocketSilent, "Try again")]).await;
}

#[tokio::test]
async fn what_a_stream_is_not_is_told_by_name() {
    if !Peer::wanted() {
        return;
    }
    let desk = Desk::new().await;
    let header = "“Content-Type: text/event-stream”";
    let cases = [
        ("type", Failed, Finding::WrongContentType, header),
        ("type-plain", Noted, Finding::WrongContentType, header),
        ("type-binary", Failed, Finding::WrongContentType, "Check the address"),
        ("no-data", Failed, Finding::NoDataLines, "should look at its log"),
        ("empty", Failed, Finding::NoDataLines, "should look at its log"),
        ("latin", Noted, Finding::NotUtf8, "has to send UTF-8"),
        ("latin-whole", Failed, Finding::NotUtf8, "has to send UTF-8"),
        ("collected", Noted, Finding::AllAtOnce, "proxy_buffering off"),
    ];
    desk.finds(Spoken::Own, &cases).await;
}

#[tokio::test]
async fn a_proxy_that_collects_an_answer_is_found_by_when_it_comes() {
    if !Peer::wanted() || !Nginx::wanted() {
        return;
    }
    let (desk, authority) = (Desk::new().await, Authority::new());
    let Pair { certificate, key } = authority.vouches("localhost", 2090);
    let file = desk.dir.path().join("office.pem");
    std::fs::write(&file, &authority.pem).unwrap();
    for (buffering, expected) in [("on", Some(Finding::AllAtOnce)), ("off", None)] {
        let to = desk.peer.address("");
        let location = format!(
            "    location / {{\n      proxy_pass {to};\n      proxy_http_version 1.1;\n      proxy_buffering {buffering};\n    }}"
        );
        let nginx = Nginx::start(Speaks::Http1, &certificate, &key, &location);
        let more = [("authorities", file.to_str().unwrap())];
        let connection = desk.at(&format!("{}/slow", nginx.url), Spoken::Own, &more).await;
        let view = desk.tested(&connection).await;
        assert_eq!(view.verdict, CheckVerdict::Works, "{}", view.report.unwrap());
        let hello = view.steps.iter().find(|step| step.kind == CheckStepKind::Hello).unwrap();
        assert_eq!(hello.finding.as_ref().map(|finding| finding.name), expected, "{}", hello.line);
        assert_eq!(hello.line.contains("nginx"), buffering == "on", "{}", hello.line);
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_model_is_told_by_name() {
    if !Peer::wanted() {
        return;
    }
    let desk = Desk::new().await;
    desk.finds(Spoken::Own, &[("model-missing", Failed, Finding::ModelNotSent, "write it into “Model”")]).await;
    let named = desk.tested(&desk.to("model-missing", Spoken::OwnModel).await).await;
    assert_eq!(named.verdict, CheckVerdict::Works, "with a model it is content");
    let cases = [
        ("model-ignored", Noted, Finding::ModelIgnored, "with the model tiny, and gull-9 was asked for. Choose"),
        ("model-unknown", Failed, Finding::ModelUnknown, "Choose another one, or correct its name"),
    ];
    desk.finds(Spoken::Openai, &cases).await;
}

#[tokio::test]
async fn the_mapping_that_would_fit_is_in_the_step() {
    if !Peer::wanted() {
        return;
    }
    let desk = Desk::new().await;
    let connection = desk.to("format", Spoken::Own).await;
    let step = desk.found(&connection).await;
    assert_eq!((step.outcome, step.finding.unwrap().name), (Failed, Finding::FormatMismatch));
    assert!(step.line.contains("Say where it is"), "{}", step.line);
    let fits = step.facts.iter().find(|fact| fact.name == "What would fit").unwrap();
    assert!(
        fits.value.starts_with("/reply/body") && fits.value.contains("“Place of the text in an answer”"),
        "{fits:?}"
    );
    let mapping = step.failure.unwrap().mapping.unwrap();
    desk.engine.map_text(&connection, &mapping.field, &mapping.pointers[0]).await.unwrap();
    let mended = desk.tested(&connection).await;
    assert_eq!(mended.verdict, CheckVerdict::Works, "{}", mended.report.unwrap());
}

#[tokio::test]
async fn limits_are_told_with_when_to_ask_again() {
    if !Peer::wanted() {
        return;
    }
    let desk = Desk::new().await;
    desk.finds(Spoken::Own, &[("rate", Failed, Finding::RateLimited, "a pause of 60 minutes. Try again after that.")])
        .await;
    let cases = [
        ("quota", Failed, Finding::QuotaUsedUp, "Look at your plan"),
        ("quota-later", Failed, Finding::QuotaUsedUp, "It says that there is more in 2 hours."),
        ("quota-stream", Failed, Finding::QuotaUsedUp, "Look at plan, credit and limits"),
    ];
    desk.finds(Spoken::Openai, &cases).await;
}

#[tokio::test]
async fn what_becomes_of_a_websocket_is_told_by_name() {
    if !Peer::wanted() {
        return;
    }
    let desk = Desk::new().await;
    let cases = [
        ("socket-refused", Failed, Finding::SocketRefused, "Check the path of the WebSocket"),
        ("socket-dropped", Failed, Finding::SocketDropped, "in mid-answer. What had arrived is kept. Try again"),
        ("socket-closed", Failed, Finding::SocketDropped, "the model is gone”. Try again"),
    ];
    desk.finds(Spoken::Socket, &cases).await;
}

#[tokio::test]
async fn a_turn_fails_by_the_same_names() {
    if !Peer::wanted() {
        return;
    }
    let desk = Desk::hasty().await;
    for (mistake, spoken, finding) in [
        ("silent-before", Spoken::Own, Finding::SilentBeforeHeaders),
        ("silent-midway", Spoken::Own, Finding::SilentAfterHeaders),
        ("type", Spoken::Own, Finding::WrongContentType),
        ("no-data", Spoken::Own, Finding::NoDataLines),
        ("latin-whole", Spoken::Own, Finding::NotUtf8),
        ("model-missing", Spoken::Own, Finding::ModelNotSent),
        ("model-unknown", Spoken::Openai, Finding::ModelUnknown),
        ("format", Spoken::Own, Finding::FormatMismatch),
        ("rate", Spoken::Own, Finding::RateLimited),
        ("quota", Spoken::Openai, Finding::QuotaUsedUp),
        ("quota-stream", Spoken::Openai, Finding::QuotaUsedUp),
        ("socket-refused", Spoken::Socket, Finding::SocketRefused),
        ("socket-dropped", Spoken::Socket, Finding::SocketDropped),
        ("socket-silent", Spoken::Socket, Finding::SocketSilent),
    ] {
        let connection = desk.to(mistake, spoken).await;
        let told = own::say(&desk.engine, &connection, None, "Hello").await;
        assert_eq!(failure(told.outcome).finding, Some(finding), "{mistake}");
    }
    let told = own::say(&desk.engine, &desk.to("good", Spoken::Own).await, None, "Hello").await;
    assert_eq!(told.outcome, engine::view::TurnOutcome::Done);
}

//! LiteLLM's proxy through the engine, beside what the official `openai` client reads from the same server.
#![allow(clippy::unwrap_used, reason = "a test's helpers fail as the test does")]

use std::sync::Arc;

use acceptance::{
    bench::config,
    litellm::{KEY, Litellm},
    screen::Screen,
};
use engine::{
    Engine,
    view::{ConnectionDraft, ConnectionState, SendRequest, TurnOutcome},
};
use history::History;
use model::{ConnectionId, FailureCode, Item, Kind, Patience, ThreadId};
use tempfile::TempDir;

/// Both dialects: the client's name, that of the form, and what they call the tokens of a question and of its answer. In
/// Responses LiteLLM gives mock answers only by its way over Chat Completions.
const DIALECTS: [(&str, &str, &str, [&str; 2]); 2] = [
    ("chat", "chat_completions", "", ["prompt_tokens", "completion_tokens"]),
    ("responses", "responses", "bridged-", ["input_tokens", "output_tokens"]),
];

struct Run {
    engine: Engine,
    dir: TempDir,
    proxy: &'static Litellm,
}

impl Run {
    async fn begin() -> Self {
        let (dir, secrets) = (tempfile::tempdir().unwrap(), Arc::default());
        let engine = Engine::open(config(&dir, &secrets)).await.unwrap();
        // What is refused for now is to be told, not waited for.
        engine.set_patience(Patience::NONE).await.unwrap();
        Self { engine, dir, proxy: Litellm::shared() }
    }

    async fn connect(&self, dialect: &str, model: &str, key: &str) -> (ConnectionId, ConnectionState) {
        let mut draft = ConnectionDraft::server("Proxy", &self.proxy.url);
        draft.kind = Kind::Openai;
        draft.token = Some(key.to_owned().into());
        draft.values.insert("model".to_owned(), model.to_owned());
        draft.values.insert("dialect".to_owned(), dialect.to_owned());
        let view = self.engine.add_connection(draft).await.unwrap();
        (view.id, view.state)
    }

    async fn say(&self, connection: &ConnectionId, thread: Option<&ThreadId>, text: &str) -> (ThreadId, TurnOutcome) {
        let request =
            SendRequest { connection: connection.clone(), thread: thread.cloned(), text: text.to_owned(), model: None };
        let thread = self.engine.send(request).await.unwrap();
        let outcome = Screen::open(&self.engine, &thread).await.ended().await;
        (thread, outcome)
    }

    /// What is kept of a conversation, oldest first.
    fn kept(&self, thread: &ThreadId) -> Vec<Item> {
        let history = History::open(&self.dir.path().join("history.sqlite")).unwrap().history;
        history.items(thread, None, 100).unwrap().into_iter().map(|(_, kept)| kept.item).collect()
    }
}

#[tokio::test]
async fn answers_are_what_the_official_client_reads() {
    if !Litellm::wanted() {
        return;
    }
    let run = Run::begin().await;
    for (client, dialect, way, tokens) in DIALECTS {
        let models = ["calm", "other"].map(|model| format!("{way}{model}"));
        let asked: Vec<_> = models.iter().map(|model| (client, model.as_str())).collect();
        let read = run.proxy.read_by_client(&asked, KEY).await;
        for (model, read) in models.iter().zip(read) {
            let (connection, state) = run.connect(dialect, model, KEY).await;
            assert_eq!(state, ConnectionState::Online);
            let (thread, outcome) = run.say(&connection, None, "Hello").await;
            assert_eq!(outcome, TurnOutcome::Done, "{read}");
            assert!(["stop", "completed"].contains(&read["finish"].as_str().unwrap()), "{read}");
            let items = run.kept(&thread);
            let [_, answer] = items.as_slice() else { panic!("{items:?}") };
            assert_eq!(answer.body.plain_text().as_deref(), read["text"].as_str(), "{read}");
            assert!(read["pieces"].as_u64().unwrap() > 3, "it came in pieces: {read}");
            let used = tokens.map(|name| answer.extra["usage"][name].as_u64());
            assert_eq!(used, [read["usage"]["input"].as_u64(), read["usage"]["output"].as_u64()], "{read}");
            assert!(used[1].unwrap() > 0);
        }
    }
}

#[tokio::test]
async fn what_was_said_before_goes_along() {
    if !Litellm::wanted() {
        return;
    }
    let run = Run::begin().await;
    for (_, dialect, way, [question, _]) in DIALECTS {
        let (connection, _) = run.connect(dialect, &format!("{way}calm"), KEY).await;
        let (thread, outcome) = run.say(&connection, None, "Hello").await;
        assert_eq!(outcome, TurnOutcome::Done);
        let (_, outcome) = run.say(&connection, Some(&thread), "And where do they winter?").await;
        assert_eq!(outcome, TurnOutcome::Done);
        let items = run.kept(&thread);
        let read: Vec<_> = items.iter().filter_map(|item| item.extra.get("usage")?[question].as_u64()).collect();
        assert!(read.len() == 2 && read[1] > 2 * read[0], "the proxy counted {read:?}");
    }
}

#[tokio::test]
async fn refusals_are_told_with_the_words_that_the_official_client_reads() {
    if !Litellm::wanted() {
        return;
    }
    let run = Run::begin().await;
    let refused = [
        ("chat", "chat_completions", "busy", FailureCode::RateLimited),
        ("chat", "chat_completions", "broken", FailureCode::ServerRefused),
        ("chat", "chat_completions", "nobody", FailureCode::ServerRefused),
        ("responses", "responses", "bridged-busy", FailureCode::RateLimited),
        ("responses", "responses", "nobody", FailureCode::ServerRefused),
        ("chat", "chat_completions", "calm", FailureCode::ServerRefused),
    ];
    let asked = refused.map(|(client, _, model, _)| (client, model));
    let mut read = run.proxy.read_by_client(&asked[..5], KEY).await;
    read.extend(run.proxy.read_by_client(&asked[5..], "sk-wrong").await);
    for (at, ((_, dialect, model, code), read)) in refused.into_iter().zip(read).enumerate() {
        let key = if at < 5 { KEY } else { "sk-wrong" };
        let (connection, _) = run.connect(dialect, model, key).await;
        let (_, outcome) = run.say(&connection, None, "Hello").await;
        let TurnOutcome::Failed { failure, can_retry: true } = outcome else { panic!("{outcome:?}, {read}") };
        assert_eq!(failure.code, code, "{failure:?}, {read}");
        let status = read["error"]["status"].as_u64().unwrap();
        assert!(failure.detail.as_ref().unwrap().contains(&status.to_string()), "{failure:?}, {read}");
        let words = read["error"]["message"].as_str().unwrap();
        let first: String = words.chars().take(40).take_while(|char| *char != '\n').collect();
        assert!(failure.message.contains(&first), "{failure:?}, {read}");
    }
}

#[tokio::test]
async fn a_model_that_says_nothing_is_told_from_one_that_answers() {
    if !Litellm::wanted() {
        return;
    }
    let run = Run::begin().await;
    for (client, dialect, way, _) in DIALECTS {
        let model = format!("{way}silent");
        let read = run.proxy.read_by_client(&[(client, &model)], KEY).await.remove(0);
        assert_eq!((read["text"].as_str(), read["pieces"].as_u64()), (Some(""), Some(0)), "{read}");
        let (connection, _) = run.connect(dialect, &model, KEY).await;
        let (_, outcome) = run.say(&connection, None, "Hello").await;
        let TurnOutcome::Failed { failure, .. } = outcome else { panic!("{outcome:?}") };
        assert!(failure.message.contains("without an answer"), "{failure}");
    }
}

//! Conversations that are longer than their model can read, with a server that counts.
#![allow(clippy::unwrap_used, reason = "a test's helpers fail as the test does")]

use std::{collections::BTreeMap, sync::Arc};

use acceptance::{
    openai::{Asked, Manner, Refuses, server_that},
    screen::Screen,
};
use engine::{
    Engine, EngineConfig,
    view::{CheckOutcome, CheckVerdict, ConnectionDraft, ConnectionState, ContextView, TurnOutcome},
};
use model::{ConnectionId, FailureCode, Kind, ThreadId};
use serde_json::Value;
use tempfile::TempDir;

/// About a hundred tokens.
fn hundred(word: &str) -> String {
    format!("{word} {}", "x".repeat(380))
}

struct Bed {
    engine: Engine,
    connection: ConnectionId,
    asked: Asked,
    dir: TempDir,
    secrets: Arc<secrets::Memory>,
}

impl Bed {
    async fn new(manner: Manner, values: &[(&str, &str)]) -> Self {
        let ((url, asked), dir, secrets) = (server_that(manner).await, tempfile::tempdir().unwrap(), Arc::default());
        let engine = open(&dir, &secrets).await;
        let mut draft = ConnectionDraft::server("Local", &url);
        draft.kind = Kind::Openai;
        draft.token = Some("sk-s3same".to_owned().into());
        draft.values.insert("model".to_owned(), "tiny".to_owned());
        draft.values.extend(values.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())));
        let connection = engine.add_connection(draft).await.unwrap().id;
        Self { engine, connection, asked, dir, secrets }
    }

    async fn again(self) -> Self {
        self.engine.close().await;
        let engine = open(&self.dir, &self.secrets).await;
        Self { engine, ..self }
    }

    async fn say(&self, thread: Option<&ThreadId>, text: &str) -> (ThreadId, Screen, TurnOutcome) {
        let (thread, mut screen) = Screen::said(&self.engine, &self.connection, thread, text).await;
        let outcome = screen.ended().await;
        (thread, screen, outcome)
    }

    /// Three long turns.
    async fn talk(&self) -> ThreadId {
        let (thread, ..) = self.say(None, &hundred("one")).await;
        for word in ["two", "three"] {
            assert_eq!(self.say(Some(&thread), &hundred(word)).await.2, TurnOutcome::Done);
        }
        thread
    }

    /// The beginnings of the messages of a request.
    fn sent(&self, request: usize) -> Vec<String> {
        let first_word = |message: &Value| message["content"].as_str().unwrap().split(' ').next().unwrap().to_owned();
        self.asked.lock().unwrap()[request]["messages"].as_array().unwrap().iter().map(first_word).collect()
    }

    fn count(&self) -> usize {
        self.asked.lock().unwrap().len()
    }
}

async fn open(dir: &TempDir, secrets: &Arc<secrets::Memory>) -> Engine {
    let config = EngineConfig { secrets: secrets.clone(), ..EngineConfig::new(dir.path().to_owned()) };
    Engine::open(config).await.unwrap()
}

/// The text of the first item that still goes out.
fn edge(screen: &Screen) -> Option<String> {
    let from = screen.context.as_ref()?.from.clone()?;
    let item = screen.items.iter().find(|item| item.id == from)?;
    Some(item.text().split(' ').next().unwrap().to_owned())
}

fn failure(outcome: &TurnOutcome) -> (FailureCode, String) {
    match outcome {
        TurnOutcome::Failed { failure, .. } => (failure.code, failure.message.clone()),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn when_the_window_is_full_the_oldest_turns_are_left_out_and_a_restart_knows_it() {
    let bed = Bed::new(Manner::default(), &[("context_window", "500"), ("max_tokens", "50")]).await;
    let thread = bed.talk().await;
    let (_, screen, _) = bed.say(Some(&thread), &hundred("four")).await;
    assert_eq!(bed.sent(3), ["one", "You", "two", "You", "three", "You", "four"]);
    let ContextView { percent, from, model, .. } = screen.context.clone().unwrap();
    assert_eq!((model.as_str(), from), ("tiny", None));
    assert!((78..=84).contains(&percent.unwrap()), "{percent:?}");
    let (_, screen, _) = bed.say(Some(&thread), &hundred("five")).await;
    assert_eq!(bed.sent(4), ["three", "You", "four", "You", "five"]);
    assert_eq!(edge(&screen).as_deref(), Some("three"));

    let bed = bed.again().await;
    let screen = Screen::open(&bed.engine, &thread).await;
    assert_eq!(edge(&screen).as_deref(), Some("three"));
    let percent = screen.context.as_ref().unwrap().percent.unwrap();
    assert!((58..=66).contains(&percent), "{percent}");
    bed.say(Some(&thread), &hundred("six")).await;
    assert_eq!(bed.sent(5)[0], "three", "what was left out stays so, and nothing more is as long as there is room");
}

#[tokio::test]
async fn a_server_that_says_it_was_too_long_is_asked_once_more_with_less() {
    for refuses in [Refuses::ByStatus, Refuses::InStream] {
        let bed = Bed::new(Manner { window: 350, refuses, ..Manner::default() }, &[]).await;
        let thread = bed.talk().await;
        let (_, mut screen, outcome) = bed.say(Some(&thread), &hundred("four")).await;
        assert_eq!(outcome, TurnOutcome::Done, "{refuses:?}");
        assert_eq!((bed.sent(3).len(), bed.sent(4)), (7, ["three", "You", "four"].map(str::to_owned).to_vec()));
        assert_eq!(screen.last_text(), "You said 3 things.");
        assert_eq!(edge(&screen).as_deref(), Some("three"));
        assert!(screen.context.as_ref().unwrap().percent.is_some(), "the server has said how large it is");
        let views = bed.engine.connections();
        assert!(views.iter().any(|view| view.id == bed.connection && view.state == ConnectionState::Online));
        // What the server said is known from then on.
        assert_eq!(bed.say(Some(&thread), &hundred("five")).await.2, TurnOutcome::Done);
        assert!(bed.count() == 6 && !bed.sent(5).contains(&"three".to_owned()), "{:?}", bed.sent(5));
        // A message that does not fit by itself is nobody's to shorten.
        let (_, alone, outcome) = bed.say(Some(&thread), &"x".repeat(2_000)).await;
        let (code, words) = failure(&outcome);
        assert!(code == FailureCode::TooLong && words.contains("last message alone"), "{words}");
        screen = alone;
        assert!(screen.last_text().starts_with("xxx"));
    }
}

#[tokio::test]
async fn what_is_left_out_is_summarised_where_that_is_the_rule_and_the_summary_grows() {
    let rule =
        [("context_window", "500"), ("max_tokens", "50"), ("context_rule", "summarise"), ("system_prompt", "Hi")];
    let bed = Bed::new(Manner::default(), &rule).await;
    let thread = bed.talk().await;
    bed.say(Some(&thread), &hundred("four")).await;
    let (_, screen, _) = bed.say(Some(&thread), &hundred("five")).await;
    assert_eq!(bed.count(), 6, "one of them is for the summary");
    let task = bed.asked.lock().unwrap()[4]["messages"][1]["content"].as_str().unwrap().to_owned();
    assert!(task.contains("Person: one") && task.contains("Assistant: You said") && !task.contains("Person: three"));
    let summary = screen.context.as_ref().unwrap().summary.clone().unwrap();
    assert!(summary.starts_with("You said a summary of"), "{summary}");
    let sent = bed.asked.lock().unwrap()[5].clone();
    let system = sent["messages"][0]["content"].as_str().unwrap();
    assert!(system.starts_with("Hi\n\n") && system.ends_with(&summary), "{system}");
    assert_eq!(bed.sent(5)[1..], ["three", "You", "four", "You", "five"]);

    let bed = bed.again().await;
    bed.say(Some(&thread), &hundred("six")).await;
    assert_eq!(bed.count(), 7, "a summary is made once");
    bed.say(Some(&thread), &hundred("seven")).await;
    let task = bed.asked.lock().unwrap()[7]["messages"][1]["content"].as_str().unwrap().to_owned();
    assert!(task.contains(&summary) && task.contains("Person: three") && !task.contains("Person: one"), "{task}");
}

#[tokio::test]
async fn where_the_person_wants_to_be_told_nothing_is_left_out_before_they_say_so() {
    let tell = ("context_rule", "tell");
    let bed = Bed::new(Manner::default(), &[("context_window", "400"), ("max_tokens", "50"), tell]).await;
    let thread = bed.talk().await;
    let (_, mut screen, outcome) = bed.say(Some(&thread), &hundred("four")).await;
    let (code, words) = failure(&outcome);
    assert!(code == FailureCode::TooLong && words.contains("Nothing was sent"), "{words}");
    assert_eq!((bed.count(), edge(&screen)), (3, None));
    bed.engine.retry_with_less(&thread).await.unwrap();
    screen.until("answered", |screen| screen.outcome() == Some(&TurnOutcome::Done)).await;
    assert_eq!(bed.sent(3), ["three", "You", "four"]);
    assert_eq!(edge(&screen).as_deref(), Some("three"));

    let bed = Bed::new(Manner { window: 350, ..Manner::default() }, &[tell]).await;
    let thread = bed.talk().await;
    let (_, mut screen, outcome) = bed.say(Some(&thread), &hundred("four")).await;
    let (code, words) = failure(&outcome);
    assert!(code == FailureCode::TooLong && words.contains("The server says") && words.contains("350"), "{words}");
    assert_eq!(bed.count(), 4, "it was not asked again");
    bed.engine.retry_with_less(&thread).await.unwrap();
    screen.until("answered", |screen| screen.outcome() == Some(&TurnOutcome::Done)).await;
    assert_eq!(bed.count(), 5);
    let before = screen.endings;
    bed.engine.retry_with_less(&thread).await.unwrap();
    screen.until("answered again", |screen| screen.endings > before).await;
    assert_eq!(bed.sent(5), ["four"]);
    let nothing_older = bed.engine.retry_with_less(&thread).await.unwrap_err();
    assert_eq!(nothing_older.code, FailureCode::TooLong);
}

#[tokio::test]
async fn what_a_conversation_wants_goes_out_with_each_message_and_is_kept() {
    let bed = Bed::new(Manner::default(), &[("temperature", "0.5"), ("seed", "1")]).await;
    let (thread, screen, _) = bed.say(None, "hello").await;
    assert!(!screen.context.as_ref().unwrap().has_options);
    let form = bed.engine.thread_options(&thread).await.unwrap();
    assert_eq!(
        (form.values.len(), form.inherited["model"].as_str(), form.inherited["seed"].as_str()),
        (0, "tiny", "1")
    );
    assert!(form.fields.iter().any(|field| field.key == "system_prompt"));
    assert_eq!(bed.engine.thread_models(&thread).await.unwrap(), ["tiny", "large"]);

    let values = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
        pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    };
    let wrong = bed.engine.set_thread_options(&thread, &values(&[("seed", "x")])).await.unwrap_err();
    assert_eq!((wrong.code, wrong.detail.as_deref()), (FailureCode::BadInput, Some("seed")));
    let wanted = values(&[("model", "large"), ("seed", "7")]);
    bed.engine.set_thread_options(&thread, &wanted).await.unwrap();
    let bed = bed.again().await;
    assert_eq!(bed.engine.thread_options(&thread).await.unwrap().values, wanted);
    let (_, screen, _) = bed.say(Some(&thread), "and now").await;
    assert!(screen.context.as_ref().unwrap().has_options);
    bed.say(None, "another").await;
    let asked = bed.asked.lock().unwrap();
    let seen: Vec<_> = asked.iter().map(|body| (body["model"].as_str().unwrap(), body["seed"].as_u64())).collect();
    assert_eq!(seen, [("tiny", Some(1)), ("large", Some(7)), ("tiny", Some(1))]);
    assert_eq!(asked[1]["temperature"], 0.5);
}

#[tokio::test]
async fn a_server_without_a_list_of_models_is_tested_and_used_all_the_same() {
    let bed = Bed::new(Manner { lists: false, ..Manner::default() }, &[]).await;
    let views = bed.engine.connections();
    assert!(views.iter().any(|view| view.id == bed.connection && view.state == ConnectionState::Online), "{views:?}");
    let mut check = bed.engine.test_connection(&bed.connection).unwrap();
    let mut last = None;
    while let Some(view) = check.next().await {
        last = Some(view);
    }
    let view = last.unwrap();
    assert_eq!(view.verdict, CheckVerdict::Works, "{view:?}");
    let told = view.steps.iter().find(|step| step.line.contains("no list of models"));
    assert_eq!(told.unwrap().outcome, CheckOutcome::Passed, "{view:?}");
    let (thread, _, outcome) = bed.say(None, "hello").await;
    assert_eq!(outcome, TurnOutcome::Done);
    assert!(bed.engine.thread_models(&thread).await.unwrap().is_empty());
}

#[tokio::test]
async fn servers_on_this_computer_are_found_with_their_models_and_others_are_not() {
    let dir = tempfile::tempdir().unwrap();
    let engine = Engine::open(EngineConfig::new(dir.path().to_owned())).await.unwrap();
    let (models, asked) = server_that(Manner::default()).await;
    let (other, _) = server_that(Manner { lists: false, ..Manner::default() }).await;
    let port = |url: &str| url.rsplit(':').next().unwrap().parse::<u16>().unwrap();
    let closed = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap().port()
    };
    let ports = [(closed, "Nobody"), (port(&other), "Something else"), (port(&models), "Ollama")];
    let found = engine.local_servers_at(&ports).await;
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(
        (found[0].name.as_str(), &found[0].models[..]),
        ("Ollama", &["tiny".to_owned(), "large".to_owned()][..])
    );
    assert_eq!((found[0].url.clone(), found[0].wants_key), (format!("{models}/v1"), false));
    assert!(asked.lock().unwrap().is_empty());
}

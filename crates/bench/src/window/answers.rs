//! Memory after a thousand answers.

use std::time::Duration;

use acceptance::{
    desktop::Home,
    gated::{Exchange, Gated, added, assistant_message, delta, done, thread, user_message},
};
use serde_json::{Value, json};

use crate::{
    Error, Options,
    row::{Row, Target, Unit},
    window::{
        data::{in_thread, prepare},
        program::{inject, measured, open, processes, result},
        text,
    },
};

/// The heading.
const TOPIC: &str = "Memory after 1,000 streamed answers";

/// How many answers, and how many of them in one thread.
const ANSWERS: usize = 1000;
const IN_A_THREAD: usize = 50;

/// After how many of them the web view has compiled what runs often.
const WARM: usize = 300;

/// How many bytes of an answer come with one event.
const DELTA: usize = 20;

/// How long nothing is done before memory is read. Nothing collects garbage but the page itself.
const SETTLE: Duration = Duration::from_secs(20);

/// Growth of memory from the first thread of answers to the last.
///
/// # Errors
///
/// If the window cannot be driven.
pub async fn rows(options: &Options) -> Result<Vec<Row>, Error> {
    measured(run(options.clone())).await
}

async fn run(options: Options) -> Result<Vec<Row>, Error> {
    let home = Home::new();
    let mut server = Gated::start().await;
    prepare(&home, server.url(), &[]).await?;
    let window = open(&options, &home).await?;
    let answering = tokio::spawn(async move {
        let mut talk = Talk::default();
        loop {
            let exchange = server.next().await;
            talk.answer(exchange, &server).await;
        }
    });
    let first = after(&window, IN_A_THREAD).await?;
    let warm = after(&window, WARM - IN_A_THREAD).await?;
    let last = after(&window, ANSWERS - WARM).await?;
    answering.abort();
    window.close().await;
    let row = |what: &str, figure| Row::new(TOPIC, what, figure, Unit::Mebibytes);
    Ok(vec![
        row("all processes, after the first 50", first),
        row("all processes, after 300, when hot code is compiled", warm),
        row("all processes, after 1,000", last),
        row("growth from 50 to 1,000", last - first).limit(Target::AtMost(20.0)),
        row("growth from 300 to 1,000", last - warm).limit(Target::AtMost(20.0)),
    ])
}

/// The memory of all processes after some more answers.
async fn after(window: &acceptance::desktop::Desktop, count: usize) -> Result<f64, Error> {
    inject(window, include_str!("asked.js"), json!({ "count": count, "each": IN_A_THREAD })).await;
    let all = format!("window.asked === {count} || null");
    result(window, &all, Duration::from_secs(1200)).await?;
    tokio::time::sleep(SETTLE).await;
    Ok(processes(window)?.memory()?)
}

/// The server's side of all threads.
#[derive(Default)]
struct Talk {
    asked: usize,
    threads: usize,
    items: Vec<Value>,
}

impl Talk {
    /// Answers as fast as the program takes it.
    async fn answer(&mut self, mut exchange: Exchange, server: &Gated) {
        self.asked += 1;
        exchange.begin().await;
        if exchange.request["type"] == "threads.create" {
            self.threads += 1;
            self.items.clear();
            let mut made = thread(&Value::Null);
            made["id"] = self.remote().into();
            exchange.event(json!({"type": "thread.created", "thread": made})).await;
        }
        let remote = self.remote();
        let asked = exchange.request["params"]["input"]["content"][0]["text"].as_str().unwrap_or_default().to_owned();
        let question = in_thread(user_message(&format!("msg_{}_q", self.asked), &asked), &remote);
        exchange.event(done(question.clone())).await;
        let id = format!("msg_{}_a", self.asked);
        let mut begun = added(&id);
        begun["item"] = in_thread(begun["item"].take(), &remote);
        exchange.event(begun).await;
        let whole = text::answer(self.asked, 1000 + self.asked * 37 % 1000);
        let mut rest = whole.as_str();
        while !rest.is_empty() {
            let (part, after) = rest.split_at(rest.len().min(DELTA));
            exchange.event(delta(&id, part)).await;
            rest = after;
        }
        let answer = in_thread(assistant_message(&id, &whole), &remote);
        self.items.extend([question, answer.clone()]);
        server.items_of(&remote, self.items.clone());
        exchange.event(done(answer)).await;
        exchange.end().await;
    }

    fn remote(&self) -> String {
        format!("thr_{}", self.threads)
    }
}

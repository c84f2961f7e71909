//! From the socket to painted text: a server in this process streams numbered tokens, and the page tells when each was
//! painted.

use std::time::Duration;

use acceptance::{
    desktop::{Desktop, Home},
    gated::{Exchange, Gated, added, assistant_message, delta, done, thread, user_message},
};
use serde_json::{Value, json};
use tokio::time::{Instant, MissedTickBehavior, interval};

use crate::{
    Error, Options,
    row::{Row, Target, Unit},
    sample::Sample,
    window::{
        data::{in_thread, prepare},
        program::{clocks_apart, inject, measured, nothing, now, numbers, open, result},
        text,
    },
};

/// The headings.
const TOPIC: &str = "From the socket to painted text";
const SUSTAINED: &str = "2,000 tokens/s into an answer of 100 KB";

/// How many tokens a second.
const RATES: [u32; 3] = [50, 500, 2000];

/// How long each stream lasts, in seconds.
const SECONDS: u32 = 10;

/// How long a display at 60 Hz shows a frame, and a little more, in milliseconds.
const LATE: f64 = 17.5;

/// The delay at several speeds, and the frames at the highest into a long answer.
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
    let mut window = open(&options, &home).await?;
    inject(&window, include_str!("painted.js"), nothing()).await;
    let mut rows = Vec::new();
    for (number, rate) in RATES.into_iter().enumerate() {
        let stream = Stream { number, rate, before: 0 };
        let delays = stream.run(&mut window, &mut server).await?;
        let row = |what: &str, share| {
            let what = format!("{rate} tokens/s, {what}");
            Row::new(TOPIC, what, delays.quantile(share), Unit::Milliseconds)
        };
        rows.extend([row("p50", 0.5), row("p95", 0.95).limit(Target::AtMost(33.0)), row("p99", 0.99)]);
    }
    rows.push(Row::new(TOPIC, "the two clocks apart, at most", clocks_apart(&window).await?, Unit::Milliseconds));
    let long = Stream { number: RATES.len(), rate: 2000, before: 100_000 };
    long.run(&mut window, &mut server).await?;
    let frames = window.run("return window.frameTimes.end()").await;
    rows.extend(sustained(&frames));
    window.close().await;
    Ok(rows)
}

fn sustained(frames: &Value) -> Vec<Row> {
    let (apart, changed) = (numbers(&frames["apart"]), numbers(&frames["updated"]));
    let late = apart.iter().filter(|time| **time > LATE).count() as f64 / apart.len() as f64 * 100.0;
    let count = changed.len() as f64;
    let (apart, changed, spent) = (Sample::of(apart), Sample::of(changed), Sample::of(numbers(&frames["spent"])));
    let row = |what: &str, figure, unit| Row::new(SUSTAINED, what, figure, unit);
    let time = |what: &str, figure| row(what, figure, Unit::Milliseconds);
    vec![
        time("longest time between two frames", apart.quantile(1.0)).limit(Target::AtMost(50.0)),
        time("update per frame (script, style, layout), p95", changed.quantile(0.95)).limit(Target::AtMost(4.0)),
        time("the same and painting, p95", spent.quantile(0.95)),
        row("frames more than 17.5 ms after the one before", late, Unit::Percent),
        row("frames that changed something", count, Unit::Count),
    ]
}

/// One answer.
struct Stream {
    /// Its number among those of a run.
    number: usize,
    /// Tokens a second.
    rate: u32,
    /// How many bytes stand in the answer before the first token.
    before: usize,
}

impl Stream {
    /// Asks, answers, and tells for each token how long it took from the socket to the screen, in milliseconds.
    async fn run(&self, window: &mut Desktop, server: &mut Gated) -> Result<Sample, Error> {
        window.control('n').await;
        window.until("the start screen", "[data-testid=start]").await;
        window.say("Tell me about the harbour").await;
        let mut exchange = server.next().await;
        let (remote, answer) = (format!("thr_stream_{}", self.number), format!("msg_answer_{}", self.number));
        self.begin(&mut exchange, &remote, &answer).await;
        let mut whole = String::new();
        if self.before > 0 {
            whole = self.fill(window, &mut exchange, &answer).await?;
            // What it hears of last is what was there before it: so it comes when the answer is on the page.
            inject(window, include_str!("frames.js"), nothing()).await;
            window.run("window.frameTimes.begin()").await;
        }
        window.run("window.painted.begin()").await;
        let written = self.stream(&mut exchange, &answer, &mut whole).await;
        let last = format!("window.painted.last() === {} ? window.painted.seen() : null", written.len() - 1);
        let painted = result(window, &last, Duration::from_secs(20)).await?;
        let item = in_thread(assistant_message(&answer, &whole), &remote);
        server.items_of(&remote, vec![self.question(&remote), item.clone()]);
        exchange.event(done(item)).await;
        exchange.end().await;
        Ok(delays(&written, &numbers(&painted)))
    }

    fn question(&self, remote: &str) -> Value {
        in_thread(user_message(&format!("msg_question_{}", self.number), "Tell me about the harbour"), remote)
    }

    async fn begin(&self, exchange: &mut Exchange, remote: &str, answer: &str) {
        let mut made = thread(&Value::Null);
        made["id"] = remote.into();
        let mut begun = added(answer);
        begun["item"] = in_thread(begun["item"].take(), remote);
        let created = json!({"type": "thread.created", "thread": made});
        exchange.begin_with(vec![created, done(self.question(remote)), begun]).await;
    }

    /// Puts the text in that stands before the first token, and waits until it is on the page.
    async fn fill(&self, window: &Desktop, exchange: &mut Exchange, answer: &str) -> Result<String, Error> {
        let mut whole = text::answer(self.number, self.before);
        whole.push_str("\n\nThat was the beginning.\n\n");
        let mut rest = whole.as_str();
        while !rest.is_empty() {
            let (chunk, after) = rest.split_at(rest.len().min(1000));
            exchange.event(delta(answer, chunk)).await;
            rest = after;
        }
        let there = "document.querySelector('[data-stage=streaming]')?.textContent.includes('the beginning.') || null";
        result(window, there, Duration::from_secs(20)).await?;
        Ok(whole)
    }

    /// Writes every token when it is due, and tells when that was.
    async fn stream(&self, exchange: &mut Exchange, answer: &str, whole: &mut String) -> Vec<f64> {
        let total = (self.rate * SECONDS) as usize;
        let mut written = Vec::with_capacity(total);
        let mut ticks = interval(Duration::from_millis(1));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
        let begin = Instant::now();
        while written.len() < total {
            ticks.tick().await;
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small positive number")]
            let due = (begin.elapsed().as_secs_f64() * f64::from(self.rate)) as usize;
            while written.len() < due.min(total) {
                let token = text::token(written.len());
                whole.push_str(&token);
                written.push(now());
                exchange.event(delta(answer, &token)).await;
            }
        }
        written
    }
}

/// For each token the time from its writing to the first frame on which it, or a later one, was the last.
fn delays(written: &[f64], painted: &[f64]) -> Sample {
    let mut delays = Vec::with_capacity(written.len());
    for frame in painted.chunks_exact(2) {
        let (number, at) = (frame[0], frame[1]);
        while delays.len() < written.len() && delays.len() as f64 <= number {
            delays.push(at - written[delays.len()]);
        }
    }
    Sample::of(delays)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_painted_with_the_first_frame_that_shows_it_or_a_later_one() {
        let delays = delays(&[10.0, 11.0, 12.0, 30.0], &[0.0, 15.0, 2.0, 31.0, 3.0, 47.0]);
        let all = [0.25, 0.5, 0.75, 1.0].map(|share| delays.quantile(share));
        assert_eq!(all, [5.0, 17.0, 19.0, 20.0]);
    }
}

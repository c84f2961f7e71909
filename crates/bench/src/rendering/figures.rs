//! What the page measured, and what follows from it.

use serde::Deserialize;

/// All that the page says at the end.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum Outcome {
    /// What it measured.
    Measured(Measured),
    /// Why it did not.
    Failed {
        /// The reason.
        error: String,
    },
}

/// What the page measured.
#[derive(Debug, Deserialize)]
pub struct Measured {
    /// The smallest step of its clock, in milliseconds.
    pub resolution: f64,
    /// Every drawing of every text.
    pub runs: Vec<Run>,
}

/// One text drawn once by one renderer.
#[derive(Debug, Clone, Deserialize)]
pub struct Run {
    /// The file of the text.
    pub file: String,
    /// Who drew it.
    pub renderer: String,
    /// Milliseconds for each frame.
    pub frames: Vec<f64>,
    /// How much of the text was drawn, from 0 to 1.
    pub drawn: f64,
    /// What went wrong.
    pub thrown: Option<String>,
}

impl Measured {
    /// What a renderer made of a text, a run for each round.
    pub fn runs<'a>(&'a self, file: &'a str, renderer: &'a str) -> impl Iterator<Item = &'a Run> {
        self.runs.iter().filter(move |run| run.file == file && run.renderer == renderer)
    }

    /// What the frames of a text take: of each the least of all rounds. The same frame does the same work in every
    /// round, and other programs can only add to it.
    pub fn frames(&self, file: &str, renderer: &str) -> Frames {
        let mut runs = self.runs(file, renderer);
        let Some(first) = runs.next() else { return Frames { each: Vec::new(), drawn: 0.0, longest: 0.0 } };
        let begin = Frames { each: first.frames.clone(), drawn: first.drawn, longest: longest(&first.frames) };
        runs.fold(begin, |all, run| Frames {
            each: all.each.iter().zip(&run.frames).map(|(least, frame)| least.min(*frame)).collect(),
            drawn: all.drawn.min(run.drawn),
            longest: all.longest.min(longest(&run.frames)),
        })
    }

    /// The first so many frames in the quietest round, as they were. A peer does a part of its work in later tasks, which
    /// come into another frame each time, so that the least of each frame would leave it out.
    pub fn quietest(&self, file: &str, renderer: &str, count: usize) -> f64 {
        let totals = self.runs(file, renderer).map(|run| run.frames.iter().take(count).sum::<f64>());
        totals.fold(f64::INFINITY, f64::min)
    }
}

fn longest(frames: &[f64]) -> f64 {
    frames.iter().copied().fold(0.0, f64::max)
}

/// What the frames of one text took.
#[derive(Debug)]
pub struct Frames {
    /// Milliseconds for each.
    each: Vec<f64>,
    /// How much of the text they drew, from 0 to 1.
    pub drawn: f64,
    /// The longest frame of the quietest round, in which nothing was left out: a pause to collect garbage comes in
    /// another frame each time.
    pub longest: f64,
}

impl Frames {
    /// How many there are.
    pub fn count(&self) -> usize {
        self.each.len()
    }

    /// The work of the first so many.
    pub fn first(&self, count: usize) -> f64 {
        self.each.iter().take(count).sum()
    }

    /// The work of all.
    pub fn total(&self) -> f64 {
        self.first(self.count())
    }

    /// The last tenth beside the first.
    pub fn growth(&self) -> f64 {
        let tenth = (self.count() / 10).max(1);
        (self.total() - self.first(self.count().saturating_sub(tenth))) / self.first(tenth)
    }

    /// What so many per cent of the frames do not exceed.
    pub fn percentile(&self, percent: usize) -> f64 {
        let mut sorted = self.each.clone();
        sorted.sort_by(f64::total_cmp);
        let place = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
        sorted.get(place).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(renderer: &str, frames: &[f64], drawn: f64) -> Run {
        let (file, renderer) = ("text".to_owned(), renderer.to_owned());
        Run { file, renderer, frames: frames.to_vec(), drawn, thrown: None }
    }

    #[test]
    fn each_frame_is_the_least_of_all_rounds() {
        let runs = vec![
            run("a", &[1.0, 9.0, 2.0, 4.0], 1.0),
            run("b", &[50.0], 0.5),
            run("a", &[3.0, 1.0, 2.0, 8.0], 1.0),
            run("b", &[40.0, 60.0], 0.7),
        ];
        let measured = Measured { resolution: 0.02, runs };
        let frames = measured.frames("text", "a");
        assert_eq!((frames.count(), frames.total(), frames.first(2)), (4, 8.0, 2.0));
        assert_eq!((frames.growth(), frames.longest, frames.drawn), (4.0, 8.0, 1.0));
        assert_eq!((frames.percentile(50), frames.percentile(75), frames.percentile(99)), (1.0, 2.0, 4.0));
        assert_eq!((measured.quietest("text", "a", 2), measured.quietest("text", "b", 1)), (4.0, 40.0));
        let frames = measured.frames("text", "b");
        assert_eq!((frames.count(), frames.total(), frames.drawn), (1, 40.0, 0.5));
        assert_eq!(measured.frames("text", "c").count(), 0);
    }

    #[test]
    fn what_the_page_says_is_read() {
        let said = r#"{"resolution":0.02,"agent":"x","runs":[]}"#;
        assert!(matches!(serde_json::from_str(said).unwrap(), Outcome::Measured(_)));
        assert!(
            matches!(serde_json::from_str(r#"{"error":"no"}"#).unwrap(), Outcome::Failed { error } if error == "no")
        );
    }
}

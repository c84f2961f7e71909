//! One line of the table: a figure beside its limit or its peer, both from the same run.

use std::fmt;

use serde::Serialize;

/// What a figure counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Milliseconds.
    Milliseconds,
    /// Nanoseconds for each event.
    NanosecondsPerEvent,
    /// Events in a second.
    EventsPerSecond,
    /// Mebibytes.
    Mebibytes,
    /// Per cent: of one core, or of all that was counted.
    Percent,
    /// A number of things.
    Count,
    /// A ratio of two figures of the same run.
    Ratio,
}

impl Unit {
    fn symbol(self) -> &'static str {
        match self {
            Self::Milliseconds => "ms",
            Self::NanosecondsPerEvent => "ns/event",
            Self::EventsPerSecond => "events/s",
            Self::Mebibytes => "MiB",
            Self::Percent => "%",
            Self::Count => "",
            Self::Ratio => "×",
        }
    }
}

/// How large a figure, or its ratio to its peer, may be or must be.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// Not more than that.
    AtMost(f64),
    /// Not less than that.
    AtLeast(f64),
}

impl Target {
    fn holds(self, value: f64) -> bool {
        match self {
            Self::AtMost(limit) => value <= limit,
            Self::AtLeast(limit) => value >= limit,
        }
    }
}

/// What stands beside the figure.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Beside {
    /// A limit, in the figure's own unit.
    Limit(Target),
    /// Something else that did the same in this run, in the same unit.
    Peer {
        /// What it is.
        name: String,
        /// Its figure.
        figure: f64,
        /// What the ratio, figure ÷ peer's figure, is held to; none where the peer is there to be looked at.
        target: Option<Target>,
    },
    /// Nothing: the figure is a part of another row's, or explains it.
    Nothing,
}

/// One line of the table.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Row {
    /// The part of the program: the heading under which the line stands.
    pub topic: &'static str,
    /// What was measured.
    pub what: String,
    /// The figure.
    pub figure: f64,
    /// Its unit.
    pub unit: Unit,
    /// What it is held against.
    pub beside: Beside,
}

impl Row {
    /// A figure with nothing beside it yet.
    pub fn new(topic: &'static str, what: impl Into<String>, figure: f64, unit: Unit) -> Self {
        Self { topic, what: what.into(), figure, unit, beside: Beside::Nothing }
    }

    /// Held to a limit in its own unit.
    pub fn limit(self, target: Target) -> Self {
        Self { beside: Beside::Limit(target), ..self }
    }

    /// Beside a peer, its ratio to it held to a target.
    pub fn peer(self, name: impl Into<String>, figure: f64, target: Target) -> Self {
        Self { beside: Beside::Peer { name: name.into(), figure, target: Some(target) }, ..self }
    }

    /// Beside a peer, to be looked at.
    pub fn beside(self, name: impl Into<String>, figure: f64) -> Self {
        Self { beside: Beside::Peer { name: name.into(), figure, target: None }, ..self }
    }

    /// The figure as a share of its limit or its peer.
    pub fn ratio(&self) -> Option<f64> {
        match &self.beside {
            Beside::Limit(Target::AtMost(limit) | Target::AtLeast(limit)) => Some(self.figure / limit),
            Beside::Peer { figure, .. } => Some(self.figure / figure),
            Beside::Nothing => None,
        }
    }

    /// Whether it is within its target, if it has one.
    pub fn holds(&self) -> Option<bool> {
        match &self.beside {
            Beside::Limit(target) => Some(target.holds(self.figure)),
            Beside::Peer { figure, target, .. } => target.map(|target| target.holds(self.figure / figure)),
            Beside::Nothing => None,
        }
    }

    /// The line's cells: what, figure, beside, ratio, target, verdict.
    pub fn cells(&self) -> [String; 6] {
        let (beside, target) = match &self.beside {
            Beside::Limit(Target::AtMost(limit)) => (format!("limit {}", shown(*limit, self.unit)), "≤ 1".to_owned()),
            Beside::Limit(Target::AtLeast(limit)) => (format!("limit {}", shown(*limit, self.unit)), "≥ 1".to_owned()),
            Beside::Peer { name, figure, target } => {
                (format!("{name}: {}", shown(*figure, self.unit)), target.map(|it| it.to_string()).unwrap_or_default())
            }
            Beside::Nothing => (String::new(), String::new()),
        };
        let ratio = self
            .ratio()
            .filter(|ratio| ratio.is_finite())
            .map(|ratio| format!("{} ×", digits(ratio)))
            .unwrap_or_default();
        let verdict = self.holds().map_or("", |holds| if holds { "holds" } else { "MISSED" });
        [self.what.clone(), shown(self.figure, self.unit), beside, ratio, target, verdict.to_owned()]
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtMost(limit) => write!(f, "≤ {limit}"),
            Self::AtLeast(limit) => write!(f, "≥ {limit}"),
        }
    }
}

fn shown(figure: f64, unit: Unit) -> String {
    format!("{} {}", digits(figure), unit.symbol()).trim_end().to_owned()
}

/// Three significant digits, and whole numbers as they are.
fn digits(figure: f64) -> String {
    let size = figure.abs();
    if !figure.is_finite() {
        "?".to_owned()
    } else if size >= 100.0 || figure.fract() == 0.0 {
        grouped(figure.round())
    } else if size >= 10.0 {
        format!("{figure:.1}")
    } else if size >= 0.1 {
        format!("{figure:.2}")
    } else {
        format!("{figure:.3}")
    }
}

fn grouped(whole: f64) -> String {
    let text = format!("{whole:.0}");
    let (sign, text) = text.strip_prefix('-').map_or(("", text.as_str()), |rest| ("-", rest));
    let groups: Vec<&str> =
        text.as_bytes().rchunks(3).rev().filter_map(|group| std::str::from_utf8(group).ok()).collect();
    format!("{sign}{}", groups.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_held_to_its_limit() {
        let row = Row::new("core", "delay", 30.0, Unit::Milliseconds).limit(Target::AtMost(33.0));
        assert_eq!(row.holds(), Some(true));
        assert_eq!(row.cells(), ["delay", "30 ms", "limit 33 ms", "0.91 ×", "≤ 1", "holds"]);
        let row = Row { figure: 34.0, ..row };
        assert_eq!(row.holds(), Some(false));
    }

    #[test]
    fn a_figure_is_held_to_its_peers() {
        let row = Row::new("core", "speed", 500_000.0, Unit::EventsPerSecond);
        assert_eq!(row.ratio(), None);
        let row = row.peer("raw bytes", 1_250_000.0, Target::AtLeast(0.5));
        assert_eq!(row.holds(), Some(false));
        assert_eq!(
            row.cells(),
            ["speed", "500,000 events/s", "raw bytes: 1,250,000 events/s", "0.40 ×", "≥ 0.5", "MISSED"]
        );
        assert_eq!(row.beside("raw bytes", 1.0).holds(), None);
    }

    #[test]
    fn digits_are_few_and_whole_numbers_whole() {
        for (figure, text) in
            [(1234.5, "1,235"), (12.34, "12.3"), (1.234, "1.23"), (0.01234, "0.012"), (3.0, "3"), (-1e6, "-1,000,000")]
        {
            assert_eq!(digits(figure), text);
        }
        assert_eq!(digits(f64::NAN), "?");
    }
}

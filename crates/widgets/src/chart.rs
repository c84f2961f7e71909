//! Charts (section 11.2).

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use ts_rs::TS;

use crate::{
    css,
    look::{Block, Color, words},
    props::Props,
};

/// The most rows that are drawn.
const ROWS: usize = 2_000;
/// The most series.
const SERIES: usize = 24;
/// The most fields of a row.
const FIELDS: usize = 64;

words! {
    /// How the values of a series are drawn.
    SeriesKind { Bar = "bar", Area = "area", Line = "line" }
}
words! {
    /// How a line goes from value to value.
    Curve {
        Basis = "basis", BasisClosed = "basisClosed", BasisOpen = "basisOpen", BumpX = "bumpX", BumpY = "bumpY",
        Bump = "bump", Linear = "linear", LinearClosed = "linearClosed", Natural = "natural", MonotoneX = "monotoneX",
        MonotoneY = "monotoneY", Monotone = "monotone", Step = "step", StepBefore = "stepBefore", StepAfter = "stepAfter",
    }
}

/// One value of a row.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[ts(export_to = "widget/")]
#[serde(untagged)]
pub enum Datum {
    /// A number.
    Number(f64),
    /// A text.
    Text(String),
}

/// The values of a row by their fields.
pub type Row = BTreeMap<String, Datum>;

/// Values, drawn.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[ts(export_to = "widget/")]
pub struct Chart {
    /// The values.
    pub data: Vec<Row>,
    /// What is drawn of them.
    pub series: Vec<Series>,
    /// What they stand above.
    pub x_axis: Axis,
    /// Whether the values have an axis.
    pub show_y_axis: bool,
    /// Whether it says which series is which.
    pub show_legend: bool,
    /// Whether pointing at it tells the values.
    pub show_tooltip: bool,
    /// Between bars of one row, in pixels.
    pub bar_gap: Option<f64>,
    /// Between the bars of two rows, in pixels.
    pub bar_category_gap: Option<f64>,
    /// How it shares room with its neighbours.
    pub flex: Option<String>,
    /// Its room.
    pub block: Block,
}

/// What stands below a chart.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, TS)]
#[ts(export_to = "widget/")]
pub struct Axis {
    /// Its field.
    pub data_key: String,
    /// Whether it is left out.
    pub hide: bool,
    /// What is read instead of some of its values.
    pub labels: BTreeMap<String, String>,
}

/// One series.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[ts(export_to = "widget/")]
pub struct Series {
    /// How it is drawn.
    #[serde(rename = "type")]
    pub kind: SeriesKind,
    /// Its field.
    pub data_key: String,
    /// What it is called.
    pub label: String,
    /// Those with the same word stand on each other.
    pub stack: Option<String>,
    /// Its colour; absent for the next of the palette.
    pub color: Option<Color>,
    /// How it goes from value to value.
    pub curve: Option<Curve>,
}

impl Chart {
    pub(crate) fn read(props: &Props<'_>) -> Self {
        Self {
            data: props.with("data", rows).unwrap_or_default(),
            series: props.with("series", series).unwrap_or_default(),
            x_axis: props.with("xAxis", axis).unwrap_or_default(),
            show_y_axis: props.flag("showYAxis"),
            show_legend: props.maybe("showLegend").unwrap_or(true),
            show_tooltip: props.maybe("showTooltip").unwrap_or(true),
            bar_gap: props.number("barGap").map(|gap| gap.clamp(0.0, 200.0)),
            bar_category_gap: props.number("barCategoryGap").map(|gap| gap.clamp(0.0, 200.0)),
            flex: props.with("flex", css::flex),
            block: Block::read(props),
        }
    }
}

fn rows(value: &Value) -> Option<Vec<Row>> {
    let datum = |value: &Value| match value {
        Value::Number(number) => number.as_f64().map(Datum::Number),
        Value::String(text) => Some(Datum::Text(text.clone())),
        _ => None,
    };
    let row = |row: &Map<String, Value>| {
        row.iter().take(FIELDS).filter_map(|(key, value)| Some((key.clone(), datum(value)?))).collect()
    };
    Some(value.as_array()?.iter().filter_map(Value::as_object).take(ROWS).map(row).collect())
}

fn series(value: &Value) -> Option<Vec<Series>> {
    let one = |series: &Value| {
        let text = |key: &str| series.get(key).and_then(Value::as_str).map(str::to_owned);
        let data_key = text("dataKey")?;
        Some(Series {
            kind: serde_json::from_value(series.get("type")?.clone()).ok()?,
            label: text("label").unwrap_or_else(|| data_key.clone()),
            stack: text("stack"),
            color: series.get("color").and_then(Color::read),
            curve: series.get("curveType").and_then(|curve| serde_json::from_value(curve.clone()).ok()),
            data_key,
        })
    };
    Some(value.as_array()?.iter().filter_map(one).take(SERIES).collect())
}

fn axis(value: &Value) -> Option<Axis> {
    match value {
        Value::String(data_key) => Some(Axis { data_key: data_key.clone(), ..Axis::default() }),
        Value::Object(axis) => {
            let labels = axis.get("labels").and_then(Value::as_object).into_iter().flatten().take(ROWS);
            Some(Axis {
                data_key: axis.get("dataKey")?.as_str()?.to_owned(),
                hide: axis.get("hide").and_then(Value::as_bool).unwrap_or_default(),
                labels: labels.filter_map(|(key, label)| Some((key.clone(), label.as_str()?.to_owned()))).collect(),
            })
        }
        _ => None,
    }
}

//! Texts (section 11.2).

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    controls::Editable,
    css,
    look::{Color, Size, words},
    props::Props,
};

words! {
    /// How thick letters are.
    Weight { Normal = "normal", Medium = "medium", Semibold = "semibold", Bold = "bold" }
}
words! {
    /// Where a text stands in its line.
    TextAlign { Start = "start", Center = "center", End = "end" }
}

/// How a text looks.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, TS)]
#[ts(export_to = "widget/")]
pub struct TextLook {
    /// How large.
    pub size: Option<Size>,
    /// In which colour.
    pub color: Option<Color>,
    /// How thick.
    pub weight: Option<Weight>,
    /// Where in its line.
    pub align: Option<TextAlign>,
    /// Whether it ends with dots where there is no more room.
    pub truncate: bool,
    /// The most lines that are shown.
    pub max_lines: Option<u32>,
}

impl TextLook {
    pub(crate) fn read(props: &Props<'_>) -> Self {
        Self {
            size: props.word("size"),
            color: props.with("color", Color::read),
            weight: props.word("weight"),
            align: props.word("textAlign"),
            truncate: props.flag("truncate"),
            max_lines: props.count("maxLines").filter(|lines| *lines > 0),
        }
    }
}

/// A text.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[ts(export_to = "widget/")]
pub struct Text {
    /// What it says.
    pub value: String,
    /// How it looks.
    pub look: TextLook,
    /// How many lines of room it has at least.
    pub min_lines: Option<u32>,
    /// Whether its letters lean.
    pub italic: bool,
    /// Whether it is struck out.
    pub line_through: bool,
    /// How wide it is, as a length of CSS.
    pub width: Option<String>,
    /// Whether it grows.
    pub streaming: bool,
    /// How it can be written over, if it can.
    pub editable: Option<Editable>,
}

impl Text {
    pub(crate) fn read(props: &Props<'_>, editable: Option<Editable>) -> Self {
        Self {
            value: props.required("value"),
            look: TextLook::read(props),
            min_lines: props.count("minLines").map(|lines| lines.min(100)),
            italic: props.flag("italic"),
            line_through: props.flag("lineThrough"),
            width: props.with("width", css::dim),
            streaming: props.flag("streaming"),
            editable,
        }
    }
}

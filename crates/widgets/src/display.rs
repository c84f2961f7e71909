//! Lines, badges, pictures, buttons and cells (section 11.2).

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    action::Action,
    component::Node,
    css,
    look::{Block, Color, ControlSize, Edges, Size, Tone, Variant, words},
    props::Props,
};

/// A line between neighbours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export_to = "widget/")]
pub struct DividerLook {
    /// In which colour.
    pub color: Option<Color>,
    /// How thick, as a length of CSS.
    pub size: Option<String>,
    /// Around it, as a length of CSS.
    pub spacing: Option<String>,
    /// Whether it goes to the edge of its card.
    pub flush: bool,
}

impl DividerLook {
    pub(crate) fn read(props: &Props<'_>) -> Self {
        Self {
            color: props.with("color", Color::read),
            size: props.with("size", css::dim),
            spacing: props.with("spacing", css::space),
            flush: props.flag("flush"),
        }
    }
}

/// A word with a background.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export_to = "widget/")]
pub struct Badge {
    /// What it says.
    pub label: String,
    /// What it means.
    pub color: Option<Tone>,
    /// How much it stands out.
    pub variant: Option<Variant>,
    /// How large.
    pub size: Option<Size>,
    /// Whether its ends are round.
    pub pill: bool,
}

impl Badge {
    pub(crate) fn read(props: &Props<'_>) -> Self {
        Self {
            label: props.required("label"),
            color: props.word("color"),
            variant: props.word("variant"),
            size: props.word("size"),
            pill: props.flag("pill"),
        }
    }
}

words! {
    /// How a picture fills its room.
    Fit { Cover = "cover", Contain = "contain", Fill = "fill", ScaleDown = "scale-down", None = "none" }
}
words! {
    /// Which part of a picture is seen.
    Position {
        TopLeft = "top left", Top = "top", TopRight = "top right", Left = "left", Center = "center", Right = "right",
        BottomLeft = "bottom left", Bottom = "bottom", BottomRight = "bottom right",
    }
}

/// A picture.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[ts(export_to = "widget/")]
pub struct Image {
    /// Its address.
    pub src: String,
    /// What is seen on it.
    pub alt: String,
    /// How it fills its room.
    pub fit: Option<Fit>,
    /// Which part of it is seen.
    pub position: Option<Position>,
    /// Whether it has a frame.
    pub frame: bool,
    /// Whether it goes to the edge of its card.
    pub flush: bool,
    /// Behind it.
    pub background: Option<Color>,
    /// How it shares room with its neighbours.
    pub flex: Option<String>,
    /// Its room.
    pub block: Block,
}

impl Image {
    pub(crate) fn read(props: &Props<'_>) -> Self {
        Self {
            src: props.required("src"),
            alt: props.text("alt").unwrap_or_default(),
            fit: props.word("fit"),
            position: props.word("position"),
            frame: props.flag("frame"),
            flush: props.flag("flush"),
            background: props.with("background", Color::read),
            flex: props.with("flex", css::flex),
            block: Block::read(props),
        }
    }
}

words! {
    /// How much a button stands out, where nothing else says it.
    ButtonStyle { Primary = "primary", Secondary = "secondary" }
}

/// A button.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[ts(export_to = "widget/")]
pub struct ButtonLook {
    /// What it says; a button may have an icon alone.
    pub label: Option<String>,
    /// Whether it submits its form.
    pub submit: bool,
    /// What happens when it is pressed.
    pub on_click: Option<Action>,
    /// The name of an icon before its label.
    pub icon_start: Option<String>,
    /// The name of one behind it.
    pub icon_end: Option<String>,
    /// How much it stands out, where nothing else says it.
    pub style: Option<ButtonStyle>,
    /// How large its icons are.
    pub icon_size: Option<Size>,
    /// What it means.
    pub color: Option<Tone>,
    /// How much it stands out.
    pub variant: Option<Variant>,
    /// How large.
    pub size: Option<ControlSize>,
    /// Whether its ends are round.
    pub pill: bool,
    /// Whether it is as wide as it is high.
    pub uniform: bool,
    /// Whether it is as wide as there is room.
    pub block: bool,
    /// Whether it cannot be used.
    pub disabled: bool,
}

impl ButtonLook {
    pub(crate) fn read(props: &Props<'_>) -> Self {
        Self {
            label: props.text("label"),
            submit: props.flag("submit"),
            on_click: props.with("onClickAction", Action::read),
            icon_start: props.text("iconStart"),
            icon_end: props.text("iconEnd"),
            style: props.word("style"),
            icon_size: props.word("iconSize"),
            color: props.word("color"),
            variant: props.word("variant"),
            size: props.word("size"),
            pill: props.flag("pill"),
            uniform: props.flag("uniform"),
            block: props.flag("block"),
            disabled: props.flag("disabled"),
        }
    }
}

words! {
    /// Where something stands in its cell.
    CellAlign { Start = "start", Center = "center", End = "end" }
}

/// A cell.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[ts(export_to = "widget/")]
pub struct TableCell {
    /// How wide, as a length of CSS.
    pub width: Option<String>,
    /// Around its children.
    pub padding: Option<Edges>,
    /// Over how many columns it goes.
    pub col_span: u32,
    /// Over how many rows.
    pub row_span: u32,
    /// Where its children stand across.
    pub align: Option<CellAlign>,
    /// And down.
    pub v_align: Option<CellAlign>,
    /// How wide its column is.
    pub col_size: Option<Size>,
    /// What it holds.
    pub children: Vec<Node>,
}

/// The most columns or rows that a cell goes over.
const SPAN: u32 = 50;

impl TableCell {
    pub(crate) fn read(props: &Props<'_>, children: Vec<Node>) -> Self {
        let span = |key: &str| props.count(key).unwrap_or(1).clamp(1, SPAN);
        Self {
            width: props.with("width", css::dim),
            padding: props.with("padding", Edges::read),
            col_span: span("colSpan"),
            row_span: span("rowSpan"),
            align: props.word("align"),
            v_align: props.word("vAlign"),
            col_size: props.word("colSize"),
            children,
        }
    }
}

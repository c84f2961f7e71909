//! The components (section 11.2), each with what can be said of it.

use serde::Serialize;
use ts_rs::TS;

use crate::{
    action::Action,
    chart::Chart,
    controls::{Checkbox, DatePicker, Field, RadioGroup, Select},
    display::{Badge, ButtonLook, DividerLook, Image, TableCell},
    look::{Align, BoxLook, Color, Size, Theme},
    roots::{Card, ListView},
    texts::{Text, TextLook},
};

/// One component in its place.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[ts(export_to = "widget/")]
pub struct Node {
    /// What tells it from its siblings when they change.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub key: Option<String>,
    /// By what the server updates it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub id: Option<String>,
    /// What it is.
    #[serde(flatten)]
    pub component: Component,
}

/// What a component is.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[ts(export_to = "widget/")]
#[serde(tag = "type")]
pub enum Component {
    /// A root: a card with a border, perhaps a form.
    Card(Card),
    /// A root: lines that can be pressed.
    ListView(ListView),
    /// A root without a look of its own.
    Basic {
        /// How it stands.
        look: BoxLook,
        /// The scheme that it forces.
        theme: Option<Theme>,
        /// What it holds.
        children: Vec<Node>,
    },
    /// A line of a list.
    ListViewItem {
        /// What happens when it is pressed.
        on_click: Option<Action>,
        /// Between its children.
        gap: Option<String>,
        /// Where they stand.
        align: Option<Align>,
        /// What it holds.
        children: Vec<Node>,
    },
    /// Something that holds others.
    Box {
        /// How it stands.
        look: BoxLook,
        /// What it holds.
        children: Vec<Node>,
    },
    /// The same, side by side.
    Row {
        /// How it stands.
        look: BoxLook,
        /// What it holds.
        children: Vec<Node>,
    },
    /// The same, one below the other.
    Col {
        /// How it stands.
        look: BoxLook,
        /// What it holds.
        children: Vec<Node>,
    },
    /// Controls whose values go together.
    Form {
        /// How it stands.
        look: BoxLook,
        /// What happens when it is submitted.
        on_submit: Option<Action>,
        /// What it holds.
        children: Vec<Node>,
    },
    /// Room that pushes its neighbours apart.
    Spacer {
        /// The least of it, as a length of CSS.
        min_size: Option<String>,
    },
    /// A line between neighbours.
    Divider(DividerLook),
    /// What it holds moves when it changes.
    Transition {
        /// None, or one.
        children: Vec<Node>,
    },
    /// A heading.
    Title {
        /// What it says.
        value: String,
        /// How it looks.
        look: TextLook,
    },
    /// A small text.
    Caption {
        /// What it says.
        value: String,
        /// How it looks.
        look: TextLook,
    },
    /// A text, perhaps one that grows, or can be written over.
    Text(Text),
    /// Markdown, as nodes.
    Markdown {
        /// What it says.
        #[ts(type = "Array<import(\"../Patch\").Patch>")]
        patches: Vec<markdown::Patch>,
        /// Whether it grows.
        streaming: bool,
    },
    /// A word with a background.
    Badge(Badge),
    /// A picture of a set.
    Icon {
        /// Its name; an unknown one draws nothing.
        name: String,
        /// In which colour.
        color: Option<Color>,
        /// How large.
        size: Option<Size>,
    },
    /// A picture of an address. Nothing is fetched by drawing it.
    Image(Image),
    /// A button.
    Button(ButtonLook),
    /// A field of one line.
    Input(Field),
    /// A field of several lines.
    Textarea(Field),
    /// One of a list that opens.
    Select(Select),
    /// A day.
    DatePicker(DatePicker),
    /// Yes or no.
    Checkbox(Checkbox),
    /// One of several.
    RadioGroup(RadioGroup),
    /// What a control is called.
    Label {
        /// What it says.
        value: String,
        /// The name of the control.
        field: String,
        /// How it looks.
        look: TextLook,
    },
    /// Values, drawn.
    Chart(Chart),
    /// Rows of cells.
    Table {
        /// Its rows.
        children: Vec<Node>,
    },
    /// A row of cells.
    #[serde(rename = "Table.Row")]
    TableRow {
        /// Whether it names what stands below.
        header: bool,
        /// Its cells.
        children: Vec<Node>,
    },
    /// A cell.
    #[serde(rename = "Table.Cell")]
    TableCell(TableCell),
    /// Something of which this version knows nothing but what it holds.
    Unknown {
        /// What the server calls it.
        name: String,
        /// What it holds.
        children: Vec<Node>,
    },
}

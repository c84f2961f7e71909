//! From JSON to a tree: bounded, and with a hint for everything that is not drawn.

use std::cell::{Cell, RefCell};

use serde::Serialize;
use serde_json::{Map, Value};
use ts_rs::TS;

use crate::{
    action::Action,
    chart::Chart,
    component::{Component, Node},
    controls::{Checkbox, DatePicker, Editable, Field, RadioGroup, Select},
    css,
    display::{Badge, ButtonLook, DividerLook, Image, TableCell},
    look::{BoxLook, Color},
    props::Props,
    roots::{Card, ListView},
    texts::{Text, TextLook},
};

/// How much of a widget is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// How deep it may be nested.
    pub depth: usize,
    /// How many components it may have.
    pub nodes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { depth: 40, nodes: 5_000 }
    }
}

/// Something that a server sent and nobody sees, for whoever writes the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export_to = "widget/")]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Hint {
    /// A component that this version does not know; its children are shown.
    Component {
        /// What it calls itself.
        name: String,
    },
    /// A prop that cannot be used, or is missing.
    Prop {
        /// Whose.
        component: String,
        /// Which.
        prop: String,
    },
    /// Something that is no component at all.
    NoComponent,
    /// More than is drawn.
    TooMuch,
    /// Nested more deeply than is drawn.
    TooDeep,
}

/// The most hints that are kept: the first are enough to begin with.
const HINTS: usize = 50;

/// A widget, read.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[ts(export_to = "widget/")]
pub struct Reading {
    /// What is drawn; nothing where there is no component.
    pub root: Option<Node>,
    /// What is not, and why; not more than a few dozen.
    pub hints: Vec<Hint>,
}

/// Reads a widget.
pub fn read(widget: &Value, limits: Limits) -> Reading {
    let reader = Reader { hints: RefCell::default(), left: Cell::new(limits.nodes), depth: limits.depth };
    let root = reader.node(widget, 0);
    let mut hints = reader.hints.into_inner();
    hints.dedup();
    hints.truncate(HINTS);
    Reading { root, hints }
}

struct Reader {
    hints: RefCell<Vec<Hint>>,
    /// How many components may still follow.
    left: Cell<usize>,
    depth: usize,
}

impl Reader {
    fn node(&self, value: &Value, depth: usize) -> Option<Node> {
        let fields = value.as_object();
        let name = fields.and_then(|fields| fields.get("type")).and_then(Value::as_str);
        let (Some(fields), Some(name)) = (fields, name) else { return self.none(Hint::NoComponent) };
        if depth >= self.depth {
            return self.none(Hint::TooDeep);
        }
        let Some(left) = self.left.get().checked_sub(1) else { return self.none(Hint::TooMuch) };
        self.left.set(left);
        let props = Props::new(fields, name, &self.hints);
        let component = self.component(name, fields, &props, depth);
        let text = |key: &str| fields.get(key).and_then(Value::as_str).map(str::to_owned);
        Some(Node { key: text("key"), id: text("id"), component })
    }

    /// The one place where the names of components are matched.
    fn component(&self, name: &str, fields: &Map<String, Value>, props: &Props<'_>, depth: usize) -> Component {
        let children = || self.children(fields, depth);
        let look = || BoxLook::read(props);
        match name {
            "Card" => Component::Card(Card::read(props, children())),
            "ListView" => Component::ListView(ListView::read(props, children())),
            "ListViewItem" => Component::ListViewItem {
                on_click: props.with("onClickAction", Action::read),
                gap: props.with("gap", css::space),
                align: props.word("align"),
                children: children(),
            },
            "Basic" => Component::Basic { look: look(), theme: props.word("theme"), children: children() },
            "Box" => Component::Box { look: look(), children: children() },
            "Row" => Component::Row { look: look(), children: children() },
            "Col" => Component::Col { look: look(), children: children() },
            "Form" => {
                let on_submit = props.with("onSubmitAction", Action::read);
                Component::Form { look: look(), on_submit, children: children() }
            }
            "Transition" => Component::Transition { children: children().into_iter().take(1).collect() },
            "Table" => Component::Table { children: children() },
            "Table.Row" => Component::TableRow { header: props.flag("header"), children: children() },
            "Table.Cell" => Component::TableCell(TableCell::read(props, children())),
            _ => self.leaf(name, props).unwrap_or_else(|| {
                self.hint(Hint::Component { name: name.to_owned() });
                Component::Unknown { name: name.to_owned(), children: children() }
            }),
        }
    }

    /// Components that hold no others.
    fn leaf(&self, name: &str, props: &Props<'_>) -> Option<Component> {
        let look = || TextLook::read(props);
        Some(match name {
            "Spacer" => Component::Spacer { min_size: props.with("minSize", css::dim) },
            "Divider" => Component::Divider(DividerLook::read(props)),
            "Title" => Component::Title { value: props.required("value"), look: look() },
            "Caption" => Component::Caption { value: props.required("value"), look: look() },
            "Text" => Component::Text(Text::read(props, self.editable(props))),
            "Markdown" => Component::Markdown {
                patches: markdown::render(&props.required("value")),
                streaming: props.flag("streaming"),
            },
            "Badge" => Component::Badge(Badge::read(props)),
            "Icon" => Component::Icon {
                name: props.required("name"),
                color: props.with("color", Color::read),
                size: props.word("size"),
            },
            "Image" => Component::Image(Image::read(props)),
            "Button" => Component::Button(ButtonLook::read(props)),
            "Input" => Component::Input(Field::line(props)),
            "Textarea" => Component::Textarea(Field::lines(props)),
            "Select" => Component::Select(Select::read(props)),
            "DatePicker" => Component::DatePicker(DatePicker::read(props)),
            "Checkbox" => Component::Checkbox(Checkbox::read(props)),
            "RadioGroup" => Component::RadioGroup(RadioGroup::read(props)),
            "Label" => {
                Component::Label { value: props.required("value"), field: props.required("fieldName"), look: look() }
            }
            "Chart" => Component::Chart(Chart::read(props)),
            _ => return None,
        })
    }

    /// `editable` is `false`, or says how.
    fn editable(&self, props: &Props<'_>) -> Option<Editable> {
        let fields = props.get("editable")?.as_object()?;
        Some(Editable::read(&Props::new(fields, "Text.editable", &self.hints)))
    }

    /// Absent, null, one, or a list.
    fn children(&self, fields: &Map<String, Value>, depth: usize) -> Vec<Node> {
        match fields.get("children") {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(children)) => {
                let mut nodes = Vec::new();
                for child in children {
                    if self.left.get() == 0 {
                        self.hint(Hint::TooMuch);
                        break;
                    }
                    nodes.extend(self.node(child, depth + 1));
                }
                nodes
            }
            Some(child) => self.node(child, depth + 1).into_iter().collect(),
        }
    }

    fn hint(&self, hint: Hint) {
        let mut hints = self.hints.borrow_mut();
        if hints.len() < HINTS {
            hints.push(hint);
        }
    }

    fn none(&self, hint: Hint) -> Option<Node> {
        self.hint(hint);
        None
    }
}

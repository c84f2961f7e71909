//! Roots: cards and lists (section 11.2).

use serde::Serialize;
use serde_json::Value;
use ts_rs::TS;

use crate::{
    action::Action,
    component::Node,
    look::{Borders, Color, Edges, Size, Theme},
    props::Props,
};

/// What stands above a card or a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export_to = "widget/")]
pub struct Status {
    /// What it says.
    pub text: String,
    /// The name of an icon.
    pub icon: Option<String>,
    /// The address of a small picture.
    pub favicon: Option<String>,
    /// Whether that has a frame.
    pub frame: bool,
}

impl Status {
    fn read(value: &Value) -> Option<Self> {
        let text = |key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
        let frame = value.get("frame").and_then(Value::as_bool).unwrap_or_default();
        Some(Self { text: text("text")?, icon: text("icon"), favicon: text("favicon"), frame })
    }
}

/// A button at the foot of a card.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[ts(export_to = "widget/")]
pub struct CardAction {
    /// What it says.
    pub label: String,
    /// What happens when it is pressed.
    pub action: Action,
}

impl CardAction {
    fn read(value: &Value) -> Option<Self> {
        Some(Self { label: value.get("label")?.as_str()?.to_owned(), action: Action::read(value.get("action")?)? })
    }
}

/// What the two buttons at the foot of a card do.
#[derive(Debug, Clone, Default, PartialEq, Serialize, TS)]
#[ts(export_to = "widget/")]
pub struct Confirming {
    /// The main one.
    pub confirm: Option<CardAction>,
    /// The other one.
    pub cancel: Option<CardAction>,
}

/// A card.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[ts(export_to = "widget/")]
pub struct Card {
    /// Whether its controls are a form, whose submission is `confirm`.
    pub as_form: bool,
    /// Its background.
    pub background: Option<Color>,
    /// The line around it; absent for the usual one.
    pub border: Option<Borders>,
    /// How wide it is.
    pub size: Option<Size>,
    /// Around its children.
    pub padding: Option<Edges>,
    /// What stands above them.
    pub status: Option<Status>,
    /// Whether only that is shown.
    pub collapsed: bool,
    /// The buttons at its foot.
    pub buttons: Confirming,
    /// The scheme that it forces.
    pub theme: Option<Theme>,
    /// What it holds.
    pub children: Vec<Node>,
}

impl Card {
    pub(crate) fn read(props: &Props<'_>, children: Vec<Node>) -> Self {
        Self {
            as_form: props.flag("asForm"),
            background: props.with("background", Color::read),
            border: props.with("border", Borders::read),
            size: props.word("size"),
            padding: props.with("padding", Edges::read),
            status: props.with("status", Status::read),
            collapsed: props.flag("collapsed"),
            buttons: Confirming {
                confirm: props.with("confirm", CardAction::read),
                cancel: props.with("cancel", CardAction::read),
            },
            theme: props.word("theme"),
            children,
        }
    }
}

/// A list.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[ts(export_to = "widget/")]
pub struct ListView {
    /// How many lines are shown at first; absent for all.
    pub limit: Option<u32>,
    /// What stands above them.
    pub status: Option<Status>,
    /// The scheme that it forces.
    pub theme: Option<Theme>,
    /// The lines.
    pub children: Vec<Node>,
}

/// How many lines `auto` shows.
const AUTO: u32 = 5;

impl ListView {
    pub(crate) fn read(props: &Props<'_>, children: Vec<Node>) -> Self {
        let is_auto = props.get("limit").is_some_and(|limit| limit == "auto");
        let limit = if is_auto { Some(AUTO) } else { props.count("limit").filter(|limit| *limit > 0) };
        Self { limit, status: props.with("status", Status::read), theme: props.word("theme"), children }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_status_has_an_icon_or_a_picture_perhaps_in_a_frame() {
        let status =
            Status::read(&json!({"text": "Shop", "favicon": "https://a.example/i.png", "frame": true})).unwrap();
        assert_eq!((status.favicon.as_deref(), status.frame), (Some("https://a.example/i.png"), true));
        let status = Status::read(&json!({"text": "Shop", "icon": "suitcase"})).unwrap();
        assert_eq!((status.icon.as_deref(), status.frame), (Some("suitcase"), false));
        assert_eq!(Status::read(&json!({"icon": "suitcase"})), None);
    }
}

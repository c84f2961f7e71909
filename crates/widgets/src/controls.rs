//! Controls: what a person fills in or chooses (sections 10.3 and 11.2).

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use crate::{
    action::Action,
    look::{ControlSize, Direction, Variant, words},
    props::Props,
};

/// The most choices of one control. What follows is left out.
const CHOICES: usize = 2_000;

/// The longest pattern that is tried on an input, in bytes: a longer one may take for ever.
const PATTERN: usize = 500;

words! {
    /// What a field takes.
    InputType { Text = "text", Number = "number", Email = "email", Password = "password", Tel = "tel", Url = "url" }
}
words! {
    /// On which side of its field a calendar opens.
    Side { Top = "top", Bottom = "bottom", Left = "left", Right = "right" }
}
words! {
    /// Where along that side it stands.
    SideAlign { Start = "start", Center = "center", End = "end" }
}
words! {
    /// How much room is between the edge of a field and what stands in it.
    Gutter { Xxs = "2xs", Xs = "xs", Sm = "sm", Md = "md", Lg = "lg", Xl = "xl" }
}

/// A field for text: one line, or several.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[ts(export_to = "widget/")]
pub struct Field {
    /// Its name among the values of its form; dots nest.
    pub name: String,
    /// What it takes. One that asks for a password never gets one: see `is_secret`.
    pub input: InputType,
    /// What stands in it at first.
    pub value: Option<String>,
    /// What stands in it while it is empty.
    pub placeholder: Option<String>,
    /// Whether it has to be filled in.
    pub required: bool,
    /// A regular expression that the whole of it has to match.
    pub pattern: Option<String>,
    /// Whether it has the focus at first.
    pub auto_focus: bool,
    /// Whether all of it is selected when it gets the focus.
    pub auto_select: bool,
    /// Whether it takes nothing.
    pub disabled: bool,
    /// How much it stands out.
    pub variant: Option<Variant>,
    /// How large it is.
    pub size: Option<ControlSize>,
    /// How much room is before and after what stands in it.
    pub gutter: Option<Gutter>,
    /// Whether the web view may offer what was typed into such a field before; never into one for a secret.
    pub autofill: bool,
    /// Whether its ends are round.
    pub pill: bool,
    /// How many lines it has; absent for one line.
    pub rows: Option<u32>,
    /// How many it grows to; absent for no growth.
    pub max_rows: Option<u32>,
}

impl Field {
    pub(crate) fn line(props: &Props<'_>) -> Self {
        Self { rows: None, max_rows: None, ..Self::lines(props) }
    }

    pub(crate) fn lines(props: &Props<'_>) -> Self {
        let rows = props.count("rows").unwrap_or(3).clamp(1, 40);
        let most = props.count("maxRows").map(|most| most.clamp(rows, 40));
        let grows = props.flag("autoResize") || most.is_some();
        Self {
            name: props.required("name"),
            input: props.word("inputType").unwrap_or(InputType::Text),
            value: props.text("defaultValue"),
            placeholder: props.text("placeholder"),
            required: props.flag("required"),
            pattern: pattern(props),
            auto_focus: props.flag("autoFocus"),
            auto_select: props.flag("autoSelect"),
            disabled: props.flag("disabled"),
            variant: props.word("variant"),
            size: props.word("size"),
            gutter: props.word("gutterSize"),
            autofill: props.flag("allowAutofillExtensions"),
            pill: props.flag("pill"),
            rows: Some(rows),
            max_rows: grows.then(|| most.unwrap_or(20)),
        }
    }
}

fn pattern(props: &Props<'_>) -> Option<String> {
    props.text("pattern").filter(|pattern| pattern.len() <= PATTERN)
}

/// A text that can be written over in its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export_to = "widget/")]
pub struct Editable {
    /// Its name among the values of its form.
    pub name: String,
    /// What stands in it while it is empty.
    pub placeholder: Option<String>,
    /// Whether it has to be filled in.
    pub required: bool,
    /// A regular expression that the whole of it has to match.
    pub pattern: Option<String>,
    /// Whether it has the focus at first.
    pub auto_focus: bool,
    /// Whether all of it is selected when it gets the focus.
    pub auto_select: bool,
    /// What the web view may offer for it, in the words of HTML's `autocomplete`; absent for nothing.
    pub autofill: Option<String>,
}

impl Editable {
    /// `false` is a text that cannot be written over.
    pub(crate) fn read(props: &Props<'_>) -> Self {
        Self {
            name: props.required("name"),
            placeholder: props.text("placeholder"),
            required: props.flag("required"),
            pattern: pattern(props),
            auto_focus: props.flag("autoFocus"),
            auto_select: props.flag("autoSelect"),
            autofill: props
                .with("autoComplete", autofill)
                .unwrap_or_else(|| props.flag("allowAutofillExtensions").then(|| "on".to_owned())),
        }
    }
}

/// What a field may be filled in with: yes or no, or one of HTML's words, none of which asks for a secret here.
fn autofill(value: &Value) -> Option<Option<String>> {
    let words = match value {
        Value::Bool(may) => {
            if *may {
                "on"
            } else {
                "off"
            }
        }
        Value::String(words) => words.as_str(),
        _ => return None,
    };
    let is_plain = words.len() <= 60 && words.bytes().all(|byte| byte.is_ascii_lowercase() || b" -".contains(&byte));
    let is_secret = ["password", "cc-", "one-time"].iter().any(|secret| words.contains(secret));
    (is_plain && !is_secret).then(|| Some(words.to_owned()).filter(|words| words != "off" && !words.is_empty()))
}

/// One of several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export_to = "widget/")]
pub struct Choice {
    /// What the server hears.
    pub value: String,
    /// What the person reads.
    pub label: String,
    /// A line about it.
    pub description: Option<String>,
    /// Whether it cannot be chosen.
    pub disabled: bool,
}

fn choices(value: &Value) -> Option<Vec<Choice>> {
    let text = |choice: &Value, key: &str| choice.get(key).and_then(Value::as_str).map(str::to_owned);
    let read = |choice: &Value| {
        let value = text(choice, "value").or_else(|| text(choice, "label"))?;
        Some(Choice {
            label: text(choice, "label").unwrap_or_else(|| value.clone()),
            description: text(choice, "description"),
            disabled: choice.get("disabled").and_then(Value::as_bool).unwrap_or_default(),
            value,
        })
    };
    Some(value.as_array()?.iter().filter_map(read).take(CHOICES).collect())
}

/// From how many choices on a list can be searched, unless the server says otherwise.
const SEARCHABLE: usize = 15;

/// One of a list that opens.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[ts(export_to = "widget/")]
pub struct Select {
    /// Its name among the values of its form.
    pub name: String,
    /// The choices.
    pub options: Vec<Choice>,
    /// What is chosen at first.
    pub value: Option<String>,
    /// What stands in it while nothing is chosen.
    pub placeholder: Option<String>,
    /// What happens when something is chosen.
    pub on_change: Option<Action>,
    /// Whether it can be searched.
    pub searchable: bool,
    /// Whether nothing can be chosen again.
    pub clearable: bool,
    /// Whether it cannot be used.
    pub disabled: bool,
    /// How much it stands out.
    pub variant: Option<Variant>,
    /// How large it is.
    pub size: Option<ControlSize>,
    /// Whether its ends are round.
    pub pill: bool,
    /// Whether it is as wide as there is room.
    pub block: bool,
}

impl Select {
    pub(crate) fn read(props: &Props<'_>) -> Self {
        let options = props.with("options", choices).unwrap_or_default();
        Self {
            name: props.required("name"),
            value: props.text("defaultValue"),
            placeholder: props.text("placeholder"),
            on_change: props.with("onChangeAction", Action::read),
            searchable: props.maybe("searchable").unwrap_or(options.len() > SEARCHABLE),
            clearable: props.flag("clearable"),
            disabled: props.flag("disabled"),
            variant: props.word("variant"),
            size: props.word("size"),
            pill: props.flag("pill"),
            block: props.flag("block"),
            options,
        }
    }
}

/// A day.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[ts(export_to = "widget/")]
pub struct DatePicker {
    /// Its name among the values of its form.
    pub name: String,
    /// What is chosen at first: ISO 8601.
    pub value: Option<String>,
    /// The first that can be chosen: ISO 8601.
    pub min: Option<String>,
    /// The last that can be chosen: ISO 8601.
    pub max: Option<String>,
    /// What stands in it while nothing is chosen.
    pub placeholder: Option<String>,
    /// What happens when a day is chosen.
    pub on_change: Option<Action>,
    /// On which side its calendar opens.
    pub side: Option<Side>,
    /// Where along that side it stands.
    pub align: Option<SideAlign>,
    /// Whether nothing can be chosen again.
    pub clearable: bool,
    /// Whether it cannot be used.
    pub disabled: bool,
    /// How much it stands out.
    pub variant: Option<Variant>,
    /// How large it is.
    pub size: Option<ControlSize>,
    /// Whether its ends are round.
    pub pill: bool,
    /// Whether it is as wide as there is room.
    pub block: bool,
}

impl DatePicker {
    pub(crate) fn read(props: &Props<'_>) -> Self {
        Self {
            name: props.required("name"),
            value: props.text("defaultValue"),
            min: props.text("min"),
            max: props.text("max"),
            placeholder: props.text("placeholder"),
            on_change: props.with("onChangeAction", Action::read),
            side: props.word("side"),
            align: props.word("align"),
            clearable: props.flag("clearable"),
            disabled: props.flag("disabled"),
            variant: props.word("variant"),
            size: props.word("size"),
            pill: props.flag("pill"),
            block: props.flag("block"),
        }
    }
}

/// Yes or no.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[ts(export_to = "widget/")]
pub struct Checkbox {
    /// Its name among the values of its form.
    pub name: String,
    /// What stands beside it.
    pub label: Option<String>,
    /// Whether it is ticked at first.
    pub checked: bool,
    /// What happens when it changes.
    pub on_change: Option<Action>,
    /// Whether it cannot be used.
    pub disabled: bool,
    /// Whether it has to be ticked.
    pub required: bool,
}

impl Checkbox {
    pub(crate) fn read(props: &Props<'_>) -> Self {
        Self {
            name: props.required("name"),
            label: props.text("label"),
            // A typed server may send a text here, which is an older way to say it.
            checked: props
                .with("defaultChecked", |value| Some(value.as_bool().unwrap_or(value == "true")))
                .unwrap_or_default(),
            on_change: props.with("onChangeAction", Action::read),
            disabled: props.flag("disabled"),
            required: props.flag("required"),
        }
    }
}

/// One of several that are all to be seen.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[ts(export_to = "widget/")]
pub struct RadioGroup {
    /// Its name among the values of its form.
    pub name: String,
    /// What a screen reader calls it.
    pub label: String,
    /// The choices.
    pub options: Vec<Choice>,
    /// What is chosen at first.
    pub value: Option<String>,
    /// What happens when something is chosen.
    pub on_change: Option<Action>,
    /// In which direction they follow each other.
    pub direction: Direction,
    /// Whether it cannot be used.
    pub disabled: bool,
    /// Whether something has to be chosen.
    pub required: bool,
}

impl RadioGroup {
    pub(crate) fn read(props: &Props<'_>) -> Self {
        let name = props.required("name");
        Self {
            label: props.text("ariaLabel").unwrap_or_else(|| name.clone()),
            options: props.with("options", choices).unwrap_or_default(),
            value: props.text("defaultValue"),
            on_change: props.with("onChangeAction", Action::read),
            direction: props.word("direction").unwrap_or(Direction::Row),
            disabled: props.flag("disabled"),
            required: props.flag("required"),
            name,
        }
    }
}

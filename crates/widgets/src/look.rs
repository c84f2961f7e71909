//! How something looks: words of closed sets, colours, borders, distances (section 11.1).

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

use crate::{css, props::Props};

/// A closed set of words. A word that is not in it is no value.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($word:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
        #[ts(export_to = "widget/")]
        #[allow(missing_docs, reason = "the words say it")]
        pub enum $name { $(#[serde(rename = $text)] $word),+ }
    };
}
pub(crate) use words;

words! {
    /// Where children stand across their direction.
    Align { Start = "start", Center = "center", End = "end", Baseline = "baseline", Stretch = "stretch" }
}
words! {
    /// Where children stand along their direction.
    Justify {
        Start = "start", Center = "center", End = "end", Between = "between", Around = "around", Evenly = "evenly",
        Stretch = "stretch",
    }
}
words! {
    /// What becomes of children for which there is no room in a line.
    Wrap { No = "nowrap", Wrap = "wrap", Reverse = "wrap-reverse" }
}
words! {
    /// In which direction children follow each other.
    Direction { Row = "row", Col = "col" }
}
words! {
    /// How round corners are.
    Radius {
        Xs2 = "2xs", Xs = "xs", Sm = "sm", Md = "md", Lg = "lg", Xl = "xl", Xl2 = "2xl", Xl3 = "3xl", Xl4 = "4xl",
        Full = "full", Whole = "100%", None = "none",
    }
}
words! {
    /// How large a text, an icon, a card is.
    Size { Xs = "xs", Sm = "sm", Md = "md", Lg = "lg", Xl = "xl", Xl2 = "2xl", Xl3 = "3xl", Xl4 = "4xl", Xl5 = "5xl", Full = "full" }
}
words! {
    /// How large a control is.
    ControlSize {
        Xs3 = "3xs", Xs2 = "2xs", Xs = "xs", Sm = "sm", Md = "md", Lg = "lg", Xl = "xl", Xl2 = "2xl", Xl3 = "3xl",
    }
}
words! {
    /// How much a control stands out.
    Variant { Solid = "solid", Soft = "soft", Outline = "outline", Ghost = "ghost" }
}
words! {
    /// What a button or a badge means.
    Tone {
        Primary = "primary", Secondary = "secondary", Info = "info", Discovery = "discovery", Success = "success",
        Caution = "caution", Warning = "warning", Danger = "danger",
    }
}
words! {
    /// A colour scheme that a widget forces.
    Theme { Light = "light", Dark = "dark" }
}
words! {
    /// How a border is drawn.
    BorderStyle {
        Solid = "solid", Dashed = "dashed", Dotted = "dotted", Double = "double", Groove = "groove", Ridge = "ridge",
        Inset = "inset", Outset = "outset",
    }
}

/// A colour.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export_to = "widget/")]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Color {
    /// One by its meaning, or of the palette: letters, digits and hyphens. Whoever draws knows its set.
    Token {
        /// Its name, such as `secondary` or `red-100`.
        name: String,
    },
    /// One for each scheme: a hexadecimal number of CSS, which begins with `#`, or the name of a token.
    Fixed {
        /// In light.
        light: String,
        /// In dark.
        dark: String,
    },
}

/// Colours by their meaning; those of the palette are a hue and a number.
const TOKENS: &[&str] = &[
    "prose",
    "primary",
    "emphasis",
    "secondary",
    "tertiary",
    "success",
    "warning",
    "danger",
    "surface",
    "surface-secondary",
    "surface-tertiary",
    "surface-elevated",
    "surface-elevated-secondary",
    "default",
    "subtle",
    "strong",
    "info",
    "discovery",
    "caution",
];

/// The hues of the palette.
const HUES: &[&str] = &["gray", "red", "orange", "yellow", "green", "blue", "purple", "pink"];

impl Color {
    pub(crate) fn read(value: &Value) -> Option<Self> {
        match value {
            Value::String(text) => Self::named(text.trim()).or_else(|| {
                let color = css::color(text)?;
                Some(Self::Fixed { light: color.clone(), dark: color })
            }),
            Value::Object(pair) => {
                let side = |key: &str| {
                    let text = pair.get(key)?.as_str()?.trim();
                    if is_token(text) { Some(text.to_owned()) } else { css::color(text) }
                };
                let (light, dark) = (side("light"), side("dark"));
                let either = light.clone().or_else(|| dark.clone())?;
                Some(Self::Fixed { light: light.unwrap_or_else(|| either.clone()), dark: dark.unwrap_or(either) })
            }
            _ => None,
        }
    }

    fn named(name: &str) -> Option<Self> {
        is_token(name).then(|| Self::Token { name: name.to_owned() })
    }
}

/// Whether a colour has this name: a meaning, or one of the palette.
fn is_token(name: &str) -> bool {
    let of_palette = name
        .split_once('-')
        .is_some_and(|(hue, shade)| HUES.contains(&hue) && shade.parse::<u16>().is_ok_and(|shade| shade <= 1_000));
    TOKENS.contains(&name) || of_palette || HUES.contains(&name)
}

/// Distances to the four sides, as lengths of CSS.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, TS)]
#[ts(export_to = "widget/")]
pub struct Edges {
    /// Above.
    pub top: Option<String>,
    /// To the right.
    pub right: Option<String>,
    /// Below.
    pub bottom: Option<String>,
    /// To the left.
    pub left: Option<String>,
}

impl Edges {
    pub(crate) fn read(value: &Value) -> Option<Self> {
        let Value::Object(sides) = value else {
            let all = css::space(value);
            return all.is_some().then(|| Self {
                top: all.clone(),
                right: all.clone(),
                bottom: all.clone(),
                left: all,
            });
        };
        let side = |own: &str, both: &str| side(sides, own, both).and_then(css::space);
        Some(Self {
            top: side("top", "y"),
            right: side("right", "x"),
            bottom: side("bottom", "y"),
            left: side("left", "x"),
        })
    }
}

/// A line around something, side by side.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, TS)]
#[ts(export_to = "widget/")]
pub struct Borders {
    /// Above.
    pub top: Option<Border>,
    /// To the right.
    pub right: Option<Border>,
    /// Below.
    pub bottom: Option<Border>,
    /// To the left.
    pub left: Option<Border>,
}

/// A line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export_to = "widget/")]
pub struct Border {
    /// How thick, as a length of CSS.
    pub size: String,
    /// In which colour.
    pub color: Option<Color>,
    /// How it is drawn.
    pub style: Option<BorderStyle>,
}

/// The thickest line, in pixels.
const THICKEST: f64 = 32.0;

impl Border {
    fn read(value: &Value) -> Option<Self> {
        let thick = |value: &Value| value.as_f64().map(|size| size.clamp(0.0, THICKEST)).and_then(css::pixels);
        match value {
            Value::Object(line) => Some(Self {
                size: thick(line.get("size")?)?,
                color: line.get("color").and_then(Color::read),
                style: line.get("style").and_then(|style| serde_json::from_value(style.clone()).ok()),
            }),
            _ => Some(Self { size: thick(value)?, color: None, style: None }),
        }
    }
}

impl Borders {
    pub(crate) fn read(value: &Value) -> Option<Self> {
        if let Value::Object(sides) = value
            && !sides.contains_key("size")
        {
            let side = |own: &str, both: &str| side(sides, own, both).and_then(Border::read);
            return Some(Self {
                top: side("top", "y"),
                right: side("right", "x"),
                bottom: side("bottom", "y"),
                left: side("left", "x"),
            });
        }
        let all = Border::read(value);
        all.is_some().then(|| Self { top: all.clone(), right: all.clone(), bottom: all.clone(), left: all })
    }
}

/// What is said of one side, or else of it and the one across.
fn side<'a>(sides: &'a Map<String, Value>, own: &str, both: &str) -> Option<&'a Value> {
    sides.get(own).or_else(|| sides.get(both))
}

/// The room that something takes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, TS)]
#[ts(export_to = "widget/")]
#[allow(missing_docs, reason = "the names are those of CSS; all are lengths of CSS")]
pub struct Block {
    pub width: Option<String>,
    pub height: Option<String>,
    pub min_width: Option<String>,
    pub min_height: Option<String>,
    pub max_width: Option<String>,
    pub max_height: Option<String>,
    pub aspect_ratio: Option<String>,
    pub radius: Option<Radius>,
    pub margin: Option<Edges>,
}

impl Block {
    pub(crate) fn read(props: &Props<'_>) -> Self {
        let dim = |own: &str, both: &str| props.with(own, css::dim).or_else(|| props.with(both, css::dim));
        Self {
            width: dim("width", "size"),
            height: dim("height", "size"),
            min_width: dim("minWidth", "minSize"),
            min_height: dim("minHeight", "minSize"),
            max_width: dim("maxWidth", "maxSize"),
            max_height: dim("maxHeight", "maxSize"),
            aspect_ratio: props.with("aspectRatio", css::ratio),
            radius: props.word("radius"),
            margin: props.with("margin", Edges::read),
        }
    }
}

/// How something stands that holds others.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, TS)]
#[ts(export_to = "widget/")]
pub struct BoxLook {
    /// In which direction its children follow each other.
    pub direction: Option<Direction>,
    /// Where they stand across that.
    pub align: Option<Align>,
    /// Where they stand along that.
    pub justify: Option<Justify>,
    /// Whether they go on in another line.
    pub wrap: Option<Wrap>,
    /// How it shares room with its neighbours, as `flex` of CSS.
    pub flex: Option<String>,
    /// Between its children.
    pub gap: Option<String>,
    /// Around its children.
    pub padding: Option<Edges>,
    /// The line around it.
    pub border: Option<Borders>,
    /// Its background.
    pub background: Option<Color>,
    /// Its own room.
    #[serde(flatten)]
    pub block: Block,
}

impl BoxLook {
    pub(crate) fn read(props: &Props<'_>) -> Self {
        Self {
            direction: props.word("direction"),
            align: props.word("align"),
            justify: props.word("justify"),
            wrap: props.word("wrap"),
            flex: props.with("flex", css::flex),
            gap: props.with("gap", css::space),
            padding: props.with("padding", Edges::read),
            border: props.with("border", Borders::read),
            background: props.with("background", Color::read),
            block: Block::read(props),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn colours_are_tokens_or_numbers_for_both_schemes() {
        let token = |name: &str| Some(Color::Token { name: name.to_owned() });
        assert_eq!(Color::read(&json!("surface-elevated")), token("surface-elevated"));
        assert_eq!(Color::read(&json!("red-100")), token("red-100"));
        assert_eq!(Color::read(&json!("red-oops")), None);
        let both = Color::Fixed { light: "#ff0000".into(), dark: "#000080".into() };
        assert_eq!(Color::read(&json!({"light": "#f00", "dark": "navy"})), Some(both));
        let named = Color::Fixed { light: "gray-900".into(), dark: "surface".into() };
        assert_eq!(Color::read(&json!({"light": "gray-900", "dark": " surface "})), Some(named));
        let one = Color::Fixed { light: "#ff0000".into(), dark: "#ff0000".into() };
        assert_eq!(Color::read(&json!({"light": "#f00", "dark": "url(x)"})), Some(one));
        assert_eq!(Color::read(&json!("red; x")), None);
    }

    #[test]
    fn sides_are_said_one_by_one_or_together() {
        let edges = Edges::read(&json!({"x": 2, "top": "1px", "y": 3})).unwrap();
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(
            (edges.top, edges.right, edges.bottom, edges.left),
            (text("1px"), text("8px"), text("12px"), text("8px"))
        );
        let borders = Borders::read(&json!({"bottom": {"size": 2, "color": "subtle", "style": "dashed"}})).unwrap();
        assert_eq!(borders.top, None);
        assert_eq!(borders.bottom.unwrap().style, Some(BorderStyle::Dashed));
        assert_eq!(Borders::read(&json!(1)).unwrap().left.unwrap().size, "1px");
        assert_eq!(Borders::read(&json!({"size": 9_999})).unwrap().left.unwrap().size, "32px");
    }
}

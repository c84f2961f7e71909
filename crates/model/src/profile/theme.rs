//! How conversations look (section 12, `theme`).

use std::fmt::{self, Formatter};

use schemars::JsonSchema;
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{
        MapAccess, Visitor,
        value::{MapAccessDeserializer, StrDeserializer},
    },
};
use ts_rs::TS;

/// How conversations look (`theme`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct ThemeOptions {
    /// Light or dark, whatever the window is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub color_scheme: Option<ColorScheme>,
    /// How round corners are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub radius: Option<CornerRadius>,
    /// How much space stands between things.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub density: Option<Density>,
    /// Letters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub typography: Option<Typography>,
    /// Colours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub color: Option<ThemeColors>,
}

/// How conversations look, or only which scheme they have.
#[derive(JsonSchema)]
#[schemars(untagged, inline)]
#[allow(dead_code, reason = "it is only described")]
pub(super) enum OptionsOrScheme {
    /// The scheme.
    Scheme(ColorScheme),
    /// Options.
    Options(Box<ThemeOptions>),
}

/// Reads a theme, also one that is only the name of a scheme, as ChatKit's own component takes it.
pub(super) fn options_or_scheme<'de, D: Deserializer<'de>>(from: D) -> Result<Option<ThemeOptions>, D::Error> {
    from.deserialize_any(Either)
}

struct Either;

impl<'de> Visitor<'de> for Either {
    type Value = Option<ThemeOptions>;

    fn expecting(&self, words: &mut Formatter<'_>) -> fmt::Result {
        words.write_str("an object, “light” or “dark”")
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_str<E: serde::de::Error>(self, scheme: &str) -> Result<Self::Value, E> {
        let scheme = ColorScheme::deserialize(StrDeserializer::new(scheme))?;
        Ok(Some(ThemeOptions { color_scheme: Some(scheme), ..ThemeOptions::default() }))
    }

    fn visit_map<A: MapAccess<'de>>(self, options: A) -> Result<Self::Value, A::Error> {
        ThemeOptions::deserialize(MapAccessDeserializer::new(options)).map(Some)
    }
}

/// A colour scheme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ColorScheme {
    /// Dark letters on light surfaces.
    Light,
    /// Light letters on dark surfaces.
    Dark,
}

/// How round corners are (`theme.radius`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum CornerRadius {
    /// Ends are half circles.
    Pill,
    /// Very round.
    Round,
    /// A little round.
    Soft,
    /// Not round.
    Sharp,
}

/// How much space stands between things (`theme.density`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Density {
    /// Less than usual.
    Compact,
    /// The usual.
    Normal,
    /// More than usual.
    Spacious,
}

/// Letters (`theme.typography`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Typography {
    /// How large text is, in CSS pixels: 14 to 18.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base_size: Option<u8>,
    /// Names of fonts for text, as CSS writes them; fonts that are not installed are passed over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub font_family: Option<String>,
    /// The same for code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub font_family_mono: Option<String>,
}

/// Colours (`theme.color`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ThemeColors {
    /// The colour of what is grey otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grayscale: Option<Grayscale>,
    /// The colour of what can be pressed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accent: Option<Accent>,
    /// The colours of surfaces.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub surface: Option<Surface>,
}

/// The colour of what is grey otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Grayscale {
    /// Which colour, in degrees of the colour circle: 0 to 360.
    pub hue: u16,
    /// How much of it: 0 to 9.
    pub tint: u8,
    /// Lighter below 0, darker above: −4 to 4.
    #[serde(default)]
    pub shade: i8,
}

/// The colour of what can be pressed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Accent {
    /// A colour as CSS writes it.
    pub primary: String,
    /// How much of it shows beside that, in the person's messages and what is chosen: 0 to 3.
    #[serde(default)]
    pub level: u8,
}

/// The colours of surfaces, as CSS writes them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Surface {
    /// Behind the conversation.
    pub background: String,
    /// Of what stands out of it, such as cards and the message field.
    pub foreground: String,
}

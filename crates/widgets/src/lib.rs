//! What a ChatKit server sends as a widget (section 11), read into a tree that a window can draw without thinking.
//!
//! Nothing of the server's reaches a style, an element's name or an attribute as it came: lengths, colours and proportions
//! are parsed and written anew ([`css`]), words of closed sets become values of closed types ([`look`]), and what is not
//! known is left out and named in a [`Hint`]. A tree is bounded in depth and in size. The set of components stays open: of
//! an unknown one its children are kept.

mod action;
mod chart;
mod component;
mod controls;
mod css;
mod display;
mod look;
mod props;
mod read;
mod roots;
#[cfg(test)]
mod tests;
mod texts;

pub use action::{Action, Handler, Loading};
pub use chart::{Axis, Chart, Curve, Datum, Row as ChartRow, Series, SeriesKind};
pub use component::{Component, Node};
pub use controls::{
    Checkbox, Choice, DatePicker, Editable, Field, Gutter, InputType, RadioGroup, Select, Side, SideAlign,
};
pub use css::parsed as css_color;
/// A colour as numbers: red, green, blue and alpha from 0 to 1, and its ways into other spaces.
pub use csscolorparser::Color as Rgba;
pub use display::{Badge, ButtonLook, DividerLook, Image, TableCell};
pub use look::{
    Align, Block, Border, BorderStyle, Borders, BoxLook, Color, ControlSize, Direction, Edges, Justify, Radius, Size,
    Theme, Tone, Variant, Wrap,
};
pub use read::{Hint, Limits, Reading, read};
pub use roots::{Card, CardAction, Confirming, ListView, Status};
pub use texts::{Text, TextLook};

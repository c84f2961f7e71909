//! Colours as they are shown, and how well one can be read on another.

use widgets::{Rgba, css_color};

/// A colour without transparency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rgb([u8; 3]);

/// Which of the two ends of lightness something is nearer to, or goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pole {
    /// Black.
    Black,
    /// White.
    White,
}

impl Pole {
    /// In which of both text is read better on a surface.
    pub fn on(surface: Rgb) -> Self {
        if surface.contrast(Rgb::BLACK) >= surface.contrast(Rgb::WHITE) { Self::Black } else { Self::White }
    }

    /// The colour.
    pub const fn rgb(self) -> Rgb {
        match self {
            Self::Black => Rgb::BLACK,
            Self::White => Rgb::WHITE,
        }
    }

    /// The other one.
    pub const fn other(self) -> Self {
        match self {
            Self::Black => Self::White,
            Self::White => Self::Black,
        }
    }
}

/// How far lightness is moved at once, where 1 is from black to white.
const STEP: f32 = 0.01;

impl Rgb {
    pub const BLACK: Self = Self([0; 3]);
    pub const WHITE: Self = Self([255; 3]);

    /// From a number such as `0x1b2127`.
    pub const fn new(number: u32) -> Self {
        let [_, red, green, blue] = number.to_be_bytes();
        Self([red, green, blue])
    }

    /// A colour as CSS writes it. What is behind a transparent one is unknown, so it counts as if it were not.
    pub fn parse(text: &str) -> Option<Self> {
        css_color(text).filter(|color| color.a > 0.0).map(|color| Self::of(&color))
    }

    /// As `#rrggbb`.
    pub fn css(self) -> String {
        let [red, green, blue] = self.0;
        format!("#{red:02x}{green:02x}{blue:02x}")
    }

    fn of(color: &Rgba) -> Self {
        let [red, green, blue, _] = color.clamp().to_rgba8();
        Self([red, green, blue])
    }

    fn rgba(self) -> Rgba {
        let [red, green, blue] = self.0;
        Rgba::from_rgba8(red, green, blue, 255)
    }

    /// Relative luminance, as WCAG 2 has it.
    fn luminance(self) -> f32 {
        let [red, green, blue, _] = self.rgba().to_linear_rgba();
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// The contrast of two colours, as WCAG 2 has it: from 1 to 21.
    pub fn contrast(self, other: Self) -> f32 {
        let (one, other) = (self.luminance(), other.luminance());
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    /// This with a share of another colour, from 0 to 1.
    pub fn mixed(self, other: Self, share: f32) -> Self {
        Self::of(&self.rgba().interpolate_oklab(&other.rgba(), share))
    }

    /// Lightness, from 0 to 1.
    fn lightness(self) -> f32 {
        self.rgba().to_oklcha()[0]
    }

    /// The same lightness and something, in another hue (in degrees), and of so much colour.
    pub fn tinted(self, hue: f32, chroma: f32, darker: f32) -> Self {
        shown(self.lightness() - darker, chroma, hue.to_radians())
    }

    /// This, moved so far towards black or white.
    pub fn moved(self, to: Pole, by: f32) -> Self {
        let [lightness, chroma, hue, _] = self.rgba().to_oklcha();
        let lightness = match to {
            Pole::Black => lightness - by,
            Pole::White => lightness + by,
        };
        shown(lightness, chroma, hue)
    }

    /// This, moved towards black or white until it fits. If nothing does, it is black or white.
    pub fn until(self, to: Pole, fits: impl Fn(Self) -> bool) -> Self {
        let mut by = 0.0;
        let mut color = self;
        while !fits(color) {
            by += STEP;
            if by > 1.0 {
                return to.rgb();
            }
            color = self.moved(to, by);
        }
        color
    }
}

/// A colour that screens have: of as much of the chroma as there is at that lightness.
fn shown(lightness: f32, chroma: f32, hue: f32) -> Rgb {
    let lightness = lightness.clamp(0.0, 1.0);
    let mut chroma = chroma.clamp(0.0, 0.4);
    loop {
        let color = Rgba::from_oklcha(lightness, chroma, hue, 1.0);
        let is_there = [color.r, color.g, color.b].iter().all(|part| (-0.002..=1.002).contains(part));
        if is_there || chroma < 0.002 {
            return Rgb::of(&color);
        }
        chroma *= 0.9;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contrast_is_that_of_wcag() {
        assert!((Rgb::BLACK.contrast(Rgb::WHITE) - 21.0).abs() < 0.01);
        let grey = Rgb::parse("#767676").unwrap();
        assert!((grey.contrast(Rgb::WHITE) - 4.54).abs() < 0.01);
        assert_eq!((Pole::on(grey.moved(Pole::White, 0.2)), Pole::on(Rgb::BLACK)), (Pole::Black, Pole::White));
    }

    #[test]
    fn colours_are_moved_in_lightness_and_stay_what_they_are() {
        let red = Rgb::parse("rgb(255 0 0 / 40%)").unwrap();
        assert_eq!(red.css(), "#ff0000");
        let darker = red.until(Pole::Black, |color| color.contrast(Rgb::WHITE) >= 7.0);
        let [red, green, blue] = darker.0;
        assert!(red > 90 && green < 40 && blue < 40, "{}", darker.css());
        assert_eq!(darker.until(Pole::White, |_| false), Rgb::WHITE);
        assert_eq!((Rgb::parse("transparent"), Rgb::parse("var(--x)")), (None, None));
    }
}

//! How conversations look: what a profile says of it as colours and fonts that the window can use as they are.
//!
//! A profile names a few colours; the window has some forty. The others are made of those few, each for light and dark, and
//! their lightness is moved as far as it has to be for text to be read: 4.5 to 1 where there are letters, 3 to 1 at the
//! edges of controls, as WCAG 2.2 has it (1.4.3, 1.4.11). Text wins over what was wanted of a colour.

mod palette;
mod rgb;

use model::{Accent, Grayscale, ThemeColors, ThemeOptions, Typography};

use self::{
    palette::{HOVER, NEUTRAL, PRESSED, Palette, SELECTION, SOFT, SURFACES, Scheme, TOKENS},
    rgb::{Pole, Rgb},
};
use super::fonts::families;
use crate::view::{ThemeColorView, ThemeView};

/// The contrast of letters.
const LETTERS: f32 = 4.5;

/// The contrast of edges of controls.
const EDGES: f32 = 3.0;

/// How much room a surface leaves for letters of several strengths.
const ROOM: f32 = 5.5;

/// How a theme is shown; nothing if it says nothing.
pub(super) fn shown(theme: &ThemeOptions) -> Option<ThemeView> {
    let Typography { base_size, font_family, font_family_mono } = theme.typography.clone().unwrap_or_default();
    let view = ThemeView {
        scheme: theme.color_scheme,
        radius: theme.radius,
        density: theme.density,
        base_size: base_size.filter(|size| (14..=18).contains(size)),
        font: font_family.and_then(|list| families(&list, "sans-serif")),
        font_code: font_family_mono.and_then(|list| families(&list, "monospace")),
        colors: theme.color.as_ref().map(colors).unwrap_or_default(),
    };
    (view != ThemeView::default()).then_some(view)
}

/// The colours that are different.
fn colors(colors: &ThemeColors) -> Vec<ThemeColorView> {
    let wanted = Wanted::read(colors);
    if wanted == Wanted::default() {
        return Vec::new();
    }
    let [light, dark] = [Scheme::Light, Scheme::Dark].map(|scheme| (Palette::own(scheme), wanted.palette(scheme)));
    let names = TOKENS.iter().map(|(name, ..)| *name);
    let own = light.0.all().zip(dark.0.all());
    let made = light.1.all().zip(dark.1.all());
    let all = names.zip(own.zip(made)).filter(|(_, (own, made))| own != made);
    all.map(|(name, (_, (light, dark)))| ThemeColorView {
        token: name.to_owned(),
        light: light.css(),
        dark: dark.css(),
    })
    .collect()
}

/// What a profile wants, as far as it can be read.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Wanted {
    gray: Option<Grayscale>,
    accent: Option<Rgb>,
    /// How much of the accent shows elsewhere, from 0 to 3.
    level: usize,
    background: Option<Rgb>,
    foreground: Option<Rgb>,
}

impl Wanted {
    fn read(colors: &ThemeColors) -> Self {
        let gray = colors.grayscale.filter(|gray| gray.hue <= 360 && gray.tint <= 9 && (-4..=4).contains(&gray.shade));
        let accent = colors.accent.as_ref().and_then(|Accent { primary, level }| Some((Rgb::parse(primary)?, *level)));
        let surface = colors.surface.as_ref();
        Self {
            gray,
            accent: accent.map(|(accent, _)| accent),
            level: accent.map_or(0, |(_, level)| usize::from(level.min(3))),
            background: surface.and_then(|surface| Rgb::parse(&surface.background)),
            foreground: surface.and_then(|surface| Rgb::parse(&surface.foreground)),
        }
    }

    /// All colours where the window is light or dark.
    fn palette(&self, scheme: Scheme) -> Palette {
        // Light letters stand on a dark background, also where the window is light.
        let scheme = match self.background.map(Pole::on) {
            None => scheme,
            Some(Pole::Black) => Scheme::Light,
            Some(Pole::White) => Scheme::Dark,
        };
        let mut all = Palette::own(scheme);
        if let Some(gray) = self.gray {
            NEUTRAL.iter().for_each(|name| all.put(name, grayed(gray, all.get(name))));
        }
        self.surfaces(&mut all);
        let letters = match scheme {
            Scheme::Light => Pole::Black,
            Scheme::Dark => Pole::White,
        };
        self.accents(&mut all, letters);
        readable(&mut all, letters);
        all
    }

    /// The surfaces that it names, and those that are made of them.
    fn surfaces(&self, all: &mut Palette) {
        if self.background.is_none() && self.foreground.is_none() {
            return;
        }
        let background = self.background.unwrap_or_else(|| all.get("surface"));
        let letters = Pole::on(background).rgb();
        all.put("surface", background);
        all.put("surface-raised", self.foreground.unwrap_or_else(|| background.mixed(letters, 0.03)));
        for (name, share) in [
            ("surface-side", 0.035),
            ("surface-bubble", 0.07),
            ("surface-code", 0.03),
            ("surface-selected", 0.1),
            (HOVER, 0.05),
            (PRESSED, 0.09),
            ("line", 0.1),
            ("line-strong", 0.2),
            ("line-control", 0.45),
        ] {
            all.put(name, background.mixed(letters, share));
        }
        for (soft, sign) in [("warning-soft", "warning"), ("danger-soft", "danger")] {
            all.put(soft, background.mixed(all.get(sign), 0.1));
        }
    }

    /// The accent, and what has some of it.
    fn accents(&self, all: &mut Palette, letters: Pole) {
        let background = all.get("surface");
        let wanted = self.accent.unwrap_or_else(|| all.get("accent"));
        let accent = wanted.until(letters, |color| color.contrast(background) >= LETTERS);
        if self.accent.is_some() {
            all.put("accent", accent);
            all.put("accent-hover", accent.moved(letters, 0.06));
            all.put("focus", accent);
            let bubble = all.get("surface-bubble");
            all.put("surface-bubble", bubble.mixed(accent, [0.0, 0.06, 0.14, 0.24][self.level]));
            let selected = all.get("surface-selected");
            all.put("surface-selected", selected.mixed(accent, [0.0, 0.04, 0.1, 0.16][self.level]));
        }
        if self.accent.is_some() || self.background.is_some() || self.foreground.is_some() {
            all.put("accent-soft", background.mixed(accent, [0.08, 0.12, 0.18, 0.26][self.level]));
            all.put(SELECTION, background.mixed(accent, 0.3));
        }
    }
}

/// A colour that is grey otherwise.
fn grayed(gray: Grayscale, color: Rgb) -> Rgb {
    color.tinted(f32::from(gray.hue), f32::from(gray.tint) * 0.006, f32::from(gray.shade) * 0.02)
}

/// Moves lightness until everything can be read: surfaces away from letters, and letters away from surfaces.
fn readable(all: &mut Palette, letters: Pole) {
    for name in SURFACES.iter().chain(&SOFT).chain([&SELECTION]) {
        let surface = all.get(name).until(letters.other(), |surface| surface.contrast(letters.rgb()) >= ROOM);
        all.put(name, surface);
    }
    let mut read = |name: &str, surfaces: &[&[&str]], least: f32| {
        let surfaces: Vec<_> = surfaces.iter().flat_map(|some| some.iter()).map(|name| all.get(name)).collect();
        let fits = |color: Rgb| surfaces.iter().all(|surface| color.contrast(*surface) >= least);
        all.put(name, all.get(name).until(letters, fits));
    };
    read("text", &[&SURFACES, &SOFT, &[SELECTION]], LETTERS);
    read("text-muted", &[&SURFACES, &SOFT], LETTERS);
    read("text-faint", &[&SURFACES], LETTERS);
    read("accent", &[&SURFACES], LETTERS);
    for sign in ["good", "warning", "danger", "danger-fill"] {
        read(sign, &[&SURFACES, &SOFT], LETTERS);
    }
    for (name, ..) in TOKENS.iter().filter(|(name, ..)| name.starts_with("code-")) {
        read(name, &[&["surface-code"]], LETTERS);
    }
    read("focus", &[&SURFACES], EDGES);
    read("line-control", &[&["surface", "surface-side", "surface-raised"]], EDGES);
    // What is read on the surfaces is far enough from them for the other end to be read on it.
    let under = letters.other();
    let accent = all.get("accent");
    let hover = all.get("accent-hover").until(letters, |color| color.contrast(under.rgb()) >= LETTERS);
    all.put("accent-hover", hover);
    for (name, on) in [("on-accent", vec![accent, hover]), ("on-danger", vec![all.get("danger-fill")])] {
        let fits = |color: Rgb| on.iter().all(|fill| color.contrast(*fill) >= LETTERS);
        all.put(name, all.get(name).until(under, fits));
    }
}

#[cfg(test)]
#[path = "theme/tests.rs"]
mod tests;

//! The colours of the window by their names, and which of them stand on which.

use super::rgb::Rgb;

/// A scheme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// Dark letters.
    Light,
    /// Light letters.
    Dark,
}

/// The window's own colours that a theme may replace: in light, in dark. They are those of `ui/src/design/tokens.css`,
/// which a test compares.
pub const TOKENS: [(&str, u32, u32); 37] = [
    ("surface", 0xffffff, 0x16191d),
    ("surface-side", 0xf4f5f6, 0x111417),
    ("surface-raised", 0xffffff, 0x1f2329),
    ("surface-bubble", 0xeaf0f6, 0x28303a),
    ("surface-code", 0xf6f7f8, 0x1c2025),
    ("surface-selected", 0xe3e7eb, 0x272c33),
    ("text", 0x1b2127, 0xe8eaed),
    ("text-muted", 0x57606a, 0xa4acb6),
    ("text-faint", 0x5c656e, 0x98a1ab),
    ("line", 0xe2e5e8, 0x2a2f36),
    ("line-strong", 0xc6ccd2, 0x414851),
    ("line-control", 0x858e98, 0x717b87),
    ("accent", 0x1f5f99, 0x7db5e8),
    ("accent-hover", 0x194f81, 0x96c4ee),
    ("on-accent", 0xffffff, 0x0d1a26),
    ("accent-soft", 0xe4eef8, 0x1d2c3b),
    ("focus", 0x2a74b8, 0x7db5e8),
    ("good", 0x1a6b3c, 0x6fcf97),
    ("warning", 0x855300, 0xe5b567),
    ("warning-soft", 0xfdf4e3, 0x2d2617),
    ("danger", 0xb3261e, 0xf2938c),
    ("danger-soft", 0xfdefee, 0x331e1d),
    ("danger-fill", 0xb3261e, 0xf2938c),
    ("on-danger", 0xffffff, 0x2a0d0b),
    ("code-comment", 0x5f6973, 0x929ca8),
    ("code-string", 0x1a6b3c, 0x8fd3a5),
    ("code-constant", 0x8a4b08, 0xe0b078),
    ("code-keyword", 0x8b2f8f, 0xd79de0),
    ("code-function", 0x1f5f99, 0x82bcf0),
    ("code-type", 0x0f6a73, 0x74cbd3),
    ("code-tag", 0xa3262e, 0xf09aa0),
    ("code-attribute", 0x7a5200, 0xdcb970),
    ("code-inserted", 0x1a6b3c, 0x8fd3a5),
    ("code-deleted", 0xa3262e, 0xf09aa0),
    // These are transparent in the window's own colours, over whatever is behind. In a theme they are solid, so that their
    // contrast is known.
    (HOVER, 0xf4f4f5, 0x212428),
    (PRESSED, 0xeaebec, 0x2b2e31),
    (SELECTION, 0xb9d6f2, 0x253b4d),
];

/// Behind what the pointer is on.
pub const HOVER: &str = "surface-hover";
/// Behind what is pressed.
pub const PRESSED: &str = "surface-pressed";
/// Behind text that is selected.
pub const SELECTION: &str = "selection";

/// What all text stands on.
pub const SURFACES: [&str; 9] = [
    "surface",
    "surface-side",
    "surface-raised",
    "surface-bubble",
    "surface-code",
    "surface-selected",
    HOVER,
    PRESSED,
    "accent-soft",
];

/// What only text that is not faint stands on.
pub const SOFT: [&str; 2] = ["warning-soft", "danger-soft"];

/// What is grey otherwise.
pub const NEUTRAL: [&str; 14] = [
    "surface",
    "surface-side",
    "surface-raised",
    "surface-bubble",
    "surface-code",
    "surface-selected",
    HOVER,
    PRESSED,
    "text",
    "text-muted",
    "text-faint",
    "line",
    "line-strong",
    "line-control",
];

/// Colours by their names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Palette([Rgb; TOKENS.len()]);

impl Palette {
    /// The window's own.
    pub fn own(scheme: Scheme) -> Self {
        Self(TOKENS.map(|(_, light, dark)| match scheme {
            Scheme::Light => Rgb::new(light),
            Scheme::Dark => Rgb::new(dark),
        }))
    }

    /// One of them. What has no place here is black; the names are this program's own.
    pub fn get(&self, name: &str) -> Rgb {
        place(name).map_or(Rgb::BLACK, |at| self.0[at])
    }

    /// Replaces one of them.
    pub fn put(&mut self, name: &str, color: Rgb) {
        if let Some(at) = place(name) {
            self.0[at] = color;
        }
    }

    /// All of them, in the order of [`TOKENS`].
    pub fn all(&self) -> impl Iterator<Item = Rgb> + '_ {
        self.0.iter().copied()
    }
}

fn place(name: &str) -> Option<usize> {
    TOKENS.iter().position(|(token, ..)| *token == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As the window has them.
    const CSS: &str = include_str!("../../../../../ui/src/design/tokens.css");

    #[test]
    fn the_colours_are_those_of_the_window() {
        for (name, light, dark) in TOKENS {
            let line = CSS.lines().map(str::trim).find_map(|line| line.strip_prefix(&format!("--{name}: ")));
            let line = line.unwrap_or_else(|| panic!("there is no --{name} in tokens.css"));
            if ![HOVER, PRESSED, SELECTION].contains(&name) {
                assert_eq!(line, format!("light-dark(#{light:06x}, #{dark:06x});"), "{name}");
            }
        }
        let named = [&SURFACES[..], &SOFT, &NEUTRAL].concat();
        assert!(named.into_iter().all(|name| place(name).is_some()));
    }

    #[test]
    fn no_colour_of_the_window_is_without_a_place_but_those_over_others() {
        let colours = CSS.lines().filter_map(|line| line.trim().strip_prefix("--")?.split_once(": light-dark("));
        let missing: Vec<_> = colours.map(|(name, _)| name).filter(|name| place(name).is_none()).collect();
        assert_eq!(missing, ["scrim"]);
    }
}

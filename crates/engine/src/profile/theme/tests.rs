//! Whatever a profile wants of colours, what is made of it can be read.

use model::Surface;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn theme(options: Value) -> Option<ThemeView> {
    shown(&serde_json::from_value(options).unwrap())
}

fn color(view: &ThemeView, token: &str) -> (String, String) {
    let found = view.colors.iter().find(|color| color.token == token);
    found.map(|color| (color.light.clone(), color.dark.clone())).unwrap_or_default()
}

/// Which colours stand on which, and how well they have to be read.
fn below(all: &Palette) -> Vec<String> {
    let mut pairs = Vec::new();
    for surface in SURFACES {
        for text in ["text", "text-muted", "text-faint", "accent", "good", "warning", "danger"] {
            pairs.push((text, surface, LETTERS));
        }
        pairs.push(("focus", surface, EDGES));
    }
    for soft in SOFT {
        pairs.extend([("text", soft, LETTERS), ("text-muted", soft, LETTERS), ("danger", soft, LETTERS)]);
    }
    let code = TOKENS.iter().map(|(name, ..)| *name).filter(|name| name.starts_with("code-"));
    pairs.extend(code.map(|name| (name, "surface-code", LETTERS)));
    pairs.extend([
        ("text", SELECTION, LETTERS),
        ("on-accent", "accent", LETTERS),
        ("on-accent", "accent-hover", LETTERS),
        ("on-danger", "danger-fill", LETTERS),
        ("line-control", "surface", EDGES),
        ("line-control", "surface-raised", EDGES),
        ("line-control", "surface-side", EDGES),
    ]);
    let ratio = |one: &str, other: &str| all.get(one).contrast(all.get(other));
    pairs
        .into_iter()
        .filter(|(one, other, least)| ratio(one, other) < *least)
        .map(|(one, other, least)| format!("{one} on {other}: {} < {least}", ratio(one, other)))
        .collect()
}

#[test]
fn what_says_nothing_changes_nothing() {
    assert_eq!(theme(json!({})), None);
    assert_eq!(theme(json!({"color": {"accent": {"primary": "var(--x)"}}, "typography": {"baseSize": 40}})), None);
    let scheme = theme(json!({"colorScheme": "dark", "typography": {"baseSize": 17, "fontFamily": "Inter"}})).unwrap();
    assert_eq!((scheme.base_size, scheme.font.as_deref()), (Some(17), Some("\"Inter\", sans-serif")));
    assert!(scheme.colors.is_empty() && scheme.scheme.is_some());
}

#[test]
fn an_accent_that_can_be_read_stays_as_it_is() {
    let view = theme(json!({"color": {"accent": {"primary": "#7a1fa2", "level": 1}}})).unwrap();
    let (light, dark) = color(&view, "accent");
    assert_eq!(light, "#7a1fa2");
    assert_ne!(dark, light, "it would be too dark on a dark surface");
    assert_eq!(color(&view, "surface"), Default::default(), "surfaces stay the window's own");
    assert_ne!(color(&view, "surface-bubble"), Default::default());
}

#[test]
fn a_dark_background_has_light_letters_in_both_schemes() {
    let view = theme(json!({"color": {"surface": {"background": "#101820", "foreground": "#182430"}}})).unwrap();
    assert_eq!(color(&view, "surface"), ("#101820".to_owned(), "#101820".to_owned()));
    assert_eq!(color(&view, "surface-raised").0, "#182430");
    assert_eq!(color(&view, "text").0, Palette::own(Scheme::Dark).get("text").css());
}

#[test]
fn greys_have_a_hue_and_a_shade() {
    let view = theme(json!({"color": {"grayscale": {"hue": 30, "tint": 9, "shade": 2}}})).unwrap();
    let (light, dark) = color(&view, "surface-side");
    let Some(light) = Rgb::parse(&light) else { panic!("{view:?}") };
    assert!(light.contrast(Rgb::WHITE) > 1.1, "{}", light.css());
    assert!(!dark.is_empty());
    assert_eq!(theme(json!({"color": {"grayscale": {"hue": 400, "tint": 1}}})), None);
}

fn any_color() -> impl Strategy<Value = String> {
    any::<[u8; 3]>().prop_map(|[red, green, blue]| format!("#{red:02x}{green:02x}{blue:02x}"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]
    #[test]
    fn everything_can_be_read(
        gray in proptest::option::of((0..=360_u16, 0..=9_u8, -4..=4_i8)),
        accent in proptest::option::of((any_color(), 0..=3_u8)),
        surface in proptest::option::of((any_color(), any_color())),
    ) {
        let colors = ThemeColors {
            grayscale: gray.map(|(hue, tint, shade)| Grayscale { hue, tint, shade }),
            accent: accent.map(|(primary, level)| Accent { primary, level }),
            surface: surface.map(|(background, foreground)| Surface { background, foreground }),
        };
        let wanted = Wanted::read(&colors);
        for scheme in [Scheme::Light, Scheme::Dark] {
            prop_assert_eq!(below(&wanted.palette(scheme)), Vec::<String>::new());
        }
    }
}

//! A connection's own options over what its server publishes, key by key.
//!
//! A list is one value, and so is what only makes sense as a whole: a colour, an action, a disclaimer.

use std::collections::BTreeMap;

use model::{
    Accent, ApiOptions, AttachmentOptions, ColorScheme, CommandOptions, ComposerFiles, ComposerOptions, CornerRadius,
    Density, Disclaimer, EntityOptions, Grayscale, HeaderAction, HeaderOptions, HistoryOptions, ItemActions, MaxSize,
    Profile, StartScreen, Surface, ThemeColors, ThemeOptions, ThreadBehaviour, TitleOptions, Typography,
    UploadStrategy,
};

/// What lies over something of its kind.
pub(super) trait Over {
    /// This, and what it does not say from below.
    fn over(self, below: Self) -> Self;
}

impl<T: Over> Over for Option<T> {
    fn over(self, below: Self) -> Self {
        match (self, below) {
            (Some(own), Some(below)) => Some(own.over(below)),
            (own, below) => own.or(below),
        }
    }
}

impl<T> Over for Vec<T> {
    fn over(self, below: Self) -> Self {
        if self.is_empty() { below } else { self }
    }
}

impl<K, V> Over for BTreeMap<K, V> {
    fn over(self, below: Self) -> Self {
        if self.is_empty() { below } else { self }
    }
}

/// What is one value: whoever says it says all of it.
macro_rules! whole {
    ($($type:ty),+ $(,)?) => { $(impl Over for $type {
        fn over(self, _: Self) -> Self {
            self
        }
    })+ };
}

/// What is made of parts, each of which is said or not.
macro_rules! parts {
    ($($type:ident { $($part:ident),+ })+) => { $(impl Over for $type {
        fn over(self, below: Self) -> Self {
            Self { $($part: self.$part.over(below.$part)),+ }
        }
    })+ };
}

whole!(bool, u8, usize, String, ColorScheme, CornerRadius, Density, Grayscale, Accent, Surface);
whole!(HeaderAction, Disclaimer, MaxSize, UploadStrategy);

parts! {
    Profile {
        theme, header, history, start_screen, thread_item_actions, composer, disclaimer, entities, commands, thread, api
    }
    ThemeOptions { color_scheme, radius, density, typography, color }
    Typography { base_size, font_family, font_family_mono }
    ThemeColors { grayscale, accent, surface }
    HeaderOptions { title, left_action, right_action }
    TitleOptions { enabled, text }
    HistoryOptions { show_delete, show_rename }
    StartScreen { greeting, prompts }
    ItemActions { feedback, retry }
    ComposerOptions { placeholder, tools, attachments }
    ComposerFiles { enabled, max_size, max_count, accept }
    EntityOptions { list, search_url, show_composer_menu }
    CommandOptions { enabled, list }
    ThreadBehaviour { auto_scroll }
    ApiOptions { upload_strategy }
    AttachmentOptions { enabled, max_size, max_count, accept, upload_url }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn profile(options: Value) -> Profile {
        serde_json::from_value(options).unwrap()
    }

    #[test]
    fn what_the_connection_says_lies_over_what_its_server_publishes() {
        let published = profile(json!({
            "theme": {"colorScheme": "dark", "density": "compact", "color": {"accent": {"primary": "red", "level": 2}}},
            "header": {"title": {"text": "Theirs"}, "leftAction": {"icon": "home", "label": "Home", "onClick": {"type": "send", "text": "hi"}}},
            "composer": {"placeholder": "Ask", "tools": [{"id": "a", "label": "A"}, {"id": "b", "label": "B"}]},
            "disclaimer": {"text": "Theirs", "highContrast": true},
        }));
        let own = profile(json!({
            "theme": {"density": "spacious", "color": {"accent": {"primary": "blue"}}},
            "header": {"title": {"enabled": true}, "leftAction": {"icon": "menu", "label": "New", "onClick": {"type": "new_thread"}}},
            "composer": {"tools": [{"id": "c", "label": "C"}]},
            "disclaimer": {"text": "Ours"},
        }));
        let both = serde_json::to_value(own.over(published)).unwrap();
        let expected = json!({
            "theme": {"colorScheme": "dark", "density": "spacious", "color": {"accent": {"primary": "blue", "level": 0}}},
            "header": {"title": {"enabled": true, "text": "Theirs"}, "leftAction": {"icon": "menu", "label": "New", "onClick": {"type": "new_thread"}}},
            "composer": {"placeholder": "Ask", "tools": [{"id": "c", "label": "C", "pinned": false, "persistent": false}]},
            "disclaimer": {"text": "Ours", "highContrast": false},
        });
        assert_eq!(both, expected);
    }
}

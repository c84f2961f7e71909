//! What of options could not be used, although it has the right shape: told to whoever writes them.

use model::{Command, ComposerTool, Deed, EntityOptions, Profile, ThemeOptions};
use url::Url;

use super::{checked, fonts::families, texts};

/// The first entry that cannot be used, as a JSON Pointer, and what would be right. `server` is the address of the
/// connection; without one, nothing is said of addresses that have to be on its origin.
pub fn unsound(profile: &Profile, server: Option<&str>) -> Option<(String, String)> {
    let mut looking = Looking { found: None, commands: Vec::new() };
    if let Some(theme) = &profile.theme {
        looking.theme(theme);
    }
    let tools = profile.composer.as_ref().map(|composer| composer.tools.as_slice()).unwrap_or_default();
    looking.ids("/composer/tools", tools.iter().map(|tool| tool.id.as_str()));
    if let Some(header) = &profile.header {
        for (key, action) in [("leftAction", &header.left_action), ("rightAction", &header.right_action)] {
            if let Some(action) = action {
                looking.deed(&format!("/header/{key}/onClick"), &action.on_click, tools);
            }
        }
    }
    if let Some(entities) = &profile.entities {
        looking.entities(entities, server);
    }
    let commands = profile.commands.as_ref().map(|commands| commands.list.as_slice()).unwrap_or_default();
    looking.commands("/commands/list", commands, tools);
    looking.found
}

struct Looking<'a> {
    found: Option<(String, String)>,
    /// The names of commands that were met.
    commands: Vec<&'a str>,
}

impl<'a> Looking<'a> {
    /// Something is wrong unless it holds. The first one stays.
    fn holds(&mut self, holds: bool, at: &str, words: &str) {
        if !holds && self.found.is_none() {
            self.found = Some((at.to_owned(), words.to_owned()));
        }
    }

    fn theme(&mut self, theme: &ThemeOptions) {
        if let Some(fonts) = &theme.typography {
            let fits = fonts.base_size.is_none_or(|size| (14..=18).contains(&size));
            self.holds(fits, "/theme/typography/baseSize", "The size of text is a whole number from 14 to 18.");
            for (key, list) in [("fontFamily", &fonts.font_family), ("fontFamilyMono", &fonts.font_family_mono)] {
                let fits = list.as_ref().is_none_or(|list| families(list, "serif").is_some());
                let words = "No font is named here. Write names with commas between them, such as “Inter, sans-serif”.";
                self.holds(fits, &format!("/theme/typography/{key}"), words);
            }
        }
        let Some(color) = &theme.color else { return };
        if let Some(gray) = &color.grayscale {
            self.holds(gray.hue <= 360, "/theme/color/grayscale/hue", "A hue is a whole number from 0 to 360.");
            self.holds(gray.tint <= 9, "/theme/color/grayscale/tint", "A tint is a whole number from 0 to 9.");
            let fits = (-4..=4).contains(&gray.shade);
            self.holds(fits, "/theme/color/grayscale/shade", "A shade is a whole number from -4 to 4.");
        }
        if let Some(accent) = &color.accent {
            self.color("/theme/color/accent/primary", &accent.primary);
            self.holds(accent.level <= 3, "/theme/color/accent/level", "A level is a whole number from 0 to 3.");
        }
        if let Some(surface) = &color.surface {
            self.color("/theme/color/surface/background", &surface.background);
            self.color("/theme/color/surface/foreground", &surface.foreground);
        }
    }

    fn color(&mut self, at: &str, text: &str) {
        let words = "This is no colour. Write one as CSS does, such as “#1f5f99” or “rebeccapurple”.";
        self.holds(widgets::css_color(text).is_some_and(|color| color.a > 0.0), at, words);
    }

    fn ids<'b>(&mut self, list: &str, ids: impl Iterator<Item = &'b str>) {
        let mut known = Vec::new();
        for (place, id) in ids.enumerate() {
            let at = format!("{list}/{place}/id");
            self.holds(texts::id(id).is_some(), &at, "A name is missing here. It is one line of text.");
            self.holds(!known.contains(&id), &at, "This name is there already. Give each one its own.");
            known.push(id);
        }
    }

    fn entities(&mut self, entities: &EntityOptions, server: Option<&str>) {
        self.ids("/entities/list", entities.list.iter().map(|entity| entity.id.as_str()));
        let (Some(url), Some(server)) = (&entities.search_url, server) else { return };
        let words = "This address is on another server than the connection. A search goes to the connection's own, with \
                     its sign-in.";
        self.holds(checked::at_home(url, server).is_some(), "/entities/searchUrl", words);
    }

    fn commands(&mut self, list: &str, commands: &'a [Command], tools: &[ComposerTool]) {
        for (place, command) in commands.iter().enumerate() {
            let at = format!("{list}/{place}");
            let known = self.commands.contains(&command.id.as_str());
            let words = "Another command has this name. Give each one its own, those of menus too.";
            self.holds(!known, &format!("{at}/id"), words);
            self.commands.push(&command.id);
            self.deed(&format!("{at}/onSelect"), &command.on_select, tools);
        }
    }

    fn deed(&mut self, at: &str, deed: &'a Deed, tools: &[ComposerTool]) {
        match deed {
            Deed::OpenUrl { url } => {
                let fits = Url::parse(url.trim()).is_ok_and(|url| checked::is_open(&url));
                let words = "Only addresses that begin with https:// or http:// are opened, and none with a password.";
                self.holds(fits, &format!("{at}/url"), words);
            }
            Deed::Tool { id } => {
                let fits = tools.iter().any(|tool| &tool.id == id);
                self.holds(fits, &format!("{at}/id"), "There is no such tool in “composer.tools”. Add it there.");
            }
            Deed::Menu { commands } => self.commands(&format!("{at}/commands"), commands, tools),
            Deed::Send { .. } | Deed::Insert { .. } | Deed::Mention { .. } | Deed::NewThread => {}
        }
    }
}

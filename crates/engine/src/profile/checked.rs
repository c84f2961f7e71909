//! What of a profile can be used: everything bounded, addresses of kinds that are opened, names that are names.
//!
//! A profile comes from a server, or was pasted. What is wrong with one entry costs that entry, and nothing else.

use std::collections::BTreeSet;

use model::{
    Command, CommandOptions, ComposerTool, Deed, Disclaimer, Entity, EntityOptions, HeaderAction, MaxSize, Profile,
    ProfilePrompt, PromptContent, PromptPart, StartScreen, Surface, UploadStrategy,
};
use url::Url;

use super::texts::{icon, id, line, lines};

/// How many tools a message can ask for.
const TOOLS: usize = 32;

/// How many prompts the start screen offers.
const PROMPTS: usize = 12;

/// Of how many parts a prompt is made.
const PARTS: usize = 32;

/// How many things can be mentioned without a search.
const ENTITIES: usize = 500;

/// How many commands there are, those of menus with them.
const COMMANDS: usize = 200;

/// How many menus lie within each other.
const MENUS: usize = 4;

/// The longest label or title, in characters.
const LABEL: usize = 100;

/// The longest line, in characters.
const LINE: usize = 300;

/// The longest text that is sent, in characters.
const TEXT: usize = 8_000;

/// The longest address, in bytes.
const ADDRESS: usize = 2_048;

/// How many kinds of files are named.
const KINDS: usize = 100;

/// How many ends of names a kind of files has.
const ENDS: usize = 30;

/// How much a server gets back with an entity, in bytes of JSON.
const DATA: usize = 4_096;

/// What of a profile can be used with a connection whose server is at an address.
pub(super) fn checked(profile: Profile, server: &str) -> Profile {
    let mut profile = profile;
    if let Some(composer) = &mut profile.composer {
        composer.placeholder = composer.placeholder.take().and_then(|text| line(&text, LINE));
        composer.tools = tools(std::mem::take(&mut composer.tools));
    }
    let tools = profile.composer.iter().flat_map(|composer| &composer.tools).map(|tool| tool.id.clone()).collect();
    let mut deeds = Deeds { tools, commands: BTreeSet::new() };
    if let Some(header) = &mut profile.header {
        if let Some(title) = &mut header.title {
            title.text = title.text.take().and_then(|text| line(&text, LABEL));
        }
        header.left_action = header.left_action.take().and_then(|action| deeds.action(action));
        header.right_action = header.right_action.take().and_then(|action| deeds.action(action));
    }
    profile.commands = profile
        .commands
        .map(|CommandOptions { enabled, list }| CommandOptions { enabled, list: deeds.commands(list, MENUS) });
    profile.start_screen = profile.start_screen.map(|StartScreen { greeting, prompts }| StartScreen {
        greeting: greeting.and_then(|text| line(&text, LINE)),
        prompts: prompts.into_iter().filter_map(prompt).take(PROMPTS).collect(),
    });
    profile.disclaimer = profile.disclaimer.and_then(|Disclaimer { text, high_contrast }| {
        Some(Disclaimer { text: lines(&text, LINE * 3)?, high_contrast })
    });
    profile.entities = profile.entities.map(|entities| self::entities(entities, server));
    bound_strings(&mut profile);
    profile
}

/// What is read further on, such as colours: nothing as long as it may be.
fn bound_strings(profile: &mut Profile) {
    let cut = |text: &mut Option<String>| *text = text.take().and_then(|text| line(&text, LINE * 2));
    if let Some(theme) = &mut profile.theme {
        if let Some(fonts) = &mut theme.typography {
            cut(&mut fonts.font_family);
            cut(&mut fonts.font_family_mono);
        }
        if let Some(color) = &mut theme.color {
            color.accent = color.accent.take().filter(|accent| accent.primary.len() <= LABEL);
            let is_short = |surface: &Surface| surface.background.len().max(surface.foreground.len()) <= LABEL;
            color.surface = color.surface.take().filter(is_short);
        }
    }
    if let Some(files) = profile.composer.as_mut().and_then(|composer| composer.attachments.as_mut()) {
        let is_short = |text: &String| text.len() <= LABEL;
        files.accept.retain(|kind, ends| is_short(kind) && ends.len() <= ENDS && ends.iter().all(is_short));
        files.accept = std::mem::take(&mut files.accept).into_iter().take(KINDS).collect();
        if let Some(MaxSize::ByType(sizes)) = &mut files.max_size {
            *sizes = std::mem::take(sizes).into_iter().filter(|(kind, _)| is_short(kind)).take(KINDS).collect();
        }
    }
    let strategy = profile.api.as_mut().and_then(|api| api.upload_strategy.as_mut());
    if let Some(UploadStrategy::Direct { upload_url }) = strategy
        && upload_url.len() > ADDRESS
    {
        profile.api = None;
    }
}

fn tools(tools: Vec<ComposerTool>) -> Vec<ComposerTool> {
    let mut known = BTreeSet::new();
    let checked = tools.into_iter().filter_map(|tool| {
        let id = id(&tool.id).filter(|id| known.insert(id.clone()))?;
        Some(ComposerTool {
            id,
            label: line(&tool.label, LABEL)?,
            icon: tool.icon.as_deref().and_then(icon),
            short_label: tool.short_label.and_then(|text| line(&text, LABEL)),
            placeholder_override: tool.placeholder_override.and_then(|text| line(&text, LINE)),
            ..tool
        })
    });
    checked.take(TOOLS).collect()
}

fn prompt(prompt: ProfilePrompt) -> Option<ProfilePrompt> {
    let icon = prompt.icon.as_deref().and_then(icon);
    let content = match prompt.prompt {
        PromptContent::Words(words) => PromptContent::Words(lines(&words, TEXT)?),
        PromptContent::Parts(parts) => PromptContent::Parts(parts.into_iter().take(PARTS).filter_map(part).collect()),
    };
    let is_said = !content.draft().text.trim().is_empty();
    is_said.then_some(ProfilePrompt { label: line(&prompt.label, LABEL)?, prompt: content, icon })
}

/// A part of a prompt. Blanks between two mentions are one, too.
fn part(part: PromptPart) -> Option<PromptPart> {
    match part {
        PromptPart::Text { text } if text.trim().is_empty() => Some(PromptPart::Text { text: " ".to_owned() }),
        PromptPart::Text { text } => lines(&text, TEXT).map(|text| PromptPart::Text { text }),
        PromptPart::Tag { id, text, group, interactive, data } => {
            entity(Entity { id, title: text, icon: None, group, interactive, data }).map(PromptPart::tag)
        }
    }
}

fn entities(entities: EntityOptions, server: &str) -> EntityOptions {
    let mut known = BTreeSet::new();
    let own = entities.list.into_iter().filter_map(entity);
    let list = own.filter(|entity| known.insert(entity.id.clone())).take(ENTITIES).collect();
    let search_url = entities.search_url.and_then(|url| at_home(&url, server)).map(String::from);
    EntityOptions { list, search_url, ..entities }
}

/// What of an entity can be used, also of one that a search has found.
pub(crate) fn entity(entity: Entity) -> Option<Entity> {
    let small = serde_json::to_vec(&entity.data).is_ok_and(|data| data.len() <= DATA);
    let (id, title) = (id(&entity.id)?, line(&entity.title, LABEL)?);
    small.then(|| Entity {
        id,
        title,
        icon: entity.icon.as_deref().and_then(icon),
        group: entity.group.and_then(|text| line(&text, LABEL)),
        ..entity
    })
}

/// An address on the origin of a connection's server, whole or as seen from there.
pub(super) fn at_home(url: &str, server: &str) -> Option<Url> {
    let server = Url::parse(server).ok()?;
    let url = server.join(url.trim()).ok()?;
    (url.origin() == server.origin() && is_open(&url)).then_some(url)
}

/// Whether an address is of a kind that is opened and asked, and says no more than where to.
pub(super) fn is_open(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https") && url.has_host() && url.username().is_empty() && url.password().is_none()
}

/// What buttons and commands can do.
struct Deeds {
    /// The tools that can be chosen.
    tools: BTreeSet<String>,
    /// The commands that are there.
    commands: BTreeSet<String>,
}

impl Deeds {
    fn action(&mut self, action: HeaderAction) -> Option<HeaderAction> {
        let on_click = self.deed(action.on_click, MENUS)?;
        let icon = icon(&action.icon).unwrap_or_default();
        Some(HeaderAction { icon, label: line(&action.label, LABEL)?, on_click })
    }

    fn commands(&mut self, commands: Vec<Command>, menus: usize) -> Vec<Command> {
        commands.into_iter().filter_map(|command| self.command(command, menus)).collect()
    }

    fn command(&mut self, command: Command, menus: usize) -> Option<Command> {
        let (id, label) = (id(&command.id)?, line(&command.label, LABEL)?);
        if self.commands.len() >= COMMANDS || !self.commands.insert(id.clone()) {
            return None;
        }
        let Some(on_select) = self.deed(command.on_select, menus) else {
            self.commands.remove(&id);
            return None;
        };
        Some(Command {
            id,
            label,
            description: command.description.and_then(|text| line(&text, LINE)),
            icon: command.icon.as_deref().and_then(icon),
            group: command.group.and_then(|text| line(&text, LABEL)),
            on_select,
        })
    }

    fn deed(&mut self, deed: Deed, menus: usize) -> Option<Deed> {
        match deed {
            Deed::OpenUrl { url } => {
                let url = Url::parse(url.trim()).ok().filter(|url| is_open(url) && url.as_str().len() <= ADDRESS)?;
                Some(Deed::OpenUrl { url: url.into() })
            }
            Deed::Send { text } => Some(Deed::Send { text: lines(&text, TEXT)? }),
            Deed::Insert { text } => Some(Deed::Insert { text: lines(&text, TEXT)? }),
            Deed::Mention { entity } => Some(Deed::Mention { entity: self::entity(entity)? }),
            Deed::Tool { id } => self.tools.contains(&id).then_some(Deed::Tool { id }),
            Deed::NewThread => Some(Deed::NewThread),
            Deed::Menu { commands } => {
                let commands = self.commands(commands, menus.checked_sub(1)?);
                (!commands.is_empty()).then_some(Deed::Menu { commands })
            }
        }
    }
}

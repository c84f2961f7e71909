//! Profiles: how a connection's conversations look and what they offer (section 12).
//!
//! Two say it: the connection itself, in `options`, and its server, at the address in `profile`. `layered` puts them
//! together, `checked` keeps what can be used, `theme` makes colours and fonts of it that the window can use as they are,
//! and `typed` reads what a person writes.

mod checked;
mod files;
mod fonts;
mod layered;
mod sense;
mod texts;
mod theme;
mod typed;

use model::{Connection, ConnectionId, Draft, Failure, Profile, ProfilePrompt};

pub(crate) use self::checked::entity;
use self::layered::Over;
pub use self::sense::unsound;
pub(crate) use self::typed::typed;
use crate::{
    engine::Engine,
    view::{DisclaimerView, EntitiesView, ProfileView, StartPrompt},
};

impl Engine {
    /// What is in force for a connection, ready to be used: bounded, and every address in it one that is opened or asked.
    ///
    /// # Errors
    ///
    /// [`model::FailureCode::Unknown`] if the connection is not here.
    pub fn profile(&self, id: &ConnectionId) -> Result<Profile, Failure> {
        Ok(self.profile_of(&self.connection(id)?))
    }

    /// The same of a connection that is at hand.
    pub(crate) fn profile_of(&self, connection: &Connection) -> Profile {
        self.with_published(connection, |published| in_force(connection, published))
    }

    /// A connection with what its profile says of files, in the place of what it does not say itself.
    pub(crate) fn completed(&self, connection: Connection) -> Connection {
        let attachments = self.with_published(&connection, |published| files::attachments(&connection, published));
        Connection { attachments, ..connection }
    }
}

/// What a server publishes, so far as it is worth keeping: as much of it as would be in force.
pub(crate) fn bounded(published: Profile, server: &str) -> Profile {
    checked::checked(published, server)
}

/// A connection's own options over those that its server publishes, as far as they can be used.
fn in_force(connection: &Connection, published: Option<&Profile>) -> Profile {
    let own = connection.options.as_deref().cloned().unwrap_or_default();
    checked::checked(own.over(published.cloned().unwrap_or_default()), &connection.url)
}

/// What the start screen offers.
pub(crate) fn prompts(profile: &Profile) -> Vec<StartPrompt> {
    let prompts = profile.start_screen.iter().flat_map(|screen| screen.prompts.clone());
    let shown = prompts.map(|ProfilePrompt { label, prompt, icon }| {
        let Draft { text, beside } = prompt.draft();
        StartPrompt { label, prompt: text, mentions: beside.mentions, icon }
    });
    shown.collect()
}

/// A profile as it is shown; nothing if all is as Kittiwake has it.
pub(crate) fn shown(profile: &Profile) -> Option<ProfileView> {
    let Profile { theme, header, history, start_screen, thread_item_actions, .. } = profile.clone();
    let Profile { composer, disclaimer, entities, commands, thread, .. } = profile.clone();
    let (header, history) = (header.unwrap_or_default(), history.unwrap_or_default());
    let title = header.title.unwrap_or_default();
    let actions = thread_item_actions.unwrap_or_default();
    let composer = composer.unwrap_or_default();
    let commands = commands.unwrap_or_default();
    let no = Some(false);
    let no_commands = commands.enabled == no;
    let view = ProfileView {
        theme: theme.as_ref().and_then(theme::shown),
        title: title.text,
        hides_title: title.enabled == no,
        left_action: header.left_action,
        right_action: header.right_action,
        no_delete: history.show_delete == no,
        no_rename: history.show_rename == no,
        no_feedback: actions.feedback == no,
        no_retry: actions.retry == no,
        no_scroll: thread.unwrap_or_default().auto_scroll == no,
        greeting: start_screen.and_then(|screen| screen.greeting),
        placeholder: composer.placeholder,
        tools: composer.tools,
        disclaimer: disclaimer.map(|disclaimer| DisclaimerView {
            text: markdown::render(&disclaimer.text),
            high_contrast: disclaimer.high_contrast,
        }),
        entities: entities.and_then(|entities| {
            let searches = entities.search_url.is_some();
            let in_menu = entities.show_composer_menu == Some(true);
            (searches || !entities.list.is_empty()).then_some(EntitiesView { list: entities.list, searches, in_menu })
        }),
        no_commands,
        commands: if no_commands { Vec::new() } else { commands.list },
    };
    (view != ProfileView::default()).then_some(view)
}

#[cfg(test)]
mod tests;

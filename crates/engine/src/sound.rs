//! Whether a connection can be used as a file describes it, by what is asked of one that is typed into its form.

use adapters::{form::Values, profile::OPTIONS};
use model::{Connection, Kind};

use crate::profile;

/// What keeps a connection from being used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsound {
    /// The field of its kind's form.
    pub field: &'static str,
    /// What stands in the field.
    pub text: Option<String>,
    /// What is wrong with it, and what would be right. Nothing of the text is quoted.
    pub words: String,
}

/// Looks at a connection. Nobody is asked, and no file is opened that it names.
///
/// # Errors
///
/// The first of its fields that cannot be used.
pub fn sound(connection: &Connection) -> Result<(), Unsound> {
    described(connection.kind, &adapters::values(connection), connection.needs_key())
}

/// The same of a form that is filled in, as an exported connection has it. Its secrets are given later.
///
/// # Errors
///
/// The first of its fields that cannot be used.
pub fn sound_form(kind: Kind, values: &Values) -> Result<(), Unsound> {
    described(kind, values, true)?;
    let text = |key: &str| values.get(key).map(String::as_str).unwrap_or_default();
    profile::typed(text(OPTIONS), text("url")).map(drop).map_err(|wrong| Unsound {
        field: OPTIONS,
        text: None,
        words: wrong.to_string(),
    })
}

fn described(kind: Kind, values: &Values, has_token: bool) -> Result<(), Unsound> {
    let described = adapters::describe(kind, values, has_token);
    described.map(drop).map_err(|wrong| Unsound {
        field: wrong.key,
        text: values.get(wrong.key).cloned(),
        words: wrong.reason,
    })
}

#[cfg(test)]
mod tests {
    use model::SessionSource;

    use super::*;

    #[test]
    fn an_address_that_cannot_be_called_is_found() {
        let connection = |url: &str| Connection::new("a".into(), "A", Kind::Chatkit, url, SessionSource::None);
        assert_eq!(sound(&connection("https://chat.example/chatkit")), Ok(()));
        let unsound = sound(&connection("chat.example")).unwrap_err();
        assert_eq!((unsound.field, unsound.text.as_deref()), ("url", Some("chat.example")));
        assert!(unsound.words.contains("https://"));
        assert!(sound(&connection("http://chat.example/")).is_err(), "nobody allowed that to go unencrypted");
        assert_eq!(sound(&connection("http://127.0.0.1:8000/")), Ok(()));
    }
}

//! Mending a connection whose answers have their text somewhere else: one click at the failure that says so.

use model::{ConnectionId, Failure, FailureCode};

use crate::{
    engine::Engine,
    view::{ConnectionDraft, ConnectionView},
};

impl Engine {
    /// Writes one of the places that a failure offered ([`Failure::mapping`]) into its field of a connection's form.
    /// Everything else stays, secrets as well.
    ///
    /// # Errors
    ///
    /// [`FailureCode::BadInput`] if there is no such field, or this is no place; those of [`Engine::update_connection`].
    pub async fn map_text(&self, id: &ConnectionId, field: &str, pointer: &str) -> Result<ConnectionView, Failure> {
        let connection = self.own_connection(id)?;
        let known =
            adapters::fields(connection.kind).iter().any(|known| known.key == field && !known.input.is_secret());
        if !known || !pointer.starts_with('/') {
            return Err(Failure::new(FailureCode::BadInput, "That is no place for a text in this server's answers."));
        }
        let mut values = adapters::values(&connection);
        values.insert(field.to_owned(), pointer.to_owned());
        let (kind, same) = (connection.kind, ConnectionDraft::server(&connection.name, &connection.url));
        let draft = ConnectionDraft { kind, values, ..same };
        self.update_connection(id, draft).await
    }
}

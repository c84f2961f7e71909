//! Which model a conversation is held with, and what follows from that for a request.

use std::sync::Arc;

use model::{AnswerOptions, Connection, ConnectionId, Failure, FailureCode, Finding, ModelRef, Operation, Route};

use super::Catalogue;
use crate::{
    backend::Backend,
    context::OPTIONS,
    engine::Engine,
    live::Live,
    view::{SendRequest, TurnOutcome},
};

/// A model as a conversation remembers it: its name, and whose it is where it goes through a route.
pub(crate) type Held = (Option<String>, Option<ConnectionId>);

/// The model that a connection is asked for: that of the conversation, or else the one that it begins with. Nothing leaves
/// it to the settings of the connection, and to its server.
fn asked_for(
    catalogue: &Catalogue,
    options: &AnswerOptions,
    route: Option<&Route>,
    asked: &ConnectionId,
) -> Option<String> {
    let has = |connection: &ConnectionId, id: &str| {
        catalogue.get(&ModelRef { connection: connection.clone(), id: id.to_owned() }).is_some()
    };
    let chosen = options.model.as_deref().filter(|id| match (route, &options.member) {
        (None, _) => true,
        (Some(_), Some(member)) => member == asked || has(asked, id),
        // What none of them is known to have was typed by hand, and all are to have it.
        (Some(route), None) => has(asked, id) || !route.connections.iter().any(|member| has(member, id)),
    });
    chosen.map(str::to_owned).or_else(|| catalogue.begins_with(asked).map(|model| model.id.clone()))
}

/// A connection with what the catalogue says of the model that it is asked for: above what the connection says itself, and
/// below what the conversation does.
fn with_entry(catalogue: &Catalogue, mut connection: Connection, model: Option<&str>) -> Connection {
    let begins = catalogue.begins_with(&connection.id).map(|model| model.id.clone());
    if let Some(custom) = &mut connection.custom {
        custom.model = begins.clone().or(custom.model.take());
    }
    if let Some(openai) = &mut connection.openai {
        openai.model = begins.unwrap_or_else(|| std::mem::take(&mut openai.model));
        let id = model.unwrap_or(&openai.model).to_owned();
        if let Some(entry) = catalogue.get(&ModelRef { connection: connection.id.clone(), id }) {
            openai.parameters = entry.model.parameters.over(&openai.parameters);
            openai.context.window = openai.context.window.or(entry.model.context);
        }
    }
    connection
}

impl Engine {
    /// A connection as a conversation with its options sees it.
    pub(crate) fn with_model(&self, connection: Connection, options: &AnswerOptions) -> Connection {
        with_entry(&self.catalogue(), connection, options.model.as_deref())
    }

    /// A request of a conversation, and the connection that it goes to, with the model that is to answer.
    pub(crate) fn with_its_model(
        &self,
        live: &Arc<Live>,
        backend: Backend,
        operation: &Operation,
    ) -> (Backend, Operation) {
        let catalogue = self.catalogue();
        let (held_with, options) = live.with(|inner| (inner.thread.connection.clone(), inner.context.options.clone()));
        let route = self.route(&held_with);
        let model = asked_for(&catalogue, &options, route.as_ref(), &backend.connection().id);
        let connection = with_entry(&catalogue, backend.connection().clone(), model.as_deref());
        let mut operation = operation.clone();
        match &mut operation {
            Operation::CreateThread { input } | Operation::AddUserMessage { input, .. } => {
                let asked = &mut input.inference_options.model;
                *asked = asked.take().or(model);
            }
            Operation::Answer { options, .. } => options.model = model,
            _ => {}
        }
        (backend.held(connection), operation)
    }

    /// The member of a route whose model a conversation is to be held with: it is asked first.
    pub(crate) fn member_with_model(&self, live: &Arc<Live>, route: &Route) -> Option<ConnectionId> {
        let options = live.with(|inner| inner.context.options.clone());
        let id = options.model?;
        let has = |connection: &&ConnectionId| {
            self.catalogue().get(&ModelRef { connection: (*connection).clone(), id: id.clone() }).is_some()
        };
        options.member.or_else(|| route.connections.iter().find(has).cloned())
    }

    /// The model that a thread which begins is held with.
    ///
    /// # Errors
    ///
    /// Those of [`Engine::choose_model`].
    pub(crate) fn begins_with_model(&self, request: &SendRequest) -> Result<Held, Failure> {
        let chosen = || self.shared.models.lock().keeper.book().chosen(&request.connection).cloned();
        self.checked(&request.connection, request.model.clone().or_else(chosen))
    }

    /// From the next message on a thread is held with a model.
    pub(crate) fn hold_with_model(&self, live: &Arc<Live>, (model, member): Held) {
        live.with(|inner| (inner.context.options.model, inner.context.options.member) = (model, member));
        self.show_model(live);
    }

    /// Keeps what a thread wants otherwise than its connection does.
    pub(crate) async fn keep_options(&self, live: &Arc<Live>) -> Result<(), Failure> {
        let (id, options) = live.with(|inner| (inner.thread.id.clone(), inner.context.options.clone()));
        let value = match options == AnswerOptions::default() {
            true => String::new(),
            false => serde_json::to_string(&options).map_err(|error| {
                Failure::new(FailureCode::Internal, "This could not be kept.").with_detail(error.to_string())
            })?,
        };
        self.shared.shelf.run(move |history| history.put_value(&id, OPTIONS, &value)).await
    }

    /// A turn is over: whether its server knows the model is known now.
    pub(crate) fn note_model(&self, live: &Arc<Live>, outcome: &TurnOutcome) {
        let (held_with, asked, options) = live
            .with(|inner| (inner.thread.connection.clone(), inner.routed.asked.clone(), inner.context.options.clone()));
        let route = self.route(&held_with);
        let Ok(connection) = self.connection(&asked.filter(|_| route.is_some()).unwrap_or(held_with)) else { return };
        let catalogue = self.catalogue();
        let asked = asked_for(&catalogue, &options, route.as_ref(), &connection.id);
        let of_settings = || connection.openai.as_ref().map(|openai| openai.model.clone());
        let Some(id) = asked.or_else(of_settings) else { return };
        let name = ModelRef { connection: connection.id, id };
        let is_unknown = outcome.failure().is_some_and(|failure| failure.finding == Some(Finding::ModelUnknown));
        let changed = {
            let mut inner = self.shared.models.lock();
            match outcome {
                TurnOutcome::Done => inner.refused.remove(&name),
                _ if is_unknown => inner.refused.insert(name),
                _ => false,
            }
        };
        if changed {
            self.show_models();
        }
    }
}

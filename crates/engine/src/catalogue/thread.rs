//! The model of a conversation as it is shown there.

use std::sync::Arc;

use model::{AnswerOptions, ConnectionId, Kind, ModelRef, Route};

use super::{Catalogue, layered::Entry};
use crate::{
    engine::Engine,
    live::Live,
    view::{ThreadModelView, ThreadOp},
};

/// What is shown where the server, or each server of a route, has its own.
const NOBODY: &str = "The server’s own";
const EACH: &str = "Each server’s own";

impl Engine {
    /// Shows the model of a thread, if that has changed.
    pub(crate) fn show_model(&self, live: &Arc<Live>) {
        let (held_with, options) = live.with(|inner| (inner.thread.connection.clone(), inner.context.options.clone()));
        let route = self.route(&held_with);
        let kind = self.connection(&held_with).ok().map(|connection| connection.kind);
        let model = seen(&self.catalogue(), &options, &held_with, route.as_ref(), kind);
        live.with(|inner| {
            if inner.model != model {
                inner.model.clone_from(&model);
                inner.emit(ThreadOp::Model { model });
            }
        });
    }
}

/// The model of a conversation with a connection of a kind, or through a route.
fn seen(
    catalogue: &Catalogue,
    options: &AnswerOptions,
    held_with: &ConnectionId,
    route: Option<&Route>,
    kind: Option<Kind>,
) -> Option<ThreadModelView> {
    let members = || route.into_iter().flat_map(|route| &route.connections).chain([held_with]);
    let name = |connection: &ConnectionId, id: &str| ModelRef { connection: connection.clone(), id: id.to_owned() };
    let chosen = options.model.as_deref().map(|id| {
        let has = |connection: &&ConnectionId| catalogue.get(&name(connection, id)).is_some();
        let of = options.member.as_ref().or_else(|| members().find(has)).unwrap_or(held_with);
        name(of, id)
    });
    let begins = || route.is_none().then(|| catalogue.begins_with(held_with).map(model::Model::name)).flatten();
    let model = chosen.or_else(begins);
    let takes_any = matches!(kind, Some(Kind::Openai | Kind::Custom));
    let has_some = || members().any(|connection| catalogue.of(connection).iter().any(|entry| !entry.model.hidden));
    let called = |label: Option<&String>, id: &str| label.cloned().unwrap_or_else(|| id.to_owned());
    let Some(model) = model else {
        // What the server says that it begins with is not asked for, and has its name all the same.
        let said = catalogue.of(held_with).first().filter(|entry| entry.model.default && !entry.gone);
        let label = match said.filter(|_| route.is_none()) {
            Some(Entry { model, .. }) => called(model.label.as_ref(), &model.id),
            None => if route.is_some() { EACH } else { NOBODY }.to_owned(),
        };
        return (takes_any || has_some()).then_some(ThreadModelView {
            model: None,
            label,
            gone: false,
            replacement: None,
            replacement_label: None,
        });
    };
    let label = catalogue.get(&model).and_then(|entry| entry.model.label.as_ref());
    let gone = catalogue.is_gone(&model);
    let replacement = if gone { catalogue.instead(&model) } else { None };
    Some(ThreadModelView {
        label: called(label, &model.id),
        gone,
        replacement: replacement.map(model::Model::name),
        replacement_label: replacement.map(|model| called(model.label.as_ref(), &model.id)),
        model: Some(model),
    })
}

//! `models`: what can be chosen.

use std::{
    collections::HashMap,
    io::{self, Write},
    path::PathBuf,
};

use engine::{
    Engine,
    view::{CatalogueView, ConnectionView, ModelView},
};
use model::ConnectionId;

use crate::{
    args::Models,
    exit::{self, Exit, Trouble},
    neutral,
    session::{Session, missing},
    signals::Signals,
};

/// Prints the catalogue.
///
/// # Errors
///
/// What kept it from reading, or from printing.
pub async fn run(data_dir: Option<PathBuf>, models: Models) -> Result<Exit, Trouble> {
    let engine = Session::all(data_dir).await?;
    let mut signals = Signals::new()?;
    let ended = tokio::select! {
        exit = signals.next() => Ok(exit),
        ended = print(&engine, &models) => ended,
    };
    engine.close().await;
    ended
}

async fn print(engine: &Engine, models: &Models) -> Result<Exit, Trouble> {
    let wanted = match &models.connection {
        Some(name) => vec![engine.connection_named(name).ok_or_else(|| missing(engine, name))?],
        None => engine.connections(),
    };
    let mut exit = Exit::Done;
    if models.refresh {
        for connection in wanted.iter().filter(|connection| models.connection.is_some() || may_list(connection)) {
            if let Err(failure) = engine.refresh_models(&connection.id).await {
                // Most servers without a list are nobody's mistake; one that was named is asked for it.
                if models.connection.is_some() || failure.code != model::FailureCode::NotFound {
                    exit::report(&failure);
                    exit = Exit::Failed;
                }
            }
        }
    }
    let CatalogueView { models: mut all, mut chosen, mut published } = engine.models();
    if models.connection.is_some() {
        let members =
            |view: &ConnectionView| view.route.iter().flat_map(|route| route.members.clone()).collect::<Vec<_>>();
        let of: Vec<_> = wanted.iter().flat_map(|view| [vec![view.id.clone()], members(view)].concat()).collect();
        all.retain(|model| of.contains(&model.connection));
        chosen.retain(|chosen| of.contains(&chosen.connection));
        published.retain(|list| of.contains(&list.connection));
    }
    let mut out = io::stdout().lock();
    if models.json {
        let catalogue = CatalogueView { models: all, chosen, published };
        let text = serde_json::to_string(&catalogue).map_err(io::Error::other)?;
        writeln!(out, "{}", neutral::json(&text))?;
    } else {
        let views = engine.connections().into_iter();
        let names: HashMap<ConnectionId, String> = views.map(|view| (view.id, view.name)).collect();
        for model in &all {
            let name = names.get(&model.connection).map_or(model.connection.as_str(), String::as_str);
            let is_chosen = chosen.iter().any(|one| one.connection == model.connection && one.id == model.id);
            writeln!(out, "{}", neutral::line(&line(name, model, is_chosen)))?;
        }
    }
    out.flush()?;
    Ok(exit)
}

fn may_list(connection: &ConnectionView) -> bool {
    connection.route.is_none() && !connection.disabled
}

/// A model in one line: whose it is, its name, what it is called, and what there is to know of it.
fn line(connection: &str, model: &ModelView, is_chosen: bool) -> String {
    let marks = [
        (is_chosen, "chosen"),
        (model.default, "default"),
        (model.hidden, "hidden"),
        (model.locked, "fixed by your administrator"),
        (model.gone, "its server does not have it any more"),
    ];
    let marks: Vec<_> = marks.into_iter().filter(|(is, _)| *is).map(|(_, mark)| mark).collect();
    let label = if model.label == model.id { String::new() } else { format!("  {}", model.label) };
    let marks = if marks.is_empty() { String::new() } else { format!("  ({})", marks.join(", ")) };
    format!("{connection}  {}{label}{marks}", model.id)
}

//! Updates in a build that leaves them to the system's packages. The same functions as in a build that does not.

use engine::{
    Engine,
    view::{NewVersion, Updates},
};
use model::{Failure, FailureCode};
use tauri::{AppHandle, Builder, Context, Wry};

/// Adds nothing.
pub fn plug(builder: Builder<Wry>, _context: &Context<Wry>) -> Builder<Wry> {
    builder
}

/// How new versions come to this installation.
pub fn source(_app: &AppHandle<Wry>, _engine: &Engine) -> Updates {
    Updates::Packages
}

/// Looks for nothing.
pub async fn at_start(_app: &AppHandle<Wry>, _engine: &Engine) -> Result<Option<NewVersion>, Failure> {
    Ok(None)
}

/// Says why there is nothing to look for.
pub async fn check(_app: &AppHandle<Wry>, _engine: &Engine) -> Result<Option<NewVersion>, Failure> {
    Err(elsewhere())
}

/// Says why there is nothing to install.
pub async fn install(_app: &AppHandle<Wry>, _engine: &Engine) -> Result<(), Failure> {
    Err(elsewhere())
}

fn elsewhere() -> Failure {
    Failure::new(FailureCode::BadInput, "Updates come with your system's packages.")
}

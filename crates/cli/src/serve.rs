//! `serve`: the Guide as a server of its own.

use std::{
    io::{self, Write},
    path::PathBuf,
};

use guide::{Guide, GuideConfig, RunningGuide};

use crate::{
    args::Serve,
    exit::{Exit, Trouble},
    session::{self, GUIDE_FILE},
    signals::Signals,
    token,
};

/// Serves until Ctrl+C.
///
/// # Errors
///
/// If the Guide cannot be started, or nobody can be told where it is.
pub async fn run(data_dir: Option<PathBuf>, serve: Serve) -> Result<Exit, Trouble> {
    let token = serve.token_env.as_deref().map(token::of_variable).transpose()?;
    let given = token.is_some();
    let data_file = session::logged(data_dir)?.join(GUIDE_FILE);
    let mut signals = Signals::new()?;
    let config = GuideConfig { port: serve.port, token, ..GuideConfig::new(data_file) };
    let guide = Guide::start(config).await.map_err(|error| session::refused(&error))?;
    let announced = announce(&guide, given);
    if announced.is_ok() {
        signals.next().await;
    }
    guide.shutdown().await;
    announced.map_err(Trouble::from).map(|()| Exit::Done)
}

/// Says where the Guide is. Its token is said only if nobody knows it yet.
fn announce(guide: &RunningGuide, given: bool) -> io::Result<()> {
    let mut stdout = io::stdout();
    writeln!(stdout, "address: {}", guide.url())?;
    if !given {
        writeln!(stdout, "token: {}", guide.token())?;
    }
    stdout.flush()
}

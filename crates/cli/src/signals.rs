//! Ctrl+C, and the system's wish that the program ends.

use std::io;

use model::{Failure, FailureCode};

use crate::exit::{Exit, Trouble};

/// Waits for signals. From its making on they end nothing by themselves.
pub struct Signals {
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
}

impl Signals {
    /// Begins to listen.
    ///
    /// # Errors
    ///
    /// If the system does not allow it.
    pub fn new() -> Result<Self, Trouble> {
        Self::listen().map_err(|error| {
            let words = format!("Signals cannot be received: {error}.");
            Trouble::Failure(Failure::new(FailureCode::Internal, words))
        })
    }

    #[cfg(unix)]
    fn listen() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    #[cfg(not(unix))]
    fn listen() -> io::Result<Self> {
        Ok(Self {})
    }

    /// The next signal, as the way to end. Safe to drop while waiting.
    #[cfg(unix)]
    pub async fn next(&mut self) -> Exit {
        tokio::select! {
            _ = self.interrupt.recv() => Exit::Interrupted,
            _ = self.terminate.recv() => Exit::Terminated,
        }
    }

    /// The next signal, as the way to end. Safe to drop while waiting.
    #[cfg(not(unix))]
    pub async fn next(&mut self) -> Exit {
        // If it cannot be listened to, there is none.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        Exit::Interrupted
    }
}

//! Patience with servers: a request that was refused without having been executed is sent again after a while, as often as
//! is good for the server, and messages beyond the person's own limit wait for their turn.

mod backoff;
mod budget;
mod held;
mod limit;
mod refusal;
mod waits;

use std::{
    collections::HashMap,
    num::NonZeroU32,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use model::{ConnectionId, Failure, Patience};
use tokio::time::Instant;

use budget::Budget;
use limit::Limit;
pub use refusal::{asked, long, pause_wanted, wants_pause};
pub use waits::Waits;

use crate::engine::Engine;

/// What each connection may still be asked.
#[derive(Debug, Default)]
pub struct Accounts {
    all: Mutex<HashMap<ConnectionId, Account>>,
}

#[derive(Debug)]
struct Account {
    budget: Budget,
    limit: Option<Arc<Limit>>,
}

impl Accounts {
    /// A message goes out for the first time.
    pub fn earn(&self, id: &ConnectionId, now: Instant) {
        self.with(id, now, |account| account.budget.earn(now));
    }

    /// Whether a request may be sent again by itself; if so, it counts.
    pub fn spend(&self, id: &ConnectionId, now: Instant) -> bool {
        self.with(id, now, |account| account.budget.spend(now))
    }

    /// Lets a message out, or says how long it has to wait for the person's own limit.
    pub fn pass(&self, id: &ConnectionId, per_minute: Option<NonZeroU32>, now: Instant) -> Result<(), Duration> {
        let limit = self.with(id, now, |account| {
            // Whoever changes the limit begins anew with it.
            if account.limit.as_ref().map(|limit| limit.per_minute()) != per_minute {
                account.limit = per_minute.map(|per_minute| Arc::new(Limit::new(per_minute)));
            }
            account.limit.clone()
        });
        limit.map_or(Ok(()), |limit| limit.pass())
    }

    fn with<T>(&self, id: &ConnectionId, now: Instant, body: impl FnOnce(&mut Account) -> T) -> T {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        body(all.entry(id.clone()).or_insert_with(|| Account { budget: Budget::new(now), limit: None }))
    }
}

impl Engine {
    /// Sets for how long messages wait in all whose server wants a pause.
    ///
    /// # Errors
    ///
    /// If it could not be written to the settings file.
    pub async fn set_patience(&self, patience: Patience) -> Result<(), Failure> {
        self.settings().change(|settings| settings.patience = patience)?;
        self.shared.hub.set_patience(patience);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn each_connection_has_a_limit_of_its_own_and_a_new_one_begins_anew() {
        let (accounts, now) = (Accounts::default(), Instant::now());
        let (one, other) = (ConnectionId::new("one"), ConnectionId::new("other"));
        let pass = |id: &ConnectionId, limit| accounts.pass(id, NonZeroU32::new(limit), now).is_ok();
        assert!(pass(&one, 1) && !pass(&one, 1));
        assert!(pass(&other, 1), "it is another server");
        assert!(pass(&one, 2), "the person has changed it");
        assert!(!pass(&one, 2) && pass(&one, 0) && pass(&one, 0), "without a limit everything goes out");
    }

    #[tokio::test(start_paused = true)]
    async fn each_connection_has_a_budget_of_its_own() {
        let (accounts, now) = (Accounts::default(), Instant::now());
        let (one, other) = (ConnectionId::new("one"), ConnectionId::new("other"));
        assert_eq!((0..20).filter(|_| accounts.spend(&one, now)).count(), 10);
        assert!(accounts.spend(&other, now));
        (0..5).for_each(|_| accounts.earn(&one, now));
        assert!(accounts.spend(&one, now) && !accounts.spend(&one, now));
    }
}

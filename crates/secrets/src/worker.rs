//! The one thread that talks to the keychain. It may hang there; whoever asks does not hang with it.

use std::{
    collections::{BTreeMap, VecDeque},
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError},
    thread,
    time::{Duration, Instant},
};

use model::ConnectionId;
use secrecy::SecretString;

use crate::{
    error::SecretError,
    store::{MakeStore, Store},
};

/// Something to do with the entry of a connection.
#[derive(Clone)]
pub enum Task {
    /// Read it.
    Load,
    /// Write it.
    Save(SecretString),
    /// Remove it.
    Remove,
    /// Remove those of all connections, whichever is named.
    RemoveAll,
}

/// What the keychain answers: to [`Task::Load`] the entry, if there is one; to the others nothing.
pub type Answer = Result<Option<SecretString>, SecretError>;

/// The thread, and what it has to do.
///
/// Whoever asks waits for at most the limit. A task that nobody waits for any more is not begun: what was reported as
/// failed must not happen later, unless it was under way. Whoever asks for an entry that is being read gets the same
/// answer. While a task hangs, every further one fails at once.
pub struct Worker {
    shared: Arc<Shared>,
    limit: Duration,
    /// What the thread needs, until it is started.
    make: Mutex<Option<MakeStore>>,
}

#[derive(Default)]
struct Shared {
    jobs: Mutex<Jobs>,
    changed: Condvar,
    /// Who wants to hear of late answers.
    late: OnceLock<Box<dyn Fn() + Send + Sync>>,
}

#[derive(Default)]
struct Jobs {
    /// Counts up: the order in which they came.
    next: u64,
    all: BTreeMap<u64, Job>,
    queue: VecDeque<u64>,
    /// The one that is under way, and for which somebody waited for the whole limit.
    hanging: Option<u64>,
    closed: bool,
}

struct Job {
    connection: ConnectionId,
    task: Task,
    waiting: usize,
    answer: Option<Answer>,
}

impl Worker {
    /// A worker whose thread starts with the first task.
    pub fn new(make: MakeStore, limit: Duration) -> Self {
        Self { shared: Arc::default(), limit, make: Mutex::new(Some(make)) }
    }

    /// Has something done, within the limit.
    pub fn ask(&self, connection: &ConnectionId, task: Task) -> Answer {
        let deadline = Instant::now() + self.limit;
        self.start()?;
        let mut jobs = self.shared.lock();
        if jobs.hanging.is_some() {
            return Err(SecretError::TimedOut);
        }
        let number = jobs.join_or_add(connection, task);
        self.shared.changed.notify_all();
        loop {
            if let Some(answer) = jobs.take_answer(number) {
                return answer;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                jobs.give_up(number);
                return Err(SecretError::TimedOut);
            }
            jobs = self.shared.changed.wait_timeout(jobs, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Has somebody told of each task that succeeds after it was given up. Only the first one who asks for it is told.
    pub fn when_late(&self, tell: Box<dyn Fn() + Send + Sync>) {
        let _ = self.shared.late.set(tell);
    }

    fn start(&self) -> Result<(), SecretError> {
        let mut make = self.make.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(make) = make.take() else { return Ok(()) };
        let shared = self.shared.clone();
        let started = thread::Builder::new().name("keychain".to_owned()).spawn(move || shared.work(Store::new(make)));
        started.map(|_| ()).map_err(|error| SecretError::Failed { detail: error.to_string() })
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.shared.lock().closed = true;
        self.shared.changed.notify_all();
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Jobs> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the thread does.
    fn work(&self, mut store: Store) {
        while let Some((number, connection, task)) = self.next() {
            let answer = catch_unwind(AssertUnwindSafe(|| store.carry_out(&connection, &task)));
            let answer = answer.unwrap_or_else(|_| {
                store.forget();
                Err(SecretError::Failed { detail: "the library that talks to the keychain failed".to_owned() })
            });
            // A refusal that comes late is no news: the person has just dismissed the keychain's question.
            let useful = answer.is_ok();
            let late = self.lock().finish(number, answer);
            self.changed.notify_all();
            if let Some(tell) = self.late.get().filter(|_| late && useful) {
                tell();
            }
        }
    }

    /// Waits for the next task; none when nobody can ask any more.
    fn next(&self) -> Option<(u64, ConnectionId, Task)> {
        let mut jobs = self.lock();
        loop {
            if jobs.closed {
                return None;
            }
            if let Some(number) = jobs.queue.pop_front()
                && let Some(job) = jobs.all.get(&number)
            {
                return Some((number, job.connection.clone(), job.task.clone()));
            }
            if jobs.queue.is_empty() {
                jobs = self.changed.wait(jobs).unwrap_or_else(PoisonError::into_inner);
            }
        }
    }
}

impl Jobs {
    fn join_or_add(&mut self, connection: &ConnectionId, task: Task) -> u64 {
        let latest = self.all.iter_mut().rev().find(|(_, job)| &job.connection == connection);
        if let (Task::Load, Some((number, job))) = (&task, latest)
            && matches!(job.task, Task::Load)
            && job.answer.is_none()
        {
            job.waiting += 1;
            return *number;
        }
        let number = self.next;
        self.next += 1;
        self.all.insert(number, Job { connection: connection.clone(), task, waiting: 1, answer: None });
        self.queue.push_back(number);
        number
    }

    fn take_answer(&mut self, number: u64) -> Option<Answer> {
        let answer = self.all.get(&number)?.answer.clone()?;
        self.leave(number);
        Some(answer)
    }

    fn give_up(&mut self, number: u64) {
        if !self.queue.contains(&number) {
            self.hanging = Some(number);
        }
        if self.leave(number) {
            self.queue.retain(|queued| *queued != number);
        }
    }

    /// One who waited is gone; whether that was the last.
    fn leave(&mut self, number: u64) -> bool {
        let Some(job) = self.all.get_mut(&number) else { return true };
        job.waiting -= 1;
        let last = job.waiting == 0;
        if last {
            self.all.remove(&number);
        }
        last
    }

    /// Notes an answer; whether it is late.
    fn finish(&mut self, number: u64, answer: Answer) -> bool {
        if let Some(job) = self.all.get_mut(&number) {
            job.answer = Some(answer);
        }
        self.hanging.take_if(|hanging| *hanging == number).is_some()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{self, Receiver, Sender};

    use keyring_core::{CredentialStore, mock};

    use super::*;

    const LONG: Duration = Duration::from_secs(60);

    /// A worker whose store is made when the gate opens; says each time that it is being made.
    fn gated(limit: Duration) -> (Arc<Worker>, Sender<()>, Receiver<()>) {
        let (open, gate) = mpsc::channel();
        let (tell, made) = mpsc::channel();
        let store: Arc<CredentialStore> = mock::Store::new().unwrap();
        let make = move || {
            tell.send(()).unwrap();
            let _ = gate.recv();
            Ok(store.clone())
        };
        (Arc::new(Worker::new(Box::new(make), limit)), open, made)
    }

    fn id(name: &str) -> ConnectionId {
        ConnectionId::from(name)
    }

    /// Waits until something is true of the jobs.
    fn until(worker: &Worker, condition: impl Fn(&Jobs) -> bool) {
        while !condition(&worker.shared.lock()) {
            thread::yield_now();
        }
    }

    fn asked(worker: &Arc<Worker>, name: &str, task: Task) -> thread::JoinHandle<Answer> {
        let (worker, id) = (worker.clone(), id(name));
        thread::spawn(move || worker.ask(&id, task))
    }

    #[test]
    fn whoever_asks_for_the_same_entry_shares_one_call_but_not_across_a_change() {
        let (worker, open, made) = gated(LONG);
        let first: Vec<_> = (0..8).map(|_| asked(&worker, "a", Task::Load)).collect();
        made.recv().unwrap();
        until(&worker, |jobs| jobs.all.values().map(|job| job.waiting).sum::<usize>() == 8);
        assert_eq!(worker.shared.lock().all.len(), 1);
        let change = asked(&worker, "a", Task::Save("new".into()));
        until(&worker, |jobs| jobs.all.len() == 2);
        let after = asked(&worker, "a", Task::Load);
        let other = asked(&worker, "b", Task::Load);
        until(&worker, |jobs| jobs.all.len() == 4);
        drop(open);
        assert!(first.into_iter().all(|asked| asked.join().unwrap().unwrap().is_none()));
        change.join().unwrap().unwrap();
        assert!(after.join().unwrap().unwrap().is_some());
        assert!(other.join().unwrap().unwrap().is_none());
        assert!(worker.shared.lock().all.is_empty());
    }

    #[test]
    fn a_task_that_was_given_up_before_it_began_is_never_begun() {
        let (worker, open, made) = gated(LONG);
        let hangs = asked(&worker, "a", Task::Load);
        made.recv().unwrap();
        let impatient = Worker { shared: worker.shared.clone(), limit: Duration::ZERO, make: Mutex::new(None) };
        assert_eq!(impatient.ask(&id("a"), Task::Save("late".into())).unwrap_err(), SecretError::TimedOut);
        std::mem::forget(impatient);
        drop(open);
        hangs.join().unwrap().unwrap();
        assert!(worker.ask(&id("a"), Task::Load).unwrap().is_none(), "what was reported as failed was done later");
    }

    #[test]
    fn while_a_task_hangs_further_ones_fail_at_once_and_then_all_is_well_again() {
        let (worker, open, _made) = gated(Duration::from_millis(20));
        assert_eq!(worker.ask(&id("a"), Task::Load).unwrap_err(), SecretError::TimedOut);
        for _ in 0..1000 {
            assert_eq!(worker.ask(&id("b"), Task::Load).unwrap_err(), SecretError::TimedOut);
        }
        let pile_up = |jobs: &Jobs| !jobs.all.is_empty() || !jobs.queue.is_empty();
        assert!(!pile_up(&worker.shared.lock()), "tasks pile up behind the one that hangs");
        drop(open);
        until(&worker, |jobs| jobs.hanging.is_none());
        assert!(!pile_up(&worker.shared.lock()), "an answer that nobody waits for is kept");
        // The limit is short for a loaded machine.
        while worker.ask(&id("b"), Task::Save("x".into())).is_err() {}
    }

    #[test]
    fn an_answer_that_is_late_is_told_unless_it_is_a_refusal() {
        for (error, told) in [(None, 1), (Some(keyring_core::Error::NoStorageAccess("dismissed".into())), 0)] {
            let (open, gate) = mpsc::channel::<()>();
            let error = Mutex::new(error);
            let store: Arc<CredentialStore> = mock::Store::new().unwrap();
            let make = move || {
                let _ = gate.recv();
                error.lock().unwrap().take().map_or(Ok(store.clone()), Err)
            };
            let worker = Worker::new(Box::new(make), Duration::from_millis(20));
            let (tell, heard) = mpsc::channel();
            worker.when_late(Box::new(move || tell.send(()).unwrap()));
            assert_eq!(worker.ask(&id("a"), Task::Load).unwrap_err(), SecretError::TimedOut);
            assert_eq!(heard.try_iter().count(), 0);
            drop(open);
            // The thread ends with the worker, and what it tells with it.
            let shared = worker.shared.clone();
            drop(worker);
            while Arc::strong_count(&shared) > 1 {
                thread::yield_now();
            }
            assert_eq!(heard.try_iter().count(), told);
        }
    }

    #[test]
    fn a_library_that_panics_is_an_error_and_is_asked_again() {
        let (tell, tries) = mpsc::channel();
        let make = move || {
            tell.send(()).unwrap();
            panic!("a test's own panic");
        };
        let worker = Worker::new(Box::new(make), LONG);
        for _ in 0..2 {
            assert!(matches!(worker.ask(&id("a"), Task::Load), Err(SecretError::Failed { .. })));
        }
        assert_eq!(tries.try_iter().count(), 2);
    }
}

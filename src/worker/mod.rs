//! The two threads of this library, between the journal and the server.
//!
//! - [`clock`]: `sr-worker` seals on time, keeps a chunk ready, keeps the session for the next run
//! - [`sender`]: `sr-sender` asks for the remote configuration, builds batches and sends them
//! - [`batch`]: from sequences to a request's body

mod batch;
mod clock;
mod sender;

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{Builder, JoinHandle};
use std::time::{Duration, Instant};

use crate::delivery::Http;
use crate::journal::Journal;
use crate::log::Log;
use crate::options::Options;
use crate::session::Sessions;
use crate::stats::Stats;

/// What both threads work with.
#[derive(Clone)]
pub(crate) struct Workplace {
    pub api_key: Arc<str>,
    pub options: Arc<Options>,
    pub journal: Arc<Journal>,
    pub sessions: Arc<Sessions>,
    pub stats: Arc<Stats>,
    pub log: Arc<Log>,
    pub http: Arc<Http>,
    pub stop: Arc<AtomicBool>,
}

impl Workplace {
    fn stopping(&self) -> bool {
        self.stop.load(Ordering::Acquire)
    }
}

/// The threads.
pub(crate) struct Workers {
    workplace: Workplace,
    threads: Vec<Worker>,
}

/// A thread, and a channel whose other end it holds as long as it runs.
struct Worker {
    thread: JoinHandle<()>,
    running: Receiver<()>,
}

/// How long threads have to end when nobody says otherwise.
const GRACE: Duration = Duration::from_secs(1);

impl Workers {
    /// Starts both.
    pub fn start(workplace: Workplace) -> io::Result<Self> {
        let mut workers = Self { workplace: workplace.clone(), threads: Vec::new() };
        let place = workplace.clone();
        // The sender first: the first to be started is the first to be stopped, and what it logs last, the clock
        // still hands to the callback.
        workers.spawn("sr-sender", move || sender::run(place))?;
        let place = workplace.clone();
        workers.spawn("sr-worker", move || clock::run(&place))?;
        if let Some(clock) = workers.threads.last() {
            workplace.sessions.set_clock(clock.thread.thread().clone());
        }
        Ok(workers)
    }

    fn spawn(&mut self, name: &str, body: impl FnOnce() + Send + 'static) -> io::Result<()> {
        let (held, running) = channel();
        let thread = Builder::new().name(name.to_owned()).spawn(move || {
            let _held: Sender<()> = held;
            body();
        })?;
        self.threads.push(Worker { thread, running });
        Ok(())
    }

    /// Whether this is one of them.
    pub fn is_current_thread(&self) -> bool {
        let current = std::thread::current().id();
        self.threads.iter().any(|worker| worker.thread.thread().id() == current)
    }

    /// Ends both, within about `grace`. A request that is under way is cut off. `false` when one of them did not
    /// end: it hangs in the operating system, looking up a name or opening a connection, and ends after that.
    pub fn stop(&mut self, grace: Duration) -> bool {
        let deadline = Instant::now() + grace;
        self.workplace.stop.store(true, Ordering::Release);
        self.workplace.http.abort();
        self.workplace.journal.backlog().nudge();
        let mut all = true;
        for worker in self.threads.drain(..) {
            worker.thread.thread().unpark();
            let left = deadline.saturating_duration_since(Instant::now());
            match worker.running.recv_timeout(left) {
                Err(RecvTimeoutError::Timeout) => all = false,
                _ => drop(worker.thread.join()),
            }
        }
        all
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        self.stop(GRACE);
    }
}
